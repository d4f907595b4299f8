//! Reading what was typed: what is asked, what is answered, what is missing or wrong.

use std::collections::{BTreeMap, BTreeSet};

use jinmen_core::Fault;
use serde_json::{Map, Value as Json};

use super::{Field, Form, Given, Group, Kind, value};

/// What a form says to what was typed.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The questions that are asked or filled, by path; in a group, those of every row.
    pub shown: BTreeSet<String>,
    /// Answers by path, of questions that are shown, each as JSON Schema has it.
    pub values: BTreeMap<String, Json>,
    /// Those of them that come from the file.
    pub filled: BTreeSet<String>,
    /// Rows of each group.
    pub rows: BTreeMap<String, usize>,
    /// Answers that cannot be read, by path.
    pub wrong: Vec<Fault>,
    /// Questions that must be answered and were not, by path.
    pub missing: Vec<Fault>,
}

/// How a question stands for somebody who fills the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// It is not shown: its condition is not met, or it asks another kind of subject.
    Not,
    /// It is filled from the file.
    Filled,
    /// It is asked.
    Yes,
}

impl Reading {
    /// How a question stands.
    pub fn asked(&self, path: &str) -> Asked {
        if !self.shown.contains(path) {
            return Asked::Not;
        }
        if self.filled.contains(path) { Asked::Filled } else { Asked::Yes }
    }

    /// Whether it may be handed in.
    pub fn is_complete(&self) -> bool {
        self.wrong.is_empty() && self.missing.is_empty()
    }

    /// Everything that stands against handing it in.
    pub fn faults(&self) -> Vec<Fault> {
        self.wrong.iter().chain(&self.missing).cloned().collect()
    }

    /// The answers as one document: groups are arrays of objects.
    pub fn document(&self, form: &Form) -> Json {
        let mut document = Map::new();
        for field in &form.fields {
            match &field.kind {
                Kind::Group(group) => {
                    let rows = self.rows.get(&field.name).copied().unwrap_or(0);
                    let list: Vec<Json> = (0..rows).map(|row| self.row(&field.name, group, row)).collect();
                    if !list.is_empty() && self.shown.contains(&field.name) {
                        document.insert(field.name.clone(), Json::Array(list));
                    }
                }
                _ => {
                    if let Some(value) = self.values.get(&field.name) {
                        document.insert(field.name.clone(), value.clone());
                    }
                }
            }
        }
        Json::Object(document)
    }

    fn row(&self, name: &str, group: &Group, row: usize) -> Json {
        let value = |field: &Field| {
            let value = self.values.get(&format!("{name}.{row}.{}", field.name))?;
            Some((field.name.clone(), value.clone()))
        };
        Json::Object(group.fields.iter().filter_map(value).collect())
    }
}

pub(super) fn read(form: &Form, given: &Given<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut section_of: Vec<Option<usize>> = vec![None; form.fields.len()];
    for (at, section) in form.sections.iter().enumerate() {
        section.fields.iter().for_each(|place| section_of[*place] = Some(at));
    }
    for place in &form.order {
        let field = &form.fields[*place];
        let section = section_of[*place].map(|at| &form.sections[at]);
        let conditions = section.and_then(|section| section.when.as_ref()).into_iter().chain(&field.when);
        let met = {
            let answer = |name: &str| answer(form, &reading, name);
            conditions.into_iter().all(|when| when.holds(&answer))
        };
        if !met || !field.asks(given.subject) {
            continue;
        }
        reading.shown.insert(field.name.clone());
        one(form, field, given, &mut reading);
    }
    reading
}

/// The answer of a question outside groups, for conditions; a group is answered when it has rows, files when there are any.
fn answer<'a>(form: &'a Form, reading: &'a Reading, name: &str) -> Option<(&'a Kind, &'a Json)> {
    const THERE: &Json = &Json::Bool(true);
    let field = form.field(name)?;
    if let Some(value) = reading.values.get(name) {
        return Some((&field.kind, value));
    }
    let there = reading.rows.get(name).is_some_and(|rows| *rows > 0);
    there.then_some((&field.kind, THERE))
}

fn one(form: &Form, field: &Field, given: &Given<'_>, reading: &mut Reading) {
    match &field.kind {
        Kind::Group(group) => rows(form, field, group, given, reading),
        Kind::File { least, most, .. } => files(field, *least, *most, given, reading),
        _ => leaf(field, &field.name, given, reading),
    }
}

fn files(field: &Field, least: usize, most: usize, given: &Given<'_>, reading: &mut Reading) {
    let count = given.files.get(&field.name).copied().unwrap_or(0);
    reading.rows.insert(field.name.clone(), count);
    if count > most {
        reading.wrong.push(Fault::at(&field.name, "calls.answer_files_most").with("most", most));
    }
    let needed = if field.required { least.max(1) } else { least };
    if count < needed && (field.required || count > 0) {
        reading.missing.push(Fault::at(&field.name, "calls.answer_files").with("least", needed));
    }
}

fn leaf(field: &Field, path: &str, given: &Given<'_>, reading: &mut Reading) {
    let typed = given.typed.get(path).map(Vec::as_slice).unwrap_or_default();
    // What a person says is newer than the file; what is stale is asked again.
    let said = typed.iter().any(|text| !text.trim().is_empty());
    if !said && let Some(known) = given.file.get(path).filter(|known| field.is_bound() && !known.stale) {
        reading.values.insert(path.to_owned(), known.value.to_json().get("v").cloned().unwrap_or_default());
        reading.filled.insert(path.to_owned());
        return;
    }
    match value::read(field, path, typed, given.today) {
        Ok(Some(value)) => {
            let refused = field.required && matches!(field.kind, Kind::Yes) && value == false;
            reading.values.insert(path.to_owned(), value);
            if refused {
                reading.missing.push(Fault::at(path, "calls.answer_agree"));
            }
        }
        Ok(None) if field.required => reading.missing.push(Fault::at(path, "core.required")),
        Ok(None) => {}
        Err(fault) => reading.wrong.push(fault),
    }
}

/// How many rows of a group somebody has begun: up to the last with something in it.
fn begun(name: &str, group: &Group, typed: &super::Typed) -> usize {
    let filled = |(path, texts): (&String, &Vec<String>)| {
        let rest = path.strip_prefix(name)?.strip_prefix('.')?;
        let row: usize = rest.split('.').next()?.parse().ok()?;
        texts.iter().any(|text| !text.trim().is_empty()).then_some(row + 1)
    };
    typed.iter().filter_map(filled).max().unwrap_or(0).min(group.most)
}

fn rows(form: &Form, field: &Field, group: &Group, given: &Given<'_>, reading: &mut Reading) {
    let name = &field.name;
    let rows = begun(name, group, given.typed);
    reading.rows.insert(name.clone(), rows);
    let needed = if field.required { group.least.max(1) } else { group.least };
    if rows < needed && (field.required || rows > 0) {
        reading.missing.push(Fault::at(name, "calls.answer_rows").with("least", needed));
    }
    for row in 0..rows {
        for place in &group.order {
            let one = &group.fields[*place];
            let met = {
                let own = |asked: &str| {
                    let beside = group.fields.iter().find(|other| other.name == asked);
                    match beside {
                        Some(other) => {
                            let value = reading.values.get(&format!("{name}.{row}.{asked}"))?;
                            Some((&other.kind, value))
                        }
                        None => answer(form, reading, asked),
                    }
                };
                one.when.as_ref().is_none_or(|when| when.holds(&own))
            };
            if met {
                let path = format!("{name}.{row}.{}", one.name);
                reading.shown.insert(path.clone());
                leaf(one, &path, given, reading);
            }
        }
    }
}
