//! The statement on counters.

use store::{DbError, Tx, args};

/// Counts one up; the row stays taken until the transaction ends.
pub(crate) async fn next(tx: &mut Tx, prefix: &str, year: i64) -> Result<i64, DbError> {
    let (number,): (i64,) = tx
        .one(
            "INSERT INTO number_counter (prefix, year, last) VALUES ($1, $2, 1)
             ON CONFLICT (prefix, year) DO UPDATE SET last = number_counter.last + 1 RETURNING last",
            args![prefix, year],
        )
        .await?;
    Ok(number)
}
