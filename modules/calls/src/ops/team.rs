//! The team of an application: people who see it and type into it besides whoever applies.

use jinmen_core::{Actor, Error, Fault, PersonId, Result};
use module::App;
use serde_json::json;

use super::{for_applicant, object};
use crate::model::{ApplicationId, Member, Team};
use crate::{permissions, sql};

/// People in one team.
const MOST: usize = 30;

/// The team.
pub async fn members(app: &App, actor: &Actor, id: ApplicationId) -> Result<Vec<Member>> {
    for_applicant(&app.db, actor, &permissions::OWN, id).await?;
    Ok(sql::application::members(&app.db, id).await?)
}

/// Takes somebody into the team, by the name of their account.
///
/// # Errors
/// `calls.no_account` for a name that is none; `calls.team_full`; `calls.decided`.
pub async fn add(app: &App, actor: &Actor, id: ApplicationId, account: &str, part: &str) -> Result<()> {
    let application = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    if application.state.is_final() {
        return Err(Error::conflict("calls.decided"));
    }
    let part = Team::from_code(part).ok_or_else(|| Fault::at("part", "core.choice"))?;
    let known = access::find_account(&app.db, account.trim()).await;
    let known = known.ok().filter(|known| known.active).ok_or_else(|| Fault::at("account", "calls.no_account"))?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::application::members(&mut tx, id).await?.len() >= MOST {
        return Err(Fault::at("account", "calls.team_full").with("most", MOST).into());
    }
    let member = Member { person: known.person, name: known.display_name, part, added_at: now };
    sql::application::put_member(&mut tx, id, &member).await?;
    let data = json!({ "person": member.person.text(), "name": member.name, "part": part.code() });
    record::append(&mut tx, actor, now, "calls.application.joined", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes somebody out of the team.
pub async fn remove(app: &App, actor: &Actor, id: ApplicationId, person: PersonId) -> Result<()> {
    for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::application::remove_member(&mut tx, id, person).await? == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({ "person": person.text() });
    record::append(&mut tx, actor, now, "calls.application.left", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}
