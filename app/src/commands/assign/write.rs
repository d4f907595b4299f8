//! The files `jinmen assign` writes: all of them whole, or none.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use assignment::{Assignment, Pair, reasons};
use npyz::WriterBuilder;
use tempfile::NamedTempFile;

use super::{Flags, words};
use crate::commands::locale;
use crate::readers::Instance;

/// A file that is written and still to be moved to its place.
type Written<'a> = (NamedTempFile, &'a Path);

/// Writes what was asked for: all of it, or, where one file cannot be written, none.
pub fn outputs(flags: &Flags, instance: &Instance, assignment: &Assignment) -> Result<()> {
    let mut written: Vec<Written> = Vec::new();
    if let Some(path) = &flags.out {
        written.push(whole(path, |file| pairs(file, instance, assignment))?);
    }
    if let Some(path) = &flags.reasons {
        written.push(whole(path, |file| with_reasons(file, instance, assignment))?);
    }
    if let Some(path) = &flags.proof {
        written.push(whole(path, |file| proof(file, assignment))?);
    }
    for (file, path) in written {
        file.persist(path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Writes beside the place, to be moved there when everything is complete.
fn whole(path: &Path, write: impl FnOnce(&mut NamedTempFile) -> Result<()>) -> Result<Written<'_>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let place = || path.display().to_string();
    let mut file = NamedTempFile::new_in(folder).with_context(place)?;
    write(&mut file).with_context(place)?;
    file.flush().with_context(place)?;
    Ok((file, path))
}

fn pairs(file: &mut NamedTempFile, instance: &Instance, assignment: &Assignment) -> Result<()> {
    let mut table = csv::Writer::from_writer(file);
    table.write_record(["judge", "entry", "score"])?;
    for pair in &assignment.pairs {
        let (judge, entry) = names(instance, pair);
        table.write_record([judge, entry, pair.score.to_string()])?;
    }
    table.flush()?;
    Ok(())
}

fn with_reasons(file: &mut NamedTempFile, instance: &Instance, assignment: &Assignment) -> Result<()> {
    let mut table = csv::Writer::from_writer(file);
    table.write_record(["judge", "entry", "score", "reason"])?;
    let t = crate::commands::words::words(locale())?;
    for (pair, reason) in assignment.pairs.iter().zip(reasons(&instance.problem, assignment)) {
        let (judge, entry) = names(instance, pair);
        table.write_record([judge, entry, pair.score.to_string(), words::reason(&t, &reason)])?;
    }
    table.flush()?;
    Ok(())
}

fn names(instance: &Instance, pair: &Pair) -> (String, String) {
    (instance.judge(pair.judge), instance.entry(pair.entry))
}

fn proof(file: &mut NamedTempFile, assignment: &Assignment) -> Result<()> {
    let mut archive = zip::ZipWriter::new(file);
    for (name, prices) in [("judge_price", &assignment.prices.judge), ("entry_price", &assignment.prices.entry)] {
        // A few kilobytes: the tables of a compressor would be the larger part of the memory.
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(format!("{name}.npy"), options)?;
        let mut bytes = Vec::new();
        let mut array =
            npyz::WriteOptions::new().default_dtype().shape(&[prices.len() as u64]).writer(&mut bytes).begin_nd()?;
        array.extend(prices.iter().copied())?;
        array.finish()?;
        archive.write_all(&bytes)?;
    }
    archive.finish()?;
    Ok(())
}
