//! The page on which the code is typed that came to a mobile number.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::Fault;
use module::{Answer, App, Form, Visit};
use serde::Deserialize;
use ui::{Alert, Field, Frame, Tone};

use super::{account, faults, second, session};
use crate::ops;
use crate::ops::code::{Ask, Sent};

#[derive(Template)]
#[template(path = "account/code.html")]
struct CodePage {
    frame: Frame,
    sent: String,
    alert: Option<Alert>,
    form: ui::Form,
    others: Vec<ui::Form>,
    telephone: String,
}

/// What the pages before and on this one send.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct CodeForm {
    #[serde(flatten)]
    ask: Ask,
    challenge: String,
    code: String,
    masked: String,
    password: String,
    next: String,
    form_token: String,
}

/// Where the forms of this page go: into a session, or to a number of one's own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Own,
}

impl Way {
    fn ask(self) -> &'static str {
        if self == Self::In { "/sign-in/code" } else { "/account/mobile" }
    }

    fn answer(self) -> &'static str {
        if self == Self::In { "/sign-in/code/enter" } else { "/account/mobile/confirm" }
    }
}

/// Sends a code to whoever wants to sign in.
pub async fn ask_to_enter(State(app): State<App>, visit: Visit, Form(input): Form<CodeForm>) -> Answer {
    match ops::code::ask_to_enter(&app, &visit, &input.ask).await {
        Ok(sent) => Ok(asked(&app, &visit, Way::In, input, sent)),
        Err(error) => Ok(session::again(&app, &visit, &input.ask, &input.next, &faults(error)?)),
    }
}

/// Lets in whoever types the code.
pub async fn enter(State(app): State<App>, visit: Visit, Form(input): Form<CodeForm>) -> Answer {
    match ops::code::enter(&app, &visit, &input.challenge, &input.code).await {
        Ok((entry, _)) => Ok(second::go_on(&app, &visit, entry, &input.next)),
        Err(error) => Ok(page(&app, &visit, Way::In, &input, None, &faults(error)?)),
    }
}

/// Sends a code to a number that somebody says is theirs.
pub async fn ask_to_bind(State(app): State<App>, visit: Visit, Form(input): Form<CodeForm>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    match ops::code::ask_to_bind(&app, &visit, &input.ask, &input.password).await {
        Ok(sent) => Ok(asked(&app, &visit, Way::Own, input, sent)),
        Err(error) => account::again(&app, &visit, &faults(error)?).await,
    }
}

/// Makes the number one's own.
pub async fn bind(State(app): State<App>, visit: Visit, Form(input): Form<CodeForm>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    match ops::code::bind(&app, &visit, &input.challenge, &input.code).await {
        Ok(()) => Ok(visit.done("/account", "work-flash-mobile")),
        Err(error) => Ok(page(&app, &visit, Way::Own, &input, None, &faults(error)?)),
    }
}

/// The same page for a code that a link in a message asked for: it goes to that number only, so it is not asked anew
/// from here.
pub(super) fn asked_by_link(app: &App, visit: &Visit, next: String, sent: Sent) -> Response {
    asked(app, visit, Way::In, CodeForm { next, ..CodeForm::default() }, sent)
}

fn asked(app: &App, visit: &Visit, way: Way, input: CodeForm, sent: Sent) -> Response {
    let input =
        CodeForm { challenge: sent.challenge.expose().to_owned(), masked: sent.masked, code: String::new(), ..input };
    page(app, visit, way, &input, sent.shown, &[])
}

fn page(app: &App, visit: &Visit, way: Way, input: &CodeForm, shown: Option<String>, wrong: &[Fault]) -> Response {
    let t = app.words(visit.locale);
    let minutes = access::CODE_SECONDS / 60;
    let kept = |form: ui::Form, more: Vec<Field>| {
        let mut fields = more;
        fields.push(Field::hidden("masked", &input.masked));
        fields.push(Field::hidden("next", &input.next));
        if !input.ask.ticket.is_empty() {
            fields.push(Field::hidden("ticket", &input.ask.ticket));
        }
        form.fields_only(fields)
    };
    let code = Field::integer("code", t.of("work-code"))
        .required()
        .max_length(12)
        .autocomplete("one-time-code")
        .help(t.with("work-code-help", &[("minutes", minutes.into())]));
    let submit = if way == Way::In { "ui-sign-in" } else { "work-mobile-confirm" };
    let form = ui::Form::post(way.answer(), &visit.form_token, t.of(submit));
    let form = kept(form, vec![code, Field::hidden("challenge", &input.challenge)]).faults(wrong, &t);
    // The password was right a moment ago, but is not carried through a page: a number of one's own is asked for anew.
    let again = |means: &str, key: &str| {
        let form = ui::Form::post(way.ask(), &visit.form_token, t.of(key)).id(means);
        kept(form, vec![Field::hidden("mobile", &input.ask.mobile), Field::hidden("means", means)])
    };
    let others = match way {
        Way::In if !input.ask.mobile.is_empty() => {
            vec![again("text", "work-code-again"), again("voice", "work-code-voice")]
        }
        _ => Vec::new(),
    };
    let mut frame = app.portal_frame(visit, t.of("work-code-title"));
    frame.path = if way == Way::In { "/sign-in".into() } else { "/account".into() };
    let page = CodePage {
        sent: t.with("work-code-sent", &[("mobile", input.masked.as_str().into())]),
        alert: shown.map(|code| Alert::new(Tone::Info, t.with("work-code-shown", &[("code", code.into())]))),
        telephone: app.settings().telephone,
        form,
        others,
        frame,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    ui::page(status, &page)
}
