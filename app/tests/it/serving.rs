//! `jinmen demo` and `jinmen serve`.

use serde_json::{Value, json};

use crate::program::{Running, ask, command, get, json as parsed, run, where_to, words};

fn demo(dir: &str) -> Running {
    Running::start(command(&["demo", "--dir", dir, "--port", "0", "--format", "json"]))
}

#[test]
fn a_demonstration_fills_a_folder_says_how_to_get_in_and_is_served_again_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("instance").display().to_string();
    let mut running = demo(&dir);
    let first: Value = serde_json::from_str(&running.first_line()).unwrap();
    let address = first["address"].as_str().unwrap();
    assert!(get(address, "/").starts_with("HTTP/1.1 200"));
    assert!(get(address, "/readyz").starts_with("HTTP/1.1 200"));
    let roles: Vec<&str> =
        first["sign_ins"].as_array().unwrap().iter().map(|one| one["role"].as_str().unwrap()).collect();
    for role in ["secretariat", "district_officer", "enterprise_admin", "talent", "system_admin", "audit_admin"] {
        assert!(roles.contains(&role), "{role} among {roles:?}");
    }
    for one in first["sign_ins"].as_array().unwrap() {
        let body = json!({ "account": one["account"], "password": one["password"] }).to_string();
        let answer = ask(
            address,
            &format!(
                "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        );
        assert!(answer.starts_with("HTTP/1.1 20") && answer.to_lowercase().contains("set-cookie:"), "{answer}");
    }
    assert_eq!(running.stop(), Some(0), "it ends by itself when it is asked to");

    let mut again = demo(&dir);
    let second: Value = serde_json::from_str(&again.first_line()).unwrap();
    assert_eq!(second["sign_ins"], first["sign_ins"]);
    assert!(get(second["address"].as_str().unwrap(), "/organizations").contains("演示"));
    again.kill();
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
    let refused = run(&["demo", "--dir", &folder.path().display().to_string(), "--port", "0"]);
    assert_eq!(refused.status.code(), Some(2), "{}", words(&refused));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was added");
}

#[test]
fn an_account_made_in_the_terminal_is_listed_and_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let place = where_to(None, folder.path());
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let add = ["user", "add", "admin", "--name", "管理员", "--role", "system_admin", "--password-stdin"];
    let mut adding = command(&[&add[..], &place[..]].concat());
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "a long password of mine\n").unwrap();
    let added = adding.stdin(std::fs::File::open(&secret).unwrap()).output().unwrap();
    assert_eq!(added.status.code(), Some(0), "{}", words(&added));
    let listed = run(&[&["user", "list", "--format", "json"][..], &place[..]].concat());
    assert!(words(&listed).contains("\"admin\""), "{}", words(&listed));
    assert!(parsed(&listed).is_array() || parsed(&listed).is_object());
    let twice =
        command(&[&add[..], &place[..]].concat()).stdin(std::fs::File::open(&secret).unwrap()).output().unwrap();
    assert_ne!(twice.status.code(), Some(0));

    let mut serving = Running::start(command(&[&["serve", "--port", "0"][..], &place[..]].concat()));
    let line = serving.hears("Serving http://");
    let address = line.split("Serving ").nth(1).unwrap().split('"').next().unwrap().trim().to_owned();
    assert!(get(&address, "/sign-in").starts_with("HTTP/1.1 200"));
    assert_eq!(serving.stop(), Some(0));
}
