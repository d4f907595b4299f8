//! What one's organisation, or oneself, owes and gets.

use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{Date, PageRequest};
use module::pages::{FilePage, ListPage, Panel, frame, pairs};
use module::{Answer, App, Path, Query, Visit};
use ui::{Badge, Cell, Column, Empty, Fact, Facts, Html, Row, Table, Tabs, Tone, Toolbar, Words};

use super::{desk, item, own_direction, state, yuan};
use crate::model::{Item, ItemFilter, ItemId, Payment};
use crate::ops::{self, read};

const PATH: &str = "/work/own-payments";

/// What one owes and gets, newest first.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ItemFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = read::mine(&app, &visit.actor, &filter, &page).await?;
    let today = app.clock.today();
    let table = Table {
        caption: t.of("payments-own"),
        columns: vec![
            Column::text(t.of("payments-title")),
            Column::text(t.of("payments-direction")),
            Column::number(t.of("payments-amount")),
            Column::number(t.of("payments-left")),
            Column::text(t.of("payments-due")),
            Column::text(t.of("payments-state")),
        ],
        rows: rows.items.iter().map(|one| row(&t, one, today)).collect(),
        empty: Empty { title: t.of("payments-own-none"), text: t.of("payments-own-none-text"), ..Empty::default() },
        ..Table::default()
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("payments-own"), &[]).await?,
        toolbar: Toolbar::default(),
        above: Html::default(),
        table,
        pager: desk::pager(PATH, &pairs(&filter), &page, rows.next, None),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Item, today: Date) -> Row {
    Row::link(
        ops::own_page(one.id),
        vec![
            Cell::Two(one.title.clone(), one.number.clone()),
            Cell::Badge(Badge::new(Tone::Neutral, own_direction(t, one.direction))),
            Cell::Money(one.amount),
            Cell::Money(one.left()),
            one.due_on.map_or(Cell::Nothing, Cell::Date),
            Cell::Badge(state(t, one, today)),
        ],
    )
}

/// One item, without what only the office may see.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<ItemId>) -> Answer {
    let t = app.words(visit.locale);
    let file = read::own(&app, &visit.actor, id).await?;
    let one = &file.item;
    let today = app.clock.today();
    let owner = t.text(&app.organization_name(one.owner).await);
    let mut lines = item::sums(&t, one);
    lines.push(Fact::plain(t.of(&format!("payments-own-owner-{}", one.direction.code())), owner.clone()));
    let mut panels = vec![Panel::new("sum", t.of("payments-sum"), Facts { lines, legend: false }.show(&t))];
    if file.instalments.len() > 1 || file.instalments.iter().any(|part| !part.instalment.condition.is_empty()) {
        let table = item::instalments(&t, one, &file.instalments, today);
        panels.push(Panel::new("instalments", t.of("payments-instalments"), table.show(&t)));
    }
    panels.push(Panel::new("payments", t.of("payments-payments"), payments(&t, &file.payments).show(&t)));
    let view = FilePage {
        frame: frame(&app, &visit, one.title.clone(), &[(PATH, t.of("payments-own"))]).await?,
        subtitle: format!("{owner} · {}", one.number),
        badges: vec![Badge::new(Tone::Neutral, own_direction(&t, one.direction)), state(&t, one, today)],
        actions: Vec::new(),
        alert: item::alert(&t, one, today),
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn payments(t: &Words, payments: &[Payment]) -> Table {
    let row = |one: &Payment| {
        let standing = match one.reversed {
            Some(_) => Badge::new(Tone::Warning, t.of("payments-own-reversed")),
            None => Badge::new(Tone::Good, t.of("payments-own-stands")),
        };
        Row::plain(vec![
            Cell::Date(one.paid_on),
            Cell::Text(yuan(t, one.amount)),
            Cell::Text(one.payer.clone()),
            Cell::Badge(standing),
        ])
    };
    Table {
        caption: t.of("payments-payments"),
        columns: vec![
            Column::text(t.of("payments-paid-on")),
            Column::number(t.of("payments-amount")),
            Column::text(t.of("payments-payer")),
            Column::text(t.of("payments-state")),
        ],
        rows: payments.iter().map(row).collect(),
        empty: Empty { title: t.of("payments-no-payment"), ..Empty::default() },
        ..Table::default()
    }
}
