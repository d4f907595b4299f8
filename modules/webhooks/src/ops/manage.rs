//! Adding webhooks, looking at them, trying, pausing, changing their secret, removing them.

use jinmen_core::{Actor, Error, Object, Page, PageRequest, Result, Scope};
use module::App;
use serde_json::{Value, json};

use super::{deliver, name_taken, new_secret};
use crate::model::{Delivery, DeliveryId, DeliveryState, State, Webhook, WebhookDraft, WebhookId};
use crate::{permissions, sql};

/// How long the secret before goes on to sign beside the new one.
const BESIDE_SECONDS: i64 = 86_400;

fn may(actor: &Actor) -> Result<()> {
    actor.may(&permissions::MANAGE, &Scope::instance())
}

/// All webhooks.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Webhook>> {
    may(actor)?;
    Ok(sql::list(&app.db, false).await?)
}

/// One webhook with what was handed to it, newest first.
pub async fn read(app: &App, actor: &Actor, id: WebhookId, page: &PageRequest) -> Result<(Webhook, Page<Delivery>)> {
    may(actor)?;
    let webhook = sql::get(&app.db, id).await?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::deliveries(&app.db, id, after, page.limit()).await?;
    Ok((webhook, Page::from_rows(rows, page.limit(), |one| vec![one.id.text()])))
}

async fn note(tx: &mut store::Tx, app: &App, actor: &Actor, action: &str, data: Value) -> Result<()> {
    record::append(tx, actor, app.clock.now(), action, Object::instance(), data).await.map(drop)
}

/// Adds a webhook, which is told what happens from now on; its identifier and its secret, which is shown once.
///
/// # Errors
/// Every fault of the form at once; `webhooks.name` for a name that another one has.
pub async fn add(app: &App, actor: &Actor, draft: &WebhookDraft) -> Result<(WebhookId, String)> {
    may(actor)?;
    let (name, url, actions) = draft.parse(app.webhooks.address(&draft.url))?;
    let (secret, sealed) = new_secret(app)?;
    let (placed, _) = record::progress(&app.db).await?;
    let webhook = Webhook {
        id: WebhookId::new(),
        name,
        url,
        actions,
        state: State::Active,
        cursor: i64::try_from(placed).map_err(Error::internal)?,
        failing_since: None,
        created_at: app.clock.now(),
    };
    let mut tx = app.db.begin().await?;
    sql::insert(&mut tx, &webhook, sealed).await.map_err(name_taken)?;
    let data = json!({ "name": webhook.name, "url": webhook.url, "actions": webhook.actions });
    note(&mut tx, app, actor, "webhooks.webhook.added", data).await?;
    tx.commit().await?;
    Ok((webhook.id, secret))
}

/// Makes a new secret; the one before signs beside it for a day. It is shown once.
pub async fn rotate(app: &App, actor: &Actor, id: WebhookId) -> Result<String> {
    may(actor)?;
    let webhook = sql::get(&app.db, id).await?;
    let (secret, sealed) = new_secret(app)?;
    let mut tx = app.db.begin().await?;
    if sql::rotate(&mut tx, id, sealed, app.clock.now().plus_seconds(BESIDE_SECONDS)).await? == 0 {
        return Err(Error::NotFound);
    }
    note(&mut tx, app, actor, "webhooks.webhook.rotated", json!({ "name": webhook.name })).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Pauses a webhook, or goes on: from where it stood, so that nothing is missed.
pub async fn set_state(app: &App, actor: &Actor, id: WebhookId, state: State) -> Result<()> {
    may(actor)?;
    let webhook = sql::get(&app.db, id).await?;
    let mut tx = app.db.begin().await?;
    if sql::set_state(&mut tx, id, state, None).await? > 0 {
        let action = match state {
            State::Active => "webhooks.webhook.resumed",
            State::Paused => "webhooks.webhook.paused",
        };
        note(&mut tx, app, actor, action, json!({ "name": webhook.name })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes a webhook.
pub async fn remove(app: &App, actor: &Actor, id: WebhookId) -> Result<()> {
    may(actor)?;
    let webhook = sql::get(&app.db, id).await?;
    let mut tx = app.db.begin().await?;
    if sql::remove(&mut tx, id, app.clock.now()).await? == 0 {
        return Err(Error::NotFound);
    }
    note(&mut tx, app, actor, "webhooks.webhook.removed", json!({ "name": webhook.name })).await?;
    tx.commit().await?;
    Ok(())
}

/// Hands a test message over at once and says what was answered.
pub async fn test(app: &App, actor: &Actor, id: WebhookId) -> Result<Delivery> {
    may(actor)?;
    let webhook = sql::get(&app.db, id).await?;
    let one = Delivery {
        id: DeliveryId::new(),
        webhook: webhook.id,
        number: None,
        action: "webhooks.test".to_owned(),
        state: DeliveryState::Waiting,
        attempts: 0,
        status: None,
        answer: String::new(),
        created_at: app.clock.now(),
        tried_at: None,
    };
    let mut tx = app.db.begin().await?;
    sql::insert_deliveries(&mut tx, std::slice::from_ref(&one)).await?;
    tx.commit().await?;
    deliver::hand_over(app, one.id).await?;
    Ok(sql::delivery(&app.db, one.id).await?)
}

/// Hands something over once more.
pub async fn again(app: &App, actor: &Actor, id: WebhookId, delivery: DeliveryId) -> Result<()> {
    may(actor)?;
    let one = sql::delivery(&app.db, delivery).await?;
    if one.webhook != id {
        return Err(Error::NotFound);
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if sql::again(&mut tx, delivery).await? > 0 {
        // A key of its own: the attempts before had theirs.
        let key = format!("{delivery}:again:{}", now.0);
        jobs::enqueue(&mut tx, deliver::job(delivery, 0, now).dedup(key), now).await?;
    }
    tx.commit().await?;
    Ok(())
}
