//! What waits for somebody, what they may sensibly do next, and the numbers of what they see.

use cases::Task;
use jinmen_core::{Error, Page, PageRequest, Result};
use module::{App, NextStep, Number, Visit};

use crate::permissions;

/// Tasks on the first page; the list has the rest.
const TASKS: u32 = 8;
/// Steps on the first page.
const STEPS: usize = 6;
/// Steps there always are.
const FEWEST_STEPS: usize = 3;

/// The first page of the workplace.
pub struct Home {
    /// What waits.
    pub tasks: Page<Task>,
    /// How much waits, counted to [`cases::tasks::COUNT_CAP`].
    pub open: i64,
    /// What to do next.
    pub steps: Vec<NextStep>,
    /// Numbers, each with the list behind it.
    pub numbers: Vec<Number>,
}

/// Reads it.
pub async fn home(app: &App, visit: &Visit) -> Result<Home> {
    visit.actor.may_somewhere(&permissions::WORK)?;
    let page = PageRequest { after: None, limit: Some(TASKS) };
    Ok(Home {
        tasks: cases::tasks_for(&app.db, &visit.actor, &page).await?,
        open: app.waiting(visit).await?.tasks,
        steps: steps(app, visit).await?,
        numbers: numbers(app, visit).await?,
    })
}

/// What waits for the actor.
pub async fn tasks(app: &App, visit: &Visit, page: &PageRequest) -> Result<Page<Task>> {
    visit.actor.may_somewhere(&permissions::WORK)?;
    cases::tasks_for(&app.db, &visit.actor, page).await
}

/// The numbers that the actor may see, of all modules. A module that refuses one actor leaves the
/// others' numbers standing.
pub async fn numbers(app: &App, visit: &Visit) -> Result<Vec<Number>> {
    let mut all = Vec::new();
    for module in &app.modules {
        all.extend(open_only(module.numbers(app, visit).await)?);
    }
    Ok(all)
}

/// Steps of all modules in turn, so that one with many does not hide the others; this module's own come
/// last.
async fn steps(app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
    let (mut others, mut own) = (Vec::new(), Vec::new());
    for module in &app.modules {
        let steps = open_only(module.next_steps(app, visit).await)?;
        if module.name() == "workplace" { own = steps } else { others.push(steps.into_iter()) }
    }
    let mut all = Vec::new();
    while !others.is_empty() {
        others.retain_mut(|steps| steps.next().map(|step| all.push(step)).is_some());
    }
    all.truncate(STEPS);
    let room = FEWEST_STEPS.saturating_sub(all.len()).max(usize::from(all.len() < STEPS));
    all.extend(own.into_iter().take(room));
    Ok(all)
}

/// What this module suggests: what concerns the role first, then what is always sensible.
pub async fn own_steps(app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
    if visit.actor.person().is_none() {
        return Ok(Vec::new());
    }
    let step = |title_key, hint_key, href: &str, icon| NextStep { title_key, hint_key, href: href.to_owned(), icon };
    let mut steps = Vec::new();
    if visit.actor.may_somewhere(&permissions::ACCOUNT_EDIT).is_ok() {
        steps.push(step("work-step-account", "work-step-account-why", "/work/accounts/new", "user-plus"));
        let named = !app.settings().operator.zh.is_empty() && !app.settings().telephone.is_empty();
        let key = if named { "work-step-settings-why" } else { "work-step-settings-missing" };
        steps.push(step("work-step-settings", key, "/work/settings", "settings"));
    }
    if visit.actor.may_somewhere(&permissions::RECORD).is_ok() {
        steps.push(step("work-step-record", "work-step-record-why", "/work/record", "shield-check"));
    }
    if app.waiting(visit).await?.unread > 0 {
        steps.push(step("work-step-inbox", "work-step-inbox-why", "/inbox", "bell"));
    }
    steps.push(step("work-step-search", "work-step-search-why", "/search", "search"));
    steps.push(step("work-step-own", "work-step-own-why", "/account", "user"));
    steps.push(step("work-step-help", "work-step-help-why", "/help", "help"));
    Ok(steps)
}

/// What one may not see is left out; our own faults are not.
pub fn open_only<T>(result: Result<Vec<T>>) -> Result<Vec<T>> {
    match result {
        Err(Error::NotFound | Error::SignIn) => Ok(Vec::new()),
        other => other,
    }
}
