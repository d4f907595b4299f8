//! Names for other modules, and files for new accounts.

use async_trait::async_trait;
use jinmen_core::{Actor, Object, OrganizationId, PersonId, Result, Text2};
use module::{App, Directory};
use store::Tx;

use crate::model::{NAME_MOST, NewPerson, required};
use crate::{ops, sql};

/// The registry's face towards the other modules.
pub(crate) struct Names;

#[async_trait]
impl Directory for Names {
    async fn organizations(&self, app: &App, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, Text2)>> {
        Ok(sql::organization::names(&app.db, ids).await?)
    }

    async fn find_organizations(&self, app: &App, typed: &str) -> Result<Vec<(OrganizationId, Text2)>> {
        if let Some(id) = ops::find::organization(&app.db, typed).await.unwrap_or_default() {
            return self.organizations(app, &[id]).await;
        }
        let ids = store::search::find(&app.db, "organization", typed, 10).await?;
        let ids: Vec<OrganizationId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        self.organizations(app, &ids).await
    }

    async fn people(&self, app: &App, ids: &[PersonId]) -> Result<Vec<(PersonId, Text2)>> {
        Ok(sql::person::names(&app.db, ids).await?)
    }

    async fn new_person(
        &self,
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        name: &str,
        keeper: Option<OrganizationId>,
    ) -> Result<PersonId> {
        let name = Text2::zh(required("name", name, NAME_MOST)?);
        let new = NewPerson { name, headline: Text2::default(), resident_id: None };
        ops::create_person::insert(app, tx, actor, new, keeper).await
    }

    fn link(&self, object: &Object) -> Option<String> {
        match object.kind.as_str() {
            "organization" => Some(format!("/work/organizations/{}", object.id)),
            "person" => Some(format!("/work/people/{}", object.id)),
            _ => None,
        }
    }
}
