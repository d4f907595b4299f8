//! Writing checked rows: organisations, facts, contacts, people, membership, search entries and the
//! record, in one transaction.

use std::collections::HashSet;

use jinmen_core::codes::Uscc;
use jinmen_core::{Actor, Object, OrganizationId, PersonId, Result, Text2};
use module::App;
use serde_json::json;
use store::search::{self, Entry};
use store::{Conn, Tx};

use crate::dictionary::Value;
use crate::import::{CheckedRow, CheckedValue};
use crate::model::{
    AsOf, FactId, Import, NewContact, NewFact, NewOrganization, Relation, RelationId, Source, SubjectFile,
};
use crate::ops::add_contact::sealed;
use crate::ops::refresh;
use crate::sql;
use crate::sql::fact::Recorder;
use crate::sql::import::Named;
use crate::sql::organization::Opened;

/// Parts rows into those about organisations that are not there yet, and the number of the others.
pub(super) async fn split<'a>(conn: impl Into<Conn<'a>>, rows: Vec<CheckedRow>) -> Result<(Vec<CheckedRow>, i64)> {
    if rows.is_empty() {
        return Ok((rows, 0));
    }
    let usccs: Vec<String> = rows.iter().filter_map(|row| row.uscc.map(|code| code.to_string())).collect();
    let names: Vec<String> = rows.iter().map(|row| store::text::name_key(&row.name)).collect();
    let known = sql::organization::known(conn, usccs, names).await?;
    let codes: HashSet<&str> = known.iter().filter_map(|(code, ..)| code.as_deref()).collect();
    // A name alone makes a duplicate only where one of the two has no code to tell them apart.
    let named = |row: &CheckedRow| {
        let key = store::text::name_key(&row.name);
        known.iter().any(|(code, name, _)| *name == key && (row.uscc.is_none() || code.is_none()))
    };
    let all = rows.len();
    let new: Vec<CheckedRow> = rows
        .into_iter()
        .filter(|row| !row.uscc.is_some_and(|code| codes.contains(code.as_str())) && !named(row))
        .collect();
    let duplicates = (all - new.len()) as i64;
    Ok((new, duplicates))
}

/// Writes rows about organisations that are not there yet.
pub(super) async fn write(app: &App, tx: &mut Tx, actor: &Actor, import: &Import, rows: Vec<CheckedRow>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let mark = import.id.text();
    let as_of = AsOf { day: app.clock.today(), known: now };
    let by = Recorder { account: actor.account(), name: &import.created_name, at: now, import: Some(&mark) };
    let (mut organizations, mut relations, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut facts, mut computed, mut found) = (Vec::new(), Vec::new(), Vec::new());
    let (mut people, mut entries, mut packed) = (Vec::<Named>::new(), Vec::new(), Vec::new());
    for row in rows {
        let id = OrganizationId::new();
        entries.push((Object::from(id), json!({ "name": row.name, "row": row.row, "import": mark })));
        relations.extend(membership(import, id, &row));
        for (kind, value) in &row.contacts {
            // The checker has read it; what it lets through and this does not is left out.
            if let Ok(new) = NewContact::parse(kind, "", value, false, false) {
                contacts.push(sealed(app, id.into(), new)?);
            }
        }
        people.extend(named(id, &row));
        let own = of_row(import, &row);
        let new = organization(row);
        // What follows from the facts is written with them, instead of being read back and changed.
        let file = SubjectFile::new(own.iter().map(|(id, fact)| fact.recorded(*id, now, by.name)).collect());
        let derived = refresh::derived(&new.name, &new.intro, new.uscc, &file, as_of);
        facts.extend(own.into_iter().map(|(fact, new)| (id.text(), fact, new)));
        computed.extend(derived.computed.map(|new| (id.text(), FactId::new(), new)));
        found.push((id.text(), derived.entry));
        packed.push((id.text(), derived.packed));
        let today = Some(derived.today);
        organizations.push(Opened { id, new, keeper: import.keeper, listed: false, today });
    }
    sql::organization::insert(tx, organizations, Some(&mark), now).await?;
    sql::relation::insert(tx, relations, Some(&mark), now).await?;
    sql::contact::insert(tx, contacts, "imported", Some(&mark), now).await?;
    sql::import::insert_people(tx, &people, import.keeper, import.id, now).await?;
    sql::fact::insert(tx, "organization", facts, &by).await?;
    sql::fact::insert(tx, "organization", computed, &refresh::recorder(now)).await?;
    sql::known::put(tx, packed).await?;
    search::put_many(tx, "organization", found).await?;
    let found = people.iter().map(|(id, name, ..)| (id.text(), Entry { names: vec![name.clone()], texts: Vec::new() }));
    search::put_many(tx, "person", found.collect()).await?;
    record::append_many(tx, actor, now, "registry.organization.imported", entries).await?;
    Ok(())
}

/// The facts of a row.
fn of_row(import: &Import, row: &CheckedRow) -> Vec<(FactId, NewFact)> {
    let fact = |value: &CheckedValue| NewFact {
        key: value.key,
        value: value.value.clone(),
        period: value.period.unwrap_or(jinmen_core::Period::ALWAYS),
        source: Source::Imported,
        source_note: import.file_name.clone(),
        source_object: Some(Object::new("import", import.id)),
    };
    row.values.iter().map(|value| (FactId::new(), fact(value))).collect()
}

fn organization(row: CheckedRow) -> NewOrganization {
    let column = |part: &str| row.columns.iter().find(|(name, _)| *name == part).map(|(_, value)| value.clone());
    NewOrganization {
        uscc: row.uscc,
        kind: column("kind").unwrap_or_else(|| kind(row.uscc.as_ref(), &row.name).to_owned()),
        society_level: column("society_level"),
        intro: Text2::new(column("intro_zh").unwrap_or_default(), column("intro_en")),
        name: Text2::new(row.name, column("name_en")),
    }
}

/// What kind of body, by the first characters of the code (GB 32100), else by the name.
fn kind(uscc: Option<&Uscc>, name: &str) -> &'static str {
    let by_name = |name: &str| match name {
        name if name.contains("大学") || name.contains("学院") => Some("university"),
        name if name.contains("研究院") || name.contains("研究所") => Some("research_institute"),
        name if name.contains("联盟") => Some("alliance"),
        _ => None,
    };
    match uscc.map(|code| (code.department(), code.kind())) {
        Some(('9', _)) => "enterprise",
        Some(('1', '1')) => "government",
        Some(('5', '1')) => "society",
        Some(('1', _)) => by_name(name).unwrap_or("institution"),
        Some(_) => by_name(name).unwrap_or("other"),
        None => by_name(name).unwrap_or("enterprise"),
    }
}

/// Membership of the keeper, with the grade of the row.
fn membership(import: &Import, id: OrganizationId, row: &CheckedRow) -> Option<Relation> {
    let text = |part: &str| row.relations.iter().find(|(name, _)| *name == part).map(|(_, value)| value.clone());
    let grade = match text("member_of.grade") {
        Some(Value::Code(code)) => code,
        _ => "member".to_owned(),
    };
    let valid_from = match text("member_of.from") {
        Some(Value::Date(day)) => Some(day),
        _ => None,
    };
    let number = match text("member_of.number") {
        Some(Value::Text(number)) => Some(number),
        _ => None,
    };
    Some(Relation {
        id: RelationId::new(),
        from: id,
        to: import.keeper?,
        kind: "member_of".into(),
        grade: Some(grade),
        number,
        valid_from,
        valid_until: None,
        note: String::new(),
        source: "imported".into(),
    })
}

/// People named in a row.
fn named(id: OrganizationId, row: &CheckedRow) -> Vec<Named> {
    let title = row.affiliations.iter().find(|(part, _)| *part == "contact.title").map(|(_, title)| title.clone());
    row.affiliations
        .iter()
        .filter_map(|(part, name)| match *part {
            "legal_representative" => Some((PersonId::new(), name.clone(), id, "legal_representative", String::new())),
            "contact" => Some((PersonId::new(), name.clone(), id, "contact", title.clone().unwrap_or_default())),
            _ => None,
        })
        .collect()
}
