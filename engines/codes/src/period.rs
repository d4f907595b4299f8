//! Periods of days, open or closed, both ends included.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::date::{Date, DateFault};
use crate::fault::impl_fault;

/// Days from one to another, both included. A missing end is open: the period has always been, or
/// never ends.
///
/// In serde an object `{"from": "2021-01-01", "until": null}`; reading checks the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Period {
    from: Option<Date>,
    until: Option<Date>,
}

/// Why two dates make no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodFault {
    /// The first day is after the last.
    #[error("the period would begin on {from}, after its end on {until}")]
    Reversed {
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
    },
}

impl PeriodFault {
    /// Stable code, `period.reversed`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reversed { .. } => "period.reversed",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Reversed { from, until } => {
                vec![("from", from.to_string()), ("until", until.to_string())]
            }
        }
    }
}

impl_fault!(PeriodFault);

#[derive(Serialize, Deserialize)]
struct Ends {
    #[serde(default)]
    from: Option<Date>,
    #[serde(default)]
    until: Option<Date>,
}

impl Period {
    /// All days there are.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// From a day to a day, either of which may be open.
    ///
    /// # Errors
    /// [`PeriodFault::Reversed`].
    pub fn new(from: Option<Date>, until: Option<Date>) -> Result<Self, PeriodFault> {
        match (from, until) {
            (Some(from), Some(until)) if from > until => Err(PeriodFault::Reversed { from, until }),
            _ => Ok(Self { from, until }),
        }
    }

    /// From a day to a day.
    ///
    /// # Errors
    /// [`PeriodFault::Reversed`].
    pub fn between(from: Date, until: Date) -> Result<Self, PeriodFault> {
        Self::new(Some(from), Some(until))
    }

    /// From a day on, without end.
    pub fn since(from: Date) -> Self {
        Self { from: Some(from), until: None }
    }

    /// Until a day, without beginning.
    pub fn up_to(until: Date) -> Self {
        Self { from: None, until: Some(until) }
    }

    /// One day.
    pub fn day(date: Date) -> Self {
        Self { from: Some(date), until: Some(date) }
    }

    /// A calendar year.
    ///
    /// # Errors
    /// [`DateFault::YearOutOfRange`] outside 1800 to 2199.
    pub fn year(year: i16) -> Result<Self, DateFault> {
        let (from, until) = (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?);
        Ok(Self { from: Some(from), until: Some(until) })
    }

    /// First day, or `None` when open.
    pub fn from(self) -> Option<Date> {
        self.from
    }

    /// Last day, or `None` when open.
    pub fn until(self) -> Option<Date> {
        self.until
    }

    /// Whether a day is in it.
    pub fn contains(self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }

    /// Whether every day of the other is in it.
    pub fn covers(self, other: Self) -> bool {
        self.intersect(other) == Some(other)
    }

    /// Whether they have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.intersect(other).is_some()
    }

    /// The days in common; `None` when there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let from = match (self.from, other.from) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self::new(from, until).ok()
    }

    /// Number of days, at least 1; `None` when an end is open.
    pub fn days(self) -> Option<i64> {
        Some(self.from?.days_until(self.until?) + 1)
    }

    /// As documents write it: `2021年1月1日至2021年12月31日`; an open end is 起 or 止, and no ends
    /// at all 长期.
    pub fn to_zh(self) -> String {
        match (self.from, self.until) {
            (Some(from), Some(until)) if from == until => from.to_zh(),
            (Some(from), Some(until)) => format!("{}至{}", from.to_zh(), until.to_zh()),
            (Some(from), None) => format!("{}起", from.to_zh()),
            (None, Some(until)) => format!("至{}止", until.to_zh()),
            (None, None) => "长期".to_owned(),
        }
    }
}

impl fmt::Display for Period {
    /// `2021-01-01/2021-12-31` (ISO 8601), with `..` for an open end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |date: Option<Date>| date.map_or("..".to_owned(), |date| date.to_string());
        f.pad(&format!("{}/{}", end(self.from), end(self.until)))
    }
}

impl TryFrom<Ends> for Period {
    type Error = PeriodFault;

    fn try_from(ends: Ends) -> Result<Self, PeriodFault> {
        Self::new(ends.from, ends.until)
    }
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { from: period.from, until: period.until }
    }
}
