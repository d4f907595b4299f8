//! One key of the dictionary.

use csv::StringRecord;
use jinmen_core::{Date, Locale, Ratio};
use serde::{Deserialize, Serialize};

/// What has a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An organisation.
    Organization,
    /// A person.
    Person,
}

/// What a key is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Target {
    /// A fact of the file.
    Fact,
    /// Part of the subject itself, such as its name or credit code.
    Column,
    /// A contact point; [`FactKey::part`] is its kind.
    Contact,
    /// What a person is at an organisation; [`FactKey::part`] is the kind, with `.title` for the post.
    Affiliation,
    /// How organisations stand to each other; [`FactKey::part`] is the kind and, after a dot, what of it.
    Relation,
}

/// The type of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactType {
    /// Renminbi.
    Money,
    /// A whole number.
    Integer,
    /// An exact fraction: a share (unit %), or a quantity with decimals (an area).
    Ratio,
    /// A day.
    Date,
    /// A code of a list.
    Code,
    /// Yes or no.
    Boolean,
    /// Words.
    Text,
    /// Several records of fields.
    Records,
}

/// Who may see a value, from everybody to only those with a recorded need.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Anyone.
    Public,
    /// Those who work with the file.
    Internal,
    /// Figures with another owner: only with the subject's authorisation or a named legal basis.
    Restricted,
    /// Personal information.
    Personal,
    /// Sensitive personal information: encrypted, every look recorded.
    Sensitive,
}

/// Whether a value can still be relied on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Freshness {
    /// Within its time, with the days left.
    Fresh(i64),
    /// Past its time, by so many days.
    Stale(i64),
    /// Does not age.
    Lasting,
}

/// The end of a range of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// A number, in the unit of the key.
    Number(Ratio),
    /// A day.
    Day(Date),
    /// The day on which one asks.
    Today,
}

/// One field of the records of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The type; never records.
    pub kind: FactType,
    /// For codes, the list.
    pub list: Option<String>,
    /// The unit of a quantity, empty if there is none.
    pub unit: String,
}

/// One key of the dictionary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FactKey {
    /// The name in the database, in rules and in the API.
    pub key: String,
    /// Whose it is.
    pub subject: Subject,
    /// The group it is shown in, a code of the list `fact_group`.
    pub group: String,
    /// What a value of it becomes.
    pub target: Target,
    /// For what is no fact: the column, the kind of contact, affiliation or relation.
    pub part: String,
    /// The type of its values.
    pub kind: FactType,
    /// For codes, the list.
    pub list: Option<String>,
    /// Whether a value is true for one calendar year.
    pub by_year: bool,
    /// The unit, empty if there is none.
    pub unit: String,
    /// The least value.
    pub min: Option<Bound>,
    /// The greatest value.
    pub max: Option<Bound>,
    /// How many days a value stays fresh; none for ever.
    pub fresh_days: Option<u32>,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How much it counts for a complete file; 0 not at all.
    pub weight: u8,
    /// Headings under which people write it, besides its labels.
    pub synonyms: Vec<String>,
    /// For records, the fields; the first one must be there.
    pub fields: Vec<Field>,
    label: [String; 2],
    help: [String; 2],
}

impl FactKey {
    /// Its name in a reader's language.
    pub fn label(&self, locale: Locale) -> &str {
        &self.label[usize::from(locale == Locale::En)]
    }

    /// What to write, in a reader's language.
    pub fn help(&self, locale: Locale) -> &str {
        &self.help[usize::from(locale == Locale::En)]
    }

    /// Whether a value known since a day can still be relied on.
    pub fn freshness(&self, since: Date, today: Date) -> Freshness {
        match self.fresh_days {
            None => Freshness::Lasting,
            Some(days) => match i64::from(days) - since.days_until(today) {
                left if left >= 0 => Freshness::Fresh(left),
                over => Freshness::Stale(-over),
            },
        }
    }

    /// Whether its values are years of the calendar and not a number of years.
    pub(crate) fn is_calendar_year(&self) -> bool {
        let from_1800 = |bound| matches!(bound, Bound::Number(least) if least >= Ratio::from(1800));
        self.kind == FactType::Integer && self.unit == "年" && self.min.is_some_and(from_1800)
    }

    /// The key as its own only field, so that values and fields of records are read alike.
    pub(crate) fn as_field(&self) -> Field {
        Field { name: self.key.clone(), kind: self.kind, list: self.list.clone(), unit: self.unit.clone() }
    }

    pub(crate) fn from_row(row: &StringRecord) -> Option<Self> {
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let owned = |at: usize| cell(at).to_owned();
        let kind = FactType::from_code(cell(5))?;
        let (min, max) = (Bound::read(cell(9)), Bound::read(cell(10)));
        let key = Self {
            key: owned(0),
            subject: Subject::from_code(cell(1))?,
            group: owned(2),
            target: Target::from_code(cell(3))?,
            part: owned(4),
            kind,
            list: some(cell(6)),
            by_year: cell(7) == "1",
            unit: owned(8),
            min: min.ok()?,
            max: max.ok()?,
            fresh_days: some(cell(11)).map(|days| days.parse()).transpose().ok()?,
            sensitivity: Sensitivity::from_code(cell(12))?,
            weight: cell(13).parse().ok()?,
            label: [owned(14), owned(15)],
            synonyms: cell(16).split('|').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            fields: cell(17).split(';').filter(|field| !field.is_empty()).map(Field::read).collect::<Option<_>>()?,
            help: [owned(18), owned(19)],
        };
        let whole =
            (kind == FactType::Code) == key.list.is_some() && (kind == FactType::Records) != key.fields.is_empty();
        whole.then_some(key)
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Field {
    /// `name:text`, `level:code(award_level)`, `area:ratio(平方米)`.
    fn read(text: &str) -> Option<Self> {
        let (name, kind) = text.split_once(':')?;
        let (kind, inside) = match kind.split_once('(') {
            Some((kind, inside)) => (kind, inside.strip_suffix(')')?),
            None => (kind, ""),
        };
        let kind = FactType::from_code(kind).filter(|kind| *kind != FactType::Records)?;
        let code = kind == FactType::Code;
        let unit = if code { "" } else { inside };
        (code != (inside.is_empty() || !code)).then_some(())?;
        Some(Self { name: name.to_owned(), kind, list: some(inside).filter(|_| code), unit: unit.to_owned() })
    }
}

impl Bound {
    /// A number, a day, or the word `today`; nothing for no bound.
    fn read(text: &str) -> Result<Option<Self>, ()> {
        match text {
            "" => Ok(None),
            "today" => Ok(Some(Self::Today)),
            text => match (Date::from_iso(text), Ratio::parse(text)) {
                (Ok(day), _) => Ok(Some(Self::Day(day))),
                (_, Ok(number)) => Ok(Some(Self::Number(number))),
                _ => Err(()),
            },
        }
    }
}

/// Reading and writing of the words in the data file.
macro_rules! words {
    ($of:ty { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl $of {
            /// Every one of them, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the data, the database and the API.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

words!(Subject { "organization" => Organization, "person" => Person });
words!(Target {
    "fact" => Fact, "column" => Column, "contact" => Contact, "affiliation" => Affiliation, "relation" => Relation,
});
words!(FactType {
    "money" => Money, "integer" => Integer, "ratio" => Ratio, "date" => Date, "code" => Code,
    "boolean" => Boolean, "text" => Text, "records" => Records,
});
words!(Sensitivity {
    "public" => Public, "internal" => Internal, "restricted" => Restricted, "personal" => Personal,
    "sensitive" => Sensitive,
});
