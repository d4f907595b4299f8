//! What is owed on which terms, before it is written down.

use std::collections::HashSet;

use jinmen_core::{Date, Fault, Faults, Money, OrganizationId, Result, Role};
use registry::model::{NAME_MOST, line, lines, required};

use super::{Direction, Instalment, Reason, Share, Subject};

/// The largest sum: below it, yuan with two places are exact in every spreadsheet.
pub const MOST: Money = Money::from_fen(100_000_000_000_000);
/// The longest title.
pub const TITLE_MOST: usize = 120;
/// The longest note.
pub const NOTE_MOST: usize = 2_000;
/// The longest name of a clause.
pub const BENEFIT_MOST: usize = 320;
/// The longest name of a payer, and the longest condition.
const LINE_MOST: usize = 200;
/// Payers of one item.
const PAYERS_MOST: usize = 10;
/// Instalments of one item.
const INSTALMENTS_MOST: usize = 36;

/// What is owed, but for whom it is owed by or to.
#[derive(Clone, PartialEq, Debug)]
pub struct Terms {
    /// Which way the money goes.
    pub direction: Direction,
    /// What it is.
    pub title: String,
    /// The clause of a policy under which it is a receipt.
    pub benefit: Option<String>,
    /// The day it was granted or became owed.
    pub granted_on: Date,
    /// How much.
    pub amount: Money,
    /// Who bears how much: sums to the amount, or is empty.
    pub payers: Vec<Share>,
    /// Its parts: they sum to the amount. None: all of it at once.
    pub instalments: Vec<Instalment>,
    /// The last day of all of it, where there are no instalments.
    pub due_on: Option<Date>,
    /// For the office only.
    pub note: String,
    /// What makes owing the same twice one item: unique within the owner's books.
    pub dedup: Option<String>,
}

impl Terms {
    /// A sum that is to be paid at once, on no certain day.
    pub fn new(direction: Direction, title: impl Into<String>, amount: Money, granted_on: Date) -> Self {
        Self {
            direction,
            title: title.into(),
            benefit: None,
            granted_on,
            amount,
            payers: Vec::new(),
            instalments: Vec::new(),
            due_on: None,
            note: String::new(),
            dedup: None,
        }
    }

    /// Checks everything and names every fault; what comes back has no invisible characters, and one instalment at least.
    ///
    /// # Errors
    /// Faults of the fields `title`, `amount`, `payers`, `payers.0.name`, `instalments`, `instalments.0.amount` and so on.
    pub fn checked(self) -> Result<Self> {
        let mut faults = Faults::new();
        let checked = self.check(&mut faults);
        faults.check()?;
        Ok(checked)
    }

    /// The same for whoever has other faults to say besides.
    pub(super) fn check(self, faults: &mut Faults) -> Self {
        let title = faults.take(required("title", &self.title, TITLE_MOST)).unwrap_or_default();
        let amount = faults.take(sum("amount", self.amount));
        let benefit = faults.take(line("benefit", self.benefit.as_deref().unwrap_or_default(), BENEFIT_MOST)).flatten();
        let dedup = faults.take(line("dedup", self.dedup.as_deref().unwrap_or_default(), LINE_MOST)).flatten();
        let note = faults.take(lines("note", &self.note, NOTE_MOST)).unwrap_or_default();
        let payers = payers(self.payers, amount, faults);
        if !self.instalments.is_empty() && self.due_on.is_some() {
            faults.push(Fault::at("due_on", "payments.due_twice"));
        }
        let instalments = match self.instalments.is_empty() {
            true => vec![Instalment { amount: self.amount, due_on: self.due_on, condition: String::new() }],
            false => instalments(self.instalments, amount, faults),
        };
        Self { title, benefit, dedup, note, payers, instalments, due_on: None, ..self }
    }
}

/// An amount within bounds.
pub(super) fn sum(field: &str, amount: Money) -> Result<Money, Fault> {
    if amount.fen() <= 0 {
        return Err(Fault::at(field, "payments.amount_positive"));
    }
    if amount > MOST {
        return Err(Fault::at(field, "payments.amount_most").with("most", MOST.to_grouped_string()));
    }
    Ok(amount)
}

fn payers(payers: Vec<Share>, amount: Option<Money>, faults: &mut Faults) -> Vec<Share> {
    if payers.len() > PAYERS_MOST {
        faults.push(Fault::at("payers", "payments.payers_most").with("most", PAYERS_MOST));
        return Vec::new();
    }
    let mut known = HashSet::new();
    let mut checked = Vec::new();
    for (at, one) in payers.into_iter().enumerate() {
        let name = faults.take(required(&format!("payers.{at}.name"), &one.name, LINE_MOST)).unwrap_or_default();
        faults.take(sum(&format!("payers.{at}.amount"), one.amount));
        if !name.is_empty() && !known.insert(name.clone()) {
            faults.push(Fault::at(&format!("payers.{at}.name"), "payments.payer_twice"));
        }
        checked.push(Share { name, amount: one.amount });
    }
    summed("payers", "payments.payers_sum", checked.iter().map(|one| one.amount), amount, faults);
    checked
}

fn instalments(instalments: Vec<Instalment>, amount: Option<Money>, faults: &mut Faults) -> Vec<Instalment> {
    if instalments.len() > INSTALMENTS_MOST {
        faults.push(Fault::at("instalments", "payments.instalments_most").with("most", INSTALMENTS_MOST));
        return Vec::new();
    }
    let mut last = None;
    let mut checked = Vec::new();
    for (at, one) in instalments.into_iter().enumerate() {
        let field = |name: &str| format!("instalments.{at}.{name}");
        faults.take(sum(&field("amount"), one.amount));
        let condition = faults.take(line(&field("condition"), &one.condition, LINE_MOST)).flatten();
        if one.due_on.is_some_and(|day| last.is_some_and(|last| day < last)) {
            faults.push(Fault::at(&field("due_on"), "payments.instalment_order"));
        }
        last = one.due_on.or(last);
        checked.push(Instalment { condition: condition.unwrap_or_default(), ..one });
    }
    summed("instalments", "payments.instalments_sum", checked.iter().map(|one| one.amount), amount, faults);
    checked
}

/// Parts that there are come to the whole.
fn summed(
    field: &str,
    code: &str,
    parts: impl ExactSizeIterator<Item = Money>,
    amount: Option<Money>,
    faults: &mut Faults,
) {
    let Some(amount) = amount.filter(|_| parts.len() > 0) else { return };
    let total = Money::try_sum(parts).unwrap_or(Money::MAX);
    if total != amount {
        let fault = Fault::at(field, code).with("sum", total.to_grouped_string());
        faults.push(fault.with("amount", amount.to_grouped_string()));
    }
}

/// Something that is owed or granted from now on: what another module gives to [`crate::owe`].
#[derive(Clone, PartialEq, Debug)]
pub struct NewItem {
    /// Whose books these are.
    pub owner: OrganizationId,
    /// The role that keeps them there; the actor's own where it is one that may, else the secretariat.
    pub keeper: Option<Role>,
    /// Who owes it or gets it.
    pub subject: Subject,
    /// The name as it is today.
    pub subject_name: String,
    /// What it is owed for.
    pub reason: Option<Reason>,
    /// What is owed.
    pub terms: Terms,
}

impl NewItem {
    /// A sum without a reason in another module.
    pub fn new(
        owner: OrganizationId,
        subject: impl Into<Subject>,
        subject_name: impl Into<String>,
        terms: Terms,
    ) -> Self {
        Self { owner, keeper: None, subject: subject.into(), subject_name: subject_name.into(), reason: None, terms }
    }

    /// Checks everything, see [`Terms::checked`].
    pub fn checked(self) -> Result<Self> {
        let subject_name = required("subject", &self.subject_name, NAME_MOST)?;
        if self.reason.as_ref().is_some_and(|reason| !reason.link.starts_with('/')) {
            return Err(Fault::at("reason", "payments.reason_link").into());
        }
        Ok(Self { subject_name, terms: self.terms.checked()?, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jinmen_core::Error;

    fn day(text: &str) -> Date {
        Date::from_iso(text).unwrap()
    }

    fn terms(fen: i64) -> Terms {
        Terms::new(Direction::In, "2026 年度会费", Money::from_fen(fen), day("2026-01-10"))
    }

    fn part(fen: i64, due: &str) -> Instalment {
        Instalment { amount: Money::from_fen(fen), due_on: Date::from_iso(due).ok(), condition: String::new() }
    }

    fn faults(terms: Terms) -> Vec<(String, String)> {
        match terms.checked() {
            Err(Error::Invalid(faults)) => {
                faults.into_iter().map(|one| (one.field.unwrap_or_default(), one.code)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_instalments_there_is_one_with_the_last_day_of_all() {
        let checked = Terms { due_on: Some(day("2026-03-31")), ..terms(100) }.checked().unwrap();
        assert_eq!(checked.instalments, [part(100, "2026-03-31")]);
        assert_eq!(checked.due_on, None);
    }

    #[test]
    fn parts_that_do_not_sum_and_days_that_run_backwards_are_said_together() {
        let wrong = Terms {
            payers: vec![Share { name: "市级".into(), amount: Money::from_fen(40) }],
            instalments: vec![part(60, "2026-05-01"), part(60, "2026-04-01")],
            ..terms(100)
        };
        let expected = [
            ("payers", "payments.payers_sum"),
            ("instalments.1.due_on", "payments.instalment_order"),
            ("instalments", "payments.instalments_sum"),
        ];
        assert_eq!(faults(wrong), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn parts_beyond_the_largest_number_do_not_overflow() {
        let wrong = Terms { instalments: vec![part(i64::MAX, ""), part(i64::MAX, "")], ..terms(100) };
        assert!(faults(wrong).contains(&("instalments".to_owned(), "payments.instalments_sum".to_owned())));
    }
}
