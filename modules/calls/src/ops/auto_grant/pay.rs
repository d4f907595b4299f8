//! The payment list of a run: what is owed to firms whose notice is over, with their accounts in full. Each time it is made
//! is recorded.

use std::collections::HashMap;

use jinmen_core::{Actor, Result};
use module::App;
use payments::{Direction, Item, ItemState};
use serde_json::json;

use super::offer::opened;
use super::{of_own_office, run_object};
use crate::model::{Account, ApplicationId, Call, GrantLine, GrantLineState, Run, RunId};
use crate::{permissions, sql};

/// One payment to be made.
pub struct Pay {
    /// The firm and what it confirmed.
    pub line: GrantLine,
    /// Its account in full.
    pub account: Account,
    /// What is owed.
    pub item: Item,
    /// The number of the application.
    pub number: String,
}

/// A payment list.
pub struct List {
    /// The run.
    pub run: Run,
    /// Its call.
    pub call: Call,
    /// The payments, in the order of the run.
    pub rows: Vec<Pay>,
}

/// Makes the payment list of a run: those whose application passed and to whom something is still to be paid.
pub async fn payments(app: &App, actor: &Actor, id: RunId) -> Result<List> {
    let (run, call) = of_own_office(&app.db, actor, &permissions::EXPORT, id).await?;
    let lines = sql::auto_grant::lines(&app.db, id).await?;
    let (mut items, lines) = owed(app, &run, lines).await?;
    let mut numbers: HashMap<ApplicationId, String> =
        sql::application::numbers(&app.db, lines.iter().filter_map(|line| line.application).collect())
            .await?
            .into_iter()
            .collect();
    let mut rows = Vec::new();
    for line in lines {
        let Some(item) = line.application.and_then(|id| items.remove(&super::super::outcome::key(id))) else {
            continue;
        };
        let account = line.account.as_deref().map(|sealed| opened(app, sealed)).transpose()?.unwrap_or_default();
        let number = line.application.and_then(|id| numbers.remove(&id)).unwrap_or_default();
        rows.push(Pay { line, account, item, number });
    }
    let sum: i64 = rows.iter().map(|row| row.item.left().fen()).sum();
    let data =
        json!({ "number": run.number, "n": rows.len(), "sum": jinmen_core::Money::from_fen(sum).to_grouped_string() });
    let mut tx = app.db.begin().await?;
    record::append(&mut tx, actor, app.clock.now(), "calls.grant.payment_list", run_object(id), data).await?;
    tx.commit().await?;
    Ok(List { run, call, rows })
}

/// What is owed and not paid, by its key, and the lines that were confirmed and stand.
async fn owed(app: &App, run: &Run, lines: Vec<GrantLine>) -> Result<(HashMap<String, Item>, Vec<GrantLine>)> {
    let confirmed = |line: &GrantLine| line.state == GrantLineState::Accepted && line.holds;
    let lines: Vec<GrantLine> = lines.into_iter().filter(confirmed).collect();
    let keys: Vec<String> = lines.iter().filter_map(|line| line.application).map(super::super::outcome::key).collect();
    let items = payments::ops::read::of_keys(&app.db, run.owner, keys).await?;
    let open = |item: &Item| item.state == ItemState::Open && item.direction == Direction::Out;
    let keyed = |item: Item| item.dedup.clone().map(|key| (key, item));
    Ok((items.into_iter().filter(open).filter_map(keyed).collect(), lines))
}
