//! The subcommands.

pub mod assess;
pub mod assign;
pub mod backup;
mod demo;
mod import;
pub mod policy;
pub mod rank;
pub mod record;
pub mod rekey;
mod serve;
mod user;
pub mod verify;
pub mod witness;
mod words;

use std::process::ExitCode;

use anyhow::Result;
use jinmen_core::{Error, Locale};
use module::App;

use crate::cli::{Cli, Command, Compute, Import, User};

/// Runs what reads files and computes.
pub fn compute(command: &Compute) -> Result<ExitCode> {
    match command {
        Compute::Rank(flags) => rank::run(flags),
        Compute::Assess(flags) => assess::run(flags),
        Compute::Assign(flags) => assign::run(flags),
        Compute::Policy(command) => policy::run(command),
    }
}

/// Runs what was asked for.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Serve(flags) => serve::run(flags).await,
        Command::Demo(flags) => demo::run(flags).await,
        Command::Import(Import::Organizations(flags)) => import::organizations(flags).await,
        Command::Import(Import::Undo(flags)) => import::undo(flags).await,
        Command::User(User::Add(flags)) => user::add(flags).await,
        Command::User(User::List(flags)) => user::list(flags).await,
        Command::User(User::Password(flags)) => user::password(flags).await,
        Command::User(User::Invite(flags)) => user::invite(flags).await,
        Command::User(User::ResetSecondFactor(flags)) => user::reset_second_factor(flags).await,
        Command::User(User::Disable(flags)) => user::disable(flags, true).await,
        Command::User(User::Enable(flags)) => user::disable(flags, false).await,
        Command::User(User::Grant(flags)) => user::grant(flags).await,
        Command::Compute(command) => compute(&command),
        Command::Record(command) => record::run(command).await,
        Command::Backup(flags) => backup::write(flags).await,
        Command::Restore(flags) => backup::restore(flags).await,
        Command::Rekey(flags) => rekey::run(flags).await,
        Command::Verify(flags) => verify::run(&flags),
        Command::Witness(flags) => witness::run(flags).await,
    }
}

/// The language of the terminal.
pub(crate) fn locale() -> Locale {
    let lang = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match lang.as_deref() {
        Some(lang) if lang.starts_with("zh") => Locale::ZhCn,
        _ => Locale::En,
    }
}

/// A use case's error in words, and the exit code it means.
fn refused(app: &App, error: Error) -> Result<ExitCode> {
    let t = app.words(locale());
    match error {
        Error::Invalid(faults) => {
            for fault in faults {
                let field = fault.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
                eprintln!("jinmen: {field}{}", module::sentence(&t, &fault));
            }
            Ok(ExitCode::from(2))
        }
        Error::Conflict(fault) => {
            eprintln!("jinmen: {}", module::sentence(&t, &fault));
            Ok(ExitCode::from(1))
        }
        Error::NotFound => {
            eprintln!("jinmen: {}", t.of("module-cli-not-found"));
            Ok(ExitCode::from(1))
        }
        other => Err(anyhow::anyhow!("{other:?}")),
    }
}
