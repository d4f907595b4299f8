//! Functions that C files define and call: to see which exist on some CPUs only.

use std::collections::HashMap;

use crate::guards::{Kept, What};
use crate::mask::Part;
use crate::scan::Facts;
use crate::signs::letter;
use crate::target::Targets;

/// Names by a digest, each with its line.
#[derive(Debug, Default)]
pub(crate) struct Functions {
    pub defined: Vec<(u64, u32)>,
    pub called: Vec<(u64, u32)>,
    /// Defined for this file alone.
    pub hidden: Vec<u64>,
    /// Lines of assembly that name registers of x86.
    pub x86: Vec<u32>,
}

/// What an assembly file gives to others, and where it is x86's.
pub(crate) fn of_assembly(source: &[u8]) -> Functions {
    let mut found = Functions::default();
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let text = line.trim_ascii();
        for word in [b".globl".as_slice(), b".global", b"global ", b"GLOBAL "] {
            let Some(names) = text.strip_prefix(word).filter(|_| found.defined.len() < 10_000) else { continue };
            for name in names.split(|byte| !letter(*byte)).filter(|name| !name.is_empty()) {
                // On some systems names begin with an underscore that C does not write.
                found.defined.push((digest(name), number));
            }
            break;
        }
        if found.x86.len() < 2000 && crate::signs::x86_registers(text) {
            found.x86.push(number);
        }
    }
    found
}

/// FNV-1a: small, and the same everywhere.
pub(crate) fn digest(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

const KEYWORDS: [&[u8]; 9] = [b"if", b"for", b"while", b"switch", b"return", b"sizeof", b"defined", b"catch", b"do"];

/// Reads a C file's definitions at the margin, and calls.
pub(crate) fn read(source: &[u8], parts: &[Part]) -> Functions {
    let mut found = Functions::default();
    let (mut start, mut line) = (0, 1_u32);
    for text in source.split(|byte| *byte == b'\n') {
        let margin = text.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_');
        for open in memchr::memchr_iter(b'(', text) {
            let name_end = text[..open].trim_ascii_end().len();
            let name_start = text[..name_end].iter().rposition(|byte| !letter(*byte)).map_or(0, |at| at + 1);
            let name = &text[name_start..name_end];
            let code = parts.get(start + open) == Some(&Part::Code);
            if name.is_empty() || name[0].is_ascii_digit() || KEYWORDS.contains(&name) || !code {
                continue;
            }
            let hidden = text.starts_with(b"static") || text.starts_with(b"inline");
            if margin && hidden && body_follows(source, start + open) {
                found.hidden.push(digest(name));
                break;
            }
            if margin && name_start > 0 && text[name_start - 1] != b':' && body_follows(source, start + open) {
                found.defined.push((digest(name), line));
                break;
            }
            let macro_line = text.trim_ascii_start().first() == Some(&b'#');
            if !margin && !macro_line {
                found.called.push((digest(name), line));
            }
        }
        start += text.len() + 1;
        line += 1;
    }
    found
}

/// Whether a brace follows the closing bracket of parameters.
fn body_follows(source: &[u8], open: usize) -> bool {
    let mut depth = 0_i32;
    for at in open..source.len().min(open + 1500) {
        match source[at] {
            b'(' => depth += 1,
            b')' if depth == 1 => return source[at + 1..].trim_ascii_start().first() == Some(&b'{'),
            b')' => depth -= 1,
            b';' | b'{' => return false,
            _ => {}
        }
    }
    false
}

/// A chain of conditions on the machine without another way.
struct Chain {
    opened: u32,
    ended: u32,
    branches: Vec<u32>,
}

/// Whether a condition asks for a CPU, not for a system or for what a CPU can do.
fn names_cpu(condition: &str) -> bool {
    [
        "x86_64",
        "__amd64",
        "__i386",
        "__i686",
        "_M_X64",
        "_M_IX86",
        "_M_AMD64",
        "__aarch64__",
        "__arm__",
        "__powerpc",
        "__mips",
        "__sparc",
    ]
    .iter()
    .any(|word| condition.contains(word))
        && !["_WIN32", "_MSC_VER", "__MINGW", "__APPLE__", "WIN32"].iter().any(|word| condition.contains(word))
}

/// Chains at every depth that name machines and have no `#else`.
fn chains(facts: &Facts) -> Vec<Chain> {
    let mut open: Vec<(Chain, bool, bool)> = Vec::new();
    let mut found = Vec::new();
    for directive in &facts.directives {
        match &directive.what {
            What::If(condition) => {
                let chain = Chain { opened: directive.line, ended: 0, branches: vec![directive.line + 1] };
                open.push((chain, names_cpu(condition), false));
            }
            What::Elif(_) => {
                if let Some((chain, ..)) = open.last_mut() {
                    chain.branches.push(directive.line + 1);
                }
            }
            What::Else => {
                if let Some((_, _, other)) = open.last_mut() {
                    *other = true;
                }
            }
            What::End => {
                if let Some((mut chain, machine, other)) = open.pop()
                    && machine
                    && !other
                {
                    chain.ended = directive.line;
                    found.push(chain);
                }
            }
            _ => {}
        }
    }
    found
}

/// Where each name is defined and where it is called for certain.
pub(crate) struct Names {
    pub defined: HashMap<u64, Targets>,
    pub called: HashMap<u64, Targets>,
    /// Where another file than x86 assembly defines it.
    pub elsewhere: HashMap<u64, Targets>,
}

impl Names {
    pub(crate) fn new(family: &[&Facts], kept: &[Kept]) -> Self {
        let (mut defined, mut called, mut elsewhere) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (facts, kept) in family.iter().zip(kept) {
            for (name, line) in &facts.links.functions.defined {
                let there = kept.at(*line).may;
                let entry: &mut Targets = defined.entry(*name).or_default();
                *entry = entry.or(there);
                if !facts.assembly {
                    let entry: &mut Targets = elsewhere.entry(*name).or_default();
                    *entry = entry.or(there);
                }
            }
            for (name, line) in &facts.links.functions.called {
                let entry: &mut Targets = called.entry(*name).or_default();
                *entry = entry.or(kept.at(*line).must);
            }
        }
        Names { defined, called, elsewhere }
    }
}

/// Chains whose functions exist on some targets only and are called on others: file, line and targets.
pub(crate) fn missing(family: &[&Facts], kept: &[Kept], names: &Names) -> Vec<(usize, u32, Targets)> {
    let chains: Vec<(usize, Chain)> = family
        .iter()
        .enumerate()
        .filter(|(_, facts)| !facts.assembly)
        .flat_map(|(index, facts)| chains(facts).into_iter().map(move |chain| (index, chain)))
        .filter(|(index, chain)| {
            family[*index].links.functions.defined.iter().any(|(_, line)| (chain.opened..chain.ended).contains(line))
        })
        .collect();
    if chains.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, chain) in chains {
        let taken = chain.branches.iter().fold(Targets::NONE, |sum, line| sum.or(kept[index].at(*line).may));
        let left = kept[index].at(chain.opened).must.without(taken);
        let functions =
            family[index].links.functions.defined.iter().filter(|(_, line)| (chain.opened..chain.ended).contains(line));
        let lacking = functions.fold(Targets::NONE, |sum, (name, _)| {
            let there = names.defined.get(name).copied().unwrap_or_default();
            sum.or(names.called.get(name).copied().unwrap_or_default().without(there))
        });
        let lacking = lacking.and(left);
        if !lacking.is_empty() {
            found.push((index, chain.opened, lacking));
        }
    }
    found
}
