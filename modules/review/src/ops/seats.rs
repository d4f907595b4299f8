//! Judges of a round: chosen from the pool, asked, reminded, replaced.

use std::collections::HashMap;

use access::{NewAccount, NewGrant, Token};
use jinmen_core::{AccountId, Actor, Date, Error, Fault, PersonId, Result, Role};
use module::App;
use serde_json::json;
use store::Tx;

use super::{judge_page, object, of_office, panel_of_office};
use crate::model::{
    Expert, ExpertId, Giving, Panel, PanelId, Round, RoundId, RoundState, Seat, SeatId, SeatState, needed,
};
use crate::{permissions, sql};

/// What the inbox of a judge says.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::mailed("review.judging");
/// The task of somebody who is to answer or to score.
pub(crate) const TASK: &str = "review.judge";
/// Judges of one panel.
const SEATS_MOST: usize = 500;
/// So many days after the last one a judge still gets in, for questions and objections.
const AFTER: i64 = 60;

/// Seats experts of the pool in a panel; those who sit in the round already stay where they are. How many were seated.
///
/// # Errors
/// `review.closed`, `review.choose_some`, `review.seats_many`.
pub async fn choose(app: &App, actor: &Actor, panel: PanelId, experts: &[ExpertId]) -> Result<u64> {
    let (round, panel) = panel_of_office(&app.db, actor, &permissions::WRITE, panel).await?;
    if experts.is_empty() {
        return Err(Fault::at("expert", "review.choose_some").into());
    }
    let pool = sql::expert::active(&app.db, round.owner).await?;
    let chosen: Vec<&Expert> = experts.iter().filter_map(|id| pool.iter().find(|one| one.id == *id)).collect();
    let mut tx = app.db.begin().await?;
    let count = seat(app, &mut tx, actor, (&round, &panel), &chosen).await?;
    tx.commit().await?;
    Ok(count)
}

/// The same within a transaction.
pub(crate) async fn seat(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (round, panel): (&Round, &Panel),
    chosen: &[&Expert],
) -> Result<u64> {
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let there = sql::seat::of_panel(&mut *tx, panel.id).await?;
    if there.len() + chosen.len() > SEATS_MOST {
        return Err(Fault::new("review.seats_many").with("most", SEATS_MOST).into());
    }
    let first = there.iter().map(|seat| seat.place).max().unwrap_or(0) + 1;
    let seats: Vec<Seat> = chosen
        .iter()
        .zip(first..)
        .map(|(one, place)| Seat {
            id: SeatId::new(),
            round: round.id,
            panel: panel.id,
            person: one.person,
            name: one.name.clone(),
            institution: one.institution.clone(),
            institution_id: one.institution_id,
            fields: one.fields.clone(),
            senior: one.senior,
            place,
            state: SeatState::Chosen,
            reason: String::new(),
            invited_at: None,
            answered_at: None,
            signed: String::new(),
        })
        .collect();
    let count = sql::seat::insert(tx, &seats).await?;
    let names: Vec<&str> = seats.iter().map(|seat| seat.name.as_str()).collect();
    let data = json!({ "panel": panel.title.zh, "names": names.join("、") });
    record::append(tx, actor, app.clock.now(), "review.round.seated", object(round.id), data).await?;
    Ok(count)
}

async fn seat_of_office(app: &App, actor: &Actor, id: SeatId) -> Result<(Round, Seat)> {
    actor.may_somewhere(&permissions::WRITE)?;
    let seat = sql::seat::get(&app.db, id).await?;
    Ok((of_office(&app.db, actor, &permissions::WRITE, seat.round).await?, seat))
}

/// Takes a judge out. What they locked stays theirs; what they were given and did not lock is given to nobody.
///
/// # Errors
/// `review.closed`; a fault of `reason`.
pub async fn remove(app: &App, actor: &Actor, id: SeatId, reason: &str) -> Result<RoundId> {
    let (round, seat) = seat_of_office(app, actor, id).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let reason = needed("reason", reason, 300)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let one = Seat { state: SeatState::Removed, reason: reason.clone(), answered_at: Some(now), ..seat.clone() };
    sql::seat::update(&mut tx, &one).await?;
    sql::pair::forget_seat(&mut tx, id).await?;
    cases::close_task_of(&mut tx, actor, now, TASK, &object(round.id), &seat.id.text()).await?;
    let data = json!({ "name": seat.name, "reason": reason });
    record::append(&mut tx, actor, now, "review.round.unseated", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// Names who leads a panel.
pub async fn lead(app: &App, actor: &Actor, id: SeatId) -> Result<RoundId> {
    let (round, seat) = seat_of_office(app, actor, id).await?;
    if !seat.state.counts() {
        return Err(Error::conflict("review.seat_gone"));
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::round::set_chair(&mut tx, seat.panel, Some(seat.id)).await?;
    let data = json!({ "name": seat.name });
    record::append(&mut tx, actor, now, "review.round.chair", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// A judge who was asked, and the address that lets them in where they have no way in yet.
pub struct Asked {
    /// The seat.
    pub seat: Seat,
    /// The address.
    pub link: Option<String>,
}

/// Asks every judge who was not asked yet: gives the role, tells them, and makes a way in for whoever has none.
///
/// # Errors
/// `review.nobody_to_ask`, `review.closed`.
pub async fn invite(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Asked>> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let seats = sql::seat::of_round(&app.db, id).await?;
    let chosen: Vec<Seat> = seats.into_iter().filter(|seat| seat.state == SeatState::Chosen).collect();
    if chosen.is_empty() {
        return Err(Error::conflict("review.nobody_to_ask"));
    }
    let call = calls::ops::judged::call(&app.db, round.call).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let people: Vec<PersonId> = chosen.iter().map(|seat| seat.person).collect();
    let known: HashMap<PersonId, (AccountId, bool)> = access::accounts_of(&mut tx, &people)
        .await?
        .into_iter()
        .map(|(person, account, opens)| (person, (account, opens)))
        .collect();
    let last = round.due_on.unwrap_or(now.date());
    let until = last.add_days(AFTER).unwrap_or(last);
    let mut asked = Vec::with_capacity(chosen.len());
    for seat in chosen {
        let (account, opens) = match known.get(&seat.person) {
            Some(known) => *known,
            None => (open_account(app, &mut tx, actor, &seat).await?, false),
        };
        give_role(app, &mut tx, actor, &round, seat.person, until).await?;
        let seat = Seat { state: SeatState::Invited, invited_at: Some(now), ..seat };
        sql::seat::update(&mut tx, &seat).await?;
        cases::open_task(&mut tx, now, task(&round, &call.title.zh, &seat)).await?;
        asked.push((seat, account, opens));
    }
    let args = json!({ "title": round.title.zh, "call": call.title.zh });
    let told = notify::Notice::new(NOTICE, args).link(judge_page(id)).about(object(id));
    notify::send(&mut tx, now, &people, told).await?;
    let data = json!({ "judges": asked.len() });
    record::append(&mut tx, actor, now, "review.round.invited", object(id), data).await?;
    tx.commit().await?;
    let mut links = Vec::with_capacity(asked.len());
    for (seat, account, opens) in asked {
        let link = if opens { None } else { Some(link(app, &access::invite(&app.access, actor, account).await?)) };
        links.push(Asked { seat, link });
    }
    Ok(links)
}

fn link(app: &App, token: &Token) -> String {
    format!("{}/invitation/{}", app.config.public_url.trim_end_matches('/'), token.expose())
}

async fn open_account(app: &App, tx: &mut Tx, actor: &Actor, seat: &Seat) -> Result<AccountId> {
    let new = NewAccount {
        person: seat.person,
        name: format!("pw-{}", &jinmen_core::id::RawId::new_v4().simple().to_string()[..12]),
        display_name: seat.name.clone(),
        password: None,
        email: None,
    };
    access::create_account(&app.access, tx, actor, new).await
}

async fn give_role(app: &App, tx: &mut Tx, actor: &Actor, round: &Round, person: PersonId, until: Date) -> Result<()> {
    let today = app.clock.today();
    let held = access::grants_of_person(&mut *tx, person).await?;
    let lasts = |grant: &access::Grant| {
        grant.role == Role::Judge && grant.holds_on(today) && grant.until.is_none_or(|last| last >= until)
    };
    if held.iter().any(lasts) {
        return Ok(());
    }
    let new = NewGrant::new(person, Role::Judge, None).during(None, Some(until)).because(Some(round.number.clone()));
    access::grant_role(&app.access, tx, actor, new).await.map(drop)
}

fn task(round: &Round, call: &str, seat: &Seat) -> cases::NewTask {
    let args = json!({ "title": round.title.zh, "call": call, "number": round.number });
    cases::NewTask::new(TASK, object(round.id), cases::WaitsFor::Person(seat.person), judge_page(round.id), args)
        .dedup(seat.id.text())
        .due(round.due_on)
}

/// Tells judges who came and have scores open. How many were told.
pub async fn remind(app: &App, actor: &Actor, id: RoundId) -> Result<usize> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    super::in_judging(&round)?;
    let open: HashMap<SeatId, (i64, i64)> =
        sql::pair::progress(&app.db, id).await?.into_iter().map(|(seat, all, done)| (seat, (all, done))).collect();
    let seats = sql::seat::of_round(&app.db, id).await?;
    let behind = |seat: &&Seat| {
        matches!(seat.state, SeatState::Invited | SeatState::Accepted)
            && open.get(&seat.id).is_some_and(|(all, done)| done < all)
    };
    let people: Vec<PersonId> = seats.iter().filter(behind).map(|seat| seat.person).collect();
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let due = round.due_on.map(|day| day.to_string()).unwrap_or_default();
    let args = json!({ "title": round.title.zh, "due": due });
    let mut told = notify::Notice::new(NOTICE, args).link(judge_page(id)).about(object(id));
    told.message_key = "notice-review-judging-remind".into();
    notify::send(&mut tx, now, &people, told).await?;
    record::append(&mut tx, actor, now, "review.round.reminded", object(id), json!({ "judges": people.len() })).await?;
    tx.commit().await?;
    Ok(people.len())
}

/// Gives every entry to the judges of its panel who have no conflict with it; in rounds where the engine assigns, to nobody.
pub(crate) async fn give_by_panel(tx: &mut Tx, round: &Round) -> Result<u64> {
    if round.setup.giving != Giving::Panel {
        return Ok(0);
    }
    let seats = sql::seat::of_round(&mut *tx, round.id).await?;
    let entries = sql::entry::of_round(&mut *tx, round.id).await?;
    let conflicts = super::conflicts::barred(&sql::entry::conflicts(&mut *tx, round.id).await?);
    let mut pairs = Vec::new();
    for entry in &entries {
        let judges = seats.iter().filter(|seat| seat.panel == entry.panel && seat.state.counts());
        let free = judges.filter(|seat| !conflicts.contains(&(seat.person, entry.application)));
        pairs.extend(free.map(|seat| crate::model::Pair {
            entry: entry.id,
            seat: seat.id,
            by: crate::model::PairBy::Rule,
        }));
    }
    sql::pair::forget_given(tx, round.id).await?;
    Ok(sql::pair::put(tx, round.id, &pairs).await?)
}
