//! What a program may do in somebody's place: areas, each read only or also written.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Permission};

/// The word for every area.
pub const EVERY: &str = "*";

/// One area of what a program may do, written `registry:read` or `registry:write`; to write is to read as well.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Area {
    /// The module's prefix of permissions, or [`EVERY`].
    pub name: String,
    /// Whether things may be changed there.
    pub write: bool,
}

impl Area {
    fn includes(&self, permission: &Permission) -> bool {
        self.name == EVERY || self.name == permission.area()
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, if self.write { "write" } else { "read" })
    }
}

impl FromStr for Area {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::field("scopes", "core.choice");
        let (name, kind) = text.split_once(':').ok_or_else(wrong)?;
        let known = name == EVERY || (!name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        match kind {
            "read" if known => Ok(Self { name: name.to_owned(), write: false }),
            "write" if known => Ok(Self { name: name.to_owned(), write: true }),
            _ => Err(wrong()),
        }
    }
}

/// How much of a hat is worn: by its person all of it, by a program with a token some areas.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Areas {
    /// All of it: a person is here.
    #[default]
    Whole,
    /// A program with a token for these areas.
    Only(Vec<Area>),
}

impl Areas {
    /// Areas as [`Areas::to_string`] writes them; what cannot be read is left out, which gives less, not more.
    pub fn parse(text: &str) -> Self {
        Self::Only(text.split_whitespace().filter_map(|area| area.parse().ok()).collect())
    }

    /// Whether it is a person, not a program.
    pub fn is_whole(&self) -> bool {
        *self == Self::Whole
    }

    /// Whether a permission is among them; one that takes a person at the browser never is.
    pub fn cover(&self, permission: &Permission) -> bool {
        match self {
            Self::Whole => true,
            Self::Only(areas) => !permission.in_person && areas.iter().any(|area| area.includes(permission)),
        }
    }

    /// Whether things may be changed with a permission.
    pub fn may_write(&self, permission: &Permission) -> bool {
        match self {
            Self::Whole => true,
            Self::Only(areas) => {
                !permission.in_person && areas.iter().any(|area| area.write && area.includes(permission))
            }
        }
    }
}

impl fmt::Display for Areas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Only(areas) = self else { return Ok(()) };
        let words: Vec<String> = areas.iter().map(Area::to_string).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Permission = Permission::public("registry.organization.read");
    const SIGN_IN: Permission = Permission::public("work.sign_in").for_people();

    #[test]
    fn an_area_is_a_modules_prefix_and_writing_is_reading() {
        let areas = Areas::parse("registry:write notices:read nonsense work:execute");
        assert_eq!(areas.to_string(), "registry:write notices:read");
        assert!(areas.cover(&READ) && areas.may_write(&READ));
        let other = Permission::public("registryx.read");
        assert!(!areas.cover(&other));
        let notices = Permission::public("notices.send");
        assert!(areas.cover(&notices) && !areas.may_write(&notices));
    }

    #[test]
    fn every_area_leaves_out_what_takes_a_person() {
        let areas = Areas::parse("*:read *:write");
        assert!(areas.cover(&READ) && areas.may_write(&READ));
        assert!(!areas.cover(&SIGN_IN) && !areas.may_write(&SIGN_IN));
        assert!(Areas::Whole.cover(&SIGN_IN));
        assert_eq!(Areas::parse(""), Areas::Only(Vec::new()));
        assert!(!Areas::parse("").is_whole());
    }
}
