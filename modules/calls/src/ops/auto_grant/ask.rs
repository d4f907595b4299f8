//! Asking the firms of a list that was checked: what the rule says of each is kept, and each is told.

use std::collections::HashMap;
use std::sync::Arc;

use ::jobs::{Context, Handler, NewJob};
use async_trait::async_trait;
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Actor, Date, Error, Fault, Instant, Locale, Matter, Money, OrganizationId, PersonId, Result, Text2};
use module::{App, sms};
use payments::Receipt;
use registry::ops::decide;
use serde_json::{Value, json};
use store::Tx;

use super::super::{loaded, name};
use super::{CHECK, OFFER, ROLES, as_of, line_object, of_own_office, offer_page, run_object, stands, stop, stopped_by};
use crate::model::{ANSWER_DAYS_MOST, ASKED_MOST, Call, GrantLine, GrantLineId, GrantLineState, Run, RunId, RunState};
use crate::{permissions, sql};

/// What the inbox of a firm's people says.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::mailed("calls.grant_offer");
/// The kind of the job that sends short messages.
pub(super) const MESSAGES: &str = "calls.auto_grant_messages";

/// Asks the firms of a list that was checked; of a list that was asked before, once more those who did not answer. What
/// changed since it was computed stops. How many were asked, and how many stopped.
///
/// # Errors
/// `calls.grant_run_state`; `calls.grant_nobody` where there is nobody to ask; `calls.grant_state` once the call is ended; a
/// fault of `days`.
pub async fn ask(app: &App, actor: &Actor, id: RunId, days: u16) -> Result<(usize, usize)> {
    of_own_office(&app.db, actor, &permissions::PROCESS, id).await?;
    if days == 0 || days > ANSWER_DAYS_MOST {
        return Err(Fault::at("days", "calls.grant_days").with("most", ANSWER_DAYS_MOST).into());
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let (run, _) = of_own_office(&mut tx, actor, &permissions::PROCESS, id).await?;
    sql::call::take(&mut tx, run.call).await?;
    let (run, call) = of_own_office(&mut tx, actor, &permissions::PROCESS, id).await?;
    stands(&run, &[RunState::Checking, RunState::Asking, RunState::Over])?;
    if call.state != crate::model::CallState::Published {
        return Err(Error::conflict("calls.grant_state"));
    }
    let due = app.calendar().add(now.date(), u32::from(days)).map_err(|fault| Fault::of("days", &fault))?.date;
    let from = if run.state == RunState::Checking { GrantLineState::Found } else { GrantLineState::Expired };
    let waiting = |line: &GrantLine| line.state == from && line.asked < ASKED_MOST;
    let lines: Vec<GrantLine> = sql::auto_grant::lines(&mut tx, id).await?.into_iter().filter(waiting).collect();
    if lines.is_empty() {
        return Err(Error::conflict("calls.grant_nobody"));
    }
    let firms: Vec<OrganizationId> = lines.iter().map(|line| line.organization).collect();
    let receipts = super::receipts_of(&mut tx, firms.iter().copied()).await?;
    let mut asked = Vec::new();
    for line in &lines {
        let own = receipts.get(&line.organization).map(Vec::as_slice).unwrap_or_default();
        if ask_one(app, &mut tx, actor, &call, line, own, due, now).await? {
            asked.push(line.clone());
        }
    }
    tell(app, &mut tx, &call, &asked, due, now).await?;
    sql::auto_grant::asked_by(&mut tx, id, &name(actor), now).await?;
    cases::close_task(&mut tx, actor, now, CHECK, &run_object(id)).await?;
    let stopped = lines.len() - asked.len();
    let data = json!({ "number": run.number, "asked": asked.len(), "stopped": stopped, "due": due.to_string() });
    record::append(&mut tx, actor, now, "calls.grant.asked", run_object(id), data).await?;
    super::settle(&mut tx, actor, now, id).await?;
    messages(app, &mut tx, &run, &asked, now).await?;
    tx.commit().await?;
    Ok((asked.len(), stopped))
}

/// Asks one firm; whether it was asked.
#[allow(clippy::too_many_arguments)] // one step of a loop
async fn ask_one(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    call: &Call,
    line: &GrantLine,
    receipts: &[Receipt],
    due: Date,
    now: Instant,
) -> Result<bool> {
    // Another list found the firm after it did not answer this one.
    let other = sql::auto_grant::standing(&mut *tx, call.id, line.organization).await?;
    let why = match other.is_some_and(|other| other.id != line.id) {
        true => Some("calls-grant-stop-other"),
        false => stopped_by(&mut *tx, call, line, receipts, now).await?,
    };
    if let Some(why) = why {
        stop(app, tx, actor, line, why, now).await?;
        return Ok(false);
    }
    let rule = loaded::rule(&call.setup.rule)?.ok_or_else(|| Error::conflict("calls.grant_rule"))?;
    let question = decide::Question {
        subject: line.organization.into(),
        object: line_object(line.id),
        text: &call.setup.rule,
        given: loaded::given_receipts(&call.setup, &rule, receipts),
        as_of: as_of(now),
    };
    let decision = decide::decide(tx, actor, now, question).await?;
    let one = GrantLine {
        state: GrantLineState::Asked,
        holds: true,
        asked: line.asked + 1,
        due_on: Some(due),
        decision: Some(decision.id.text()),
        ..line.clone()
    };
    if !sql::auto_grant::stand(tx, &one, line.state).await? {
        return Err(Error::Stale);
    }
    Ok(true)
}

/// Opens the tasks of the firms and tells those who act for them.
async fn tell(app: &App, tx: &mut Tx, call: &Call, lines: &[GrantLine], due: Date, now: Instant) -> Result<()> {
    let task = |line: &GrantLine| {
        let args = json!({ "title": call.title.zh, "title_en": call.title.show(Locale::En), "amount": yuan(line) });
        let waits_for = cases::WaitsFor::Organization(line.organization);
        cases::NewTask::new(OFFER, line_object(line.id), waits_for, offer_page(line.id), args).due(Some(due))
    };
    cases::open_tasks(tx, now, lines.iter().map(task).collect()).await?;
    let acting = acting(app, &mut *tx, lines).await?;
    for line in lines {
        let Some(people) = acting.get(&line.organization) else { continue };
        let args = json!({ "title": call.title.zh, "amount": yuan(line), "due": due.to_string() });
        let notice = notify::Notice::new(NOTICE, args).link(offer_page(line.id)).about(line_object(line.id));
        notify::send(tx, now, people, notice).await?;
    }
    Ok(())
}

fn yuan(line: &GrantLine) -> String {
    Money::from_fen(line.amount).to_grouped_string()
}

/// Those who answer for each firm.
async fn acting<'a>(
    app: &App,
    conn: impl Into<store::Conn<'a>>,
    lines: &[GrantLine],
) -> Result<HashMap<OrganizationId, Vec<PersonId>>> {
    let firms: Vec<OrganizationId> = lines.iter().map(|line| line.organization).collect();
    let mut found: HashMap<OrganizationId, Vec<PersonId>> = HashMap::new();
    let all = access::acting_for(conn, &firms, &ROLES, Some(Matter::Apply), app.clock.today()).await?;
    for (firm, person) in all {
        found.entry(firm).or_default().push(person);
    }
    Ok(found)
}

/// Puts the short messages into the queue, where somebody brings any.
async fn messages(app: &App, tx: &mut Tx, run: &Run, lines: &[GrantLine], now: Instant) -> Result<()> {
    /// Of one job.
    const SOME: usize = 50;
    if app.sms.is_none() {
        return Ok(());
    }
    for some in lines.chunks(SOME) {
        let ids: Vec<String> = some.iter().map(|line| line.id.text()).collect();
        let key = format!("{}:{}", run.id, ids.first().map_or("", String::as_str));
        ::jobs::enqueue(tx, NewJob::new(MESSAGES, json!({ "lines": ids })).dedup(key), now).await?;
    }
    Ok(())
}

struct Messenger {
    app: App,
}

/// The handler of [`MESSAGES`].
pub(super) fn messenger(app: &App) -> Arc<dyn Handler> {
    Arc::new(Messenger { app: app.clone() })
}

#[async_trait]
impl Handler for Messenger {
    async fn run(&self, context: &Context, payload: Value) -> Result<Value> {
        let ids: Vec<GrantLineId> = serde_json::from_value(payload["lines"].clone())?;
        let mut sent = 0;
        for id in ids {
            sent += self.message(context, id).await?;
        }
        Ok(json!({ "sent": sent }))
    }
}

impl Messenger {
    /// Writes to the telephones of those who answer for a firm: a link that opens once, after a code.
    async fn message(&self, context: &Context, id: GrantLineId) -> Result<u32> {
        let app = &self.app;
        let line = sql::auto_grant::line(&app.db, id).await?;
        if line.state != GrantLineState::Asked {
            return Ok(0);
        }
        let call = sql::call::get(&app.db, line.call).await?;
        let people = acting(app, &app.db, std::slice::from_ref(&line)).await?.remove(&line.organization);
        let mobiles = access::mobiles_of(&app.access, &app.vault, &people.unwrap_or_default()).await?;
        let (mut tx, now, program) = (app.db.begin().await?, app.clock.now(), Actor::System("calls"));
        let label =
            |locale| app.words(locale).with("calls-grant-link-label", &[("title", call.title.show(locale).into())]);
        let label = Text2::both(label(Locale::ZhCn), label(Locale::En));
        let mut sent = 0;
        for (person, mobile, locale) in mobiles {
            let target = offer_page(id);
            let token =
                access::make_link(&app.access, &app.vault, &mut tx, &program, &mobile, label.clone(), &target).await?;
            let link = format!("{}/l/{}", app.config.public_url.trim_end_matches('/'), token.expose());
            let Some(job) = sms::job(app, &message(&app.words(locale), &call, &line, &mobile, &link))? else {
                continue;
            };
            let key = format!("{}:{id}:{person}", context.id());
            sent += u32::from(::jobs::enqueue(&mut tx, job.dedup(key), now).await?.is_some());
        }
        tx.commit().await?;
        Ok(sent)
    }
}

fn message(words: &ui::Words, call: &Call, line: &GrantLine, mobile: &MobileNumber, link: &str) -> sms::Message {
    let params = [
        ("title".to_owned(), words.text(&call.title)),
        ("amount".to_owned(), yuan(line)),
        ("due".to_owned(), line.due_on.map(|day| words.date(day)).unwrap_or_default()),
        ("link".to_owned(), link.to_owned()),
    ];
    let args: Vec<(&str, ui::Arg)> = params.iter().map(|(name, value)| (name.as_str(), value.clone().into())).collect();
    sms::Message {
        mobile: mobile.expose().to_owned(),
        means: notify::Means::Text,
        template: "offer".into(),
        text: words.with("calls-grant-sms", &args),
        params: params.into(),
        expires_at: None,
    }
}
