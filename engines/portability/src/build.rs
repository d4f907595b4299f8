//! Branches of build files and scripts: for which targets a line is meant, which sources it adds, and where it gives up.

use crate::classify::{Language, machine_word};
use crate::scan::{Hit, sign};
use crate::target::{Targets, foreign_words};

/// A source or folder that a build file adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// The last part of its name; a folder ends with `/`.
    pub name: Box<str>,
    /// Where the branch it stands in is taken.
    pub targets: Targets,
    /// Whether a branch decides by a probe of the compiler, so that there is another way.
    pub probed: bool,
}

/// Where a line is reached.
#[derive(Debug, Clone, Default)]
struct Standing {
    targets: Targets,
    guard: Option<Box<str>>,
    probed: bool,
    /// An `else` of a chain that tells machines apart, or a branch for all machines but some.
    rest: bool,
}

/// One open branch.
struct Level {
    outer: Standing,
    now: Standing,
    /// What no branch of the chain has taken yet.
    left: Targets,
    told_apart: bool,
    column: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    If,
    Case,
    Select,
    /// Brackets of a function and the like: they end as branches end, and decide nothing.
    Plain,
}

/// Narrows every hit to the targets its branch is for, finds the sources that are added and the places that refuse a machine.
pub(crate) fn read(source: &[u8], language: Language, hits: &mut Vec<Hit>, mentions: &mut Vec<Mention>) {
    let python = matches!(language, "setup" | "python");
    let mut levels: Vec<Level> = Vec::new();
    let mut standings: Vec<Standing> = vec![all()];
    let mut refusals = Vec::new();
    let mut lines: Vec<&[u8]> = source.split(|byte| *byte == b'\n').collect();
    lines.truncate(200_000);
    for (index, line) in lines.iter().enumerate() {
        let whole = String::from_utf8_lossy(&line[..line.len().min(400)]);
        let column = whole.len() - whole.trim_start().len();
        let text = whole.trim();
        if python {
            indented(text, column, &mut levels);
        } else {
            branches(text, column, &mut levels);
        }
        let standing = levels.last().map_or_else(all, |level| level.now.clone());
        let comment = text.starts_with('#') || text.starts_with("//") || text.starts_with("dnl ");
        if !comment {
            if language == "build" || language == "setup" {
                add(text, &standing, mentions);
            }
            if standing.rest && gives_up(text, &lines[index..], python) {
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                refusals.push((number, standing.clone(), text.to_owned()));
            }
        }
        standings.push(standing);
    }
    for hit in hits.iter_mut() {
        let Some(standing) = standings.get(hit.line as usize) else { continue };
        hit.guard.clone_from(&standing.guard);
        if standing.probed {
            hit.blocker = false;
        }
        if hit.profile == "cpu" && standing.guard.is_some() {
            hit.targets = hit.targets.and(standing.targets);
        }
    }
    hits.retain(|hit| !hit.targets.is_empty());
    let mut before = 0;
    for (line, standing, text) in refusals {
        // A message and the exit after it are one refusal.
        if standing.targets.is_empty() || line <= before + 2 {
            continue;
        }
        before = line;
        let mut hit = sign(line, "arch-detect", true, standing.targets, "the script or build refuses this CPU", text.as_bytes());
        hit.guard = standing.guard;
        hits.push(hit);
    }
}

fn all() -> Standing {
    Standing { targets: Targets::ALL, guard: None, probed: false, rest: false }
}

fn shorten(text: &str) -> Box<str> {
    text.chars().take(160).collect::<String>().into()
}

fn open(levels: &mut Vec<Level>, kind: Kind, column: usize, condition: &str) {
    let outer = levels.last().map_or_else(all, |level| level.now.clone());
    levels.push(Level { now: outer.clone(), outer, left: Targets::ALL, told_apart: false, column, kind });
    if kind == Kind::If {
        take(levels, condition);
    }
}

/// Goes into a branch of the innermost chain.
fn take(levels: &mut [Level], condition: &str) {
    let Some(level) = levels.last_mut() else { return };
    level.now = level.outer.clone();
    if let Some(targets) = machines(condition) {
        let taken = targets.and(level.left);
        level.now.targets = level.outer.targets.and(taken);
        level.now.guard = Some(shorten(condition));
        // A condition on the machine that holds for foreign ones only or denies some: what is within may refuse the rest.
        level.now.rest = denied(condition) && !targets.is_empty();
        level.left = level.left.without(targets);
        level.told_apart = true;
    } else if probe(condition) {
        level.now.probed = true;
        level.now.guard = Some(shorten(condition));
    }
}

fn otherwise(levels: &mut [Level]) {
    let Some(level) = levels.last_mut() else { return };
    let probed = level.now.probed;
    level.now = level.outer.clone();
    if level.told_apart {
        level.now.targets = level.outer.targets.and(level.left);
        level.now.guard = Some("else of a choice by machine".into());
        level.now.rest = true;
    } else if probed {
        level.now.probed = level.outer.probed;
    }
}

fn indented(text: &str, column: usize, levels: &mut Vec<Level>) {
    if text.is_empty() || text.starts_with('#') {
        return;
    }
    let goes_on = text.starts_with("elif ") || text.starts_with("else:") || text == "else :";
    while levels.last().is_some_and(|level| level.column > column || (level.column == column && !goes_on)) {
        levels.pop();
    }
    if let Some(condition) = text.strip_prefix("if ") {
        open(levels, Kind::If, column, condition);
    } else if let Some(condition) = text.strip_prefix("elif ") {
        take(levels, condition);
    } else if goes_on {
        otherwise(levels);
    }
}

fn starts(lower: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'))
    })
}

fn branches(text: &str, column: usize, levels: &mut Vec<Level>) {
    let lower = text.to_ascii_lowercase();
    let lower = lower.trim_start_matches("} ");
    let kind = levels.last().map(|level| level.kind);
    if starts(lower, &["elseif", "elif", "else if", "elsif"]) || lower.starts_with("else ifeq") || lower.starts_with("else ifneq") {
        if kind == Some(Kind::If) {
            take(levels, text);
        }
    } else if starts(lower, &["if", "ifeq", "ifneq", "ifdef", "ifndef", "as_if", "ac_check_file"]) {
        if !lower.ends_with("fi") && !lower.starts_with("if_") {
            open(levels, Kind::If, column, text);
        }
    } else if starts(lower, &["case", "as_case"]) && (lower.contains(" in") || lower.contains('(')) {
        if !lower.ends_with("esac") {
            open(levels, Kind::Case, column, text);
        }
    } else if starts(lower, &["for", "while", "until"]) && lower.ends_with("do") || starts(lower, &["foreach", "function(", "macro("]) {
        open(levels, Kind::Plain, column, text);
    } else if starts(lower, &["else"]) && kind == Some(Kind::If) {
        otherwise(levels);
    } else if starts(lower, &["endif", "fi", "esac", "endforeach", "endfunction", "endmacro", "done"]) {
        levels.pop();
    } else if kind == Some(Kind::Case) {
        pattern(text, levels);
    } else {
        select(text, column, levels);
    }
}

/// A branch of `case` in a shell: `x86_64|amd64)`.
fn pattern(text: &str, levels: &mut [Level]) {
    let Some((pattern, _)) = text.split_once(')') else { return };
    let pattern = pattern.trim_start_matches('(').trim();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "*|_-.\"'[]? $".contains(letter);
    if pattern.is_empty() || pattern.len() > 120 || !pattern.chars().all(plain) {
        return;
    }
    if pattern == "*" { otherwise(levels) } else { take(levels, pattern) }
}

/// `select({"//…:x86_64": […], …})` of Bazel and `['target_arch=="x64"', {…}]` of gyp.
fn select(text: &str, column: usize, levels: &mut Vec<Level>) {
    if text.contains("select({") {
        open(levels, Kind::Select, column, text);
    } else if text.starts_with("['") && text.contains("==") && text.ends_with('{') {
        open(levels, Kind::Select, column, text);
        take(levels, text);
    } else if levels.last().is_some_and(|level| level.kind == Kind::Select) {
        if text.starts_with("})") || text.starts_with("}]") || (text.starts_with("],") && levels.last().is_some_and(|level| level.column >= column)) {
            levels.pop();
        } else if let Some((key, _)) = text.split_once(':').filter(|_| text.starts_with('"') && text.contains("\": ")) {
            let key = text.split("\": ").next().unwrap_or(key);
            if key.contains("default") { otherwise(levels) } else { take(levels, key) }
        }
    }
}

/// Whether a condition asks what the compiler can do rather than which machine it is.
fn probe(condition: &str) -> bool {
    let lower = condition.to_ascii_lowercase();
    ["have_", "has_", "support", "check_", "accept", "try_compile", "has-flag", "compiler_flag"].iter().any(|word| lower.contains(word))
}

fn denied(condition: &str) -> bool {
    let lower = condition.trim().to_ascii_lowercase();
    lower.contains("not ") || lower.contains("!=") || lower.starts_with("ifneq") || lower.starts_with("ifndef") || lower.contains("if !")
        || lower.contains("if (!") || lower.contains("not(") || lower.contains("(not")
}

/// Where a condition on the machine holds; `None` where it speaks of no machine.
pub(crate) fn machines(condition: &str) -> Option<Targets> {
    let mut sum: Option<Targets> = None;
    for arm in condition.split("||").flat_map(|arm| arm.split(" OR ")).flat_map(|arm| arm.split(" or ")) {
        let mut product: Option<Targets> = None;
        for clause in arm.split("&&").flat_map(|clause| clause.split(" AND ")).flat_map(|clause| clause.split(" and ")) {
            if let Some(targets) = clause_machines(clause) {
                product = Some(product.unwrap_or(Targets::ALL).and(targets));
            }
        }
        // An arm that speaks of no machine may hold anywhere.
        sum = match (sum, product) {
            (sum, None) if sum.is_some() => Some(Targets::ALL),
            (None, None) => None,
            (sum, Some(product)) => Some(sum.unwrap_or_default().or(product)),
            (sum, None) => sum,
        };
    }
    sum
}

fn clause_machines(clause: &str) -> Option<Targets> {
    let lower = clause.to_ascii_lowercase();
    let mut named: Option<Targets> = None;
    let mut note = |targets: Targets| named = Some(named.unwrap_or_default().or(targets));
    for word in lower.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '-') {
        if matches!(word, "intel" | "amd" | "apple" | "intel64" | "genuineintel") {
            note(Targets::NONE);
        }
        if let Some(targets) = machine_word(word.trim_matches('-')) {
            note(targets);
            continue;
        }
        if word.contains("x86_64") || word.contains("x86-64") || word.contains("amd64") || word.contains("win32") {
            note(Targets::NONE);
            continue;
        }
        if word.contains("is_") || word.contains("arch") || word.contains("host") || word.contains("target") || word.contains("cpu") || word.len() < 24 {
            word.split(['_', '-']).filter_map(machine_word).for_each(&mut note);
        }
    }
    if clause.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(foreign_words) {
        note(Targets::NONE);
    }
    named.map(|targets| if denied(clause) { Targets::ALL.without(targets) } else { targets })
}

/// Whether the script ends here for want of a machine.
fn gives_up(text: &str, from: &[&[u8]], python: bool) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.contains("fatal_error") || lower.contains("$(error") || lower.contains("ac_msg_error") || lower.contains("as_error") {
        return true;
    }
    if python {
        return lower.starts_with("raise ") || lower.starts_with("sys.exit(");
    }
    let exits = |line: &str| {
        starts(line, &["exit", "die", "fail", "fatal", "abort", "return 1"])
            || line.contains("&& exit") || line.contains("; exit") || line.contains("error(")
    };
    if exits(&lower) {
        return true;
    }
    // A branch `*)` that gives up in one of its next lines is told where it begins.
    text.starts_with("*)")
        && from.iter().skip(1).take(6).map(|line| String::from_utf8_lossy(line).trim().to_ascii_lowercase())
            .take_while(|line| line != "esac").scan(false, |over, line| {
                if *over { return None; }
                *over = line.contains(";;");
                Some(line)
            })
            .any(|line| exits(&line))
}

/// `config.guess` and `config.sub` of before a CPU was known: configure stops on it. Sunway is in no release of them.
pub(crate) fn lists_of_machines(path: &str, source: &[u8], hits: &mut Vec<Hit>) {
    if !matches!(path.rsplit('/').next(), Some("config.guess" | "config.sub")) || source.len() < 10_000 {
        return;
    }
    let has = |word: &str| memchr::memmem::find(source, word.as_bytes()).is_some();
    let mut lacking = Targets::NONE;
    for (words, targets) in [
        (&["aarch64"][..], crate::classify::machine_word("aarch64")),
        (&["loongarch"][..], crate::classify::machine_word("loongarch64")),
        (&["riscv"][..], crate::classify::machine_word("riscv64")),
    ] {
        if !words.iter().any(|word| has(word)) {
            lacking = lacking.or(targets.unwrap_or_default());
        }
    }
    if !lacking.is_empty() {
        let lacking = if has("sw_64") { lacking } else { lacking.or(crate::classify::machine_word("sw_64").unwrap_or_default()) };
        hits.push(sign(0, "arch-detect", true, lacking, "a list of machines from before this CPU", b""));
    }
}

const SOURCES: [&str; 14] = ["c", "cc", "cpp", "cxx", "S", "s", "asm", "o", "lo", "obj", "m", "mm", "nasm", "cu"];

fn add(text: &str, standing: &Standing, mentions: &mut Vec<Mention>) {
    if mentions.len() > 50_000 {
        return;
    }
    let lower = text.to_ascii_lowercase();
    let folder = ["add_subdirectory(", "subdir(", "subdirs", "add_subdirectory ("].iter().any(|word| lower.starts_with(word));
    let made = lower.contains("make -c") || lower.contains("$(make) -c") || lower.contains("_dir =") || lower.contains("_dir=") || lower.contains("_dirs");
    // A variable named for a machine holds that machine's sources.
    let by_name = text.split_once('=').and_then(|(name, _)| machines(name)).unwrap_or(Targets::ALL);
    let targets = standing.targets.and(by_name);
    let mut note = |name: &str, slash: &str| {
        mentions.push(Mention { name: format!("{name}{slash}").into(), targets, probed: standing.probed });
    };
    for token in text.split([' ', '\t', '"', '\'', '(', ')', ',', '=', ';', '[', ']', ':', '{', '}', '<', '>']) {
        let token = token.trim_end_matches('\\');
        let last = token.trim_end_matches('/').rsplit('/').next().unwrap_or(token);
        if let Some((stem, end)) = last.rsplit_once('.') {
            if SOURCES.contains(&end) && !stem.is_empty() && !stem.contains(['*', '$', '%']) {
                note(last, "");
            }
        } else if (folder || made || token.ends_with('/')) && !last.is_empty() && last.chars().all(|letter| letter.is_alphanumeric() || "_-+".contains(letter)) {
            note(last, "/");
        }
    }
}

/// Words of build files that may be macros the build sets.
pub(crate) fn macros(source: &[u8], words: &mut Vec<Box<str>>) {
    let source = &source[..source.len().min(2 << 20)];
    for word in source.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_') {
        let word = word.strip_prefix(b"D").filter(|rest| rest.first().is_some_and(|first| first.is_ascii_uppercase() || *first == b'_')).map_or([word, &[][..]], |rest| [word, rest]);
        for word in word.into_iter().filter(|word| word.len() > 1 && word.len() < 60 && word.iter().any(u8::is_ascii_uppercase)) {
            if !word.iter().any(u8::is_ascii_lowercase) {
                words.push(String::from_utf8_lossy(word).into());
            }
        }
    }
    if memchr::memmem::find(source, b"-fsigned-char").is_some() {
        words.push("-fsigned-char".into());
    }
    words.sort_unstable();
    words.dedup();
}
