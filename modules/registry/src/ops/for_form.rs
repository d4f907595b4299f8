//! What the forms of other modules are filled with. Whoever calls has asked whether the actor may see the file.

use jinmen_core::codes::Uscc;
use jinmen_core::{Actor, Object, OrganizationId, Result, Text2};
use module::App;
use serde_json::json;
use store::{Conn, Tx};

use super::{refresh, taken};
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

/// Writes the credit code of an organisation whose file has none, as its own people said it; whether it was written.
///
/// # Errors
/// `registry.uscc_taken` where another organisation has it.
pub async fn fill_uscc(app: &App, tx: &mut Tx, actor: &Actor, id: OrganizationId, uscc: &Uscc) -> Result<bool> {
    let now = app.clock.now();
    if sql::organization::fill_uscc(tx, id, uscc, now).await.map_err(taken)? == 0 {
        return Ok(false);
    }
    refresh::organizations(app, tx, &[id]).await?;
    record::append(tx, actor, now, "registry.organization.edited", id, json!({ "uscc": uscc.as_str() })).await?;
    Ok(true)
}
