//! What a report holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A report on one tree or package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The name of what was examined.
    pub root: String,
    /// The targets asked for.
    pub targets: Vec<String>,
    /// Every place, sorted by path, line and kind.
    pub findings: Vec<Finding>,
    /// Root causes.
    pub groups: Vec<Group>,
    /// For each target.
    pub verdicts: BTreeMap<String, Verdict>,
    /// What nobody looked at: silence never means fine.
    pub not_examined: Vec<NotExamined>,
    /// Files read, and bytes.
    pub examined: Examined,
    /// Packages that manifests and lock files name; empty in reports of before there were any.
    #[serde(default)]
    pub components: Vec<Component>,
}

/// A package that the product depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its package URL, which is unique in a report.
    pub purl: String,
    /// cargo, conan, golang, maven, npm, nuget or pypi.
    pub ecosystem: String,
    /// As the ecosystem writes it; `group:artifact` of Maven.
    pub name: String,
    /// Exact; empty where no file says it.
    pub version: String,
    /// Whether every place asks for it for development or tests only.
    pub development: bool,
    /// Where it is named.
    pub places: Vec<Seen>,
}

/// A line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The file's path, as of a finding.
    pub path: String,
    /// From 1; 0 where the file as a whole says it.
    pub line: u32,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Examined {
    /// Files, those within archives included.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Relative, with `/`; within an archive `a.jar!/x.so`.
    pub path: String,
    /// From 1; 0 for the whole file.
    pub line: u32,
    /// What kind of tie it is.
    pub kind: String,
    /// The targets it concerns.
    pub targets: Vec<String>,
    /// Whether it needs work before the product builds, runs or is acceptable there.
    pub blocker: bool,
    /// What it is.
    pub message: String,
    /// What was found, and under which guards.
    pub evidence: String,
    /// The root cause it belongs to.
    pub group: String,
}

/// A root cause with all its places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its key, named by findings.
    pub id: String,
    /// The kind of its places.
    pub kind: String,
    /// What to do.
    pub message: String,
    /// How many places there are, and how many of them are blockers.
    pub places: u32,
    /// Places that are blockers.
    pub blockers: u32,
    /// Days of work of one person, for all places.
    pub person_days: f64,
    /// `small` under half a day, `medium` under five, `large` above.
    pub effort: String,
}

/// What a target comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// works, rebuild, small change, large change, replace or unknown.
    pub verdict: String,
    /// Days of work of one person, a rough band's middle.
    pub person_days: f64,
}

/// A file that was not looked at, or not wholly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotExamined {
    /// Its path.
    pub path: String,
    /// symlink, special, unreadable, too-large, archive, nested-too-deep, damaged, language, binary.
    pub reason: String,
    /// More, where there is more to say.
    pub detail: String,
}

impl NotExamined {
    /// Says that a file was not looked at.
    pub fn new(path: &str, reason: &str, detail: &str) -> Self {
        NotExamined { path: path.to_owned(), reason: reason.to_owned(), detail: detail.to_owned() }
    }
}
