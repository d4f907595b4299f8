//! Roles and permissions. A role is (person, role, organisation, period); a permission says which
//! roles hold it and how far each of them reaches. Both are fixed words in code: what an instance
//! decides is who has which role, not what a role means.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, OrganizationId, PersonId};

/// A role, in the fixed words of the command line and the API.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs an alliance day by day (秘书处).
    Secretariat,
    /// Runs a park (园区运营方).
    ParkOperator,
    /// An official of a district office (区办).
    DistrictOfficer,
    /// Answers for an enterprise's file (企业管理员).
    EnterpriseAdmin,
    /// Acts for an enterprise within limits (企业经办人).
    EnterpriseHandler,
    /// Scores in a contest (评委).
    Judge,
    /// Watches over procedures (监督组).
    Supervisor,
    /// A person with a profile of their own (人才).
    Talent,
    /// A partner alliance (伙伴联盟).
    Partner,
    /// Runs the instance (系统管理员).
    SystemAdmin,
    /// Gives roles and sets security rules (安全管理员).
    SecurityAdmin,
    /// Reads the record of what was done (审计管理员).
    AuditAdmin,
}

impl Role {
    /// Every role, in the order in which screens list them.
    pub const ALL: [Self; 12] = [
        Self::Secretariat,
        Self::ParkOperator,
        Self::DistrictOfficer,
        Self::EnterpriseAdmin,
        Self::EnterpriseHandler,
        Self::Judge,
        Self::Supervisor,
        Self::Talent,
        Self::Partner,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// Whether it is one of the three that one person may not hold together: who runs the system, who gives the
    /// rights, who reads what was done (三员分立, GB/T 22239-2019 8.1.5).
    pub fn is_separated(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }

    /// The fixed word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Secretariat => "secretariat",
            Self::ParkOperator => "park_operator",
            Self::DistrictOfficer => "district_officer",
            Self::EnterpriseAdmin => "enterprise_admin",
            Self::EnterpriseHandler => "enterprise_handler",
            Self::Judge => "judge",
            Self::Supervisor => "supervisor",
            Self::Talent => "talent",
            Self::Partner => "partner",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
        }
    }

    /// The key of its name in the locales.
    pub fn message_key(self) -> String {
        format!("role-{}", self.code().replace('_', "-"))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Role {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|role| role.code() == text).ok_or_else(|| Error::field("role", "core.role"))
    }
}

/// A kind of business that a handler of an organisation may be given alone (经办范围).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// Keeping the file: facts, contacts, documents.
    File,
    /// Answering notices and reporting tasks.
    Reply,
    /// Applying for what is open.
    Apply,
}

impl Matter {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::File, Self::Reply, Self::Apply];

    /// The fixed word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Reply => "reply",
            Self::Apply => "apply",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::File => 1,
            Self::Reply => 2,
            Self::Apply => 4,
        }
    }
}

/// The kinds of business that a hat was given for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Matters(u8);

impl Matters {
    /// Everything, also what is none of these kinds.
    pub const ALL: Self = Self(u8::MAX);

    /// These kinds only.
    pub fn of(matters: impl IntoIterator<Item = Matter>) -> Self {
        Self(matters.into_iter().fold(0, |bits, matter| bits | matter.bit()))
    }

    /// Reads the words that [`Matters::to_string`] writes; words not known are left out, which gives less, not more.
    pub fn parse(text: &str) -> Self {
        Self::of(Matter::ALL.into_iter().filter(|matter| text.split(',').any(|word| word.trim() == matter.code())))
    }

    /// Whether a kind is among them.
    pub fn include(self, matter: Matter) -> bool {
        self.0 & matter.bit() != 0
    }

    /// The kinds, unless everything is meant.
    pub fn limited(self) -> Option<Vec<Matter>> {
        (self != Self::ALL).then(|| Matter::ALL.into_iter().filter(|matter| self.0 & matter.bit() != 0).collect())
    }

    /// Whether a permission is among them. One that belongs to no kind of business goes with the role.
    pub fn cover(self, permission: &Permission) -> bool {
        permission.matter.is_none_or(|matter| self.0 & matter.bit() != 0)
    }
}

impl fmt::Display for Matters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.limited().unwrap_or_default().into_iter().map(Matter::code).collect();
        f.write_str(&words.join(","))
    }
}

/// How far a permission reaches for one role.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Reach {
    /// Only the actor themselves: their own person.
    Own,
    /// The subject that is the hat's own organisation.
    Subject,
    /// Everything whose owning organisation is the hat's organisation.
    Owned,
    /// Everything in the instance.
    All,
}

/// A permission: a stable code and who holds it how far. Declared as constants by each module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Permission {
    /// Such as `registry.organization.edit`.
    pub code: &'static str,
    /// Open to everybody, signed in or not.
    pub public: bool,
    /// Open to everybody who is signed in, whatever their hat.
    pub signed_in: bool,
    /// The roles that hold it.
    pub holders: &'static [(Role, Reach)],
    /// The kind of business it belongs to, where handlers may be given that alone.
    pub matter: Option<Matter>,
    /// Only for a person at the browser; never for a program with a token.
    pub in_person: bool,
}

impl Permission {
    /// Held by roles.
    pub const fn roles(code: &'static str, holders: &'static [(Role, Reach)]) -> Self {
        Self { code, public: false, signed_in: false, holders, matter: None, in_person: false }
    }

    /// Open to everybody.
    pub const fn public(code: &'static str) -> Self {
        Self { code, public: true, signed_in: true, holders: &[], matter: None, in_person: false }
    }

    /// Open to everybody who is signed in.
    pub const fn signed_in(code: &'static str) -> Self {
        Self { code, public: false, signed_in: true, holders: &[], matter: None, in_person: false }
    }

    /// Belonging to a kind of business.
    pub const fn on(self, matter: Matter) -> Self {
        Self { matter: Some(matter), ..self }
    }

    /// Only for a person at the browser.
    pub const fn for_people(self) -> Self {
        Self { in_person: true, ..self }
    }

    /// The module's prefix of the code: the area that a token names.
    pub fn area(&self) -> &'static str {
        self.code.split_once('.').map_or(self.code, |(area, _)| area)
    }

    /// How far a role reaches with this permission.
    pub fn reach_of(&self, role: Role) -> Option<Reach> {
        self.holders.iter().filter(|(holder, _)| *holder == role).map(|(_, reach)| *reach).max()
    }
}

/// What a permission is asked about: who owns the thing, and whose it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Organisations that own the thing or share in keeping it.
    pub owners: Vec<OrganizationId>,
    /// The organisation that the thing is about.
    pub subject: Option<OrganizationId>,
    /// The person that the thing is about.
    pub person: Option<PersonId>,
}

impl Scope {
    /// Something that concerns the whole instance.
    pub fn instance() -> Self {
        Self::default()
    }

    /// Something owned by an organisation.
    pub fn owned_by(owner: OrganizationId) -> Self {
        Self { owners: vec![owner], ..Self::default() }
    }

    /// Something about an organisation, kept by owners.
    pub fn about(subject: OrganizationId, owners: Vec<OrganizationId>) -> Self {
        Self { owners, subject: Some(subject), person: None }
    }
}
