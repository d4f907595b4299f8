//! The office's list of items, with what they come to, and its exports.

use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{Count, Date, Money, PageRequest};
use module::export::{self, Format, Sheet};
use module::pages::{ListPage, Rows, frame, pairs, query_without};
use module::{Answer, App, Query, Visit};
use serde_json::{Number, Value, json};
use ui::{
    Badge, Cell, Chip, Choice, Column, Empty, Field, FieldKind, Html, Link, Pager, Row, Table, Tile, Tiles, Tone,
};
use ui::{Toolbar, Words};

use super::{direction, state};
use crate::model::{Direction, Figure, Item, ItemFilter, Totals};
use crate::ops::{self, read};
use crate::permissions;

pub(super) const PATH: &str = "/work/payments";

/// The items of the office's books.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ItemFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let (rows, count) = read::list_and_count(&app, &visit.actor, &filter, &page).await?;
    let may_keep = visit.actor.may_somewhere(&permissions::KEEP).is_ok();
    let today = app.clock.today();
    let query = pairs(&filter);
    let table = table(&t, &rows.items, today, may_keep);
    let pager = pager(PATH, &query, &page, rows.next, Some(count));
    if visit.fragment {
        let frame = frame(&app, &visit, t.of("payments-items"), &[]).await?;
        return Ok(ui::page(StatusCode::OK, &Rows { frame: &frame, table: &table, pager: &pager }));
    }
    let view = ListPage {
        frame: frame(&app, &visit, t.of("payments-items"), &[]).await?,
        toolbar: toolbar(&t, &filter, &query, may_keep),
        above: tiles(&t, &read::totals(&app, &visit.actor).await?),
        table,
        pager,
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// Links to the first and the next page.
pub(super) fn pager(
    path: &str,
    query: &[(String, String)],
    page: &PageRequest,
    next: Option<String>,
    count: Option<Count>,
) -> Pager {
    let base = query_without(query, &["after"]);
    let link = |after: Option<&str>| match (base.is_empty(), after) {
        (true, None) => path.to_owned(),
        (true, Some(after)) => format!("{path}?after={after}"),
        (false, None) => format!("{path}?{base}"),
        (false, Some(after)) => format!("{path}?{base}&after={after}"),
    };
    let inside = page.after.as_deref().is_some_and(|after| !after.is_empty());
    Pager { previous: inside.then(|| link(None)), next: next.map(|after| link(Some(&after))), count }
}

/// An amount and its unit, which a tile shows smaller.
fn parted(t: &Words, amount: Money) -> (String, String) {
    let text = t.money(amount);
    let parts =
        if t.is_chinese() { text.rsplit_once(' ') } else { text.split_once(' ').map(|(unit, value)| (value, unit)) };
    parts.map(|(value, unit)| (value.to_owned(), format!(" {unit}"))).unwrap_or((text.clone(), String::new()))
}

fn tiles(t: &Words, totals: &[(Direction, Totals); 2]) -> Html {
    let tile = |way: Direction, what: &str, figure: Figure, href: String| {
        let (value, unit) = parted(t, figure.amount);
        Tile {
            label: t.of(&format!("payments-total-{what}-{}", way.code())),
            value,
            unit,
            href,
            note: t.with("payments-count", &[("n", figure.count.into())]),
            tone: if what == "overdue" && figure.count > 0 { Tone::Bad } else { Tone::Neutral },
            ..Tile::default()
        }
    };
    let each = |(way, totals): &(Direction, Totals)| {
        let list = |state: &str| format!("{PATH}?direction={}&state={state}", way.code());
        [
            tile(*way, "open", totals.open, list("open")),
            tile(*way, "overdue", totals.overdue, list("overdue")),
            tile(*way, "paid", totals.paid, list("paid")),
        ]
    };
    Tiles(totals.iter().flat_map(each).collect()).show()
}

fn toolbar(t: &Words, filter: &ItemFilter, query: &[(String, String)], may_keep: bool) -> Toolbar {
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let ways = Direction::ALL.map(|way| Choice::new(way.code(), direction(t, way)));
    Toolbar {
        action: PATH.into(),
        filters: vec![
            Field::new(FieldKind::Search, "q", t.of("payments-filter-q")).value(given(&filter.q)),
            Field::select("direction", t.of("payments-direction"), ways.into()).value(given(&filter.direction)),
            Field::select("state", t.of("payments-state"), states(t)).value(given(&filter.state)),
        ],
        more: vec![Field::date("due_before", t.of("payments-filter-due")).value(given(&filter.due_before))],
        chips: chips(t, query),
        clear: PATH.into(),
        exports: Toolbar::exports_of(PATH, &query_without(query, &[])),
        primary: may_keep.then(|| Link::new(t.of("payments-new"), format!("{PATH}/new")).icon("plus")),
        others: if may_keep {
            vec![Link::new(t.of("payments-record-list"), format!("{PATH}/record")).icon("upload")]
        } else {
            Vec::new()
        },
    }
}

fn states(t: &Words) -> Vec<Choice> {
    ["open", "overdue", "paid", "cancelled"]
        .map(|state| Choice::new(state, t.of(&format!("payments-state-{state}"))))
        .into()
}

/// The filters in force, in words, each with the list without it.
fn chips(t: &Words, query: &[(String, String)]) -> Vec<Chip> {
    let chip = |(name, value): &(String, String)| {
        let shown = match name.as_str() {
            "direction" | "state" if t.has(&format!("payments-{name}-{value}")) => {
                t.of(&format!("payments-{name}-{value}"))
            }
            "subject" => t.of("payments-chip-subject-one"),
            _ => value.clone(),
        };
        let label = t.with(&format!("payments-chip-{}", name.replace('_', "-")), &[("value", shown.into())]);
        let rest = query_without(query, &[name.as_str()]);
        Chip { label, remove: if rest.is_empty() { PATH.into() } else { format!("{PATH}?{rest}") } }
    };
    query.iter().map(chip).collect()
}

fn table(t: &Words, rows: &[Item], today: Date, may_keep: bool) -> Table {
    let mut steps = vec![Link::new(t.of("payments-filter-clear"), PATH)];
    if may_keep {
        steps.push(Link::new(t.of("payments-new"), format!("{PATH}/new")));
    }
    Table {
        caption: t.of("payments-items"),
        columns: vec![
            Column::text(t.of("payments-title")),
            Column::text(t.of("payments-subject")),
            Column::text(t.of("payments-direction")),
            Column::number(t.of("payments-amount")),
            Column::number(t.of("payments-left")),
            Column::text(t.of("payments-due")),
            Column::text(t.of("payments-state")),
        ],
        rows: rows.iter().map(|one| row(t, one, today)).collect(),
        empty: Empty { title: t.of("payments-none"), text: t.of("payments-none-text"), steps },
        ..Table::default()
    }
}

fn row(t: &Words, one: &Item, today: Date) -> Row {
    let way = Badge::new(Tone::Neutral, direction(t, one.direction));
    Row::link(
        ops::page(one.id),
        vec![
            Cell::Two(one.title.clone(), one.number.clone()),
            Cell::Text(one.subject_name.clone()),
            Cell::Badge(way),
            Cell::Money(one.amount),
            Cell::Money(one.left()),
            one.due_on.map_or(Cell::Nothing, Cell::Date),
            Cell::Badge(state(t, one, today)),
        ],
    )
}

/// The list as a file: CSV.
pub(crate) async fn csv(state: State<App>, visit: Visit, filter: Query<ItemFilter>) -> Answer {
    exported(state, visit, filter, Format::Csv).await
}

/// The list as a file: XLSX.
pub(crate) async fn xlsx(state: State<App>, visit: Visit, filter: Query<ItemFilter>) -> Answer {
    exported(state, visit, filter, Format::Xlsx).await
}

/// The list as a file: JSON.
pub(crate) async fn json(state: State<App>, visit: Visit, filter: Query<ItemFilter>) -> Answer {
    exported(state, visit, filter, Format::Json).await
}

const EXPORTED: [&str; 16] = [
    "number",
    "direction",
    "subject",
    "title",
    "benefit",
    "granted_on",
    "amount",
    "paid",
    "left",
    "payers",
    "due_on",
    "state",
    "why",
    "note",
    "created_name",
    "created_at",
];

async fn exported(State(app): State<App>, visit: Visit, Query(filter): Query<ItemFilter>, format: Format) -> Answer {
    let t = app.words(visit.locale);
    ops::export::export(&app, &visit.actor, &filter).await?;
    let who = ops::name(&visit.actor);
    let sheet = Sheet {
        name: t.of("payments-items"),
        columns: EXPORTED
            .iter()
            .map(|key| ((*key).to_owned(), t.of(&format!("payments-export-{}", key.replace('_', "-")))))
            .collect(),
        mark: t.with("payments-export-mark", &[("who", who.into()), ("when", t.instant(app.clock.now()).into())]),
    };
    let (held, actor) = (app.clone(), visit.actor.clone());
    let rows = export::pages(move |after| {
        let (app, actor, filter, t) = (held.clone(), actor.clone(), filter.clone(), t.clone());
        async move {
            let page = PageRequest { after, limit: Some(200) };
            let today = app.clock.today();
            let rows = read::list(&app, &actor, &filter, &page).await?;
            Ok(rows.map(|one| exported_row(&t, &one, today)))
        }
    });
    export::respond(format, sheet, rows).await
}

fn exported_row(t: &Words, one: &Item, today: Date) -> Vec<Value> {
    let payers: Vec<String> =
        one.payers.iter().map(|share| format!("{} {}", share.name, share.amount.to_yuan_string())).collect();
    vec![
        json!(one.number),
        json!(direction(t, one.direction)),
        json!(one.subject_name),
        json!(one.title),
        json!(one.benefit),
        json!(one.granted_on.to_string()),
        number(one.amount),
        number(one.paid),
        number(one.left()),
        json!(payers.join("; ")),
        json!(one.due_on.map(|day| day.to_string())),
        json!(state(t, one, today).text),
        json!(one.why),
        json!(one.note),
        json!(one.created_name),
        json!(one.created_at.to_rfc3339()),
    ]
}

/// Yuan as a number that spreadsheets add up: below the largest sum that is kept, its two places are exact.
fn number(amount: Money) -> Value {
    Number::from_f64(amount.fen() as f64 / 100.0).map_or(Value::Null, Value::Number)
}
