//! Languages, and text that exists in both.

use serde::{Deserialize, Serialize};

/// A language of the screens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// Simplified Chinese, the first language.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Locale {
    /// Every language, the first one first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag, as the `lang` attribute wants it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a tag; `zh`, `zh-CN`, `zh-Hans` are Chinese, `en…` is English.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        match tag.split(['-', '_']).next() {
            Some("zh") => Some(Self::ZhCn),
            Some("en") => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak, Chinese otherwise.
    pub fn from_accept_language(header: &str) -> Self {
        header.split(',').filter_map(|part| part.split(';').next()).find_map(Self::from_tag).unwrap_or_default()
    }
}

/// Text in Chinese and, where somebody wrote it, in English. Shown in the reader's language, or in
/// the other where that one is missing.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash, Serialize, Deserialize)]
pub struct Text2 {
    /// Chinese.
    pub zh: String,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text2 {
    /// Chinese only.
    pub fn zh(zh: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: None }
    }

    /// Both; an empty English text counts as missing.
    pub fn new(zh: impl Into<String>, en: Option<String>) -> Self {
        Self { zh: zh.into(), en: en.filter(|text| !text.trim().is_empty()) }
    }

    /// Both, present.
    pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(zh, Some(en.into()))
    }

    /// The text for a reader.
    pub fn show(&self, locale: Locale) -> &str {
        match (locale, &self.en) {
            (Locale::En, Some(en)) => en,
            (Locale::ZhCn, Some(en)) if self.zh.trim().is_empty() => en,
            _ => &self.zh,
        }
    }

    /// The language in which [`Text2::show`] answers, for the `lang` attribute of the passage.
    pub fn shown_in(&self, locale: Locale) -> Locale {
        match (locale, &self.en) {
            (Locale::En, Some(_)) => Locale::En,
            (Locale::ZhCn, Some(_)) if self.zh.trim().is_empty() => Locale::En,
            _ => Locale::ZhCn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_shows_the_other() {
        let zh = Text2::zh("联盟");
        assert_eq!(zh.show(Locale::En), "联盟");
        assert_eq!(zh.shown_in(Locale::En), Locale::ZhCn);
        let en = Text2::both("", "alliance");
        assert_eq!(en.show(Locale::ZhCn), "alliance");
        assert_eq!(Text2::both("联盟", " ").en, None);
    }

    #[test]
    fn the_browsers_first_known_language_wins() {
        assert_eq!(Locale::from_accept_language("fr-FR, en-GB;q=0.8, zh;q=0.7"), Locale::En);
        assert_eq!(Locale::from_accept_language("zh-Hans-CN"), Locale::ZhCn);
        assert_eq!(Locale::from_accept_language(""), Locale::ZhCn);
    }
}
