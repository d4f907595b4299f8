//! What a person wants to be told, and where.

use jinmen_core::{PersonId, Result};
use store::{Conn, Db};

use crate::{NoticeKind, sql};

/// What a person decided about a kind of notice, or what holds until they do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preference {
    /// The kind.
    pub kind: NoticeKind,
    /// Whether it shows in the inbox.
    pub inbox: bool,
    /// Whether it comes by mail.
    pub email: bool,
}

/// What a person wants of the kinds there are, in their order.
pub async fn preferences<'a>(
    conn: impl Into<Conn<'a>>,
    person: PersonId,
    kinds: &[NoticeKind],
) -> Result<Vec<Preference>> {
    let decided = sql::preferences(conn, person).await?;
    let of = |kind: &NoticeKind| {
        let known = decided.iter().find(|(code, ..)| code == kind.code);
        let (inbox, email) = known.map_or((true, kind.email_by_default), |(_, inbox, email)| (*inbox, *email));
        Preference { kind: *kind, inbox, email }
    };
    Ok(kinds.iter().map(of).collect())
}

/// Decides about a kind.
pub async fn set_preference(db: &Db, person: PersonId, preference: Preference) -> Result<()> {
    Ok(sql::set_preference(db, person, preference).await?)
}
