//! Applying without applying: young firms whose titles the register holds get their award without a form, now under public
//! notice with three working days left; grown ones were asked yesterday, the firm that every screen shows among them.

use calls::model::{ApplicationId, CallDraft, CallId, GrantLine, RunId};
use calls::ops::auto_grant;
use calls::ops::notice::{self, NoticeDraft};
use jinmen_core::Result;

use super::super::maker::Maker;
use super::super::members::Member;
use super::{Desks, admin, ahead, three_left};

/// A title, the clause that rewards it, what that gives in 10,000 yuan, and how the call and its list are called.
struct Award {
    title: &'static str,
    clause: &'static str,
    name: &'static str,
    english: &'static str,
    wan: i64,
}

const YOUNG: Award =
    Award { title: "eaglet", clause: "CY-1", name: "雏鹰企业", english: "eaglet enterprises", wan: 5 };
const GROWN: Award =
    Award { title: "gazelle", clause: "DL-1", name: "瞪羚企业", english: "gazelle enterprises", wan: 10 };

impl Award {
    /// The rule, with the cases that show it is right.
    fn rule(&self) -> String {
        let Self { title, clause, name, wan, .. } = self;
        let yuan = wan * 10_000;
        format!(
            "policy: {name}奖励办法（虚构）\nfacts:\n  title: {{registry: growth_title}}\nclauses:\n- id: {clause}\n  \
             title: {name}奖励\n  conditions:\n  - {{zh: \"评价为{name}\", en: held to be one of the {}, \
             when: \"title == '{title}'\"}}\n  amount: wan({wan})\n  cases:\n  \
             - {{as_of: 2026-06-30, facts: {{title: {title}}}, eligible: true, amount: {yuan}, why: 在库}}\n  \
             - {{as_of: 2026-06-30, facts: {{title: none}}, eligible: false, why: 不在库}}\n",
            self.english
        )
    }
}

/// Computes, asks, is answered and publishes.
pub async fn fill(maker: &Maker, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    let (until, days) = three_left(maker)?;
    let call = publish(maker, desks, &YOUNG, days + 24).await?;
    let run = computed(maker, desks, call, days + 21).await?;
    maker.stand(days + 20, 30)?;
    auto_grant::ask(&maker.app, desks.district, run, 5).await?;
    let applications = answered(maker, members, desks, run, days).await?;
    maker.stand(days, 100)?;
    let draft = NoticeDraft {
        title: format!("{}奖励（免申即享）拟兑付名单公示", YOUNG.name),
        basis: format!("《{}奖励办法（虚构）》第三条", YOUNG.name),
        body: "名单由系统按政策条件和在库数据计算，经本单位核对、企业确认。公示期内数据有变化的，该企业暂缓兑付。"
            .into(),
        until: until.to_string(),
    };
    notice::begin(&maker.app, desks.district, call, &applications, &draft).await?;
    let call = publish(maker, desks, &GROWN, 6).await?;
    let run = computed(maker, desks, call, 4).await?;
    maker.stand(1, 20)?;
    auto_grant::ask(&maker.app, desks.district, run, 5).await.map(drop)
}

async fn publish(maker: &Maker, desks: &Desks<'_>, award: &Award, days: i64) -> Result<CallId> {
    maker.stand(days, 10)?;
    let year = maker.today.year();
    let draft = CallDraft {
        title_zh: format!("{year} 年{}奖励（免申即享）", award.name),
        title_en: format!("Award for {}, {year} (no application needed)", award.english),
        closes_on: ahead(maker, 90)?,
        summary_zh: format!("在库的{}无需申报，系统计算、企业一键确认后直接兑付 {} 万元", award.name, award.wan),
        summary_en: format!("No application: computed, confirmed in one tap, {}0,000 yuan each", award.wan),
        eligibility_zh: format!("评价为{}且在有效期内", award.name),
        eligibility_en: format!("Held to be one of the {}", award.english),
        office: "河西区演示局政策兑现科".into(),
        address: "天津市河西区演示路2号政务服务窗口".into(),
        telephone: "022-00000011".into(),
        supervision: "022-00000012".into(),
        ..CallDraft::default()
    };
    let arrange = |setup: &mut calls::model::SetupDraft| {
        setup.rule = award.rule().trim().to_owned();
        setup.benefit = format!("{}奖励办法（虚构）/{}", award.name, award.clause);
    };
    super::publish(maker, desks.district, "subsidy", &draft, arrange).await
}

/// A list that the system computed.
async fn computed(maker: &Maker, desks: &Desks<'_>, call: CallId, days: i64) -> Result<RunId> {
    maker.stand(days, 0)?;
    let run = auto_grant::start(&maker.app, desks.district, call).await?;
    auto_grant::perform(&maker.app, desks.district, run, None).await?;
    Ok(run)
}

/// Most confirm, the second does not want it, the last one does not answer in time; what was confirmed.
async fn answered(
    maker: &Maker,
    members: &[Member],
    desks: &Desks<'_>,
    run: RunId,
    days: i64,
) -> Result<Vec<ApplicationId>> {
    let app = &maker.app;
    let lines: Vec<GrantLine> = auto_grant::read(app, desks.district, run, None, None, 500).await?.lines;
    let mut applications = Vec::new();
    for (at, line) in lines.iter().enumerate().take(lines.len().saturating_sub(1)) {
        let Some(member) = members.iter().find(|member| member.id == line.organization && member.admin.is_some())
        else {
            continue;
        };
        maker.stand(days + 19 - at as i64 % 4, 40 + at as i64 * 7)?;
        if at == 1 {
            auto_grant::decline(app, admin(member)?, line.id, "已享受市级同类奖励。").await?;
            continue;
        }
        let number = format!("62220200{:08}", 1_000 + member.plan.at);
        let done = auto_grant::accept(app, admin(member)?, line.id, "演示银行天津分行", &number).await?;
        if let auto_grant::Answered::Accepted(id, _) = done {
            applications.push(id);
        }
    }
    maker.stand(days + 2, 0)?;
    auto_grant::expire(app).await?;
    Ok(applications)
}
