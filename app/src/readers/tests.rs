//! Bad files get an answer with a place, and stored inputs of the fuzz targets never panic.

use std::io::{Cursor, Write};

use super::csv_instance::{self, Source};
use super::{ReadError, npz_instance, scores};

fn csv(scores: &str, judges: &str, entries: &str) -> Result<super::Instance, ReadError> {
    csv_instance::read(
        Source { file: "s.csv", from: scores.as_bytes() },
        Source { file: "j.csv", from: judges.as_bytes() },
        Source { file: "e.csv", from: entries.as_bytes() },
    )
}

const JUDGES: &str = "judge,load_min,load_max,institution,senior\nwang,0,2,nankai,1\nli,0,2,,0\n";
const ENTRIES: &str = "entry,demand\na,1\nb,2\n";

#[test]
fn tables_are_read_with_names_rules_and_conflicts() {
    let read = csv("judge,entry,score,conflict\nwang,a,0.5,\nli,a,,1\nli,b,1.25,0\n", JUDGES, ENTRIES).unwrap();
    assert_eq!(read.problem.score(0, 0), Some(0.5));
    assert_eq!(read.problem.score(1, 0), None);
    assert_eq!(read.problem.score(0, 1), Some(0.0));
    assert_eq!(read.names.unwrap().0, ["wang", "li"]);
    assert!(read.problem.has_institutions() && read.problem.has_seniors());
}

#[test]
fn a_bad_cell_is_named_by_file_row_and_column() {
    let head = "judge,entry,score\n";
    for (bad, place, what) in [
        ("wang,a,NaN\n", "row 2, column score", "NaN is not a finite number from 0 up"),
        ("wang,a,inf\n", "row 2, column score", "inf is not a finite number from 0 up"),
        ("wang,a,1\nwang,b,-1\n", "row 3, column score", "-1 is not a finite number from 0 up"),
        ("wang,a,\n", "row 2, column score", "it is empty"),
        ("zhao,a,1\n", "row 2, column judge", "judge zhao is not in the list"),
        ("wang,c,1\n", "row 2, column entry", "entry c is not in the list"),
        ("wang,a,1\nwang,a,1\n", "row 3, column judge", "the pair of judge wang and entry a is there twice"),
        ("wang,a\n", "row 2", "2 values where the heading has 3"),
    ] {
        let error = csv(&format!("{head}{bad}"), JUDGES, ENTRIES).unwrap_err();
        assert_eq!((error.file.as_str(), error.place.as_str(), error.what.as_str()), ("s.csv", place, what));
    }
}

#[test]
fn bad_lists_are_named_by_file_row_and_column() {
    let scores = "judge,entry,score\nwang,a,1\n";
    for (judges, entries, file, place) in [
        ("judge,load_max\nwang,1\nwang,1\n", ENTRIES, "j.csv", "row 3, column judge"),
        ("judge,load_min,load_max\nwang,3,2\n", ENTRIES, "j.csv", "row 2, column load_min"),
        ("judge,load_max\nwang,-1\n", ENTRIES, "j.csv", "row 2, column load_max"),
        ("judge\nwang\n", ENTRIES, "j.csv", "row 1"),
        (JUDGES, "entry,demand\na,1\na,1\n", "e.csv", "row 3, column entry"),
        (JUDGES, "entry,demand\na,3\n", "e.csv", "row 2, column demand"),
        (JUDGES, "entry,demand\na,x\n", "e.csv", "row 2, column demand"),
        // Rows are counted as an editor counts lines.
        (JUDGES, "entry,demand\n\n\nb,1\n\na,3\n", "e.csv", "row 6, column demand"),
        ("\njudge,load_min,load_max\n\n\nwang,3,2\n", ENTRIES, "j.csv", "row 5, column load_min"),
        ("judge,load_min,load_max\r\nli,1,1\r\n\r\n\r\nwang,3,2\r\n", ENTRIES, "j.csv", "row 5, column load_min"),
        ("judge,load_max\n\"a\n\nb\",1\n\nwang\n", ENTRIES, "j.csv", "row 6"),
    ] {
        let error = csv(scores, judges, entries).unwrap_err();
        assert_eq!((error.file.as_str(), error.place.as_str()), (file, place), "{error}");
    }
    assert_eq!(
        csv("judge,entry,score\n", "judge,load_max\n", ENTRIES).unwrap_err().to_string(),
        "j.csv: there are no judges in it"
    );
    assert_eq!(
        csv("judge,entry,score\n", JUDGES, "entry,demand\n").unwrap_err().to_string(),
        "e.csv: there are no entries in it"
    );
}

/// Gives a byte at a time, so that every end of a line falls between two.
struct Slowly<'a>(&'a [u8]);

impl std::io::Read for Slowly<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
        into[0] = *first;
        self.0 = rest;
        Ok(1)
    }
}

#[test]
fn rows_are_counted_whatever_ends_a_line() {
    for end in ["\n", "\r\n"] {
        let text = ["judge,entry,score", "w,a,1", "", "\"l", "x\",a,2", "", "", "w,b,x", ""].join(end);
        let place = |error: ReadError| (error.place, error.what);
        let said = ("row 8, column score".to_owned(), "x is not a decimal number".to_owned());
        assert_eq!(place(scores::read_sheet("r.csv", text.as_bytes()).unwrap_err()), said);
        assert_eq!(place(scores::read_sheet("r.csv", Slowly(text.as_bytes())).unwrap_err()), said);
    }
    // A carriage return alone is a part of the cell, or ends a line; no byte is lost.
    let sheet = scores::read_sheet("r.csv", Slowly(b"judge,entry,score\nw,\"a\rb\",1\r")).unwrap();
    assert_eq!(sheet.entries, ["a\rb"]);
}

/// An array in the format's version 1.
fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn npz(arrays: &[(&str, Vec<u8>)], stored: bool) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let method = if stored { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
    for (name, bytes) in arrays {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn ints(values: &[i32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn good(scores: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("scores", scores),
        ("demand", npy("<i4", false, "(3,)", &ints(&[1, 1, 1]))),
        ("load_max", npy("<i4", false, "(2,)", &ints(&[2, 2]))),
    ]
}

fn read(bytes: Vec<u8>) -> Result<super::Instance, ReadError> {
    npz_instance::read("f.npz", Cursor::new(bytes))?.build()
}

#[test]
fn arrays_of_every_kind_and_order_are_the_same_matrix() {
    let values = [1i32, 2, 3, 4, 5, 6];
    let by_columns = [1i32, 4, 2, 5, 3, 6];
    let f4 = |list: &[i32]| list.iter().flat_map(|value| (*value as f32).to_le_bytes()).collect::<Vec<_>>();
    let f8 = |list: &[i32]| list.iter().flat_map(|value| f64::from(*value).to_le_bytes()).collect::<Vec<_>>();
    let i2 = |list: &[i32]| list.iter().flat_map(|value| (*value as i16).to_be_bytes()).collect::<Vec<_>>();
    let i8s = |list: &[i32]| list.iter().flat_map(|value| i64::from(*value).to_le_bytes()).collect::<Vec<_>>();
    let u1 = |list: &[i32]| list.iter().map(|value| *value as u8).collect::<Vec<_>>();
    let arrays = [
        npy("<f4", false, "(2, 3)", &f4(&values)),
        npy("<f8", true, "(2, 3)", &f8(&by_columns)),
        npy(">i2", false, "(2, 3)", &i2(&values)),
        npy("<i4", true, "(2, 3)", &ints(&by_columns)),
        npy("<i8", false, "(2, 3)", &i8s(&values)),
        npy("|u1", true, "(2, 3)", &u1(&by_columns)),
        npy("|i1", false, "(2, 3)", &u1(&values)),
    ];
    for (number, array) in arrays.into_iter().enumerate() {
        let read = read(npz(&good(array), number % 2 == 0)).unwrap();
        let matrix: Vec<f64> = (0..6).filter_map(|at| read.problem.score(at / 3, at % 3)).collect();
        assert_eq!(matrix, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "{number}");
    }
}

#[test]
fn scale_conflict_and_bounds_are_heeded() {
    let mut arrays = good(npy("<i4", false, "(2, 3)", &ints(&[10, 20, 30, 40, 50, 60])));
    arrays.push(("scale", npy("<i4", false, "()", &ints(&[10]))));
    arrays.push(("conflict", npy("|b1", false, "(2, 3)", &[0, 0, 1, 0, 0, 0])));
    arrays.push(("load_min", npy("<i4", false, "(2,)", &ints(&[1, 0]))));
    let read = read(npz(&arrays, false)).unwrap();
    assert_eq!((read.problem.score(0, 1), read.problem.score(0, 2)), (Some(2.0), None));
    assert_eq!(read.problem.loads(0), 1..=2);
}

#[test]
fn a_bad_array_is_named() {
    let f8 = |list: &[f64]| npy("<f8", false, "(2, 3)", &list.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>());
    let cut = npy("<f8", false, "(2, 3)", &[0; 40]);
    // Sixty thousand brackets, each within the one before: found by fuzzing to take more than twenty seconds.
    let deep = [&b"\x93NUMPY\x01\x00\x60\xea"[..], &[b'['; 60_000]].concat();
    for (array, place, what) in [
        (f8(&[0.0, 1.0, f64::NAN, 0.0, 0.0, 0.0]), "scores[0, 2]", "score NaN is not a finite number from 0 up"),
        (f8(&[0.0, 1.0, 0.0, f64::INFINITY, 0.0, 0.0]), "scores[1, 0]", "score inf is not a finite number from 0 up"),
        (f8(&[0.0, 2.0, 0.0, 0.0, -0.5, 0.0]), "scores[1, 1]", "score -0.5 is not a finite number from 0 up"),
        (
            npy("<i4", false, "(2, 3)", &ints(&[0, 0, 0, 0, 0, -3])),
            "scores[1, 2]",
            "score -3 is not a finite number from 0 up",
        ),
        (cut, "array scores", "it is cut short: 5 of 6 values"),
        (
            npy("<c8", false, "(2, 3)", &[0; 48]),
            "array scores",
            "its type <c8 is not read; use f4, f8, i1 to i8, u1, u2, u4 or bool",
        ),
        (npy("<f8", false, "(6,)", &[0; 48]), "array scores", "it has 1 dimensions, not judges × entries"),
        (deep, "array scores", "its header cannot be read: brackets within brackets"),
        (b"no array at all".to_vec(), "array scores", "it is not an array of NumPy"),
    ] {
        let error = read(npz(&good(array), true)).unwrap_err();
        assert_eq!((error.place.as_str(), error.what.as_str()), (place, what));
    }
}

#[test]
fn missing_empty_and_broken_archives_are_refused() {
    let empty = npy("<i4", false, "(0, 3)", &[]);
    assert_eq!(read(npz(&good(empty), true)).unwrap_err().to_string(), "f.npz: array scores: there are no judges");
    let mut arrays = good(npy("<i4", false, "(2, 3)", &ints(&[0; 6])));
    arrays.remove(1);
    let error = read(npz(&arrays, true)).unwrap_err();
    assert_eq!(error.to_string(), "f.npz: array demand: it is missing; scores, demand and load_max are needed");
    let whole = npz(&good(npy("<i4", false, "(2, 3)", &ints(&[0; 6]))), false);
    for length in 0..whole.len() {
        assert!(read(whole[..length].to_vec()).is_err(), "cut at {length}");
    }
    let error = read(npz(
        &[
            good(npy("<i4", false, "(2, 3)", &ints(&[0; 6]))),
            vec![("load_min", npy("<i4", false, "(2,)", &ints(&[3, 0])))],
        ]
        .concat(),
        true,
    ));
    assert_eq!(error.unwrap_err().to_string(), "f.npz: load_min[0]: judge 0 has load_min 3 above load_max 2");
}

#[test]
fn bounds_that_cannot_be_are_named_by_array_and_place() {
    let ones = || npy("<i4", false, "(2, 3)", &ints(&[1; 6]));
    let with = |name: &'static str, shape: &str, values: &[i32]| {
        let mut arrays = good(ones());
        arrays.retain(|one| one.0 != name);
        arrays.push((name, npy("<i4", false, shape, &ints(values))));
        read(npz(&arrays, false)).unwrap_err().to_string()
    };
    assert_eq!(with("demand", "(3,)", &[1, 1, 3]), "f.npz: demand[2]: entry 2 needs 3 judges, but there are only 2");
    assert_eq!(with("demand", "(3,)", &[1, -1, 1]), "f.npz: demand[1]: -1 is not a whole number from 0 up");
    assert_eq!(with("demand", "(2,)", &[1, 1]), "f.npz: array demand: its shape is [2], expected [3]");
    assert_eq!(with("load_min", "(2,)", &[0, 3]), "f.npz: load_min[1]: judge 1 has load_min 3 above load_max 2");
    assert_eq!(with("scale", "()", &[0]), "f.npz: array scale: it is not one number above 0");
}

#[test]
fn similarities_may_be_negative_but_one_negative_score_is_a_mistake() {
    let matrix = |negative: usize| {
        let value = |at: usize| if at < negative { -0.25f64 } else { 0.5 };
        let values: Vec<u8> = (0..24).flat_map(|at| value(23 - at).to_le_bytes()).collect();
        read(npz(
            &[
                ("scores", npy("<f8", false, "(2, 12)", &values)),
                ("demand", npy("<i4", false, "(12,)", &ints(&[1; 12]))),
                ("load_max", npy("<i4", false, "(2,)", &ints(&[9, 9]))),
            ],
            true,
        ))
    };
    assert_eq!(matrix(12).unwrap().problem.score(1, 11), Some(-0.25));
    let error = matrix(1).unwrap_err().to_string();
    assert_eq!(error, "f.npz: scores[1, 11]: score -0.25 is not a finite number from 0 up");
}

#[test]
fn score_sheets_are_read_and_their_mistakes_named() {
    let sheet = scores::read_sheet("r.csv", "judge,entry,score\nw,a,7.5\nl,a,8\nw,b,6\n".as_bytes()).unwrap();
    assert_eq!(sheet.entries, ["a", "b"]);
    let error = |text: &str| scores::read_sheet("r.csv", text.as_bytes()).unwrap_err().to_string();
    assert_eq!(error("judge,entry,score\nw,a,1\nw,a,2\n"), "r.csv: row 3, column entry: judge w scored entry a twice");
    assert_eq!(error("judge,entry,score\nw,a,NaN\n"), "r.csv: row 2, column score: NaN is not a decimal number");
    assert_eq!(error("judge,entry,score\n"), "r.csv: there are no scores in it");
    let ballot = scores::read_ballot("v.csv", "judge,winner,loser\nw,a,b\n".as_bytes()).unwrap();
    assert_eq!((ballot.judges, ballot.votes[0].winner, ballot.votes[0].loser), (1, 0, 1));
    let error = scores::read_ballot("v.csv", "judge,winner,loser\nw,a,a\n".as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "v.csv: row 2, column loser: a is compared with itself");
}

#[test]
fn damaged_bytes_never_panic() {
    let whole = npz(&good(npy("<i4", false, "(2, 3)", &ints(&[1, 2, 3, 4, 5, 6]))), true);
    for at in 0..whole.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            let _ = read(bytes);
        }
    }
}
