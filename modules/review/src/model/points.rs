//! Points, exactly.

use std::fmt;
use std::str::FromStr;

use jinmen_core::{Error, Fault};
use ranking::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Points in ten-thousandths: marks of two places weighted in percent stay whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Points(pub i64);

impl Points {
    /// So many whole points.
    pub const fn whole(points: i64) -> Self {
        Self(points * 10_000)
    }

    /// Reads what somebody typed: digits of whatever width, at most two places.
    ///
    /// # Errors
    /// `review.mark` in the field.
    pub fn typed(field: &str, text: &str) -> Result<Self, Fault> {
        let plain: String = text.trim().chars().map(half_width).collect();
        let places = plain.split_once('.').map_or(0, |(_, part)| part.len());
        match plain.parse::<Self>() {
            Ok(points) if places <= 2 && points.0 >= 0 => Ok(points),
            _ => Err(Fault::at(field, "review.mark")),
        }
    }

    /// With so many places, for screens and papers; what is there has no more.
    pub fn fixed(self, digits: u32) -> String {
        let text = self.to_string();
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        if digits == 0 && part.is_empty() {
            return whole.to_owned();
        }
        format!("{whole}.{part:0<width$}", width = digits as usize)
    }

    /// As the ranking engine computes with it.
    pub fn decimal(self) -> Decimal {
        self.to_string().parse().unwrap_or_else(|_| Decimal::whole(0))
    }
}

/// Digits and points of Chinese input methods as plain ones.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' | '。' => '.',
        other => other,
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 10_000, self.0.unsigned_abs() % 10_000);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:04}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

impl FromStr for Points {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::from(Fault::new("review.mark"));
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = rest.split_once('.').unwrap_or((rest, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 9 || part.len() > 4 {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let part: i64 = format!("{part:0<4}").parse().map_err(|_| wrong())?;
        let units = whole * 10_000 + part;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom(format!("{text:?} are no points")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_written_without_losing_a_digit() {
        for text in ["0", "89.37", "100", "0.0001", "-3.5", "999999999.9999"] {
            assert_eq!(text.parse::<Points>().unwrap().to_string(), text);
        }
        assert_eq!("89.50".parse::<Points>().unwrap().to_string(), "89.5");
        for wrong in ["", ".", "1.", "1.23456", "1e3", "--1", "9999999999", "８"] {
            assert!(wrong.parse::<Points>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_phone_types_is_understood_and_a_third_place_is_not() {
        assert_eq!(Points::typed("m", " ８９。５ ").unwrap(), Points(895_000));
        for wrong in ["89.375", "-1", "abc", ""] {
            assert_eq!(Points::typed("m", wrong).unwrap_err().code, "review.mark");
        }
        assert_eq!(Points(895_000).fixed(2), "89.50");
        assert_eq!(Points(900_000).fixed(2), "90.00");
        assert_eq!(Points(900_000).fixed(0), "90");
    }
}
