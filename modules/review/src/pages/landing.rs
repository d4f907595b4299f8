//! What became of prized projects, for the office.

use axum::extract::State;
use module::pages::Panel as PagePanel;
use module::{Answer, App, Form as FormBody, Path, Visit};
use ui::{Cell, Choice, Column, Empty, Field, Form, Row, Table, Tone, Words};

use super::desk::{May, done, refused};
use super::shared::{folded, stack};
use crate::model::{LandingDraft, LandingState, RoundId};
use crate::ops::landing::{self, Followed};
use crate::ops::rounds::Whole;
use crate::ops::{desk_page, fees};

/// The part of the round's page.
pub(super) async fn part(
    app: &App,
    t: &Words,
    visit: &Visit,
    whole: &Whole,
    may: &May,
) -> jinmen_core::Result<Vec<PagePanel>> {
    let all = landing::list(app, &visit.actor, whole.round.id).await?;
    let mut parts = vec![table(t, &all)];
    if may.write && !all.is_empty() {
        parts.push(folded(t.of("review-landing-write"), form(app, t, visit, whole, &all).show(t)));
    }
    Ok(vec![PagePanel::new("landing", t.of("review-tab-landing"), stack(parts))])
}

fn table(t: &Words, all: &[Followed]) -> ui::Html {
    let row = |one: &Followed| {
        let entry = &one.entry;
        let mut cells = vec![
            Cell::Two(format!("{} {}", entry.code, entry.title), entry.applicant_name.clone()),
            Cell::Text(one.prize.title.clone()),
        ];
        match &one.landing {
            None => cells.extend([Cell::Text(t.of("review-landing-unasked")), Cell::Nothing, Cell::Nothing]),
            Some(known) => {
                let tone = match known.state {
                    LandingState::Operating | LandingState::Registered => Tone::Good,
                    LandingState::Dropped => Tone::Neutral,
                    _ => Tone::Info,
                };
                cells.push(Cell::Badge(ui::Badge::new(tone, t.of(&known.state.message_key()))));
                cells.push(Cell::Two(t.date(known.on), known.note.clone()));
                cells.push(known.next_on.map_or(Cell::Nothing, Cell::Date));
            }
        }
        Row::plain(cells)
    };
    Table {
        caption: t.of("review-tab-landing"),
        columns: ["entry", "outcome", "landing", "landing-on", "landing-next"]
            .map(|key| Column::text(t.of(&format!("review-{key}"))))
            .into(),
        rows: all.iter().map(row).collect(),
        empty: Empty { title: t.of("review-landing-none"), text: t.of("review-landing-none-text"), steps: Vec::new() },
        ..Table::default()
    }
    .show(t)
}

fn form(app: &App, t: &Words, visit: &Visit, whole: &Whole, all: &[Followed]) -> Form {
    let entries = all.iter().map(|one| {
        let entry = &one.entry;
        Choice::new(entry.id.text(), format!("{} {}", entry.code, entry.applicant_name))
    });
    let states = LandingState::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let action = visit.once(&format!("{}/landing", desk_page(whole.round.id)));
    Form::post(action, visit.form_token.clone(), t.of("review-save")).id("landing").fields_only(vec![
        Field::select("entry", t.of("review-entry"), entries.collect()).required().half(),
        Field::select("state", t.of("review-landing"), states).required().half(),
        Field::date("on", t.of("review-landing-on")).value(app.clock.today().to_string()).required().half(),
        Field::date("next_on", t.of("review-landing-next")).help(t.of("review-landing-next-help")).half(),
        Field::text_area("note", t.of("review-landing-note")).help(t.of("review-landing-note-help")).max_length(500),
    ])
}

/// Writes down how far a project has come.
pub(crate) async fn write(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(draft): FormBody<LandingDraft>,
) -> Answer {
    match landing::write(&app, &visit.actor, &draft).await {
        Ok(round) => Ok(done(&visit, round, "landing", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "landing", error).await,
    }
}

/// Owes judges their fees.
pub(crate) async fn owe_fees(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match fees::owe(&app, &visit.actor, id).await {
        Ok(_) => Ok(done(&visit, id, "", "review-flash-fees")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}
