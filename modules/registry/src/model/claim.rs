//! Taking over a file (认领): letters, claims and their states.

use std::fmt;

use jinmen_core::codes::Uscc;
use jinmen_core::{AccountId, Date, Fault, Faults, GrantId, Instant, OrganizationId, PersonId, Result, Text2, id};
use serde::{Deserialize, Serialize};

use super::{NAME_MOST, NOTE_MOST, line, required};

id!(
    /// A claim to a file.
    ClaimId
);
id!(
    /// A letter that invites to claim a file.
    LetterId
);
store::arg_id!(ClaimId, LetterId);

/// A role taken over by a claim lasts so many days at most; then the authorisation is shown again.
pub const LONGEST_DAYS: i64 = 3 * 366;

/// The code of a letter: twelve signs of Crockford's alphabet, 60 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterCode(String);

impl LetterCode {
    const ALPHABET: &'static [u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// The code of so many random bits; the lowest 60 count.
    pub fn from_bits(bits: u64) -> Self {
        Self((0..12).map(|at| char::from(Self::ALPHABET[(bits >> (5 * at) & 31) as usize])).collect())
    }

    /// Reads a code as people type it: in any case, with or without hyphens, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Option<Self> {
        let sign = |c: char| match jinmen_core::codes::text::half_width(c).to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let code: String = text.chars().take(64).map(sign).filter(|c| !c.is_whitespace() && *c != '-').collect();
        let fits = code.len() == 12 && code.bytes().all(|b| Self::ALPHABET.contains(&b));
        fits.then_some(Self(code))
    }

    /// The twelve signs.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LetterCode {
    /// As it is printed: `7K2M-4QXF-90TA`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

/// A letter as it is printed.
pub struct Letter {
    /// Its identifier.
    pub id: LetterId,
    /// The organisation whose file it is about.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Text2,
    /// The organisation that keeps the file until then.
    pub keeper: Option<OrganizationId>,
    /// The code, where the reader may have it.
    pub code: Option<LetterCode>,
    /// Until when.
    pub expires_at: Instant,
    /// Used or replaced.
    pub ended: bool,
}

/// What a claim is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Nobody acts for the organisation yet.
    TakeOver,
    /// Somebody acts for it already, and another says that it is their turn: the former authorisations end.
    Transfer,
    /// The legal representative changed: the former authorisations end.
    Representative,
}

impl ClaimKind {
    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::TakeOver => "take_over",
            Self::Transfer => "transfer",
            Self::Representative => "representative",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::TakeOver, Self::Transfer, Self::Representative].into_iter().find(|kind| kind.code() == code)
    }

    /// Whether those who act for the organisation stop doing so when it is granted.
    pub fn ends_others(self) -> bool {
        self != Self::TakeOver
    }
}

/// How a claim stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// Being filled in.
    Draft,
    /// Waiting to be checked.
    Submitted,
    /// To be mended by the claimant.
    Returned,
    /// Granted.
    Approved,
    /// Refused.
    Rejected,
    /// Taken back by the claimant.
    Withdrawn,
    /// Granted by mistake and taken back.
    Released,
}

impl ClaimState {
    /// All of them, in the order of their life.
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Submitted, Self::Returned, Self::Approved, Self::Rejected, Self::Withdrawn, Self::Released];

    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Released => "released",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether the claimant may still change it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::Returned)
    }

    /// Whether the claimant fills it in.
    pub fn is_with_claimant(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }
}

/// A claim.
#[derive(Clone, PartialEq, Debug)]
pub struct Claim {
    /// Its identifier.
    pub id: ClaimId,
    /// Its readable number.
    pub number: String,
    /// The organisation whose file is claimed.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: Text2,
    /// The organisation that keeps the file and checks the claim.
    pub keeper: Option<OrganizationId>,
    /// Whether it was made with a letter.
    pub by_letter: bool,
    /// What it is about.
    pub kind: ClaimKind,
    /// The claimant's account.
    pub account: AccountId,
    /// The claimant.
    pub person: PersonId,
    /// The claimant's name.
    pub claimant_name: String,
    /// `representative` or `authorised`.
    pub claimant_role: String,
    /// The code the claimant typed.
    pub uscc: String,
    /// The legal representative the claimant named.
    pub representative: String,
    /// The last day of the authorisation.
    pub valid_until: Option<Date>,
    /// What the claimant adds.
    pub note: String,
    /// How it stands.
    pub state: ClaimState,
    /// Why it was decided so.
    pub opinion: String,
    /// One person decided it because there is no other.
    pub alone: bool,
    /// The role that was given.
    pub grant: Option<GrantId>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was sent.
    pub submitted_at: Option<Instant>,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Who decided it.
    pub decided_name: String,
}

/// What a claimant sends in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClaimDraft {
    /// The claimant's own name.
    pub name: String,
    /// `representative` or `authorised`.
    pub role: String,
    /// The organisation's social credit code.
    pub uscc: String,
    /// The legal representative.
    pub representative: String,
    /// The last day of the authorisation.
    pub valid_until: String,
    /// For a file that is claimed already: `transfer` or `representative`.
    pub kind: String,
    /// Anything else.
    pub note: String,
}

/// A claim ready to be sent in.
#[derive(Clone, Debug)]
pub struct CheckedClaim {
    /// The claimant's own name.
    pub name: String,
    /// Whether the claimant is the legal representative.
    pub is_representative: bool,
    /// The organisation's social credit code.
    pub uscc: Uscc,
    /// The legal representative.
    pub representative: String,
    /// The last day of the authorisation.
    pub valid_until: Date,
    /// Anything else.
    pub note: String,
}

impl ClaimDraft {
    /// Checks everything and names every fault.
    pub fn parse(&self, today: Date) -> Result<CheckedClaim> {
        let mut faults = Faults::new();
        let name = faults.take(required("name", &self.name, 60));
        let role = match self.role.as_str() {
            "representative" => Some(true),
            "authorised" => Some(false),
            _ => faults.take(Err(Fault::at("role", "core.required"))),
        };
        let uscc = faults.take(Uscc::parse(&self.uscc).map_err(|fault| Fault::of("uscc", &fault)));
        let representative = faults.take(required("representative", &self.representative, NAME_MOST));
        let note = faults.take(line("note", &self.note, NOTE_MOST)).flatten();
        let valid_until = faults.take(self.until(today));
        match (name, role, uscc, representative, valid_until) {
            (Some(name), Some(is_representative), Some(uscc), Some(representative), Some(valid_until))
                if faults.is_empty() =>
            {
                Ok(CheckedClaim {
                    name,
                    is_representative,
                    uscc,
                    representative,
                    valid_until,
                    note: note.unwrap_or_default(),
                })
            }
            _ => faults.check().and(Err(Fault::new("core.required").into())),
        }
    }

    /// The last day: after today, and not further off than an authorisation lasts.
    fn until(&self, today: Date) -> Result<Date, Fault> {
        if self.valid_until.trim().is_empty() {
            return Err(Fault::at("valid_until", "core.required"));
        }
        let until = Date::parse(&self.valid_until).map_err(|fault| Fault::of("valid_until", &fault))?;
        match today.days_until(until) {
            days if days < 1 => Err(Fault::at("valid_until", "registry.claim_until_past")),
            days if days > LONGEST_DAYS => Err(Fault::at("valid_until", "registry.claim_until_far")),
            _ => Ok(until),
        }
    }
}

/// How far an alliance has come with its members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ClaimProgress {
    /// Members.
    pub members: i64,
    /// Of these, those who act for their own file.
    pub claimed: i64,
    /// Claims that wait to be checked.
    pub waiting: i64,
    /// Claims that are being filled in or mended.
    pub begun: i64,
    /// Members who have a letter and did nothing yet.
    pub invited: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_people_type_it() {
        let code = LetterCode::from_bits(0x0123_4567_89ab_cdef);
        let printed = code.to_string();
        assert_eq!(printed.len(), 14);
        for typed in [printed.clone(), printed.to_lowercase(), printed.replace('-', ""), printed.replace('-', " ")] {
            assert!(LetterCode::parse(&typed).is_some_and(|read| read == code), "{typed}");
        }
        assert_eq!(LetterCode::parse("OIL0-1111-2222").unwrap().expose(), "011011112222");
        for wrong in ["", "ABC", "7K2M-4QXF-90T", "7K2M-4QXF-90TU", "7K2M-4QXF-90TAA", "七K2M-4QXF-90TA"] {
            assert!(LetterCode::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_authorisation_ends_after_today_and_within_three_years() {
        let today = Date::new(2026, 6, 18).unwrap();
        let until = |day: &str| {
            let draft = ClaimDraft { valid_until: day.into(), ..ClaimDraft::default() };
            draft.until(today).map_err(|fault| fault.code)
        };
        assert_eq!(until(""), Err("core.required".into()));
        assert_eq!(until("2026-06-18"), Err("registry.claim_until_past".into()));
        assert!(until("2026-06-19").is_ok());
        assert_eq!(until("2031-01-01"), Err("registry.claim_until_far".into()));
    }
}
