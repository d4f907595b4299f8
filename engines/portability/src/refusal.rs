//! Programs that ask at run time, or while they are built, which machine they are on, and give up on those they do not know:
//! `runtime.GOARCH` of Go, `os.arch` of Java, `process.arch` of Node, `CARGO_CFG_TARGET_ARCH` of Rust's build programs.

use crate::build::machines;
use crate::mask::Part;
use crate::scan::{Hit, Lines, line_around, sign};
use crate::signs::letter;
use crate::target::{Target, Targets};

/// What gives the machine's name.
const ASKED: [&str; 9] = [
    "runtime.GOARCH",
    "\"os.arch\"",
    "process.arch",
    "os.arch()",
    "CARGO_CFG_TARGET_ARCH",
    "RuntimeInformation.ProcessArchitecture",
    "RuntimeInformation.OSArchitecture",
    "consts::ARCH",
    "SystemUtils.OS_ARCH",
];

/// How far a choice is read.
const REACH: usize = 6000;

struct Reader<'a> {
    source: &'a [u8],
    parts: &'a [Part],
    /// Words that stand for the machine's name: the question itself, and variables that hold its answer.
    names: Vec<String>,
}

/// Finds the lines that give up.
pub(crate) fn read(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let asked: Vec<usize> = ASKED
        .iter()
        .flat_map(|word| memchr::memmem::find_iter(source, word.as_bytes()))
        .filter(|at| parts.get(*at) != Some(&Part::Comment))
        .collect();
    if asked.is_empty() {
        return;
    }
    let mut names: Vec<String> = ASKED.iter().map(|word| (*word).to_owned()).collect();
    names.extend(asked.iter().filter_map(|at| variable(line_around(source, *at))));
    let reader = Reader { source, parts, names };
    let mut found: Vec<(usize, Targets)> = Vec::new();
    for word in [b"if".as_slice(), b"switch", b"match"] {
        for at in crate::signs::words(source, parts, word) {
            // An `else if` is read with the chain that it goes on.
            if source[..at].trim_ascii_end().ends_with(b"else") {
                continue;
            }
            if word == b"if" { reader.chain(at, &mut found) } else { reader.choice(at + word.len(), &mut found) }
        }
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    let mut lines = Lines::new(source);
    for (at, targets) in found {
        let line = lines.of(at);
        if !targets.is_empty() {
            hits.push(sign(
                line,
                "arch-detect",
                true,
                targets,
                "the program gives up on this CPU",
                line_around(source, at),
            ));
        }
    }
}

/// The name on the left of an assignment.
fn variable(line: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    let at = text.find('=').filter(|at| !text[at + 1..].starts_with('='))?;
    let left = text[..at].trim_end_matches(':').split(':').next()?.trim();
    let name = left.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next()?;
    (name.len() > 2).then(|| name.to_owned())
}

impl Reader<'_> {
    fn asks(&self, text: &str) -> bool {
        self.names.iter().any(|name| {
            text.match_indices(name.as_str()).any(|(at, _)| {
                let plain = |byte: Option<&u8>| !byte.is_some_and(|byte| letter(*byte));
                plain(at.checked_sub(1).and_then(|before| text.as_bytes().get(before)))
                    && plain(text.as_bytes().get(at + name.len()))
            })
        })
    }

    fn code(&self, at: usize) -> bool {
        self.parts.get(at) == Some(&Part::Code)
    }

    /// The brace that opens what follows, if it is near.
    fn opening(&self, from: usize) -> Option<usize> {
        (from..self.source.len().min(from + 400))
            .find(|at| self.code(*at) && matches!(self.source[*at], b'{' | b';'))
            .filter(|at| self.source[*at] == b'{')
    }

    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_u32;
        for at in open..self.source.len().min(open + REACH) {
            match self.source[at] {
                _ if !self.code(at) => {}
                b'{' => depth += 1,
                b'}' if depth <= 1 => return Some(at),
                b'}' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn text(&self, from: usize, to: usize) -> String {
        String::from_utf8_lossy(self.source.get(from..to).unwrap_or_default()).into_owned()
    }

    /// `if … { } else if … { } else { }` on the machine's name.
    fn chain(&self, start: usize, found: &mut Vec<(usize, Targets)>) {
        let (mut at, mut left, mut told) = (start + 2, Targets::ALL, false);
        for _ in 0..20 {
            let Some(open) = self.opening(at) else {
                // `if (arch != x) throw …;` without braces.
                return self.single(at, left, found);
            };
            let condition = self.text(at, open);
            let Some(close) = self.closing(open) else { return };
            if self.asks(&condition)
                && let Some(targets) = held(&condition)
            {
                self.gives_up(open, close, targets.and(left), found);
                left = left.without(targets);
                told = true;
            } else if !told {
                return;
            }
            let rest = self.source[close + 1..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"else") else { return };
            let next = self.source.len() - rest.len();
            if rest.trim_ascii_start().starts_with(b"if") {
                at = self.source.len() - rest.trim_ascii_start().len() + 2;
                continue;
            }
            if let Some((open, close)) = self.opening(next).and_then(|open| Some((open, self.closing(open)?))) {
                self.gives_up(open, close, left, found);
            }
            return;
        }
    }

    fn single(&self, at: usize, left: Targets, found: &mut Vec<(usize, Targets)>) {
        let end = (at..self.source.len().min(at + 400)).find(|at| self.code(*at) && self.source[*at] == b';');
        let Some(end) = end else { return };
        let text = self.text(at, end);
        let Some((condition, _)) = text.rsplit_once(") ").filter(|(condition, _)| self.asks(condition)) else { return };
        if let Some(targets) = held(condition) {
            self.gives_up(at + condition.len(), end, targets.and(left), found);
        }
    }

    /// `switch arch { case "amd64": … default: … }` and `match arch { "x86_64" => …, _ => … }`.
    fn choice(&self, at: usize, found: &mut Vec<(usize, Targets)>) {
        let Some(open) = self.opening(at) else { return };
        let (Some(close), true) = (self.closing(open), self.asks(&self.text(at, open))) else { return };
        let mut there = Targets::NONE;
        let mut named = false;
        let mut rest = None;
        let mut place = open + 1;
        for line in self.source[open + 1..close].split(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line).trim().to_owned();
            let label = text.strip_prefix("case ").map(|rest| rest.split(':').next().unwrap_or(rest));
            let label =
                label.or_else(|| text.split_once("=>").map(|(label, _)| label).filter(|label| label.contains('"')));
            if let Some(label) = label {
                named |= machines(label).is_some();
                there = there.or(machines(label).unwrap_or_default());
            } else if text.starts_with("default")
                || text.starts_with("_ =>")
                || text.starts_with("other =>")
                || text.starts_with("arch =>")
            {
                rest = Some(place);
            }
            place += line.len() + 1;
        }
        if let Some(rest) = rest.filter(|_| named) {
            let end = self.source[rest + 1..close]
                .windows(6)
                .position(|word| word == b"\tcase " || word == b" case ")
                .map_or(close, |at| rest + 1 + at);
            self.gives_up(rest, end, Targets::ALL.without(there), found);
        }
    }

    /// The first line of a block that ends the program or the call with an error.
    fn gives_up(&self, from: usize, to: usize, targets: Targets, found: &mut Vec<(usize, Targets)>) {
        let text = self.text(from, to);
        if text.len() > 800 {
            return;
        }
        let words = [
            "throw ",
            "panic(",
            "panic!(",
            "log.Fatal",
            "os.Exit(",
            "System.exit(",
            "process.exit(",
            "fmt.Errorf(",
            "errors.New(",
            "Err(",
            "unimplemented!(",
            "compile_error!(",
            "process::exit(",
            "Environment.Exit(",
            "raise ",
        ];
        if let Some(at) = words.iter().filter_map(|word| text.find(word)).min() {
            found.push((from + at, targets));
        }
    }
}

/// Where a condition on the machine's name holds.
fn held(condition: &str) -> Option<Targets> {
    // `!arch.equals("amd64")` denies as `!=` does.
    let equals = condition.replace(".equals(", " == ").replace(".equalsIgnoreCase(", " == ");
    let denied = condition.contains('!') && !condition.contains("!=") && !condition.contains("||");
    let names: Targets = Target::ALL.into_iter().collect();
    match machines(&equals.replace('!', if condition.contains("!=") { "!" } else { "" })) {
        Some(targets) if denied => Some(names.without(targets)),
        found => found,
    }
}
