//! Signs in C that no table of words can hold: inline assembly, the sign of `char`, pages of 4 KiB, spinning on `volatile`.

use std::collections::HashMap;

use crate::mask::Part;
use crate::scan::{Hit, Lines, line_around, sign, unsigned_char};
use crate::target::{Target, Targets};

/// Marks of x86 in assembly: registers and instructions no other CPU has under that name.
const X86: &[&str] = &[
    "%%rax",
    "%%rbx",
    "%%rcx",
    "%%rdx",
    "%%rsi",
    "%%rdi",
    "%%rsp",
    "%%rbp",
    "%%eax",
    "%%ebx",
    "%%ecx",
    "%%edx",
    "%%xmm",
    "%%ymm",
    "%%esi",
    "%%edi",
    "%rax",
    "%rbx",
    "%rcx",
    "%rdx",
    "%rsi",
    "%rdi",
    "%rsp",
    "%eax",
    "%ebx",
    "%ecx",
    "%edx",
    "%xmm",
    "%ymm",
    "cpuid",
    "rdtsc",
    "xgetbv",
    "pause",
    "mfence",
    "lfence",
    "sfence",
    "lock;",
    "lock ",
    "bswap",
    "cmpxchg",
    "xadd",
    "xchg",
    "movq",
    "movl",
    "movb",
    "addq",
    "addl",
    "adcq",
    "subq",
    "sbbq",
    "mulq",
    "imul",
    "bsfq",
    "bsrq",
    "bsfl",
    "bsrl",
    "popcnt",
    "lzcnt",
    "tzcnt",
    "shld",
    "shrd",
    "rolq",
    "roll ",
    "rorq",
    "leaq",
    "pushq",
    "popq",
    "pushf",
    "popf",
    "int $3",
    "int3",
    "hlt",
    "outb",
    "inb ",
    "fld",
    "fst",
    "fnst",
    "ldmxcsr",
    "stmxcsr",
    "prefetch",
    "crc32",
    "pclmul",
    "rep;",
    "rep ",
    "vzeroupper",
    "sysenter",
    "syscall",
    "testl",
];

/// Reads a C file's bytes for the signs.
pub(crate) fn c(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    assembly(source, parts, hits);
    chars(source, parts, hits);
    pages(source, parts, hits);
    spins(source, parts, hits);
}

fn letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Occurrences of a whole word in code.
fn words<'a>(source: &'a [u8], parts: &'a [Part], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memchr::memmem::find_iter(source, word).filter(move |at| {
        parts.get(*at) == Some(&Part::Code)
            && !(*at > 0 && letter(source[at - 1]))
            && !source.get(at + word.len()).is_some_and(|byte| letter(*byte))
    })
}

fn assembly(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    for word in [b"asm".as_slice(), b"__asm__", b"__asm", b"_asm"] {
        let mut lines = Lines::new(source);
        for at in words(source, parts, word) {
            let line = lines.of(at);
            let end = (at + 3000).min(source.len());
            let body = &source[at + word.len()..end];
            let microsoft = body.trim_ascii_start().first() == Some(&b'{');
            let stop =
                if microsoft { memchr::memchr(b'}', body) } else { statement_end(body, &parts[at + word.len()..end]) };
            let text: Vec<u8> = body
                .iter()
                .zip(&parts[at + word.len()..end])
                .take(stop.unwrap_or(0))
                .filter(|(_, part)| microsoft || **part == Part::Text)
                .map(|(byte, _)| byte.to_ascii_lowercase())
                .collect();
            let text = String::from_utf8_lossy(&text);
            if microsoft || X86.iter().any(|mark| text.contains(mark)) {
                hits.push(sign(
                    line,
                    "inline-asm",
                    true,
                    Targets::ALL,
                    "assembly of x86 within C",
                    line_around(source, at),
                ));
            }
        }
    }
}

fn statement_end(body: &[u8], parts: &[Part]) -> Option<usize> {
    let mut open = 0_i32;
    for (index, (byte, part)) in body.iter().zip(parts).enumerate() {
        match byte {
            _ if *part != Part::Code => {}
            b'(' => open += 1,
            b')' if open <= 1 => return Some(index),
            b')' => open -= 1,
            b';' if open == 0 => return None,
            _ => {}
        }
    }
    None
}

/// A plain `char` that holds what a function returns as `int`, or that is compared with a negative number.
fn chars(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    // Name to where it was last declared, and whether as plain `char`.
    let mut plain: HashMap<&[u8], bool> = HashMap::new();
    if memchr::memmem::find(source, b"char").is_none() {
        return;
    }
    let mut offset = 0;
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let code = parts.get(offset + line.len() - line.trim_ascii_start().len()) == Some(&Part::Code);
        offset += line.len() + 1;
        if !code || line.len() > 400 {
            continue;
        }
        if line.first() == Some(&b'}') {
            plain.clear();
        }
        declared(line, &mut plain);
        if plain.is_empty() {
            continue;
        }
        if stored(line, &plain) || compared(line, &plain) {
            hits.push(sign(
                number,
                "char-sign",
                true,
                unsigned_char(),
                "plain char has no sign on this CPU: -1 is never seen again",
                line,
            ));
        }
    }
}

fn tokens(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| !letter(*byte)).filter(|word| !word.is_empty())
}

fn declared<'a>(line: &'a [u8], plain: &mut HashMap<&'a [u8], bool>) {
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
                plain.insert(&name[..length], true);
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
const ENDING: [&[u8]; 8] =
    [b"getopt", b"getopt_long", b"getopt_long_only", b"getc", b"fgetc", b"getchar", b"getc_unlocked", b"getch"];

fn stored(line: &[u8], plain: &HashMap<&[u8], bool>) -> bool {
    for at in memchr::memchr_iter(b'=', line) {
        let after = line[at + 1..].trim_ascii_start();
        let end = after.iter().position(|byte| !letter(*byte)).unwrap_or(after.len());
        let before = line[..at].trim_ascii_end();
        let start = before.iter().rposition(|byte| !letter(*byte)).map_or(0, |at| at + 1);
        let member = start > 0 && matches!(before[start - 1], b'.' | b'>' | b'*');
        if !member && plain.contains_key(&before[start..]) {
            if ENDING.contains(&&after[..end]) && after.get(end) == Some(&b'(') {
                return true;
            }
            if after.starts_with(b"-1") && !after.get(2).is_some_and(|byte| letter(*byte)) {
                return true;
            }
        }
    }
    false
}

fn compared(line: &[u8], plain: &HashMap<&[u8], bool>) -> bool {
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

/// A page's size written down in a file that maps memory.
fn pages(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let maps = [b"mmap(".as_slice(), b"mprotect(", b"madvise(", b"mremap(", b"sys/mman.h"]
        .iter()
        .any(|call| memchr::memmem::find(source, call).is_some());
    if !maps {
        return;
    }
    let larger = Targets::ALL.without(Targets::NONE.with(Target::Riscv64));
    let mut lines = Lines::new(source);
    let mut offsets: Vec<usize> =
        [b"PAGE_SIZE".as_slice(), b"PAGESIZE", b"page_size", b"PAGE_SHIFT", b"pagesize", b"kPageSize", b"PAGE_MASK"]
            .iter()
            .flat_map(|word| memchr::memmem::find_iter(source, word))
            .filter(|at| parts.get(*at) == Some(&Part::Code))
            .collect();
    offsets.sort_unstable();
    for at in offsets {
        let line = line_around(source, at);
        let text = String::from_utf8_lossy(line);
        let fixed = tokens(line).any(|word| matches!(word, b"4096" | b"0x1000" | b"4096UL" | b"4096u"))
            || (text.contains("PAGE_SHIFT") && tokens(line).any(|word| word == b"12"));
        let set = text.contains("#define")
            || text.contains('=') && !text.contains("==") && !text.contains("<=") && !text.contains(">=");
        if fixed && set && !text.contains("sysconf") {
            hits.push(sign(
                lines.of(at),
                "page-size",
                true,
                larger,
                "pages are not of 4 KiB on every system of this CPU; ask sysconf(_SC_PAGESIZE)",
                line,
            ));
        }
    }
}

/// `while (!flag);` on a volatile variable without a barrier.
fn spins(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut flags: Vec<&[u8]> = Vec::new();
    for at in words(source, parts, b"volatile") {
        let line = line_around(source, at);
        let end = memchr::memchr2(b';', b'=', line).unwrap_or(0);
        if let Some(name) = tokens(&line[..end]).last().filter(|name| !matches!(*name, b"volatile" | b"int" | b"bool"))
        {
            flags.push(name);
        }
    }
    if flags.is_empty() {
        return;
    }
    let mut lines = Lines::new(source);
    for at in words(source, parts, b"while") {
        let line = line_around(source, at);
        let text = line.trim_ascii();
        let empty = text.ends_with(b");") || text.ends_with(b"{}") || text.ends_with(b"{ }");
        if text.starts_with(b"while")
            && empty
            && !text.contains(&b',')
            && tokens(text).any(|word| flags.contains(&word))
        {
            hits.push(sign(
                lines.of(at),
                "memory-order",
                true,
                Targets::ALL,
                "waits on a volatile variable: other CPUs reorder around it; use an atomic with acquire and release",
                line,
            ));
        }
    }
}

/// Whether an assembly file is x86's: by registers and by NASM's sections.
pub(crate) fn x86_assembly(source: &[u8]) -> bool {
    let head = &source[..source.len().min(200_000)];
    let lower = head.to_ascii_lowercase();
    let count = |word: &[u8]| memchr::memmem::find_iter(&lower, word).take(3).count();
    let registers: usize = [
        b"%rax".as_slice(),
        b"%rdi",
        b"%rsi",
        b"%eax",
        b"%xmm",
        b"%ymm",
        b" rax",
        b" rdi",
        b"[rsp",
        b" xmm0",
        b" eax",
        b"%rsp",
        b"%ebx",
        b",eax",
        b",rax",
        b" ymm",
    ]
    .iter()
    .map(|word| count(word))
    .sum();
    registers >= 2
}

/// Names given to `System.loadLibrary`.
pub(crate) fn loads(source: &[u8], parts: &[Part]) -> Vec<(u32, String)> {
    let mut lines = Lines::new(source);
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(source, b"System.loadLibrary(") {
        let rest = &source[at + 19..(at + 150).min(source.len())];
        let Some(name) = rest.strip_prefix(b"\"").and_then(|rest| rest.split(|byte| *byte == b'"').next()) else {
            continue;
        };
        if parts.get(at) == Some(&Part::Code) {
            found.push((lines.of(at), String::from_utf8_lossy(name).into_owned()));
        }
    }
    found
}
