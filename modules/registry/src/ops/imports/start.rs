//! Handing in a table.

use files::Stored;
use jinmen_core::{Actor, Error, Object, OrganizationId, Result, Scope};
use module::App;
use serde_json::json;

use super::feed;
use crate::dictionary::Subject;
use crate::import::{Mapping, prepare};
use crate::model::{Import, ImportId, ImportState};
use crate::ops::record_facts::name;
use crate::table::UnitHint;
use crate::{permissions, sql, table};

/// The largest table.
pub const MOST_BYTES: usize = table::MOST_BYTES as usize;

/// Takes a table in and guesses what its columns mean.
pub async fn start(
    app: &App,
    actor: &Actor,
    keeper: Option<OrganizationId>,
    file_name: &str,
    stored: Stored,
) -> Result<ImportId> {
    actor.may(&permissions::IMPORT, &keeper.map(Scope::owned_by).unwrap_or_default())?;
    let id = ImportId::new();
    let file_name = files::check_name(file_name)?;
    let mapping = guess(app, &stored.digest, &file_name).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let object = Object::new("import", id);
    let file = app.files.attach(&mut tx, actor, now, object.clone(), "import", &file_name, &stored).await?;
    let import = Import {
        id,
        keeper,
        file: file.id.text(),
        file_name: file_name.clone(),
        mapping,
        state: ImportState::Mapped,
        job: None,
        rows: 0,
        accepted: 0,
        duplicates: 0,
        faulty: 0,
        last_row: 0,
        problem: None,
        created_name: name(actor),
        created_at: now,
        finished_at: None,
    };
    sql::import::insert(&mut tx, &import, actor.account()).await?;
    record::append(&mut tx, actor, now, "registry.import.started", object, json!({ "file": file_name })).await?;
    tx.commit().await?;
    Ok(id)
}

async fn guess(app: &App, digest: &str, name: &str) -> Result<Mapping> {
    let copy = feed::local_copy(app, digest).await?;
    let (name, today) = (name.to_owned(), app.clock.today());
    let guessed = tokio::task::spawn_blocking(move || {
        let mut source = table::open(copy.path(), &name)?;
        prepare(source.as_mut(), Subject::Organization, today)
    });
    guessed.await.map_err(Error::internal)?.map_err(|fault| {
        let mut fault = fault;
        fault.field = Some("file".into());
        fault.into()
    })
}

/// What a person says of a column: its place, key, year and unit.
pub type ColumnMeaning = (usize, Option<String>, Option<i16>, Option<UnitHint>);

/// Says what a column means, before the table is checked.
pub async fn set_column(app: &App, actor: &Actor, id: ImportId, columns: &[ColumnMeaning]) -> Result<()> {
    let mut import = super::get(app, actor, id).await?;
    for (index, key, year, unit) in columns {
        import.mapping.set(*index, key.as_deref(), *year, *unit);
    }
    let faults = import.mapping.faults();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut tx = app.db.begin().await?;
    let open = [ImportState::Mapped, ImportState::Checked, ImportState::Failed];
    if sql::import::go(&mut tx, id, &open, ImportState::Mapped, None).await? == 0 {
        return Err(Error::conflict("registry.import_state"));
    }
    sql::import::set_mapping(&mut tx, &import).await?;
    tx.commit().await?;
    Ok(())
}
