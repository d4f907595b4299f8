//! What a judge does: answers the invitation with the commitments, reads packets, declares conflicts.

use std::collections::HashMap;

use calls::ops::judged;
use files::{File, FileId};
use jinmen_core::{Actor, Error, Fault, Locale, Result, Scope};
use module::App;
use serde_json::json;

use super::{conflicts, entry_object, object, own_seat};
use crate::model::{
    Conflict, ConflictKind, Entry, EntryId, Panel, Round, RoundId, RoundState, Score, Seat, SeatState, needed, short,
};
use crate::{permissions, sql};

/// A round in which the actor has a seat.
pub struct Mine {
    /// The round.
    pub round: Round,
    /// The seat.
    pub seat: Seat,
}

/// The rounds in which the actor has a seat, newest first.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<Mine>> {
    let person = actor.person().ok_or(Error::NotFound)?;
    actor.may(&permissions::JUDGE, &Scope { person: Some(person), ..Scope::default() })?;
    let seats = sql::seat::of_person(&app.db, person).await?;
    let shown: Vec<Seat> =
        seats.into_iter().filter(|seat| !matches!(seat.state, SeatState::Chosen | SeatState::Removed)).collect();
    let rounds = sql::round::many(&app.db, shown.iter().map(|seat| seat.round).collect()).await?;
    let mut rounds: HashMap<RoundId, Round> = rounds.into_iter().map(|round| (round.id, round)).collect();
    Ok(shown.into_iter().filter_map(|seat| Some(Mine { round: rounds.remove(&seat.round)?, seat })).collect())
}

/// A round as its judge sees it.
pub struct Desk {
    /// The round.
    pub round: Round,
    /// What the call is called.
    pub call: jinmen_core::Text2,
    /// The panel.
    pub panel: Panel,
    /// The seat.
    pub seat: Seat,
    /// Entries that are theirs, with what they gave; none before the commitments are signed.
    pub entries: Vec<(Entry, Option<Score>)>,
    /// Who applies, in the order of their names and without what they apply with: for declaring conflicts.
    pub applicants: Vec<(String, String)>,
}

/// Reads a round for its judge. Names of applicants come without their entries while a round is blind.
pub async fn desk(app: &App, actor: &Actor, id: RoundId) -> Result<Desk> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    if matches!(seat.state, SeatState::Chosen | SeatState::Removed) {
        return Err(Error::NotFound);
    }
    let call = judged::call(&app.db, round.call).await?;
    let panel = sql::round::panel(&app.db, seat.panel).await?;
    let all = sql::entry::of_panel(&app.db, panel.id).await?;
    let mut applicants: Vec<(String, String)> = Vec::new();
    let mut entries = Vec::new();
    match seat.state {
        SeatState::Accepted => {
            let own = sql::pair::of_seat(&app.db, seat.id).await?;
            let scores = sql::score::of_seat(&app.db, id, seat.id).await?;
            let mut scores: HashMap<EntryId, Score> = scores.into_iter().map(|one| (one.entry, one)).collect();
            for entry in all.into_iter().filter(|one| own.contains(&one.id)) {
                let score = scores.remove(&entry.id);
                entries.push((blinded(&round, entry), score));
            }
        }
        SeatState::Invited => {
            applicants = all.iter().map(|one| (one.application.text(), one.applicant_name.clone())).collect();
            applicants.sort_by_cached_key(|(_, name)| store::text::sort_key(name));
        }
        _ => {}
    }
    Ok(Desk { call: call.title, round, panel, seat, entries, applicants })
}

/// An entry without what tells who applies, while its round is blind.
fn blinded(round: &Round, entry: Entry) -> Entry {
    if !round.setup.blind {
        return entry;
    }
    let title = super::packets::hide(&entry.title, std::slice::from_ref(&entry.applicant_name));
    Entry { applicant_name: String::new(), title, ..entry }
}

/// The commitments in the words that are signed: secrecy, conflicts, fairness.
pub fn commitments(app: &App, locale: Locale) -> Vec<String> {
    let t = app.words(locale);
    ["secrecy", "conflict", "fair"].map(|one| t.of(&format!("review-commitment-{one}"))).into()
}

/// Comes: signs the commitments and says with whom there is a conflict. `conflicts` are applications of the list that was shown.
///
/// # Errors
/// `review.commit_all` unless every commitment was ticked; `review.answered`; `review.closed`.
pub async fn accept(app: &App, actor: &Actor, id: RoundId, signed: bool, with: &[String]) -> Result<()> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    if seat.state != SeatState::Invited {
        return Err(Error::conflict("review.answered"));
    }
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    if !signed {
        return Err(Fault::at("signed", "review.commit_all").into());
    }
    let entries = sql::entry::of_panel(&app.db, seat.panel).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let text = commitments(app, Locale::ZhCn).join("\n");
    let digest = seal::hex(&seal::sha256(format!("{}\n{}\n{text}", round.id, seat.id).as_bytes()));
    let one = Seat { state: SeatState::Accepted, answered_at: Some(now), signed: digest.clone(), ..seat.clone() };
    sql::seat::update(&mut tx, &one).await?;
    let declared: Vec<Conflict> = entries
        .iter()
        .filter(|entry| with.contains(&entry.application.text()))
        .map(|entry| Conflict {
            round: id,
            person: seat.person,
            application: entry.application,
            kind: ConflictKind::Declared,
            detail: String::new(),
            by_name: seat.name.clone(),
            at: now,
        })
        .collect();
    sql::entry::put_conflicts(&mut tx, &declared).await?;
    sql::moves::take_off_barred(&mut tx, id).await?;
    let data = json!({ "name": seat.name, "signed": digest, "conflicts": declared.len() });
    record::append(&mut tx, actor, now, "review.seat.accepted", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Cannot come.
///
/// # Errors
/// `review.answered`, `review.score_locked` for whoever has locked scores; `review.closed`.
pub async fn decline(app: &App, actor: &Actor, id: RoundId, reason: &str) -> Result<()> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    if !matches!(seat.state, SeatState::Invited | SeatState::Accepted) {
        return Err(Error::conflict("review.answered"));
    }
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    if sql::score::of_seat(&app.db, id, seat.id).await?.iter().any(|score| score.locked) {
        return Err(Error::conflict("review.score_locked"));
    }
    let reason = short("reason", reason, 300)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let one = Seat { state: SeatState::Declined, answered_at: Some(now), reason: reason.clone(), ..seat.clone() };
    sql::seat::update(&mut tx, &one).await?;
    sql::pair::forget_seat(&mut tx, seat.id).await?;
    cases::close_task_of(&mut tx, actor, now, super::seats::TASK, &object(id), &seat.id.text()).await?;
    record::append(
        &mut tx,
        actor,
        now,
        "review.seat.declined",
        object(id),
        json!({ "name": seat.name, "reason": reason }),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// What a judge reads of an entry.
pub struct Packet {
    /// The round.
    pub round: Round,
    /// The panel.
    pub panel: Panel,
    /// The seat.
    pub seat: Seat,
    /// The entry; without who applies while the round is blind.
    pub entry: Entry,
    /// What was answered, part by part.
    pub sections: Vec<(String, Vec<(String, String)>)>,
    /// What was attached: of a blind round copies that say nothing of who made them.
    pub files: Vec<File>,
    /// Files of which there is no such copy, by the question they belong to.
    pub kept_back: Vec<String>,
    /// What was given so far.
    pub score: Option<Score>,
    /// The entries before and after it in the judge's own list.
    pub beside: (Option<EntryId>, Option<EntryId>),
    /// What others of the panel said, for whoever has locked their own score.
    pub said: Vec<String>,
}

/// Reads an entry that is the actor's to judge.
///
/// # Errors
/// Not found for every other entry; `review.sign_first` before the commitments are signed.
pub async fn packet(app: &App, actor: &Actor, id: RoundId, entry: EntryId, locale: Locale) -> Result<Packet> {
    let (round, seat, entry) = own_entry(app, actor, id, entry).await?;
    let panel = sql::round::panel(&app.db, entry.panel).await?;
    let own = sql::pair::of_seat(&app.db, seat.id).await?;
    let list: Vec<EntryId> = sql::entry::of_panel(&app.db, panel.id)
        .await?
        .into_iter()
        .map(|one| one.id)
        .filter(|one| own.contains(one))
        .collect();
    let at = list.iter().position(|one| *one == entry.id).unwrap_or(0);
    let beside = (at.checked_sub(1).map(|before| list[before]), list.get(at + 1).copied());
    let scores = sql::score::of_entries(&app.db, vec![entry.id]).await?;
    let score = scores.iter().find(|one| one.seat == seat.id).cloned();
    let said = match score.as_ref().is_some_and(|one| one.locked) {
        true => {
            let others = scores.iter().filter(|one| one.seat != seat.id && one.locked && !one.comment.is_empty());
            others.map(|one| one.comment.clone()).collect()
        }
        false => Vec::new(),
    };
    let shown = super::packets::shown(app, &round, &entry, locale).await?;
    Ok(Packet {
        panel,
        seat,
        sections: shown.sections,
        files: shown.files,
        kept_back: shown.kept_back,
        score,
        beside,
        said,
        entry: blinded(&round, entry),
        round,
    })
}

async fn own_entry(app: &App, actor: &Actor, id: RoundId, entry: EntryId) -> Result<(Round, Seat, Entry)> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    if seat.state != SeatState::Accepted {
        return Err(Error::conflict("review.sign_first"));
    }
    let entry = sql::entry::get(&app.db, entry).await?;
    if entry.round != round.id || !sql::pair::is_there(&app.db, entry.id, seat.id).await? {
        return Err(Error::NotFound);
    }
    // Files open when judging begins.
    if round.state == RoundState::Draft {
        return Err(Error::conflict("review.not_open"));
    }
    Ok((round, seat, entry))
}

/// A file of an entry that is the actor's to judge: of a blind round only a copy that says nothing of who made it.
pub async fn file(app: &App, actor: &Actor, id: RoundId, entry: EntryId, file: FileId) -> Result<File> {
    let (round, _, entry) = own_entry(app, actor, id, entry).await?;
    let file = app.files.get(&app.db, file).await?;
    let wanted = match round.setup.blind {
        true => entry_object(entry.id),
        false => calls::ops::object(entry.application),
    };
    let fields = super::packets::fields(app, &round).await?;
    if file.object != wanted || !fields.contains(&file.purpose) {
        return Err(Error::NotFound);
    }
    Ok(file)
}

/// Says that one must not judge an entry; it is taken off at once, and the office is told.
///
/// # Errors
/// `review.score_locked`; a fault of `reason`.
pub async fn recuse(app: &App, actor: &Actor, id: RoundId, entry: EntryId, reason: &str) -> Result<()> {
    let (round, seat, entry) = own_entry(app, actor, id, entry).await?;
    let reason = needed("reason", reason, 300)?;
    let mut tx = app.db.begin().await?;
    conflicts::put(app, &mut tx, actor, (&round, &entry, &seat), (ConflictKind::Declared, &reason)).await?;
    let office = access::holders(&mut tx, round.role, round.owner, app.clock.today()).await?;
    let args = json!({ "title": round.title.zh, "name": seat.name, "code": entry.code });
    let mut told = notify::Notice::new(super::seats::NOTICE, args).link(super::desk_page(id)).about(object(id));
    told.message_key = "notice-review-judging-recused".into();
    notify::send(&mut tx, app.clock.now(), &office, told).await?;
    tx.commit().await?;
    Ok(())
}

/// How far the judges of a panel are apart on its entries, for who leads it: after their own scores are locked.
pub async fn disagreement(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<super::results::Spread>> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    let panel = sql::round::panel(&app.db, seat.panel).await?;
    if panel.chair != Some(seat.id) {
        return Err(Error::NotFound);
    }
    let own = sql::score::of_seat(&app.db, id, seat.id).await?;
    let spreads = super::results::spreads(app, &round, Some(panel.id)).await?;
    let locked = |entry: EntryId| own.iter().any(|score| score.entry == entry && score.locked);
    Ok(spreads
        .into_iter()
        .filter(|one| locked(one.entry.id))
        .map(|one| super::results::Spread { entry: blinded(&round, one.entry), ..one })
        .collect())
}
