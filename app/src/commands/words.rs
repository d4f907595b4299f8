//! What commands that need no instance say to people, in the language of the terminal.

use std::sync::Arc;

use anyhow::Result;
use jinmen_core::Locale;
use ui::catalog::Catalog;
use ui::{MessageSource, Words};

/// Texts of the command line.
const MESSAGES: MessageSource = MessageSource {
    module: "cli",
    zh: include_str!("../../locales/zh-CN.ftl"),
    en: include_str!("../../locales/en.ftl"),
};

/// The words of a language. They are read here and not when the program starts: an answer for programs needs none.
pub fn words(locale: Locale) -> Result<Words> {
    Ok(Words::new(locale, Arc::new(Catalog::build(&[MESSAGES])?)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_say_the_same() {
        ui::catalog::check_sources(&[super::MESSAGES]).unwrap();
    }
}
