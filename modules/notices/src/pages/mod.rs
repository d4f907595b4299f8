//! Pages of circulars: the office's, and those of whoever receives them.

mod compose;
mod desk;
mod own;
mod robots;

use jinmen_core::Result;
use module::{App, NavEntry, NextStep, Number, Routes, Visit};
use ui::{Badge, Choice, Field, FieldKind, Tone, Words};

use crate::model::{Asks, Question, QuestionKind};
use crate::ops::read;
use crate::permissions as may;

/// The menu entries.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry =
        |href, key, icon, permission, order| NavEntry { href, also: &[], key, icon, permission, order, portal: false };
    vec![
        entry("/work/circulars", "notices-circulars", "bell", &may::READ, 15),
        entry("/work/notices", "notices-own", "bell", &may::OWN, 15),
    ]
}

/// The routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    let (send, read, own) = (&may::SEND, &may::READ, &may::OWN);
    routes
        .get("/work/circulars", read, desk::list)
        .get("/work/circulars/new", send, compose::new)
        .post("/work/circulars", send, compose::send)
        .get("/work/circulars/{id}", read, desk::page)
        .get("/work/circulars/{id}/answers.csv", read, desk::csv)
        .get("/work/circulars/{id}/answers.xlsx", read, desk::xlsx)
        .post("/work/circulars/{id}/remind", send, desk::remind)
        .post("/work/circulars/{id}/close", send, desk::close)
        .get("/work/circulars/{id}/recipients/{organization}", read, desk::recipient)
        .post("/work/circulars/{id}/recipients/{organization}", send, desk::answer_for)
        .post("/work/circulars/{id}/robots/{robot}", &may::ROBOTS, robots::send)
        .get("/work/robots", &may::ROBOTS, robots::list)
        .post("/work/robots", &may::ROBOTS, robots::add)
        .get("/work/robots/{id}", &may::ROBOTS, robots::page)
        .post("/work/robots/{id}/test", &may::ROBOTS, robots::test)
        .post("/work/robots/{id}/remove", &may::ROBOTS, robots::remove)
        .get("/work/notices", own, own::list)
        .get("/work/notices/{id}", own, own::page)
        .post("/work/notices/{id}", &may::ANSWER, own::answer)
}

/// What one may sensibly do next.
pub(crate) async fn next_steps(app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
    let step = |title_key, hint_key, href: &str| NextStep { title_key, hint_key, href: href.into(), icon: "bell" };
    if visit.actor.organization().is_none() {
        return Ok(Vec::new());
    }
    if visit.actor.may_somewhere(&may::OWN).is_ok() && read::waiting(app, &visit.actor).await? > 0 {
        return Ok(vec![step("notices-step-answer", "notices-step-answer-hint", "/work/notices")]);
    }
    if visit.actor.may_somewhere(&may::SEND).is_ok() {
        return Ok(vec![step("notices-step-send", "notices-step-send-hint", "/work/circulars/new")]);
    }
    Ok(Vec::new())
}

/// How many circulars are open.
pub(crate) async fn numbers(app: &App, visit: &Visit) -> Result<Vec<Number>> {
    if visit.actor.organization().is_none() || visit.actor.may_somewhere(&may::READ).is_err() {
        return Ok(Vec::new());
    }
    let open = read::open_count(app, &visit.actor).await?;
    let count = jinmen_core::Count::from_capped(open);
    Ok(vec![Number { key: "number-notices-open", count, href: "/work/circulars".into() }])
}

/// What a circular asks, as a word.
fn asks(t: &Words, asks: Asks) -> String {
    t.of(&format!("notices-asks-{}", asks.code()))
}

fn badge(tone: Tone, t: &Words, key: &str) -> Badge {
    Badge::new(tone, t.of(key))
}

/// The question as a field of a form.
fn field(t: &Words, question: &Question) -> Field {
    let label = question.label.clone();
    let name = question.key.clone();
    let field = match &question.kind {
        QuestionKind::Text => Field::text_area(name, label).max_length(1_000),
        QuestionKind::Number => Field::integer(name, label),
        QuestionKind::Date => Field::date(name, label),
        QuestionKind::Choice { options } => {
            Field::radio(name, label, options.iter().map(|option| Choice::new(option, option)).collect())
        }
        QuestionKind::Fact { .. } => match question.fact() {
            Some((key, year)) => {
                let mut field = registry::forms::field(t, key, None);
                if let Some(year) = year {
                    let year = year.to_string();
                    field.label =
                        t.with("notices-fact-of-year", &[("name", field.label.into()), ("year", year.into())]);
                }
                field
            }
            None => Field::new(FieldKind::Text, name, label),
        },
    };
    if question.required { field.required() } else { field }
}

/// The name of a question.
fn label(t: &Words, question: &Question) -> String {
    match question.fact() {
        Some((key, Some(year))) => {
            let args = [("name", key.label(t.locale).into()), ("year", year.to_string().into())];
            t.with("notices-fact-of-year", &args)
        }
        Some((key, None)) => key.label(t.locale).to_owned(),
        None => question.label.clone(),
    }
}

/// An answer in words.
fn answer_words(t: &Words, question: &Question, answer: Option<&serde_json::Value>) -> String {
    let Some(answer) = answer else { return String::new() };
    if let Some((key, _)) = question.fact() {
        let value = registry::dictionary::Value::from_json(key, answer);
        return value.map(|value| registry::forms::value_words(t, key, &value)).unwrap_or_default();
    }
    match answer {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
