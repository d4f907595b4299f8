//! `jinmen import`.

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use futures::StreamExt;
use indicatif::ProgressBar;
use jinmen_core::{Actor, Error, OrganizationId};
use jobs::{JobId, State};
use module::App;
use registry::import::RowFault;
use registry::model::{Import, ImportId, ImportState};
use registry::ops::{find, imports};
use serde_json::json;
use tokio_util::io::ReaderStream;

use super::{locale, refused};
use crate::cli::{Format, ImportOrganizations, ImportUndo};
use crate::instance::{self, Open, Opening};
use crate::work;

const ACTOR: Actor = Actor::System("command line");

/// Shows progress on standard error.
struct Bar(ProgressBar);

#[async_trait::async_trait]
impl imports::Progress for Bar {
    async fn note(&self, done: i64, all: i64) -> jinmen_core::Result<bool> {
        self.set(done, all);
        Ok(true)
    }
}

impl Bar {
    fn set(&self, done: i64, all: i64) {
        self.0.set_length(u64::try_from(all.max(done)).unwrap_or_default());
        self.0.set_position(u64::try_from(done).unwrap_or_default());
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
    let open = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?;
    let bar = Bar(ProgressBar::new(0));
    let (import, faults) = match take_in(&open.app, &flags, file, &bar).await {
        Ok(checked) => checked,
        Err(error) => return refused(&open.app, error).map(|_| ExitCode::from(2)),
    };
    let import = if flags.dry_run { import } else { write(&open, import, &bar).await? };
    bar.0.finish_and_clear();
    report(&open.app, &flags, &import, &faults);
    Ok(if import.faulty == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Hands the table in and checks it.
async fn take_in(
    app: &App,
    flags: &ImportOrganizations,
    file: tokio::fs::File,
    bar: &Bar,
) -> jinmen_core::Result<(Import, Vec<RowFault>)> {
    let keeper = keeper(app, flags.keeper.as_deref()).await?;
    let name = flags.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = ReaderStream::new(file).map(|chunk| chunk.map(|bytes| bytes.to_vec())).boxed();
    let stored = app.files.blobs().put(bytes, imports::MOST_BYTES as u64).await?;
    let id = imports::start(app, &ACTOR, keeper, &name, stored).await?;
    let import = imports::perform_check(app, id, bar).await?;
    if let Some(problem) = import.problem.clone() {
        return Err(Error::Invalid(vec![problem]));
    }
    let faults = imports::faults(app, &import, imports::FAULTS_KEPT as u32).await?;
    Ok((import, faults))
}

/// Writes what was checked, as work of the queue: a process that is killed here leaves it to the next one.
async fn write(open: &Open, import: Import, bar: &Bar) -> Result<Import> {
    let id = import.id;
    let said = open.app.words(locale()).with("module-cli-import-id", &[("id", id.text().into())]);
    bar.0.suspend(|| eprintln!("{said}"));
    let job = imports::ask(&open.app, &ACTOR, id, imports::RUN).await.map_err(|error| anyhow!("{error:?}"))?;
    follow(open, job.or(import.job), bar).await?;
    imports::get(&open.app, &ACTOR, id).await.map_err(|error| anyhow!("{error:?}"))
}

/// Waits for the work on an import, doing it here unless a server does.
async fn follow(open: &Open, job: Option<JobId>, bar: &Bar) -> Result<()> {
    let Some(job) = job else { return Ok(()) };
    let job = work::until_done(open, job, |done, all| bar.set(done, all)).await?;
    if job.state != State::Done {
        let error = job.last_error.unwrap_or_default();
        bail!("{} {error}", open.app.words(locale()).of("module-cli-import-later"));
    }
    Ok(())
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

fn report(app: &App, flags: &ImportOrganizations, import: &Import, faults: &[RowFault]) {
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
    let open = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone()))
        .await
        .context("the instance")?;
    let bar = Bar(ProgressBar::new(0));
    let asked = async {
        let id: ImportId = flags.import.parse()?;
        let import = imports::get(&open.app, &ACTOR, id).await?;
        Ok::<_, Error>(import)
    };
    let import = match asked.await {
        Ok(import) => import,
        Err(error) => return refused(&open.app, error),
    };
    if matches!(import.state, ImportState::Running | ImportState::Undoing) {
        // Left by a process that was killed: it is brought to its end first.
        follow(&open, import.job, &bar).await?;
    }
    if import.state != ImportState::Undoing {
        match imports::ask(&open.app, &ACTOR, import.id, imports::UNDO).await {
            Ok(job) => follow(&open, job, &bar).await?,
            Err(error) => return refused(&open.app, error),
        }
    }
    bar.0.finish_and_clear();
    match flags.format {
        Format::Json => println!("{}", json!({ "import": import.id.text(), "state": ImportState::Undone.code() })),
        Format::Text => println!("{}", open.app.words(locale()).of("registry-import-undone")),
    }
    Ok(ExitCode::SUCCESS)
}
