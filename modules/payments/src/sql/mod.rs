//! Every statement on items and payments: one function a statement.

mod item;
mod payment;

pub(crate) use item::{
    Change, KIND, Sight, Written, add_paid, cancel, counted, get, insert, insert_instalments, instalments, list, lock,
    move_owner, move_subject, of_dedup, of_keys, of_numbers, receipts, receipts_of_organizations, return_owner,
    return_subject, set_number, take_paid, totals,
};
pub(crate) use payment::{get as get_payment, has_voucher, insert as insert_payment, of_item as payments_of, reverse};
