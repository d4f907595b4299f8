//! `jinmen record`: the record of what was done, from the terminal.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use jinmen_core::Actor;
use record::seal::Algorithm;
use serde_json::json;

use super::refused;
use crate::cli::{Format, Instance};
use crate::instance::{self, Opening};

/// `jinmen record`.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Command {
    /// Check the whole record of an instance: every entry, every place, the tree, the signature.
    #[command(after_help = "Example:\n  jinmen record check --dir /var/lib/jinmen --format json\n\n\
                            Exit 0 for a record that is whole, 1 for one that is not.")]
    Check(Check),
    /// End a signing key and make the next one, for which the keys in use vouch.
    #[command(after_help = "Example:\n  jinmen record rotate --algorithm ed25519 --dir /var/lib/jinmen")]
    Rotate(Rotate),
}

/// `jinmen record check`.
#[derive(Args, Debug)]
pub struct Check {
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen record rotate`.
#[derive(Args, Debug)]
pub struct Rotate {
    /// Which key.
    #[arg(long, value_enum)]
    pub algorithm: Kind,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The algorithms that records are signed with.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum Kind {
    /// Ed25519.
    #[value(name = "ed25519")]
    Ed25519,
    /// SM2 over SM3.
    #[value(name = "sm2-sm3")]
    Sm2,
}

/// Runs what was asked for.
pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check(flags) => check(flags).await,
        Command::Rotate(flags) => rotate(flags).await,
    }
}

async fn check(flags: Check) -> Result<ExitCode> {
    let open = instance::open(Opening::local(&flags.instance.dir, flags.instance.database)).await?;
    let bar = match flags.format {
        Format::Text => indicatif::ProgressBar::new_spinner(),
        Format::Json => indicatif::ProgressBar::hidden(),
    };
    let audit = match record::audit(&open.app.db, |entries| bar.set_message(entries.to_string())).await {
        Ok(audit) => audit,
        Err(error) => return refused(&open.app, error),
    };
    bar.finish_and_clear();
    match flags.format {
        Format::Json => println!("{}", json!({ "whole": audit.is_whole(), "audit": audit })),
        Format::Text => {
            audit.faults.iter().for_each(|fault| println!("WRONG {fault}"));
            let word = if audit.is_whole() { "whole" } else { "NOT WHOLE" };
            println!(
                "{word}: {} entries, {} without their meaning, {} waiting",
                audit.entries, audit.forgotten, audit.waiting
            );
        }
    }
    Ok(ExitCode::from(u8::from(!audit.is_whole())))
}

async fn rotate(flags: Rotate) -> Result<ExitCode> {
    let open = instance::open(Opening::local(&flags.instance.dir, flags.instance.database)).await?;
    let app = &open.app;
    let algorithm = match flags.algorithm {
        Kind::Ed25519 => Algorithm::Ed25519,
        Kind::Sm2 => Algorithm::Sm2,
    };
    let key =
        record::rotate(&app.db, &Actor::System("cli"), &app.vault.wrapping_key(), algorithm, app.clock.now()).await;
    match key {
        Ok(key) if flags.format == Format::Json => println!("{}", json!({ "algorithm": algorithm.code(), "key": key })),
        Ok(key) => println!("{} {key} signs from now on; /.well-known/jinmen/keys shows both", algorithm.code()),
        Err(error) => return refused(app, error),
    }
    Ok(ExitCode::SUCCESS)
}
