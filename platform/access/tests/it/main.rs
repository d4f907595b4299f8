//! Accounts, sessions, roles and invitations through their public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod accounts;
mod codes;
mod hats;
mod invitations;
mod second;
mod sessions;
mod tokens;
mod told;

use access::{Access, MIGRATIONS, NewAccount, NewGrant, Presented, Session, SignIn, Token, create_account, grant_role};
use jinmen_core::{AccountId, Actor, Clock, Date, Error, GrantId, Instant, OrganizationId, PersonId, Result, Role};
use store::testing::assert_same_schema;
use store::{Db, MigrationSet};

pub const SETS: [MigrationSet; 4] = [record::MIGRATIONS, jobs::MIGRATIONS, notify::MIGRATIONS, MIGRATIONS];
pub const PASSWORD: &str = "津门-correct-horse";
pub const SYSTEM: Actor = Actor::System("test");

/// A day at noon, the clock standing.
pub fn access(db: &Db) -> Access {
    let noon = Instant::start_of(Date::new(2021, 6, 18).unwrap()).plus_seconds(12 * 3600);
    Access::new(db.clone(), Clock::at(noon))
}

/// An account with the usual password, and its person.
pub async fn account(access: &Access, name: &str) -> (AccountId, PersonId) {
    let person = PersonId::new();
    let new = NewAccount {
        person,
        name: name.into(),
        display_name: format!("{name} 先生"),
        password: Some(PASSWORD.into()),
        email: None,
    };
    (create(access, new).await.unwrap(), person)
}

pub async fn create(access: &Access, new: NewAccount) -> Result<AccountId> {
    let mut tx = access.db.begin().await?;
    let id = create_account(access, &mut tx, &SYSTEM, new).await?;
    tx.commit().await?;
    Ok(id)
}

pub async fn grant(
    access: &Access,
    person: PersonId,
    role: Role,
    organization: Option<OrganizationId>,
    until: Option<Date>,
) -> GrantId {
    let mut tx = access.db.begin().await.unwrap();
    let new = NewGrant::new(person, role, organization).during(None, until);
    let id = grant_role(access, &mut tx, &SYSTEM, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn sign_in(access: &Access, name: &str, password: &str, address: &str) -> Result<(Token, AccountId)> {
    let ask = SignIn {
        account: name.into(),
        password: password.into(),
        device: "Firefox on openKylin".into(),
        address: address.into(),
    };
    let (entry, account) = access::sign_in(access, &ask).await?;
    Ok((entry.session().expect("no second proof is asked for"), account))
}

pub async fn session(access: &Access, token: &Token) -> Option<Session> {
    let presented = Presented { token: token.clone() };
    access::find_session(access, &presented).await.unwrap()
}

/// The code of the one fault of an input, or what else it was.
pub fn fault<T>(result: Result<T>) -> String {
    match result.err().unwrap() {
        Error::Invalid(faults) => faults[0].code.clone(),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&SETS).await;
}
