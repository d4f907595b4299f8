//! Everything about a person in one JSON document, as the law gives them the right to have.

use jinmen_core::{Actor, Object, PersonId, Result};
use module::App;
use serde_json::{Value, json};

use super::person_for;
use crate::{permissions, sql};

/// Gathers everything about a person. Recorded.
pub async fn export_person(app: &App, actor: &Actor, id: PersonId) -> Result<Value> {
    let mut tx = app.db.begin().await?;
    let person = person_for(&mut tx, actor, &permissions::READ_PERSON, id).await?;
    let subject = Object::from(id);
    let facts = sql::fact::of(&mut tx, &subject).await?;
    let contacts = sql::contact::of(&mut tx, &subject).await?;
    let affiliations = sql::affiliation::of_person(&mut tx, id).await?;
    let consents = sql::consent::of(&mut tx, id).await?;
    let files = app.files.of(&mut tx, &subject).await?;
    let now = app.clock.now();
    record::append(&mut tx, actor, now, "registry.person.exported", id, json!({})).await?;
    tx.commit().await?;
    let history =
        record::history(&app.db, &subject, &jinmen_core::PageRequest { after: None, limit: Some(200) }).await?;
    Ok(json!({
        "exported_at": now.to_rfc3339(),
        "person": { "id": id.text(), "name": person.name, "headline": person.headline, "resident_id_kept": person.has_resident_id },
        "facts": facts.iter().map(|fact| json!({
            "key": fact.key.key,
            "label": fact.key.label(jinmen_core::Locale::ZhCn),
            "value": fact.value.as_ref().map(|value| value.to_json()),
            "true_from": fact.period.from().map(|day| day.to_string()),
            "true_until": fact.period.until().map(|day| day.to_string()),
            "source": fact.source.code(),
            "recorded_at": fact.recorded_at.to_rfc3339(),
            "withdrawn_at": fact.withdrawn_at.map(|at| at.to_rfc3339()),
        })).collect::<Vec<_>>(),
        "contacts": contacts.iter().map(|contact| json!({
            "kind": contact.kind, "label": contact.label, "masked": contact.masked, "sealed": contact.sealed,
        })).collect::<Vec<_>>(),
        "affiliations": affiliations.iter().map(|one| json!({
            "organization": one.organization_name, "kind": one.kind, "title": one.title, "letter": one.letter,
            "from": one.valid_from.map(|day| day.to_string()), "until": one.valid_until.map(|day| day.to_string()),
        })).collect::<Vec<_>>(),
        "consents": consents.iter().map(|one| json!({
            "purpose": one.purpose, "wording": one.wording, "given_at": one.given_at.to_rfc3339(),
            "withdrawn_at": one.withdrawn_at.map(|at| at.to_rfc3339()),
        })).collect::<Vec<_>>(),
        "files": files,
        "history": history.items.iter().map(|entry| json!({
            "at": entry.at.to_rfc3339(), "by": entry.actor.name, "action": entry.action, "data": entry.data,
        })).collect::<Vec<_>>(),
    }))
}
