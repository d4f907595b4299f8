//! Tags: labels that an organisation puts on objects, for its own lists. However it is written
//! (full-width, traditional, capitals), the same label is one tag.

use std::collections::HashMap;

use jinmen_core::{Actor, Error, Fault, Instant, Object, OrganizationId, Result};
use serde_json::json;
use store::{Conn, Query, Tx};

use crate::sql::tags as sql;

/// Characters of a tag.
pub const MOST_CHARACTERS: usize = 30;
/// Tags of one organisation on one object.
pub const MOST_TAGS: usize = 50;

/// A tag on an object.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Tag {
    /// The form by which it is compared.
    pub tag: String,
    /// As it was written.
    pub label: String,
    /// Whose tag it is.
    pub owner: OrganizationId,
}

/// How many objects carry a tag.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct TagCount {
    /// The form by which it is compared.
    pub tag: String,
    /// As it was written, one of the ways.
    pub label: String,
    /// The objects that carry it.
    pub objects: i64,
}

/// The form by which a label is compared.
pub fn tag_key(label: &str) -> String {
    store::text::fold(&label.replace('\0', ""))
}

/// Puts a tag on many objects of a kind, or takes it off; how many changed. The caller keeps a record of it, object by
/// object.
pub async fn tag_many(
    tx: &mut Tx,
    now: Instant,
    kind: &str,
    objects: &[String],
    owner: OrganizationId,
    label: &str,
    on: bool,
) -> Result<u64> {
    let label = check(label)?;
    let tag = tag_key(&label);
    Ok(match on {
        true => sql::insert_many(tx, kind, objects, owner, &tag, &label, now).await?,
        false => sql::delete_many(tx, kind, objects, owner, &tag).await?,
    })
}

/// Puts a tag on an object; whether it was not there before.
pub async fn add_tag(
    tx: &mut Tx,
    actor: &Actor,
    now: Instant,
    object: &Object,
    owner: OrganizationId,
    label: &str,
) -> Result<bool> {
    let label = check(label)?;
    let tag = tag_key(&label);
    let known = sql::of_object(&mut *tx, object, Some(owner)).await?;
    if known.iter().any(|one| one.tag == tag) {
        return Ok(false);
    }
    if known.len() >= MOST_TAGS {
        return Err(Error::Conflict(Fault::at("tag", "cases.tags_many").with("most", MOST_TAGS)));
    }
    let added = sql::insert(tx, object, owner, &tag, &label, now).await? > 0;
    if added {
        let data = json!({ "tag": label, "owner": owner.text() });
        record::append(tx, actor, now, "cases.tag.added", object.clone(), data).await?;
    }
    Ok(added)
}

fn check(label: &str) -> Result<String, Fault> {
    let words: Vec<&str> =
        label.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let label = words.join(" ");
    // Folding may lengthen, and both forms are shown and kept.
    let longest = label.chars().count().max(tag_key(&label).chars().count());
    if tag_key(&label).is_empty() {
        return Err(Fault::at("tag", "cases.tag_empty"));
    }
    if longest > MOST_CHARACTERS {
        return Err(Fault::at("tag", "cases.tag_long").with("most", MOST_CHARACTERS));
    }
    Ok(label)
}

/// Takes a tag, however written, off an object; whether it was there.
pub async fn remove_tag(
    tx: &mut Tx,
    actor: &Actor,
    now: Instant,
    object: &Object,
    owner: OrganizationId,
    label: &str,
) -> Result<bool> {
    let tag = tag_key(label);
    let removed = sql::delete(tx, object, owner, &tag).await? > 0;
    if removed {
        let data = json!({ "tag": tag, "owner": owner.text() });
        record::append(tx, actor, now, "cases.tag.removed", object.clone(), data).await?;
    }
    Ok(removed)
}

/// The tags of an object: an owner's, or everybody's.
pub async fn tags_of<'a>(
    conn: impl Into<Conn<'a>>,
    object: &Object,
    owner: Option<OrganizationId>,
) -> Result<Vec<Tag>> {
    Ok(sql::of_object(conn, object, owner).await?)
}

/// The tags of many objects of a kind by their identifiers, in one statement; those without a tag
/// are left out.
pub async fn tags_of_many<'a>(
    conn: impl Into<Conn<'a>>,
    kind: &str,
    ids: &[String],
    owner: Option<OrganizationId>,
) -> Result<HashMap<String, Vec<Tag>>> {
    Ok(sql::of_objects(conn, kind, ids, owner).await?)
}

/// The tags in use on objects of a kind, the most used first, at most 200: an owner's, or everybody's.
pub async fn tag_counts<'a>(
    conn: impl Into<Conn<'a>>,
    kind: &str,
    owner: Option<OrganizationId>,
) -> Result<Vec<TagCount>> {
    Ok(sql::counts(conn, kind, owner).await?)
}

/// A subquery giving the `object_id`s of a kind that carry a tag, however written, for a list's
/// filter: `query.embed(" AND o.id IN (", tagged("organization", owner, typed), ")")`.
pub fn tagged(kind: &str, owner: Option<OrganizationId>, label: &str) -> Query {
    sql::tagged(kind, owner, &tag_key(label))
}
