//! Following the record: what a webhook is to be told, and where it stands next, commit together.

use jinmen_core::Result;
use module::App;

use super::deliver;
use crate::model::{Delivery, DeliveryId, DeliveryState, Webhook};
use crate::sql;

/// Entries read at a time.
const ENTRIES: i64 = 500;
/// Batches for one webhook before the next one has its turn.
const ROUNDS: usize = 10;
/// How long what was handed over is kept.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// Puts what is new into the queue of every webhook; how many messages.
pub async fn follow(app: &App) -> Result<usize> {
    let mut all = 0;
    for mut webhook in sql::list(&app.db, true).await? {
        for _ in 0..ROUNDS {
            match step(app, &mut webhook).await? {
                Some(queued) => all += queued,
                None => break,
            }
        }
    }
    Ok(all)
}

/// One batch for one webhook; `None` where nothing is new, or another process was faster.
async fn step(app: &App, webhook: &mut Webhook) -> Result<Option<usize>> {
    let entries = record::placed(&app.db, webhook.cursor, ENTRIES).await?;
    let Some(next) = entries.last().and_then(|entry| entry.number).map(|last| last + 1) else { return Ok(None) };
    let now = app.clock.now();
    let wanted = entries.iter().filter(|entry| webhook.wants(&entry.action));
    let deliveries: Vec<Delivery> = wanted
        .map(|entry| Delivery {
            id: DeliveryId::new(),
            webhook: webhook.id,
            number: entry.number,
            action: entry.action.clone(),
            state: DeliveryState::Waiting,
            attempts: 0,
            status: None,
            answer: String::new(),
            created_at: now,
            tried_at: None,
        })
        .collect();
    let mut tx = app.db.begin().await?;
    if sql::advance(&mut tx, webhook.id, webhook.cursor, next).await? == 0 {
        return Ok(None);
    }
    sql::insert_deliveries(&mut tx, &deliveries).await?;
    jobs::enqueue_many(&mut tx, deliveries.iter().map(|one| deliver::job(one.id, 0, now)).collect(), now).await?;
    tx.commit().await?;
    webhook.cursor = next;
    Ok(Some(deliveries.len()))
}

/// Forgets what was handed over long ago; how many messages.
pub async fn forget(app: &App) -> Result<u64> {
    let before = app.clock.now().plus_seconds(-KEPT_SECONDS);
    Ok(sql::forget_before(&app.db, before).await?)
}
