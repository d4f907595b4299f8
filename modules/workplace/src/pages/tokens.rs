//! Tokens with which programs act in one's place; the secret is shown on one page, once.

use access::{ApiSecret, ApiToken};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use jinmen_core::{Area, Areas, Fault, Hat, Text2, areas};
use module::{Answer, App, Form, Path, Visit};
use ui::{Cell, Choice, Column, Empty, Field, FieldKind, Frame, Row, Table, Words};

use super::{Token, faults};
use crate::ops;
use crate::ops::tokens::{LIVES, Own, TypedToken};

const PATH: &str = "/account/tokens";
const COOKIE: &str = "jinmen_token";
/// Minutes in which the secret is shown.
const SHOWN_MINUTES: i64 = 5;

#[derive(Template)]
#[template(path = "account/tokens.html")]
struct TokensPage {
    frame: Frame,
    secret: Option<String>,
    example: String,
    table: Table,
    form: Option<ui::Form>,
}

/// The tokens; one just made is shown this once.
pub async fn show(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Answer {
    let cookie = CookieJar::from_headers(&headers).get(COOKIE).and_then(|cookie| ApiSecret::presented(cookie.value()));
    let shown = cookie.is_some();
    let answer = page(&app, &visit, &TypedToken::default(), &[], cookie).await?;
    if !shown {
        return Ok(answer);
    }
    Ok((CookieJar::new().add(secret_cookie(&app, None)), answer).into_response())
}

/// Carries a secret to the page that shows it, or ends that. It is not in the answer to the form, which may be kept for
/// a repeat.
fn secret_cookie(app: &App, secret: Option<&ApiSecret>) -> Cookie<'static> {
    let value = secret.map(|secret| secret.expose().to_owned()).unwrap_or_default();
    Cookie::build((COOKIE, value))
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.https())
        .max_age(time::Duration::minutes(if secret.is_some() { SHOWN_MINUTES } else { 0 }))
        .build()
}

/// Makes one.
pub async fn make(State(app): State<App>, visit: Visit, Form(input): Form<TypedToken>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    match ops::tokens::make(&app, &visit, &input).await {
        Ok(secret) => {
            let answer = visit.done(PATH, "work-flash-token");
            Ok((CookieJar::new().add(secret_cookie(&app, Some(&secret))), answer).into_response())
        }
        Err(error) => page(&app, &visit, &input, &faults(error)?, None).await,
    }
}

/// Ends one.
pub async fn revoke(State(app): State<App>, visit: Visit, Path(id): Path<String>, Form(input): Form<Token>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    ops::tokens::revoke(&app, &visit, &id).await?;
    Ok(visit.done(PATH, "work-flash-token-revoked"))
}

async fn page(
    app: &App,
    visit: &Visit,
    input: &TypedToken,
    wrong: &[Fault],
    secret: Option<ApiSecret>,
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let own = ops::tokens::read(app, visit).await?;
    let mut frame = app.work_frame(visit, t.of("work-tokens")).await?;
    frame.crumbs = vec![ui::Crumb { label: t.of("ui-account"), href: "/account".to_owned() }];
    let origin = app.config.public_url.trim_end_matches('/');
    let page = TokensPage {
        example: format!("curl -H 'Authorization: Bearer jmt_…' '{origin}/api/v1/me'"),
        secret: secret.map(|secret| secret.expose().to_owned()),
        table: table(app, &t, visit, &own),
        form: (!own.hats.is_empty()).then(|| form(&t, visit, &own, input).faults(wrong, &t)),
        frame,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &page))
}

fn table(app: &App, t: &Words, visit: &Visit, own: &Own) -> Table {
    let now = app.clock.now();
    let row = |token: &ApiToken| {
        let hat = own.hats.iter().find(|(hat, _)| hat.grant == token.grant);
        // A hat that is gone leaves a token that opens nothing any more.
        let hat = hat.map_or_else(|| t.of("work-token-hat-gone"), |(hat, name)| hat_label(t, hat, name.as_ref()));
        let end = format!("{PATH}/{}/revoke", token.id);
        let used = token.last_used_at.map_or_else(|| t.of("work-token-unused"), |used| t.ago(used, now));
        Row::plain(vec![
            Cell::Two(token.name.clone(), hat),
            areas_label(t, &token.areas).into(),
            t.date(token.expires_at.date()).into(),
            used.into(),
            Cell::Html(ui::Form::post(end, &visit.form_token, t.of("work-token-revoke")).show(t)),
        ])
    };
    Table {
        caption: t.of("work-tokens"),
        columns: ["work-token", "work-token-scopes", "work-token-until", "work-token-used", "work-token-action"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: own.tokens.iter().map(row).collect(),
        empty: Empty { title: t.of("work-tokens-none"), text: t.of("work-tokens-none-text"), ..Empty::default() },
        ..Table::default()
    }
}

fn form(t: &Words, visit: &Visit, own: &Own, input: &TypedToken) -> ui::Form {
    let hats = own.hats.iter().map(|(hat, name)| Choice::new(hat.grant.text(), hat_label(t, hat, name.as_ref())));
    let worn = visit.actor.hat().map(|hat| hat.grant.text()).unwrap_or_default();
    let chosen = |typed: &str, first: String| if typed.is_empty() { first } else { typed.to_owned() };
    let lives = LIVES.map(|days| Choice::new(days.to_string(), t.with("work-token-days", &[("days", days.into())])));
    let scopes = own.areas.iter().map(|area| Choice::new(area.to_string(), area_label(t, area))).collect();
    let mut fields = vec![
        Field::text("name", t.of("work-token-name"))
            .required()
            .max_length(access::MAX_TOKEN_NAME as u32)
            .help(t.of("work-token-name-help"))
            .value(&input.name),
        Field::select("hat", t.of("work-token-hat"), hats.collect()).required().half().value(chosen(&input.hat, worn)),
        Field::select("days", t.of("work-token-life"), lives.into())
            .required()
            .half()
            .value(chosen(&input.days, access::TOKEN_DAYS.to_string())),
        Field::checkboxes("scopes", t.of("work-token-scopes"), scopes)
            .required()
            .help(t.of("work-token-scopes-help"))
            .values(input.scopes.clone()),
    ];
    if own.has_password {
        let password = Field::new(FieldKind::Password, "old", t.of("work-password"));
        fields.push(password.required().autocomplete("current-password").help(t.of("work-token-password")));
    }
    ui::Form::post(PATH, &visit.form_token, t.of("work-token-make")).section(
        t.of("work-token-new"),
        t.of("work-token-new-help"),
        fields,
    )
}

fn hat_label(t: &Words, hat: &Hat, organization: Option<&Text2>) -> String {
    let role = t.of(&hat.role.message_key());
    match organization {
        Some(name) => t.with("module-hat", &[("organization", t.text(name).into()), ("role", role.into())]),
        None => role,
    }
}

fn area_label(t: &Words, area: &Area) -> String {
    if area.name == areas::EVERY {
        return t.of("work-token-every");
    }
    // A module that has not said what its area is called is named by its word.
    let key = format!("{}-area", area.name);
    let name = if t.has(&key) { t.of(&key) } else { area.name.clone() };
    t.with(if area.write { "work-token-write" } else { "work-token-read" }, &[("area", name.into())])
}

fn areas_label(t: &Words, areas: &Areas) -> String {
    let Areas::Only(areas) = areas else { return String::new() };
    areas.iter().map(|area| area_label(t, area)).collect::<Vec<_>>().join(&t.of("work-token-and"))
}
