//! What applicant and office say to each other, and what the office notes for itself.

use cases::{Audience, Comment};
use jinmen_core::{Actor, Page, PageRequest, Result};
use module::App;

use super::{for_applicant, for_office, object, tell};
use crate::model::ApplicationId;
use crate::{permissions, sql};

/// Says something as the applicant.
pub async fn say(app: &App, actor: &Actor, id: ApplicationId, text: &str) -> Result<()> {
    for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    let mut tx = app.db.begin().await?;
    cases::add_comment(&mut tx, actor, app.clock.now(), &object(id), Audience::Shared, text).await?;
    tx.commit().await?;
    Ok(())
}

/// Says something to the applicant, or notes it for the office only.
pub async fn answer(app: &App, actor: &Actor, id: ApplicationId, audience: Audience, text: &str) -> Result<()> {
    let (application, _) = for_office(&app.db, actor, &permissions::PROCESS, id, app.clock.today()).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    cases::add_comment(&mut tx, actor, now, &object(id), audience, text).await?;
    if audience == Audience::Shared {
        let call = sql::call::get(&mut tx, application.call).await?;
        tell::tell(app, &mut tx, &call, &application, "message", now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What was said, for the applicant: never what the office noted for itself.
pub async fn said(app: &App, actor: &Actor, id: ApplicationId) -> Result<Page<Comment>> {
    for_applicant(&app.db, actor, &permissions::OWN, id).await?;
    cases::comments(&app.db, &object(id), &[Audience::Shared], &PageRequest::default()).await
}

/// What was said and noted, for the office. An office that is asked in one step sees what was said, not what the other
/// office noted.
pub async fn all(app: &App, actor: &Actor, id: ApplicationId) -> Result<Page<Comment>> {
    let (_, side) = for_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    let audiences: &[Audience] = if side == super::Side::Asked { &[Audience::Shared] } else { &Audience::ALL };
    cases::comments(&app.db, &object(id), audiences, &PageRequest::default()).await
}
