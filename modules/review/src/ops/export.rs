//! Taking scores out: one row a judge and an entry, by name for the office. Each time is recorded.

use std::collections::HashMap;

use futures::StreamExt;
use futures::stream;
use jinmen_core::{Actor, Error, Result, Scope};
use module::App;
use module::export::{ExportRow, Rows, Sheet};
use serde_json::{Value, json};
use ui::Words;

use super::{name, object, of_office, results};
use crate::model::{Entry, EntryId, Round, RoundId, RoundKind, RoundState, Score, Seat, SeatId};
use crate::permissions;

/// The sheet of a round's scores.
///
/// # Errors
/// `review.still_open` for a desk round that is being judged, except for the supervisor.
pub async fn sheet(app: &App, actor: &Actor, id: RoundId, t: &Words) -> Result<(Sheet, Rows)> {
    let round = of_office(&app.db, actor, &permissions::EXPORT, id).await?;
    let supervises = actor.may(&permissions::SUPERVISE, &Scope::owned_by(round.owner)).is_ok();
    if round.kind == RoundKind::Desk && round.state == RoundState::Open && !supervises {
        return Err(Error::conflict("review.still_open"));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    record::append(&mut tx, actor, now, "review.exported", object(id), json!({})).await?;
    tx.commit().await?;
    let mark = t.with(
        "review-export-mark",
        &[("who", name(actor).into()), ("when", t.instant(now).into()), ("title", t.text(&round.title).into())],
    );
    let sheet = Sheet { name: format!("{}-{}", round.number, round.title.zh), columns: columns(t, &round), mark };
    let read = results::read(&app.db, id).await?;
    let rows: Vec<Result<ExportRow>> = rows(t, &round, read).into_iter().map(Ok).collect();
    Ok((sheet, stream::iter(rows).boxed()))
}

const OWN: [&str; 9] = ["panel", "code", "title", "applicant", "judge", "institution", "total", "result", "rank"];

fn columns(t: &Words, round: &Round) -> Vec<(String, String)> {
    let own = OWN.iter().map(|key| ((*key).to_owned(), t.of(&format!("review-column-{key}"))));
    let marks = round.setup.criteria.iter().map(|one| (one.key.clone(), t.text(&one.title)));
    own.chain(marks).chain([("comment".to_owned(), t.of("review-comment"))]).collect()
}

/// A row for each locked score; entries without any have one row of their own.
fn rows(t: &Words, round: &Round, read: results::Read) -> Vec<ExportRow> {
    let seats: HashMap<SeatId, &Seat> = read.seats.iter().map(|seat| (seat.id, seat)).collect();
    let mut scores: HashMap<EntryId, Vec<&Score>> = HashMap::new();
    read.scores.iter().filter(|one| one.locked).for_each(|one| scores.entry(one.entry).or_default().push(one));
    let digits = round.setup.method.digits;
    let mut rows = Vec::with_capacity(read.scores.len());
    for entry in &read.entries {
        let panel = read.panels.iter().find(|panel| panel.id == entry.panel).map(|panel| t.text(&panel.title));
        let own = scores.remove(&entry.id).unwrap_or_default();
        if own.is_empty() {
            rows.push(row(round, entry, panel.as_deref(), None, digits));
        }
        for score in own {
            let seat = seats.get(&score.seat).copied();
            rows.push(row(round, entry, panel.as_deref(), Some((score, seat)), digits));
        }
    }
    rows
}

fn row(
    round: &Round,
    entry: &Entry,
    panel: Option<&str>,
    given: Option<(&Score, Option<&Seat>)>,
    digits: u32,
) -> ExportRow {
    let text = |text: Option<String>| text.map_or(Value::Null, Value::from);
    let seat = given.and_then(|(_, seat)| seat);
    let score = given.map(|(score, _)| score);
    let mut row: ExportRow = vec![
        text(panel.map(str::to_owned)),
        Value::from(entry.code.clone()),
        Value::from(entry.title.clone()),
        Value::from(entry.applicant_name.clone()),
        text(seat.map(|seat| seat.name.clone())),
        text(seat.map(|seat| seat.institution.clone())),
        text(score.and_then(|score| score.total).map(|total| total.fixed(2))),
        text(entry.score.map(|score| score.fixed(digits))),
        entry.rank.map_or(Value::Null, Value::from),
    ];
    let marks = (0..round.setup.criteria.len()).map(|at| {
        let mark = score.and_then(|score| score.marks.get(at).copied().flatten());
        text(mark.map(|mark| mark.to_string()))
    });
    row.extend(marks);
    row.push(text(score.map(|score| score.comment.clone()).filter(|comment| !comment.is_empty())));
    row
}
