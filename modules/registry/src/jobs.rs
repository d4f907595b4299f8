//! What the registry does later: checking, writing and undoing imports.

use std::sync::Arc;

use ::jobs::{Context, Handler};
use async_trait::async_trait;
use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::{Value, json};

use crate::model::{Import, ImportId};
use crate::ops::imports::{self, CHECK, Progress, RUN, UNDO};

/// The kinds of work with their handlers.
pub(crate) fn handlers(app: &App) -> Vec<(&'static str, Arc<dyn Handler>)> {
    [CHECK, RUN, UNDO]
        .into_iter()
        .map(|kind| (kind, Arc::new(Imports { app: app.clone(), kind }) as Arc<dyn Handler>))
        .collect()
}

struct Imports {
    app: App,
    kind: &'static str,
}

struct Told<'a>(&'a Context);

#[async_trait]
impl Progress for Told<'_> {
    async fn note(&self, done: i64, all: i64) -> Result<bool> {
        self.0.progress(done, all, "registry-import-rows").await
    }
}

#[async_trait]
impl Handler for Imports {
    async fn run(&self, context: &Context, payload: Value) -> Result<Value> {
        let id: ImportId = payload.get("import").and_then(Value::as_str).unwrap_or_default().parse()?;
        let actor = Actor::System("import");
        let told = Told(context);
        let import = match self.kind {
            CHECK => imports::perform_check(&self.app, id, &told).await?,
            RUN => {
                let job = ::jobs::get(&context.db, context.id()).await?;
                let tell = match job.owner {
                    Some(account) => Some(access::find_account(&self.app.db, &account.text()).await?.person),
                    None => None,
                };
                imports::perform_run(&self.app, &actor, id, tell, &told).await?
            }
            UNDO => imports::perform_undo(&self.app, &actor, id, &told).await?,
            _ => return Err(Error::NotFound),
        };
        Ok(outcome(&import))
    }
}

fn outcome(import: &Import) -> Value {
    json!({ "link": format!("/work/imports/{}", import.id), "accepted": import.accepted, "faulty": import.faulty })
}
