//! Statements on policies, their versions and reviews.

use jinmen_core::{AccountId, Date, Instant, OrganizationId, Text2};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{
    Body, Disclosure, Level, NewPolicy, Policy, PolicyFilter, PolicyId, Review, ReviewResult, Status, Version,
};

const COLUMNS: &str = "SELECT p.id, p.number, p.owner_id, p.title_zh, p.title_en, p.issuer, p.doc_no, p.level, p.topic,
    p.status, p.disclosure, p.issued_on, p.effective_from, p.effective_to, p.ended_on, p.ended_note, p.replaced_by, p.source,
    p.note_zh, p.note_en, p.version, p.published_at, p.updated_at FROM policy p WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    owner_id: String,
    title_zh: String,
    title_en: Option<String>,
    issuer: String,
    doc_no: String,
    level: String,
    topic: String,
    status: String,
    disclosure: String,
    issued_on: Option<String>,
    effective_from: Option<String>,
    effective_to: Option<String>,
    ended_on: Option<String>,
    ended_note: String,
    replaced_by: Option<String>,
    source: String,
    note_zh: String,
    note_en: String,
    version: i64,
    published_at: Option<i64>,
    updated_at: i64,
}

fn day(text: Option<String>) -> Option<Date> {
    text.and_then(|text| Date::from_iso(&text).ok())
}

impl TryFrom<Row> for Policy {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            title: Text2::new(row.title_zh, row.title_en),
            issuer: row.issuer,
            doc_no: row.doc_no,
            level: Level::from_code(&row.level).ok_or(DbError::NoRow)?,
            topic: row.topic,
            status: Status::from_code(&row.status).ok_or(DbError::NoRow)?,
            disclosure: Disclosure::from_code(&row.disclosure).ok_or(DbError::NoRow)?,
            issued_on: day(row.issued_on),
            effective_from: day(row.effective_from),
            effective_to: day(row.effective_to),
            ended_on: day(row.ended_on),
            ended_note: row.ended_note,
            replaced_by: row.replaced_by.and_then(|id| id.parse().ok()),
            source: row.source,
            note: Text2::new(row.note_zh, Some(row.note_en)),
            version: row.version,
            published_at: row.published_at.map(Instant),
            updated_at: Instant(row.updated_at),
        })
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: PolicyId,
    number: &str,
    owner: OrganizationId,
    new: &NewPolicy,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO policy (id, number, owner_id, title_zh, title_en, issuer, doc_no, level, topic, status, disclosure,
           ended_note, source, note_zh, note_en, version, created_at, updated_at, sort_key)
         VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 'draft', 'published', '', $9, $10, $11, 0, $12, $12, $13)",
        args![
            id,
            number,
            owner,
            &new.title.zh,
            new.title.en.clone(),
            &new.issuer,
            new.level.code(),
            &new.topic,
            &new.source,
            &new.note.zh,
            new.note.en.clone().unwrap_or_default(),
            now,
            store::text::name_key(&new.title.zh)
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn rename(tx: &mut Tx, id: PolicyId, new: &NewPolicy, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE policy SET title_zh = $2, title_en = $3, issuer = $4, level = $5, topic = $6, source = $7, note_zh = $8,
           note_en = $9, updated_at = $10, sort_key = $11 WHERE id = $1 AND status = 'draft'",
        args![
            id,
            &new.title.zh,
            new.title.en.clone(),
            &new.issuer,
            new.level.code(),
            &new.topic,
            &new.source,
            &new.note.zh,
            new.note.en.clone().unwrap_or_default(),
            now,
            store::text::name_key(&new.title.zh)
        ],
    )
    .await
}

/// Adds a version; nothing when somebody else added one since `seen`, or the policy is no draft any more.
pub(crate) async fn add_version(
    tx: &mut Tx,
    id: PolicyId,
    seen: i64,
    text: &str,
    body: &Body,
    by: (Option<AccountId>, &str),
    now: Instant,
) -> Result<bool, DbError> {
    let moved = tx
        .run(
            "UPDATE policy SET version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2 AND status = 'draft'",
            args![id, seen, now],
        )
        .await?;
    if moved == 0 {
        return Ok(false);
    }
    let body = serde_json::to_value(body).map_err(|_| DbError::NoRow)?;
    tx.run(
        "INSERT INTO policy_version (policy_id, version, text, body, made_at, made_by, made_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, seen + 1, text, body, now, by.0, by.1],
    )
    .await?;
    Ok(true)
}

/// Changes what is no program of the version that counts: the interpretation of a policy that is issued.
pub(crate) async fn set_body(tx: &mut Tx, id: PolicyId, version: i64, body: &Body) -> Result<u64, DbError> {
    let body = serde_json::to_value(body).map_err(|_| DbError::NoRow)?;
    tx.run("UPDATE policy_version SET body = $3 WHERE policy_id = $1 AND version = $2", args![id, version, body]).await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: PolicyId) -> Result<Policy, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("p.id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Some policies by their identifiers.
pub(crate) async fn many(db: &Db, ids: &[PolicyId]) -> Result<Vec<Policy>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(COLUMNS, args![]);
    query.push("TRUE", args![]);
    query.within(" AND p.id IN", ids.to_vec(), "");
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

#[derive(store::FromRow)]
struct VersionRow {
    version: i64,
    text: String,
    body: serde_json::Value,
    made_at: i64,
    made_name: String,
}

impl TryFrom<VersionRow> for Version {
    type Error = DbError;
    fn try_from(row: VersionRow) -> Result<Self, DbError> {
        Ok(Self {
            version: row.version,
            text: row.text,
            body: serde_json::from_value(row.body).map_err(|_| DbError::NoRow)?,
            made_at: Instant(row.made_at),
            made_name: row.made_name,
        })
    }
}

pub(crate) async fn version<'a>(conn: impl Into<Conn<'a>>, id: PolicyId, version: i64) -> Result<Version, DbError> {
    let row: VersionRow = conn
        .into()
        .one(
            "SELECT version, text, body, made_at, made_name FROM policy_version WHERE policy_id = $1 AND version = $2",
            args![id, version],
        )
        .await?;
    row.try_into()
}

/// The versions of a policy without their texts, newest first: number, when, by whom.
pub(crate) async fn versions(db: &Db, id: PolicyId) -> Result<Vec<(i64, Instant, String)>, DbError> {
    let rows: Vec<(i64, i64, String)> = db
        .list(
            "SELECT version, made_at, made_name FROM policy_version WHERE policy_id = $1 ORDER BY version DESC LIMIT 100",
            args![id],
        )
        .await?;
    Ok(rows.into_iter().map(|(version, at, name)| (version, Instant(at), name)).collect())
}

/// For whom a list is.
#[derive(Clone, Copy)]
pub(crate) enum For {
    /// The public: what is published.
    Public,
    /// An office: its own.
    Office(OrganizationId),
}

/// A page of a list, newest first.
pub(crate) async fn list(
    db: &Db,
    whose: For,
    filter: &PolicyFilter,
    today: Date,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Policy>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    match whose {
        For::Public => query.push("p.published_at IS NOT NULL AND p.disclosure = 'published'", args![]),
        For::Office(owner) => query.push("p.owner_id = ?", args![owner]),
    };
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    if let Some(typed) = given(&filter.q) {
        match store::search::Typed::new("policy", &typed) {
            Some(typed) => query.embed(" AND (", typed.holds(db.dialect(), "p.id"), ")"),
            None => query.push(" AND FALSE", args![]),
        };
    }
    query.when(given(&filter.level), " AND p.level = ?");
    query.when(given(&filter.topic), " AND p.topic = ?");
    query.when(given(&filter.issuer), " AND p.issuer = ?");
    match given(&filter.status).as_deref() {
        Some("expired") => drop(query.push(" AND p.effective_to < ?", args![today])),
        Some(status) => drop(query.push(" AND p.status = ?", args![status])),
        None => {}
    }
    query.when(after, " AND p.id < ?");
    query.push(" ORDER BY p.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The published policies that hold on a day or may, newest first, and which version counts.
pub(crate) async fn in_force(db: &Db, day: Date, most: u32) -> Result<Vec<Policy>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push(
        "p.published_at IS NOT NULL AND p.disclosure = 'published' AND (p.effective_to IS NULL OR p.effective_to >= ?)
         AND (p.ended_on IS NULL OR p.ended_on > ?)",
        args![day, day],
    );
    query.push(" ORDER BY p.id DESC LIMIT ?", args![i64::from(most)]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The texts of some versions.
pub(crate) async fn texts(db: &Db, wanted: &[(PolicyId, i64)]) -> Result<Vec<(PolicyId, Version)>, DbError> {
    #[derive(store::FromRow)]
    struct Found {
        policy_id: String,
        #[sqlx(flatten)]
        row: VersionRow,
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // A version counts for one policy, so that the pair is found by the policy and tried against its own.
    let ids: Vec<PolicyId> = wanted.iter().map(|(id, _)| *id).collect();
    let mut query = Query::new(
        "SELECT v.policy_id, v.version, v.text, v.body, v.made_at, v.made_name FROM policy_version v
         JOIN policy p ON p.id = v.policy_id AND p.version = v.version WHERE TRUE",
        args![],
    );
    query.within(" AND v.policy_id IN", ids, "");
    let rows: Vec<Found> = query.list(db).await?;
    rows.into_iter()
        .map(|found| Ok((found.policy_id.parse().map_err(|_| DbError::NoRow)?, found.row.try_into()?)))
        .collect()
}

/// The issuers of the public library, for its filter.
pub(crate) async fn issuers(db: &Db) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = db
        .list(
            "SELECT issuer FROM policy WHERE published_at IS NOT NULL AND disclosure = 'published'
             GROUP BY issuer ORDER BY issuer LIMIT 60",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(issuer,)| issuer).collect())
}

/// What a policy becomes when it is issued.
pub(crate) struct Issued<'a> {
    pub doc_no: &'a str,
    pub on: Date,
    pub from: Date,
    pub to: Option<Date>,
    pub disclosure: Disclosure,
}

pub(crate) async fn issue(tx: &mut Tx, id: PolicyId, issued: &Issued<'_>, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE policy SET status = 'issued', doc_no = $2, issued_on = $3, effective_from = $4, effective_to = $5,
           disclosure = $6, updated_at = $7 WHERE id = $1 AND status = 'draft'",
        args![id, issued.doc_no, issued.on, issued.from, issued.to, issued.disclosure.code(), now],
    )
    .await
}

pub(crate) async fn publish(tx: &mut Tx, id: PolicyId, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE policy SET status = 'published', published_at = $2, updated_at = $2 WHERE id = $1 AND status = 'issued'",
        args![id, now],
    )
    .await
}

pub(crate) async fn refuse(tx: &mut Tx, id: PolicyId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE policy SET status = 'refused', updated_at = $2 WHERE id = $1 AND status = 'draft'", args![id, now])
        .await
}

pub(crate) async fn abolish(
    tx: &mut Tx,
    id: PolicyId,
    on: Date,
    note: &str,
    replaced_by: Option<PolicyId>,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE policy SET status = 'abolished', ended_on = $2, ended_note = $3, replaced_by = $4, updated_at = $5
         WHERE id = $1 AND status IN ('issued', 'published')",
        args![id, on, note, replaced_by, now],
    )
    .await
}

pub(crate) async fn put_review(
    tx: &mut Tx,
    id: PolicyId,
    review: &Review,
    by: Option<AccountId>,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO policy_review (policy_id, version, basis, result, exception, ends_on, reviewed_at, reviewed_by,
           reviewed_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (policy_id, version) DO UPDATE SET basis = excluded.basis, result = excluded.result,
           exception = excluded.exception, ends_on = excluded.ends_on, reviewed_at = excluded.reviewed_at,
           reviewed_by = excluded.reviewed_by, reviewed_name = excluded.reviewed_name",
        args![
            id,
            review.version,
            &review.basis,
            review.result.code(),
            &review.exception,
            review.ends_on,
            review.reviewed_at,
            by,
            &review.reviewed_name
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn review<'a>(
    conn: impl Into<Conn<'a>>,
    id: PolicyId,
    version: i64,
) -> Result<Option<Review>, DbError> {
    #[derive(store::FromRow)]
    struct ReviewRow {
        basis: String,
        result: String,
        exception: String,
        ends_on: Option<String>,
        reviewed_at: i64,
        reviewed_name: String,
    }
    let row: Option<ReviewRow> = conn
        .into()
        .maybe(
            "SELECT basis, result, exception, ends_on, reviewed_at, reviewed_name FROM policy_review
             WHERE policy_id = $1 AND version = $2",
            args![id, version],
        )
        .await?;
    row.map(|row| {
        Ok(Review {
            version,
            basis: row.basis,
            result: ReviewResult::from_code(&row.result).ok_or(DbError::NoRow)?,
            exception: row.exception,
            ends_on: day(row.ends_on),
            reviewed_at: Instant(row.reviewed_at),
            reviewed_name: row.reviewed_name,
        })
    })
    .transpose()
}
