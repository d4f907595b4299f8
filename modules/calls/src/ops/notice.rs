//! Public notices (公示): begun for those who passed so far, run in working days, ended by themselves one line at a time.

use std::collections::HashSet;

use flow::{Deed, Doing, When};
use jinmen_core::{Actor, Date, Error, Fault, Instant, Page, PageRequest, Result, Scope};
use module::App;
use payments::Subject;
use registry::model::AsOf;
use serde_json::{Value, json};
use store::Tx;

use super::desk::{self, Act};
use super::{CASE, OBJECT, auto_grant, call_object, loaded, name, object, of_office};
use crate::model::LINES_MOST;
use crate::model::{
    Application, ApplicationFilter, ApplicationId, ApplicationState, Call, CallId, Line, LineState, Notice, NoticeId,
    NoticeState, StageKind, needed, short,
};
use crate::sql::notice::For;
use crate::{permissions, sql};

/// The kind of the task of an office that looks at a line which stands still.
pub const LOOK: &str = "calls.notice_stopped";

/// A notice as it is typed.
#[derive(Clone, Debug, Default)]
pub struct NoticeDraft {
    /// What it is called.
    pub title: String,
    /// On what it rests.
    pub basis: String,
    /// What it says.
    pub body: String,
    /// The last day; the shortest that is allowed where none is named.
    pub until: String,
}

/// A notice as records and files name it.
pub fn notice_object(id: NoticeId) -> jinmen_core::Object {
    jinmen_core::Object::new("call_notice", id)
}

/// The applications of a call that wait for a public notice.
pub async fn waiting(app: &App, actor: &Actor, id: CallId) -> Result<(Call, Vec<Application>)> {
    let call = of_office(&app.db, actor, &permissions::PROCESS, id).await?;
    let mut found = Vec::new();
    for stage in call.setup.stages.iter().filter(|stage| stage.kind == StageKind::Notice) {
        let filter = ApplicationFilter {
            call: Some(id.text()),
            state: Some("submitted".into()),
            stage: Some(stage.key.clone()),
            ..ApplicationFilter::default()
        };
        let mut page = PageRequest { after: None, limit: Some(200) };
        loop {
            let rows = desk::queue(app, actor, &filter, &page).await?;
            found.extend(rows.items);
            match rows.next {
                Some(next) if found.len() < LINES_MOST => page.after = Some(next),
                _ => break,
            }
        }
    }
    // Those that are in a notice that runs wait for its end.
    let ids: Vec<String> = found.iter().map(|one| one.id.text()).collect();
    let open: HashSet<String> = flow::waiting(&app.db, OBJECT, CASE, ids).await?.into_iter().collect();
    let mut without: Vec<Application> = found.into_iter().filter(|one| open.contains(&one.id.text())).collect();
    without.sort_by(|a, b| a.number.cmp(&b.number));
    Ok((call, without))
}

/// Begins a public notice for some applications that wait for one.
///
/// # Errors
/// `calls.notice_nobody`, `calls.notice_many`; `calls.not_at_notice` for one that is somewhere else; faults of `title`,
/// `until` and so on. Then none of it happens.
pub async fn begin(
    app: &App,
    actor: &Actor,
    id: CallId,
    applications: &[ApplicationId],
    draft: &NoticeDraft,
) -> Result<NoticeId> {
    let call = of_office(&app.db, actor, &permissions::PROCESS, id).await?;
    if applications.is_empty() {
        return Err(Fault::at("id", "calls.notice_nobody").into());
    }
    if applications.len() > LINES_MOST {
        return Err(Fault::at("id", "calls.notice_many").with("most", LINES_MOST).into());
    }
    let (title, basis, body) = (
        needed("title", &draft.title, 200)?,
        needed("basis", &draft.basis, 1_000)?,
        short("body", &draft.body, 10_000)?,
    );
    let (now, today) = (app.clock.now(), app.clock.today());
    let until = last_day(app, &call, &draft.until, today)?;
    let mut tx = app.db.begin().await?;
    let mut lines = Vec::with_capacity(applications.len());
    for (at, application) in applications.iter().enumerate() {
        lines.push(enter(app, &mut tx, actor, &call, *application, at as i64 + 1, until).await?);
    }
    let hidden_on = until.add_days(i64::from(call.setup.notice.keep_days) + 1).unwrap_or(Date::MAX);
    let setup = &call.setup;
    let mut notice = Notice {
        id: NoticeId::new(),
        number: String::new(),
        call: id,
        owner: call.owner,
        title,
        basis,
        body,
        office: setup.office.clone(),
        address: setup.address.clone(),
        telephone: setup.telephone.clone(),
        supervision: setup.supervision.clone(),
        begins_on: today,
        ends_on: until,
        hidden_on,
        state: NoticeState::Running,
        created_name: name(actor),
        created_at: now,
    };
    notice.number = cases::next_number(&mut tx, "GS", today.year()).await?;
    sql::notice::insert(&mut tx, &notice).await?;
    sql::notice::insert_lines(&mut tx, notice.id, &lines).await?;
    let data =
        json!({ "number": notice.number, "title": notice.title, "lines": lines.len(), "until": until.to_string() });
    record::append(&mut tx, actor, now, "calls.notice.begun", notice_object(notice.id), data.clone()).await?;
    record::append(&mut tx, actor, now, "calls.notice.begun", call_object(id), data).await?;
    tx.commit().await?;
    Ok(notice.id)
}

/// The last day of a notice: as typed, else the shortest that its stage allows.
fn last_day(app: &App, call: &Call, typed: &str, today: Date) -> Result<Date> {
    if !typed.trim().is_empty() {
        return Date::parse(typed.trim()).map_err(|fault| Fault::of("until", &fault).into());
    }
    let days = call.setup.stages.iter().find(|stage| stage.kind == StageKind::Notice).map_or(5, |stage| stage.days);
    let due = app.calendar().add(today, u32::from(days.max(1)));
    due.map(|due| due.date).map_err(|fault| Fault::of("until", &fault).into())
}

/// Puts an application into a notice: its step begins to run.
async fn enter(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    call: &Call,
    id: ApplicationId,
    place: i64,
    until: Date,
) -> Result<Line> {
    let one = sql::application::get(&mut *tx, id).await?;
    let here = one.call == call.id
        && one.state == ApplicationState::Submitted
        && call.setup.stage(&one.stage).is_some_and(|stage| stage.kind == StageKind::Notice);
    let elsewhere = || Error::Conflict(Fault::new("calls.not_at_notice").with("name", &one.applicant_name));
    if !here {
        return Err(if one.call == call.id { elsewhere() } else { Error::NotFound });
    }
    let case = flow::running(&mut *tx, &object(id), CASE).await?.ok_or_else(elsewhere)?;
    let step = desk::own_step(&case, actor).ok_or_else(|| Error::conflict("flow.not_yours"))?;
    let when = When { now: app.clock.now(), calendar: app.calendar() };
    let doing = Doing::Begin(Some(until));
    let deed = Deed { step: &step, doing, opinion: "", seen: None, colleagues: &[] };
    flow::act(tx, actor, when, case.id, deed).await?;
    let data = json!({ "until": until.to_string() });
    record::append(tx, actor, when.now, "calls.application.publicized", object(id), data).await?;
    Ok(Line {
        application: id,
        place,
        name: one.applicant_name.clone(),
        is_person: matches!(one.applicant, Subject::Person(_)),
        project: project(tx, call, id).await?,
        amount: one.granted.or_else(|| call.setup.outcome.amount.map(jinmen_core::Money::fen)),
        state: LineState::Listed,
        reason: String::new(),
    })
}

/// What the project is called, by the answer that the call names.
async fn project(tx: &mut Tx, call: &Call, id: ApplicationId) -> Result<String> {
    let field = &call.setup.notice.project;
    if field.is_empty() {
        return Ok(String::new());
    }
    let handed = sql::application::submissions(&mut *tx, id).await?;
    let document: Value = handed.last().and_then(|one| serde_json::from_str(&one.document).ok()).unwrap_or_default();
    Ok(document["answers"][field.as_str()].as_str().unwrap_or_default().chars().take(200).collect())
}

/// Ends notices whose last day is over, a line at a time: one that is listed goes on to the next stage; one of whom the
/// rule says something else than when it was handed in stands still, and the office is told.
pub async fn finish(app: &App) -> Result<()> {
    /// At once.
    const SOME: u32 = 20;
    for (notice, application) in sql::notice::due(&app.db, app.clock.today(), SOME).await? {
        let mut tx = app.db.begin().await?;
        match end(app, &mut tx, notice, application).await {
            Ok(()) => tx.commit().await?,
            // Another process came before.
            Err(Error::Stale | Error::Conflict(_)) => tx.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn end(app: &App, tx: &mut Tx, id: NoticeId, application: ApplicationId) -> Result<()> {
    let (program, now) = (Actor::System("calls"), app.clock.now());
    let one = sql::application::get(&mut *tx, application).await?;
    let call = sql::call::get(&mut *tx, one.call).await?;
    if one.state != ApplicationState::Submitted {
        // It was withdrawn meanwhile.
        sql::notice::set_line(tx, id, application, LineState::Listed, LineState::Removed, "").await?;
        settle(tx, &program, now, id).await?;
        return Ok(());
    }
    if changed(app, tx, &one, &call, now).await? {
        let reason = app.words(jinmen_core::Locale::ZhCn).of("calls-notice-changed");
        if sql::notice::set_line(tx, id, application, LineState::Listed, LineState::Stopped, &reason).await? {
            stopped(tx, now, &call, id, &one).await?;
            record::append(
                tx,
                &program,
                now,
                "calls.application.stopped",
                object(application),
                json!({ "reason": reason }),
            )
            .await?;
        }
        return Ok(());
    }
    if !sql::notice::set_line(tx, id, application, LineState::Listed, LineState::Final, "").await? {
        return Err(Error::Stale);
    }
    pass(app, tx, &program, one).await?;
    settle(tx, &program, now, id).await
}

/// The step of the notice is done, and the case goes on.
async fn pass(app: &App, tx: &mut Tx, actor: &Actor, one: Application) -> Result<()> {
    let case = flow::running(&mut *tx, &object(one.id), CASE).await?.ok_or_else(|| Error::conflict("flow.not_open"))?;
    let stage = case.open_stage().and_then(|stage| stage.steps.first()).map(|step| step.key.clone());
    let step = stage.ok_or_else(|| Error::conflict("flow.not_open"))?;
    desk::act_within(app, tx, actor, one, Act { step: Some(step), ..Act::done("") }, &[]).await.map(drop)
}

/// Whether the rule says now that the applicant is not eligible; of one who did not apply by hand, also whether it is not
/// certain any more, or the sum is another.
async fn changed(app: &App, tx: &mut Tx, one: &Application, call: &Call, now: Instant) -> Result<bool> {
    if call.setup.rule.is_empty() {
        return Ok(false);
    }
    let loaded = loaded::load(app, &mut *tx, one.clone(), call.clone()).await?;
    if let Some(line) = sql::auto_grant::of_application(&mut *tx, one.id).await? {
        return auto_grant::changed(tx, &line, &loaded, now).await;
    }
    Ok(loaded.eligibility_of_file(AsOf { day: now.date(), known: now })?.is_refused())
}

/// Tells the office that a line stands still.
pub(crate) async fn stopped(tx: &mut Tx, now: Instant, call: &Call, id: NoticeId, one: &Application) -> Result<()> {
    let waits_for = cases::WaitsFor::Role(call.role, call.owner);
    let args = json!({ "name": one.applicant_name });
    let task = cases::NewTask::new(LOOK, object(one.id), waits_for, desk_page(id), args);
    cases::open_task(tx, now, task).await.map(drop)
}

/// Where the office looks at a notice.
pub fn desk_page(id: NoticeId) -> String {
    format!("/work/public-notices/{id}")
}

/// A notice is over when nothing of it is open.
pub(crate) async fn settle(tx: &mut Tx, actor: &Actor, now: Instant, id: NoticeId) -> Result<()> {
    if sql::notice::settle(tx, id).await? {
        record::append(tx, actor, now, "calls.notice.over", notice_object(id), json!({})).await?;
    }
    Ok(())
}

/// Lets a line that stands still go on, or takes it out with a reason: then the application has not passed.
///
/// # Errors
/// `calls.line_not_stopped`; `calls.objection_open` while an objection to it is open; a fault of `reason`.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: NoticeId,
    application: ApplicationId,
    keep: bool,
    reason: &str,
) -> Result<()> {
    of_own_office(app, actor, id).await?;
    let reason = needed("reason", reason, 1_000)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::notice::has_open(&mut tx, id, application).await? {
        return Err(Error::conflict("calls.objection_open"));
    }
    settle_line(app, &mut tx, actor, (id, application), keep, &reason).await?;
    settle(&mut tx, actor, now, id).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction.
pub(crate) async fn settle_line(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (id, application): (NoticeId, ApplicationId),
    keep: bool,
    reason: &str,
) -> Result<()> {
    let now = app.clock.now();
    let to = if keep { LineState::Listed } else { LineState::Removed };
    let said = if keep { "" } else { reason };
    if !sql::notice::set_line(tx, id, application, LineState::Stopped, to, said).await? {
        return Err(Error::conflict("calls.line_not_stopped"));
    }
    cases::close_task(tx, actor, now, LOOK, &object(application)).await?;
    let one = sql::application::get(&mut *tx, application).await?;
    if keep {
        let notice = sql::notice::get(&mut *tx, id).await?;
        record::append(tx, actor, now, "calls.application.resumed", object(application), json!({ "reason": reason }))
            .await?;
        // After the last day there is nothing more to wait for: people have looked at what had changed.
        if notice.ends_on < now.date() {
            sql::notice::set_line(tx, id, application, LineState::Listed, LineState::Final, "").await?;
            pass(app, tx, &Actor::System("calls"), one).await?;
        }
        return Ok(());
    }
    let case = flow::running(&mut *tx, &object(application), CASE).await?;
    let case = case.ok_or_else(|| Error::conflict("flow.not_open"))?;
    let step = desk::own_step(&case, actor).ok_or_else(|| Error::conflict("flow.not_yours"))?;
    desk::act_within(app, tx, actor, one, Act { step: Some(step), ..Act::reject(reason) }, &[]).await.map(drop)
}

/// A notice with its lines.
pub struct Shown {
    /// The notice.
    pub notice: Notice,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A notice, for everybody.
pub async fn read_public(app: &App, id: NoticeId) -> Result<Shown> {
    let notice = sql::notice::get(&app.db, id).await?;
    Ok(Shown { lines: sql::notice::lines(&app.db, id).await?, notice })
}

/// A notice of the actor's office.
pub async fn of_own_office(app: &App, actor: &Actor, id: NoticeId) -> Result<Shown> {
    actor.may_somewhere(&permissions::READ)?;
    let notice = sql::notice::get(&app.db, id).await?;
    actor.may(&permissions::READ, &Scope::owned_by(notice.owner))?;
    Ok(Shown { lines: sql::notice::lines(&app.db, id).await?, notice })
}

/// Notices, newest first, for everybody.
pub async fn public(app: &App, call: Option<CallId>, page: &PageRequest) -> Result<Page<Notice>> {
    list(app, For::Public, call, page).await
}

/// Notices of the actor's office, newest first.
pub async fn own(app: &App, actor: &Actor, page: &PageRequest) -> Result<Page<Notice>> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(owner))?;
    list(app, For::Office(owner), None, page).await
}

async fn list(app: &App, whose: For, call: Option<CallId>, page: &PageRequest) -> Result<Page<Notice>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::notice::list(&app.db, whose, call, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}
