//! Handing messages over, and trying again ever more seldom.

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{Actor, Instant, Object, Result};
use jobs::{Context, Handler, NewJob};
use module::App;
use notify::Answered;
use serde_json::{Value, json};

use super::secrets;
use crate::model::{Delivery, DeliveryId, DeliveryState, State, Webhook};
use crate::sql;

/// The kind of work that hands a message over.
pub const KIND: &str = "webhooks.deliver";
/// After how many seconds a message is tried again, as the Standard Webhooks specification proposes: 76 hours in all.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// A program that takes nothing for so long is told nothing more until somebody asks.
const PATIENCE_SECONDS: i64 = 5 * 86_400;
/// The status of a program that wants nothing more.
const GONE: u16 = 410;

/// The job of an attempt.
pub(crate) fn job(id: DeliveryId, attempt: i64, at: Instant) -> NewJob {
    NewJob::new(KIND, json!({ "delivery": id.text() })).dedup(format!("{id}:{attempt}")).at(at)
}

/// The handler of [`KIND`].
pub(crate) fn handler(app: &App) -> Arc<dyn Handler> {
    Arc::new(Courier { app: app.clone() })
}

struct Courier {
    app: App,
}

#[async_trait]
impl Handler for Courier {
    async fn run(&self, _context: &Context, payload: Value) -> Result<Value> {
        let id: DeliveryId = payload["delivery"].as_str().unwrap_or_default().parse()?;
        let state = hand_over(&self.app, id).await?;
        Ok(json!({ "state": state.code() }))
    }
}

/// What a message says: what was done to what, and where in the record it stands. Nothing of whom or with which data.
async fn body(app: &App, one: &Delivery) -> Result<String> {
    let entry = match one.number {
        Some(number) => record::placed(&app.db, number, 1).await?.into_iter().next(),
        None => None,
    };
    let data = match &entry {
        Some(entry) => json!({ "object": entry.object, "entry": entry.id.text(), "number": one.number }),
        None => json!({ "object": Object::instance() }),
    };
    let at = entry.map_or(one.created_at, |entry| entry.at);
    Ok(json!({ "type": one.action, "timestamp": at.to_rfc3339(), "data": data }).to_string())
}

/// Hands one message over; what became of it.
pub(crate) async fn hand_over(app: &App, id: DeliveryId) -> Result<DeliveryState> {
    let now = app.clock.now();
    let one = sql::delivery(&app.db, id).await?;
    let webhook = match sql::get(&app.db, one.webhook).await {
        Ok(webhook) => webhook,
        // It was removed while this waited.
        Err(store::DbError::NoRow) => return finish(app, &one, DeliveryState::Failed, None, "").await,
        Err(other) => return Err(other.into()),
    };
    let mut tx = app.db.begin().await?;
    if sql::try_now(&mut tx, id, one.attempts, now).await? == 0 {
        return Ok(one.state);
    }
    tx.commit().await?;
    let body = body(app, &one).await?;
    let answered = app.webhooks.post(&webhook.url, &id.text(), body, &secrets(app, webhook.id).await?, now).await?;
    settle(app, &webhook, &one, &answered, now).await
}

async fn settle(
    app: &App,
    webhook: &Webhook,
    one: &Delivery,
    answered: &Answered,
    now: Instant,
) -> Result<DeliveryState> {
    let (status, text) = match answered {
        Answered::Status(status, text) => (Some(i64::from(*status)), text.as_str()),
        Answered::Nothing(why) => (None, why.code()),
    };
    if answered.is_taken() {
        return finish(app, one, DeliveryState::Taken, status, text).await;
    }
    let pause = usize::try_from(one.attempts).ok().and_then(|tried| PAUSES.get(tried));
    let unwanted = status == Some(i64::from(GONE));
    let tired = webhook.failing_since.is_some_and(|since| now.seconds_since(since) > PATIENCE_SECONDS);
    let state = if one.number.is_some() && pause.is_some() && !unwanted {
        DeliveryState::Waiting
    } else {
        DeliveryState::Failed
    };
    let mut tx = app.db.begin().await?;
    sql::answered(&mut tx, one.id, state, status, text).await?;
    sql::fails(&mut tx, webhook.id, now).await?;
    if let (DeliveryState::Waiting, Some(pause)) = (state, pause) {
        jobs::enqueue(&mut tx, job(one.id, one.attempts + 1, now.plus_seconds(*pause)), now).await?;
    }
    if (unwanted || tired) && sql::set_state(&mut tx, webhook.id, State::Paused, None).await? > 0 {
        let data = json!({ "name": webhook.name, "status": status });
        let actor = Actor::System("webhooks");
        record::append(&mut tx, &actor, now, "webhooks.webhook.paused", Object::instance(), data).await?;
    }
    tx.commit().await?;
    Ok(state)
}

async fn finish(
    app: &App,
    one: &Delivery,
    state: DeliveryState,
    status: Option<i64>,
    text: &str,
) -> Result<DeliveryState> {
    let mut tx = app.db.begin().await?;
    sql::answered(&mut tx, one.id, state, status, text).await?;
    if state == DeliveryState::Taken {
        sql::works(&mut tx, one.webhook).await?;
    }
    tx.commit().await?;
    Ok(state)
}
