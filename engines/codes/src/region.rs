//! Regions, GB/T 2260: provinces, cities and counties of six digits, and the nine-digit streets
//! and towns of Tianjin.
//!
//! The list is of 2023. Abolished codes are not in it and answer `None`.

use std::sync::LazyLock;

use crate::table::{Entry, Index, rows, some};

/// Level of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Province, municipality, autonomous region, special administrative region.
    Province,
    /// Prefecture-level city, prefecture, league.
    City,
    /// District, county, county-level city, banner.
    County,
    /// Street, town, township; of Tianjin only.
    Street,
}

/// One region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Six digits, nine for a street.
    pub code: &'static str,
    /// Level.
    pub level: Level,
    /// Code of the region above; `None` for provinces.
    pub parent: Option<&'static str>,
    /// Short name, 河西区.
    pub name_zh: &'static str,
    /// Whether it is a placeholder such as 市辖区, which is no place and no part of a full name.
    pub pseudo: bool,
}

struct Regions {
    regions: Vec<Region>,
    index: Index,
}

static REGIONS: LazyLock<Regions> = LazyLock::new(|| {
    let mut regions = Vec::new();
    for [code, level, parent, name_zh, pseudo] in rows(include_str!("../data/region_gbt2260.csv")) {
        let level = match level {
            "province" => Level::Province,
            "city" => Level::City,
            _ => Level::County,
        };
        regions.push(Region { code, level, parent: some(parent), name_zh, pseudo: pseudo == "1" });
    }
    for [code, parent, name_zh] in rows(include_str!("../data/region_tianjin_streets.csv")) {
        let level = Level::Street;
        regions.push(Region { code, level, parent: some(parent), name_zh, pseudo: false });
    }
    let entries = regions
        .iter()
        .map(|region| Entry { code: region.code, zh: region.name_zh, en: None, parent: region.parent })
        .collect();
    let placeholders: std::collections::HashSet<&str> =
        regions.iter().filter(|region| region.pseudo).map(|region| region.code).collect();
    let index = Index::new(entries, |entry| !placeholders.contains(entry.code));
    Regions { regions, index }
});

pub(crate) fn index() -> &'static Index {
    &REGIONS.index
}

/// All regions in list order, streets last.
pub fn all() -> &'static [Region] {
    &REGIONS.regions
}

/// The region of a code of six digits (nine for a street); `None` for unknown and abolished ones.
pub fn region(code: &str) -> Option<&'static Region> {
    REGIONS.index.position(code).map(|at| &REGIONS.regions[at])
}

/// The regions above, nearest first, placeholders included.
pub fn ancestors(code: &str) -> Vec<&'static Region> {
    REGIONS.index.ancestors(code).into_iter().filter_map(|entry| region(entry.code)).collect()
}

/// The regions right below, placeholders included; the provinces for `None`. Below a district of
/// Tianjin are its streets.
pub fn children(code: Option<&str>) -> Vec<&'static Region> {
    REGIONS.index.children(code).iter().map(|at| &REGIONS.regions[*at]).collect()
}

/// The real places right below, seen through placeholders: the 16 districts for `120000`.
pub fn places(code: &str) -> Vec<&'static Region> {
    let mut places = Vec::new();
    for child in children(Some(code)) {
        if child.pseudo {
            places.extend(self::places(child.code));
        } else {
            places.push(child);
        }
    }
    places
}

/// The streets and towns of a district, or of all of a city's or province's districts; none
/// outside Tianjin.
pub fn streets(code: &str) -> Vec<&'static Region> {
    let mut streets = Vec::new();
    for child in children(Some(code)) {
        if child.level == Level::Street {
            streets.push(child);
        } else {
            streets.extend(self::streets(child.code));
        }
    }
    streets
}

/// Name with all the names above it, without placeholders: `天津市河西区`.
pub fn full_name(code: &str) -> Option<String> {
    let own = region(code)?;
    let mut names: Vec<&str> =
        ancestors(code).into_iter().filter(|region| !region.pseudo).map(|region| region.name_zh).collect();
    names.reverse();
    names.push(own.name_zh);
    Some(names.concat())
}

/// Whether a region is another one or lies in it.
pub fn is_within(code: &str, whole: &str) -> bool {
    region(code).is_some_and(|region| region.code == whole || ancestors(code).iter().any(|above| above.code == whole))
}

/// Regions by code or name, best first: see [`crate::lists::CodeList::search`]. `天津 河西` and
/// `天津市河西` find the district by its full name.
pub fn search(query: &str, limit: usize) -> Vec<&'static Region> {
    REGIONS.index.search(query, limit).into_iter().map(|at| &REGIONS.regions[at]).collect()
}
