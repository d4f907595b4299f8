//! The half-yearly report of an alliance's development: figures, each with the list it is the sum of.

use std::fmt;
use std::str::FromStr;

use jinmen_core::codes::Money;
use jinmen_core::{Date, Error, OrganizationId};

/// Half a year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Half {
    year: i16,
    second: bool,
}

impl Half {
    /// The half that a day is in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), second: day.month() > 6 }
    }

    /// The half before.
    #[must_use]
    pub fn before(self) -> Self {
        match self.second {
            true => Self { second: false, ..self },
            false => Self { year: self.year - 1, second: true },
        }
    }

    /// Its first and last day.
    ///
    /// # Errors
    /// A year out of the calendar's range.
    pub fn days(self) -> jinmen_core::Result<(Date, Date)> {
        let (from, until) = if self.second { ((7, 1), (12, 31)) } else { ((1, 1), (6, 30)) };
        let day = |(month, day): (i8, i8)| Date::from_iso(&format!("{:04}-{month:02}-{day:02}", self.year));
        let wrong = |_| Error::field("half", "registry.report_half");
        Ok((day(from).map_err(wrong)?, day(until).map_err(wrong)?))
    }

    /// The last whole year at a day of it: its own year only when that is over.
    pub fn whole_year(self, until: Date) -> i16 {
        let over = self.days().is_ok_and(|(_, last)| self.second && until >= last);
        if over { self.year } else { self.year - 1 }
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Whether it is the second of its year.
    pub fn is_second(self) -> bool {
        self.second
    }
}

impl fmt::Display for Half {
    /// `2026-1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.year, if self.second { 2 } else { 1 })
    }
}

impl FromStr for Half {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::field("half", "registry.report_half");
        let (year, half) = text.trim().split_once('-').ok_or_else(wrong)?;
        let year: i16 = year.parse().map_err(|_| wrong())?;
        match (half, (2000..2200).contains(&year)) {
            ("1", true) => Ok(Self { year, second: false }),
            ("2", true) => Ok(Self { year, second: true }),
            _ => Err(wrong()),
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Organisations: every row counts one.
    Organizations,
    /// Amounts.
    Money,
    /// Numbers.
    Number,
}

/// One organisation's part of a figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The organisation.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its part: 1 where organisations are counted, fen for money.
    pub value: i64,
}

/// A figure of the report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure {
    /// Its code in addresses: `members`, `grade.council`, `annual_revenue`.
    pub code: String,
    /// The part of the report it stands in.
    pub group: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What it is the sum of.
    pub parts: Vec<Part>,
    /// The same figure a half or, for yearly figures, a year before.
    pub before: Option<i128>,
}

impl Figure {
    /// Its value: never anything but the sum of its list.
    pub fn value(&self) -> i128 {
        self.parts.iter().map(|part| i128::from(part.value)).sum()
    }

    /// As an amount, if it is one and fits.
    pub fn money(&self) -> Option<Money> {
        (self.unit == Unit::Money).then(|| i64::try_from(self.value()).ok().map(Money::from_fen)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_follow_each_other() {
        let half: Half = "2026-1".parse().unwrap();
        let (from, until) = half.days().unwrap();
        assert_eq!((from.to_string().as_str(), until.to_string().as_str()), ("2026-01-01", "2026-06-30"));
        assert_eq!(half.before().to_string(), "2025-2");
        assert_eq!(half.before().before().to_string(), "2025-1");
        assert_eq!((half.whole_year(until), half.before().whole_year(until)), (2025, 2025));
        let under_way: Half = "2026-2".parse().unwrap();
        assert_eq!(under_way.whole_year(Date::from_iso("2026-11-26").unwrap()), 2025);
        assert_eq!(under_way.whole_year(Date::from_iso("2026-12-31").unwrap()), 2026);
        assert_eq!(Half::of(until), half);
        for wrong in ["", "2026", "2026-3", "1999-1", "x-1", "99999-1"] {
            assert!(wrong.parse::<Half>().is_err(), "{wrong}");
        }
    }
}
