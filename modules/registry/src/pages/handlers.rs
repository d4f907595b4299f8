//! Those who act for an organisation: administrators, handlers, deputies; and the claims against them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Fault, GrantId, Matter, OrganizationId, Role};
use module::{Answer, App, Form as FormBody, Path, Visit};
use serde::Deserialize;
use ui::{
    Alert, Badge, Cell, Choice, Column, Empty, Field, FieldKind, Form, Html, Link, Row, Table, Tabs, Tone, Words,
};

use super::shared::{FilePage, Panel, button_form, frame};
use crate::model::{Claim, ClaimId, ClaimState};
use crate::ops::claims;
use crate::ops::handlers::{self, Acting, HandlerDraft, Handlers};

/// The page.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<OrganizationId>) -> Answer {
    draw(&app, &visit, id, &HandlerDraft::default(), &[]).await
}

/// Names a handler.
pub(crate) async fn appoint(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<HandlerDraft>,
) -> Answer {
    match handlers::appoint(&app, &visit.actor, id, &sent).await {
        Ok(_) => Ok(visit.done(&path(id), "registry-flash-handler")),
        Err(Error::Invalid(faults)) => draw(&app, &visit, id, &sent, &faults).await,
        Err(Error::Conflict(fault)) => draw(&app, &visit, id, &sent, &[fault]).await,
        Err(other) => Err(other.into()),
    }
}

/// Dismisses one.
pub(crate) async fn dismiss(
    State(app): State<App>,
    visit: Visit,
    Path((id, grant)): Path<(OrganizationId, GrantId)>,
) -> Answer {
    handlers::dismiss(&app, &visit.actor, id, grant).await?;
    Ok(visit.done(&path(id), "registry-flash-handler-ended"))
}

/// An objection.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Objection {
    text: String,
}

/// Says against a claim that somebody acts for the organisation already.
pub(crate) async fn object(
    State(app): State<App>,
    visit: Visit,
    Path((id, claim)): Path<(OrganizationId, ClaimId)>,
    FormBody(sent): FormBody<Objection>,
) -> Answer {
    claims::read::object_to(&app, &visit.actor, claim, &sent.text).await?;
    Ok(visit.done(&path(id), "registry-flash-objection"))
}

fn path(id: OrganizationId) -> String {
    format!("/work/organizations/{id}/handlers")
}

async fn draw(app: &App, visit: &Visit, id: OrganizationId, typed: &HandlerDraft, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let known = handlers::read(app, &visit.actor, id).await?;
    let base = format!("/work/organizations/{id}");
    let against: Vec<Claim> = claims::read::of_organization(app, id)
        .await?
        .into_iter()
        .filter(|claim| claim.state == ClaimState::Submitted && Some(claim.account) != visit.actor.account())
        .collect();
    let mut panels = Vec::new();
    for claim in &against {
        panels.push(objection(&t, visit, id, claim, &known));
    }
    panels.push(Panel::new("acting", t.of("registry-handlers"), table(app, &t, visit, &known).show(&t)));
    if known.may_name {
        panels.push(Panel::new("new", t.of("registry-handler-new"), form(app, &t, visit, id, typed, wrong).show(&t)));
    }
    let crumbs = [("/work/organizations", t.of("registry-organizations")), (&base, t.text(&known.organization.name))];
    let alert = known.organization.claimed_at.is_none().then(|| Alert::new(Tone::Info, t.of("registry-not-claimed")));
    let view = FilePage {
        frame: frame(app, visit, t.of("registry-handlers"), &crumbs).await?,
        subtitle: t.text(&known.organization.name),
        badges: Vec::new(),
        actions: vec![Link::new(t.of("registry-representative-changed"), "/claim".to_owned())],
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &view))
}

/// A claim by somebody else, to which whoever acts for the organisation may object.
fn objection(t: &Words, visit: &Visit, id: OrganizationId, claim: &Claim, known: &Handlers) -> Panel {
    let args = [("name", claim.claimant_name.clone().into()), ("number", claim.number.clone().into())];
    let text = Alert::new(Tone::Warning, t.with("registry-claim-against", &args)).show();
    let may = known.may_name && visit.actor.is(Role::EnterpriseAdmin);
    let form = if may {
        let action = visit.once(&format!("/work/organizations/{id}/claims/{}/objection", claim.id));
        Form::post(action, visit.form_token.clone(), t.of("registry-claim-object"))
            .id("objection")
            .fields_only(vec![Field::text_area("text", t.of("registry-claim-objection")).required().max_length(1_000)])
            .show(t)
    } else {
        Html::default()
    };
    Panel::new("against", t.of("registry-claim-others"), Html::of(&super::shared::Pair(text, form)))
}

fn table(app: &App, t: &Words, visit: &Visit, known: &Handlers) -> Table {
    let id = known.organization.id;
    let rows = known.acting.iter().map(|one| {
        let mut cells = vec![
            Cell::Two(t.text(&one.name), one.grant.reason.clone().unwrap_or_default()),
            Cell::Two(t.of(&one.grant.role.message_key()), matters(t, one)),
            Cell::Text(period(t, one)),
            Cell::Badge(state(app, t, one)),
        ];
        if known.may_name {
            let ends = one.grant.revoked_at.is_none()
                && (one.grant.role == Role::EnterpriseHandler || !visit.actor.is(Role::EnterpriseAdmin))
                && one.grant.deputy_of.is_none();
            let action = format!("/work/organizations/{id}/handlers/{}/dismiss", one.grant.id);
            cells.push(match ends {
                true => Cell::Html(button_form(visit, &action, &[], &t.of("registry-end")).show(t)),
                false => Cell::Nothing,
            });
        }
        Row::plain(cells)
    });
    let mut columns = vec![
        Column::text(t.of("registry-column-person")),
        Column::text(t.of("registry-handler-scope")),
        Column::text(t.of("registry-column-period")),
        Column::text(t.of("registry-column-held")),
    ];
    if known.may_name {
        columns.push(Column::text(t.of("registry-column-action")));
    }
    Table {
        caption: t.of("registry-handlers"),
        columns,
        rows: rows.collect(),
        empty: Empty { title: t.of("registry-handlers-none"), ..Empty::default() },
        ..Table::default()
    }
}

fn matters(t: &Words, one: &Acting) -> String {
    if let Some(principal) = &one.deputy_for {
        return t.with("registry-handler-deputy", &[("name", t.text(principal).into())]);
    }
    match one.grant.matters.limited() {
        None => t.of("registry-handler-all"),
        Some(some) => {
            let words: Vec<String> = some.iter().map(|matter| t.of(&matter_key(*matter))).collect();
            words.join(if t.is_chinese() { "、" } else { ", " })
        }
    }
}

fn matter_key(matter: Matter) -> String {
    format!("registry-matter-{}", matter.code())
}

fn period(t: &Words, one: &Acting) -> String {
    let day = |day: jinmen_core::Date| t.date(day);
    let from = one.grant.from.map_or_else(|| day(one.grant.created_at.date()), day);
    format!("{from} – {}", one.grant.until.map_or_else(|| t.of("registry-always"), day))
}

fn state(app: &App, t: &Words, one: &Acting) -> Badge {
    let today = app.clock.today();
    match () {
        () if one.grant.revoked_at.is_some() => Badge::new(Tone::Neutral, t.of("registry-handler-revoked")),
        () if one.grant.holds_on(today) => Badge::new(Tone::Good, t.of("registry-handler-in-force")),
        () if one.grant.from.is_some_and(|from| today < from) => Badge::new(Tone::Info, t.of("registry-handler-later")),
        () => Badge::new(Tone::Warning, t.of("registry-handler-expired")),
    }
}

fn form(app: &App, t: &Words, visit: &Visit, id: OrganizationId, typed: &HandlerDraft, wrong: &[Fault]) -> Form {
    let matters = Matter::ALL.into_iter().map(|matter| {
        Choice::new(matter.code(), t.of(&matter_key(matter))).help(t.of(&format!("{}-help", matter_key(matter))))
    });
    let year = app.clock.today().add_days(365).map(|day| day.to_string()).unwrap_or_default();
    let until = if typed.until.is_empty() { year } else { typed.until.clone() };
    Form::post(visit.once(&path(id)), visit.form_token.clone(), t.of("registry-handler-appoint"))
        .id("handler")
        .fields_only(vec![
            Field::text("name", t.of("registry-claim-name")).required().max_length(60).half().value(&typed.name),
            Field::new(FieldKind::Telephone, "mobile", t.of("registry-handler-mobile"))
                .required()
                .max_length(20)
                .half()
                .help(t.of("registry-handler-mobile-help"))
                .value(&typed.mobile),
            Field::checkboxes("matters", t.of("registry-handler-scope"), matters.collect())
                .required()
                .values(typed.matters.clone()),
            Field::date("until", t.of("registry-until")).required().half().value(until),
            Field::text("reason", t.of("registry-handler-reason"))
                .max_length(200)
                .half()
                .help(t.of("registry-handler-reason-help"))
                .value(&typed.reason),
        ])
        .faults(wrong, t)
}
