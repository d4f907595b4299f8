//! Handing in: once, strictly before the end, with a number, an instant and a digest; and once more after a correction.

use flow::When;
use jinmen_core::{Actor, Error, Instant, Locale, Result, Text2};
use module::App;
use payments::Subject;
use registry::model::AsOf;
use registry::ops::for_form::fill_uscc;
use registry::ops::{decide, record_facts};
use seal::canonical;
use serde_json::{Value, json};
use store::Tx;
use store::search::{self, Entry};

use super::loaded::{self, Eligibility, Loaded};
use super::{CASE, auto_grant, desk_page, for_applicant, name, object};
use crate::form::{Kind, mask};
use crate::model::{Application, ApplicationId, ApplicationState, Call, Phase, Submission};
use crate::{permissions, sql};

/// The kind of the task of an applicant who is to correct something.
pub const CORRECT: &str = "calls.correct";

/// What somebody holds who handed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acknowledgement {
    /// The number.
    pub number: String,
    /// The instant, by the one clock of the database.
    pub at: Instant,
    /// SHA-256 over what was handed in.
    pub digest: String,
}

/// Hands an application in: for the first time within the window of its call, or corrected by the day that was set.
///
/// What is missing or wrong is said at once, and nothing happens. Whoever is certainly not eligible is refused where the
/// call is strict. The answers to bound questions become facts of the applicant's file, with the application as source.
///
/// # Errors
/// `calls.too_late`, `calls.not_open`, `calls.correction_late`; `calls.submitted` for one that was handed in;
/// `calls.not_eligible`; a fault for every answer that is missing or wrong.
pub async fn submit(app: &App, actor: &Actor, id: ApplicationId) -> Result<Acknowledgement> {
    let application = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    let mut tx = app.db.begin().await?;
    let done = within(app, &mut tx, actor, application).await?;
    tx.commit().await?;
    Ok(done)
}

async fn within(app: &App, tx: &mut Tx, actor: &Actor, seen: Application) -> Result<Acknowledgement> {
    // The call's row is taken first: whoever moves the end of its window does so before this or after it, and the instant
    // that is asked for now is this submission's.
    sql::call::take(tx, seen.call).await?;
    let call = sql::call::get(&mut *tx, seen.call).await?;
    let now = tx.now(&app.clock).await?;
    let application = sql::application::get(&mut *tx, seen.id).await?;
    may_come(&call, &application, now)?;
    let granted = auto_grant::meets(tx, &application).await?;
    let loaded = loaded::load(app, &mut *tx, application, call).await?;
    let mut faults = faults_of(&loaded);
    if granted {
        // What the form asked nobody then is not asked now: only what was sent back for correction.
        faults.retain(|fault| fault.field.as_deref().is_some_and(|field| loaded.application.opens(field)));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let facts = loaded.new_facts(&loaded.call.title.zh);
    if !facts.is_empty() {
        record_facts::insert(app, tx, actor, &loaded.object(), facts).await?;
    }
    identified(app, tx, actor, &loaded).await?;
    let decision = decided(tx, actor, now, &loaded).await?;
    let by = name(actor);
    let round = sql::application::submissions(&mut *tx, loaded.application.id).await?.len() as i64 + 1;
    let document = document(&loaded, decision.as_deref(), round, now, &by, None)?;
    let digest = decide::digest(&document);
    let kept = Submission { round, document, digest: digest.clone(), at: now, by };
    sql::application::keep_submission(tx, loaded.application.id, &kept).await?;
    let plan = loaded.call.setup.plan(loaded.call.role);
    let number = stand(app, tx, actor, &loaded, &digest, now, plan).await?;
    Ok(Acknowledgement { number, at: now, digest })
}

/// The credit code that was typed because the file has none goes into the file, so that it is asked once.
async fn identified(app: &App, tx: &mut Tx, actor: &Actor, loaded: &Loaded) -> Result<()> {
    let (Subject::Organization(firm), None) = (loaded.application.applicant, &loaded.subject.uscc) else {
        return Ok(());
    };
    let Some((question, code)) = loaded.typed_uscc() else { return Ok(()) };
    fill_uscc(app, tx, actor, firm, &code).await.map(drop).map_err(|error| match error {
        Error::Invalid(_) => Error::field(question, "registry.uscc_taken"),
        other => other,
    })
}

/// Whether it may come now: the first time within the window, a correction by its day.
fn may_come(call: &Call, application: &Application, now: Instant) -> Result<()> {
    match application.state {
        ApplicationState::Draft => match call.phase(now) {
            Phase::Open => Ok(()),
            Phase::Over => Err(Error::conflict("calls.too_late")),
            _ => Err(Error::conflict("calls.not_open")),
        },
        ApplicationState::Returned => {
            let due = application.returned.as_ref().map(|returned| returned.due_on);
            if due.is_some_and(|due| now.date() > due) { Err(Error::conflict("calls.correction_late")) } else { Ok(()) }
        }
        _ => Err(Error::conflict("calls.submitted")),
    }
}

/// Everything that stands against handing it in, the choice of a track among it.
pub fn faults_of(loaded: &Loaded) -> Vec<jinmen_core::Fault> {
    let mut faults = loaded.reading.faults();
    let setup = &loaded.call.setup;
    let one = &loaded.application;
    for (field, chosen, tracks) in
        [(super::apply::TRACK, &one.track, &setup.tracks), (super::apply::GROUP, &one.group, &setup.groups)]
    {
        if !tracks.is_empty() && !tracks.iter().any(|track| track.key == *chosen) {
            faults.push(jinmen_core::Fault::at(field, "core.required"));
        }
    }
    faults
}

/// What the rule says now, kept with its proof; its identifier.
pub(crate) async fn decided(tx: &mut Tx, actor: &Actor, now: Instant, loaded: &Loaded) -> Result<Option<String>> {
    let setup = &loaded.call.setup;
    if setup.rule.is_empty() {
        return Ok(None);
    }
    let question = decide::Question {
        subject: loaded.object(),
        object: object(loaded.application.id),
        text: &setup.rule,
        given: loaded.given(),
        as_of: AsOf { day: now.date(), known: now },
    };
    let decision = decide::decide(tx, actor, now, question).await?;
    let answer: Value = serde_json::from_str(&decision.answer)?;
    let said = loaded::said(setup, &answer);
    if setup.strict && said.is_refused() {
        return Err(Error::conflict("calls.not_eligible"));
    }
    let outcome = match said {
        Eligibility::Said { outcome, .. } => outcome,
        Eligibility::Open => String::new(),
    };
    let data = json!({ "outcome": outcome, "decision": decision.id.text() });
    record::append(tx, actor, now, "calls.application.judged", object(loaded.application.id), data).await?;
    Ok(Some(decision.id.text()))
}

/// What the digest is over. Secret answers stand in it masked: it goes into archives. `basis` says on what it rests that
/// nobody filled in the form.
pub(crate) fn document(
    loaded: &Loaded,
    decision: Option<&str>,
    round: i64,
    now: Instant,
    by: &str,
    basis: Option<Value>,
) -> Result<String> {
    let one = &loaded.application;
    let files: Vec<Value> = loaded
        .files
        .iter()
        .map(|file| json!({ "field": file.purpose, "name": file.name, "size": file.size, "digest": file.digest }))
        .collect();
    let mut document = json!({
        "kind": "calls.submission",
        "version": 1,
        "application": one.id.text(),
        "call": { "id": loaded.call.id.text(), "number": loaded.call.number, "title": loaded.call.title.zh },
        "applicant": { "kind": one.applicant.kind(), "id": one.applicant.id(), "name": loaded.subject.name.zh,
                       "uscc": loaded.subject.uscc.as_ref().map(|uscc| uscc.as_str()) },
        "form_version": one.form_version,
        "track": one.track,
        "group": one.group,
        "answers": masked(loaded),
        "from_file": loaded.reading.filled,
        "files": files,
        "decision": decision,
        "round": round,
        "submitted_at": now.0,
        "submitted_by": by,
    });
    if let Some(basis) = basis {
        document["auto_grant"] = basis;
    }
    canonical::encode(&document).map_err(Error::internal)
}

/// The answers with the secret ones masked.
pub(crate) fn masked(loaded: &Loaded) -> Value {
    let mut document = loaded.reading.document(&loaded.form);
    let hide = |value: &mut Value| {
        if let Value::String(text) = value {
            *text = mask(text);
        }
    };
    for field in &loaded.form.fields {
        match &field.kind {
            Kind::Group(group) => {
                let rows = document.get_mut(&field.name).and_then(Value::as_array_mut);
                for row in rows.into_iter().flatten() {
                    for secret in group.fields.iter().filter(|field| field.sensitive) {
                        row.get_mut(&secret.name).into_iter().for_each(hide);
                    }
                }
            }
            _ if field.sensitive => document.get_mut(&field.name).into_iter().for_each(hide),
            _ => {}
        }
    }
    document
}

/// Writes the new state, begins the case by a plan, tells the office; the number.
pub(crate) async fn stand(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    loaded: &Loaded,
    digest: &str,
    now: Instant,
    plan: flow::Plan,
) -> Result<String> {
    let (before, call) = (&loaded.application, &loaded.call);
    let first = before.state == ApplicationState::Draft;
    let mut one = Application {
        state: ApplicationState::Submitted,
        applicant_name: loaded.subject.name.zh.clone(),
        digest: digest.to_owned(),
        returned: None,
        submitted_at: before.submitted_at.or(Some(now)),
        ..before.clone()
    };
    let place = object(one.id);
    if first {
        let case = flow::New {
            name: CASE,
            object: place.clone(),
            owner: call.owner,
            title: format!("{} · {}", one.applicant_name, call.title.zh),
            link: desk_page(one.id),
            plan,
        };
        let when = When { now, calendar: app.calendar() };
        let case = flow::start(tx, actor, when, case).await?;
        one.stage = case.open_stage().map(|stage| stage.key.clone()).unwrap_or_default();
        // The last thing that is asked for: whoever wants the next number waits until this is done.
        one.number = cases::next_number(tx, call.kind.prefix(), now.date().year()).await?;
        let names = vec![one.applicant_name.clone(), one.number.clone()];
        search::put(tx, &place, &Entry { names, texts: Vec::new() }).await?;
    } else {
        cases::close_task(tx, actor, now, CORRECT, &place).await?;
    }
    if sql::application::stand(tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    let action = if first { "calls.application.submitted" } else { "calls.application.resubmitted" };
    let data = json!({ "number": one.number, "digest": digest, "stage": stage_title(call, &one.stage) });
    record::append(tx, actor, now, action, place, data).await?;
    Ok(one.number)
}

/// What a stage of a call is called, for the record; its key where it is not there any more.
pub(crate) fn stage_title(call: &Call, key: &str) -> String {
    call.setup.stage(key).map_or_else(|| key.to_owned(), |stage| text(&stage.title))
}

fn text(text: &Text2) -> String {
    text.show(Locale::ZhCn).to_owned()
}
