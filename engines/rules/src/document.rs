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
    pub clauses: Vec<ClauseForm>,
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
    pub from: Option<String>,
    pub to: Option<String>,
}

/// A fact as declared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactForm {
    #[serde(rename = "type")]
    pub kind: Text,
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

/// A parameter as declared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterForm {
    pub values: Vec<DatedForm>,
}

/// A value from a day on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedForm {
    pub from: String,
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
    pub in_force: Window,
    #[serde(default)]
    pub tables: BTreeMap<String, TableForm>,
    pub conditions: Vec<ConditionForm>,
    pub amount: Option<Text>,
    #[serde(default)]
    pub payers: BTreeMap<String, Text>,
    pub instalments: Option<u32>,
    pub years: Option<u32>,
    #[serde(default)]
    pub cases: Vec<Json>,
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
    pub within: Text,
    pub value: Text,
}
