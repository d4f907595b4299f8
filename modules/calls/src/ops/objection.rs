//! Objections (异议) by real name with evidence: the one concerned stands still, somebody investigates and answers. Who
//! objected is sealed; the record names the program, not them.

use files::{File, FileId, Stored};
use jinmen_core::{Actor, Error, Fault, Faults, Object, Result, Scope};
use module::App;
use serde_json::{Value, json};

use super::notice::{self, Shown, notice_object};
use super::{name, object};
use crate::model::{ApplicationId, LineState, NoticeId, Objection, ObjectionId, ObjectionState, needed};
use crate::{permissions, sql};

/// For what the names of those who object are sealed.
pub(crate) const SECRET: &str = "calls.objector";
/// The kind of the task of the office.
pub const TASK: &str = "calls.objection";
/// What whoever objected is told.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::inbox("calls.objection_answered");
/// Files of one objection.
pub const FILES_MOST: usize = 5;
/// The largest, in bytes.
pub const FILE_BYTES: u64 = 20 * 1024 * 1024;

/// An objection as it is typed.
#[derive(Clone, Debug, Default)]
pub struct ObjectionDraft {
    /// To which line.
    pub application: String,
    /// The real name.
    pub name: String,
    /// A telephone.
    pub telephone: String,
    /// What is wrong, with facts.
    pub text: String,
    /// Evidence: names and stored bytes.
    pub files: Vec<(String, Stored)>,
}

/// An objection as files and records name it.
pub fn objection_object(id: ObjectionId) -> Object {
    Object::new("call_objection", id)
}

/// Files an objection: the line it is to stands still until it is answered.
///
/// # Errors
/// `calls.notice_over` outside its days; `calls.line_gone` for one that was taken out; faults of `name`, `telephone`,
/// `text`, `application`: nothing without a name is taken.
pub async fn file(app: &App, actor: &Actor, id: NoticeId, draft: ObjectionDraft) -> Result<String> {
    let by = actor.signed_in()?.account;
    let shown = notice::read_public(app, id).await?;
    let today = app.clock.today();
    if !shown.notice.takes_objections(today) {
        return Err(Error::conflict("calls.notice_over"));
    }
    let mut faults = Faults::new();
    let who = faults.take(needed("name", &draft.name, 50));
    let telephone = faults.take(needed("telephone", &draft.telephone, 40));
    let text = faults.take(needed("text", &draft.text, 4_000));
    let application = faults.take(line_of(&shown, &draft.application));
    if draft.files.len() > FILES_MOST {
        faults.push(Fault::at("file", "calls.answer_files_most").with("most", FILES_MOST));
    }
    faults.check()?;
    let (Some(who), Some(telephone), Some(text), Some(application)) = (who, telephone, text, application) else {
        return Err(Fault::new("core.required").into());
    };
    let sealed = app.vault.seal(SECRET, &json!({ "name": who, "telephone": telephone }).to_string())?;
    let (mut tx, now, program) = (app.db.begin().await?, app.clock.now(), Actor::System("calls"));
    let one = sql::application::get(&mut tx, application).await?;
    let call = sql::call::get(&mut tx, one.call).await?;
    let mut objection = Objection {
        id: ObjectionId::new(),
        number: String::new(),
        notice: id,
        application,
        text,
        state: ObjectionState::Open,
        findings: String::new(),
        answer: String::new(),
        filed_by: by,
        person: actor.person(),
        filed_at: now,
        answered_name: String::new(),
        answered_at: None,
    };
    let place = objection_object(objection.id);
    for (name, stored) in draft.files {
        let new = cases::NewAttachment { object: place.clone(), purpose: "evidence".into(), name, stored };
        cases::attach(&app.files, &mut tx, &program, now, new).await?;
    }
    let reason = app.words(jinmen_core::Locale::ZhCn).of("calls-notice-objected");
    sql::notice::set_line(&mut tx, id, application, LineState::Listed, LineState::Stopped, &reason).await?;
    let args = json!({ "name": one.applicant_name, "title": shown.notice.title });
    let waits_for = cases::WaitsFor::Role(call.role, call.owner);
    let due = app.calendar().add(today, 10).ok().map(|due| due.date);
    let task = cases::NewTask::new(TASK, place.clone(), waits_for, notice::desk_page(id), args).due(due);
    cases::open_task(&mut tx, now, task).await?;
    record::append(
        &mut tx,
        &program,
        now,
        "calls.application.stopped",
        object(application),
        json!({ "reason": reason }),
    )
    .await?;
    objection.number = cases::next_number(&mut tx, "YY", today.year()).await?;
    sql::notice::insert_objection(&mut tx, &objection, sealed.bytes).await?;
    let data = json!({ "number": objection.number });
    record::append(&mut tx, &program, now, "calls.objection.filed", notice_object(id), data).await?;
    tx.commit().await?;
    Ok(objection.number)
}

fn line_of(shown: &Shown, typed: &str) -> Result<ApplicationId, Fault> {
    let wrong = || Fault::at("application", "core.choice");
    let id: ApplicationId = typed.parse().map_err(|_| wrong())?;
    let line = shown.lines.iter().find(|line| line.application == id).ok_or_else(wrong)?;
    match line.state {
        LineState::Listed | LineState::Stopped => Ok(id),
        LineState::Removed | LineState::Final => Err(Fault::at("application", "calls.line_gone")),
    }
}

/// The objections that the actor filed to a notice: where each stands and what was answered.
pub async fn mine(app: &App, actor: &Actor, id: NoticeId) -> Result<Vec<Objection>> {
    match actor.account() {
        Some(account) => Ok(sql::notice::objections_by(&app.db, id, account).await?),
        None => Ok(Vec::new()),
    }
}

/// The objections to a notice of the actor's office, without their authors.
pub async fn of_notice(app: &App, actor: &Actor, id: NoticeId) -> Result<Vec<Objection>> {
    notice::of_own_office(app, actor, id).await?;
    Ok(sql::notice::objections(&app.db, id).await?)
}

/// An objection to a notice of the actor's office.
async fn of_office(
    app: &App,
    actor: &Actor,
    permission: &jinmen_core::Permission,
    id: ObjectionId,
) -> Result<Objection> {
    actor.may_somewhere(permission)?;
    let objection = sql::notice::objection(&app.db, id).await?;
    let notice = sql::notice::get(&app.db, objection.notice).await?;
    actor.may(permission, &Scope::owned_by(notice.owner))?;
    Ok(objection)
}

/// The notice that an objection is to, for the office that answers it.
pub async fn notice_of(app: &App, actor: &Actor, id: ObjectionId) -> Result<NoticeId> {
    Ok(of_office(app, actor, &permissions::PROCESS, id).await?.notice)
}

/// Who objected: every look is recorded.
pub async fn who(app: &App, actor: &Actor, id: ObjectionId) -> Result<(Objection, String, String)> {
    let objection = of_office(app, actor, &permissions::PROCESS, id).await?;
    let text = app.vault.open(SECRET, &sql::notice::sealed(&app.db, id).await?)?;
    let found: Value = serde_json::from_str(&text)?;
    let mut tx = app.db.begin().await?;
    let data = json!({ "number": objection.number });
    record::append(&mut tx, actor, app.clock.now(), "calls.objection.revealed", objection_object(id), data).await?;
    tx.commit().await?;
    let of = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    Ok((objection, of("name"), of("telephone")))
}

/// Answers an objection: upheld, the line is taken out and the application has not passed; refused, it goes on once no
/// other objection to it is open.
///
/// # Errors
/// `calls.objection_answered`; faults of `findings` and `answer`.
pub async fn answer(
    app: &App,
    actor: &Actor,
    id: ObjectionId,
    upheld: bool,
    findings: &str,
    answer: &str,
) -> Result<NoticeId> {
    let mut objection = of_office(app, actor, &permissions::PROCESS, id).await?;
    let mut faults = Faults::new();
    objection.findings = faults.take(needed("findings", findings, 4_000)).unwrap_or_default();
    objection.answer = faults.take(needed("answer", answer, 2_000)).unwrap_or_default();
    faults.check()?;
    let now = app.clock.now();
    objection.state = if upheld { ObjectionState::Upheld } else { ObjectionState::Refused };
    objection.answered_name = name(actor);
    objection.answered_at = Some(now);
    let mut tx = app.db.begin().await?;
    if !sql::notice::answer(&mut tx, &objection).await? {
        return Err(Error::conflict("calls.objection_answered"));
    }
    cases::close_task(&mut tx, actor, now, TASK, &objection_object(id)).await?;
    let data = json!({ "number": objection.number, "upheld": upheld });
    record::append(&mut tx, actor, now, "calls.objection.answered", notice_object(objection.notice), data).await?;
    let line = (objection.notice, objection.application);
    let state = sql::notice::lines(&mut tx, line.0).await?.into_iter().find(|one| one.application == line.1);
    let waits = state.is_some_and(|one| one.state == LineState::Stopped);
    if waits && (upheld || !sql::notice::has_open(&mut tx, line.0, line.1).await?) {
        // What was found stays with the office: it may tell who objected.
        let key = if upheld { "calls-objection-was-right" } else { "calls-objection-was-wrong" };
        let reason = app.words(jinmen_core::Locale::ZhCn).of(key);
        notice::settle_line(app, &mut tx, actor, line, !upheld, &reason).await?;
    }
    notice::settle(&mut tx, actor, now, objection.notice).await?;
    if let Some(person) = objection.person {
        let told = notify::Notice::new(NOTICE, json!({ "number": objection.number }));
        let told = told.link(format!("/public-notices/{}", objection.notice)).about(notice_object(objection.notice));
        notify::send(&mut tx, now, &[person], told).await?;
    }
    tx.commit().await?;
    Ok(objection.notice)
}

/// Evidence of an objection, for the office.
pub async fn evidence(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    actor.may_somewhere(&permissions::READ)?;
    let file = app.files.get(&app.db, id).await?;
    if file.object.kind != "call_objection" {
        return Err(Error::NotFound);
    }
    of_office(app, actor, &permissions::READ, file.object.id.parse()?).await?;
    Ok(file)
}
