//! `jinmen assign`.

use std::path::Path;
use std::process::Output;

use crate::program::{json, run, words};

const SCORES: &str = "judge,entry,score,conflict\na,x,3,\na,y,2,\nb,x,2,\nb,y,1,\nc,x,1,\nc,y,,1\nd,z,4,\ne,z,4,\n";
const JUDGES: &str =
    "judge,load_max,institution,senior\na,2,North,1\nb,2,North,0\nc,2,South,0\nd,1,East,1\ne,1,West,0\n";
const ENTRIES: &str = "entry,demand\nx,2\ny,2\nz,2\n";

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn assign(folder: &Path, more: &[&str]) -> Output {
    let files = [("scores.csv", SCORES), ("judges.csv", JUDGES), ("entries.csv", ENTRIES)];
    let files = files.map(|(name, text)| write(folder, name, text));
    let mut arguments = vec!["assign", "--scores", &files[0], "--judges", &files[1], "--entries", &files[2]];
    arguments.extend(["--format", "json"]);
    arguments.extend(more);
    run(&arguments)
}

#[test]
fn kept_pairs_groups_and_reasons_are_taken_from_and_written_to_tables() {
    let folder = tempfile::tempdir().unwrap();
    let keep = write(folder.path(), "keep.csv", "judge,entry,score\nc,x,1\n");
    let out = folder.path().join("reasons.csv").display().to_string();
    let output = assign(folder.path(), &["--keep", &keep, "--reasons", &out]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert_eq!(json(&output)["objective"], 15.0);
    let reasons = std::fs::read_to_string(&out).unwrap();
    assert!(reasons.starts_with("judge,entry,score,reason\n"), "{reasons}");
    assert!(reasons.contains("c,x,1,kept as it was assigned by hand\n"), "{reasons}");

    let together = write(folder.path(), "groups.csv", "entry,group\nx,pair\ny,pair\nz,\n");
    let pairs = folder.path().join("pairs.csv").display().to_string();
    let output = assign(folder.path(), &["--together", &together, "--out", &pairs]);
    assert_eq!(json(&output)["objective"], 16.0, "{}", words(&output));
    let pairs = std::fs::read_to_string(&pairs).unwrap();
    assert_eq!(pairs, "judge,entry,score\na,x,3\nb,x,2\na,y,2\nb,y,1\nd,z,4\ne,z,4\n");
}

#[test]
fn judges_are_linked_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let apart = json(&assign(folder.path(), &[]));
    let linked = json(&assign(folder.path(), &["--connect"]));
    assert_eq!((apart["components"].as_u64(), linked["components"].as_u64()), (Some(2), Some(1)));
    assert!(linked["objective"].as_f64() < apart["objective"].as_f64());
}

#[test]
fn what_cannot_be_had_is_said_with_what_would_help() {
    let folder = tempfile::tempdir().unwrap();
    let output = assign(folder.path(), &["--one-per-institution", "--one-senior"]);
    let keep = write(folder.path(), "keep.csv", "judge,entry\na,x\nb,x\n");
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let output = assign(folder.path(), &["--keep", &keep, "--one-per-institution"]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let answer = json(&output);
    assert_eq!(answer["blocking"]["entries"][0], "x");
    assert_eq!(answer["relaxations"][0]["message"], "no longer keep judge b on entry x");
    assert_eq!(answer["relaxations"][1]["message"], "give up the side rules");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    for (table, flag, said) in [
        ("judge,entry\nc,y\n", "--keep", "row 2, column judge: the pair cannot be kept: it is a conflict"),
        ("judge,entry\nnobody,y\n", "--keep", "row 2, column judge: there is no judge nobody"),
        ("entry,group\nx,1\nx,2\n", "--together", "row 3, column entry: entry x is in a group already"),
        ("entry\nx\n", "--together", "column group is missing"),
    ] {
        let path = write(folder.path(), "beside.csv", table);
        let output = assign(folder.path(), &[flag, &path]);
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        assert!(words(&output).contains(said), "{}", words(&output));
    }
    for two in [["--quality", "0.9", "--fair"], ["--quality", "0.9", "--connect"]] {
        let output = assign(folder.path(), &two);
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        assert!(words(&output).contains("a draw by lot cannot be combined"), "{}", words(&output));
    }
}
