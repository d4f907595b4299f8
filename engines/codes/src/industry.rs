//! Industries, GB/T 4754-2017: 20 sections, 97 divisions, 473 groups, 1,381 classes.
//!
//! Amendment No. 1 of 2019 is not applied. The section letter before the digits (`I6511`) is only
//! a way of writing; the code is `6511`.

use std::sync::LazyLock;

use crate::table::{Entry, Index, rows, some};
use crate::text::compact;

/// Level of an industry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 门类, one letter.
    Section,
    /// 大类, two digits.
    Division,
    /// 中类, three digits.
    Group,
    /// 小类, four digits.
    Class,
}

/// One industry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Industry {
    /// A letter for a section, digits otherwise.
    pub code: &'static str,
    /// Level.
    pub level: Level,
    /// Code of the industry above; `None` for sections.
    pub parent: Option<&'static str>,
    /// Letter of the section.
    pub section: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name of ours, for sections and divisions.
    pub name_en: Option<&'static str>,
}

impl Industry {
    /// The code with the letter of its section before it: `I6511`; a section's own letter alone.
    pub fn lettered_code(&self) -> String {
        match self.level {
            Level::Section => self.code.to_owned(),
            _ => format!("{}{}", self.section, self.code),
        }
    }
}

struct Industries {
    industries: Vec<Industry>,
    index: Index,
}

static INDUSTRIES: LazyLock<Industries> = LazyLock::new(|| {
    let industries: Vec<Industry> = rows(include_str!("../data/gbt4754_2017.csv"))
        .map(|[code, level, parent, section, name_zh, name_en]| Industry {
            code,
            level: match level {
                "section" => Level::Section,
                "division" => Level::Division,
                "group" => Level::Group,
                _ => Level::Class,
            },
            parent: some(parent),
            section,
            name_zh,
            name_en: some(name_en),
        })
        .collect();
    let entries = industries
        .iter()
        .map(|industry| Entry {
            code: industry.code,
            zh: industry.name_zh,
            en: industry.name_en,
            parent: industry.parent,
        })
        .collect();
    Industries { industries, index: Index::new(entries, |_| true) }
});

pub(crate) fn index() -> &'static Index {
    &INDUSTRIES.index
}

/// The code as the list has it: half-width, without the section letter before digits. `None` when
/// there is no such code or the letter is not that of its section.
pub(crate) fn normalise(code: &str) -> Option<&'static str> {
    let compact: String = compact(code).into_iter().collect();
    let digits = compact.trim_start_matches(|character: char| character.is_ascii_uppercase());
    let letter = &compact[..compact.len() - digits.len()];
    if digits.is_empty() {
        return INDUSTRIES.index.get(&compact).map(|entry| entry.code);
    }
    let found = &INDUSTRIES.industries[INDUSTRIES.index.position(digits)?];
    (letter.is_empty() || letter == found.section).then_some(found.code)
}

/// All industries in list order, each followed by what is below it.
pub fn all() -> &'static [Industry] {
    &INDUSTRIES.industries
}

/// The industry of a code with or without the section letter: `I6511`, `6511`, `I65`, `I`. `None`
/// for unknown codes and for a letter of another section.
pub fn industry(code: &str) -> Option<&'static Industry> {
    let code = normalise(code)?;
    INDUSTRIES.index.position(code).map(|at| &INDUSTRIES.industries[at])
}

/// The industries above, nearest first, the section last.
pub fn ancestors(code: &str) -> Vec<&'static Industry> {
    let Some(code) = normalise(code) else {
        return Vec::new();
    };
    INDUSTRIES.index.ancestors(code).into_iter().filter_map(|entry| industry(entry.code)).collect()
}

/// The section an industry belongs to; a section itself for its own code.
pub fn section_of(code: &str) -> Option<&'static Industry> {
    industry(code).and_then(|found| industry(found.section))
}

/// The industries right below; the sections for `None`.
pub fn children(code: Option<&str>) -> Vec<&'static Industry> {
    let code = match code {
        Some(code) => match normalise(code) {
            Some(code) => Some(code),
            None => return Vec::new(),
        },
        None => None,
    };
    INDUSTRIES.index.children(code).iter().map(|at| &INDUSTRIES.industries[*at]).collect()
}

/// Whether an industry is another one or lies in it: `6511` in `I`, in `65`, in `651`.
pub fn is_within(code: &str, whole: &str) -> bool {
    match (industry(code), normalise(whole)) {
        (Some(found), Some(whole)) => {
            found.code == whole || ancestors(found.code).iter().any(|above| above.code == whole)
        }
        _ => false,
    }
}

/// Industries by code or Chinese name, best first: see [`crate::lists::CodeList::search`].
pub fn search(query: &str, limit: usize) -> Vec<&'static Industry> {
    let by_code = industry(query).map(|found| found.code);
    let query = by_code.unwrap_or(query);
    INDUSTRIES.index.search(query, limit).into_iter().map(|at| &INDUSTRIES.industries[at]).collect()
}
