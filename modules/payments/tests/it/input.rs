use axum::http::Method;
use serde_json::json;

use crate::town::{API, each_town, faults};

#[tokio::test]
async fn bad_items_are_refused_with_every_fault_and_nothing_is_written() {
    each_town(async |town| {
        let long = "长".repeat(10_000);
        let cases = [
            (json!({ "amount": 0 }), vec!["amount payments.amount_positive"]),
            (json!({ "amount": -5 }), vec!["amount payments.amount_positive"]),
            (json!({ "amount": 100_000_000_000_001_i64 }), vec!["amount payments.amount_most"]),
            (json!({ "amount": i64::MAX }), vec!["amount payments.amount_most"]),
            (json!({ "note": long }), vec!["note core.too_long"]),
            (json!({ "title": long, "benefit": long }), vec!["title core.too_long", "benefit core.too_long"]),
            (json!({ "title": " \u{200b}" }), vec!["title core.required"]),
            (json!({ "granted_on": "2026-02-30" }), vec!["granted_on date.no_such_day"]),
            (json!({ "due_on": "明天" }), vec!["due_on date.malformed"]),
            (
                json!({ "instalments": [{ "amount": 400_000 }, { "amount": 99_999 }] }),
                vec!["instalments payments.instalments_sum"],
            ),
            (
                json!({ "instalments": [{ "amount": 500_001 }, { "amount": -1 }] }),
                vec!["instalments.1.amount payments.amount_positive"],
            ),
            (
                json!({ "instalments": [{ "amount": 300_000, "due_on": "2026-05-01" }, { "amount": 200_000, "due_on": "2026-04-01" }] }),
                vec!["instalments.1.due_on payments.instalment_order"],
            ),
            (
                json!({ "due_on": "2026-05-01", "instalments": [{ "amount": 500_000 }] }),
                vec!["due_on payments.due_twice"],
            ),
            (
                json!({ "payers": [{ "name": "市级", "amount": 250_000 }, { "name": "市级", "amount": 250_001 }] }),
                vec!["payers.1.name payments.payer_twice", "payers payments.payers_sum"],
            ),
            (json!({ "payers": vec![json!({ "name": "x", "amount": 1 }); 11] }), vec!["payers payments.payers_most"]),
            (
                json!({ "instalments": vec![json!({ "amount": 1 }); 37] }),
                vec!["instalments payments.instalments_most"],
            ),
        ];
        for (more, expected) in cases {
            assert_eq!(faults(&town.ask(&town.desk, more.clone()).await), expected, "{more}");
        }
        for more in [json!({ "direction": "up" }), json!({ "amount": 1.5 }), json!({ "amount": "5000" })] {
            assert_eq!(town.ask(&town.desk, more.clone()).await.status, 422, "{more}");
        }
        assert_eq!(town.desk.get(API).await.json()["items"], json!([]));
        assert_eq!(town.recorded("payments.item.owed").await, 0);
    })
    .await;
}

#[tokio::test]
async fn bad_payments_are_refused_with_every_fault() {
    each_town(async |town| {
        let id = town.owe(json!({})).await;
        let cases = [
            (json!({ "amount": 0, "payer": "" }), vec!["amount payments.amount_positive", "payer core.required"]),
            (json!({ "amount": -1, "payer": "x" }), vec!["amount payments.amount_positive"]),
            (json!({ "amount": 1, "payer": "x", "paid_on": "2026-06-19" }), vec!["paid_on payments.not_yet"]),
            (json!({ "amount": 1, "payer": "x", "paid_on": "2026-6-31" }), vec!["paid_on date.no_such_day"]),
            (json!({ "amount": 1, "payer": "x", "note": "长".repeat(10_000) }), vec!["note core.too_long"]),
            (json!({ "amount": 1, "payer": "长".repeat(201) }), vec!["payer core.too_long"]),
        ];
        for (body, expected) in cases {
            let page = town.desk.json(Method::POST, &format!("{API}/{id}/payments"), &body, &[]).await;
            assert_eq!(faults(&page), expected, "{body}");
        }
        let item = town.item(&id).await;
        assert_eq!((&item["paid"], &item["payments"]), (&json!(0), &json!([])));
    })
    .await;
}

#[tokio::test]
async fn the_form_takes_yuan_and_shows_again_what_was_typed_with_what_is_wrong() {
    each_town(async |town| {
        let form = town.desk.get("/work/payments/new").await;
        assert_eq!(form.status, 200);
        let fields = [
            ("direction", "out"),
            ("subject", "天津数聚演示科技有限公司"),
            ("title", "适配补贴<b>"),
            ("amount", "50万元"),
            ("granted_on", "2026年5月20日"),
            ("payers.0.name", "市级"),
            ("payers.0.amount", "250000"),
            ("payers.1.name", "区级"),
            ("payers.1.amount", "25万"),
            ("instalments.0.amount", "300,000.00"),
            ("instalments.0.due_on", "2026-06-30"),
            ("instalments.1.amount", "200000"),
            ("instalments.1.condition", "验收合格后"),
        ];
        let mut wrong = fields.to_vec();
        wrong[3] = ("amount", "0.001");
        wrong[9] = ("instalments.0.amount", "三十万元多");
        let again = town.desk.form("/work/payments", &wrong).await;
        let text = again.text();
        assert_eq!(again.status, 422, "{text}");
        assert!(text.contains("不足一分") && text.contains("三十万元多") && text.contains("适配补贴&#"), "{text}");
        let unsummed = [&fields[..9], &[("instalments.0.amount", "1")]].concat();
        let text = town.desk.form("/work/payments", &unsummed).await.text();
        assert!(text.contains("各期合计 1.00 元，与金额 500,000.00 元不等"), "{text}");
        let made = town.desk.form("/work/payments", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let id = made.location().rsplit('/').next().unwrap().to_owned();
        let item = town.item(&id).await;
        assert_eq!((&item["amount"], &item["due_on"]), (&json!(50_000_000), &json!("2026-06-30")));
        assert_eq!(item["payers"][1], json!({ "name": "区级", "amount": 25_000_000 }));
        assert_eq!(item["instalments"][1]["condition"], "验收合格后");

        let path = format!("/work/payments/{id}");
        let page = town.desk.get(&path).await.text();
        assert!(page.contains("500,000.00 元") && page.contains("伍拾万元整") && page.contains("区级"), "{page}");
        let pay = [("paid_on", "2026-06-18"), ("amount", "60万元"), ("payer", "市级"), ("note", "")];
        let refused = town.desk.multipart(&format!("{path}/payments"), &pay, &[]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("最多还能登记 500,000.00 元") && refused.text().contains("60万元"));
        let pay = [("paid_on", "2026-06-18"), ("amount", "30万元"), ("payer", "市级"), ("note", "")];
        assert_eq!(town.desk.multipart(&format!("{path}/payments"), &pay, &[]).await.status, 303);
        let payment = town.last_payment(&id).await;
        let reverse = format!("{path}/payments/{payment}/reverse");
        let refused = town.desk.form(&reverse, &[("why", "")]).await;
        assert!(
            refused.status == 422 && refused.text().contains("<details class=\"mt-3\" open>"),
            "{}",
            refused.text()
        );
        assert_eq!(town.desk.form(&reverse, &[("why", "退回")]).await.status, 303);
        assert_eq!(town.desk.form(&format!("{path}/cancel"), &[("why", "")]).await.status, 422);
        assert_eq!(town.desk.form(&format!("{path}/cancel"), &[("why", "免")]).await.status, 303);
        assert_eq!(town.desk.form(&format!("{path}/cancel"), &[("why", "免")]).await.status, 409);
    })
    .await;
}
