//! An invitation: whom it is for, and the password.

use access::Entry;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Fault};
use module::visit::open_cookie;
use module::{Answer, App, Form, Path, Visit};
use serde::Deserialize;
use ui::{Alert, Field, FieldKind, Frame, Tone};

use super::{faults, second};
use crate::ops;

#[derive(Template)]
#[template(path = "account/invitation.html")]
struct InvitationPage {
    frame: Frame,
    for_whom: String,
    until: String,
    form: Option<ui::Form>,
    gone: Option<Alert>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Passwords {
    password: String,
    again: String,
}

/// Says whom it is for and asks for a password.
pub async fn show(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Answer {
    page(&app, &visit, &token, &[]).await
}

/// Sets the password and signs in.
pub async fn accept(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Form(input): Form<Passwords>,
) -> Answer {
    match ops::invitation::accept(&app, &visit, &token, &input.password, &input.again).await {
        Ok(Entry::Second(step)) => Ok(second::ask(&app, &visit, &step, "")),
        Ok(Entry::In(session)) => {
            let mut response = visit.done("/work", "work-flash-welcome");
            let cookie = open_cookie(&app, &session).to_string();
            if let Ok(value) = cookie.parse() {
                response.headers_mut().append(axum::http::header::SET_COOKIE, value);
            }
            Ok(response)
        }
        Err(Error::NotFound) => page(&app, &visit, &token, &[]).await,
        Err(error) => page(&app, &visit, &token, &faults(error)?).await,
    }
}

async fn page(app: &App, visit: &Visit, token: &str, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let invitation = match ops::invitation::read(app, token).await {
        Ok(invitation) => invitation,
        Err(Error::NotFound) => return Ok(gone(app, visit)),
        Err(error) => return Err(error.into()),
    };
    let password = |name: &str, key: &str| {
        Field::new(FieldKind::Password, name, t.of(key))
            .required()
            .autocomplete("new-password")
            .max_length(access::MAX_PASSWORD as u32)
    };
    let fields = vec![
        password("password", "work-password-new")
            .help(t.with("work-password-rule", &[("least", access::MIN_PASSWORD.into())])),
        password("again", "work-password-again"),
    ];
    let form = ui::Form::post(format!("/invitation/{token}"), "", t.of("work-invitation-accept"))
        .fields_only(fields)
        .faults(wrong, &t);
    let account = &invitation.account;
    let for_whom =
        t.with("work-invitation-for", &[("name", (&account.display_name).into()), ("account", (&account.name).into())]);
    let page = InvitationPage {
        frame: app.portal_frame(visit, t.of("work-invitation")),
        for_whom,
        until: t.with("work-invitation-until", &[("date", t.instant(invitation.expires_at).into())]),
        form: Some(form),
        gone: None,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &page))
}

fn gone(app: &App, visit: &Visit) -> Response {
    let t = app.words(visit.locale);
    let alert = Alert::new(Tone::Warning, t.of("work-invitation-gone-text")).title(t.of("work-invitation-gone"));
    let frame = app.portal_frame(visit, t.of("work-invitation"));
    let page = InvitationPage { frame, for_whom: String::new(), until: String::new(), form: None, gone: Some(alert) };
    ui::page(StatusCode::NOT_FOUND, &page)
}
