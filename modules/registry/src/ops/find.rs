//! Finding an organisation by whatever a person has at hand: identifier, code or name.

use jinmen_core::codes::Uscc;
use jinmen_core::{Actor, Error, OrganizationId, Result, Text2};
use module::App;
use store::{Conn, Tx};

use super::create_organization;
use crate::model::{NAME_MOST, NewOrganization, required};
use crate::sql;

/// The organisation of an identifier, a social credit code or an exact name.
pub async fn organization<'a>(conn: impl Into<Conn<'a>>, text: &str) -> Result<Option<OrganizationId>> {
    let mut conn = conn.into();
    if let Ok(id) = text.trim().parse::<OrganizationId>() {
        return Ok(sql::organization::get(conn, id).await.ok().map(|known| known.id));
    }
    if let Ok(code) = Uscc::parse(text)
        && let Some(known) = sql::organization::by_uscc(conn.again(), &code).await?
    {
        return Ok(Some(known.id));
    }
    let named = sql::organization::by_name(conn, text).await?;
    match named.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.id)),
        _ => Err(Error::field("organization", "registry.organization_ambiguous")),
    }
}

/// The same; a name that is not there yet opens an alliance's file, so that the first organisation of
/// an instance can be made from the terminal.
pub async fn organization_or_new(app: &App, tx: &mut Tx, actor: &Actor, text: &str) -> Result<OrganizationId> {
    if let Some(known) = organization(&mut *tx, text).await? {
        return Ok(known);
    }
    let new = NewOrganization {
        uscc: None,
        name: Text2::zh(required("organization", text, NAME_MOST)?),
        kind: "alliance".into(),
        society_level: None,
        intro: Text2::default(),
    };
    create_organization::insert(app, tx, actor, new, None, true).await
}

/// The only alliance of an instance, for commands that need not be told which.
pub async fn only_alliance(app: &App) -> Result<Option<OrganizationId>> {
    Ok(sql::organization::only_of_kind(&app.db, "alliance").await?)
}
