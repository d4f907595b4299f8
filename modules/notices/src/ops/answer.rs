//! Answering a circular, once and for the whole organisation; whoever answers later sees that somebody did.

use jinmen_core::{Actor, Error, Faults, Object, OrganizationId, Period, Result};
use module::App;
use registry::forms;
use registry::model::{NewFact, Source};
use registry::ops::record_facts;
use serde_json::{Map, Value, json};
use store::Tx;

use super::{TASK, object, of_office, own_organization};
use crate::model::{Circular, CircularId, CircularState, Question, Typed};
use crate::sql::Answerer;
use crate::{permissions, sql};

/// Answers for the actor's organisation. `seen` is the version that the form showed.
///
/// # Errors
/// Every fault of the answers at once; `notices.closed`; [`Error::Stale`] if somebody answered meanwhile.
pub async fn answer(app: &App, actor: &Actor, id: CircularId, typed: &Typed, seen: i64) -> Result<()> {
    let own = own_organization(actor, &permissions::ANSWER)?;
    let mut tx = app.db.begin().await?;
    let circular = sql::get(&mut tx, id).await?;
    sql::recipient(&mut tx, id, own).await?;
    keep(app, &mut tx, actor, &circular, own, typed, seen, false).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down what an organisation answered by telephone.
pub async fn answer_for(
    app: &App,
    actor: &Actor,
    id: CircularId,
    organization: OrganizationId,
    typed: &Typed,
    seen: i64,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let circular = of_office(&mut tx, actor, &permissions::SEND, id).await?;
    sql::recipient(&mut tx, id, organization).await?;
    keep(app, &mut tx, actor, &circular, organization, typed, seen, true).await?;
    tx.commit().await?;
    Ok(())
}

#[allow(clippy::too_many_arguments)]
async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    circular: &Circular,
    organization: OrganizationId,
    typed: &Typed,
    seen: i64,
    by_office: bool,
) -> Result<()> {
    if circular.state == CircularState::Closed {
        return Err(Error::conflict("notices.closed"));
    }
    if !circular.asks.wants_answer() {
        return Err(Error::conflict("notices.no_answer"));
    }
    let mut faults = Faults::new();
    let mut answers = Question::read_all(&circular.questions, typed, &mut faults);
    let facts = facts(app, circular, typed, &mut answers, &mut faults);
    faults.check()?;
    let now = app.clock.now();
    let name = super::name(actor);
    let by = Answerer { account: actor.account(), name: &name, by_office };
    if sql::answer(tx, circular.id, organization, answers, &by, seen, now).await? == 0 {
        return Err(Error::Stale);
    }
    if !facts.is_empty() {
        record_facts::insert(app, tx, actor, &organization.into(), facts).await?;
    }
    cases::close_task_of(tx, actor, now, TASK, &object(circular.id), &organization.text()).await?;
    // In the organisation's history: the circular's own shows what the office did.
    let data = json!({
        "number": circular.number, "title": circular.title, "by_office": by_office, "again": seen > 0,
    });
    record::append(tx, actor, now, "notices.circular.answered", Object::from(organization), data).await?;
    Ok(())
}

/// The facts among the answers; what was typed is kept beside the other answers, as the dictionary writes it.
fn facts(
    app: &App,
    circular: &Circular,
    typed: &Typed,
    answers: &mut Map<String, Value>,
    faults: &mut Faults,
) -> Vec<NewFact> {
    let today = app.clock.today();
    let mut facts = Vec::new();
    for question in &circular.questions {
        let Some((key, year)) = question.fact() else { continue };
        let text = typed.get(&question.key).map_or("", |text| text.trim());
        if text.is_empty() {
            faults.push(jinmen_core::Fault::at(&question.key, "core.required"));
            continue;
        }
        let Some(value) = faults.take(forms::value_from(key, text, today)) else { continue };
        let period = match year {
            Some(year) => faults.take(Period::year(year).map_err(|fault| jinmen_core::Fault::of(&key.key, &fault))),
            None => Some(Period::ALWAYS),
        };
        let Some(period) = period else { continue };
        answers.insert(question.key.clone(), value.to_json());
        facts.push(NewFact {
            key,
            value,
            period,
            source: Source::SelfDeclared,
            source_note: circular.number.clone(),
            source_object: Some(object(circular.id)),
        });
    }
    facts
}
