//! Reading circulars: the office's, one's own, who has done what.

use jinmen_core::{Actor, Error, OrganizationId, Page, PageRequest, Result, Scope};
use module::App;
use serde_json::{Value, json};

use super::{object, of_office, own_organization};
use crate::model::{Circular, CircularId, OwnCircular, QuestionKind, Recipient, Which};
use crate::{permissions, sql};

/// The circulars of the actor's office, newest first.
pub async fn list(app: &App, actor: &Actor, page: &PageRequest) -> Result<Page<Circular>> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(own))?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::of_owner(&app.db, own, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// How many circulars of the actor's office are open.
pub async fn open_count(app: &App, actor: &Actor) -> Result<i64> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(own))?;
    Ok(sql::open_of(&app.db, own).await?)
}

/// One circular of the actor's office.
pub async fn circular(app: &App, actor: &Actor, id: CircularId) -> Result<Circular> {
    of_office(&app.db, actor, &permissions::READ, id).await
}

/// Its history, newest first.
pub async fn history(app: &App, actor: &Actor, id: CircularId) -> Result<Vec<record::Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(record::history(&app.db, &object(id), &PageRequest::default()).await?.items)
}

/// Its recipients by name.
pub async fn recipients(
    app: &App,
    actor: &Actor,
    id: CircularId,
    which: Which,
    page: &PageRequest,
) -> Result<Page<Recipient>> {
    let circular = of_office(&app.db, actor, &permissions::READ, id).await?;
    let after = page.cursor(2)?.and_then(|cursor| match <[String; 2]>::try_from(cursor.0) {
        Ok([key, id]) => Some((key, id)),
        Err(_) => None,
    });
    let rows = sql::recipients(&app.db, id, which, circular.asks, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![store::text::name_key(&one.name), one.organization.text()]))
}

/// One recipient of a circular of the actor's office.
pub async fn recipient(
    app: &App,
    actor: &Actor,
    id: CircularId,
    organization: OrganizationId,
) -> Result<(Circular, Recipient)> {
    let circular = of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok((circular, sql::recipient(&app.db, id, organization).await?))
}

/// What the answers to one question come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Summary {
    /// For a choice: each option with how many took it.
    Choices(Vec<(String, i64)>),
    /// For a number: how many answered and the sum.
    Sum(i64, i128),
}

/// What the answers to choices and numbers come to, by the questions' keys.
pub async fn summary(app: &App, actor: &Actor, id: CircularId) -> Result<Vec<(String, Summary)>> {
    let circular = of_office(&app.db, actor, &permissions::READ, id).await?;
    let mut summaries: Vec<(String, Summary)> = circular
        .questions
        .iter()
        .filter_map(|question| Some((question.key.clone(), nothing(&question.kind)?)))
        .collect();
    if summaries.is_empty() {
        return Ok(summaries);
    }
    let mut page = PageRequest { after: None, limit: Some(200) };
    loop {
        let rows = recipients(app, actor, id, Which::Answered, &page).await?;
        for one in &rows.items {
            for (key, summary) in &mut summaries {
                add(summary, one.answers.get(key));
            }
        }
        match rows.next {
            Some(next) => page.after = Some(next),
            None => return Ok(summaries),
        }
    }
}

fn nothing(kind: &QuestionKind) -> Option<Summary> {
    match kind {
        QuestionKind::Choice { options } => {
            Some(Summary::Choices(options.iter().map(|option| (option.clone(), 0)).collect()))
        }
        QuestionKind::Number => Some(Summary::Sum(0, 0)),
        _ => None,
    }
}

fn add(summary: &mut Summary, answer: Option<&Value>) {
    match (summary, answer) {
        (Summary::Choices(options), Some(Value::String(chosen))) => {
            options.iter_mut().filter(|(option, _)| option == chosen).for_each(|(_, count)| *count += 1);
        }
        (Summary::Sum(count, sum), Some(Value::Number(number))) => {
            *count += 1;
            *sum += i128::from(number.as_i64().unwrap_or_default());
        }
        _ => {}
    }
}

/// What was sent to the actor's organisation, newest first.
pub async fn mine(app: &App, actor: &Actor, page: &PageRequest) -> Result<Page<OwnCircular>> {
    let own = own_organization(actor, &permissions::OWN)?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::to_organization(&app.db, own, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// How many circulars wait for the actor's organisation.
pub async fn waiting(app: &App, actor: &Actor) -> Result<i64> {
    let own = own_organization(actor, &permissions::OWN)?;
    Ok(sql::waiting(&app.db, own).await?)
}

/// One circular that was sent to the actor's organisation; that it was opened is kept.
pub async fn open(app: &App, actor: &Actor, id: CircularId) -> Result<(Circular, Recipient)> {
    let own = own_organization(actor, &permissions::OWN)?;
    let known = sql::recipient(&app.db, id, own).await?;
    let circular = sql::get(&app.db, id).await?;
    if known.read_at.is_some() {
        return Ok((circular, known));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if sql::set_read(&mut tx, id, own, &super::name(actor), now).await? > 0 {
        let data = json!({ "number": circular.number, "title": circular.title });
        record::append(&mut tx, actor, now, "notices.circular.read", jinmen_core::Object::from(own), data).await?;
    }
    tx.commit().await?;
    Ok((circular, sql::recipient(&app.db, id, own).await?))
}
