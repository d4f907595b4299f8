//! What a check of a document came to, the same for every kind of document.

use serde::Serialize;

/// What kind of document was checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A certificate.
    Certificate,
    /// A signed agreement.
    Agreement,
    /// The result of a competition or a call.
    Result,
    /// That an entry is in a record.
    RecordProof,
    /// An archive.
    Archive,
}

/// One thing that was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Check {
    /// A stable word: `entry`, `inclusion`, `signature`, …
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found, in a sentence.
    pub detail: String,
}

/// What a check of a document came to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// What kind of document it is.
    pub kind: Kind,
    /// Whether every check holds.
    pub valid: bool,
    /// Who signed, by the name and identifier of the key; absent where no signature fits.
    pub signer: Option<String>,
    /// When that happened which the document says, RFC 3339; absent where it does not say.
    pub time: Option<String>,
    /// What was checked.
    pub checks: Vec<Check>,
}

impl Report {
    /// A report on which nothing was checked yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, valid: true, signer: None, time: None, checks: Vec::new() }
    }

    /// Notes a check: what was found, or what is wrong.
    pub fn check<E: std::fmt::Display>(&mut self, name: &'static str, found: Result<String, E>) -> bool {
        let (ok, detail) = match found {
            Ok(detail) => (true, detail),
            Err(wrong) => (false, wrong.to_string()),
        };
        self.valid &= ok;
        self.checks.push(Check { name, ok, detail });
        ok
    }
}
