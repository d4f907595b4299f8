//! Noting that a member took part: a meeting, a need, a match, talents introduced. The list grows by one line; as every
//! fact it stands beside what was known before.

use jinmen_core::{Actor, Date, Error, Fault, Faults, Object, OrganizationId, Period, Result};
use module::App;
use serde::Deserialize;

use super::{organization_for, record_facts, report};
use crate::dictionary::{Record, Value, dictionary};
use crate::model::{AsOf, NewFact, Source, SubjectFile, choice, required};
use crate::{permissions, sql};

/// Lines of one member.
const MOST: usize = 500;

/// What happened, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActivityDraft {
    /// What it was.
    pub title: String,
    /// A code of the list `alliance_activity`.
    pub kind: String,
    /// The day.
    pub date: String,
    /// How many, where more than one.
    pub count: String,
}

/// Notes it in the member's file.
///
/// # Errors
/// Every fault of the form at once.
pub async fn record_activity(app: &App, actor: &Actor, id: OrganizationId, draft: &ActivityDraft) -> Result<()> {
    let today = app.clock.today();
    let mut faults = Faults::new();
    let title = faults.take(required("title", &draft.title, 100));
    let kind = faults.take(choice("kind", "alliance_activity", &draft.kind));
    let date = faults.take(day(&draft.date, today));
    let count = faults.take(count(&draft.count));
    faults.check()?;
    let (Some(title), Some(kind), Some(date), Some(count)) = (title, kind, date, count) else {
        return Err(Error::NotFound);
    };
    let key = dictionary().get(report::ACTIVITIES).ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    organization_for(&mut tx, actor, &permissions::KEEP_ORGANIZATION, id).await?;
    let file = SubjectFile::new(sql::fact::of(&mut tx, &Object::from(id)).await?);
    let known = file.current(&key.key, AsOf { day: today, known: app.clock.now() });
    let mut records = match known.and_then(|fact| fact.value.clone()) {
        Some(Value::Records(records)) => records,
        _ => Vec::new(),
    };
    if records.len() >= MOST {
        return Err(Error::conflict("registry.activities_many"));
    }
    records.push(Record::from([
        ("title".to_owned(), Value::Text(title)),
        ("date".to_owned(), Value::Date(date)),
        ("kind".to_owned(), Value::Code(kind)),
        ("count".to_owned(), Value::Integer(count)),
    ]));
    let fact = NewFact {
        key,
        value: Value::Records(records),
        period: Period::ALWAYS,
        source: Source::Verified,
        source_note: String::new(),
        source_object: None,
    };
    record_facts::insert(app, &mut tx, actor, &Object::from(id), vec![fact]).await?;
    tx.commit().await?;
    Ok(())
}

fn day(typed: &str, today: Date) -> Result<Date, Fault> {
    let day = Date::parse(typed).map_err(|fault| Fault::of("date", &fault))?;
    if day > today { Err(Fault::at("date", "registry.activity_future")) } else { Ok(day) }
}

fn count(typed: &str) -> Result<i64, Fault> {
    match typed.trim() {
        "" => Ok(1),
        text => {
            let number = text.parse::<i64>().ok().filter(|number| (1..=10_000).contains(number));
            number.ok_or_else(|| Fault::at("count", "registry.activity_count"))
        }
    }
}
