//! Levels of education, the common codes of GB/T 4658.

use std::sync::LazyLock;

use crate::table::{Entry, Index, rows, some};

/// One level of education.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Education {
    /// Two digits; a lower number is a higher level.
    pub code: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name of ours.
    pub name_en: &'static str,
}

struct Levels {
    levels: Vec<Education>,
    index: Index,
}

static LEVELS: LazyLock<Levels> = LazyLock::new(|| {
    let levels: Vec<Education> = rows(include_str!("../data/education_gbt4658.csv"))
        .map(|[code, name_zh, name_en]| Education { code, name_zh, name_en })
        .collect();
    let entries = levels
        .iter()
        .map(|level| Entry { code: level.code, zh: level.name_zh, en: some(level.name_en), parent: None })
        .collect();
    Levels { levels, index: Index::new(entries, |_| true) }
});

pub(crate) fn index() -> &'static Index {
    &LEVELS.index
}

/// All levels, the highest first.
pub fn all() -> &'static [Education] {
    &LEVELS.levels
}

/// The level of a code.
pub fn education(code: &str) -> Option<&'static Education> {
    LEVELS.index.position(code).map(|at| &LEVELS.levels[at])
}
