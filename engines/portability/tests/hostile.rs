//! Nothing of the input may stop, blow up or mislead an assessment.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::io::Write;

use portability::{InMemory, Options, Report, assess, output};
use proptest::prelude::*;

/// The report on one file.
fn of(name: &str, bytes: &[u8], threads: usize) -> Report {
    let tree: InMemory = [(name, bytes)].into_iter().collect();
    assess("hostile", &tree, Vec::new(), &Options { threads, ..Options::default() }, &|_, _| {})
}

const NAMES: [&str; 21] = [
    "a.c",
    "a.h",
    "a.go",
    "a.rs",
    "a.s",
    "a.java",
    "a.py",
    "a.sql",
    "a.jar",
    "a.so",
    "a.tar.gz",
    "a.deb",
    "CMakeLists.txt",
    "a.html",
    "a.cs",
    "a.js",
    "a.php",
    "a.sh",
    "Dockerfile",
    "a.yml",
    "config.sub",
];
const PIECES: [&[u8]; 56] = [
    b"#if ",
    b"#elif ",
    b"#else\n",
    b"#endif\n",
    b"defined(",
    b"(((",
    b")",
    b"__x86_64__",
    b"\\\n",
    b"\"",
    b"'",
    b"/*",
    b"*/",
    b"//",
    b"asm(",
    b"#[cfg(",
    b"all(",
    b"mod a;",
    b"func f(",
    b"{",
    b"}",
    b"\n",
    b"_mm_add(",
    b"char c = ",
    b"\xff\xfe",
    b"PK\x03\x04",
    b"password",
    b"\xe5\xaf\x86",
    b"\xc3\xdc",
    b"md5(",
    b".",
    b"DigestUtils.md5(",
    b"limit ",
    b",{",
    b"FROM ",
    b"case $(uname -m) in\n",
    b"x86_64)",
    b"  exit 1\n",
    b"if(",
    b"PAGE_SIZE 4096",
    b"~0xfff",
    b"cpuid(",
    b"char ",
    b"return -1;",
    b"require('./",
    b".node')",
    b"window.ActiveXObject",
    b"System.load(",
    b".dll\"",
    b"@\"",
    b"TEXT \xc2\xb7f(SB)",
    b"image: a/b:1\n",
    b"  ",
    b"=",
    b"jmp[] = {0xff",
    b"*(volatile int *)&a = ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_pieces_in_any_file(name in 0..NAMES.len(), pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let bytes: Vec<u8> = pieces.iter().flat_map(|piece| PIECES[*piece].to_vec()).collect();
        let one = of(NAMES[name], &bytes, 2);
        let two = of(NAMES[name], &bytes, 1);
        prop_assert_eq!(output::json(&one), output::json(&two));
    }

    #[test]
    fn any_bytes_behind_every_signature(head in prop::sample::select(vec![&b"\x7fELF\x02\x01\x01"[..], b"MZ", b"\xcf\xfa\xed\xfe", b"PK\x03\x04", b"\x1f\x8b\x08", b"!<arch>\n"]), tail in prop::collection::vec(any::<u8>(), 1..400)) {
        let report = of("a.bin", &[head, &tail].concat(), 1);
        // Either it was read or the report says that it was not.
        prop_assert!(report.examined.files + report.not_examined.len() as u64 > 0);
    }
}

#[test]
fn a_bomb_is_listed_not_swallowed() {
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("zeros", zip::write::SimpleFileOptions::default()).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..80 {
        bomb.write_all(&block).unwrap();
    }
    let report = of("a.zip", &bomb.finish().unwrap().into_inner(), 1);
    assert_eq!(
        (report.not_examined[0].path.as_str(), report.not_examined[0].reason.as_str()),
        ("a.zip!/zeros", "too-large")
    );
}

#[test]
fn conditions_nested_too_deep_close_nothing_else() {
    let deep = "#if A\n".repeat(600) + &"#endif\n".repeat(600);
    let source = format!("#ifdef __x86_64__\n{deep}int a = _mm_popcnt_u64(1);\n#endif\nint b = _mm_popcnt_u64(1);\n");
    let report = of("a.c", source.as_bytes(), 1);
    let blockers: Vec<u32> = report.findings.iter().filter(|one| one.blocker).map(|one| one.line).collect();
    assert_eq!(blockers, [1_204]);
}

#[test]
fn a_table_holds_each_finding_as_one_row_whatever_its_path() {
    let report = of("=1,\"2\".c", b"int b = _mm_popcnt_u64(1);\n", 1);
    let table = output::csv(&report);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report.findings.len());
    assert_eq!(&rows[0][0], "'=1,\"2\".c");
}
