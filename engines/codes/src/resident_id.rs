//! Resident identity numbers, GB 11643-1999.
//!
//! Eighteen characters: six-digit region of first registration, birth date, three-digit sequence
//! (odd for men), check character. Residence permits of Hong Kong, Macau and Taiwan people and the
//! permanent resident cards of foreigners use the same frame and check.
//!
//! The first six digits are never compared with the region list: people keep the number given in
//! a region that has since been abolished (120107, 120221).

use std::fmt;

use crate::date::Date;
use crate::fault::impl_fault;
use crate::text::compact;

const LENGTH: usize = 18;
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// A resident identity number whose birth date and check character are right.
///
/// `Display` and `Debug` are masked (`110105********002X`); [`ResidentId::expose`] gives the
/// number. Not serialisable, so that it cannot leave by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId {
    number: String,
    birth: Date,
}

/// Whose number it is, by its first digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResidentIdKind {
    /// Resident identity card of the mainland.
    Resident,
    /// Residence permit of a Hong Kong resident (81).
    HongKong,
    /// Residence permit of a Macau resident (82).
    Macau,
    /// Residence permit of a Taiwan resident (83).
    Taiwan,
    /// Permanent resident card of a foreigner (9).
    ForeignPermanentResident,
}

/// Why a text is not a resident identity number. Never holds the number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdFault {
    /// Not 18 characters after normalising.
    #[error("a resident identity number has 18 characters, not {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// The old form of 15 digits, out of use since 2013.
    #[error("the 15-digit form of the resident identity number is no longer in use")]
    OldForm,
    /// Something other than a digit, or than a digit or X at the end.
    #[error("the character at position {position} cannot be in a resident identity number")]
    Character {
        /// Position counted from 1, after normalising.
        position: usize,
    },
    /// Digits 7 to 14 are no day of the calendar.
    #[error("the birth date in the resident identity number does not exist")]
    BirthDate,
    /// Digits 7 to 14 are a day after today.
    #[error("the birth date in the resident identity number is in the future")]
    FutureBirthDate,
    /// The last character does not fit the other 17.
    #[error("the check character of the resident identity number does not fit")]
    Check,
    /// A part handed to [`ResidentId::compose`] has the wrong shape.
    #[error("the {part} of a resident identity number has the wrong shape")]
    Part {
        /// `region` or `sequence`.
        part: &'static str,
    },
}

impl ResidentIdFault {
    /// Stable code, `resident_id.length` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "resident_id.length",
            Self::OldForm => "resident_id.old_form",
            Self::Character { .. } => "resident_id.character",
            Self::BirthDate => "resident_id.birth_date",
            Self::FutureBirthDate => "resident_id.future_birth_date",
            Self::Check => "resident_id.check",
            Self::Part { .. } => "resident_id.part",
        }
    }

    /// Values for a translated sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Length { found } => vec![("found", found.to_string())],
            Self::Character { position } => vec![("position", position.to_string())],
            Self::Part { part } => vec![("part", (*part).to_owned())],
            Self::OldForm | Self::BirthDate | Self::FutureBirthDate | Self::Check => Vec::new(),
        }
    }
}

impl_fault!(ResidentIdFault);

impl ResidentId {
    /// Read a number; `today` is the day a birth date must not be after. Spaces, hyphens and
    /// zero-width characters are dropped, `x` becomes `X`, full-width characters half-width.
    ///
    /// # Errors
    /// In this order: length (or the old form), characters, birth date, check character.
    pub fn parse(text: &str, today: Date) -> Result<Self, ResidentIdFault> {
        let characters = compact(text);
        if characters.len() == 15 && characters.iter().all(char::is_ascii_digit) {
            return Err(ResidentIdFault::OldForm);
        }
        if characters.len() != LENGTH {
            return Err(ResidentIdFault::Length { found: characters.len() });
        }
        let mut digits = [0; LENGTH - 1];
        for (at, character) in characters.iter().enumerate() {
            match (character.to_digit(10), at) {
                (Some(digit), 0..=16) => digits[at] = digit,
                (Some(_), _) => {}
                (None, 17) if *character == 'X' => {}
                (None, _) => return Err(ResidentIdFault::Character { position: at + 1 }),
            }
        }
        let birth = birth_date(&digits).ok_or(ResidentIdFault::BirthDate)?;
        if birth > today {
            return Err(ResidentIdFault::FutureBirthDate);
        }
        if characters[LENGTH - 1] != check(&digits) {
            return Err(ResidentIdFault::Check);
        }
        Ok(Self { number: characters.into_iter().collect(), birth })
    }

    /// Build a number from a six-digit region, a birth date and a sequence of at most three
    /// digits, computing the check character.
    ///
    /// # Errors
    /// [`ResidentIdFault::Part`].
    pub fn compose(region6: &str, birth: Date, sequence: u16) -> Result<Self, ResidentIdFault> {
        if region6.len() != 6 || !region6.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ResidentIdFault::Part { part: "region" });
        }
        if sequence > 999 {
            return Err(ResidentIdFault::Part { part: "sequence" });
        }
        let (year, month, day) = (birth.year(), birth.month(), birth.day());
        let mut number = format!("{region6}{year:04}{month:02}{day:02}{sequence:03}");
        let mut digits = [0; LENGTH - 1];
        for (digit, character) in digits.iter_mut().zip(number.chars()) {
            *digit = character.to_digit(10).unwrap_or(0);
        }
        number.push(check(&digits));
        Ok(Self { number, birth })
    }

    /// The 18 characters. Whoever calls this answers for where they go.
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The first six and the last four characters around eight stars.
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.number[..6], &self.number[14..])
    }

    /// Birth date, digits 7 to 14.
    pub fn birth_date(&self) -> Date {
        self.birth
    }

    /// Whether the sequence is odd, which it is for men.
    pub fn is_male(&self) -> bool {
        self.number.as_bytes()[16] % 2 == 1
    }

    /// Whole years of age on a date, 0 before the birth. Someone born on 29 February turns a year
    /// older on 1 March in a common year.
    pub fn age_on(&self, date: Date) -> u16 {
        let birthday_to_come = (date.month(), date.day()) < (self.birth.month(), self.birth.day());
        let years = date.year() - self.birth.year() - i16::from(birthday_to_come);
        u16::try_from(years).unwrap_or(0)
    }

    /// Whether the person is under 18 on a date (Civil Code, article 17).
    pub fn is_minor_on(&self, date: Date) -> bool {
        self.age_on(date) < 18
    }

    /// Whose number it is.
    pub fn kind(&self) -> ResidentIdKind {
        match &self.number.as_bytes()[..2] {
            [b'9', _] => ResidentIdKind::ForeignPermanentResident,
            b"81" => ResidentIdKind::HongKong,
            b"82" => ResidentIdKind::Macau,
            b"83" => ResidentIdKind::Taiwan,
            _ => ResidentIdKind::Resident,
        }
    }
}

fn birth_date(digits: &[u32; LENGTH - 1]) -> Option<Date> {
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0_u32, |number, digit| number * 10 + digit);
    let year = i16::try_from(number(6, 10)).ok()?;
    let month = i8::try_from(number(10, 12)).ok()?;
    let day = i8::try_from(number(12, 14)).ok()?;
    Date::new(year, month, day).ok()
}

/// ISO 7064 MOD 11-2, as GB 11643 uses it.
fn check(digits: &[u32; LENGTH - 1]) -> char {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    char::from(CHECKS[(sum % 11) as usize])
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}
