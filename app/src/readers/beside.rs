//! Tables beside an assignment problem: pairs that are kept, entries that stay together.

use std::collections::HashMap;
use std::io::Read;

use super::csv_instance::Source;
use super::table::{Row, Table};
use super::{Instance, ReadError};

/// Finds judges and entries by their names, or by their 0-based place where there are none.
struct Places {
    judges: Option<HashMap<String, usize>>,
    entries: Option<HashMap<String, usize>>,
    counts: (usize, usize),
}

impl Places {
    fn new(instance: &Instance) -> Places {
        let by_name = |list: &Vec<String>| list.iter().cloned().zip(0..).collect();
        Places {
            judges: instance.names.as_ref().map(|names| by_name(&names.0)),
            entries: instance.names.as_ref().map(|names| by_name(&names.1)),
            counts: (instance.problem.judges(), instance.problem.entries()),
        }
    }

    fn judge(&self, row: &Row<'_>) -> Result<usize, ReadError> {
        find(row, "judge", self.judges.as_ref(), self.counts.0)
    }

    fn entry(&self, row: &Row<'_>) -> Result<usize, ReadError> {
        find(row, "entry", self.entries.as_ref(), self.counts.1)
    }
}

fn find(row: &Row<'_>, column: &str, names: Option<&HashMap<String, usize>>, count: usize) -> Result<usize, ReadError> {
    let name = row.needed(column)?;
    let place = match names {
        Some(names) => names.get(name).copied(),
        None => name.parse().ok().filter(|place| *place < count),
    };
    place.ok_or_else(|| row.wrong(column, format!("there is no {column} {name}")))
}

/// Reads `judge,entry` and keeps these pairs; other columns are passed over, so that pairs once written can be kept.
pub fn keep<R: Read>(source: Source<'_, R>, instance: &mut Instance) -> Result<(), ReadError> {
    let places = Places::new(instance);
    let mut table = Table::open(source.file, source.from, &["judge", "entry"])?;
    while let Some(row) = table.next_row()? {
        let (judge, entry) = (places.judge(&row)?, places.entry(&row)?);
        instance
            .problem
            .keep(judge, entry)
            .map_err(|_| row.wrong("judge", "the pair cannot be kept: it is a conflict, or kept already"))?;
    }
    Ok(())
}

/// Reads `entry,group` and keeps the entries of a group together; an empty group is none.
pub fn together<R: Read>(source: Source<'_, R>, instance: &mut Instance) -> Result<(), ReadError> {
    let places = Places::new(instance);
    let mut table = Table::open(source.file, source.from, &["entry", "group"])?;
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut seen = vec![false; instance.problem.entries()];
    while let Some(row) = table.next_row()? {
        let entry = places.entry(&row)?;
        let Some(name) = row.text("group")? else { continue };
        if std::mem::replace(&mut seen[entry], true) {
            return Err(row.wrong("entry", format!("entry {} is in a group already", row.needed("entry")?)));
        }
        let number = *numbers.entry(name.to_owned()).or_insert(groups.len());
        if number == groups.len() {
            groups.push(Vec::new());
        }
        let demand = |entry: usize| instance.problem.demand(entry);
        if groups[number].first().is_some_and(|first| demand(*first as usize) != demand(entry)) {
            return Err(row.wrong("group", format!("the entries of group {name} need different numbers of judges")));
        }
        groups[number].push(entry as u32);
    }
    let refused = |fault: assignment::Fault| ReadError::new(source.file, "column group", fault.to_string());
    instance.problem.set_groups(groups).map_err(refused)
}
