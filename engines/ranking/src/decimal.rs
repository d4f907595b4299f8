//! Decimals and fractions, exactly.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// At most so many digits after the point.
const MOST_DIGITS: u32 = 9;
/// At most so many digits before the point.
const MOST_WHOLE: usize = 12;

/// A decimal number as people write it: at most twelve digits, a point, at most nine digits.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    /// In units of 10^−digits.
    pub(crate) units: i128,
    pub(crate) digits: u32,
}

/// Text that is no decimal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a decimal number of at most 12 digits before and 9 after the point")]
pub struct NotDecimal(pub String);

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Decimal, NotDecimal> {
        let fault = || NotDecimal(text.to_owned());
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        let written = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let whole = if whole.len() > 1 { whole.trim_start_matches('0') } else { whole };
        let part = part.trim_end_matches('0');
        if rest.is_empty() || rest == "." || !written(whole) || !written(part) {
            return Err(fault());
        }
        if whole.len() > MOST_WHOLE || part.len() > MOST_DIGITS as usize {
            return Err(fault());
        }
        let units = format!("0{whole}{part}").parse::<i128>().map_err(|_| fault())?;
        Ok(Decimal { units: if negative { -units } else { units }, digits: part.len() as u32 })
    }
}

impl Decimal {
    /// A whole number.
    #[must_use]
    pub fn whole(value: i64) -> Decimal {
        Decimal { units: i128::from(value), digits: 0 }
    }

    /// Below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.units < 0
    }

    /// The nearest floating-point number.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.ratio().to_f64()
    }

    fn ratio(self) -> Ratio {
        Ratio { above: self.units, below: power(self.digits) }
    }

    /// In units of 10^−digits, of which it must have no more.
    pub(crate) fn at(self, digits: u32) -> i128 {
        self.units * power(digits.saturating_sub(self.digits))
    }
}

pub(crate) fn power(digits: u32) -> i128 {
    10i128.pow(digits)
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        self.ratio().cmp(&other.ratio())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let (whole, part) = (
            self.units.unsigned_abs() / power(self.digits) as u128,
            self.units.unsigned_abs() % power(self.digits) as u128,
        );
        match self.digits {
            0 => write!(f, "{sign}{whole}"),
            digits => write!(f, "{sign}{whole}.{part:0width$}", width = digits as usize),
        }
    }
}

/// An exact fraction: a mean of decimals need not be one.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    pub(crate) above: i128,
    /// Positive.
    pub(crate) below: i128,
}

impl Ratio {
    /// To so many digits; a half goes away from zero.
    #[must_use]
    pub fn half_up(self, digits: u32) -> Decimal {
        let digits = digits.min(MOST_DIGITS);
        let (whole, rest) = (
            self.above.unsigned_abs() / self.below.unsigned_abs(),
            self.above.unsigned_abs() % self.below.unsigned_abs(),
        );
        let scale = power(digits).unsigned_abs();
        // The rest is below the denominator, so long division never leaves the width.
        let (mut units, mut left) = (whole * scale, rest);
        let mut place = scale;
        while place > 1 {
            place /= 10;
            left *= 10;
            units += left / self.below.unsigned_abs() * place;
            left %= self.below.unsigned_abs();
        }
        if left * 2 >= self.below.unsigned_abs() {
            units += 1;
        }
        let units = units as i128;
        Decimal { units: if self.above < 0 { -units } else { units }, digits }
    }

    /// The nearest floating-point number, nearly.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.above as f64 / self.below as f64
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Ratio) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    /// By continued fractions: products could leave the width.
    fn cmp(&self, other: &Ratio) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut turned = false;
        loop {
            let (one, two) = (a.above.div_euclid(a.below), b.above.div_euclid(b.below));
            let (rest, rest_two) = (a.above.rem_euclid(a.below), b.above.rem_euclid(b.below));
            let order = match one.cmp(&two) {
                Ordering::Equal if rest == 0 || rest_two == 0 => rest.min(1).cmp(&rest_two.min(1)),
                Ordering::Equal => {
                    // Both lie between the same whole numbers: compare what is left, upside down.
                    (a, b) = (Ratio { above: a.below, below: rest }, Ratio { above: b.below, below: rest_two });
                    turned = !turned;
                    continue;
                }
                order => order,
            };
            return if turned { order.reverse() } else { order };
        }
    }
}
