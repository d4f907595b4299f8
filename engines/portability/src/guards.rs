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
    Undef(Box<str>),
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
        "undef" => What::Undef(first_word().into()),
        _ => return None,
    })
}

/// A file of the C family, as guards see it.
pub(crate) struct Unit<'a> {
    pub path: &'a str,
    pub directives: &'a [Directive],
    /// A header is reached through who includes it, a translation unit through the build.
    pub header: bool,
    /// Where the build compiles it, or where its path says that it belongs.
    pub place: Targets,
}

/// Words that the tree's build files hold: a macro that is neither defined in the tree nor named there is not set.
pub(crate) type Words = HashSet<Box<str>>;

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
    usual: Targets,
    guard: Option<Box<str>>,
    machine: bool,
    opened: u32,
}

/// How a line stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing<'a> {
    /// Where the line may be compiled.
    pub may: Targets,
    /// Where nothing the build decides can take the line away.
    pub must: Targets,
    /// Where the line is compiled when macros that nobody sets are not set.
    pub usual: Targets,
    /// The innermost guards, outermost first.
    pub guard: Option<&'a str>,
    /// Whether a guard tells machines apart.
    pub machine: bool,
    /// The line of the innermost `#if`, 0 outside.
    pub opened: u32,
}

impl Kept {
    pub(crate) fn at(&self, line: u32) -> Standing<'_> {
        let index = self.spans.partition_point(|span| span.line <= line);
        match index.checked_sub(1).and_then(|index| self.spans.get(index)) {
            Some(span) => Standing {
                may: span.may.and(self.reached),
                must: span.must.and(self.reached),
                usual: span.usual.and(self.reached),
                guard: span.guard.as_deref(),
                machine: span.machine,
                opened: span.opened,
            },
            None => Standing {
                may: self.reached,
                must: self.reached,
                usual: self.reached,
                guard: None,
                machine: false,
                opened: 0,
            },
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

impl Defined {
    fn add(&mut self, name: &str, body: Option<&str>, fresh: bool, must: Targets, may: Targets, guard: Option<&str>) {
        // `#if defined(X) … #else #define X`: whether it is defined hangs on itself.
        let pattern = format!("defined({name})");
        let default = guard.is_some_and(|guard| guard.replace(' ', "").contains(&pattern));
        self.fallback = default && (fresh || self.fallback);
        self.must = self.must.or(must);
        self.may = self.may.or(may);
        match body {
            _ if self.bodies.len() >= 16 => self.many = true,
            Some(body) if body.len() < 400 => self.bodies.push((body.into(), may)),
            _ => self.many = true,
        }
    }
}

type Macros = HashMap<Box<str>, Defined>;

struct View<'a> {
    target: Target,
    world: &'a World<'a>,
    /// Where it is there, a macro that is defined nowhere and named in no build file is not defined.
    closed: Option<&'a Words>,
}

/// Beginnings of macros that headers of the system or of well-known libraries define.
const OF_SYSTEMS: [&str; 24] = [
    "MAP_", "SO_", "O_", "SIG", "AF_", "IPPROTO_", "TCP_", "SYS_", "F_", "S_", "CLOCK_", "MADV_", "PROT_", "PTHREAD_",
    "LINUX_", "KERNEL_", "CONFIG_", "BOOST_", "QT_", "Q_", "SOCK_", "EV_", "EPOLL", "UINT",
];

/// Beginnings of names that compilers and C libraries keep for themselves.
const RESERVED: [&str; 40] = [
    "__GLIBC",
    "__USE_",
    "_GNU_",
    "_POSIX",
    "_FILE_",
    "__cplus",
    "__cpp",
    "__STDC",
    "_STDC",
    "__GNU",
    "__clang",
    "__has",
    "__SIZEOF",
    "__WORDSIZE",
    "__OPTIM",
    "__PIC",
    "__PIE",
    "__ELF",
    "__KERNEL",
    "_OPENMP",
    "__CHAR",
    "__NR_",
    "_XOPEN",
    "_BSD",
    "_SVID",
    "_DEFAULT",
    "_LARGEFILE",
    "__INT",
    "__UINT",
    "__FLT",
    "__DBL",
    "__LDBL",
    "__BYTE",
    "__FLOAT",
    "__ORDER",
    "__SANITIZE",
    "__EXCEPTIONS",
    "__NO_",
    "__UCLIBC",
    "__BIONIC",
];

fn nobody_sets(name: &str, closed: Option<&Words>) -> bool {
    closed.is_some_and(|words| {
        !RESERVED.iter().any(|start| name.starts_with(start))
            && !OF_SYSTEMS.iter().any(|start| name.starts_with(start))
            && !words.contains(name)
            && !name.contains("ENDIAN")
            && !matches!(name, "NULL" | "EOF" | "BUFSIZ" | "NDEBUG" | "DEBUG" | "bool" | "unix" | "linux")
    })
}

impl Names for View<'_> {
    fn defined(&self, name: &str) -> Option<bool> {
        if let Some(known) = self.target.predefined(name) {
            return Some(known.is_some());
        }
        match self.world.get(name) {
            Some(defined) if defined.fallback => None,
            Some(defined) if defined.must.has(self.target) => Some(true),
            Some(defined) if !defined.may.has(self.target) && tells_machines_apart(name) => Some(false),
            Some(defined) if !defined.may.has(self.target) && !defined.may.is_empty() => Some(false),
            Some(defined) if defined.may.is_empty() => Some(false),
            Some(_) => None,
            None if foreign_words(name) || nobody_sets(name, self.closed) => Some(false),
            None => None,
        }
    }

    fn value(&self, name: &str, depth: u8) -> Option<i64> {
        if let Some(known) = self.target.predefined(name) {
            return Some(known.unwrap_or(0));
        }
        let Some(defined) = self.world.get(name) else {
            return (foreign_words(name) || nobody_sets(name, self.closed)).then_some(0);
        };
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

/// Evaluates every file, and says who includes each. Two rounds let macros that hang on other macros settle.
pub(crate) fn evaluate_all(units: &[Unit<'_>], words: &Words) -> (Vec<Kept>, Vec<Vec<Includer>>) {
    let (mut macros, mut shared) = (Macros::new(), Macros::new());
    let includers = includers(units);
    // What a translation unit defines holds for it alone, and from the line on in which it is defined.
    let alone: Vec<bool> = units.iter().zip(&includers).map(|(unit, from)| !unit.header && from.is_empty()).collect();
    let mut kept: Vec<Kept> = Vec::new();
    for round in 0..3 {
        kept = units
            .iter()
            .enumerate()
            .map(|(index, unit)| {
                let base = if alone[index] { &shared } else { &macros };
                spans(unit.directives, World { all: &macros, base, own: alone[index].then(Macros::new), words })
            })
            .collect();
        reach(units, &includers, &mut kept);
        if round < 2 {
            macros = collect(units, &kept, &[]);
            shared = collect(units, &kept, &alone);
        }
    }
    (kept, includers)
}

/// Who includes a file, in which line, and whether another file may be meant as well.
pub(crate) type Includer = (usize, u32, bool);

/// For each file, who includes it and in which line.
fn includers(units: &[Unit<'_>]) -> Vec<Vec<Includer>> {
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
                Some(only) if !wanted.starts_with("..") => found[*only].push((index, directive.line, false)),
                _ => {
                    let fitting: Vec<usize> = candidates.iter().filter(fits).take(8).copied().collect();
                    for candidate in &fitting {
                        found[*candidate].push((index, directive.line, fitting.len() > 1));
                    }
                }
            }
        }
    }
    found
}

/// Carries the guards of includes into the files they include, until nothing changes. Cycles end because sets only grow.
fn reach(units: &[Unit<'_>], includers: &[Vec<Includer>], kept: &mut [Kept]) {
    for (index, unit) in units.iter().enumerate() {
        let root = !unit.header || includers[index].is_empty();
        kept[index].reached = if root { unit.place } else { Targets::NONE };
    }
    let mut includes: Vec<Vec<Includer>> = vec![Vec::new(); units.len()];
    for (index, from) in includers.iter().enumerate() {
        from.iter().for_each(|(includer, line, vague)| includes[*includer].push((index, *line, *vague)));
    }
    let mut work: Vec<usize> = (0..units.len()).filter(|index| !kept[*index].reached.is_empty()).collect();
    let carry = |work: &mut Vec<usize>, kept: &mut [Kept]| {
        while let Some(index) = work.pop() {
            for (included, line, vague) in &includes[index] {
                let place = if *vague { units[*included].place } else { Targets::ALL };
                let more = kept[index].at(*line).usual.and(place);
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
            kept.reached = units[index].place;
            work.push(index);
        }
    }
    carry(&mut work, kept);
}

fn reachable(units: &[Unit<'_>], includers: &[Vec<Includer>], includes: &[Vec<Includer>]) -> HashSet<usize> {
    let mut work: Vec<usize> =
        (0..units.len()).filter(|index| !units[*index].header || includers[*index].is_empty()).collect();
    let mut seen: HashSet<usize> = work.iter().copied().collect();
    while let Some(index) = work.pop() {
        work.extend(includes[index].iter().map(|(included, ..)| *included).filter(|included| seen.insert(*included)));
    }
    seen
}

/// All definitions but those of the units that are left out.
fn collect(units: &[Unit<'_>], kept: &[Kept], left_out: &[bool]) -> Macros {
    let mut macros = Macros::new();
    for (index, (unit, kept)) in units.iter().zip(kept).enumerate() {
        if left_out.get(index) == Some(&true) {
            continue;
        }
        for directive in unit.directives {
            let What::Define { name, body } = &directive.what else { continue };
            let standing = kept.at(directive.line);
            let fresh = !macros.contains_key(name);
            let entry = macros.entry(name.clone()).or_default();
            entry.add(name, body.as_deref(), fresh, standing.must, standing.may, standing.guard);
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
    /// The same as the build stands: in it, macros that nobody sets are not set.
    usual: Targets,
    usually_left: Targets,
    guard: String,
    outer: Option<Box<str>>,
    machine: bool,
    outer_machine: bool,
    opened: u32,
    outer_opened: u32,
}

/// Deeper nesting is taken as its surroundings: its branches and ends are counted, so that they close nothing else.
const NESTING: usize = 400;

fn spans(directives: &[Directive], mut world: World<'_>) -> Kept {
    let mut spans: Vec<Span> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut now = Span {
        line: 1,
        may: Targets::ALL,
        must: Targets::ALL,
        usual: Targets::ALL,
        guard: None,
        machine: false,
        opened: 0,
    };
    let mut deeper = 0_usize;
    for (index, directive) in directives.iter().enumerate() {
        match &directive.what {
            What::If(condition) if levels.len() < NESTING => {
                levels.push(Level {
                    may: now.may,
                    must: now.must,
                    left: Targets::ALL,
                    untouched: Targets::ALL,
                    usual: now.usual,
                    usually_left: Targets::ALL,
                    guard: String::new(),
                    outer: now.guard.clone(),
                    machine: now.machine,
                    outer_machine: now.machine,
                    opened: directive.line,
                    outer_opened: now.opened,
                });
                // `#ifndef X` with `#define X` next: an include guard or a default, true when it is first met.
                let once = defines(condition, directives.get(index + 1)) || is_default(condition, world.all);
                branch(&mut levels, Some(if once { "1" } else { condition }), &world, &mut now);
                if once && let Some(level) = levels.last_mut() {
                    level.guard = condition.to_string();
                    now.guard = Some(
                        level
                            .outer
                            .as_deref()
                            .map_or_else(|| condition.clone(), |outer| format!("{outer} > {condition}").into()),
                    );
                }
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
            What::Elif(condition) => branch(&mut levels, Some(condition), &world, &mut now),
            What::Else => branch(&mut levels, None, &world, &mut now),
            What::End => {
                let Some(level) = levels.pop() else { continue };
                now = Span {
                    line: 0,
                    may: level.may,
                    must: level.must,
                    usual: level.usual,
                    guard: level.outer,
                    machine: level.outer_machine,
                    opened: level.outer_opened,
                };
            }
            What::Define { name, body } => {
                world.define(name, body.as_deref(), &now);
                continue;
            }
            What::Undef(name) => {
                world.forget(name, &now);
                continue;
            }
            _ => continue,
        }
        // The directive itself belongs to what surrounds it; what it opens begins on the next line.
        now.line = directive.line + 1;
        spans.push(now.clone());
    }
    Kept { spans, reached: Targets::ALL }
}

/// `#ifndef X` around the only definitions of X: as shipped it is taken.
fn is_default(condition: &str, macros: &Macros) -> bool {
    let name = condition.strip_prefix("!defined(").and_then(|rest| rest.strip_suffix(')'));
    name.and_then(|name| macros.get(name)).is_some_and(|defined| defined.fallback)
}

fn defines(condition: &str, next: Option<&Directive>) -> bool {
    let name = condition.strip_prefix("!defined(").and_then(|rest| rest.strip_suffix(')'));
    matches!((name, next), (Some(name), Some(Directive { what: What::Define { name: defined, .. }, .. })) if **defined == *name)
}

struct World<'a> {
    /// Definitions of the whole tree.
    all: &'a Macros,
    /// Those that others than this unit make.
    base: &'a Macros,
    /// What this unit defined up to the line at hand; `None` for headers, which see what every unit defines.
    own: Option<Macros>,
    words: &'a Words,
}

impl World<'_> {
    fn get(&self, name: &str) -> Option<&Defined> {
        self.own.as_ref().and_then(|own| own.get(name)).or_else(|| self.base.get(name))
    }

    fn define(&mut self, name: &str, body: Option<&str>, now: &Span) {
        let base = self.base.get(name);
        let Some(own) = self.own.as_mut().filter(|_| !now.may.is_empty()) else { return };
        let fresh = base.is_none() && !own.contains_key(name);
        let entry = own.entry(name.into()).or_insert_with(|| base.cloned().unwrap_or_default());
        entry.add(name, body, fresh, now.must, now.may, now.guard.as_deref());
    }

    fn forget(&mut self, name: &str, now: &Span) {
        let base = self.base.get(name);
        let Some(own) = self.own.as_mut().filter(|_| !now.may.is_empty()) else { return };
        let entry = own.entry(name.into()).or_insert_with(|| base.cloned().unwrap_or_default());
        entry.must = entry.must.without(now.may);
        entry.may = entry.may.without(now.must);
        entry.bodies.iter_mut().for_each(|(_, may)| *may = may.without(now.must));
        entry.fallback = false;
    }
}

/// Where a condition holds for certain, and where it may.
fn holds(condition: Option<&str>, world: &World<'_>, closed: bool) -> (Targets, Targets) {
    let (mut yes, mut perhaps) = (Targets::NONE, Targets::NONE);
    for target in Target::ALL {
        let view = View { target, world, closed: closed.then_some(world.words) };
        match condition.map_or(Some(1), |text| evaluate(text, &view, 0)) {
            Some(0) => {}
            Some(_) => yes = yes.with(target),
            None => perhaps = perhaps.with(target),
        }
    }
    (yes, perhaps)
}

fn branch(levels: &mut [Level], condition: Option<&str>, world: &World<'_>, now: &mut Span) {
    let Some(level) = levels.last_mut() else { return };
    let (yes, perhaps) = holds(condition, world, false);
    let may = yes.or(perhaps).and(level.left);
    level.left = level.left.without(yes);
    let (yes, perhaps) = if perhaps.is_empty() { (yes, perhaps) } else { holds(condition, world, true) };
    let usual = yes.or(perhaps).and(level.usually_left);
    let must = yes.and(level.untouched);
    level.usually_left = level.usually_left.without(yes);
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
    now.usual = level.usual.and(usual);
    now.machine = level.machine;
    now.opened = level.opened;
}

pub(crate) fn names_machine(condition: &str) -> bool {
    condition.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(tells_machines_apart)
}

/// Where the lines of a C file are compiled, as far as the preprocessor decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The first line it holds for; it holds until the next one.
    pub line: u32,
    /// Where the lines are certainly compiled once the file is.
    pub must: Targets,
    /// Where they may be.
    pub may: Targets,
}

/// For each C file of a tree, where its lines are compiled: conditions alone, as if a build compiled every file everywhere.
/// This is what `bench/portability/guards.py` holds against compilers.
pub fn compiled(files: &[(&str, &[u8])]) -> Vec<Vec<Compiled>> {
    let read: Vec<Vec<Directive>> = files
        .iter()
        .map(|(_, source)| {
            let parts = crate::mask::parts(source, crate::classify::Syntax::C);
            directives(&crate::mask::without_comments(source, &parts))
        })
        .collect();
    let units: Vec<Unit<'_>> = files
        .iter()
        .zip(&read)
        .map(|((path, _), directives)| Unit { path, directives, header: false, place: Targets::ALL })
        .collect();
    let (kept, _) = evaluate_all(&units, &Words::new());
    kept.iter()
        .map(|kept| {
            kept.spans.iter().map(|span| Compiled { line: span.line, must: span.must, may: span.may }).collect()
        })
        .collect()
}
