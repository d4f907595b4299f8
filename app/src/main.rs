//! The Jinmen program. Every subcommand says how it is used with `--help`; exit 0 is done, 1 a negative answer, 2 bad input or a setting that cannot work.

mod cli;
mod commands;
mod demo;
mod instance;
mod mail;
mod options;
mod readers;
mod server;
mod work;

use std::process::ExitCode;

use clap::Parser;

/// Hashing a password takes 19 MiB for a moment. The system's allocator keeps what was given back, by and by once for every
/// thread; this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    run(cli).unwrap_or_else(|error| {
        eprintln!("jinmen: {error:#}");
        ExitCode::from(2)
    })
}

fn run(cli: cli::Cli) -> anyhow::Result<ExitCode> {
    // Neither threads that wait nor a log: they are more than a small problem needs itself.
    if let cli::Command::Compute(command) = &cli.command {
        return commands::compute(command);
    }
    server::log(&cli);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(cli))
}
