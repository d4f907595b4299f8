//! Importing organisations from a table: handed in, mapped, checked without writing, written, undone.

mod check;
mod feed;
mod run;
mod start;
mod undo;
mod write;

use jinmen_core::{Actor, Error, Fault, Page, PageRequest, Reach, Result, Scope};
use jobs::{JobId, NewJob};
use module::App;
use serde_json::json;

pub use check::perform_check;
pub use run::perform_run;
pub use start::{MOST_BYTES, set_column, start};
pub use undo::perform_undo;

use crate::import::RowFault;
use crate::model::{Import, ImportId, ImportState};
use crate::{permissions, sql};

/// The kinds of work.
pub const CHECK: &str = "registry.import_check";
/// Writing.
pub const RUN: &str = "registry.import_run";
/// Undoing.
pub const UNDO: &str = "registry.import_undo";

/// Faults shown on a page and in an answer.
pub const FAULTS_SHOWN: u32 = 500;
/// Faults kept.
pub const FAULTS_KEPT: usize = 20_000;

/// Hears how far the work is: rows done, rows in all (0 while unknown). Answers whether to go on.
#[async_trait::async_trait]
pub trait Progress: Send + Sync {
    /// Notes progress.
    async fn note(&self, done: i64, all: i64) -> Result<bool>;
}

/// Hears nothing.
pub struct Silent;

#[async_trait::async_trait]
impl Progress for Silent {
    async fn note(&self, _done: i64, _all: i64) -> Result<bool> {
        Ok(true)
    }
}

fn scope(import: &Import) -> Scope {
    Scope { owners: import.keeper.into_iter().collect(), ..Scope::default() }
}

/// One import, if the actor may import for its keeper.
pub async fn get(app: &App, actor: &Actor, id: ImportId) -> Result<Import> {
    let import = sql::import::get(&app.db, id).await?;
    actor.may(&permissions::IMPORT, &scope(&import))?;
    Ok(import)
}

/// The imports of one's own organisation, newest first.
pub async fn list(app: &App, actor: &Actor, page: &PageRequest) -> Result<Page<Import>> {
    actor.may_somewhere(&permissions::IMPORT)?;
    let keeper = match actor.reach(&permissions::IMPORT) {
        Some(Reach::All) => None,
        _ => Some(actor.organization().ok_or(Error::NotFound)?),
    };
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::import::list(&app.db, keeper, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// What is wrong in the table, in the order of its rows.
pub async fn faults(app: &App, import: &Import, limit: u32) -> Result<Vec<RowFault>> {
    Ok(sql::import::faults(&app.db, import.id, limit).await?)
}

/// Asks for work on an import, to be done by a job.
pub async fn ask(app: &App, actor: &Actor, id: ImportId, kind: &'static str) -> Result<Option<JobId>> {
    let import = get(app, actor, id).await?;
    let (from, to): (&[ImportState], ImportState) = match kind {
        CHECK => (&[ImportState::Mapped, ImportState::Checked, ImportState::Failed], ImportState::Checking),
        RUN => (&[ImportState::Checked], ImportState::Running),
        _ => (&[ImportState::Done], ImportState::Undoing),
    };
    if kind == CHECK
        && let Some(fault) = import.mapping.faults().into_iter().next()
    {
        return Err(fault.into());
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if kind == UNDO
        && let Some(name) = sql::import::used(&mut tx, id).await?
    {
        return Err(Error::Conflict(Fault::new("registry.import_used").with("name", name)));
    }
    let job = NewJob::new(kind, json!({ "import": id.text() })).dedup(id.text()).owned_by(actor.account());
    let job = jobs::enqueue(&mut tx, job, now).await?;
    if sql::import::go(&mut tx, id, from, to, job).await? == 0 {
        return Err(Error::conflict("registry.import_state"));
    }
    let action = format!("{kind}_asked").replace("registry.import_", "registry.import.");
    record::append(
        &mut tx,
        actor,
        now,
        &action,
        jinmen_core::Object::new("import", id),
        json!({ "file": import.file_name }),
    )
    .await?;
    tx.commit().await?;
    Ok(job)
}

/// The rows that are wrong as a workbook, each with what to correct in words.
pub async fn error_book(
    app: &App,
    import: &Import,
    faults: std::collections::BTreeMap<u32, Vec<RowFault>>,
    words: crate::import::ErrorBookWords,
    sentence: impl Fn(&RowFault) -> String + Send + 'static,
) -> Result<Vec<u8>> {
    let copy = feed::copy_of(app, import).await?;
    let (name, mapping) = (import.file_name.clone(), import.mapping.clone());
    let written = tokio::task::spawn_blocking(move || {
        let mut source = crate::table::open(copy.path(), &name)?;
        let to = tempfile::NamedTempFile::new()?;
        crate::import::write_error_book(source.as_mut(), &mapping, &faults, &words, &sentence, to.path())?;
        Ok::<Vec<u8>, Error>(std::fs::read(to.path())?)
    });
    written.await.map_err(Error::internal)?
}

/// Whether an import can be undone: it was written, and nobody has worked on what came from it.
pub async fn check_undo(app: &App, actor: &Actor, id: ImportId) -> Result<()> {
    let import = get(app, actor, id).await?;
    if !matches!(import.state, ImportState::Done | ImportState::Undoing) {
        return Err(Error::conflict("registry.import_state"));
    }
    match sql::import::used(&app.db, id).await? {
        Some(name) if import.state == ImportState::Done => {
            Err(Error::Conflict(Fault::new("registry.import_used").with("name", name)))
        }
        _ => Ok(()),
    }
}
