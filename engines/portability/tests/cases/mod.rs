//! Small trees in memory, and what is found in them.

use portability::{Finding, InMemory, Options, Report, assess};

/// The report on files in memory.
pub fn report(files: &[(&str, &[u8])]) -> Report {
    let tree: InMemory = files.iter().copied().collect();
    assess("cases", &tree, Vec::new(), &Options::default(), &|_, _| {})
}

/// The blockers as (path, line, kind).
pub fn blockers(files: &[(&str, &str)]) -> Vec<(String, u32, String)> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let take = |finding: Finding| finding.blocker.then_some((finding.path, finding.line, finding.kind));
    report(&files).findings.into_iter().filter_map(take).collect()
}

/// Exactly these blockers are found.
#[track_caller]
pub fn only(files: &[(&str, &str)], wanted: &[(&str, u32, &str)]) {
    let found = blockers(files);
    let found: Vec<(&str, u32, &str)> =
        found.iter().map(|(path, line, kind)| (path.as_str(), *line, kind.as_str())).collect();
    assert_eq!(found, wanted);
}
