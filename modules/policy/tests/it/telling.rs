//! Enterprises are told and reply; the public speaks to a draft; documents.

use crate::town::{TEXT, each_town, organization, revenue};

#[tokio::test]
async fn those_who_are_eligible_are_told_once_and_their_replies_are_counted() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        let path = format!("/work/policies/{id}");
        assert_eq!(town.officer.form(&format!("{path}/tell"), &[]).await.status, 303);
        let inbox = town.enterprise.get("/api/v1/inbox").await;
        let heard = inbox.status == 404 || inbox.text().contains("policy.told");
        assert!(heard, "{}", inbox.text());
        let page = town.enterprise.get(&format!("/work/own-policies/{id}")).await.text();
        assert!(page.contains("准备申报"), "{page}");
        assert_eq!(
            town.other_enterprise.form(&format!("/work/own-policies/{id}/reply"), &[("reply", "applies")]).await.status,
            404
        );
        assert_eq!(
            town.enterprise.form(&format!("/work/own-policies/{id}/reply"), &[("reply", "applies")]).await.status,
            303
        );
        let late = organization(&town.test, "天津后来演示公司", "enterprise").await;
        revenue(&town.test, late, "2000").await;
        town.officer.form(&format!("{path}/tell"), &[]).await;
        town.officer.form(&format!("{path}/tell"), &[]).await;
        let told = policy::ops::tell::replies(&town.test.app, &town.officer.actor, id).await.unwrap();
        assert_eq!(told, [2, 1, 0, 0, 1]);
        let list = town.officer.get(&format!("{path}/reach.json")).await.json();
        assert_eq!(list.as_array().unwrap().len(), 2, "{list}");
        assert!(list[0]["amount"].is_null(), "nobody allowed it: {list}");
        assert_eq!(town.other_officer.get(&format!("{path}/reach.csv")).await.status, 404);
        let history = town.officer.get(&path).await.text();
        assert!(history.contains("导出惠及企业名单"), "{history}");
    })
    .await;
}

#[tokio::test]
async fn the_public_reads_and_answers_a_draft_while_it_is_asked_and_not_before_or_after() {
    each_town(async |mut town| {
        let id = town.drafted(TEXT).await;
        let (public, visitor) = (format!("/policies/{id}"), town.test.nobody());
        let say = |text: &'static str| [("text", text)];
        assert_eq!(visitor.get(&public).await.status, 404);
        assert_eq!(town.enterprise.form(&format!("{public}/comments"), &say("早了")).await.status, 404);
        town.step(&town.officer, id, "draft", &[]).await;
        town.step(&town.officer, id, "comment", &[("until", "2026-07-18")]).await;
        assert!(visitor.get("/policies").await.text().contains("征求意见至"));
        assert!(visitor.get(&public).await.text().contains("公开征求意见"));
        let said = town.enterprise.form(&format!("{public}/comments"), &say("建议把面积降到50平方米")).await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert!(town.officer.get(&format!("/work/policies/{id}")).await.text().contains("建议把面积降到50平方米"));
        assert!(!visitor.get(&public).await.text().contains("建议把面积降到50平方米"), "only the office reads them");
        town.month().await;
        assert_eq!(visitor.get(&public).await.status, 404);
        assert_eq!(town.enterprise.form(&format!("{public}/comments"), &say("晚了")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_document_of_a_draft_is_the_offices_and_of_a_published_policy_everybodys() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        let draft = town.drafted(TEXT).await;
        let visitor = town.test.nobody();
        for (policy, public) in [(id, 200), (draft, 404)] {
            let path = format!("/work/policies/{policy}/files");
            let files: [(&str, &str, &[u8]); 1] = [("file", "办法.pdf", b"%PDF-1.7 x")];
            let put = town.officer.multipart(&path, &[("purpose", "")], &files).await;
            assert_eq!(put.status, 303, "{}", put.text());
            let page = town.officer.get(&format!("/work/policies/{policy}")).await.text();
            let from = page.find("/policy-files/").unwrap();
            let href = page[from..from + "/policy-files/".len() + 36].to_owned();
            assert_eq!(visitor.get(&href).await.status, public, "{href}");
            assert_eq!(town.officer.get(&href).await.status, 200);
            assert_eq!(town.other_officer.get(&href).await.status, public);
            let away = href.replace("/policy-files", "/work/policy-files") + "/remove";
            assert_eq!(town.other_officer.form(&away, &[]).await.status, 404);
            assert_eq!(town.officer.form(&away, &[]).await.status, 303);
        }
        let none: [(&str, &str, &[u8]); 1] = [("file", "空.pdf", b"")];
        assert_eq!(town.officer.multipart(&format!("/work/policies/{draft}/files"), &[], &none).await.status, 422);
    })
    .await;
}
