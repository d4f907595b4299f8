//! An assignment problem from an archive of NumPy arrays.

use std::io::{Read, Seek, SeekFrom};

use assignment::{Fault, Problem, Scores};
use zip::ZipArchive;

use super::npy::{self, Array, Values};
use super::{Instance, ReadError};

/// The arrays as they stand in the file.
pub struct Raw {
    file: String,
    judges: usize,
    entries: usize,
    scores: Values,
    scale: f64,
    demand: Vec<u32>,
    load_min: Vec<u32>,
    load_max: Vec<u32>,
    conflict: Option<Vec<u8>>,
    institution: Option<Vec<i64>>,
    senior: Option<Vec<i64>>,
}

/// No byte of deflated data stands for more.
const DEFLATED: u64 = 1032;

/// So many negative values, and one in twenty, are no slip of the pen.
const MANY_NEGATIVE: usize = 10;

/// Reads `scores` (judges × entries), `demand`, `load_max`, and, where there, `scale`, `conflict`, `load_min`,
/// `institution` and `senior`.
pub fn read(file: &str, mut from: impl Read + Seek) -> Result<Raw, ReadError> {
    let broken = |error: String| ReadError::new(file, "", format!("it is not a complete .npz archive: {error}"));
    let length = from.seek(SeekFrom::End(0)).map_err(|error| broken(error.to_string()))?;
    let archive = ZipArchive::new(from).map_err(|error| broken(error.to_string()))?;
    let mut arrays = Arrays { file, archive, most: length.saturating_mul(DEFLATED) };
    let table = arrays.required("scores")?;
    let &[judges, entries] = table.shape.as_slice() else {
        return Err(arrays.wrong("scores", format!("it has {} dimensions, not judges × entries", table.shape.len())));
    };
    if judges == 0 || entries == 0 {
        let side = if judges == 0 { "judges" } else { "entries" };
        return Err(arrays.wrong("scores", format!("there are no {side}")));
    }
    Ok(Raw {
        file: file.to_owned(),
        judges,
        entries,
        scores: table.values,
        scale: arrays.scale()?,
        demand: arrays.counts("demand", entries)?.ok_or_else(|| arrays.missing("demand"))?,
        load_max: arrays.counts("load_max", judges)?.ok_or_else(|| arrays.missing("load_max"))?,
        load_min: arrays.counts("load_min", judges)?.unwrap_or_else(|| vec![0; judges]),
        conflict: arrays.flags("conflict", judges, entries)?,
        institution: arrays.whole("institution", judges)?,
        senior: arrays.whole("senior", judges)?,
    })
}

impl Raw {
    /// Checks the scores and makes the problem.
    pub fn build(self) -> Result<Instance, ReadError> {
        let (file, entries) = (self.file, self.entries);
        let scores = scores(&file, self.scores, self.judges, entries, self.scale)?;
        let refused = |fault: Fault| ReadError::new(&file, "", fault.to_string());
        let mut problem = Problem::new(scores, self.demand, self.load_min, self.load_max).map_err(|fault| {
            let place = match fault {
                Fault::Demand { entry, .. } => format!("demand[{entry}]"),
                Fault::Loads { judge, .. } => format!("load_min[{judge}]"),
                _ => String::new(),
            };
            ReadError::new(&file, place, fault.to_string())
        })?;
        if let Some(conflict) = self.conflict {
            problem.bar_flagged(&conflict).map_err(refused)?;
        }
        if let Some(institution) = self.institution {
            let institution = institution.iter().map(|id| u32::try_from(*id).ok()).collect();
            problem.set_institutions(institution).map_err(refused)?;
        }
        if let Some(senior) = self.senior {
            problem.set_seniors(senior.iter().map(|flag| *flag != 0).collect()).map_err(refused)?;
        }
        Ok(Instance { problem, names: None })
    }
}

fn scores(file: &str, values: Values, judges: usize, entries: usize, scale: f64) -> Result<Scores, ReadError> {
    let place = |at: usize| format!("scores[{}, {}]", at / entries.max(1), at % entries.max(1));
    let wrong = |at: usize, value: String| {
        let what = format!("score {value} is not a finite number from 0 up");
        ReadError::new(file, place(at), what)
    };
    match &values {
        Values::Byte(_) => {}
        Values::Int(list) => {
            if let Some(at) = list.iter().position(|value| *value < 0) {
                return Err(wrong(at, list[at].to_string()));
            }
        }
        Values::Long(list) => {
            if let Some(at) = list.iter().position(|value| *value < 0) {
                return Err(wrong(at, list[at].to_string()));
            }
        }
        Values::Single(list) => {
            if let Some(at) = not_a_score(list.iter().map(|value| f64::from(*value))) {
                return Err(wrong(at, list[at].to_string()));
            }
        }
        Values::Double(list) => {
            if let Some(at) = not_a_score(list.iter().copied()) {
                return Err(wrong(at, list[at].to_string()));
            }
        }
    }
    let refused = |fault: Fault| ReadError::new(file, "array scores", fault.to_string());
    match values {
        Values::Byte(list) => Scores::from_i32(judges, entries, list.into_iter().map(i32::from).collect(), scale),
        Values::Int(list) => Scores::from_i32(judges, entries, list, scale),
        Values::Long(list) => Scores::from_i64(judges, entries, list, scale),
        Values::Single(list) if scale == 1.0 => Scores::from_f32(judges, entries, list),
        Values::Single(list) => {
            Scores::from_f64(judges, entries, list.into_iter().map(|value| f64::from(value) / scale).collect())
        }
        Values::Double(list) if scale == 1.0 => Scores::from_f64(judges, entries, list),
        Values::Double(list) => {
            Scores::from_f64(judges, entries, list.into_iter().map(|value| value / scale).collect())
        }
    }
    .map_err(refused)
}

/// The first value that is no score. Similarities between −1 and 1, as cosines are, may be negative, and then many of them
/// are; where any value lies outside, or only a few are negative, a negative one is a mistake.
fn not_a_score(values: impl ExactSizeIterator<Item = f64> + Clone) -> Option<usize> {
    // Rounding may carry a cosine a little beyond 1.
    let within = values.clone().all(|value| value.abs() <= 1.0 + 1e-6);
    let negative = values.clone().filter(|value| *value < 0.0).count();
    let cosines = within && negative >= MANY_NEGATIVE && negative * 20 >= values.len();
    values.clone().position(|value| !value.is_finite() || (value < 0.0 && !cosines))
}

struct Arrays<'a, R> {
    file: &'a str,
    archive: ZipArchive<R>,
    /// The most bytes the whole file can hold.
    most: u64,
}

impl<R: Read + Seek> Arrays<'_, R> {
    fn wrong(&self, name: &str, what: impl Into<String>) -> ReadError {
        ReadError::new(self.file, format!("array {name}"), what)
    }

    fn missing(&self, name: &str) -> ReadError {
        self.wrong(name, "it is missing; scores, demand and load_max are needed")
    }

    fn required(&mut self, name: &str) -> Result<Array, ReadError> {
        self.optional(name)?.ok_or_else(|| self.missing(name))
    }

    fn optional(&mut self, name: &str) -> Result<Option<Array>, ReadError> {
        let member = format!("{name}.npy");
        if self.archive.index_for_name(&member).is_none() {
            return Ok(None);
        }
        let read = match self.archive.by_name(&member) {
            Ok(entry) => {
                let bytes = entry.size().min(self.most);
                npy::read(entry, bytes)
            }
            Err(error) => Err(format!("it cannot be opened: {error}")),
        };
        read.map(Some).map_err(|what| self.wrong(name, what))
    }

    fn scale(&mut self) -> Result<f64, ReadError> {
        let Some(array) = self.optional("scale")? else { return Ok(1.0) };
        let value = match &array.values {
            Values::Byte(list) => list.first().map(|value| f64::from(*value)),
            Values::Int(list) => list.first().map(|value| f64::from(*value)),
            Values::Long(list) => list.first().map(|value| *value as f64),
            Values::Single(list) => list.first().map(|value| f64::from(*value)),
            Values::Double(list) => list.first().copied(),
        };
        let single = array.shape.iter().product::<usize>() == 1;
        value
            .filter(|value| single && value.is_finite() && *value > 0.0)
            .ok_or_else(|| self.wrong("scale", "it is not one number above 0"))
    }

    /// One whole number for each judge or entry.
    fn whole(&mut self, name: &str, count: usize) -> Result<Option<Vec<i64>>, ReadError> {
        let Some(array) = self.optional(name)? else { return Ok(None) };
        if array.shape != [count] {
            return Err(self.wrong(name, format!("its shape is {:?}, expected [{count}]", array.shape)));
        }
        match array.values {
            Values::Byte(list) => Ok(Some(list.into_iter().map(i64::from).collect())),
            Values::Int(list) => Ok(Some(list.into_iter().map(i64::from).collect())),
            Values::Long(list) => Ok(Some(list)),
            Values::Single(_) | Values::Double(_) => Err(self.wrong(name, "its values are not whole numbers")),
        }
    }

    /// A flag for each pair.
    fn flags(&mut self, name: &str, judges: usize, entries: usize) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(array) = self.optional(name)? else { return Ok(None) };
        if array.shape != [judges, entries] {
            return Err(self.wrong(name, format!("its shape {:?} is not that of scores", array.shape)));
        }
        match array.values {
            Values::Byte(flags) => Ok(Some(flags)),
            Values::Int(flags) => Ok(Some(flags.into_iter().map(|flag| u8::from(flag != 0)).collect())),
            _ => Err(self.wrong(name, "its values are not flags: use u1 or bool")),
        }
    }

    fn counts(&mut self, name: &str, count: usize) -> Result<Option<Vec<u32>>, ReadError> {
        let Some(list) = self.whole(name, count)? else { return Ok(None) };
        let mut counts = Vec::with_capacity(count);
        for (at, value) in list.into_iter().enumerate() {
            match u32::try_from(value) {
                Ok(value) => counts.push(value),
                Err(_) => {
                    let what = format!("{value} is not a whole number from 0 up");
                    return Err(ReadError::new(self.file, format!("{name}[{at}]"), what));
                }
            }
        }
        Ok(Some(counts))
    }
}
