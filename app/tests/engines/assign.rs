//! `jinmen assign`.

use crate::{Folder, Ran, jinmen};

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
    ] {
        let (ran, folder) = run(scores, judges, entries, "--out pairs.csv");
        assert_eq!(ran.code, 2, "{words}");
        assert!(ran.err.contains(words), "{} does not say {words}", ran.err);
        assert!(ran.out.is_empty() && !folder.path("pairs.csv").exists());
    }
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
