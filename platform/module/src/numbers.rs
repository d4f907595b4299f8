//! Numbers for dashboards and the portal: each leads to the list behind it.

use jinmen_core::Count;

/// Names a number; also its message key.
pub type NumberKey = &'static str;

/// A number.
#[derive(Clone, Debug)]
pub struct Number {
    /// What it counts, a message key.
    pub key: NumberKey,
    /// How many.
    pub count: Count,
    /// The list behind it.
    pub href: String,
}
