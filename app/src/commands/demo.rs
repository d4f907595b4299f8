//! `jinmen demo`: a filled instance to try.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use jinmen_core::Clock;
use serde_json::json;

use super::locale;
use crate::cli::{Demo, Format};
use crate::instance::{self, Opening};
use crate::{demo, server};

pub async fn run(flags: Demo) -> Result<ExitCode> {
    // A throw-away folder lives as long as this value.
    let throwaway =
        if flags.dir.is_none() { Some(tempfile::Builder::new().prefix("jinmen-demo-").tempdir()?) } else { None };
    let dir: PathBuf = match (&flags.dir, &throwaway) {
        (Some(dir), _) => dir.clone(),
        (None, Some(folder)) => folder.path().to_owned(),
        (None, None) => PathBuf::from("jinmen-demo"),
    };
    let state = state_of(&dir)?;
    if state == State::Foreign {
        eprintln!("jinmen: {} is neither empty nor an instance; give an empty folder", dir.display());
        return Ok(ExitCode::from(2));
    }
    let listener = server::bind(flags.listen, flags.port.unwrap_or(8080), flags.port.is_none()).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let open = instance::open(Opening {
        dir: dir.clone(),
        database: flags.database,
        public_url: address.clone(),
        behind_proxy: false,
        clock: Clock::system(),
    })
    .await?;
    if state == State::Empty {
        let progress = if flags.format == Format::Text {
            indicatif::ProgressBar::new_spinner()
        } else {
            indicatif::ProgressBar::hidden()
        };
        progress.enable_steady_tick(std::time::Duration::from_millis(120));
        demo::fill(&open.app, &|step| progress.set_message(step.to_owned())).await?;
        progress.finish_and_clear();
    }
    let sign_ins = demo::sign_ins(&open.app).await?;
    let asked = server::asked_to_stop()?;
    let serving = tokio::spawn({
        let app = open.app.clone();
        async move { server::serve(app, open.mounted, listener, None, asked).await }
    });
    print(&open.app, flags.format, &address, &sign_ins);
    serving.await??;
    Ok(ExitCode::SUCCESS)
}

fn print(app: &module::App, format: Format, address: &str, sign_ins: &[demo::SignIn]) {
    if format == Format::Json {
        let sign_ins: Vec<_> = sign_ins
            .iter()
            .map(|one| json!({ "role": one.role.code(), "account": one.account, "password": one.password }))
            .collect();
        println!("{}", json!({ "address": address, "sign_ins": sign_ins }));
        return;
    }
    let t = app.words(locale());
    println!("\n  {}\n\n    {address}/\n", t.of("module-cli-demo"));
    for one in sign_ins {
        println!("    {:<23} {:<24} {}", one.account, one.password, t.of(&one.role.message_key()));
    }
    println!("\n  {}\n", t.of("module-cli-stop"));
}

#[derive(PartialEq, Eq)]
enum State {
    Empty,
    Instance,
    Foreign,
}

fn state_of(dir: &Path) -> Result<State> {
    if !dir.exists() || (dir.is_dir() && std::fs::read_dir(dir)?.next().is_none()) {
        return Ok(State::Empty);
    }
    Ok(if dir.join("master.key").is_file() { State::Instance } else { State::Foreign })
}
