//! The second proof at sign-in: typed on the way in, set up and taken away on one's own account.

use access::{Entry, Offered, Token as Secret};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use jinmen_core::Fault;
use module::visit::open_cookie;
use module::{Answer, App, Form, Visit};
use serde::Deserialize;
use ui::{Alert, Field, FieldKind, Frame, Html, Tone, Words};

use super::{faults, with_cookies};
use crate::{address, ops};

const PATH: &str = "/account/second-factor";
const COOKIE: &str = "jinmen_recovery";
/// Minutes in which recovery codes are shown.
const SHOWN_MINUTES: i64 = 5;

#[derive(Template)]
#[template(path = "account/second.html")]
struct AskPage {
    frame: Frame,
    form: ui::Form,
    telephone: String,
}

#[derive(Template)]
#[template(path = "account/second-factor.html")]
struct SecondPage {
    frame: Frame,
    state: Alert,
    codes: Vec<String>,
    copied: String,
    offered: Option<OfferedView>,
    forms: Vec<ui::Form>,
}

struct OfferedView {
    text: String,
    address: String,
    qr: Html,
}

/// What is typed on the way in.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    step: String,
    code: String,
    next: String,
}

/// What is typed on one's own account.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Own {
    old: String,
    code: String,
    form_token: String,
}

/// Into the session, or on to the second proof.
pub(super) fn go_on(app: &App, visit: &Visit, entry: Entry, next: &str) -> Response {
    match entry {
        Entry::In(token) => with_cookies([open_cookie(app, &token)], &address::next(next, "/work")),
        Entry::Second(step) => ask(app, visit, &step, next),
    }
}

/// Asks for it.
pub(super) fn ask(app: &App, visit: &Visit, step: &Secret, next: &str) -> Response {
    let typed = Typed { step: step.expose().to_owned(), next: next.to_owned(), ..Typed::default() };
    asked(app, visit, &typed, &[])
}

fn asked(app: &App, visit: &Visit, typed: &Typed, wrong: &[Fault]) -> Response {
    let t = app.words(visit.locale);
    let fields = vec![
        code_field(&t).help(t.of("work-second-code-help")),
        Field::hidden("step", &typed.step),
        Field::hidden("next", &typed.next),
    ];
    let form = ui::Form::post("/sign-in/second", "", t.of("ui-sign-in")).fields_only(fields).faults(wrong, &t);
    let mut frame = app.portal_frame(visit, t.of("work-second-ask"));
    frame.path = "/sign-in".into();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    ui::page(status, &AskPage { telephone: app.settings().telephone, form, frame })
}

fn code_field(t: &Words) -> Field {
    Field::text("code", t.of("work-second-code")).required().max_length(16).autocomplete("one-time-code")
}

/// Takes it.
pub async fn enter(State(app): State<App>, visit: Visit, Form(typed): Form<Typed>) -> Answer {
    match ops::session::second(&app, &visit, &typed.step, &typed.code).await {
        Ok((token, _)) => Ok(with_cookies([open_cookie(&app, &token)], &address::next(&typed.next, "/work"))),
        Err(error) => Ok(asked(&app, &visit, &typed, &faults(error)?)),
    }
}

/// How it stands; recovery codes just made are shown this once.
pub async fn show(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Answer {
    let kept = CookieJar::from_headers(&headers).get(COOKIE).map(|cookie| cookie.value().to_owned());
    let codes: Vec<String> =
        kept.iter().flat_map(|codes| codes.split('.')).filter(|code| is_code(code)).map(str::to_owned).collect();
    let shown = !codes.is_empty();
    let answer = page(&app, &visit, Which::None, &[], codes).await?;
    if !shown {
        return Ok(answer);
    }
    Ok((CookieJar::new().add(codes_cookie(&app, &[])), answer).into_response())
}

fn is_code(text: &str) -> bool {
    text.len() == 11 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Carries the codes to the page that shows them, or ends that.
fn codes_cookie(app: &App, codes: &[String]) -> Cookie<'static> {
    let minutes = if codes.is_empty() { 0 } else { SHOWN_MINUTES };
    Cookie::build((COOKIE, codes.join(".")))
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.https())
        .max_age(time::Duration::minutes(minutes))
        .build()
}

/// Which form of the page was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    None,
    Set,
    Codes,
    Off,
}

/// Makes it count.
pub async fn set(State(app): State<App>, visit: Visit, Form(typed): Form<Own>) -> Answer {
    visit.check_form_token(&typed.form_token)?;
    let made = ops::second::set(&app, &visit, &typed.old, &typed.code).await;
    with_codes(&app, &visit, Which::Set, made, "work-flash-second").await
}

/// New recovery codes.
pub async fn renew(State(app): State<App>, visit: Visit, Form(typed): Form<Own>) -> Answer {
    visit.check_form_token(&typed.form_token)?;
    let made = ops::second::renew(&app, &visit, &typed.old, &typed.code).await;
    with_codes(&app, &visit, Which::Codes, made, "work-flash-second-codes").await
}

async fn with_codes(
    app: &App,
    visit: &Visit,
    which: Which,
    made: jinmen_core::Result<Vec<String>>,
    flash: &str,
) -> Answer {
    match made {
        Ok(codes) => Ok((CookieJar::new().add(codes_cookie(app, &codes)), visit.done(PATH, flash)).into_response()),
        Err(error) => page(app, visit, which, &faults(error)?, Vec::new()).await,
    }
}

/// Asks for it no more.
pub async fn remove(State(app): State<App>, visit: Visit, Form(typed): Form<Own>) -> Answer {
    visit.check_form_token(&typed.form_token)?;
    match ops::second::remove(&app, &visit, &typed.old, &typed.code).await {
        Ok(()) => Ok(visit.done("/account", "work-flash-second-off")),
        Err(error) => page(&app, &visit, Which::Off, &faults(error)?, Vec::new()).await,
    }
}

async fn page(app: &App, visit: &Visit, which: Which, wrong: &[Fault], codes: Vec<String>) -> Answer<Response> {
    let t = app.words(visit.locale);
    let own = ops::second::read(app, visit).await?;
    let mut frame = app.work_frame(visit, t.of("work-second")).await?;
    frame.crumbs = vec![ui::Crumb { label: t.of("ui-account"), href: "/account".to_owned() }];
    let state = match own.second {
        Some(second) => {
            let args = [("since", t.date(second.since.date()).into()), ("left", second.left.into())];
            let tone = if second.left < 3 { Tone::Warning } else { Tone::Good };
            Alert::new(tone, t.with("work-second-left", &args)).title(t.of("work-second-on"))
        }
        None => Alert::new(Tone::Info, t.of("work-second-off-text")).title(t.of("work-second-off")),
    };
    let form = |path: &str, submit: &str, title: &str, help: &str, sent: Which| {
        let mut fields = vec![code_field(&t)];
        if own.has_password {
            let old = Field::new(FieldKind::Password, "old", t.of("work-password"));
            fields.push(old.required().autocomplete("current-password"));
        }
        let form =
            ui::Form::post(path, &visit.form_token, t.of(submit)).id(path.rsplit('/').next().unwrap_or_default());
        form.section(t.of(title), t.of(help), fields).faults(if sent == which { wrong } else { &[] }, &t)
    };
    let forms = match own.second {
        None => vec![form(PATH, "work-second-set", "work-second-confirm", "work-second-confirm-help", Which::Set)],
        Some(_) => vec![
            form(
                &format!("{PATH}/codes"),
                "work-second-renew",
                "work-second-codes-new",
                "work-second-codes-new-help",
                Which::Codes,
            ),
            form(
                &format!("{PATH}/off"),
                "work-second-remove",
                "work-second-remove-title",
                "work-second-remove-help",
                Which::Off,
            ),
        ],
    };
    let page = SecondPage {
        copied: codes.join("\n"),
        offered: own.offered.as_ref().map(offered).transpose()?,
        state,
        codes,
        forms,
        frame,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &page))
}

fn offered(offered: &Offered) -> jinmen_core::Result<OfferedView> {
    let groups = offered.text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>();
    Ok(OfferedView {
        text: groups.join(" "),
        address: offered.address.clone(),
        qr: ui::qr(&offered.address).map_err(jinmen_core::Error::internal)?,
    })
}
