//! Exact numbers and intervals of them.

use crate::fault::Fault;

/// An exact fraction in lowest terms, denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// How a fraction becomes a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards minus infinity.
    Down,
    /// Towards plus infinity.
    Up,
    /// To the nearest, halves away from zero.
    Nearest,
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self::whole(0);

    /// A whole number.
    pub const fn whole(number: i128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    /// A fraction.
    ///
    /// # Errors
    /// [`Fault::DivisionByZero`], [`Fault::Overflow`].
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, Fault> {
        if denominator == 0 {
            return Err(Fault::DivisionByZero);
        }
        if denominator == 1 {
            return Ok(Self::whole(numerator));
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| Fault::Overflow)?;
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        if denominator > 0 {
            return Ok(Self { numerator, denominator });
        }
        match (numerator.checked_neg(), denominator.checked_neg()) {
            (Some(numerator), Some(denominator)) => Ok(Self { numerator, denominator }),
            _ => Err(Fault::Overflow),
        }
    }

    /// The whole number it is, if it is one.
    pub fn as_whole(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// Numerator and denominator, in lowest terms.
    pub(crate) fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// Sum.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        let left = self.numerator.checked_mul(other.denominator).ok_or(Fault::Overflow)?;
        let right = other.numerator.checked_mul(self.denominator).ok_or(Fault::Overflow)?;
        let sum = left.checked_add(right).ok_or(Fault::Overflow)?;
        Self::new(sum, self.denominator.checked_mul(other.denominator).ok_or(Fault::Overflow)?)
    }

    /// The opposite.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn negate(self) -> Result<Self, Fault> {
        let numerator = self.numerator.checked_neg().ok_or(Fault::Overflow)?;
        Ok(Self { numerator, denominator: self.denominator })
    }

    /// Product.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn multiply(self, other: Self) -> Result<Self, Fault> {
        let numerator = self.numerator.checked_mul(other.numerator).ok_or(Fault::Overflow)?;
        Self::new(numerator, self.denominator.checked_mul(other.denominator).ok_or(Fault::Overflow)?)
    }

    /// Quotient.
    ///
    /// # Errors
    /// [`Fault::DivisionByZero`], [`Fault::Overflow`].
    pub fn divide(self, other: Self) -> Result<Self, Fault> {
        let numerator = self.numerator.checked_mul(other.denominator).ok_or(Fault::Overflow)?;
        Self::new(numerator, self.denominator.checked_mul(other.numerator).ok_or(Fault::Overflow)?)
    }

    /// Which is larger.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, Fault> {
        let left = self.numerator.checked_mul(other.denominator).ok_or(Fault::Overflow)?;
        let right = other.numerator.checked_mul(self.denominator).ok_or(Fault::Overflow)?;
        Ok(left.cmp(&right))
    }

    /// The nearest whole multiple of `unit` in the direction asked for.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn round(self, unit: i128, rounding: Rounding) -> Result<Self, Fault> {
        let divisor = self.denominator.checked_mul(unit).ok_or(Fault::Overflow)?;
        let (quotient, rest) = (self.numerator.div_euclid(divisor), self.numerator.rem_euclid(divisor));
        let up = match rounding {
            Rounding::Down => false,
            Rounding::Up => rest > 0,
            Rounding::Nearest if self.numerator < 0 => rest > divisor - rest,
            Rounding::Nearest => rest >= divisor - rest,
        };
        (quotient + i128::from(up)).checked_mul(unit).map(Self::whole).ok_or(Fault::Overflow)
    }

    /// The quotient cut towards zero, as CEL divides integers.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn truncate(self) -> Result<Self, Fault> {
        self.round(1, if self.numerator < 0 { Rounding::Up } else { Rounding::Down })
    }
}

impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            _ => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

/// What is known of a number: not below, not above. No bound means none is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Not below.
    pub low: Option<Exact>,
    /// Not above.
    pub high: Option<Exact>,
}

impl Range {
    /// Nothing is known.
    pub const ANY: Self = Self { low: None, high: None };

    /// Exactly this.
    pub const fn point(value: Exact) -> Self {
        Self { low: Some(value), high: Some(value) }
    }

    /// The number, if only one is possible.
    pub fn value(self) -> Option<Exact> {
        self.low.filter(|_| self.low == self.high)
    }

    /// The smallest range that holds both.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn hull(self, other: Self) -> Result<Self, Fault> {
        Ok(Self { low: pick(self.low, other.low, false)?, high: pick(self.high, other.high, true)? })
    }

    /// Sum.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        let bound = |a: Option<Exact>, b: Option<Exact>| a.zip(b).map(|(a, b)| a.plus(b)).transpose();
        Ok(Self { low: bound(self.low, other.low)?, high: bound(self.high, other.high)? })
    }

    /// The opposite.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn negate(self) -> Result<Self, Fault> {
        Ok(Self { low: self.high.map(Exact::negate).transpose()?, high: self.low.map(Exact::negate).transpose()? })
    }

    /// Product.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn multiply(self, other: Self) -> Result<Self, Fault> {
        if let Some(factor) = other.value() {
            return self.scale(factor);
        }
        if let Some(factor) = self.value() {
            return other.scale(factor);
        }
        let (Some(a), Some(b), Some(c), Some(d)) = (self.low, self.high, other.low, other.high) else {
            return self.half_open_product(other);
        };
        let first = Self::point(a.multiply(c)?);
        [a.multiply(d)?, b.multiply(c)?, b.multiply(d)?]
            .into_iter()
            .try_fold(first, |range, corner| range.hull(Self::point(corner)))
    }

    /// The product where a bound is missing: the lower bound survives where both are not negative.
    fn half_open_product(self, other: Self) -> Result<Self, Fault> {
        match (self.low, other.low) {
            (Some(a), Some(b)) if a.numerator >= 0 && b.numerator >= 0 => {
                Ok(Self { low: Some(a.multiply(b)?), high: None })
            }
            _ => Ok(Self::ANY),
        }
    }

    fn scale(self, factor: Exact) -> Result<Self, Fault> {
        if factor == Exact::ZERO {
            return Ok(Self::point(Exact::ZERO));
        }
        let low = self.low.map(|low| low.multiply(factor)).transpose()?;
        let high = self.high.map(|high| high.multiply(factor)).transpose()?;
        Ok(if factor.numerator > 0 { Self { low, high } } else { Self { low: high, high: low } })
    }

    /// Quotient. Where the divisor may be zero among other numbers, nothing is known.
    ///
    /// # Errors
    /// [`Fault::DivisionByZero`] for a divisor that is zero for certain, [`Fault::Overflow`].
    pub fn divide(self, other: Self) -> Result<Self, Fault> {
        let one = Exact::whole(1);
        match other.value() {
            Some(divisor) => self.scale(one.divide(divisor)?),
            None => match (other.low, other.high) {
                (Some(low), high) if low.numerator > 0 => {
                    let inverse_low = high.map(|high| one.divide(high)).transpose()?.or(Some(Exact::ZERO));
                    self.multiply(Self { low: inverse_low, high: Some(one.divide(low)?) })
                }
                _ => Ok(Self::ANY),
            },
        }
    }

    /// The lesser (`greater` false) or the greater of two.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn choose(self, other: Self, greater: bool) -> Result<Self, Fault> {
        let both = |a: Option<Exact>, b: Option<Exact>| pick(a, b, greater);
        let either =
            |a: Option<Exact>, b: Option<Exact>| if a.is_some() && b.is_some() { both(a, b) } else { Ok(a.or(b)) };
        Ok(if greater {
            Self { low: either(self.low, other.low)?, high: both(self.high, other.high)? }
        } else {
            Self { low: both(self.low, other.low)?, high: either(self.high, other.high)? }
        })
    }

    /// Applies a function that never falls to both bounds.
    ///
    /// # Errors
    /// What the function says.
    pub fn rising(self, f: impl Fn(Exact) -> Result<Exact, Fault>) -> Result<Self, Fault> {
        Ok(Self { low: self.low.map(&f).transpose()?, high: self.high.map(&f).transpose()? })
    }

    /// Whether it is below the other for certain, `None` if that is not known.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn below(self, other: Self, or_equal: bool) -> Result<Option<bool>, Fault> {
        let wanted =
            |a: Exact, b: Exact, equal: bool| a.compare(b).map(|order| order.is_lt() || (equal && order.is_eq()));
        if let (Some(high), Some(low)) = (self.high, other.low)
            && wanted(high, low, or_equal)?
        {
            return Ok(Some(true));
        }
        if let (Some(low), Some(high)) = (self.low, other.high)
            && wanted(high, low, !or_equal)?
        {
            return Ok(Some(false));
        }
        Ok(None)
    }

    /// Whether both are the same number, `None` if that is not known.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn equals(self, other: Self) -> Result<Option<bool>, Fault> {
        if let (Some(one), Some(two)) = (self.value(), other.value()) {
            return Ok(Some(one == two));
        }
        let apart = self.below(other, false)? == Some(true) || other.below(self, false)? == Some(true);
        Ok(apart.then_some(false))
    }
}

/// The lesser or greater of two bounds, none if either is missing.
fn pick(a: Option<Exact>, b: Option<Exact>, greater: bool) -> Result<Option<Exact>, Fault> {
    let (Some(a), Some(b)) = (a, b) else { return Ok(None) };
    Ok(Some(if a.compare(b)?.is_gt() == greater { a } else { b }))
}
