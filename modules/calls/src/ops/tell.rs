//! Telling applicants what happened to their applications.

use jinmen_core::{Instant, Matter, PersonId, Result, Role};
use module::App;
use payments::Subject;
use serde_json::json;
use store::Tx;

use super::{object, own_page};
use crate::model::{Application, Call};
use crate::sql;

/// What the inbox of an applicant's people says.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::mailed("calls.moved");
/// Those who answer for an enterprise.
const ROLES: [Role; 2] = [Role::EnterpriseAdmin, Role::EnterpriseHandler];

/// Tells those who act for the applicant, and the team: `what` names the text (`notice-calls-moved-WHAT`).
pub(crate) async fn tell(
    app: &App,
    tx: &mut Tx,
    call: &Call,
    one: &Application,
    what: &str,
    now: Instant,
) -> Result<()> {
    let mut people: Vec<PersonId> = match one.applicant {
        Subject::Person(person) => vec![person],
        Subject::Organization(id) => {
            let acting = access::acting_for(&mut *tx, &[id], &ROLES, Some(Matter::Apply), app.clock.today()).await?;
            acting.into_iter().map(|(_, person)| person).collect()
        }
    };
    people.extend(sql::application::members(&mut *tx, one.id).await?.into_iter().map(|member| member.person));
    let args = json!({ "title": call.title.zh, "number": one.number, "reason": one.reason });
    let mut notice = notify::Notice::new(NOTICE, args).link(own_page(one.id)).about(object(one.id));
    notice.message_key = format!("notice-calls-moved-{what}");
    notify::send(tx, now, &people, notice).await
}
