//! The people around the alliance: who stands for the members and sits on its council, who advises it.

use jinmen_core::{Actor, OrganizationId, Result, Role};
use registry::ops::consent;

use super::accounts;
use super::data::Pair;
use super::maker::Maker;
use super::members::Member;
use super::people::{Crowd, Known, Post, Someone};
use super::plan::day;

/// Members whose legal representative is known.
const REPRESENTED: usize = 110;
/// Members with one more person on file.
const STAFFED: std::ops::Range<usize> = 1..21;
/// People written in one transaction.
const BATCH: usize = 40;
/// Appointed experts.
pub const EXPERTS: i64 = 24;
/// What experts agree to.
const CONSENTS: [&str; 3] = ["file", "review", "publish"];

/// Legal representatives, the council of the alliance, some executives and staff.
pub async fn council(
    crowd: &mut Crowd<'_>,
    maker: &Maker,
    alliance: OrganizationId,
    members: &[Member],
    by: &Actor,
) -> Result<()> {
    let people = &maker.data.people;
    let keeper = Some(alliance);
    for batch in members[..REPRESENTED].chunks(BATCH) {
        maker.stand(398, batch[0].plan.at as i64)?;
        let mut tx = maker.app.db.begin().await?;
        for member in batch {
            let title = &people.posts.legal_representative;
            let known = if member.plan.at < 25 { Known::Some } else { Known::Little };
            let someone = Someone { by, keeper, headline: crowd.headline(title), known };
            let (person, _) = crowd.next(&mut tx, someone).await?;
            crowd.post(&mut tx, by, person, Post::new(member.id, "legal_representative", title)).await?;
            let seat = match member.plan.grade {
                "chair" => Some(&people.council[0]),
                "vice_chair" => Some(&people.council[1]),
                "standing_council" => Some(&people.council[2]),
                _ => None,
            };
            if let Some((kind, zh, en)) = seat {
                let title = Pair(zh.clone(), en.clone());
                let post = Post { since: Some(member.plan.joined), ..Post::new(alliance, kind, &title) };
                crowd.post(&mut tx, by, person, post).await?;
            }
        }
        tx.commit().await?;
    }
    let mut tx = maker.app.db.begin().await?;
    let seats = [("secretary_general", &people.secretary_general), ("supervisor", &people.supervisor)];
    let seats = seats.map(|(kind, title)| (alliance, kind, title));
    let leaders = people.posts.executive.iter().take(2).map(|title| (members[0].id, "executive", title));
    let workers = people.posts.staff.iter().cycle().take(4).map(|title| (members[0].id, "staff", title));
    let others = members[STAFFED]
        .iter()
        .zip(people.posts.staff.iter().cycle())
        .map(|(member, title)| (member.id, "staff", title));
    let posts: Vec<_> = seats.into_iter().chain(leaders).chain(workers).chain(others).collect();
    for (at, kind, title) in posts {
        let someone = Someone { by, keeper, headline: crowd.headline(title), known: Known::Some };
        let (person, _) = crowd.next(&mut tx, someone).await?;
        crowd.post(&mut tx, by, person, Post::new(at, kind, title)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Experts with their letters of appointment; they consent for themselves.
pub async fn experts(crowd: &mut Crowd<'_>, maker: &Maker, alliance: OrganizationId, by: &Actor) -> Result<()> {
    let people = &maker.data.people;
    let mut tx = maker.app.db.begin().await?;
    let mut actors = Vec::new();
    let year = i64::from(maker.years_ago(1));
    for at in 1..=EXPERTS {
        let someone =
            Someone { by, keeper: Some(alliance), headline: crowd.headline(&people.expert), known: Known::Expert };
        let (person, name) = crowd.next(&mut tx, someone).await?;
        let body = &people.expert_bodies[at as usize % people.expert_bodies.len()];
        let title = Pair(format!("{}（{body}）", people.expert.0), people.expert.1.clone());
        let post = Post {
            letter: Some(people.letter.replace("{n}", &at.to_string())),
            since: Some(day(year, 3, 1)?),
            until: Some(day(year + 3, 2, 28)?),
            ..Post::new(alliance, "expert", &title)
        };
        crowd.post(&mut tx, by, person, post).await?;
        let account = format!("expert-{at:02}");
        let account = (account.as_str(), name.zh.as_str(), None);
        actors.push(accounts::open(maker, &mut tx, person, account, Role::Talent, None).await?);
    }
    tx.commit().await?;
    for (at, actor) in actors.iter().enumerate() {
        // Not everybody wants to be shown to the public.
        for purpose in CONSENTS.iter().take(if at % 3 == 0 { 3 } else { 2 }) {
            consent::set_consent(&maker.app, actor, purpose, true).await?;
        }
    }
    Ok(())
}
