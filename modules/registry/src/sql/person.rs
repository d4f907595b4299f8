//! Statements on people.

use access::Sealed;
use jinmen_core::{Count, Instant, OrganizationId, PersonId, Reach, Text2};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{NewPerson, Person, PersonFilter, PersonRow};

#[derive(store::FromRow)]
struct Row {
    id: String,
    name_zh: String,
    name_en: Option<String>,
    sort_key: String,
    headline_zh: String,
    headline_en: Option<String>,
    has_resident_id: bool,
    keeper_id: Option<String>,
    expert: bool,
    state: String,
    completeness: i64,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for PersonRow {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let person = Person {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            name: Text2::new(row.name_zh, row.name_en),
            headline: Text2::new(row.headline_zh, row.headline_en),
            has_resident_id: row.has_resident_id,
            keeper: row.keeper_id.and_then(|id| id.parse().ok()),
            expert: row.expert,
            active: row.state == "active",
            completeness: row.completeness,
            version: row.version,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
        };
        Ok(Self { person, sort_key: row.sort_key })
    }
}

macro_rules! columns {
    () => {
        "SELECT p.id, p.name_zh, p.name_en, p.sort_key, p.headline_zh, p.headline_en,
           p.resident_sealed IS NOT NULL AS has_resident_id, p.keeper_id, p.expert, p.state, p.completeness, p.version,
           p.created_at, p.updated_at FROM person p "
    };
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: PersonId) -> Result<Person, DbError> {
    let row: Row = conn.into().one(concat!(columns!(), "WHERE p.id = $1"), args![id]).await?;
    PersonRow::try_from(row).map(|row| row.person)
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: PersonId,
    new: &NewPerson,
    sealed: Option<Sealed>,
    keeper: Option<OrganizationId>,
    now: Instant,
) -> Result<(), DbError> {
    let (bytes, blind) = sealed.map(|sealed| (sealed.bytes, sealed.blind)).unzip();
    tx.run(
        "INSERT INTO person (id, name_zh, name_en, name_key, sort_key, headline_zh, headline_en, resident_sealed,
           resident_blind, keeper_id, expert, state, completeness, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, FALSE, 'active', 0, 1, $11, $11)",
        args![
            id,
            &new.name.zh,
            new.name.en.clone(),
            store::text::name_key(&new.name.zh),
            store::text::sort_key(&new.name.zh),
            &new.headline.zh,
            new.headline.en.clone(),
            bytes,
            blind,
            keeper,
            now
        ],
    )
    .await
    .map(drop)
}

/// Changes what identifies a person, if the version is still the one that was read. Without a sealed
/// number the kept one stays.
pub(crate) async fn update(
    tx: &mut Tx,
    id: PersonId,
    version: i64,
    new: &NewPerson,
    sealed: Option<Sealed>,
    now: Instant,
) -> Result<u64, DbError> {
    let (bytes, blind) = sealed.map(|sealed| (sealed.bytes, sealed.blind)).unzip();
    tx.run(
        "UPDATE person SET name_zh = $1, name_en = $2, name_key = $3, sort_key = $4, headline_zh = $5, headline_en = $6,
           resident_sealed = COALESCE($7, resident_sealed), resident_blind = COALESCE($8, resident_blind),
           version = version + 1, updated_at = $9
         WHERE id = $10 AND version = $11 AND state = 'active'",
        args![
            &new.name.zh,
            new.name.en.clone(),
            store::text::name_key(&new.name.zh),
            store::text::sort_key(&new.name.zh),
            &new.headline.zh,
            new.headline.en.clone(),
            bytes,
            blind,
            now,
            id,
            version
        ],
    )
    .await
}

pub(crate) async fn resident_sealed<'a>(conn: impl Into<Conn<'a>>, id: PersonId) -> Result<Option<Vec<u8>>, DbError> {
    let row: (Option<Vec<u8>>,) =
        conn.into().one("SELECT resident_sealed FROM person WHERE id = $1", args![id]).await?;
    Ok(row.0)
}

pub(crate) async fn project(tx: &mut Tx, id: &str, completeness: i64, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE person SET completeness = $1, version = version + 1, updated_at = $2 WHERE id = $3",
        args![completeness, now, id],
    )
    .await
}

/// Gives a person's file the name that it lacked.
pub(crate) async fn set_name(tx: &mut Tx, id: PersonId, name: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE person SET name_zh = $2, name_key = $3, sort_key = $4, version = version + 1, updated_at = $5 WHERE id = $1",
        args![id, name, store::text::name_key(name), store::text::sort_key(name), now],
    )
    .await
}

pub(crate) async fn set_expert(tx: &mut Tx, id: PersonId, expert: bool, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE person SET expert = $1, updated_at = $2 WHERE id = $3", args![expert, now, id]).await
}

/// Empties a person's file: the row stays, so that what points to it stays whole, and says nothing.
pub(crate) async fn erase(tx: &mut Tx, id: PersonId, name: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE person SET name_zh = $1, name_en = NULL, name_key = '', sort_key = '', headline_zh = '',
           headline_en = NULL, resident_sealed = NULL, resident_blind = NULL, expert = FALSE, state = 'deleted',
           completeness = 0, version = version + 1, updated_at = $2 WHERE id = $3 AND state = 'active'",
        args![name, now, id],
    )
    .await
}

/// The WHERE clause of every list of people.
fn narrowed(
    query: &mut Query,
    db: &Db,
    filter: &PersonFilter,
    reach: Reach,
    own: Option<OrganizationId>,
    me: Option<PersonId>,
) {
    query.push("WHERE p.state = 'active'", args![]);
    match (reach, own, me) {
        (Reach::All, ..) => {}
        (Reach::Owned, Some(own), _) => {
            query.push(
                " AND (p.keeper_id = ? OR EXISTS (SELECT 1 FROM affiliation k JOIN organization ko ON ko.id = k.organization_id
                    WHERE k.person_id = p.id AND k.ended_at IS NULL AND (ko.keeper_id = ? OR ko.id = ?)))",
                args![own, own, own],
            );
        }
        (Reach::Subject, Some(own), _) => {
            query.push(
                " AND EXISTS (SELECT 1 FROM affiliation k WHERE k.person_id = p.id AND k.organization_id = ?
                    AND k.ended_at IS NULL)",
                args![own],
            );
        }
        (Reach::Own, _, Some(me)) => drop(query.push(" AND p.id = ?", args![me])),
        _ => drop(query.push(" AND FALSE", args![])),
    }
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    if let Some(typed) = given(&filter.q) {
        match store::search::matching(db.dialect(), "person", &typed) {
            Some(matching) => query.embed(" AND p.id IN (", matching, ")"),
            None => query.push(" AND FALSE", args![]),
        };
    }
    if filter.expert.as_deref() == Some("yes") {
        query.push(" AND p.expert", args![]);
    }
    query.when(
        given(&filter.organization),
        " AND EXISTS (SELECT 1 FROM affiliation a WHERE a.person_id = p.id AND a.organization_id = ? AND a.ended_at IS NULL)",
    );
    if let Some(tag) = given(&filter.tag) {
        query.embed(" AND p.id IN (", cases::tagged("person", own, &tag), ")");
    }
}

/// For whom a list of people is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Audience {
    pub(crate) reach: Reach,
    pub(crate) own: Option<OrganizationId>,
    pub(crate) me: Option<PersonId>,
}

pub(crate) async fn list(
    db: &Db,
    filter: &PersonFilter,
    audience: Audience,
    after: Option<Vec<String>>,
    limit: u32,
) -> Result<Vec<PersonRow>, DbError> {
    let mut query = Query::new(columns!(), args![]);
    narrowed(&mut query, db, filter, audience.reach, audience.own, audience.me);
    if let Some([sort_key, id]) = after.as_deref() {
        query.push(" AND (p.sort_key, p.id) > (?, ?)", args![sort_key, id]);
    }
    query.push(" ORDER BY p.sort_key, p.id LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn count(db: &Db, filter: &PersonFilter, audience: Audience) -> Result<Count, DbError> {
    store::count_capped(db, counted(db, filter, audience)).await
}

/// What [`count`] counts, to be counted with other things.
pub(crate) fn counted(db: &Db, filter: &PersonFilter, audience: Audience) -> Query {
    let mut query = Query::new("SELECT p.id FROM person p ", args![]);
    narrowed(&mut query, db, filter, audience.reach, audience.own, audience.me);
    query
}

pub(crate) async fn names(db: &Db, ids: &[PersonId]) -> Result<Vec<(PersonId, Text2)>, DbError> {
    let ids: Vec<String> = ids.iter().map(|id| id.text()).collect();
    let mut query = Query::new("SELECT id, name_zh, name_en FROM person WHERE", args![]);
    query.within(" id IN", ids, "");
    let rows: Vec<(String, String, Option<String>)> = query.list(db).await?;
    Ok(rows.into_iter().filter_map(|(id, zh, en)| Some((id.parse().ok()?, Text2::new(zh, en)))).collect())
}

/// People of this name with their headlines, those who were erased left out.
pub(crate) async fn named<'a>(
    conn: impl Into<Conn<'a>>,
    name: &str,
    most: i64,
) -> Result<Vec<(PersonId, Text2, Text2)>, DbError> {
    type Row = (String, String, Option<String>, String, Option<String>);
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT id, name_zh, name_en, headline_zh, headline_en FROM person
             WHERE name_key = $1 AND state = 'active' ORDER BY id LIMIT $2",
            args![store::text::name_key(name), most],
        )
        .await?;
    let one = |(id, zh, en, head_zh, head_en): Row| {
        Some((id.parse().ok()?, Text2::new(zh, en), Text2::new(head_zh, head_en)))
    };
    Ok(rows.into_iter().filter_map(one).collect())
}
