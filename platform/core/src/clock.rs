//! Time: instants are microseconds in UTC, shown in Asia/Shanghai. A use case asks the clock it was
//! given, so that tests can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use codes::date::Date;
use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z, as both databases keep it (BIGINT).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// China has had one zone without summer time since 1991; every date shown here is later.
const SHANGHAI: jiff::tz::Offset = jiff::tz::offset(8);

impl Instant {
    /// Later by so many seconds.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Seconds from `earlier` to this instant; negative if it is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }

    /// The calendar date in China.
    pub fn date(self) -> Date {
        Date::try_from(self.civil().date()).unwrap_or(Date::MIN)
    }

    /// `2021-06-18 14:03` in China.
    pub fn to_minute(self) -> String {
        self.civil().strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// RFC 3339 in China's offset: `2021-06-18T14:03:09+08:00`.
    pub fn to_rfc3339(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
    }

    /// The instant at which a date begins in China.
    pub fn start_of(date: Date) -> Self {
        let midnight = date.to_jiff().at(0, 0, 0, 0);
        let timestamp = SHANGHAI.to_timestamp(midnight).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Self(timestamp.as_microsecond())
    }

    fn civil(self) -> jiff::civil::DateTime {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        SHANGHAI.to_datetime(timestamp)
    }
}

/// The time now: the machine's, or one that a test holds.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
    /// Microseconds by which the machine's clock is taken to be wrong.
    wrong_by: i64,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands until it is moved.
    pub fn at(instant: Instant) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(instant.0))), wrong_by: 0 }
    }

    /// The clock of a machine that is ahead by so many seconds, or behind: to test what must not hang on one machine's.
    pub fn wrong_by(seconds: i64) -> Self {
        Self { fixed: None, wrong_by: seconds * 1_000_000 }
    }

    /// Moves a standing clock; the machine's clock does not move.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// Whether a test holds it.
    pub fn is_held(&self) -> bool {
        self.fixed.is_some()
    }

    /// Now.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> Instant {
        match &self.fixed {
            Some(fixed) => Instant(fixed.load(Ordering::SeqCst)),
            None => {
                let elapsed =
                    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_micros() as i64);
                Instant(elapsed + self.wrong_by)
            }
        }
    }

    /// Today in China.
    pub fn today(&self) -> Date {
        self.now().date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_shows_in_chinas_time() {
        let instant = Instant(1_623_996_189_000_000); // 2021-06-18T06:03:09Z
        assert_eq!(instant.to_rfc3339(), "2021-06-18T14:03:09+08:00");
        assert_eq!(instant.to_minute(), "2021-06-18 14:03");
    }

    #[test]
    fn a_date_begins_at_sixteen_hours_utc_of_the_day_before() {
        let date = Date::new(2024, 2, 29).unwrap();
        let start = Instant::start_of(date);
        assert_eq!(start.to_rfc3339(), "2024-02-29T00:00:00+08:00");
        assert_eq!(start.date(), date);
        assert_eq!(start.plus_seconds(-1).to_rfc3339(), "2024-02-28T23:59:59+08:00");
    }
}
