use axum::http::Method;
use jinmen_core::Error;
use payments::model::NewPayment;
use payments::ops::pay;
use serde_json::{Value, json};

use crate::town::{API, Town, each_town, faults};

fn three() -> Value {
    json!({ "instalments": [
        { "amount": 200_000, "due_on": "2026-03-31" },
        { "amount": 200_000, "due_on": "2026-07-31" },
        { "amount": 100_000, "condition": "验收合格后" },
    ] })
}

fn some(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[tokio::test]
async fn an_item_lives_from_being_owed_to_being_paid_by_instalments() {
    each_town(async |town| {
        let id = town.owe(three()).await;
        let item = town.item(&id).await;
        assert_eq!(item["number"], "KX-2026-0001");
        assert_eq!((&item["state"], &item["due_on"]), (&json!("open"), &json!("2026-03-31")));
        assert_eq!(item["subject"]["name"], "天津数聚演示科技有限公司");
        assert_eq!(town.waiting(&town.desk).await, [("payments.due".to_owned(), some("2026-03-31"))]);
        assert_eq!(town.waiting(&town.admin).await, [("payments.owed".to_owned(), some("2026-03-31"))]);
        assert!(town.waiting(&town.other_admin).await.is_empty());

        assert_eq!(town.pay(&id, 150_000).await.status, 201);
        assert_eq!(parts(&town, &id).await, ["150000 partly", "0 unpaid", "0 unpaid"]);
        assert_eq!(town.item(&id).await["due_on"], "2026-03-31");

        assert_eq!(town.pay(&id, 100_000).await.status, 201);
        assert_eq!(parts(&town, &id).await, ["200000 paid", "50000 partly", "0 unpaid"]);
        assert_eq!(town.waiting(&town.admin).await, [("payments.owed".to_owned(), some("2026-07-31"))]);

        assert_eq!(town.pay(&id, 150_000).await.status, 201);
        assert_eq!(town.item(&id).await["due_on"], Value::Null, "the last instalment waits for the acceptance");
        assert!(town.waiting(&town.desk).await.is_empty());

        assert_eq!(town.pay(&id, 100_000).await.status, 201);
        let item = town.item(&id).await;
        assert_eq!((&item["state"], &item["paid"], &item["left"]), (&json!("paid"), &json!(500_000), &json!(0)));
        let again = town.pay(&id, 1).await;
        assert_eq!((again.status.as_u16(), again.json()["detail"].clone()), (409, json!("此款项已付清")));
        assert!(town.waiting(&town.admin).await.is_empty());
        assert_eq!((town.recorded("payments.item.owed").await, town.recorded("payments.paid").await), (1, 4));
    })
    .await;
}

async fn parts(town: &Town, id: &str) -> Vec<String> {
    let item = town.item(id).await;
    let part = |one: &Value| format!("{} {}", one["paid"], one["state"].as_str().unwrap());
    item["instalments"].as_array().unwrap().iter().map(part).collect()
}

#[tokio::test]
async fn payments_never_come_to_more_than_the_amount_and_one_is_told_what_is_left() {
    each_town(async |town| {
        let id = town.owe(json!({})).await;
        assert_eq!(town.pay(&id, 300_000).await.status, 201);
        let more = town.pay(&id, 200_001).await;
        assert_eq!(faults(&more), ["amount payments.too_much"]);
        assert!(more.text().contains("最多还能登记 2,000.00 元"), "{}", more.text());
        assert_eq!(town.item(&id).await["paid"], 300_000);
        assert_eq!(town.pay(&id, 200_000).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn of_many_payments_at_once_no_more_stand_than_the_amount_holds() {
    each_town(async |town| {
        let id = town.owe(json!({})).await;
        let mut running = Vec::new();
        for _ in 0..8 {
            let (app, actor, item) = (town.test.app.clone(), town.desk.actor.clone(), id.parse().unwrap());
            running.push(tokio::spawn(async move {
                let new = NewPayment {
                    voucher: String::new(),
                    paid_on: app.clock.today(),
                    amount: jinmen_core::Money::from_fen(200_000),
                    payer: "某某".into(),
                    note: String::new(),
                };
                pay::pay(&app, &actor, item, new, None).await
            }));
        }
        let (mut done, mut refused) = (0, 0);
        for one in running {
            match one.await.unwrap() {
                Ok(_) => done += 1,
                Err(Error::Invalid(faults)) => {
                    assert_eq!(faults[0].code, "payments.too_much");
                    refused += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((done, refused), (2, 6));
        let item = town.item(&id).await;
        assert_eq!((&item["paid"], item["payments"].as_array().unwrap().len()), (&json!(400_000), 2));
    })
    .await;
}

#[tokio::test]
async fn the_same_payment_sent_twice_happens_once() {
    each_town(async |town| {
        let id = town.owe(json!({})).await;
        let body = json!({ "amount": 100_000, "payer": "某某" });
        let path = format!("{API}/{id}/payments");
        for _ in 0..2 {
            let page = town.desk.json(Method::POST, &path, &body, &[("idempotency-key", "pay-1")]).await;
            assert_eq!(page.status, 201, "{}", page.text());
        }
        assert_eq!(town.item(&id).await["paid"], 100_000);
        // The form carries its own key in its address.
        let page = town.desk.get(&format!("/work/payments/{id}")).await.text();
        let action = page.split(&format!("/work/payments/{id}/payments?once=")).nth(1).unwrap();
        let path = format!("/work/payments/{id}/payments?once={}", action.split('"').next().unwrap());
        let fields = [("paid_on", "2026-06-18"), ("amount", "500"), ("payer", "某某")];
        for _ in 0..2 {
            let page = town.desk.multipart(&path, &fields, &[]).await;
            assert_eq!(page.status, 303, "{}", page.text());
        }
        assert_eq!(town.item(&id).await["paid"], 150_000);
    })
    .await;
}

#[tokio::test]
async fn owing_the_same_twice_gives_the_item_that_is_there() {
    each_town(async |town| {
        let first = town.ask(&town.desk, json!({ "dedup": "dues:2026" })).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let again = town.ask(&town.desk, json!({ "dedup": "dues:2026", "amount": 999_999 })).await;
        assert_eq!(again.status, 200);
        assert_eq!((&again.json()["id"], &again.json()["amount"]), (&first.json()["id"], &json!(500_000)));
        // Without a number lost: the next one follows.
        let next = town.ask(&town.desk, json!({})).await;
        assert_eq!(next.json()["number"], "KX-2026-0002");
        // The books of another owner have keys of their own.
        let elsewhere = town.ask(&town.officer, json!({ "dedup": "dues:2026" })).await;
        assert_eq!(elsewhere.status, 201, "{}", elsewhere.text());
        // A cancelled item is there as well.
        let id = first.json()["id"].as_str().unwrap().to_owned();
        let cancelled =
            town.desk.json(Method::POST, &format!("{API}/{id}/cancel"), &json!({ "why": "免收" }), &[]).await;
        assert_eq!(cancelled.status, 204, "{}", cancelled.text());
        let again = town.ask(&town.desk, json!({ "dedup": "dues:2026" })).await;
        assert_eq!((again.status.as_u16(), &again.json()["state"]), (200, &json!("cancelled")));
    })
    .await;
}

#[tokio::test]
async fn owing_the_same_at_once_in_two_transactions_gives_one_item() {
    each_town(async |town| {
        let mut running = Vec::new();
        for _ in 0..6 {
            let town_app = town.test.app.clone();
            let (owner, subject) = (town.alliance, town.member);
            running.push(tokio::spawn(async move {
                let today = town_app.clock.today();
                let amount = jinmen_core::Money::from_fen(100);
                let mut terms = payments::Terms::new(payments::Direction::Out, "补贴", amount, today);
                terms.dedup = Some("grant:7".into());
                let new = payments::NewItem::new(owner, subject, "某某公司", terms);
                let mut tx = town_app.db.begin().await.unwrap();
                let owed = payments::owe(&mut tx, &crate::town::SYSTEM, town_app.clock.now(), new).await.unwrap();
                tx.commit().await.unwrap();
                owed
            }));
        }
        let mut owed = Vec::new();
        for one in running {
            owed.push(one.await.unwrap());
        }
        assert_eq!(owed.iter().filter(|one| one.is_new).count(), 1);
        assert!(owed.iter().all(|one| one.id == owed[0].id));
        assert_eq!(town.item(&town.owe(json!({})).await).await["number"], "KX-2026-0002", "no number was lost");
    })
    .await;
}

#[tokio::test]
async fn a_reversed_payment_stays_in_sight_and_does_not_stand() {
    each_town(async |town| {
        let id = town.owe(three()).await;
        town.pay(&id, 500_000).await;
        let payment = town.last_payment(&id).await;
        let path = format!("{API}/{id}/payments/{payment}/reverse");
        let without = town.desk.json(Method::POST, &path, &json!({}), &[]).await;
        assert_eq!(faults(&without), ["why core.required"]);
        assert_eq!(town.desk.json(Method::POST, &path, &json!({ "why": "付错账户" }), &[]).await.status, 204);
        let item = town.item(&id).await;
        assert_eq!((&item["state"], &item["paid"], &item["due_on"]), (&json!("open"), &json!(0), &json!("2026-03-31")));
        assert_eq!(item["payments"][0]["reversed_why"], "付错账户");
        assert_eq!(town.waiting(&town.desk).await.len(), 1, "it waits again");
        let again = town.desk.json(Method::POST, &path, &json!({ "why": "x" }), &[]).await;
        assert_eq!((again.status.as_u16(), again.json()["detail"].clone()), (409, json!("这笔付款已经冲销过")));
        // Under another item of the same books it is not there.
        let other = town.owe(json!({})).await;
        let crossed = format!("{API}/{other}/payments/{payment}/reverse");
        assert_eq!(town.desk.json(Method::POST, &crossed, &json!({ "why": "x" }), &[]).await.status, 404);
        assert_eq!(town.recorded("payments.reversed").await, 1);
        assert_eq!(town.pay(&id, 500_000).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn only_what_nothing_was_paid_of_can_be_cancelled() {
    each_town(async |town| {
        let id = town.owe(json!({ "due_on": "2026-03-31" })).await;
        let path = format!("{API}/{id}/cancel");
        town.pay(&id, 1).await;
        let paid = town.desk.json(Method::POST, &path, &json!({ "why": "免收" }), &[]).await;
        assert_eq!((paid.status.as_u16(), paid.json()["detail"].clone()), (409, json!("已有付款，须先冲销才能取消")));
        let payment = town.last_payment(&id).await;
        let reverse = format!("{API}/{id}/payments/{payment}/reverse");
        town.desk.json(Method::POST, &reverse, &json!({ "why": "错" }), &[]).await;
        assert_eq!(
            faults(&town.desk.json(Method::POST, &path, &json!({ "why": " " }), &[]).await),
            ["why core.required"]
        );
        assert_eq!(town.desk.json(Method::POST, &path, &json!({ "why": "免收" }), &[]).await.status, 204);
        let item = town.item(&id).await;
        assert_eq!((&item["state"], &item["why"], &item["left"]), (&json!("cancelled"), &json!("免收"), &json!(0)));
        assert!(town.waiting(&town.desk).await.is_empty() && town.waiting(&town.admin).await.is_empty());
        assert_eq!(town.pay(&id, 1).await.status, 409);
        assert_eq!(town.desk.json(Method::POST, &path, &json!({ "why": "x" }), &[]).await.status, 409);
    })
    .await;
}
