//! Writing a checked table: up to 5,000 rows one transaction; above, steps that each hold the writer
//! for a moment, remember the last row they wrote, and go on there after a crash.

use jinmen_core::{Actor, Error, Object, PersonId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::Progress;
use super::check::tally;
use super::feed::{self, Fed};
use super::write::{split, write};
use crate::import::CheckedRow;
use crate::model::{Import, ImportId, ImportState, ONE_TRANSACTION_ROWS};
use crate::sql;

/// Writes; bears being run again after a crash at any moment.
pub async fn perform_run(
    app: &App,
    actor: &Actor,
    id: ImportId,
    tell: Option<PersonId>,
    progress: &dyn Progress,
) -> Result<Import> {
    let mut import = sql::import::get(&app.db, id).await?;
    if import.state == ImportState::Done {
        return Ok(import);
    }
    let whole = import.rows <= ONE_TRANSACTION_ROWS;
    let (all, resume_after) = (import.rows, import.last_row);
    if resume_after == 0 {
        import.accepted = 0;
        import.duplicates = 0;
    }
    // Faults were counted and kept by the check.
    let faulty = import.faulty;
    let mut feed = feed::read(app, &import).await?;
    let mut tx = if whole { Some(app.db.begin().await?) } else { None };
    let mut seen = 0_i64;
    let ended = loop {
        match feed.recv().await.ok_or_else(feed::died)? {
            Fed::End(ended) => break ended,
            Fed::Rows(outcomes) => {
                seen += outcomes.len() as i64;
                let before = import.duplicates;
                let rows = tally(&mut import, &mut Vec::new(), outcomes);
                let last = rows.iter().map(|row| i64::from(row.row)).max().unwrap_or(0);
                if last <= resume_after && resume_after > 0 {
                    // Written before the crash, duplicates counted then.
                    import.duplicates = before;
                    continue;
                }
                import.last_row = last.max(import.last_row);
                import.faulty = faulty;
                match &mut tx {
                    Some(tx) => step(app, tx, actor, &mut import, rows).await?,
                    None => {
                        let mut tx = app.db.begin().await?;
                        step(app, &mut tx, actor, &mut import, rows).await?;
                        sql::import::set_figures(&mut tx, &import).await?;
                        tx.commit().await?;
                        // Not while the one transaction is open: it holds SQLite's only writer.
                        progress.note(seen, all).await.ok();
                    }
                }
            }
        }
    };
    if let Err(fault) = ended {
        return Err(fault.into());
    }
    let mut tx = match tx {
        Some(tx) => tx,
        None => app.db.begin().await?,
    };
    finish(app, &mut tx, actor, &mut import, faulty, tell).await?;
    tx.commit().await?;
    Ok(import)
}

async fn step(app: &App, tx: &mut Tx, actor: &Actor, import: &mut Import, rows: Vec<CheckedRow>) -> Result<()> {
    let (new, known) = split(&mut *tx, rows).await?;
    import.accepted += new.len() as i64;
    import.duplicates += known;
    write(app, tx, actor, import, new).await
}

async fn finish(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    import: &mut Import,
    faulty: i64,
    tell: Option<PersonId>,
) -> Result<()> {
    let now = app.clock.now();
    import.faulty = faulty;
    import.finished_at = Some(now);
    import.rows = import.accepted + import.duplicates + import.faulty;
    sql::import::set_figures(tx, import).await?;
    if sql::import::go(tx, import.id, &[ImportState::Running, ImportState::Checked], ImportState::Done, None).await?
        == 0
    {
        return Err(Error::conflict("registry.import_state"));
    }
    import.state = ImportState::Done;
    let object = Object::new("import", import.id);
    let data = json!({ "file": import.file_name, "accepted": import.accepted, "duplicates": import.duplicates, "faulty": import.faulty });
    record::append(tx, actor, now, "registry.import.done", object.clone(), data.clone()).await?;
    if let Some(person) = tell {
        let notice =
            notify::Notice::new(crate::NOTICE_IMPORT, data).link(format!("/work/imports/{}", import.id)).about(object);
        notify::send(tx, now, &[person], notice).await?;
    }
    Ok(())
}
