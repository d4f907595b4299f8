//! Evaluation of many rows in which facts are missing: every number is two columns, the least and the most that it can
//! be, and every truth value two columns of zeros and ones. The laws are those of [`open`](super::open), which says the
//! same of one row; no bound is [`NONE_LOW`] or [`NONE_HIGH`], which lie outside of all that is computed with here.

use super::known::{
    Data, Known, Magic, Run, Set, Wide, bounds, calendar, chosen, corners, later, months, quotient, year,
};
use super::lower::{NONE_HIGH, NONE_LOW, Num, Order, Test, Whole};
use super::open::product;
use crate::number::Rounding;

/// Numbers of some rows by their bounds.
pub(super) struct Span<'b> {
    low: Data<'b>,
    high: Data<'b>,
    /// All finite bounds lie between these.
    least: i64,
    most: i64,
}

impl Span<'_> {
    /// The bounds of one of the rows.
    pub fn at(&self, row: usize) -> (i64, i64) {
        (self.low.at(row), self.high.at(row))
    }
}

/// Truth values of some rows: whether it holds for certain, and whether it can hold.
pub(super) struct Truth<'b> {
    pub sure: Data<'b>,
    pub can: Data<'b>,
}

type Pair = (i64, i64);

impl<'b> Run<'b> {
    /// Bounds of a number in rows that may lack facts. Rows that columns cannot decide are put with the odd ones.
    pub fn span(&mut self, num: &Num, rows: &[u16]) -> Known<Span<'b>> {
        match num {
            Num::Const(value) => {
                Ok(Span { low: Data::One(*value), high: Data::One(*value), least: *value, most: *value })
            }
            Num::Fact(slot, low, high) => self.fact(*slot, (*low, *high), rows),
            Num::Add(a, b) => {
                let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
                let (least, most) = bounds(a.least.checked_add(b.least), a.most.checked_add(b.most))?;
                let low = self.zip(a.low, b.low, |x, y| sum(x, y, NONE_LOW));
                let high = self.zip(a.high, b.high, |x, y| sum(x, y, NONE_HIGH));
                Ok(Span { low, high, least, most })
            }
            Num::Subtract(a, b) => {
                let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
                let (least, most) = bounds(a.least.checked_sub(b.most), a.most.checked_sub(b.least))?;
                let low = self.zip(a.low, b.high, |x, y| difference(x, y, NONE_LOW, NONE_HIGH));
                let high = self.zip(a.high, b.low, |x, y| difference(x, y, NONE_HIGH, NONE_LOW));
                Ok(Span { low, high, least, most })
            }
            Num::Multiply(a, b) => self.multiply(a, b, rows),
            Num::Extreme(greatest, a, b) => {
                let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
                let (least, most) = (a.least.min(b.least), a.most.max(b.most));
                let (low, high) = if *greatest {
                    (self.zip(a.low, b.low, i64::max), self.zip(a.high, b.high, i64::max))
                } else {
                    (self.zip(a.low, b.low, i64::min), self.zip(a.high, b.high, i64::min))
                };
                Ok(Span { low, high, least, most })
            }
            Num::Divide(whole, a, b) => {
                let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
                self.divided(*whole, a, b, rows)
            }
            Num::Months(a, b) => {
                let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
                let (least, most) = (months(a.most, b.least), months(a.least, b.most));
                let (low, high) = self.pairs(rows.len(), a, b, |a, b| {
                    if known(a) && known(b) { same(months(a.0, b.0)) } else { (NONE_LOW, NONE_HIGH) }
                });
                Ok(Span { low, high, least, most })
            }
            Num::Year(a) => {
                let a = self.span(a, rows)?;
                let (least, most) = (year(a.least), year(a.most));
                let (low, high) = self.each(a, |a| if known(a) { same(year(a.0)) } else { (NONE_LOW, NONE_HIGH) });
                Ok(Span { low, high, least, most })
            }
            Num::Later(a, after) => {
                let a = self.span(a, rows)?;
                let (least, most) = (later(a.least, *after), later(a.most, *after));
                if !calendar(least) || !calendar(most) {
                    return Err(Wide);
                }
                let (low, high) =
                    self.each(a, |a| if known(a) { same(later(a.0, *after)) } else { (NONE_LOW, NONE_HIGH) });
                Ok(Span { low, high, least, most })
            }
            Num::Positive(a) => {
                let a = self.span(a, rows)?;
                for (at, row) in rows.iter().enumerate() {
                    if !known(a.at(at)) || a.low.at(at) <= 0 {
                        self.odd.insert(*row);
                    }
                }
                let (least, most) = (1, a.most.max(1));
                let low = self.zip(a.low, Data::One(1), i64::max);
                let high = self.zip(a.high, Data::One(1), i64::max);
                Ok(Span { low, high, least, most })
            }
            Num::If(test, yes, no) => {
                let test = self.truth(test, rows)?;
                let (yes, no) = (self.span(yes, rows)?, self.span(no, rows)?);
                let (least, most) = (yes.least.min(no.least), yes.most.max(no.most));
                let all = (0..rows.len()).map(|at| {
                    let (sure, can, yes, no) = (test.sure.at(at), test.can.at(at), yes.at(at), no.at(at));
                    let open = hull(yes, no);
                    let of = |yes, no, open| chosen(sure, yes, chosen(can, open, no));
                    (of(yes.0, no.0, open.0), of(yes.1, no.1, open.1))
                });
                let (low, high) = self.gathered(all);
                self.spent([test.sure, test.can, yes.low, yes.high, no.low, no.high]);
                Ok(Span { low, high, least, most })
            }
            Num::Tiers(tiers) => self.tiered(tiers, rows),
        }
    }

    fn fact(&mut self, slot: usize, missing: Pair, rows: &[u16]) -> Known<Span<'b>> {
        let column = &self.block.columns[slot];
        let finite = [missing.0, missing.1].into_iter().filter(|end| *end != NONE_LOW && *end != NONE_HIGH);
        let (least, most) =
            finite.fold((column.low, column.high), |(least, most), end| (least.min(end), most.max(end)));
        bounds(Some(least), Some(most))?;
        let mut both = (self.buffer(), self.buffer());
        // Which rows know the fact is not foreseen, so nothing jumps on it.
        both.extend(rows.iter().map(|row| {
            let row = usize::from(*row);
            let (value, knows) = (column.values[row], i64::from(column.known.has(row)));
            (chosen(knows, value, missing.0), chosen(knows, value, missing.1))
        }));
        let (low, high) = both;
        Ok(Span { low: Data::Own(low), high: Data::Own(high), least, most })
    }

    fn multiply(&mut self, a: &Num, b: &Num, rows: &[u16]) -> Known<Span<'b>> {
        let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
        let (least, most) = corners((a.least, a.most), (b.least, b.most))?;
        let constant = |span: &Span<'_>| match (&span.low, &span.high) {
            (Data::One(low), Data::One(high)) if low == high && *low > 0 => Some(*low),
            _ => None,
        };
        let (span, factor) = match (constant(&a), constant(&b)) {
            (_, Some(factor)) => (a, factor),
            (Some(factor), None) => (b, factor),
            (None, None) => {
                let mut odd = false;
                // The bounds show that no product is too large.
                let (low, high) = self.pairs(rows.len(), a, b, |a, b| {
                    product(a, b).unwrap_or_else(|_| {
                        odd = true;
                        (NONE_LOW, NONE_HIGH)
                    })
                });
                return if odd { Err(Wide) } else { Ok(Span { low, high, least, most }) };
            }
        };
        let low = self.zip(span.low, Data::One(factor), |x, y| if x == NONE_LOW { x } else { x.wrapping_mul(y) });
        let high = self.zip(span.high, Data::One(factor), |x, y| if x == NONE_HIGH { x } else { x.wrapping_mul(y) });
        Ok(Span { low, high, least, most })
    }

    fn divided(&mut self, whole: Whole, a: Span<'b>, b: Span<'b>, rows: &[u16]) -> Known<Span<'b>> {
        let most = a.least.unsigned_abs().max(a.most.unsigned_abs()).cast_signed() + 1;
        let least = if a.least >= 0 { 0 } else { -most };
        if let (Data::One(divisor), Data::One(_)) = (&b.low, &b.high) {
            let divisor = *divisor;
            if divisor <= 0 {
                return Err(Wide);
            }
            let plain = a.least >= 0 && matches!(whole, Whole::Truncate | Whole::Round(Rounding::Down));
            let by = Magic::new(divisor.unsigned_abs());
            let end = |x: i64, none: i64| match (x == none, plain) {
                (true, _) => x,
                (_, true) => by.quotient(x.unsigned_abs()).cast_signed(),
                _ => quotient(whole, x, divisor),
            };
            let low = self.zip(a.low, Data::One(0), |x, _| end(x, NONE_LOW));
            let high = self.zip(a.high, Data::One(0), |x, _| end(x, NONE_HIGH));
            return Ok(Span { low, high, least, most });
        }
        for (at, row) in rows.iter().enumerate() {
            if !known(b.at(at)) || b.low.at(at) <= 0 {
                self.odd.insert(*row);
            }
        }
        let (low, high) = self.pairs(rows.len(), a, b, |a, b| {
            let end = |x: i64, none: i64| if x == none { x } else { quotient(whole, x, b.0.max(1)) };
            (end(a.0, NONE_LOW), end(a.1, NONE_HIGH))
        });
        Ok(Span { low, high, least, most })
    }

    fn tiered(&mut self, tiers: &[(Test, Num)], rows: &[u16]) -> Known<Span<'b>> {
        /// Nothing yet; some row may hold; a row holds.
        #[derive(Clone, Copy, PartialEq, Eq)]
        enum Found {
            Nothing,
            Maybe,
            Surely,
        }
        let mut found = vec![(Found::Nothing, (0, 0)); rows.len()];
        let (mut least, mut most) = (0, 0);
        for (test, value) in tiers {
            let test = self.truth(test, rows)?;
            let value = self.span(value, rows)?;
            (least, most) = (least.min(value.least), most.max(value.most));
            for (at, (state, span)) in found.iter_mut().enumerate() {
                if *state == Found::Surely || test.can.at(at) == 0 {
                    continue;
                }
                let value = value.at(at);
                (*state, *span) = match (test.sure.at(at), *state) {
                    (1, _) => (Found::Surely, value),
                    (_, Found::Nothing) => (Found::Maybe, value),
                    _ => (Found::Maybe, hull(*span, value)),
                };
            }
            self.spent([test.sure, test.can, value.low, value.high]);
        }
        for (row, (state, _)) in rows.iter().zip(&found) {
            if *state == Found::Nothing {
                self.odd.insert(*row);
            }
        }
        let (low, high) = self.gathered(found.into_iter().map(|(_, span)| span));
        Ok(Span { low, high, least, most })
    }

    /// Whether a test holds in rows that may lack facts.
    pub fn truth(&mut self, test: &Test, rows: &[u16]) -> Known<Truth<'b>> {
        match test {
            Test::Const(value) => Ok(Truth { sure: Data::One(i64::from(*value)), can: Data::One(i64::from(*value)) }),
            Test::Fact(slot) => {
                let Span { low, high, .. } = self.fact(*slot, (0, 1), rows)?;
                Ok(Truth { sure: low, can: high })
            }
            Test::Not(inner) => {
                let inner = self.truth(inner, rows)?;
                let sure = self.zip(inner.can, Data::One(1), |x, y| x ^ y);
                let can = self.zip(inner.sure, Data::One(1), |x, y| x ^ y);
                Ok(Truth { sure, can })
            }
            Test::And(a, b) => {
                let (a, b) = (self.truth(a, rows)?, self.truth(b, rows)?);
                Ok(Truth { sure: self.zip(a.sure, b.sure, |x, y| x & y), can: self.zip(a.can, b.can, |x, y| x & y) })
            }
            Test::Or(a, b) => {
                let (a, b) = (self.truth(a, rows)?, self.truth(b, rows)?);
                Ok(Truth { sure: self.zip(a.sure, b.sure, |x, y| x | y), can: self.zip(a.can, b.can, |x, y| x | y) })
            }
            Test::If(parts) => {
                let [test, yes, no] = &**parts;
                let (test, yes, no) = (self.truth(test, rows)?, self.truth(yes, rows)?, self.truth(no, rows)?);
                let all = (0..rows.len()).map(|at| match (test.sure.at(at), test.can.at(at)) {
                    (1, _) => (yes.sure.at(at), yes.can.at(at)),
                    (_, 0) => (no.sure.at(at), no.can.at(at)),
                    _ => (yes.sure.at(at) & no.sure.at(at), yes.can.at(at) | no.can.at(at)),
                });
                let (sure, can) = self.gathered(all);
                self.spent([test.sure, test.can, yes.sure, yes.can, no.sure, no.can]);
                Ok(Truth { sure, can })
            }
            Test::Same(a, b) => {
                let (a, b) = (self.truth(a, rows)?, self.truth(b, rows)?);
                let span = |truth: Truth<'b>| Span { low: truth.sure, high: truth.can, least: 0, most: 1 };
                Ok(self.alike(span(a), span(b), rows.len(), false))
            }
            Test::Compare(order, a, b) => {
                let (a, b) = (self.span(a, rows)?, self.span(b, rows)?);
                Ok(match order {
                    Order::Less => Truth {
                        sure: self.zip(a.high, b.low, |x, y| i64::from(x < y)),
                        can: self.zip(a.low, b.high, |x, y| i64::from(x < y)),
                    },
                    Order::LessEqual => Truth {
                        sure: self.zip(a.high, b.low, |x, y| i64::from(x <= y)),
                        can: self.zip(a.low, b.high, |x, y| i64::from(x <= y)),
                    },
                    Order::Equal => self.alike(a, b, rows.len(), false),
                    Order::NotEqual => self.alike(a, b, rows.len(), true),
                })
            }
            Test::In(num, values) => {
                let num = self.span(num, rows)?;
                let set = Set::new(values);
                let (sure, can) = self.each(num, |span| {
                    if known(span) {
                        return same(i64::from(set.holds(span.0)));
                    }
                    let first = values.partition_point(|value| *value < span.0);
                    (0, i64::from(values.get(first).is_some_and(|value| *value <= span.1)))
                });
                Ok(Truth { sure, can })
            }
        }
    }

    /// Whether two numbers are the same, or (`not`) are not.
    fn alike(&mut self, a: Span<'b>, b: Span<'b>, length: usize, not: bool) -> Truth<'b> {
        let (sure, can) = self.pairs(length, a, b, |a, b| {
            let sure = known(a) && known(b) && a.0 == b.0;
            let can = a.1 >= b.0 && b.1 >= a.0;
            if not { (i64::from(!can), i64::from(!sure)) } else { (i64::from(sure), i64::from(can)) }
        });
        Truth { sure, can }
    }

    fn each(&mut self, a: Span<'b>, f: impl Fn(Pair) -> Pair) -> (Data<'b>, Data<'b>) {
        match (a.low, a.high) {
            (Data::Own(mut low), Data::Own(mut high)) => {
                low.iter_mut().zip(&mut high).for_each(|(low, high)| (*low, *high) = f((*low, *high)));
                (Data::Own(low), Data::Own(high))
            }
            (low, high) => {
                let length = low.length().max(high.length());
                if length == 0 {
                    let (low, high) = f((low.at(0), high.at(0)));
                    return (Data::One(low), Data::One(high));
                }
                let found = self.gathered((0..length).map(|at| f((low.at(at), high.at(at)))));
                self.spent([low, high]);
                found
            }
        }
    }

    fn pairs(
        &mut self,
        length: usize,
        a: Span<'b>,
        b: Span<'b>,
        mut f: impl FnMut(Pair, Pair) -> Pair,
    ) -> (Data<'b>, Data<'b>) {
        let found = self.gathered((0..length).map(|at| f(a.at(at), b.at(at))));
        self.spent([a.low, a.high, b.low, b.high]);
        found
    }

    fn gathered(&mut self, pairs: impl Iterator<Item = Pair>) -> (Data<'b>, Data<'b>) {
        let mut both = (self.buffer(), self.buffer());
        both.extend(pairs);
        (Data::Own(both.0), Data::Own(both.1))
    }

    /// Gives buffers back.
    pub fn spent<const N: usize>(&mut self, all: [Data<'b>; N]) {
        for data in all {
            if let Data::Own(buffer) = data {
                self.pool.push(buffer);
            }
        }
    }
}

fn known(span: Pair) -> bool {
    span.0 == span.1
}

fn same(value: i64) -> Pair {
    (value, value)
}

fn hull(a: Pair, b: Pair) -> Pair {
    (a.0.min(b.0), a.1.max(b.1))
}

fn sum(a: i64, b: i64, none: i64) -> i64 {
    if a == none || b == none { none } else { a.wrapping_add(b) }
}

/// `a - b` where no bound of `a` is `none` and no bound of `b` is `other`.
fn difference(a: i64, b: i64, none: i64, other: i64) -> i64 {
    if a == none || b == other { none } else { a.wrapping_sub(b) }
}
