//! Statements on entries and conflicts.

use calls::model::ApplicationId;
use jinmen_core::{Instant, PersonId};
use payments::Subject;
use store::{Conn, Db, DbError, Query, Tx, args};

use super::id;
use crate::model::{Conflict, ConflictKind, Entry, EntryId, EntryState, PanelId, RoundId};

const COLUMNS: &str =
    "SELECT e.id, e.round_id, e.panel_id, e.application_id, e.code, e.title, e.applicant_kind, e.applicant_id,
    e.applicant_name, e.track, e.track_group, e.pitch, e.state, e.score, e.place, e.votes, e.promoted, e.tallied_name,
    e.confirmed_name, e.confirmed_at, e.version FROM review_entry e WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    round_id: String,
    panel_id: String,
    application_id: String,
    code: String,
    title: String,
    applicant_kind: String,
    applicant_id: String,
    applicant_name: String,
    track: String,
    track_group: String,
    pitch: Option<i64>,
    state: String,
    score: Option<String>,
    place: Option<i64>,
    votes: Option<i64>,
    promoted: bool,
    tallied_name: String,
    confirmed_name: String,
    confirmed_at: Option<i64>,
    version: i64,
}

impl TryFrom<Row> for Entry {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            round: id(&row.round_id)?,
            panel: id(&row.panel_id)?,
            application: id(&row.application_id)?,
            code: row.code,
            title: row.title,
            applicant: Subject::read(&row.applicant_kind, &row.applicant_id).ok_or(DbError::NoRow)?,
            applicant_name: row.applicant_name,
            track: row.track,
            group: row.track_group,
            pitch: row.pitch,
            state: EntryState::from_code(&row.state).ok_or(DbError::NoRow)?,
            score: row.score.and_then(|text| text.parse().ok()),
            rank: row.place,
            votes: row.votes,
            promoted: row.promoted,
            tallied_name: row.tallied_name,
            confirmed_name: row.confirmed_name,
            confirmed_at: row.confirmed_at.map(Instant),
            version: row.version,
        })
    }
}

/// Takes entries into a round; those that are in it stay as they are.
pub(crate) async fn insert(tx: &mut Tx, entries: &[Entry]) -> Result<u64, DbError> {
    let row = |one: &Entry| {
        args![
            one.id,
            one.round,
            one.panel,
            one.application,
            &one.code,
            &one.title,
            one.applicant.kind(),
            one.applicant.id(),
            &one.applicant_name,
            &one.track,
            &one.group,
            one.state.code(),
            false,
            "",
            "",
            1_i64
        ]
    };
    tx.insert_many(
        "INSERT INTO review_entry (id, round_id, panel_id, application_id, code, title, applicant_kind, applicant_id,
           applicant_name, track, track_group, state, promoted, tallied_name, confirmed_name, version)",
        entries.iter().map(row).collect(),
        "ON CONFLICT (round_id, application_id) DO NOTHING",
    )
    .await
}

/// Writes everything that changes about an entry; nothing when it was changed since it was read.
pub(crate) async fn update(tx: &mut Tx, one: &Entry) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_entry SET panel_id = $2, pitch = $3, state = $4, score = $5, place = $6, votes = $7, promoted = $8,
           tallied_name = $9, confirmed_name = $10, confirmed_at = $11, version = version + 1
         WHERE id = $1 AND version = $12",
        args![
            one.id,
            one.panel,
            one.pitch,
            one.state.code(),
            one.score.map(|score| score.to_string()),
            one.rank,
            one.votes,
            one.promoted,
            &one.tallied_name,
            &one.confirmed_name,
            one.confirmed_at,
            one.version
        ],
    )
    .await
}

/// Results of many entries in few statements.
pub(crate) async fn set_results(tx: &mut Tx, entries: &[Entry]) -> Result<(), DbError> {
    let row = |one: &Entry| {
        args![
            one.id,
            one.round,
            one.panel,
            one.application,
            &one.code,
            &one.title,
            one.applicant.kind(),
            one.applicant.id(),
            &one.applicant_name,
            &one.track,
            &one.group,
            one.state.code(),
            one.score.map(|score| score.to_string()),
            one.rank,
            one.promoted,
            "",
            "",
            1_i64
        ]
    };
    tx.insert_many(
        "INSERT INTO review_entry (id, round_id, panel_id, application_id, code, title, applicant_kind, applicant_id,
           applicant_name, track, track_group, state, score, place, promoted, tallied_name, confirmed_name, version)",
        entries.iter().map(row).collect(),
        "ON CONFLICT (id) DO UPDATE SET state = excluded.state, score = excluded.score, place = excluded.place,
           promoted = excluded.promoted, version = review_entry.version + 1",
    )
    .await
    .map(drop)
}

/// Sets the order of pitches.
pub(crate) async fn set_pitch(tx: &mut Tx, entry: EntryId, place: i64) -> Result<u64, DbError> {
    tx.run("UPDATE review_entry SET pitch = $2, version = version + 1 WHERE id = $1", args![entry, place]).await
}

/// Takes an entry out of a round that is being prepared.
pub(crate) async fn remove(tx: &mut Tx, one: EntryId) -> Result<u64, DbError> {
    tx.run("DELETE FROM review_pair WHERE entry_id = $1", args![one]).await?;
    tx.run("DELETE FROM review_entry WHERE id = $1", args![one]).await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, one: EntryId) -> Result<Entry, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.id = ?", args![one]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Every entry of a round, by code.
pub(crate) async fn of_round<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Entry>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.round_id = ? ORDER BY e.code LIMIT 20000", args![round]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// A page of the entries of a round, by code.
pub(crate) async fn page(
    db: &Db,
    round: RoundId,
    panel: Option<PanelId>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.round_id = ?", args![round]);
    query.when(panel, " AND e.panel_id = ?");
    query.when(after, " AND e.code > ?");
    query.push(" ORDER BY e.code LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The entries of a panel: in the order of pitches where there is one, else by code.
pub(crate) async fn of_panel<'a>(conn: impl Into<Conn<'a>>, panel: PanelId) -> Result<Vec<Entry>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.panel_id = ? ORDER BY COALESCE(e.pitch, 100000), e.code LIMIT 5000", args![panel]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// How many entries a round has, panel by panel and state by state.
pub(crate) async fn counts<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
) -> Result<Vec<(PanelId, EntryState, i64)>, DbError> {
    let rows: Vec<(String, String, i64)> = conn
        .into()
        .list(
            "SELECT panel_id, state, COUNT(*) FROM review_entry WHERE round_id = $1 GROUP BY panel_id, state",
            args![round],
        )
        .await?;
    rows.into_iter()
        .map(|(panel, state, count)| Ok((id(&panel)?, EntryState::from_code(&state).ok_or(DbError::NoRow)?, count)))
        .collect()
}

/// Writes conflicts; one that is there stays as it is.
pub(crate) async fn put_conflicts(tx: &mut Tx, conflicts: &[Conflict]) -> Result<u64, DbError> {
    let row = |one: &Conflict| {
        args![one.round, one.person, one.application, one.kind.code(), &one.detail, &one.by_name, one.at]
    };
    tx.insert_many(
        "INSERT INTO review_conflict (round_id, person_id, application_id, kind, detail, by_name, at)",
        conflicts.iter().map(row).collect(),
        "ON CONFLICT (round_id, person_id, application_id) DO NOTHING",
    )
    .await
}

/// Forgets what was found by itself, before it is looked for again.
pub(crate) async fn forget_found(tx: &mut Tx, round: RoundId) -> Result<u64, DbError> {
    tx.run("DELETE FROM review_conflict WHERE round_id = $1 AND kind NOT IN ('declared', 'office')", args![round]).await
}

pub(crate) async fn remove_conflict(
    tx: &mut Tx,
    round: RoundId,
    person: PersonId,
    application: ApplicationId,
) -> Result<u64, DbError> {
    tx.run(
        "DELETE FROM review_conflict WHERE round_id = $1 AND person_id = $2 AND application_id = $3",
        args![round, person, application],
    )
    .await
}

/// Every conflict of a round.
pub(crate) async fn conflicts<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Conflict>, DbError> {
    let rows: Vec<(String, String, String, String, String, String, i64)> = conn
        .into()
        .list(
            "SELECT round_id, person_id, application_id, kind, detail, by_name, at FROM review_conflict
             WHERE round_id = $1 ORDER BY person_id, application_id LIMIT 200000",
            args![round],
        )
        .await?;
    let one = |(round, person, application, kind, detail, by_name, at): (
        String,
        String,
        String,
        String,
        String,
        String,
        i64,
    )| {
        Ok(Conflict {
            round: id(&round)?,
            person: id(&person)?,
            application: id(&application)?,
            kind: ConflictKind::from_code(&kind).ok_or(DbError::NoRow)?,
            detail,
            by_name,
            at: Instant(at),
        })
    };
    rows.into_iter().map(one).collect()
}

/// Whether somebody has a conflict with an application in a round.
pub(crate) async fn has_conflict<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
    person: PersonId,
    application: ApplicationId,
) -> Result<bool, DbError> {
    let row: Option<(String,)> = conn
        .into()
        .maybe(
            "SELECT kind FROM review_conflict WHERE round_id = $1 AND person_id = $2 AND application_id = $3",
            args![round, person, application],
        )
        .await?;
    Ok(row.is_some())
}

/// The entries of some applications of a round.
pub(crate) async fn of_applications<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
    applications: Vec<ApplicationId>,
) -> Result<Vec<Entry>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.round_id = ?", args![round]);
    query.within(" AND e.application_id IN", applications, "");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// The entry of a round by its code.
pub(crate) async fn by_code<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
    code: &str,
) -> Result<Option<EntryId>, DbError> {
    let row: Option<(String,)> =
        conn.into().maybe("SELECT id FROM review_entry WHERE round_id = $1 AND code = $2", args![round, code]).await?;
    row.map(|(text,)| id(&text)).transpose()
}

/// Some entries of a round.
pub(crate) async fn some<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
    ids: Vec<EntryId>,
) -> Result<Vec<Entry>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.round_id = ?", args![round]);
    query.within(" AND e.id IN", ids, "");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}
