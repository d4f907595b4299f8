//! What the one search field found.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use module::{Answer, App, Query, Visit};
use serde::Deserialize;
use ui::{Empty, Frame, Link};

use crate::ops;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    q: String,
}

#[derive(Template)]
#[template(path = "portal/search.html")]
struct SearchPage {
    frame: Frame,
    typed: String,
    summary: String,
    groups: Vec<GroupView>,
    empty: Option<Empty>,
}

#[derive(Template)]
#[template(path = "portal/search-work.html")]
struct WorkSearchPage {
    frame: Frame,
    typed: String,
    summary: String,
    groups: Vec<GroupView>,
    empty: Option<Empty>,
}

struct GroupView {
    kind: String,
    count: String,
    found: Vec<FoundView>,
}

struct FoundView {
    title: String,
    hint: String,
    href: String,
}

/// Searches.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let typed = ops::search::cleaned(&asked.q);
    let groups: Vec<GroupView> = ops::search::search(&app, &visit, &typed)
        .await?
        .into_iter()
        .map(|group| GroupView {
            kind: t.of(&group.kind_key),
            count: t.with("ui-total", &[("n", t.number(group.found.len() as i64).into())]),
            found: group
                .found
                .into_iter()
                .map(|one| FoundView { title: t.text(&one.title), hint: one.hint, href: super::local(&one.href) })
                .collect(),
        })
        .collect();
    let empty = groups.is_empty().then(|| nothing(&t, &typed));
    let total: usize = groups.iter().map(|group| group.found.len()).sum();
    let summary = if total == 0 {
        String::new()
    } else {
        t.with("work-search-found", &[("n", total.into()), ("typed", (&typed).into())])
    };
    let title =
        if typed.is_empty() { t.of("ui-search") } else { t.with("work-search-title", &[("typed", (&typed).into())]) };
    if visit.session.is_some() {
        let frame = app.work_frame(&visit, title).await?;
        return Ok(ui::page(StatusCode::OK, &WorkSearchPage { frame, typed, summary, groups, empty }));
    }
    let frame = app.portal_frame(&visit, title);
    Ok(ui::page(StatusCode::OK, &SearchPage { frame, typed, summary, groups, empty }))
}

fn nothing(t: &ui::Words, typed: &str) -> Empty {
    if typed.is_empty() {
        return Empty { title: t.of("work-search-ask"), text: t.of("work-search-ask-text"), steps: Vec::new() };
    }
    Empty {
        title: t.with("work-search-none", &[("typed", typed.into())]),
        text: t.of("work-search-none-text"),
        steps: vec![
            Link::new(t.of("work-to-portal"), "/").icon("home"),
            Link::new(t.of("work-to-help"), "/help").icon("help"),
        ],
    }
}
