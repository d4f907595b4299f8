//! Values bound to a statement. NULLs are typed, because PostgreSQL wants to know.

use jinmen_core::{AccountId, Date, GrantId, Instant, Money, OrganizationId, PersonId};
use serde_json::Value;

/// One value bound to `$n`.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// TEXT. NUL characters, which PostgreSQL refuses, are removed.
    Text(Option<String>),
    /// BIGINT.
    Int(Option<i64>),
    /// DOUBLE PRECISION.
    Real(Option<f64>),
    /// BOOLEAN.
    Bool(Option<bool>),
    /// JSONB holding an object or an array. NUL characters in its strings are removed, too.
    Json(Option<Value>),
    /// BYTEA.
    Bytes(Option<Vec<u8>>),
}

/// `args![a, b]` is a `Vec<Arg>` of anything that converts into [`Arg`].
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Arg::from($value)),*] };
}

macro_rules! from {
    ($($type:ty => $variant:ident($convert:expr)),* $(,)?) => { $(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Self::$variant(Some($convert(value)))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )* };
}

fn text(value: impl Into<String>) -> String {
    let value: String = value.into();
    if value.contains('\0') { value.replace('\0', "") } else { value }
}

/// A JSON value without NUL characters, which PostgreSQL refuses in JSONB as in TEXT: what
/// [`Arg::Json`] binds, for whoever must know beforehand (a digest).
pub fn without_nul(value: Value) -> Value {
    match value {
        Value::String(string) => Value::String(text(string)),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (text(key), without_nul(value))).collect(),
        other => other,
    }
}

from! {
    &str => Text(text),
    String => Text(text),
    &String => Text(text),
    i64 => Int(|v| v),
    i32 => Int(i64::from),
    u32 => Int(i64::from),
    f64 => Real(|v| v),
    bool => Bool(|v| v),
    Value => Json(without_nul),
    Vec<u8> => Bytes(|v| v),
    &[u8] => Bytes(|v: &[u8]| v.to_vec()),
    Instant => Int(|v: Instant| v.0),
    Money => Int(|v: Money| v.fen()),
    Date => Text(|v: Date| v.to_string()),
}

/// An identifier that binds as its text.
pub trait Identifier: Copy {
    /// The 36 characters.
    fn to_text(self) -> String;
}

impl<T: Identifier> From<T> for Arg {
    fn from(value: T) -> Self {
        Self::Text(Some(value.to_text()))
    }
}

impl<T: Identifier> From<Option<T>> for Arg {
    fn from(value: Option<T>) -> Self {
        Self::Text(value.map(Identifier::to_text))
    }
}

/// Lets identifiers made with `jinmen_core::id!` be bound: `store::arg_id!(JobId);`.
#[macro_export]
macro_rules! arg_id {
    ($($type:ty),* $(,)?) => { $(
        impl $crate::Identifier for $type {
            fn to_text(self) -> String {
                self.text()
            }
        }
    )* };
}

arg_id!(OrganizationId, PersonId, AccountId, GrantId);

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                $crate::Arg::Text(value) => query.bind(value),
                $crate::Arg::Int(value) => query.bind(value),
                $crate::Arg::Real(value) => query.bind(value),
                $crate::Arg::Bool(value) => query.bind(value),
                $crate::Arg::Json(value) => query.bind(value),
                $crate::Arg::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}
pub(crate) use bind_all;
