//! Adding facts to a file. Nothing is overwritten: a new value stands beside the old one.

use jinmen_core::{Actor, Error, Fault, Object, Result};
use module::App;
use serde_json::{Map, Value as Json, json};
use store::Tx;

use super::{organization_for, person_for, refresh};
use crate::dictionary::Sensitivity;
use crate::model::{FactId, NewFact, Source};
use crate::sql::fact::Recorder;
use crate::{permissions, sql};

/// Adds facts to one subject's file, all or none.
pub async fn record_facts(app: &App, actor: &Actor, subject: &Object, facts: Vec<NewFact>) -> Result<Vec<FactId>> {
    let mut tx = app.db.begin().await?;
    authorise(&mut tx, actor, subject, &facts).await?;
    let ids = insert(app, &mut tx, actor, subject, facts).await?;
    tx.commit().await?;
    Ok(ids)
}

async fn authorise(tx: &mut Tx, actor: &Actor, subject: &Object, facts: &[NewFact]) -> Result<()> {
    let verified = facts.iter().any(|fact| fact.source == Source::Verified);
    if facts.iter().any(|fact| fact.source == Source::Computed) && !matches!(actor, Actor::System(_)) {
        return Err(Error::conflict("registry.fact_computed"));
    }
    match subject.kind.as_str() {
        "organization" => {
            let id = subject.id.parse()?;
            let permission = if verified { &permissions::VERIFY_FACT } else { &permissions::EDIT_ORGANIZATION };
            organization_for(&mut *tx, actor, permission, id).await?;
        }
        "person" => {
            let id = subject.id.parse()?;
            person_for(&mut *tx, actor, &permissions::EDIT_PERSON, id).await?;
            // One does not verify oneself.
            if verified && actor.person() == Some(id) {
                return Err(Error::NotFound);
            }
        }
        _ => return Err(Error::NotFound),
    }
    Ok(())
}

/// Adds facts within a transaction and brings what is derived from them up to date.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    subject: &Object,
    facts: Vec<NewFact>,
) -> Result<Vec<FactId>> {
    if facts.is_empty() {
        return Err(Fault::new("registry.fact_none").into());
    }
    if let Some(wrong) = facts.iter().find(|fact| fact.key.subject.code() != subject.kind) {
        return Err(Fault::at(&wrong.key.key, "registry.fact_key").into());
    }
    let now = app.clock.now();
    let recorded = recorded(&facts);
    let rows: Vec<_> = facts.into_iter().map(|fact| (subject.id.clone(), FactId::new(), fact)).collect();
    let ids = rows.iter().map(|(_, id, _)| *id).collect();
    let by = Recorder { account: actor.account(), name: &name(actor), at: now, import: None };
    sql::fact::insert(tx, &subject.kind, rows, &by).await?;
    refresh::subject(app, tx, subject).await?;
    record::append(tx, actor, now, "registry.fact.recorded", subject.clone(), recorded).await?;
    Ok(ids)
}

/// What the record keeps of new facts: which keys, for when, from whom; the values of those only that
/// are not personal.
fn recorded(facts: &[NewFact]) -> Json {
    let lines: Vec<Json> = facts
        .iter()
        .map(|fact| {
            let mut line = Map::new();
            line.insert("key".into(), json!(fact.key.key));
            line.insert("source".into(), json!(fact.source.code()));
            line.insert("from".into(), json!(fact.period.from().map(|day| day.to_string())));
            line.insert("until".into(), json!(fact.period.until().map(|day| day.to_string())));
            if !matches!(fact.key.sensitivity, Sensitivity::Personal | Sensitivity::Sensitive) {
                line.insert("value".into(), fact.value.to_json());
            }
            Json::Object(line)
        })
        .collect();
    json!({ "facts": lines, "count": facts.len() })
}

/// The name under which an actor's facts are shown.
pub(crate) fn name(actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => person.name.clone(),
        Actor::System(part) => (*part).to_owned(),
        Actor::Nobody => String::new(),
    }
}
