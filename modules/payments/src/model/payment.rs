//! Payments (付款记录).

use jinmen_core::{Date, Fault, Faults, Instant, Money, Result, id};
use registry::model::{line, lines, required};
use serde::{Deserialize, Serialize};

use super::draft::{day, money};
use super::terms::sum;
use super::{ItemId, NOTE_MOST};

id!(
    /// A payment.
    PaymentId
);
store::arg_id!(PaymentId);

/// The longest name of who paid.
pub const PAYER_MOST: usize = 200;
/// The longest number of a voucher.
pub const VOUCHER_MOST: usize = 100;
/// The longest reason for reversing and cancelling.
pub const WHY_MOST: usize = 500;

/// That a payment does not stand.
#[derive(Clone, PartialEq, Debug)]
pub struct Reversal {
    /// When that was said.
    pub at: Instant,
    /// By whom.
    pub name: String,
    /// Why.
    pub why: String,
}

/// A payment.
#[derive(Clone, PartialEq, Debug)]
pub struct Payment {
    /// Its identifier.
    pub id: PaymentId,
    /// Of what.
    pub item: ItemId,
    /// The day of the payment.
    pub paid_on: Date,
    /// How much.
    pub amount: Money,
    /// Who paid.
    pub payer: String,
    /// The number of the voucher or the bank's slip; empty where nobody gave one.
    pub voucher: String,
    /// For the office only.
    pub note: String,
    /// Who wrote it down.
    pub recorded_name: String,
    /// When.
    pub recorded_at: Instant,
    /// That it does not stand.
    pub reversed: Option<Reversal>,
}

impl Payment {
    /// The same without what only the office may see.
    #[must_use]
    pub fn for_subject(mut self) -> Self {
        self.note.clear();
        self.recorded_name.clear();
        self.reversed = self.reversed.map(|one| Reversal { name: String::new(), why: String::new(), ..one });
        self
    }
}

/// A payment to be written down.
#[derive(Clone, PartialEq, Debug)]
pub struct NewPayment {
    /// The day of the payment.
    pub paid_on: Date,
    /// How much.
    pub amount: Money,
    /// Who paid: one of the payers of the item, or anybody else.
    pub payer: String,
    /// The number of the voucher or the bank's slip; may be empty.
    pub voucher: String,
    /// For the office only.
    pub note: String,
}

impl NewPayment {
    /// Checks everything and names every fault.
    pub fn checked(self, today: Date) -> Result<Self> {
        let mut faults = Faults::new();
        let checked = self.check(today, &mut faults);
        faults.check()?;
        Ok(checked)
    }

    fn check(self, today: Date, faults: &mut Faults) -> Self {
        faults.take(sum("amount", self.amount));
        if self.paid_on > today {
            faults.push(Fault::at("paid_on", "payments.not_yet"));
        }
        let payer = faults.take(required("payer", &self.payer, PAYER_MOST)).unwrap_or_default();
        let voucher = faults.take(line("voucher", &self.voucher, VOUCHER_MOST)).flatten().unwrap_or_default();
        let note = faults.take(lines("note", &self.note, NOTE_MOST)).unwrap_or_default();
        Self { payer, voucher, note, ..self }
    }
}

/// A payment as it is typed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentDraft {
    /// The day.
    pub paid_on: String,
    /// How much, in yuan unless it says otherwise.
    pub amount: String,
    /// Who paid.
    pub payer: String,
    /// The number of the voucher or the bank's slip.
    pub voucher: String,
    /// For the office only.
    pub note: String,
}

impl PaymentDraft {
    /// Checks everything and names every fault.
    pub fn parse(&self, today: Date) -> Result<NewPayment> {
        let mut faults = Faults::new();
        let paid_on = faults.take(day("paid_on", &self.paid_on));
        let amount = faults.take(money("amount", &self.amount));
        let new = NewPayment {
            // What could not be read is said already.
            paid_on: paid_on.unwrap_or(today),
            amount: amount.unwrap_or(Money::from_fen(1)),
            payer: self.payer.clone(),
            voucher: self.voucher.clone(),
            note: self.note.clone(),
        };
        let checked = new.check(today, &mut faults);
        faults.check()?;
        Ok(checked)
    }
}

/// Why something is reversed or cancelled.
pub fn why(typed: &str) -> Result<String> {
    Ok(required("why", typed, WHY_MOST)?)
}
