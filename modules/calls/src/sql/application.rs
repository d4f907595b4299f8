//! Statements on applications, what was handed in, and teams.

use jinmen_core::{AccountId, Date, Instant, OrganizationId, PersonId};
use payments::Subject;
use serde_json::Value;
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

use crate::model::{
    Application, ApplicationFilter, ApplicationId, ApplicationState, Call, CallId, Member, Return, Submission, Team,
};

const COLUMNS: &str =
    "SELECT a.id, a.call_id, a.owner_id, a.number, a.applicant_kind, a.applicant_id, a.applicant_name,
    a.state, a.stage, a.handler_id, a.handler_name, a.track, a.track_group, a.form_version, a.version, a.saved_at,
    a.submitted_at, a.digest, a.returned, a.reason, a.granted, a.begun_by, a.begun_name, a.created_at, a.updated_at
    FROM call_application a WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    call_id: String,
    owner_id: String,
    number: Option<String>,
    applicant_kind: String,
    applicant_id: String,
    applicant_name: String,
    state: String,
    stage: String,
    handler_id: Option<String>,
    handler_name: String,
    track: String,
    track_group: String,
    form_version: i64,
    version: i64,
    saved_at: i64,
    submitted_at: Option<i64>,
    digest: String,
    returned: Option<Value>,
    reason: String,
    granted: Option<i64>,
    begun_by: Option<String>,
    begun_name: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Application {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let returned: Option<Return> = row.returned.and_then(|json| serde_json::from_value(json).ok());
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            call: row.call_id.parse().map_err(|_| DbError::NoRow)?,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number.unwrap_or_default(),
            applicant: Subject::read(&row.applicant_kind, &row.applicant_id).ok_or(DbError::NoRow)?,
            applicant_name: row.applicant_name,
            state: ApplicationState::from_code(&row.state).ok_or(DbError::NoRow)?,
            stage: row.stage,
            handler: row.handler_id.and_then(|id| id.parse().ok()),
            handler_name: row.handler_name,
            track: row.track,
            group: row.track_group,
            form_version: row.form_version,
            version: row.version,
            saved_at: Instant(row.saved_at),
            submitted_at: row.submitted_at.map(Instant),
            digest: row.digest,
            returned,
            reason: row.reason,
            granted: row.granted,
            begun_by: row.begun_by.and_then(|id| id.parse().ok()),
            begun_name: row.begun_name,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
        })
    }
}

/// An application to be begun.
pub(crate) struct New<'a> {
    pub id: ApplicationId,
    pub call: &'a Call,
    pub applicant: Subject,
    pub name: &'a str,
    pub place: i64,
    pub by: (Option<AccountId>, &'a str),
}

/// Whether it was begun: not where the applicant has one at that place.
pub(crate) async fn insert(tx: &mut Tx, new: &New<'_>, now: Instant) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "INSERT INTO call_application (id, call_id, owner_id, applicant_kind, applicant_id, applicant_name, place, state,
               stage, handler_name, track, track_group, form_version, version, saved_at, digest, reason, begun_by,
               begun_name, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', '', '', '', '', $8, 1, $9, '', '', $10, $11, $9, $9)
             ON CONFLICT (call_id, applicant_kind, applicant_id, place) DO NOTHING",
            args![
                new.id,
                new.call.id,
                new.call.owner,
                new.applicant.kind(),
                new.applicant.id(),
                new.name,
                new.place,
                new.call.form_version,
                now,
                new.by.0,
                new.by.1
            ],
        )
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: ApplicationId) -> Result<Application, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("a.id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The numbers of some applications.
pub(crate) async fn numbers(db: &Db, ids: Vec<ApplicationId>) -> Result<Vec<(ApplicationId, String)>, DbError> {
    let mut query = Query::new("SELECT a.id, a.number FROM call_application a WHERE a.number IS NOT NULL", args![]);
    query.within(" AND a.id IN", ids, "");
    let rows: Vec<(String, String)> = query.list(db).await?;
    rows.into_iter().map(|(id, number)| Ok((id.parse().map_err(|_| DbError::NoRow)?, number))).collect()
}

/// Those of an applicant to one call that were not withdrawn, the first first, with their places.
pub(crate) async fn of_applicant<'a>(
    conn: impl Into<Conn<'a>>,
    call: CallId,
    applicant: Subject,
) -> Result<Vec<Application>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push(
        "a.call_id = ? AND a.applicant_kind = ? AND a.applicant_id = ? AND a.place IS NOT NULL ORDER BY a.place LIMIT 50",
        args![call, applicant.kind(), applicant.id()],
    );
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Notes that something was typed. None if the application may not be typed into any more.
pub(crate) async fn touch(tx: &mut Tx, id: ApplicationId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE call_application SET saved_at = $2 WHERE id = $1 AND state IN ('draft', 'returned')", args![id, now])
        .await
}

/// Writes track and group of one that may be typed into.
pub(crate) async fn choose(tx: &mut Tx, id: ApplicationId, track: &str, group: &str) -> Result<u64, DbError> {
    tx.run(
        "UPDATE call_application SET track = $2, track_group = $3 WHERE id = $1 AND state = 'draft'",
        args![id, track, group],
    )
    .await
}

/// Writes the state of an application and all that goes with it; nothing when it was changed since it was read.
pub(crate) async fn stand(tx: &mut Tx, one: &Application, now: Instant) -> Result<u64, DbError> {
    let returned = one.returned.as_ref().map(|returned| serde_json::to_value(returned).unwrap_or_default());
    let number = Some(one.number.as_str()).filter(|number| !number.is_empty());
    let gone = one.state == ApplicationState::Withdrawn;
    tx.run(
        "UPDATE call_application SET state = $2, stage = $3, number = $4, applicant_name = $5, submitted_at = $6,
           digest = $7, returned = $8, reason = $9, granted = $10, version = version + 1, updated_at = $11,
           place = CASE WHEN $12 THEN NULL ELSE place END
         WHERE id = $1 AND version = $13",
        args![
            one.id,
            one.state.code(),
            &one.stage,
            number.map(str::to_owned),
            &one.applicant_name,
            one.submitted_at,
            &one.digest,
            Arg::Json(returned),
            &one.reason,
            one.granted,
            now,
            gone,
            one.version
        ],
    )
    .await
}

/// Gives an application to somebody of the office, or to nobody.
pub(crate) async fn hand_to(
    tx: &mut Tx,
    id: ApplicationId,
    person: Option<PersonId>,
    name: &str,
) -> Result<u64, DbError> {
    tx.run("UPDATE call_application SET handler_id = $2, handler_name = $3 WHERE id = $1", args![id, person, name])
        .await
}

/// For whom a list is.
#[derive(Clone, Copy)]
pub(crate) enum For {
    /// An applicant: its own, and those in whose team the person is.
    Applicant(Subject, Option<PersonId>),
    /// An office: those of its calls and of those it runs for others today; never drafts.
    Office(OrganizationId, Date, Option<PersonId>),
}

/// A page of a list, newest first.
pub(crate) async fn list(
    db: &Db,
    whose: For,
    filter: &ApplicationFilter,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Application>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    let mut person = None;
    match whose {
        For::Applicant(subject, member) => {
            let kind = subject.kind();
            query.push("((a.applicant_kind = ? AND a.applicant_id = ?)", args![kind, subject.id()]);
            query.when(member, " OR a.id IN (SELECT m.application_id FROM call_member m WHERE m.person_id = ?)");
            query.push(")", args![]);
        }
        For::Office(owner, today, own) => {
            person = own;
            query.push(
                "a.state <> 'draft' AND (a.owner_id = ? OR a.call_id IN (SELECT o.call_id FROM call_operator o
                   WHERE o.organization_id = ? AND o.until_on >= ?))",
                args![owner, owner, today],
            );
        }
    }
    narrow(db, &mut query, filter, person);
    query.when(after, " AND a.id < ?");
    query.push(" ORDER BY a.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

fn narrow(db: &Db, query: &mut Query, filter: &ApplicationFilter, person: Option<PersonId>) {
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    if let Some(typed) = given(&filter.q) {
        match store::search::Typed::new("call_application", &typed) {
            Some(typed) => query.embed(" AND a.id IN (", typed.ids(db.dialect()), ")"),
            None => query.push(" AND FALSE", args![]),
        };
    }
    query.when(given(&filter.call), " AND a.call_id = ?");
    query.when(given(&filter.state), " AND a.state = ?");
    query.when(given(&filter.stage), " AND a.stage = ?");
    match given(&filter.handler).as_deref() {
        Some("mine") => query.push(" AND a.handler_id = ?", args![person.map(|id| id.text()).unwrap_or_default()]),
        Some("nobody") => query.push(" AND a.handler_id IS NULL", args![]),
        _ => query,
    };
}

/// Writes what was handed in.
pub(crate) async fn keep_submission(tx: &mut Tx, id: ApplicationId, one: &Submission) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call_submission (application_id, round, document, digest, submitted_at, submitted_name)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, one.round, &one.document, &one.digest, one.at, &one.by],
    )
    .await
    .map(drop)
}

/// What was handed in, the first first.
pub(crate) async fn submissions<'a>(conn: impl Into<Conn<'a>>, id: ApplicationId) -> Result<Vec<Submission>, DbError> {
    let rows: Vec<(i64, String, String, i64, String)> = conn
        .into()
        .list(
            "SELECT round, document, digest, submitted_at, submitted_name FROM call_submission
             WHERE application_id = $1 ORDER BY round LIMIT 100",
            args![id],
        )
        .await?;
    let one = |(round, document, digest, at, by)| Submission { round, document, digest, at: Instant(at), by };
    Ok(rows.into_iter().map(one).collect())
}

/// What was handed in last, of several applications.
pub(crate) async fn last_submissions(db: &Db, ids: &[ApplicationId]) -> Result<Vec<(ApplicationId, String)>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(
        "SELECT s.application_id, s.document FROM call_submission s WHERE s.round =
           (SELECT MAX(o.round) FROM call_submission o WHERE o.application_id = s.application_id)",
        args![],
    );
    query.within(" AND s.application_id IN", ids.to_vec(), "");
    let rows: Vec<(String, String)> = query.list(db).await?;
    rows.into_iter().map(|(id, text)| Ok((id.parse().map_err(|_| DbError::NoRow)?, text))).collect()
}

pub(crate) async fn put_member(tx: &mut Tx, id: ApplicationId, member: &Member) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call_member (application_id, person_id, name, part, added_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (application_id, person_id) DO UPDATE SET part = excluded.part",
        args![id, member.person, &member.name, member.part.code(), member.added_at],
    )
    .await
    .map(drop)
}

pub(crate) async fn remove_member(tx: &mut Tx, id: ApplicationId, person: PersonId) -> Result<u64, DbError> {
    tx.run("DELETE FROM call_member WHERE application_id = $1 AND person_id = $2", args![id, person]).await
}

/// The team, in the order in which it came together.
pub(crate) async fn members<'a>(conn: impl Into<Conn<'a>>, id: ApplicationId) -> Result<Vec<Member>, DbError> {
    let rows: Vec<(String, String, String, i64)> = conn
        .into()
        .list(
            "SELECT person_id, name, part, added_at FROM call_member WHERE application_id = $1
             ORDER BY added_at, person_id LIMIT 100",
            args![id],
        )
        .await?;
    rows.into_iter()
        .map(|(person, name, part, at)| {
            Ok(Member {
                person: person.parse().map_err(|_| DbError::NoRow)?,
                name,
                part: Team::from_code(&part).ok_or(DbError::NoRow)?,
                added_at: Instant(at),
            })
        })
        .collect()
}

/// Hands the applications of one organisation over to another, whose file it is joined to; what was moved. Where the other
/// has one at the same place of a call, it is put behind.
pub(crate) async fn move_applicant(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<(String, Option<i64>)>, DbError> {
    let rows: Vec<(String, Option<i64>)> = tx
        .list(
            "SELECT id, place FROM call_application WHERE applicant_kind = 'organization' AND applicant_id = $1 ORDER BY id",
            args![from],
        )
        .await?;
    tx.run(
        "UPDATE call_application SET applicant_id = $2,
           place = place + COALESCE((SELECT MAX(o.place) FROM call_application o WHERE o.call_id = call_application.call_id
             AND o.applicant_kind = 'organization' AND o.applicant_id = $2), 0)
         WHERE applicant_kind = 'organization' AND applicant_id = $1",
        args![from, to],
    )
    .await?;
    Ok(rows)
}

/// Hands them back, each to its place.
pub(crate) async fn return_applicant(
    tx: &mut Tx,
    moved: &[(String, Option<i64>)],
    to: OrganizationId,
) -> Result<(), DbError> {
    for (id, place) in moved {
        tx.run("UPDATE call_application SET applicant_id = $2, place = $3 WHERE id = $1", args![id, to, *place])
            .await?;
    }
    Ok(())
}

/// Hands the calls of one organisation over to another with their applications; what was moved.
pub(crate) async fn move_owner(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<(Vec<String>, Vec<String>), DbError> {
    let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect();
    let calls = tx.list("UPDATE call SET owner_id = $2 WHERE owner_id = $1 RETURNING id", args![from, to]).await?;
    let applications =
        tx.list("UPDATE call_application SET owner_id = $2 WHERE owner_id = $1 RETURNING id", args![from, to]).await?;
    Ok((ids(calls), ids(applications)))
}

/// Hands them back.
pub(crate) async fn return_owner(
    tx: &mut Tx,
    calls: &[String],
    applications: &[String],
    to: OrganizationId,
) -> Result<(), DbError> {
    for some in calls.chunks(1_000) {
        let mut query = Query::new("UPDATE call SET owner_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    for some in applications.chunks(1_000) {
        let mut query = Query::new("UPDATE call_application SET owner_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

/// Some applications.
pub(crate) async fn many<'a>(conn: impl Into<Conn<'a>>, ids: Vec<ApplicationId>) -> Result<Vec<Application>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.within("a.id IN", ids, "ORDER BY a.submitted_at, a.id");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}
