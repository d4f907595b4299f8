//! Digital economy and its core industries, statistical classification of 2021 (National Bureau
//! of Statistics, order 33): 5 major, 32 middle, 156 minor classes.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::industry;
use crate::table::{Entry, Index, rows, some};

/// Level of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 大类, two digits.
    Major,
    /// 中类, four digits.
    Middle,
    /// 小类, six digits.
    Minor,
}

/// An industry of GB/T 4754-2017 that a class takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Code of the industry.
    pub industry: &'static str,
    /// Whether only some of its enterprises belong to the class (a star in the order).
    pub partial: bool,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitalClass {
    /// Two, four or six digits.
    pub code: &'static str,
    /// Level.
    pub level: Level,
    /// Code of the class above; `None` for major classes.
    pub parent: Option<&'static str>,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name of ours, for major and middle classes.
    pub name_en: Option<&'static str>,
    /// The industries it takes in. Empty for major and middle classes and for all of major class
    /// 05, which cuts across many divisions.
    pub industries: Vec<Part>,
    /// Whether it belongs to the core industries (major classes 01 to 04).
    pub core: bool,
}

/// A class that an industry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The class.
    pub class: &'static DigitalClass,
    /// Whether only some enterprises of the industry belong: a person has to choose.
    pub partial: bool,
}

struct Classes {
    classes: Vec<DigitalClass>,
    index: Index,
    of_industry: HashMap<&'static str, Vec<(usize, bool)>>,
}

static CLASSES: LazyLock<Classes> = LazyLock::new(|| {
    let classes: Vec<DigitalClass> = rows(include_str!("../data/digital_economy_2021.csv"))
        .map(|[code, level, parent, name_zh, name_en, industries, core]| DigitalClass {
            code,
            level: match level {
                "major" => Level::Major,
                "middle" => Level::Middle,
                _ => Level::Minor,
            },
            parent: some(parent),
            name_zh,
            name_en: some(name_en),
            industries: industries
                .split(';')
                .filter(|part| !part.is_empty())
                .map(|part| match part.strip_suffix('*') {
                    Some(industry) => Part { industry, partial: true },
                    None => Part { industry: part, partial: false },
                })
                .collect(),
            core: core == "1",
        })
        .collect();
    let entries = classes
        .iter()
        .map(|class| Entry { code: class.code, zh: class.name_zh, en: class.name_en, parent: class.parent })
        .collect();
    let mut of_industry: HashMap<_, Vec<_>> = HashMap::new();
    for (at, class) in classes.iter().enumerate() {
        for part in &class.industries {
            of_industry.entry(part.industry).or_default().push((at, part.partial));
        }
    }
    Classes { classes, index: Index::new(entries, |_| true), of_industry }
});

pub(crate) fn index() -> &'static Index {
    &CLASSES.index
}

/// All classes in list order, each followed by what is below it.
pub fn all() -> &'static [DigitalClass] {
    &CLASSES.classes
}

/// The class of a code of two, four or six digits.
pub fn class(code: &str) -> Option<&'static DigitalClass> {
    CLASSES.index.position(code).map(|at| &CLASSES.classes[at])
}

/// The classes above, nearest first.
pub fn ancestors(code: &str) -> Vec<&'static DigitalClass> {
    CLASSES.index.ancestors(code).into_iter().filter_map(|entry| class(entry.code)).collect()
}

/// The classes right below; the major classes for `None`.
pub fn children(code: Option<&str>) -> Vec<&'static DigitalClass> {
    CLASSES.index.children(code).iter().map(|at| &CLASSES.classes[*at]).collect()
}

/// The minor classes that an industry class of GB/T 4754-2017 belongs to, in list order; none for
/// an industry outside, for an unknown code, and for a code above the level of a class.
///
/// Major class 05 is not mapped: an industry without a match may still belong to it.
pub fn of_industry(code: &str) -> Vec<Match> {
    let Some(code) = industry::normalise(code) else {
        return Vec::new();
    };
    let found = CLASSES.of_industry.get(code).map_or(&[][..], Vec::as_slice);
    found.iter().map(|(at, partial)| Match { class: &CLASSES.classes[*at], partial: *partial }).collect()
}

/// Classes by code or name, best first: see [`crate::lists::CodeList::search`].
pub fn search(query: &str, limit: usize) -> Vec<&'static DigitalClass> {
    CLASSES.index.search(query, limit).into_iter().map(|at| &CLASSES.classes[at]).collect()
}
