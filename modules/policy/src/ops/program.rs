//! Programs of policies, compiled once, and what can be said of one without anybody's file: findings, cases, parameters.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jinmen_core::{Error, Fault, Result};
use registry::ops::decide;
use rules::{Finding, Policy};

use crate::model::{PolicyId, TEXT_MOST};

/// A compiled policy, shared by all who ask.
pub type Program = Arc<Policy>;

/// Programs kept at once: those of every policy in force, and some drafts.
const KEPT: usize = 512;

static PROGRAMS: LazyLock<Mutex<HashMap<String, Program>>> = LazyLock::new(Mutex::default);

/// Compiles a text, or finds it compiled.
///
/// # Errors
/// What is wrong with it, in the engine's words with line and column.
pub fn compiled(text: &str) -> std::result::Result<Program, Vec<Finding>> {
    let digest = decide::digest(text);
    let kept = || PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(program) = kept().get(&digest) {
        return Ok(program.clone());
    }
    let program = Arc::new(decide::load(text)?);
    let mut programs = kept();
    if programs.len() >= KEPT {
        programs.clear();
    }
    programs.insert(digest, program.clone());
    Ok(program)
}

static VERSIONS: LazyLock<Mutex<HashMap<(PolicyId, i64), Program>>> = LazyLock::new(Mutex::default);

/// The program of a version that was read before: a version is never changed, so its text need not be read again.
pub fn of_version(id: PolicyId, version: i64) -> Option<Program> {
    VERSIONS.lock().unwrap_or_else(PoisonError::into_inner).get(&(id, version)).cloned()
}

/// Compiles the text of a version and remembers it as such.
///
/// # Errors
/// What is wrong with it.
pub fn remember(id: PolicyId, version: i64, text: &str) -> std::result::Result<Program, Vec<Finding>> {
    let program = compiled(text)?;
    let mut versions = VERSIONS.lock().unwrap_or_else(PoisonError::into_inner);
    if versions.len() >= KEPT {
        versions.clear();
    }
    versions.insert((id, version), program.clone());
    Ok(program)
}

/// A program that was checked before it was kept; one that is refused now is our fault.
pub fn known(text: &str) -> Result<Program> {
    compiled(text)
        .map_err(|findings| Error::internal(findings.first().map_or_else(|| "policy".to_owned(), ToString::to_string)))
}

/// What a check of a text says.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// How many cases pass.
    pub passed: usize,
    /// Those that fail, and what differs.
    pub failed: Vec<rules::cases::Failure>,
    /// The program, if nothing is wrong.
    pub program: Option<Program>,
}

impl Checked {
    /// Whether it may be issued: no finding, no case that fails, one case at least.
    pub fn is_good(&self) -> bool {
        self.findings.is_empty() && self.failed.is_empty() && self.passed > 0
    }
}

/// Checks a text and runs its cases.
///
/// # Errors
/// `policy.text_long`.
pub fn check(text: &str) -> Result<Checked> {
    if text.len() > TEXT_MOST {
        return Err(Fault::at("text", "policy.text_long").with("most", TEXT_MOST / 1024).into());
    }
    let program = match compiled(text) {
        Ok(program) => program,
        Err(findings) => return Ok(Checked { findings, ..Checked::default() }),
    };
    let (passed, failed) = rules::cases::run(&program);
    Ok(Checked { findings: Vec::new(), passed, failed, program: Some(program) })
}

/// The text again with other values of parameters: from a day on if the text has dated values, else always.
///
/// # Errors
/// `policy.parameter` with the engine's words, in the field `set.NAME`.
pub fn with_parameters(program: &Policy, set: &[(String, String)]) -> Result<Policy> {
    let mut changed = program.clone();
    for (name, value) in set {
        let wrong = |what: String| {
            Error::from(Fault::at(&format!("set.{name}"), "policy.parameter").with("name", name).with("what", what))
        };
        let found = changed.with_parameter(name, value).map_err(wrong)?;
        changed = found.ok_or_else(|| wrong("-".to_owned()))?;
    }
    Ok(changed)
}
