//! A circular as it is written.

use jinmen_core::{Date, Fault, Faults, Result};
use registry::dictionary::{FactKey, FactType, Sensitivity, Target, dictionary};
use serde::{Deserialize, Serialize};

use super::{Asks, QUESTIONS_MOST, Question, QuestionKind};

/// The longest title.
pub const TITLE_MOST: usize = 80;
/// The longest text.
pub const BODY_MOST: usize = 5_000;
/// The longest question and the longest option.
const LINE_MOST: usize = 200;
/// Options of one question.
const OPTIONS_MOST: usize = 12;
/// The furthest day, in working days.
const DAYS_MOST: u32 = 250;

/// A question as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct QuestionDraft {
    /// The question.
    pub label: String,
    /// `text`, `number`, `date` or `choice`.
    pub kind: String,
    /// For a choice: what one may choose, parted by `/`, `、` or new lines.
    pub options: String,
    /// Whether it may stay open.
    pub optional: bool,
}

/// A circular as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CircularDraft {
    /// What it is about.
    pub title: String,
    /// Its text.
    pub body: String,
    /// What it asks.
    pub asks: Asks,
    /// The questions, for those that ask some.
    pub questions: Vec<QuestionDraft>,
    /// Keys of the facts to be reported, for those that ask for facts.
    pub facts: Vec<String>,
    /// The year of facts that go by year.
    pub year: String,
    /// The last day, or…
    pub due_on: String,
    /// …how many working days there are.
    pub days: String,
    /// By short message, too.
    pub by_sms: bool,
    /// By mail, too.
    pub by_mail: bool,
}

/// A circular ready to be sent.
#[derive(Clone, Debug)]
pub struct NewCircular {
    /// What it is about.
    pub title: String,
    /// Its text.
    pub body: String,
    /// What it asks.
    pub asks: Asks,
    /// Its questions.
    pub questions: Vec<Question>,
    /// The last day.
    pub due_on: Option<Date>,
    /// By short message, too.
    pub by_sms: bool,
    /// By mail, too.
    pub by_mail: bool,
}

impl CircularDraft {
    /// Checks everything and names every fault. `deadline` gives the day after so many working days.
    pub fn parse(&self, today: Date, deadline: impl Fn(u32) -> Result<Date, Fault>) -> Result<NewCircular> {
        let mut faults = Faults::new();
        let title = faults.take(words("title", &self.title, TITLE_MOST));
        let body = faults.take(words("body", &self.body, BODY_MOST));
        let due_on = faults.take(self.due(today, deadline)).flatten();
        let questions = self.questions(today, &mut faults);
        faults.check()?;
        Ok(NewCircular {
            title: title.unwrap_or_default(),
            body: body.unwrap_or_default(),
            asks: self.asks,
            questions,
            due_on,
            by_sms: self.by_sms,
            by_mail: self.by_mail,
        })
    }

    fn due(&self, today: Date, deadline: impl Fn(u32) -> Result<Date, Fault>) -> Result<Option<Date>, Fault> {
        let due = match (self.days.trim(), self.due_on.trim()) {
            ("", "") if self.asks == Asks::Facts => return Err(Fault::at("days", "core.required")),
            ("", "") => return Ok(None),
            ("", day) => Date::parse(day).map_err(|fault| Fault::of("due_on", &fault))?,
            (days, _) => match half_width(days).parse::<u32>() {
                Ok(days @ 1..=DAYS_MOST) => deadline(days)?,
                _ => return Err(Fault::at("days", "notices.days").with("most", DAYS_MOST)),
            },
        };
        if due < today { Err(Fault::at("due_on", "notices.due_past")) } else { Ok(Some(due)) }
    }

    fn questions(&self, today: Date, faults: &mut Faults) -> Vec<Question> {
        match self.asks {
            Asks::Reading | Asks::Receipt => Vec::new(),
            Asks::Answers => self.asked(faults),
            Asks::Facts => self.reported(today, faults),
        }
    }

    fn asked(&self, faults: &mut Faults) -> Vec<Question> {
        let written = self.questions.iter().enumerate().filter(|(_, one)| !one.label.trim().is_empty());
        let mut questions = Vec::new();
        for (at, one) in written.take(QUESTIONS_MOST) {
            let number = at + 1;
            let label = faults.take(words(&format!("q{number}_label"), &one.label, LINE_MOST));
            let kind = faults.take(kind(number, one));
            if let (Some(label), Some(kind)) = (label, kind) {
                questions.push(Question { key: format!("q{number}"), label, required: !one.optional, kind });
            }
        }
        if self.questions.iter().all(|one| one.label.trim().is_empty()) {
            faults.push(Fault::at("q1_label", "notices.no_question"));
        }
        questions
    }

    fn reported(&self, today: Date, faults: &mut Faults) -> Vec<Question> {
        let keys: Vec<_> = reportable().filter(|key| self.facts.contains(&key.key)).collect();
        if keys.is_empty() {
            faults.push(Fault::at("facts", "notices.no_fact"));
        }
        let year = match keys.iter().any(|key| key.by_year) {
            true => faults.take(year(&self.year, today)),
            false => None,
        };
        let ask = |key: &&'static FactKey| Question {
            key: key.key.clone(),
            label: String::new(),
            required: true,
            kind: QuestionKind::Fact { fact: key.key.clone(), year: year.filter(|_| key.by_year) },
        };
        keys.iter().take(QUESTIONS_MOST).map(ask).collect()
    }
}

/// The facts that a task may ask for: single values of an organisation, nothing about a person.
pub fn reportable() -> impl Iterator<Item = &'static FactKey> {
    dictionary().of_subject("organization").filter(|key| {
        key.target == Target::Fact
            && key.kind != FactType::Records
            && !matches!(key.sensitivity, Sensitivity::Personal | Sensitivity::Sensitive)
    })
}

fn half_width(text: &str) -> String {
    text.trim().chars().map(jinmen_core::codes::text::half_width).collect()
}

fn kind(number: usize, one: &QuestionDraft) -> Result<QuestionKind, Fault> {
    match one.kind.as_str() {
        "" | "text" => Ok(QuestionKind::Text),
        "number" => Ok(QuestionKind::Number),
        "date" => Ok(QuestionKind::Date),
        "choice" => {
            let field = format!("q{number}_options");
            let parts = one.options.split(['/', '／', '、', '\n']).map(str::trim).filter(|part| !part.is_empty());
            let mut options: Vec<String> = parts.map(|part| part.chars().take(LINE_MOST).collect()).collect();
            options.dedup();
            match options.len() {
                2..=OPTIONS_MOST => Ok(QuestionKind::Choice { options }),
                _ => Err(Fault::at(&field, "notices.options").with("most", OPTIONS_MOST)),
            }
        }
        _ => Err(Fault::at(&format!("q{number}_kind"), "core.required")),
    }
}

fn year(typed: &str, today: Date) -> Result<i16, Fault> {
    let year = half_width(typed).parse::<i16>();
    year.ok().filter(|year| (2000..=today.year()).contains(year)).ok_or_else(|| Fault::at("year", "notices.year"))
}

fn words(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    let text = typed.trim().replace("\r\n", "\n");
    match text.chars().count() {
        0 => Err(Fault::at(field, "core.required")),
        count if count > most => Err(Fault::at(field, "core.too_long").with("most", most)),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::from_iso("2026-06-18").unwrap()
    }

    fn parse(draft: &CircularDraft) -> Result<NewCircular> {
        draft.parse(today(), |days| Ok(today().add_days(i64::from(days)).unwrap()))
    }

    fn faults(draft: &CircularDraft) -> Vec<String> {
        match parse(draft) {
            Err(jinmen_core::Error::Invalid(faults)) => faults.into_iter().filter_map(|fault| fault.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn draft(asks: Asks) -> CircularDraft {
        CircularDraft { title: "通知".into(), body: "请知悉".into(), asks, ..CircularDraft::default() }
    }

    #[test]
    fn every_fault_of_a_circular_is_named_at_once() {
        assert_eq!(faults(&CircularDraft { days: "0".into(), ..CircularDraft::default() }), ["title", "body", "days"]);
        assert_eq!(faults(&draft(Asks::Facts)), ["days", "facts"]);
        assert_eq!(faults(&draft(Asks::Answers)), ["q1_label"]);
        let past = CircularDraft { due_on: "2026-06-17".into(), ..draft(Asks::Receipt) };
        assert_eq!(faults(&past), ["due_on"]);
    }

    #[test]
    fn options_are_parted_by_what_people_type() {
        let one = QuestionDraft {
            label: "是否参会".into(),
            kind: "choice".into(),
            options: "参加/请假、改派".into(),
            optional: false,
        };
        let new = parse(&CircularDraft { questions: vec![one], ..draft(Asks::Answers) }).unwrap();
        let options = vec!["参加".into(), "请假".into(), "改派".into()];
        assert_eq!(new.questions[0].kind, QuestionKind::Choice { options });
    }

    #[test]
    fn facts_are_asked_for_a_year_where_they_go_by_year() {
        let facts = vec!["annual_revenue".into(), "office_address".into(), "no_such".into()];
        let new = parse(&CircularDraft { facts, year: "2025".into(), days: "5".into(), ..draft(Asks::Facts) }).unwrap();
        let years: Vec<_> = new.questions.iter().map(|one| one.fact().unwrap().1).collect();
        assert_eq!(years, [Some(2025), None]);
        assert_eq!(new.due_on.unwrap().to_string(), "2026-06-23");
    }
}
