//! Papers of payments: how they come in with a form, and how they are handed out.

use std::collections::HashMap;

use axum::extract::{Multipart, State};
use files::FileId;
use futures::{StreamExt, TryStreamExt};
use jinmen_core::{Error, Result};
use module::{Answer, App, Path, Visit};
use registry::uploads;

use crate::model::{ItemId, PaymentId};
use crate::ops::proof::{self, MOST_BYTES, Proof};
use crate::ops::{self};

/// Characters of a field that are looked at: more than any field may have.
const FIELD_MOST: usize = 20_000;

/// What a form with a paper sent.
#[derive(Default)]
pub(super) struct Received {
    /// The fields by their names.
    pub(super) fields: HashMap<String, String>,
    /// The paper, where one was chosen.
    pub(super) proof: Option<Proof>,
}

/// Reads a form; its paper is stored on the way.
pub(super) async fn received(app: &App, mut body: Multipart) -> Result<Received> {
    let mut received = Received::default();
    while let Some(field) = body.next_field().await.map_err(uploads::unreadable)? {
        match field.name().map(str::to_owned) {
            Some(name) if name == "file" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.map_ok(|bytes| bytes.to_vec()).map_err(std::io::Error::other).boxed();
                let stored = app.files.blobs().put(bytes, MOST_BYTES as u64).await.map_err(uploads::too_large)?;
                received.proof = Some(Proof { name, stored }).filter(|proof| proof.stored.size > 0);
            }
            Some(name) => {
                let text = field.text().await.map_err(uploads::unreadable)?;
                received.fields.insert(name, text.chars().take(FIELD_MOST).collect());
            }
            None => {}
        }
    }
    Ok(received)
}

/// Attaches a paper to a payment that is recorded.
pub(crate) async fn add(
    State(app): State<App>,
    visit: Visit,
    Path((id, payment)): Path<(ItemId, PaymentId)>,
    body: Multipart,
) -> Answer {
    proof::may_attach(&app, &visit.actor, id).await?;
    let paper = received(&app, body).await?.proof.ok_or_else(|| Error::field("file", "files.missing"))?;
    proof::add(&app, &visit.actor, id, payment, paper).await?;
    Ok(visit.done(&ops::page(id), "payments-flash-proof"))
}

/// Hands out a paper.
pub(crate) async fn download(State(app): State<App>, visit: Visit, Path(id): Path<FileId>) -> Answer {
    let file = proof::get(&app, &visit.actor, id).await?;
    uploads::hand_out(&app, &file).await
}

/// Takes a paper off its payment.
pub(crate) async fn remove(State(app): State<App>, visit: Visit, Path(id): Path<FileId>) -> Answer {
    let item = proof::remove(&app, &visit.actor, id).await?;
    Ok(visit.done(&ops::page(item), "payments-flash-proof-removed"))
}
