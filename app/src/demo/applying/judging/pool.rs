//! Who judges: appointed experts, people of member firms, the judge whom visitors may sign in as.

use std::collections::HashMap;

use jinmen_core::{Actor, Error, Hat, PersonId, Result, Role, SignedIn};
use review::model::{ExpertDraft, ExpertId};
use review::ops::experts;

use super::super::super::accounts;
use super::super::super::circle::EXPERTS;
use super::super::super::data::Pair;
use super::super::super::maker::Maker;
use super::super::super::members::Member;
use super::super::super::people::{Crowd, Known, Someone};
use super::super::Desks;
use super::TRACKS;

/// Experts of the pool.
pub const JUDGES: usize = 40;
/// Every so many of them is at a firm that entered, on the track of the own panel: a conflict that the system finds.
const EMPLOYED: usize = 8;

/// The pool: the one whom visitors may sign in as is the first.
pub struct Pool {
    /// As the office has them.
    pub experts: Vec<ExpertId>,
    people: Vec<(PersonId, String)>,
}

/// Fills the pool.
pub async fn fill(maker: &Maker, crowd: &mut Crowd<'_>, entrants: &[&Member], desks: &Desks<'_>) -> Result<Pool> {
    maker.stand(68, 0)?;
    let people = people(maker, crowd, desks).await?;
    let kinds = ["technology", "investment", "industry", "finance", "administration"];
    let words = &maker.data.people;
    let mut experts = Vec::with_capacity(people.len());
    for (at, (person, name)) in people.iter().enumerate() {
        let firm = entrants.get(at + TRACKS.len()).filter(|_| at % EMPLOYED == EMPLOYED - 1);
        let body = &words.expert_bodies[at / TRACKS.len() % words.expert_bodies.len()];
        let draft = ExpertDraft {
            person: person.text(),
            name: name.clone(),
            institution: firm.map_or_else(|| body.clone(), |member| member.plan.name.zh.clone()),
            post: words.expert.0.clone(),
            kind: kinds[at % kinds.len()].into(),
            fields: TRACKS[at % TRACKS.len()].1.into(),
            senior: if at % 2 == 0 { "yes".into() } else { String::new() },
            active: String::new(),
        };
        experts.push(experts::add(&maker.app, desks.secretariat, &draft).await?);
    }
    Ok(Pool { experts, people })
}

async fn people(maker: &Maker, crowd: &mut Crowd<'_>, desks: &Desks<'_>) -> Result<Vec<(PersonId, String)>> {
    let first = accounts::sign_up(maker, crowd, Role::Judge, None, Some(desks.alliance), None).await?;
    let first = first.signed_in()?;
    let mut people = vec![(first.person.ok_or(Error::NotFound)?, first.name.clone())];
    for at in 1..=EXPERTS {
        let account = access::find_account(&maker.app.db, &format!("expert-{at:02}")).await?;
        people.push((account.person, account.display_name));
    }
    // The others have a file and no account: they come in by the link of their invitation.
    let title = Pair("行业评审专家".into(), "reviewer of the industry".into());
    let mut tx = maker.app.db.begin().await?;
    while people.len() < JUDGES {
        let by = desks.secretariat;
        let keeper = Some(desks.alliance);
        let someone = Someone { by, keeper, headline: crowd.headline(&title), known: Known::Little };
        let (person, name) = crowd.next(&mut tx, someone).await?;
        people.push((person, name.zh));
    }
    tx.commit().await?;
    Ok(people)
}

impl Pool {
    /// Places in the pool of the judges of a panel: those who know its track.
    pub fn of_track(&self, track: usize) -> Vec<usize> {
        (track..self.experts.len()).step_by(TRACKS.len()).collect()
    }

    /// Some of the pool under the hat of a judge; they were asked before.
    pub async fn actors(&self, maker: &Maker, places: &[usize]) -> Result<Vec<Actor>> {
        let db = &maker.app.db;
        let people: Vec<PersonId> = places.iter().map(|at| self.people[*at].0).collect();
        let accounts: HashMap<PersonId, _> =
            access::accounts_of(db, &people).await?.into_iter().map(|(person, account, _)| (person, account)).collect();
        let mut actors = Vec::with_capacity(places.len());
        for at in places {
            let (person, name) = &self.people[*at];
            let held = access::grants_of_person(db, *person).await?;
            let grant = held.iter().find(|grant| grant.role == Role::Judge).ok_or(Error::NotFound)?;
            let hat = Hat::new(grant.id, Role::Judge, None);
            actors.push(Actor::Person(Box::new(SignedIn {
                account: *accounts.get(person).ok_or(Error::NotFound)?,
                person: Some(*person),
                name: name.clone(),
                locale: None,
                hats: vec![hat.clone()],
                hat: Some(hat),
            })));
        }
        Ok(actors)
    }
}
