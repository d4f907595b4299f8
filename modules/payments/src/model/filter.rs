//! Which items a list shows, and what they come to.

use jinmen_core::{Date, Fault, Faults, Money, Result};
use registry::model::line;
use serde::{Deserialize, Serialize};

use super::{Direction, ItemState};

/// A filter of the list, as it stands in an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ItemFilter {
    /// Words of the subject's name, of the title, or a number.
    pub q: Option<String>,
    /// `out` for what is granted, `in` for what is owed to the office.
    #[param(example = "in")]
    pub direction: Option<String>,
    /// `open`, `overdue`, `paid` or `cancelled`.
    #[param(example = "overdue")]
    pub state: Option<String>,
    /// Due before this day.
    #[param(example = "2026-06-30")]
    pub due_before: Option<String>,
    /// The identifier of an organisation or a person.
    pub subject: Option<String>,
}

/// Which states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StateWanted {
    /// Those in one state.
    In(ItemState),
    /// Open ones of which something should have been paid by now.
    Overdue,
}

/// A filter that was read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Narrowed {
    /// Words.
    pub words: Option<String>,
    /// One way of the money.
    pub direction: Option<Direction>,
    /// Some states.
    pub state: Option<StateWanted>,
    /// Due before this day.
    pub due_before: Option<Date>,
    /// One subject, by its identifier.
    pub subject: Option<String>,
}

impl ItemFilter {
    /// Reads it; `all` and nothing narrow nothing.
    pub fn read(&self) -> Result<Narrowed> {
        let given =
            |value: &Option<String>| value.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let chosen = |value: &Option<String>| given(value).filter(|word| word != "all");
        let mut faults = Faults::new();
        let direction = chosen(&self.direction).and_then(|word| {
            faults.take(Direction::from_code(&word).ok_or_else(|| Fault::at("direction", "core.choice")))
        });
        let state = chosen(&self.state).and_then(|word| faults.take(state(&word)));
        let due_before = given(&self.due_before)
            .and_then(|typed| faults.take(Date::parse(&typed).map_err(|fault| Fault::of("due_before", &fault))));
        let words = faults.take(line("q", self.q.as_deref().unwrap_or_default(), 200)).flatten();
        faults.check()?;
        Ok(Narrowed { words, direction, state, due_before, subject: given(&self.subject) })
    }
}

impl Narrowed {
    /// Whether what is due soonest comes first; otherwise the newest does.
    pub fn by_due(&self) -> bool {
        matches!(self.state, Some(StateWanted::Overdue | StateWanted::In(ItemState::Open))) || self.due_before.is_some()
    }
}

fn state(word: &str) -> Result<StateWanted, Fault> {
    match (word, ItemState::from_code(word)) {
        ("overdue", _) => Ok(StateWanted::Overdue),
        (_, Some(state)) => Ok(StateWanted::In(state)),
        _ => Err(Fault::at("state", "core.choice")),
    }
}

/// A sum and of how many it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Figure {
    /// The sum.
    pub amount: Money,
    /// Of how many items (or payments).
    pub count: i64,
}

/// What one way of the money comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Totals {
    /// Still to be paid.
    pub open: Figure,
    /// Of that, what should have been paid by now.
    pub overdue: Figure,
    /// Paid this year.
    pub paid: Figure,
}
