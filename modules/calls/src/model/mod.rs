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

use jinmen_core::{Fault, Result};

/// An enum of words in the database, on the API and in the locales.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($(#[$one:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$one])* $variant,)+
        }

        impl $name {
            /// Every one, in the order of screens.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the database and on the API.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// By its word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// The key of its name in the locales.
            pub fn message_key(self) -> String {
                format!(concat!($prefix, "{}"), self.code().replace('_', "-"))
            }
        }
    };
}
use words;

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
