//! Entries of a round: taken in from the call's stage or from the best of the round before, panel by panel.

use std::collections::{HashMap, HashSet};

use calls::model::{ApplicationId, Call, Track};
use calls::ops::judged::{self, Judged};
use jinmen_core::{Actor, Error, Fault, Locale, Page, PageRequest, Result, Text2};
use module::App;
use serde_json::json;

use super::{entry_of_office, in_draft, object, of_office};
use crate::model::{Entry, EntryId, EntryState, Panel, PanelId, Phase, Round, RoundId, Timer, short};
use crate::{permissions, sql};

/// Entries of one round.
pub const ENTRIES_MOST: usize = 10_000;

/// Takes in what waits to be judged and is not in the round yet: of the round before those who go on, else everything that
/// stands at the call's stage. Panels are made for every track and group that occurs. How many came.
///
/// # Errors
/// `review.not_draft`, `review.nothing_waits`, `review.entries_many`.
pub async fn take_in(app: &App, actor: &Actor, id: RoundId) -> Result<u64> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    in_draft(&round)?;
    let call = judged::call(&app.db, round.call).await?;
    let found = waiting(app, &round, &call).await?;
    if found.is_empty() {
        return Err(Error::conflict("review.nothing_waits"));
    }
    let there = sql::entry::of_round(&app.db, id).await?;
    let new: Vec<&Judged> =
        found.iter().filter(|one| !there.iter().any(|known| known.application == one.application.id)).collect();
    if there.len() + new.len() > ENTRIES_MOST {
        return Err(Fault::new("review.entries_many").with("most", ENTRIES_MOST).into());
    }
    let panels = sql::round::panels(&app.db, id).await?;
    let panel = |locale| app.words(locale).of("review-panel");
    let otherwise = Text2::both(panel(Locale::ZhCn), panel(Locale::En));
    let (made, of) = panels_for((&round, &call), &panels, &new, &otherwise);
    let entries = entries(&round, &there, &new, &of);
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::round::insert_panels(&mut tx, &made).await?;
    let count = sql::entry::insert(&mut tx, &entries).await?;
    let data = json!({ "entries": count, "panels": made.len() });
    record::append(&mut tx, actor, now, "review.round.entries", object(id), data).await?;
    tx.commit().await?;
    Ok(count)
}

/// What waits for a round: what stands where it is judged, of that the best of the round before, of its track.
async fn waiting(app: &App, round: &Round, call: &Call) -> Result<Vec<Judged>> {
    let mut found = judged::waiting(app, call).await?;
    if let Some(previous) = round.previous {
        let before = sql::entry::of_round(&app.db, previous).await?;
        let best: HashSet<ApplicationId> =
            before.iter().filter(|one| one.promoted).map(|one| one.application).collect();
        found.retain(|one| best.contains(&one.application.id));
    }
    found.retain(|one| round.setup.track.is_empty() || one.application.track == round.setup.track);
    Ok(found)
}

type PanelOf = HashMap<(String, String), PanelId>;

/// The panels that are missing for new entries, and which panel judges which track and group.
fn panels_for(
    (round, call): (&Round, &Call),
    there: &[Panel],
    new: &[&Judged],
    otherwise: &Text2,
) -> (Vec<Panel>, PanelOf) {
    let mut of: PanelOf = there.iter().map(|one| ((one.track.clone(), one.group.clone()), one.id)).collect();
    let place = |tracks: &[Track], key: &str| tracks.iter().position(|one| one.key == key).unwrap_or(tracks.len());
    let mut keys: Vec<(String, String)> = new.iter().map(|one| panel_key(round, one)).collect();
    keys.sort_by_key(|(track, group)| (place(&call.setup.tracks, track), place(&call.setup.groups, group)));
    keys.dedup();
    let mut made = Vec::new();
    for key in keys {
        if of.contains_key(&key) {
            continue;
        }
        let panel = Panel {
            id: PanelId::new(),
            round: round.id,
            place: (there.len() + made.len()) as i64 + 1,
            title: super::results::class_of(call, &key.0, &key.1).unwrap_or_else(|| otherwise.clone()),
            track: key.0.clone(),
            group: key.1.clone(),
            chair: None,
            phase: Phase::Waiting,
            current: None,
            timer: Timer::default(),
            version: 1,
        };
        of.insert(key, panel.id);
        made.push(panel);
    }
    (made, of)
}

fn panel_key(round: &Round, one: &Judged) -> (String, String) {
    round.setup.panels.panel_of(&one.application.track, &one.application.group)
}

/// Entries with their codes: a letter for the panel's place, a number within the round.
fn entries(round: &Round, there: &[Entry], new: &[&Judged], of: &PanelOf) -> Vec<Entry> {
    let digits = (there.len() + new.len()).to_string().len().max(2);
    let one = |(at, one): (usize, &&Judged)| {
        let application = &one.application;
        let panel = of.get(&panel_key(round, one))?;
        let title = if one.title.trim().is_empty() { application.number.clone() } else { one.title.clone() };
        Some(Entry {
            id: EntryId::new(),
            round: round.id,
            panel: *panel,
            application: application.id,
            code: format!("P{:0digits$}", there.len() + at + 1),
            title,
            applicant: application.applicant,
            applicant_name: application.applicant_name.clone(),
            track: application.track.clone(),
            group: application.group.clone(),
            pitch: None,
            state: EntryState::Waiting,
            score: None,
            rank: None,
            votes: None,
            promoted: false,
            tallied_name: String::new(),
            confirmed_name: String::new(),
            confirmed_at: None,
            version: 1,
        })
    };
    new.iter().enumerate().filter_map(one).collect()
}

/// Takes an entry out of a round that is being prepared.
pub async fn remove(app: &App, actor: &Actor, id: EntryId, reason: &str) -> Result<RoundId> {
    let (round, entry) = entry_of_office(&app.db, actor, &permissions::WRITE, id).await?;
    in_draft(&round)?;
    let reason = short("reason", reason, 300)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::entry::remove(&mut tx, id).await?;
    let data = json!({ "code": entry.code, "title": entry.title, "reason": reason });
    record::append(&mut tx, actor, now, "review.round.entry_removed", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// Moves an entry to another panel of its round.
///
/// # Errors
/// `review.not_draft`; not found for a panel of another round.
pub async fn to_panel(app: &App, actor: &Actor, id: EntryId, panel: PanelId) -> Result<RoundId> {
    let (round, entry) = entry_of_office(&app.db, actor, &permissions::WRITE, id).await?;
    in_draft(&round)?;
    let panel = sql::round::panel(&app.db, panel).await?;
    if panel.round != round.id {
        return Err(Error::NotFound);
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::entry::update(&mut tx, &Entry { panel: panel.id, pitch: None, ..entry.clone() }).await? == 0 {
        return Err(Error::Stale);
    }
    let data = json!({ "code": entry.code, "panel": panel.title.zh });
    record::append(&mut tx, actor, now, "review.round.entry_moved", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// A page of the entries of a round, by code.
pub async fn list(
    app: &App,
    actor: &Actor,
    id: RoundId,
    panel: Option<PanelId>,
    page: &PageRequest,
) -> Result<Page<Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::entry::page(&app.db, id, panel, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.code.clone()]))
}

/// Every entry of a panel, in the order of pitches where there is one.
pub async fn of_panel(app: &App, actor: &Actor, panel: PanelId) -> Result<Vec<Entry>> {
    super::panel_of_office(&app.db, actor, &permissions::READ, panel).await?;
    Ok(sql::entry::of_panel(&app.db, panel).await?)
}

/// The entries of some applications of a round.
pub async fn some(app: &App, actor: &Actor, id: RoundId, applications: &[ApplicationId]) -> Result<Vec<Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::entry::of_applications(&app.db, id, applications.to_vec()).await?)
}

/// The entry of a round that is called so.
///
/// # Errors
/// `review.no_such_code` in the field `code`.
pub async fn by_code(app: &App, actor: &Actor, id: RoundId, typed: &str) -> Result<EntryId> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let code = typed.trim().to_uppercase();
    sql::entry::by_code(&app.db, id, &code).await?.ok_or_else(|| Error::field("code", "review.no_such_code"))
}

/// Some entries of a round.
pub async fn by_id(app: &App, actor: &Actor, id: RoundId, entries: &[EntryId]) -> Result<Vec<Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::entry::some(&app.db, id, entries.to_vec()).await?)
}
