//! The types of calls and applications; no input or output.

mod application;
mod auto_grant;
mod call;
mod draft;
mod notice;
mod setup;
mod template;

pub use application::{
    Application, ApplicationFilter, ApplicationId, ApplicationState, Member, Return, Submission, Team,
};
pub use auto_grant::{
    ANSWER_DAYS, ANSWER_DAYS_MOST, ASKED_MOST, Account, GrantLine, GrantLineId, GrantLineState, LineCounts, RUN_MOST,
    Run, RunCounts, RunId, RunState,
};
pub use call::{Call, CallFilter, CallForm, CallId, CallKind, CallState, Phase};
pub use draft::{CallDraft, NewCall, SetupDraft};
pub use notice::{LINES_MOST, Line, LineState, Notice, NoticeId, NoticeState, Objection, ObjectionId, ObjectionState};
pub use setup::{
    Applicants, Basis, Body, BodyPart, NoticeSetup, OutcomeKind, OutcomeSetup, Seat, Setup, StageKind, StageSetup,
    Track,
};
pub use template::{Template, templates};

use jinmen_core::{Fault, Result, words};

/// A text of at most so many characters, without blanks around it.
pub(crate) fn short(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    let text = registry::model::clean(typed);
    if text.chars().count() > most {
        return Err(Fault::at(field, "core.too_long").with("most", most));
    }
    Ok(text)
}

/// The same, and something.
pub(crate) fn needed(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    let text = short(field, typed, most)?;
    if text.is_empty() { Err(Fault::at(field, "core.required")) } else { Ok(text) }
}
