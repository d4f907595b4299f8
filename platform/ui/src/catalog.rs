//! The texts of all modules in both languages, read once when the program starts.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use jinmen_core::Locale;
use unic_langid::LanguageIdentifier;

/// The texts of one crate.
#[derive(Clone, Copy, Debug)]
pub struct MessageSource {
    /// The crate, named when something is wrong.
    pub module: &'static str,
    /// Its `locales/zh-CN.ftl`.
    pub zh: &'static str,
    /// Its `locales/en.ftl`.
    pub en: &'static str,
}

/// Texts that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CatalogError {
    /// A file that is not Fluent.
    #[error("the {locale} texts of {module} cannot be read: {reason}")]
    Unreadable {
        /// The crate.
        module: String,
        /// The language.
        locale: &'static str,
        /// What the reader said.
        reason: String,
    },
    /// Two crates, or one twice, use the same key.
    #[error("the {locale} text {key} of {module} exists already")]
    Duplicate {
        /// The crate that came second.
        module: String,
        /// The language.
        locale: &'static str,
        /// The key.
        key: String,
    },
    /// The two languages differ; one line a difference.
    #[error("the languages differ:\n{0}")]
    Uneven(String),
}

type Bundle = FluentBundle<FluentResource>;

/// All texts, in both languages.
pub struct Catalog {
    zh: Bundle,
    en: Bundle,
}

impl Catalog {
    /// Reads the texts of all crates; fails on a file that cannot be read and on a key used twice.
    pub fn build(sources: &[MessageSource]) -> Result<Self, CatalogError> {
        Ok(Self { zh: bundle(Locale::ZhCn, sources)?, en: bundle(Locale::En, sources)? })
    }

    /// The text of a key, if there is one in that language.
    pub fn find(&self, locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = self.bundle(locale);
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, locale = locale.tag(), ?errors, "A text lacks something");
        }
        Some(text)
    }

    /// Whether there is a text.
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        self.bundle(locale).get_message(key).is_some_and(|message| message.value().is_some())
    }

    fn bundle(&self, locale: Locale) -> &Bundle {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Catalog")
    }
}

/// Decides the plural forms.
fn language(locale: Locale) -> LanguageIdentifier {
    locale.tag().parse().unwrap_or_default()
}

fn text(source: &MessageSource, locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => source.zh,
        Locale::En => source.en,
    }
}

fn bundle(locale: Locale, sources: &[MessageSource]) -> Result<Bundle, CatalogError> {
    let mut bundle = Bundle::new_concurrent(vec![language(locale)]);
    // The marks around inserted values would be copied along with the text and confuse people who search for it.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new(text(source, locale).to_owned()).map_err(|(_, errors)| {
            CatalogError::Unreadable {
                module: source.module.to_owned(),
                locale: locale.tag(),
                reason: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            }
        })?;
        bundle.add_resource(resource).map_err(|errors| duplicate(source, locale, &errors))?;
    }
    Ok(bundle)
}

fn duplicate(source: &MessageSource, locale: Locale, errors: &[FluentError]) -> CatalogError {
    let key = errors.iter().find_map(|error| match error {
        FluentError::Overriding { id, .. } => Some(id.clone()),
        _ => None,
    });
    CatalogError::Duplicate { module: source.module.to_owned(), locale: locale.tag(), key: key.unwrap_or_default() }
}

/// Beginnings of keys that every module adds to: their middles name the module.
const SHARED: [&str; 8] = ["fault-", "record-", "role-", "problem-", "notice-", "number-", "task-", "decision-"];

/// For the tests of every module: both languages have the same keys, each with the same variables, every key begins
/// with the module's name or with one of [`SHARED`] (so that modules never collide), and the files can be read.
pub fn check_sources(sources: &[MessageSource]) -> Result<(), CatalogError> {
    Catalog::build(sources)?;
    let mut lines = Vec::new();
    for source in sources {
        let zh = keys(source.zh);
        let en = keys(source.en);
        compare(source.module, &zh, &en, &mut lines);
        let prefix = format!("{}-", source.module);
        let shared = |key: &str| SHARED.iter().any(|shared| key.starts_with(shared));
        let own = |key: &str| key.starts_with(&prefix) || shared(key);
        lines.extend(
            zh.keys().filter(|key| !own(key)).map(|key| format!("{}: {key} should begin with {prefix}", source.module)),
        );
    }
    if lines.is_empty() { Ok(()) } else { Err(CatalogError::Uneven(lines.join("\n"))) }
}

type Keys = BTreeMap<String, BTreeSet<String>>;

fn compare(module: &str, zh: &Keys, en: &Keys, lines: &mut Vec<String>) {
    let all: BTreeSet<&String> = zh.keys().chain(en.keys()).collect();
    for key in all {
        match (zh.get(key), en.get(key)) {
            (Some(one), Some(other)) if one != other => {
                lines.push(format!("{module}: {key} has the variables {one:?} in Chinese and {other:?} in English"));
            }
            (None, _) => lines.push(format!("{module}: {key} is missing in Chinese")),
            (_, None) => lines.push(format!("{module}: {key} is missing in English")),
            _ => {}
        }
    }
}

/// The keys of a Fluent file and the `$variables` of each, read by its layout: a key begins a line, its text goes on
/// in indented lines.
fn keys(text: &str) -> Keys {
    let mut found = Keys::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if line.starts_with('#') {
            current = None;
            continue;
        }
        if !line.starts_with([' ', '\t', '}', '[', '*'])
            && let Some((key, _)) = line.split_once('=')
        {
            current = Some(key.trim().to_owned());
            found.entry(key.trim().to_owned()).or_default();
        }
        if let Some(variables) = current.as_ref().and_then(|key| found.get_mut(key)) {
            variables.extend(line.split('$').skip(1).map(variable));
        }
    }
    found
}

fn variable(rest: &str) -> String {
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(zh: &'static str, en: &'static str) -> MessageSource {
        MessageSource { module: "a", zh, en }
    }

    #[test]
    fn a_key_that_is_used_twice_is_refused() {
        let one = source("a-x = 一\n", "a-x = one\n");
        let found = Catalog::build(&[one, one]).map(|_| ());
        assert_eq!(found, Err(CatalogError::Duplicate { module: "a".into(), locale: "zh-CN", key: "a-x".into() }));
    }

    #[test]
    fn a_file_that_cannot_be_read_names_its_crate() {
        let found = Catalog::build(&[source("a-x 一\n", "")]).map(|_| ());
        assert!(matches!(found, Err(CatalogError::Unreadable { module, locale: "zh-CN", .. }) if module == "a"));
    }

    #[test]
    fn languages_with_different_keys_or_variables_are_refused() {
        let missing = check_sources(&[source("a-x = 一\na-y = 二\n", "a-x = one\n")]);
        assert_eq!(missing, Err(CatalogError::Uneven("a: a-y is missing in English".into())));
        let variables = check_sources(&[source(
            "a-x = { $n } 个\n",
            "a-x =\n    { $m ->\n        [one] one\n       *[other] { $m }\n    }\n",
        )]);
        assert!(
            matches!(variables, Err(CatalogError::Uneven(text)) if text.contains("\"n\"") && text.contains("\"m\""))
        );
    }
}
