//! Applying: beginning, and typing field by field.

use jinmen_core::{Actor, Error, Fault, Faults, Instant, Result};
use module::App;
use payments::Subject;
use serde_json::{Value, json};

use super::loaded::{self, Loaded, SECRET};
use super::{auto_grant, for_applicant, name, object, own_subject};
use crate::form::{CHOICES_MOST, Kind, TEXT_LIMIT};
use crate::model::{Applicants, Application, ApplicationId, Call, CallId, CallState, Phase};
use crate::sql::answer::Answer;
use crate::{permissions, sql};

/// The name under which the track of an application is typed; no question can have it.
pub const TRACK: &str = "_track";
/// The same of the group.
pub const GROUP: &str = "_group";
/// Fields that are saved at once.
const FIELDS_AT_ONCE: usize = 2_000;

/// Begins an application to a call that is open, or gives the draft that is there.
///
/// # Errors
/// `calls.not_open`; `calls.applicants` for one who may not; `calls.enough` for one who has as many as there may be.
pub async fn begin(app: &App, actor: &Actor, id: CallId) -> Result<ApplicationId> {
    let applicant = own_subject(actor, &permissions::APPLY)?;
    let call = sql::call::get(&app.db, id).await?;
    if call.state == CallState::Draft {
        return Err(Error::NotFound);
    }
    if call.phase(app.clock.now()) != Phase::Open {
        return Err(Error::conflict("calls.not_open"));
    }
    if !admits(call.setup.applicants, applicant) {
        return Err(Error::conflict("calls.applicants"));
    }
    let mut tx = app.db.begin().await?;
    let there = sql::application::of_applicant(&mut tx, id, applicant).await?;
    if let Some(draft) = there.iter().find(|one| one.is_open()) {
        return Ok(draft.id);
    }
    if there.len() >= usize::from(call.setup.most) {
        return Err(Error::conflict("calls.enough"));
    }
    auto_grant::not_granted(&mut tx, id, applicant).await?;
    let subject = registry::ops::for_form::for_form(&mut tx, &applicant.object(), &[]).await?;
    let (application, by, now) = (ApplicationId::new(), name(actor), app.clock.now());
    // The version that counts is taken together with its freezing: who keeps a form at this moment makes the next one.
    sql::call::use_form(&mut tx, id, call.form_version).await?;
    let new = sql::application::New {
        id: application,
        call: &call,
        applicant,
        name: &subject.name.zh,
        place: there.len() as i64 + 1,
        by: (actor.account(), &by),
    };
    if !sql::application::insert(&mut tx, &new, now).await? {
        // A colleague began it at the same moment.
        tx.rollback().await?;
        let there = sql::application::of_applicant(&app.db, id, applicant).await?;
        return there.iter().find(|one| one.is_open()).map(|one| one.id).ok_or(Error::Stale);
    }
    let data = json!({ "call": call.number, "title": call.title.zh });
    record::append(&mut tx, actor, now, "calls.application.begun", object(application), data).await?;
    tx.commit().await?;
    Ok(application)
}

fn admits(applicants: Applicants, subject: Subject) -> bool {
    match applicants {
        Applicants::Either => true,
        Applicants::Organizations => matches!(subject, Subject::Organization(_)),
        Applicants::People => matches!(subject, Subject::Person(_)),
    }
}

/// What was typed, as a form or a program sends it: texts by path.
pub type Sent = Vec<(String, Vec<String>)>;

/// Texts of a JSON value that a program sends for one question.
///
/// # Errors
/// `calls.answer_kind` for an object or a number with decimals.
pub fn texts(path: &str, value: &Value) -> Result<Vec<String>, Fault> {
    let one = |value: &Value| match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => number.as_i64().map(|number| number.to_string()),
        _ => None,
    };
    let all: Option<Vec<String>> = match value {
        Value::Array(list) => list.iter().map(one).collect(),
        other => one(other).map(|text| vec![text]),
    };
    all.ok_or_else(|| Fault::at(path, "calls.answer_kind"))
}

/// Keeps what was typed, as it was typed: also what cannot be read yet, so that nothing typed is lost. When it was kept.
///
/// # Errors
/// `calls.not_open_to_typing` for an application that was handed in; a fault for each name that is no question, for a
/// question that is not open for correction, and for a text that is longer than any may be. Then nothing is kept.
pub async fn save(app: &App, actor: &Actor, id: ApplicationId, sent: Sent) -> Result<Instant> {
    let application = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    if !application.is_open() {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    let form = loaded::form(&app.db, application.call, application.form_version).await?;
    let (mut faults, mut answers, mut chosen) = (Faults::new(), Vec::new(), Vec::new());
    if sent.len() > FIELDS_AT_ONCE {
        return Err(Fault::new("calls.answers_many").with("most", FIELDS_AT_ONCE).into());
    }
    for (path, texts) in sent {
        if path == TRACK || path == GROUP {
            chosen.push((path, texts.into_iter().next().unwrap_or_default()));
            continue;
        }
        let field = form.at(&path).filter(|field| !matches!(field.kind, Kind::File { .. } | Kind::Group(_)));
        let Some(field) = field else {
            faults.push(Fault::at(&shown(&path), "calls.answer_unknown"));
            continue;
        };
        if !application.opens(&path) {
            faults.push(Fault::at(&path, "calls.answer_closed"));
            continue;
        }
        if texts.len() > CHOICES_MOST || texts.iter().any(|text| text.chars().count() > TEXT_LIMIT as usize) {
            faults.push(Fault::at(&path, "core.too_long").with("most", TEXT_LIMIT));
            continue;
        }
        answers.push(answer(app, field.sensitive, path, texts)?);
    }
    faults.check()?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::application::touch(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    if !chosen.is_empty() {
        choose(app, &mut tx, &application, &chosen).await?;
    }
    sql::answer::put(&mut tx, id, answers, &name(actor), now).await?;
    tx.commit().await?;
    Ok(now)
}

/// A path as a fault may name it: what somebody made up is cut.
fn shown(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn answer(app: &App, secret: bool, path: String, texts: Vec<String>) -> Result<Answer> {
    let texts: Vec<String> = texts.into_iter().map(|text| text.replace('\0', "")).collect();
    let said = texts.first().is_some_and(|text| !text.trim().is_empty());
    if !secret || !said {
        return Ok(Answer { path, typed: texts, sealed: None });
    }
    let sealed = app.vault.seal(SECRET, texts.first().map_or("", |text| text.trim()))?;
    Ok(Answer { path, typed: Vec::new(), sealed: Some(sealed.bytes) })
}

/// Writes track and group, which are among those of the call.
async fn choose(app: &App, tx: &mut store::Tx, application: &Application, chosen: &[(String, String)]) -> Result<()> {
    let call = sql::call::get(&app.db, application.call).await?;
    let of = |name: &str, before: &str| {
        chosen.iter().find(|(path, _)| path == name).map_or(before, |(_, value)| value.as_str()).to_owned()
    };
    let (track, group) = (of(TRACK, &application.track), of(GROUP, &application.group));
    let among = |key: &str, tracks: &[crate::model::Track]| key.is_empty() || tracks.iter().any(|one| one.key == key);
    let mut faults = Faults::new();
    for (field, key, tracks) in [(TRACK, &track, &call.setup.tracks), (GROUP, &group, &call.setup.groups)] {
        if !among(key, tracks) {
            faults.push(Fault::at(field, "core.choice"));
        }
    }
    faults.check()?;
    if (&track, &group) != (&application.track, &application.group)
        && sql::application::choose(tx, application.id, &track, &group).await? == 0
    {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    Ok(())
}

/// Takes a row out of a group; those behind it move up.
///
/// # Errors
/// Not found for what is no group or has no such row; as for typing besides.
pub async fn remove_row(app: &App, actor: &Actor, id: ApplicationId, group: &str, row: usize) -> Result<()> {
    let application = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    if !application.is_open() || !application.opens(group) {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    let form = loaded::form(&app.db, application.call, application.form_version).await?;
    if !form.field(group).is_some_and(|field| matches!(field.kind, Kind::Group(_))) {
        return Err(Error::NotFound);
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::application::touch(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    let place = |path: &str| -> Option<(usize, String)> {
        let (at, name) = path.strip_prefix(group)?.strip_prefix('.')?.split_once('.')?;
        Some((at.parse().ok()?, name.to_owned()))
    };
    let kept: Vec<Answer> = sql::answer::of(&mut tx, id)
        .await?
        .into_iter()
        .filter_map(|one| {
            let (at, name) = place(&one.path)?;
            let path = match at.cmp(&row) {
                std::cmp::Ordering::Less => one.path,
                std::cmp::Ordering::Equal => return None,
                std::cmp::Ordering::Greater => format!("{group}.{}.{name}", at - 1),
            };
            Some(Answer { path, ..one })
        })
        .collect();
    sql::answer::forget_group(&mut tx, id, group).await?;
    sql::answer::put(&mut tx, id, kept, &name(actor), now).await?;
    tx.commit().await?;
    Ok(())
}

/// An application with everything that is said about it, for its applicant.
pub async fn read(app: &App, actor: &Actor, id: ApplicationId) -> Result<Loaded> {
    let application = for_applicant(&app.db, actor, &permissions::OWN, id).await?;
    let call = sql::call::get(&app.db, application.call).await?;
    loaded::load(app, &app.db, application, call).await
}

/// The applications of whoever the actor acts for, and those of their teams, newest first.
pub async fn mine(
    app: &App,
    actor: &Actor,
    filter: &crate::model::ApplicationFilter,
    page: &jinmen_core::PageRequest,
) -> Result<jinmen_core::Page<Application>> {
    let subject = own_subject(actor, &permissions::OWN)?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    // A team belongs to a person, not to a firm: it is listed where they act for themselves.
    let member = matches!(subject, Subject::Person(_)).then(|| actor.person()).flatten();
    let whose = sql::application::For::Applicant(subject, member);
    let rows = sql::application::list(&app.db, whose, filter, after, page.limit()).await?;
    Ok(jinmen_core::Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// The draft or the latest application of whoever the actor acts for to a call; nothing for a visitor.
pub async fn to_call(app: &App, actor: &Actor, call: &Call) -> Result<Option<Application>> {
    let Ok(subject) = own_subject(actor, &permissions::OWN) else { return Ok(None) };
    Ok(sql::application::of_applicant(&app.db, call.id, subject).await?.into_iter().next_back())
}
