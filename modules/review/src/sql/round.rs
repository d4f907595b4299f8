//! Statements on rounds and panels.

use calls::model::CallId;
use jinmen_core::{Instant, OrganizationId};
use serde_json::Value;
use store::{Conn, Db, DbError, Query, Tx, args};

use super::{day, id, maybe_id, text2};
use crate::model::{Panel, PanelId, Phase, Round, RoundFilter, RoundId, RoundKind, RoundState, SeatId};

const COLUMNS: &str =
    "SELECT r.id, r.number, r.call_id, r.owner_id, r.role, r.kind, r.title_zh, r.title_en, r.state, r.setup,
    r.previous_id, r.due_on, r.opened_at, r.closed_at, r.confirmed_at, r.confirmed_name, r.published_at, r.version,
    r.created_at, r.updated_at FROM review_round r WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    call_id: String,
    owner_id: String,
    role: String,
    kind: String,
    title_zh: String,
    title_en: Option<String>,
    state: String,
    setup: Value,
    previous_id: Option<String>,
    due_on: Option<String>,
    opened_at: Option<i64>,
    closed_at: Option<i64>,
    confirmed_at: Option<i64>,
    confirmed_name: String,
    published_at: Option<i64>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Round {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            number: row.number,
            call: id(&row.call_id)?,
            owner: id(&row.owner_id)?,
            role: id(&row.role)?,
            kind: RoundKind::from_code(&row.kind).ok_or(DbError::NoRow)?,
            title: text2(row.title_zh, row.title_en),
            state: RoundState::from_code(&row.state).ok_or(DbError::NoRow)?,
            setup: serde_json::from_value(row.setup).unwrap_or_default(),
            previous: maybe_id(row.previous_id),
            due_on: day(row.due_on),
            opened_at: row.opened_at.map(Instant),
            closed_at: row.closed_at.map(Instant),
            confirmed_at: row.confirmed_at.map(Instant),
            confirmed_name: row.confirmed_name,
            published_at: row.published_at.map(Instant),
            version: row.version,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
        })
    }
}

fn setup(one: &Round) -> Result<Value, DbError> {
    serde_json::to_value(&one.setup).map_err(|_| DbError::NoRow)
}

pub(crate) async fn insert(tx: &mut Tx, one: &Round) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_round (id, number, call_id, owner_id, role, kind, title_zh, title_en, state, setup, previous_id,
           due_on, confirmed_name, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 1, $13, $13)",
        args![
            one.id,
            &one.number,
            one.call,
            one.owner,
            one.role.code(),
            one.kind.code(),
            &one.title.zh,
            one.title.en.clone(),
            one.state.code(),
            setup(one)?,
            one.previous,
            one.due_on,
            one.created_at
        ],
    )
    .await
    .map(drop)
}

/// Writes a round; nothing when it was changed since it was read.
pub(crate) async fn update(tx: &mut Tx, one: &Round, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_round SET title_zh = $2, title_en = $3, state = $4, setup = $5, due_on = $6, opened_at = $7,
           closed_at = $8, confirmed_at = $9, confirmed_name = $10, published_at = $11, version = version + 1,
           updated_at = $12
         WHERE id = $1 AND version = $13",
        args![
            one.id,
            &one.title.zh,
            one.title.en.clone(),
            one.state.code(),
            setup(one)?,
            one.due_on,
            one.opened_at,
            one.closed_at,
            one.confirmed_at,
            &one.confirmed_name,
            one.published_at,
            now,
            one.version
        ],
    )
    .await
}

/// Takes a round's row until the transaction ends: what is done with its scores is done one after the other.
pub(crate) async fn take(tx: &mut Tx, one: RoundId) -> Result<Round, DbError> {
    tx.run("UPDATE review_round SET state = state WHERE id = $1", args![one]).await?;
    get(tx, one).await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, one: RoundId) -> Result<Round, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("r.id = ?", args![one]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The rounds of an office, newest first.
pub(crate) async fn list(
    db: &Db,
    owner: OrganizationId,
    filter: &RoundFilter,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Round>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("r.owner_id = ?", args![owner]);
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    query.when(given(&filter.call), " AND r.call_id = ?");
    query.when(given(&filter.state), " AND r.state = ?");
    query.when(after, " AND r.id < ?");
    query.push(" ORDER BY r.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// Some rounds.
pub(crate) async fn many<'a>(conn: impl Into<Conn<'a>>, ids: Vec<RoundId>) -> Result<Vec<Round>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.within("r.id IN", ids, "ORDER BY r.id DESC");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Rounds whose results everybody may see, newest first.
pub(crate) async fn published(db: &Db, after: Option<String>, limit: u32) -> Result<Vec<Round>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("r.published_at IS NOT NULL", args![]);
    query.when(after, " AND r.id < ?");
    query.push(" ORDER BY r.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The rounds of a call, the first first.
pub(crate) async fn of_call<'a>(conn: impl Into<Conn<'a>>, call: CallId) -> Result<Vec<Round>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("r.call_id = ? ORDER BY r.id LIMIT 100", args![call]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

const PANEL: &str =
    "SELECT p.id, p.round_id, p.place, p.title_zh, p.title_en, p.track, p.track_group, p.chair_id, p.phase,
    p.current_id, p.timer, p.version FROM review_panel p WHERE ";

#[derive(store::FromRow)]
struct PanelRow {
    id: String,
    round_id: String,
    place: i64,
    title_zh: String,
    title_en: Option<String>,
    track: String,
    track_group: String,
    chair_id: Option<String>,
    phase: String,
    current_id: Option<String>,
    timer: Value,
    version: i64,
}

impl TryFrom<PanelRow> for Panel {
    type Error = DbError;
    fn try_from(row: PanelRow) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            round: id(&row.round_id)?,
            place: row.place,
            title: text2(row.title_zh, row.title_en),
            track: row.track,
            group: row.track_group,
            chair: maybe_id(row.chair_id),
            phase: Phase::from_code(&row.phase).ok_or(DbError::NoRow)?,
            current: maybe_id(row.current_id),
            timer: serde_json::from_value(row.timer).unwrap_or_default(),
            version: row.version,
        })
    }
}

pub(crate) async fn insert_panels(tx: &mut Tx, panels: &[Panel]) -> Result<(), DbError> {
    let row = |one: &Panel| {
        args![
            one.id,
            one.round,
            one.place,
            &one.title.zh,
            one.title.en.clone(),
            &one.track,
            &one.group,
            one.phase.code(),
            serde_json::to_value(one.timer).unwrap_or_default(),
            1_i64
        ]
    };
    tx.insert_many(
        "INSERT INTO review_panel (id, round_id, place, title_zh, title_en, track, track_group, phase, timer, version)",
        panels.iter().map(row).collect(),
        "",
    )
    .await
    .map(drop)
}

/// The panels of a round, in their order.
pub(crate) async fn panels<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Panel>, DbError> {
    let mut query = Query::new(PANEL, args![]);
    query.push("p.round_id = ? ORDER BY p.place LIMIT 500", args![round]);
    query.list::<PanelRow>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn panel<'a>(conn: impl Into<Conn<'a>>, one: PanelId) -> Result<Panel, DbError> {
    let mut query = Query::new(PANEL, args![]);
    query.push("p.id = ?", args![one]);
    query.maybe::<PanelRow>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// What a panel is doing now; nothing when it was changed since it was read.
pub(crate) async fn go(tx: &mut Tx, one: &Panel) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_panel SET phase = $2, current_id = $3, timer = $4, version = version + 1
         WHERE id = $1 AND version = $5",
        args![one.id, one.phase.code(), one.current, serde_json::to_value(one.timer).unwrap_or_default(), one.version],
    )
    .await
}

pub(crate) async fn set_chair(tx: &mut Tx, panel: PanelId, seat: Option<SeatId>) -> Result<u64, DbError> {
    tx.run("UPDATE review_panel SET chair_id = $2 WHERE id = $1", args![panel, seat]).await
}

/// Live finals that judges score now, newest first.
pub(crate) async fn live(db: &Db) -> Result<Vec<Round>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("r.kind = 'live' AND r.state = 'open' ORDER BY r.id DESC LIMIT 5", args![]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The panels of several rounds.
pub(crate) async fn panels_of(db: &Db, rounds: Vec<RoundId>) -> Result<Vec<Panel>, DbError> {
    let mut query = Query::new(PANEL, args![]);
    query.within("p.round_id IN", rounds, "ORDER BY p.round_id DESC, p.place LIMIT 200");
    query.list::<PanelRow>(db).await?.into_iter().map(TryInto::try_into).collect()
}
