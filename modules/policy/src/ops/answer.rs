//! Questions: what a policy would know to decide, asked of the enterprise, and its answers kept: in the file where the
//! registry has a key for them, else beside the policy.

use jinmen_core::{Actor, Date, Error, Fault, Faults, Object, Period, Result};
use module::App;
use registry::dictionary::{FactKey, dictionary};
use registry::model::{NewFact, Source};
use rules::{Fact, Policy as Compiled};
use serde_json::{Map, Value as Json, json};

use super::{name, own_enterprise, program};
use crate::model::PolicyId;
use crate::{permissions, sql};

/// A fact that is asked for.
pub struct Question<'p> {
    /// As the policy declares it.
    pub fact: &'p Fact,
    /// The registry's key, if the file has a place for it.
    pub key: Option<&'static FactKey>,
    /// For a series the year that is asked for: the last that has ended.
    pub year: Option<i16>,
}

/// The questions by their names, in the order given; what the policy does not declare is left out.
pub fn questions<'p>(program: &'p Compiled, names: &[String], today: Date) -> Vec<Question<'p>> {
    let one = |name: &String| {
        let fact = program.facts.iter().find(|fact| fact.name == *name)?;
        let key = fact.registry.as_deref().and_then(|key| dictionary().get(key));
        let series = matches!(fact.kind, rules::Type::Series(_));
        Some(Question { fact, key, year: series.then(|| today.year() - 1) })
    };
    names.iter().filter_map(one).collect()
}

/// Keeps what the actor's enterprise answered: `typed` by the policy's names.
///
/// # Errors
/// A fault for each answer that cannot be read; nothing is kept then.
pub async fn answer(app: &App, actor: &Actor, id: PolicyId, typed: &[(String, String)]) -> Result<()> {
    let own = own_enterprise(actor, &permissions::ANSWER)?;
    let (now, today) = (app.clock.now(), app.clock.today());
    let policy = sql::policy::get(&app.db, id).await?;
    if !policy.is_public() || !policy.holds(today) {
        return Err(Error::NotFound);
    }
    let version = sql::policy::version(&app.db, id, policy.version).await?;
    let program = program::known(&version.text)?;
    let names: Vec<String> = typed.iter().map(|(name, _)| name.clone()).collect();
    let questions = questions(&program, &names, today);
    let mut faults = Faults::new();
    let (mut facts, mut others) = (Vec::new(), Vec::new());
    for question in &questions {
        let text = typed.iter().find(|(name, _)| *name == question.fact.name).map_or("", |(_, text)| text.trim());
        if text.is_empty() {
            continue;
        }
        match question.key {
            Some(key) => facts.extend(faults.take(of_file(key, question.year, text, today))),
            None => others
                .extend(faults.take(besides(question.fact, text).map(|value| (question.fact.name.clone(), value)))),
        }
    }
    faults.check()?;
    if facts.is_empty() && others.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    if !facts.is_empty() {
        registry::ops::record_facts::insert(app, &mut tx, actor, &Object::from(own), facts).await?;
    }
    if !others.is_empty() {
        let by = name(actor);
        let data = json!({ "policy": id.text(), "names": others.iter().map(|(name, _)| name).collect::<Vec<_>>() });
        sql::answer::put(&mut tx, id, own, others, (actor.account(), &by), now).await?;
        record::append(&mut tx, actor, now, "policy.answered", own, data).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn of_file(key: &'static FactKey, year: Option<i16>, text: &str, today: Date) -> Result<NewFact, Fault> {
    let value = registry::forms::value_from(key, text, today)?;
    let period = match year {
        Some(year) => Period::year(year).map_err(|fault| Fault::of(&key.key, &fault))?,
        None => Period::ALWAYS,
    };
    Ok(NewFact { key, value, period, source: Source::SelfDeclared, source_note: String::new(), source_object: None })
}

/// An answer that the file has no place for, as the policy language reads it.
///
/// # Errors
/// `policy.answer` for a text of another type.
pub fn besides(fact: &Fact, text: &str) -> Result<Json, Fault> {
    let wrong = || Fault::at(&fact.name, "policy.answer");
    let value = match &fact.kind {
        rules::Type::Bool => match text {
            "true" | "yes" | "1" => Json::from(true),
            "false" | "no" | "0" => Json::from(false),
            _ => return Err(wrong()),
        },
        rules::Type::Int => Json::from(text.replace(',', "").parse::<i64>().map_err(|_| wrong())?),
        rules::Type::Money | rules::Type::Ratio => Json::from(text.replace(',', "")),
        rules::Type::Date => Json::from(Date::parse(text).map_err(|fault| Fault::of(&fact.name, &fault))?.to_string()),
        rules::Type::Text => Json::from(text),
        // Lists, records and series are typed as JSON by those who can.
        _ => serde_json::from_str(text).map_err(|_| wrong())?,
    };
    Ok(value)
}

/// What somebody typed for a calculation, as the policy language reads it; empty answers are left out.
///
/// # Errors
/// A fault for each answer that cannot be read.
pub fn typed(program: &Compiled, answers: &[(String, String)], today: Date) -> Result<Map<String, Json>> {
    let mut faults = Faults::new();
    let mut facts = Map::new();
    for (name, text) in answers {
        let Some(fact) = program.facts.iter().find(|fact| fact.name == *name) else { continue };
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let year = matches!(fact.kind, rules::Type::Series(_)).then(|| today.year() - 1);
        let value = match fact.registry.as_deref().and_then(|key| dictionary().get(key)) {
            Some(key) => registry::forms::value_from(key, text, today).map(|value| registry::known::plain(&value)),
            None => besides(fact, text),
        };
        let value = value.map_err(|fault| Fault { field: Some(name.clone()), ..fault });
        if let Some(value) = faults.take(value) {
            let value = match year {
                Some(year) if !value.is_object() => json!({ year.to_string(): value }),
                _ => value,
            };
            facts.insert(name.clone(), value);
        }
    }
    faults.check()?;
    Ok(facts)
}
