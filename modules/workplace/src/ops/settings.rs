//! What the instance says of itself.

use std::collections::HashMap;

use jinmen_core::{Fault, Faults, Object, Result, Scope, Text2};
use module::{App, Settings, Visit, settings};
use serde_json::{Map, Value};

use crate::permissions;

/// The longest answer.
pub const LONGEST: usize = 120;

/// The settings, for those who may change them.
pub fn read(app: &App, visit: &Visit) -> Result<Settings> {
    visit.actor.may(&permissions::SETTINGS, &Scope::instance())?;
    Ok(app.settings())
}

/// The names of the fields, as forms and the record have them.
pub const FIELDS: [&str; 11] = [
    "name_zh",
    "name_en",
    "sponsor_zh",
    "sponsor_en",
    "operator_zh",
    "operator_en",
    "telephone",
    "address_zh",
    "address_en",
    "icp",
    "police",
];

/// The value of a field.
pub fn value<'a>(settings: &'a Settings, field: &str) -> &'a str {
    let en = |text: &'a Text2| text.en.as_deref().unwrap_or_default();
    match field {
        "name_zh" => &settings.name.zh,
        "name_en" => en(&settings.name),
        "sponsor_zh" => &settings.sponsor.zh,
        "sponsor_en" => en(&settings.sponsor),
        "operator_zh" => &settings.operator.zh,
        "operator_en" => en(&settings.operator),
        "telephone" => &settings.telephone,
        "address_zh" => &settings.address.zh,
        "address_en" => en(&settings.address),
        "icp" => &settings.icp,
        "police" => &settings.police,
        _ => "",
    }
}

/// Changes them: `sent` gives what was typed for a field. What changed is recorded.
pub async fn change(app: &App, visit: &Visit, sent: impl Fn(&str) -> String) -> Result<()> {
    visit.actor.may(&permissions::SETTINGS, &Scope::instance())?;
    let mut faults = Faults::new();
    let typed: HashMap<&str, String> =
        FIELDS.iter().filter_map(|field| Some((*field, faults.take(checked(field, &sent(field)))?))).collect();
    faults.check()?;
    let take = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let two = |name: &str| Text2::new(take(&format!("{name}_zh")), Some(take(&format!("{name}_en"))));
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // Another process may have written since this one started: what is not asked here stays as it is kept.
    let old = settings::load(&mut tx).await?;
    let new = Settings {
        name: two("name"),
        sponsor: two("sponsor"),
        operator: two("operator"),
        address: two("address"),
        telephone: take("telephone"),
        icp: take("icp"),
        police: take("police"),
        ..old.clone()
    };
    let changed: Map<String, Value> = FIELDS
        .iter()
        .filter(|field| value(&old, field) != value(&new, field))
        .map(|field| ((*field).to_owned(), value(&new, field).into()))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    settings::save(&mut tx, &new, now).await?;
    record::append(&mut tx, &visit.actor, now, "module.settings.changed", Object::instance(), Value::Object(changed))
        .await?;
    tx.commit().await?;
    app.set_settings(new);
    Ok(())
}

/// Every kind of decision with whether it takes two people here.
pub fn decisions(app: &App, visit: &Visit) -> Result<Vec<(cases::DecisionKind, bool)>> {
    visit.actor.may(&permissions::DECISIONS, &Scope::instance())?;
    let settings = app.settings();
    let kinds = app.modules.iter().flat_map(|module| module.decisions());
    Ok(kinds.map(|kind| (kind, settings.takes_two(&kind))).collect())
}

/// Says which kinds take two: `two` names them.
pub async fn decide(app: &App, visit: &Visit, two: &[String]) -> Result<()> {
    let known = decisions(app, visit)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut settings = settings::load(&mut tx).await?;
    let mut changed = Map::new();
    for (kind, before) in known {
        let wanted = two.iter().any(|code| code == kind.code);
        if wanted != before {
            settings.two_people.insert(kind.code.to_owned(), wanted);
            changed.insert(kind.code.to_owned(), wanted.into());
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    settings::save(&mut tx, &settings, now).await?;
    let data = Value::Object(changed);
    record::append(&mut tx, &visit.actor, now, "module.decisions.changed", Object::instance(), data).await?;
    tx.commit().await?;
    app.set_settings(settings);
    Ok(())
}

fn checked(field: &str, typed: &str) -> Result<String, Fault> {
    let text = typed.trim();
    if text.chars().any(char::is_control) {
        return Err(Fault::at(field, "core.text"));
    }
    if text.chars().count() > LONGEST {
        return Err(Fault::at(field, "core.too_long").with("most", LONGEST));
    }
    let telephone = |c: char| c.is_ascii_digit() || " +-()".contains(c);
    if field == "telephone" && !text.chars().all(telephone) {
        return Err(Fault::at(field, "work.telephone"));
    }
    Ok(text.to_owned())
}
