//! Checking a table without writing: what would be taken, what is there already, what is wrong where.

use jinmen_core::Result;
use module::App;

use super::feed::{self, Fed};
use super::write::split;
use super::{FAULTS_KEPT, Progress};
use crate::import::{Outcome, RowFault};
use crate::model::{Import, ImportId, ImportState};
use crate::sql;

/// Checks; the import then says what came of it.
pub async fn perform_check(app: &App, id: ImportId, progress: &dyn Progress) -> Result<Import> {
    let mut import = sql::import::get(&app.db, id).await?;
    let mut feed = feed::read(app, &import).await?;
    let (mut faults, mut rows) = (Vec::<RowFault>::new(), 0_i64);
    import.accepted = 0;
    import.duplicates = 0;
    import.faulty = 0;
    import.last_row = 0;
    import.problem = None;
    let ended = loop {
        match feed.recv().await.ok_or_else(feed::died)? {
            Fed::End(ended) => break ended,
            Fed::Rows(outcomes) => {
                rows += outcomes.len() as i64;
                let taken = tally(&mut import, &mut faults, outcomes);
                let (new, known) = split(&app.db, taken).await?;
                import.accepted += new.len() as i64;
                import.duplicates += known;
                if !progress.note(rows, 0).await? {
                    return Ok(import);
                }
            }
        }
    };
    import.rows = import.accepted + import.duplicates + import.faulty;
    let state = match ended {
        Ok(_) => ImportState::Checked,
        Err(fault) => {
            import.problem = Some(fault);
            ImportState::Failed
        }
    };
    let mut tx = app.db.begin().await?;
    sql::import::clear_faults(&mut tx, id).await?;
    faults.truncate(FAULTS_KEPT);
    sql::import::insert_faults(&mut tx, id, &faults).await?;
    sql::import::set_figures(&mut tx, &import).await?;
    sql::import::go(
        &mut tx,
        id,
        &[ImportState::Mapped, ImportState::Checking, ImportState::Checked, ImportState::Failed],
        state,
        None,
    )
    .await?;
    tx.commit().await?;
    import.state = state;
    Ok(import)
}

/// Counts what is not to be taken and hands back what is.
pub(super) fn tally(
    import: &mut Import,
    faults: &mut Vec<RowFault>,
    outcomes: Vec<Outcome>,
) -> Vec<crate::import::CheckedRow> {
    let mut taken = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Taken(row) => taken.push(*row),
            Outcome::Faulty(wrong) => {
                import.faulty += 1;
                if faults.len() < FAULTS_KEPT {
                    faults.extend(wrong);
                }
            }
            Outcome::Duplicate { .. } => import.duplicates += 1,
            Outcome::Skipped { .. } => {}
        }
    }
    taken
}
