//! What every platform crate and module shares: identifiers, the actor, the error of a use case,
//! two-language text, the clock and keyset pages. Money, dates and public code lists come from
//! [`codes`] and are re-exported here, so that upper floors need one import.
//!
//! Nothing here does I/O.

pub mod actor;
pub mod areas;
pub mod clock;
pub mod error;
pub mod id;
pub mod page;
pub mod permission;
pub mod text;
mod words;

pub use actor::{Actor, Hat, SignedIn};
pub use areas::{Area, Areas};
pub use clock::{Clock, Instant};
pub use codes::{self, date::Date, money::Money, period::Period, ratio::Ratio};
pub use error::{Error, Fault, Faults, Result};
pub use id::{AccountId, GrantId, Object, OrganizationId, PersonId};
pub use page::{Count, Cursor, Page, PageRequest};
pub use permission::{Matter, Matters, Permission, Reach, Role, Scope};
pub use text::{Locale, Text2};
