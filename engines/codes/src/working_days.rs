//! Working days of mainland China, with holidays and make-up days.
//!
//! The State Council announces every autumn which days of the next year are off and which
//! weekend days are worked instead (调休). The built-in data holds 2021 to 2026; a later year
//! counts Monday to Friday and marks the answer provisional.
//!
//! ```
//! use codes::{Calendar, Date};
//!
//! // The supplement is due five working days after Friday 30 April 2021.
//! let due = Calendar::builtin().add(Date::parse("2021-04-30")?, 5)?;
//! assert_eq!(due.date.to_string(), "2021-05-11");
//! assert!(!due.provisional);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::fault::impl_fault;

const BUILTIN: &str = include_str!("../data/working_days.csv");

/// Holidays and make-up days of some years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<Date, SpecialDay>,
    first_year: i16,
    last_year: i16,
}

/// A day that is not what its weekday says, or a weekend day within a holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// Holiday or make-up day.
    pub kind: DayKind,
    /// The holiday it belongs to, such as 春节.
    pub name_zh: String,
}

/// What a special day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Off.
    Holiday,
    /// A Saturday or Sunday that is worked.
    Makeup,
}

/// Whether a day is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// Whether it is a working day.
    pub working: bool,
    /// Whether the year's holidays are not known yet.
    pub provisional: bool,
}

/// The day something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// The day.
    pub date: Date,
    /// Whether a year was counted whose holidays are not known yet: the day may move.
    pub provisional: bool,
}

/// A number of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Count {
    /// Working days.
    pub days: u32,
    /// Whether a year was counted whose holidays are not known yet: the number may change.
    pub provisional: bool,
}

/// Why a question about working days has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// A day before the data begin.
    #[error("{date} is before {first_year}, the first year of the calendar")]
    BeforeData {
        /// The day asked for.
        date: Date,
        /// First year known.
        first_year: i16,
    },
    /// The answer would lie after 2199.
    #[error("{days} working days after {date} is out of range")]
    OutOfRange {
        /// The day counted from.
        date: Date,
        /// Working days.
        days: u32,
    },
    /// The end is before the beginning.
    #[error("{until} is before {from}")]
    Reversed {
        /// Beginning.
        from: Date,
        /// End.
        until: Date,
    },
    /// A line of calendar data that cannot be used.
    #[error("line {line} of the calendar data: {reason}")]
    Data {
        /// Line number from 1, the header being line 1.
        line: usize,
        /// What is wrong: `columns`, `date`, `kind`, `repeated`, `makeup_on_weekday`, `year_gap`,
        /// `empty`.
        reason: &'static str,
    },
}

impl CalendarFault {
    /// Stable code, `working_days.before_data` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BeforeData { .. } => "working_days.before_data",
            Self::OutOfRange { .. } => "working_days.out_of_range",
            Self::Reversed { .. } => "working_days.reversed",
            Self::Data { .. } => "working_days.data",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::BeforeData { date, first_year } => {
                vec![("date", date.to_string()), ("first_year", first_year.to_string())]
            }
            Self::OutOfRange { date, days } => {
                vec![("date", date.to_string()), ("days", days.to_string())]
            }
            Self::Reversed { from, until } => {
                vec![("from", from.to_string()), ("until", until.to_string())]
            }
            Self::Data { line, reason } => {
                vec![("line", line.to_string()), ("reason", (*reason).to_owned())]
            }
        }
    }
}

impl_fault!(CalendarFault);

impl Calendar {
    /// The calendar that comes with the program: 2021 to 2026.
    pub fn builtin() -> &'static Self {
        static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
            // A test parses the embedded text strictly; an empty calendar would still not panic.
            Calendar::from_csv(BUILTIN).unwrap_or(Calendar { days: BTreeMap::new(), first_year: 2021, last_year: 2020 })
        });
        &CALENDAR
    }

    /// Read a calendar: CSV with the header `date,kind,name_zh`, dates as `YYYY-MM-DD`, kind
    /// `holiday` or `makeup`. Years with any special day count as known; there must be no gap
    /// between them.
    ///
    /// # Errors
    /// [`CalendarFault::Data`].
    pub fn from_csv(text: &str) -> Result<Self, CalendarFault> {
        let mut days = BTreeMap::new();
        for (at, line) in text.lines().enumerate().skip(1) {
            let fault = |reason| CalendarFault::Data { line: at + 1, reason };
            if line.trim().is_empty() {
                continue;
            }
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            let [date, kind, name_zh] = fields[..] else {
                return Err(fault("columns"));
            };
            let date = Date::from_iso(date).map_err(|_| fault("date"))?;
            let kind = match kind {
                "holiday" => DayKind::Holiday,
                "makeup" if date.is_weekend() => DayKind::Makeup,
                "makeup" => return Err(fault("makeup_on_weekday")),
                _ => return Err(fault("kind")),
            };
            let day = SpecialDay { kind, name_zh: name_zh.to_owned() };
            if days.insert(date, day).is_some() {
                return Err(fault("repeated"));
            }
        }
        let whole = |reason| CalendarFault::Data { line: 1, reason };
        let first_year = days.keys().next().ok_or_else(|| whole("empty"))?.year();
        let last_year = days.keys().next_back().ok_or_else(|| whole("empty"))?.year();
        let known = |year: i16| days.keys().any(|date| date.year() == year);
        if !(first_year..=last_year).all(known) {
            return Err(whole("year_gap"));
        }
        Ok(Self { days, first_year, last_year })
    }

    /// This calendar with more data, so that an office can add a year when its notice appears.
    /// Days given again replace those known. Reads what [`Calendar::from_csv`] reads.
    ///
    /// # Errors
    /// [`CalendarFault::Data`], also when a year would be left out between the two.
    pub fn extended(&self, csv: &str) -> Result<Self, CalendarFault> {
        let more = Self::from_csv(csv)?;
        if more.first_year > self.last_year + 1 || more.last_year + 1 < self.first_year {
            return Err(CalendarFault::Data { line: 1, reason: "year_gap" });
        }
        let mut extended = self.clone();
        extended.days.extend(more.days);
        extended.first_year = self.first_year.min(more.first_year);
        extended.last_year = self.last_year.max(more.last_year);
        Ok(extended)
    }

    /// First year whose days are known.
    pub fn first_year(&self) -> i16 {
        self.first_year
    }

    /// Last year whose days are known; later ones are provisional.
    pub fn last_year(&self) -> i16 {
        self.last_year
    }

    /// What the notices say of a day; `None` for an ordinary day.
    pub fn special(&self, date: Date) -> Option<&SpecialDay> {
        self.days.get(&date)
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// [`CalendarFault::BeforeData`].
    pub fn is_working_day(&self, date: Date) -> Result<Answer, CalendarFault> {
        if date.year() < self.first_year {
            return Err(CalendarFault::BeforeData { date, first_year: self.first_year });
        }
        Ok(Answer { working: self.works(date), provisional: self.is_provisional(date) })
    }

    /// The day so many working days after a day, which is itself not counted; that day itself for
    /// zero, working or not.
    ///
    /// # Errors
    /// [`CalendarFault::BeforeData`], [`CalendarFault::OutOfRange`] past the year 2199.
    pub fn add(&self, date: Date, working_days: u32) -> Result<Deadline, CalendarFault> {
        self.is_working_day(date)?;
        let mut due = date;
        let mut left = working_days;
        while left > 0 {
            due = due.tomorrow().ok_or(CalendarFault::OutOfRange { date, days: working_days })?;
            left -= u32::from(self.works(due));
        }
        Ok(Deadline { date: due, provisional: self.is_provisional(due) })
    }

    /// The number of working days after `from`, up to and including `until`. The inverse of
    /// [`Calendar::add`] on working days.
    ///
    /// # Errors
    /// [`CalendarFault::BeforeData`], [`CalendarFault::Reversed`].
    pub fn between(&self, from: Date, until: Date) -> Result<Count, CalendarFault> {
        self.is_working_day(from)?;
        if until < from {
            return Err(CalendarFault::Reversed { from, until });
        }
        let mut days = 0;
        let mut day = from;
        while let Some(next) = day.tomorrow().filter(|next| *next <= until) {
            day = next;
            days += u32::from(self.works(day));
        }
        Ok(Count { days, provisional: self.is_provisional(until) })
    }

    fn works(&self, date: Date) -> bool {
        match self.days.get(&date) {
            Some(special) => special.kind == DayKind::Makeup,
            None => !date.is_weekend(),
        }
    }

    /// Time runs forward in every question, so the latest day decides for the whole span.
    fn is_provisional(&self, date: Date) -> bool {
        date.year() > self.last_year
    }
}
