//! `jinmen import`.

use std::collections::BTreeSet;

use jinmen_core::codes::Uscc;
use serde_json::Value;
use store::Db;

use crate::office;
use crate::program::{Running, command, each_place, json, run, where_to, words};

fn import(place: &[String], arguments: &[&str]) -> std::process::Output {
    let place = place.iter().map(String::as_str);
    run(&["import"].into_iter().chain(arguments.iter().copied()).chain(place).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_messy_workbook_is_checked_taken_and_undone_from_the_terminal() {
    each_place(async |place, folder| {
        let book = folder.join("成员单位.xlsx");
        let planted = office::write(&book);
        let book = book.display().to_string();
        let table = ["organizations", &book, "--format", "json"];

        let dry = import(&place, &[&table[..], &["--dry-run"]].concat());
        assert_eq!(dry.status.code(), Some(1), "{}", words(&dry));
        let report = json(&dry);
        assert_eq!(places(&report), planted.faults.iter().map(|(row, column, _)| (*row, column.clone())).collect());
        assert_eq!(report["accepted"], planted.good);
        let rows = planted.good + planted.duplicates + planted.faults.len() as u64;
        assert_eq!(report["rows"], rows);

        let taken = json(&import(&place, &table));
        assert_eq!((&taken["accepted"], &taken["duplicates"]), (&report["accepted"], &report["duplicates"]));
        let again = json(&import(&place, &table));
        assert_eq!(again["accepted"], 0, "they are there already");
        assert_eq!(again["duplicates"], planted.good + planted.duplicates);

        let undone = import(&place, &["undo", taken["import"].as_str().unwrap(), "--format", "json"]);
        assert_eq!((undone.status.code(), &json(&undone)["state"]), (Some(0), &"undone".into()), "{}", words(&undone));
        assert_eq!(json(&import(&place, &[&table[..], &["--dry-run"]].concat()))["accepted"], planted.good);
    })
    .await;
}

fn places(report: &Value) -> BTreeSet<(u32, String)> {
    let faults = report["faults"].as_array().unwrap();
    let places: BTreeSet<_> = faults
        .iter()
        .map(|one| (one["row"].as_u64().unwrap() as u32, one["column"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(places.len(), faults.len());
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_table_exits_with_two_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let place = where_to(None, folder.path());
    let path = folder.path().join("members.xlsx");
    let named = path.display().to_string();
    let missing = import(&place, &["organizations", &named]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(words(&missing).contains("members.xlsx"), "{}", words(&missing));
    for bytes in [&b""[..], b"PK\x03\x04 cut off", b"\0\x01\x02\x03", b"%PDF-1.7\n"] {
        std::fs::write(&path, bytes).unwrap();
        let refused = import(&place, &["organizations", &named, "--format", "json"]);
        assert_eq!(refused.status.code(), Some(2), "{}", words(&refused));
        assert!(words(&refused).contains("jinmen: file: "), "{}", words(&refused));
    }
    let nothing = import(&place, &["undo", "no-such-import"]);
    assert_eq!(nothing.status.code(), Some(1), "{}", words(&nothing));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_whose_process_was_killed_is_brought_to_its_end_and_can_be_undone() {
    const ROWS: u32 = 8_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.csv");
    let mut text = String::from("单位名称,统一社会信用代码\n");
    for number in 0..ROWS {
        let code = Uscc::compose('9', '1', "120199", &format!("MA{number:06}")).unwrap();
        text.push_str(&format!("天津演示第{number}科技有限公司,{code}\n"));
    }
    std::fs::write(&path, text).unwrap();
    let place = where_to(None, folder.path());
    let mut arguments: Vec<&str> = vec!["import", "organizations", path.to_str().unwrap()];
    arguments.extend(place.iter().map(String::as_str));
    let mut killed = Running::start(command(&arguments));
    let id = killed.hears("Writing import").rsplit(' ').next().unwrap().to_owned();
    let db = Db::open_file(&folder.path().join("jinmen.db")).await.unwrap();
    let there = async || db.one::<(i64,)>("SELECT COUNT(*) FROM organization", vec![]).await.unwrap().0;
    while there().await < 500 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    killed.kill();
    assert!(there().await < i64::from(ROWS), "it was killed in the middle");

    // The claim of the dead process would expire by itself; the test does not wait for that.
    db.run("UPDATE job SET locked_until = 0", vec![]).await.unwrap();
    let undone = import(&place, &["undo", &id]);
    assert_eq!(undone.status.code(), Some(0), "{}", words(&undone));
    assert_eq!(there().await, 0, "undone as a whole");
    db.close().await;
    assert_eq!(json(&import(&place, &["organizations", path.to_str().unwrap(), "--format", "json"]))["accepted"], ROWS);
}
