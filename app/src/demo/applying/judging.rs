//! A competition that was judged: a blind desk round whose result is out, and a final in which somebody is on the stage.

use std::collections::HashMap;

use calls::model::{CallDraft, CallId};
use calls::ops::apply;
use calls::ops::desk::Act;
use jinmen_core::{Actor, Error, Hat, Result, Role, SignedIn};
use review::model::{Entry, ExpertDraft, ExpertId, RoundDraft, RoundId, RoundKind, ScoreDraft};
use review::ops::{draw, entries, experts, judging, life, live, rounds, scores, seats};

use super::super::accounts;
use super::super::maker::{Maker, SYSTEM};
use super::super::members::Member;
use super::super::people::{Crowd, Known, Post, Someone};
use super::{Desks, act, admin, handed_in};

/// Firms that entered.
const ENTRIES: usize = 12;
/// Judges of each panel.
const JUDGES: usize = 5;
const TRACKS: [&str; 3] = ["ai", "data", "xinchuang"];

/// Publishes the call, judges it, and begins the final.
pub async fn fill(maker: &Maker, crowd: &mut Crowd<'_>, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    let supervisor = supervisor(maker, crowd, desks).await?;
    let call = entered(maker, members, desks).await?;
    let pool = pool(maker, desks).await?;
    desk_round(maker, desks, call, &pool, &supervisor).await?;
    final_round(maker, desks, call, &pool, &supervisor).await
}

/// Somebody of the alliance who watches.
async fn supervisor(maker: &Maker, crowd: &mut Crowd<'_>, desks: &Desks<'_>) -> Result<Actor> {
    maker.stand(76, 0)?;
    let mut tx = maker.app.db.begin().await?;
    let title = maker.data.people.supervisor.clone();
    let title = super::super::data::Pair(title.0, title.1);
    let someone =
        Someone { by: &SYSTEM, keeper: Some(desks.alliance), headline: crowd.headline(&title), known: Known::Little };
    let (person, name) = crowd.next(&mut tx, someone).await?;
    crowd.post(&mut tx, &SYSTEM, person, Post::new(desks.alliance, "staff", &title)).await?;
    let account = ("supervision", name.zh.as_str(), None);
    let actor = accounts::open(maker, &mut tx, person, account, Role::Supervisor, Some(desks.alliance)).await?;
    tx.commit().await?;
    Ok(actor)
}

async fn entered(maker: &Maker, members: &[Member], desks: &Desks<'_>) -> Result<CallId> {
    maker.stand(75, 20)?;
    let year = maker.ago(75)?.year();
    let draft = CallDraft {
        title_zh: format!("{year} 年信创应用专题赛报名（演示）"),
        title_en: format!("Contest of domestic applications, {year} (demonstration)"),
        closes_on: maker.ago(50)?.to_string(),
        closes_time: "17:00".into(),
        office: "大赛组委会办公室（演示）".into(),
        address: "天津市河西区演示路1号".into(),
        telephone: "022-00000021".into(),
        supervision: "022-00000022".into(),
        ..CallDraft::default()
    };
    let call = super::publish(maker, desks.secretariat, "competition", &draft, |_| ()).await?;
    let firms: Vec<&Member> = members.iter().skip(1).filter(|member| member.admin.is_some()).take(ENTRIES).collect();
    let mut handed = Vec::new();
    for (at, member) in firms.into_iter().enumerate() {
        maker.stand(70 - at as i64, 30)?;
        let line = member.plan.line(&maker.data);
        let product = line.products.split('、').next().unwrap_or_default();
        let texts = HashMap::from([
            ("project_name", format!("面向{}的{product}", member.plan.customer)),
            ("project_summary", format!("{}{}（演示内容）", member.plan.business(&maker.data), line.offers)),
            (apply::TRACK, TRACKS[at % TRACKS.len()].to_owned()),
            (apply::GROUP, "growth".to_owned()),
            ("industry", member.plan.trade(&maker.data).industry.clone()),
            ("region", member.plan.region.0.clone()),
            ("members.0.name", admin(member)?.signed_in()?.name.clone()),
            ("commitment", "yes".to_owned()),
        ]);
        handed.push(handed_in(maker, admin(member)?, call, &texts).await?);
    }
    maker.stand(48, 60)?;
    for id in handed {
        act(maker, desks.secretariat, id, Act::done("符合参赛条件")).await?;
    }
    Ok(call)
}

/// Takes the appointed experts into the pool.
async fn pool(maker: &Maker, desks: &Desks<'_>) -> Result<Vec<ExpertId>> {
    maker.stand(47, 0)?;
    let bodies = &maker.data.people.expert_bodies;
    let kinds = ["technology", "investment", "industry", "finance", "administration"];
    let mut pool = Vec::new();
    for at in 1..=TRACKS.len() * JUDGES {
        let account = access::find_account(&maker.app.db, &format!("expert-{at:02}")).await?;
        let draft = ExpertDraft {
            person: account.person.text(),
            name: account.display_name,
            institution: bodies[at % bodies.len()].clone(),
            post: maker.data.people.expert.0.clone(),
            kind: kinds[at % kinds.len()].into(),
            fields: TRACKS[at % TRACKS.len()].into(),
            senior: if at % 2 == 0 { "yes".into() } else { String::new() },
            active: String::new(),
        };
        pool.push(experts::add(&maker.app, desks.secretariat, &draft).await?);
    }
    Ok(pool)
}

/// Who judges: an expert who was asked, under that hat.
async fn judge(maker: &Maker, at: usize) -> Result<Actor> {
    let account = access::find_account(&maker.app.db, &format!("expert-{:02}", at + 1)).await?;
    let held = access::grants_of_person(&maker.app.db, account.person).await?;
    let grant = held.iter().find(|grant| grant.role == Role::Judge).ok_or(Error::NotFound)?;
    let hat = Hat::new(grant.id, Role::Judge, None);
    Ok(Actor::Person(Box::new(SignedIn {
        account: account.id,
        person: Some(account.person),
        name: account.display_name,
        locale: None,
        hats: vec![hat.clone()],
        hat: Some(hat),
    })))
}

/// A round with five judges on each panel, who all come, and opened.
async fn opened(
    maker: &Maker,
    desks: &Desks<'_>,
    call: CallId,
    pool: &[ExpertId],
    draft: &RoundDraft,
) -> Result<(RoundId, Vec<Actor>)> {
    let app = &maker.app;
    let id = rounds::begin(app, desks.secretariat, call, draft).await?;
    entries::take_in(app, desks.secretariat, id).await?;
    let panels = rounds::read(app, desks.secretariat, id).await?.panels;
    for (panel, experts) in panels.iter().zip(pool.chunks(JUDGES)) {
        seats::choose(app, desks.secretariat, panel.id, experts).await?;
    }
    seats::invite(app, desks.secretariat, id).await?;
    let mut judges = Vec::new();
    for at in 0..panels.len() * JUDGES {
        let actor = judge(maker, at).await?;
        judging::accept(app, &actor, id, true, &[]).await?;
        judges.push(actor);
    }
    life::open(app, desks.secretariat, id).await?;
    Ok((id, judges))
}

/// What a judge gives: better and worse projects, milder and stricter judges, nothing left to chance.
fn marks(entry: &Entry, judge: usize) -> ScoreDraft {
    let number: usize = entry.code.trim_start_matches('P').parse().unwrap_or(1);
    let worth = 20 + (number * 7) % 8;
    let mild = judge % 3;
    let mark = |most: usize, part: usize| ((worth + mild + part).min(most)).to_string();
    let half = if (number + judge).is_multiple_of(2) { ".5" } else { "" };
    let marks = [
        ("technology", format!("{}{half}", mark(29, 1))),
        ("business", mark(25, 0).chars().take(2).collect()),
        ("market", mark(25, (number + judge) % 2)),
        ("team", (worth.saturating_sub(6) + mild).min(20).to_string()),
    ];
    ScoreDraft {
        marks: marks.into_iter().map(|(key, text)| (key.to_owned(), text)).collect(),
        comment: String::new(),
        note: String::new(),
        lock: true,
        key: String::new(),
    }
}

async fn desk_round(
    maker: &Maker,
    desks: &Desks<'_>,
    call: CallId,
    pool: &[ExpertId],
    supervisor: &Actor,
) -> Result<()> {
    let app = &maker.app;
    maker.stand(45, 30)?;
    let draft = RoundDraft {
        title_zh: "信创应用专题赛初评（演示）".into(),
        title_en: "First round (demonstration)".into(),
        due_on: maker.ago(30)?.to_string(),
        ties: "technology, highest, lowest".into(),
        promote: "3".into(),
        ..RoundDraft::fresh(RoundKind::Desk)
    };
    let (id, judges) = opened(maker, desks, call, pool, &draft).await?;
    for (at, actor) in judges.iter().enumerate() {
        maker.stand(40 - (at as i64) % 8, 60)?;
        for (entry, _) in judging::desk(app, actor, id).await?.entries {
            scores::save(app, actor, id, entry.id, &marks(&entry, at)).await?;
        }
    }
    maker.stand(29, 30)?;
    life::close(app, desks.secretariat, id, "").await?;
    maker.stand(28, 30)?;
    life::confirm(app, supervisor, id).await?;
    life::publish(app, desks.secretariat, id).await?;
    life::hand_over(app, desks.secretariat, id).await?;
    Ok(())
}

async fn final_round(
    maker: &Maker,
    desks: &Desks<'_>,
    call: CallId,
    pool: &[ExpertId],
    supervisor: &Actor,
) -> Result<()> {
    let app = &maker.app;
    maker.stand(7, 30)?;
    let draft = RoundDraft {
        title_zh: "信创应用专题赛决赛路演（演示）".into(),
        title_en: "Final (demonstration)".into(),
        due_on: maker.today.to_string(),
        ties: "technology, revote".into(),
        prizes: "1 | 一等奖 | 100000\n2 | 二等奖 | 50000\n3 | 三等奖 | 20000".into(),
        ..RoundDraft::fresh(RoundKind::Live)
    };
    let (id, judges) = opened(maker, desks, call, pool, &draft).await?;
    maker.stand(0, 10)?;
    let panels = rounds::read(app, desks.secretariat, id).await?.panels;
    for panel in &panels {
        let codes: Vec<String> =
            entries::of_panel(app, desks.secretariat, panel.id).await?.into_iter().rev().map(|one| one.code).collect();
        draw::paper(app, desks.secretariat, panel.id, &codes.join(" "), &supervisor.signed_in()?.name).await?;
    }
    let Some(first) = panels.first() else { return Ok(()) };
    let order = entries::of_panel(app, desks.secretariat, first.id).await?;
    let on_stage = order.len().saturating_sub(1);
    for (at, entry) in order.iter().enumerate() {
        maker.stand(0, 20 + 20 * at as i64)?;
        live::call_up(app, desks.secretariat, entry.id).await?;
        let coming = if at == on_stage { 3 } else { JUDGES };
        for (number, actor) in judges.iter().take(coming).enumerate() {
            scores::save(app, actor, id, entry.id, &marks(entry, number)).await?;
        }
        if at < on_stage {
            live::tally(app, desks.secretariat, entry.id).await?;
            live::confirm(app, supervisor, entry.id).await?;
        }
    }
    Ok(())
}
