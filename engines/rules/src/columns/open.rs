//! Evaluation of one row in which facts are missing: bounds instead of numbers, by the same laws as
//! [`Range`](crate::number::Range), in 64 bits.

use super::Block;
use super::known::{calendar, later, months, quotient, year};
use super::lower::{NONE_HIGH, NONE_LOW, Num, Order, Test};

/// The row needs the evaluator for one subject.
pub(super) struct Odd;

type Span = (i64, i64);

const ANY: Span = (NONE_LOW, NONE_HIGH);

/// Whether something holds, as far as known.
pub(super) type Tri = Option<bool>;

fn known(span: Span) -> bool {
    span.0 == span.1
}

fn sum(a: i64, b: i64, none: i64) -> Result<i64, Odd> {
    if a == none || b == none { Ok(none) } else { fits(a.checked_add(b)) }
}

/// A finite number must not look like a missing bound.
fn fits(value: Option<i64>) -> Result<i64, Odd> {
    value.filter(|value| *value != NONE_LOW && *value != NONE_HIGH).ok_or(Odd)
}

fn opposite(span: Span) -> Span {
    let turn = |end: i64| match end {
        NONE_LOW => NONE_HIGH,
        NONE_HIGH => NONE_LOW,
        end => -end,
    };
    (turn(span.1), turn(span.0))
}

fn scale(span: Span, factor: i64) -> Result<Span, Odd> {
    if factor == 0 {
        return Ok((0, 0));
    }
    let span = if factor < 0 { opposite(span) } else { span };
    let factor = factor.checked_abs().ok_or(Odd)?;
    let end = |end: i64| if end == NONE_LOW || end == NONE_HIGH { Ok(end) } else { fits(end.checked_mul(factor)) };
    Ok((end(span.0)?, end(span.1)?))
}

/// Bounds of a product.
pub(super) fn product(a: Span, b: Span) -> Result<Span, Odd> {
    if known(b) {
        return scale(a, b.0);
    }
    if known(a) {
        return scale(b, a.0);
    }
    if a.0 == NONE_LOW || a.1 == NONE_HIGH || b.0 == NONE_LOW || b.1 == NONE_HIGH {
        return if a.0 >= 0 && b.0 >= 0 { Ok((fits(a.0.checked_mul(b.0))?, NONE_HIGH)) } else { Ok(ANY) };
    }
    let mut all = [0; 4];
    for (at, (x, y)) in [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].into_iter().enumerate() {
        all[at] = fits(x.checked_mul(y))?;
    }
    Ok((all.into_iter().min().unwrap_or(0), all.into_iter().max().unwrap_or(0)))
}

fn hull(a: Span, b: Span) -> Span {
    (a.0.min(b.0), a.1.max(b.1))
}

/// Whether the first lies below the second for certain, or for certain not.
fn below(a: Span, b: Span, or_equal: bool) -> Tri {
    let wanted = |a: i64, b: i64, equal: bool| a != NONE_HIGH && b != NONE_LOW && (a < b || (equal && a == b));
    if wanted(a.1, b.0, or_equal) {
        return Some(true);
    }
    if a.0 != NONE_LOW && b.1 != NONE_HIGH && (b.1 < a.0 || (!or_equal && b.1 == a.0)) {
        return Some(false);
    }
    None
}

fn equal(a: Span, b: Span) -> Tri {
    if known(a) && known(b) {
        return Some(a.0 == b.0);
    }
    let apart = below(a, b, false) == Some(true) || below(b, a, false) == Some(true);
    apart.then_some(false)
}

/// Bounds of a number in one row.
pub(super) fn span(num: &Num, block: &Block, row: usize) -> Result<Span, Odd> {
    let of = |num: &Num| span(num, block, row);
    Ok(match num {
        Num::Const(value) => (*value, *value),
        Num::Fact(slot, low, high) => {
            let column = &block.columns[*slot];
            if column.knows(row) {
                let value = fits(Some(column.values[row]))?;
                (value, value)
            } else {
                (*low, *high)
            }
        }
        Num::Add(a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            (sum(a.0, b.0, NONE_LOW)?, sum(a.1, b.1, NONE_HIGH)?)
        }
        Num::Subtract(a, b) => {
            let (a, b) = (of(a)?, opposite(of(b)?));
            (sum(a.0, b.0, NONE_LOW)?, sum(a.1, b.1, NONE_HIGH)?)
        }
        Num::Multiply(a, b) => product(of(a)?, of(b)?)?,
        Num::Extreme(true, a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            (a.0.max(b.0), a.1.max(b.1))
        }
        Num::Extreme(false, a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            (a.0.min(b.0), a.1.min(b.1))
        }
        Num::Divide(whole, a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            if !known(b) || b.0 <= 0 {
                return Err(Odd);
            }
            let end = |end: i64| if end == NONE_LOW || end == NONE_HIGH { end } else { quotient(*whole, end, b.0) };
            (end(a.0), end(a.1))
        }
        Num::Months(a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            if known(a) && known(b) {
                let months = months(a.0, b.0);
                (months, months)
            } else {
                ANY
            }
        }
        Num::Year(a) => {
            let a = of(a)?;
            if known(a) { (year(a.0), year(a.0)) } else { ANY }
        }
        Num::Later(a, months) => {
            let a = of(a)?;
            if !known(a) {
                return Ok(ANY);
            }
            let day = later(a.0, *months);
            if !calendar(day) {
                return Err(Odd);
            }
            (day, day)
        }
        Num::Positive(a) => {
            let a = of(a)?;
            if !known(a) || a.0 <= 0 {
                return Err(Odd);
            }
            a
        }
        Num::If(test, yes, no) => match holds(test, block, row)? {
            Some(true) => of(yes)?,
            Some(false) => of(no)?,
            None => hull(of(yes)?, of(no)?),
        },
        Num::Tiers(tiers) => {
            let mut found: Option<Span> = None;
            for (test, value) in tiers {
                match holds(test, block, row)? {
                    Some(true) => return of(value),
                    Some(false) => {}
                    None => {
                        let value = of(value)?;
                        found = Some(found.map_or(value, |before| hull(before, value)));
                    }
                }
            }
            found.ok_or(Odd)?
        }
    })
}

/// Whether a test holds in one row.
pub(super) fn holds(test: &Test, block: &Block, row: usize) -> Result<Tri, Odd> {
    let of = |test: &Test| holds(test, block, row);
    Ok(match test {
        Test::Const(value) => Some(*value),
        Test::Fact(slot) => {
            let column = &block.columns[*slot];
            column.knows(row).then(|| column.values[row] != 0)
        }
        Test::Not(inner) => of(inner)?.map(|value| !value),
        Test::And(a, b) => match of(a)? {
            Some(false) => Some(false),
            Some(true) => of(b)?,
            None => of(b)?.filter(|value| !value),
        },
        Test::Or(a, b) => match of(a)? {
            Some(true) => Some(true),
            Some(false) => of(b)?,
            None => of(b)?.filter(|value| *value),
        },
        Test::If(parts) => {
            let [test, yes, no] = &**parts;
            match of(test)? {
                Some(true) => of(yes)?,
                Some(false) => of(no)?,
                None => of(yes)?.zip(of(no)?).and_then(|(yes, no)| (yes == no).then_some(yes)),
            }
        }
        Test::Same(a, b) => of(a)?.zip(of(b)?).map(|(a, b)| a == b),
        Test::Compare(order, a, b) => {
            let (a, b) = (span(a, block, row)?, span(b, block, row)?);
            match order {
                Order::Less => below(a, b, false),
                Order::LessEqual => below(a, b, true),
                Order::Equal => equal(a, b),
                Order::NotEqual => equal(a, b).map(|same| !same),
            }
        }
        Test::In(num, values) => {
            let num = span(num, block, row)?;
            if known(num) {
                return Ok(Some(values.binary_search(&num.0).is_ok()));
            }
            let apart = values.iter().all(|value| equal(num, (*value, *value)) == Some(false));
            apart.then_some(false)
        }
    })
}
