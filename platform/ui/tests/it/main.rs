//! The components as a page sees them.

mod assets;
mod escaping;
mod forms;
mod styles;
mod words;

use std::sync::Arc;

use jinmen_core::Locale;
use ui::{Catalog, Words};

/// The words of a language, from this crate's own texts.
fn words(locale: Locale) -> Words {
    let catalog = Catalog::build(&[ui::MESSAGES]).unwrap_or_else(|error| panic!("{error}"));
    Words::new(locale, Arc::new(catalog))
}

fn zh() -> Words {
    words(Locale::ZhCn)
}
