//! Notices through their public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod inbox;
mod mail;
mod sms;

use jinmen_core::{Instant, PageRequest, PersonId};
use notify::{MIGRATIONS, Notice, NoticeKind, Received};
use serde_json::json;
use store::testing::assert_same_schema;
use store::{Db, MigrationSet};

pub const SETS: [MigrationSet; 2] = [jobs::MIGRATIONS, MIGRATIONS];
pub const NOW: Instant = Instant(1_623_996_189_000_000);
/// Goes to the inbox.
pub const IMPORTED: NoticeKind = NoticeKind::inbox("test.import_finished");
/// Goes to the inbox and by mail.
pub const DECIDED: NoticeKind = NoticeKind::mailed("test.decided");

pub async fn tell(db: &Db, people: &[PersonId], kind: NoticeKind) {
    let mut tx = db.begin().await.unwrap();
    let notice = Notice::new(kind, json!({ "name": "数聚河西", "rows": 42 })).link("/imports/1");
    notify::send(&mut tx, NOW, people, notice).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn inbox(db: &Db, person: PersonId) -> Vec<Received> {
    notify::inbox(db, person, false, &PageRequest::default()).await.unwrap().items
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&SETS).await;
}
