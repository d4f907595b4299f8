//! Recording many payments from a list: all or none, with the place of what is wrong, and never twice.

use axum::http::Method;
use module::testing::Page;
use serde_json::{Value, json};

use crate::town::{API, Town, each_town, faults};

async fn post(town: &Town, body: Value) -> Page {
    town.desk.json(Method::POST, &format!("{API}/record"), &body, &[]).await
}

async fn file(town: &Town, name: &str, bytes: &[u8]) -> Page {
    town.desk.multipart("/work/payments/record", &[], &[("file", name, bytes)]).await
}

/// Two items of 5,000 yuan each: one to be paid out, one that is owed.
async fn two(town: &Town) -> [String; 2] {
    let out = town.owe(json!({ "direction": "out", "title": "补贴" })).await;
    [out, town.owe(json!({ "title": "会费" })).await]
}

fn line(number: &str, amount: i64, voucher: &str) -> Value {
    json!({ "number": number, "amount": amount, "paid_on": "2026-06-01", "voucher": voucher })
}

#[tokio::test]
async fn all_payments_of_a_list_are_recorded_or_none_and_each_fault_names_its_place() {
    each_town(async |town| {
        let [out, owed] = two(&town).await;
        let wrong = json!([
            line("KX-2026-0001", 500_000, "PZ-1"),
            line("KX-2026-0099", 1, "PZ-2"),
            { "number": "KX-2026-0002", "amount": 500_001, "paid_on": "2026-06-01", "voucher": "PZ-3" },
            { "number": "KX-2026-0002", "amount": 1, "paid_on": "2030-01-01", "voucher": "" },
        ]);
        let refused = post(&town, wrong).await;
        assert_eq!(
            faults(&refused),
            [
                "1.number payments.list_unknown",
                "2.amount payments.too_much",
                "3.voucher core.required",
                "3.paid_on payments.not_yet"
            ]
        );
        assert_eq!(town.item(&out).await["paid"], 0, "nothing of it was recorded");
        let right = json!([line("KX-2026-0001", 500_000, "PZ-1"), line("KX-2026-0002", 200_000, "PZ-2")]);
        let done = post(&town, right.clone()).await;
        assert_eq!((done.status.as_u16(), done.json()), (200, json!({ "count": 2, "sum": 700_000 })));
        assert_eq!(town.item(&out).await["payments"][0]["payer"], "天津演示联盟", "the office pays what it grants");
        assert_eq!(town.item(&owed).await["payments"][0]["payer"], "天津数聚演示科技有限公司");
        assert_eq!(town.item(&owed).await["payments"][0]["voucher"], "PZ-2");
        let twice = post(&town, right).await;
        assert_eq!(faults(&twice), ["0.voucher payments.list_already", "1.voucher payments.list_already"]);
        assert_eq!(town.item(&owed).await["paid"], 200_000);
        assert_eq!(town.recorded("payments.list_recorded").await, 1);
        // A voucher whose payment was reversed may come again.
        let payment = town.last_payment(&owed).await;
        let path = format!("{API}/{owed}/payments/{payment}/reverse");
        assert_eq!(town.desk.json(Method::POST, &path, &json!({ "why": "错账" }), &[]).await.status, 204);
        assert_eq!(post(&town, json!([line("KX-2026-0002", 200_000, "PZ-2")])).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn two_lists_at_once_record_a_payment_once() {
    each_town(async |town| {
        let [_, owed] = two(&town).await;
        let list = json!([line("KX-2026-0002", 100_000, "PZ-9")]);
        let (one, two) = tokio::join!(post(&town, list.clone()), post(&town, list.clone()));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "{} {}", one.text(), two.text());
        assert_eq!(town.item(&owed).await["paid"], 100_000);
    })
    .await;
}

#[tokio::test]
async fn a_table_is_read_as_people_have_it_and_what_is_not_paid_yet_is_left_out() {
    each_town(async |town| {
        let [out, owed] = two(&town).await;
        let page = town.desk.get("/work/payments/record").await.text();
        assert!(page.contains("批量登记付款") && page.contains("凭证号"), "{page}");
        let strange = file(&town, "名单.csv", "甲,乙\n1,2\n".as_bytes()).await;
        assert!(strange.status == 422 && strange.text().contains("没有找到"), "{}", strange.text());
        assert_eq!(town.desk.multipart("/work/payments/record", &[], &[]).await.status, 422);
        let wrong = "企业,金额（元）,款项编号,付款日期,凭证号\n甲,5000,KX-2026-0001,2026-06-01,PZ-1\n乙,若干,KX-2026-0002,2026-06-01,PZ-2\n";
        let refused = file(&town, "名单.csv", wrong.as_bytes()).await;
        assert!(refused.status == 422 && refused.text().contains("B3："), "{}", refused.text());
        assert_eq!(town.item(&out).await["paid"], 0);
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, heading) in ["付款单位", "金额（元）", "款项编号", "付款日期", "凭证号"].iter().enumerate() {
            sheet.write(0, column as u16, *heading).unwrap();
        }
        let rows = [("演示支付中心", 1234.5, "KX-2026-0001", "2026年6月1日", "PZ-1"), ("", 1.0, "KX-2026-0002", "", "")];
        for (at, (payer, amount, number, day, voucher)) in rows.iter().enumerate() {
            let row = at as u32 + 1;
            sheet.write(row, 0, *payer).unwrap();
            sheet.write(row, 1, *amount).unwrap();
            for (column, text) in [(2, number), (3, day), (4, voucher)] {
                sheet.write(row, column, *text).unwrap();
            }
        }
        let done = file(&town, "名单.xlsx", &book.save_to_buffer().unwrap()).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let item = town.item(&out).await;
        assert_eq!((&item["paid"], &item["payments"][0]["payer"]), (&json!(123_450), &json!("演示支付中心")));
        assert_eq!(town.item(&owed).await["paid"], 0, "it has neither day nor voucher");
    })
    .await;
}

#[tokio::test]
async fn whoever_does_not_keep_the_books_records_no_list() {
    each_town(async |town| {
        two(&town).await;
        let list = json!([line("KX-2026-0001", 1, "PZ-1")]);
        let path = format!("{API}/record");
        assert_eq!(town.admin.json(Method::POST, &path, &list, &[]).await.status, 404);
        let other = town.officer.json(Method::POST, &path, &list, &[]).await;
        assert_eq!(faults(&other), ["0.number payments.list_unknown"], "the books of another office");
        assert_eq!(town.admin.get("/work/payments/record").await.status, 404);
    })
    .await;
}
