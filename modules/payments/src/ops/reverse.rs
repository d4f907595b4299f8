//! Reversing a payment: it stays in sight, and does not stand.

use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::json;

use super::{object, of_office, pay::changed, tell::tell};
use crate::model::{ItemId, PaymentId, why};
use crate::{permissions, sql};

/// Reverses a payment of an item.
///
/// # Errors
/// `core.required` without a reason; `payments.reversed_before`.
pub async fn reverse(app: &App, actor: &Actor, id: ItemId, payment: PaymentId, typed: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let item = of_office(&mut tx, actor, &permissions::KEEP, id).await?;
    let known = sql::get_payment(&mut tx, payment).await?;
    if known.item != id {
        return Err(Error::NotFound);
    }
    let why = why(typed)?;
    if sql::reverse(&mut tx, payment, &super::name(actor), &why, now).await? == 0 {
        return Err(Error::conflict("payments.reversed_before"));
    }
    let change = sql::take_paid(&mut tx, id, known.amount).await?;
    let item = changed(item, change.ok_or_else(|| Error::internal("a payment of an item that was not paid"))?);
    tell(&mut tx, actor, now, &item).await?;
    let data = json!({
        "number": item.number, "title": item.title, "amount": known.amount.to_grouped_string(),
        "left": item.left().to_grouped_string(), "why": why, "payment": payment.text(),
    });
    record::append(&mut tx, actor, now, "payments.reversed", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}
