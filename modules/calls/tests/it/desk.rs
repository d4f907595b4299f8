//! The office: queues, steps, corrections, joint review, votes, many at once, what is taken out.

use std::io::Read;

use crate::town::{PDF, Town, answers, each_town};
use serde_json::json;

const VOTE: [(&str, &str); 5] =
    [("entitled", "9"), ("present", "7"), ("for_it", "6"), ("against", "0"), ("abstained", "1")];

#[tokio::test]
async fn an_application_goes_through_its_stages_with_a_second_person_and_a_vote() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let tasks = town.tasks(&town.officer).await;
        assert!(tasks.contains("flow.step") && tasks.contains("天津数聚演示科技有限公司"), "{tasks}");
        let queue = town.officer.get(&format!("/work/applications?call={call}&stage=check")).await.text();
        assert!(queue.contains("SQ-2026-0001"), "{queue}");
        let none = town.officer.get(&format!("/work/applications?call={call}&stage=council")).await.text();
        assert!(!none.contains("SQ-2026-0001"), "{none}");
        assert_eq!(town.step(&town.officer, &id, "check", &[]).await.status, 303);
        let own = town.step(&town.officer, &id, "first", &[("opinion", "同意")]).await;
        assert!(own.status == 409 && own.text().contains("另一人"), "{}", own.text());
        let silent = town.step(&town.second, &id, "first", &[]).await;
        assert_eq!(silent.status, 422, "an opinion takes words");
        assert_eq!(town.step(&town.second, &id, "first", &[("opinion", "同意")]).await.status, 303);
        let few = [("entitled", "9"), ("present", "4"), ("for_it", "4"), ("against", "0"), ("abstained", "0")];
        assert_eq!(town.step(&town.officer, &id, "council", &few).await.status, 303);
        let page = town.officer.get(&format!("/work/applications/{id}")).await.text();
        assert!(page.contains("到会人数不足"), "too few: the vote is held again: {page}");
        assert_eq!(town.step(&town.officer, &id, "council", &VOTE).await.status, 303);
        let own = town.enterprise.get(&format!("/work/own-applications/{id}")).await.text();
        assert!(own.contains("申请已通过") && own.contains("通过“初审”"), "{own}");
        assert!(!own.contains("fuhe"), "who of the office did it stays there: {own}");
        assert_eq!(town.told(&town.enterprise).await, ["notice-calls-moved-approved"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_back_opens_the_named_questions_only_and_until_its_day() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let path = format!("/work/applications/{id}/return");
        assert_eq!(town.officer.form(&path, &[("reason", "请补充")]).await.status, 422, "something must be named");
        assert_eq!(town.officer.form(&path, &[("fields", "summary")]).await.status, 422, "with a reason");
        assert_eq!(town.officer.form(&path, &[("fields", "nothing"), ("reason", "x")]).await.status, 422);
        let back =
            town.officer.form(&path, &[("fields", "summary"), ("fields", "plan"), ("reason", "简介过于简单")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        let wait = town.step(&town.officer, &id, "check", &[]).await;
        assert!(wait.status == 409 && wait.text().contains("等待申请人"), "{}", wait.text());
        let own = town.enterprise.get(&format!("/work/own-applications/{id}")).await.text();
        assert!(own.contains("请在 2026年6月26日 前补正") && own.contains("简介过于简单"), "five working days: {own}");
        let form = town.enterprise.get(&format!("/work/own-applications/{id}/form")).await.text();
        assert!(form.contains("name=\"summary\"") && !form.contains("name=\"account\""), "{form}");
        assert!(town.tasks(&town.enterprise).await.contains("calls.correct"));
        let closed = town.save(&town.enterprise, &id, json!({ "account": "6222020000009999" })).await;
        assert!(closed.status == 422 && closed.text().contains("不在补正范围内"), "{}", closed.text());
        assert_eq!(town.save(&town.enterprise, &id, json!({ "summary": "补充后的简介" })).await.status, 200);
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        let desk = town.officer.get(&format!("/work/applications/{id}?tab=history")).await.text();
        assert!(desk.contains("第 2 次提交") && desk.contains("补正后重新提交"), "{desk}");
        assert_eq!(town.step(&town.officer, &id, "check", &[]).await.status, 303, "it goes on where it was");
        // A correction that comes after its day is refused; the office decides then.
        let late = town.officer.form(&path, &[("fields", "summary"), ("reason", "再补充")]).await;
        assert_eq!(late.status, 303, "{}", late.text());
        town.test.app.clock.advance_seconds(12 * 86_400);
        let enterprise = town.test.again(&town.enterprise).await;
        let page = town.submit(&enterprise, &id).await;
        assert!(page.status == 409 && page.text().contains("补正期限已过"), "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_refusal_has_a_reason_that_the_applicant_reads() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let silent = town.step(&town.officer, &id, "check", &[("doing", "reject")]).await;
        assert_eq!(silent.status, 422);
        let refused =
            town.step(&town.officer, &id, "check", &[("doing", "reject"), ("opinion", "不属于支持范围")]).await;
        assert_eq!(refused.status, 303, "{}", refused.text());
        let own = town.enterprise.get(&format!("/work/own-applications/{id}")).await.text();
        assert!(own.contains("未通过") && own.contains("不属于支持范围"), "{own}");
        assert_eq!(town.step(&town.officer, &id, "check", &[]).await.status, 409, "it is over");
    })
    .await;
}

#[tokio::test]
async fn offices_that_are_asked_side_by_side_see_the_application_and_do_their_step_only() {
    each_town(async |town: Town| {
        let seats = format!(
            "check | check | 受理 | Check | 5\nconsult | joint | 联审 | Joint | 5 | district_officer@{}; district_officer@{}\n\
             decision | council | 集体审议 | Decision | 20",
            town.office.text(),
            town.other_office.text()
        );
        let call = town.published(&[("stages", &seats)]).await;
        let id = town.handed_in(&call).await;
        let path = format!("/work/applications/{id}");
        assert_eq!(town.other_officer.get(&path).await.status, 404, "not asked yet");
        assert_eq!(town.step(&town.officer, &id, "check", &[]).await.status, 303);
        let note = [("text", "内部备注内容"), ("audience", "internal")];
        assert_eq!(town.officer.form(&format!("{path}/say"), &note).await.status, 303);
        assert_eq!(town.other_officer.get(&path).await.status, 200);
        assert!(town.tasks(&town.other_officer).await.contains("联审"));
        let said = town.other_officer.get(&format!("{path}?tab=messages")).await.text();
        assert!(!said.contains("内部备注内容"), "another office's notes are its own: {said}");
        let back = town.other_officer.form(&format!("{path}/return"), &[("fields", "summary"), ("reason", "x")]).await;
        assert_eq!(back.status, 409, "asked in one step only");
        let foreign = town.step(&town.other_officer, &id, "joint_1", &[("opinion", "x")]).await;
        assert_eq!(foreign.status, 409, "the other's seat");
        let disagree = town.step(&town.other_officer, &id, "joint_2", &[("doing", "disagree"), ("opinion", "建议补充材料")]).await;
        assert_eq!(disagree.status, 303, "{}", disagree.text());
        assert_eq!(town.step(&town.second, &id, "joint_1", &[("opinion", "同意")]).await.status, 303);
        let page = town.officer.get(&path).await.text();
        assert!(page.contains("建议补充材料") && page.contains("集体审议"), "advice does not stop it: {page}");
    })
    .await;
}

#[tokio::test]
async fn many_are_done_at_once_and_one_that_is_refused_keeps_none_from_it() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let first = town.handed_in(&call).await;
        let second = town.begun(&town.other_enterprise, &call).await;
        town.save(&town.other_enterprise, &second, answers()).await;
        assert_eq!(town.submit(&town.other_enterprise, &second).await.status, 303);
        let path = format!("/work/applications/bulk?call={call}");
        let both = [("id", first.as_str()), ("id", second.as_str())];
        let deed = |deed: &'static str, text: &'static str| [&both[..], &[("deed", deed), ("text", text)]].concat();
        assert_eq!(town.officer.form(&path, &[("deed", "advance")]).await.status, 422, "nothing is ticked");
        assert_eq!(town.officer.form(&path, &deed("take", "")).await.status, 200);
        let mine = town.officer.get("/work/applications?handler=mine").await.text();
        assert!(mine.contains("SQ-2026-0001") && mine.contains("SQ-2026-0002"), "{mine}");
        let page = town.officer.form(&path, &deed("message", "请保持电话畅通")).await;
        assert!(page.text().contains("已办理 2 件"), "{}", page.text());
        assert!(
            town.other_enterprise
                .get(&format!("/work/own-applications/{second}?tab=messages"))
                .await
                .text()
                .contains("电话畅通")
        );
        assert_eq!(town.step(&town.officer, &first, "check", &[]).await.status, 303);
        let mixed = town.officer.form(&path, &deed("advance", "通过")).await.text();
        assert!(mixed.contains("已办理 1 件") && mixed.contains("SQ-2026-0001 天津数聚演示科技有限公司"), "{mixed}");
        assert!(town.second.form(&path, &deed("advance", "同意")).await.text().contains("已办理 2 件"));
        let vote = [&deed("vote", "会议纪要〔2026〕3号")[..], &VOTE].concat();
        let voted = town.officer.form(&path, &vote).await.text();
        assert!(voted.contains("已办理 2 件"), "{voted}");
        let strange = town.other_officer.form(&path, &deed("advance", "x")).await.text();
        assert!(strange.contains("已办理 0 件") && !strange.contains("天津数聚"), "{strange}");
    })
    .await;
}

#[tokio::test]
async fn messages_go_both_ways_and_notes_stay_inside() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let (own, desk) = (format!("/work/own-applications/{id}"), format!("/work/applications/{id}"));
        assert_eq!(town.enterprise.form(&format!("{own}/say"), &[("text", "请问何时有结果")]).await.status, 303);
        assert_eq!(
            town.officer.form(&format!("{desk}/say"), &[("text", "下周"), ("audience", "shared")]).await.status,
            303
        );
        let note = [("text", "材料存疑"), ("audience", "internal")];
        assert_eq!(town.officer.form(&format!("{desk}/say"), &note).await.status, 303);
        let theirs = town.enterprise.get(&format!("{own}?tab=messages")).await.text();
        assert!(theirs.contains("何时有结果") && theirs.contains("下周") && !theirs.contains("材料存疑"), "{theirs}");
        let ours = town.second.get(&format!("{desk}?tab=messages")).await.text();
        assert!(ours.contains("材料存疑") && ours.contains("内部备注"), "{ours}");
        assert_eq!(town.enterprise.form(&format!("{own}/say"), &[("text", " ")]).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn applications_come_out_as_a_sheet_and_their_files_as_an_archive() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.filled(&call).await;
        let plan = format!("/work/own-applications/{id}/files/plan");
        assert_eq!(town.enterprise.upload(&plan, "方案.pdf", PDF).await.status, 303);
        assert_eq!(town.enterprise.upload(&plan, "方案.pdf", b"%PDF second").await.status, 303);
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        let rows = town.officer.get(&format!("/work/calls/{call}/applications.json")).await.json();
        assert_eq!(rows.as_array().unwrap().len(), 1);
        assert_eq!(rows[0]["number"], "SQ-2026-0001");
        assert_eq!(rows[0]["kind"], "新项目");
        assert_eq!(rows[0]["team"], "姓名：王明；手机：138****5678");
        let sheet = town.officer.get(&format!("/work/calls/{call}/applications.xlsx")).await;
        assert!(sheet.bytes.starts_with(b"PK"), "{}", sheet.status);
        let archive = town.officer.get(&format!("/work/calls/{call}/files.zip")).await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive.bytes)).unwrap();
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let second = "SQ-2026-0001 天津数聚演示科技有限公司/plan/方案 (2).pdf";
        let mut text = String::new();
        zip.by_name(second).unwrap_or_else(|_| panic!("{names:?}")).read_to_string(&mut text).unwrap();
        assert_eq!(text, "%PDF second");
        // As a browser asks for it: what is compressed on its way ends well, too.
        let path = format!("/work/calls/{call}/files.zip");
        let request = axum::http::Request::get(path).header("accept-encoding", "gzip");
        let packed = town.officer.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert!(packed.status == 200 && packed.bytes.starts_with(&[0x1f, 0x8b]), "{}", packed.status);
        for ending in ["applications.xlsx", "applications.csv", "applications.json", "files.zip"] {
            let path = format!("/work/calls/{call}/{ending}");
            assert_eq!(town.other_officer.get(&path).await.status, 404, "{path}");
            assert_eq!(town.supervisor.get(&path).await.status, 404, "{path}");
        }
        let filter = record::Filter { action: Some("calls.exported".into()), ..Default::default() };
        let taken = record::list(&town.test.app.db, &filter, &Default::default()).await.unwrap().items.len();
        assert_eq!(taken, 4, "each time is recorded");
    })
    .await;
}

#[tokio::test]
async fn a_membership_comes_of_a_vote_with_its_number_and_dues_only_where_the_law_lets_them() {
    each_town(async |town| {
        let stages = "decision | council | 理事会表决 | Vote | 30 | quorum>1/2; majority>=2/3";
        let change = [("stages", stages), ("outcome", "membership"), ("grade", "member"), ("amount", "0.5")];
        let call = town.published(&change).await;
        let id = town.handed_in(&call).await;
        let half = [("entitled", "9"), ("present", "6"), ("for_it", "4"), ("against", "2"), ("abstained", "0")];
        assert_eq!(town.step(&town.officer, &id, "council", &half).await.status, 303);
        let own = town.enterprise.get(&format!("/work/own-applications/{id}")).await.text();
        assert!(own.contains("成为会员，编号 HY-2026-0001"), "{own}");
        let dues: (i64,) = town.test.app.db.one("SELECT COUNT(*) FROM payment_item", Vec::new()).await.unwrap();
        assert_eq!(dues.0, 0, "an office without a credit code collects nothing in its own name");
    })
    .await;
}

#[tokio::test]
async fn an_award_is_owed_in_its_parts_and_a_benefit_under_its_clause_once() {
    each_town(async |town| {
        let stages = "decision | council | 审定 | Decision | 30";
        let change = [
            ("stages", stages),
            ("outcome", "award"),
            ("amount", "10.01"),
            ("parts", "40 | 公示无异议\n60 | 落地满半年"),
        ];
        let call = town.published(&change).await;
        let id = town.handed_in(&call).await;
        assert_eq!(town.step(&town.officer, &id, "council", &VOTE).await.status, 303);
        let db = &town.test.app.db;
        let parts: Vec<(i64, String)> =
            db.list("SELECT amount, condition FROM payment_instalment ORDER BY amount", Vec::new()).await.unwrap();
        assert_eq!(parts, [(4_004_000, "公示无异议".to_owned()), (6_006_000, "落地满半年".to_owned())]);
        let call = town.published(&[("stages", stages), ("outcome", "benefit"), ("benefit", "A")]).await;
        let id = town.handed_in(&call).await;
        let unsaid = town.step(&town.officer, &id, "council", &VOTE).await;
        assert!(unsaid.status == 422 && unsaid.text().contains("核定金额"), "{}", unsaid.text());
        let granted = [&VOTE[..], &[("granted", "5")]].concat();
        assert_eq!(town.step(&town.officer, &id, "council", &granted).await.status, 303);
        let item: (String, i64) =
            db.one("SELECT benefit, amount FROM payment_item WHERE benefit IS NOT NULL", Vec::new()).await.unwrap();
        assert_eq!(item, ("A".to_owned(), 5_000_000));
    })
    .await;
}
