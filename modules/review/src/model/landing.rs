//! What became of a prized project (落地跟踪).

use jinmen_core::{Date, Error, Fault, Faults, Instant, Result, words};
use serde::Deserialize;

use super::{EntryId, short};

words!(
    /// How far a project has come.
    LandingState, "review-landing-" {
        /// Talks go on (洽谈).
        Talks = "talks",
        /// An agreement is signed (签约).
        Signed = "signed",
        /// An enterprise is registered for it (注册).
        Registered = "registered",
        /// It works here (运营).
        Operating = "operating",
        /// It does not come.
        Dropped = "dropped",
    }
);

impl LandingState {
    /// Whether nobody asks again.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Operating | Self::Dropped)
    }
}

/// How far a prized project has come, as the office learned last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The entry.
    pub entry: EntryId,
    /// How far it has come.
    pub state: LandingState,
    /// Since when.
    pub on: Date,
    /// Where, under which name, with how many people, why not.
    pub note: String,
    /// When the office asks again.
    pub next_on: Option<Date>,
    /// Who wrote it down.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

/// The same as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LandingDraft {
    /// The entry.
    pub entry: String,
    /// How far it has come.
    pub state: String,
    /// Since when.
    pub on: String,
    /// What there is to say.
    pub note: String,
    /// When the office asks again; empty for never.
    pub next_on: String,
}

impl LandingDraft {
    /// Checks everything: state, day, note, the next day.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn parse(&self) -> Result<(LandingState, Date, String, Option<Date>)> {
        let mut faults = Faults::new();
        let day = |field: &str, text: &str| Date::parse(text.trim()).map_err(|fault| Fault::of(field, &fault));
        let next_on = Some(self.next_on.as_str()).filter(|text| !text.trim().is_empty());
        let parts = (
            faults.take(LandingState::from_code(&self.state).ok_or_else(|| Fault::at("state", "core.choice"))),
            faults.take(day("on", &self.on)),
            faults.take(short("note", &self.note, 500)),
            faults.take(next_on.map(|text| day("next_on", text)).transpose()),
        );
        faults.check()?;
        match parts {
            (Some(state), Some(on), Some(note), Some(next_on)) => Ok((state, on, note, next_on)),
            _ => Err(Error::internal("a part is missing without a fault")),
        }
    }
}
