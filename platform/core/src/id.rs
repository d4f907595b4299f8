//! Identifiers: UUIDv7, one type for each kind of thing, stored as 36-character text on both
//! databases. Version 7 sorts by time of creation, which keeps index pages warm.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares an identifier type: `id!(/// An organisation. OrganizationId);`.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::id::SerializeId, $crate::id::DeserializeId)]
        #[serde(transparent)]
        pub struct $name($crate::id::RawId);

        impl $name {
            /// A new identifier, later in order than those made before it.
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self($crate::id::RawId::now_v7())
            }

            /// The identifier as text of 36 characters, as the databases keep it.
            pub fn text(self) -> String {
                self.0.to_string()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;
            /// A text that is not an identifier names nothing that exists.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|_| $crate::Error::NotFound)
            }
        }
    };
}

pub use serde::{Deserialize as DeserializeId, Serialize as SerializeId};
pub use uuid::Uuid as RawId;

id!(
    /// An organisation, with or without a social credit code.
    OrganizationId
);
id!(
    /// A natural person.
    PersonId
);
id!(
    /// A sign-in account.
    AccountId
);
id!(
    /// A role given to a person for an organisation and a period.
    GrantId
);

/// Any object of any module, named without importing that module: its kind (the glossary's noun)
/// and its identifier. Records, comments, tasks, files and search entries hang on this.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Object {
    /// The kind, such as `organization`.
    pub kind: String,
    /// The identifier as text.
    pub id: String,
}

impl Object {
    /// Names an object.
    pub fn new(kind: &str, id: impl fmt::Display) -> Self {
        Self { kind: kind.to_owned(), id: id.to_string() }
    }

    /// The instance itself, for what concerns no single object.
    pub fn instance() -> Self {
        Self::new("instance", Uuid::nil())
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

impl From<OrganizationId> for Object {
    fn from(id: OrganizationId) -> Self {
        Self::new("organization", id)
    }
}

impl From<PersonId> for Object {
    fn from(id: PersonId) -> Self {
        Self::new("person", id)
    }
}

impl From<AccountId> for Object {
    fn from(id: AccountId) -> Self {
        Self::new("account", id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_by_time_and_survive_text() {
        let (a, b) = (OrganizationId::new(), OrganizationId::new());
        assert!(a < b);
        assert_eq!(a.text().len(), 36);
        assert_eq!(a.text().parse::<OrganizationId>().ok(), Some(a));
    }

    #[test]
    fn a_text_that_is_no_identifier_names_nothing() {
        for text in ["", "1", "not-a-uuid", "../../etc/passwd", "\0"] {
            assert!(matches!(text.parse::<PersonId>(), Err(crate::Error::NotFound)), "{text:?}");
        }
    }
}
