//! Evaluation of rows whose facts are all known: plain loops over 64-bit numbers. Before each operation the bounds of
//! its operands show that it cannot overflow; where they do not, the block is evaluated row by row instead.

use super::Block;
use super::chosen::Chosen;
use super::lower::{Num, Order, Test, Whole};
use crate::number::Rounding;

/// Numbers up to this size are multiplied and divided without a check in each row.
const MOST: i64 = 1 << 61;

/// The block holds numbers too large for 64 bits on the way.
pub(super) struct Wide;

pub(super) type Known<T> = Result<T, Wide>;

/// A column of numbers.
pub(super) enum Data<'b> {
    /// The same in every row.
    One(i64),
    Ref(&'b [i64]),
    Own(Vec<i64>),
}

impl Data<'_> {
    pub fn at(&self, row: usize) -> i64 {
        match self {
            Self::One(value) => *value,
            Self::Ref(values) => values[row],
            Self::Own(values) => values[row],
        }
    }

    /// The numbers; nothing where all are the same.
    fn slice(&self) -> Option<&[i64]> {
        match self {
            Self::One(_) => None,
            Self::Ref(values) => Some(values),
            Self::Own(values) => Some(values),
        }
    }

    /// How many rows there are, none where all are the same.
    pub fn length(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Ref(values) => values.len(),
            Self::Own(values) => values.len(),
        }
    }
}

/// A column of numbers with bounds of them.
pub(super) struct Values<'b> {
    data: Data<'b>,
    low: i64,
    high: i64,
}

impl Values<'_> {
    const ZERO: Self = Self { data: Data::One(0), low: 0, high: 0 };

    pub fn at(&self, row: usize) -> i64 {
        self.data.at(row)
    }

    /// Shows each number beside its row.
    pub fn each(&self, rows: &[u16], mut show: impl FnMut(usize, i64)) {
        match self.data.slice() {
            Some(values) => rows.iter().zip(values).for_each(|(row, value)| show(usize::from(*row), *value)),
            None => rows.iter().for_each(|row| show(usize::from(*row), self.at(0))),
        }
    }
}

/// Evaluates over one block; buffers are used again.
pub(super) struct Run<'b> {
    pub block: &'b Block,
    pub pool: Vec<Vec<i64>>,
    /// Rows that columns cannot decide.
    pub odd: Chosen,
}

/// Rows to look at; none given means all of the block.
pub(super) type Rows<'r> = Option<&'r [u16]>;

/// Bounds that a number on the way may have.
pub(super) fn bounds(low: Option<i64>, high: Option<i64>) -> Known<(i64, i64)> {
    match (low, high) {
        (Some(low), Some(high)) if low >= -MOST && high <= MOST => Ok((low, high)),
        _ => Err(Wide),
    }
}

/// Bounds of a product.
pub(super) fn corners(a: (i64, i64), b: (i64, i64)) -> Known<(i64, i64)> {
    let all = [a.0.checked_mul(b.0), a.0.checked_mul(b.1), a.1.checked_mul(b.0), a.1.checked_mul(b.1)];
    let all: Option<Vec<i64>> = all.into_iter().collect();
    let all = all.ok_or(Wide)?;
    bounds(all.iter().min().copied(), all.iter().max().copied())
}

impl<'b> Run<'b> {
    fn length(&self, rows: Rows<'_>) -> usize {
        rows.map_or(self.block.rows, <[u16]>::len)
    }

    pub fn buffer(&mut self) -> Vec<i64> {
        let mut buffer = self.pool.pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// Gives a column's buffer back.
    pub fn done(&mut self, values: Values<'b>) {
        if let Data::Own(buffer) = values.data {
            self.pool.push(buffer);
        }
    }

    /// One column from two; buffers are used again.
    pub fn zip(&mut self, a: Data<'b>, b: Data<'b>, f: impl Fn(i64, i64) -> i64) -> Data<'b> {
        match (a, b) {
            (Data::One(x), Data::One(y)) => Data::One(f(x, y)),
            (Data::Own(mut v), Data::One(y)) => {
                fast(|| v.iter_mut().for_each(|x| *x = f(*x, y)));
                Data::Own(v)
            }
            (Data::One(x), Data::Own(mut v)) => {
                fast(|| v.iter_mut().for_each(|y| *y = f(x, *y)));
                Data::Own(v)
            }
            (Data::Own(mut v), Data::Ref(w)) => {
                fast(|| v.iter_mut().zip(w).for_each(|(x, y)| *x = f(*x, *y)));
                Data::Own(v)
            }
            (Data::Ref(v), Data::Own(mut w)) => {
                fast(|| v.iter().zip(w.iter_mut()).for_each(|(x, y)| *y = f(*x, *y)));
                Data::Own(w)
            }
            (Data::Own(mut v), Data::Own(w)) => {
                fast(|| v.iter_mut().zip(&w).for_each(|(x, y)| *x = f(*x, *y)));
                self.pool.push(w);
                Data::Own(v)
            }
            (Data::Ref(v), Data::One(y)) => {
                let mut out = self.buffer();
                fast(|| out.extend(v.iter().map(|x| f(*x, y))));
                Data::Own(out)
            }
            (Data::One(x), Data::Ref(v)) => {
                let mut out = self.buffer();
                fast(|| out.extend(v.iter().map(|y| f(x, *y))));
                Data::Own(out)
            }
            (Data::Ref(v), Data::Ref(w)) => {
                let mut out = self.buffer();
                fast(|| out.extend(v.iter().zip(w).map(|(x, y)| f(*x, *y))));
                Data::Own(out)
            }
        }
    }

    /// The numbers of the rows.
    pub fn number(&mut self, num: &Num, rows: Rows<'_>) -> Known<Values<'b>> {
        match num {
            Num::Const(value) => Ok(Values { data: Data::One(*value), low: *value, high: *value }),
            Num::Fact(slot, ..) => {
                let column = &self.block.columns[*slot];
                let data = match rows {
                    None => Data::Ref(&column.values),
                    Some(rows) => {
                        let mut out = self.buffer();
                        out.extend(rows.iter().map(|row| column.values[usize::from(*row)]));
                        Data::Own(out)
                    }
                };
                bounds(Some(column.low), Some(column.high)).map(|(low, high)| Values { data, low, high })
            }
            Num::Add(a, b) => {
                let (a, b) = (self.number(a, rows)?, self.number(b, rows)?);
                let (low, high) = bounds(a.low.checked_add(b.low), a.high.checked_add(b.high))?;
                Ok(Values { data: self.zip(a.data, b.data, |x, y| x.wrapping_add(y)), low, high })
            }
            Num::Subtract(a, b) => {
                let (a, b) = (self.number(a, rows)?, self.number(b, rows)?);
                let (low, high) = bounds(a.low.checked_sub(b.high), a.high.checked_sub(b.low))?;
                Ok(Values { data: self.zip(a.data, b.data, |x, y| x.wrapping_sub(y)), low, high })
            }
            Num::Multiply(a, b) => {
                let (a, b) = (self.number(a, rows)?, self.number(b, rows)?);
                let (low, high) = corners((a.low, a.high), (b.low, b.high))?;
                Ok(Values { data: self.zip(a.data, b.data, |x, y| x.wrapping_mul(y)), low, high })
            }
            Num::Extreme(greatest, a, b) => {
                let (a, b) = (self.number(a, rows)?, self.number(b, rows)?);
                Ok(if *greatest {
                    let (low, high) = (a.low.max(b.low), a.high.max(b.high));
                    Values { data: self.zip(a.data, b.data, i64::max), low, high }
                } else {
                    let (low, high) = (a.low.min(b.low), a.high.min(b.high));
                    Values { data: self.zip(a.data, b.data, i64::min), low, high }
                })
            }
            Num::Divide(whole, a, b) => {
                let (a, b) = (self.number(a, rows)?, self.number(b, rows)?);
                Ok(self.divide(*whole, a, b))
            }
            Num::Months(a, b) => {
                let (a, b) = (self.number(a, rows)?, self.number(b, rows)?);
                let (low, high) = (months(a.high, b.low), months(a.low, b.high));
                Ok(Values { data: self.zip(a.data, b.data, months), low, high })
            }
            Num::Year(a) => {
                let a = self.number(a, rows)?;
                let (low, high) = (year(a.low), year(a.high));
                Ok(Values { data: self.zip(a.data, Data::One(0), |x, _| year(x)), low, high })
            }
            Num::Later(a, months) => {
                let a = self.number(a, rows)?;
                let (low, high) = (later(a.low, *months), later(a.high, *months));
                if !calendar(low) || !calendar(high) {
                    return Err(Wide);
                }
                Ok(Values { data: self.zip(a.data, Data::One(*months), later), low, high })
            }
            Num::Positive(a) => {
                let mut a = self.number(a, rows)?;
                if a.low <= 0 {
                    for at in 0..self.length(rows) {
                        if a.at(at) <= 0 {
                            self.odd.insert(rows.map_or(at as u16, |rows| rows[at]));
                        }
                    }
                    a.data = self.zip(a.data, Data::One(1), i64::max);
                    (a.low, a.high) = (1, a.high.max(1));
                }
                Ok(a)
            }
            Num::If(test, yes, no) => {
                let mask = self.mask(test, rows)?;
                let (yes, no) = (self.number(yes, rows)?, self.number(no, rows)?);
                Ok(self.mix(mask, yes, no))
            }
            Num::Tiers(tiers) => self.tiers(tiers, rows),
        }
    }

    fn tiers(&mut self, tiers: &[(Test, Num)], rows: Rows<'_>) -> Known<Values<'b>> {
        let mut found = Values { data: Data::One(i64::MIN), low: 0, high: 0 };
        for (test, value) in tiers.iter().rev() {
            let mask = self.mask(test, rows)?;
            let value = self.number(value, rows)?;
            found = self.mix(mask, value, found);
        }
        for at in 0..self.length(rows) {
            if found.at(at) == i64::MIN {
                self.odd.insert(rows.map_or(at as u16, |rows| rows[at]));
            }
        }
        let data = self.zip(found.data, Data::One(0), |x, _| if x == i64::MIN { 0 } else { x });
        Ok(Values { data, low: found.low, high: found.high })
    }

    fn mix(&mut self, mask: Data<'b>, yes: Values<'b>, no: Values<'b>) -> Values<'b> {
        let (low, high) = (yes.low.min(no.low), yes.high.max(no.high));
        let data = match (mask, yes.data, no.data) {
            (mask, Data::One(yes), Data::One(no)) => self.zip(mask, Data::One(0), |m, _| chosen(m, yes, no)),
            (mask, yes, Data::One(no)) => self.zip(mask, yes, |m, yes| chosen(m, yes, no)),
            (mask, Data::One(yes), no) => self.zip(mask, no, |m, no| chosen(m, yes, no)),
            (Data::One(m), yes, no) => {
                if m != 0 {
                    yes
                } else {
                    no
                }
            }
            (mask, yes, no) => {
                let taken = self.zip(no, Data::One(0), |x, _| x);
                let Data::Own(mut out) = taken else { return Values { data: taken, low, high } };
                let (mask, yes) = (Values { data: mask, low, high }, Values { data: yes, low, high });
                for (at, one) in out.iter_mut().enumerate() {
                    *one = chosen(mask.at(at), yes.at(at), *one);
                }
                self.done(mask);
                self.done(yes);
                Data::Own(out)
            }
        };
        Values { data, low, high }
    }

    fn divide(&mut self, whole: Whole, a: Values<'b>, b: Values<'b>) -> Values<'b> {
        let (low, high) = (-a.low.unsigned_abs().max(a.high.unsigned_abs()).cast_signed() - 1, a.high.max(0) + 1);
        let low = if a.low >= 0 { 0 } else { low };
        let data = match b.data {
            Data::One(divisor) => {
                let by = Magic::new(divisor.unsigned_abs());
                match whole {
                    Whole::Truncate | Whole::Round(Rounding::Down) if a.low >= 0 => {
                        self.zip(a.data, Data::One(0), |x, _| by.quotient(x.unsigned_abs()).cast_signed())
                    }
                    _ => self.zip(a.data, Data::One(divisor), |x, d| quotient(whole, x, d)),
                }
            }
            b => self.zip(a.data, b, |x, d| quotient(whole, x, d)),
        };
        Values { data, low, high }
    }

    /// One where the test holds, zero elsewhere.
    fn mask(&mut self, test: &Test, rows: Rows<'_>) -> Known<Data<'b>> {
        match test {
            Test::Const(value) => Ok(Data::One(i64::from(*value))),
            Test::Fact(slot) => Ok(self.number(&Num::Fact(*slot, 0, 1), rows)?.data),
            Test::Not(inner) => {
                let inner = self.mask(inner, rows)?;
                Ok(self.zip(inner, Data::One(1), |x, y| x ^ y))
            }
            Test::And(a, b) => {
                let (a, b) = (self.mask(a, rows)?, self.mask(b, rows)?);
                Ok(self.zip(a, b, |x, y| x & y))
            }
            Test::Or(a, b) => {
                let (a, b) = (self.mask(a, rows)?, self.mask(b, rows)?);
                Ok(self.zip(a, b, |x, y| x | y))
            }
            Test::If(parts) => {
                let [test, yes, no] = &**parts;
                let test = self.mask(test, rows)?;
                let (yes, no) = (self.mask(yes, rows)?, self.mask(no, rows)?);
                let (yes, no) = (Values { data: yes, low: 0, high: 1 }, Values { data: no, low: 0, high: 1 });
                Ok(self.mix(test, yes, no).data)
            }
            Test::Same(a, b) => {
                let (a, b) = (self.mask(a, rows)?, self.mask(b, rows)?);
                Ok(self.zip(a, b, |x, y| i64::from(x == y)))
            }
            Test::Compare(order, a, b) => {
                let (a, b) = (self.number(a, rows)?.data, self.number(b, rows)?.data);
                Ok(match order {
                    Order::Less => self.zip(a, b, |x, y| i64::from(x < y)),
                    Order::LessEqual => self.zip(a, b, |x, y| i64::from(x <= y)),
                    Order::Equal => self.zip(a, b, |x, y| i64::from(x == y)),
                    Order::NotEqual => self.zip(a, b, |x, y| i64::from(x != y)),
                })
            }
            Test::In(num, values) => {
                let num = self.number(num, rows)?;
                let set = Set::new(values);
                Ok(self.zip(num.data, Data::One(0), |x, _| i64::from(set.holds(x))))
            }
        }
    }

    /// The rows for which a test holds; all must know what it reads.
    pub fn keep(&mut self, test: &Test, rows: &Chosen) -> Known<Chosen> {
        if rows.is_empty() {
            return Ok(Chosen::NONE);
        }
        match test {
            Test::And(a, b) => {
                let left = self.keep(a, rows)?;
                self.keep(b, &left)
            }
            Test::Or(a, b) => {
                let left = self.keep(a, rows)?;
                Ok(left.or(&self.keep(b, &rows.without(&left))?))
            }
            Test::If(parts) => {
                let [test, yes, no] = &**parts;
                let held = self.keep(test, rows)?;
                let yes = self.keep(yes, &held)?;
                Ok(yes.or(&self.keep(no, &rows.without(&held))?))
            }
            Test::Not(inner) => Ok(rows.without(&self.keep(inner, rows)?)),
            leaf => {
                let before = std::mem::replace(&mut self.odd, Chosen::NONE);
                // To collect the numbers of most rows costs more than to look at all of them.
                let kept = if rows.count() * 3 >= self.block.rows * 2 {
                    self.leaf(leaf, None).map(|kept| kept.and(rows))
                } else {
                    self.leaf(leaf, Some(&rows.list()))
                };
                self.odd = before.or(&self.odd.and(rows));
                kept
            }
        }
    }

    /// The rows for which a test without parts holds: of all, or of a list.
    fn leaf(&mut self, test: &Test, list: Rows<'_>) -> Known<Chosen> {
        let length = self.length(list);
        match test {
            Test::Compare(order, a, b) => {
                let (a, b) = (self.number(a, list)?, self.number(b, list)?);
                let kept = match order {
                    Order::Less => compare(length, list, &a, &b, |x, y| x < y),
                    Order::LessEqual => compare(length, list, &a, &b, |x, y| x <= y),
                    Order::Equal => compare(length, list, &a, &b, |x, y| x == y),
                    Order::NotEqual => compare(length, list, &a, &b, |x, y| x != y),
                };
                self.done(a);
                self.done(b);
                Ok(kept)
            }
            Test::In(num, values) => {
                let num = self.number(num, list)?;
                let set = Set::new(values);
                let kept = compare(length, list, &num, &Values::ZERO, |x, _| set.holds(x));
                self.done(num);
                Ok(kept)
            }
            _ => {
                let mask = Values { data: self.mask(test, list)?, low: 0, high: 1 };
                let kept = compare(length, list, &mask, &Values::ZERO, |x, _| x != 0);
                self.done(mask);
                Ok(kept)
            }
        }
    }
}

/// Runs a loop compiled twice: once for every processor, and once for those with AVX2, of which it takes the better one.
pub(super) fn fast<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// The rows in whose place `holds` says so: of all, or of a list.
fn select(length: usize, rows: Rows<'_>, holds: impl Fn(usize) -> bool) -> Chosen {
    match rows {
        None => fast(|| Chosen::filter(length, &holds)),
        Some(rows) => fast(|| Chosen::listed(rows, &holds)),
    }
}

fn compare(length: usize, rows: Rows<'_>, a: &Values<'_>, b: &Values<'_>, f: impl Fn(i64, i64) -> bool) -> Chosen {
    match (a.data.slice(), b.data.slice()) {
        (None, None) => {
            let holds = f(a.at(0), b.at(0));
            select(length, rows, |_| holds)
        }
        (Some(a), None) => {
            let (a, y) = (&a[..length], b.at(0));
            select(length, rows, |at| f(a[at], y))
        }
        (None, Some(b)) => {
            let (x, b) = (a.at(0), &b[..length]);
            select(length, rows, |at| f(x, b[at]))
        }
        (Some(a), Some(b)) => {
            let (a, b) = (&a[..length], &b[..length]);
            select(length, rows, |at| f(a[at], b[at]))
        }
    }
}

/// The one number where the mask is one, the other where it is zero, without a jump.
pub(super) fn chosen(mask: i64, yes: i64, no: i64) -> i64 {
    no ^ ((yes ^ no) & mask.wrapping_neg())
}

/// A set of numbers: bits while they lie near each other.
pub(super) struct Set<'v> {
    first: i64,
    bits: Vec<u64>,
    values: &'v [i64],
}

impl<'v> Set<'v> {
    pub fn new(values: &'v [i64]) -> Self {
        let (first, last) = (values.first().copied().unwrap_or(0), values.last().copied().unwrap_or(-1));
        let width = last.checked_sub(first).filter(|width| *width < 16_384).map_or(0, |width| width + 1);
        let mut bits = vec![0u64; usize::try_from(width).unwrap_or(0).div_ceil(64)];
        if width > 0 {
            for value in values {
                let at = (value - first).unsigned_abs() as usize;
                bits[at / 64] |= 1 << (at % 64);
            }
        }
        Self { first, bits, values }
    }

    pub fn holds(&self, value: i64) -> bool {
        if self.bits.is_empty() {
            return self.values.binary_search(&value).is_ok();
        }
        let at = value.wrapping_sub(self.first).cast_unsigned();
        usize::try_from(at / 64)
            .ok()
            .and_then(|word| self.bits.get(word))
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

/// Division by a constant as multiplication (Granlund and Montgomery 1994), exact below 2^62.
#[derive(Clone, Copy)]
pub(super) struct Magic {
    factor: u64,
    shift: u32,
}

impl Magic {
    pub fn new(divisor: u64) -> Self {
        let ceiling = 64 - divisor.saturating_sub(1).leading_zeros();
        let shift = 62 + ceiling;
        let factor = (1u128 << shift) / u128::from(divisor.max(1)) + 1;
        Self { factor: factor as u64, shift }
    }

    pub fn quotient(self, number: u64) -> u64 {
        ((u128::from(number) * u128::from(self.factor)) >> self.shift) as u64
    }
}

/// A quotient as a whole number; the divisor is above zero.
pub(super) fn quotient(whole: Whole, x: i64, d: i64) -> i64 {
    match whole {
        Whole::Truncate => x / d,
        Whole::Round(Rounding::Down) => x.div_euclid(d),
        Whole::Round(Rounding::Up) => -(-x).div_euclid(d),
        Whole::Round(Rounding::Nearest) => {
            let (away, rest) = (x.unsigned_abs() / d.unsigned_abs(), x.unsigned_abs() % d.unsigned_abs());
            let away = (away + u64::from(rest >= d.unsigned_abs() - rest)).cast_signed();
            if x < 0 { -away } else { away }
        }
    }
}

/// Full months between packed days.
pub(super) fn months(from: i64, to: i64) -> i64 {
    let all = (to >> 5) - (from >> 5);
    let (first, last) = (from & 31, to & 31);
    all - i64::from(all > 0 && last < first) + i64::from(all < 0 && last > first)
}

/// Year of a packed day.
pub(super) fn year(day: i64) -> i64 {
    (day >> 5).div_euclid(12)
}

/// A packed day so many months later, at most that month's last day.
pub(super) fn later(day: i64, months: i64) -> i64 {
    let month = (day >> 5) + months;
    let year = month.div_euclid(12);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month.rem_euclid(12) {
        1 => 28 + i64::from(leap),
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    };
    month * 32 + (day & 31).min(last)
}

/// Whether the calendar of [`codes::Date`] has the packed day.
pub(super) fn calendar(day: i64) -> bool {
    (i64::from(codes::date::FIRST_YEAR)..=i64::from(codes::date::LAST_YEAR)).contains(&year(day))
}
