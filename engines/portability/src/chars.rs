//! Plain `char` where its sign matters: it is signed on x86 and has none on Arm and RISC-V.

use std::collections::HashMap;

use crate::mask::Part;
use crate::scan::{Hit, sign, unsigned_char};
use crate::signs::{letter, tokens};

const MESSAGE: &str = "plain char has no sign on this CPU: a negative value becomes a positive one";

/// A variable of plain `char` in the function at hand.
#[derive(Default)]
struct Variable {
    /// Lines that store what may be negative.
    stores: Vec<(u32, Vec<u8>)>,
    /// Whether it is made a wider number later.
    widened: bool,
}

/// What is known on the way through a file.
#[derive(Default)]
struct Walk<'a> {
    plain: HashMap<&'a [u8], Variable>,
    /// Within a function that returns plain `char`.
    returns: bool,
    /// Within the initialiser of a table of plain `char`.
    table: bool,
    hits: Vec<(u32, Vec<u8>)>,
}

/// A plain `char` that holds what a function returns as `int`, that is compared with a negative number, or that is made a
/// wider number.
pub(crate) fn read(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    if memchr::memmem::find(source, b"char").is_none() {
        return;
    }
    let mut walk = Walk::default();
    let mut offset = 0;
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let start = offset + line.len() - line.trim_ascii_start().len();
        let code = parts.get(start) == Some(&Part::Code);
        let from = offset;
        offset += line.len() + 1;
        if !code || line.len() > 400 {
            continue;
        }
        let end = (from..from + line.len())
            .find(|at| parts.get(*at) == Some(&Part::Comment))
            .map_or(line.len(), |at| at - from);
        walk.line(number, &line[..end]);
    }
    walk.close();
    walk.hits.sort();
    walk.hits.dedup_by_key(|(line, _)| *line);
    for (line, text) in walk.hits {
        hits.push(sign(line, "char-sign", true, unsigned_char(), MESSAGE, &text));
    }
}

impl<'a> Walk<'a> {
    fn line(&mut self, number: u32, line: &'a [u8]) {
        if line.first() == Some(&b'}') {
            self.close();
        }
        self.outside(number, line);
        declared(line, &mut self.plain);
        if self.plain.is_empty() {
            return;
        }
        if stored(line, &self.plain) || compared(line, &self.plain) {
            self.hits.push((number, line.to_vec()));
        }
        widened(number, line, &mut self.plain);
    }

    /// Tables and functions of plain `char`.
    fn outside(&mut self, number: u32, line: &[u8]) {
        let text = line.trim_ascii();
        let mut rest = text;
        for qualifier in [b"static ".as_slice(), b"const ", b"inline ", b"extern "] {
            rest = rest.strip_prefix(qualifier).unwrap_or(rest).trim_ascii_start();
        }
        if line.first().is_some_and(|first| !first.is_ascii_whitespace())
            && let Some(after) = rest.strip_prefix(b"char ")
        {
            let name = after.iter().position(|byte| !letter(*byte)).unwrap_or(after.len());
            self.returns = name > 0 && after.get(name) == Some(&b'(') && !text.ends_with(b";");
        }
        if rest.starts_with(b"char ") && memchr::memchr(b'[', rest).is_some() && memchr::memchr(b'=', rest).is_some() {
            self.table = true;
        }
        if self.table {
            if negative(text) {
                self.hits.push((number, line.to_vec()));
                self.table = false;
            }
            self.table &= memchr::memchr(b';', text).is_none();
        }
        let returned = text.strip_prefix(b"return").map(<[u8]>::trim_ascii_start);
        if self.returns
            && returned.is_some_and(|value| value.starts_with(b"-") && value.get(1).is_some_and(u8::is_ascii_digit))
        {
            self.hits.push((number, line.to_vec()));
        }
    }

    /// The end of a function: stores into variables that were made wider are places.
    fn close(&mut self) {
        for (_, variable) in self.plain.drain() {
            if variable.widened {
                self.hits.extend(variable.stores);
            }
        }
        self.returns = false;
    }
}

/// A negative number among the members of a table.
fn negative(text: &[u8]) -> bool {
    memchr::memchr_iter(b'-', text).any(|at| {
        text.get(at + 1).is_some_and(u8::is_ascii_digit)
            && matches!(text[..at].trim_ascii_end().last(), Some(b',' | b'{') | None)
            && !text.contains(&b'"')
    })
}

fn declared<'a>(line: &'a [u8], plain: &mut HashMap<&'a [u8], Variable>) {
    let start = line.trim_ascii_start();
    let mut rest = start;
    for qualifier in [b"static ".as_slice(), b"const ", b"register ", b"volatile "] {
        rest = rest.strip_prefix(qualifier).unwrap_or(rest).trim_ascii_start();
    }
    if let Some(names) = rest.strip_prefix(b"char ") {
        let end = memchr::memchr(b';', names).unwrap_or(names.len());
        for name in names[..end].split(|byte| *byte == b',') {
            let name = name.trim_ascii();
            let length = name.iter().position(|byte| !letter(*byte)).unwrap_or(name.len());
            let after = name[length..].trim_ascii_start().first();
            if length > 0 && (after.is_none() || after == Some(&b'=')) {
                plain.insert(&name[..length], Variable::default());
            }
        }
        return;
    }
    for kind in [
        b"int ".as_slice(),
        b"unsigned ",
        b"signed ",
        b"short ",
        b"long ",
        b"wint_t ",
        b"auto ",
        b"uint8_t ",
        b"int8_t ",
    ] {
        if let Some(names) = rest.strip_prefix(kind) {
            tokens(names).for_each(|name| {
                plain.remove(name);
            });
        }
    }
}

/// Functions that answer -1 or EOF beside every character.
const ENDING: [&[u8]; 10] = [
    b"getopt",
    b"getopt_long",
    b"getopt_long_only",
    b"getc",
    b"fgetc",
    b"getchar",
    b"getc_unlocked",
    b"getch",
    b"getchar_unlocked",
    b"gzgetc",
];

/// Assignments of a line: the variable, and what follows the sign.
fn assignments(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    memchr::memchr_iter(b'=', line).filter_map(move |at| {
        let after = line[at + 1..].trim_ascii_start();
        let before = line[..at].trim_ascii_end();
        let start = before.iter().rposition(|byte| !letter(*byte)).map_or(0, |at| at + 1);
        let member =
            start > 0 && (matches!(before[start - 1], b'.' | b'>') || before.get(..start).is_some_and(dereferenced));
        (!member && start < before.len() && line.get(at + 1) != Some(&b'=')).then_some((&before[start..], after))
    })
}

/// `*name`, but not `char *name`'s declaration and not a product.
fn dereferenced(before: &[u8]) -> bool {
    before.last() == Some(&b'*')
}

fn stored(line: &[u8], plain: &HashMap<&[u8], Variable>) -> bool {
    assignments(line).any(|(name, after)| {
        let end = after.iter().position(|byte| !letter(*byte)).unwrap_or(after.len());
        plain.contains_key(name)
            && ((ENDING.contains(&&after[..end]) && after.get(end) == Some(&b'('))
                || (after.starts_with(b"-1") && !after.get(2).is_some_and(|byte| letter(*byte)))
                || after.starts_with(b"EOF"))
    })
}

fn compared(line: &[u8], plain: &HashMap<&[u8], Variable>) -> bool {
    for (operator, right) in [
        (b"<".as_slice(), b"0".as_slice()),
        (b"==", b"-1"),
        (b"!=", b"-1"),
        (b"==", b"EOF"),
        (b"!=", b"EOF"),
        (b">=", b"0"),
    ] {
        for at in memchr::memmem::find_iter(line, operator) {
            let after = line[at + operator.len()..].trim_ascii_start();
            let before = line[..at].trim_ascii_end();
            let start = before.iter().rposition(|byte| !letter(*byte)).map_or(0, |at| at + 1);
            let member = start > 0 && matches!(before[start - 1], b'.' | b'>' | b'*' | b'<');
            let exact =
                after.starts_with(right) && !after.get(right.len()).is_some_and(|byte| letter(*byte) || *byte == b'.');
            if exact && !member && plain.contains_key(&before[start..]) {
                return true;
            }
        }
    }
    false
}

/// Notes stores of computed bytes, and casts to a wider number.
fn widened(number: u32, line: &[u8], plain: &mut HashMap<&[u8], Variable>) {
    let found: Vec<(Vec<u8>, bool)> = assignments(line)
        .map(|(name, after)| {
            let end = memchr::memchr(b';', after).unwrap_or(after.len());
            let value = &after[..end];
            let computed = memchr::memchr(b'\'', value).is_none()
                && memchr::memchr(b'"', value).is_none()
                && (memchr::memchr(b'[', value).is_some() || memchr::memmem::find(value, b">>").is_some());
            (name.to_vec(), computed)
        })
        .collect();
    for (name, computed) in found {
        if computed && let Some(variable) = plain.get_mut(name.as_slice()) {
            variable.stores.push((number, line.to_vec()));
        }
    }
    for cast in [b"(double)".as_slice(), b"(float)", b"(int32_t)", b"(int16_t)", b"(long)", b"(short)"] {
        for at in memchr::memmem::find_iter(line, cast) {
            let after = line[at + cast.len()..].trim_ascii_start();
            let end = after.iter().position(|byte| !letter(*byte)).unwrap_or(after.len());
            if let Some(variable) = plain.get_mut(&after[..end]) {
                variable.widened = true;
            }
        }
    }
}
