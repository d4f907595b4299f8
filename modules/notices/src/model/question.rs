//! A question of a circular, and what may be answered.

use std::collections::HashMap;

use jinmen_core::{Date, Fault, Faults};
use registry::dictionary::{FactKey, dictionary};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Questions of one circular.
pub const QUESTIONS_MOST: usize = 30;
/// The longest answer in words.
const ANSWER_MOST: usize = 1_000;

/// What kind of answer a question wants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionKind {
    /// Words.
    Text,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// One of several.
    Choice {
        /// What one may choose, as it is shown.
        options: Vec<String>,
    },
    /// A fact of the organisation's file.
    Fact {
        /// Its key in the dictionary.
        fact: String,
        /// The year it is true for, for keys that go by year.
        #[serde(skip_serializing_if = "Option::is_none")]
        year: Option<i16>,
    },
}

/// A question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    /// Its key in the answers: `q1`, or the key of the fact.
    pub key: String,
    /// The question itself; empty for facts, which the dictionary names.
    #[serde(default)]
    pub label: String,
    /// Whether it may stay open.
    #[serde(default)]
    pub required: bool,
    /// What kind of answer it wants.
    #[serde(flatten)]
    pub kind: QuestionKind,
}

/// Answers as they were typed, by the questions' keys.
pub type Typed = HashMap<String, String>;

impl Question {
    /// The fact that it asks for, with the year.
    pub fn fact(&self) -> Option<(&'static FactKey, Option<i16>)> {
        match &self.kind {
            QuestionKind::Fact { fact, year } => dictionary().get(fact).map(|known| (known, *year)),
            _ => None,
        }
    }

    /// Reads the answer to a question that asks for no fact; `None` for one that stays open.
    ///
    /// # Errors
    /// A fault at the question's key.
    fn read(&self, typed: &Typed) -> Result<Option<Value>, Fault> {
        let text = typed.get(&self.key).map_or("", |text| text.trim());
        if text.is_empty() {
            return if self.required { Err(Fault::at(&self.key, "core.required")) } else { Ok(None) };
        }
        match &self.kind {
            QuestionKind::Number => {
                let plain: String = text.chars().map(jinmen_core::codes::text::half_width).collect();
                let plain = plain.replace([',', ' '], "");
                let number = plain.parse::<i64>().ok().filter(|number| number.abs() <= 1_000_000_000_000_000);
                number.map(|number| Some(json!(number))).ok_or_else(|| Fault::at(&self.key, "notices.number"))
            }
            QuestionKind::Date => match Date::parse(text) {
                Ok(day) => Ok(Some(json!(day.to_string()))),
                Err(fault) => Err(Fault::of(&self.key, &fault)),
            },
            QuestionKind::Choice { options } => match options.iter().find(|option| option.as_str() == text) {
                Some(option) => Ok(Some(json!(option))),
                None => Err(Fault::at(&self.key, "notices.choice")),
            },
            QuestionKind::Text if text.chars().count() > ANSWER_MOST => {
                Err(Fault::at(&self.key, "core.too_long").with("most", ANSWER_MOST))
            }
            QuestionKind::Text | QuestionKind::Fact { .. } => Ok(Some(json!(text))),
        }
    }

    /// Reads all answers to questions that ask for no facts, and names every fault.
    pub fn read_all(questions: &[Self], typed: &Typed, faults: &mut Faults) -> Map<String, Value> {
        let mut answers = Map::new();
        for question in questions.iter().filter(|question| question.fact().is_none()) {
            if let Some(Some(answer)) = faults.take(question.read(typed)) {
                answers.insert(question.key.clone(), answer);
            }
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(kind: QuestionKind, required: bool) -> Question {
        Question { key: "q1".into(), label: "几人参加".into(), required, kind }
    }

    fn read(question: &Question, text: &str) -> Result<Option<Value>, Fault> {
        question.read(&Typed::from([("q1".to_owned(), text.to_owned())]))
    }

    #[test]
    fn numbers_are_read_as_people_type_them_and_words_are_not() {
        let question = ask(QuestionKind::Number, true);
        assert_eq!(read(&question, " １２ "), Ok(Some(json!(12))));
        assert_eq!(read(&question, "1,200"), Ok(Some(json!(1200))));
        for wrong in ["十二", "12.5", "", "99999999999999999999"] {
            assert!(read(&question, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_was_offered_can_be_chosen() {
        let question = ask(QuestionKind::Choice { options: vec!["参加".into(), "请假".into()] }, false);
        assert_eq!(read(&question, "参加"), Ok(Some(json!("参加"))));
        assert_eq!(read(&question, ""), Ok(None));
        assert!(read(&question, "也许").is_err());
    }

    #[test]
    fn a_question_reads_back_as_it_was_written() {
        let question = ask(QuestionKind::Fact { fact: "headcount".into(), year: Some(2025) }, true);
        let text = serde_json::to_string(&question).unwrap();
        assert_eq!(serde_json::from_str::<Question>(&text).unwrap(), question);
        assert_eq!(question.fact().unwrap().1, Some(2025));
    }
}
