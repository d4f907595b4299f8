//! Comments: what people say about an object, and who may read it.

use jinmen_core::{
    AccountId, Actor, Error, Fault, Instant, Object, OrganizationId, Page, PageRequest, PersonId, Result, id,
};
use serde_json::json;
use store::{Conn, Tx};

use crate::sql::comments as sql;

id!(
    /// A comment.
    CommentId
);
store::arg_id!(CommentId);

/// Characters of a comment.
pub const MOST: usize = 4_000;

/// Who may read a comment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Those who keep the object.
    Internal,
    /// The subject of the object, too.
    Shared,
}

impl Audience {
    /// Both, for those who keep the object.
    pub const ALL: [Self; 2] = [Self::Internal, Self::Shared];

    /// The word in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Shared => "shared",
        }
    }
}

/// A comment as it is read.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Comment {
    /// Its identifier.
    pub id: CommentId,
    /// What it is about.
    pub object: Object,
    /// The account that wrote it.
    #[serde(skip)]
    pub author_account: Option<AccountId>,
    /// The person who wrote it.
    pub author_person: Option<PersonId>,
    /// For whom they acted.
    pub author_organization: Option<OrganizationId>,
    /// The author's name, as it was then.
    pub author_name: String,
    /// Who may read it.
    pub audience: Audience,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub created_at: Instant,
}

/// Says something about an object. The caller has checked that the actor may speak to this audience.
pub async fn add_comment(
    tx: &mut Tx,
    actor: &Actor,
    now: Instant,
    object: &Object,
    audience: Audience,
    text: &str,
) -> Result<CommentId> {
    let (account, person, name) = match actor {
        Actor::Nobody => return Err(Error::SignIn),
        Actor::System(part) => (None, None, (*part).to_owned()),
        Actor::Person(person) => (Some(person.account), person.person, person.name.clone()),
    };
    let comment = Comment {
        id: CommentId::new(),
        object: object.clone(),
        author_account: account,
        author_person: person,
        author_organization: actor.organization(),
        author_name: name,
        audience,
        text: check(text)?,
        created_at: now,
    };
    sql::insert(tx, &comment).await?;
    let data = json!({ "comment": comment.id.text(), "audience": audience.code() });
    record::append(tx, actor, now, "cases.comment.added", object.clone(), data).await?;
    Ok(comment.id)
}

fn check(text: &str) -> Result<String, Fault> {
    let text = text.replace('\0', "").trim().to_owned();
    if text.is_empty() {
        return Err(Fault::at("text", "cases.comment_empty"));
    }
    if text.chars().count() > MOST {
        return Err(Fault::at("text", "cases.comment_long").with("most", MOST));
    }
    Ok(text)
}

/// One comment; a removed one is not there.
pub async fn comment<'a>(conn: impl Into<Conn<'a>>, id: CommentId) -> Result<Comment> {
    Ok(sql::get(conn, id).await?)
}

/// What was said about an object to these audiences, newest first.
pub async fn comments<'a>(
    conn: impl Into<Conn<'a>>,
    object: &Object,
    audiences: &[Audience],
    page: &PageRequest,
) -> Result<Page<Comment>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::list(conn, object, audiences, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |comment| vec![comment.id.text()]))
}

/// Removes a comment and its text: one's own, or any if the caller checked that the actor may
/// (`moderates`). That it was there stays in the record.
pub async fn remove_comment(tx: &mut Tx, actor: &Actor, now: Instant, id: CommentId, moderates: bool) -> Result<()> {
    let known = sql::get(&mut *tx, id).await?;
    let own = known.author_account.is_some() && known.author_account == actor.account();
    if !own && !moderates {
        return Err(Error::NotFound);
    }
    if sql::remove(tx, id, now).await? == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({ "comment": id.text(), "own": own });
    record::append(tx, actor, now, "cases.comment.removed", known.object, data).await?;
    Ok(())
}
