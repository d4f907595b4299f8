//! Writes sample pages in both languages, to be looked at and tested:
//!
//! ```text
//! cargo run -p ui --example gallery -- FOLDER
//! python3 -m http.server --directory FOLDER
//! ```

mod pages;
mod samples;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use jinmen_core::Locale;
use ui::{Catalog, Words, assets};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("usage: gallery FOLDER")?);
    let catalog = Arc::new(Catalog::build(&[ui::MESSAGES])?);
    write_assets(&folder)?;
    for locale in Locale::ALL {
        let t = Words::new(locale, Arc::clone(&catalog));
        for (name, page) in pages::all(&t)? {
            fs::write(folder.join(format!("{name}.{}.html", locale.tag())), page)?;
        }
    }
    Ok(())
}

fn write_assets(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("assets"))?;
    for name in assets::names() {
        let to = folder.join(assets::url(name).trim_start_matches('/'));
        fs::write(to, assets::content(name).unwrap_or_default())?;
    }
    Ok(())
}
