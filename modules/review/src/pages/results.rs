//! Results of a round for the office: rankings, what calibration says beside them, how judges differ, what was changed.

use axum::extract::State;
use jinmen_core::Error;
use module::export::{self, Format};
use module::pages::Panel as PagePanel;
use module::{Answer, App, Form as FormBody, Path, Visit};
use serde_json::json;
use std::str::FromStr;
use ui::{Cell, Chart, Choice, Column, Empty, Field, Form, Html, Row, Table, Tone, Words};

use super::desk::{May, done, refused};
use super::shared::{Sent, folded, given, paragraphs, stack, titled};
use crate::model::{Giving, Round, RoundId, RoundKind, RoundState, SeatId, Tie};
use crate::ops::results::{self, Place, Ranked};
use crate::ops::rounds::Whole;
use crate::ops::{desk_page, entries, export as taking, scores};

/// The part of the round's page.
pub(super) async fn part(
    app: &App,
    t: &Words,
    visit: &Visit,
    whole: &Whole,
    may: &May,
) -> jinmen_core::Result<Vec<PagePanel>> {
    let round = &whole.round;
    let mut panels = Vec::new();
    match results::of_round(app, &visit.actor, round.id).await {
        Ok((_, ranked)) => {
            for one in &ranked {
                panels.push(PagePanel::new(
                    &format!("p-{}", one.panel.place),
                    t.text(&one.panel.title),
                    ranking(t, visit, whole, one, may),
                ));
            }
        }
        Err(Error::Conflict(fault)) => {
            let text = paragraphs(&module::sentence(t, &fault));
            panels.push(PagePanel::new("ranking", t.of("review-ranking"), text));
        }
        Err(other) => return Err(other),
    }
    if may.supervise && round.state != RoundState::Draft {
        let spreads = results::disagreement(app, &visit.actor, round.id).await?;
        panels.push(PagePanel::new("spread", t.of("review-spread"), spread(t, round, &spreads)));
    }
    if may.write && round.state == RoundState::Open {
        panels.push(PagePanel::new("reopen", t.of("review-score-reopen"), reopening(t, visit, whole)));
    }
    let changes = results::changes(app, &visit.actor, round.id).await?;
    if !changes.is_empty() {
        let ids: Vec<crate::model::EntryId> = changes.iter().map(|one| one.entry).collect();
        let entries = entries::by_id(app, &visit.actor, round.id, &ids).await?;
        panels.push(PagePanel::new("changes", t.of("review-changes"), changed(t, whole, &entries, &changes)));
    }
    Ok(panels)
}

fn ranking(t: &Words, visit: &Visit, whole: &Whole, one: &Ranked, may: &May) -> Html {
    let round = &whole.round;
    let title = |place: &Place| {
        results::class_title(&whole.call, &one.panel, &place.entry).map(|title| t.text(&title)).unwrap_or_default()
    };
    // Classes lie together in a ranking; each has a table of its own.
    let mut parts: Vec<Html> = one
        .places
        .chunk_by(|a, b| a.entry.class() == b.entry.class())
        .map(|places| (title(&places[0]), places))
        .map(|(title, places)| match title.is_empty() {
            true => places_table(t, round, one, places),
            false => titled(title, places_table(t, round, one, places)),
        })
        .collect();
    if parts.is_empty() {
        parts.push(Empty { title: t.of("review-nothing-scored"), ..Empty::default() }.show(t));
    }
    let advised = is_advised(round, one);
    if !one.open.is_empty() {
        let codes: Vec<String> = one.open.iter().map(|entry| entry.code.clone()).collect();
        parts.push(paragraphs(&t.with("review-without-scores", &[("codes", codes.join("、").into())])));
    }
    if may.write && round.state == RoundState::Closed && one.places.iter().any(|place| place.standing.revote) {
        parts.push(titled(t.of("review-vote"), voting(t, visit, round, one)));
    }
    if advised {
        if !one.connected {
            parts.push(paragraphs(&t.of("review-advice-unconnected")));
        }
        parts.push(folded(t.of("review-bias"), stack(vec![paragraphs(&t.of("review-bias-help")), bias(t, one)])));
    }
    stack(parts)
}

/// Calibration is advice on papers; in a final the whole panel heard the same.
fn is_advised(round: &Round, one: &Ranked) -> bool {
    round.kind == RoundKind::Desk && !one.advice.is_empty()
}

fn places_table(t: &Words, round: &Round, one: &Ranked, places: &[Place]) -> Html {
    let digits = round.setup.method.digits;
    let advised = is_advised(round, one);
    let row = |place: &Place| {
        let standing = &place.standing;
        let by = match (&standing.by, standing.revote) {
            (_, true) => t.of("review-tie-open"),
            (Some(Tie::Revote), _) => t.of("review-tie-by-vote"),
            (Some(_), _) => t.of("review-tie-by-rule"),
            _ => String::new(),
        };
        let mut cells = vec![
            Cell::Two(t.with("review-rank-n", &[("n", standing.rank.into())]), by),
            Cell::Two(format!("{} {}", place.entry.code, place.entry.title), place.entry.applicant_name.clone()),
            Cell::Two(
                standing.score.fixed(digits),
                t.with(
                    "review-of-scores",
                    &[("n", standing.scores.into()), ("dropped", (standing.trimmed * 2).into())],
                ),
            ),
        ];
        cells.push(Cell::Text(by_judge(t, round, one, place)));
        if advised {
            cells.push(advice(t, one, places, place));
        }
        if round.setup.promote > 0 || !round.setup.prizes.is_empty() {
            let prize = round.setup.prize(standing.rank).map(|prize| prize.title.clone());
            let on = (standing.rank <= round.setup.promote).then(|| t.of("review-goes-on"));
            cells.push(prize.or(on).map_or(Cell::Nothing, |text| Cell::Badge(ui::Badge::new(Tone::Good, text))));
        }
        Row::plain(cells)
    };
    let mut columns = vec![
        Column::text(t.of("review-column-rank")),
        Column::text(t.of("review-entry")),
        Column::text(t.of("review-column-result")),
        Column::text(t.of("review-column-judges")),
    ];
    if advised {
        columns.push(Column::text(t.of("review-advice")));
    }
    if round.setup.promote > 0 || !round.setup.prizes.is_empty() {
        columns.push(Column::text(t.of("review-outcome")));
    }
    let table = Table {
        caption: t.text(&one.panel.title),
        columns,
        rows: places.iter().map(row).collect(),
        ..Table::default()
    };
    table.show(t)
}

/// What each judge gave. In a panel all judge everything, and one who did not is told, too.
fn by_judge(t: &Words, round: &Round, one: &Ranked, place: &Place) -> String {
    let given = one.seats.iter().filter_map(|seat| {
        let total = place.given.iter().find(|(id, _)| *id == seat.id).map(|(_, total)| total.fixed(2));
        if total.is_none() && round.setup.giving == Giving::Assigned {
            return None;
        }
        Some(format!("{} {}", seat.name, total.unwrap_or_else(|| "–".to_owned())))
    });
    given.collect::<Vec<_>>().join(if t.is_chinese() { "、" } else { ", " })
}

/// The calibrated score beside the others of the same table.
fn advice(t: &Words, one: &Ranked, places: &[Place], place: &Place) -> Cell {
    let Some(own) = one.advice.get(&place.entry.id) else { return Cell::Nothing };
    let others = places.iter().filter_map(|other| one.advice.get(&other.entry.id));
    let rank = others.filter(|other| other.score > own.score).count() + 1;
    let interval = own.interval.map(|(low, high)| format!("{low:.1}–{high:.1}")).unwrap_or_default();
    let args = [("n", rank.into()), ("score", format!("{:.2}", own.score).into())];
    Cell::Two(t.with("review-advice-n", &args), interval)
}

/// How lenient each judge is estimated to be.
fn bias(t: &Words, one: &Ranked) -> Html {
    let mut judges: Vec<(String, f64)> = one
        .leniency
        .iter()
        .filter_map(|(id, points)| Some((one.seats.iter().find(|seat| seat.id == *id)?.name.clone(), *points)))
        .collect();
    judges.sort_by(|a, b| b.1.total_cmp(&a.1));
    let names: Vec<&str> = judges.iter().map(|(name, _)| name.as_str()).collect();
    let points: Vec<f64> = judges.iter().map(|(_, points)| (points * 100.0).round() / 100.0).collect();
    let row = |(name, points): &(String, f64)| {
        Row::plain(vec![Cell::Text(name.clone()), Cell::Text(format!("{points:+.2}"))])
    };
    let chart = Chart {
        title: t.of("review-bias"),
        options: json!({
            "grid": { "left": 8, "right": 8, "bottom": 8, "top": 8, "containLabel": true },
            "xAxis": { "type": "value" },
            "yAxis": { "type": "category", "data": names, "inverse": true },
            "series": [{ "type": "bar", "data": points }],
        }),
        table: Table {
            caption: t.of("review-bias"),
            columns: vec![Column::text(t.of("review-judge")), Column::text(t.of("review-bias-points"))],
            rows: judges.iter().map(row).collect(),
            ..Table::default()
        },
    };
    stack(vec![chart.show(t), Chart::script()])
}

fn voting(t: &Words, visit: &Visit, round: &Round, one: &Ranked) -> Html {
    let tied = one.places.iter().filter(|place| place.standing.revote);
    let fields = tied
        .map(|place| {
            Field::integer(format!("votes.{}", place.entry.id), format!("{} {}", place.entry.code, place.entry.title))
                .required()
                .half()
        })
        .collect();
    let action = visit.once(&format!("{}/votes", desk_page(round.id)));
    let form = Form::post(action, visit.form_token.clone(), t.of("review-vote-do"))
        .id(format!("v-{}", one.panel.place))
        .fields_only(fields);
    stack(vec![paragraphs(&t.of("review-vote-help")), form.show(t)])
}

/// How far judges are apart.
pub(super) fn spread(t: &Words, round: &Round, spreads: &[results::Spread]) -> Html {
    let most = round.setup.most();
    let row = |one: &results::Spread| {
        let wide = if one.is_wide(most) { t.of("review-spread-wide") } else { String::new() };
        let apart = crate::model::Points(one.high.0 - one.low.0);
        Row::plain(vec![
            Cell::Two(one.entry.code.clone(), one.entry.title.clone()),
            Cell::Text(format!("{} – {}", one.low.fixed(2), one.high.fixed(2))),
            Cell::Two(apart.fixed(2), wide),
            Cell::Number(one.scores as i64),
        ])
    };
    let table = Table {
        caption: t.of("review-spread"),
        columns: vec![
            Column::text(t.of("review-entry")),
            Column::text(t.of("review-spread-range")),
            Column::text(t.of("review-spread-apart")),
            Column::number(t.of("review-scores")),
        ],
        rows: spreads.iter().take(100).map(row).collect(),
        empty: Empty { title: t.of("review-spread-none"), ..Empty::default() },
        ..Table::default()
    };
    stack(vec![paragraphs(&t.of("review-spread-help")), table.show(t)])
}

fn reopening(t: &Words, visit: &Visit, whole: &Whole) -> Html {
    let seats: Vec<Choice> = whole.seats.iter().map(|seat| Choice::new(seat.id.text(), seat.name.clone())).collect();
    let action = visit.once(&format!("{}/scores/reopen", desk_page(whole.round.id)));
    let form =
        Form::post(action, visit.form_token.clone(), t.of("review-score-reopen")).id("unlock").fields_only(vec![
            Field::text("code", t.of("review-column-code")).required().max_length(20).half(),
            Field::select("seat", t.of("review-judge"), seats).required().half(),
            Field::text("reason", t.of("review-reason")).required().max_length(300),
        ]);
    folded(t.of("review-score-reopen"), stack(vec![paragraphs(&t.of("review-score-reopen-help")), form.show(t)]))
}

fn changed(t: &Words, whole: &Whole, entries: &[crate::model::Entry], changes: &[crate::model::Change]) -> Html {
    let row = |one: &crate::model::Change| {
        let entry = entries.iter().find(|entry| entry.id == one.entry).map(|entry| entry.code.clone());
        let judge = whole.seats.iter().find(|seat| seat.id == one.seat).map(|seat| seat.name.clone());
        Row::plain(vec![
            Cell::Text(entry.unwrap_or_default()),
            Cell::Text(judge.unwrap_or_default()),
            Cell::Text(one.before.fixed(2)),
            Cell::Text(one.reason.clone()),
            Cell::Two(one.by_name.clone(), t.instant(one.at)),
        ])
    };
    Table {
        caption: t.of("review-changes"),
        columns: vec![
            Column::text(t.of("review-entry")),
            Column::text(t.of("review-judge")),
            Column::text(t.of("review-score-before")),
            Column::text(t.of("review-reason")),
            Column::text(t.of("review-by")),
        ],
        rows: changes.iter().map(row).collect(),
        ..Table::default()
    }
    .show(t)
}

/// Opens a locked score again.
pub(crate) async fn reopen(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let seat = given(&sent, "seat").parse::<SeatId>().map_err(|_| Error::field("seat", "core.choice"));
    let entry = entries::by_code(&app, &visit.actor, id, &given(&sent, "code")).await;
    let made = match (seat, entry) {
        (Ok(seat), Ok(entry)) => {
            scores::reopen(&app, &visit.actor, entry, seat, &given(&sent, "reason")).await.map(drop)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "results", "review-flash-reopened")),
        Err(error) => refused(&app, &visit, id, "results", error).await,
    }
}

async fn sheet(app: &App, visit: &Visit, id: RoundId, ending: &str) -> Answer {
    let t = app.words(visit.locale);
    match taking::sheet(app, &visit.actor, id, &t).await {
        Ok((sheet, rows)) => export::respond(Format::from_str(ending)?, sheet, rows).await,
        Err(error) => refused(app, visit, id, "results", error).await,
    }
}

/// The sheet of scores as CSV.
pub(crate) async fn csv(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    sheet(&app, &visit, id, "csv").await
}

/// The sheet of scores as a workbook.
pub(crate) async fn xlsx(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    sheet(&app, &visit, id, "xlsx").await
}

/// The sheet of scores as JSON.
pub(crate) async fn json_sheet(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    sheet(&app, &visit, id, "json").await
}
