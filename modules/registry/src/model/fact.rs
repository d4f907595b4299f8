//! Facts: what is known about a subject, since when it is true, and since when we know it.

use std::collections::BTreeMap;

use jinmen_core::{Date, Instant, Locale, Object, Period, id};

use crate::dictionary::{FactKey, Value, dictionary};

id!(
    /// A fact.
    FactId
);
store::arg_id!(FactId);

/// From whom a fact comes. The order is the order of trust.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The subject said so.
    SelfDeclared,
    /// A table that somebody handed in.
    Imported,
    /// Derived from other facts.
    Computed,
    /// Compared with a document or an official source.
    Verified,
}

impl Source {
    /// The word in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::SelfDeclared => "self_declared",
            Self::Imported => "imported",
            Self::Computed => "computed",
            Self::Verified => "verified",
        }
    }

    /// How much a source counts against another for the same period. What a firm fills in and what stands in
    /// somebody's table are claims alike, so the later one holds; only a comparison with a document outranks both.
    fn trust(self) -> u8 {
        match self {
            Self::SelfDeclared | Self::Imported => 0,
            Self::Computed => 1,
            Self::Verified => 2,
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SelfDeclared, Self::Imported, Self::Computed, Self::Verified]
            .into_iter()
            .find(|source| source.code() == code)
    }
}

/// A fact.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    /// Its identifier.
    pub id: FactId,
    /// Its key in the dictionary.
    pub key: &'static FactKey,
    /// Its value; `None` where it is sealed and has not been opened.
    pub value: Option<Value>,
    /// The days for which it is true.
    pub period: Period,
    /// From whom.
    pub source: Source,
    /// More about the source: a document, an import.
    pub source_note: String,
    /// When we learned it.
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_name: String,
    /// Since when we no longer hold it.
    pub withdrawn_at: Option<Instant>,
    /// Why we no longer hold it.
    pub withdrawn_note: Option<String>,
}

impl Fact {
    /// Whether its value has become older than the dictionary lets it.
    pub fn is_stale(&self, today: Date) -> bool {
        let Some(days) = self.key.fresh_days else { return false };
        let since = self.period.until().filter(|until| *until < today).unwrap_or(self.recorded_at.date());
        since.days_until(today) > i64::from(days)
    }

    /// The value in a reader's language; empty while it is sealed.
    pub fn show(&self, locale: Locale) -> String {
        self.value.as_ref().map(|value| value.show(self.key, locale)).unwrap_or_default()
    }

    /// Whether we held it at an instant.
    pub fn known_at(&self, instant: Instant) -> bool {
        self.recorded_at <= instant && self.withdrawn_at.is_none_or(|withdrawn| withdrawn > instant)
    }

    /// What makes a fact the one to show: the later period, then the more trusted source, then the
    /// later record. A verified value therefore wins for its period, and gives way to a newer period.
    fn rank(&self) -> (Date, u8, Instant, FactId) {
        (self.period.from().unwrap_or(Date::MIN), self.source.trust(), self.recorded_at, self.id)
    }
}

/// A fact to be written.
#[derive(Clone, PartialEq, Debug)]
pub struct NewFact {
    /// Its key in the dictionary.
    pub key: &'static FactKey,
    /// Its value.
    pub value: Value,
    /// The days for which it is true.
    pub period: Period,
    /// From whom.
    pub source: Source,
    /// More about the source.
    pub source_note: String,
    /// The object behind the source, such as a document.
    pub source_object: Option<Object>,
}

impl NewFact {
    /// The fact as it stands once it was written.
    pub fn recorded(&self, id: FactId, at: Instant, by: &str) -> Fact {
        Fact {
            id,
            key: self.key,
            value: Some(self.value.clone()),
            period: self.period,
            source: self.source,
            source_note: self.source_note.clone(),
            recorded_at: at,
            recorded_name: by.to_owned(),
            withdrawn_at: None,
            withdrawn_note: None,
        }
    }
}

/// Both times of a question: true on which day, as known when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AsOf {
    /// True on this day.
    pub day: Date,
    /// As known at this instant.
    pub known: Instant,
}

/// The fact that answers a question about one key without a series: the best that was held then and
/// is true on that day.
pub fn choose<'a>(facts: impl IntoIterator<Item = &'a Fact>, as_of: AsOf) -> Option<&'a Fact> {
    facts
        .into_iter()
        .filter(|fact| fact.known_at(as_of.known) && fact.period.contains(as_of.day))
        .max_by_key(|fact| fact.rank())
}

/// Everything known about one subject, in the order of the dictionary.
#[derive(Clone, Debug, Default)]
pub struct SubjectFile {
    facts: BTreeMap<&'static str, Vec<Fact>>,
}

impl SubjectFile {
    /// Sorts facts by key.
    pub fn new(facts: Vec<Fact>) -> Self {
        let mut sorted: BTreeMap<&'static str, Vec<Fact>> = BTreeMap::new();
        for fact in facts {
            sorted.entry(fact.key.key.as_str()).or_default().push(fact);
        }
        Self { facts: sorted }
    }

    /// The same file with one more fact.
    #[must_use]
    pub fn with(&self, fact: Fact) -> Self {
        let mut file = self.clone();
        file.facts.entry(fact.key.key.as_str()).or_default().push(fact);
        file
    }

    /// How many facts there are, withdrawn ones among them.
    pub fn count(&self) -> usize {
        self.facts.values().map(Vec::len).sum()
    }

    /// All facts of a key, the latest period first.
    pub fn all(&self, key: &str) -> Vec<&Fact> {
        let mut facts: Vec<&Fact> = self.facts.get(key).into_iter().flatten().collect();
        facts.sort_by_key(|fact| std::cmp::Reverse(fact.rank()));
        facts
    }

    /// The fact that answers for a key: for a series, the latest year that has ended or is under way.
    pub fn current(&self, key: &str, as_of: AsOf) -> Option<&Fact> {
        let facts = self.facts.get(key)?;
        if facts.first().is_some_and(|fact| fact.key.by_year) {
            return facts
                .iter()
                .filter(|fact| fact.known_at(as_of.known) && fact.period.from().is_some_and(|from| from <= as_of.day))
                .max_by_key(|fact| fact.rank());
        }
        choose(facts, as_of)
    }

    /// A claim that came in after the fact that answers, says something else and waits to be verified.
    pub fn claimed_since(&self, current: &Fact, as_of: AsOf) -> Option<&Fact> {
        self.facts
            .get(current.key.key.as_str())?
            .iter()
            .filter(|fact| fact.known_at(as_of.known) && fact.period.contains(as_of.day))
            .filter(|fact| fact.period.from() == current.period.from() && fact.recorded_at > current.recorded_at)
            .filter(|fact| fact.value != current.value)
            .max_by_key(|fact| (fact.recorded_at, fact.id))
    }

    /// The values of a series, one a year, oldest first.
    pub fn series(&self, key: &str, as_of: AsOf) -> Vec<(i16, &Fact)> {
        let mut years: BTreeMap<i16, &Fact> = BTreeMap::new();
        for fact in self.facts.get(key).into_iter().flatten().filter(|fact| fact.known_at(as_of.known)) {
            let Some(year) = fact.period.from().map(|from| from.year()) else { continue };
            let best = years.entry(year).or_insert(fact);
            if fact.rank() > best.rank() {
                *best = fact;
            }
        }
        years.into_iter().collect()
    }

    /// How complete the file is, in percent: the weights of the keys that have a fresh value against
    /// the weights of all keys of such a subject.
    pub fn completeness(&self, subject: &str, as_of: AsOf) -> i64 {
        let (mut have, mut all) = (0_i64, 0_i64);
        for key in dictionary().of_subject(subject) {
            let weight = i64::from(key.weight);
            all += weight;
            let fresh = self.current(&key.key, as_of).is_some_and(|fact| !fact.is_stale(as_of.day));
            have += if fresh { weight } else { 0 };
        }
        if all == 0 { 100 } else { have * 100 / all }
    }

    /// The keys that have a weight and no fresh value, heaviest first.
    pub fn missing(&self, subject: &str, as_of: AsOf) -> Vec<&'static FactKey> {
        let mut keys: Vec<&'static FactKey> = dictionary()
            .of_subject(subject)
            .filter(|key| key.weight > 0)
            .filter(|key| self.current(&key.key, as_of).is_none_or(|fact| fact.is_stale(as_of.day)))
            .collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.weight));
        keys
    }
}
