//! Signing in and out, and changing hats.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jinmen_core::Fault;
use module::visit::close_cookie;
use module::{Answer, App, Form, Query, Visit};
use serde::Deserialize;
use ui::{Field, FieldKind, Frame};

use super::{Next, faults, second, with_cookies};
use crate::ops::code::Ask;
use crate::{address, ops};

#[derive(Template)]
#[template(path = "account/sign-in.html")]
struct SignInPage {
    frame: Frame,
    /// By a code to a mobile number, where somebody brings codes.
    code: Option<ui::Form>,
    form: ui::Form,
}

/// What is sent to sign in.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SignInForm {
    account: String,
    password: String,
    next: String,
}

/// Asks for name and password.
pub async fn show(State(app): State<App>, visit: Visit, Query(query): Query<Next>) -> Answer {
    if visit.session.is_some() {
        return Ok(Redirect::to(&address::next(&query.next, "/work")).into_response());
    }
    let input = SignInForm { next: query.next, ..SignInForm::default() };
    Ok(page(&app, &visit, StatusCode::OK, &input, &[]))
}

/// Signs in.
pub async fn sign_in(State(app): State<App>, visit: Visit, Form(input): Form<SignInForm>) -> Answer {
    match ops::session::sign_in(&app, &visit, &input.account, &input.password).await {
        Ok((entry, _)) => Ok(second::go_on(&app, &visit, entry, &input.next)),
        Err(error) => Ok(page(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, &input, &faults(error)?)),
    }
}

/// Signs out.
pub async fn sign_out(State(app): State<App>, visit: Visit) -> Answer {
    ops::session::sign_out(&app, &visit).await?;
    Ok(with_cookies([close_cookie(&app)], "/"))
}

/// A hat to put on.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct HatForm {
    hat: String,
    next: String,
}

/// Changes the hat, and goes back to where one was.
pub async fn change_hat(State(app): State<App>, visit: Visit, Form(input): Form<HatForm>) -> Answer {
    ops::session::change_hat(&app, &visit, &input.hat).await?;
    Ok(visit.done(&address::next(&input.next, "/work"), "work-flash-hat"))
}

/// The page once more, for a number to which no code could be sent.
pub(super) fn again(app: &App, visit: &Visit, ask: &Ask, next: &str, wrong: &[Fault]) -> Response {
    let input = SignInForm { next: next.to_owned(), ..SignInForm::default() };
    both(app, visit, StatusCode::UNPROCESSABLE_ENTITY, &input, &[], (ask, wrong))
}

fn page(app: &App, visit: &Visit, status: StatusCode, input: &SignInForm, wrong: &[Fault]) -> Response {
    both(app, visit, status, input, wrong, (&Ask::default(), &[]))
}

/// Both ways in: the number and what was wrong with it come last.
fn both(
    app: &App,
    visit: &Visit,
    status: StatusCode,
    input: &SignInForm,
    wrong: &[Fault],
    (ask, ask_wrong): (&Ask, &[Fault]),
) -> Response {
    let t = app.words(visit.locale);
    let fields = vec![
        Field::text("account", t.of("work-account-name")).required().autocomplete("username").value(&input.account),
        Field::new(FieldKind::Password, "password", t.of("work-password")).required().autocomplete("current-password"),
        Field::hidden("next", &input.next),
    ];
    let mut form =
        ui::Form::post("/sign-in", "", t.of("ui-sign-in")).id("password").fields_only(fields).faults(wrong, &t);
    let code = ops::code::available(app).then(|| {
        let fields = vec![
            Field::new(FieldKind::Telephone, "mobile", t.of("work-mobile"))
                .required()
                .max_length(20)
                .autocomplete("tel")
                .value(&ask.mobile),
            Field::hidden("next", &input.next),
            Field::hidden("ticket", &ask.ticket),
        ];
        let form = ui::Form::post("/sign-in/code", "", t.of("work-code-ask")).id("code").fields_only(fields);
        form.faults(ask_wrong, &t)
    });
    form.quiet = code.is_some();
    let mut frame = app.portal_frame(visit, t.of("ui-sign-in"));
    // The way back through the language links: to where one wanted to go.
    frame.path = address::with_query("/sign-in", &[("next", &input.next)]);
    ui::page(status, &SignInPage { frame, code, form })
}
