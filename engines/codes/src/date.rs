//! Dates as Chinese offices write them.

mod read;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fault::impl_fault;

/// First year a [`Date`] can have. Identity numbers reach back before 1900: the worked example of
/// GB 11643 itself is of someone born in 1880.
pub const FIRST_YEAR: i16 = 1800;
/// First year that [`Date::parse`] and [`PartialDate::parse`] take from people.
pub const FIRST_WRITTEN_YEAR: i16 = 1900;
/// Last year a [`Date`] can have.
pub const LAST_YEAR: i16 = 2199;

/// A day of the Gregorian calendar, years 1800 to 2199.
///
/// `Display` and serde use `YYYY-MM-DD`; reading from serde is strict. For what people write use
/// [`Date::parse`], which takes only 1900 to 2199.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(jiff::civil::Date);

/// What is known of a date: the day, or only the month or the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// A year.
    Year(i16),
    /// A month of a year.
    Month {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
    },
    /// A day.
    Day(Date),
}

/// Why something is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// Nothing but spaces.
    #[error("no date given")]
    Empty,
    /// In none of the forms that are read.
    #[error("{text:?} is not written as a date")]
    Malformed {
        /// The text as given.
        text: String,
    },
    /// Only a month or a year where a day is needed.
    #[error("{text:?} does not say the day")]
    Incomplete {
        /// The text as given.
        text: String,
    },
    /// The calendar has no such day.
    #[error("there is no day {year}-{month}-{day}")]
    NoSuchDay {
        /// Year.
        year: i16,
        /// Month as given.
        month: i8,
        /// Day as given.
        day: i8,
    },
    /// A year outside the range.
    #[error("the year {year} is out of range")]
    YearOutOfRange {
        /// The year.
        year: i64,
    },
    /// Not a day number of a spreadsheet.
    #[error("{serial} is not the number of a day in a spreadsheet")]
    ExcelSerial {
        /// The number as given.
        serial: String,
    },
}

impl DateFault {
    /// Stable code, `date.empty` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "date.empty",
            Self::Malformed { .. } => "date.malformed",
            Self::Incomplete { .. } => "date.incomplete",
            Self::NoSuchDay { .. } => "date.no_such_day",
            Self::YearOutOfRange { .. } => "date.year_out_of_range",
            Self::ExcelSerial { .. } => "date.excel_serial",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Empty => Vec::new(),
            Self::Malformed { text } | Self::Incomplete { text } => vec![("text", text.clone())],
            Self::NoSuchDay { year, month, day } => {
                vec![("year", year.to_string()), ("month", month.to_string()), ("day", day.to_string())]
            }
            Self::YearOutOfRange { year } => vec![("year", year.to_string())],
            Self::ExcelSerial { serial } => vec![("serial", serial.clone())],
        }
    }
}

impl_fault!(DateFault);

impl Date {
    /// The first day of all, 1800-01-01.
    pub const MIN: Self = Self(jiff::civil::date(FIRST_YEAR, 1, 1));
    /// The last day of all, 2199-12-31.
    pub const MAX: Self = Self(jiff::civil::date(LAST_YEAR, 12, 31));

    /// A day by its numbers.
    ///
    /// # Errors
    /// [`DateFault::YearOutOfRange`], [`DateFault::NoSuchDay`].
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateFault> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(DateFault::YearOutOfRange { year: year.into() });
        }
        jiff::civil::Date::new(year, month, day).map(Self).map_err(|_| DateFault::NoSuchDay { year, month, day })
    }

    /// Read a day as Chinese offices write it, years 1900 to 2199: `2021-05-20`, `2021/5/20`,
    /// `2021.5.20`, `20210520`, `2021年5月20日`, `二〇二一年五月二十日`, all also full-width, also
    /// with a time of day after it (which is dropped).
    ///
    /// # Errors
    /// Any [`DateFault`] but `ExcelSerial`; [`DateFault::Incomplete`] when only a month or a year
    /// is said.
    pub fn parse(text: &str) -> Result<Self, DateFault> {
        match PartialDate::parse(text)? {
            PartialDate::Day(date) => Ok(date),
            PartialDate::Month { .. } | PartialDate::Year(_) => Err(DateFault::Incomplete { text: text.to_owned() }),
        }
    }

    /// Read exactly `YYYY-MM-DD`, years 1800 to 2199.
    ///
    /// # Errors
    /// [`DateFault::Malformed`], [`DateFault::YearOutOfRange`], [`DateFault::NoSuchDay`].
    pub fn from_iso(text: &str) -> Result<Self, DateFault> {
        let malformed = || DateFault::Malformed { text: text.to_owned() };
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(malformed());
        }
        let year = text[..4].parse().map_err(|_| malformed())?;
        let month = text[5..7].parse().map_err(|_| malformed())?;
        let day = text[8..].parse().map_err(|_| malformed())?;
        Self::new(year, month, day)
    }

    /// The day a spreadsheet cell holds as a number; a time of day (the fraction) is dropped.
    ///
    /// With `date1904` false, 1 is 1900-01-01 and the count includes 29 February 1900, a day that
    /// never was: number 60 is refused. With `date1904` true, 0 is 1904-01-01.
    ///
    /// # Errors
    /// [`DateFault::ExcelSerial`] for anything that is not the number of a day up to 2199-12-31.
    pub fn from_excel_serial(serial: f64, date1904: bool) -> Result<Self, DateFault> {
        let fault = || DateFault::ExcelSerial { serial: serial.to_string() };
        if !(0.0..=120_000.0).contains(&serial) {
            return Err(fault());
        }
        // Within the range just checked the conversion is exact but for the fraction.
        let number = serial.floor() as i64;
        let (epoch, days) = match (date1904, number) {
            (true, _) => (jiff::civil::date(1904, 1, 1), number),
            (false, 0 | 60) => return Err(fault()),
            (false, 1..60) => (jiff::civil::date(1899, 12, 31), number),
            (false, _) => (jiff::civil::date(1899, 12, 30), number),
        };
        Self(epoch).add_days(days).map_err(|_| fault())
    }

    /// Year, 1800 to 2199.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Day of the week, 1 for Monday to 7 for Sunday (ISO 8601).
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        self.weekday() >= 6
    }

    /// The day so many days later, or earlier for a negative number.
    ///
    /// # Errors
    /// [`DateFault::YearOutOfRange`].
    pub fn add_days(self, days: i64) -> Result<Self, DateFault> {
        let out = || DateFault::YearOutOfRange { year: i64::from(self.year()).saturating_add(days / 365) };
        let span = jiff::Span::new().try_days(days).map_err(|_| out())?;
        let date = self.0.checked_add(span).map_err(|_| out())?;
        Self::try_from(date)
    }

    /// The same day so many months later, or earlier; the last day of the month where that month
    /// is shorter (31 January and one month is 28 or 29 February).
    ///
    /// # Errors
    /// [`DateFault::YearOutOfRange`].
    pub fn add_months(self, months: i32) -> Result<Self, DateFault> {
        let out = || DateFault::YearOutOfRange { year: i64::from(self.year()) + i64::from(months / 12) };
        let span = jiff::Span::new().try_months(months).map_err(|_| out())?;
        let date = self.0.checked_add(span).map_err(|_| out())?;
        Self::try_from(date)
    }

    /// Days from this day to another, negative when the other is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        // Twelve hours cannot be lost: both are days of the same calendar without a time zone.
        self.0.duration_until(other.0).as_hours() / 24
    }

    /// The next day; `None` after 2199-12-31.
    pub fn tomorrow(self) -> Option<Self> {
        self.0.tomorrow().ok().and_then(|date| Self::try_from(date).ok())
    }

    /// The day before; `None` before 1800-01-01.
    pub fn yesterday(self) -> Option<Self> {
        self.0.yesterday().ok().and_then(|date| Self::try_from(date).ok())
    }

    /// As documents write it: `2021年5月20日`.
    pub fn to_zh(self) -> String {
        format!("{}年{}月{}日", self.year(), self.month(), self.day())
    }

    /// The day as jiff has it.
    pub fn to_jiff(self) -> jiff::civil::Date {
        self.0
    }
}

impl PartialDate {
    /// Read a day, a month (`2021年5月`, `2021-05`, `2021.5`) or a year (`2021年`, `2021`), years
    /// 1900 to 2199, in the forms of [`Date::parse`]. Six digits in a row are refused: `200512`
    /// may be a month or a day.
    ///
    /// # Errors
    /// Any [`DateFault`] but `Incomplete` and `ExcelSerial`.
    pub fn parse(text: &str) -> Result<Self, DateFault> {
        read::read(text)
    }

    /// The first day it can mean.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(year) => clamped(year, 1, 1),
            Self::Month { year, month } => clamped(year, month, 1),
            Self::Day(date) => date,
        }
    }

    /// The last day it can mean.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(year) => clamped(year, 12, 31),
            Self::Month { year, month } => {
                let first = clamped(year, month, 1);
                Date(first.0.last_of_month())
            }
            Self::Day(date) => date,
        }
    }

    /// As documents write it: `2021年`, `2021年5月`, `2021年5月20日`.
    pub fn to_zh(self) -> String {
        match self {
            Self::Year(year) => format!("{year}年"),
            Self::Month { year, month } => format!("{year}年{month}月"),
            Self::Day(date) => date.to_zh(),
        }
    }
}

/// The variants are public, so their numbers may be anything: bring them into range.
fn clamped(year: i16, month: i8, day: i8) -> Date {
    let year = year.clamp(FIRST_YEAR, LAST_YEAR);
    Date::new(year, month.clamp(1, 12), day).unwrap_or(Date::MIN)
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => date.fmt(f),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Date {
    type Err = DateFault;

    /// Strict, as [`Date::from_iso`].
    fn from_str(text: &str) -> Result<Self, DateFault> {
        Self::from_iso(text)
    }
}

impl TryFrom<String> for Date {
    type Error = DateFault;

    fn try_from(text: String) -> Result<Self, DateFault> {
        Self::from_iso(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<jiff::civil::Date> for Date {
    type Error = DateFault;

    fn try_from(date: jiff::civil::Date) -> Result<Self, DateFault> {
        Self::new(date.year(), date.month(), date.day())
    }
}

impl From<Date> for jiff::civil::Date {
    fn from(date: Date) -> Self {
        date.0
    }
}
