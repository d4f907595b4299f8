//! Branches of build files: what stands within `if(… x86 …)` is for x86 and no fault elsewhere.

use crate::classify::Class;
use crate::scan::Hit;
use crate::target::{foreign_words, tells_machines_apart};

/// Notes the guard of every hit that stands in a branch for another machine.
pub(crate) fn guard(source: &[u8], class: Class, hits: &mut [Hit]) {
    if hits.is_empty() {
        return;
    }
    let mut open: Vec<(usize, Option<Box<str>>)> = Vec::new();
    let mut guards: Vec<Option<Box<str>>> = vec![None];
    let python = class.language == "setup";
    for line in source.split(|byte| *byte == b'\n') {
        let text = String::from_utf8_lossy(&line[..line.len().min(400)]);
        let depth = text.len() - text.trim_start().len();
        let text = text.trim();
        if python {
            if !text.is_empty() {
                open.retain(|(column, _)| *column < depth);
            }
            if (text.starts_with("if ") || text.starts_with("elif ")) && text.ends_with(':') {
                open.push((depth, machine(text)));
            }
        } else {
            branches(text, &mut open);
        }
        guards.push(open.iter().rev().find_map(|(_, guard)| guard.clone()));
    }
    for hit in hits {
        hit.guard = guards.get(hit.line as usize).cloned().flatten();
    }
}

fn branches(text: &str, open: &mut Vec<(usize, Option<Box<str>>)>) {
    let lower = text.to_ascii_lowercase();
    let opens = [
        "if(",
        "if (",
        "ifeq",
        "ifneq",
        "ifdef",
        "ifndef",
        "if ",
        "case ",
        "as_if(",
        "foreach(",
        "function(",
        "macro(",
    ]
    .iter()
    .any(|word| lower.starts_with(word));
    let middle = lower.starts_with("elseif") || lower.starts_with("elif") || lower.starts_with("else if");
    let closes = ["endif", "fi", "esac", "endforeach", "endfunction", "endmacro"].iter().any(|word| {
        lower == *word
            || lower.starts_with(&format!("{word}("))
            || lower.starts_with(&format!("{word} "))
            || lower.starts_with(&format!("{word};"))
    });
    if middle {
        open.pop();
        open.push((0, machine(text)));
    } else if opens && !lower.ends_with("; fi") {
        open.push((0, machine(text)));
    } else if lower.starts_with("else") {
        if let Some(last) = open.last_mut() {
            last.1 = None;
        }
    } else if closes {
        open.pop();
    } else if let Some((pattern, _)) =
        text.split_once(')').filter(|(pattern, _)| pattern.len() < 60 && !pattern.contains('('))
    {
        // A branch of `case` in a shell.
        if let Some(last) = open.last_mut().filter(|last| last.1.is_some() || machine(pattern).is_some()) {
            last.1 = machine(pattern);
        }
    }
}

fn machine(condition: &str) -> Option<Box<str>> {
    let lower = condition.to_ascii_lowercase();
    let spoken =
        ["x86", "amd64", "i386", "i686", "intel", "x64", "win32", "windows", "darwin", "msvc", "cpuid", "x86_64"]
            .iter()
            .any(|word| lower.contains(word));
    let named = condition
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .any(|word| foreign_words(word) || (word.starts_with("__") && tells_machines_apart(word)));
    (spoken || named).then(|| condition.chars().take(160).collect::<String>().into())
}
