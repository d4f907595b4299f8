//! What the registry adds to the first pages: numbers and next steps.

use jinmen_core::{Count, Object, Result, Role};
use module::{App, NextStep, Number, Visit};

use crate::ops::{find, read_organization};
use crate::permissions;

/// Numbers of the portal (what the public may count) and of the workplace.
pub(crate) async fn numbers(app: &App, visit: &Visit) -> Result<Vec<Number>> {
    let counted = read_organization::numbers(app, &visit.actor, find::only_alliance(app).await?).await?;
    let number = |key, count: Option<Count>, href: &str| count.map(|count| Number { key, count, href: href.into() });
    let mut numbers = Vec::new();
    numbers.extend(number("number-registry-members", counted.members, "/organizations"));
    numbers.extend(number("number-registry-organizations", counted.organizations, "/work/organizations"));
    numbers.extend(number("number-registry-thin", counted.thin, "/work/organizations?below=50"));
    if counted.organizations.is_some()
        && visit.actor.hat().is_some_and(|hat| hat.organization.is_some())
        && visit.actor.may_somewhere(&permissions::CHECK_CLAIM).is_ok()
    {
        let progress = crate::ops::claims::read::progress(app, &visit.actor).await?;
        numbers.extend(number("number-registry-claimed", Some(Count::from_capped(progress.claimed)), "/work/claims"));
    }
    numbers.extend(number("number-registry-people", counted.people, "/work/people"));
    Ok(numbers)
}

/// What a person of this role may sensibly do next.
pub(crate) async fn next_steps(_app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
    let step = |title_key, hint_key, href: &str, icon| NextStep { title_key, hint_key, href: href.to_owned(), icon };
    let own = visit.actor.organization().map(Object::from);
    let steps = match (visit.actor.hat().map(|hat| hat.role), own) {
        (Some(Role::Secretariat), _) => vec![
            step("registry-step-import", "registry-step-import-hint", "/work/imports", "upload"),
            step("registry-step-thin", "registry-step-thin-hint", "/work/organizations?below=50", "clipboard-list"),
            step("registry-step-find", "registry-step-find-hint", "/work/organizations", "search"),
            step("registry-step-report", "registry-step-report-hint", "/work/report", "chart-bar"),
        ],
        (Some(Role::EnterpriseAdmin | Role::EnterpriseHandler), Some(own)) => vec![
            step(
                "registry-step-complete",
                "registry-step-complete-hint",
                &format!("/work/organizations/{}", own.id),
                "edit",
            ),
            step(
                "registry-step-listed",
                "registry-step-listed-hint",
                &format!("/work/organizations/{}", own.id),
                "world",
            ),
        ],
        (Some(Role::DistrictOfficer), _) => {
            vec![step("registry-step-find", "registry-step-find-hint", "/work/organizations", "search")]
        }
        _ => match visit.actor.person() {
            Some(person) => {
                vec![step("registry-step-own", "registry-step-own-hint", &format!("/work/people/{person}"), "user")]
            }
            None => Vec::new(),
        },
    };
    Ok(steps)
}
