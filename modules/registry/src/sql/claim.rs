//! Statements on letters, claims and what claimants wrote.

use jinmen_core::{Instant, OrganizationId, Period, Text2};
use serde_json::Value as Json;
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

use super::date;
use crate::dictionary::{Value, dictionary};
use crate::model::{
    CheckedClaim, Claim, ClaimId, ClaimKind, ClaimProgress, ClaimState, Letter, LetterId, NewFact, Source,
};

/// A letter to be.
pub(crate) struct NewLetter {
    pub(crate) id: LetterId,
    pub(crate) organization: OrganizationId,
    pub(crate) hash: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

pub(crate) async fn insert_letters(
    tx: &mut Tx,
    batch: &str,
    letters: Vec<NewLetter>,
    by: Option<jinmen_core::AccountId>,
    now: Instant,
    expires: Instant,
) -> Result<(), DbError> {
    let rows: Vec<Vec<Arg>> = letters
        .into_iter()
        .map(|one| args![one.id, one.organization, batch, one.hash, one.sealed, now, by, expires])
        .collect();
    tx.insert_many(
        "INSERT INTO claim_letter (id, organization_id, batch_id, code_hash, code_sealed, created_at, created_by, expires_at)",
        rows,
        "",
    )
    .await
    .map(drop)
}

/// Ends the letters of organisations, because newer ones are made or somebody took over.
pub(crate) async fn end_letters(tx: &mut Tx, organizations: &[OrganizationId], now: Instant) -> Result<u64, DbError> {
    let mut query = Query::new("UPDATE claim_letter SET ended_at = ? WHERE ended_at IS NULL", args![now]);
    query.within(" AND organization_id IN", organizations.iter().map(|id| id.text()).collect(), "");
    query.run(tx).await
}

#[derive(store::FromRow)]
pub(crate) struct LetterRow {
    id: String,
    organization_id: String,
    name_zh: String,
    name_en: Option<String>,
    keeper_id: Option<String>,
    pub(crate) code_sealed: Vec<u8>,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl LetterRow {
    /// The letter without its code.
    pub(crate) fn letter(&self) -> Result<Letter, DbError> {
        Ok(Letter {
            id: self.id.parse().map_err(|_| DbError::NoRow)?,
            organization: self.organization_id.parse().map_err(|_| DbError::NoRow)?,
            name: Text2::new(self.name_zh.clone(), self.name_en.clone()),
            keeper: self.keeper_id.as_ref().and_then(|id| id.parse().ok()),
            code: None,
            expires_at: Instant(self.expires_at),
            ended: self.ended_at.is_some(),
        })
    }
}

macro_rules! letters {
    () => {
        "SELECT l.id, l.organization_id, o.name_zh, o.name_en, o.keeper_id, l.code_sealed, l.expires_at, l.ended_at
         FROM claim_letter l JOIN organization o ON o.id = l.organization_id "
    };
}

/// The letter of a code, if it may still be used.
pub(crate) async fn letter_of<'a>(
    conn: impl Into<Conn<'a>>,
    hash: &[u8],
    now: Instant,
) -> Result<Option<Letter>, DbError> {
    let row: Option<LetterRow> = conn
        .into()
        .maybe(
            concat!(letters!(), "WHERE l.code_hash = $1 AND l.ended_at IS NULL AND l.expires_at > $2"),
            args![hash.to_vec(), now],
        )
        .await?;
    row.map(|row| row.letter()).transpose()
}

/// The letters printed together, in the order of the organisations' names.
pub(crate) async fn letters_of_batch(db: &Db, batch: &str, most: u32) -> Result<Vec<LetterRow>, DbError> {
    db.list(concat!(letters!(), "WHERE l.batch_id = $1 ORDER BY o.sort_key, l.id LIMIT $2"), args![batch, most]).await
}

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    organization_id: String,
    organization_zh: String,
    organization_en: Option<String>,
    keeper_id: Option<String>,
    letter_id: Option<String>,
    kind: String,
    account_id: String,
    person_id: String,
    claimant_name: String,
    claimant_role: String,
    uscc: String,
    representative: String,
    valid_until: Option<String>,
    note: String,
    state: String,
    opinion: String,
    alone: bool,
    grant_id: Option<String>,
    created_at: i64,
    submitted_at: Option<i64>,
    decided_at: Option<i64>,
    decided_name: String,
}

impl TryFrom<Row> for Claim {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            organization: row.organization_id.parse().map_err(|_| DbError::NoRow)?,
            organization_name: Text2::new(row.organization_zh, row.organization_en),
            keeper: row.keeper_id.and_then(|id| id.parse().ok()),
            by_letter: row.letter_id.is_some(),
            kind: ClaimKind::from_code(&row.kind).ok_or(DbError::NoRow)?,
            account: row.account_id.parse().map_err(|_| DbError::NoRow)?,
            person: row.person_id.parse().map_err(|_| DbError::NoRow)?,
            claimant_name: row.claimant_name,
            claimant_role: row.claimant_role,
            uscc: row.uscc,
            representative: row.representative,
            valid_until: date(row.valid_until),
            note: row.note,
            state: ClaimState::from_code(&row.state).ok_or(DbError::NoRow)?,
            opinion: row.opinion,
            alone: row.alone,
            grant: row.grant_id.and_then(|id| id.parse().ok()),
            created_at: Instant(row.created_at),
            submitted_at: row.submitted_at.map(Instant),
            decided_at: row.decided_at.map(Instant),
            decided_name: row.decided_name,
        })
    }
}

macro_rules! claims {
    () => {
        "SELECT c.id, c.number, c.organization_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
           c.keeper_id, c.letter_id, c.kind, c.account_id, c.person_id, c.claimant_name, c.claimant_role, c.uscc,
           c.representative, c.valid_until, c.note, c.state, c.opinion, c.alone, c.grant_id, c.created_at,
           c.submitted_at, c.decided_at, c.decided_name
         FROM claim c JOIN organization o ON o.id = c.organization_id "
    };
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: ClaimId) -> Result<Claim, DbError> {
    let row: Row = conn.into().one(concat!(claims!(), "WHERE c.id = $1"), args![id]).await?;
    row.try_into()
}

/// The open claim of an account to a file.
pub(crate) async fn open_of(
    tx: &mut Tx,
    organization: OrganizationId,
    account: jinmen_core::AccountId,
) -> Result<Option<Claim>, DbError> {
    let row: Option<Row> = tx
        .maybe(
            concat!(
                claims!(),
                "WHERE c.organization_id = $1 AND c.account_id = $2 AND c.state IN ('draft', 'submitted', 'returned')"
            ),
            args![organization, account],
        )
        .await?;
    row.map(TryInto::try_into).transpose()
}

/// The claims of an account, newest first.
pub(crate) async fn of_account(db: &Db, account: jinmen_core::AccountId) -> Result<Vec<Claim>, DbError> {
    let rows: Vec<Row> =
        db.list(concat!(claims!(), "WHERE c.account_id = $1 ORDER BY c.id DESC LIMIT 50"), args![account]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The claims to a file, newest first.
pub(crate) async fn of_organization<'a>(
    conn: impl Into<Conn<'a>>,
    organization: OrganizationId,
) -> Result<Vec<Claim>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(concat!(claims!(), "WHERE c.organization_id = $1 ORDER BY c.id DESC LIMIT 50"), args![organization])
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The claims that an organisation checks, newest first.
pub(crate) async fn of_keeper(
    db: &Db,
    keeper: Option<OrganizationId>,
    state: Option<ClaimState>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Claim>, DbError> {
    let mut query = Query::new(claims!(), args![]);
    query.push("WHERE c.keeper_id = ?", args![keeper]);
    query.when(state.map(ClaimState::code), " AND c.state = ?");
    query.when(after, " AND c.id < ?");
    query.push(" ORDER BY c.id DESC LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn insert(tx: &mut Tx, claim: &Claim, letter: Option<LetterId>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO claim (id, number, organization_id, keeper_id, letter_id, kind, account_id, person_id,
           claimant_name, claimant_role, uscc, representative, note, state, opinion, alone, created_at, decided_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '', '', $10, '', $11, $12, '')",
        args![
            claim.id,
            &claim.number,
            claim.organization,
            claim.keeper,
            letter,
            claim.kind.code(),
            claim.account,
            claim.person,
            &claim.claimant_name,
            claim.state.code(),
            false,
            claim.created_at
        ],
    )
    .await
    .map(drop)
}

/// Sends a claim in, if it is still with the claimant.
pub(crate) async fn submit(
    tx: &mut Tx,
    id: ClaimId,
    kind: ClaimKind,
    new: &CheckedClaim,
    now: Instant,
) -> Result<u64, DbError> {
    let role = if new.is_representative { "representative" } else { "authorised" };
    tx.run(
        "UPDATE claim SET kind = $2, claimant_name = $3, claimant_role = $4, uscc = $5, representative = $6,
           valid_until = $7, note = $8, state = 'submitted', submitted_at = $9, opinion = ''
         WHERE id = $1 AND state IN ('draft', 'returned')",
        args![
            id,
            kind.code(),
            &new.name,
            role,
            new.uscc.as_str(),
            &new.representative,
            new.valid_until,
            &new.note,
            now
        ],
    )
    .await
}

/// Moves a claim on, if it is in one of the states it may come from.
pub(crate) async fn advance(
    tx: &mut Tx,
    id: ClaimId,
    from: &[ClaimState],
    to: ClaimState,
    opinion: &str,
    by: &str,
    now: Instant,
) -> Result<u64, DbError> {
    let mut query = Query::new(
        "UPDATE claim SET state = ?, opinion = ?, decided_at = ?, decided_name = ? WHERE id = ?",
        args![to.code(), opinion, now, by, id],
    );
    query.within(" AND state IN", from.iter().map(|state| state.code()).collect(), "");
    query.run(tx).await
}

/// What was given on a claim.
pub(crate) async fn granted(
    tx: &mut Tx,
    id: ClaimId,
    grant: jinmen_core::GrantId,
    alone: bool,
) -> Result<u64, DbError> {
    tx.run("UPDATE claim SET grant_id = $2, alone = $3 WHERE id = $1", args![id, grant, alone]).await
}

/// Other open claims to a file that was just taken over are from now on claims against its holder.
pub(crate) async fn contest_others(
    tx: &mut Tx,
    organization: OrganizationId,
    granted: ClaimId,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE claim SET kind = 'transfer'
         WHERE organization_id = $1 AND id <> $2 AND kind = 'take_over' AND state IN ('draft', 'submitted', 'returned')",
        args![organization, granted],
    )
    .await
}

/// Says since when somebody acts for an organisation, if nobody does yet (or whatever, where others ended).
pub(crate) async fn set_claimed(
    tx: &mut Tx,
    organization: OrganizationId,
    at: Option<Instant>,
    anew: bool,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE organization SET claimed_at = $2, version = version + 1
         WHERE id = $1 AND ($3 OR claimed_at IS NULL)",
        args![organization, at, anew],
    )
    .await
}

/// Gives a file the code that it lacked.
pub(crate) async fn set_uscc(tx: &mut Tx, organization: OrganizationId, uscc: &str) -> Result<u64, DbError> {
    tx.run("UPDATE organization SET uscc = $2 WHERE id = $1 AND uscc IS NULL", args![organization, uscc]).await
}

/// Writes what a claimant says; a later word replaces an earlier one.
pub(crate) async fn put_fact(tx: &mut Tx, claim: ClaimId, fact: &NewFact, now: Instant) -> Result<u64, DbError> {
    let day = |day: Option<jinmen_core::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    tx.run(
        "INSERT INTO claim_fact (claim_id, key, true_from, true_until, value, entered_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (claim_id, key, true_from) DO UPDATE SET value = excluded.value, entered_at = excluded.entered_at,
           true_until = excluded.true_until",
        args![
            claim,
            fact.key.key.as_str(),
            day(fact.period.from()),
            day(fact.period.until()),
            fact.value.to_json(),
            now
        ],
    )
    .await
}

/// What a claimant said, with when.
pub(crate) async fn facts<'a>(conn: impl Into<Conn<'a>>, claim: ClaimId) -> Result<Vec<(NewFact, Instant)>, DbError> {
    let rows: Vec<(String, String, String, Json, i64)> = conn
        .into()
        .list(
            "SELECT key, true_from, true_until, value, entered_at FROM claim_fact WHERE claim_id = $1
             ORDER BY entered_at, key LIMIT 200",
            args![claim],
        )
        .await?;
    let fact = |(key, from, until, value, at): (String, String, String, Json, i64)| {
        let key = dictionary().get(&key)?;
        let value = Value::from_json(key, &value).ok()?;
        let period = Period::new(date(Some(from)), date(Some(until))).unwrap_or(Period::ALWAYS);
        let (source, source_note) = (Source::SelfDeclared, String::new());
        Some((NewFact { key, value, period, source, source_note, source_object: None }, Instant(at)))
    };
    Ok(rows.into_iter().filter_map(fact).collect())
}

/// How far an alliance has come with its members.
pub(crate) async fn progress(db: &Db, alliance: OrganizationId, now: Instant) -> Result<ClaimProgress, DbError> {
    let (members, claimed): (i64, i64) = db
        .one(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(o.claimed_at) AS BIGINT)
             FROM relation r JOIN organization o ON o.id = r.from_id
             WHERE r.to_id = $1 AND r.kind = 'member_of' AND r.ended_at IS NULL AND o.state = 'active'",
            args![alliance],
        )
        .await?;
    let (waiting, begun): (i64, i64) = db
        .one(
            "SELECT CAST(COUNT(*) FILTER (WHERE state = 'submitted') AS BIGINT),
               CAST(COUNT(*) FILTER (WHERE state <> 'submitted') AS BIGINT)
             FROM claim WHERE keeper_id = $1 AND state IN ('draft', 'submitted', 'returned')",
            args![alliance],
        )
        .await?;
    let (invited,): (i64,) = db
        .one(
            "SELECT CAST(COUNT(DISTINCT l.organization_id) AS BIGINT)
             FROM claim_letter l JOIN organization o ON o.id = l.organization_id
             WHERE o.keeper_id = $1 AND l.ended_at IS NULL AND l.expires_at > $2 AND o.claimed_at IS NULL
               AND o.state = 'active'
               AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.organization_id = o.id
                 AND c.state IN ('draft', 'submitted', 'returned'))",
            args![alliance, now],
        )
        .await?;
    Ok(ClaimProgress { members, claimed, waiting, begun, invited })
}
