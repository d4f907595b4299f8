//! Statements on runs of applying without applying, and on their lines.

use jinmen_core::{Date, Instant, OrganizationId};
use serde_json::Value;
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

use crate::model::{
    ApplicationId, CallId, GrantLine, GrantLineId, GrantLineState, LineCounts, RUN_MOST, Run, RunCounts, RunId,
    RunState,
};

const RUN: &str = "SELECT r.id, r.number, r.call_id, r.owner_id, r.state, r.as_of, r.counts, r.job_id, r.started_name,
    r.started_at, r.asked_name, r.asked_at FROM call_auto_grant r WHERE ";

#[derive(store::FromRow)]
struct RunRow {
    id: String,
    number: String,
    call_id: String,
    owner_id: String,
    state: String,
    as_of: String,
    counts: Value,
    job_id: Option<String>,
    started_name: String,
    started_at: i64,
    asked_name: String,
    asked_at: Option<i64>,
}

fn day(text: &str) -> Result<Date, DbError> {
    Date::from_iso(text).map_err(|_| DbError::NoRow)
}

impl TryFrom<RunRow> for Run {
    type Error = DbError;
    fn try_from(row: RunRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            call: row.call_id.parse().map_err(|_| DbError::NoRow)?,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            state: RunState::from_code(&row.state).ok_or(DbError::NoRow)?,
            as_of: day(&row.as_of)?,
            counts: serde_json::from_value(row.counts).unwrap_or_default(),
            job: row.job_id,
            started_name: row.started_name,
            started_at: Instant(row.started_at),
            asked_name: row.asked_name,
            asked_at: row.asked_at.map(Instant),
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, one: &Run) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call_auto_grant (id, number, call_id, owner_id, state, as_of, counts, job_id, started_name, started_at,
           asked_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')",
        args![
            one.id,
            &one.number,
            one.call,
            one.owner,
            one.state.code(),
            one.as_of,
            counts(&one.counts),
            one.job.clone(),
            &one.started_name,
            one.started_at
        ],
    )
    .await
    .map(drop)
}

fn counts(counts: &RunCounts) -> Arg {
    Arg::Json(serde_json::to_value(counts).ok())
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: RunId) -> Result<Run, DbError> {
    let mut query = Query::new(RUN, args![]);
    query.push("r.id = ?", args![id]);
    query.maybe::<RunRow>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The runs of a call, newest first.
pub(crate) async fn of_call<'a>(conn: impl Into<Conn<'a>>, call: CallId) -> Result<Vec<Run>, DbError> {
    let mut query = Query::new(RUN, args![]);
    query.push("r.call_id = ? ORDER BY r.id DESC LIMIT 100", args![call]);
    query.list::<RunRow>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Whether a run of a call is being computed or checked.
pub(crate) async fn is_busy(tx: &mut Tx, call: CallId) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx
        .maybe(
            "SELECT CAST(1 AS BIGINT) FROM call_auto_grant WHERE call_id = $1 AND state IN ('computing', 'checking') LIMIT 1",
            args![call],
        )
        .await?;
    Ok(row.is_some())
}

/// Moves a run from one state to another; whether it stood there.
pub(crate) async fn go(tx: &mut Tx, id: RunId, from: RunState, to: RunState) -> Result<bool, DbError> {
    let rows = tx
        .run("UPDATE call_auto_grant SET state = $3 WHERE id = $1 AND state = $2", args![id, from.code(), to.code()])
        .await?;
    Ok(rows == 1)
}

/// Takes a run's row until the transaction ends, so that what is done with its lines is done one after the other.
pub(crate) async fn take(tx: &mut Tx, id: RunId) -> Result<(), DbError> {
    tx.run("UPDATE call_auto_grant SET state = state WHERE id = $1", args![id]).await.map(drop)
}

/// What was computed; whether it was still waited for.
pub(crate) async fn computed(tx: &mut Tx, id: RunId, state: RunState, found: &RunCounts) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE call_auto_grant SET state = $2, counts = $3 WHERE id = $1 AND state = 'computing'",
            args![id, state.code(), counts(found)],
        )
        .await?;
    Ok(rows == 1)
}

/// Who asked the firms, and when.
pub(crate) async fn asked_by(tx: &mut Tx, id: RunId, name: &str, now: Instant) -> Result<(), DbError> {
    tx.run(
        "UPDATE call_auto_grant SET state = 'asking', asked_name = $2, asked_at = $3 WHERE id = $1",
        args![id, name, now],
    )
    .await
    .map(drop)
}

/// Ends a run of which nothing waits any more; whether it was.
pub(crate) async fn settle(tx: &mut Tx, id: RunId) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE call_auto_grant SET state = 'over' WHERE id = $1 AND state = 'asking' AND NOT EXISTS
               (SELECT 1 FROM call_auto_grant_line l WHERE l.run_id = $1 AND l.state IN ('found', 'asked'))",
            args![id],
        )
        .await?;
    Ok(rows == 1)
}

const LINE: &str = "SELECT l.id, l.run_id, l.call_id, l.owner_id, l.place, l.organization_id, l.name, l.uscc, l.amount,
    l.state, l.reason, l.hold, l.has_draft, l.asked, l.due_on, l.decision_id, l.application_id, l.account,
    l.answered_name, l.answered_at FROM call_auto_grant_line l WHERE ";

#[derive(store::FromRow)]
struct LineRow {
    id: String,
    run_id: String,
    call_id: String,
    owner_id: String,
    place: i64,
    organization_id: String,
    name: String,
    uscc: String,
    amount: i64,
    state: String,
    reason: String,
    hold: Option<i64>,
    has_draft: bool,
    asked: i64,
    due_on: Option<String>,
    decision_id: Option<String>,
    application_id: Option<String>,
    account: Option<Vec<u8>>,
    answered_name: String,
    answered_at: Option<i64>,
}

impl TryFrom<LineRow> for GrantLine {
    type Error = DbError;
    fn try_from(row: LineRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            run: row.run_id.parse().map_err(|_| DbError::NoRow)?,
            call: row.call_id.parse().map_err(|_| DbError::NoRow)?,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            place: row.place,
            organization: row.organization_id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            uscc: row.uscc,
            amount: row.amount,
            state: GrantLineState::from_code(&row.state).ok_or(DbError::NoRow)?,
            reason: row.reason,
            holds: row.hold.is_some(),
            has_draft: row.has_draft,
            asked: row.asked,
            due_on: row.due_on.as_deref().map(day).transpose()?,
            decision: row.decision_id,
            application: row.application_id.and_then(|id| id.parse().ok()),
            account: row.account,
            answered_name: row.answered_name,
            answered_at: row.answered_at.map(Instant),
        })
    }
}

async fn lines_of<'a>(query: Query, conn: impl Into<Conn<'a>>) -> Result<Vec<GrantLine>, DbError> {
    query.list::<LineRow>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Writes lines that were found. A firm that has a line to the call already keeps that one; how many were written.
pub(crate) async fn insert_lines(tx: &mut Tx, lines: &[GrantLine]) -> Result<u64, DbError> {
    let rows = lines
        .iter()
        .map(|one| {
            let state = one.state.code();
            args![
                one.id,
                one.run,
                one.call,
                one.owner,
                one.place,
                one.organization,
                &one.name,
                one.amount,
                state,
                one.has_draft,
                1_i64,
                "",
                "",
                "",
                0_i64
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO call_auto_grant_line (id, run_id, call_id, owner_id, place, organization_id, name, amount, state,
           has_draft, hold, uscc, reason, answered_name, asked)",
        rows,
        "ON CONFLICT (call_id, organization_id, hold) DO NOTHING",
    )
    .await
}

pub(crate) async fn line<'a>(conn: impl Into<Conn<'a>>, id: GrantLineId) -> Result<GrantLine, DbError> {
    let mut query = Query::new(LINE, args![]);
    query.push("l.id = ?", args![id]);
    query.maybe::<LineRow>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Every line of a run in order.
pub(crate) async fn lines<'a>(conn: impl Into<Conn<'a>>, run: RunId) -> Result<Vec<GrantLine>, DbError> {
    let mut query = Query::new(LINE, args![]);
    query.push("l.run_id = ? ORDER BY l.place LIMIT ?", args![run, RUN_MOST as i64]);
    lines_of(query, conn).await
}

/// A page of the lines of a run, of one state where one is named.
pub(crate) async fn page(
    db: &Db,
    run: RunId,
    state: Option<GrantLineState>,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<GrantLine>, DbError> {
    let mut query = Query::new(LINE, args![]);
    query.push("l.run_id = ?", args![run]);
    query.when(state.map(GrantLineState::code), " AND l.state = ?");
    query.when(after, " AND l.place > ?");
    query.push(" ORDER BY l.place LIMIT ?", args![i64::from(limit) + 1]);
    lines_of(query, db).await
}

/// How many lines of a run stand where, and what they come to.
pub(crate) async fn line_counts<'a>(conn: impl Into<Conn<'a>>, run: RunId) -> Result<LineCounts, DbError> {
    let rows: Vec<(String, i64, i64)> = conn
        .into()
        .list(
            "SELECT state, CAST(COUNT(*) AS BIGINT), CAST(SUM(amount) AS BIGINT) FROM call_auto_grant_line
             WHERE run_id = $1 GROUP BY state ORDER BY state",
            args![run],
        )
        .await?;
    rows.into_iter()
        .map(|(state, count, sum)| Ok((GrantLineState::from_code(&state).ok_or(DbError::NoRow)?, count, sum)))
        .collect()
}

/// The lines of a firm that it was asked about, newest first.
pub(crate) async fn of_organization(db: &Db, organization: OrganizationId) -> Result<Vec<GrantLine>, DbError> {
    let mut query = Query::new(LINE, args![]);
    query.push("l.organization_id = ? AND l.asked > 0 ORDER BY l.id DESC LIMIT 50", args![organization]);
    lines_of(query, db).await
}

/// The line that stands for a firm to a call.
pub(crate) async fn standing(
    tx: &mut Tx,
    call: CallId,
    organization: OrganizationId,
) -> Result<Option<GrantLine>, DbError> {
    let mut query = Query::new(LINE, args![]);
    query.push("l.call_id = ? AND l.organization_id = ? AND l.hold = 1", args![call, organization]);
    query.maybe::<LineRow>(tx).await?.map(TryInto::try_into).transpose()
}

/// The line that an application came from.
pub(crate) async fn of_application<'a>(
    conn: impl Into<Conn<'a>>,
    id: ApplicationId,
) -> Result<Option<GrantLine>, DbError> {
    let mut query = Query::new(LINE, args![]);
    query.push("l.application_id = ?", args![id]);
    query.maybe::<LineRow>(conn).await?.map(TryInto::try_into).transpose()
}

/// The line of a firm with the account that it gave last.
pub(crate) async fn last_account<'a>(
    conn: impl Into<Conn<'a>>,
    organization: OrganizationId,
) -> Result<Option<Vec<u8>>, DbError> {
    let row: Option<(Vec<u8>,)> = conn
        .into()
        .maybe(
            "SELECT account FROM call_auto_grant_line WHERE organization_id = $1 AND account IS NOT NULL
             ORDER BY answered_at DESC, id DESC LIMIT 1",
            args![organization],
        )
        .await?;
    Ok(row.map(|(account,)| account))
}

/// The applications that a firm handed in last: identifier, call and version of the form.
pub(crate) async fn last_applications<'a>(
    conn: impl Into<Conn<'a>>,
    organization: OrganizationId,
    most: i64,
) -> Result<Vec<(ApplicationId, CallId, i64)>, DbError> {
    let rows: Vec<(String, String, i64)> = conn
        .into()
        .list(
            "SELECT id, call_id, form_version FROM call_application
             WHERE applicant_kind = 'organization' AND applicant_id = $1 AND submitted_at IS NOT NULL
             ORDER BY id DESC LIMIT $2",
            args![organization, most],
        )
        .await?;
    let one = |(id, call, version): (String, String, i64)| {
        Ok((id.parse().map_err(|_| DbError::NoRow)?, call.parse().map_err(|_| DbError::NoRow)?, version))
    };
    rows.into_iter().map(one).collect()
}

/// Everybody who has a line to a call that keeps them out of a further run: all but those that were stopped.
pub(crate) async fn listed(db: &Db, call: CallId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = db
        .list("SELECT organization_id FROM call_auto_grant_line WHERE call_id = $1 AND state <> 'stopped'", args![call])
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The organisations with an application to a call that stands, and its state.
pub(crate) async fn applicants(db: &Db, call: CallId) -> Result<Vec<(String, String)>, DbError> {
    db.list(
        "SELECT applicant_id, state FROM call_application
         WHERE call_id = $1 AND applicant_kind = 'organization' AND place IS NOT NULL",
        args![call],
    )
    .await
}

/// Writes how a line stands and all that goes with it, if it stands where it was read; whether it did.
pub(crate) async fn stand(tx: &mut Tx, one: &GrantLine, from: GrantLineState) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE call_auto_grant_line SET state = $3, reason = $4, hold = $5, asked = $6, due_on = $7, decision_id = $8,
               application_id = $9, account = $10, answered_name = $11, answered_at = $12, uscc = $13
             WHERE id = $1 AND state = $2",
            args![
                one.id,
                from.code(),
                one.state.code(),
                &one.reason,
                one.holds.then_some(1_i64),
                one.asked,
                one.due_on,
                one.decision.clone(),
                one.application,
                one.account.clone(),
                &one.answered_name,
                one.answered_at,
                &one.uscc
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Lets the lines of a run go that nobody was asked about: they stand in nobody's way.
pub(crate) async fn forget(tx: &mut Tx, run: RunId, reason: &str) -> Result<(), DbError> {
    tx.run(
        "UPDATE call_auto_grant_line SET state = 'stopped', hold = NULL, reason = $2
         WHERE run_id = $1 AND state IN ('found', 'removed')",
        args![run, reason],
    )
    .await
    .map(drop)
}

/// Lines whose last day is over, the oldest first.
pub(crate) async fn late(db: &Db, today: Date, most: u32) -> Result<Vec<GrantLineId>, DbError> {
    let rows: Vec<(String,)> = db
        .list(
            "SELECT id FROM call_auto_grant_line WHERE state = 'asked' AND due_on < $1 ORDER BY due_on, id LIMIT $2",
            args![today, i64::from(most)],
        )
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::NoRow)).collect()
}

/// A line that was handed over with its firm: which, whether it stood, where it stood, and why.
pub(crate) type MovedLine = (String, Option<i64>, String, String);

/// Hands the lines of one organisation over to another, whose file it is joined to; what was moved. Where the other has a
/// line to the same call that stands, its own one stands on, and this one does not any more.
pub(crate) async fn move_organization(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
    why: &str,
) -> Result<Vec<MovedLine>, DbError> {
    let rows: Vec<MovedLine> = tx
        .list(
            "SELECT id, hold, state, reason FROM call_auto_grant_line WHERE organization_id = $1 ORDER BY id",
            args![from],
        )
        .await?;
    tx.run(
        "UPDATE call_auto_grant_line SET state = 'stopped', reason = $3, hold = NULL
         WHERE organization_id = $1 AND hold = 1 AND EXISTS (SELECT 1 FROM call_auto_grant_line o
           WHERE o.call_id = call_auto_grant_line.call_id AND o.organization_id = $2 AND o.hold = 1)",
        args![from, to, why],
    )
    .await?;
    tx.run("UPDATE call_auto_grant_line SET organization_id = $2 WHERE organization_id = $1", args![from, to]).await?;
    Ok(rows)
}

/// Hands them back, each as it was.
pub(crate) async fn return_organization(tx: &mut Tx, moved: &[MovedLine], to: OrganizationId) -> Result<(), DbError> {
    for (id, hold, state, reason) in moved {
        tx.run(
            "UPDATE call_auto_grant_line SET organization_id = $2, hold = $3, state = $4, reason = $5 WHERE id = $1",
            args![id, to, *hold, state, reason],
        )
        .await?;
    }
    Ok(())
}

/// Hands the runs of one office over to another; what was moved: runs and lines.
pub(crate) async fn move_owner(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<(Vec<String>, Vec<String>), DbError> {
    let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect();
    let runs =
        tx.list("UPDATE call_auto_grant SET owner_id = $2 WHERE owner_id = $1 RETURNING id", args![from, to]).await?;
    let lines = tx
        .list("UPDATE call_auto_grant_line SET owner_id = $2 WHERE owner_id = $1 RETURNING id", args![from, to])
        .await?;
    Ok((ids(runs), ids(lines)))
}

/// Hands them back.
pub(crate) async fn return_owner(
    tx: &mut Tx,
    runs: &[String],
    lines: &[String],
    to: OrganizationId,
) -> Result<(), DbError> {
    let mut query = Query::new("UPDATE call_auto_grant SET owner_id = ? WHERE", args![to]);
    query.within(" id IN", runs.to_vec(), "");
    query.run(&mut *tx).await?;
    for some in lines.chunks(1_000) {
        let mut query = Query::new("UPDATE call_auto_grant_line SET owner_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(&mut *tx).await?;
    }
    Ok(())
}
