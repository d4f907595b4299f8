//! What stands beside the program: the sentences of the clauses, the guide for applicants, the interpretation.

use jinmen_core::Date;
use serde::{Deserialize, Serialize};

/// Everything of a version that is not program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Body {
    /// The clauses in the words of the document.
    pub clauses: Vec<ClauseText>,
    /// How one applies.
    pub guide: Guide,
    /// What the office says about it (政策解读): background, goal, scope, standards, what is new.
    pub interpretation: String,
}

impl Body {
    /// The sentence of a clause in a language; the other where that one is missing.
    pub fn sentence(&self, clause: &str, english: bool) -> Option<&str> {
        let text = self.clauses.iter().find(|one| one.id == clause)?;
        let (first, second) = if english { (&text.en, &text.zh) } else { (&text.zh, &text.en) };
        Some(if first.is_empty() { second.as_str() } else { first.as_str() })
    }
}

/// A clause in the words of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ClauseText {
    /// Its id in the program.
    pub id: String,
    /// In Chinese.
    pub zh: String,
    /// In English, where somebody wrote it.
    pub en: String,
}

/// How one applies (申报指南).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Guide {
    /// When one may apply; always where none is named.
    pub windows: Vec<Window>,
    /// What is to be handed in.
    pub materials: Vec<Material>,
    /// The office that receives it.
    pub office: String,
    /// Where that is.
    pub address: String,
    /// Its telephone.
    pub telephone: String,
}

/// Days on which one may apply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Window {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
}

impl Window {
    /// Both days, if they are days in order.
    pub fn days(&self) -> Option<(Date, Date)> {
        let (from, to) = (Date::from_iso(&self.from).ok()?, Date::from_iso(&self.to).ok()?);
        (from <= to).then_some((from, to))
    }
}

/// Something to be handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Material {
    /// What.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
}

impl Guide {
    /// The window that is open on a day, or the next one.
    pub fn window(&self, day: Date) -> Option<(Date, Date)> {
        self.windows.iter().filter_map(Window::days).filter(|(_, to)| day <= *to).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_that_is_open_comes_before_the_next() {
        let window = |from: &str, to: &str| Window { from: from.into(), to: to.into() };
        let windows = vec![window("2026-09-01", "2026-09-30"), window("2026-03-01", "2026-03-31"), window("x", "")];
        let guide = Guide { windows, ..Guide::default() };
        let day = |text| Date::from_iso(text).unwrap_or(Date::MIN);
        assert_eq!(guide.window(day("2026-03-31")), Some((day("2026-03-01"), day("2026-03-31"))));
        assert_eq!(guide.window(day("2026-04-01")), Some((day("2026-09-01"), day("2026-09-30"))));
        assert_eq!(guide.window(day("2026-10-01")), None);
    }
}
