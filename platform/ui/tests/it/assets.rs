use axum::http::header;
use ui::assets;

#[test]
fn every_asset_is_served_for_ever_in_the_encoding_asked_for() {
    for name in assets::names() {
        for (accept, encoding) in [("", None), ("gzip", Some("gzip")), ("gzip, deflate, br", Some("br"))] {
            let Some(answer) = assets::serve(assets::url(name), accept) else { panic!("{name} is not served") };
            let found = answer.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
            assert_eq!(found, encoding, "{name}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert!(answer.headers()[header::CONTENT_LENGTH] != "0", "{name} is empty");
        }
    }
}

#[test]
fn types_are_those_that_browsers_insist_on() {
    for (name, mime) in [
        ("app.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("icons.svg", "image/svg+xml"),
    ] {
        let Some(answer) = assets::serve(assets::url(name), "") else { panic!("{name} is not served") };
        assert_eq!(answer.headers()[header::CONTENT_TYPE], mime);
    }
}

#[test]
fn an_address_of_another_build_or_outside_the_folder_is_not_served() {
    for path in ["/assets/app.0000000000000000.css", "/assets/app.css", "/assets/../Cargo.toml", "", "/"] {
        assert!(assets::serve(path, "br").is_none(), "{path}");
    }
}

#[test]
fn styles_and_scripts_together_stay_light() {
    let weight = |name: &str| {
        let answer = assets::serve(assets::url(name), "gzip");
        let length =
            answer.and_then(|answer| answer.headers()[header::CONTENT_LENGTH].to_str().ok()?.parse::<usize>().ok());
        length.unwrap_or(usize::MAX)
    };
    assert!(weight("app.css") + weight("app.js") <= 110 * 1024);
}
