//! What the books add to the first page and to the search: numbers, next steps, items by their words.

use jinmen_core::{PageRequest, Result, Text2};
use module::{App, Found, NextStep, Number, Visit};

use crate::model::{Direction, Item, ItemFilter};
use crate::ops::{self, read};
use crate::permissions as may;

/// Lines that the search shows.
const LINES: u32 = 20;

/// Whether the visitor keeps or reads the books of an office.
fn reads_books(visit: &Visit) -> bool {
    visit.actor.organization().is_some() && visit.actor.may_somewhere(&may::READ).is_ok()
}

/// Whether the visitor is somebody who owes and gets.
fn is_subject(visit: &Visit) -> bool {
    visit.actor.signed_in().is_ok() && ops::own_subject(&visit.actor, &may::OWN).is_ok()
}

/// How many items are open, each way.
pub(crate) async fn numbers(app: &App, visit: &Visit) -> Result<Vec<Number>> {
    if !reads_books(visit) {
        return Ok(Vec::new());
    }
    let number = |(direction, count): (Direction, _)| Number {
        key: match direction {
            Direction::Out => "number-payments-out",
            Direction::In => "number-payments-in",
        },
        count,
        href: format!("/work/payments?state=open&direction={}", direction.code()),
    };
    Ok(read::counts(app, &visit.actor).await?.open.map(number).into())
}

/// Items that are overdue, or that one owes.
pub(crate) async fn next_steps(app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
    let step = |title_key, hint_key, href: &str| NextStep { title_key, hint_key, href: href.into(), icon: "wallet" };
    if reads_books(visit) && read::counts(app, &visit.actor).await?.overdue {
        let href = "/work/payments?state=overdue";
        return Ok(vec![step("payments-step-overdue", "payments-step-overdue-hint", href)]);
    }
    if is_subject(visit) && read::owes(app, &visit.actor).await? {
        return Ok(vec![step("payments-step-owed", "payments-step-owed-hint", "/work/own-payments")]);
    }
    Ok(Vec::new())
}

/// Items by their number, their title or the name of their subject.
pub(crate) async fn found(app: &App, visit: &Visit, typed: &str) -> Result<Vec<Found>> {
    let filter = ItemFilter { q: Some(typed.chars().take(200).collect()), ..ItemFilter::default() };
    let page = PageRequest { after: None, limit: Some(LINES) };
    let line = |item: Item, kind_key: &str, href: String| Found {
        kind_key: kind_key.into(),
        title: Text2::zh(item.title),
        hint: format!("{} · {}", item.number, item.subject_name),
        href,
    };
    if reads_books(visit) {
        let items = read::list(app, &visit.actor, &filter, &page).await?.items;
        return Ok(items
            .into_iter()
            .map(|one| (ops::page(one.id), one))
            .map(|(href, one)| line(one, "payments-items", href))
            .collect());
    }
    if is_subject(visit) {
        let items = read::mine(app, &visit.actor, &filter, &page).await?.items;
        return Ok(items
            .into_iter()
            .map(|one| (ops::own_page(one.id), one))
            .map(|(href, one)| line(one, "payments-own", href))
            .collect());
    }
    Ok(Vec::new())
}
