//! Nothing of the input may stop, blow up or mislead an assessment.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::io::Write;

use portability::{Options, assess, output};
use proptest::prelude::*;

const NAMES: [&str; 14] = [
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
];
const PIECES: [&[u8]; 26] = [
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
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_pieces_in_any_file(name in 0..NAMES.len(), pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = pieces.iter().flat_map(|piece| PIECES[*piece].to_vec()).collect();
        std::fs::write(folder.path().join(NAMES[name]), bytes).unwrap();
        let one = assess(folder.path(), &Options::default(), &|_, _| {}).unwrap();
        let two = assess(folder.path(), &Options { threads: 1, ..Options::default() }, &|_, _| {}).unwrap();
        prop_assert_eq!(output::json(&one), output::json(&two));
    }

    #[test]
    fn any_bytes_behind_every_signature(head in prop::sample::select(vec![&b"\x7fELF\x02\x01\x01"[..], b"MZ", b"\xcf\xfa\xed\xfe", b"PK\x03\x04", b"\x1f\x8b\x08", b"!<arch>\n"]), tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.bin"), [head, &tail].concat()).unwrap();
        let report = assess(folder.path(), &Options::default(), &|_, _| {});
        prop_assert!(report.is_ok());
    }
}

#[test]
fn a_bomb_is_listed_not_swallowed() {
    let folder = tempfile::tempdir().unwrap();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("zeros", zip::write::SimpleFileOptions::default()).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..80 {
        bomb.write_all(&block).unwrap();
    }
    std::fs::write(folder.path().join("a.zip"), bomb.finish().unwrap().into_inner()).unwrap();
    let report = assess(folder.path(), &Options::default(), &|_, _| {}).unwrap();
    assert_eq!(
        (report.not_examined[0].path.as_str(), report.not_examined[0].reason.as_str()),
        ("a.zip!/zeros", "too-large")
    );
}

#[cfg(unix)]
#[test]
fn links_are_listed_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/", folder.path().join("up")).unwrap();
    let report = assess(folder.path(), &Options::default(), &|_, _| {}).unwrap();
    assert_eq!(report.not_examined[0].reason, "symlink");
    assert_eq!(report.verdicts["aarch64"].verdict, "unknown");
}
