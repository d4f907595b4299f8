//! `jinmen import`.

use std::process::ExitCode;

use anyhow::{Context, Result};
use futures::StreamExt;
use indicatif::ProgressBar;
use jinmen_core::{Actor, Error, OrganizationId};
use module::App;
use registry::model::{Import, ImportId};
use registry::ops::{find, imports};
use serde_json::json;
use tokio_util::io::ReaderStream;

use super::{locale, refused};
use crate::cli::{Format, ImportOrganizations, ImportUndo};
use crate::instance::{self, Opening};

const ACTOR: Actor = Actor::System("command line");

/// Shows progress on standard error.
struct Bar(ProgressBar);

#[async_trait::async_trait]
impl imports::Progress for Bar {
    async fn note(&self, done: i64, all: i64) -> jinmen_core::Result<bool> {
        self.0.set_length(u64::try_from(all.max(done)).unwrap_or_default());
        self.0.set_position(u64::try_from(done).unwrap_or_default());
        Ok(true)
    }
}

pub async fn organizations(flags: ImportOrganizations) -> Result<ExitCode> {
    let file = match tokio::fs::File::open(&flags.file).await {
        Ok(file) => file,
        Err(error) => {
            eprintln!("jinmen: {}: {error}", flags.file.display());
            return Ok(ExitCode::from(2));
        }
    };
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    let done = async {
        let keeper = keeper(&app, flags.keeper.as_deref()).await?;
        let name = flags.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = ReaderStream::new(file).map(|chunk| chunk.map(|bytes| bytes.to_vec())).boxed();
        let stored = app.files.blobs().put(bytes, imports::MOST_BYTES as u64).await?;
        let id = imports::start(&app, &ACTOR, keeper, &name, stored).await?;
        let bar = Bar(ProgressBar::new(0));
        let import = imports::perform_check(&app, id, &bar).await?;
        if let Some(problem) = import.problem.clone() {
            return Err(Error::Invalid(vec![problem]));
        }
        let faults = imports::faults(&app, &import, imports::FAULTS_KEPT as u32).await?;
        let import = if flags.dry_run { import } else { imports::perform_run(&app, &ACTOR, id, None, &bar).await? };
        bar.0.finish_and_clear();
        Ok::<_, Error>((import, faults))
    };
    let (import, faults) = match done.await {
        Ok(done) => done,
        Err(error) => return refused(&app, error).map(|_| ExitCode::from(2)),
    };
    report(&app, &flags, &import, &faults);
    Ok(if import.faulty == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn keeper(app: &App, given: Option<&str>) -> jinmen_core::Result<Option<OrganizationId>> {
    match given {
        Some(text) => find::organization(&app.db, text)
            .await?
            .map(Some)
            .ok_or_else(|| Error::field("keeper", "registry.organization_unknown")),
        None => find::only_alliance(app).await,
    }
}

fn report(app: &App, flags: &ImportOrganizations, import: &Import, faults: &[registry::import::RowFault]) {
    let t = app.words(locale());
    if flags.format == Format::Json {
        let list: Vec<_> = faults
            .iter()
            .map(|one| json!({ "row": one.row, "column": one.column, "field": one.field, "message": module::sentence(&t, &one.fault()) }))
            .collect();
        println!(
            "{}",
            json!({ "import": import.id.text(), "rows": import.rows, "accepted": import.accepted, "duplicates": import.duplicates, "faults": list })
        );
        return;
    }
    for one in faults {
        println!("{}:{}{} {}", import.file_name, one.column, one.row, module::sentence(&t, &one.fault()));
    }
    let args = [
        ("rows", import.rows.into()),
        ("accepted", import.accepted.into()),
        ("duplicates", import.duplicates.into()),
        ("faulty", import.faulty.into()),
        ("id", import.id.text().into()),
    ];
    println!(
        "{}",
        t.with(if flags.dry_run { "registry-import-cli-checked" } else { "registry-import-cli-done" }, &args)
    );
}

pub async fn undo(flags: ImportUndo) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone()))
        .await
        .context("the instance")?
        .app;
    let done = async {
        let id: ImportId = flags.import.parse()?;
        imports::check_undo(&app, &ACTOR, id).await?;
        let bar = Bar(ProgressBar::new(0));
        let import = imports::perform_undo(&app, &ACTOR, id, &bar).await?;
        bar.0.finish_and_clear();
        Ok::<_, Error>(import)
    };
    match done.await {
        Ok(import) => {
            match flags.format {
                Format::Json => println!("{}", json!({ "import": import.id.text(), "state": import.state.code() })),
                Format::Text => println!("{}", app.words(locale()).of("registry-import-undone")),
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(&app, error),
    }
}
