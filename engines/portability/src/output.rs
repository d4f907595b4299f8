//! A report as JSON, SARIF 2.1.0, HTML, CSV and plain text, and its packages as CycloneDX 1.6 and SPDX 2.3.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

pub use crate::bom::{cyclonedx, spdx};
pub use crate::html::html;
use crate::report::{Finding, Report};
use crate::words::Language;

/// The report as indented JSON; the same report gives the same bytes.
pub fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default() + "\n"
}

/// SARIF 2.1.0 (OASIS): blockers as errors, the others as notes.
pub fn sarif(report: &Report) -> String {
    let rules: BTreeMap<&str, &str> =
        report.findings.iter().map(|finding| (finding.kind.as_str(), finding.message.as_str())).collect();
    let rules: Vec<Value> =
        rules.iter().map(|(kind, message)| json!({"id": kind, "shortDescription": {"text": message}})).collect();
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "jinmen assess", "rules": rules}}, "results": results}],
    });
    serde_json::to_string_pretty(&sarif).unwrap_or_default() + "\n"
}

fn result(finding: &Finding) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(&finding.path)}});
    if finding.line > 0 {
        place["region"] = json!({"startLine": finding.line});
    }
    json!({
        "ruleId": finding.kind,
        "level": if finding.blocker { "error" } else { "note" },
        "message": {"text": format!("{} ({}): {}", finding.message, finding.targets.join(", "), finding.evidence)},
        "locations": [{"physicalLocation": place}],
    })
}

/// A path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    path.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~!".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

/// Comma-separated values (RFC 4180) with a heading; a field that a spreadsheet would take for a formula begins with `'`.
pub fn csv(report: &Report) -> String {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = ["path", "line", "kind", "targets", "blocker", "message", "evidence", "group"].map(str::to_owned);
    let rows = report.findings.iter().map(|finding| {
        [
            plain(&finding.path),
            finding.line.to_string(),
            finding.kind.clone(),
            finding.targets.join(" "),
            (if finding.blocker { "yes" } else { "no" }).to_owned(),
            finding.message.clone(),
            plain(&finding.evidence),
            plain(&finding.group),
        ]
    });
    for row in std::iter::once(head).chain(rows) {
        // Writing to memory fails on rows of unequal length only.
        let _ = table.write_record(&row);
    }
    table.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn plain(value: &str) -> String {
    let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("{guard}{value}")
}

/// For a terminal: verdicts, root causes with their places, what was not looked at.
pub fn text(report: &Report, language: Language) -> String {
    let word = |english| language.word(english);
    let mut text = String::new();
    for (target, verdict) in &report.verdicts {
        let said = word(&verdict.verdict);
        let _ = writeln!(text, "{target:18} {said:14} {:>8.1} {}", verdict.person_days, word("person-days"));
    }
    let mut places: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.blocker) {
        places.entry(&finding.group).or_default().push(finding);
    }
    for group in report.groups.iter().filter(|group| group.blockers > 0) {
        let _ = writeln!(
            text,
            "\n{}: {} ({} {}, {:.2} {})",
            group.kind,
            group.message,
            group.blockers,
            word("places"),
            group.person_days,
            word("person-days")
        );
        for finding in places.get(group.id.as_str()).into_iter().flatten() {
            let _ = writeln!(
                text,
                "  {}:{}: {} [{}]",
                finding.path,
                finding.line,
                finding.evidence,
                finding.targets.join(",")
            );
        }
    }
    let notes = report.findings.iter().filter(|finding| !finding.blocker).count();
    let _ = writeln!(
        text,
        "\n{notes} {}: {}; {}: {}",
        word("notes; files read"),
        report.examined.files,
        word("not examined"),
        report.not_examined.len()
    );
    for skipped in &report.not_examined {
        let _ = writeln!(
            text,
            "  {}: {} ({}) {}",
            word("not examined"),
            skipped.path,
            word(&skipped.reason),
            skipped.detail
        );
    }
    text
}

/// Blockers of a report that an earlier one has not. Lines move, so a place is known by path, kind and evidence.
pub fn new_blockers<'a>(report: &'a Report, earlier: &Report) -> Vec<&'a Finding> {
    let known: HashSet<(&str, &str, &str)> =
        earlier.findings.iter().filter(|finding| finding.blocker).map(key).collect();
    report.findings.iter().filter(|finding| finding.blocker && !known.contains(&key(finding))).collect()
}

fn key(finding: &Finding) -> (&str, &str, &str) {
    (&finding.path, &finding.kind, &finding.evidence)
}
