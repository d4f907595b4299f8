//! Joining two files that are of one person, and parting them again: rows change the file they belong to, and with them
//! goes whoever signs in under it.

use jinmen_core::{Actor, Error, PersonId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{person_for, record_facts, refresh};
use crate::model::{MergeId, MovedPersonFile, NOTE_MOST, Person, PersonFilter, PersonIdentity, PersonMerge, required};
use crate::permissions;
use crate::sql::merge_person::{self as merge, Table};

/// Other files of the same name.
pub async fn likely(app: &App, actor: &Actor, id: PersonId) -> Result<Vec<Person>> {
    let known = person_for(&app.db, actor, &permissions::MERGE_PERSON, id).await?;
    let filter = PersonFilter { q: Some(known.name.zh.clone()), ..PersonFilter::default() };
    let page = jinmen_core::PageRequest { after: None, limit: Some(10) };
    let found = super::read_person::list(app, actor, &filter, &page).await?;
    Ok(found.items.into_iter().filter(|one| one.id != id && one.name.zh == known.name.zh).collect())
}

/// Joins one file to another.
///
/// # Errors
/// `registry.merge_people` if both have an identity number and these differ; `registry.merge_self` for a file of one's
/// own, whose roles would grow; `access.roles_separated` if together they were two of the three administrators.
pub async fn merge(app: &App, actor: &Actor, from: PersonId, to: PersonId, reason: &str) -> Result<MergeId> {
    let reason = required("reason", reason, NOTE_MOST)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let going = person_for(&mut tx, actor, &permissions::MERGE_PERSON, from).await?;
    person_for(&mut tx, actor, &permissions::MERGE_PERSON, to).await?;
    if from == to {
        return Err(Error::field("other", "registry.person_unknown"));
    }
    if [Some(from), Some(to)].contains(&actor.person()) {
        return Err(Error::conflict("registry.merge_self"));
    }
    let moved = move_all(app, &mut tx, from, to).await?;
    refresh::subject(app, &mut tx, &to.into()).await?;
    store::search::remove(&mut tx, &from.into()).await?;
    let row = PersonMerge {
        id: MergeId::new(),
        from,
        to,
        name: going.name.zh,
        reason: reason.clone(),
        merged_name: record_facts::name(actor),
        merged_at: now,
        undone_at: None,
    };
    merge::insert(&mut tx, &row, serde_json::to_value(&moved)?, actor.account()).await?;
    let data =
        json!({ "reason": reason, "facts_moved": moved.facts.len(), "accounts_moved": moved.access.accounts.len() });
    record::append(&mut tx, actor, now, "registry.person.merged", from, data.clone()).await?;
    record::append(&mut tx, actor, now, "registry.person.merged", to, data).await?;
    tx.commit().await?;
    Ok(row.id)
}

async fn move_all(app: &App, tx: &mut Tx, from: PersonId, to: PersonId) -> Result<MovedPersonFile> {
    let now = app.clock.now();
    let (from_before, to_before) = (merge::identity(tx, from).await?, merge::identity(tx, to).await?);
    if let (Some(one), Some(two)) = (&from_before.resident_blind, &to_before.resident_blind)
        && one != two
    {
        return Err(Error::conflict("registry.merge_people"));
    }
    let consents_ended = merge::end_double_consents(tx, from, to, now).await?;
    let moved = MovedPersonFile {
        facts: merge::rows(tx, Table::Fact, from, to).await?,
        contacts: merge::rows(tx, Table::Contact, from, to).await?,
        posts: merge::rows(tx, Table::Post, from, to).await?,
        consents: merge::rows(tx, Table::Consent, from, to).await?,
        consents_ended,
        claims: merge::rows(tx, Table::Claim, from, to).await?,
        notices: notify::move_person(tx, from, to).await?,
        access: access::move_person(&app.access, tx, from, to).await?,
        cases: cases::moves::move_person(tx, now, from, to).await?,
        from_before,
        to_before,
    };
    let gone = PersonIdentity {
        resident_sealed: None,
        resident_blind: None,
        expert: false,
        state: "deleted".into(),
        merged_into: Some(to.text()),
        ..moved.from_before.clone()
    };
    // The identity number is free before the other takes it.
    merge::set_identity(tx, from, &gone, now).await?;
    merge::set_identity(tx, to, &moved.to_before.filled_from(&moved.from_before), now).await?;
    Ok(moved)
}

/// Parts two files that were joined: every row goes back to the file it came from.
///
/// # Errors
/// `registry.merge_undone`, `registry.merge_later`, `registry.merge_changed` if the file that stayed was edited since.
pub async fn undo(app: &App, actor: &Actor, id: MergeId) -> Result<PersonId> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let (row, moved) = merge::get(&mut tx, id).await?;
    person_for(&mut tx, actor, &permissions::MERGE_PERSON, row.to).await?;
    let moved: MovedPersonFile = serde_json::from_value(moved)?;
    if merge::later(&mut tx, &row).await? {
        return Err(Error::conflict("registry.merge_later"));
    }
    if merge::set_undone(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("registry.merge_undone"));
    }
    return_all(&mut tx, &row, &moved, now).await?;
    for person in [row.from, row.to] {
        refresh::subject(app, &mut tx, &person.into()).await?;
    }
    record::append(&mut tx, actor, now, "registry.person.parted", row.from, json!({})).await?;
    record::append(&mut tx, actor, now, "registry.person.parted", row.to, json!({})).await?;
    tx.commit().await?;
    Ok(row.from)
}

async fn return_all(tx: &mut Tx, row: &PersonMerge, moved: &MovedPersonFile, now: jinmen_core::Instant) -> Result<()> {
    let from = row.from;
    let now_is = merge::identity(tx, row.to).await?;
    if now_is != moved.to_before.filled_from(&moved.from_before) {
        return Err(Error::conflict("registry.merge_changed"));
    }
    merge::return_rows(tx, Table::Fact, &moved.facts, from).await?;
    merge::return_rows(tx, Table::Contact, &moved.contacts, from).await?;
    merge::return_rows(tx, Table::Post, &moved.posts, from).await?;
    merge::return_rows(tx, Table::Consent, &moved.consents, from).await?;
    merge::reopen_consents(tx, &moved.consents_ended).await?;
    merge::return_rows(tx, Table::Claim, &moved.claims, from).await?;
    notify::return_person(tx, &moved.notices, from).await?;
    access::return_person(tx, &moved.access, from).await?;
    cases::moves::return_person(tx, from, row.to, &moved.cases).await?;
    merge::set_identity(tx, row.to, &moved.to_before, now).await?;
    merge::set_identity(tx, from, &moved.from_before, now).await?;
    Ok(())
}

/// The files that were joined to one.
pub async fn joined(app: &App, file: &super::read_person::PersonFile) -> Result<Vec<PersonMerge>> {
    if !file.may_join {
        return Ok(Vec::new());
    }
    Ok(merge::of(&app.db, file.person.id).await?)
}

/// Where a file went, if it was joined to another.
pub async fn went_to(app: &App, id: PersonId) -> Result<Option<PersonId>> {
    Ok(merge::merged_into(&app.db, id).await?)
}
