//! Plans: begun, filled, reported on every quarter, published.

use jinmen_core::{Actor, Date, Error, Fault, Faults, Page, PageRequest, Permission, Ratio, Result, Scope};
use module::App;
use serde_json::json;

use super::name;
use crate::model::{
    Indicator, IndicatorId, Light, NewPlan, Plan, PlanDraft, PlanId, PlanTask, PlanTaskId, Quarter, needed, short,
};
use crate::{permissions, sql};

/// A plan with everything in it.
pub struct WholePlan {
    /// The plan.
    pub plan: Plan,
    /// What is counted.
    pub indicators: Vec<Indicator>,
    /// What is done.
    pub tasks: Vec<PlanTask>,
}

/// A plan as records name it.
pub fn object(id: PlanId) -> jinmen_core::Object {
    jinmen_core::Object::new("plan", id)
}

async fn of_office(app: &App, actor: &Actor, permission: &Permission, id: PlanId) -> Result<Plan> {
    actor.may_somewhere(permission)?;
    let plan = sql::plan::get(&app.db, id).await?;
    actor.may(permission, &Scope::owned_by(plan.owner))?;
    Ok(plan)
}

/// The plans of the actor's office, newest first.
pub async fn of_own_office(app: &App, actor: &Actor, page: &PageRequest) -> Result<Page<Plan>> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(owner))?;
    list(app, Some(owner), page).await
}

/// The plans that everybody may read, newest first.
pub async fn public(app: &App, page: &PageRequest) -> Result<Page<Plan>> {
    list(app, None, page).await
}

async fn list(app: &App, owner: Option<jinmen_core::OrganizationId>, page: &PageRequest) -> Result<Page<Plan>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::plan::list(&app.db, owner, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// A plan of the actor's office.
pub async fn read(app: &App, actor: &Actor, id: PlanId) -> Result<WholePlan> {
    let plan = of_office(app, actor, &permissions::READ, id).await?;
    whole(app, plan).await
}

/// A plan that everybody may read.
pub async fn read_public(app: &App, id: PlanId) -> Result<WholePlan> {
    let plan = sql::plan::get(&app.db, id).await?;
    if plan.published_at.is_none() {
        return Err(Error::NotFound);
    }
    whole(app, plan).await
}

async fn whole(app: &App, plan: Plan) -> Result<WholePlan> {
    let indicators = sql::plan::indicators(&app.db, plan.id).await?;
    let tasks = sql::plan::tasks(&app.db, plan.id).await?;
    Ok(WholePlan { plan, indicators, tasks })
}

/// Begins a plan.
///
/// # Errors
/// Every fault of the form at once.
pub async fn begin(app: &App, actor: &Actor, draft: &PlanDraft) -> Result<PlanId> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::WRITE, &Scope::owned_by(owner))?;
    let new: NewPlan = draft.parse()?;
    let (id, now) = (PlanId::new(), app.clock.now());
    let mut tx = app.db.begin().await?;
    let number = cases::next_number(&mut tx, "GH", app.clock.today().year()).await?;
    sql::plan::insert(&mut tx, id, &number, owner, &new, now).await?;
    let data = json!({ "number": number, "title": new.title.zh });
    record::append(&mut tx, actor, now, "policy.plan.begun", object(id), data).await?;
    tx.commit().await?;
    Ok(id)
}

/// An indicator as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct IndicatorDraft {
    /// What is counted.
    pub name: String,
    /// In what.
    pub unit: String,
    /// Where it begins.
    pub base: String,
    /// Where it is to be.
    pub target: String,
}

fn number(field: &str, typed: &str) -> Result<String, Fault> {
    let typed = typed.trim().replace(',', "");
    Ratio::parse(&typed).map(|_| typed).map_err(|_| Fault::at(field, "policy.number"))
}

/// Adds an indicator.
///
/// # Errors
/// Every fault of the form at once.
pub async fn add_indicator(app: &App, actor: &Actor, id: PlanId, draft: &IndicatorDraft) -> Result<IndicatorId> {
    of_office(app, actor, &permissions::WRITE, id).await?;
    let mut faults = Faults::new();
    let name = faults.take(needed("name", &draft.name, 200));
    let unit = faults.take(short("unit", &draft.unit, 20));
    let base = faults.take(number("base", &draft.base));
    let target = faults.take(number("target", &draft.target));
    faults.check()?;
    let (Some(name), Some(unit), Some(base), Some(target)) = (name, unit, base, target) else {
        return Err(Fault::new("core.required").into());
    };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let indicator = sql::plan::add_indicator(&mut tx, id, &name, &unit, &base, &target).await?;
    let data = json!({ "name": name, "target": target });
    record::append(&mut tx, actor, now, "policy.plan.indicator", object(id), data).await?;
    tx.commit().await?;
    Ok(indicator)
}

/// A task as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct TaskDraft {
    /// Which goal it serves.
    pub goal: String,
    /// What is to be done.
    pub title: String,
    /// Who leads.
    pub lead: String,
    /// Who helps.
    pub partners: String,
    /// Until when.
    pub due_on: String,
}

/// Adds a task.
///
/// # Errors
/// Every fault of the form at once.
pub async fn add_task(app: &App, actor: &Actor, id: PlanId, draft: &TaskDraft) -> Result<PlanTaskId> {
    of_office(app, actor, &permissions::WRITE, id).await?;
    let mut faults = Faults::new();
    let goal = faults.take(short("goal", &draft.goal, 200));
    let title = faults.take(needed("title", &draft.title, 500));
    let lead = faults.take(needed("lead", &draft.lead, 200));
    let partners = faults.take(short("partners", &draft.partners, 500));
    let due_on = match draft.due_on.trim() {
        "" => Ok(None),
        text => Date::parse(text).map(Some).map_err(|fault| Fault::of("due_on", &fault)),
    };
    let due_on = faults.take(due_on);
    faults.check()?;
    let (Some(goal), Some(title), Some(lead), Some(partners), Some(due_on)) = (goal, title, lead, partners, due_on)
    else {
        return Err(Fault::new("core.required").into());
    };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let task = sql::plan::add_task(&mut tx, id, &goal, &title, &lead, &partners, due_on).await?;
    record::append(&mut tx, actor, now, "policy.plan.task", object(id), json!({ "title": title })).await?;
    tx.commit().await?;
    Ok(task)
}

/// Notes what an indicator came to in a year.
///
/// # Errors
/// `policy.number`, `policy.year`.
pub async fn note_value(app: &App, actor: &Actor, id: IndicatorId, year: &str, value: &str) -> Result<PlanId> {
    let plan = sql::plan::plan_of_indicator(&app.db, id).await?;
    of_office(app, actor, &permissions::WRITE, plan).await?;
    let mut faults = Faults::new();
    let typed = year.trim().parse::<i64>().ok().filter(|year| (2000..=2100).contains(year));
    let year = faults.take(typed.ok_or_else(|| Fault::at("year", "policy.year")));
    let value = faults.take(number("value", value));
    faults.check()?;
    let (Some(year), Some(value)) = (year, value) else { return Err(Fault::new("core.required").into()) };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::plan::note_value(&mut tx, id, year, &value, &name(actor), now).await?;
    let data = json!({ "indicator": id.text(), "year": year, "value": value });
    record::append(&mut tx, actor, now, "policy.plan.value", object(plan), data).await?;
    tx.commit().await?;
    Ok(plan)
}

/// Notes how a task stands in this quarter.
///
/// # Errors
/// Faults of `light` and `words`.
pub async fn note_progress(app: &App, actor: &Actor, id: PlanTaskId, light: &str, words: &str) -> Result<PlanId> {
    let plan = sql::plan::plan_of_task(&app.db, id).await?;
    of_office(app, actor, &permissions::WRITE, plan).await?;
    let mut faults = Faults::new();
    let light = faults.take(Light::from_code(light).ok_or_else(|| Fault::at("light", "core.required")));
    let words = faults.take(needed("words", words, 1_000));
    faults.check()?;
    let (Some(light), Some(words)) = (light, words) else { return Err(Fault::new("core.required").into()) };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let quarter = Quarter::of(app.clock.today());
    sql::plan::note_progress(&mut tx, id, quarter, light, &words, &name(actor), now).await?;
    let data = json!({ "task": id.text(), "quarter": quarter.show(), "light": light.code() });
    record::append(&mut tx, actor, now, "policy.plan.progress", object(plan), data).await?;
    tx.commit().await?;
    Ok(plan)
}

/// Shows a plan to everybody.
pub async fn publish(app: &App, actor: &Actor, id: PlanId) -> Result<()> {
    of_office(app, actor, &permissions::WRITE, id).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::plan::publish(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("policy.plan_published"));
    }
    record::append(&mut tx, actor, now, "policy.plan.published", object(id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
