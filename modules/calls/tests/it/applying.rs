//! The applicant: typing, what the file answers, handing in, deadlines, what becomes a fact.

use axum::http::Method;
use serde_json::{Value, json};

use crate::town::{PDF, Town, USCC, answers, each_town, fact, schema};

fn digest_of(page: &str) -> String {
    let run = page.split(|c: char| !c.is_ascii_hexdigit()).find(|run| run.len() == 64);
    run.unwrap_or_else(|| panic!("no digest in {page}")).to_owned()
}

#[tokio::test]
async fn an_application_is_typed_field_by_field_handed_in_once_and_acknowledged() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.begun(&town.enterprise, &call).await;
        let again = town.begun(&town.handler, &call).await;
        assert_eq!(again, id, "a colleague goes on with the draft");
        let saved = town.save(&town.enterprise, &id, json!({ "headcount": "120" })).await;
        assert!(saved.json()["saved_at"].as_str().unwrap().starts_with("2026-06-18T14:00"), "{}", saved.text());
        let missing = town.submit(&town.enterprise, &id).await;
        assert!(missing.status == 422 && missing.text().contains("处需要补充"), "{}", missing.text());
        let overview = town.enterprise.get(&format!("/work/own-applications/{id}")).await.text();
        assert!(overview.contains("项目简介：请填写此项"), "{overview}");
        town.save(&town.handler, &id, answers()).await;
        let done = town.submit(&town.handler, &id).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let page = town.enterprise.get(&format!("/work/own-applications/{id}")).await.text();
        for wanted in ["SQ-2026-0001", "2026年6月18日 14:00", "受理", "提交申请 SQ-2026-0001", "办理中"] {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        digest_of(&page);
        let twice = town.submit(&town.enterprise, &id).await;
        assert!(twice.status == 409 && twice.text().contains("不能重复提交"), "{}", twice.text());
        let late = town.save(&town.enterprise, &id, json!({ "summary": "改" })).await;
        assert_eq!(late.status, 409, "what was handed in is not typed into");
        let another = town.enterprise.form("/work/own-applications", &[("call", &call)]).await;
        assert_eq!(another.status, 409, "one application of one applicant");
        let rows: (i64,) = town.test.app.db.one("SELECT COUNT(*) FROM call_submission", Vec::new()).await.unwrap();
        assert_eq!(rows.0, 1);
    })
    .await;
}

#[tokio::test]
async fn what_the_file_holds_is_shown_with_its_source_and_not_asked_and_answers_become_facts() {
    each_town(async |town| {
        fact(&town.test, town.firm, "headcount", "300").await;
        let call = town.published(&[]).await;
        let id = town.begun(&town.enterprise, &call).await;
        let path = format!("/work/own-applications/{id}/form");
        let page = town.enterprise.get(&path).await.text();
        assert!(page.contains("已从档案带入") && page.contains("300") && page.contains("已核验"), "{page}");
        assert!(!page.contains("name=\"headcount\"") && page.contains("name=\"revenue\""), "{page}");
        assert!(page.contains("营业收入（2025 年）"), "{page}");
        let opened = town.enterprise.get(&format!("{path}?open=headcount")).await.text();
        assert!(opened.contains("name=\"headcount\" value=\"300\""), "one may say something newer: {opened}");
        let mut all = answers();
        all.as_object_mut().unwrap().remove("headcount");
        town.save(&town.enterprise, &id, all).await;
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        let facts =
            town.enterprise.get(&format!("/work/organizations/{}/facts/annual_revenue", town.firm)).await.text();
        assert!(facts.contains("2026年演示项目申报") && facts.contains("1,200"), "{facts}");
        // The second call asks nothing that the first one learned.
        let second = town.published(&[]).await;
        let id = town.begun(&town.enterprise, &second).await;
        let page = town.enterprise.get(&format!("/work/own-applications/{id}/form")).await.text();
        assert!(!page.contains("name=\"revenue\"") && page.contains("name=\"summary\""), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_question_under_a_condition_comes_and_goes_and_nothing_typed_is_lost() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.begun(&town.enterprise, &call).await;
        let path = format!("/work/own-applications/{id}/form");
        assert!(!town.enterprise.get(&path).await.text().contains("name=\"last\""));
        town.save(&town.enterprise, &id, json!({ "kind": "old", "last": "XM-2025-0001", "headcount": "not a number" }))
            .await;
        let page = town.enterprise.get(&path).await.text();
        assert!(page.contains("name=\"last\" value=\"XM-2025-0001\""), "{page}");
        assert!(
            page.contains("value=\"not a number\"") && page.contains("is-invalid"),
            "kept as typed, and blamed: {page}"
        );
        assert!(page.contains("data-refresh=\"kind\""), "{page}");
        town.save(&town.enterprise, &id, json!({ "kind": "new" })).await;
        assert!(!town.enterprise.get(&path).await.text().contains("name=\"last\""));
        town.save(&town.enterprise, &id, json!({ "kind": "old" })).await;
        assert!(town.enterprise.get(&path).await.text().contains("XM-2025-0001"), "it comes back");
    })
    .await;
}

#[tokio::test]
async fn the_whole_form_is_sent_without_scripts_too() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.begun(&town.enterprise, &call).await;
        let path = format!("/work/own-applications/{id}/form");
        let fields = [
            ("headcount", "12"),
            ("kind", "new"),
            ("summary", "第一行\r\n第二行"),
            ("sure", "yes"),
            ("team.0.name", "王明"),
        ];
        let stay = [&fields[..], &[("then", "stay")]].concat();
        let kept = town.enterprise.form(&path, &stay).await;
        assert!(kept.status == 303 && kept.location().contains("/form"), "{}", kept.location());
        let page = town.enterprise.get(&path).await.text();
        assert!(page.contains("第二行") && page.contains("checked") && page.contains("team.1.name"), "{page}");
        let unticked = town.enterprise.form(&path, &fields[..3]).await;
        assert_eq!(unticked.location(), format!("/work/own-applications/{id}"));
        let overview = town.enterprise.get(&unticked.location()).await.text();
        assert!(overview.contains("承诺属实：请填写此项"), "a box that nobody ticks is empty: {overview}");
        let unknown = town.enterprise.form(&path, &[("no_such_question", "x")]).await;
        assert_eq!(unknown.status, 422);
    })
    .await;
}

#[tokio::test]
async fn what_comes_at_the_end_comes_too_late_and_a_moved_deadline_counts_at_once() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.filled(&call).await;
        let other = town.begun(&town.other_enterprise, &call).await;
        town.save(&town.other_enterprise, &other, answers()).await;
        // The window ends with 30 June: its last microsecond is in time, the next is not.
        let end = jinmen_core::Instant::start_of(jinmen_core::Date::from_iso("2026-07-01").unwrap());
        town.test.app.clock.advance_seconds(end.seconds_since(town.test.app.clock.now()) - 1);
        let in_time = town.test.again(&town.enterprise).await;
        let late = town.test.again(&town.other_enterprise).await;
        assert_eq!(town.submit(&in_time, &id).await.status, 303);
        town.test.app.clock.advance_seconds(1);
        let page = town.submit(&late, &other).await;
        assert!(page.status == 409 && page.text().contains("已过截止时间"), "{}", page.text());
        let kept: (i64,) = town
            .test
            .app
            .db
            .one("SELECT COUNT(*) FROM call_answer WHERE application_id = $1", store::args![other.as_str()])
            .await
            .unwrap();
        assert_eq!(kept.0, 8, "nothing typed is lost");
        let officer = town.test.again(&town.officer).await;
        let page = officer.get(&format!("/work/calls/{call}/setup")).await.text();
        let version = page.split("/setup?seen=").nth(1).unwrap().split(['&', '"']).next().unwrap().to_owned();
        let fields = [("title_zh", "2026年演示项目申报"), ("closes_on", "2026-07-02")];
        let moved = officer.form(&format!("/work/calls/{call}/text?seen={version}"), &fields).await;
        assert_eq!(moved.status, 303, "{}", moved.text());
        assert_eq!(town.submit(&late, &other).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn clocks_of_machines_that_disagree_do_not_move_a_deadline_that_they_share() {
    each_town(async |town| {
        let shared = town.test.app.db.dialect() == store::Dialect::Postgres;
        let now = jinmen_core::Clock::system().now();
        for (wrong_by, end, in_time) in [(300, 60, true), (-300, -60, false)] {
            let machine = town.test.with_clock(jinmen_core::Clock::wrong_by(wrong_by));
            let call = town.published(&[]).await;
            let id = town.filled(&call).await;
            let sql = "UPDATE call SET closes_at = $1 WHERE id = $2";
            town.test.app.db.run(sql, store::args![now.plus_seconds(end), call.as_str()]).await.unwrap();
            let page = town.submit(&machine.again(&town.enterprise).await, &id).await;
            // A file has one machine, and its clock is the only one there is.
            let accepted = if shared { in_time } else { !in_time };
            assert_eq!(page.status, if accepted { 303 } else { 409 }, "{wrong_by}: {}", page.text());
        }
    })
    .await;
}

#[tokio::test]
async fn of_many_who_hand_the_same_in_at_once_one_is_acknowledged() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.filled(&call).await;
        let tries = (0..8).map(|_| town.submit(&town.enterprise, &id));
        let pages = futures::future::join_all(tries).await;
        let done = pages.iter().filter(|page| page.status == 303).count();
        let refused = pages.iter().filter(|page| page.status == 409).count();
        assert_eq!((done, refused), (1, 7), "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
        let retry = format!("/work/own-applications/{id}/submit?once=abc");
        let first = town.enterprise.form(&retry, &[]).await.status;
        assert_eq!(town.enterprise.form(&retry, &[]).await.status, first, "a retry gets the first answer again");
    })
    .await;
}

#[tokio::test]
async fn a_secret_answer_is_sealed_at_rest_and_masked_wherever_it_is_shown() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let whole = "6222020000001234";
        let db = &town.test.app.db;
        let typed: Vec<(Value,)> = db.list("SELECT typed FROM call_answer", Vec::new()).await.unwrap();
        let kept: Vec<(String,)> = db.list("SELECT document FROM call_submission", Vec::new()).await.unwrap();
        let all = format!("{typed:?}{kept:?}");
        assert!(!all.contains(whole) && !all.contains("13812345678"), "{all}");
        assert!(all.contains("622*********1234") && all.contains("138****5678"), "{all}");
        for (who, path) in [
            (&town.enterprise, format!("/work/own-applications/{id}?tab=answers")),
            (&town.officer, format!("/work/applications/{id}")),
            (&town.officer, format!("/work/applications/{id}/print")),
            (&town.officer, format!("/work/calls/{call}/applications.json")),
        ] {
            let page = who.get(&path).await.text();
            assert!(page.contains("1234") && !page.contains(whole), "{path}: {page}");
        }
    })
    .await;
}

#[tokio::test]
async fn files_are_taken_as_the_question_says_and_handed_to_both_sides_only() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.filled(&call).await;
        let path = format!("/work/own-applications/{id}/files/plan");
        let wrong = town.enterprise.upload(&path, "方案.exe", PDF).await;
        assert!(wrong.status == 422 && wrong.text().contains("只接受 .pdf"), "{}", wrong.text());
        let large = town.enterprise.upload(&path, "方案.pdf", &vec![b'x'; 1_100_000]).await;
        assert!(large.status == 422 && large.text().contains("超过 1 MB"), "{} {}", large.status, large.text());
        for name in ["方案.pdf", "附件.pdf"] {
            assert_eq!(town.enterprise.upload(&path, name, PDF).await.status, 303);
        }
        let third = town.enterprise.upload(&path, "三.pdf", PDF).await;
        assert!(third.status == 422 && third.text().contains("最多 2 个文件"), "{}", third.text());
        let none = town.enterprise.upload(&format!("/work/own-applications/{id}/files/summary"), "x.pdf", PDF).await;
        assert_eq!(none.status, 404, "a question that takes no files");
        let form = town.enterprise.get(&format!("/work/own-applications/{id}/form")).await.text();
        let file = form.split("/work/own-application-files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(town.other_enterprise.get(&format!("/work/own-application-files/{file}")).await.status, 404);
        assert_eq!(
            town.officer.get(&format!("/work/application-files/{file}")).await.status,
            404,
            "a draft is the applicant's"
        );
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        assert_eq!(town.officer.get(&format!("/work/application-files/{file}")).await.bytes, PDF);
        assert_eq!(town.other_officer.get(&format!("/work/application-files/{file}")).await.status, 404);
        let late = town.enterprise.form(&format!("/work/own-application-files/{file}/remove"), &[]).await;
        assert_eq!(late.status, 409, "what was handed in stays");
    })
    .await;
}

#[tokio::test]
async fn a_strict_call_refuses_whoever_is_not_eligible_and_shows_the_proof() {
    let rule = "policy: 申报资格\nfacts:\n  revenue: {registry: annual_revenue}\nclauses:\n- id: A\n  title: 资格\n  conditions:\n  - {zh: 上年营收不低于1000万元, en: revenue, when: 'revenue[last_year] >= wan(1000)'}\n  amount: yuan(0)\n  cases: [{as_of: 2026-06-30, facts: {revenue: {2025: 20000000}}, eligible: true, amount: 0}]\n";
    each_town(async |town| {
        let call = town.published(&[("rule", rule), ("strict", "yes")]).await;
        let id = town.begun(&town.enterprise, &call).await;
        let path = format!("/work/own-applications/{id}");
        assert!(town.enterprise.get(&path).await.text().contains("填写完整后判断"));
        let mut all = answers();
        all["revenue"] = json!("900");
        town.save(&town.enterprise, &id, all).await;
        let page = town.enterprise.get(&path).await.text();
        assert!(
            page.contains("不符合条件") && page.contains("差 1,000,000.00 元") || page.contains("差 100 万元"),
            "{page}"
        );
        let refused = town.submit(&town.enterprise, &id).await;
        assert!(refused.status == 409 && refused.text().contains("不符合申请条件"), "{}", refused.text());
        let facts: (i64,) =
            town.test.app.db.one("SELECT COUNT(*) FROM fact WHERE key = 'annual_revenue'", Vec::new()).await.unwrap();
        assert_eq!(facts.0, 0, "a refused submission leaves nothing behind");
        town.save(&town.enterprise, &id, json!({ "revenue": "1000" })).await;
        assert!(town.enterprise.get(&path).await.text().contains("符合条件"));
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        let decided: (i64,) = town.test.app.db.one("SELECT COUNT(*) FROM decision", Vec::new()).await.unwrap();
        assert_eq!(decided.0, 1);
    })
    .await;
}

#[tokio::test]
async fn an_application_that_is_withdrawn_makes_room_for_another() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let path = format!("/work/own-applications/{id}/withdraw");
        assert_eq!(town.enterprise.form(&path, &[]).await.status, 422, "with a reason");
        assert_eq!(town.enterprise.form(&path, &[("reason", "材料有误")]).await.status, 303);
        assert_eq!(town.enterprise.form(&path, &[("reason", "再来")]).await.status, 409);
        let desk = town.officer.get(&format!("/work/applications/{id}")).await.text();
        assert!(desk.contains("已撤回") && desk.contains("材料有误"), "{desk}");
        let new = town.begun(&town.enterprise, &call).await;
        assert_ne!(new, id);
    })
    .await;
}

#[tokio::test]
async fn a_person_applies_for_themselves_and_their_team_sees_it() {
    each_town(async |town| {
        let call = town.published(&[("applicants", "people")]).await;
        let firm = town.enterprise.form("/work/own-applications", &[("call", &call)]).await;
        assert_eq!(firm.status, 409, "it is for people");
        let id = town.begun(&town.talent, &call).await;
        let path = format!("/work/own-applications/{id}");
        assert_eq!(town.other_talent.get(&path).await.status, 404);
        let added = town.talent.form(&format!("{path}/team"), &[("account", "taren"), ("part", "member")]).await;
        assert_eq!(added.status, 303, "{}", added.text());
        assert_eq!(town.other_talent.get(&path).await.status, 200);
        assert!(town.other_talent.get("/work/own-applications").await.text().contains("演示项目申报"));
        let saved = town.save(&town.other_talent, &id, json!({ "summary": "一起写" })).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        let nobody = town.talent.form(&format!("{path}/team"), &[("account", "nosuch"), ("part", "member")]).await;
        assert_eq!(nobody.status, 422);
        let person = town.other_talent.person.unwrap();
        assert_eq!(town.talent.form(&format!("{path}/team/{person}/remove"), &[]).await.status, 303);
        assert_eq!(town.other_talent.get(&path).await.status, 404);
        // What is bound to an organisation's file is not asked of a person.
        let form = town.talent.get(&format!("{path}/form")).await.text();
        assert!(!form.contains("name=\"headcount\"") && form.contains("name=\"kind\""), "{form}");
    })
    .await;
}

#[tokio::test]
async fn the_second_of_three_unlike_calls_asks_a_fifth_of_the_first_and_the_third_a_tenth() {
    each_town(async |town: Town| {
        let mut asked = Vec::new();
        for template in ["membership", "competition", "subsidy"] {
            let fields = [("title_zh", "演示"), ("closes_on", "2026-06-30")];
            let place = town.officer.form(&format!("/work/calls/new/{template}"), &fields).await.location();
            assert_eq!(town.officer.form(&format!("{place}/publish"), &[]).await.status, 303);
            let id = town.begun(&town.enterprise, place.rsplit('/').next().unwrap()).await;
            let page = town.enterprise.get(&format!("/work/own-applications/{id}/form")).await.text();
            let names: std::collections::BTreeSet<String> = page
                .split("<form")
                .find(|form| form.contains("data-draft"))
                .unwrap()
                .split("name=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .filter(|name| !["form_token", "then", "_track", "_group"].contains(&name.as_str()))
                .collect();
            // A group is one question, however many boxes it has.
            let questions: std::collections::BTreeSet<_> =
                names.iter().map(|name| name.split('.').next().unwrap().to_owned()).collect();
            asked.push(questions);
            let mut typed = serde_json::Map::new();
            for name in &names {
                let text = value_for(name);
                typed.insert(name.clone(), json!(text));
            }
            if template == "competition" {
                typed.insert("_track".into(), json!("ai"));
                typed.insert("_group".into(), json!("growth"));
            }
            let saved = town.save(&town.enterprise, &id, Value::Object(typed)).await;
            assert_eq!(saved.status, 200, "{}", saved.text());
            let done = town.submit(&town.enterprise, &id).await;
            assert_eq!(done.status, 303, "{template}: {names:?} {}", done.text());
        }
        let count: Vec<usize> = asked.iter().map(std::collections::BTreeSet::len).collect();
        assert!(count[0] >= 20, "{asked:?}");
        assert!(count[1] * 5 <= count[0], "{count:?}: {:?}", asked[1]);
        assert!(count[2] * 10 <= count[0], "{count:?}: {:?}", asked[2]);
    })
    .await;
}

/// Something that can be read for a question of the templates.
fn value_for(name: &str) -> &'static str {
    match name {
        "founded_on" => "2019-05-20",
        "unit_nature" => "private",
        "region" => "120103",
        "industry" => "6513",
        "digital_economy_class" => "0401",
        "is_hnte" | "is_tech_sme" => "true",
        "srdi_grade" => "srdi",
        "commitment" => "yes",
        "account" => "6222020000001234",
        "postcode" => "300000",
        name if name.starts_with("members.0.") && name.ends_with("part") => "tech",
        "registered_capital" | "annual_revenue" | "rd_spend" => "1200",
        "headcount" | "rd_headcount" => "120",
        _ => "演示",
    }
}

#[tokio::test]
async fn a_credit_code_that_the_file_lacks_is_checked_asked_once_and_never_anothers() {
    each_town(async |town: Town| {
        let all = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        let ends = all.chars().flat_map(|inner| all.chars().map(move |last| format!("91120199MA000001{inner}{last}")));
        let code = ends.into_iter().find_map(|code| jinmen_core::codes::Uscc::parse(&code).ok()).unwrap();
        let mut schema = schema();
        schema["properties"]["uscc"] = json!({ "x-fact": "uscc" });
        schema["required"].as_array_mut().unwrap().push(json!("uscc"));
        schema["x-sections"][0]["fields"].as_array_mut().unwrap().push(json!("uscc"));
        let call = town.drafted(&[]).await;
        assert_eq!(town.keep_form(&call, &schema).await.status, 303);
        assert_eq!(town.officer.form(&format!("/work/calls/{call}/publish"), &[]).await.status, 303);
        let who = &town.other_enterprise;
        let id = town.begun(who, &call).await;
        town.save(who, &id, answers()).await;
        for (typed, told) in [("91350100M000100Y44", "校验"), (USCC, "已有单位使用")] {
            town.save(who, &id, json!({ "uscc": typed })).await;
            let refused = town.submit(who, &id).await;
            assert!(refused.status == 422 && refused.text().contains(told), "{typed}: {}", refused.text());
        }
        town.save(who, &id, json!({ "uscc": code.as_str() })).await;
        let done = town.submit(who, &id).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let (kept,): (Option<String>,) = town
            .test
            .app
            .db
            .one("SELECT uscc FROM organization WHERE id = $1", store::args![town.other_firm])
            .await
            .unwrap();
        assert_eq!(kept.as_deref(), Some(code.as_str()));
    })
    .await;
}

#[tokio::test]
async fn hostile_input_is_answered_clearly_and_never_with_a_fault_of_ours() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.begun(&town.enterprise, &call).await;
        let path = format!("/work/own-applications/{id}/answers");
        let bad = [
            json!([]),
            json!("x"),
            json!({ "summary": { "a": 1 } }),
            json!({ "summary": "长".repeat(30_000) }),
            json!({ "team.9.name": "x" }),
            json!({ "team.00.name": "x" }),
            json!({ "plan": "x" }),
            json!({ "\u{0}": "x" }),
            json!({ "_track": "no" }),
        ];
        for body in bad {
            let page = town.enterprise.json(Method::PUT, &path, &body, &[]).await;
            assert_eq!(page.status, 422, "{body}: {}", page.text());
        }
        let nul =
            town.save(&town.enterprise, &id, json!({ "summary": "a\u{0}b\u{202e}", "kind": ["new", "old"] })).await;
        assert_eq!(nul.status, 200, "{}", nul.text());
        for path in ["/work/own-applications/x", "/work/own-applications/00000000-0000-7000-8000-000000000000/form"] {
            assert_eq!(town.enterprise.get(path).await.status, 404, "{path}");
        }
        let none = town.enterprise.form("/work/own-applications", &[("call", "x")]).await;
        assert_eq!(none.status, 404);
        let mut many = serde_json::Map::new();
        (0..2_100).for_each(|n| drop(many.insert(format!("q{n}"), json!("x"))));
        assert_eq!(town.save(&town.enterprise, &id, Value::Object(many)).await.status, 422);
        let mut form = schema();
        for n in 0..2_000 {
            form["properties"][format!("q{n}")] = json!({ "type": "string", "title": "问" });
        }
        let huge = town.keep_form(&call, &form).await;
        assert!(huge.status == 422 && huge.text().contains("请拆分或合并"), "{}", huge.status);
    })
    .await;
}
