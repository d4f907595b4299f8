//! What one was told.

use jinmen_core::{Error, Page, PageRequest, PersonId, Result};
use module::{App, Visit};
use notify::{NoticeId, NoticeKind, Preference, Received};

use crate::permissions;

fn reader(visit: &Visit) -> Result<PersonId> {
    visit.actor.may_somewhere(&permissions::WORK)?;
    visit.actor.person().ok_or(Error::SignIn)
}

/// Notices: the unread ones, or all, newest first.
pub async fn list(app: &App, visit: &Visit, unread_only: bool, page: &PageRequest) -> Result<Page<Received>> {
    notify::inbox(&app.db, reader(visit)?, unread_only, page).await
}

/// How many are unread.
pub async fn unread(app: &App, visit: &Visit) -> Result<i64> {
    notify::unread_count(&app.db, reader(visit)?).await
}

/// Notes that one was read, and says what it was about.
pub async fn read(app: &App, visit: &Visit, id: &str) -> Result<Received> {
    let (person, id) = (reader(visit)?, id.parse::<NoticeId>()?);
    notify::mark_read(&app.db, person, id, app.clock.now()).await?;
    notify::get(&app.db, person, id).await
}

/// Notes that everything was read.
pub async fn read_all(app: &App, visit: &Visit) -> Result<()> {
    notify::mark_all_read(&app.db, reader(visit)?, app.clock.now()).await.map(drop)
}

/// What one wants to be told, by kind, of all modules.
pub async fn preferences(app: &App, visit: &Visit) -> Result<Vec<Preference>> {
    let person = reader(visit)?;
    let kinds: Vec<NoticeKind> = app.modules.iter().flat_map(|module| module.notices()).collect();
    notify::preferences(&app.db, person, &kinds).await
}

/// Decides: the kinds wanted in the inbox and by mail; the others are not wanted.
pub async fn decide(app: &App, visit: &Visit, inbox: &[String], email: &[String]) -> Result<()> {
    let person = reader(visit)?;
    for old in preferences(app, visit).await? {
        let wanted = |list: &[String]| list.iter().any(|code| code == old.kind.code);
        let new = Preference { inbox: wanted(inbox), email: wanted(email), ..old };
        if new != old {
            notify::set_preference(&app.db, person, new).await?;
        }
    }
    Ok(())
}
