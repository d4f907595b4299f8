//! Papers that prove a payment: a slip of the bank, a receipt.

use files::{File, FileId, Stored};
use jinmen_core::{Actor, Error, Permission, Result};
use module::App;
use store::{Conn, Tx};

use super::{of_office, payment_object};
use crate::model::{Item, ItemId, PaymentId};
use crate::{permissions, sql};

/// The largest paper.
pub const MOST_BYTES: usize = 20 * 1_048_576;

/// What the papers are attached for.
const PURPOSE: &str = "proof";

/// A paper whose bytes are stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Proof {
    /// Its name, as whoever uploaded it had it.
    pub name: String,
    /// Its bytes.
    pub stored: Stored,
}

pub(super) async fn attach(app: &App, tx: &mut Tx, actor: &Actor, payment: PaymentId, proof: Proof) -> Result<FileId> {
    let new = cases::NewAttachment {
        object: payment_object(payment),
        purpose: PURPOSE.into(),
        name: proof.name,
        stored: proof.stored,
    };
    Ok(cases::attach(&app.files, tx, actor, app.clock.now(), new).await?.id)
}

/// Refuses whoever may not record payments of an item, before a byte is kept.
pub async fn may_attach(app: &App, actor: &Actor, id: ItemId) -> Result<Item> {
    of_office(&app.db, actor, &permissions::KEEP, id).await
}

/// Attaches a paper to a payment that is recorded.
pub async fn add(app: &App, actor: &Actor, id: ItemId, payment: PaymentId, proof: Proof) -> Result<FileId> {
    let mut tx = app.db.begin().await?;
    of_office(&mut tx, actor, &permissions::KEEP, id).await?;
    if sql::get_payment(&mut tx, payment).await?.item != id {
        return Err(Error::NotFound);
    }
    let file = attach(app, &mut tx, actor, payment, proof).await?;
    tx.commit().await?;
    Ok(file)
}

/// A paper, if the actor may read the books that it belongs to.
pub async fn get(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    Ok(known(app, &app.db, actor, &permissions::READ, id).await?.0)
}

/// Takes a paper off its payment; the item that the payment is of.
pub async fn remove(app: &App, actor: &Actor, id: FileId) -> Result<ItemId> {
    let mut tx = app.db.begin().await?;
    let (_, item) = known(app, &mut tx, actor, &permissions::KEEP, id).await?;
    cases::detach(&app.files, &mut tx, actor, app.clock.now(), id).await?;
    tx.commit().await?;
    Ok(item)
}

async fn known<'a>(
    app: &App,
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: FileId,
) -> Result<(File, ItemId)> {
    let mut conn = conn.into();
    let file = app.files.get(conn.again(), id).await?;
    if file.object.kind != "payment" {
        return Err(Error::NotFound);
    }
    let payment = sql::get_payment(conn.again(), file.object.id.parse()?).await?;
    of_office(conn, actor, permission, payment.item).await?;
    Ok((file, payment.item))
}
