//! Public notices, objections to them, and what becomes of whoever is in them.

use serde_json::json;

use crate::town::{PDF, Town, answers, each_town, fact};

const STAGES: &str = "check | check | 受理 | Check | 5\nnotice | notice | 公示 | Public notice | 5";
const PRIZE: [(&str, &str); 5] =
    [("stages", STAGES), ("outcome", "award"), ("amount", "10"), ("basis", "大赛规则"), ("project", "summary")];

/// Two firms that passed the check, and the notice that names them.
async fn noticed(town: &Town, change: &[(&str, &str)]) -> (String, [String; 2], String) {
    let call = town.published(&[&PRIZE[..], change].concat()).await;
    let first = town.handed_in(&call).await;
    let second = town.begun(&town.other_enterprise, &call).await;
    town.save(&town.other_enterprise, &second, answers()).await;
    assert_eq!(town.submit(&town.other_enterprise, &second).await.status, 303);
    for id in [&first, &second] {
        assert_eq!(town.step(&town.officer, id, "check", &[]).await.status, 303);
    }
    let path = format!("/work/calls/{call}/notice");
    let form = town.officer.get(&path).await.text();
    assert!(form.contains("SQ-2026-0001") && form.contains("SQ-2026-0002") && form.contains("大赛规则"), "{form}");
    let none = town.officer.form(&path, &[("title", "公示"), ("basis", "规则")]).await;
    assert!(none.status == 422 && none.text().contains("请选择公示名单"), "{}", none.text());
    let fields = [("title", "关于获奖名单的公示"), ("basis", "大赛规则"), ("id", &first), ("id", &second)];
    let begun = town.officer.form(&path, &fields).await;
    assert_eq!(begun.status, 303, "{}", begun.text());
    let twice = town.officer.form(&path, &fields).await;
    assert!(twice.status == 409 || twice.status == 412, "they are in a notice already: {}", twice.status);
    let notice = begun.location().rsplit('/').next().unwrap().to_owned();
    (call, [first, second], notice)
}

async fn state(town: &Town, id: &str) -> String {
    let row: (String,) =
        town.test.app.db.one("SELECT state FROM call_application WHERE id = $1", store::args![id]).await.unwrap();
    row.0
}

#[tokio::test]
async fn a_notice_shows_names_projects_and_sums_and_ends_by_itself() {
    each_town(async |town| {
        let (_, ids, notice) = noticed(&town, &[]).await;
        let nobody = town.test.nobody();
        assert!(nobody.get("/public-notices").await.text().contains("关于获奖名单的公示"));
        let page = nobody.get(&format!("/public-notices/{notice}")).await.text();
        for wanted in
            ["天津数聚演示科技有限公司", "天津云帆演示科技有限公司", "演示项目", "10 万元", "2026年6月26日", "个工作日"]
        {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        for secret in ["13812345678", "622*", "1234"] {
            assert!(!page.contains(secret), "{secret} in {page}");
        }
        assert!(page.contains("请登录后提出异议"), "{page}");
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        assert_eq!(state(&town, &ids[0]).await, "submitted", "it runs");
        town.test.app.clock.advance_seconds(8 * 86_400);
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        assert_eq!(state(&town, &ids[0]).await, "submitted", "its last day counts");
        town.test.app.clock.advance_seconds(86_400);
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        for id in &ids {
            assert_eq!(state(&town, id).await, "approved");
        }
        let page = town.test.nobody().get(&format!("/public-notices/{notice}")).await.text();
        assert!(page.contains("已结束") && page.contains("公示无异议"), "{page}");
        let prizes: (i64,) = town
            .test
            .app
            .db
            .one("SELECT COUNT(*) FROM call_notice_line WHERE state = 'final'", Vec::new())
            .await
            .unwrap();
        assert_eq!(prizes.0, 2);
    })
    .await;
}

#[tokio::test]
async fn an_objection_stops_the_one_concerned_and_who_objected_stays_secret() {
    each_town(async |town| {
        let (_, ids, notice) = noticed(&town, &[]).await;
        let path = format!("/public-notices/{notice}/objections");
        let nameless = town.talent.multipart(&path, &[("application", &ids[0]), ("text", "不实")], &[]).await;
        assert_eq!(nameless.status, 422, "nothing without a name is taken");
        assert!(nameless.text().contains("不实"), "what was typed stays");
        let fields =
            [("application", &*ids[0]), ("name", "李实名"), ("telephone", "022-11112222"), ("text", "项目并非其所有")];
        let filed = town.talent.multipart(&path, &fields, &[("file", "证据.pdf", PDF)]).await;
        assert_eq!(filed.status, 303, "{}", filed.text());
        let public = town.test.nobody().get(&format!("/public-notices/{notice}")).await.text();
        assert!(
            public.contains("核查中") && !public.contains("李实名") && !public.contains("项目并非其所有"),
            "{public}"
        );
        let own = town.talent.get(&format!("/public-notices/{notice}")).await.text();
        assert!(own.contains("YY-2026-0001"), "{own}");
        assert!(town.tasks(&town.officer).await.contains("calls.objection"));
        let desk_page = format!("/work/public-notices/{notice}");
        let desk = town.officer.get(&desk_page).await.text();
        assert!(
            desk.contains("项目并非其所有") && !desk.contains("李实名") && !desk.contains("022-11112222"),
            "{desk}"
        );
        let objection = desk.split("/work/objections/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let evidence = desk.split("/work/objection-files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(town.officer.get(&format!("/work/objection-files/{evidence}")).await.bytes, PDF);
        for who in [&town.other_officer, &town.enterprise, &town.talent] {
            assert_eq!(who.get(&format!("/work/objection-files/{evidence}")).await.status, 404);
            let asked = who.form(&format!("/work/objections/{objection}/who"), &[]).await;
            assert_eq!(asked.status, 404);
        }
        let sql = "SELECT CAST(data AS TEXT), actor_name FROM record_entry WHERE data IS NOT NULL";
        let entries: Vec<(String, String)> = town.test.app.db.list(sql, Vec::new()).await.unwrap();
        assert!(!entries.is_empty() && !format!("{entries:?}").contains("李实名"));
        let filed = entries.iter().find(|(data, _)| data.contains("YY-2026-0001")).unwrap();
        assert_eq!(filed.1, "calls", "the program filed it, as far as the record says");
        let who = town.officer.form(&format!("/work/objections/{objection}/who"), &[]).await.text();
        assert!(who.contains("李实名") && who.contains("022-11112222") && who.contains("本次查看已记录"), "{who}");
        // The other one passes meanwhile.
        town.test.app.clock.advance_seconds(9 * 86_400);
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        assert_eq!((state(&town, &ids[0]).await, state(&town, &ids[1]).await), ("submitted".into(), "approved".into()));
        let officer = town.test.again(&town.officer).await;
        let path = format!("/work/objections/{objection}/answer");
        assert_eq!(officer.form(&path, &[("state", "upheld")]).await.status, 422, "with findings and an answer");
        let answer = [("state", "upheld"), ("findings", "权属不清"), ("answer", "经核查，异议成立")];
        let done = officer.form(&path, &answer).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(officer.form(&path, &answer).await.status, 409, "once");
        assert_eq!(state(&town, &ids[0]).await, "rejected");
        let firm = town.test.again(&town.enterprise).await;
        let own = firm.get(&format!("/work/own-applications/{}", ids[0])).await.text();
        assert!(own.contains("公示期间的异议经核查成立") && !own.contains("权属不清"), "{own}");
        let talent = town.test.again(&town.talent).await;
        let own = talent.get(&format!("/public-notices/{notice}")).await.text();
        assert!(own.contains("经核查，异议成立") && own.contains("已结束"), "{own}");
        assert_eq!(town.told(&town.talent).await, ["notice-calls-objection-answered-text"]);
        let late = talent.multipart(&format!("/public-notices/{notice}/objections"), &fields, &[]).await;
        assert_eq!(late.status, 409, "the notice is over");
    })
    .await;
}

#[tokio::test]
async fn an_objection_that_is_wrong_lets_it_go_on() {
    each_town(async |town| {
        let (_, ids, notice) = noticed(&town, &[]).await;
        let fields = [("application", &*ids[0]), ("name", "李实名"), ("telephone", "022-11112222"), ("text", "不实")];
        let path = format!("/public-notices/{notice}/objections");
        assert_eq!(town.talent.multipart(&path, &fields, &[]).await.status, 303);
        assert_eq!(town.other_talent.multipart(&path, &fields, &[]).await.status, 303, "another objects too");
        let desk = town.officer.get(&format!("/work/public-notices/{notice}")).await.text();
        let mut open: Vec<&str> =
            desk.split("/work/objections/").skip(1).map(|rest| rest.split('/').next().unwrap()).collect();
        open.sort_unstable();
        open.dedup();
        assert_eq!(open.len(), 2);
        let line = format!("/work/public-notices/{notice}/lines/{}", ids[0]);
        let early = town.officer.form(&line, &[("keep", "yes"), ("reason", "无问题")]).await;
        assert_eq!(early.status, 409, "not while somebody waits for an answer");
        let answer = [("state", "refused"), ("findings", "属实"), ("answer", "经核查，异议不成立")];
        let first = town.officer.form(&format!("/work/objections/{}/answer", open[0]), &answer).await;
        assert_eq!(first.status, 303, "{}", first.text());
        let still = town.test.nobody().get(&format!("/public-notices/{notice}")).await.text();
        assert!(still.contains("核查中"), "the other one is open: {still}");
        assert_eq!(town.officer.form(&format!("/work/objections/{}/answer", open[1]), &answer).await.status, 303);
        town.test.app.clock.advance_seconds(9 * 86_400);
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        assert_eq!(state(&town, &ids[0]).await, "approved");
    })
    .await;
}

#[tokio::test]
async fn a_fact_that_changes_while_a_notice_runs_stops_that_one_only() {
    let rule = "policy: 申报资格\nfacts:\n  heads: {registry: headcount}\nclauses:\n- id: A\n  title: 资格\n  conditions:\n  - {zh: 不少于100人, en: heads, when: 'heads[last_year] >= 100'}\n  amount: yuan(0)\n  cases: [{as_of: 2026-06-30, facts: {heads: {2025: 120}}, eligible: true, amount: 0}]\n";
    each_town(async |town| {
        let (_, ids, notice) = noticed(&town, &[("rule", rule)]).await;
        fact(&town.test, town.firm, "headcount", "30").await;
        town.test.app.clock.advance_seconds(9 * 86_400);
        calls::ops::notice::finish(&town.test.app).await.unwrap();
        assert_eq!((state(&town, &ids[0]).await, state(&town, &ids[1]).await), ("submitted".into(), "approved".into()));
        assert!(town.tasks(&town.officer).await.contains("calls.notice_stopped"));
        let officer = town.test.again(&town.officer).await;
        let desk = officer.get(&format!("/work/public-notices/{notice}")).await.text();
        assert!(desk.contains("公示期间申请条件发生变化"), "{desk}");
        let line = format!("/work/public-notices/{notice}/lines/{}", ids[0]);
        assert_eq!(officer.form(&line, &[("keep", "no"), ("reason", "")]).await.status, 422);
        let out = officer.form(&line, &[("keep", "no"), ("reason", "不再符合条件")]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        assert_eq!(state(&town, &ids[0]).await, "rejected");
        let public = town.test.nobody().get(&format!("/public-notices/{notice}")).await.text();
        assert!(!public.contains("天津数聚演示科技有限公司"), "{public}");
    })
    .await;
}

#[tokio::test]
async fn names_of_people_are_taken_down_after_their_day_and_those_of_firms_are_not() {
    each_town(async |town| {
        let change = [&PRIZE[..], &[("applicants", "either"), ("keep_days", "10")]].concat();
        let call = town.published(&change).await;
        let id = town.begun(&town.talent, &call).await;
        let mut all = answers();
        for gone in ["headcount", "revenue"] {
            all.as_object_mut().unwrap().remove(gone);
        }
        town.save(&town.talent, &id, all).await;
        let done = town.submit(&town.talent, &id).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(town.step(&town.officer, &id, "check", &[]).await.status, 303);
        let fields = [("title", "公示"), ("basis", "规则"), ("id", &id)];
        let notice = town.officer.form(&format!("/work/calls/{call}/notice"), &fields).await.location();
        let public = notice.replace("/work", "");
        let nobody = town.test.nobody();
        assert!(nobody.get(&public).await.text().contains("rencai"));
        town.test.app.clock.advance_seconds(20 * 86_400);
        assert!(!nobody.get(&public).await.text().contains("rencai"), "its ten days are over");
    })
    .await;
}

#[tokio::test]
async fn a_case_that_is_decided_is_archived_and_verifies_without_us() {
    each_town(async |town| {
        let call = town.published(&[("stages", "check | check | 受理 | Check | 5")]).await;
        let id = town.filled(&call).await;
        let plan = format!("/work/own-applications/{id}/files/plan");
        assert_eq!(town.enterprise.upload(&plan, "方案.pdf", PDF).await.status, 303);
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        let path = format!("/work/applications/{id}/archive");
        assert_eq!(town.officer.form(&path, &[]).await.status, 409, "it is not decided");
        assert_eq!(town.step(&town.officer, &id, "check", &[]).await.status, 303);
        assert_eq!(town.officer.get(&format!("{path}.zip")).await.status, 409, "none was made");
        for who in [&town.other_officer, &town.enterprise, &town.supervisor] {
            assert_eq!(who.form(&path, &[]).await.status, 404);
        }
        let made = town.officer.form(&path, &[]).await;
        assert_eq!(made.status, 303, "{}", made.text());
        assert_eq!(town.officer.get(&format!("{path}.zip")).await.status, 409, "the record has not signed it yet");
        let app = &town.test.app;
        let sequencer =
            record::Sequencer::open(app.db.clone(), app.clock.clone(), app.vault.wrapping_key(), "a.example/record");
        sequencer.await.unwrap().catch_up().await.unwrap();
        let taken = town.officer.get(&format!("{path}.zip")).await;
        assert_eq!(taken.status, 200, "{}", taken.text());
        let keys = documents::archive::keys_of(std::io::Cursor::new(&taken.bytes)).unwrap();
        let held = record::proof::Held { keys: Some(keys), checkpoint: None };
        let report = documents::archive::verify(std::io::Cursor::new(&taken.bytes), &held);
        assert!(report.valid, "{report:?}");
        // A file that is changed by one byte is found.
        let at = taken.bytes.windows(PDF.len()).position(|part| part == PDF).unwrap();
        let mut changed = taken.bytes.clone();
        changed[at + 1] ^= 1;
        assert!(!documents::archive::verify(std::io::Cursor::new(&changed), &held).valid);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&taken.bytes)).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("index.json").unwrap(), &mut text).unwrap();
        let index: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(index["case"]["submissions"][0]["document"]["answers"]["summary"], json!("演示项目"));
        assert!(!text.contains("6222020000001234"), "secrets stay masked");
    })
    .await;
}
