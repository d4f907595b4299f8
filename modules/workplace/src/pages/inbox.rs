//! What one was told, and what one wants to be told.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use module::{Answer, App, Form, Path, Query, Visit};
use notify::Received;
use serde::Deserialize;
use ui::{Empty, Frame, Link, Pager, Tab, Tabs, Words};

use super::tasks::home_crumb;
use super::{Token, pager, request};
use crate::{ops, say};

#[derive(Template)]
#[template(path = "home/inbox.html")]
struct InboxPage {
    frame: Frame,
    tabs: Tabs,
    notices: Vec<NoticeView>,
    all_read: bool,
    empty: Empty,
    pager: Pager,
}

struct NoticeView {
    id: String,
    kind: String,
    text: String,
    when: String,
    unread: bool,
    leads: bool,
}

impl NoticeView {
    fn of(app: &App, t: &Words, notice: Received) -> Self {
        let kind_key = format!("notice-{}", notice.kind.replace(['.', '_'], "-"));
        Self {
            id: notice.id.text(),
            kind: if t.has(&kind_key) { t.of(&kind_key) } else { t.of("work-notice") },
            text: say::message(t, &notice.message_key, &notice.args, &notice.kind),
            when: t.ago(notice.created_at, app.clock.now()),
            unread: notice.read_at.is_none(),
            leads: notice.link.is_some(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    view: String,
    after: String,
}

/// The inbox: what is unread, unless everything is asked for or nothing is unread.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let unread = ops::inbox::unread(&app, &visit).await?;
    let unread_only = match asked.view.as_str() {
        "all" => false,
        "unread" => true,
        _ => unread > 0,
    };
    let notices = ops::inbox::list(&app, &visit, unread_only, &request(&asked.after)).await?;
    let view = if unread_only { "unread" } else { "all" };
    let tab = |name: &str, count| Tab {
        label: t.of(&format!("work-inbox-{name}")),
        href: format!("/inbox?view={name}"),
        active: name == view,
        count,
    };
    let mut frame = app.work_frame(&visit, t.of("ui-inbox")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let page = InboxPage {
        tabs: Tabs(vec![tab("unread", Some(unread).filter(|count| *count > 0)), tab("all", None)]),
        all_read: unread > 0,
        empty: Empty {
            title: t.of(if unread_only { "work-inbox-none-unread" } else { "work-inbox-none" }),
            text: t.of("work-inbox-none-text"),
            steps: vec![Link::new(t.of("work-inbox-preferences"), "/inbox/preferences").icon("adjustments")],
        },
        pager: pager("/inbox", &[("view", view)], &asked.after, notices.next.as_deref()),
        notices: notices.items.into_iter().map(|notice| NoticeView::of(&app, &t, notice)).collect(),
        frame,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Read {
    open: String,
}

/// Notes that one was read; opens what it is about where that was asked.
pub async fn read(State(app): State<App>, visit: Visit, Path(id): Path<String>, Form(input): Form<Read>) -> Answer {
    let notice = ops::inbox::read(&app, &visit, &id).await?;
    let to =
        notice.link.filter(|_| !input.open.is_empty()).map_or_else(|| "/inbox".to_owned(), |link| super::local(&link));
    Ok(Redirect::to(&to).into_response())
}

/// Notes that everything was read.
pub async fn read_all(State(app): State<App>, visit: Visit, Form(_): Form<Token>) -> Answer {
    ops::inbox::read_all(&app, &visit).await?;
    Ok(visit.done("/inbox?view=all", "work-flash-read"))
}

#[derive(Template)]
#[template(path = "home/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    rows: Vec<PreferenceView>,
    empty: Empty,
    address: String,
}

struct PreferenceView {
    code: &'static str,
    name: String,
    inbox: bool,
    email: bool,
}

/// What one wants to be told.
pub async fn preferences(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let known = ops::inbox::preferences(&app, &visit).await?;
    let own = access::find_account(&app.db, &visit.actor.signed_in()?.account.text()).await?;
    let mut frame = app.work_frame(&visit, t.of("work-inbox-preferences")).await?;
    frame.crumbs = vec![home_crumb(&t), ui::Crumb { label: t.of("ui-inbox"), href: "/inbox".to_owned() }];
    let rows = known
        .iter()
        .map(|one| PreferenceView {
            code: one.kind.code,
            name: t.of(&one.kind.name_key()),
            inbox: one.inbox,
            email: one.email,
        })
        .collect();
    let address = match own.email {
        Some(email) => t.with("work-mail-address", &[("address", email.into())]),
        None => t.of("work-mail-none"),
    };
    let empty =
        Empty { title: t.of("work-preferences-none"), text: t.of("work-preferences-none-text"), steps: Vec::new() };
    Ok(ui::page(StatusCode::OK, &PreferencesPage { frame, rows, empty, address }))
}

/// The kinds that were ticked.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ticked {
    inbox: Vec<String>,
    email: Vec<String>,
}

/// Decides.
pub async fn decide(State(app): State<App>, visit: Visit, Form(input): Form<Ticked>) -> Answer {
    ops::inbox::decide(&app, &visit, &input.inbox, &input.email).await?;
    Ok(visit.done("/inbox/preferences", "work-flash-saved"))
}
