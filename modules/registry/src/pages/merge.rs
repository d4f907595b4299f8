//! Joining two files of one organisation: which other, both side by side, and undoing it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jinmen_core::{Error, Fault, OrganizationId};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{Alert, Cell, Choice, Column, Empty, Field, Form, Html, Link, Row, Table, Tabs, Tone, Words};

use super::facts::value_words;
use super::organizations::PATH;
use super::shared::{FilePage, Pair, Panel, button_form, frame};
use crate::dictionary::dictionary;
use crate::model::{AsOf, MergeId, MergeRow, Organization};
use crate::ops::merge::{self, Side};

/// Which other file.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    other: String,
}

/// What the form sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Sent {
    other: String,
    keep: String,
    reason: String,
}

fn path(id: OrganizationId) -> String {
    format!("{PATH}/{id}/merge")
}

/// Which other file it is, and both side by side once that is known.
pub(crate) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Query(asked): Query<Asked>,
) -> Answer {
    if asked.other.trim().is_empty() {
        return choose(&app, &visit, id, "", &[]).await;
    }
    match merge::other(&app, &visit.actor, id, &asked.other).await {
        Ok(other) => side_by_side(&app, &visit, id, other, StatusCode::OK, |form| form).await,
        Err(Error::Invalid(faults)) => choose(&app, &visit, id, &asked.other, &faults).await,
        Err(other) => Err(other.into()),
    }
}

async fn page(
    app: &App,
    visit: &Visit,
    id: OrganizationId,
    status: StatusCode,
    panels: Vec<Panel>,
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let name = t.text(&app.organization_name(id).await);
    let base = format!("{PATH}/{id}");
    let crumbs = [(PATH, t.of("registry-organizations")), (base.as_str(), name.clone())];
    let view = FilePage {
        frame: frame(app, visit, t.of("registry-merge"), &crumbs).await?,
        subtitle: t.of("registry-merge-lead"),
        badges: Vec::new(),
        actions: Vec::new(),
        alert: None,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

async fn choose(app: &App, visit: &Visit, id: OrganizationId, typed: &str, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let likely = merge::likely(app, &visit.actor, id).await?;
    let field = Field::text("other", t.of("registry-merge-other"))
        .required()
        .max_length(200)
        .help(t.of("registry-merge-other-help"))
        .value(typed);
    let form = Form::get(path(id), t.of("registry-merge-compare")).fields_only(vec![field]).faults(wrong, &t);
    let row = |one: &Organization| {
        let code = one.uscc.map(|code| code.to_string()).unwrap_or_else(|| t.of("registry-no-uscc"));
        Row::link(format!("{}?other={}", path(id), one.id), vec![Cell::Text(t.text(&one.name)), Cell::Text(code)])
    };
    let table = Table {
        caption: t.of("registry-merge-likely"),
        columns: vec![Column::text(t.of("registry-column-name")), Column::text(t.of("registry-uscc"))],
        rows: likely.iter().map(row).collect(),
        empty: Empty { title: t.of("registry-merge-likely-none"), ..Empty::default() },
        ..Table::default()
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let panels = vec![
        Panel::new("other", t.of("registry-merge-which"), form.show(&t)),
        Panel::new("likely", t.of("registry-merge-likely"), table.show(&t)),
    ];
    page(app, visit, id, status, panels).await
}

async fn side_by_side(
    app: &App,
    visit: &Visit,
    id: OrganizationId,
    other: OrganizationId,
    status: StatusCode,
    each: impl Fn(Form) -> Form,
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let pair = merge::compare(app, &visit.actor, id, other).await?;
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let table = compared(&t, &pair.files, as_of);
    let form = each(form(&t, visit, id, &pair.files));
    let panels = vec![
        Panel::new("compare", t.of("registry-merge-compare"), table.show(&t)),
        Panel::new("merge", t.of("registry-merge"), form.show(&t)),
    ];
    page(app, visit, id, status, panels).await
}

fn compared(t: &Words, sides: &[Side; 2], as_of: AsOf) -> Table {
    let [one, two] = sides;
    let mut rows = Vec::new();
    let mut row = |label: String, a: String, b: String| {
        if !a.is_empty() || !b.is_empty() {
            rows.push(Row::plain(vec![Cell::Text(label), Cell::Text(a), Cell::Text(b)]));
        }
    };
    let code = |side: &Side| side.organization.uscc.map(|code| code.to_string()).unwrap_or_default();
    row(t.of("registry-uscc"), code(one), code(two));
    let since = |side: &Side| t.instant(side.organization.created_at);
    row(t.of("registry-merge-since"), since(one), since(two));
    let acts = |side: &Side| side.organization.claimed_at.map(|at| t.instant(at)).unwrap_or_default();
    row(t.of("registry-filter-claimed"), acts(one), acts(two));
    for (key, count) in [
        ("registry-merge-facts", (one.facts.count(), two.facts.count())),
        ("registry-merge-people", (one.people, two.people)),
        ("registry-merge-relations", (one.relations, two.relations)),
    ] {
        row(t.of(key), t.number(count.0 as i64), t.number(count.1 as i64));
    }
    for key in dictionary().of_subject("organization").filter(|key| !key.by_year) {
        let value = |side: &Side| {
            let value = side.facts.current(&key.key, as_of).and_then(|fact| fact.value.as_ref());
            value.map(|value| value_words(t, key, value)).unwrap_or_default()
        };
        let (a, b) = (value(one), value(two));
        if a != b {
            row(key.label(t.locale).to_owned(), a, b);
        }
    }
    Table {
        caption: t.of("registry-merge-compare"),
        columns: vec![
            Column::text(t.of("registry-claim-what")),
            Column::text(t.text(&one.organization.name)),
            Column::text(t.text(&two.organization.name)),
        ],
        rows,
        ..Table::default()
    }
}

fn form(t: &Words, visit: &Visit, id: OrganizationId, sides: &[Side; 2]) -> Form {
    let choice = |side: &Side| Choice::new(side.organization.id.text(), t.text(&side.organization.name));
    // The one that is claimed, else the one that has a code, else the fuller one is likely the right one.
    let weight =
        |side: &Side| (side.organization.claimed_at.is_some(), side.organization.uscc.is_some(), side.facts.count());
    let [one, two] = sides;
    let better = if weight(two) > weight(one) { two } else { one };
    let other = if one.organization.id == id { two } else { one };
    Form::post(visit.once(&path(id)), visit.form_token.clone(), t.of("registry-merge-do"))
        .id("merge")
        .fields_only(vec![
            Field::hidden("other", other.organization.id.text()),
            Field::radio("keep", t.of("registry-merge-keep"), sides.iter().map(choice).collect())
                .required()
                .value(better.organization.id.text()),
            Field::text("reason", t.of("registry-merge-reason")).required().max_length(200),
        ])
        .cancel(format!("{PATH}/{id}"))
}

/// Joins them.
pub(crate) async fn merge(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let other = merge::other(&app, &visit.actor, id, &sent.other).await?;
    let (from, to) = match sent.keep == other.text() {
        true => (id, other),
        false => (other, id),
    };
    match merge::merge(&app, &visit.actor, from, to, &sent.reason).await {
        Ok(_) => Ok(visit.done(&format!("{PATH}/{to}"), "registry-flash-merged")),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, blamed) = super::shared::again(&t, Form::default(), error)?;
            let each = |form: Form| {
                let mut form = form.fill(|name| match name {
                    "keep" => vec![sent.keep.as_str()],
                    "reason" => vec![sent.reason.as_str()],
                    _ => vec![sent.other.as_str()],
                });
                form.errors = blamed.errors.clone();
                form
            };
            side_by_side(&app, &visit, id, other, status, each).await
        }
    }
}

/// Parts them again.
pub(crate) async fn undo(
    State(app): State<App>,
    visit: Visit,
    Path((_, merge)): Path<(OrganizationId, MergeId)>,
) -> Answer {
    let parted = merge::undo(&app, &visit.actor, merge).await?;
    Ok(visit.done(&format!("{PATH}/{parted}"), "registry-flash-parted"))
}

/// A file that was joined to another is that one.
pub(crate) async fn moved(app: &App, id: OrganizationId) -> Option<Response> {
    let to = merge::went_to(app, id).await.ok().flatten()?;
    Some(Redirect::permanent(&format!("{PATH}/{to}")).into_response())
}

/// What was joined to a file, beside it.
pub(crate) fn panel(t: &Words, visit: &Visit, id: OrganizationId, joined: &[MergeRow], may: bool) -> Option<Panel> {
    let mut body = Html::default();
    for one in joined {
        let args = [
            ("name", one.name.clone().into()),
            ("who", one.merged_name.clone().into()),
            ("when", t.instant(one.merged_at).into()),
            ("reason", one.reason.clone().into()),
        ];
        let key = if one.undone_at.is_some() { "registry-merge-was-undone" } else { "registry-merge-was" };
        let text = Alert::new(Tone::Neutral, t.with(key, &args)).show();
        let form = match one.undone_at {
            None if may => {
                let action = format!("{PATH}/{id}/merges/{}/undo", one.id);
                Form { quiet: true, ..button_form(visit, &action, &[], &t.of("registry-merge-undo")) }.show(t)
            }
            _ => Html::default(),
        };
        body = Html::of(&Pair(body, Html::of(&Pair(text, form))));
    }
    if may {
        let link = Cell::Link(Link::new(t.of("registry-merge-start"), path(id))).show(t);
        body = Html::of(&Pair(body, link));
    }
    (!body.is_empty()).then(|| Panel::new("merges", t.of("registry-merges"), body))
}
