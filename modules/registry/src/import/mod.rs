//! Tables become files of subjects: which column means what, and what is right in each row.
//!
//! [`prepare`] looks at a table and proposes a [`Mapping`], which a page shows and a person corrects.
//! [`Checker`] then takes rows one by one: a row is taken whole, or it is refused with every
//! [`RowFault`] in it, or it is a duplicate, or it is no data at all (a total, a signature line).
//! [`write_error_book`] gives the refused rows back as a workbook to correct and hand in again.
//!
//! Nothing here touches the database.

mod cell;
mod check;
mod duplicates;
mod error_book;
mod guess;
mod mapping;
mod row;
mod skip;

pub use check::{CheckOptions, Checker, Outcome, Summary, run};
pub use error_book::{ErrorBookWords, write_error_book};
pub use mapping::{ColumnMap, Mapping, Reason, prepare};
pub use row::{CheckedRow, CheckedValue, RowFault, RowNote};
pub use skip::Skip;

#[cfg(test)]
mod tests;
