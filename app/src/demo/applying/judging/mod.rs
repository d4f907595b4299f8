//! A competition that is being judged: 120 entries on six tracks and in three groups, forty judges, a blind desk round whose
//! result is out; one track is finished and under public notice, on another's stage somebody pitches, papers of a third are
//! read once more.

mod finals;
mod pool;
mod rounds;

use std::collections::HashMap;

use calls::model::{ApplicationId, CallDraft, CallId, SetupDraft};
use calls::ops::apply;
use jinmen_core::Result;

use super::super::maker::Maker;
use super::super::members::Member;
use super::super::people::Crowd;
use super::{Desks, act, admin, handed_in};
use calls::ops::desk::Act;

/// Firms that entered.
pub const ENTRIES: usize = 120;
/// Tracks and groups, as a form has them.
const TRACKS: [(&str, &str, &str); 6] = [
    ("data", "大数据与数据要素", "Big data"),
    ("ai", "人工智能", "Artificial intelligence"),
    ("xinchuang", "信创", "Xinchuang"),
    ("industry", "工业互联网", "Industrial internet"),
    ("content", "数字内容与出版", "Digital content"),
    ("security", "网络安全", "Cyber security"),
];
const GROUPS: [(&str, &str, &str); 3] = [
    ("startup", "初创企业组", "Start-ups"),
    ("growth", "成长企业组", "Growing enterprises"),
    ("leading", "领军企业组", "Leading enterprises"),
];

/// Publishes the call, judges it, and begins the finals.
pub async fn fill(maker: &Maker, crowd: &mut Crowd<'_>, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    let entrants: Vec<&Member> = members.iter().filter(|member| member.admin.is_some()).take(ENTRIES).collect();
    let call = entered(maker, &entrants, desks).await?;
    let pool = pool::fill(maker, crowd, &entrants, desks).await?;
    let desk = rounds::Table { maker, desks, call, pool };
    desk.papers().await?;
    finals::finished(&desk).await?;
    finals::on_stage(&desk).await?;
    desk.second_reading().await
}

/// The entries, checked; the first is that of the firm that every screen shows.
async fn entered(maker: &Maker, entrants: &[&Member], desks: &Desks<'_>) -> Result<CallId> {
    maker.stand(96, 20)?;
    let year = maker.today.year();
    let draft = CallDraft {
        title_zh: format!("{year} 年“数聚河西 智汇津门”专题赛（演示）"),
        title_en: format!("Contest of digital innovation, {year} (demonstration)"),
        summary_zh: "六个赛道、三个组别，网评后按赛道举行决赛路演".into(),
        summary_en: "Six tracks, three groups; papers are judged first, then each track has its final".into(),
        body_zh: "一、参赛对象\n初创企业组、成长企业组、领军企业组。\n\n二、赛程\n报名 → 资格审查 → 网评 → 分赛道决赛路演 → 组委会审定 → 公示 → 奖金兑付。\n\n三、评分办法\n网评每个项目由三位评委评分，取平均分；路演由五位评委评分，去掉一个最高分和一个最低分后取平均分，保留两位小数。\n\n四、说明\n大赛不收取任何费用，报名入口仅此一处。".into(),
        body_en: "1. Who may enter\nStart-ups, growing and leading enterprises.\n\n2. Schedule\nEntry, eligibility check, papers, a final of each track, decision of the committee, public notice, payment of prizes.\n\n3. Scores\nThree judges read each paper, their mean counts. Five judges score a pitch; the highest and the lowest are left out, and the mean has two decimals.\n\n4. Note\nThere is no fee; this is the only place of entry.".into(),
        closes_on: maker.ago(72)?.to_string(),
        closes_time: "17:00".into(),
        office: "大赛组委会办公室（演示）".into(),
        address: "天津市河西区演示路1号".into(),
        telephone: "022-00000021".into(),
        supervision: "022-00000022".into(),
        ..CallDraft::default()
    };
    let lines = |all: &[(&str, &str, &str)]| {
        all.iter().map(|(key, zh, en)| format!("{key} | {zh} | {en}")).collect::<Vec<_>>().join("\n")
    };
    let arrange = |setup: &mut SetupDraft| {
        setup.bodies = "guide | 河西区演示局\nhost | 联盟（演示）\norganizer | 联盟秘书处（演示）".into();
        setup.tracks = lines(&TRACKS);
        setup.groups = lines(&GROUPS);
    };
    let call = super::publish(maker, desks.secretariat, "competition", &draft, arrange).await?;
    let mut handed = Vec::with_capacity(entrants.len());
    for (at, member) in entrants.iter().enumerate() {
        maker.stand(94 - at as i64 / 6, 30 + at as i64 % 6)?;
        handed.push(handed_in(maker, admin(member)?, call, &texts(maker, at, member)?).await?);
    }
    checked(maker, desks, &handed).await?;
    Ok(call)
}

fn texts(maker: &Maker, at: usize, member: &Member) -> Result<HashMap<&'static str, String>> {
    let line = member.plan.line(&maker.data);
    let product = line.products.split('、').next().unwrap_or_default();
    Ok(HashMap::from([
        ("project_name", format!("面向{}的{product}", member.plan.customer)),
        ("project_summary", format!("{}{}（演示内容）", member.plan.business(&maker.data), line.offers)),
        (apply::TRACK, TRACKS[at % TRACKS.len()].0.to_owned()),
        (apply::GROUP, GROUPS[at / TRACKS.len() % GROUPS.len()].0.to_owned()),
        ("industry", member.plan.trade(&maker.data).industry.clone()),
        ("region", member.plan.region.0.clone()),
        ("members.0.name", admin(member)?.signed_in()?.name.clone()),
        ("commitment", "yes".to_owned()),
    ]))
}

async fn checked(maker: &Maker, desks: &Desks<'_>, handed: &[ApplicationId]) -> Result<()> {
    maker.stand(70, 60)?;
    for id in handed {
        act(maker, desks.secretariat, *id, Act::done("符合参赛条件")).await?;
    }
    Ok(())
}
