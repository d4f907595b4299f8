//! Conflicts of interest (回避): those that the registry knows, and those that somebody declares.

use std::collections::{HashMap, HashSet};

use calls::model::ApplicationId;
use calls::ops::judged::{self, Judged};
use jinmen_core::{Actor, Error, Instant, OrganizationId, PersonId, Result};
use module::App;
use payments::Subject;
use registry::ops::posts::{self, Post};
use serde_json::json;
use store::Db;

use super::{entry_of_office, name, object, of_office};
use crate::model::{Conflict, ConflictKind, EntryId, Round, RoundId, RoundState, SeatId, needed};
use crate::{permissions, sql};

/// What is known of somebody who may judge.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Where they work by the pool.
    pub institution: Option<OrganizationId>,
    /// What that is called.
    pub institution_name: String,
}

/// Everything that conflicts come from.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    /// Where people are or were: judges and teams.
    pub posts: Vec<Post>,
    /// Which organisation hangs on which.
    pub held: Vec<(OrganizationId, OrganizationId)>,
}

/// Reads where people are or were, and how organisations hang together.
pub async fn grounds(db: &Db, candidates: &[Candidate], entries: &[Judged]) -> Result<Grounds> {
    let mut people: Vec<PersonId> = candidates.iter().map(|one| one.person).collect();
    people.extend(entries.iter().flat_map(|one| &one.people));
    people.sort_unstable();
    people.dedup();
    let found = posts::of_people(db, &people).await?;
    let mut organizations: Vec<OrganizationId> = found.iter().map(|post| post.organization).collect();
    organizations.extend(candidates.iter().filter_map(|one| one.institution));
    organizations.extend(entries.iter().filter_map(firm));
    organizations.sort_unstable();
    organizations.dedup();
    Ok(Grounds { posts: found, held: posts::held(db, &organizations).await? })
}

fn firm(one: &Judged) -> Option<OrganizationId> {
    match one.application.applicant {
        Subject::Organization(id) => Some(id),
        Subject::Person(_) => None,
    }
}

/// Who has a conflict with what, and why: the strongest reason of each pair. Its cost grows with people and conflicts, not
/// with their product.
pub fn found(
    candidates: &[Candidate],
    entries: &[Judged],
    grounds: &Grounds,
) -> Vec<(usize, usize, ConflictKind, String)> {
    let mut posts: HashMap<PersonId, Vec<&Post>> = HashMap::new();
    grounds.posts.iter().for_each(|post| posts.entry(post.person).or_default().push(post));
    let mut by_person: HashMap<PersonId, Vec<usize>> = HashMap::new();
    let mut by_firm: HashMap<OrganizationId, Vec<usize>> = HashMap::new();
    let mut by_past: HashMap<OrganizationId, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(firm) = firm(entry) {
            by_firm.entry(firm).or_default().push(at);
        }
        for person in &entry.people {
            by_person.entry(*person).or_default().push(at);
            let past = posts.get(person).into_iter().flatten().map(|post| post.organization);
            past.for_each(|organization| by_past.entry(organization).or_default().push(at));
        }
    }
    let mut near: HashMap<OrganizationId, Vec<OrganizationId>> = HashMap::new();
    for (one, other) in &grounds.held {
        near.entry(*one).or_default().push(*other);
        near.entry(*other).or_default().push(*one);
    }
    let mut all = Vec::new();
    for (who, candidate) in candidates.iter().enumerate() {
        let own = posts.get(&candidate.person).into_iter().flatten();
        let mut places: Vec<(OrganizationId, String)> =
            own.map(|post| (post.organization, post.name.zh.clone())).collect();
        places.extend(candidate.institution.map(|id| (id, candidate.institution_name.clone())));
        let mut seen: HashSet<usize> = HashSet::new();
        let mut note = |entries: Option<&Vec<usize>>, kind: ConflictKind, detail: &str| {
            for entry in entries.into_iter().flatten() {
                if seen.insert(*entry) {
                    all.push((who, *entry, kind, detail.to_owned()));
                }
            }
        };
        note(by_person.get(&candidate.person), ConflictKind::Own, "");
        for (id, place) in &places {
            note(by_firm.get(id), ConflictKind::Organization, place);
        }
        for (id, place) in &places {
            for other in near.get(id).into_iter().flatten() {
                note(by_firm.get(other), ConflictKind::Related, place);
            }
        }
        for (id, place) in &places {
            note(by_past.get(id), ConflictKind::Shared, place);
        }
    }
    all
}

/// Pairs that must not be.
pub(crate) fn barred(conflicts: &[Conflict]) -> HashSet<(PersonId, ApplicationId)> {
    conflicts.iter().map(|one| (one.person, one.application)).collect()
}

/// Looks for conflicts of every judge of a round; what people declared stays. How many there are.
///
/// # Errors
/// `review.closed`.
pub async fn find(app: &App, actor: &Actor, id: RoundId) -> Result<usize> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let now = app.clock.now();
    let found = look(app, &round, now).await?;
    let mut tx = app.db.begin().await?;
    sql::entry::forget_found(&mut tx, id).await?;
    sql::entry::put_conflicts(&mut tx, &found).await?;
    if round.state == RoundState::Open {
        super::seats::give_by_panel(&mut tx, &round).await?;
        sql::moves::take_off_barred(&mut tx, id).await?;
    }
    let data = json!({ "conflicts": found.len() });
    record::append(&mut tx, actor, now, "review.round.conflicts", object(id), data).await?;
    tx.commit().await?;
    Ok(found.len())
}

/// What the registry knows of the judges of a round.
pub(crate) async fn look(app: &App, round: &Round, now: Instant) -> Result<Vec<Conflict>> {
    let seats = sql::seat::of_round(&app.db, round.id).await?;
    let candidates: Vec<Candidate> = seats
        .iter()
        .filter(|seat| seat.state.counts())
        .map(|seat| Candidate {
            person: seat.person,
            institution: seat.institution_id,
            institution_name: seat.institution.clone(),
        })
        .collect();
    let entries = entries_of(app, round).await?;
    let grounds = grounds(&app.db, &candidates, &entries).await?;
    let conflict = |(who, entry, kind, detail): (usize, usize, ConflictKind, String)| Conflict {
        round: round.id,
        person: candidates[who].person,
        application: entries[entry].application.id,
        kind,
        detail,
        by_name: String::new(),
        at: now,
    };
    Ok(found(&candidates, &entries, &grounds).into_iter().map(conflict).collect())
}

async fn entries_of(app: &App, round: &Round) -> Result<Vec<Judged>> {
    let call = judged::call(&app.db, round.call).await?;
    let ids: Vec<ApplicationId> =
        sql::entry::of_round(&app.db, round.id).await?.into_iter().map(|one| one.application).collect();
    judged::some(app, &call, &ids).await
}

/// Somebody of a name who could be asked, with what stands against it.
pub struct Checked {
    /// The person, where the registry knows them.
    pub person: Option<PersonId>,
    /// Their name.
    pub name: String,
    /// What they say of themselves, or where they work.
    pub about: String,
    /// Code and applicant of each entry with which there is a conflict, and why.
    pub conflicts: Vec<(String, String, ConflictKind, String)>,
}

/// Checks a name before anybody is asked: everybody of the registry who is called so, and where they are said to work.
pub async fn check(app: &App, actor: &Actor, id: RoundId, typed: &str, institution: &str) -> Result<Vec<Checked>> {
    let round = of_office(&app.db, actor, &permissions::READ, id).await?;
    let typed = needed("name", typed, 60)?;
    let works = match institution.trim() {
        "" => None,
        text => registry::ops::find::organization(&app.db, text).await?,
    };
    let known = posts::named(&app.db, &typed).await?;
    let candidate =
        |person: PersonId| Candidate { person, institution: works, institution_name: institution.trim().to_owned() };
    let mut candidates: Vec<Candidate> = known.iter().map(|(person, ..)| candidate(*person)).collect();
    if candidates.is_empty() {
        // Nobody of that name is known: what stands against it is where they work.
        candidates.push(candidate(PersonId::new()));
    }
    let entries = entries_of(app, &round).await?;
    let codes: HashMap<ApplicationId, String> =
        sql::entry::of_round(&app.db, id).await?.into_iter().map(|one| (one.application, one.code)).collect();
    let grounds = grounds(&app.db, &candidates, &entries).await?;
    let all = found(&candidates, &entries, &grounds);
    let of = |who: usize| {
        let of_one = all.iter().filter(move |(of, ..)| *of == who);
        of_one
            .map(|(_, entry, kind, detail)| {
                let one = &entries[*entry].application;
                (codes.get(&one.id).cloned().unwrap_or_default(), one.applicant_name.clone(), *kind, detail.clone())
            })
            .collect()
    };
    let checked = |(who, candidate): (usize, &Candidate)| {
        let known = known.iter().find(|(person, ..)| *person == candidate.person);
        Checked {
            person: known.map(|(person, ..)| *person),
            name: known.map_or_else(|| typed.clone(), |(_, name, _)| name.zh.clone()),
            about: known.map_or_else(|| institution.trim().to_owned(), |(.., headline)| headline.zh.clone()),
            conflicts: of(who),
        }
    };
    Ok(candidates.iter().enumerate().map(checked).collect())
}

/// The office says that a judge must not judge an entry.
///
/// # Errors
/// `review.score_locked` where the judge has locked a score; a fault of `detail`.
pub async fn declare(app: &App, actor: &Actor, entry: EntryId, seat: SeatId, detail: &str) -> Result<RoundId> {
    let (round, entry) = entry_of_office(&app.db, actor, &permissions::WRITE, entry).await?;
    let seat = sql::seat::get(&app.db, seat).await?;
    if seat.round != round.id {
        return Err(Error::NotFound);
    }
    let detail = needed("detail", detail, 300)?;
    let mut tx = app.db.begin().await?;
    put(app, &mut tx, actor, (&round, &entry, &seat), (ConflictKind::Office, &detail)).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// Writes a conflict that somebody declared, and takes the judge off the entry.
pub(crate) async fn put(
    app: &App,
    tx: &mut store::Tx,
    actor: &Actor,
    (round, entry, seat): (&Round, &crate::model::Entry, &crate::model::Seat),
    (kind, detail): (ConflictKind, &str),
) -> Result<()> {
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    if sql::score::get(&mut *tx, entry.id, seat.id).await?.is_some_and(|score| score.locked) {
        return Err(Error::conflict("review.score_locked"));
    }
    let now = app.clock.now();
    let one = Conflict {
        round: round.id,
        person: seat.person,
        application: entry.application,
        kind,
        detail: detail.to_owned(),
        by_name: name(actor),
        at: now,
    };
    sql::entry::remove_conflict(tx, round.id, seat.person, entry.application).await?;
    sql::entry::put_conflicts(tx, &[one]).await?;
    sql::moves::take_off_barred(tx, round.id).await?;
    let data = json!({ "name": seat.name, "code": entry.code, "kind": kind.code() });
    record::append(tx, actor, now, "review.round.conflict_declared", object(round.id), data).await.map(drop)
}

/// Lifts a conflict that turned out to be none; what the registry knows comes back when it is looked for again.
pub async fn lift(app: &App, actor: &Actor, id: RoundId, person: PersonId, application: ApplicationId) -> Result<()> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::entry::remove_conflict(&mut tx, id, person, application).await? == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({ "person": person.text(), "application": application.text() });
    record::append(&mut tx, actor, now, "review.round.conflict_lifted", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Every conflict of a round, for the office.
pub async fn list(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Conflict>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::entry::conflicts(&app.db, id).await?)
}
