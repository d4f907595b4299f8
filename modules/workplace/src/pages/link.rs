//! A link in a message: whom it is for, before anything is done; then a code to that number, and on to what it opens.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jinmen_core::Error;
use module::{Answer, App, Form, Path, Visit};
use notify::Means;
use serde::Deserialize;
use ui::{Alert, Frame, Tone};

use super::code;
use crate::{address, ops};

#[derive(Template)]
#[template(path = "account/link.html")]
struct LinkPage {
    frame: Frame,
    label: String,
    for_whom: String,
    until: String,
    forms: Vec<ui::Form>,
    gone: Option<Alert>,
}

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LinkForm {
    means: String,
}

/// Says whom the link is for. Whoever is signed in with that number goes on at once; nobody else does.
pub async fn show(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Answer {
    let link = match ops::code::link(&app, &token).await {
        Ok(link) => link,
        Err(Error::NotFound) => return Ok(gone(&app, &visit)),
        Err(error) => return Err(error.into()),
    };
    if link.account.is_some() && link.account == visit.actor.account() {
        return Ok(Redirect::to(&address::same_site(&link.target, "/work")).into_response());
    }
    let t = app.words(visit.locale);
    let path = format!("/l/{token}");
    let form = |means: &str, key: &str| {
        ui::Form::post(&path, &visit.form_token, t.of(key))
            .id(means)
            .fields_only(vec![ui::Field::hidden("means", means)])
    };
    let mut first = form("text", "work-link-code");
    first.strong = true;
    let page = LinkPage {
        frame: app.portal_frame(&visit, t.of("work-link")),
        label: t.text(&link.label),
        for_whom: t.with("work-link-for", &[("mobile", link.mobile.masked().into())]),
        until: t.with("work-link-until", &[("when", t.instant(link.expires_at).into())]),
        forms: vec![first, form("voice", "work-code-voice")],
        gone: None,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// Sends a code to the number of the link.
pub async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Form(input): Form<LinkForm>,
) -> Answer {
    let link = match ops::code::link(&app, &token).await {
        Ok(link) => link,
        Err(Error::NotFound) => return Ok(gone(&app, &visit)),
        Err(error) => return Err(error.into()),
    };
    let means = if input.means == "voice" { Means::Voice } else { Means::Text };
    let sent = ops::code::ask_by_link(&app, &visit, &token, means).await?;
    Ok(code::asked_by_link(&app, &visit, link.target, sent))
}

fn gone(app: &App, visit: &Visit) -> Response {
    let t = app.words(visit.locale);
    let page = LinkPage {
        frame: app.portal_frame(visit, t.of("work-link")),
        label: String::new(),
        for_whom: String::new(),
        until: String::new(),
        forms: Vec::new(),
        gone: Some(Alert::new(Tone::Warning, t.of("work-link-gone-text")).title(t.of("work-link-gone"))),
    };
    ui::page(StatusCode::NOT_FOUND, &page)
}
