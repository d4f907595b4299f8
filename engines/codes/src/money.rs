//! Amounts of Renminbi, exact to the fen.

mod read;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::impl_fault;
use crate::ratio::{Ratio, RatioFault, Rounding};

/// An amount of Renminbi as a whole number of fen (0.01 yuan).
///
/// `Display` is the plain yuan form `125000.00`; serde is the integer of fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// The unit of a number that does not say its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 元.
    Yuan,
    /// 万元, ten thousand yuan.
    TenThousand,
    /// 亿元, a hundred million yuan.
    HundredMillion,
}

impl Unit {
    /// Fen in one of the unit.
    pub fn fen(self) -> i64 {
        match self {
            Self::Yuan => 100,
            Self::TenThousand => 1_000_000,
            Self::HundredMillion => 10_000_000_000,
        }
    }

    /// Chinese name: 元, 万元, 亿元.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousand => "万元",
            Self::HundredMillion => "亿元",
        }
    }
}

/// Why something is not an amount, or an operation has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    /// Nothing but spaces.
    #[error("no amount given")]
    Empty,
    /// In none of the forms that are read.
    #[error("{text:?} is not written as an amount of money")]
    Malformed {
        /// The text as given, cut if long.
        text: String,
    },
    /// An amount of another currency.
    #[error("{text:?} is not an amount of Renminbi")]
    Currency {
        /// The text as given, cut if long.
        text: String,
    },
    /// Does not come out at a whole number of fen.
    #[error("{text:?} is not a whole number of fen")]
    FractionOfFen {
        /// The text as given, cut if long.
        text: String,
    },
    /// Beyond the largest amount, about 92 quadrillion yuan.
    #[error("the amount is too large")]
    Overflow,
    /// Division by zero.
    #[error("division by zero")]
    ZeroDivisor,
}

impl MoneyFault {
    /// Stable code, `money.empty` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "money.empty",
            Self::Malformed { .. } => "money.malformed",
            Self::Currency { .. } => "money.currency",
            Self::FractionOfFen { .. } => "money.fraction_of_fen",
            Self::Overflow => "money.overflow",
            Self::ZeroDivisor => "money.zero_divisor",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Malformed { text } | Self::Currency { text } | Self::FractionOfFen { text } => {
                vec![("text", text.clone())]
            }
            Self::Empty | Self::Overflow | Self::ZeroDivisor => Vec::new(),
        }
    }
}

impl_fault!(MoneyFault);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount.
    pub const MAX: Self = Self(i64::MAX);
    /// The smallest amount, one fen further from nothing than [`Money::MAX`].
    pub const MIN: Self = Self(i64::MIN);

    /// An amount in fen.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount in whole units.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn from_units(count: i64, unit: Unit) -> Result<Self, MoneyFault> {
        count.checked_mul(unit.fen()).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// An amount in whole yuan.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn from_yuan(yuan: i64) -> Result<Self, MoneyFault> {
        Self::from_units(yuan, Unit::Yuan)
    }

    /// An amount in whole 万元.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn from_wan(wan: i64) -> Result<Self, MoneyFault> {
        Self::from_units(wan, Unit::TenThousand)
    }

    /// Read an amount as people write it: `12.5万元`, `1,234.56`, `￥1 234.56元`, `3亿元`,
    /// `3亿2000万元`, `5元3角`, `(100.00)`, `-100`, Chinese words such as `壹拾贰万伍仟元整`,
    /// also full-width. A number that says no unit is in `default_unit`.
    ///
    /// Separators must stand at every third digit: `1,23` is refused, not guessed. In Chinese
    /// words a skipped place needs its 零: `三万五` is refused.
    ///
    /// # Errors
    /// [`MoneyFault::FractionOfFen`] for more than the fen can hold (`0.001元`), otherwise any but
    /// `ZeroDivisor`.
    pub fn parse(text: &str, default_unit: Unit) -> Result<Self, MoneyFault> {
        read::read(text, default_unit)
    }

    /// Fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Whether it is below nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyFault> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyFault> {
        self.0.checked_sub(other.0).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The opposite.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`], only for [`Money::MIN`].
    pub fn checked_neg(self) -> Result<Self, MoneyFault> {
        self.0.checked_neg().map(Self).ok_or(MoneyFault::Overflow)
    }

    /// So many times the amount.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn checked_mul(self, times: i64) -> Result<Self, MoneyFault> {
        self.0.checked_mul(times).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The sum of many amounts, nothing for none.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn try_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyFault> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// A share of the amount, brought to whole fen.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn mul_ratio(self, ratio: Ratio, rounding: Rounding) -> Result<Self, MoneyFault> {
        let product = i128::from(self.0) * i128::from(ratio.numerator());
        Self::fit(rounding.divide(product, ratio.denominator().into()))
    }

    /// The amount of which this one is the share, brought to whole fen.
    ///
    /// # Errors
    /// [`MoneyFault::ZeroDivisor`], [`MoneyFault::Overflow`].
    pub fn div_ratio(self, ratio: Ratio, rounding: Rounding) -> Result<Self, MoneyFault> {
        let divisor = i128::from(ratio.numerator());
        if divisor == 0 {
            return Err(MoneyFault::ZeroDivisor);
        }
        let product = i128::from(self.0) * i128::from(ratio.denominator()) * divisor.signum();
        Self::fit(rounding.divide(product, divisor.abs()))
    }

    /// This amount as an exact share of another.
    ///
    /// # Errors
    /// [`MoneyFault::ZeroDivisor`], [`MoneyFault::Overflow`] (only around [`Money::MIN`]).
    pub fn share_of(self, whole: Self) -> Result<Ratio, MoneyFault> {
        Ratio::new(self.0, whole.0).map_err(|fault| match fault {
            RatioFault::ZeroDenominator => MoneyFault::ZeroDivisor,
            _ => MoneyFault::Overflow,
        })
    }

    /// Yuan with two places: `125000.00`.
    pub fn to_yuan_string(self) -> String {
        let (sign, fen) = self.parts();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// Yuan with two places and separators: `125,000.00`.
    pub fn to_grouped_string(self) -> String {
        let (sign, fen) = self.parts();
        let yuan = (fen / 100).to_string();
        let mut grouped = String::new();
        for (at, digit) in yuan.chars().enumerate() {
            if at > 0 && (yuan.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}.{:02}", fen % 100)
    }

    /// The number of 万元, exact, without zeros at the end: `12.5`.
    pub fn to_wan_string(self) -> String {
        self.to_unit_string(Unit::TenThousand)
    }

    /// The number of a unit, exact, without zeros at the end: `0.3` for 30 fen in yuan.
    pub fn to_unit_string(self, unit: Unit) -> String {
        let (sign, fen) = self.parts();
        let unit = unit.fen().unsigned_abs();
        let width = unit.ilog10() as usize;
        let fraction = format!("{:0width$}", fen % unit);
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{dot}{fraction}", fen / unit)
    }

    /// Chinese capital words by the rules for bills and settlement vouchers (支付结算办法, annex
    /// 1): `壹拾贰万伍仟元整`, `壹仟零壹元零伍分`. Where the rules allow a 零 or none, the form is
    /// that of their own first examples: one before the 角 after a yuan place of zero
    /// (`壹仟陆佰捌拾元零叁角贰分`), none before a 仟 after 万 (`壹拾万柒仟元零伍角叁分`). 整 follows
    /// 元 and 角. Negative amounts begin with 负.
    pub fn in_words(self) -> String {
        words::in_words(self.0)
    }

    fn parts(self) -> (&'static str, u64) {
        (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs())
    }

    fn fit(fen: i128) -> Result<Self, MoneyFault> {
        i64::try_from(fen).map(Self).map_err(|_| MoneyFault::Overflow)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_yuan_string())
    }
}
