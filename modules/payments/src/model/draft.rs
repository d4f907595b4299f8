//! A sum as somebody types it.

use std::collections::HashMap;

use jinmen_core::codes::money::Unit;
use jinmen_core::{Date, Fault, Faults, Money, Result};
use registry::model::{NAME_MOST, required};

use super::{Direction, Instalment, Share, Terms};

/// Payers that the form has room for.
pub const PAYER_ROWS: usize = 3;
/// Instalments that the form has room for.
pub const INSTALMENT_ROWS: usize = 4;

/// What is to be owed, and by or to whom in words: a name, a social credit code or an identifier.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemWanted {
    /// By or to whom.
    pub subject: String,
    /// What.
    pub terms: Terms,
}

/// The form, by the names of its fields.
#[derive(Clone, Debug, Default)]
pub struct ItemDraft(pub HashMap<String, String>);

impl ItemDraft {
    fn of(&self, field: &str) -> &str {
        self.0.get(field).map_or("", |text| text.trim())
    }

    /// Checks what was typed and names every fault.
    pub fn parse(&self) -> Result<ItemWanted> {
        let mut faults = Faults::new();
        let direction = faults.take(direction(self.of("direction")));
        let subject = faults.take(required("subject", self.of("subject"), NAME_MOST));
        let amount = faults.take(money("amount", self.of("amount")));
        let granted_on = faults.take(day("granted_on", self.of("granted_on")));
        let due_on = faults.take(optional_day("due_on", self.of("due_on"))).flatten();
        let payers = self.payers(&mut faults);
        let instalments = self.instalments(&mut faults);
        let terms = Terms {
            benefit: Some(self.of("benefit").to_owned()),
            payers,
            instalments,
            due_on,
            note: self.of("note").to_owned(),
            ..Terms::new(
                direction.unwrap_or_default(),
                self.of("title"),
                amount.unwrap_or_default(),
                granted_on.unwrap_or(Date::MIN),
            )
        };
        let terms = together(&mut faults, terms);
        faults.check()?;
        Ok(ItemWanted { subject: subject.unwrap_or_default(), terms })
    }

    fn payers(&self, faults: &mut Faults) -> Vec<Share> {
        let mut payers = Vec::new();
        for at in 0..PAYER_ROWS {
            let field = |name: &str| format!("payers.{at}.{name}");
            let (name, typed) = (self.of(&field("name")), self.of(&field("amount")));
            if name.is_empty() && typed.is_empty() {
                continue;
            }
            if let Some(amount) = faults.take(money(&field("amount"), typed)) {
                payers.push(Share { name: name.to_owned(), amount });
            }
        }
        payers
    }

    fn instalments(&self, faults: &mut Faults) -> Vec<Instalment> {
        let mut instalments = Vec::new();
        for at in 0..INSTALMENT_ROWS {
            let field = |name: &str| format!("instalments.{at}.{name}");
            let (typed, due, condition) =
                (self.of(&field("amount")), self.of(&field("due_on")), self.of(&field("condition")));
            if typed.is_empty() && due.is_empty() && condition.is_empty() {
                continue;
            }
            let amount = faults.take(money(&field("amount"), typed));
            let due_on = faults.take(optional_day(&field("due_on"), due));
            if let (Some(amount), Some(due_on)) = (amount, due_on) {
                instalments.push(Instalment { amount, due_on, condition: condition.to_owned() });
            }
        }
        instalments
    }
}

/// Checks the terms, too. Where something could not be read, its field is not blamed twice, and sums are not looked at.
fn together(faults: &mut Faults, terms: Terms) -> Terms {
    let mut further = Faults::new();
    let checked = terms.check(&mut further);
    let said = std::mem::take(faults).into_vec();
    let is_new = |fault: &Fault| {
        said.is_empty() || (!fault.code.ends_with("_sum") && said.iter().all(|one| one.field != fault.field))
    };
    let further: Vec<Fault> = further.into_vec().into_iter().filter(is_new).collect();
    said.into_iter().chain(further).for_each(|fault| faults.push(fault));
    checked
}

fn direction(code: &str) -> Result<Direction, Fault> {
    Direction::from_code(code).ok_or_else(|| Fault::at("direction", "core.choice"))
}

/// An amount in yuan unless it says otherwise.
pub(super) fn money(field: &str, typed: &str) -> Result<Money, Fault> {
    Money::parse(typed, Unit::Yuan).map_err(|fault| Fault::of(field, &fault))
}

/// A day as people write it.
pub(super) fn day(field: &str, typed: &str) -> Result<Date, Fault> {
    Date::parse(typed).map_err(|fault| Fault::of(field, &fault))
}

fn optional_day(field: &str, typed: &str) -> Result<Option<Date>, Fault> {
    if typed.is_empty() { Ok(None) } else { day(field, typed).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jinmen_core::Error;

    fn draft(change: &[(&str, &str)]) -> ItemDraft {
        let fields = [
            ("direction", "in"),
            ("subject", "天津数聚演示科技有限公司"),
            ("title", "2026 年度会费"),
            ("amount", "5000"),
            ("granted_on", "2026-01-10"),
        ];
        let all = fields.iter().chain(change).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ItemDraft(all.collect())
    }

    fn codes(change: &[(&str, &str)]) -> Vec<String> {
        match draft(change).parse() {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(faults)) => {
                faults.into_iter().map(|one| format!("{} {}", one.field.unwrap_or_default(), one.code)).collect()
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, fen) in [("5000", 500_000), ("5,000.50", 500_050), ("0.5万元", 500_000), ("５０００元", 500_000)]
        {
            let wanted = draft(&[("amount", typed)]).parse().unwrap();
            assert_eq!(wanted.terms.amount.fen(), fen, "{typed}");
        }
    }

    #[test]
    fn every_wrong_field_is_said_once() {
        assert_eq!(codes(&[("amount", "0")]), ["amount payments.amount_positive"]);
        assert_eq!(codes(&[("amount", "-5")]), ["amount payments.amount_positive"]);
        assert_eq!(codes(&[("amount", "0.001")]), ["amount money.fraction_of_fen"]);
        assert_eq!(codes(&[("amount", "9".repeat(30).as_str())]), ["amount money.overflow"]);
        assert_eq!(codes(&[("amount", "2万亿")]).len(), 1);
        let wrong = [("title", ""), ("amount", "x"), ("granted_on", "2026-02-30"), ("payers.0.name", "市级")];
        let expected = [
            "amount money.malformed",
            "granted_on date.no_such_day",
            "payers.0.amount money.empty",
            "title core.required",
        ];
        assert_eq!(codes(&wrong), expected);
    }

    #[test]
    fn parts_that_do_not_sum_are_refused_with_both_sums() {
        let wrong = [("instalments.0.amount", "2000"), ("instalments.1.amount", "2000")];
        assert_eq!(codes(&wrong), ["instalments payments.instalments_sum"]);
        let right = [("instalments.0.amount", "2000"), ("instalments.3.amount", "3000")];
        assert_eq!(codes(&right), [""; 0]);
    }
}
