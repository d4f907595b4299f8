//! What became of prized projects (落地跟踪): the office asks again on a day that it sets, and is told when it comes.

use std::collections::HashMap;

use calls::ops::judged;
use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::json;

use super::{desk_page, entry_of_office, name, object, of_office};
use crate::model::{Entry, EntryId, Landing, LandingDraft, Prize, Round, RoundId, RoundState};
use crate::{permissions, sql};

/// The task of asking again.
pub(crate) const TASK: &str = "review.landing";

/// A prized project and what became of it.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The project.
    pub entry: Entry,
    /// What it won.
    pub prize: Prize,
    /// What is known, if anybody asked.
    pub landing: Option<Landing>,
}

fn prize_of(round: &Round, entry: &Entry) -> Option<Prize> {
    let rank = u32::try_from(entry.rank?).ok()?;
    round.setup.prize(rank).cloned()
}

/// The prized projects of a round whose result is confirmed, by their codes.
pub async fn list(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Followed>> {
    let round = of_office(&app.db, actor, &permissions::READ, id).await?;
    if round.state != RoundState::Confirmed {
        return Ok(Vec::new());
    }
    let mut known: HashMap<EntryId, Landing> =
        sql::landing::of_round(&app.db, id).await?.into_iter().map(|one| (one.entry, one)).collect();
    let entries = sql::entry::of_round(&app.db, id).await?;
    let followed = entries.into_iter().filter_map(|entry| {
        let prize = prize_of(&round, &entry)?;
        Some(Followed { landing: known.remove(&entry.id), prize, entry })
    });
    Ok(followed.collect())
}

/// Writes down how far a prized project has come; with a next day the office has a task then.
///
/// # Errors
/// `review.not_confirmed`, `review.no_prize`; every fault of the draft.
pub async fn write(app: &App, actor: &Actor, draft: &LandingDraft) -> Result<RoundId> {
    let entry: EntryId = draft.entry.parse().map_err(|_| Error::field("entry", "core.choice"))?;
    let (round, entry) = entry_of_office(&app.db, actor, &permissions::WRITE, entry).await?;
    if round.state != RoundState::Confirmed {
        return Err(Error::conflict("review.not_confirmed"));
    }
    prize_of(&round, &entry).ok_or_else(|| Error::field("entry", "review.no_prize"))?;
    let (state, on, note, next_on) = draft.parse()?;
    let call = judged::call(&app.db, round.call).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let next_on = next_on.filter(|_| !state.is_final());
    let one = Landing { entry: entry.id, state, on, note, next_on, by_name: name(actor), at: now };
    sql::landing::put(&mut tx, &one).await?;
    cases::close_task_of(&mut tx, actor, now, TASK, &object(round.id), &entry.id.text()).await?;
    if next_on.is_some() {
        let args = json!({ "name": entry.applicant_name, "title": round.title.zh });
        let waits = cases::WaitsFor::Role(call.role, round.owner);
        let page = format!("{}?tab=landing", desk_page(round.id));
        let task = cases::NewTask::new(TASK, object(round.id), waits, page, args).dedup(entry.id.text()).due(next_on);
        cases::open_task(&mut tx, now, task).await?;
    }
    let data = json!({ "code": entry.code, "state": state.code(), "on": on.to_string(), "note": one.note });
    record::append(&mut tx, actor, now, "review.entry.landed", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}
