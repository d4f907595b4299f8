//! Undoing an import as a whole: everything that came from it goes; the record says that it was there.

use jinmen_core::{Actor, Error, Object, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::Progress;
use crate::model::{Import, ImportId, ImportState, ONE_TRANSACTION_ROWS};
use crate::sql;

/// Organisations removed in one step.
const STEP: u32 = 100;

/// Undoes; bears being run again after a crash at any moment.
pub async fn perform_undo(app: &App, actor: &Actor, id: ImportId, progress: &dyn Progress) -> Result<Import> {
    let mut import = sql::import::get(&app.db, id).await?;
    if import.state == ImportState::Undone {
        return Ok(import);
    }
    let (all, mut done) = (import.accepted, 0_i64);
    let whole = all <= ONE_TRANSACTION_ROWS;
    let mut tx = app.db.begin().await?;
    if import.state == ImportState::Done
        && sql::import::go(&mut tx, id, &[ImportState::Done], ImportState::Undoing, None).await? == 0
    {
        return Err(Error::conflict("registry.import_state"));
    }
    loop {
        let removed = remove_some(&mut tx, id).await?;
        done += removed;
        if removed == 0 {
            break;
        }
        if !whole {
            tx.commit().await?;
            progress.note(done, all).await.ok();
            tx = app.db.begin().await?;
        }
    }
    let now = app.clock.now();
    import.finished_at = Some(now);
    sql::import::set_figures(&mut tx, &import).await?;
    if sql::import::go(&mut tx, id, &[ImportState::Undoing], ImportState::Undone, None).await? == 0 {
        return Err(Error::conflict("registry.import_state"));
    }
    import.state = ImportState::Undone;
    let data = json!({ "file": import.file_name, "removed": done });
    record::append(&mut tx, actor, now, "registry.import.undone", Object::new("import", id), data).await?;
    tx.commit().await?;
    Ok(import)
}

async fn remove_some(tx: &mut Tx, id: ImportId) -> Result<i64> {
    let some = sql::import::some_of(tx, id, STEP).await?;
    let count = some.len() as i64;
    if count > 0 {
        sql::import::remove(tx, some).await?;
    }
    Ok(count)
}
