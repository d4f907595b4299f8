//! Mobile numbers of mainland China.
//!
//! Eleven digits: 1, then 3 to 9, then nine more. Which operator holds a prefix changes too often
//! to be checked here.

use std::fmt;
use std::str::FromStr;

use crate::fault::impl_fault;
use crate::text::compact;

const LENGTH: usize = 11;

/// A mobile number of mainland China. Shown masked (`138****5678`); [`MobileNumber::expose`] gives
/// the digits. Not serialisable, so that it cannot leave by accident.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MobileNumber(String);

/// Why a text is not a mobile number of mainland China. Never holds the number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MobileFault {
    /// Not 11 digits after the country prefix.
    #[error("a mobile number has 11 digits, not {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// Something other than a digit.
    #[error("the character at position {position} is not a digit")]
    Character {
        /// Position counted from 1, after normalising and without the country prefix.
        position: usize,
    },
    /// Does not begin with 13 to 19.
    #[error("a mobile number of mainland China begins with 13 to 19")]
    Prefix,
}

impl MobileFault {
    /// Stable code, `mobile.length` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "mobile.length",
            Self::Character { .. } => "mobile.character",
            Self::Prefix => "mobile.prefix",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Length { found } => vec![("found", found.to_string())],
            Self::Character { position } => vec![("position", position.to_string())],
            Self::Prefix => Vec::new(),
        }
    }
}

impl_fault!(MobileFault);

impl MobileNumber {
    /// Read a number with or without `+86`, `0086` or `86` before it, with spaces, hyphens,
    /// round brackets and full-width digits.
    ///
    /// # Errors
    /// [`MobileFault::Character`], then [`MobileFault::Length`], then [`MobileFault::Prefix`].
    pub fn parse(text: &str) -> Result<Self, MobileFault> {
        let all: String = compact(text).into_iter().filter(|c| !matches!(c, '(' | ')')).collect();
        let long = all.chars().count() > LENGTH;
        let digits = match all.strip_prefix("+86").or_else(|| all.strip_prefix("0086")) {
            Some(rest) => rest,
            None if long => all.strip_prefix("86").unwrap_or(&all),
            None => &all,
        };
        if let Some(at) = digits.chars().position(|character| !character.is_ascii_digit()) {
            return Err(MobileFault::Character { position: at + 1 });
        }
        if digits.len() != LENGTH {
            return Err(MobileFault::Length { found: digits.len() });
        }
        if !(digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')) {
            return Err(MobileFault::Prefix);
        }
        Ok(Self(digits.to_owned()))
    }

    /// The 11 digits. Whoever calls this answers for where they go.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first three and the last four digits around four stars.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl fmt::Display for MobileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for MobileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MobileNumber({})", self.masked())
    }
}

impl FromStr for MobileNumber {
    type Err = MobileFault;

    fn from_str(text: &str) -> Result<Self, MobileFault> {
        Self::parse(text)
    }
}
