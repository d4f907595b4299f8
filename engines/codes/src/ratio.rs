//! Exact fractions: shares, rates and percentages.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fault::impl_fault;
use crate::text::narrow;

/// How a result that does not come out even is brought to the last place. Always said by the
/// caller: rules and banks differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, halves away from zero (四舍五入).
    HalfUp,
    /// To the nearest, halves to the even neighbour.
    HalfEven,
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
    /// Toward minus infinity.
    Floor,
    /// Toward plus infinity.
    Ceiling,
}

impl Rounding {
    /// `numerator / denominator` as a whole number; the denominator is positive.
    pub(crate) fn divide(self, numerator: i128, denominator: i128) -> i128 {
        let quotient = numerator.div_euclid(denominator);
        let rest = numerator.rem_euclid(denominator);
        if rest == 0 {
            return quotient;
        }
        // The value lies between quotient and quotient + 1. Twice the rest cannot overflow: all
        // callers stay far below the bounds of i128.
        let half = (rest * 2).cmp(&denominator);
        let upper = match self {
            Self::Floor => false,
            Self::Ceiling => true,
            Self::Down => numerator < 0,
            Self::Up => numerator > 0,
            Self::HalfUp => half == Ordering::Greater || (half == Ordering::Equal && numerator > 0),
            Self::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && quotient % 2 != 0),
        };
        quotient + i128::from(upper)
    }
}

/// An exact fraction, always in lowest terms with a positive denominator.
///
/// `Display` and serde use `7/200` (`3` when the denominator is 1); every form of
/// [`Ratio::parse`] can be read back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

/// Why something is not a fraction, or an operation has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatioFault {
    /// Nothing but spaces.
    #[error("no number given")]
    Empty,
    /// In none of the forms that are read.
    #[error("{text:?} is not written as a fraction or percentage")]
    Malformed {
        /// The text as given, cut if long.
        text: String,
    },
    /// Division by zero.
    #[error("division by zero")]
    ZeroDenominator,
    /// The exact result does not fit.
    #[error("the number has too many digits")]
    Overflow,
}

impl RatioFault {
    /// Stable code, `ratio.empty` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ratio.empty",
            Self::Malformed { .. } => "ratio.malformed",
            Self::ZeroDenominator => "ratio.zero_denominator",
            Self::Overflow => "ratio.overflow",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Malformed { text } => vec![("text", text.clone())],
            Self::Empty | Self::ZeroDenominator | Self::Overflow => Vec::new(),
        }
    }
}

impl_fault!(RatioFault);

/// More places than any rule needs, and few enough that nothing overflows.
const MOST_PLACES: u32 = 15;

impl Ratio {
    /// 0.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// 1, or 100 %.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator` in lowest terms.
    ///
    /// # Errors
    /// [`RatioFault::ZeroDenominator`], [`RatioFault::Overflow`] (only around `i64::MIN`).
    pub fn new(numerator: i64, denominator: i64) -> Result<Self, RatioFault> {
        Self::reduce(numerator.into(), denominator.into())
    }

    /// So many hundredths.
    pub fn percent(hundredths: i32) -> Self {
        // Both numbers are far inside the range, so the default cannot be met.
        Self::reduce(hundredths.into(), 100).unwrap_or(Self::ZERO)
    }

    /// Read `3.5%`, `3.5‰`, `3.5`, `-0.2`, `1/3`, also full-width and with spaces.
    ///
    /// # Errors
    /// Any [`RatioFault`].
    pub fn parse(text: &str) -> Result<Self, RatioFault> {
        let compact: String = narrow(text).chars().filter(|character| !character.is_whitespace()).collect();
        if compact.is_empty() {
            return Err(RatioFault::Empty);
        }
        let malformed = || RatioFault::Malformed { text: text.chars().take(64).collect() };
        let (negative, body) = match compact.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, compact.strip_prefix('+').unwrap_or(&compact)),
        };
        let (body, scale) = if let Some(body) = body.strip_suffix('%') {
            (body, 100)
        } else if let Some(body) = body.strip_suffix('‰') {
            (body, 1000)
        } else {
            (body, 1)
        };
        let (above, below) = match body.split_once('/') {
            Some((above, below)) if scale == 1 => (above, below),
            Some(_) => return Err(malformed()),
            None => (body, "1"),
        };
        let above = decimal(above).ok_or_else(malformed)??;
        let below = decimal(below).ok_or_else(malformed)??;
        let product = |a: i128, b: i128| a.checked_mul(b).ok_or(RatioFault::Overflow);
        let numerator = product(above.0, below.1)?;
        let denominator = product(product(above.1, below.0)?, scale)?;
        Self::reduce(if negative { -numerator } else { numerator }, denominator)
    }

    /// Numerator in lowest terms; carries the sign.
    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// Denominator in lowest terms, positive.
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// Exact sum.
    ///
    /// # Errors
    /// [`RatioFault::Overflow`] when the reduced result does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, RatioFault> {
        let (a, b, c, d) = self.with(other);
        // |a d| + |c b| is below 2^127 since each factor is at most 2^63 and denominators are
        // below it.
        Self::reduce(a * d + c * b, b * d)
    }

    /// Exact difference.
    ///
    /// # Errors
    /// [`RatioFault::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, RatioFault> {
        let (a, b, c, d) = self.with(other);
        Self::reduce(a * d - c * b, b * d)
    }

    /// Exact product.
    ///
    /// # Errors
    /// [`RatioFault::Overflow`].
    pub fn checked_mul(self, other: Self) -> Result<Self, RatioFault> {
        let (a, b, c, d) = self.with(other);
        Self::reduce(a * c, b * d)
    }

    /// Exact quotient.
    ///
    /// # Errors
    /// [`RatioFault::ZeroDenominator`], [`RatioFault::Overflow`].
    pub fn checked_div(self, other: Self) -> Result<Self, RatioFault> {
        let (a, b, c, d) = self.with(other);
        Self::reduce(a * d, b * c)
    }

    /// The whole number it rounds to.
    pub fn round(self, rounding: Rounding) -> i64 {
        let rounded = rounding.divide(self.numerator.into(), self.denominator.into());
        // A fraction of an i64 rounds to an i64.
        i64::try_from(rounded).unwrap_or(self.numerator)
    }

    /// As a percentage with so many places (at most 15): `3.50%` for 7/200 and 2 places.
    pub fn to_percent_string(self, places: u32, rounding: Rounding) -> String {
        format!("{}%", self.scaled(100, places, rounding))
    }

    /// As a decimal number with so many places (at most 15): `0.035` for 7/200 and 3 places.
    pub fn to_decimal_string(self, places: u32, rounding: Rounding) -> String {
        self.scaled(1, places, rounding)
    }

    fn scaled(self, factor: i128, places: u32, rounding: Rounding) -> String {
        let places = places.min(MOST_PLACES);
        let unit = 10_i128.pow(places);
        let scaled = i128::from(self.numerator) * factor * unit;
        let rounded = rounding.divide(scaled, self.denominator.into());
        let sign = if rounded < 0 { "-" } else { "" };
        let (whole, fraction) = (rounded.abs() / unit, rounded.abs() % unit);
        if places == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction:0width$}", width = places as usize)
        }
    }

    fn with(self, other: Self) -> (i128, i128, i128, i128) {
        (self.numerator.into(), self.denominator.into(), other.numerator.into(), other.denominator.into())
    }

    fn reduce(numerator: i128, denominator: i128) -> Result<Self, RatioFault> {
        if denominator == 0 {
            return Err(RatioFault::ZeroDenominator);
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| RatioFault::Overflow)?;
        let sign = denominator.signum();
        let fit = |number: i128| i64::try_from(number).map_err(|_| RatioFault::Overflow);
        Ok(Self { numerator: fit(numerator / divisor * sign)?, denominator: fit(denominator / divisor * sign)? })
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Numerator and denominator of an unsigned decimal number; the outer `None` means that it is not
/// written as one.
fn decimal(text: &str) -> Option<Result<(i128, i128), RatioFault>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() + fraction.len() > 30 {
        return Some(Err(RatioFault::Overflow));
    }
    let numerator =
        whole.bytes().chain(fraction.bytes()).fold(0_i128, |number, byte| number * 10 + i128::from(byte - b'0'));
    let denominator = fraction.bytes().fold(1_i128, |power, _| power * 10);
    Some(Ok((numerator, denominator)))
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b, c, d) = self.with(*other);
        (a * d).cmp(&(c * b))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            f.pad(&self.numerator.to_string())
        } else {
            f.pad(&format!("{}/{}", self.numerator, self.denominator))
        }
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl From<i64> for Ratio {
    fn from(whole: i64) -> Self {
        Self { numerator: whole, denominator: 1 }
    }
}

impl FromStr for Ratio {
    type Err = RatioFault;

    fn from_str(text: &str) -> Result<Self, RatioFault> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Ratio {
    type Error = RatioFault;

    fn try_from(text: String) -> Result<Self, RatioFault> {
        Self::parse(&text)
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> Self {
        ratio.to_string()
    }
}
