//! Saved views above the list of organisations.

use axum::extract::State;
use jinmen_core::Error;
use module::{Answer, App, Form as FormBody, Path, Visit};
use serde::Deserialize;
use ui::{Field, Form, Html, Words};

use super::organizations::PATH;
use super::shared::button_form;
use crate::model::{OrganizationFilter, SavedView, ViewId};
use crate::ops::views;
use crate::permissions;

#[derive(askama::Template)]
#[template(path = "views.html")]
struct Views {
    label: String,
    open: Vec<(String, String, bool, Form)>,
    save: Option<Form>,
    save_label: String,
    others: Vec<ui::Link>,
    t: Words,
}

/// The views of the office as links, a form to save the filter in force, and what can be done with what it shows.
pub(crate) async fn above(
    app: &App,
    t: &Words,
    visit: &Visit,
    query: &[(String, String)],
) -> jinmen_core::Result<Html> {
    if visit.actor.may_somewhere(&permissions::SAVE_VIEW).is_err() || visit.actor.organization().is_none() {
        return Ok(Html::default());
    }
    let known = views::list(app, &visit.actor).await?;
    let query: Vec<(String, String)> = query.iter().filter(|(name, _)| name != "after").cloned().collect();
    let open = known.iter().map(|view| {
        let pairs = view.pairs();
        let remove =
            button_form(visit, &format!("{PATH}/views/{}/remove", view.id), &[], &t.of("registry-view-remove"));
        (view.name.clone(), address(&pairs), same(&pairs, &query), Form { quiet: true, ..remove })
    });
    let open: Vec<_> = open.collect();
    let named = open.iter().any(|(_, _, active, _)| *active);
    let save = (!query.is_empty() && !named).then(|| save_form(t, visit, &query));
    let mut others = Vec::new();
    if visit.actor.may_somewhere(&permissions::KEEP_ORGANIZATION).is_ok() {
        let asked = if query.is_empty() { String::new() } else { format!("?{}", joined(&query)) };
        others.push(ui::Link::new(t.of("registry-bulk"), format!("{PATH}/bulk{asked}")).icon("edit"));
        for one in app.list_actions("organizations", visit) {
            others.push(ui::Link::new(t.of(one.key), format!("{}{asked}", one.href)).icon(one.icon));
        }
    }
    Ok(Html::of(&Views {
        label: t.of("registry-views"),
        open,
        save,
        save_label: t.of("registry-view-save"),
        others,
        t: t.clone(),
    }))
}

fn same(a: &[(String, String)], b: &[(String, String)]) -> bool {
    let sorted = |pairs: &[(String, String)]| {
        let mut pairs = pairs.to_vec();
        pairs.sort();
        pairs
    };
    sorted(a) == sorted(b)
}

fn joined(pairs: &[(String, String)]) -> String {
    super::shared::query_without(pairs, &[])
}

fn address(pairs: &[(String, String)]) -> String {
    format!("{PATH}?{}", joined(pairs))
}

fn save_form(t: &Words, visit: &Visit, query: &[(String, String)]) -> Form {
    let mut fields = vec![Field::text("name", t.of("registry-view-name")).required().max_length(40)];
    fields.push(Field::hidden("query", joined(query)));
    let action = visit.once(&format!("{PATH}/views"));
    Form::post(action, visit.form_token.clone(), t.of("registry-view-save")).id("view").fields_only(fields)
}

/// What is to be saved.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Saved {
    name: String,
    query: String,
}

/// Saves the filter in force under a name.
pub(crate) async fn save(State(app): State<App>, visit: Visit, FormBody(sent): FormBody<Saved>) -> Answer {
    // Only what a filter of this list has: whatever else stood in the address is not kept.
    let filter = filter_of(&sent.query)?;
    let pairs = super::shared::pairs(&filter);
    let name = SavedView::new(&sent.name, &pairs)?.name;
    views::save(&app, &visit.actor, &name, &pairs).await?;
    Ok(visit.done(&address(&pairs), "registry-flash-view"))
}

/// The filter of a query.
pub(crate) fn filter_of(query: &str) -> jinmen_core::Result<OrganizationFilter> {
    let wrong = || Error::field("name", "registry.view_empty");
    let address = format!("/?{query}").parse().map_err(|_| wrong())?;
    let filter = axum::extract::Query::<OrganizationFilter>::try_from_uri(&address).map_err(|_| wrong())?;
    Ok(filter.0)
}

/// Removes a view.
pub(crate) async fn remove(State(app): State<App>, visit: Visit, Path(id): Path<ViewId>) -> Answer {
    views::remove(&app, &visit.actor, id).await?;
    Ok(visit.done(PATH, "registry-flash-view-removed"))
}
