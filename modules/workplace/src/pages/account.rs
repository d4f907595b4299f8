//! One's own account.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::Fault;
use module::{Answer, App, Form, Path, Visit};
use serde::Deserialize;
use ui::{Badge, Cell, Column, Empty, Fact, Facts, Field, FieldKind, Frame, Row, Table, Tone, Words};

use super::tasks::home_crumb;
use super::{Token, faults};
use crate::ops;
use crate::ops::account::Own;

#[derive(Template)]
#[template(path = "account/account.html")]
struct AccountPage {
    frame: Frame,
    facts: Facts,
    roles: Table,
    devices: Vec<DeviceView>,
    mobile: Option<ui::Form>,
    form: ui::Form,
    telephone: String,
}

struct DeviceView {
    id: String,
    name: String,
    address: String,
    seen: String,
    since: String,
    current: bool,
}

/// The account.
pub async fn show(State(app): State<App>, visit: Visit) -> Answer {
    page(&app, &visit, &[], &[]).await
}

/// The account once more, for a number that could not be taken.
pub(super) async fn again(app: &App, visit: &Visit, wrong: &[Fault]) -> Answer {
    page(app, visit, &[], wrong).await
}

/// The passwords typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Passwords {
    old: String,
    password: String,
    again: String,
    form_token: String,
}

/// Changes the password.
pub async fn change_password(State(app): State<App>, visit: Visit, Form(input): Form<Passwords>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    match ops::account::change_password(&app, &visit, &input.old, &input.password, &input.again).await {
        Ok(()) => Ok(visit.done("/account", "work-flash-password")),
        Err(error) => page(&app, &visit, &faults(error)?, &[]).await,
    }
}

/// Signs another device out.
pub async fn revoke_device(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Form(input): Form<Token>,
) -> Answer {
    visit.check_form_token(&input.form_token)?;
    ops::account::revoke_device(&app, &visit, &id).await?;
    Ok(visit.done("/account", "work-flash-device"))
}

async fn page(app: &App, visit: &Visit, wrong: &[Fault], mobile_wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let own = ops::account::read(app, visit).await?;
    let mut frame = app.work_frame(visit, t.of("ui-account")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let page = AccountPage {
        facts: facts(&t, visit, &own),
        roles: roles(app, &t, &own.roles, &t.of("work-account-roles-none")),
        devices: devices(app, &t, visit, &own),
        mobile: ops::code::available(app).then(|| mobile_form(&t, visit, &own, mobile_wrong)),
        form: password_form(&t, visit, wrong),
        telephone: app.settings().telephone,
        frame,
    };
    let status =
        if wrong.is_empty() && mobile_wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &page))
}

fn facts(t: &Words, visit: &Visit, own: &Own) -> Facts {
    let fact =
        |key: &str, value: String| Fact::plain(t.of(key), if value.is_empty() { t.of("ui-none") } else { value });
    let language = t.of(if t.is_chinese() { "work-language-zh" } else { "work-language-en" });
    let size = t.of(if visit.large { "work-size-large" } else { "work-size-normal" });
    Facts {
        lines: vec![
            fact("work-display-name", own.account.display_name.clone()),
            fact("work-account-name", own.account.name.clone()),
            fact("work-mobile", own.mobile.as_ref().map(ToString::to_string).unwrap_or_default()),
            fact("work-email", own.account.email.clone().unwrap_or_default()),
            fact("work-account-since", t.date(own.account.created_at.date())),
            fact("work-language", language),
            fact("work-size", size),
        ],
        ..Facts::default()
    }
}

/// Roles as rows: which, for whom, how long, and whether it is in force.
pub fn roles(app: &App, t: &Words, roles: &[(access::Grant, Option<jinmen_core::Text2>)], none: &str) -> Table {
    let today = app.clock.today();
    let row = |(grant, organization): &(access::Grant, Option<jinmen_core::Text2>)| {
        Row::plain(vec![
            t.of(&grant.role.message_key()).into(),
            organization.as_ref().map_or(Cell::Nothing, |name| t.text(name).into()),
            period(t, grant).into(),
            Cell::Badge(state(t, grant, today)),
        ])
    };
    Table {
        caption: t.of("work-roles"),
        columns: ["work-role", "work-organization", "work-role-period", "work-state"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: roles.iter().map(row).collect(),
        empty: Empty { title: none.to_owned(), ..Empty::default() },
        ..Table::default()
    }
}

/// How long a role holds, in words.
pub fn period(t: &Words, grant: &access::Grant) -> String {
    match (grant.from, grant.until) {
        (None, None) => t.of("work-period-open"),
        (Some(from), None) => t.with("work-period-from", &[("from", t.date(from).into())]),
        (None, Some(until)) => t.with("work-period-until", &[("until", t.date(until).into())]),
        (Some(from), Some(until)) => {
            t.with("work-period", &[("from", t.date(from).into()), ("until", t.date(until).into())])
        }
    }
}

/// How a role stands.
pub fn state(t: &Words, grant: &access::Grant, today: jinmen_core::Date) -> Badge {
    let (tone, key) = if grant.revoked_at.is_some() {
        (Tone::Neutral, "work-role-revoked")
    } else if grant.holds_on(today) {
        (Tone::Good, "work-role-in-force")
    } else if grant.from.is_some_and(|from| today < from) {
        (Tone::Info, "work-role-later")
    } else {
        (Tone::Neutral, "work-role-ended")
    };
    Badge::new(tone, t.of(key))
}

fn devices(app: &App, t: &Words, visit: &Visit, own: &Own) -> Vec<DeviceView> {
    let here = visit.session.as_ref().map(|session| session.id.as_str());
    let now = app.clock.now();
    let view = |device: &access::Device| DeviceView {
        id: device.id.clone(),
        name: if device.device.is_empty() { t.of("work-device-unknown") } else { device.device.clone() },
        address: device.address.clone(),
        seen: t.with("work-device-seen", &[("ago", t.ago(device.last_seen_at, now).into())]),
        since: t.with("work-device-since", &[("when", t.instant(device.created_at).into())]),
        current: Some(device.id.as_str()) == here,
    };
    own.devices.iter().map(view).collect()
}

/// A number is one's own once the code that came to it was typed.
fn mobile_form(t: &Words, visit: &Visit, own: &Own, wrong: &[Fault]) -> ui::Form {
    let mut fields = vec![
        Field::new(FieldKind::Telephone, "mobile", t.of("work-mobile-new"))
            .required()
            .max_length(20)
            .autocomplete("tel"),
    ];
    if own.account.has_password {
        let password = Field::new(FieldKind::Password, "password", t.of("work-password"));
        fields.push(password.required().autocomplete("current-password").help(t.of("work-mobile-password")));
    }
    ui::Form::post("/account/mobile", &visit.form_token, t.of("work-code-ask"))
        .id("mobile")
        .fields_only(fields)
        .faults(wrong, t)
}

fn password_form(t: &Words, visit: &Visit, wrong: &[Fault]) -> ui::Form {
    let password = |name: &str, key: &str, hint: &str| {
        Field::new(FieldKind::Password, name, t.of(key))
            .required()
            .autocomplete(hint)
            .max_length(access::MAX_PASSWORD as u32)
    };
    let fields = vec![
        password("old", "work-password-old", "current-password"),
        password("password", "work-password-new", "new-password")
            .help(t.with("work-password-rule", &[("least", access::MIN_PASSWORD.into())])),
        password("again", "work-password-again", "new-password"),
    ];
    ui::Form::post("/account/password", &visit.form_token, t.of("work-password-change"))
        .fields_only(fields)
        .faults(wrong, t)
}
