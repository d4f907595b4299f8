//! A subsidy of the district for tenants of its innovation centre: applications from acceptance to payment, two under public
//! notice, one of which somebody objects to.

use std::collections::HashMap;

use calls::model::{ApplicationId, CallDraft, CallId};
use calls::ops::desk::{self, Act};
use calls::ops::notice::{self, NoticeDraft};
use calls::ops::objection::{self, ObjectionDraft};
use calls::ops::talk;
use cases::Audience;
use flow::Ballot;
use jinmen_core::{Actor, Money, Period, Result};
use registry::dictionary::Value;
use registry::model::{AsOf, Source};
use registry::ops::{read_organization, record_facts};

use super::super::maker::Maker;
use super::super::members::Member;
use super::super::papers;
use super::super::sheet::Sheet;
use super::{Desks, act, admin, ahead, filled, handed_in, three_left};

/// The rule of the policy, as the office published it.
const RULE: &str = include_str!("../data/policies/rent.yaml");
/// Yuan a square metre and year, and yuan at most, as the rule has them.
const RATE: i64 = 360;
const MOST: i64 = 300_000;

/// Publishes the call and brings tenants of the centre to their stages.
pub async fn fill(maker: &Maker, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    maker.stand(45, 20)?;
    let year = maker.today.year();
    let draft = CallDraft {
        title_zh: format!("{year} 年新八大里数字经济产业创新中心租金补贴申报"),
        title_en: format!("Rent support for the innovation centre, {year}"),
        closes_on: ahead(maker, 21)?,
        closes_time: "18:00".into(),
        summary_zh: "入驻创新中心、租用面积不少于 100 平方米的企业，按每平方米每月 30 元补贴，每年最高 30 万元".into(),
        summary_en: "Tenants of the centre with at least 100 square metres: 30 yuan a square metre and month, at most 300,000 yuan a year".into(),
        eligibility_zh: "入驻新八大里数字经济产业创新中心，租用面积不少于 100 平方米".into(),
        eligibility_en: "Tenants of the innovation centre with at least 100 square metres".into(),
        office: "河西区演示局政策兑现科".into(),
        address: "天津市河西区演示路2号政务服务窗口".into(),
        telephone: "022-00000011".into(),
        supervision: "022-00000012".into(),
        ..CallDraft::default()
    };
    let alliance = desks.alliance.text();
    let call = super::publish(maker, desks.district, "subsidy", &draft, |setup| {
        RULE.trim().clone_into(&mut setup.rule);
        setup.benefit = "新八大里数字经济产业创新中心租金补贴办法（虚构）/ZJ-1".into();
        let joint = format!("consult | joint | 联审 | Joint review | 5 | secretariat@{alliance}\ndecision |");
        setup.stages = setup.stages.replacen("decision |", &joint, 1);
    })
    .await?;
    let tenants = tenants(maker, members, desks).await?;
    stages(maker, desks, call, &tenants).await?;
    // The firm that every screen shows has begun, and has time.
    maker.stand(1, 30)?;
    filled(maker, admin(&members[0])?, call, &HashMap::new()).await.map(drop)
}

/// A tenant who may apply, with what is due.
struct Tenant<'a> {
    member: &'a Member,
    due: Money,
}

/// Those who apply.
const TENANTS: usize = 9;
/// What the rule calls the centre.
const CENTRE: &str = "新八大里数字经济产业创新中心";

/// Members with somebody who acts for them whom the rule admits; some of the district say only now that they rent there.
async fn tenants<'a>(maker: &Maker, members: &'a [Member], desks: &Desks<'_>) -> Result<Vec<Tenant<'a>>> {
    let as_of = AsOf { day: maker.today, known: maker.now() };
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for member in members.iter().skip(1).filter(|member| member.admin.is_some()) {
        let file = read_organization::file(&maker.app, desks.secretariat, member.id, as_of).await?.facts;
        let held = |key: &str| file.current(key, as_of).and_then(|fact| fact.value.clone());
        if held("park").is_none() && member.plan.region.0 == "120103" {
            others.push(member);
        }
        let here = matches!(held("park"), Some(Value::Text(park)) if park == CENTRE);
        let area =
            held("rent_area").and_then(|area| area.to_json()["v"].to_string().trim_matches('"').parse::<f64>().ok());
        let Some(area) = area.filter(|area| here && *area >= 100.0) else { continue };
        found.push(Tenant { member, due: due(area as i64) });
    }
    let wanted = TENANTS.saturating_sub(found.len());
    for (at, member) in others.into_iter().take(wanted).enumerate() {
        let area = 120 + 85 * at as i64;
        let mut sheet = Sheet::new(maker.today, Source::SelfDeclared, "");
        sheet.typed("park", CENTRE, Period::ALWAYS)?;
        sheet.typed("rent_area", area.to_string(), Period::ALWAYS)?;
        let mut tx = maker.app.db.begin().await?;
        record_facts::insert(&maker.app, &mut tx, admin(member)?, &member.id.into(), sheet.facts()).await?;
        tx.commit().await?;
        found.push(Tenant { member, due: due(area) });
    }
    Ok(found)
}

/// What the rule gives for so many square metres.
fn due(area: i64) -> Money {
    Money::from_fen((area * RATE).min(MOST) * 100)
}

fn texts(member: &Member) -> HashMap<&'static str, String> {
    let last = member.plan.years.last();
    HashMap::from([
        ("annual_revenue", last.map_or(100, |year| year.revenue / 10_000).to_string()),
        ("headcount", last.map_or(20, |year| year.headcount).to_string()),
        ("region", member.plan.region.0.clone()),
        ("account", format!("62220200{:08}", 1_000 + member.plan.at)),
        ("commitment", "yes".into()),
    ])
}

async fn handed(maker: &Maker, call: CallId, tenant: &Tenant<'_>) -> Result<ApplicationId> {
    handed_in(maker, admin(tenant.member)?, call, &texts(tenant.member)).await
}

/// How far an application has come.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Stage {
    Check,
    First,
    Joint,
    Decision,
    Notice,
}

/// From handing in to the beginning of a stage, in working order; the last step was so many days ago.
async fn bring(maker: &Maker, desks: &Desks<'_>, id: ApplicationId, due: Money, to: Stage, days: i64) -> Result<()> {
    let far = |stage: Stage| to > stage;
    if far(Stage::Check) {
        maker.stand(days + 6, 60)?;
        act(maker, desks.district, id, Act::done("材料齐全，予以受理")).await?;
    }
    if far(Stage::First) {
        maker.stand(days + 4, 90)?;
        let words = "入驻协议与租用面积相符，符合办法第四条，建议按规则计算结果补贴";
        act(maker, desks.second, id, Act::done(words)).await?;
    }
    if far(Stage::Joint) {
        maker.stand(days + 2, 40)?;
        act(maker, desks.secretariat, id, Act::done("经营正常，同意")).await?;
    }
    if far(Stage::Decision) {
        maker.stand(days, 200)?;
        let ballot = Ballot { entitled: 7, present: 7, for_it: 7, against: 0, abstained: 0 };
        let vote = Act::vote(ballot, "局长办公会集体审议，一致同意（演示）");
        act(maker, desks.district, id, Act { granted: Some(due), ..vote }).await?;
    }
    Ok(())
}

async fn publicise(
    maker: &Maker,
    by: &Actor,
    call: CallId,
    ids: &[ApplicationId],
    until: String,
) -> Result<calls::model::NoticeId> {
    let draft = NoticeDraft {
        title: "新八大里数字经济产业创新中心租金补贴拟支持名单公示".into(),
        basis: "《新八大里数字经济产业创新中心租金补贴办法（虚构）》第四条".into(),
        body: "经受理、初审、联审和集体审议，拟对下列企业给予租金补贴，现予公示。对公示内容有异议的，请在公示期内实名提出，并附事实和证据。".into(),
        until,
    };
    notice::begin(&maker.app, by, call, ids, &draft).await
}

/// One at every stage, as far as there are tenants.
async fn stages(maker: &Maker, desks: &Desks<'_>, call: CallId, tenants: &[Tenant<'_>]) -> Result<()> {
    let mut rest = tenants.iter();
    let (until, days) = three_left(maker)?;
    if let Some(one) = rest.next() {
        paid(maker, desks, call, one).await?;
    }
    let mut listed = Vec::new();
    for (at, one) in rest.by_ref().take(2).enumerate() {
        maker.stand(days + 10, 20 + at as i64)?;
        let id = handed(maker, call, one).await?;
        bring(maker, desks, id, one.due, Stage::Notice, days).await?;
        listed.push(id);
    }
    if let Some(last) = listed.last() {
        maker.stand(days, 240)?;
        let notice = publicise(maker, desks.district, call, &listed, until.to_string()).await?;
        object_to(maker, desks, notice, *last).await?;
    }
    for (stage, ago) in [(Stage::Decision, 3), (Stage::Joint, 2), (Stage::First, 2)] {
        let Some(one) = rest.next() else { return Ok(()) };
        maker.stand(ago + 9, 60)?;
        let id = handed(maker, call, one).await?;
        bring(maker, desks, id, one.due, stage, ago).await?;
    }
    waiting(maker, desks, call, rest.as_slice()).await
}

/// Granted in the first batch: the notice is over, the reply written, what is due stands in the books.
async fn paid(maker: &Maker, desks: &Desks<'_>, call: CallId, one: &Tenant<'_>) -> Result<()> {
    maker.stand(42, 60)?;
    let id = handed(maker, call, one).await?;
    bring(maker, desks, id, one.due, Stage::Notice, 30).await?;
    maker.stand(29, 30)?;
    publicise(maker, desks.district, call, &[id], String::new()).await?;
    maker.stand(15, 10)?;
    notice::finish(&maker.app).await?;
    maker.stand(12, 45)?;
    let reply = format!("河西演局批〔{}〕1 号", maker.today.year());
    act(maker, desks.district, id, Act::done(&reply)).await
}

/// An objection by real name with a paper, in hand.
async fn object_to(maker: &Maker, desks: &Desks<'_>, notice: calls::model::NoticeId, id: ApplicationId) -> Result<()> {
    maker.stand(1, 75)?;
    let lines = ["申报面积与实际使用面积不一致的情况说明".to_owned(), "演示样张，无效力".to_owned()];
    let paper = maker.app.files.blobs().put_bytes(&papers::pdf("情况说明（演示样张）", &lines)).await?;
    let draft = ObjectionDraft {
        application: id.text(),
        name: desks.talent.signed_in()?.name.clone(),
        telephone: "199-0000-0000".into(),
        text: "该企业今年三月已退租一半面积，申报面积可能仍按原协议计算，请核实。".into(),
        files: vec![("情况说明.pdf".into(), paper)],
    };
    objection::file(&maker.app, desks.talent, notice, draft).await.map(drop)
}

/// What lies at the window: one to be accepted, one that came back, one that was refused, and what was said.
async fn waiting(maker: &Maker, desks: &Desks<'_>, call: CallId, rest: &[Tenant<'_>]) -> Result<()> {
    let app = &maker.app;
    for (at, one) in rest.iter().take(3).enumerate() {
        maker.stand(5, 30 + at as i64 * 20)?;
        let id = handed(maker, call, one).await?;
        maker.stand(2, 60 + at as i64)?;
        match at {
            0 => {
                let words = "请问电子营业执照需要另外上传吗？";
                talk::say(app, admin(one.member)?, id, words).await?;
            }
            1 => {
                let fields = vec!["proof".to_owned(), "account".to_owned()];
                desk::send_back(app, desks.district, id, fields, "请补传租赁协议，收款账号请填基本户。").await?;
            }
            _ => {
                talk::answer(app, desks.district, id, Audience::Internal, "同一场地已由其关联企业申报。").await?;
                act(maker, desks.district, id, Act::reject("同一场地已由关联企业申报，按办法不重复补贴")).await?;
            }
        }
    }
    Ok(())
}
