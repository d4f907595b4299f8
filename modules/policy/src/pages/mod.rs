//! Pages of policies: the library, the enterprise's, the office's.

mod calls;
mod desk;
mod editor;
mod files;
pub(crate) mod library;
mod life;
mod own;
mod plans;
mod reach;
mod shown;

use jinmen_core::Result;
use module::{App, NavEntry, NextStep, Routes, Visit};
use ui::{Badge, Choice, Tone, Words};

use crate::model::{Level, Policy, Status, TOPICS};
use crate::permissions as may;

/// The menu entries.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry = |href, key, permission, order, portal| NavEntry {
        href,
        also: &[],
        key,
        icon: "file-text",
        permission,
        order,
        portal,
    };
    vec![
        entry("/policies", "policy-library", &may::LIBRARY, 20, true),
        entry("/work/policies", "policy-desk", &may::READ, 20, false),
        entry("/work/plans", "policy-plans", &may::READ, 21, false),
        entry("/plans", "policy-plans", &may::LIBRARY, 21, true),
        entry("/work/own-policies", "policy-mine", &may::MINE, 5, false),
    ]
}

/// The routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    let (read, write, mine) = (&may::READ, &may::WRITE, &may::MINE);
    routes
        .get("/policies", &may::LIBRARY, library::list)
        .get("/policies/{id}", &may::LIBRARY, library::page)
        .post("/policies/{id}", &may::LIBRARY, library::calculate)
        .get("/work/own-policies", mine, own::list)
        .get("/work/own-policies/{id}", mine, own::page)
        .post("/work/own-policies/{id}/answers", &may::ANSWER, own::answer)
        .post("/work/own-policies/{id}/keep", &may::ANSWER, own::keep)
        .post("/work/own-policies/{id}/allow", &may::ANSWER, own::allow)
        .post("/work/own-policies/{id}/reply", &may::ANSWER, own::reply)
        .get("/work/policies", read, desk::list)
        .get("/work/policies/new", write, desk::new)
        .post("/work/policies", write, desk::begin)
        .get("/work/policies/{id}", read, desk::page)
        .get("/work/policies/{id}/names", write, desk::names)
        .post("/work/policies/{id}/names", write, desk::rename)
        .get("/work/policies/{id}/text", write, editor::page)
        .post("/work/policies/{id}/text", write, editor::keep)
        .post("/work/policies/{id}/check", write, editor::check)
        .get("/work/policies/{id}/versions/{version}", read, editor::version)
        .post("/work/policies/{id}/steps/{step}", write, life::act)
        .get("/work/policies/{id}/end", write, life::end)
        .post("/work/policies/{id}/end", write, life::abolish)
        .get("/work/policies/{id}/reach", &may::REACH, reach::page)
        .get("/work/policies/{id}/reach/events", &may::REACH, reach::events)
        .get("/work/policies/{id}/sandbox", &may::REACH, reach::sandbox)
        .get("/work/policies/{id}/sandbox/events", &may::REACH, reach::sandbox_events)
        .post("/work/policies/{id}/calls", write, calls::open)
        .post("/work/policies/{id}/tell", &may::REACH, reach::tell)
        .get("/work/policies/{id}/reach.csv", &may::REACH, reach::csv)
        .get("/work/policies/{id}/reach.xlsx", &may::REACH, reach::xlsx)
        .get("/work/policies/{id}/reach.json", &may::REACH, reach::json)
        .post("/policies/{id}/comments", &may::COMMENT, files::say)
        .get("/policy-files/{id}", &may::LIBRARY, files::download)
        .upload("/work/policies/{id}/files", write, files::MOST_BYTES + 65_536, files::attach)
        .post("/work/policy-files/{id}/remove", write, files::detach)
        .get("/plans", &may::LIBRARY, plans::public)
        .get("/plans/{id}", &may::LIBRARY, plans::public_page)
        .get("/work/plans", read, plans::list)
        .get("/work/plans/new", write, plans::new)
        .post("/work/plans", write, plans::begin)
        .get("/work/plans/{id}", read, plans::page)
        .post("/work/plans/{id}/indicators", write, plans::add_indicator)
        .post("/work/plans/{id}/tasks", write, plans::add_task)
        .post("/work/plans/{id}/values", write, plans::note_value)
        .post("/work/plans/{id}/progress", write, plans::note_progress)
        .post("/work/plans/{id}/publish", write, plans::publish)
}

/// What one may sensibly do next.
pub(crate) async fn next_steps(_app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
    let step = |title_key, hint_key, href: &str| NextStep { title_key, hint_key, href: href.into(), icon: "file-text" };
    if visit.actor.organization().is_none() {
        return Ok(Vec::new());
    }
    if visit.actor.may_somewhere(&may::MINE).is_ok() {
        return Ok(vec![step("policy-step-mine", "policy-step-mine-hint", "/work/own-policies")]);
    }
    if visit.actor.may_somewhere(&may::WRITE).is_ok() {
        return Ok(vec![step("policy-step-new", "policy-step-new-hint", "/work/policies/new")]);
    }
    Ok(Vec::new())
}

/// A policy's state, its days among it.
fn state(t: &Words, policy: &Policy, today: jinmen_core::Date) -> Badge {
    let tone = match policy.status {
        Status::Draft => Tone::Neutral,
        Status::Issued => Tone::Info,
        Status::Published => Tone::Good,
        Status::Refused => Tone::Bad,
        Status::Abolished => Tone::Neutral,
    };
    if policy.is_expired(today) && policy.status != Status::Abolished {
        return Badge::new(Tone::Neutral, t.of("policy-expired"));
    }
    Badge::new(tone, t.of(&policy.status.message_key()))
}

fn topic(t: &Words, topic: &str) -> String {
    t.of(&format!("policy-topic-{topic}"))
}

fn topics(t: &Words) -> Vec<Choice> {
    TOPICS.iter().map(|one| Choice::new(*one, topic(t, one))).collect()
}

fn levels(t: &Words) -> Vec<Choice> {
    Level::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect()
}

/// The days on which a policy holds, in words.
fn days(t: &Words, policy: &Policy) -> String {
    match (policy.effective_from, policy.effective_to) {
        (Some(from), Some(to)) => t.with("policy-days", &[("from", t.date(from).into()), ("to", t.date(to).into())]),
        (Some(from), None) => t.with("policy-days-from", &[("from", t.date(from).into())]),
        _ => t.of("policy-days-none"),
    }
}
