use axum::http::Method;
use jinmen_core::Role;
use module::testing::Client;
use payments::{Direction, NewItem, Terms};
use serde_json::json;

use crate::town::{API, SYSTEM, Town, each_town};

/// Every address of an item, asked for by somebody.
async fn statuses(town: &Town, who: &Client, id: &str, payment: &str) -> Vec<u16> {
    let why = json!({ "why": "x" });
    let body = json!({ "amount": 1, "payer": "x" });
    let mut all = Vec::new();
    for path in [format!("{API}/{id}"), format!("/work/payments/{id}")] {
        all.push(who.get(&path).await.status.as_u16());
    }
    for (path, body) in [
        (format!("{API}/{id}/payments"), &body),
        (format!("{API}/{id}/payments/{payment}/reverse"), &why),
        (format!("{API}/{id}/cancel"), &why),
    ] {
        all.push(who.json(Method::POST, &path, body, &[]).await.status.as_u16());
    }
    all.push(who.form(&format!("/work/payments/{id}/cancel"), &[("why", "x")]).await.status.as_u16());
    all.push(who.multipart(&format!("/work/payments/{id}/payments"), &[("amount", "1")], &[]).await.status.as_u16());
    assert_eq!(town.item(id).await["paid"], 100_000);
    all
}

#[tokio::test]
async fn an_item_is_seen_by_its_office_and_its_subject_and_by_nobody_else() {
    each_town(async |town| {
        let id = town.owe(json!({ "note": "内部机密", "due_on": "2026-07-31" })).await;
        let body = json!({ "amount": 100_000, "payer": "某某", "note": "经办机密" });
        town.desk.json(Method::POST, &format!("{API}/{id}/payments"), &body, &[]).await;
        let payment = town.last_payment(&id).await;
        let foreign = crate::town::organization(&town.test, "河北演示联盟", "alliance", None).await;
        let stranger = town.test.person("hebei", Role::Secretariat, Some(foreign)).await;
        for who in [&town.officer, &stranger, &town.admin, &town.other_admin] {
            assert_eq!(statuses(&town, who, &id, &payment).await, [404; 7]);
        }
        let nobody = town.test.nobody();
        assert_eq!(statuses(&town, &nobody, &id, &payment).await, [401, 404, 401, 401, 401, 404, 404]);
        let asked = nobody.get(&format!("/work/own-payments/{id}")).await;
        assert!(asked.status == 404 && asked.text().contains("/sign-in"), "one is asked to sign in");
        // The supervisor of the alliance reads and changes nothing.
        let supervisor = town.test.person("jiandu", Role::Supervisor, Some(town.alliance)).await;
        assert_eq!(statuses(&town, &supervisor, &id, &payment).await, [200, 200, 404, 404, 404, 404, 404]);

        for (who, status) in [(&town.admin, 200), (&town.other_admin, 404), (&town.desk, 404), (&nobody, 404)] {
            let page = who.get(&format!("/work/own-payments/{id}")).await;
            assert_eq!(page.status, status);
            assert!(!page.text().contains("机密"), "the office's notes are its own");
        }
        let own = town.admin.get(&format!("/api/v1/own-payments/{id}")).await;
        assert_eq!((own.status.as_u16(), own.text().contains("机密")), (200, false));
        assert_eq!(own.json()["payments"][0]["amount"], 100_000);
        assert_eq!(town.other_admin.get(&format!("/api/v1/own-payments/{id}")).await.status, 404);
        let listed = async |who: &Client, path: &str| {
            let page = who.get(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
            page.text().contains("2026 年度会费")
        };
        assert!(listed(&town.desk, API).await && listed(&town.desk, "/work/payments").await);
        assert!(listed(&town.admin, "/api/v1/own-payments").await && listed(&town.admin, "/work/own-payments").await);
        assert!(!listed(&town.other_admin, "/api/v1/own-payments").await);
        assert!(!listed(&town.other_admin, "/work/own-payments").await);
        for who in [&town.officer, &stranger] {
            assert!(!listed(who, API).await && !listed(who, "/work/payments").await);
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_an_award_of_their_own() {
    each_town(async |town| {
        let talent = town.test.person("王工", Role::Talent, None).await;
        let another = town.test.person("李工", Role::Talent, None).await;
        let mut tx = town.test.app.db.begin().await.unwrap();
        let amount = jinmen_core::Money::from_fen(1_000_000);
        let terms = Terms::new(Direction::Out, "技术能手奖励", amount, town.test.app.clock.today());
        let new = NewItem::new(town.alliance, talent.person.unwrap(), "王工", terms);
        let owed = payments::owe(&mut tx, &SYSTEM, town.test.app.clock.now(), new).await.unwrap();
        tx.commit().await.unwrap();
        let path = format!("/work/own-payments/{}", owed.id);
        assert!(talent.get(&path).await.text().contains("技术能手奖励"));
        assert!(talent.get("/work/own-payments").await.text().contains("技术能手奖励"));
        assert_eq!(another.get(&path).await.status, 404);
        assert!(!another.get("/work/own-payments").await.text().contains("技术能手奖励"));
    })
    .await;
}

#[tokio::test]
async fn proof_is_handed_out_to_those_who_read_the_books() {
    each_town(async |town| {
        let id = town.owe(json!({})).await;
        let path = format!("/work/payments/{id}/payments");
        let fields = [("paid_on", "2026-06-18"), ("amount", "1000"), ("payer", "某某"), ("note", "")];
        let files: [(&str, &str, &[u8]); 1] = [("file", "回单.pdf", b"%PDF-1.7 slip")];
        let paid = town.desk.multipart(&path, &fields, &files).await;
        assert_eq!(paid.status, 303, "{}", paid.text());
        let item = town.item(&id).await;
        let proof = item["payments"][0]["proofs"][0].as_str().unwrap().to_owned();
        let payment = item["payments"][0]["id"].as_str().unwrap().to_owned();
        let address = format!("/work/payment-proofs/{proof}");
        let page = town.desk.get(&format!("/work/payments/{id}")).await.text();
        assert!(page.contains(&address) && page.contains("回单.pdf"));
        let handed = town.desk.get(&address).await;
        assert_eq!((handed.status.as_u16(), handed.text().as_str()), (200, "%PDF-1.7 slip"));
        for who in [&town.admin, &town.other_admin, &town.officer, &town.test.nobody()] {
            assert_eq!(who.get(&address).await.status, 404);
            assert_eq!(who.form(&format!("{address}/remove"), &[]).await.status, 404);
            let added = who.multipart(&format!("{path}/{payment}/proofs"), &[], &files).await;
            assert_eq!(added.status, 404);
        }
        // The registry's door to files leads to none of them.
        assert_eq!(town.desk.get(&format!("/work/files/{proof}")).await.status, 404);
        let added = town.desk.multipart(&format!("{path}/{payment}/proofs"), &[], &files).await;
        assert_eq!(added.status, 303, "{}", added.text());
        assert_eq!(town.desk.form(&format!("{address}/remove"), &[]).await.status, 303);
        assert_eq!(town.item(&id).await["payments"][0]["proofs"].as_array().unwrap().len(), 1);
        // A payment that is refused leaves no paper behind.
        let much = [("paid_on", "2026-06-18"), ("amount", "9999"), ("payer", "x")];
        assert_eq!(town.desk.multipart(&path, &much, &files).await.status, 422);
        let (papers,): (i64,) =
            town.test.app.db.one("SELECT COUNT(*) FROM file WHERE removed_at IS NULL", vec![]).await.unwrap();
        assert_eq!(papers, 1);
    })
    .await;
}

#[tokio::test]
async fn a_subject_is_found_by_name_and_by_identifiers_of_files_one_may_read() {
    each_town(async |town| {
        let park = crate::town::organization(&town.test, "演示园区运营公司", "enterprise", None).await;
        let operator = town.test.person("yuanqu", Role::ParkOperator, Some(park)).await;
        let by_name = town.ask(&operator, json!({ "subject": "天津数聚演示科技有限公司", "title": "六月租金" })).await;
        assert_eq!(by_name.status, 201, "{}", by_name.text());
        assert_eq!(by_name.json()["subject"]["id"], town.member.text());
        let by_id = town.ask(&operator, json!({})).await;
        assert_eq!(crate::town::faults(&by_id), ["subject payments.subject_unknown"]);
        // A task of the park's own role.
        let due = town.ask(&operator, json!({ "subject": "天津数聚演示科技有限公司", "due_on": "2026-07-01" })).await;
        assert_eq!(due.status, 201);
        assert_eq!(town.waiting(&operator).await.len(), 1);
        assert!(town.waiting(&town.desk).await.is_empty());
        for subject in ["没有这家公司", "01890000-0000-7000-8000-000000000000", "", "' OR 1=1"] {
            let refused = town.ask(&town.desk, json!({ "subject": subject })).await;
            assert_eq!(refused.status, 422, "{subject}");
        }
    })
    .await;
}
