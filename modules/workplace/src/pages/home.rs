//! The first page of the workplace: what waits for me.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use module::{Answer, App, NextStep, Visit};
use ui::{Frame, Link, NavItem, Table, Tile, Tiles, Words};

use super::tasks::table;
use crate::{ops, say};

#[derive(Template)]
#[template(path = "home/home.html")]
struct HomePage {
    frame: Frame,
    today: String,
    heading: String,
    all: Option<Link>,
    tasks: Table,
    steps: Vec<StepView>,
    tiles: Tiles,
}

struct StepView {
    icon: &'static str,
    title: String,
    hint: String,
    href: String,
}

impl StepView {
    fn of(t: &Words, step: NextStep) -> Self {
        Self { icon: step.icon, title: t.of(step.title_key), hint: t.of(step.hint_key), href: step.href }
    }
}

/// What waits, what to do next, and the numbers.
pub async fn show(State(app): State<App>, visit: Visit) -> Answer {
    if visit.rests && visit.actor.hat().is_none() {
        return Ok(Redirect::to("/account/second-factor").into_response());
    }
    let t = app.words(visit.locale);
    let home = ops::home::home(&app, &visit).await?;
    let name = visit.actor.signed_in()?.name.clone();
    let frame = app.work_frame(&visit, t.with("work-home-title", &[("name", name.into())])).await?;
    let heading = match home.open {
        0 => t.of("work-home-nothing"),
        cases::tasks::COUNT_CAP.. => t.with("work-home-many", &[("n", (cases::tasks::COUNT_CAP - 1).into())]),
        open => t.with("work-home-waiting", &[("n", open.into())]),
    };
    let shown = i64::try_from(home.tasks.items.len()).unwrap_or(i64::MAX);
    let all = (home.open > shown).then(|| Link::new(t.of("work-home-all"), "/work/tasks"));
    let page = HomePage {
        today: say::today(&t, app.calendar(), app.clock.today()),
        heading,
        all,
        tasks: table(&app, &t, &home.tasks.items),
        steps: home.steps.into_iter().map(|step| StepView::of(&t, step)).collect(),
        tiles: tiles(&t, home.numbers),
        frame,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "home/more.html")]
struct MorePage {
    frame: Frame,
    items: Vec<NavItem>,
}

/// Everything that one may open, where the menu has no room for it.
pub async fn more(State(app): State<App>, visit: Visit) -> Answer {
    let frame = app.work_frame(&visit, app.words(visit.locale).of("work-more")).await?;
    Ok(ui::page(StatusCode::OK, &MorePage { items: app.menu(&visit, false), frame }))
}

/// Numbers as figures that open their lists.
pub fn tiles(t: &Words, numbers: Vec<module::Number>) -> Tiles {
    let tile = |number: module::Number| Tile {
        label: t.of(number.key),
        value: t.counted(&number.count),
        href: number.href,
        ..Tile::default()
    };
    Tiles(numbers.into_iter().map(tile).collect())
}
