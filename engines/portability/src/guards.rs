//! Which lines of C and C++ the preprocessor keeps on which target, with guards carried across includes and macros that
//! the tree itself defines.

use std::collections::{HashMap, HashSet};

use crate::condition::{Names, evaluate};
use crate::target::{Target, Targets, foreign_words, tells_machines_apart};

/// A line of the preprocessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directive {
    /// From 1.
    pub line: u32,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    If(Box<str>),
    Elif(Box<str>),
    Else,
    End,
    Define { name: Box<str>, body: Option<Box<str>> },
    Include(Box<str>),
    Error(Box<str>),
}

/// Reads the directives of a text whose comments are blank (strings are not). Lines joined by a backslash count as their first.
pub(crate) fn directives(text: &[u8]) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut number = 0_u32;
    let mut lines = text.split(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        number += 1;
        let start = line.trim_ascii_start();
        if start.first() != Some(&b'#') {
            continue;
        }
        let first = number;
        let mut joined = start.trim_ascii_end().to_vec();
        while joined.last() == Some(&b'\\') {
            joined.pop();
            let Some(next) = lines.next() else { break };
            number += 1;
            if joined.len() < 16_384 {
                joined.extend_from_slice(next.trim_ascii_end());
            }
        }
        if let Some(what) = directive(&String::from_utf8_lossy(&joined[1..])) {
            found.push(Directive { line: first, what });
        }
    }
    found
}

fn directive(text: &str) -> Option<What> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.trim();
    let first_word =
        || rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap_or_default();
    Some(match word {
        "if" => What::If(rest.into()),
        "ifdef" => What::If(format!("defined({})", first_word()).into()),
        "ifndef" => What::If(format!("!defined({})", first_word()).into()),
        "elif" => What::Elif(rest.into()),
        "elifdef" => What::Elif(format!("defined({})", first_word()).into()),
        "elifndef" => What::Elif(format!("!defined({})", first_word()).into()),
        "else" => What::Else,
        "endif" => What::End,
        "define" => {
            let name = first_word();
            let after = &rest[name.len()..];
            // A macro with parameters has no value of its own.
            let body = (!after.starts_with('(')).then(|| Box::from(after.trim()));
            What::Define { name: name.into(), body }
        }
        "include" | "include_next" => What::Include(rest.trim_matches(['<', '>', '"', ' ']).into()),
        "error" => What::Error(rest.into()),
        _ => return None,
    })
}

/// A file of the C family, as guards see it.
pub(crate) struct Unit<'a> {
    pub path: &'a str,
    pub directives: &'a [Directive],
    /// A header is reached through who includes it, a translation unit through the build.
    pub header: bool,
}

/// What the preprocessor does with a file's lines.
#[derive(Debug, Default, Clone)]
pub(crate) struct Kept {
    /// From which line on the line is kept on which targets, and why; sorted by line, the first from line 1.
    spans: Vec<Span>,
    /// Through which targets the file is reached at all.
    pub reached: Targets,
}

#[derive(Debug, Clone)]
struct Span {
    line: u32,
    may: Targets,
    must: Targets,
    guard: Option<Box<str>>,
    machine: bool,
}

/// How a line stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing<'a> {
    /// Where the line may be compiled.
    pub may: Targets,
    /// Where nothing the build decides can take the line away.
    pub must: Targets,
    /// The innermost guards, outermost first.
    pub guard: Option<&'a str>,
    /// Whether a guard tells machines apart.
    pub machine: bool,
}

impl Kept {
    pub(crate) fn at(&self, line: u32) -> Standing<'_> {
        let index = self.spans.partition_point(|span| span.line <= line);
        match index.checked_sub(1).and_then(|index| self.spans.get(index)) {
            Some(span) => Standing {
                may: span.may.and(self.reached),
                must: span.must.and(self.reached),
                guard: span.guard.as_deref(),
                machine: span.machine,
            },
            None => Standing { may: self.reached, must: self.reached, guard: None, machine: false },
        }
    }
}

/// Where a macro is defined in the tree.
#[derive(Default, Clone)]
struct Defined {
    /// Where some definition is certain, and where one is possible.
    must: Targets,
    may: Targets,
    /// Bodies and where each may stand.
    bodies: Vec<(Box<str>, Targets)>,
    /// Only ever as a default, within `#ifndef` of the same name.
    fallback: bool,
    /// More bodies than are worth telling apart.
    many: bool,
}

type Macros = HashMap<Box<str>, Defined>;

struct View<'a> {
    target: Target,
    macros: &'a Macros,
}

impl Names for View<'_> {
    fn defined(&self, name: &str) -> Option<bool> {
        if let Some(known) = self.target.predefined(name) {
            return Some(known.is_some());
        }
        match self.macros.get(name) {
            Some(defined) if defined.fallback => None,
            Some(defined) if defined.must.has(self.target) => Some(true),
            Some(defined) if !defined.may.has(self.target) && tells_machines_apart(name) => Some(false),
            Some(defined) if !defined.may.has(self.target) && !defined.may.is_empty() => Some(false),
            Some(defined) if defined.may.is_empty() => Some(false),
            Some(_) => None,
            None if foreign_words(name) => Some(false),
            None => None,
        }
    }

    fn value(&self, name: &str, depth: u8) -> Option<i64> {
        if let Some(known) = self.target.predefined(name) {
            return Some(known.unwrap_or(0));
        }
        let Some(defined) = self.macros.get(name) else { return foreign_words(name).then_some(0) };
        if defined.many {
            return None;
        }
        let mut values = defined
            .bodies
            .iter()
            .filter(|(_, may)| may.has(self.target))
            .map(|(body, _)| if body.is_empty() { None } else { evaluate(body, self, depth) });
        let Some(first) = values.next() else { return Some(0) };
        let same = values.all(|value| value == first);
        if same && (defined.must.has(self.target) || defined.fallback || first == Some(0)) { first } else { None }
    }
}

/// Evaluates every file. Two rounds let macros that hang on other macros settle.
pub(crate) fn evaluate_all(units: &[Unit<'_>]) -> Vec<Kept> {
    let mut macros = Macros::new();
    let includers = includers(units);
    let mut kept: Vec<Kept> = Vec::new();
    for round in 0..3 {
        kept = units.iter().map(|unit| spans(unit.directives, &macros)).collect();
        reach(units, &includers, &mut kept);
        if round < 2 {
            macros = collect(units, &kept);
        }
    }
    kept
}

/// For each file, who includes it and in which line.
fn includers(units: &[Unit<'_>]) -> Vec<Vec<(usize, u32)>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, unit) in units.iter().enumerate() {
        by_name.entry(unit.path.rsplit('/').next().unwrap_or(unit.path)).or_default().push(index);
    }
    let mut found = vec![Vec::new(); units.len()];
    for (index, unit) in units.iter().enumerate() {
        for directive in unit.directives {
            let What::Include(wanted) = &directive.what else { continue };
            let wanted = wanted.trim_start_matches("./");
            let tail = wanted.trim_start_matches("../");
            let Some(candidates) = by_name.get(tail.rsplit('/').next().unwrap_or(tail)) else { continue };
            let fits = |candidate: &&usize| {
                let path = units[**candidate].path;
                path == tail || path.strip_suffix(tail).is_some_and(|before| before.ends_with('/'))
            };
            let folder = unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let beside = candidates.iter().find(|candidate| {
                let path = units[**candidate].path;
                path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/')) == Some(tail)
            });
            match beside {
                Some(only) if !wanted.starts_with("..") => found[*only].push((index, directive.line)),
                _ => candidates
                    .iter()
                    .filter(fits)
                    .take(8)
                    .for_each(|candidate| found[*candidate].push((index, directive.line))),
            }
        }
    }
    found
}

/// Carries the guards of includes into the files they include, until nothing changes. Cycles end because sets only grow.
fn reach(units: &[Unit<'_>], includers: &[Vec<(usize, u32)>], kept: &mut [Kept]) {
    for (index, unit) in units.iter().enumerate() {
        let root = !unit.header || includers[index].is_empty();
        kept[index].reached = if root { Targets::ALL } else { Targets::NONE };
    }
    let mut includes: Vec<Vec<(usize, u32)>> = vec![Vec::new(); units.len()];
    for (index, from) in includers.iter().enumerate() {
        from.iter().for_each(|(includer, line)| includes[*includer].push((index, *line)));
    }
    let mut work: Vec<usize> = (0..units.len()).filter(|index| !kept[*index].reached.is_empty()).collect();
    let carry = |work: &mut Vec<usize>, kept: &mut [Kept]| {
        while let Some(index) = work.pop() {
            for (included, line) in &includes[index] {
                let more = kept[index].at(*line).may;
                let before = kept[*included].reached;
                if before.or(more) != before {
                    kept[*included].reached = before.or(more);
                    work.push(*included);
                }
            }
        }
    };
    carry(&mut work, kept);
    // A ring of headers that nobody outside includes is a root as well.
    let reachable: HashSet<usize> = reachable(units, includers, &includes);
    for (index, kept) in kept.iter_mut().enumerate() {
        if kept.reached.is_empty() && !reachable.contains(&index) {
            kept.reached = Targets::ALL;
            work.push(index);
        }
    }
    carry(&mut work, kept);
}

fn reachable(units: &[Unit<'_>], includers: &[Vec<(usize, u32)>], includes: &[Vec<(usize, u32)>]) -> HashSet<usize> {
    let mut work: Vec<usize> =
        (0..units.len()).filter(|index| !units[*index].header || includers[*index].is_empty()).collect();
    let mut seen: HashSet<usize> = work.iter().copied().collect();
    while let Some(index) = work.pop() {
        work.extend(includes[index].iter().map(|(included, _)| *included).filter(|included| seen.insert(*included)));
    }
    seen
}

fn collect(units: &[Unit<'_>], kept: &[Kept]) -> Macros {
    let mut macros = Macros::new();
    for (unit, kept) in units.iter().zip(kept) {
        for directive in unit.directives {
            let What::Define { name, body } = &directive.what else { continue };
            let standing = kept.at(directive.line);
            let pattern = format!("!defined({name})");
            let default = standing.guard.is_some_and(|guard| guard.replace(' ', "").contains(&pattern));
            let fresh = !macros.contains_key(name);
            let entry = macros.entry(name.clone()).or_default();
            entry.fallback = default && (fresh || entry.fallback);
            entry.must = entry.must.or(standing.must);
            entry.may = entry.may.or(standing.may);
            match body {
                _ if entry.bodies.len() >= 16 => entry.many = true,
                Some(body) if body.len() < 400 => entry.bodies.push((body.clone(), standing.may)),
                _ => entry.many = true,
            }
        }
    }
    macros
}

/// One open `#if`.
struct Level {
    /// What surrounds it.
    may: Targets,
    must: Targets,
    /// Where no branch was certainly taken yet, and where none may have been.
    left: Targets,
    untouched: Targets,
    guard: String,
    outer: Option<Box<str>>,
    machine: bool,
    outer_machine: bool,
}

/// Deeper nesting is taken as its surroundings: its branches and ends are counted, so that they close nothing else.
const NESTING: usize = 400;

fn spans(directives: &[Directive], macros: &Macros) -> Kept {
    let mut spans: Vec<Span> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut now = Span { line: 1, may: Targets::ALL, must: Targets::ALL, guard: None, machine: false };
    let mut deeper = 0_usize;
    for directive in directives {
        match &directive.what {
            What::If(condition) if levels.len() < NESTING => {
                let level = Level {
                    may: now.may,
                    must: now.must,
                    left: Targets::ALL,
                    untouched: Targets::ALL,
                    guard: String::new(),
                    outer: now.guard.clone(),
                    machine: now.machine,
                    outer_machine: now.machine,
                };
                levels.push(level);
                branch(&mut levels, Some(condition), macros, &mut now);
            }
            What::If(_) => {
                deeper += 1;
                continue;
            }
            What::End if deeper > 0 => {
                deeper -= 1;
                continue;
            }
            What::Elif(_) | What::Else if deeper > 0 => continue,
            What::Elif(condition) => branch(&mut levels, Some(condition), macros, &mut now),
            What::Else => branch(&mut levels, None, macros, &mut now),
            What::End => {
                let Some(level) = levels.pop() else { continue };
                now = Span {
                    line: 0,
                    may: level.may,
                    must: level.must,
                    guard: level.outer,
                    machine: level.outer_machine,
                };
            }
            _ => continue,
        }
        // The directive itself belongs to what surrounds it; what it opens begins on the next line.
        now.line = directive.line + 1;
        spans.push(now.clone());
    }
    Kept { spans, reached: Targets::ALL }
}

fn branch(levels: &mut [Level], condition: Option<&str>, macros: &Macros, now: &mut Span) {
    let Some(level) = levels.last_mut() else { return };
    let (mut yes, mut perhaps) = (Targets::NONE, Targets::NONE);
    for target in Target::ALL {
        match condition.map_or(Some(1), |text| evaluate(text, &View { target, macros }, 0)) {
            Some(0) => {}
            Some(_) => yes = yes.with(target),
            None => perhaps = perhaps.with(target),
        }
    }
    let may = yes.or(perhaps).and(level.left);
    let must = yes.and(level.untouched);
    level.left = level.left.without(yes);
    level.untouched = level.untouched.without(yes.or(perhaps));
    let text = condition.unwrap_or("else");
    level.machine |= condition.is_some_and(names_machine);
    if level.guard.len() < 300 {
        if !level.guard.is_empty() {
            level.guard.push_str("; ");
        }
        level.guard.push_str(text);
    }
    let outer = level.outer.as_deref().unwrap_or_default();
    let start = outer.len().saturating_sub(300);
    let outer = outer.get(start..).unwrap_or_default();
    now.guard = Some(if outer.is_empty() {
        text.into()
    } else {
        format!("{outer} > {}", if condition.is_some() { text } else { &level.guard }).into()
    });
    now.may = level.may.and(may);
    now.must = level.must.and(must);
    now.machine = level.machine;
}

fn names_machine(condition: &str) -> bool {
    condition.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(tells_machines_apart)
}
