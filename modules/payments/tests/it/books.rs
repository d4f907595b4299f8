use std::io::Read;

use axum::http::Method;
use serde_json::{Value, json};

use crate::town::{API, Town, each_town};

/// Dues overdue in part, dues paid, a subsidy with one instalment paid, something cancelled.
async fn fill(town: &Town) {
    let parts = json!([
        { "amount": 100_000, "due_on": "2026-02-28" },
        { "amount": 150_000, "due_on": "2026-05-31" },
        { "amount": 250_000, "due_on": "2026-09-30" },
    ]);
    let overdue = town.owe(json!({ "title": "会费甲", "instalments": parts })).await;
    town.pay(&overdue, 120_000).await;
    let paid = town.owe(json!({ "title": "会费乙", "subject": town.other.text(), "amount": 30_000 })).await;
    town.pay(&paid, 30_000).await;
    let subsidy = json!({
        "title": "适配补贴", "direction": "out", "amount": 1_000_000, "benefit": "信创十条/第三条",
        "payers": [{ "name": "市级", "amount": 500_000 }, { "name": "区级", "amount": 500_000 }],
        "instalments": [{ "amount": 600_000, "due_on": "2026-06-30" }, { "amount": 400_000, "condition": "=验收" }],
    });
    let subsidy = town.owe(subsidy).await;
    town.pay(&subsidy, 600_000).await;
    let cancelled = town.owe(json!({ "title": "误登记", "direction": "out" })).await;
    town.desk.json(Method::POST, &format!("{API}/{cancelled}/cancel"), &json!({ "why": "重复" }), &[]).await;
}

async fn titles(town: &Town, query: &str) -> Vec<String> {
    let page = town.desk.get(&format!("{API}?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text());
    let items = page.json()["items"].clone();
    items.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_list_is_narrowed_by_way_state_words_and_days() {
    each_town(async |town| {
        fill(&town).await;
        assert_eq!(titles(&town, "").await, ["误登记", "适配补贴", "会费乙", "会费甲"]);
        assert_eq!(titles(&town, "direction=in").await, ["会费乙", "会费甲"]);
        assert_eq!(titles(&town, "state=open").await, ["会费甲", "适配补贴"]);
        assert_eq!(titles(&town, "state=overdue").await, ["会费甲"]);
        assert_eq!(titles(&town, "state=paid").await, ["会费乙"]);
        assert_eq!(titles(&town, "state=cancelled&direction=out").await, ["误登记"]);
        assert_eq!(titles(&town, "due_before=2026-06-30").await, ["会费甲"]);
        assert_eq!(titles(&town, "q=%E5%8F%A6%E4%B8%80").await, ["会费乙"], "by the subject's name");
        assert_eq!(titles(&town, "q=buchong").await, [""; 0]);
        assert_eq!(titles(&town, "q=butie").await, ["适配补贴"], "by pinyin");
        assert_eq!(titles(&town, "q=KX-2026-0002").await, ["会费乙"], "by number");
        assert_eq!(titles(&town, &format!("subject={}&state=all", town.other)).await, ["会费乙"]);
        for wrong in ["state=gone", "direction=up", "due_before=soon", "after=x"] {
            assert_eq!(town.desk.get(&format!("{API}?{wrong}")).await.status, 422, "{wrong}");
        }
        let found = town.desk.get("/work/payments?q=%E8%A1%A5%E8%B4%B4").await.text();
        assert!(found.contains("适配补贴") && !found.contains("会费甲"));
    })
    .await;
}

#[tokio::test]
async fn pages_of_the_list_follow_each_other_in_either_order() {
    each_town(async |town| {
        for at in 0..7 {
            town.owe(json!({ "title": format!("第{at}笔"), "due_on": format!("2026-0{}-15", 1 + at % 3) })).await;
        }
        for query in ["direction=in", "state=open"] {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = town.desk.get(&format!("{API}?{query}&limit=3&after={after}")).await.json();
                seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["number"].to_string()));
                match page["next"].as_str() {
                    Some(next) => after = next.to_owned(),
                    None => break,
                }
            }
            let mut distinct = seen.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!((seen.len(), distinct.len()), (7, 7), "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn totals_count_what_is_overdue_by_instalments_and_what_was_paid_this_year() {
    each_town(async |town| {
        fill(&town).await;
        let old = json!({ "amount": 50_000, "payer": "某某", "paid_on": "2025-12-31" });
        let id = town.owe(json!({ "title": "去年的", "amount": 50_000 })).await;
        town.desk.json(Method::POST, &format!("{API}/{id}/payments"), &old, &[]).await;
        let totals = payments::ops::read::totals(&town.test.app, &town.desk.actor).await.unwrap();
        let figures =
            totals.map(|(_, one)| [one.open, one.overdue, one.paid].map(|figure| (figure.amount.fen(), figure.count)));
        assert_eq!(figures[0], [(400_000, 1), (0, 0), (600_000, 1)], "granted");
        // 1,000 and 1,500 yuan are due, 1,200 were paid.
        assert_eq!(figures[1], [(380_000, 1), (130_000, 1), (150_000, 2)], "owed to the office");
        let page = town.desk.get("/work/payments").await.text();
        assert!(page.contains("逾期未收到") && page.contains("1,300.00<small> 元</small>"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn the_list_comes_out_as_csv_xlsx_and_json_and_that_is_recorded() {
    each_town(async |town| {
        fill(&town).await;
        let csv = town.desk.get("/work/payments.csv?direction=out").await;
        assert_eq!(csv.status, 200);
        let text = csv.text();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(
            lines[0].starts_with("编号,收付,对方,事项,政策条款编号,确定日期,金额（元）,已付（元）,未付（元）"),
            "{text}"
        );
        assert!(lines[2].contains("适配补贴") && lines[2].contains("10000.0,6000.0,4000.0"), "{text}");
        assert!(lines[2].contains("市级 5000.00; 区级 5000.00"), "{text}");
        let json: Value = town.desk.get("/work/payments.json").await.json();
        assert_eq!(json.as_array().unwrap().len(), 4);
        assert_eq!((&json[1]["amount"], &json[1]["left"]), (&json!(10000.0), &json!(4000.0)));
        let xlsx = town.desk.get("/work/payments.xlsx?state=overdue").await;
        let mut book = zip_of(&xlsx.bytes);
        let mut sheet = String::new();
        book.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert!(sheet.contains("<v>5000</v>") && sheet.contains("<v>3800</v>"), "{sheet}");
        assert_eq!(town.recorded("payments.exported").await, 3);
        assert_eq!(town.desk.get("/work/payments.csv?state=gone").await.status, 422);
        for who in [&town.admin, &town.test.nobody()] {
            assert_eq!(who.get("/work/payments.csv").await.status, 404);
        }
        let officers = town.officer.get("/work/payments.json").await;
        assert_eq!(officers.json(), json!([]));
    })
    .await;
}

fn zip_of(bytes: &[u8]) -> zip::ZipArchive<std::io::Cursor<Vec<u8>>> {
    zip::ZipArchive::new(std::io::Cursor::new(bytes.to_vec())).unwrap()
}

#[tokio::test]
async fn the_first_page_and_the_search_lead_to_items() {
    each_town(async |town| {
        fill(&town).await;
        let visit = async |who: &module::testing::Client| who.get("/work/payments").await.status;
        assert_eq!(visit(&town.desk).await, 200);
        let app = &town.test.app;
        let before = app.db.statements();
        let counts = payments::ops::read::counts(app, &town.desk.actor).await.unwrap();
        assert_eq!((counts.open.map(|(_, count)| count.number), counts.overdue), ([1, 1], true));
        assert_eq!(payments::ops::read::counts(app, &town.desk.actor).await.unwrap(), counts);
        assert!(app.db.statements() - before <= 2, "numbers and next steps ask the same");
        assert!(!payments::ops::read::counts(app, &town.officer.actor).await.unwrap().overdue);
        assert!(payments::ops::read::owes(app, &town.admin.actor).await.unwrap());
        assert!(!payments::ops::read::owes(app, &town.other_admin.actor).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_page_of_one_item_costs_as_many_statements_with_many_payments_as_with_none() {
    each_town(async |town| {
        let mut costs = Vec::new();
        for payments in [0, 9] {
            let id = town.owe(json!({})).await;
            for _ in 0..payments {
                assert_eq!(town.pay(&id, 100).await.status, 201);
            }
            for (who, path, most) in [
                (&town.desk, format!("/work/payments/{id}"), 12),
                (&town.admin, format!("/work/own-payments/{id}"), 12),
                (&town.desk, format!("{API}/{id}"), 6),
                (&town.admin, format!("/api/v1/own-payments/{id}"), 6),
                (&town.desk, "/work/payments?state=open&q=%E4%BC%9A%E8%B4%B9".to_owned(), 12),
                (&town.desk, format!("{API}?state=overdue"), 6),
                (&town.admin, "/api/v1/own-payments".to_owned(), 6),
            ] {
                let before = town.test.app.db.statements();
                assert_eq!(who.get(&path).await.status, 200);
                let cost = town.test.app.db.statements() - before;
                assert!(cost <= most, "{path}: {cost}");
                costs.push(cost);
            }
        }
        // The papers of payments are one statement more, where there are payments.
        let (without, with) = costs.split_at(7);
        assert!(without.iter().zip(with).all(|(without, with)| with <= &(without + 1)), "{costs:?}");
    })
    .await;
}

#[tokio::test]
async fn the_history_of_an_item_is_told_in_words() {
    each_town(async |town| {
        let id = town.owe(json!({})).await;
        town.pay(&id, 100_000).await;
        let page = town.desk.get(&format!("/work/payments/{id}")).await.text();
        for words in
            ["登记款项 KX-2026-0001“2026 年度会费”，5,000.00 元", "登记付款 1,000.00 元，未付 4,000.00 元", "伍仟元整"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("[payments-") && !page.contains("[record-"), "{page}");
        let english = town.desk.get_in(&format!("/work/payments/{id}"), "en").await.text();
        assert!(english.contains("CNY 5,000.00") && !english.contains("[payments-"), "{english}");
    })
    .await;
}
