//! Rust: `cfg` on items, files and modules.

use crate::condition::{Names, evaluate};
use crate::mask::Part;
use crate::scan::{Facts, sign};
use crate::target::{Target, Targets};

struct Cfg;

impl Names for Cfg {
    fn defined(&self, name: &str) -> Option<bool> {
        self.value(name, 0).map(|value| value != 0)
    }

    fn value(&self, name: &str, _: u8) -> Option<i64> {
        match name {
            "unix" => Some(1),
            "windows" | "test" | "miri" => Some(0),
            _ => None,
        }
    }
}

/// Where a `cfg` predicate may hold.
pub(crate) fn holds(predicate: &str) -> Targets {
    Target::ALL.into_iter().filter(|target| evaluate(&translate(predicate, *target, 0), &Cfg, 0) != Some(0)).collect()
}

/// `all(a, not(b))` as an expression of the preprocessor.
fn translate(predicate: &str, target: Target, depth: u8) -> String {
    let predicate = predicate.trim();
    if depth > 20 {
        return "unknown".to_owned();
    }
    if let Some((name, inner)) =
        predicate.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.strip_suffix(')')?)))
    {
        let parts: Vec<String> =
            split(inner).into_iter().map(|part| format!("({})", translate(part, target, depth + 1))).collect();
        return match name {
            "all" if parts.is_empty() => "1".to_owned(),
            "any" if parts.is_empty() => "0".to_owned(),
            "all" => parts.join("&&"),
            "any" => parts.join("||"),
            "not" => format!("!{}", parts.concat()),
            _ => "unknown".to_owned(),
        };
    }
    let Some((key, value)) = predicate.split_once('=') else {
        return predicate.to_owned();
    };
    let value = value.trim().trim_matches('"');
    let same = match key.trim() {
        "target_arch" => value == target.rust_arch(),
        "target_os" => value == "linux",
        "target_family" => value == "unix",
        "target_pointer_width" => value == "64",
        "target_endian" => value == "little",
        "target_env" => value == "gnu",
        "target_feature"
            if ["sse", "ssse", "avx", "aes", "pclmul", "bmi", "popcnt", "sha", "fma"]
                .iter()
                .any(|feature| value.starts_with(feature)) =>
        {
            false
        }
        _ => return "unknown".to_owned(),
    };
    u8::from(same).to_string()
}

fn split(text: &str) -> Vec<&str> {
    let (mut open, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (index, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' => open -= 1,
            ',' if open == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Finds the items under a `cfg`, takes targets from hits within, and looks for `compile_error!`.
pub(crate) fn guard(source: &[u8], parts: &[Part], facts: &mut Facts) {
    let mut spans: Vec<(usize, usize, Targets, String)> = Vec::new();
    for at in memchr::memmem::find_iter(source, b"cfg(") {
        if parts.get(at) != Some(&Part::Code) {
            continue;
        }
        let Some(end) = closing(source, parts, at + 3) else { continue };
        let predicate = String::from_utf8_lossy(&source[at + 4..end]).into_owned();
        let before = source[..at].trim_ascii_end();
        let targets = holds(&predicate);
        if before.ends_with(b"#![") {
            spans.push((0, source.len(), targets, predicate));
        } else if before.ends_with(b"#[") {
            let item = item_end(source, parts, end + 2);
            if let Some(name) = module(&source[(end + 2).min(item)..item]) {
                facts.modules.push((name, targets));
            }
            spans.push((at, item, targets, predicate));
        }
    }
    let mut starts: Vec<usize> = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', source).map(|end| end + 1));
    for at in memchr::memmem::find_iter(source, b"compile_error!") {
        let line = u32::try_from(starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX);
        let guarded = spans
            .iter()
            .any(|(start, end, _, predicate)| (*start..*end).contains(&at) && predicate.contains("target_arch"));
        if parts.get(at) == Some(&Part::Code) && guarded {
            facts.hits.push(sign(
                line,
                "rust-cfg",
                true,
                Targets::ALL,
                "the crate refuses to be built for this CPU",
                crate::scan::line_around(source, at),
            ));
        }
    }
    for hit in &mut facts.hits {
        let at = starts.get(hit.line as usize - 1).copied().unwrap_or(0);
        let next = starts.get(hit.line as usize).copied().unwrap_or(source.len());
        for (_, _, targets, predicate) in spans.iter().filter(|(start, end, ..)| *start < next && *end > at) {
            hit.targets = hit.targets.and(*targets);
            hit.guard = Some(predicate.chars().take(160).collect::<String>().into());
        }
    }
}

fn closing(source: &[u8], parts: &[Part], open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for at in open..source.len().min(open + 4000) {
        match source[at] {
            _ if parts[at] != Part::Code => {}
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The end of the item after an attribute: its closing brace, or its semicolon or comma.
fn item_end(source: &[u8], parts: &[Part], from: usize) -> usize {
    let (mut braces, mut round) = (0_i32, 0_i32);
    for at in from..source.len() {
        if parts[at] != Part::Code {
            continue;
        }
        match source[at] {
            b'{' => braces += 1,
            b'}' if braces <= 1 && round <= 0 => return at + 1,
            b'}' => braces -= 1,
            b'(' | b'[' => round += 1,
            b')' | b']' => round -= 1,
            b';' | b',' if braces == 0 && round <= 0 => return at + 1,
            _ => {}
        }
        if round < 0 {
            return at;
        }
    }
    source.len()
}

fn module(item: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&item[..item.len().min(300)]);
    let text = text.trim().strip_suffix(';')?;
    let name = text.rsplit(']').next()?.trim().rsplit("mod ").next()?.trim();
    (text.contains("mod ") && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_'))
        .then(|| name.to_owned())
}
