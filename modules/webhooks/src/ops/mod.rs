//! Use cases of webhooks.

pub mod deliver;
pub mod follow;
pub mod manage;

use jinmen_core::{Error, Result};
use module::App;
use store::DbError;

use crate::model::WebhookId;
use crate::sql;

/// What a sealed secret is for.
const SECRET: &str = "webhook_secret";

/// The secrets that sign for a webhook now, the one that counts first.
async fn secrets(app: &App, id: WebhookId) -> Result<Vec<String>> {
    let sealed = sql::secrets(&app.db, id, app.clock.now()).await?;
    sealed.iter().map(|sealed| Ok(app.vault.open(SECRET, sealed)?)).collect()
}

/// A new secret, and its sealed form.
fn new_secret(app: &App) -> Result<(String, Vec<u8>)> {
    let secret = notify::webhook::secret_of(&rand::random());
    let sealed = app.vault.seal(SECRET, &secret)?.bytes;
    Ok((secret, sealed))
}

fn name_taken(error: DbError) -> Error {
    if error.is_unique("webhook_name") { Error::field("name", "webhooks.name") } else { error.into() }
}
