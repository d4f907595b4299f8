//! Joining the alliance: firms from outside, one at every stage, one of them a member by now.

use std::collections::HashMap;

use calls::model::{CallDraft, CallId, NoticeId};
use calls::ops::desk::{self, Act};
use calls::ops::notice::{self, NoticeDraft};
use calls::ops::withdraw;
use flow::Ballot;
use jinmen_core::{Actor, Error, OrganizationId, Result};
use registry::model::OrganizationDraft;
use registry::ops::create_organization;

use super::super::claims;
use super::super::maker::{Maker, SYSTEM};
use super::super::members::{self, Member};
use super::super::people::{Crowd, Known, Post, Someone};
use super::super::plan::Plan;
use super::{Desks, act, filled, handed_in, three_left};

/// Words that every applicant says.
const COMMITMENT: &str = "yes";

/// A firm that is no member yet.
struct Newcomer {
    plan: Plan,
    id: OrganizationId,
    admin: Actor,
}

/// Publishes the call and brings the newcomers to their stages; the one that was admitted becomes the last of the members.
pub async fn fill(
    maker: &Maker,
    crowd: &mut Crowd<'_>,
    members: &mut Vec<Member>,
    newcomers: Vec<Plan>,
    desks: &Desks<'_>,
) -> Result<()> {
    maker.stand(75, 0)?;
    let mut firms = Vec::new();
    for plan in newcomers {
        firms.push(open(maker, crowd, desks, plan).await?);
    }
    maker.stand(70, 30)?;
    let draft = CallDraft {
        title_zh: "联盟会员入会申请".into(),
        title_en: "Joining the alliance".into(),
        office: "联盟秘书处（演示）".into(),
        address: "天津市河西区演示路1号".into(),
        telephone: "022-00000001".into(),
        supervision: "022-00000002".into(),
        ..CallDraft::default()
    };
    let call = super::publish(maker, desks.secretariat, "membership", &draft, |_| ()).await?;
    let mut firms = firms.into_iter();
    if let Some(firm) = firms.next() {
        members.push(admitted(maker, desks, call, firm).await?);
    }
    let rest: Vec<Newcomer> = firms.collect();
    stages(maker, desks, call, &rest).await
}

/// A file that its firm opened by itself, with what it says about itself, and somebody who acts for it.
async fn open(maker: &Maker, crowd: &mut Crowd<'_>, desks: &Desks<'_>, plan: Plan) -> Result<Newcomer> {
    let (app, title) = (&maker.app, &maker.data.people.posts.contact);
    let mut tx = app.db.begin().await?;
    let draft = OrganizationDraft {
        uscc: plan.uscc.to_string(),
        name_zh: plan.name.zh.clone(),
        name_en: plan.name.en.clone().unwrap_or_default(),
        kind: "enterprise".into(),
        intro_zh: format!("{}演示用虚构单位。", plan.business(&maker.data)),
        ..OrganizationDraft::default()
    };
    let id = create_organization::insert(app, &mut tx, &SYSTEM, draft.parse()?, Some(desks.alliance), false).await?;
    let someone =
        Someone { by: &SYSTEM, keeper: Some(desks.alliance), headline: crowd.headline(title), known: Known::Little };
    let (person, name) = crowd.next(&mut tx, someone).await?;
    crowd.post(&mut tx, &SYSTEM, person, Post::new(id, "contact", title)).await?;
    let account = format!("newcomer-{:03}", plan.at);
    let account = (account.as_str(), name.zh.as_str(), None);
    let claimant = claims::open_bare(maker, &mut tx, person, account).await?;
    tx.commit().await?;
    let mut firm = Member { plan, id, admin: None };
    claims::unasked(maker, &mut firm, &claimant, desks.secretariat).await?;
    let admin = firm.admin.ok_or(Error::NotFound)?;
    members::say_of_itself(maker, &admin, id, &firm.plan).await?;
    Ok(Newcomer { plan: firm.plan, id, admin })
}

/// What a firm answers where its file has nothing.
fn texts(maker: &Maker, plan: &Plan) -> HashMap<&'static str, String> {
    let (line, last) = (plan.line(&maker.data), plan.years.last());
    let trade = plan.trade(&maker.data);
    HashMap::from([
        ("needs_summary", line.needs.clone()),
        ("offers_summary", line.offers.clone()),
        ("main_business", plan.business(&maker.data)),
        ("industry", trade.industry.clone()),
        ("headcount", last.map_or(20, |year| year.headcount).to_string()),
        ("annual_revenue", last.map_or(100, |year| year.revenue / 10_000).to_string()),
        ("unit_nature", plan.nature.clone()),
        ("founded_on", plan.founded.to_string()),
        ("region", plan.region.0.clone()),
        ("registered_address", format!("天津市{}演示大街{}号", plan.region.1, plan.at)),
        ("commitment", COMMITMENT.into()),
    ])
}

/// The council's vote.
fn ballot(for_it: u32, against: u32, abstained: u32) -> Ballot {
    Ballot { entitled: 31, present: for_it + against + abstained, for_it, against, abstained }
}

fn minutes(session: &str) -> String {
    format!("{session}，举手表决，由秘书处记录。")
}

async fn handed(maker: &Maker, call: CallId, firm: &Newcomer) -> Result<calls::model::ApplicationId> {
    handed_in(maker, &firm.admin, call, &texts(maker, &firm.plan)).await
}

/// Begins the notice of one application.
async fn publicise(
    maker: &Maker,
    by: &Actor,
    call: CallId,
    id: calls::model::ApplicationId,
    until: String,
) -> Result<NoticeId> {
    let draft = NoticeDraft {
        title: "拟吸收会员单位名单公示".into(),
        basis: "联盟章程第八条、理事会表决结果（演示）".into(),
        body: "公示期内如有异议，请实名向秘书处反映。".into(),
        until,
    };
    notice::begin(&maker.app, by, call, &[id], &draft).await
}

/// Checked, voted on, under notice, admitted: now a member with a number.
async fn admitted(maker: &Maker, desks: &Desks<'_>, call: CallId, firm: Newcomer) -> Result<Member> {
    maker.stand(62, 90)?;
    let id = handed(maker, call, &firm).await?;
    maker.stand(60, 20)?;
    act(maker, desks.secretariat, id, Act::done("材料齐全，符合章程规定的条件")).await?;
    maker.stand(50, 300)?;
    let vote = Act::vote(ballot(27, 1, 2), &minutes("第三届理事会第四次会议"));
    act(maker, desks.secretariat, id, vote).await?;
    publicise(maker, desks.secretariat, call, id, String::new()).await?;
    maker.stand(38, 10)?;
    notice::finish(&maker.app).await?;
    Ok(Member { plan: firm.plan, id: firm.id, admin: Some(firm.admin) })
}

/// One at every other stage.
async fn stages(maker: &Maker, desks: &Desks<'_>, call: CallId, firms: &[Newcomer]) -> Result<()> {
    let (app, office) = (&maker.app, desks.secretariat);
    let (until, days) = three_left(maker)?;
    for (at, firm) in firms.iter().enumerate() {
        match at {
            // Being written.
            0 => {
                maker.stand(2, 120)?;
                let mut some = texts(maker, &firm.plan);
                some.retain(|field, _| *field != "commitment" && *field != "offers_summary");
                filled(maker, &firm.admin, call, &some).await?;
            }
            // Waits for the check.
            1 | 2 => {
                maker.stand(3 - at as i64, 150)?;
                handed(maker, call, firm).await?;
            }
            // Back for correction.
            3 => {
                maker.stand(9, 60)?;
                let id = handed(maker, call, firm).await?;
                maker.stand(2, 30)?;
                let fields = vec!["headcount".to_owned(), "offers_summary".to_owned()];
                let reason = "从业人员数与上年度统计不一致，请核对；可提供的资源请写具体。";
                desk::send_back(app, office, id, fields, reason).await?;
            }
            // Wait for the council.
            4 | 5 => {
                maker.stand(16 - at as i64, 45)?;
                let id = handed(maker, call, firm).await?;
                maker.stand(8, at as i64 * 10)?;
                act(maker, office, id, Act::done("材料齐全，提交理事会表决")).await?;
            }
            // Under public notice.
            6 => {
                maker.stand(days + 20, 45)?;
                let id = handed(maker, call, firm).await?;
                maker.stand(days + 18, 30)?;
                act(maker, office, id, Act::done("材料齐全，符合章程规定的条件")).await?;
                maker.stand(days, 15)?;
                let vote = Act::vote(ballot(25, 0, 3), &minutes("第三届理事会第五次会议"));
                act(maker, office, id, vote).await?;
                publicise(maker, office, call, id, until.to_string()).await?;
            }
            // The vote was lost.
            7 => {
                maker.stand(days + 21, 45)?;
                let id = handed(maker, call, firm).await?;
                maker.stand(days + 19, 30)?;
                act(maker, office, id, Act::done("材料齐全，主营业务与联盟宗旨的关联请理事会审议")).await?;
                maker.stand(days, 12)?;
                let vote = Act::vote(ballot(12, 9, 7), &minutes("第三届理事会第五次会议"));
                act(maker, office, id, vote).await?;
            }
            // Taken back.
            _ => {
                maker.stand(14, 200)?;
                let id = handed(maker, call, firm).await?;
                maker.stand(11, 80)?;
                withdraw::withdraw(app, &firm.admin, id, "公司名称正在变更，变更后再申请。").await?;
            }
        }
    }
    Ok(())
}
