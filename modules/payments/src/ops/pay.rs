//! Recording a payment.

use jinmen_core::{Actor, Error, Fault, Instant, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::proof::{self, Proof};
use super::{object, of_office, tell::tell};
use crate::model::{Item, ItemId, ItemState, NewPayment, PaymentId};
use crate::sql::{self, Change};
use crate::{permissions, sql::add_paid};

/// Records a payment, with its proof where there is one. The payments that stand never come to more than the amount, also
/// when two are recorded at once.
///
/// # Errors
/// Every fault of the form at once; `payments.too_much` with what is left; `payments.all_paid`, `payments.is_cancelled`.
pub async fn pay(app: &App, actor: &Actor, id: ItemId, new: NewPayment, proof: Option<Proof>) -> Result<PaymentId> {
    let new = new.checked(app.clock.today())?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let item = of_office(&mut tx, actor, &permissions::KEEP, id).await?;
    let payment = within(&mut tx, actor, now, item, &new).await?;
    if let Some(proof) = proof {
        proof::attach(app, &mut tx, actor, payment, proof).await?;
    }
    tx.commit().await?;
    Ok(payment)
}

/// The same within a transaction, of an item that the actor keeps.
pub(super) async fn within(
    tx: &mut Tx,
    actor: &Actor,
    now: Instant,
    item: Item,
    new: &NewPayment,
) -> Result<PaymentId> {
    let id = item.id;
    let Some(change) = add_paid(tx, id, new.amount).await? else {
        return Err(refused(tx, id).await?);
    };
    let item = changed(item, change);
    let payment = PaymentId::new();
    sql::insert_payment(tx, payment, id, new, (actor.account(), &super::name(actor)), now).await?;
    tell(tx, actor, now, &item).await?;
    let data = json!({
        "number": item.number, "title": item.title, "amount": new.amount.to_grouped_string(),
        "left": item.left().to_grouped_string(), "day": new.paid_on.to_string(), "payment": payment.text(),
        "voucher": new.voucher,
    });
    record::append(tx, actor, now, "payments.paid", object(id), data).await?;
    Ok(payment)
}

/// Why a payment could not be counted, as the item stands now.
async fn refused(tx: &mut Tx, id: ItemId) -> Result<Error> {
    let item = sql::get(tx, id).await?;
    Ok(match item.state {
        ItemState::Paid => Error::conflict("payments.all_paid"),
        ItemState::Cancelled => Error::conflict("payments.is_cancelled"),
        ItemState::Open => {
            Fault::at("amount", "payments.too_much").with("left", item.left().to_grouped_string()).into()
        }
    })
}

/// The item after its payments changed.
pub(super) fn changed(item: Item, change: Change) -> Item {
    Item { paid: change.paid, state: change.state, due_on: change.due_on, ..item }
}
