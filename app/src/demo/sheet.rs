//! Facts on their way into a file.

use jinmen_core::{Date, Error, Fault, Money, Period, Result};
use registry::dictionary::{FactKey, Value, dictionary};
use registry::model::{NewFact, Source};

/// Facts of one source, in the order in which they were said.
pub struct Sheet {
    today: Date,
    source: Source,
    note: String,
    facts: Vec<NewFact>,
}

impl Sheet {
    /// An empty one.
    pub fn new(today: Date, source: Source, note: &str) -> Self {
        Self { today, source, note: note.to_owned(), facts: Vec::new() }
    }

    /// A value as a person types it; nothing for nothing.
    pub fn typed(&mut self, key: &str, text: impl AsRef<str>, period: Period) -> Result<()> {
        let text = text.as_ref();
        if text.is_empty() {
            return Ok(());
        }
        let value = Value::parse(known(key)?, text)?;
        self.value(key, value, period)
    }

    /// A value.
    pub fn value(&mut self, key: &str, value: Value, period: Period) -> Result<()> {
        let key = known(key)?;
        key.check(&value, self.today)?;
        let (source, source_note) = (self.source, self.note.clone());
        self.facts.push(NewFact { key, value, period, source, source_note, source_object: None });
        Ok(())
    }

    /// Whole yuan.
    pub fn yuan(&mut self, key: &str, yuan: i64, period: Period) -> Result<()> {
        let money = Money::from_yuan(yuan).map_err(|fault| Fault::of(key, &fault))?;
        self.value(key, Value::Money(money), period)
    }

    /// A whole number.
    pub fn number(&mut self, key: &str, number: i64, period: Period) -> Result<()> {
        self.value(key, Value::Integer(number), period)
    }

    /// Yes or no.
    pub fn yes(&mut self, key: &str, yes: bool) -> Result<()> {
        self.value(key, Value::Boolean(yes), Period::ALWAYS)
    }

    /// A code.
    pub fn code(&mut self, key: &str, code: &str) -> Result<()> {
        self.value(key, Value::Code(code.to_owned()), Period::ALWAYS)
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The facts.
    pub fn facts(self) -> Vec<NewFact> {
        self.facts
    }
}

/// A calendar year.
pub fn year(year: i16) -> Result<Period> {
    Period::year(year).map_err(|fault| Fault::of("year", &fault).into())
}

fn known(key: &str) -> Result<&'static FactKey> {
    dictionary()
        .get(key)
        .ok_or_else(|| Error::internal(format!("the demonstration uses the key {key}, which is not in the dictionary")))
}
