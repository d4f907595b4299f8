//! `jinmen assign`.

mod flags;
mod measure;
mod report;
mod words;
mod write;

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, Result};
use assignment::{Assignment, Failure, Lottery, Problem, Progress, Randomness, Rules};
use indicatif::ProgressBar;
use ui::Words;

pub use flags::Flags;

use crate::commands::locale;
use crate::readers::csv_instance::{self, Source};
use crate::readers::{Instance, beside, npz_instance};
use measure::Clock;
use report::Outcome;

/// Reads, assigns, reports.
pub fn run(flags: &Flags) -> Result<ExitCode> {
    flags.check()?;
    let clock = Clock::start();
    let raw = read(flags)?;
    let seconds_read = clock.seconds();
    let clock = Clock::start();
    let mut instance = raw.build()?;
    let seconds_build = clock.seconds();
    add_beside(flags, &mut instance)?;
    instance.problem.set_threads(flags.threads);
    let rules = Rules { one_per_institution: flags.one_per_institution, one_senior: flags.one_senior };
    check_rules(&instance.problem, &rules)?;
    let bar = Bar::new()?;
    let clock = Clock::start();
    let found = solve(&instance.problem, &rules, flags, &|progress| bar.note(progress));
    let seconds_solve = clock.seconds();
    bar.bar.finish_and_clear();
    match found {
        Ok((assignment, lottery)) => {
            let outcome = Outcome {
                instance: &instance,
                rules: &rules,
                assignment: &assignment,
                lottery: lottery.as_ref(),
                seconds_read,
                seconds_build,
                seconds_solve,
            };
            write::outputs(flags, &instance, &assignment)?;
            report::print(flags, &outcome)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Infeasible(blocking)) => {
            report::print_blocking(flags, &instance, &blocking)?;
            Ok(ExitCode::from(1))
        }
        Err(Failure::Cancelled) => {
            anyhow::bail!(crate::commands::words::words(locale())?.of("cli-assign-stopped"))
        }
    }
}

fn solve(
    problem: &Problem,
    rules: &Rules,
    flags: &Flags,
    watch: &dyn assignment::Watch,
) -> Result<(Assignment, Option<Lottery>), Failure> {
    let randomness = match (flags.max_probability, flags.quality) {
        (Some(cap), _) => Some(Randomness::MaxProbability(cap)),
        (None, Some(share)) => Some(Randomness::Quality(share)),
        (None, None) => None,
    };
    match randomness {
        Some(randomness) => {
            let lottery = assignment::lottery(problem, randomness, watch)?;
            let drawn = lottery.draw(problem, flags.seed.to_string().as_bytes(), watch)?;
            Ok((drawn, Some(lottery)))
        }
        None if flags.fair => Ok((assignment::fair(problem, rules, watch)?, None)),
        None => {
            let found = assignment::optimum(problem, rules, watch)?;
            let found = if flags.connect { assignment::connect(problem, rules, &found, watch)? } else { found };
            Ok((found, None))
        }
    }
}

/// Pairs that are kept and entries that stay together.
fn add_beside(flags: &Flags, instance: &mut Instance) -> Result<()> {
    if let Some(path) = &flags.keep {
        let name = path.display().to_string();
        beside::keep(Source { file: &name, from: open(path)? }, instance)?;
    }
    if let Some(path) = &flags.together {
        let name = path.display().to_string();
        beside::together(Source { file: &name, from: open(path)? }, instance)?;
    }
    Ok(())
}

fn check_rules(problem: &Problem, rules: &Rules) -> Result<()> {
    if rules.one_per_institution && !problem.has_institutions() {
        anyhow::bail!("--one-per-institution needs the institution of every judge, and the input has none");
    }
    if rules.one_senior && !problem.has_seniors() {
        anyhow::bail!("--one-senior needs to know which judges are senior, and the input does not say");
    }
    Ok(())
}

/// What was read and is still to become a problem; tables are checked while they are read.
enum Read {
    Arrays(Box<npz_instance::Raw>),
    Tables(Box<Instance>),
}

impl Read {
    fn build(self) -> Result<Instance> {
        match self {
            Read::Arrays(raw) => Ok(raw.build()?),
            Read::Tables(instance) => Ok(*instance),
        }
    }
}

fn read(flags: &Flags) -> Result<Read> {
    if let Some(path) = &flags.npz {
        let raw = npz_instance::read(&path.display().to_string(), open(path)?)?;
        return Ok(Read::Arrays(Box::new(raw)));
    }
    let (Some(scores), Some(judges), Some(entries)) = (&flags.scores, &flags.judges, &flags.entries) else {
        anyhow::bail!("give --npz FILE, or --scores, --judges and --entries");
    };
    let names = [scores, judges, entries].map(|path| path.display().to_string());
    let instance = csv_instance::read(
        Source { file: &names[0], from: open(scores)? },
        Source { file: &names[1], from: open(judges)? },
        Source { file: &names[2], from: open(entries)? },
    )?;
    Ok(Read::Tables(Box::new(instance)))
}

fn open(path: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
}

/// Progress on standard error, where that is a terminal.
struct Bar {
    bar: ProgressBar,
    words: Option<Words>,
}

impl Bar {
    fn new() -> Result<Bar> {
        let bar = ProgressBar::new(0);
        let words = if bar.is_hidden() { None } else { Some(crate::commands::words::words(locale())?) };
        Ok(Bar { bar, words })
    }

    fn note(&self, progress: Progress) -> ControlFlow<()> {
        if let Some(t) = &self.words {
            self.bar.set_message(words::stage(t, progress.stage));
            self.bar.set_length(progress.all as u64);
            self.bar.set_position(progress.done as u64);
        }
        ControlFlow::Continue(())
    }
}
