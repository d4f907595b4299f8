//! Applying without applying: what is computed, checked, confirmed, stopped and paid, and that nothing is paid twice.

use calls::model::{GrantLineState, RunId};
use calls::ops::auto_grant as granting;
use jinmen_core::OrganizationId;
use store::args;

use crate::town::{SYSTEM, Town, answers, each_town, fact, organization};

const STAGES: &str = "check | check | 受理 | Check | 5\nreview | first | 初审 | Review | 10 | not_by=check\n\
                      notice | notice | 公示 | Public notice | 5";
/// Whoever has a hundred people gets a thousand yuan for each.
const RULE: &str = "policy: 稳岗奖励\nfacts:\n  heads: {registry: headcount}\nclauses:\n- id: A\n  title: 稳岗奖励\n  conditions:\n  - {zh: 不少于100人, en: heads, when: 'heads[last_year] >= 100'}\n  amount: yuan(1000) * heads[last_year]\n  cases: [{as_of: 2026-06-30, facts: {heads: {2025: 120}}, eligible: true, amount: 120000}]\n";
const CALL: [(&str, &str); 6] = [
    ("stages", STAGES),
    ("outcome", "benefit"),
    ("benefit", "W-2026"),
    ("basis", "稳岗办法第三条"),
    ("applicants", "organizations"),
    ("rule", RULE),
];
const ACCOUNT: [(&str, &str); 2] = [("bank", "演示银行天津分行"), ("account", "6222 0200 0000 1234")];

/// A run that was computed; its identifier.
async fn computed(town: &Town, call: &str) -> String {
    let page = town.officer.form(&format!("/work/calls/{call}/auto-grant"), &[]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    town.test.run_jobs().await;
    page.location().rsplit('/').next().unwrap().to_owned()
}

/// A call, its run over the firm with 120 people, and the line of that firm, which was asked.
pub async fn asked(town: &Town) -> (String, String, String) {
    fact(&town.test, town.firm, "headcount", "120").await;
    fact(&town.test, town.other_firm, "headcount", "30").await;
    let call = town.published(&CALL).await;
    let run = computed(town, &call).await;
    let page = town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
    assert!(page.status == 200 && page.text().contains("已征询 1 户企业"), "{}", page.text());
    let line = line_of(town, &run, town.firm).await.id.text();
    (call, run, line)
}

async fn lines(town: &Town, run: &str) -> Vec<calls::model::GrantLine> {
    let run: RunId = run.parse().unwrap();
    granting::read(&town.test.app, &town.officer.actor, run, None, None, 1_000).await.unwrap().lines
}

async fn line_of(town: &Town, run: &str, firm: OrganizationId) -> calls::model::GrantLine {
    lines(town, run).await.into_iter().find(|line| line.organization == firm).unwrap()
}

async fn state(town: &Town, run: &str) -> GrantLineState {
    line_of(town, run, town.firm).await.state
}

async fn count(town: &Town, sql: &'static str) -> i64 {
    let row: (i64,) = town.test.app.db.one(sql, args![]).await.unwrap();
    row.0
}

async fn applications(town: &Town) -> i64 {
    count(town, "SELECT COUNT(*) FROM call_application WHERE state <> 'withdrawn'").await
}

/// Puts what waits into a notice; its identifier.
async fn noticed(town: &Town, call: &str, line: &str) -> String {
    let (id,): (String,) = town
        .test
        .app
        .db
        .one("SELECT application_id FROM call_auto_grant_line WHERE id = $1", args![line])
        .await
        .unwrap();
    let fields = [("title", "关于拟拨付名单的公示"), ("basis", "稳岗办法第三条"), ("id", &id)];
    let begun = town.officer.form(&format!("/work/calls/{call}/notice"), &fields).await;
    assert_eq!(begun.status, 303, "{}", begun.text());
    begun.location().rsplit('/').next().unwrap().to_owned()
}

async fn after_notice(town: &Town) {
    town.test.app.clock.advance_seconds(9 * 86_400);
    calls::ops::notice::finish(&town.test.app).await.unwrap();
}

async fn accept(town: &Town, line: &str) -> module::testing::Page {
    town.enterprise.form(&format!("/work/own-auto-grants/{line}/accept"), &ACCOUNT).await
}

#[tokio::test]
async fn a_firm_types_nothing_but_its_account_and_is_paid_once() {
    each_town(async |town| {
        let (call, run, line) = asked(&town).await;
        assert!(town.tasks(&town.enterprise).await.contains("calls.grant_offer"));
        assert!(town.told(&town.enterprise).await.contains(&"notice-calls-grant-offer-text".to_owned()));
        let home = town.enterprise.get("/work/own-applications").await.text();
        assert!(home.contains("可直接享受的政策") && home.contains("12 万元"), "{home}");
        let path = format!("/work/own-auto-grants/{line}");
        let page = town.enterprise.get(&path).await.text();
        for wanted in ["12 万元", "壹拾贰万元整", "不少于100人", "120", "W-2026", "确认申领", "放弃", "稳岗办法第三条"]
        {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        let nothing = town.enterprise.form(&format!("{path}/accept"), &[]).await;
        assert!(nothing.status == 422 && applications(&town).await == 0, "{}", nothing.text());
        assert!(nothing.text().contains("value=\"天津数聚演示科技有限公司\""), "the holder stays: {}", nothing.text());
        let done = accept(&town, &line).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let own = town.enterprise.get(&path).await.text();
        assert!(own.contains("SQ-2026-0001") && own.contains("622*") && !own.contains("6222020000001234"), "{own}");
        // It stands at the notice; what comes before was taken by the checked data.
        let id = line_of(&town, &run, town.firm).await.application.unwrap();
        for (who, path) in [(&town.enterprise, "own-applications"), (&town.officer, "applications")] {
            let way = who.get(&format!("/work/{path}/{id}")).await.text();
            assert!(way.contains("数据核对") && !way.contains("初审"), "{way}");
        }
        let row: (String, String, i64) =
            town.test.app.db.one("SELECT state, stage, granted FROM call_application", args![]).await.unwrap();
        assert_eq!(row, ("submitted".into(), "notice".into(), 12_000_000));
        let form = town.officer.get(&format!("/work/calls/{call}/notice")).await.text();
        assert!(form.contains("SQ-2026-0001"), "{form}");
        noticed(&town, &call, &line).await;
        let early = town.officer.get(&format!("/work/auto-grants/{run}/payments.csv")).await.text();
        assert!(!early.contains("6222020000001234"), "nothing is owed before the notice is over: {early}");
        after_notice(&town).await;
        let officer = town.test.again(&town.officer).await;
        let list = officer.get(&format!("/work/auto-grants/{run}/payments.csv")).await.text();
        for wanted in [
            "天津数聚演示科技有限公司",
            "91350100M000100Y43",
            "演示银行天津分行",
            "6222020000001234",
            "120000",
            "KX-2026-0001",
            "SQ-2026-0001",
        ] {
            assert!(list.contains(wanted), "{wanted} in {list}");
        }
        let xlsx = officer.get(&format!("/work/auto-grants/{run}/payments.xlsx")).await;
        assert!(xlsx.status == 200 && xlsx.bytes.starts_with(b"PK"));
        assert_eq!(
            count(&town, "SELECT COUNT(*) FROM record_entry WHERE action = 'calls.grant.payment_list'").await,
            3
        );
        // The list comes back from the bank with day and voucher.
        let paid = "款项编号,金额（元）,付款日期,凭证号\nKX-2026-0001,120000,2026-06-26,PZ-7\n";
        let file = [("file", "拨付名单.csv", paid.as_bytes())];
        let once = officer.multipart("/work/payments/record", &[], &file).await;
        assert_eq!(once.status, 303, "{}", once.text());
        let twice = officer.multipart("/work/payments/record", &[], &file).await;
        assert!(twice.status == 422 && twice.text().contains("PZ-7"), "{}", twice.text());
        assert_eq!(count(&town, "SELECT COUNT(*) FROM payment").await, 1);
        let rest = officer.get(&format!("/work/auto-grants/{run}/payments.csv")).await.text();
        assert!(!rest.contains("KX-2026-0001"), "what is paid is not on the list any more: {rest}");
        // What was paid is a receipt: the next list leaves the firm out.
        let again = town.published_as(&officer, &CALL).await;
        let page = officer.form(&format!("/work/calls/{again}/auto-grant"), &[]).await;
        town.test.run_jobs().await;
        let page = officer.get(&page.location()).await.text();
        assert!(page.contains("其中已享受过") && page.contains("没有可列入名单的企业"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_known_need_not_be_typed_again() {
    each_town(async |town| {
        let (_, _, line) = asked(&town).await;
        assert_eq!(accept(&town, &line).await.status, 303);
        let call = town.published(&[&CALL[..], &[("benefit", "X-2026")]].concat()).await;
        let run = computed(&town, &call).await;
        town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
        let line = line_of(&town, &run, town.firm).await.id.text();
        let page = town.enterprise.get(&format!("/work/own-auto-grants/{line}")).await.text();
        assert!(page.contains("不填则使用 演示银行天津分行") && !page.contains("6222020000001234"), "{page}");
        let done = town.handler.form(&format!("/work/own-auto-grants/{line}/accept"), &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(applications(&town).await, 2);
    })
    .await;
}

#[tokio::test]
async fn confirming_twice_and_at_once_makes_one_application() {
    each_town(async |town| {
        let (_, run, line) = asked(&town).await;
        let path = format!("/work/own-auto-grants/{line}/accept");
        let (one, two) = tokio::join!(town.enterprise.form(&path, &ACCOUNT), town.handler.form(&path, &ACCOUNT));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.text(), two.text());
        let third = accept(&town, &line).await;
        assert!(third.status == 409 && third.text().contains("已经确认过"), "{}", third.text());
        assert_eq!((applications(&town).await, state(&town, &run).await), (1, GrantLineState::Accepted));
        let decline = town.enterprise.form(&format!("/work/own-auto-grants/{line}/decline"), &[]).await;
        assert_eq!(decline.status, 409);
    })
    .await;
}

#[tokio::test]
async fn an_application_by_hand_and_an_offer_do_not_stand_together() {
    each_town(async |town| {
        // A draft is closed once the offer is confirmed, and none can be begun after it.
        let (call, run, line) = asked(&town).await;
        let draft = town.begun(&town.enterprise, &call).await;
        assert_eq!(accept(&town, &line).await.status, 303);
        let (gone,): (String,) =
            town.test.app.db.one("SELECT state FROM call_application WHERE id = $1", args![&draft]).await.unwrap();
        assert_eq!(gone, "withdrawn");
        assert_eq!(town.enterprise.form("/work/own-applications", &[("call", &call)]).await.status, 409);
        assert_eq!(applications(&town).await, 1);
        // A second list finds nobody: whoever has an application is left out.
        let second = computed(&town, &call).await;
        assert!(lines(&town, &second).await.is_empty());
        assert_eq!(state(&town, &run).await, GrantLineState::Accepted);
        // Another call: the firm hands in by hand after it was asked, and the offer stops.
        let call = town.published(&[&CALL[..], &[("benefit", "Y-2026")]].concat()).await;
        let run = computed(&town, &call).await;
        town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
        town.handed_in(&call).await;
        let line = line_of(&town, &run, town.firm).await.id.text();
        let late = accept(&town, &line).await;
        assert!(late.status == 409 && late.text().contains("企业已自行申报"), "{}", late.text());
        assert_eq!(state(&town, &run).await, GrantLineState::Stopped);
        assert_eq!(applications(&town).await, 2);
    })
    .await;
}

#[tokio::test]
async fn two_lists_do_not_ask_the_same_firm_and_a_benefit_that_was_granted_is_not_granted_again() {
    each_town(async |town| {
        fact(&town.test, town.firm, "headcount", "120").await;
        let call = town.published(&CALL).await;
        let run = computed(&town, &call).await;
        let busy = town.officer.form(&format!("/work/calls/{call}/auto-grant"), &[]).await;
        assert!(busy.status == 409 && busy.text().contains("已有一份名单"), "{}", busy.text());
        town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
        let second = computed(&town, &call).await;
        assert!(lines(&town, &second).await.is_empty(), "the firm is asked by the first");
        // Something grants the same meanwhile: the offer stops.
        let terms = payments::Terms {
            benefit: Some("W-2026".into()),
            ..payments::Terms::new(
                payments::Direction::Out,
                "线下拨付",
                jinmen_core::Money::from_fen(100),
                town.test.app.clock.today(),
            )
        };
        let mut tx = town.test.app.db.begin().await.unwrap();
        let mut new = payments::NewItem::new(town.office, town.firm, "天津数聚演示科技有限公司", terms);
        new.keeper = Some(jinmen_core::Role::DistrictOfficer);
        payments::owe(&mut tx, &SYSTEM, town.test.app.clock.now(), new).await.unwrap();
        tx.commit().await.unwrap();
        let line = line_of(&town, &run, town.firm).await.id.text();
        let refused = accept(&town, &line).await;
        assert!(refused.status == 409 && refused.text().contains("已享受过同一条款"), "{}", refused.text());
        assert_eq!(applications(&town).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_fact_that_changes_before_asking_before_confirming_and_during_the_notice_stops_that_one() {
    each_town(async |town| {
        fact(&town.test, town.firm, "headcount", "120").await;
        fact(&town.test, town.other_firm, "headcount", "200").await;
        let third = organization(&town.test, "天津三号演示科技有限公司", "enterprise", None).await;
        fact(&town.test, third, "headcount", "300").await;
        let call = town.published(&CALL).await;
        let run = computed(&town, &call).await;
        assert_eq!(lines(&town, &run).await.len(), 3);
        fact(&town.test, third, "headcount", "301").await;
        let ask = town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await.text();
        assert!(ask.contains("已征询 2 户企业；1 户情况有变化"), "{ask}");
        assert_eq!(line_of(&town, &run, third).await.state, GrantLineState::Stopped);
        // Between being asked and confirming.
        fact(&town.test, town.other_firm, "headcount", "99").await;
        let other = line_of(&town, &run, town.other_firm).await.id.text();
        let refused = town.other_enterprise.form(&format!("/work/own-auto-grants/{other}/accept"), &ACCOUNT).await;
        assert!(refused.status == 409 && refused.text().contains("不再确定符合条件"), "{}", refused.text());
        // Between confirming and the end of the notice.
        let line = line_of(&town, &run, town.firm).await.id.text();
        assert_eq!(accept(&town, &line).await.status, 303);
        noticed(&town, &call, &line).await;
        fact(&town.test, town.firm, "headcount", "110").await;
        after_notice(&town).await;
        assert_eq!(count(&town, "SELECT COUNT(*) FROM call_notice_line WHERE state = 'stopped'").await, 1);
        assert_eq!(count(&town, "SELECT COUNT(*) FROM payment_item").await, 0, "nothing is owed");
        assert!(town.tasks(&town.officer).await.contains("calls.notice_stopped"));
    })
    .await;
}

#[tokio::test]
async fn who_does_not_answer_is_asked_once_more_and_who_declines_is_not() {
    each_town(async |town| {
        let (call, run, line) = asked(&town).await;
        town.test.app.clock.advance_seconds(10 * 86_400);
        let late = town.test.again(&town.enterprise).await;
        let path = format!("/work/own-auto-grants/{line}");
        let refused = late.form(&format!("{path}/accept"), &ACCOUNT).await;
        assert!(refused.status == 409 && refused.text().contains("答复期限已过"), "{}", refused.text());
        granting_expire(&town).await;
        assert_eq!(state(&town, &run).await, GrantLineState::Expired);
        assert!(!town.tasks(&town.enterprise).await.contains("calls.grant_offer"));
        let officer = town.test.again(&town.officer).await;
        let page = officer.get(&format!("/work/auto-grants/{run}")).await.text();
        assert!(page.contains("再次征询未答复的 1 户企业"), "{page}");
        let asked = officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "3")]).await;
        assert_eq!(asked.status, 200, "{}", asked.text());
        let declined = late.form(&format!("{path}/decline"), &[("reason", "暂不需要")]).await;
        assert_eq!(declined.status, 303, "{}", declined.text());
        let page = officer.get(&format!("/work/auto-grants/{run}")).await.text();
        assert!(page.contains("暂不需要") && page.contains("已办结"), "{page}");
        let nobody = officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "3")]).await;
        assert_eq!(nobody.status, 409, "nobody is left to ask");
        let page = officer.form(&format!("/work/calls/{call}/auto-grant"), &[]).await;
        town.test.run_jobs().await;
        let page = officer.get(&page.location()).await.text();
        assert!(page.contains("其中已在名单中或已答复"), "{page}");
    })
    .await;
}

async fn granting_expire(town: &Town) {
    calls::module().every_second(&town.test.app).await.unwrap();
}

#[tokio::test]
async fn the_office_takes_firms_out_with_a_reason_and_gives_a_list_up() {
    each_town(async |town| {
        fact(&town.test, town.firm, "headcount", "120").await;
        fact(&town.test, town.other_firm, "headcount", "200").await;
        let call = town.published(&CALL).await;
        let run = computed(&town, &call).await;
        assert!(town.tasks(&town.officer).await.contains("calls.grant_check"));
        let base = format!("/work/auto-grants/{run}");
        let page = town.officer.get(&base).await.text();
        assert!(page.contains("天津数聚演示科技有限公司") && page.contains("20 万元"), "{page}");
        assert!(!page.contains("企业尚无经办账号"), "somebody acts for both");
        let line = line_of(&town, &run, town.firm).await.id.text();
        let proof = town.officer.get(&format!("{base}/lines/{line}")).await.text();
        assert!(proof.contains("不少于100人") && proof.contains("符合条件"), "{proof}");
        assert_eq!(town.officer.form(&format!("{base}/remove"), &[("id", &line)]).await.status, 422);
        let out = town.officer.form(&format!("{base}/remove"), &[("id", &line), ("reason", "失信")]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        assert_eq!(state(&town, &run).await, GrantLineState::Removed);
        let hidden = town.enterprise.get(&format!("/work/own-auto-grants/{line}")).await;
        assert_eq!(hidden.status, 404, "who was never asked sees nothing");
        assert_eq!(town.officer.form(&format!("{base}/ask"), &[("days", "0")]).await.status, 422);
        assert_eq!(town.officer.form(&format!("{base}/close"), &[]).await.status, 303);
        assert_eq!(town.officer.form(&format!("{base}/ask"), &[("days", "5")]).await.status, 409);
        let again = computed(&town, &call).await;
        assert_eq!(lines(&town, &again).await.len(), 2, "a list that was given up stands in nobody's way");
    })
    .await;
}

#[tokio::test]
async fn others_do_not_see_lists_offers_or_accounts() {
    each_town(async |town| {
        let (call, run, line) = asked(&town).await;
        let base = format!("/work/auto-grants/{run}");
        for who in [&town.other_officer, &town.enterprise, &town.talent] {
            for path in [
                base.clone(),
                format!("{base}/lines/{line}"),
                format!("{base}/payments.xlsx"),
                format!("/work/calls/{call}/auto-grant"),
            ] {
                assert_eq!(who.get(&path).await.status, 404, "{path}");
            }
            for path in ["ask", "remove", "close"] {
                assert_eq!(who.form(&format!("{base}/{path}"), &[("days", "5")]).await.status, 404, "{path}");
            }
        }
        assert_eq!(town.supervisor.get(&base).await.status, 200, "supervision reads");
        assert_eq!(town.supervisor.form(&format!("{base}/ask"), &[("days", "5")]).await.status, 404);
        assert_eq!(town.supervisor.get(&format!("{base}/payments.csv")).await.status, 404);
        let own = format!("/work/own-auto-grants/{line}");
        for who in [&town.other_enterprise, &town.talent, &town.officer] {
            assert_eq!(who.get(&own).await.status, 404);
            assert_eq!(who.form(&format!("{own}/accept"), &ACCOUNT).await.status, 404);
            assert_eq!(who.form(&format!("{own}/decline"), &[]).await.status, 404);
        }
        assert_eq!(accept(&town, &line).await.status, 303);
        let texts: Vec<(String,)> =
            town.test.app.db.list("SELECT document FROM call_submission", args![]).await.unwrap();
        assert!(texts[0].0.contains("auto_grant") && !texts[0].0.contains("6222020000001234"));
        let entries: Vec<(String,)> = town
            .test
            .app
            .db
            .list("SELECT CAST(data AS TEXT) FROM record_entry WHERE data IS NOT NULL", args![])
            .await
            .unwrap();
        assert!(!format!("{entries:?}").contains("6222020000001234"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_computed_is_said() {
    each_town(async |town| {
        for (change, said) in [
            (("rule", ""), "没有可计算的申报条件"),
            (("outcome", "nothing"), "没有可拨付的金额"),
            (("stages", "check | check | 受理 | Check | 5"), "没有公示环节"),
            (("applicants", "people"), "只面向个人"),
        ] {
            let call = town.published(&[&CALL[..], &[change]].concat()).await;
            let path = format!("/work/calls/{call}/auto-grant");
            assert!(town.officer.get(&path).await.text().contains(said), "{said}");
            assert_eq!(town.officer.form(&path, &[]).await.status, 409);
        }
        let call = town.published(&CALL).await;
        let run = computed(&town, &call).await;
        let page = town.officer.get(&format!("/work/auto-grants/{run}")).await.text();
        assert!(page.contains("没有可列入名单的企业") && page.contains("核对企业"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_list_holds_so_many_and_the_next_one_takes_the_rest() {
    each_town(async |town| {
        let most = calls::model::RUN_MOST;
        let call = town.published(&CALL).await;
        for at in 0..most + 2 {
            let firm = organization(&town.test, &format!("演示企业{at:04}有限公司"), "enterprise", None).await;
            fact(&town.test, firm, "headcount", "100").await;
        }
        let run = computed(&town, &call).await;
        assert_eq!(lines(&town, &run).await.len(), most);
        let page = town.officer.get(&format!("/work/auto-grants/{run}")).await.text();
        assert!(page.contains("还有 2 户符合条件") && page.contains("企业尚无经办账号"), "{page}");
        let started = std::time::Instant::now();
        let asked = town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
        assert!(asked.text().contains(&format!("已征询 {most} 户企业")), "{}", asked.text());
        eprintln!("asking {most} took {:?}", started.elapsed());
        let rest = computed(&town, &call).await;
        assert_eq!(lines(&town, &rest).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_firm_that_is_dissolved_or_joined_to_another_is_not_paid_twice_and_comes_back_as_it_was() {
    each_town(async |town| {
        fact(&town.test, town.firm, "headcount", "120").await;
        fact(&town.test, town.other_firm, "headcount", "200").await;
        let call = town.published(&CALL).await;
        let run = computed(&town, &call).await;
        town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
        let db = &town.test.app.db;
        let all = async || -> Vec<(String, String, String, Option<i64>, String)> {
            let sql = "SELECT id, organization_id, state, hold, owner_id FROM call_auto_grant_line ORDER BY id";
            db.list(sql, args![]).await.unwrap()
        };
        let runs = async || -> Vec<(String, String)> {
            db.list("SELECT id, owner_id FROM call_auto_grant ORDER BY id", args![]).await.unwrap()
        };
        let before = (all().await, runs().await);
        let module = calls::module();
        for (from, to) in [(town.other_firm, town.firm), (town.office, town.other_office)] {
            let mut tx = db.begin().await.unwrap();
            let moved = module.move_organization(&town.test.app, &mut tx, from, to).await.unwrap();
            tx.commit().await.unwrap();
            let now = all().await;
            assert_ne!((now.clone(), runs().await), before);
            let standing = now.iter().filter(|(_, firm, _, hold, _)| *firm == to.text() && hold.is_some()).count();
            assert!(standing <= 1, "one line of a firm to a call stands: {now:?}");
            let mut tx = db.begin().await.unwrap();
            module.return_organization(&town.test.app, &mut tx, from, to, &moved).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!((all().await, runs().await), before);
        }
        db.run("UPDATE organization SET state = 'dissolved' WHERE id = $1", args![town.firm]).await.unwrap();
        let line = line_of(&town, &run, town.firm).await.id.text();
        let refused = accept(&town, &line).await;
        assert!(refused.status == 409 && refused.text().contains("已注销"), "{}", refused.text());
    })
    .await;
}

#[tokio::test]
async fn an_application_that_is_taken_back_frees_the_firm() {
    each_town(async |town| {
        let (call, run, line) = asked(&town).await;
        assert_eq!(accept(&town, &line).await.status, 303);
        let id = line_of(&town, &run, town.firm).await.application.unwrap();
        let back =
            town.enterprise.form(&format!("/work/own-applications/{id}/withdraw"), &[("reason", "改为自行申报")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(state(&town, &run).await, GrantLineState::Declined);
        let id = town.begun(&town.enterprise, &call).await;
        town.save(&town.enterprise, &id, answers()).await;
        assert_eq!(town.submit(&town.enterprise, &id).await.status, 303);
        assert_eq!(applications(&town).await, 1);
    })
    .await;
}

/// Two clauses: one that the file answers, one that asks what no file holds.
const TWO: &str = "policy: 两条办法\nfacts:\n  heads: {registry: headcount}\n  area: {type: int, min: 0, zh: 面积, en: area}\nclauses:\n- id: A\n  title: 稳岗奖励\n  conditions:\n  - {zh: 不少于100人, en: heads, when: 'heads[last_year] >= 100'}\n  amount: yuan(1000) * heads[last_year]\n  cases: [{as_of: 2026-06-30, facts: {heads: {2025: 120}}, eligible: true, amount: 120000}]\n- id: B\n  title: 房租补贴\n  conditions:\n  - {zh: 面积超过100, en: area, when: area > 100}\n  amount: yuan(5000)\n  cases: [{as_of: 2026-06-30, facts: {area: 101}, eligible: true, amount: 5000}]\n";

#[tokio::test]
async fn of_a_rule_with_several_clauses_the_one_that_is_called_for_decides_alone() {
    each_town(async |town| {
        fact(&town.test, town.firm, "headcount", "120").await;
        let with = |rule: &'static str, clause: &'static str| {
            let mut call: Vec<(&str, &str)> = CALL.to_vec();
            call.retain(|(name, _)| *name != "rule");
            call.extend([("rule", rule), ("clause", clause)]);
            call
        };
        let all = town.published(&with(TWO, "")).await;
        let run = computed(&town, &all).await;
        assert!(lines(&town, &run).await.is_empty(), "nobody knows the area");
        let one = town.published(&with(TWO, "A")).await;
        let run = computed(&town, &one).await;
        let found = line_of(&town, &run, town.firm).await;
        assert_eq!((found.amount, lines(&town, &run).await.len()), (12_000_000, 1));
        let asked = town.officer.form(&format!("/work/auto-grants/{run}/ask"), &[("days", "5")]).await;
        assert!(asked.text().contains("已征询 1 户企业"), "{}", asked.text());
        let wrong = town.arrange(&one, &with(TWO, "C")).await;
        assert!(wrong.status == 422 && wrong.text().contains("可填：A, B"), "{}", wrong.text());
        // Where only one of both is granted, people decide.
        let said =
            TWO.replace("{2025: 120}}, eligible: true", "{2025: 120}, area: 50}, eligible: true, granted: 120000");
        let limited = format!("{said}limits:\n- {{zh: 择一享受, en: one of both, exclusive: [A, B]}}\n");
        let limited: &'static str = Box::leak(limited.into_boxed_str());
        let call = town.published(&with(limited, "A")).await;
        let refused = town.officer.form(&format!("/work/calls/{call}/auto-grant"), &[]).await;
        assert!(refused.status == 409 && refused.text().contains("择一享受"), "{}", refused.text());
    })
    .await;
}
