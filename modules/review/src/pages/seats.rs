//! Judges of a round and their conflicts of interest, for the office.

use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::Error;
use module::pages::{Panel as PagePanel, button_form};
use module::{Answer, App, Form as FormBody, Path, Visit};
use ui::{Cell, Choice, Column, Empty, Fact, Facts, Field, Form, Html, Row, Table, Tone, Words};

use super::desk::{May, Part, done, draw, refused};
use super::experts;
use super::shared::{Sent, actions, all_given, folded, given, paragraphs, seat_state, stack, titled};
use crate::model::{Conflict, ExpertId, Panel, PanelId, RoundId, RoundState, Seat, SeatId, SeatState};
use crate::ops::rounds::Whole;
use crate::ops::{conflicts, desk_page, entries, experts as pool, seats};

/// Conflicts that one page shows.
const SHOWN: usize = 200;

/// The part of the round's page.
pub(super) async fn part(
    app: &App,
    t: &Words,
    visit: &Visit,
    whole: &Whole,
    part: &Part,
    may: &May,
) -> jinmen_core::Result<Vec<PagePanel>> {
    let open = matches!(whole.round.state, RoundState::Draft | RoundState::Open);
    let mut panels = Vec::new();
    let mut parts = Vec::new();
    if may.write && open {
        parts.push(deeds(t, visit, whole));
    }
    for panel in &whole.panels {
        parts.push(titled(t.text(&panel.title), table(t, whole, panel)));
    }
    if whole.panels.is_empty() {
        parts.push(paragraphs(&t.of("review-panels-none-text")));
    }
    panels.push(PagePanel::new("judges", t.of("review-judges"), stack(parts)));
    if may.write && open && !whole.panels.is_empty() {
        panels.push(PagePanel::new("choose", t.of("review-choose"), choose(app, t, visit, whole).await?));
        panels.push(PagePanel::new("check", t.of("review-check-name"), check(app, t, visit, whole, part).await?));
    }
    panels.push(PagePanel::new("conflicts", t.of("review-conflicts"), listed(app, t, visit, whole, may).await?));
    Ok(panels)
}

fn deeds(t: &Words, visit: &Visit, whole: &Whole) -> Html {
    let base = desk_page(whole.round.id);
    let mut buttons = Vec::new();
    if whole.seats.iter().any(|seat| seat.state == SeatState::Chosen) {
        let mut form = button_form(visit, &format!("{base}/invite"), &[], &t.of("review-invite")).id("invite");
        form.strong = true;
        buttons.push(form.show(t));
    }
    let seats: Vec<Choice> = whole
        .seats
        .iter()
        .filter(|seat| seat.state.counts())
        .map(|seat| Choice::new(seat.id.text(), format!("{} · {}", seat.name, seat.institution)))
        .collect();
    let mut parts = vec![actions(buttons)];
    if !seats.is_empty() {
        let whats = ["lead", "remove"].map(|what| Choice::new(what, t.of(&format!("review-seat-{what}")))).into();
        let action = visit.once(&format!("{base}/seats"));
        let form = Form::post(action, visit.form_token.clone(), t.of("review-do-it")).id("seat").fields_only(vec![
            Field::select("seat", t.of("review-judge"), seats).required().half(),
            Field::select("what", t.of("review-what"), whats).required().half(),
            Field::text("reason", t.of("review-reason")).help(t.of("review-seat-reason-help")).max_length(300),
        ]);
        parts.push(folded(t.of("review-seat-change"), form.show(t)));
    }
    stack(parts)
}

fn table(t: &Words, whole: &Whole, panel: &Panel) -> Html {
    let row = |seat: &Seat| {
        let (all, done) = whole.progress.get(&seat.id).copied().unwrap_or_default();
        let lead = if panel.chair == Some(seat.id) { t.of("review-chair") } else { String::new() };
        let reason = if seat.reason.is_empty() { lead } else { seat.reason.clone() };
        Row::plain(vec![
            Cell::Two(seat.name.clone(), reason),
            Cell::Text(seat.institution.clone()),
            Cell::Badge(seat_state(t, seat.state)),
            Cell::Text(format!("{}/{}", t.number(done), t.number(all))),
        ])
    };
    let seats = whole.seats.iter().filter(|seat| seat.panel == panel.id);
    Table {
        caption: t.text(&panel.title),
        columns: ["name", "institution", "state", "scores"]
            .map(|key| Column::text(t.of(&format!("review-seat-column-{key}"))))
            .into(),
        rows: seats.map(row).collect(),
        empty: Empty { title: t.of("review-seats-none"), ..Empty::default() },
        ..Table::default()
    }
    .show(t)
}

async fn choose(app: &App, t: &Words, visit: &Visit, whole: &Whole) -> jinmen_core::Result<Html> {
    let all = pool::active(app, &visit.actor).await?;
    let free = all.iter().filter(|one| !whole.seats.iter().any(|seat| seat.person == one.person));
    let choices: Vec<Choice> = free
        .take(300)
        .map(|one| {
            let mut choice = Choice::new(one.id.text(), format!("{} · {}", one.name, one.institution));
            choice.help = format!("{} {}", t.of(&one.kind.message_key()), one.fields.join("、"));
            choice
        })
        .collect();
    if choices.is_empty() {
        let link = ui::Link::new(t.of("review-expert-new"), format!("{}/new", experts::PATH));
        return Ok(
            Empty { title: t.of("review-pool-empty"), text: t.of("review-pool-empty-text"), steps: vec![link] }.show(t)
        );
    }
    let panels = whole.panels.iter().map(|one| Choice::new(one.id.text(), t.text(&one.title))).collect();
    let action = visit.once(&format!("{}/choose", desk_page(whole.round.id)));
    let form = Form::post(action, visit.form_token.clone(), t.of("review-choose-do")).id("choose").fields_only(vec![
        Field::select("panel", t.of("review-panel"), panels).required(),
        Field::checkboxes("expert", t.of("review-experts"), choices),
    ]);
    Ok(form.show(t))
}

async fn check(app: &App, t: &Words, visit: &Visit, whole: &Whole, part: &Part) -> jinmen_core::Result<Html> {
    let form = Form::get(desk_page(whole.round.id), t.of("review-check-do")).id("check").fields_only(vec![
        Field::hidden("tab", "judges"),
        Field::text("name", t.of("review-expert-name")).value(&part.name).required().half(),
        Field::text("institution", t.of("review-expert-institution")).value(&part.institution).half(),
    ]);
    let mut parts = vec![paragraphs(&t.of("review-check-help")), form.show(t)];
    if part.name.trim().is_empty() {
        return Ok(stack(parts));
    }
    for one in conflicts::check(app, &visit.actor, whole.round.id, &part.name, &part.institution).await? {
        let known = if one.person.is_some() { one.about.clone() } else { t.of("review-check-unknown") };
        let line = |(code, name, kind, detail): &(String, String, crate::model::ConflictKind, String)| {
            let why = t.of(&kind.message_key());
            Fact::plain(format!("{code} {name}"), if detail.is_empty() { why } else { format!("{why}：{detail}") })
        };
        let body = match one.conflicts.is_empty() {
            true => paragraphs(&t.of("review-check-free")),
            false => Facts { lines: one.conflicts.iter().take(50).map(line).collect(), legend: false }.show(t),
        };
        parts.push(titled(format!("{} {known}", one.name), body));
    }
    Ok(stack(parts))
}

async fn listed(app: &App, t: &Words, visit: &Visit, whole: &Whole, may: &May) -> jinmen_core::Result<Html> {
    let all = conflicts::list(app, &visit.actor, whole.round.id).await?;
    let open = matches!(whole.round.state, RoundState::Draft | RoundState::Open);
    let applications: Vec<calls::model::ApplicationId> = all.iter().take(SHOWN).map(|one| one.application).collect();
    let entries = entries::some(app, &visit.actor, whole.round.id, &applications).await?;
    let row = |one: &Conflict| {
        let seat = whole.seats.iter().find(|seat| seat.person == one.person);
        let entry = entries.iter().find(|entry| entry.application == one.application);
        let by = if one.by_name.is_empty() { t.of("review-conflict-found") } else { one.by_name.clone() };
        Row::plain(vec![
            Cell::Text(seat.map(|seat| seat.name.clone()).unwrap_or_default()),
            entry.map_or(Cell::Nothing, |entry| Cell::Two(entry.code.clone(), entry.applicant_name.clone())),
            Cell::Two(t.of(&one.kind.message_key()), one.detail.clone()),
            Cell::Two(by, t.instant(one.at)),
        ])
    };
    let mut parts = Vec::new();
    if may.write && open {
        let action = format!("{}/conflicts/find", desk_page(whole.round.id));
        parts.push(button_form(visit, &action, &[], &t.of("review-conflicts-find")).id("find").show(t));
    }
    let table = Table {
        caption: t.of("review-conflicts"),
        columns: ["judge", "entry", "why", "by"]
            .map(|key| Column::text(t.of(&format!("review-conflict-column-{key}"))))
            .into(),
        rows: all.iter().take(SHOWN).map(row).collect(),
        empty: Empty {
            title: t.of("review-conflicts-none"),
            text: t.of("review-conflicts-none-text"),
            steps: Vec::new(),
        },
        ..Table::default()
    };
    parts.push(table.show(t));
    if all.len() > SHOWN {
        parts.push(paragraphs(&t.with("review-conflicts-more", &[("n", (all.len() - SHOWN).into())])));
    }
    if may.write && open && !whole.seats.is_empty() {
        parts.push(folded(t.of("review-conflict-declare"), declare(t, visit, whole)));
    }
    if may.write && open && !all.is_empty() {
        let choice = |one: &Conflict| {
            let seat = whole.seats.iter().find(|seat| seat.person == one.person)?;
            let entry = entries.iter().find(|entry| entry.application == one.application)?;
            Some(Choice::new(format!("{}/{}", one.person, one.application), format!("{} – {}", seat.name, entry.code)))
        };
        let choices = all.iter().take(SHOWN).filter_map(choice).collect();
        let action = visit.once(&format!("{}/conflicts/lift", desk_page(whole.round.id)));
        let form = Form::post(action, visit.form_token.clone(), t.of("review-conflict-lift"))
            .id("lift")
            .fields_only(vec![Field::select("conflict", t.of("review-conflicts"), choices).required()]);
        parts.push(folded(t.of("review-conflict-lift"), form.show(t)));
    }
    Ok(stack(parts))
}

fn declare(t: &Words, visit: &Visit, whole: &Whole) -> Html {
    let seats = whole
        .seats
        .iter()
        .filter(|seat| seat.state.counts())
        .map(|seat| Choice::new(seat.id.text(), seat.name.clone()))
        .collect();
    let action = visit.once(&format!("{}/conflicts", desk_page(whole.round.id)));
    Form::post(action, visit.form_token.clone(), t.of("review-conflict-declare"))
        .id("declare")
        .fields_only(vec![
            Field::select("seat", t.of("review-judge"), seats).required().half(),
            Field::text("code", t.of("review-column-code")).required().max_length(20).half(),
            Field::text("detail", t.of("review-conflict-detail")).required().max_length(300),
        ])
        .show(t)
}

/// Seats experts.
pub(crate) async fn chosen(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let experts: Vec<ExpertId> = all_given(&sent, "expert").iter().filter_map(|id| id.parse().ok()).collect();
    let made = match given(&sent, "panel").parse::<PanelId>() {
        Ok(panel) => seats::choose(&app, &visit.actor, panel, &experts).await.map(drop),
        Err(_) => Err(Error::field("panel", "core.choice")),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "judges", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "judges", error).await,
    }
}

/// Changes a seat.
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let seat = given(&sent, "seat").parse::<SeatId>().map_err(|_| Error::field("seat", "core.choice"));
    let made = match (seat, given(&sent, "what").as_str()) {
        (Err(error), _) => Err(error),
        (Ok(seat), "lead") => seats::lead(&app, &visit.actor, seat).await.map(drop),
        (Ok(seat), "remove") => seats::remove(&app, &visit.actor, seat, &given(&sent, "reason")).await.map(drop),
        _ => Err(Error::field("what", "core.choice")),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "judges", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "judges", error).await,
    }
}

/// Asks judges; addresses for those who have no way in are shown this once.
pub(crate) async fn invite(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let t = app.words(visit.locale);
    match seats::invite(&app, &visit.actor, id).await {
        Ok(asked) => {
            let mut lines = vec![t.with("review-invited", &[("n", asked.len().into())])];
            let links: Vec<String> =
                asked.iter().filter_map(|one| Some(format!("{} {}", one.seat.name, one.link.as_ref()?))).collect();
            if !links.is_empty() {
                lines.push(t.of("review-invited-links"));
                lines.extend(links);
            }
            let alert = ui::Alert::new(Tone::Good, lines.join("\n"));
            let part = Part { tab: "judges".into(), ..Part::default() };
            draw(&app, &visit, id, &part, StatusCode::OK, Some(alert)).await
        }
        Err(error) => refused(&app, &visit, id, "judges", error).await,
    }
}

/// Looks for conflicts.
pub(crate) async fn find(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match conflicts::find(&app, &visit.actor, id).await {
        Ok(_) => Ok(done(&visit, id, "judges", "review-flash-conflicts")),
        Err(error) => refused(&app, &visit, id, "judges", error).await,
    }
}

/// The office declares a conflict, by the code of the entry.
pub(crate) async fn declared(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let seat = given(&sent, "seat").parse::<SeatId>().map_err(|_| Error::field("seat", "core.choice"));
    let entry = entries::by_code(&app, &visit.actor, id, &given(&sent, "code")).await;
    let made = match (seat, entry) {
        (Ok(seat), Ok(entry)) => {
            conflicts::declare(&app, &visit.actor, entry, seat, &given(&sent, "detail")).await.map(drop)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "judges", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "judges", error).await,
    }
}
