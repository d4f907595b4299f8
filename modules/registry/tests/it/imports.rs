//! Importing tables as offices make them.

use axum::http::StatusCode;
use encoding_rs::GB18030;
use jinmen_core::Actor;
use jinmen_core::codes::Uscc;
use registry::model::ImportId;
use registry::ops::imports;

use crate::town::{SYSTEM, Town, each_town};

/// A table with title rows, 万元, mixed dates and duplicates; the rows of `wrong` have a fault each.
fn table(rows: u32, wrong: &[u32]) -> Vec<u8> {
    let mut text = String::from(
        "天津市演示联盟成员单位情况统计表,,,,,\r\n,,,,,单位：万元\r\n序号,单位名称,统一社会信用代码,成立日期,2025年营业收入,从业人数\r\n",
    );
    for number in 0..rows {
        let code = Uscc::compose('9', '1', "120199", &format!("MA{number:06}")).unwrap().to_string();
        let code = if wrong.contains(&number) { format!("{}I", &code[..17]) } else { code };
        let day = match number % 4 {
            0 => "2015年3月8日",
            1 => "2016/4/9",
            2 => "2017.5.10",
            _ => "20180611",
        };
        text.push_str(&format!(
            "{},天津演示第{number}科技有限公司,{code},{day},\"{},{:03}.5\",{}\r\n",
            number + 1,
            number % 9 + 1,
            number % 1000,
            number % 500 + 1
        ));
    }
    text.push_str("合计,,,,,\r\n");
    let (bytes, ..) = GB18030.encode(&text);
    bytes.into_owned()
}

async fn count(town: &Town) -> (usize, usize, usize) {
    let rows: Vec<(i64, i64, i64)> = town
        .test
        .app
        .db
        .list(
            "SELECT (SELECT COUNT(*) FROM organization), (SELECT COUNT(*) FROM fact), (SELECT COUNT(*) FROM search_entry)",
            Vec::new(),
        )
        .await
        .unwrap();
    (rows[0].0 as usize, rows[0].1 as usize, rows[0].2 as usize)
}

fn id_of(location: &str) -> ImportId {
    location.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_messy_table_is_checked_written_and_undone_through_the_pages() {
    each_town(async |town| {
        let before = count(&town).await;
        let wrong: Vec<u32> = (0..40).map(|at| at * 7 + 3).collect();
        let sent = town.secretariat.upload("/work/imports", "成员单位.csv", &table(300, &wrong)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let page = sent.location();
        assert!(town.secretariat.get(&page).await.text().contains("2025年营业收入"));
        assert_eq!(town.stranger.get(&page).await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.secretariat.form(&format!("{page}/check"), &[]).await.status, StatusCode::SEE_OTHER);
        town.test.run_jobs().await;
        assert_eq!(count(&town).await, before, "a check writes nothing");
        let import = imports::get(&town.test.app, &SYSTEM, id_of(&page)).await.unwrap();
        assert_eq!((import.rows, import.accepted, import.faulty), (300, 260, 40));
        let faults = imports::faults(&town.test.app, &import, 500).await.unwrap();
        let rows: Vec<u32> = faults.iter().map(|fault| fault.row - 4).collect();
        assert_eq!(rows, wrong, "exactly the planted ones, by row");
        assert!(faults.iter().all(|fault| fault.column == "C" && fault.field == "uscc"));
        let book = town.secretariat.get(&format!("{page}/faults.xlsx")).await;
        assert_eq!(book.status, StatusCode::OK);
        assert!(book.bytes.starts_with(b"PK"));
        assert_eq!(town.secretariat.form(&format!("{page}/run"), &[]).await.status, StatusCode::SEE_OTHER);
        town.test.run_jobs().await;
        assert_eq!(count(&town).await.0, before.0 + 260);
        assert!(
            town.secretariat
                .get("/work/organizations?q=%E7%AC%AC299")
                .await
                .text()
                .contains("天津演示第299科技有限公司")
        );
        let again = town.secretariat.upload("/work/imports", "成员单位.csv", &table(300, &wrong)).await.location();
        town.secretariat.form(&format!("{again}/check"), &[]).await;
        town.test.run_jobs().await;
        let second = imports::get(&town.test.app, &SYSTEM, id_of(&again)).await.unwrap();
        assert_eq!((second.accepted, second.duplicates, second.faulty), (0, 260, 40), "there already");
        assert_eq!(town.secretariat.form(&format!("{page}/undo"), &[]).await.status, StatusCode::SEE_OTHER);
        town.test.run_jobs().await;
        assert_eq!(count(&town).await, before, "as before");
    })
    .await;
}

#[tokio::test]
async fn a_large_import_that_was_cut_off_goes_on_where_it_stopped() {
    each_town(async |town| {
        let before = count(&town).await;
        let sent = town.secretariat.upload("/work/imports", "large.csv", &table(5_200, &[11])).await.location();
        let id = id_of(&sent);
        imports::perform_check(&town.test.app, id, &imports::Silent).await.unwrap();
        // A listener that dies in the middle, as a killed process would: the future is dropped.
        let half = imports::perform_run(&town.test.app, &SYSTEM, id, None, &imports::Silent);
        tokio::select! {
            _ = half => {}
            () = until(&town, before.0 + 900) => {}
        }
        let there = count(&town).await.0;
        assert!(there < before.0 + 5_199, "it was cut off");
        let import = imports::perform_run(&town.test.app, &SYSTEM, id, None, &imports::Silent).await.unwrap();
        assert_eq!((import.accepted, import.duplicates, import.faulty), (5_199, 0, 1));
        assert_eq!(count(&town).await.0, before.0 + 5_199);
        imports::perform_undo(&town.test.app, &SYSTEM, id, &imports::Silent).await.unwrap();
        assert_eq!(count(&town).await, before);
    })
    .await;
}

async fn until(town: &Town, organizations: usize) {
    while count(town).await.0 < organizations {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_import_that_was_worked_on_cannot_be_undone() {
    each_town(async |town| {
        let sent = town.secretariat.upload("/work/imports", "a.csv", &table(3, &[])).await.location();
        let id = id_of(&sent);
        imports::perform_check(&town.test.app, id, &imports::Silent).await.unwrap();
        imports::perform_run(&town.test.app, &SYSTEM, id, None, &imports::Silent).await.unwrap();
        let list = town.secretariat.get("/api/v1/organizations?q=%E7%AC%AC1").await.json();
        let one = list["items"][0]["id"].as_str().unwrap().to_owned();
        town.secretariat.form(&format!("/work/organizations/{one}/listed"), &[("listed", "yes")]).await;
        let refused = town.secretariat.form(&format!("{sent}/undo"), &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text().contains("不能整体撤销"));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_what_to_do() {
    each_town(async |town| {
        for (name, bytes) in [
            ("a.xlsx", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1garbage"[..]),
            ("a.csv", b""),
            ("a.xlsx", b"PK\x03\x04broken"),
            ("a.pdf", b"%PDF-1.7\n\0\0"),
        ] {
            let page = town.secretariat.upload("/work/imports", name, bytes).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {}", page.text());
            assert!(!page.text().contains("[fault-"), "{name}");
        }
        assert_eq!(town.enterprise.get("/work/imports").await.status, StatusCode::NOT_FOUND);
        let nobody: Actor = Actor::Nobody;
        assert!(imports::list(&town.test.app, &nobody, &Default::default()).await.is_err());
    })
    .await;
}
