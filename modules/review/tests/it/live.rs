//! A live final: the draw, the stage, slips of paper, the tally, the supervisor, the screen.

use serde_json::json;

use crate::town::{Town, each_town};

async fn room(
    _town: &Town,
    id: &str,
    panel: &str,
    who: &module::testing::Client,
    what: &str,
    fields: &[(&str, &str)],
) -> module::testing::Page {
    who.form(&format!("/work/reviews/{id}/live/{panel}/{what}"), fields).await
}

/// A final whose order was drawn on paper.
async fn drawn(town: &Town) -> (String, String) {
    let id = town.opened("live", &[("pitch_minutes", "8"), ("question_minutes", "7"), ("guests", "yes")]).await;
    let panel = town.panels(&id).await.remove(0);
    let fields = [("panel", panel.as_str()), ("order", "P02 P01，P04 p03"), ("witness", "王监督")];
    town.desk(&id, "paper-draws", &fields).await;
    (id, panel)
}

async fn screen(town: &Town, panel: &str) -> serde_json::Value {
    town.test.nobody().get(&format!("/live/{panel}/state")).await.json()
}

#[tokio::test]
async fn an_order_is_drawn_from_a_committed_secret_and_words_that_the_supervisor_says() {
    each_town(async |town| {
        let id = town.opened("live", &[]).await;
        let panel = town.panels(&id).await.remove(0);
        town.desk(&id, "draws", &[("kind", "order"), ("panel", &panel)]).await;
        let page = town.officer.get(&format!("/work/reviews/{id}?tab=draws")).await.text();
        assert!(page.contains("存证编号") && !page.contains("密语</"), "{page}");
        let draw: (String, String, String) =
            town.test.app.db.one("SELECT id, commitment, secret FROM review_draw", Vec::new()).await.unwrap();
        assert!(page.contains(&draw.1) && !page.contains(&draw.2), "the secret stays one until it was drawn");
        let path = format!("/work/review-draws/{}", draw.0);
        assert_eq!(town.officer.form(&path, &[("words", "七")]).await.status, 404, "nobody draws alone");
        assert_eq!(town.other_supervisor.form(&path, &[("words", "七")]).await.status, 404);
        let done = town.supervisor.form(&path, &[("words", "七")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let again = town.supervisor.form(&path, &[("words", "八")]).await;
        assert_eq!(again.status, 409, "{}", again.text());
        let secret: Vec<u8> =
            (0..draw.2.len()).step_by(2).map(|at| u8::from_str_radix(&draw.2[at..at + 2], 16).unwrap()).collect();
        let inputs: Vec<String> = (1..=4).map(|at| format!("P{at:02}")).collect();
        let expected = review::model::drawn(&secret, "七", &inputs);
        assert_eq!(review::model::commitment(&secret), draw.1);
        let order: Vec<String> = screen(&town, &panel).await["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["code"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(order, expected);
    })
    .await;
}

#[tokio::test]
async fn a_paper_order_names_every_entry_once() {
    each_town(async |town| {
        let id = town.opened("live", &[]).await;
        let panel = town.panels(&id).await.remove(0);
        let fields = [("panel", panel.as_str()), ("order", "P01 P02 P09"), ("witness", "王监督")];
        let page = town.officer.form(&format!("/work/reviews/{id}/paper-draws"), &fields).await;
        assert!(
            page.status == 422 && page.text().contains("P03 P04") && page.text().contains("P09"),
            "{}",
            page.text()
        );
    })
    .await;
}

#[tokio::test]
async fn a_final_goes_entry_by_entry_and_the_screen_shows_what_the_supervisor_confirmed() {
    each_town(async |town| {
        let (id, panel) = drawn(&town).await;
        let entries = town.entries(&id).await;
        let of = |code: &str| entries.iter().find(|(known, _)| known == code).map(|(_, id)| id.clone()).unwrap();
        let second = of("P02");
        let early = town.lock(0, &id, &second, ("50", "30")).await;
        assert!(early.status == 409 && early.text().contains("review.not_on_stage"), "{}", early.text());
        let called = room(&town, &id, &panel, &town.officer, "call", &[("entry", &second)]).await;
        assert_eq!(called.status, 303, "{}", called.text());
        assert_eq!(room(&town, &id, &panel, &town.officer, "clock", &[("deed", "pitch")]).await.status, 303);
        let now = screen(&town, &panel).await;
        assert_eq!((&now["phase"], &now["left"], &now["runs"]), (&json!("pitch"), &json!(480), &json!(true)));
        assert_eq!(now["current"]["code"], "P02");
        let other = room(&town, &id, &panel, &town.officer, "call", &[("entry", &of("P01"))]).await;
        assert!(other.status == 409 && other.text().contains("P02"), "{}", other.text());

        for (judge, technology) in [(0, "50"), (1, "51"), (2, "40"), (3, "60")] {
            assert_eq!(town.lock(judge, &id, &second, (technology, "30.25")).await.status, 200);
        }
        assert_eq!(screen(&town, &panel).await["locked"], 4);
        let missing = room(&town, &id, &panel, &town.officer, "tally", &[("entry", &second)]).await;
        assert_eq!(missing.status, 409);
        // The fifth judge's telephone failed: two people type the slip.
        let seats = town.officer.get(&format!("/api/v1/reviews/{id}")).await.json();
        let seat = seats["judges"].as_array().unwrap().iter().find(|one| one["locked"] == 0).unwrap()["id"].clone();
        let slip = [
            ("entry", second.as_str()),
            ("seat", seat.as_str().unwrap()),
            ("mark.technology", "52"),
            ("mark.market", "30.25"),
        ];
        assert_eq!(room(&town, &id, &panel, &town.officer, "slip", &slip).await.status, 303);
        let same = room(&town, &id, &panel, &town.officer, "slip", &slip).await;
        assert!(same.status == 409 && same.text().contains("另一位"), "{}", same.text());
        let mut other = slip;
        other[2].1 = "25";
        let differs = room(&town, &id, &panel, &town.second, "slip", &other).await;
        assert!(differs.status == 409 && differs.text().contains("不一致"), "{}", differs.text());
        assert_eq!(room(&town, &id, &panel, &town.officer, "slip", &slip).await.status, 303);
        assert_eq!(room(&town, &id, &panel, &town.second, "slip", &slip).await.status, 303);

        let page = town.officer.get(&format!("/work/reviews/{id}/live/{panel}")).await.text();
        // 70.25, 80.25, 81.25, 82.25, 90.25 without the highest and the lowest.
        assert!(page.contains("81.25") && page.contains("70.25、90.25"), "{page}");
        assert_eq!(room(&town, &id, &panel, &town.officer, "tally", &[("entry", &second)]).await.status, 303);
        let waits = screen(&town, &panel).await;
        assert!(waits["last"].is_null() && waits["entries"][0]["score"].is_null(), "{waits}");
        assert!(!waits.to_string().contains("81.25") && waits["entries"][0]["state"] == "stage");
        assert_eq!(room(&town, &id, &panel, &town.officer, "confirm", &[("entry", &second)]).await.status, 404);
        assert_eq!(room(&town, &id, &panel, &town.supervisor, "confirm", &[("entry", &second)]).await.status, 303);
        let out = screen(&town, &panel).await;
        assert_eq!((&out["last"]["score"], &out["last"]["dropped"]), (&json!("81.25"), &json!(1)));

        // Nobody comes to the next pitch, and a locked score is not opened any more.
        let gone = room(&town, &id, &panel, &town.officer, "absent", &[("entry", &of("P01"))]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        let late = town
            .officer
            .form(
                &format!("/work/reviews/{id}/scores/reopen"),
                &[("code", "P02"), ("seat", seat.as_str().unwrap()), ("reason", "改一下")],
            )
            .await;
        assert_eq!(late.status, 409, "{}", late.text());
        let close = town.officer.form(&format!("/work/reviews/{id}/close"), &[("reason", "")]).await;
        assert!(close.status == 409 && close.text().contains("P03"), "{}", close.text());
    })
    .await;
}

#[tokio::test]
async fn visitors_score_once_each_and_count_for_nothing() {
    each_town(async |town| {
        let (id, panel) = drawn(&town).await;
        let entry = town.entries(&id).await.into_iter().find(|(code, _)| code == "P02").unwrap().1;
        let guest = format!("/live/{panel}/guest");
        let nobody = town.test.nobody();
        assert!(nobody.get(&guest).await.text().contains("现在没有项目在台上"));
        room(&town, &id, &panel, &town.officer, "call", &[("entry", &entry)]).await;
        let page = nobody.get(&guest).await;
        assert!(page.header("set-cookie").contains("jm_guest="));
        let visitor = nobody.also(page.header("set-cookie").split(';').next().unwrap());
        for total in ["70", "75.5"] {
            let sent = visitor.form(&guest, &[("entry", &entry), ("total", total)]).await;
            assert!(sent.status == 200 && sent.text().contains("已收到"), "{}", sent.text());
        }
        let wrong = visitor.form(&guest, &[("entry", &entry), ("total", "101")]).await;
        assert!(wrong.status == 422 && wrong.text().contains("不能超过"), "{}", wrong.text());
        let rows: Vec<(String,)> = town.test.app.db.list("SELECT total FROM review_guest", Vec::new()).await.unwrap();
        assert_eq!(rows, [("75.5".to_owned(),)]);
        for judge in 0..5 {
            town.lock(judge, &id, &entry, ("50", "30")).await;
        }
        let room_page = town.officer.get(&format!("/work/reviews/{id}/live/{panel}")).await.text();
        assert!(room_page.contains("80.00") && room_page.contains("观众评分 1 份"), "{room_page}");
    })
    .await;
}

#[tokio::test]
async fn the_pad_holds_what_a_judge_needs_to_go_on_without_a_network() {
    each_town(async |town| {
        let (id, panel) = drawn(&town).await;
        let judge = &town.judges[0];
        let page = judge.get(&format!("/work/judging/{id}/live")).await;
        assert!(page.status == 200 && page.text().contains("data-pad="), "{}", page.text());
        let state = judge.get(&format!("/work/judging/{id}/live/state")).await.json();
        assert_eq!(state["entries"].as_array().unwrap().len(), 4);
        assert!(state["current"].is_null());
        let entry = state["entries"][0]["id"].as_str().unwrap().to_owned();
        room(&town, &id, &panel, &town.officer, "call", &[("entry", &entry)]).await;
        assert_eq!(town.lock(0, &id, &entry, ("50", "30")).await.status, 200);
        let after = judge.get(&format!("/work/judging/{id}/live/state")).await.json();
        assert_eq!((&after["current"], &after["entries"][0]["locked"]), (&json!(entry), &json!(true)));
        assert_eq!(town.other_judge.get(&format!("/work/judging/{id}/live/state")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn papers_of_a_final_are_printed_with_lines_for_signatures() {
    each_town(async |town| {
        let (id, panel) = drawn(&town).await;
        for (paper, wanted) in [
            ("order", "演示项目2"),
            ("sign-in", "评委1"),
            ("sheets", "技术 60"),
            ("summary", "监督人员"),
            ("fees", "评审费"),
        ] {
            let page = town.officer.get(&format!("/work/reviews/{id}/live/{panel}/papers?paper={paper}")).await;
            assert!(page.status == 200 && page.text().contains(wanted), "{paper}: {}", page.text());
        }
    })
    .await;
}
