//! `jinmen assess`: what ties software to a foreign CPU, system, database or cipher.

mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use portability::{Options, Report, Target, output};
use tree::OnDisk;

/// How the report is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code review.
    Sarif,
    /// A page to read and print, without scripts.
    Html,
    /// For a spreadsheet.
    Csv,
    /// The packages the software depends on, as CycloneDX 1.6.
    Cyclonedx,
    /// The same as SPDX 2.3. `SOURCE_DATE_EPOCH` says when it was made.
    Spdx,
}

/// The language of a report's sentences.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl From<Language> for portability::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => portability::Language::English,
            Language::Zh => portability::Language::Chinese,
        }
    }
}

/// When the exit code is 1.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Any blocker.
    Blocker,
    /// A blocker that the baseline has not.
    NewBlocker,
    /// Any finding.
    Any,
}

/// `jinmen assess`.
#[derive(Args, Debug, Clone)]
pub struct Assess {
    /// A folder, a file or a package.
    pub path: PathBuf,
    /// CPUs: aarch64, loongarch64, loongarch64-abi1, riscv64, `sw_64` [default: all].
    #[arg(long, value_delimiter = ',', value_parser = target)]
    pub target: Vec<Target>,
    /// What counts: cpu, os, database, crypto.
    #[arg(long, value_delimiter = ',', value_parser = ["cpu", "os", "database", "crypto"], default_value = "cpu,os,database,crypto")]
    pub profile: Vec<String>,
    /// How the report is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The language of the report's sentences.
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
    /// An earlier report as JSON, to tell new blockers from old ones.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// What makes the exit code 1.
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
}

fn target(name: &str) -> Result<Target, String> {
    let known = || Target::ALL.map(Target::name).join(", ");
    Target::from_name(name).ok_or_else(|| format!("no such target; there are {}", known()))
}

/// Runs `jinmen assess`.
pub fn run(flags: &Assess) -> Result<ExitCode> {
    if flags.fail_on == Some(FailOn::NewBlocker) && flags.baseline.is_none() {
        anyhow::bail!("--fail-on new-blocker needs --baseline");
    }
    let baseline = flags.baseline.as_ref().map(|path| earlier(path)).transpose()?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut targets = if flags.target.is_empty() { Target::ALL.to_vec() } else { flags.target.clone() };
    targets.sort_unstable();
    targets.dedup();
    let options = Options { targets, profiles: flags.profile.clone(), threads };
    // Drawn on a terminal only, and on the error channel.
    let bar = ProgressBar::new(0).with_style(ProgressStyle::default_bar());
    let (tree, left_out) = OnDisk::open(&flags.path).with_context(|| flags.path.display().to_string())?;
    let report = portability::assess(&called(&flags.path), &tree, left_out, &options, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let language = flags.lang.into();
    let report = report.in_language(language);
    let printed = match flags.format {
        Format::Text => output::text(&report, language),
        Format::Json => output::json(&report),
        Format::Sarif => output::sarif(&report),
        Format::Html => output::html(&report, language),
        Format::Csv => output::csv(&report),
        Format::Cyclonedx => output::cyclonedx(&report),
        Format::Spdx => output::spdx(&report, &made()?),
    };
    // Whoever reads only the beginning closes the pipe.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), printed.as_bytes());
    let failed = match flags.fail_on {
        None => false,
        Some(FailOn::Any) => !report.findings.is_empty(),
        Some(FailOn::Blocker) => report.findings.iter().any(|finding| finding.blocker),
        Some(FailOn::NewBlocker) => baseline.is_some_and(|earlier| !output::new_blockers(&report, &earlier).is_empty()),
    };
    Ok(ExitCode::from(u8::from(failed)))
}

/// When a bill of materials was made: `SOURCE_DATE_EPOCH`, as reproducible builds set it, or the beginning of that count, so that
/// the same input gives the same bytes.
fn made() -> Result<String> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.parse().context("SOURCE_DATE_EPOCH: not a number of seconds")?,
        Err(_) => 0,
    };
    let time = jiff::Timestamp::from_second(seconds).context("SOURCE_DATE_EPOCH")?;
    Ok(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The name of a path, also of `.`.
fn called(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.file_name().map_or_else(|| ".".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn earlier(path: &Path) -> Result<Report> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| format!("{}: not a report of --format json", path.display()))
}
