//! Joining two files of one person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jinmen_core::{Error, PersonId};
use module::{Answer, App, Form as FormBody, Path, Visit};
use serde::Deserialize;
use ui::{Alert, Cell, Choice, Field, Form, Html, Link, Tabs, Tone, Words};

use super::shared::{FilePage, Pair, Panel, button_form, frame};
use crate::model::{MergeId, Person, PersonMerge};
use crate::ops::{merge_person, read_person};

const PATH: &str = "/work/people";

/// What the form sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Sent {
    other: String,
    keep: String,
    reason: String,
}

/// Which other file, and which one stays.
pub(crate) async fn ask(State(app): State<App>, visit: Visit, Path(id): Path<PersonId>) -> Answer {
    draw(&app, &visit, id, StatusCode::OK, |form| form).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: PersonId,
    status: StatusCode,
    each: impl Fn(Form) -> Form,
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let known = read_person::get(app, &visit.actor, id).await?;
    let likely = merge_person::likely(app, &visit.actor, id).await?;
    let name = t.text(&known.name);
    let base = format!("{PATH}/{id}");
    let body = match likely.is_empty() {
        true => Alert::new(Tone::Info, t.of("registry-merge-no-namesake")).show(),
        false => each(form(&t, visit, &known, &likely)).show(&t),
    };
    let view = FilePage {
        frame: frame(app, visit, t.of("registry-merge"), &[(PATH, t.of("registry-people")), (&base, name)]).await?,
        subtitle: t.of("registry-merge-person-lead"),
        badges: Vec::new(),
        actions: Vec::new(),
        alert: None,
        tabs: Tabs::default(),
        panels: vec![Panel::new("merge", t.of("registry-merge"), body)],
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn form(t: &Words, visit: &Visit, known: &Person, likely: &[Person]) -> Form {
    let choice = |one: &Person| {
        let since = t.with("registry-merge-opened", &[("when", t.instant(one.created_at).into())]);
        Choice::new(one.id.text(), t.text(&one.name)).help(format!("{} {since}", t.text(&one.headline)))
    };
    let keep = vec![
        Choice::new("this", t.of("registry-merge-keep-this")),
        Choice::new("other", t.of("registry-merge-keep-other")),
    ];
    Form::post(visit.once(&format!("{PATH}/{}/merge", known.id)), visit.form_token.clone(), t.of("registry-merge-do"))
        .id("merge")
        .fields_only(vec![
            Field::radio("other", t.of("registry-merge-other"), likely.iter().map(choice).collect()).required(),
            Field::radio("keep", t.of("registry-merge-keep"), keep).required().value("this"),
            Field::text("reason", t.of("registry-merge-reason")).required().max_length(200),
        ])
        .cancel(format!("{PATH}/{}", known.id))
}

/// Joins them.
pub(crate) async fn merge(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let done = match sent.other.parse::<PersonId>() {
        Ok(other) => {
            let (from, to) = if sent.keep == "other" { (id, other) } else { (other, id) };
            merge_person::merge(&app, &visit.actor, from, to, &sent.reason).await.map(|_| to)
        }
        Err(_) => Err(Error::field("other", "core.required")),
    };
    match done {
        Ok(to) => Ok(visit.done(&format!("{PATH}/{to}"), "registry-flash-merged")),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let t = app.words(visit.locale);
            let (status, blamed) = super::shared::again(&t, Form::default(), error)?;
            let each = |form: Form| {
                let mut form = form.fill(|name| match name {
                    "other" => vec![sent.other.as_str()],
                    "keep" => vec![sent.keep.as_str()],
                    _ => vec![sent.reason.as_str()],
                });
                form.errors = blamed.errors.clone();
                form
            };
            draw(&app, &visit, id, status, each).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Parts them again.
pub(crate) async fn undo(State(app): State<App>, visit: Visit, Path((_, merge)): Path<(PersonId, MergeId)>) -> Answer {
    let parted = merge_person::undo(&app, &visit.actor, merge).await?;
    Ok(visit.done(&format!("{PATH}/{parted}"), "registry-flash-parted"))
}

/// A file that was joined to another is that one, for those who may read it.
pub(crate) async fn moved(app: &App, visit: &Visit, id: PersonId) -> Option<Response> {
    let to = merge_person::went_to(app, id).await.ok().flatten()?;
    read_person::get(app, &visit.actor, to).await.ok()?;
    Some(Redirect::permanent(&format!("{PATH}/{to}")).into_response())
}

/// What was joined to a file, beside it.
pub(crate) fn panel(t: &Words, visit: &Visit, id: PersonId, joined: &[PersonMerge]) -> Panel {
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
            None => {
                let action = format!("{PATH}/{id}/merges/{}/undo", one.id);
                Form { quiet: true, ..button_form(visit, &action, &[], &t.of("registry-merge-undo")) }.show(t)
            }
            Some(_) => Html::default(),
        };
        body = Html::of(&Pair(body, Html::of(&Pair(text, form))));
    }
    let link = Cell::Link(Link::new(t.of("registry-merge-start"), format!("{PATH}/{id}/merge"))).show(t);
    Panel::new("merges", t.of("registry-merges"), Html::of(&Pair(body, link)))
}
