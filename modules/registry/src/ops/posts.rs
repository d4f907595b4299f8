//! What many people are, or were, at organisations, and how organisations hang together: for whoever looks for conflicts of
//! interest. Whoever calls has asked whether the actor may know.

use jinmen_core::{OrganizationId, PersonId, Result, Text2};
use store::Conn;

use crate::sql;

/// Kinds of affiliation that tie somebody to an organisation's interest; a seat on an alliance's council does not.
const TYING: [&str; 7] = ["legal_representative", "principal", "contact", "staff", "executive", "founder", "student"];
/// Kinds of relation between organisations that make one's interest the other's.
const HOLDING: [&str; 4] = ["hosted_by", "branch_of", "subsidiary_of", "supervised_by"];
/// People or organisations asked about in one statement.
const AT_ONCE: usize = 1_000;

/// Somebody at an organisation, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub organization: OrganizationId,
    /// What that is called.
    pub name: Text2,
}

/// Where people work or worked, each organisation once.
pub async fn of_people<'a>(conn: impl Into<Conn<'a>>, people: &[PersonId]) -> Result<Vec<Post>> {
    let mut conn = conn.into();
    let mut found = Vec::new();
    for some in people.chunks(AT_ONCE) {
        found.extend(sql::affiliation::posts(conn.again(), some, &TYING).await?);
    }
    Ok(found)
}

/// Which of some organisations hold which others of them, in whatever direction: each pair once.
pub async fn held<'a>(
    conn: impl Into<Conn<'a>>,
    some: &[OrganizationId],
) -> Result<Vec<(OrganizationId, OrganizationId)>> {
    let mut conn = conn.into();
    let mut found = Vec::new();
    for part in some.chunks(AT_ONCE) {
        found.extend(sql::relation::held(conn.again(), part, &HOLDING).await?);
    }
    Ok(found)
}

/// People of this name, each with what they say of themselves.
pub async fn named<'a>(conn: impl Into<Conn<'a>>, name: &str) -> Result<Vec<(PersonId, Text2, Text2)>> {
    Ok(sql::person::named(conn, name.trim(), 20).await?)
}

/// Names of people.
pub async fn names(db: &store::Db, people: &[PersonId]) -> Result<Vec<(PersonId, Text2)>> {
    let mut found = Vec::new();
    for some in people.chunks(AT_ONCE) {
        found.extend(sql::person::names(db, some).await?);
    }
    Ok(found)
}
