//! `jinmen assign`.

use std::io::Write;

use crate::{Folder, Ran, jinmen, jinmen_in};

const JUDGES: &str = "judge,load_min,load_max,institution,senior\nwang,0,2,n,1\nli,0,2,n,0\nzhao,0,2,t,0\n";
const ENTRIES: &str = "entry,demand\na,2\nb,2\n";
const SCORES: &str =
    "judge,entry,score,conflict\nwang,a,0.9,\nwang,b,0.5,1\nli,a,0.8,\nli,b,0.7,\nzhao,a,0.1,\nzhao,b,0.6,\n";
const TABLES: &str = "assign --scores s.csv --judges j.csv --entries e.csv --format json";

fn run(scores: &str, judges: &str, entries: &str, more: &str) -> (Ran, Folder) {
    let folder = Folder::new(&[("s.csv", scores), ("j.csv", judges), ("e.csv", entries)]);
    let ran = jinmen(folder.0.path(), &format!("{TABLES} {more}"));
    (ran, folder)
}

#[test]
fn tables_give_the_optimum_its_pairs_and_its_proof() {
    let (ran, folder) = run(SCORES, JUDGES, ENTRIES, "--out pairs.csv --proof prices.npz --threads 2");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let answer = ran.json();
    assert_eq!((&answer["feasible"], &answer["optimal"]), (&true.into(), &true.into()));
    assert_eq!((answer["objective"].as_f64(), answer["bound"].as_f64()), (Some(3.0), Some(3.0)));
    assert_eq!((answer["min_entry"].as_f64(), answer["violations"].as_u64()), (Some(1.3), Some(0)));
    assert!(answer["seconds_solve"].as_f64().unwrap() < 5.0);
    let pairs = std::fs::read_to_string(folder.path("pairs.csv")).unwrap();
    assert_eq!(pairs, "judge,entry,score\nwang,a,0.9\nli,a,0.8\nli,b,0.7\nzhao,b,0.6\n");
    assert!(folder.path("prices.npz").exists());
}

#[test]
fn side_rules_and_fairness_are_heeded() {
    let (ran, _folder) = run(SCORES, JUDGES, ENTRIES, "--one-per-institution --out p.csv");
    assert_eq!(ran.json()["objective"].as_f64(), Some(2.3));
    let (ran, _folder) = run(SCORES, JUDGES, "entry,demand\na,2\nb,1\n", "--fair");
    assert_eq!(ran.json()["violations"].as_u64(), Some(0));
    let (ran, _folder) = run(SCORES, JUDGES, ENTRIES, "--one-senior");
    assert_eq!(ran.code, 1, "the only senior judge has a conflict with b");
}

#[test]
fn a_draw_repeats_with_its_seed_and_says_how_random_it_is() {
    let scores = "judge,entry,score\nwang,a,1\nli,a,1\nzhao,a,1\nwang,b,1\nli,b,1\nzhao,b,1\n";
    let draw = |seed: u32| {
        let (ran, folder) = run(
            scores,
            JUDGES,
            "entry,demand\na,1\nb,1\n",
            &format!("--max-probability 0.4 --seed {seed} --out p.csv"),
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        (std::fs::read_to_string(folder.path("p.csv")).unwrap(), ran.json())
    };
    let (pairs, answer) = draw(7);
    assert_eq!(pairs, draw(7).0);
    assert!((8..40).any(|seed| draw(seed).0 != pairs));
    let randomised = &answer["randomised"];
    assert!(randomised["max_probability"].as_f64().unwrap() <= 0.4 + 1e-9);
    for field in ["quality", "average_max", "support", "entropy", "l2"] {
        assert!(randomised[field].is_number(), "{field}");
    }
}

#[test]
fn without_an_assignment_the_blocking_group_is_named() {
    let (ran, folder) = run(SCORES, JUDGES, "entry,demand\na,3\nb,3\n", "--out pairs.csv");
    assert_eq!(ran.code, 1);
    let answer = ran.json();
    assert_eq!(answer["feasible"], false);
    assert_eq!(answer["blocking"]["entries"], serde_json::json!(["b"]));
    assert_eq!(answer["blocking"]["judges"], serde_json::json!(["li", "zhao"]));
    let message = answer["blocking"]["message"].as_str().unwrap();
    assert_eq!(message, "this entry has only 2 judges without conflict: 3 places are needed, 2 can be had");
    assert!(answer["relaxations"].as_array().is_some_and(|list| !list.is_empty()));
    assert!(!folder.path("pairs.csv").exists());
}

#[test]
fn a_chinese_terminal_is_answered_in_chinese() {
    let folder = Folder::new(&[("s.csv", SCORES), ("j.csv", JUDGES), ("e.csv", "entry,demand\na,3\nb,3\n")]);
    let ran = jinmen_in("zh_CN.UTF-8", folder.0.path(), TABLES);
    let answer = ran.json();
    assert_eq!((ran.code, &answer["feasible"]), (1, &false.into()));
    let message = "这 1 件作品没有回避关系的评委只有 2 位：需要 3 个名额，只有 2 个";
    assert_eq!(answer["blocking"]["message"], message);
    assert!(answer["relaxations"][0]["message"].as_str().is_some_and(|text| text.contains("作品 b")), "{answer}");
    let folder = Folder::new(&[("s.csv", SCORES), ("j.csv", JUDGES), ("e.csv", ENTRIES)]);
    let text = jinmen_in("zh_CN.UTF-8", folder.0.path(), TABLES.trim_end_matches(" --format json"));
    assert!(text.out.starts_with("共 4 对，总分 3（已是最高 3）\n"), "{}", text.out);
    assert!(text.out.contains("wang\ta\t0.9\t没有回避关系的 3 位评委中排第 1\n"), "{}", text.out);
}

#[test]
fn bad_input_exits_2_with_file_and_place_and_writes_nothing() {
    for (scores, judges, entries, words) in [
        ("judge,entry,score\nwang,a,NaN\n", JUDGES, ENTRIES, "s.csv: row 2, column score: NaN is not a finite number"),
        ("judge,entry,score\nwang,a,-1\n", JUDGES, ENTRIES, "s.csv: row 2, column score: -1 is not a finite number"),
        (SCORES, "judge,load_max\n", ENTRIES, "j.csv: there are no judges"),
        (
            SCORES,
            JUDGES,
            "entry,demand\na,9\nb,1\n",
            "e.csv: row 2, column demand: entry a needs 9 judges, there are 3",
        ),
        (SCORES, "judge,load_min,load_max\nwang,3,2\n", ENTRIES, "j.csv: row 2, column load_min"),
        (SCORES, "judge,load_max\nwang,1\nwang,1\n", ENTRIES, "j.csv: row 3, column judge: judge wang is there twice"),
        (SCORES, JUDGES, "entry,demand\na,1\na,1\n", "e.csv: row 3, column entry: entry a is there twice"),
        (SCORES, JUDGES, "entry,demand\n", "e.csv: there are no entries"),
        (
            "judge,entry,score\nwang,a,-inf\n",
            JUDGES,
            ENTRIES,
            "s.csv: row 2, column score: -inf is not a finite number",
        ),
        ("judge,entry,score\nwang,a,1\nli,a", JUDGES, ENTRIES, "s.csv: row 3: 2 values where the heading has 3"),
        ("judge,ent", JUDGES, ENTRIES, "s.csv: row 1: column entry is missing"),
        ("", JUDGES, ENTRIES, "s.csv: row 1: column judge is missing"),
        (SCORES, "judge,load_min,load_max\nwang,0,2\nli,0", ENTRIES, "j.csv: row 3: 2 values"),
        (SCORES, JUDGES, "entry,demand\na,2\nb", "e.csv: row 3: 1 values"),
    ] {
        let (ran, folder) = run(scores, judges, entries, "--out pairs.csv");
        assert_eq!(ran.code, 2, "{words}");
        assert!(ran.err.contains(words), "{} does not say {words}", ran.err);
        assert!(ran.out.is_empty() && !folder.path("pairs.csv").exists());
    }
}

/// An array of whole numbers as NumPy writes it.
fn array(shape: &str, values: &[i32]) -> Vec<u8> {
    let header = format!("{{'descr': '<i4', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes
}

fn archive(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_bad_archive_exits_2_with_file_array_and_place() {
    let scores = |values: &[i32; 4]| ("scores", array("(2, 2)", values));
    let demand = |values: &[i32; 2]| ("demand", array("(2,)", values));
    let load = |name: &'static str, values: &[i32; 2]| (name, array("(2,)", values));
    let good = archive(&[scores(&[1, 2, 3, 4]), demand(&[1, 1]), load("load_max", &[2, 2])]);
    let cut = |length: usize| good[..length].to_vec();
    let short = array("(2, 2)", &[1, 2, 3]);
    for (bytes, words) in [
        (cut(good.len() / 2), "f.npz: it is not a complete .npz archive"),
        (cut(0), "f.npz: it is not a complete .npz archive"),
        (archive(&[("scores", short)]), "f.npz: array scores: it is cut short"),
        (archive(&[scores(&[1, 2, -3, 4])]), "f.npz: array demand: it is missing"),
        (
            archive(&[scores(&[1, 2, -3, 4]), demand(&[1, 1]), load("load_max", &[2, 2])]),
            "f.npz: scores[1, 0]: score -3 is not a finite number from 0 up",
        ),
        (
            archive(&[scores(&[1; 4]), demand(&[1, 3]), load("load_max", &[2, 2])]),
            "f.npz: demand[1]: entry 1 needs 3 judges",
        ),
        (
            archive(&[scores(&[1; 4]), demand(&[1, 1]), load("load_max", &[2, 2]), load("load_min", &[0, 3])]),
            "f.npz: load_min[1]: judge 1 has load_min 3 above load_max 2",
        ),
        (archive(&[("scores", array("(0, 2)", &[]))]), "f.npz: array scores: there are no judges"),
        (archive(&[("scores", array("(2, 0)", &[]))]), "f.npz: array scores: there are no entries"),
    ] {
        let folder = Folder::new(&[]);
        std::fs::write(folder.path("f.npz"), bytes).unwrap();
        let ran = jinmen(folder.0.path(), "assign --npz f.npz --out pairs.csv --format json");
        assert_eq!(ran.code, 2, "{words}: {}", ran.out);
        assert!(ran.err.contains(words), "{} does not say {words}", ran.err);
        assert!(ran.out.is_empty() && !folder.path("pairs.csv").exists());
    }
    let folder = Folder::new(&[]);
    std::fs::write(folder.path("f.npz"), good).unwrap();
    let ran = jinmen(folder.0.path(), "assign --npz f.npz --format json");
    assert_eq!((ran.code, ran.json()["objective"].as_f64()), (0, Some(7.0)));
}

#[test]
fn a_relaxation_that_is_followed_gives_an_assignment() {
    // Both are short: an entry of judges, and a judge of entries.
    let scores = "judge,entry,score,conflict\nwang,a,1,1\nli,a,1,1\nzhao,b,1,1\nwang,b,1,1\n";
    let judges = "judge,load_min,load_max\nwang,1,2\nli,0,2\nzhao,0,2\n";
    let (ran, _folder) = run(scores, judges, "entry,demand\na,2\nb,1\n", "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let answer = ran.json();
    let conflicts =
        answer["relaxations"].as_array().unwrap().iter().find(|one| one["changes"][0]["kind"] == "conflict");
    let lifted: Vec<(String, String)> = conflicts.unwrap()["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["judge"].as_str().unwrap().to_owned(), one["entry"].as_str().unwrap().to_owned()))
        .collect();
    // One conflict lifted helps both.
    assert_eq!(lifted, [("wang".to_owned(), "a".to_owned())]);
    let (ran, _folder) = run(&scores.replace("wang,a,1,1", "wang,a,1,"), judges, "entry,demand\na,2\nb,1\n", "");
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn options_that_exclude_each_other_exit_2() {
    let folder = Folder::new(&[]);
    for line in [
        "assign",
        "assign --npz x.npz --scores s.csv",
        "assign --npz x.npz --quality 2",
        "assign --npz x.npz --quality 0.9 --fair",
        "assign --npz missing.npz",
    ] {
        assert_eq!(jinmen(folder.0.path(), line).code, 2, "{line}");
    }
    let help = jinmen(folder.0.path(), "assign --help");
    assert_eq!(help.code, 0);
    assert!(help.out.contains("Examples:"));
}
