//! Statements on payments.

use jinmen_core::{AccountId, Date, Instant, Money};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{ItemId, NewPayment, Payment, PaymentId, Reversal};

/// Payments of one item that a page shows.
const MOST: i64 = 200;

const COLUMNS: &str =
    "SELECT id, item_id, paid_on, amount, payer, voucher, note, recorded_name, recorded_at, reversed_at,
    reversed_name, reversed_why FROM payment WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    item_id: String,
    paid_on: String,
    amount: i64,
    payer: String,
    voucher: String,
    note: String,
    recorded_name: String,
    recorded_at: i64,
    reversed_at: Option<i64>,
    reversed_name: String,
    reversed_why: String,
}

impl TryFrom<Row> for Payment {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let reversal =
            |at| Reversal { at: Instant(at), name: row.reversed_name.clone(), why: row.reversed_why.clone() };
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            item: row.item_id.parse().map_err(|_| DbError::NoRow)?,
            paid_on: Date::from_iso(&row.paid_on).map_err(|_| DbError::NoRow)?,
            amount: Money::from_fen(row.amount),
            reversed: row.reversed_at.map(reversal),
            payer: row.payer,
            voucher: row.voucher,
            note: row.note,
            recorded_name: row.recorded_name,
            recorded_at: Instant(row.recorded_at),
        })
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: PaymentId,
    item: ItemId,
    new: &NewPayment,
    by: (Option<AccountId>, &str),
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO payment (id, item_id, paid_on, amount, payer, note, recorded_by, recorded_name, recorded_at,
           reversed_name, reversed_why, voucher)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10)",
        args![id, item, new.paid_on, new.amount, &new.payer, &new.note, by.0, by.1, now, &new.voucher],
    )
    .await
    .map(drop)
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: PaymentId) -> Result<Payment, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The payments of an item, newest first.
pub(crate) async fn of_item(db: &Db, item: ItemId) -> Result<Vec<Payment>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("item_id = ? ORDER BY id DESC LIMIT ?", args![item, MOST]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// Whether an item has a payment that stands with this voucher.
pub(crate) async fn has_voucher(tx: &mut Tx, item: ItemId, voucher: &str) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx
        .maybe(
            "SELECT CAST(1 AS BIGINT) FROM payment WHERE item_id = $1 AND voucher = $2 AND reversed_at IS NULL LIMIT 1",
            args![item, voucher],
        )
        .await?;
    Ok(row.is_some())
}

/// Says that a payment does not stand; nothing where that was said before.
pub(crate) async fn reverse(tx: &mut Tx, id: PaymentId, name: &str, why: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE payment SET reversed_at = $2, reversed_name = $3, reversed_why = $4
         WHERE id = $1 AND reversed_at IS NULL",
        args![id, now, name, why],
    )
    .await
}
