//! The YAML document as written, before anything is checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_saphyr::Spanned;

/// A text with its place in the file.
pub type Text = Spanned<String>;

/// A policy file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub policy: String,
    #[serde(default)]
    pub issuer: String,
    #[serde(default)]
    pub doc_no: String,
    #[serde(default)]
    pub region: String,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub status: Status,
    #[serde(default)]
    pub in_force: Window,
    #[serde(default)]
    pub facts: BTreeMap<String, FactForm>,
    #[serde(default)]
    pub parameters: BTreeMap<String, ParameterForm>,
    #[serde(default)]
    pub cohort: BTreeMap<String, CohortForm>,
    pub clauses: Vec<ClauseForm>,
    #[serde(default)]
    pub limits: Vec<LimitForm>,
    #[serde(default)]
    pub budgets: Vec<BudgetForm>,
    #[serde(default)]
    pub cohort_cases: Vec<Json>,
}

/// Whether the policy pays.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It may pay while it is in force.
    #[default]
    InForce,
    /// It never pays; what it would pay can be simulated.
    Draft,
}

/// From the first to the last day.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    pub from: Option<Text>,
    pub to: Option<Text>,
}

/// A fact as declared.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactForm {
    #[serde(rename = "type")]
    pub kind: Option<Text>,
    pub registry: Option<Text>,
    pub unit: Option<String>,
    #[serde(default)]
    pub series: bool,
    #[serde(default)]
    pub list: bool,
    #[serde(default)]
    pub fields: BTreeMap<String, FactForm>,
    #[serde(default)]
    pub people: bool,
    pub min: Option<Json>,
    pub max: Option<Json>,
    pub if_absent: Option<Json>,
    #[serde(default)]
    pub grows_monthly: bool,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

/// A mean or a sum over all applicants.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CohortForm {
    pub mean: Option<Text>,
    pub sum: Option<Text>,
    #[serde(rename = "where")]
    pub among: Option<Text>,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

/// A parameter as declared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterForm {
    pub values: Vec<DatedForm>,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

/// A value from a day on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedForm {
    pub from: Text,
    pub value: Text,
}

/// A clause as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseForm {
    pub id: Text,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub status: Status,
    #[serde(default)]
    pub in_force: Window,
    pub once: Option<OnceForm>,
    pub cumulative_cap: Option<Text>,
    pub best: Option<BestForm>,
    #[serde(default)]
    pub payee: String,
    #[serde(default)]
    pub tables: BTreeMap<String, TableForm>,
    pub conditions: Vec<ConditionForm>,
    pub amount: Option<Text>,
    #[serde(default)]
    pub payers: BTreeMap<String, Text>,
    pub instalments: Option<Instalments>,
    pub years: Option<u32>,
    #[serde(default)]
    pub cases: Vec<Json>,
}

/// In how many parts, or in which shares, an amount is paid.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Instalments {
    Equal(u32),
    Shares(Vec<String>),
}

/// That a clause is granted once, or once in so many years.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnceForm {
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub years: Option<Spanned<u32>>,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// That only the best of all applicants are chosen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BestForm {
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub places: Text,
    pub by: Text,
    #[serde(default)]
    pub lowest: bool,
    #[serde(default)]
    pub ties: Ties,
}

/// What becomes of those who share the last place.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// People decide among them.
    #[default]
    People,
    /// All of them are chosen.
    All,
    /// None of them is.
    None,
}

/// What limits several clauses together, for one subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitForm {
    pub zh: String,
    #[serde(default)]
    pub en: String,
    #[serde(default)]
    pub exclusive: Vec<Text>,
    pub cap: Option<Text>,
    #[serde(default)]
    pub clauses: Vec<Text>,
    #[serde(default)]
    pub past: bool,
}

/// An amount that all subjects together get at most.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetForm {
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub clauses: Vec<Text>,
    pub amount: Text,
    pub short: Short,
    pub by: Option<Text>,
    #[serde(default)]
    pub round: RoundForm,
}

/// What happens when a budget does not suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Short {
    /// Everybody gets the same share of what is due.
    ProRata,
    /// First come, first served, until it is used up.
    InOrder,
}

/// To what a share is rounded down.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundForm {
    #[default]
    Fen,
    Yuan,
}

/// A condition with the words it comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionForm {
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub when: Text,
}

/// A table of tiers, or of progressive bands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableForm {
    pub by: Text,
    #[serde(default)]
    pub progressive: bool,
    pub rows: Vec<RowForm>,
}

/// A row: an interval and its value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowForm {
    #[serde(rename = "in")]
    pub within: Option<Text>,
    pub is: Option<Vec<Text>>,
    pub value: Text,
}
