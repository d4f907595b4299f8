//! Accounts: the list, and opening one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jinmen_core::{Fault, Role};
use module::{Answer, App, Form, Query, Visit};
use serde::Deserialize;
use ui::{Badge, Cell, Choice, Column, Empty, Field, FieldKind, Frame, Link, Pager, Row, Table, Tone, Toolbar, Words};

use super::account_file::invitation_cookie;
use super::tasks::home_crumb;
use super::{faults, pager, request};
use crate::ops::open_account::TypedAccount;
use crate::ops::roles::{TypedRole, needs_organization};
use crate::{ops, permissions};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    q: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin/list.html")]
struct AccountsPage {
    frame: Frame,
    toolbar: Toolbar,
    table: Table,
    pager: Pager,
}

/// The list.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let accounts = ops::accounts::list(&app, &visit, &asked.q, &request(&asked.after)).await?;
    let mut frame = app.work_frame(&visit, t.of("work-accounts")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let may_open = visit.actor.may_somewhere(&permissions::ACCOUNT_EDIT).is_ok();
    let page = AccountsPage {
        toolbar: Toolbar {
            action: "/work/accounts".to_owned(),
            filters: vec![Field::new(FieldKind::Search, "q", t.of("work-accounts-search")).value(&asked.q)],
            primary: may_open.then(|| Link::new(t.of("work-accounts-new"), "/work/accounts/new").icon("user-plus")),
            ..Toolbar::default()
        },
        table: table(&t, &accounts.items),
        pager: pager("/work/accounts", &[("q", &asked.q)], &asked.after, accounts.next.as_deref()),
        frame,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

fn table(t: &Words, accounts: &[access::Account]) -> Table {
    let row = |account: &access::Account| {
        let cells = vec![
            Cell::Two(account.display_name.clone(), account.name.clone()),
            account.email.clone().map_or(Cell::Nothing, Cell::Text),
            Cell::Badge(state(t, account)),
            Cell::Date(account.created_at.date()),
        ];
        Row::link(format!("/work/accounts/{}", account.id), cells)
    };
    Table {
        caption: t.of("work-accounts"),
        columns: ["work-account", "work-email", "work-state", "work-account-since"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: accounts.iter().map(row).collect(),
        empty: Empty { title: t.of("work-accounts-none"), text: t.of("work-accounts-none-text"), steps: Vec::new() },
        ..Table::default()
    }
}

/// How an account stands.
pub fn state(t: &Words, account: &access::Account) -> Badge {
    match (account.active, account.has_password) {
        (false, _) => Badge::new(Tone::Bad, t.of("work-account-stopped")),
        (true, false) => Badge::new(Tone::Warning, t.of("work-account-invited")),
        (true, true) => Badge::new(Tone::Good, t.of("work-account-active")),
    }
}

#[derive(Template)]
#[template(path = "admin/form.html")]
struct NewPage {
    frame: Frame,
    lead: String,
    form: ui::Form,
}

/// What an account is opened with.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewForm {
    account: String,
    name: String,
    email: String,
    mobile: String,
    role: String,
    organization: String,
    from: String,
    until: String,
    form_token: String,
}

/// Asks for the new account.
pub async fn ask(State(app): State<App>, visit: Visit) -> Answer {
    page(&app, &visit, StatusCode::OK, &NewForm::default(), &[]).await
}

/// Opens it. The invitation's link travels in a cookie of a few minutes to the page that shows it once:
/// answers are kept for retries, and a secret should not be kept with them.
pub async fn open(State(app): State<App>, visit: Visit, Form(input): Form<NewForm>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    let role = TypedRole {
        role: input.role.clone(),
        organization: input.organization.clone(),
        from: input.from.clone(),
        until: input.until.clone(),
    };
    let typed = TypedAccount {
        account: input.account.clone(),
        name: input.name.clone(),
        email: input.email.clone(),
        mobile: input.mobile.clone(),
        role,
    };
    match ops::open_account::open(&app, &visit, &typed).await {
        Ok((account, token)) => {
            let path = format!("/work/accounts/{account}");
            let answer = visit.done(&path, "work-flash-account");
            Ok((axum_extra::extract::CookieJar::new().add(invitation_cookie(&app, &path, Some(&token))), answer)
                .into_response())
        }
        Err(error) => page(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, &input, &faults(error)?).await,
    }
}

async fn page(app: &App, visit: &Visit, status: StatusCode, input: &NewForm, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let person = vec![
        Field::text("name", t.of("work-display-name"))
            .required()
            .max_length(60)
            .half()
            .help(t.of("work-display-name-help"))
            .value(&input.name),
        Field::text("account", t.of("work-account-name"))
            .required()
            .max_length(64)
            .half()
            .help(t.of("work-account-name-help"))
            .value(&input.account),
        Field::new(FieldKind::Telephone, "mobile", t.of("work-mobile"))
            .max_length(20)
            .help(t.of("work-mobile-account-help"))
            .value(&input.mobile),
        Field::new(FieldKind::Email, "email", t.of("work-email"))
            .half()
            .help(t.of("work-email-help"))
            .value(&input.email),
    ];
    let role = role_fields(&t, [&input.role, &input.organization, &input.from, &input.until]);
    let form = ui::Form::post(visit.once("/work/accounts/new"), &visit.form_token, t.of("work-accounts-open"))
        .section(t.of("work-new-person"), t.of("work-new-person-help"), person)
        .section(t.of("work-new-role"), t.of("work-new-role-help"), role)
        .cancel("/work/accounts")
        .faults(wrong, &t);
    let mut frame = app.work_frame(visit, t.of("work-accounts-new")).await?;
    frame.crumbs = vec![home_crumb(&t), ui::Crumb { label: t.of("work-accounts"), href: "/work/accounts".to_owned() }];
    Ok(ui::page(status, &NewPage { lead: t.of("work-accounts-new-lead"), frame, form }))
}

/// The questions about a role: which, for whom, from when to when.
pub fn role_fields(t: &Words, [role, organization, from, until]: [&str; 4]) -> Vec<Field> {
    let choices = Role::ALL.iter().map(|role| {
        let name = t.of(&role.message_key());
        let label = if needs_organization(*role) { t.with("work-role-of", &[("role", name.into())]) } else { name };
        Choice::new(role.code(), label)
    });
    vec![
        Field::select("role", t.of("work-role"), choices.collect())
            .required()
            .half()
            .help(t.of("work-role-help"))
            .value(role),
        Field::text("organization", t.of("work-organization"))
            .half()
            .max_length(200)
            .help(t.of("work-organization-help"))
            .value(organization),
        Field::date("from", t.of("work-role-from")).half().help(t.of("work-role-from-help")).value(from),
        Field::date("until", t.of("work-role-until")).half().help(t.of("work-role-until-help")).value(until),
    ]
}
