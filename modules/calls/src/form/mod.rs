//! Forms as data: a JSON Schema with layout, read into questions; what somebody typed, read into answers; which questions
//! are asked at all. Pure computing: no database, no network, no clock; what the file holds and today's date are handed in.
//!
//! # The schema
//!
//! A subset of JSON Schema 2020-12, small enough to be said on one page; whatever is not in it is refused with its place,
//! so that nobody believes a keyword is enforced that is not. A general validator would add two megabytes to the program
//! and could not say which question to ask.
//!
//! | keyword | means |
//! | --- | --- |
//! | `type` | `string`, `integer`, `boolean`, `array`; the whole is an `object` |
//! | `title`, `description` | the question and its help; in English `x-title-en`, `x-description-en` |
//! | `required` | which questions must be answered where they are asked |
//! | `oneOf: [{const, title}]` | choices; within `items` of an array, any of them |
//! | `format` | `date`, `email`, `uri`, `tel`, `mobile`, `resident_id`, `account`, `uscc`, `money` (an integer, in fen), `decimal` |
//! | `minLength`, `maxLength`, `minimum`, `maximum`, `minItems`, `maxItems` | bounds |
//! | `items: {type: object, properties, required, x-order}` | a repeating group |
//! | `x-sections: [{key, title, description, fields, x-when}]` | the layout; every property stands in one section |
//! | `x-when` | asked only if so: `{field, is}`, `{field, in}`, `{field, at_least}`, `{field, at_most}`, `{field, answered}`, `{all}`, `{any}`, `{not}` |
//! | `x-fact`, `x-year` | bound to a key of the fact dictionary; of a series, to the year so many years from the call's |
//! | `x-file: {accept, most_mb}` | files |
//! | `x-lines`, `x-half`, `x-unit`, `x-sensitive` | several lines; half the width; a unit; sealed and masked |
//!
//! # A bound question
//!
//! is filled from the file and asked only where the file has nothing or something stale. A person may still say something
//! newer. Its type, bounds and code list are those of the dictionary.

pub mod design;
mod load;
mod read;
mod standard;
#[cfg(test)]
mod tests;
mod value;
mod when;

use std::collections::BTreeMap;

use codes::Ratio;
use jinmen_core::{Text2, codes};
use registry::dictionary::{FactKey, Subject, Value};

pub use read::{Asked, Reading};
pub use value::{account, mask};
pub use when::Condition;

/// Questions of one form, those of a group counted once.
pub const FIELDS_MOST: usize = 400;
/// Rows of a repeating group.
pub const ROWS_MOST: usize = 50;
/// Choices of one question.
pub const CHOICES_MOST: usize = 300;
/// Bytes of a schema.
pub const SCHEMA_MOST: usize = 512 * 1024;
/// Characters of one answer where the schema says nothing.
pub const TEXT_MOST: u32 = 2_000;
/// Characters of one answer whatever the schema says.
pub const TEXT_LIMIT: u32 = 20_000;

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Its parts in order.
    pub sections: Vec<Section>,
    /// Its questions in the order of the parts.
    pub fields: Vec<Field>,
    /// The places of the questions, those that others hang on first.
    order: Vec<usize>,
}

/// A part of a form.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its name.
    pub key: String,
    /// Its heading.
    pub title: Text2,
    /// What one should know.
    pub help: Text2,
    /// The places of its questions in [`Form::fields`].
    pub fields: Vec<usize>,
    /// Asked only if so.
    pub when: Option<Condition>,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name, a word of small letters, digits and underscores.
    pub name: String,
    /// What it asks.
    pub title: Text2,
    /// What one should know.
    pub help: Text2,
    /// How it is answered.
    pub kind: Kind,
    /// It must be answered where it is asked.
    pub required: bool,
    /// Asked only if so.
    pub when: Option<Condition>,
    /// Half the width on wide screens.
    pub half: bool,
    /// A unit beside the answer.
    pub unit: String,
    /// Sealed at rest, shown masked.
    pub sensitive: bool,
}

/// How a question is answered.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Words.
    Text {
        /// Several lines.
        lines: bool,
        /// Characters at least.
        least: u32,
        /// Characters at most.
        most: u32,
        /// What they must look like.
        format: Option<Format>,
    },
    /// A whole number.
    Integer {
        /// The least.
        least: Option<i64>,
        /// The most.
        most: Option<i64>,
    },
    /// An amount, kept in fen and typed in 10,000 yuan like everywhere.
    Money {
        /// The least, in fen.
        least: Option<i64>,
        /// The most, in fen.
        most: Option<i64>,
    },
    /// A number with decimals, exact.
    Decimal {
        /// The least.
        least: Option<Ratio>,
        /// The most.
        most: Option<Ratio>,
    },
    /// A day.
    Date,
    /// Yes or no; a required one must be yes (a commitment).
    Yes,
    /// One of some.
    One(Vec<Choice>),
    /// Any of some.
    Many {
        /// What may be chosen.
        choices: Vec<Choice>,
        /// How many at least.
        least: usize,
        /// How many at most.
        most: usize,
    },
    /// Files.
    File {
        /// Endings that are taken, such as `.pdf`.
        accept: String,
        /// The largest, in bytes.
        most_bytes: u64,
        /// How many at least.
        least: usize,
        /// How many at most.
        most: usize,
    },
    /// A repeating group.
    Group(Group),
    /// A fact of the file.
    Fact {
        /// The key of the dictionary.
        key: &'static FactKey,
        /// Of a series, how many years from the call's: −1 is the year before.
        offset: i16,
    },
}

/// A repeating group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The questions of a row.
    pub fields: Vec<Field>,
    /// Rows at least.
    pub least: usize,
    /// Rows at most.
    pub most: usize,
    order: Vec<usize>,
}

/// What words must look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// An address for mail.
    Email,
    /// An address of the web.
    Uri,
    /// A telephone number.
    Tel,
    /// A mobile number.
    Mobile,
    /// A resident identity number.
    ResidentId,
    /// A bank account.
    Account,
    /// A social credit code.
    Uscc,
}

/// Something that may be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub title: Text2,
}

/// What was typed, by path: `name`, or `group.0.name` in a row; several texts where several may be chosen.
pub type Typed = BTreeMap<String, Vec<String>>;

/// How many files hang on each question.
pub type FileCounts = BTreeMap<String, usize>;

/// What the file says to a bound question.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// The value.
    pub value: Value,
    /// It has become older than the dictionary lets it.
    pub stale: bool,
}

/// What the file says, by the names of bound questions.
pub type File = BTreeMap<String, Known>;

/// What besides the form decides what is asked and read.
pub struct Given<'a> {
    /// What was typed.
    pub typed: &'a Typed,
    /// What the file says.
    pub file: &'a File,
    /// Files that hang on questions.
    pub files: &'a FileCounts,
    /// Who applies: what is bound to the other kind of subject is not asked.
    pub subject: Subject,
    /// Today.
    pub today: codes::Date,
}

impl Form {
    /// Reads a schema.
    ///
    /// # Errors
    /// Everything that is wrong with it at once, each with its place, as faults of the field `schema`.
    pub fn load(schema: &serde_json::Value) -> jinmen_core::Result<Self> {
        load::load(schema)
    }

    /// Reads what was typed against what is known: what is asked, what is answered, what is missing or wrong.
    pub fn read(&self, given: &Given<'_>) -> Reading {
        read::read(self, given)
    }

    /// A question by its name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The question behind a path of an answer: `name`, or `group.0.name`; none for a path that names no question or a
    /// row beyond the group's bound.
    pub fn at(&self, path: &str) -> Option<&Field> {
        let mut parts = path.split('.');
        let first = self.field(parts.next()?)?;
        let (Some(row), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
            return (!path.contains('.') && !matches!(first.kind, Kind::Group(_))).then_some(first);
        };
        let Kind::Group(group) = &first.kind else { return None };
        let place: usize = row.parse().ok()?;
        if place >= group.most || place.to_string() != row {
            return None;
        }
        group.fields.iter().find(|field| field.name == name)
    }

    /// The keys of the dictionary that it is bound to, each once.
    pub fn keys(&self) -> Vec<&'static str> {
        let keys = self.fields.iter().filter_map(|field| match field.kind {
            Kind::Fact { key, .. } => Some(key.key.as_str()),
            _ => None,
        });
        keys.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// The same form as a JSON Schema that every validator understands: answers as one document, conditions as
    /// `if` and `then`.
    pub fn standard(&self) -> serde_json::Value {
        standard::standard(self)
    }
}

impl Field {
    /// Whether it is bound to a fact.
    pub fn is_bound(&self) -> bool {
        matches!(self.kind, Kind::Fact { .. })
    }

    /// Whether it asks whom it should: a question that is bound to the other kind of subject does not.
    pub fn asks(&self, subject: Subject) -> bool {
        match self.kind {
            Kind::Fact { key, .. } => key.subject == subject,
            _ => true,
        }
    }
}
