//! A competition that is open, with forty entries being written.

use std::collections::HashMap;

use calls::model::{CallDraft, CallId};
use calls::ops::apply;
use jinmen_core::Result;

use super::super::maker::Maker;
use super::super::members::Member;
use super::{Desks, admin, ahead, filled};

/// Entries that somebody is writing.
pub const DRAFTS: usize = 40;
const TRACKS: [&str; 3] = ["ai", "data", "xinchuang"];

/// Publishes the call; members begin to write, some have written much and some little.
pub async fn fill(maker: &Maker, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    maker.stand(26, 40)?;
    let year = maker.today.year();
    let draft = CallDraft {
        title_zh: format!("{year} 年“数聚河西 智汇津门”创新创业大赛报名"),
        title_en: format!("Innovation and entrepreneurship competition, {year}"),
        closes_on: ahead(maker, 16)?,
        closes_time: "17:00".into(),
        office: "大赛组委会办公室（演示）".into(),
        address: "天津市河西区演示路1号".into(),
        telephone: "022-00000021".into(),
        supervision: "022-00000022".into(),
        ..CallDraft::default()
    };
    let arrange = |setup: &mut calls::model::SetupDraft| {
        setup.bodies = "guide | 河西区演示局\nhost | 联盟（演示）\norganizer | 联盟秘书处（演示）".into();
    };
    let call = super::publish(maker, desks.secretariat, "competition", &draft, arrange).await?;
    let writing = members.iter().filter(|member| member.admin.is_some()).take(DRAFTS);
    for (at, member) in writing.enumerate() {
        maker.stand(1 + (at as i64 * 7) % 24, 40 + at as i64)?;
        entry(maker, call, at, member).await?;
    }
    Ok(())
}

/// An entry that is not handed in yet: every fourth lacks its summary, every third its team.
async fn entry(maker: &Maker, call: CallId, at: usize, member: &Member) -> Result<()> {
    let line = member.plan.line(&maker.data);
    let product = line.products.split('、').next().unwrap_or_default();
    let mut texts = HashMap::from([
        ("project_name", format!("面向{}的{product}", member.plan.customer)),
        (apply::TRACK, TRACKS[at % TRACKS.len()].to_owned()),
        (apply::GROUP, if at.is_multiple_of(2) { "growth" } else { "startup" }.to_owned()),
        ("industry", member.plan.trade(&maker.data).industry.clone()),
        ("region", member.plan.region.0.clone()),
    ]);
    if at % 4 != 3 {
        let summary = format!("{}{}（演示内容）", member.plan.business(&maker.data), line.offers);
        texts.insert("project_summary", summary);
    }
    if at % 3 != 2 {
        texts.insert("members.0.name", admin(member)?.signed_in()?.name.clone());
    }
    filled(maker, admin(member)?, call, &texts).await.map(drop)
}
