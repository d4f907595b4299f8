//! Statements on facts.

use jinmen_core::{AccountId, Instant, Object, OrganizationId, Period};
use serde_json::Value as Json;
use store::{Arg, Conn, DbError, Query, Tx, args};

use super::date;
use crate::dictionary::{Value, dictionary};
use crate::model::{Fact, FactId, NewFact, Source};

#[derive(store::FromRow)]
pub(crate) struct Row {
    id: String,
    key: String,
    value: Option<Json>,
    true_from: Option<String>,
    true_until: Option<String>,
    source: String,
    source_note: String,
    recorded_at: i64,
    recorded_name: String,
    withdrawn_at: Option<i64>,
    withdrawn_note: Option<String>,
}

impl Row {
    /// A fact, unless its key left the dictionary.
    fn fact(self) -> Option<Fact> {
        let key = dictionary().get(&self.key)?;
        Some(Fact {
            id: self.id.parse().ok()?,
            key,
            value: self.value.as_ref().and_then(|json| Value::from_json(key, json).ok()),
            period: Period::new(date(self.true_from), date(self.true_until)).unwrap_or(Period::ALWAYS),
            source: Source::from_code(&self.source)?,
            source_note: self.source_note,
            recorded_at: Instant(self.recorded_at),
            recorded_name: self.recorded_name,
            withdrawn_at: self.withdrawn_at.map(Instant),
            withdrawn_note: self.withdrawn_note,
        })
    }
}

/// The most facts of a subject that a page reads.
const MOST: i64 = 5_000;

/// Everything that was ever recorded of a subject.
pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, subject: &Object) -> Result<Vec<Fact>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT id, key, value, true_from, true_until, source, source_note, recorded_at, recorded_name, withdrawn_at,
               withdrawn_note FROM fact WHERE subject_kind = $1 AND subject_id = $2 ORDER BY key, recorded_at, id LIMIT $3",
            args![&subject.kind, &subject.id, MOST],
        )
        .await?;
    Ok(rows.into_iter().filter_map(Row::fact).collect())
}

#[derive(store::FromRow)]
struct SubjectRow {
    subject_id: String,
    #[sqlx(flatten)]
    row: Row,
}

/// The facts of many subjects of one kind, for some keys, that are held now.
pub(crate) async fn of_many<'a>(
    conn: impl Into<Conn<'a>>,
    kind: &str,
    subjects: Vec<String>,
    keys: Vec<&str>,
) -> Result<Vec<(String, Fact)>, DbError> {
    let mut query = Query::new(
        "SELECT subject_id, id, key, value, true_from, true_until, source, source_note, recorded_at, recorded_name,
           withdrawn_at, withdrawn_note FROM fact WHERE subject_kind = ? AND withdrawn_at IS NULL",
        args![kind],
    );
    query.within(" AND subject_id IN", subjects, "");
    query.within(" AND key IN", keys, " ORDER BY subject_id, key, recorded_at, id");
    let rows: Vec<SubjectRow> = query.list(conn).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.subject_id, row.row.fact()?))).collect())
}

/// The facts of those who are or were members of an alliance, for some keys, that are held now: of the same
/// memberships that [`super::report::memberships`] reads.
pub(crate) async fn of_members<'a>(
    conn: impl Into<Conn<'a>>,
    alliance: OrganizationId,
    most: u32,
    keys: Vec<&str>,
) -> Result<Vec<(String, Fact)>, DbError> {
    let mut query = Query::new(
        "SELECT subject_id, id, key, value, true_from, true_until, source, source_note, recorded_at, recorded_name,
           withdrawn_at, withdrawn_note FROM fact WHERE subject_kind = 'organization' AND withdrawn_at IS NULL
           AND subject_id IN (SELECT r.from_id FROM relation r JOIN organization o ON o.id = r.from_id
             WHERE r.to_id = ? AND r.kind = 'member_of' AND o.merged_into IS NULL
             ORDER BY o.sort_key, o.id, r.id LIMIT ?)",
        args![alliance, most],
    );
    query.within(" AND key IN", keys, " ORDER BY subject_id, key, recorded_at, id");
    let rows: Vec<SubjectRow> = query.list(conn).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.subject_id, row.row.fact()?))).collect())
}

/// Who records, for the columns that say so.
pub(crate) struct Recorder<'a> {
    pub(crate) account: Option<AccountId>,
    pub(crate) name: &'a str,
    pub(crate) at: Instant,
    pub(crate) import: Option<&'a str>,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    kind: &str,
    facts: Vec<(String, FactId, NewFact)>,
    by: &Recorder<'_>,
) -> Result<(), DbError> {
    let rows: Vec<Vec<Arg>> = facts
        .into_iter()
        .map(|(subject, id, fact)| {
            args![
                id,
                kind,
                subject,
                fact.key.key.as_str(),
                fact.value.to_json(),
                fact.period.from(),
                fact.period.until(),
                fact.source.code(),
                fact.source_note,
                fact.source_object.map(|object| object.to_string()),
                by.at,
                by.account,
                by.name,
                by.import
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO fact (id, subject_kind, subject_id, key, value, true_from, true_until, source, source_note,
           source_object, recorded_at, recorded_by, recorded_name, import_id)",
        rows,
        "",
    )
    .await
    .map(drop)
}

/// Stops holding a fact; it stays to be read "as known then".
pub(crate) async fn withdraw(
    tx: &mut Tx,
    id: FactId,
    subject: &Object,
    by: Option<AccountId>,
    note: &str,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE fact SET withdrawn_at = $1, withdrawn_by = $2, withdrawn_note = $3
         WHERE id = $4 AND subject_kind = $5 AND subject_id = $6 AND withdrawn_at IS NULL",
        args![now, by, note, id, &subject.kind, &subject.id],
    )
    .await
}

/// Stops holding what an account declared of a subject since an instant.
pub(crate) async fn withdraw_declared(
    tx: &mut Tx,
    subject: &Object,
    declared_by: AccountId,
    since: Instant,
    by: Option<AccountId>,
    note: &str,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE fact SET withdrawn_at = $1, withdrawn_by = $2, withdrawn_note = $3
         WHERE subject_kind = $4 AND subject_id = $5 AND recorded_by = $6 AND recorded_at >= $7
           AND source = 'self_declared' AND withdrawn_at IS NULL",
        args![now, by, note, &subject.kind, &subject.id, declared_by, since],
    )
    .await
}

/// Removes everything known of a subject, for good.
pub(crate) async fn erase(tx: &mut Tx, subject: &Object) -> Result<u64, DbError> {
    tx.run("DELETE FROM fact WHERE subject_kind = $1 AND subject_id = $2", args![&subject.kind, &subject.id]).await
}
