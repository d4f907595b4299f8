//! Runs `web/build` and writes the table of assets that the crate embeds.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What `web/build` makes, with the type each is served as.
const ASSETS: [(&str, &str); 5] = [
    ("app.css", "text/css; charset=utf-8"),
    ("app.js", "text/javascript; charset=utf-8"),
    ("charts.js", "text/javascript; charset=utf-8"),
    ("icons.svg", "image/svg+xml"),
    ("icon.svg", "image/svg+xml"),
];

fn main() -> Outcome {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let web = here.join("../../web");
    watch(&here, &web);
    let made = out.join("web");
    let status = Command::new(web.join("build")).arg(&made).arg(cache(&out)).status()?;
    if !status.success() {
        return Err(format!("web/build failed ({status}); its messages stand above").into());
    }
    fs::write(out.join("assets.rs"), table(&made)?)?;
    Ok(())
}

/// Templates of modules are read when the styles are built but not watched: every edit of a page would compile
/// every crate again. `web/keep.txt` keeps the common kit, and a test finds class names without a style.
fn watch(here: &Path, web: &Path) {
    for part in ["src", "build", "build.mjs", "icons.txt", "keep.txt", "package.json", "package-lock.json", ".npmrc"] {
        println!("cargo::rerun-if-changed={}", web.join(part).display());
    }
    println!("cargo::rerun-if-changed={}", here.join("templates").display());
    println!("cargo::rerun-if-changed={}", here.join("src").display());
    println!("cargo::rerun-if-changed=build.rs");
}

/// Packages are kept in the target folder (the one with cargo's `CACHEDIR.TAG`), whatever the profile.
fn cache(out: &Path) -> PathBuf {
    out.ancestors().filter(|folder| folder.join("CACHEDIR.TAG").exists()).last().unwrap_or(out).join("web")
}

/// Rust source of the table: name, address with the content's hash, type, and the two packed forms of the bytes.
fn table(made: &Path) -> Outcome<String> {
    let mut text = String::from("static ASSETS: &[Asset] = &[\n");
    for (name, mime) in ASSETS {
        let path = made.join(name);
        let hash = fingerprint(&fs::read(&path)?);
        let (stem, extension) = name.rsplit_once('.').ok_or("an asset without extension")?;
        let plain = path.display();
        writeln!(
            text,
            "    Asset {{ name: {name:?}, url: \"/assets/{stem}.{hash}.{extension}\", mime: {mime:?}, \
             gzip: include_bytes!(\"{plain}.gz\"), brotli: include_bytes!(\"{plain}.br\") }},"
        )?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// Enough to tell two builds of an asset apart; nobody relies on it for security.
fn fingerprint(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish())
}
