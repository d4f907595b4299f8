//! Macros that the tree defines or that nobody sets, and conditions that hang on them.

use std::collections::{HashMap, HashSet};

use super::Span;
use crate::condition::{Names, evaluate};
use crate::target::{Target, Targets, foreign_words, tells_machines_apart};

/// Words that the tree's build files hold: a macro that is neither defined in the tree nor named there is not set.
pub(crate) type Words = HashSet<Box<str>>;

/// Where a macro is defined in the tree.
#[derive(Default, Clone)]
pub(super) struct Defined {
    /// Where some definition is certain, and where one is possible.
    must: Targets,
    may: Targets,
    /// Bodies and where each may stand.
    bodies: Vec<(Box<str>, Targets)>,
    /// Only ever as a default, within `#ifndef` of the same name.
    pub fallback: bool,
    /// More bodies than are worth telling apart.
    many: bool,
}

impl Defined {
    pub fn add(
        &mut self,
        name: &str,
        body: Option<&str>,
        fresh: bool,
        must: Targets,
        may: Targets,
        guard: Option<&str>,
    ) {
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

pub(super) type Macros = HashMap<Box<str>, Defined>;

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

/// What is defined, as one unit sees it.
pub(super) struct World<'a> {
    /// Definitions of the whole tree.
    pub all: &'a Macros,
    /// Those that others than this unit make.
    pub base: &'a Macros,
    /// What this unit defined up to the line at hand; `None` for headers, which see what every unit defines.
    pub own: Option<Macros>,
    pub words: &'a Words,
}

impl World<'_> {
    fn get(&self, name: &str) -> Option<&Defined> {
        self.own.as_ref().and_then(|own| own.get(name)).or_else(|| self.base.get(name))
    }

    pub fn define(&mut self, name: &str, body: Option<&str>, now: &Span) {
        let base = self.base.get(name);
        let Some(own) = self.own.as_mut().filter(|_| !now.may.is_empty()) else { return };
        let fresh = base.is_none() && !own.contains_key(name);
        let entry = own.entry(name.into()).or_insert_with(|| base.cloned().unwrap_or_default());
        entry.add(name, body, fresh, now.must, now.may, now.guard.as_deref());
    }

    pub fn forget(&mut self, name: &str, now: &Span) {
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
pub(super) fn holds(condition: Option<&str>, world: &World<'_>, closed: bool) -> (Targets, Targets) {
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
