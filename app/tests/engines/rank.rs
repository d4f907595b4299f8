//! `jinmen rank`.

use crate::{Folder, jinmen, jinmen_in};

#[test]
fn means_share_the_better_rank_and_have_no_interval() {
    let folder = Folder::new(&[("s.csv", "judge,entry,score\nw,a,8.5\nl,a,7.5\nw,b,9\nl,b,7\nw,c,6\nl,c,6.1\n")]);
    let ran = jinmen(folder.0.path(), "rank --scores s.csv --method mean --format json");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let answer = ran.json();
    assert_eq!((&answer["connected"], &answer["components"]), (&true.into(), &1.into()));
    let entries = answer["entries"].as_array().unwrap();
    let ranks: Vec<(u64, f64)> =
        entries.iter().map(|one| (one["rank"].as_u64().unwrap(), one["score"].as_f64().unwrap())).collect();
    assert_eq!(ranks, [(1, 8.0), (1, 8.0), (3, 6.05)]);
    assert!(entries[0]["low"].is_null() && entries[0]["high"].is_null());
}

#[test]
fn a_trimmed_mean_of_few_scores_is_a_mean_and_says_so() {
    let folder = Folder::new(&[("s.csv", "judge,entry,score\n1,a,1\n2,a,8\n3,a,8\n4,a,8\n5,a,9\n1,b,4\n2,b,6\n")]);
    let answer = jinmen(folder.0.path(), "rank --scores s.csv --method trimmed --format json").json();
    assert_eq!(
        (answer["entries"][0]["score"].as_f64(), answer["entries"][1]["score"].as_f64()),
        (Some(8.0), Some(5.0))
    );
    assert_eq!(answer["notes"][0], "1 entry has fewer than 5 scores: its score is the plain mean");
    for entry in answer["entries"].as_array().unwrap() {
        assert!(entry["low"].is_null() && entry["high"].is_null());
    }
    let chinese = jinmen_in("zh_CN.UTF-8", folder.0.path(), "rank --scores s.csv --method trimmed");
    assert_eq!(chinese.err, "jinmen: 1 件作品的分数不到 5 个：取简单平均\n");
    let wide = jinmen(folder.0.path(), "rank --scores s.csv --method trimmed --trim 2 --format json").json();
    assert_eq!(wide["entries"][0]["score"], 8.0);
    let none = jinmen(folder.0.path(), "rank --scores s.csv --method trimmed --trim 3 --format json").json();
    assert_eq!(
        (none["entries"][0]["score"].as_f64(), &none["notes"][0]),
        (Some(6.8), &"2 entries have fewer than 7 scores: theirs is the plain mean".into())
    );
    assert_eq!(jinmen(folder.0.path(), "rank --scores s.csv --method mean --trim 1").code, 2);
}

#[test]
fn equal_estimates_share_the_better_rank() {
    let folder = Folder::new(&[
        ("s.csv", "judge,entry,score\n1,a,5\n2,a,7\n1,b,7\n2,b,5\n1,c,2\n2,c,3\n"),
        ("v.csv", "judge,winner,loser\n1,a,c\n2,b,c\n"),
    ]);
    for line in
        ["--scores s.csv --method calibrated", "--scores s.csv --method mean", "--scores v.csv --method pairwise"]
    {
        let answer = jinmen(folder.0.path(), &format!("rank {line} --format json")).json();
        let ranks: Vec<u64> =
            answer["entries"].as_array().unwrap().iter().map(|one| one["rank"].as_u64().unwrap()).collect();
        assert_eq!(ranks, [1, 1, 3], "{line}");
    }
}

#[test]
fn panels_that_share_nothing_are_said_to_be_apart() {
    let folder =
        Folder::new(&[("s.csv", "judge,entry,score\n1,a,5\n2,a,6\n1,b,7\n2,b,8\n3,c,2\n4,c,3\n3,d,4\n4,d,5\n")]);
    let answer = jinmen(folder.0.path(), "rank --scores s.csv --method calibrated --format json").json();
    assert_eq!((&answer["connected"], &answer["components"]), (&false.into(), &2.into()));
    for entry in answer["entries"].as_array().unwrap() {
        let number = |field: &str| entry[field].as_f64().unwrap();
        assert!(number("low") <= number("score") && number("score") <= number("high"));
    }
}

#[test]
fn votes_give_log_odds() {
    let folder = Folder::new(&[("v.csv", "judge,winner,loser\n1,a,b\n2,a,b\n1,b,c\n2,b,c\n1,a,c\n2,c,a\n")]);
    let answer = jinmen(folder.0.path(), "rank --scores v.csv --method pairwise --format json").json();
    let names: Vec<&str> =
        answer["entries"].as_array().unwrap().iter().filter_map(|one| one["entry"].as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    let number = |at: usize, field: &str| answer["entries"][at][field].as_f64().unwrap();
    // Log-odds against an average entry: they cancel out, and every interval holds its score.
    assert!((0..3).map(|at| number(at, "score")).sum::<f64>().abs() < 1e-6);
    assert!((0..3).all(|at| number(at, "low") < number(at, "score") && number(at, "score") < number(at, "high")));
    assert_eq!((&answer["connected"], &answer["components"]), (&true.into(), &1.into()));
}

#[test]
fn who_votes_by_chance_counts_less() {
    // Judges 1 to 4 agree on a > b > c > d; judge 5 votes for either as often, and last for d.
    let mut votes = "judge,winner,loser\n".to_owned();
    let order = ["a", "b", "c", "d"];
    for judge in 1..=4 {
        for (at, winner) in order.iter().enumerate() {
            for loser in &order[at + 1..] {
                votes.push_str(&format!("{judge},{winner},{loser}\n"));
            }
        }
    }
    let honest = votes.clone();
    for _ in 0..6 {
        votes.push_str("5,d,a\n5,a,d\n");
    }
    votes.push_str("5,d,a\n");
    let folder = Folder::new(&[("honest.csv", &honest), ("v.csv", &votes)]);
    let first = |file: &str| {
        let answer = jinmen(folder.0.path(), &format!("rank --scores {file} --method pairwise --format json")).json();
        let names: Vec<String> =
            answer["entries"].as_array().unwrap().iter().map(|one| one["entry"].as_str().unwrap().to_owned()).collect();
        names
    };
    assert_eq!(first("honest.csv"), order);
    assert_eq!(first("v.csv"), order);
}

#[test]
fn a_bad_sheet_exits_2_with_its_place() {
    for (text, words) in [
        ("judge,entry,score\nw,a,1\nw,a,2\n", "s.csv: row 3, column entry: judge w scored entry a twice"),
        ("judge,entry,score\nw,a,inf\n", "s.csv: row 2, column score: inf is not a decimal number"),
        ("judge,entry\nw,a\n", "s.csv: row 1: column score is missing"),
        ("judge,entry,score\n", "s.csv: there are no scores in it"),
        ("judge,entry,score\nw,a,NaN\n", "s.csv: row 2, column score: NaN is not a decimal number"),
        ("judge,entry,score\nw,a,7\n\nl,a", "s.csv: row 4: 2 values where the heading has 3"),
        ("judge,entry,score\nw,a,\n", "s.csv: row 2, column score: it is empty"),
        ("", "s.csv: row 1: column judge is missing"),
    ] {
        let folder = Folder::new(&[("s.csv", text)]);
        for method in ["mean", "trimmed", "calibrated"] {
            let ran = jinmen(folder.0.path(), &format!("rank --scores s.csv --method {method}"));
            assert_eq!(ran.code, 2);
            assert!(ran.err.contains(words) && ran.out.is_empty(), "{} does not say {words}", ran.err);
        }
    }
    for (text, words) in [
        ("judge,winner,loser\nw,a,a\n", "v.csv: row 2, column loser: a is compared with itself"),
        ("judge,winner,loser\nw,a\n", "v.csv: row 2: 2 values where the heading has 3"),
        ("judge,winner,loser\n", "v.csv: there are no votes in it"),
        ("judge,entry,score\nw,a,1\n", "v.csv: row 1: column winner is missing"),
    ] {
        let folder = Folder::new(&[("v.csv", text)]);
        let ran = jinmen(folder.0.path(), "rank --scores v.csv --method pairwise");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(words), "{} does not say {words}", ran.err);
    }
}
