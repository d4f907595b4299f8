//! What hangs on objects, through its public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod attachments;
mod comments;
mod drafts;
mod numbers;
mod tags;
mod tasks;

use jinmen_core::{
    AccountId, Actor, Error, GrantId, Hat, Instant, Object, OrganizationId, PageRequest, PersonId, Result, Role,
    SignedIn,
};
use store::testing::assert_same_schema;
use store::{Db, MigrationSet};

pub const SETS: [MigrationSet; 3] = [record::MIGRATIONS, files::MIGRATIONS, cases::MIGRATIONS];
pub const NOW: Instant = Instant(1_623_996_189_000_000);

/// A person under a hat.
pub fn person(role: Role, organization: Option<OrganizationId>) -> Actor {
    let hat = Hat::new(GrantId::new(), role, organization);
    Actor::Person(Box::new(SignedIn {
        account: AccountId::new(),
        person: Some(PersonId::new()),
        name: "张三".into(),
        locale: None,
        hats: vec![hat.clone()],
        hat: Some(hat),
    }))
}

pub fn object() -> Object {
    Object::from(OrganizationId::new())
}

/// The actions recorded of an object, oldest first.
pub async fn recorded(db: &Db, object: &Object) -> Vec<String> {
    let page = record::history(db, object, &PageRequest::default()).await.unwrap();
    page.items.into_iter().rev().map(|entry| entry.action).collect()
}

/// The code of the one fault, or what else it was.
pub fn fault<T>(result: Result<T>) -> String {
    match result.err().unwrap() {
        Error::Invalid(faults) => faults[0].code.clone(),
        Error::Conflict(fault) => fault.code,
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&SETS).await;
}
