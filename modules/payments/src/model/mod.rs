//! Sums owed or granted, their terms, and what was paid: types and their checks, no I/O.

mod draft;
mod filter;
mod item;
mod payment;
mod terms;

pub use draft::{INSTALMENT_ROWS, ItemDraft, ItemWanted, PAYER_ROWS};
pub use filter::{Figure, ItemFilter, Narrowed, StateWanted, Totals};
pub use item::{Direction, Filled, Instalment, Item, ItemId, ItemState, Owed, Part, Reason, Receipt, Share, Subject};
pub use payment::{NewPayment, PAYER_MOST, Payment, PaymentDraft, PaymentId, Reversal, VOUCHER_MOST, WHY_MOST, why};
pub use terms::{BENEFIT_MOST, MOST, NOTE_MOST, NewItem, TITLE_MOST, Terms};
