//! Plans: what is to be reached, who does what until when, and how it stands.

use jinmen_core::{Date, Fault, Faults, Instant, OrganizationId, Ratio, Result, Text2, id};
use serde::{Deserialize, Serialize};

use super::{needed, short};

id!(
    /// A plan.
    PlanId
);
store::arg_id!(PlanId);
id!(
    /// An indicator of a plan.
    IndicatorId
);
store::arg_id!(IndicatorId);
id!(
    /// A task of a plan.
    PlanTaskId
);
store::arg_id!(PlanTaskId);

/// A plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Its identifier.
    pub id: PlanId,
    /// Its readable number.
    pub number: String,
    /// The office that keeps it.
    pub owner: OrganizationId,
    /// What it is called.
    pub title: Text2,
    /// Its first and last year.
    pub years: (i64, i64),
    /// What it wants, in a few sentences.
    pub summary: String,
    /// What is to be known of it, such as that it is invented.
    pub note: String,
    /// Since when everybody may read it.
    pub published_at: Option<Instant>,
}

/// A plan as it is typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanDraft {
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// First year.
    pub year_from: String,
    /// Last year.
    pub year_to: String,
    /// What it wants.
    pub summary: String,
    /// What is to be known of it.
    pub note: String,
}

/// The same, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPlan {
    /// What it is called.
    pub title: Text2,
    /// First and last year.
    pub years: (i64, i64),
    /// What it wants.
    pub summary: String,
    /// What is to be known of it.
    pub note: String,
}

impl PlanDraft {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every fault at once, by field.
    pub fn parse(&self) -> Result<NewPlan> {
        let mut faults = Faults::new();
        let year = |field: &str, typed: &str| {
            let year = typed.trim().parse::<i64>().ok().filter(|year| (2000..=2100).contains(year));
            year.ok_or_else(|| Fault::at(field, "policy.year"))
        };
        let zh = faults.take(needed("title_zh", &self.title_zh, 200));
        let en = faults.take(short("title_en", &self.title_en, 200));
        let from = faults.take(year("year_from", &self.year_from));
        let to = faults.take(year("year_to", &self.year_to));
        let summary = faults.take(short("summary", &self.summary, 4_000));
        let note = faults.take(short("note", &self.note, 500));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            faults.push(Fault::at("year_to", "core.period"));
        }
        faults.check()?;
        let (Some(zh), Some(en), Some(from), Some(to), Some(summary), Some(note)) = (zh, en, from, to, summary, note)
        else {
            return Err(Fault::new("core.required").into());
        };
        Ok(NewPlan { title: Text2::new(zh, Some(en)), years: (from, to), summary, note })
    }
}

/// An indicator with what it came to, year by year.
#[derive(Clone, PartialEq, Debug)]
pub struct Indicator {
    /// Its identifier.
    pub id: IndicatorId,
    /// What is counted.
    pub name: String,
    /// In what.
    pub unit: String,
    /// Where it began.
    pub base: String,
    /// Where it is to be.
    pub target: String,
    /// What it came to, by year.
    pub values: Vec<(i64, String)>,
}

impl Indicator {
    /// How far it is from base to target, in percent; nothing without a value, or where both are the same.
    pub fn done(&self) -> Option<i64> {
        let number = |text: &str| Ratio::parse(text).ok();
        let (base, target) = (number(&self.base)?, number(&self.target)?);
        let (_, last) = self.values.last()?;
        let way = target.checked_sub(base).ok()?;
        let gone = number(last)?.checked_sub(base).ok()?;
        let percent = gone.checked_mul(Ratio::new(100, 1).ok()?).ok()?.checked_div(way).ok()?;
        Some(percent.round(jinmen_core::codes::Rounding::HalfUp))
    }
}

/// How a task stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Light {
    /// As planned.
    Green,
    /// Behind.
    Amber,
    /// Stuck.
    Red,
}

impl Light {
    /// Every light, the best first.
    pub const ALL: [Self; 3] = [Self::Green, Self::Amber, Self::Red];

    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    /// By its word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A quarter of a year, as plans are reported by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Quarter(pub i64);

impl Quarter {
    /// The quarter of a day.
    pub fn of(day: Date) -> Self {
        Self(i64::from(day.year()) * 10 + (i64::from(day.month()) + 2) / 3)
    }

    /// `2026 Q2`.
    pub fn show(self) -> String {
        format!("{} Q{}", self.0 / 10, self.0 % 10)
    }
}

/// A task with its progress, quarter by quarter.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanTask {
    /// Its identifier.
    pub id: PlanTaskId,
    /// Which goal it serves.
    pub goal: String,
    /// What is to be done.
    pub title: String,
    /// Who leads.
    pub lead: String,
    /// Who helps.
    pub partners: String,
    /// Until when.
    pub due_on: Option<Date>,
    /// How it stood, with words and by whom.
    pub progress: Vec<(Quarter, Light, String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_says_how_far_it_is_from_base_to_target() {
        let values = vec![(2025, "120".to_owned()), (2026, "155.5".to_owned())];
        let mut one = Indicator {
            id: IndicatorId::new(),
            name: "n".into(),
            unit: "u".into(),
            base: "100".into(),
            target: "200".into(),
            values,
        };
        assert_eq!(one.done(), Some(56));
        one.target = "100".into();
        assert_eq!(one.done(), None, "there is no way from a place to itself");
        one.values.clear();
        assert_eq!(one.done(), None);
    }

    #[test]
    fn a_quarter_is_that_of_its_day() {
        let of = |text| Quarter::of(Date::from_iso(text).unwrap_or(Date::MIN)).show();
        assert_eq!(
            [of("2026-01-01"), of("2026-03-31"), of("2026-04-01"), of("2026-12-31")],
            ["2026 Q1", "2026 Q1", "2026 Q2", "2026 Q4"]
        );
    }
}
