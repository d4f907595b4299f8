//! Statements on what people are at organisations.

use jinmen_core::{Instant, OrganizationId, PersonId, Text2};
use store::{Conn, DbError, Query, Tx, args};

use super::date;
use crate::model::{Affiliation, AffiliationId, NewAffiliation};

#[derive(store::FromRow)]
struct Row {
    id: String,
    person_id: String,
    person_zh: String,
    person_en: Option<String>,
    organization_id: String,
    organization_zh: String,
    organization_en: Option<String>,
    kind: String,
    title_zh: String,
    title_en: Option<String>,
    letter: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    source: String,
    ended_at: Option<i64>,
}

impl TryFrom<Row> for Affiliation {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            person: row.person_id.parse().map_err(|_| DbError::NoRow)?,
            person_name: Text2::new(row.person_zh, row.person_en),
            organization: row.organization_id.parse().map_err(|_| DbError::NoRow)?,
            organization_name: Text2::new(row.organization_zh, row.organization_en),
            kind: row.kind,
            title: Text2::new(row.title_zh, row.title_en),
            letter: row.letter,
            valid_from: date(row.valid_from),
            valid_until: date(row.valid_until),
            source: row.source,
            ended_at: row.ended_at.map(Instant),
        })
    }
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.person_id, p.name_zh AS person_zh, p.name_en AS person_en, a.organization_id,
           o.name_zh AS organization_zh, o.name_en AS organization_en, a.kind, a.title_zh, a.title_en, a.letter,
           a.valid_from, a.valid_until, a.source, a.ended_at
         FROM affiliation a JOIN person p ON p.id = a.person_id JOIN organization o ON o.id = a.organization_id "
    };
}

/// All of a person, those in force first.
pub(crate) async fn of_person<'a>(conn: impl Into<Conn<'a>>, id: PersonId) -> Result<Vec<Affiliation>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            concat!(
                columns!(),
                "WHERE a.person_id = $1 ORDER BY CASE WHEN a.ended_at IS NULL THEN 0 ELSE 1 END, a.id LIMIT 200"
            ),
            args![id],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Where people are or were, of some kinds, each organisation once.
pub(crate) async fn posts<'a>(
    conn: impl Into<Conn<'a>>,
    people: &[PersonId],
    kinds: &[&'static str],
) -> Result<Vec<crate::ops::posts::Post>, DbError> {
    let mut query = Query::new(
        "SELECT DISTINCT a.person_id, a.organization_id, o.name_zh, o.name_en FROM affiliation a
           JOIN organization o ON o.id = a.organization_id WHERE",
        args![],
    );
    query.within(" a.kind IN", kinds.to_vec(), "");
    query.within("AND a.person_id IN", people.to_vec(), "ORDER BY a.person_id, a.organization_id");
    let rows: Vec<(String, String, String, Option<String>)> = query.list(conn).await?;
    let one = |(person, organization, zh, en): (String, String, String, Option<String>)| {
        Ok(crate::ops::posts::Post {
            person: person.parse().map_err(|_| DbError::NoRow)?,
            organization: organization.parse().map_err(|_| DbError::NoRow)?,
            name: Text2::new(zh, en),
        })
    };
    rows.into_iter().map(one).collect()
}

/// Those in force at an organisation.
pub(crate) async fn of_organization<'a>(
    conn: impl Into<Conn<'a>>,
    id: OrganizationId,
) -> Result<Vec<Affiliation>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            concat!(
                columns!(),
                "WHERE a.organization_id = $1 AND a.ended_at IS NULL ORDER BY a.kind, p.sort_key LIMIT 200"
            ),
            args![id],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: AffiliationId) -> Result<Affiliation, DbError> {
    let row: Row = conn.into().one(concat!(columns!(), "WHERE a.id = $1"), args![id]).await?;
    row.try_into()
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: AffiliationId,
    new: &NewAffiliation,
    source: &str,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO affiliation (id, person_id, organization_id, kind, title_zh, title_en, letter, valid_from,
           valid_until, source, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            id,
            new.person,
            new.organization,
            &new.kind,
            &new.title.zh,
            new.title.en.clone(),
            new.letter.clone(),
            new.valid_from,
            new.valid_until,
            source,
            now
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn end(tx: &mut Tx, id: AffiliationId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE affiliation SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", args![now, id]).await
}

pub(crate) async fn end_of_person(tx: &mut Tx, person: PersonId, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE affiliation SET ended_at = COALESCE(ended_at, $1), title_zh = '', title_en = NULL, letter = NULL
         WHERE person_id = $2",
        args![now, person],
    )
    .await
}
