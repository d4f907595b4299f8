//! What is known of packages and CPUs: `data/packages.toml`.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::version::compare;
use crate::report::Component;
use crate::target::{Target, Targets};

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    ecosystem: String,
    /// A `*` at the end stands for anything.
    name: String,
    /// The kind of a finding.
    kind: String,
    /// From which version on a target is served; `never` where no version serves it. Targets that are left out are unknown.
    since: BTreeMap<String, String>,
    /// What goes on without its native part is a note.
    #[serde(default)]
    optional: bool,
    /// What to do.
    advice: String,
    /// Where that stands, in public.
    evidence: String,
    /// Who looked at the evidence, by day.
    #[serde(rename = "seen")]
    _seen: String,
}

#[derive(Deserialize)]
struct Document {
    package: Vec<Row>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    let document: Document = toml::from_str(include_str!("../../data/packages.toml")).expect("data/packages.toml");
    document.package
});

/// What a component lacks.
#[derive(Debug)]
pub(crate) struct Lack {
    pub kind: &'static str,
    pub targets: Targets,
    pub optional: bool,
    pub advice: &'static str,
    /// Versions and where they are said.
    pub evidence: String,
}

/// Where a component does not run, by the catalogue; `None` where it is not in it or runs everywhere that is known.
pub(crate) fn lacking(component: &Component) -> Option<Lack> {
    let fits = |row: &&Row| {
        row.ecosystem == component.ecosystem
            && row.name.strip_suffix('*').map_or_else(
                || row.name.eq_ignore_ascii_case(&component.name),
                |start| component.name.starts_with(start),
            )
    };
    let row: &'static Row = ROWS.iter().find(fits)?;
    let mut targets = Targets::NONE;
    let mut said = Vec::new();
    for (name, since) in &row.since {
        let lacks =
            since == "never" || (!component.version.is_empty() && compare(&component.version, since) == Ordering::Less);
        if let Some(target) = Target::from_name(name).filter(|_| lacks) {
            targets = targets.with(target);
            said.push(if since == "never" { format!("{name}: no version") } else { format!("{name}: from {since}") });
        }
    }
    (!targets.is_empty()).then(|| Lack {
        kind: row.kind.as_str(),
        targets,
        optional: row.optional,
        advice: row.advice.as_str(),
        evidence: format!("{} ({}; {})", component.purl, said.join(", "), row.evidence),
    })
}

#[cfg(test)]
mod tests {
    use super::ROWS;
    use crate::target::Target;

    #[test]
    fn every_row_names_targets_and_public_evidence() {
        assert!(ROWS.len() > 20);
        for row in ROWS.iter() {
            assert!(row.evidence.starts_with("https://"), "{row:?}");
            assert!(!row.since.is_empty() && row.since.keys().all(|name| Target::from_name(name).is_some()), "{row:?}");
            assert!(row._seen.len() == 10 && !row.advice.is_empty(), "{row:?}");
        }
    }
}
