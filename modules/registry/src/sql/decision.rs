//! Statements on what rules decided.

use jinmen_core::{AccountId, Date, Instant, Object};
use store::{Conn, DbError, Tx, args};

use crate::model::{DecisionId, RuleDecision};

/// Keeps the text of a policy, once.
pub(crate) async fn keep_text(tx: &mut Tx, digest: &str, text: &str, now: Instant) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO rule_text (digest, text, kept_at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
        args![digest, text, now],
    )
    .await
    .map(drop)
}

pub(crate) async fn text<'a>(conn: impl Into<Conn<'a>>, digest: &str) -> Result<String, DbError> {
    let (text,): (String,) = conn.into().one("SELECT text FROM rule_text WHERE digest = $1", args![digest]).await?;
    Ok(text)
}

pub(crate) async fn insert(tx: &mut Tx, one: &RuleDecision, by: Option<AccountId>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO decision (id, subject_kind, subject_id, object_kind, object_id, rule_digest, as_of, known_at, facts,
           answer, decided_at, decided_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            one.id,
            &one.subject.kind,
            &one.subject.id,
            &one.object.kind,
            &one.object.id,
            &one.rule,
            one.as_of,
            one.known_at,
            &one.facts,
            &one.answer,
            one.decided_at,
            by
        ],
    )
    .await
    .map(drop)
}

#[derive(store::FromRow)]
struct Row {
    id: String,
    subject_kind: String,
    subject_id: String,
    object_kind: String,
    object_id: String,
    rule_digest: String,
    as_of: String,
    known_at: i64,
    facts: String,
    answer: String,
    decided_at: i64,
}

impl TryFrom<Row> for RuleDecision {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            subject: Object { kind: row.subject_kind, id: row.subject_id },
            object: Object { kind: row.object_kind, id: row.object_id },
            rule: row.rule_digest,
            as_of: Date::from_iso(&row.as_of).map_err(|_| DbError::NoRow)?,
            known_at: Instant(row.known_at),
            facts: row.facts,
            answer: row.answer,
            decided_at: Instant(row.decided_at),
        })
    }
}

const COLUMNS: &str =
    "SELECT id, subject_kind, subject_id, object_kind, object_id, rule_digest, as_of, known_at, facts,
    answer, decided_at FROM decision WHERE ";

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: DecisionId) -> Result<RuleDecision, DbError> {
    let mut query = store::Query::new(COLUMNS, args![]);
    query.push("id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// What was decided of a subject, newest first.
pub(crate) async fn of_subject<'a>(
    conn: impl Into<Conn<'a>>,
    subject: &Object,
    object: Option<&Object>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<RuleDecision>, DbError> {
    let mut query = store::Query::new(COLUMNS, args![]);
    query.push("subject_kind = ? AND subject_id = ?", args![&subject.kind, &subject.id]);
    if let Some(object) = object {
        query.push(" AND object_kind = ? AND object_id = ?", args![&object.kind, &object.id]);
    }
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}
