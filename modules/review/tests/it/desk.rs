//! A desk round from the pool to the result that anybody checks.

use record::proof::Held;
use serde_json::json;

use crate::town::{Town, each_town};

/// A picture that names its maker where cameras and programs do.
pub fn signed_jpeg(name: &str) -> Vec<u8> {
    let segment = |kind: u8, text: &str| {
        let length = (text.len() as u16 + 2).to_be_bytes();
        [&[0xff, kind], length.as_slice(), text.as_bytes()].concat()
    };
    let scan = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
    [[0xff, 0xd8].as_slice(), &segment(0xe0, "JFIF"), &segment(0xe1, name), &segment(0xfe, name), &scan].concat()
}

async fn score_all(town: &Town, round: &str) {
    for (at, (_, entry)) in town.entries(round).await.iter().enumerate() {
        for judge in 0..5 {
            let technology = (50 - 5 * at + judge).to_string();
            let page = town.lock(judge, round, entry, (&technology, "30.5")).await;
            assert_eq!(page.status, 200, "{}", page.text());
        }
    }
}

#[tokio::test]
async fn a_desk_round_goes_from_the_pool_to_a_result_that_anybody_checks() {
    each_town(async |town| {
        let id = town.opened("desk", &[("blind", "yes")]).await;
        score_all(&town, &id).await;
        let hidden = town.officer.get(&format!("/work/reviews/{id}?tab=results")).await.text();
        assert!(hidden.contains("评分结束后可查看"), "{hidden}");
        town.desk(&id, "close", &[]).await;
        let shown = town.officer.get(&format!("/work/reviews/{id}?tab=results")).await.text();
        // 50, 51, 52, 53, 54 and 30.5: the highest and the lowest are dropped.
        assert!(shown.contains("82.50") && shown.contains("第 1 名"), "{shown}");
        assert_eq!(town.officer.form(&format!("/work/reviews/{id}/confirm"), &[]).await.status, 404);
        let confirmed = town.supervisor.form(&format!("/work/reviews/{id}/confirm"), &[]).await;
        assert_eq!(confirmed.status, 303, "{}", confirmed.text());
        assert_eq!(town.test.nobody().get(&format!("/results/{id}")).await.status, 404, "not out yet");
        town.desk(&id, "publish", &[]).await;
        let page = town.test.nobody().get(&format!("/results/{id}")).await.text();
        assert!(
            page.contains("82.50") && page.contains("天津第1演示科技有限公司") && page.contains("一等奖"),
            "{page}"
        );
        sequence(&town).await;
        let bundle = town.test.nobody().get(&format!("/results/{id}/bundle.json")).await;
        assert_eq!(bundle.status, 200, "{}", bundle.text());
        assert!(!bundle.text().contains("评委1"), "judges stay letters and numbers");
        let document = bundle.json();
        let report = review::model::statement::verify(document.clone(), &Held::default()).unwrap();
        assert!(report.valid, "{report:?}");
        let mut altered = document;
        altered["statement"]["panels"][0]["scores"][3]["marks"][0] = json!("60");
        let report = review::model::statement::verify(altered, &Held::default()).unwrap();
        let named = report.checks.iter().find(|check| check.name == "scores").unwrap();
        assert!(!report.valid && named.detail.contains("P01"), "{report:?}");

        let handed = town.officer.form(&format!("/work/reviews/{id}/hand-over"), &[]).await.text();
        assert!(handed.contains("获奖 2 项，未获奖 2 项"), "{handed}");
        let first = town.officer.get(&format!("/work/applications/{}", town.applications[0])).await.text();
        assert!(first.contains("一等奖") && first.contains("10 万元"), "{first}");
    })
    .await;
}

/// Gives what was recorded its place and a signature.
pub async fn sequence(town: &Town) {
    let app = &town.test.app;
    let sequencer =
        record::Sequencer::open(app.db.clone(), app.clock.clone(), app.vault.wrapping_key(), "a.example/record");
    sequencer.await.unwrap().catch_up().await.unwrap();
}

#[tokio::test]
async fn a_blind_packet_says_nothing_of_who_applies_in_page_list_and_file() {
    each_town(async |town| {
        let id = town.opened("desk", &[("blind", "yes")]).await;
        let (_, entry) = town.entries(&id).await.remove(0);
        let judge = &town.judges[0];
        let page = judge.get(&format!("/work/judging/{id}/{entry}")).await;
        let text = page.text();
        assert!(page.status == 200 && text.contains("演示项目1") && text.contains("自主研发"), "{text}");
        let list = judge.get(&format!("/work/judging/{id}")).await.text();
        let json = judge.get(&format!("/api/v1/judging/{id}/entries")).await.text();
        for said in [&text, &list, &json] {
            for secret in ["天津第1演示", "王小1", &town.applications[0]] {
                assert!(!said.contains(secret), "{secret} in {said}");
            }
        }
        let file = text.split("/files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let bytes = judge.get(&format!("/work/judging/{id}/{entry}/files/{file}")).await;
        assert_eq!(bytes.status, 200);
        assert!(!bytes.text().contains("王小") && !bytes.header("content-disposition").contains("%E7%8E%8B"));
        // The original is not the judge's.
        let original = town.officer.get(&format!("/work/applications/{}", town.applications[0])).await.text();
        let original = original.split("/work/application-files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(judge.get(&format!("/work/judging/{id}/{entry}/files/{original}")).await.status, 404);
        assert_eq!(judge.get(&format!("/work/application-files/{original}")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_score_is_saved_while_it_is_typed_and_locked_once() {
    each_town(async |town| {
        let id = town.opened("desk", &[]).await;
        let (_, entry) = town.entries(&id).await.remove(0);
        let judge = &town.judges[0];
        let card = format!("/work/judging/{id}/{entry}/card");
        let saved = judge.json(axum::http::Method::PUT, &card, &json!({ "mark.technology": "４５。５" }), &[]).await;
        assert_eq!(saved.status, 204, "{}", saved.text());
        let also = judge.json(axum::http::Method::PUT, &card, &json!({ "note": "再看看" }), &[]).await;
        assert_eq!(also.status, 204);
        let page = judge.get(&format!("/work/judging/{id}/{entry}")).await.text();
        assert!(page.contains("value=\"45.5\"") && page.contains("再看看"), "{page}");
        let wrong = judge.json(axum::http::Method::PUT, &card, &json!({ "mark.market": "40.5" }), &[]).await;
        assert!(wrong.status == 422 && wrong.text().contains("不能超过 40"), "{}", wrong.text());
        let open =
            town.put(judge, &id, &entry, &json!({ "marks": { "technology": "50" }, "lock": true, "key": "a" })).await;
        assert!(open.status == 422 && open.text().contains("review.mark_missing"), "{}", open.text());
        let body = json!({ "marks": { "technology": "50", "market": "30" }, "lock": true, "key": "a" });
        for _ in 0..3 {
            let sent = town.put(judge, &id, &entry, &body).await;
            assert!(sent.status == 200 && sent.json()["total"] == "80.00", "{}", sent.text());
        }
        let other = json!({ "marks": { "technology": "60", "market": "40" }, "lock": true, "key": "b" });
        let refused = town.put(judge, &id, &entry, &other).await;
        assert!(refused.status == 409 && refused.text().contains("review.score_locked"), "{}", refused.text());
        let rows: (i64,) =
            town.test.app.db.one("SELECT COUNT(*) FROM review_score WHERE locked", Vec::new()).await.unwrap();
        assert_eq!(rows.0, 1);

        // Opened again with a reason, which is kept beside what it was.
        let seat: (String,) = town.test.app.db.one("SELECT seat_id FROM review_score", Vec::new()).await.unwrap();
        let fields = [("code", "p01"), ("seat", seat.0.as_str()), ("reason", "评委误填")];
        town.desk(&id, "scores/reopen", &fields).await;
        let again = town.put(judge, &id, &entry, &other).await;
        assert_eq!(again.status, 200, "{}", again.text());
        let shown = town.officer.get(&format!("/work/reviews/{id}?tab=results")).await.text();
        assert!(shown.contains("评委误填") && shown.contains("80.00"), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn judging_waits_for_commitments_and_conflicts_take_a_judge_off_the_entry() {
    each_town(async |town| {
        let id = town.round("desk", &[("blind", "yes")]).await;
        town.officer.form(&format!("/work/reviews/{id}/invite"), &[]).await;
        let judge = &town.judges[0];
        let invitation = judge.get(&format!("/work/judging/{id}")).await.text();
        assert!(invitation.contains("评审承诺") && invitation.contains("天津第2演示科技有限公司"), "{invitation}");
        let unsigned = judge.form(&format!("/work/judging/{id}/accept"), &[]).await;
        assert_eq!(unsigned.status, 422);
        let own = town.applications[1].as_str();
        let signed = judge.form(&format!("/work/judging/{id}/accept"), &[("signed", "yes"), ("conflict", own)]).await;
        assert_eq!(signed.status, 303, "{}", signed.text());
        town.desk(&id, "open", &[]).await;
        let mine = judge.get(&format!("/api/v1/judging/{id}/entries")).await.json();
        assert_eq!(mine.as_array().unwrap().len(), 3, "{mine}");
        let (_, entry) = town.entries(&id).await.remove(1);
        assert_eq!(judge.get(&format!("/work/judging/{id}/{entry}")).await.status, 404);
        // The second judge came later and steps back from another one.
        let second = &town.judges[1];
        let (_, third) = town.entries(&id).await.remove(2);
        let early = second.get(&format!("/work/judging/{id}/{third}")).await;
        assert_eq!(early.status, 409, "commitments first");
        second.form(&format!("/work/judging/{id}/accept"), &[("signed", "yes")]).await;
        let back = second.form(&format!("/work/judging/{id}/{third}/recuse"), &[("reason", "曾任顾问")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(second.get(&format!("/work/judging/{id}/{third}")).await.status, 404);
        let page = town.officer.get(&format!("/work/reviews/{id}?tab=judges")).await.text();
        assert!(page.contains("曾任顾问") && page.contains("本人申报"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn the_registry_knows_who_works_where_and_a_name_is_checked_before_anybody_is_asked() {
    each_town(async |town| {
        let id = town.round("desk", &[]).await;
        // The first judge is on the staff of the first firm.
        let new = registry::model::NewAffiliation {
            person: town.judges[0].person.unwrap(),
            organization: town.firms[0].0,
            kind: "staff".into(),
            title: jinmen_core::Text2::zh("工程师"),
            letter: None,
            valid_from: None,
            valid_until: None,
        };
        let mut tx = town.test.app.db.begin().await.unwrap();
        registry::ops::affiliate::insert(&town.test.app, &mut tx, &crate::town::SYSTEM, &new, "test").await.unwrap();
        tx.commit().await.unwrap();
        town.desk(&id, "conflicts/find", &[]).await;
        let page = town.officer.get(&format!("/work/reviews/{id}?tab=judges")).await.text();
        assert!(page.contains("与参赛单位有任职关系") && page.contains("天津第1演示科技有限公司"), "{page}");
        let path = format!("/work/reviews/{id}?tab=judges&name=pingwei1");
        let checked = town.officer.get(&path).await.text();
        assert!(checked.contains("P01"), "{checked}");
        let path = format!("/work/reviews/{id}?tab=judges&name=生人&institution=天津第3演示科技有限公司");
        let stranger = town
            .officer
            .get(
                &module::pages::encoded(&path)
                    .replace("%2F", "/")
                    .replace("%3F", "?")
                    .replace("%3D", "=")
                    .replace("%26", "&"),
            )
            .await
            .text();
        assert!(stranger.contains("P03"), "{stranger}");
    })
    .await;
}

#[tokio::test]
async fn ties_wait_for_the_vote_of_the_panel() {
    each_town(async |town| {
        let id = town.opened("desk", &[]).await;
        for (_, entry) in town.entries(&id).await {
            for judge in 0..5 {
                town.lock(judge, &id, &entry, ("50", "30")).await;
            }
        }
        town.desk(&id, "close", &[]).await;
        let open = town.supervisor.form(&format!("/work/reviews/{id}/confirm"), &[]).await;
        assert!(open.status == 409 && open.text().contains("并列"), "{}", open.text());
        let entries = town.entries(&id).await;
        let names: Vec<String> = entries.iter().map(|(_, id)| format!("votes.{id}")).collect();
        let fields: Vec<(&str, &str)> =
            names.iter().zip(["1", "4", "2", "3"]).map(|(name, votes)| (name.as_str(), votes)).collect();
        town.desk(&id, "votes", &fields).await;
        assert_eq!(town.supervisor.form(&format!("/work/reviews/{id}/confirm"), &[]).await.status, 303);
        let ranking = town.officer.get(&format!("/api/v1/reviews/{id}/ranking")).await.json();
        let codes: Vec<&str> = ranking.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["P02", "P04", "P03", "P01"]);
    })
    .await;
}

#[tokio::test]
async fn prized_projects_are_followed_until_they_land_and_judges_are_owed_their_fee_once() {
    each_town(async |town| {
        let id = town.opened("desk", &[("fee", "800")]).await;
        score_all(&town, &id).await;
        let early = town.officer.form(&format!("/work/reviews/{id}/fees"), &[]).await;
        assert_eq!(early.status, 409, "{}", early.text());
        town.desk(&id, "close", &[]).await;
        assert_eq!(town.supervisor.form(&format!("/work/reviews/{id}/confirm"), &[]).await.status, 303);
        for _ in 0..2 {
            town.desk(&id, "fees", &[]).await;
        }
        let db = &town.test.app.db;
        let owed: Vec<(i64, String)> =
            db.list("SELECT amount, subject_name FROM payment_item ORDER BY subject_name", Vec::new()).await.unwrap();
        assert_eq!(owed.len(), 5);
        assert!(owed.iter().all(|(amount, name)| *amount == 80_000 && name.starts_with("评委")), "{owed:?}");

        let entries = town.entries(&id).await;
        let written = [("entry", entries[0].1.as_str()), ("state", "signed"), ("on", "2026-06-19")];
        let more = [("note", "拟在新八大里注册"), ("next_on", "2026-09-01")];
        town.desk(&id, "landing", &[&written[..], &more].concat()).await;
        let page = town.officer.get(&format!("/work/reviews/{id}?tab=landing")).await.text();
        assert!(page.contains("已签约") && page.contains("新八大里") && page.contains("尚未跟踪"), "{page}");
        let tasks = async || {
            let sql = "SELECT due_on FROM task WHERE kind = 'review.landing' AND done_at IS NULL";
            let rows: Vec<(String,)> = db.list(sql, Vec::new()).await.unwrap();
            rows
        };
        assert_eq!(tasks().await, [("2026-09-01".to_owned(),)]);
        // It works here: nobody asks again, whatever day stands in the form.
        let written = [("entry", entries[0].1.as_str()), ("state", "operating"), ("on", "2026-09-01")];
        town.desk(&id, "landing", &[&written[..], &[("next_on", "2027-01-01")]].concat()).await;
        assert!(tasks().await.is_empty());
        let wrong = [("entry", entries[3].1.as_str()), ("state", "talks"), ("on", "2026-06-19")];
        let none = town.officer.form(&format!("/work/reviews/{id}/landing"), &wrong).await;
        assert!(none.status == 422 && none.text().contains("没有奖项"), "{}", none.text());
    })
    .await;
}
