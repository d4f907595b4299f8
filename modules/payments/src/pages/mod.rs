//! Pages of the books: the office's, and those of whoever owes and gets.

mod desk;
pub(crate) mod home;
mod item;
mod list_paid;
mod new;
mod own;
mod proof;

use jinmen_core::{Date, Money};
use module::{NavEntry, Routes};
use ui::{Badge, Tone, Words};

use crate::model::{Direction, Filled, Item, ItemState, Part};
use crate::ops::proof::MOST_BYTES;
use crate::permissions as may;

/// A little more than the paper itself, for the other fields of its form.
const UPLOAD: usize = MOST_BYTES + 65_536;

/// The same for a list of payments.
const LIST: usize = crate::ops::pay_list::FILE_MOST + 65_536;

/// The menu entries.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry = |href, key, permission, order| NavEntry {
        href,
        also: &[],
        key,
        icon: "wallet",
        permission,
        order,
        portal: false,
    };
    vec![
        entry("/work/payments", "payments-items", &may::READ, 22),
        entry("/work/own-payments", "payments-own", &may::OWN, 17),
    ]
}

/// The routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    let (keep, read, own) = (&may::KEEP, &may::READ, &may::OWN);
    routes
        .get("/work/payments", read, desk::list)
        .get("/work/payments.csv", read, desk::csv)
        .get("/work/payments.xlsx", read, desk::xlsx)
        .get("/work/payments.json", read, desk::json)
        .get("/work/payments/new", keep, new::new)
        .post("/work/payments", keep, new::create)
        .get("/work/payments/record", keep, list_paid::page)
        .upload("/work/payments/record", keep, LIST, list_paid::record)
        .get("/work/payments/{id}", read, item::page)
        .upload("/work/payments/{id}/payments", keep, UPLOAD, item::pay)
        .post("/work/payments/{id}/payments/{payment}/reverse", keep, item::reverse)
        .upload("/work/payments/{id}/payments/{payment}/proofs", keep, UPLOAD, proof::add)
        .post("/work/payments/{id}/cancel", keep, item::cancel)
        .get("/work/payment-proofs/{id}", read, proof::download)
        .post("/work/payment-proofs/{id}/remove", keep, proof::remove)
        .get("/work/own-payments", own, own::list)
        .get("/work/own-payments/{id}", own, own::page)
}

/// An amount in yuan, exact to the fen.
fn yuan(t: &Words, amount: Money) -> String {
    t.with("payments-yuan", &[("amount", amount.to_grouped_string().into())])
}

/// Which way the money goes, as the office says it.
fn direction(t: &Words, direction: Direction) -> String {
    t.of(&format!("payments-direction-{}", direction.code()))
}

/// Which way the money goes, as its subject says it.
fn own_direction(t: &Words, direction: Direction) -> String {
    t.of(&format!("payments-own-direction-{}", direction.code()))
}

/// How an item stands.
fn state(t: &Words, item: &Item, today: Date) -> Badge {
    let (tone, key) = match item.state {
        ItemState::Open if item.is_overdue(today) => (Tone::Bad, "payments-state-overdue"),
        ItemState::Open if item.paid.is_zero() => (Tone::Info, "payments-state-open"),
        ItemState::Open => (Tone::Info, "payments-state-partly"),
        ItemState::Paid => (Tone::Good, "payments-state-paid"),
        ItemState::Cancelled => (Tone::Neutral, "payments-state-cancelled"),
    };
    Badge::new(tone, t.of(key))
}

/// How an instalment stands.
fn part(t: &Words, one: &Filled, item: &Item, today: Date) -> Badge {
    let tone = match one.part() {
        _ if item.state == ItemState::Cancelled => return Badge::new(Tone::Neutral, t.of("payments-state-cancelled")),
        Part::Paid => Tone::Good,
        _ if one.is_overdue(today) => return Badge::new(Tone::Bad, t.of("payments-state-overdue")),
        Part::Partly => Tone::Info,
        Part::Unpaid => Tone::Neutral,
    };
    Badge::new(tone, t.of(&format!("payments-part-{}", one.part().code())))
}
