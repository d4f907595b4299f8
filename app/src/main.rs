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
    server::log(&cli);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("jinmen: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("jinmen: {error:#}");
            ExitCode::from(2)
        }
    }
}
