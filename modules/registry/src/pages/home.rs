//! What the registry adds to the first pages: numbers and next steps.

use jinmen_core::{Count, Object, Result, Role};
use module::{App, NextStep, Number, Visit};

use crate::model::OrganizationFilter;
use crate::ops::{find, read_organization, read_person};
use crate::permissions;

/// Numbers of the portal (what the public may count) and of the workplace.
pub(crate) async fn numbers(app: &App, visit: &Visit) -> Result<Vec<Number>> {
    let mut numbers = Vec::new();
    if let Some(alliance) = find::only_alliance(app).await? {
        let filter = OrganizationFilter { member_of: Some(alliance.text()), ..OrganizationFilter::default() };
        let members = read_organization::members_count(app, &filter).await?;
        numbers.push(Number { key: "number-registry-members", count: members, href: "/organizations".into() });
    }
    if visit.actor.may_somewhere(&permissions::READ_ORGANIZATION).is_err() {
        return Ok(numbers);
    }
    let all = read_organization::count(app, &visit.actor, &OrganizationFilter::default()).await?;
    numbers.push(Number { key: "number-registry-organizations", count: all, href: "/work/organizations".into() });
    let thin = OrganizationFilter { below: Some(50), ..OrganizationFilter::default() };
    let thin = read_organization::count(app, &visit.actor, &thin).await?;
    numbers.push(Number { key: "number-registry-thin", count: thin, href: "/work/organizations?below=50".into() });
    if visit.actor.hat().is_some_and(|hat| hat.organization.is_some())
        && visit.actor.may_somewhere(&permissions::CHECK_CLAIM).is_ok()
    {
        let progress = crate::ops::claims::read::progress(app, &visit.actor).await?;
        let count = Count::from_capped(progress.claimed);
        numbers.push(Number { key: "number-registry-claimed", count, href: "/work/claims".into() });
    }
    if visit.actor.may_somewhere(&permissions::READ_PERSON).is_ok() {
        let people = read_person::count(app, &visit.actor, &Default::default()).await?;
        numbers.push(Number { key: "number-registry-people", count: people, href: "/work/people".into() });
    }
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
