//! Reading and exporting the record of what was done.

use jinmen_core::{Date, Error, Fault, Faults, Instant, Object, Page, PageRequest, Result, Scope};
use module::{App, Visit};
use record::{Entry, Filter};
use serde_json::json;

use crate::permissions;

/// The filters as they were typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Actions that begin with this.
    pub action: String,
    /// From this day on.
    pub since: String,
    /// To this day, that day included.
    pub until: String,
    /// An account's name or identifier.
    pub account: String,
}

/// Reads the filters. An account that does not exist did nothing.
pub async fn filter(app: &App, typed: &Typed) -> Result<Filter> {
    let mut faults = Faults::new();
    let since = day("since", &typed.since, &mut faults);
    let until = day("until", &typed.until, &mut faults);
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        faults.push(Fault::at("until", "core.period"));
    }
    faults.check()?;
    let action = super::search::cleaned(&typed.action);
    let account = super::search::cleaned(&typed.account);
    let account = match account.as_str() {
        "" => None,
        name => Some(match access::find_account(&app.db, name).await {
            Ok(account) => account.id.text(),
            Err(Error::NotFound) => "-".to_owned(),
            Err(other) => return Err(other),
        }),
    };
    Ok(Filter {
        object: None,
        action: Some(action).filter(|action| !action.is_empty()),
        account,
        since: since.map(Instant::start_of),
        before: until.and_then(Date::tomorrow).map(Instant::start_of),
    })
}

fn day(field: &str, typed: &str, faults: &mut Faults) -> Option<Date> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    faults.take(Date::parse(typed).map_err(|fault| Fault::of(field, &fault)))
}

/// Entries, newest first.
pub async fn list(app: &App, visit: &Visit, filter: &Filter, page: &PageRequest) -> Result<Page<Entry>> {
    visit.actor.may(&permissions::RECORD, &Scope::instance())?;
    record::list(&app.db, filter, page).await
}

/// Notes that somebody takes a copy away.
pub async fn note_export(app: &App, visit: &Visit, typed: &Typed, format: &str) -> Result<()> {
    visit.actor.may(&permissions::RECORD, &Scope::instance())?;
    let data = json!({
        "format": format, "action": typed.action, "since": typed.since, "until": typed.until, "account": typed.account,
    });
    let mut tx = app.db.begin().await?;
    record::append(&mut tx, &visit.actor, app.clock.now(), "work.record.exported", Object::instance(), data).await?;
    tx.commit().await?;
    Ok(())
}
