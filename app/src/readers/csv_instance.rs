//! An assignment problem from three tables.

use std::collections::HashMap;
use std::io::Read;

use assignment::{Fault, Problem, Scores};

use super::table::Table;
use super::{Instance, ReadError};

/// A file's name and content.
pub struct Source<'a, R> {
    /// The name, for messages.
    pub file: &'a str,
    /// The bytes.
    pub from: R,
}

struct Judges {
    names: HashMap<String, usize>,
    load_min: Vec<u32>,
    load_max: Vec<u32>,
    institution: Option<Vec<Option<u32>>>,
    senior: Option<Vec<bool>>,
}

/// Reads `judge,entry,score[,conflict]`, `judge,load_max[,load_min,institution,senior]` and `entry,demand`. A pair without
/// a row scores 0.
pub fn read<A: Read, B: Read, C: Read>(
    scores: Source<'_, A>,
    judges: Source<'_, B>,
    entries: Source<'_, C>,
) -> Result<Instance, ReadError> {
    let judge_file = judges.file;
    let judges = read_judges(judges)?;
    if judges.names.is_empty() {
        return Err(ReadError::new(judge_file, "", "there are no judges in it"));
    }
    let entry_file = entries.file;
    let (entry_names, demand) = read_entries(entries, judges.names.len())?;
    if demand.is_empty() {
        return Err(ReadError::new(entry_file, "", "there are no entries in it"));
    }
    let score_file = scores.file;
    let (values, conflicts) = read_scores(scores, &judges.names, &entry_names)?;
    let (rows, columns) = (judges.names.len(), entry_names.len());
    let refused = |fault: Fault| ReadError::new(score_file, "", fault.to_string());
    let matrix = Scores::from_f64(rows, columns, values).map_err(refused)?;
    let (judge_list, entry_list) = (ordered(&judges.names), ordered(&entry_names));
    // What a row of a list can have wrong was told with the row.
    let mut problem = Problem::new(matrix, demand, judges.load_min, judges.load_max)
        .map_err(|fault| ReadError::new(judge_file, "", fault.to_string()))?;
    for (judge, entry) in conflicts {
        problem.bar(judge, entry).map_err(refused)?;
    }
    if let Some(institution) = judges.institution {
        problem.set_institutions(institution).map_err(refused)?;
    }
    if let Some(senior) = judges.senior {
        problem.set_seniors(senior).map_err(refused)?;
    }
    Ok(Instance { problem, names: Some((judge_list, entry_list)) })
}

fn ordered(names: &HashMap<String, usize>) -> Vec<String> {
    let mut list = vec![String::new(); names.len()];
    names.iter().for_each(|(name, at)| list[*at].clone_from(name));
    list
}

fn read_judges<R: Read>(source: Source<'_, R>) -> Result<Judges, ReadError> {
    let mut table = Table::open(source.file, source.from, &["judge", "load_max"])?;
    let (has_institution, has_senior) = (table.has("institution"), table.has("senior"));
    let mut judges =
        Judges { names: HashMap::new(), load_min: vec![], load_max: vec![], institution: None, senior: None };
    let mut institutions: HashMap<String, u32> = HashMap::new();
    let (mut of, mut senior) = (Vec::new(), Vec::new());
    while let Some(row) = table.next_row()? {
        let name = row.needed("judge")?;
        let place = judges.names.len();
        if judges.names.insert(name.to_owned(), place).is_some() {
            return Err(row.wrong("judge", format!("judge {name} is there twice")));
        }
        let most = row.count("load_max")?.ok_or_else(|| row.wrong("load_max", "it is empty"))?;
        let least = row.count("load_min")?.unwrap_or(0);
        if least > most {
            return Err(row.wrong("load_min", format!("load_min {least} of judge {name} is above load_max {most}")));
        }
        judges.load_max.push(most);
        judges.load_min.push(least);
        let next = institutions.len() as u32;
        of.push(row.text("institution")?.map(|name| *institutions.entry(name.to_owned()).or_insert(next)));
        senior.push(row.flag("senior")?);
    }
    judges.institution = has_institution.then_some(of);
    judges.senior = has_senior.then_some(senior);
    Ok(judges)
}

fn read_entries<R: Read>(
    source: Source<'_, R>,
    judges: usize,
) -> Result<(HashMap<String, usize>, Vec<u32>), ReadError> {
    let mut table = Table::open(source.file, source.from, &["entry", "demand"])?;
    let (mut names, mut demand) = (HashMap::new(), Vec::new());
    while let Some(row) = table.next_row()? {
        let name = row.needed("entry")?;
        if names.insert(name.to_owned(), demand.len()).is_some() {
            return Err(row.wrong("entry", format!("entry {name} is there twice")));
        }
        let needs = row.count("demand")?.ok_or_else(|| row.wrong("demand", "it is empty"))?;
        if needs as usize > judges {
            return Err(row.wrong("demand", format!("entry {name} needs {needs} judges, there are {judges}")));
        }
        demand.push(needs);
    }
    Ok((names, demand))
}

type Pairs = Vec<(usize, usize)>;

fn read_scores<R: Read>(
    source: Source<'_, R>,
    judges: &HashMap<String, usize>,
    entries: &HashMap<String, usize>,
) -> Result<(Vec<f64>, Pairs), ReadError> {
    let mut table = Table::open(source.file, source.from, &["judge", "entry", "score"])?;
    let mut values = vec![0.0; judges.len() * entries.len()];
    let mut seen = vec![false; values.len()];
    let mut conflicts = Vec::new();
    while let Some(row) = table.next_row()? {
        let (judge, entry) = (row.needed("judge")?, row.needed("entry")?);
        let unknown = |column, what| row.wrong(column, format!("{what} is not in the list"));
        let judge_at = *judges.get(judge).ok_or_else(|| unknown("judge", format!("judge {judge}")))?;
        let entry_at = *entries.get(entry).ok_or_else(|| unknown("entry", format!("entry {entry}")))?;
        let at = judge_at * entries.len() + entry_at;
        if std::mem::replace(&mut seen[at], true) {
            return Err(row.wrong("judge", format!("the pair of judge {judge} and entry {entry} is there twice")));
        }
        let conflict = row.flag("conflict")?;
        match row.text("score")? {
            // A conflict needs no score.
            None if conflict => {}
            None => return Err(row.wrong("score", "it is empty")),
            Some(text) => {
                let score: Option<f64> = text.parse().ok().filter(|score: &f64| score.is_finite() && *score >= 0.0);
                values[at] =
                    score.ok_or_else(|| row.wrong("score", format!("{text} is not a finite number from 0 up")))?;
            }
        }
        if conflict {
            conflicts.push((judge_at, entry_at));
        }
    }
    Ok((values, conflicts))
}
