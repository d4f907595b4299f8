//! Who judges what, where the engine assigns: a proposal with reasons, taken or changed by hand.

use assignment::{Reason, Shortage};
use axum::extract::State;
use jinmen_core::Error;
use module::pages::{Panel as PagePanel, button_form};
use module::{Answer, App, Form as FormBody, Path, Visit};
use ui::{Alert, Cell, Choice, Column, Empty, Field, Form, Html, Row, Table, Tone, Words};

use super::desk::{May, done, refused};
use super::shared::{Sent, folded, given, paragraphs, stack};
use crate::model::{RoundId, RoundState, SeatId};
use crate::ops::assign::{self, Blocked, Proposal};
use crate::ops::rounds::Whole;
use crate::ops::{desk_page, entries, pairs};

/// Pairs that a proposal shows.
const SHOWN: usize = 150;

/// The part of the round's page.
pub(super) async fn part(
    app: &App,
    t: &Words,
    visit: &Visit,
    whole: &Whole,
    may: &May,
) -> jinmen_core::Result<Vec<PagePanel>> {
    let open = matches!(whole.round.state, RoundState::Draft | RoundState::Open);
    let mut panels = vec![PagePanel::new("loads", t.of("review-loads"), loads(t, whole))];
    if may.write && open {
        let steps = assign::steps(app, &visit.actor, whole.round.id).await?;
        let base = desk_page(whole.round.id);
        let waiting = ui::Progress {
            events: format!("{base}/assign"),
            title: t.of("review-proposing"),
            text: so_far(t, 0, steps),
            total: steps,
            page: format!("{base}?tab=assign"),
            ..ui::Progress::default()
        };
        panels.push(PagePanel::new("proposal", t.of("review-proposal"), waiting.show(t)));
        panels.push(PagePanel::new("hand", t.of("review-by-hand"), by_hand(t, visit, whole)));
    }
    Ok(panels)
}

fn so_far(t: &Words, done: u64, total: u64) -> String {
    let share = (done * 100).checked_div(total).unwrap_or(0);
    t.with("review-proposed", &[("share", share.to_string().into())])
}

/// How many entries each judge has now.
fn loads(t: &Words, whole: &Whole) -> Html {
    let row = |seat: &crate::model::Seat| {
        let (all, done) = whole.progress.get(&seat.id).copied().unwrap_or_default();
        Row::plain(vec![
            Cell::Two(seat.name.clone(), seat.institution.clone()),
            Cell::Text(seat.fields.join("、")),
            Cell::Number(all),
            Cell::Number(done),
        ])
    };
    Table {
        caption: t.of("review-loads"),
        columns: vec![
            Column::text(t.of("review-judge")),
            Column::text(t.of("review-expert-fields")),
            Column::number(t.of("review-given")),
            Column::number(t.of("review-locked")),
        ],
        rows: whole.seats.iter().filter(|seat| seat.state.counts()).take(300).map(row).collect(),
        empty: Empty { title: t.of("review-seats-none"), ..Empty::default() },
        ..Table::default()
    }
    .show(t)
}

fn by_hand(t: &Words, visit: &Visit, whole: &Whole) -> Html {
    let seats: Vec<Choice> = whole
        .seats
        .iter()
        .filter(|seat| seat.state.counts())
        .map(|seat| Choice::new(seat.id.text(), seat.name.clone()))
        .collect();
    let whats = ["give", "take"].map(|what| Choice::new(what, t.of(&format!("review-pair-do-{what}")))).into();
    let action = visit.once(&format!("{}/pairs", desk_page(whole.round.id)));
    let form = Form::post(action, visit.form_token.clone(), t.of("review-do-it")).id("pair").fields_only(vec![
        Field::text("code", t.of("review-column-code")).required().max_length(20).half(),
        Field::select("seat", t.of("review-judge"), seats).required().half(),
        Field::radio("what", t.of("review-what"), whats).required().value("give"),
    ]);
    stack(vec![paragraphs(&t.of("review-by-hand-help")), form.show(t)])
}

/// Computes a proposal, followed while it goes on.
pub(crate) async fn propose(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let t = app.words(visit.locale);
    let steps = assign::steps(&app, &visit.actor, id).await?;
    let (told, seen) = tokio::sync::watch::channel(0_u64);
    let failed = t.of("review-proposal-failed");
    let work = {
        let (app, visit, t) = (app.clone(), visit.clone(), t.clone());
        async move {
            let proposal = assign::propose(&app, &visit.actor, id, Some(told)).await?;
            Ok(shown(&t, &visit, id, &proposal))
        }
    };
    Ok(module::follow::follow(work, (seen, steps), move |done, total| so_far(&t, done, total), failed))
}

fn shown(t: &Words, visit: &Visit, id: RoundId, proposal: &Proposal) -> Html {
    let mut parts: Vec<Html> = proposal.blocked.iter().map(|one| blocked(t, one).show()).collect();
    let loads: Vec<usize> = proposal.loads().into_iter().map(|(_, load)| load).collect();
    let (least, most) = (loads.iter().min().copied().unwrap_or(0), loads.iter().max().copied().unwrap_or(0));
    let args = [
        ("pairs", proposal.pairs.len().into()),
        ("judges", loads.len().into()),
        ("least", least.into()),
        ("most", most.into()),
    ];
    parts.push(paragraphs(&t.with("review-proposal-sum", &args)));
    if proposal.optimal && proposal.blocked.is_empty() {
        parts.push(paragraphs(&t.of("review-proposal-optimal")));
    }
    if proposal.blocked.is_empty() && !proposal.pairs.is_empty() {
        let action = format!("{}/assign", desk_page(id));
        let mut form =
            button_form(visit, &action, &[("digest", &proposal.digest)], &t.of("review-proposal-accept")).id("accept");
        form.strong = true;
        parts.push(form.show(t));
    }
    let row = |(entry, seat, score, reason): &(usize, usize, f64, Reason)| {
        let (entry, seat) = (&proposal.entries[*entry], &proposal.seats[*seat]);
        Row::plain(vec![
            Cell::Two(entry.code.clone(), entry.title.clone()),
            Cell::Two(seat.name.clone(), seat.institution.clone()),
            Cell::Number(*score as i64),
            Cell::Text(why(t, reason)),
        ])
    };
    let table = Table {
        caption: t.of("review-proposal"),
        columns: vec![
            Column::text(t.of("review-entry")),
            Column::text(t.of("review-judge")),
            Column::number(t.of("review-affinity")),
            Column::text(t.of("review-why")),
        ],
        rows: proposal.pairs.iter().take(SHOWN).map(row).collect(),
        empty: Empty { title: t.of("review-proposal-none"), ..Empty::default() },
        ..Table::default()
    };
    parts.push(table.show(t));
    if proposal.pairs.len() > SHOWN {
        let more = t.with("review-proposal-more", &[("n", (proposal.pairs.len() - SHOWN).into())]);
        parts.push(folded(more.clone(), paragraphs(&more)));
    }
    stack(parts)
}

/// Why this judge on this entry.
fn why(t: &Words, reason: &Reason) -> String {
    if reason.kept {
        return t.of("review-why-kept");
    }
    let args =
        [("rank", reason.rank.into()), ("open", reason.open.into()), ("elsewhere", reason.better_elsewhere.into())];
    t.with(if reason.better_elsewhere > 0 { "review-why-elsewhere" } else { "review-why-best" }, &args)
}

/// What cannot be had, in words.
fn blocked(t: &Words, one: &Blocked) -> Alert {
    let key = match one.shortage {
        Shortage::Judges => "judges",
        Shortage::Seniors => "seniors",
        Shortage::Entries => "entries",
        Shortage::Kept => "kept",
        _ => "rules",
    };
    let list = |names: &[String]| {
        let some = names.iter().take(12).cloned().collect::<Vec<_>>().join("、");
        if names.len() > 12 { format!("{some} …") } else { some }
    };
    let args = [
        ("entries", list(&one.entries).into()),
        ("judges", list(&one.judges).into()),
        ("needed", one.needed.to_string().into()),
        ("available", one.available.to_string().into()),
    ];
    Alert::new(Tone::Bad, t.with(&format!("review-short-{key}"), &args)).title(t.text(&one.panel.title))
}

/// Takes the proposal that was shown.
pub(crate) async fn accept(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match assign::accept(&app, &visit.actor, id, &given(&sent, "digest")).await {
        Ok(_) => Ok(done(&visit, id, "assign", "review-flash-assigned")),
        Err(error) => refused(&app, &visit, id, "assign", error).await,
    }
}

/// Gives an entry to a judge by hand, or takes it off.
pub(crate) async fn pair(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let seat = given(&sent, "seat").parse::<SeatId>().map_err(|_| Error::field("seat", "core.choice"));
    let entry = entries::by_code(&app, &visit.actor, id, &given(&sent, "code")).await;
    let made = match (seat, entry) {
        (Ok(seat), Ok(entry)) => {
            pairs::decide(&app, &visit.actor, entry, seat, given(&sent, "what") != "take").await.map(drop)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "assign", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "assign", error).await,
    }
}
