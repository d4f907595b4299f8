//! Unified social credit codes, GB 32100-2015.
//!
//! Eighteen characters: registering department, kind of body, six-digit region, nine-character
//! organisation code (GB 11714-1997, itself ending in a check character), check character.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::fault::impl_fault;
use crate::table::rows;
use crate::text::compact;
use crate::{region, text};

/// The 31 characters of GB 32100, each at its value. I, O, S, V and Z are left out.
pub const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

const LENGTH: usize = 18;
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code whose check character is right, in upper-case half-width form.
///
/// Reads and writes as an 18-character string, in serde too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc([u8; LENGTH]);

/// Why a text is not a unified social credit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccFault {
    /// Not 18 characters after normalising.
    #[error("a unified social credit code has 18 characters, not {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// A character outside the alphabet of 31.
    #[error("character {found:?} at position {position} cannot be in a unified social credit code")]
    Character {
        /// Position counted from 1, after normalising.
        position: usize,
        /// The character found.
        found: char,
    },
    /// The last character does not fit the other 17.
    #[error("the check character should be {expected}, not {found}")]
    Check {
        /// The character that would fit.
        expected: char,
        /// The character found.
        found: char,
    },
    /// A part handed to [`Uscc::compose`] has the wrong length.
    #[error("the {part} needs {expected} characters, not {found}")]
    Part {
        /// `region` or `body`.
        part: &'static str,
        /// Characters needed.
        expected: usize,
        /// Characters found.
        found: usize,
    },
}

impl UsccFault {
    /// Stable code, `uscc.length` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "uscc.length",
            Self::Character { .. } => "uscc.character",
            Self::Check { .. } => "uscc.check",
            Self::Part { .. } => "uscc.part",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Length { found } => vec![("found", found.to_string())],
            Self::Character { position, found } => {
                vec![("position", position.to_string()), ("found", found.to_string())]
            }
            Self::Check { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
            Self::Part { part, expected, found } => {
                vec![("part", (*part).to_owned()), ("expected", expected.to_string()), ("found", found.to_string())]
            }
        }
    }
}

impl_fault!(UsccFault);

/// Something unusual about a code that is nevertheless accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsccNote {
    /// No such registering department, as the first character says.
    UnknownDepartment {
        /// First character.
        department: char,
    },
    /// The department has no such kind of body, as the second character says.
    UnknownKind {
        /// First character.
        department: char,
        /// Second character.
        kind: char,
    },
    /// Characters 3 to 8 are not a present region of GB/T 2260. Abolished regions stay in codes
    /// for good, and invented demonstration enterprises use 120199 on purpose.
    UnknownRegion {
        /// Six characters.
        region: String,
    },
    /// The check character of the inner organisation code (GB 11714) does not fit.
    InnerCheck {
        /// The character that would fit.
        expected: char,
        /// Character 17 of the code.
        found: char,
    },
}

impl UsccNote {
    /// Stable code, `uscc.unknown_region` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownDepartment { .. } => "uscc.unknown_department",
            Self::UnknownKind { .. } => "uscc.unknown_kind",
            Self::UnknownRegion { .. } => "uscc.unknown_region",
            Self::InnerCheck { .. } => "uscc.inner_check",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownDepartment { department } => vec![("department", department.to_string())],
            Self::UnknownKind { department, kind } => {
                vec![("department", department.to_string()), ("kind", kind.to_string())]
            }
            Self::UnknownRegion { region } => vec![("region", region.clone())],
            Self::InnerCheck { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
        }
    }
}

/// A registering department and one kind of body it registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registrar {
    /// First character of the code.
    pub department: char,
    /// Name of the department.
    pub department_zh: &'static str,
    /// Second character of the code.
    pub kind: char,
    /// Name of the kind.
    pub kind_zh: &'static str,
}

impl Uscc {
    /// Read a code. Spaces, hyphens and zero-width characters are dropped, letters become upper
    /// case, full-width characters half-width.
    ///
    /// # Errors
    /// [`UsccFault::Length`], then [`UsccFault::Character`], then [`UsccFault::Check`].
    pub fn parse(text: &str) -> Result<Self, UsccFault> {
        let characters = compact(text);
        if characters.len() != LENGTH {
            return Err(UsccFault::Length { found: characters.len() });
        }
        let mut code = [0; LENGTH];
        let mut values = [0; LENGTH];
        for (at, character) in characters.iter().enumerate() {
            (code[at], values[at]) = byte_and_value(*character, at + 1)?;
        }
        let expected = check_byte(&values[..LENGTH - 1]);
        if code[LENGTH - 1] != expected {
            return Err(UsccFault::Check { expected: char::from(expected), found: char::from(code[LENGTH - 1]) });
        }
        Ok(Self(code))
    }

    /// Build a code from its parts, computing both check characters: `region` has six
    /// characters, `body8` the first eight of the organisation code.
    ///
    /// # Errors
    /// [`UsccFault::Part`] for a wrong length, [`UsccFault::Character`] otherwise.
    pub fn compose(department: char, kind: char, region: &str, body8: &str) -> Result<Self, UsccFault> {
        let (region, body) = (compact(region), compact(body8));
        for (part, expected, found) in [("region", 6, region.len()), ("body", 8, body.len())] {
            if expected != found {
                return Err(UsccFault::Part { part, expected, found });
            }
        }
        let head = [text::half_width(department), text::half_width(kind)];
        let mut code = [0; LENGTH];
        let mut values = [0; LENGTH];
        for (at, character) in head.iter().chain(&region).chain(&body).enumerate() {
            (code[at], values[at]) = byte_and_value(character.to_ascii_uppercase(), at + 1)?;
        }
        code[16] = inner_check_byte(&code[8..16]);
        (_, values[16]) = byte_and_value(char::from(code[16]), 17)?;
        code[17] = check_byte(&values[..17]);
        Ok(Self(code))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII of the alphabet is ever stored, so the default cannot be met.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// First character: the registering department.
    pub fn department(&self) -> char {
        char::from(self.0[0])
    }

    /// Second character: the kind of body.
    pub fn kind(&self) -> char {
        char::from(self.0[1])
    }

    /// Department and kind with their names; `None` when the pair is not in the list.
    pub fn registrar(&self) -> Option<&'static Registrar> {
        REGISTRARS.get(&(self.department(), self.kind()))
    }

    /// Chinese name of the department; `None` when it is not in the list.
    pub fn department_zh(&self) -> Option<&'static str> {
        REGISTRARS
            .values()
            .find(|registrar| registrar.department == self.department())
            .map(|registrar| registrar.department_zh)
    }

    /// Chinese name of the kind of body; `None` when it is not in the list.
    pub fn kind_zh(&self) -> Option<&'static str> {
        self.registrar().map(|registrar| registrar.kind_zh)
    }

    /// Characters 3 to 8: the region of registration, GB/T 2260.
    pub fn region_code(&self) -> &str {
        &self.as_str()[2..8]
    }

    /// Characters 9 to 17: the organisation code, GB 11714, without a hyphen.
    pub fn organization_code(&self) -> &str {
        &self.as_str()[8..17]
    }

    /// What is unusual about the code. Empty for an ordinary one.
    pub fn notes(&self) -> Vec<UsccNote> {
        let mut notes = Vec::new();
        let (department, kind) = (self.department(), self.kind());
        if self.department_zh().is_none() {
            notes.push(UsccNote::UnknownDepartment { department });
        } else if self.registrar().is_none() {
            notes.push(UsccNote::UnknownKind { department, kind });
        }
        // 100000 is the whole state: bodies registered by the central authorities.
        if self.region_code() != "100000" && region::region(self.region_code()).is_none() {
            notes.push(UsccNote::UnknownRegion { region: self.region_code().to_owned() });
        }
        let expected = inner_check_byte(&self.0[8..16]);
        if expected != self.0[16] {
            notes.push(UsccNote::InnerCheck { expected: char::from(expected), found: char::from(self.0[16]) });
        }
        notes
    }
}

/// The known registrars in list order.
pub fn registrars() -> impl Iterator<Item = Registrar> {
    registrar_rows().filter_map(|row| {
        let [department, department_zh, kind, kind_zh] = row;
        Some(Registrar { department: department.chars().next()?, department_zh, kind: kind.chars().next()?, kind_zh })
    })
}

pub(crate) fn registrar_rows() -> impl Iterator<Item = [&'static str; 4]> {
    rows(include_str!("../data/uscc_registrar.csv"))
}

static REGISTRARS: LazyLock<HashMap<(char, char), Registrar>> =
    LazyLock::new(|| registrars().map(|registrar| ((registrar.department, registrar.kind), registrar)).collect());

fn byte_and_value(found: char, position: usize) -> Result<(u8, u32), UsccFault> {
    ALPHABET
        .bytes()
        .zip(0..)
        .find(|(byte, _)| char::from(*byte) == found)
        .ok_or(UsccFault::Character { position, found })
}

/// GB 32100: the weighted sum of all 18 values is a multiple of 31.
fn check_byte(values: &[u32]) -> u8 {
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let check = (31 - sum % 31) % 31;
    ALPHABET.as_bytes()[check as usize]
}

/// GB 11714: values 0 to 9 and A = 10 to Z = 35, modulo 11, with X for 10.
fn inner_check_byte(body: &[u8]) -> u8 {
    let sum: u32 =
        body.iter().zip(INNER_WEIGHTS).map(|(byte, weight)| char::from(*byte).to_digit(36).unwrap_or(0) * weight).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b"0123456789"[digit as usize],
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uscc({})", self.as_str())
    }
}

impl FromStr for Uscc {
    type Err = UsccFault;

    fn from_str(text: &str) -> Result<Self, UsccFault> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Uscc {
    type Error = UsccFault;

    fn try_from(text: String) -> Result<Self, UsccFault> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(uscc: Uscc) -> Self {
        uscc.as_str().to_owned()
    }
}

impl AsRef<str> for Uscc {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
