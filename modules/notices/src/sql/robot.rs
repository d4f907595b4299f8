//! Statements on robots and what was handed to them.

use jinmen_core::{AccountId, Instant, OrganizationId};
use notify::RobotKind;
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{CircularId, DeliveryId, DeliveryState, GroupRobot, RobotDelivery, RobotId};

#[derive(store::FromRow)]
struct Row {
    id: String,
    owner_id: String,
    kind: String,
    name: String,
    hint: String,
    created_at: i64,
}

impl TryFrom<Row> for GroupRobot {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            kind: RobotKind::from_code(&row.kind).ok_or(DbError::NoRow)?,
            name: row.name,
            hint: row.hint,
            created_at: Instant(row.created_at),
        })
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    robot: &GroupRobot,
    address: Vec<u8>,
    secret: Option<Vec<u8>>,
    by: Option<AccountId>,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO robot (id, owner_id, kind, name, hint, address_sealed, secret_sealed, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            robot.id,
            robot.owner,
            robot.kind.code(),
            &robot.name,
            &robot.hint,
            address,
            secret,
            by,
            robot.created_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn of_owner(db: &Db, owner: OrganizationId) -> Result<Vec<GroupRobot>, DbError> {
    let sql = "SELECT id, owner_id, kind, name, hint, created_at FROM robot
         WHERE owner_id = $1 AND removed_at IS NULL ORDER BY name, id LIMIT 100";
    db.list::<Row>(sql, args![owner]).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: RobotId) -> Result<GroupRobot, DbError> {
    let sql = "SELECT id, owner_id, kind, name, hint, created_at FROM robot WHERE id = $1 AND removed_at IS NULL";
    conn.into().one::<Row>(sql, args![id]).await?.try_into()
}

/// The sealed address and secret.
pub(crate) async fn sealed(db: &Db, id: RobotId) -> Result<(Vec<u8>, Option<Vec<u8>>), DbError> {
    db.one("SELECT address_sealed, secret_sealed FROM robot WHERE id = $1 AND removed_at IS NULL", args![id]).await
}

pub(crate) async fn remove(tx: &mut Tx, id: RobotId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE robot SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL", args![id, now]).await
}

#[derive(store::FromRow)]
struct DeliveryRow {
    id: String,
    robot_id: String,
    text: String,
    state: String,
    attempts: i64,
    answer: String,
    created_by_name: String,
    created_at: i64,
    tried_at: Option<i64>,
}

impl TryFrom<DeliveryRow> for RobotDelivery {
    type Error = DbError;
    fn try_from(row: DeliveryRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            robot: row.robot_id.parse().map_err(|_| DbError::NoRow)?,
            text: row.text,
            state: DeliveryState::from_code(&row.state).ok_or(DbError::NoRow)?,
            attempts: row.attempts,
            answer: row.answer,
            by: row.created_by_name,
            created_at: Instant(row.created_at),
            tried_at: row.tried_at.map(Instant),
        })
    }
}

const DELIVERY: &str = "SELECT id, robot_id, text, state, attempts, answer, created_by_name, created_at, tried_at
    FROM robot_delivery WHERE ";

pub(crate) async fn insert_delivery(
    tx: &mut Tx,
    one: &RobotDelivery,
    circular: Option<CircularId>,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO robot_delivery (id, robot_id, circular_id, text, state, attempts, answer, created_by_name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            one.id,
            one.robot,
            circular,
            &one.text,
            one.state.code(),
            one.attempts,
            &one.answer,
            &one.by,
            one.created_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn delivery(db: &Db, id: DeliveryId) -> Result<RobotDelivery, DbError> {
    let mut query = Query::new(DELIVERY, args![]);
    query.push("id = ?", args![id]);
    query.maybe::<DeliveryRow>(db).await?.ok_or(DbError::NoRow)?.try_into()
}

/// What was handed to a robot, newest first.
pub(crate) async fn deliveries(
    db: &Db,
    robot: RobotId,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<RobotDelivery>, DbError> {
    let mut query = Query::new(DELIVERY, args![]);
    query.push("robot_id = ?", args![robot]);
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<DeliveryRow>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// How many were handed over since, and the first of these times.
pub(crate) async fn tried_since(db: &Db, robot: RobotId, since: Instant) -> Result<(i64, Option<i64>), DbError> {
    db.one(
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(tried_at) FROM robot_delivery WHERE robot_id = $1 AND tried_at > $2",
        args![robot, since],
    )
    .await
}

/// Says that it is handed over now; 0 if somebody else did, or it is done.
pub(crate) async fn try_now(tx: &mut Tx, id: DeliveryId, attempts: i64, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE robot_delivery SET attempts = attempts + 1, tried_at = $3
         WHERE id = $1 AND state = 'waiting' AND attempts = $2",
        args![id, attempts, now],
    )
    .await
}

pub(crate) async fn done(tx: &mut Tx, id: DeliveryId, state: DeliveryState, answer: &str) -> Result<u64, DbError> {
    tx.run("UPDATE robot_delivery SET state = $2, answer = $3 WHERE id = $1", args![id, state.code(), answer]).await
}

/// Where sealed values are kept, for when the master key changes.
pub(crate) const SEALED: &[module::SealedColumn] = &[
    module::SealedColumn {
        list: "SELECT id, CAST('robot_address' AS TEXT), address_sealed FROM robot",
        set: "UPDATE robot SET address_sealed = $2 WHERE id = $1",
        blind: false,
    },
    module::SealedColumn {
        list: "SELECT id, CAST('robot_secret' AS TEXT), secret_sealed FROM robot WHERE secret_sealed IS NOT NULL",
        set: "UPDATE robot SET secret_sealed = $2 WHERE id = $1",
        blind: false,
    },
];
