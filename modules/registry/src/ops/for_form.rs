//! What the forms of other modules are filled with. Whoever calls has asked whether the actor may see the file.

use jinmen_core::codes::Uscc;
use jinmen_core::{Object, Result, Text2};
use store::Conn;

use crate::model::SubjectFile;
use crate::sql;

/// What a subject is called, and its facts of some keys.
#[derive(Clone, Debug, Default)]
pub struct ForForm {
    /// Its name.
    pub name: Text2,
    /// Of an organisation that has one.
    pub uscc: Option<Uscc>,
    /// The facts that are held now.
    pub facts: SubjectFile,
    /// It exists: an organisation that was dissolved or joined to another does not.
    pub active: bool,
}

/// Reads them: two statements.
///
/// # Errors
/// Not found for a subject that is not there.
pub async fn for_form<'a>(conn: impl Into<Conn<'a>>, subject: &Object, keys: &[&str]) -> Result<ForForm> {
    let mut conn = conn.into();
    let (name, uscc, active) = match subject.kind.as_str() {
        "person" => (sql::person::get(conn.again(), subject.id.parse()?).await?.name, None, true),
        _ => {
            let organization = sql::organization::get(conn.again(), subject.id.parse()?).await?;
            (organization.name, organization.uscc, organization.active)
        }
    };
    let facts = match keys {
        [] => Vec::new(),
        keys => sql::fact::of_many(conn, &subject.kind, vec![subject.id.clone()], keys.to_vec()).await?,
    };
    let facts = SubjectFile::new(facts.into_iter().map(|(_, fact)| fact).collect());
    Ok(ForForm { name, uscc, facts, active })
}
