//! Owing something: the one way by which every module writes down what is granted or owed.

use jinmen_core::{Actor, Instant, Result, Role};
use serde_json::json;
use store::Tx;

use super::{object, tell::tell};
use crate::model::{Item, ItemId, ItemState, NewItem, Owed};
use crate::permissions;
use crate::sql::{self, Written};

/// Writes down what is owed or granted, within the transaction of whoever decided it.
///
/// The use case that calls this has asked whether the actor may; nothing is asked here. With a key (`terms.dedup`) the
/// owner's books have one such item for ever: owing it again gives the one that is there, whatever became of it, so that
/// a job that runs twice or a button that is pressed twice cannot pay twice. The item's number is the last thing that is
/// asked for; a use case that owes several does so at its end.
///
/// # Errors
/// Every fault of the terms at once, see [`crate::model::Terms::checked`].
pub async fn owe(tx: &mut Tx, actor: &Actor, now: Instant, new: NewItem) -> Result<Owed> {
    let new = new.checked()?;
    let id = ItemId::new();
    let name = super::name(actor);
    let due_on = new.terms.instalments.first().and_then(|one| one.due_on);
    let written = Written { id, keeper: keeper(actor, &new), due_on, by: actor.account(), name: &name, at: now };
    if sql::insert(tx, &new, &written).await? == 0 {
        let there = sql::of_dedup(tx, new.owner, new.terms.dedup.as_deref().unwrap_or_default()).await?;
        return Ok(Owed { id: there, is_new: false });
    }
    sql::insert_instalments(tx, id, &new.terms.instalments).await?;
    tell(tx, actor, now, &as_written(&new, &written)).await?;
    let number = cases::next_number(tx, "KX", now.date().year()).await?;
    sql::set_number(tx, id, &number).await?;
    store::search::put(tx, &object(id), &words(&new, &number)).await?;
    let data = json!({
        "number": number, "title": new.terms.title, "amount": new.terms.amount.to_grouped_string(),
        "way": new.terms.direction.code(), "subject": new.subject.object(), "reason": new.reason.map(|one| one.object),
    });
    record::append(tx, actor, now, "payments.item.owed", object(id), data).await?;
    Ok(Owed { id, is_new: true })
}

/// The role that keeps the books: the one named, else the actor's own where it is one that may.
fn keeper(actor: &Actor, new: &NewItem) -> Role {
    let own = actor.hat().map(|hat| hat.role).filter(|role| permissions::KEEP.reach_of(*role).is_some());
    new.keeper.or(own).unwrap_or(Role::Secretariat)
}

/// What the item is found by.
fn words(new: &NewItem, number: &str) -> store::search::Entry {
    store::search::Entry {
        names: vec![new.terms.title.clone(), new.subject_name.clone(), number.to_owned()],
        texts: Vec::new(),
    }
}

/// The item as far as its tasks need it: the number does not stand in them.
fn as_written(new: &NewItem, written: &Written<'_>) -> Item {
    let terms = new.terms.clone();
    Item {
        id: written.id,
        number: String::new(),
        owner: new.owner,
        keeper: written.keeper,
        direction: terms.direction,
        subject: new.subject,
        subject_name: new.subject_name.clone(),
        title: terms.title,
        reason: new.reason.clone(),
        benefit: terms.benefit,
        granted_on: terms.granted_on,
        amount: terms.amount,
        paid: jinmen_core::Money::ZERO,
        payers: terms.payers,
        due_on: written.due_on,
        state: ItemState::Open,
        why: String::new(),
        note: terms.note,
        dedup: terms.dedup,
        created_name: written.name.to_owned(),
        created_at: written.at,
    }
}
