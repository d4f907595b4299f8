//! Statements on the log: its state, its tiles, the places of entries.

use seal::Hash;
use seal::tile::{Place, Tiles};
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

/// The log's state.
#[derive(store::FromRow, Clone, Debug)]
pub(crate) struct Log {
    pub origin: String,
    pub size: i64,
    pub checkpoint: String,
}

pub(crate) async fn find<'a>(conn: impl Into<Conn<'a>>) -> Result<Option<Log>, DbError> {
    conn.into().maybe("SELECT origin, size, checkpoint FROM record_log WHERE id = 1", args![]).await
}

/// Opens the log; `false` where it was open already.
pub(crate) async fn open(tx: &mut Tx, origin: &str) -> Result<bool, DbError> {
    let sql = "INSERT INTO record_log (id, origin, size, checkpoint, signed_at) VALUES (1, $1, 0, '', 0) ON CONFLICT (id) DO NOTHING";
    Ok(tx.run(sql, args![origin]).await? == 1)
}

/// Takes the log for the rest of the transaction, so that one process at a time gives places.
pub(crate) async fn take(tx: &mut Tx) -> Result<Option<Log>, DbError> {
    let sql = "UPDATE record_log SET size = size WHERE id = 1 RETURNING origin, size, checkpoint";
    tx.maybe(sql, args![]).await
}

pub(crate) async fn waits(db: &Db) -> Result<bool, DbError> {
    let row: Option<(i64,)> =
        db.maybe("SELECT CAST(1 AS BIGINT) FROM record_entry WHERE number IS NULL LIMIT 1", args![]).await?;
    Ok(row.is_some())
}

/// How many entries have no place yet, at most `most`.
pub(crate) async fn waiting(db: &Db, most: i64) -> Result<i64, DbError> {
    let sql =
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM record_entry WHERE number IS NULL LIMIT $1) AS waiting";
    let (count,): (i64,) = db.one(sql, args![most]).await?;
    Ok(count)
}

/// Gives places from `first` on to the oldest entries that have none; their digests in that order.
pub(crate) async fn number(tx: &mut Tx, first: i64, most: i64) -> Result<Vec<Vec<u8>>, DbError> {
    let mut rows: Vec<(i64, Vec<u8>)> = tx
        .list(
            "UPDATE record_entry SET number = $1 + ranked.place
             FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
                   FROM (SELECT id FROM record_entry WHERE number IS NULL ORDER BY id LIMIT $2) AS oldest) AS ranked
             WHERE record_entry.id = ranked.id
             RETURNING record_entry.number, record_entry.digest",
            args![first, most],
        )
        .await?;
    rows.sort_by_key(|(number, _)| *number);
    Ok(rows.into_iter().map(|(_, digest)| digest).collect())
}

#[derive(store::FromRow)]
struct TileRow {
    level: i64,
    place: i64,
    nodes: Vec<u8>,
}

/// The tiles at some places; one that is absent is left out.
pub(crate) async fn tiles<'a>(conn: impl Into<Conn<'a>>, places: &[Place]) -> Result<Tiles, DbError> {
    if places.is_empty() {
        return Ok(Tiles::default());
    }
    let mut query = Query::new("SELECT level, place, nodes FROM record_tile WHERE", args![]);
    for (at, place) in places.iter().enumerate() {
        query.push(
            if at == 0 { " (level = ? AND place = ?)" } else { " OR (level = ? AND place = ?)" },
            place_args(place),
        );
    }
    let rows: Vec<TileRow> = query.list(conn).await?;
    let read = |row: TileRow| {
        let place = Place {
            level: u8::try_from(row.level).unwrap_or(u8::MAX),
            index: u64::try_from(row.place).unwrap_or(u64::MAX),
        };
        (place, seal::tile::read_tile(&row.nodes).unwrap_or_default())
    };
    Ok(Tiles(rows.into_iter().map(read).collect()))
}

fn place_args(place: &Place) -> Vec<Arg> {
    // An index never comes near the largest number that the database holds.
    args![i64::from(place.level), i64::try_from(place.index).unwrap_or(i64::MAX)]
}

pub(crate) async fn put_tiles<'t>(
    tx: &mut Tx,
    tiles: impl Iterator<Item = (&'t Place, &'t Vec<Hash>)>,
) -> Result<(), DbError> {
    let row = |(place, nodes): (&Place, &Vec<Hash>)| {
        let mut row = place_args(place);
        row.push(nodes.concat().into());
        row
    };
    let tail = "ON CONFLICT (level, place) DO UPDATE SET nodes = excluded.nodes";
    tx.insert_many("INSERT INTO record_tile (level, place, nodes)", tiles.map(row).collect(), tail).await?;
    Ok(())
}

pub(crate) async fn sign(tx: &mut Tx, size: i64, checkpoint: &str, at: i64) -> Result<(), DbError> {
    let sql = "UPDATE record_log SET size = $1, checkpoint = $2, signed_at = $3 WHERE id = 1";
    tx.run(sql, args![size, checkpoint, at]).await?;
    Ok(())
}

/// The digests of the entries at `first` and after, with their numbers, in order.
pub(crate) async fn digests(db: &Db, first: i64, most: i64) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    let sql = "SELECT number, digest FROM record_entry WHERE number >= $1 AND number < $2 ORDER BY number";
    db.list(sql, args![first, first.saturating_add(most)]).await
}
