//! Readable numbers: `RY-2021-0037`.

use jinmen_core::Result;
use store::Tx;

use crate::sql::numbers as sql;

/// The next number of a prefix and a year, without gaps: one that is rolled back is given out again.
/// `RY-2021-9999` is followed by `RY-2021-10000`.
///
/// Until the transaction ends, others that want a number of the same prefix and year wait for it, so
/// this is the last thing a use case asks for. One that needs numbers of two prefixes asks in the
/// order of the alphabet.
pub async fn next_number(tx: &mut Tx, prefix: &str, year: i16) -> Result<String> {
    let number = sql::next(tx, prefix, i64::from(year)).await?;
    Ok(format!("{prefix}-{year}-{number:04}"))
}
