//! One account: its roles, its state, its invitation.

use access::Token as Secret;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use jinmen_core::Fault;
use module::{Answer, App, Form, Path, Visit};
use serde::Deserialize;
use ui::{Badge, Fact, Facts, Frame, Words};

use super::accounts::{role_fields, state};
use super::tasks::home_crumb;
use super::{Token, account, faults};
use crate::ops::roles::TypedRole;
use crate::{ops, permissions};

const COOKIE: &str = "jinmen_invitation";
/// Minutes in which the link is shown.
const SHOWN_MINUTES: i64 = 5;

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    frame: Frame,
    badge: Badge,
    facts: Facts,
    link: Option<String>,
    roles: Vec<RoleView>,
    form: ui::Form,
    path: String,
    active: bool,
    may_edit: bool,
    may_give: bool,
    own: bool,
    second: bool,
}

struct RoleView {
    name: String,
    organization: String,
    period: String,
    badge: Badge,
    revoke: Option<String>,
}

/// The account; an invitation just made is shown this once.
pub async fn show(State(app): State<App>, visit: Visit, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let cookie = CookieJar::from_headers(&headers).get(COOKIE).and_then(|cookie| Secret::presented(cookie.value()));
    let link =
        cookie.map(|token| format!("{}/invitation/{}", app.config.public_url.trim_end_matches('/'), token.expose()));
    let shown = link.is_some();
    let answer = page(&app, &visit, &id, &RoleForm::default(), &[], link).await?;
    if !shown {
        return Ok(answer);
    }
    Ok((CookieJar::new().add(invitation_cookie(&app, &format!("/work/accounts/{id}"), None)), answer).into_response())
}

/// Carries an invitation to the page that shows it, or ends that.
pub fn invitation_cookie(app: &App, path: &str, token: Option<&Secret>) -> Cookie<'static> {
    let value = token.map(|token| token.expose().to_owned()).unwrap_or_default();
    let minutes = if token.is_some() { SHOWN_MINUTES } else { 0 };
    Cookie::build((COOKIE, value))
        .path(path.to_owned())
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.https())
        .max_age(time::Duration::minutes(minutes))
        .build()
}

/// A role to be given.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RoleForm {
    role: String,
    organization: String,
    from: String,
    until: String,
    form_token: String,
}

/// Gives a role.
pub async fn give(State(app): State<App>, visit: Visit, Path(id): Path<String>, Form(input): Form<RoleForm>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    let typed = TypedRole {
        role: input.role.clone(),
        organization: input.organization.clone(),
        from: input.from.clone(),
        until: input.until.clone(),
    };
    match ops::roles::give(&app, &visit, &id, &typed).await {
        Ok(()) => Ok(visit.done(&format!("/work/accounts/{id}"), "work-flash-role")),
        Err(error) => page(&app, &visit, &id, &input, &faults(error)?, None).await,
    }
}

/// Takes a role back.
pub async fn revoke(
    State(app): State<App>,
    visit: Visit,
    Path((id, grant)): Path<(String, String)>,
    Form(input): Form<Token>,
) -> Answer {
    visit.check_form_token(&input.form_token)?;
    ops::roles::revoke(&app, &visit, &id, &grant).await?;
    Ok(visit.done(&format!("/work/accounts/{id}"), "work-flash-role-revoked"))
}

/// Whether it may sign in.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct StateForm {
    state: String,
    form_token: String,
}

/// Stops it, or lets it in again.
pub async fn set_state(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Form(input): Form<StateForm>,
) -> Answer {
    visit.check_form_token(&input.form_token)?;
    let disabled = match input.state.as_str() {
        "disabled" => true,
        "active" => false,
        _ => return Err(Fault::at("state", "core.choice").into()),
    };
    ops::accounts::disable(&app, &visit, &id, disabled).await?;
    let key = if disabled { "work-flash-stopped" } else { "work-flash-let-in" };
    Ok(visit.done(&format!("/work/accounts/{id}"), key))
}

/// Makes a new invitation.
pub async fn invite(State(app): State<App>, visit: Visit, Path(id): Path<String>, Form(input): Form<Token>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    let token = ops::accounts::invite(&app, &visit, &id).await?;
    let path = format!("/work/accounts/{id}");
    let answer = visit.done(&path, "work-flash-invited");
    Ok((CookieJar::new().add(invitation_cookie(&app, &path, Some(&token))), answer).into_response())
}

/// Takes the second proof from somebody who lost it.
pub async fn reset_second(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Form(input): Form<Token>,
) -> Answer {
    visit.check_form_token(&input.form_token)?;
    ops::second::reset(&app, &visit, &id).await?;
    Ok(visit.done(&format!("/work/accounts/{id}"), "work-flash-second-reset"))
}

async fn page(
    app: &App,
    visit: &Visit,
    id: &str,
    input: &RoleForm,
    wrong: &[Fault],
    link: Option<String>,
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let (found, grants) = ops::accounts::read(app, visit, id).await?;
    let second = access::second_of(&app.access, found.id).await?;
    let path = format!("/work/accounts/{}", found.id);
    let today = app.clock.today();
    let may = |permission| visit.actor.may_somewhere(permission).is_ok();
    let worn = visit.actor.hat().map(|hat| hat.grant);
    let roles = grants
        .iter()
        .map(|(grant, organization)| RoleView {
            name: t.of(&grant.role.message_key()),
            organization: organization.as_ref().map(|name| t.text(name)).unwrap_or_default(),
            period: account::period(&t, grant),
            badge: account::state(&t, grant, today),
            revoke: (grant.revoked_at.is_none() && worn != Some(grant.id))
                .then(|| format!("{path}/roles/{}/revoke", grant.id)),
        })
        .collect();
    let form = ui::Form::post(visit.once(&format!("{path}/roles")), &visit.form_token, t.of("work-role-give"))
        .section(
            t.of("work-role-give"),
            "",
            role_fields(&t, [&input.role, &input.organization, &input.from, &input.until]),
        )
        .faults(wrong, &t);
    let mut frame = app.work_frame(visit, found.display_name.clone()).await?;
    frame.crumbs = vec![home_crumb(&t), ui::Crumb { label: t.of("work-accounts"), href: "/work/accounts".to_owned() }];
    let page = AccountPage {
        badge: state(&t, &found),
        facts: facts(&t, &found, second),
        second: second.is_some(),
        own: visit.actor.account() == Some(found.id),
        active: found.active,
        may_edit: may(&permissions::ACCOUNT_EDIT),
        may_give: may(&permissions::ROLES),
        frame,
        link,
        roles,
        form,
        path,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &page))
}

fn facts(t: &Words, account: &access::Account, second: Option<access::Second>) -> Facts {
    let fact =
        |key: &str, value: String| Fact::plain(t.of(key), if value.is_empty() { t.of("ui-none") } else { value });
    let lines = vec![
        fact("work-account-name", account.name.clone()),
        fact("work-email", account.email.clone().unwrap_or_default()),
        fact("work-account-since", t.date(account.created_at.date())),
        fact("work-second", second.map(|second| t.date(second.since.date())).unwrap_or_default()),
    ];
    Facts { lines, ..Facts::default() }
}
