//! That something is in the record, for whoever asks. Everybody gets the proof of a digest; the entry
//! itself goes only to those who may read the record, and to the account that acted.

use jinmen_core::{Result, Scope};
use module::{App, Visit};
use record::proof::{self, Proof};

use crate::permissions;

/// The proof of an entry by its place; `from` asks for the way from an earlier size.
pub async fn prove(app: &App, visit: &Visit, number: u64, from: Option<u64>) -> Result<Proof> {
    let reads_all = visit.actor.may(&permissions::RECORD, &Scope::instance()).is_ok();
    let own = visit.actor.account().map(|account| account.text());
    let show = |entry: &record::Entry| reads_all || (own.is_some() && entry.actor.account == own);
    proof::of(&app.db, number, from, show).await
}
