//! Signs in C that no table of words can hold: inline assembly, pages of 4 KiB, orders of memory that only x86 keeps.

use std::collections::HashSet;

use crate::mask::Part;
use crate::scan::{Hit, Lines, line_around, sign};
use crate::target::Targets;
use crate::{chars, pages};

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
    "clflush",
    "clwb",
    "sidt",
    "sgdt",
    "rdmsr",
    "wrmsr",
    "movnti",
    "movntdq",
    "emms",
    "monitor",
    "mwait",
    "vmcall",
    "xbegin",
    "xend",
    "endbr",
    ".byte 0x0f",
    ".byte 0xf3",
    ".byte 0xf2",
    ".byte 0xc7",
    "xacquire",
    "xrelease",
    "xtest",
    "rdpmc",
    "invlpg",
    "cpuid",
    "fxsave",
    "xsave",
];

/// Registers of x86 by their names alone, as in `register long a asm("rdi")`.
const REGISTERS: [&str; 32] = [
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    "eax", "ebx", "ecx", "edx", "esi", "edi", "esp", "ebp", "xmm0", "xmm1", "ymm0", "ymm1", "mm0", "st", "cr0", "cr3",
];

/// Reads a C file's bytes for the signs.
pub(crate) fn c(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    assembly(source, parts, hits);
    chars::read(source, parts, hits);
    pages::read(source, parts, hits);
    spins(source, parts, hits);
    machine_code(source, parts, hits);
    detection(source, parts, hits);
}

/// Calls of a function that is named for `cpuid`, whoever wraps it.
fn detection(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    for at in memchr::memmem::find_iter(source, b"cpuid") {
        let end = at + 5;
        let called = source.get(end) == Some(&b'(') || source.get(end..end + 2) == Some(b" (");
        let start = source[..at].iter().rposition(|byte| !letter(*byte)).map_or(0, |before| before + 1);
        let before = source[..start].trim_ascii_end();
        // A declaration has a type before the name; a call has a mark or a line's beginning.
        let fresh = matches!(
            before.last(),
            Some(b';' | b'{' | b'}' | b'(' | b'=' | b'!' | b'&' | b'|' | b',' | b')' | b'/') | None
        ) || before.ends_with(b"return");
        let indented = start > 0 && source[start - 1] != b'\n';
        if called
            && fresh
            && indented
            && start < at
            && parts.get(at) == Some(&Part::Code)
            && !source[start..at].starts_with(b"__")
        {
            hits.push(sign(
                lines.of(at),
                "cpu-detection",
                true,
                Targets::ALL,
                "asks an x86 processor what it can do",
                line_around(source, at),
            ));
        }
    }
}

pub(crate) fn letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(crate) fn tokens(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| !letter(*byte)).filter(|word| !word.is_empty())
}

/// Occurrences of a whole word in code.
pub(crate) fn words<'a>(source: &'a [u8], parts: &'a [Part], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memchr::memmem::find_iter(source, word).filter(move |at| {
        parts.get(*at) == Some(&Part::Code)
            && !(*at > 0 && letter(source[at - 1]))
            && !source.get(at + word.len()).is_some_and(|byte| letter(*byte))
    })
}

/// Statements of assembly, and flags that are waited for, in one file; a file of more is generated.
const STATEMENTS: usize = 20_000;
const FLAGS: usize = 1000;

fn assembly(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    for word in [b"asm".as_slice(), b"__asm__", b"__asm", b"_asm"] {
        let mut lines = Lines::new(source);
        for at in words(source, parts, word).take(STATEMENTS) {
            let line = lines.of(at);
            let end = (at + 3000).min(source.len());
            let body = &source[at + word.len()..end];
            let microsoft = body.trim_ascii_start().first() == Some(&b'{');
            let stop =
                if microsoft { memchr::memchr(b'}', body) } else { statement_end(body, &parts[at + word.len()..end]) };
            let inner = &body[..stop.unwrap_or(0)];
            let inner_parts = &parts[at + word.len()..end];
            let text: Vec<u8> = inner
                .iter()
                .zip(inner_parts)
                .filter(|(_, part)| microsoft || **part == Part::Text)
                .map(|(byte, _)| byte.to_ascii_lowercase())
                .collect();
            let text = String::from_utf8_lossy(&text);
            let bound = text.trim_matches(['"', '%', ' ']);
            if microsoft || speaks_x86(&text) || REGISTERS.contains(&bound) {
                hits.push(sign(
                    line,
                    "inline-asm",
                    true,
                    Targets::ALL,
                    "assembly of x86 within C",
                    line_around(source, at),
                ));
            } else if word != b"_asm" && compiler_fence(inner, inner_parts) && !defines_macro(source, at) {
                hits.push(sign(line, "memory-order", true, Targets::ALL, FENCE, line_around(source, at)));
            }
        }
    }
}

const FENCE: &str = "orders memory for the compiler only, which x86 needs no more than; other CPUs need an atomic with acquire and release";

/// An empty statement that names variables in memory: written to order them, and ordering nothing on a CPU that reorders.
fn compiler_fence(body: &[u8], parts: &[Part]) -> bool {
    let Some((template, operands)) = body.iter().position(|byte| *byte == b':').map(|at| body.split_at(at)) else {
        return false;
    };
    let code = template.iter().zip(parts).any(|(byte, part)| *part == Part::Text && !matches!(byte, b'"' | b' '));
    let operands = operands.trim_ascii();
    let memory = [b"\"m\"".as_slice(), b"\"=m\"", b"\"+m\""];
    !code
        && memory.iter().any(|word| memchr::memmem::find(operands, word).is_some())
        && [b"\"r".as_slice(), b"\"g\"", b"\"+r", b"\"+g", b"X\""]
            .iter()
            .all(|word| memchr::memmem::find(operands, word).is_none())
}

fn defines_macro(source: &[u8], at: usize) -> bool {
    line_around(source, at).trim_ascii_start().starts_with(b"#")
}

/// Whether assembly holds instructions or registers of x86, in lower case.
pub(crate) fn speaks_x86(text: &str) -> bool {
    X86.iter().any(|mark| text.contains(mark)) || tokens(text.as_bytes()).any(names_register)
}

/// Registers whose names no other CPU has: `r8` to `r15` are Arm's too, and `st` is a word.
fn names_register(word: &[u8]) -> bool {
    matches!(
        word,
        b"rax"
            | b"rbx"
            | b"rcx"
            | b"rdx"
            | b"rsi"
            | b"rdi"
            | b"rsp"
            | b"rbp"
            | b"rip"
            | b"eax"
            | b"ebx"
            | b"ecx"
            | b"edx"
            | b"esi"
            | b"edi"
            | b"esp"
            | b"ebp"
            | b"eflags"
            | b"rflags"
            | b"xmm0"
            | b"xmm1"
            | b"ymm0"
            | b"zmm0"
    )
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

/// `while (!flag);` on a volatile variable without a barrier.
fn spins(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut flags: HashSet<&[u8]> = HashSet::new();
    for at in words(source, parts, b"volatile") {
        let line = line_around(source, at);
        let end = memchr::memchr2(b';', b'=', line).unwrap_or(0);
        let name = tokens(&line[..end]).last().filter(|name| !matches!(*name, b"volatile" | b"int" | b"bool"));
        if let Some(name) = name.filter(|_| flags.len() < FLAGS) {
            flags.insert(name);
        }
    }
    volatile_stores(source, parts, hits);
    let has = |word: &[u8]| memchr::memmem::find(source, word).is_some();
    let threads = [b"pthread".as_slice(), b"thread", b"Thread", b"fork(", b"shm", b"mmap", b"atomic"]
        .iter()
        .any(|word| has(word));
    // A flag that a handler of signals sets in the same thread needs no order.
    if flags.is_empty()
        || (!threads && [b"signal(".as_slice(), b"sigaction", b"setitimer"].iter().any(|word| has(word)))
    {
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
            && memchr::memmem::find(text, b"--").is_none()
            && memchr::memmem::find(text, b"++").is_none()
            && tokens(text).any(|word| flags.contains(word))
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

/// `*(volatile T *)&shared = value;`: a publication without an order.
fn volatile_stores(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    for at in memchr::memmem::find_iter(source, b"*(volatile ") {
        let line = line_around(source, at);
        let rest = &source[at..(at + 200).min(source.len())];
        let Some(close) = memchr::memmem::find(rest, b"*)").filter(|close| *close < 60) else { continue };
        let after = rest[close + 2..].trim_ascii_start();
        let Some(value) = after.strip_prefix(b"&") else { continue };
        let end = value
            .iter()
            .position(|byte| !letter(*byte) && !matches!(byte, b'.' | b'-' | b'>' | b'[' | b']'))
            .unwrap_or(0);
        let stored = value[end..].trim_ascii_start();
        let begins = line.trim_ascii_start().starts_with(b"*(volatile");
        if begins && parts.get(at) == Some(&Part::Code) && stored.first() == Some(&b'=') && stored.get(1) != Some(&b'=')
        {
            hits.push(sign(lines.of(at), "memory-order", true, Targets::ALL, FENCE, line));
        }
    }
}

/// Bytes of machine code written over a function or into a page.
pub(crate) fn machine_code(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    for at in memchr::memchr_iter(b'{', source) {
        let before = source[..at].trim_ascii_end();
        let go = before.ends_with(b"[]byte") || before.ends_with(b"[...]byte");
        if parts.get(at) != Some(&Part::Code) || !(before.ends_with(b"=") || go) {
            continue;
        }
        // Go writes the bytes where they are returned: the name is the function's.
        let head = if go { enclosing(before) } else { before };
        let head = &head[head.len().saturating_sub(120)..];
        let head = head.rsplit(|byte| matches!(byte, b';' | b'{' | b'}')).next().unwrap_or_default();
        let lower = String::from_utf8_lossy(head).to_ascii_lowercase();
        let named = [
            "jmp",
            "jump",
            "hook",
            "patch",
            "trampoline",
            "thunk",
            "shellcode",
            "opcode",
            "machine_code",
            "machinecode",
            "stub_code",
            "prologue",
        ]
        .iter()
        .any(|word| lower.contains(word));
        let bytes = go || lower.contains("char") || lower.contains("uint8_t") || lower.contains("byte");
        let first = source[at + 1..].trim_ascii_start();
        let x86 = [
            b"0xff".as_slice(),
            b"0xFF",
            b"0xe9",
            b"0xE9",
            b"0xe8",
            b"0xE8",
            b"0x48",
            b"0x49",
            b"0x68",
            b"0x55",
            b"0x90",
            b"0xcc",
            b"0xCC",
            b"0x50",
            b"0xeb",
            b"0xEB",
            b"0xb8",
            b"0xB8",
        ]
        .iter()
        .any(|start| first.starts_with(start));
        if named && bytes && x86 {
            let shown = if go {
                line_around(source, at)
            } else {
                head.rsplit(|byte| *byte == b'\n').next().unwrap_or_default()
            };
            hits.push(sign(lines.of(at), "arch-ifdef", true, Targets::ALL, "machine code of x86 as bytes", shown));
        }
    }
}

/// From the declaration of the function that is open here to the end.
fn enclosing(before: &[u8]) -> &[u8] {
    let start = memchr::memmem::rfind(before, b"\nfunc ").unwrap_or(0);
    let end = memchr::memchr(b'{', &before[start..]).map_or(before.len(), |end| start + end);
    &before[start..end]
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

/// Whether a line of assembly names a register of x86.
pub(crate) fn x86_registers(line: &[u8]) -> bool {
    if line.is_empty() || line[0] == b'#' || line.starts_with(b"//") || line[0] == b';' {
        return false;
    }
    line.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| {
        word.len() >= 2
            && word.len() <= 5
            && std::str::from_utf8(word).is_ok_and(|word| {
                let lower = word.to_ascii_lowercase();
                REGISTERS[..20].contains(&lower.as_str())
                    && !matches!(lower.as_str(), "r8" | "r9" | "r10" | "r11" | "r12" | "r13" | "r14" | "r15")
            })
    })
}
