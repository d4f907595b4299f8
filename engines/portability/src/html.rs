//! A report as one page: no scripts, no requests, printable.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::report::{Finding, Report};
use crate::words::Language;

/// Places of a root cause that are shown; the rest is counted.
const PLACES: usize = 200;
/// Rows of other tables.
const ROWS: usize = 2000;

const STYLE: &str = "body{font:15px/1.6 system-ui,'Noto Sans CJK SC','Source Han Sans SC',sans-serif;max-width:70rem;margin:0 auto;padding:1rem;\
color:#1b1f24;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #d0d7de}\
.targets{display:flex;flex-wrap:wrap;gap:.75rem}.target{flex:1 1 10rem;border:1px solid #d0d7de;border-top:.4rem solid;border-radius:.4rem;\
padding:.6rem .8rem}.target b{display:block}.good{border-top-color:#1a7f37}.some{border-top-color:#bf8700}.bad{border-top-color:#cf222e}\
.open{border-top-color:#6e7781}table{border-collapse:collapse;width:100%;font-size:.85rem}td,th{border-bottom:1px solid #eaeef2;\
padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}details{margin:.5rem 0}summary{cursor:pointer}\
code{font-family:ui-monospace,monospace}@media print{details>*{display:block}body{max-width:none;padding:0}tr{break-inside:avoid}}";

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A letter that turns the direction of text would hide what stands there.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            letter if letter.is_control() && letter != '\n' => out.push(' '),
            letter => out.push(letter),
        }
        out
    })
}

fn class(verdict: &str) -> &'static str {
    match verdict {
        "works" | "rebuild" => "good",
        "small change" => "some",
        "large change" | "replace" => "bad",
        _ => "open",
    }
}

/// The report as a page in a language.
pub fn html(report: &Report, language: Language) -> String {
    let tag = if language == Language::Chinese { "zh-CN" } else { "en" };
    let word = |english: &str| escaped(language.word(english));
    let title = format!("{} · {}", word("Portability report"), escaped(&report.root));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n"
    );
    verdicts(report, language, &mut page);
    groups(report, language, &mut page);
    components(report, language, &mut page);
    skipped(report, language, &mut page);
    page + "</html>\n"
}

fn verdicts(report: &Report, language: Language, page: &mut String) {
    page.push_str("<div class=\"targets\">\n");
    for (target, verdict) in &report.verdicts {
        let blockers =
            report.findings.iter().filter(|finding| finding.blocker && finding.targets.contains(target)).count();
        let _ = writeln!(
            page,
            "<div class=\"target {}\"><code>{}</code><b>{}</b>{blockers} {} · {:.1} {}</div>",
            class(&verdict.verdict),
            escaped(target),
            escaped(language.word(&verdict.verdict)),
            escaped(language.word("blockers")),
            verdict.person_days,
            escaped(language.word("person-days")),
        );
    }
    page.push_str("</div>\n");
    let notes = report.findings.iter().filter(|finding| !finding.blocker).count();
    let _ = writeln!(page, "<p>{notes} {}: {}</p>", escaped(language.word("notes; files read")), report.examined.files);
}

fn groups(report: &Report, language: Language, page: &mut String) {
    let _ = writeln!(page, "<h2>{}</h2>", escaped(language.word("What has to change")));
    let mut places: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.blocker) {
        places.entry(&finding.group).or_default().push(finding);
    }
    if places.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", escaped(language.word("Nothing.")));
    }
    for group in report.groups.iter().filter(|group| group.blockers > 0) {
        let _ = writeln!(
            page,
            "<details><summary><b>{}</b> <code>{}</code> · {} {} · {:.2} {}</summary>\n<table><tr><th>{}<th>{}<th>{}",
            escaped(&group.message),
            escaped(&group.id),
            group.blockers,
            escaped(language.word("places")),
            group.person_days,
            escaped(language.word("person-days")),
            escaped(language.word("Place")),
            escaped(language.word("Evidence")),
            escaped(language.word("Targets")),
        );
        let own = places.get(group.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        for finding in own.iter().take(PLACES) {
            let _ = writeln!(
                page,
                "<tr><td><code>{}:{}</code><td>{}: {}<td>{}",
                escaped(&finding.path),
                finding.line,
                escaped(&finding.message),
                escaped(&finding.evidence),
                escaped(&finding.targets.join(", ")),
            );
        }
        more(own.len(), PLACES, language, page);
        page.push_str("</table></details>\n");
    }
}

fn more(all: usize, shown: usize, language: Language, page: &mut String) {
    if all > shown {
        let _ = writeln!(page, "<tr><td colspan=\"3\">+{} · {}", all - shown, escaped(language.word("and more")));
    }
}

fn components(report: &Report, language: Language, page: &mut String) {
    if report.components.is_empty() {
        return;
    }
    let head = ["Package", "Version", "Named in"].map(|word| escaped(language.word(word)));
    let _ = writeln!(
        page,
        "<h2>{} ({})</h2>\n<table><tr><th>{}<th>{}<th>{}",
        escaped(language.word("Dependencies")),
        report.components.len(),
        head[0],
        head[1],
        head[2],
    );
    for component in report.components.iter().take(ROWS) {
        let place = component.places.first().map(|seen| format!("{}:{}", seen.path, seen.line)).unwrap_or_default();
        let _ = writeln!(
            page,
            "<tr><td>{} <code>{}</code><td>{}<td><code>{}</code>",
            escaped(&component.ecosystem),
            escaped(&component.name),
            escaped(&component.version),
            escaped(&place),
        );
    }
    more(report.components.len(), ROWS, language, page);
    page.push_str("</table>\n");
}

fn skipped(report: &Report, language: Language, page: &mut String) {
    let _ = writeln!(
        page,
        "<h2>{} ({})</h2>\n<table><tr><th>{}<th>{}",
        escaped(language.word("What was not examined")),
        report.not_examined.len(),
        escaped(language.word("Path")),
        escaped(language.word("Reason")),
    );
    for skipped in report.not_examined.iter().take(ROWS) {
        let detail = if skipped.detail.is_empty() { String::new() } else { format!(": {}", escaped(&skipped.detail)) };
        let _ = writeln!(
            page,
            "<tr><td><code>{}</code><td>{}{detail}",
            escaped(&skipped.path),
            escaped(language.word(&skipped.reason)),
        );
    }
    more(report.not_examined.len(), ROWS, language, page);
    page.push_str("</table>\n");
}
