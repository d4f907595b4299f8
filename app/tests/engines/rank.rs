//! `jinmen rank`.

use crate::{Folder, jinmen};

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
    assert!(answer["notes"][0].as_str().unwrap().contains("fewer than 5 scores"));
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
}

#[test]
fn a_bad_sheet_exits_2_with_its_place() {
    for (text, words) in [
        ("judge,entry,score\nw,a,1\nw,a,2\n", "s.csv: row 3, column entry: judge w scored entry a twice"),
        ("judge,entry,score\nw,a,inf\n", "s.csv: row 2, column score: inf is not a decimal number"),
        ("judge,entry\nw,a\n", "s.csv: row 1: column score is missing"),
        ("judge,entry,score\n", "s.csv: there are no scores in it"),
    ] {
        let folder = Folder::new(&[("s.csv", text)]);
        let ran = jinmen(folder.0.path(), "rank --scores s.csv --method calibrated");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(words), "{} does not say {words}", ran.err);
    }
}
