//! Which lines of C and C++ the preprocessor keeps on which target, with guards carried across includes and macros that
//! the tree itself defines.

mod compiled;
mod directives;
mod includes;
mod macros;

pub use compiled::{Compiled, compiled};
pub(crate) use directives::{Directive, What, directives};
pub(crate) use includes::Includer;
use includes::{includers, reach};
pub(crate) use macros::Words;
use macros::{Macros, World, holds};

use crate::target::{Targets, tells_machines_apart};

/// A file of the C family, as guards see it.
pub(crate) struct Unit<'a> {
    pub path: &'a str,
    pub directives: &'a [Directive],
    /// A header is reached through who includes it, a translation unit through the build.
    pub header: bool,
    /// Where the build compiles it, or where its path says that it belongs.
    pub place: Targets,
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
