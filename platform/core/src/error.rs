//! The error of a use case: named for what the caller can do about it. The web floor turns it into
//! a status, a page or a problem document; the words come from the locales by the fault's code.

use serde::Serialize;

/// What a use case answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with what was given: where, and what, as a stable code such as
/// `registry.uscc.taken`. The message is the locale entry `fault-registry-uscc-taken`, with `args`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fault {
    /// The field, as forms and the API name it; `None` for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The stable code.
    pub code: String,
    /// Values for the message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
}

impl Fault {
    /// A fault of the whole.
    pub fn new(code: &str) -> Self {
        Self { field: None, code: code.to_owned(), args: Vec::new() }
    }

    /// A fault of one field.
    pub fn at(field: &str, code: &str) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(code) }
    }

    /// A fault that an engine found, with its code and values, in one field.
    pub fn of(field: &str, fault: &impl codes::Fault) -> Self {
        let args = fault.args().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { args, ..Self::at(field, fault.code()) }
    }

    /// With a value for the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// The key of the message in the locales.
    pub fn message_key(&self) -> String {
        format!("fault-{}", self.code.replace(['.', '_'], "-"))
    }
}

/// Collects all the faults of one input, so that a person sees them together.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// None so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Keeps the value, or notes the fault and goes on.
    pub fn take<T>(&mut self, result: std::result::Result<T, Fault>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(fault) => {
                self.push(fault);
                None
            }
        }
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error, if anything was wrong.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }

    /// The faults as a list.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the actor may not know whether there is (404).
    #[error("not found")]
    NotFound,
    /// Nobody is signed in and somebody must be (the page keeps the target through sign-in).
    #[error("sign-in needed")]
    SignIn,
    /// The token that a program sent is unknown, too old or revoked, or its role has ended (401).
    #[error("no such token")]
    Token,
    /// The token is good, but was not made for this (403); the scope it would take.
    #[error("the token lacks the scope {0}")]
    TokenScope(String),
    /// The input is wrong (422), each fault named.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<Fault>),
    /// The input is right but the state of things forbids it (409).
    #[error("conflict: {0:?}")]
    Conflict(Fault),
    /// Somebody else changed it meanwhile (412): read again, then decide.
    #[error("changed by somebody else meanwhile")]
    Stale,
    /// Too many tries (429); how many seconds to wait.
    #[error("too many tries, wait {0} s")]
    TooMany(i64),
    /// More bytes than this route takes (413), with the limit in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// The database or the disk cannot be used at the moment (503): trying again in a while helps, nothing else does.
    #[error("not available at the moment")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Our fault (500): logged once at the boundary, shown only as a number.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One fault of one field.
    pub fn field(field: &str, code: &str) -> Self {
        Self::Invalid(vec![Fault::at(field, code)])
    }

    /// A conflict by code.
    pub fn conflict(code: &str) -> Self {
        Self::Conflict(Fault::new(code))
    }

    /// Our own fault, with its cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_of_an_input_come_together() {
        let mut faults = Faults::new();
        assert_eq!(faults.take::<u8>(Err(Fault::at("name", "core.required"))), None);
        assert_eq!(faults.take(Ok(1)), Some(1));
        faults.push(Fault::at("uscc", "uscc.check").with("expected", "3"));
        let Err(Error::Invalid(list)) = faults.check() else { panic!("two faults") };
        assert_eq!(list.len(), 2);
        assert_eq!(list[1].message_key(), "fault-uscc-check");
    }
}
