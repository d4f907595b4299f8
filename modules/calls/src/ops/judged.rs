//! Applications for the module that judges them. Whoever calls has asked whether the actor may see them.

use std::collections::HashMap;

use jinmen_core::{PersonId, Result, Role};
use module::App;
use payments::Subject;
use store::Conn;

use super::loaded::{self, Loaded};
use crate::form::{Form, Kind};
use crate::model::{Application, ApplicationId, Call, CallId, StageKind};
use crate::sql;

/// Applications asked about in one statement.
const AT_ONCE: usize = 1_000;
/// Those who answer for an enterprise.
const ACTING: [Role; 2] = [Role::EnterpriseAdmin, Role::EnterpriseHandler];

/// An application to be judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The application.
    pub application: Application,
    /// The project's name as it was answered; empty where nobody asked.
    pub title: String,
    /// Everybody who has a part in it: the applicant in person, the team, those who act for the enterprise.
    pub people: Vec<PersonId>,
}

/// A call by its identifier.
pub async fn call<'a>(conn: impl Into<Conn<'a>>, id: CallId) -> Result<Call> {
    Ok(sql::call::get(conn, id).await?)
}

/// The stage at which a call's applications are judged; none where it has none.
pub fn stage(call: &Call) -> Option<&str> {
    call.setup.stages.iter().find(|stage| stage.kind == StageKind::Experts).map(|stage| stage.key.as_str())
}

/// The applications of a call that stand where they are judged, the first handed in first.
pub async fn waiting(app: &App, call: &Call) -> Result<Vec<Judged>> {
    let Some(stage) = stage(call) else { return Ok(Vec::new()) };
    let ids = sql::judged::at_stage(&app.db, call.id, stage).await?;
    some(app, call, &ids).await
}

/// Some applications of a call.
pub async fn some(app: &App, call: &Call, ids: &[ApplicationId]) -> Result<Vec<Judged>> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(AT_ONCE) {
        let applications = sql::application::many(&app.db, part.to_vec()).await?;
        let titles: HashMap<ApplicationId, String> =
            sql::judged::answers(&app.db, part, &call.setup.notice.project).await?.into_iter().collect();
        let mut people: HashMap<ApplicationId, Vec<PersonId>> = HashMap::new();
        for (id, person) in sql::judged::members(&app.db, part).await? {
            people.entry(id).or_default().push(person);
        }
        let firm = |one: &Application| match one.applicant {
            Subject::Organization(id) => Some(id),
            Subject::Person(_) => None,
        };
        let firms: Vec<_> = applications.iter().filter_map(firm).collect();
        let acting = access::acting_for(&app.db, &firms, &ACTING, None, app.clock.today()).await?;
        for one in applications {
            let mut own = people.remove(&one.id).unwrap_or_default();
            match one.applicant {
                Subject::Person(person) => own.push(person),
                Subject::Organization(firm) => {
                    own.extend(acting.iter().filter(|(of, _)| *of == firm).map(|(_, person)| *person));
                }
            }
            own.sort_unstable();
            own.dedup();
            let title = titles.get(&one.id).cloned().unwrap_or_default();
            found.push(Judged { application: one, title, people: own });
        }
    }
    Ok(found)
}

/// Everything that is said about an application, for whoever judges it.
pub async fn read(app: &App, id: ApplicationId) -> Result<Loaded> {
    let application = sql::application::get(&app.db, id).await?;
    let call = sql::call::get(&app.db, application.call).await?;
    loaded::load(app, &app.db, application, call).await
}

/// The questions of a form that say nothing of who applies: no facts of the file, no telephones and accounts, no lists of
/// people, no declarations.
pub fn silent(form: &Form) -> Vec<String> {
    let says_nothing = |kind: &Kind| !matches!(kind, Kind::Fact { .. } | Kind::Group(_) | Kind::Yes);
    let fields = form.fields.iter().filter(|field| says_nothing(&field.kind) && !field.sensitive);
    fields.map(|field| field.name.clone()).collect()
}
