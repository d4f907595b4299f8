//! The webhooks of the instance: the list, one with its log, the buttons.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Fault, PageRequest};
use module::pages::{FilePage, Pair, Panel, button_form, frame};
use module::{Answer, App, Form as FormBody, NavEntry, Path, Query, Routes, Visit};
use ui::{Alert, Badge, Cell, Column, Empty, Field, Form, Html, Pager, Row, Table, Tabs, Tone, Words};

use crate::model::{Delivery, DeliveryId, DeliveryState, State, Webhook, WebhookDraft, WebhookId};
use crate::ops::manage;
use crate::permissions::MANAGE;

const PATH: &str = "/work/webhooks";

/// Adds the pages.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(PATH, &MANAGE, list)
        .post(PATH, &MANAGE, add)
        .get("/work/webhooks/{id}", &MANAGE, page)
        .post("/work/webhooks/{id}/test", &MANAGE, test)
        .post("/work/webhooks/{id}/secret", &MANAGE, rotate)
        .post("/work/webhooks/{id}/pause", &MANAGE, pause)
        .post("/work/webhooks/{id}/resume", &MANAGE, resume)
        .post("/work/webhooks/{id}/remove", &MANAGE, remove)
        .post("/work/webhooks/{id}/deliveries/{delivery}", &MANAGE, again)
}

/// The entry in the menu.
pub(crate) fn nav() -> Vec<NavEntry> {
    vec![NavEntry {
        href: PATH,
        also: &[],
        key: "webhooks-nav",
        icon: "settings",
        permission: &MANAGE,
        order: 85,
        portal: false,
    }]
}

fn state(t: &Words, webhook: &Webhook) -> Badge {
    let (tone, word) = match (webhook.state, webhook.failing_since) {
        (State::Paused, _) => (Tone::Info, "paused"),
        (State::Active, Some(_)) => (Tone::Bad, "failing"),
        (State::Active, None) => (Tone::Good, "active"),
    };
    Badge::new(tone, t.of(&format!("webhooks-state-{word}")))
}

/// The webhooks, and a form for another.
async fn list(Shared(app): Shared<App>, visit: Visit) -> Answer {
    draw(&app, &visit, &WebhookDraft::default(), &[]).await
}

async fn draw(app: &App, visit: &Visit, typed: &WebhookDraft, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let known = manage::list(app, &visit.actor).await?;
    let row = |one: &Webhook| {
        let cells = vec![
            Cell::Two(one.name.clone(), one.url.clone()),
            Cell::Text(if one.actions.is_empty() { t.of("webhooks-all") } else { one.actions.join(" ") }),
            Cell::Badge(state(&t, one)),
            Cell::Instant(one.created_at),
        ];
        Row::link(format!("{PATH}/{}", one.id), cells)
    };
    let table = Table {
        caption: t.of("webhooks-title"),
        columns: ["webhooks-name", "webhooks-actions", "webhooks-state", "webhooks-since"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: known.iter().map(row).collect(),
        empty: Empty { title: t.of("webhooks-none"), text: t.of("webhooks-none-text"), ..Empty::default() },
        ..Table::default()
    };
    let form =
        Form::post(visit.once(PATH), visit.form_token.clone(), t.of("webhooks-add")).id("webhook").fields_only(vec![
            Field::text("name", t.of("webhooks-name")).required().max_length(40).value(&typed.name),
            Field::text("url", t.of("webhooks-url"))
                .required()
                .max_length(500)
                .autocomplete("off")
                .help(t.of("webhooks-url-help"))
                .value(&typed.url),
            Field::text_area("actions", t.of("webhooks-actions"))
                .help(t.of("webhooks-actions-help"))
                .value(&typed.actions),
        ]);
    let view = FilePage {
        frame: frame(app, visit, t.of("webhooks-title"), &[("/work/settings", t.of("webhooks-settings"))]).await?,
        subtitle: t.of("webhooks-lead"),
        badges: Vec::new(),
        actions: Vec::new(),
        alert: None,
        tabs: Tabs::default(),
        panels: vec![
            Panel::new("webhooks", t.of("webhooks-title"), table.show(&t)),
            Panel::new("add", t.of("webhooks-add"), form.faults(wrong, &t).show(&t)),
        ],
        aside: Vec::new(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &view))
}

/// Adds a webhook and shows its secret once.
async fn add(Shared(app): Shared<App>, visit: Visit, FormBody(typed): FormBody<WebhookDraft>) -> Answer {
    match manage::add(&app, &visit.actor, &typed).await {
        Ok((id, secret)) => with_secret(&app, &visit, id, &secret).await,
        Err(Error::Invalid(faults)) => draw(&app, &visit, &typed, &faults).await,
        Err(other) => Err(other.into()),
    }
}

async fn with_secret(app: &App, visit: &Visit, id: WebhookId, secret: &str) -> Answer<Response> {
    let t = app.words(visit.locale);
    let alert = Alert::new(Tone::Warning, t.with("webhooks-secret-once", &[("secret", secret.into())]));
    one(app, visit, id, &PageRequest::default(), Some(alert)).await
}

/// One webhook with its log.
async fn page(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(id): Path<WebhookId>,
    Query(page): Query<PageRequest>,
) -> Answer {
    one(&app, &visit, id, &page, None).await
}

async fn one(app: &App, visit: &Visit, id: WebhookId, page: &PageRequest, alert: Option<Alert>) -> Answer<Response> {
    let t = app.words(visit.locale);
    let (webhook, log) = manage::read(app, &visit.actor, id, page).await?;
    let base = format!("{PATH}/{id}");
    let pager = Pager { next: log.next.map(|after| format!("{base}?after={after}")), ..Pager::default() };
    let log = Html::of(&Pair(table(&t, visit, &base, &log.items).show(&t), pager.show(&t)));
    let button = |what: &str| button_form(visit, &format!("{base}/{what}"), &[], &t.of(&format!("webhooks-{what}")));
    let turn = match webhook.state {
        State::Active => button("pause"),
        State::Paused => button("resume"),
    };
    let view = FilePage {
        frame: frame(app, visit, webhook.name.clone(), &[(PATH, t.of("webhooks-title"))]).await?,
        subtitle: webhook.url.clone(),
        badges: vec![state(&t, &webhook)],
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels: vec![
            Panel::new("try", t.of("webhooks-test"), Form { strong: true, ..button("test") }.show(&t)),
            Panel::new("log", t.of("webhooks-log"), log),
            Panel::new("turn", t.of("webhooks-do"), turn.show(&t)),
            Panel::new(
                "secret",
                t.of("webhooks-secret"),
                button("secret").irreversible(t.of("webhooks-secret-text")).show(&t),
            ),
            Panel::new(
                "remove",
                t.of("webhooks-remove"),
                button("remove").irreversible(t.of("webhooks-remove-text")).show(&t),
            ),
        ],
        aside: Vec::new(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn table(t: &Words, visit: &Visit, base: &str, log: &[Delivery]) -> Table {
    let row = |one: &Delivery| {
        let tone = match one.state {
            DeliveryState::Taken => Tone::Good,
            DeliveryState::Waiting => Tone::Info,
            DeliveryState::Failed => Tone::Bad,
        };
        let again = match one.state {
            DeliveryState::Waiting => Cell::Nothing,
            _ => {
                let form = button_form(visit, &format!("{base}/deliveries/{}", one.id), &[], &t.of("webhooks-again"));
                Cell::Html(Form { quiet: true, ..form }.show(t))
            }
        };
        Row::plain(vec![
            Cell::Two(one.action.clone(), one.number.map(|number| number.to_string()).unwrap_or_default()),
            Cell::Badge(Badge::new(tone, t.of(&format!("webhooks-delivery-{}", one.state.code())))),
            Cell::Number(one.attempts),
            answer(t, one),
            Cell::Instant(one.tried_at.unwrap_or(one.created_at)),
            again,
        ])
    };
    Table {
        caption: t.of("webhooks-log"),
        columns: [
            "webhooks-action",
            "webhooks-state",
            "webhooks-attempts",
            "webhooks-answer",
            "webhooks-when",
            "webhooks-again",
        ]
        .map(|key| Column::text(t.of(key)))
        .into(),
        rows: log.iter().map(row).collect(),
        empty: Empty { title: t.of("webhooks-log-none"), ..Empty::default() },
        ..Table::default()
    }
}

/// Why nothing was answered, in words.
fn silence(t: &Words, code: &str) -> String {
    t.of(&format!("webhooks-silence-{code}"))
}

fn answer(t: &Words, one: &Delivery) -> Cell {
    match one.status {
        Some(status) => Cell::Two(status.to_string(), one.answer.chars().take(80).collect()),
        None if one.answer.is_empty() => Cell::Nothing,
        None => Cell::Text(silence(t, &one.answer)),
    }
}

/// Hands a test message over and shows what was answered.
async fn test(Shared(app): Shared<App>, visit: Visit, Path(id): Path<WebhookId>) -> Answer {
    let t = app.words(visit.locale);
    let done = manage::test(&app, &visit.actor, id).await?;
    let answer = done.status.map_or_else(|| silence(&t, &done.answer), |status| status.to_string());
    let alert = match done.state {
        DeliveryState::Taken => Alert::new(Tone::Good, t.with("webhooks-test-taken", &[("answer", answer.into())])),
        _ => Alert::new(Tone::Bad, t.with("webhooks-test-failed", &[("answer", answer.into())])),
    };
    one(&app, &visit, id, &PageRequest::default(), Some(alert)).await
}

/// Makes a new secret and shows it once.
async fn rotate(Shared(app): Shared<App>, visit: Visit, Path(id): Path<WebhookId>) -> Answer {
    let secret = manage::rotate(&app, &visit.actor, id).await?;
    with_secret(&app, &visit, id, &secret).await
}

/// Tells it nothing for now.
async fn pause(Shared(app): Shared<App>, visit: Visit, Path(id): Path<WebhookId>) -> Answer {
    manage::set_state(&app, &visit.actor, id, State::Paused).await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "webhooks-flash-paused"))
}

/// Goes on from where it stood.
async fn resume(Shared(app): Shared<App>, visit: Visit, Path(id): Path<WebhookId>) -> Answer {
    manage::set_state(&app, &visit.actor, id, State::Active).await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "webhooks-flash-resumed"))
}

/// Removes it.
async fn remove(Shared(app): Shared<App>, visit: Visit, Path(id): Path<WebhookId>) -> Answer {
    manage::remove(&app, &visit.actor, id).await?;
    Ok(visit.done(PATH, "webhooks-flash-removed"))
}

/// Hands something over once more.
async fn again(Shared(app): Shared<App>, visit: Visit, Path((id, delivery)): Path<(WebhookId, DeliveryId)>) -> Answer {
    manage::again(&app, &visit.actor, id, delivery).await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "webhooks-flash-again"))
}
