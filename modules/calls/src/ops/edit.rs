//! Writing calls: from a template or from last year's, texts, form, publication, the end.

use jinmen_core::{Actor, Date, Error, Fault, Instant, Locale, OrganizationId, Result, Role, Scope, Text2};
use module::App;
use payments::ops::receipts::qualified;
use seal::canonical;
use serde_json::{Value, json};
use store::Tx;
use store::search::{self, Entry};

use super::{call_object, loaded, name, of_office};
use crate::form::Form;
use crate::model::{
    Basis, Call, CallDraft, CallForm, CallId, CallState, Phase, Setup, SetupDraft, Template, templates,
};
use crate::{permissions, sql};

/// Begins a call from a template.
///
/// # Errors
/// `calls.template` for one that is not there; every fault of the draft at once.
pub async fn begin(app: &App, actor: &Actor, template: &str, draft: &CallDraft) -> Result<CallId> {
    let (owner, role) = office(actor)?;
    let template = templates().iter().find(|one| one.key == template);
    let template = template.ok_or_else(|| Error::field("template", "calls.template"))?;
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, actor, (owner, role), template, draft).await?;
    tx.commit().await?;
    Ok(id)
}

/// What a call says that is opened under a clause.
#[derive(Clone, Debug)]
pub struct Under {
    /// On what it rests.
    pub basis: Basis,
    /// Its rules: a text of the policy language.
    pub rule: String,
    /// The clause of it that is called for.
    pub clause: String,
    /// What the clause is called.
    pub clause_title: String,
    /// The clause in the words of the document.
    pub sentences: Text2,
    /// Office, address and telephone of whoever takes applications.
    pub office: [String; 3],
}

/// Begins a call under a clause, from the template for support: whoever meets the clause may apply, and what is paid counts
/// as received under it. The form, the stages and the window are for the office to look through.
///
/// # Errors
/// `calls.rule_clause` for a clause that the rules do not have.
pub async fn begin_under(app: &App, actor: &Actor, under: Under) -> Result<CallId> {
    let (owner, role) = office(actor)?;
    let mut template = templates().iter().find(|one| one.key == "subsidy").ok_or(Error::NotFound)?.clone();
    let Under { basis, rule, clause, clause_title, sentences, office } = under;
    let setup = &mut template.setup;
    setup.notice.basis = match basis.number.is_empty() {
        true => format!("《{}》{clause_title}", basis.title.zh),
        false => format!("《{}》（{}）{clause_title}", basis.title.zh, basis.number),
    };
    setup.outcome.benefit = qualified(&basis.title.zh, &clause);
    if !sentences.zh.is_empty() {
        setup.eligibility = sentences;
    }
    (setup.rule, setup.clause, setup.basis) = (rule, clause, Some(basis));
    check_rule(setup)?;
    let [office, address, telephone] = office;
    let title_zh = app.words(Locale::ZhCn).with("calls-under-title", &[("clause", clause_title.into())]);
    let draft = CallDraft { title_zh, office, address, telephone, ..CallDraft::default() };
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, actor, (owner, role), &template, &draft).await?;
    tx.commit().await?;
    Ok(id)
}

/// The organisation and the role in which the actor's office calls.
fn office(actor: &Actor) -> Result<(OrganizationId, Role)> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::WRITE, &Scope::owned_by(owner))?;
    let role = actor.hat().map(|hat| hat.role).ok_or(Error::NotFound)?;
    Ok((owner, role))
}

/// The same within a transaction, for an office that acts in a role.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (owner, role): (OrganizationId, Role),
    template: &Template,
    draft: &CallDraft,
) -> Result<CallId> {
    let typed = draft.parse()?;
    let mut setup = template.setup.clone();
    put_texts(&mut setup, typed.texts, true);
    let (id, now) = (CallId::new(), app.clock.now());
    let number = cases::next_number(tx, "TZ", app.clock.today().year()).await?;
    let new = sql::call::New {
        id,
        number: &number,
        owner,
        role,
        kind: template.kind,
        title: &typed.title,
        setup: &setup,
        cloned_from: None,
    };
    sql::call::insert(tx, &new, now).await?;
    let form = form_of(1, &template.schema, now, actor)?;
    sql::call::put_form(tx, id, &form).await?;
    if typed.opens_at.is_some() || typed.closes_at.is_some() {
        let mut call = sql::call::get(&mut *tx, id).await?;
        (call.opens_at, call.closes_at) = (typed.opens_at, typed.closes_at);
        sql::call::update(tx, &call, 1, now).await?;
    }
    put_search(tx, id, &typed.title, &number).await?;
    let data = json!({ "number": number, "title": typed.title.zh, "template": template.key });
    record::append(tx, actor, now, "calls.begun", call_object(id), data).await?;
    Ok(id)
}

/// Clones a call of the actor's office for the next year: texts, stages and form are the same, the window is a year later,
/// and years in the title go up by one.
pub async fn clone(app: &App, actor: &Actor, id: CallId) -> Result<CallId> {
    let old = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let (new, now) = (CallId::new(), app.clock.now());
    let title = Text2::new(next_year(&old.title.zh), old.title.en.as_deref().map(next_year));
    let mut setup = old.setup.clone();
    // Who ran it for us last year is asked anew.
    setup.bodies.iter_mut().for_each(|body| body.until = None);
    let mut tx = app.db.begin().await?;
    let form = sql::call::form(&mut tx, id, old.form_version).await?;
    let number = cases::next_number(&mut tx, "TZ", app.clock.today().year()).await?;
    let row = sql::call::New {
        id: new,
        number: &number,
        owner: old.owner,
        role: old.role,
        kind: old.kind,
        title: &title,
        setup: &setup,
        cloned_from: Some(id),
    };
    sql::call::insert(&mut tx, &row, now).await?;
    sql::call::put_form(&mut tx, new, &form_of(1, &form.schema, now, actor)?).await?;
    let mut call = sql::call::get(&mut tx, new).await?;
    call.opens_at = old.opens_at.map(year_later);
    call.closes_at = old.closes_at.map(year_later);
    sql::call::update(&mut tx, &call, 1, now).await?;
    put_search(&mut tx, new, &title, &number).await?;
    let data = json!({ "number": number, "title": title.zh, "from": old.number });
    record::append(&mut tx, actor, now, "calls.cloned", call_object(new), data).await?;
    tx.commit().await?;
    Ok(new)
}

/// A title with every year between 2000 and 2099 one later.
fn next_year(title: &str) -> String {
    let letters: Vec<char> = title.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        let run: String = letters[at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        match run.parse::<u32>() {
            Ok(year) if run.len() == 4 && (2000..2099).contains(&year) => out.push_str(&(year + 1).to_string()),
            _ if !run.is_empty() => out.push_str(&run),
            _ => out.push(letters[at]),
        }
        at += run.chars().count().max(1);
    }
    out
}

/// The same day and time a year later; 29 February becomes the 28th.
fn year_later(instant: Instant) -> Instant {
    let day = instant.date();
    let within = instant.0 - Instant::start_of(day).0;
    let later =
        Date::new(day.year() + 1, day.month(), day.day()).or_else(|_| Date::new(day.year() + 1, day.month(), 28));
    later.map_or(instant, |later| Instant(Instant::start_of(later).0 + within))
}

/// Puts typed texts over those there are; of a beginning only those that were typed.
fn put_texts(setup: &mut Setup, texts: Setup, only_typed: bool) {
    let both = |to: &mut Text2, from: Text2| {
        if !only_typed || !from.zh.is_empty() {
            *to = from;
        }
    };
    both(&mut setup.summary, texts.summary);
    both(&mut setup.body, texts.body);
    both(&mut setup.eligibility, texts.eligibility);
    setup.office = texts.office;
    setup.address = texts.address;
    setup.telephone = texts.telephone;
    setup.supervision = texts.supervision;
}

async fn put_search(tx: &mut Tx, id: CallId, title: &Text2, number: &str) -> Result<()> {
    let mut names = vec![title.zh.clone()];
    names.extend(title.en.clone());
    Ok(search::put(tx, &call_object(id), &Entry { names, texts: vec![number.to_owned()] }).await?)
}

/// Changes title, window and texts. A window may be moved while a call is out; whoever hands in at the same moment does so
/// before or after it.
///
/// # Errors
/// `Stale` when somebody else changed it since `seen`; `calls.closed`; every fault of the draft at once.
pub async fn rewrite(app: &App, actor: &Actor, id: CallId, seen: i64, draft: &CallDraft) -> Result<()> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let typed = draft.parse()?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let before = sql::call::get(&mut tx, id).await?;
    if before.state == CallState::Closed {
        return Err(Error::conflict("calls.closed"));
    }
    let mut call = before.clone();
    call.title = typed.title;
    (call.opens_at, call.closes_at) = (typed.opens_at, typed.closes_at);
    put_texts(&mut call.setup, typed.texts, false);
    save(&mut tx, &call, seen, now).await?;
    put_search(&mut tx, id, &call.title, &call.number).await?;
    if call.state == CallState::Published && (call.opens_at, call.closes_at) != (before.opens_at, before.closes_at) {
        let day = |at: Option<Instant>| at.map(Instant::to_rfc3339);
        let data = json!({ "from": day(before.closes_at), "to": day(call.closes_at), "opens": day(call.opens_at) });
        record::append(&mut tx, actor, now, "calls.window.moved", call_object(id), data).await?;
    }
    record::append(&mut tx, actor, now, "calls.rewritten", call_object(id), json!({ "title": call.title.zh })).await?;
    tx.commit().await?;
    Ok(())
}

async fn save(tx: &mut Tx, call: &Call, seen: i64, now: Instant) -> Result<()> {
    if sql::call::update(tx, call, seen, now).await? == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Changes bodies, tracks, rule, stages, notice and outcome. Cases that run keep the stages they were begun with.
///
/// # Errors
/// `Stale`; `calls.closed`; every fault of the draft at once, a rule that cannot be read among them.
pub async fn arrange(app: &App, actor: &Actor, id: CallId, seen: i64, draft: &SetupDraft) -> Result<()> {
    let call = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if call.state == CallState::Closed {
        return Err(Error::conflict("calls.closed"));
    }
    let setup = draft.over(&call.setup, call.role)?;
    check_rule(&setup)?;
    let operators: Vec<(OrganizationId, Date)> =
        setup.bodies.iter().filter_map(|body| Some((body.organization?, body.until?))).collect();
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    save(&mut tx, &Call { setup, ..call }, seen, now).await?;
    sql::call::put_operators(&mut tx, id, &operators).await?;
    let data = json!({ "operators": operators.iter().map(|(id, until)| json!({ "id": id.text(), "until": until.to_string() })).collect::<Vec<_>>() });
    record::append(&mut tx, actor, now, "calls.arranged", call_object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the rule of a call can be read, and has the clause that counts.
fn check_rule(setup: &Setup) -> Result<()> {
    let rule = loaded::rule(&setup.rule)?;
    let clauses = rule.iter().flat_map(|rule| &rule.clauses).map(|clause| clause.id.as_str()).collect::<Vec<_>>();
    if setup.clause.is_empty() || clauses.contains(&setup.clause.as_str()) {
        return Ok(());
    }
    Err(Fault::at("clause", "calls.rule_clause").with("clauses", clauses.join(", ")).into())
}

/// A version of a form, with its digest.
fn form_of(version: i64, schema: &Value, now: Instant, actor: &Actor) -> Result<CallForm> {
    Form::load(schema)?;
    let text = canonical::encode(schema).map_err(|_| Fault::at("schema", "calls.form_json"))?;
    Ok(CallForm {
        version,
        schema: schema.clone(),
        digest: registry::ops::decide::digest(&text),
        used: false,
        made_at: now,
        made_name: name(actor),
    })
}

/// Keeps a form: in place of one that nobody has used, else as the next version. Applications that were begun stay with
/// the version they were begun with.
///
/// # Errors
/// Everything that is wrong with the schema; `Stale`; `calls.closed`.
pub async fn keep_form(app: &App, actor: &Actor, id: CallId, seen: i64, schema: &Value) -> Result<i64> {
    let mut call = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if call.state == CallState::Closed {
        return Err(Error::conflict("calls.closed"));
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let mut form = form_of(call.form_version, schema, now, actor)?;
    if !sql::call::put_form(&mut tx, id, &form).await? {
        form.version += 1;
        call.form_version = form.version;
        if !sql::call::put_form(&mut tx, id, &form).await? {
            return Err(Error::Stale);
        }
    }
    save(&mut tx, &call, seen, now).await?;
    let data = json!({ "version": form.version, "digest": form.digest });
    record::append(&mut tx, actor, now, "calls.form.kept", call_object(id), data).await?;
    tx.commit().await?;
    Ok(form.version)
}

/// Publishes a call: it is read by everybody, and open within its window.
///
/// # Errors
/// `calls.not_draft`; `calls.no_stages`; `calls.window_over` where its end is past.
pub async fn publish(app: &App, actor: &Actor, id: CallId) -> Result<()> {
    let mut call = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let now = app.clock.now();
    if call.state != CallState::Draft {
        return Err(Error::conflict("calls.not_draft"));
    }
    if call.setup.stages.is_empty() {
        return Err(Error::conflict("calls.no_stages"));
    }
    if call.closes_at.is_some_and(|closes| closes <= now) {
        return Err(Error::conflict("calls.window_over"));
    }
    call.setup.check(call.role)?;
    let mut tx = app.db.begin().await?;
    let form = sql::call::form(&mut tx, id, call.form_version).await?;
    Form::load(&form.schema)?;
    (call.state, call.published_at) = (CallState::Published, Some(now));
    save(&mut tx, &call, call.version, now).await?;
    let data =
        json!({ "title": call.title.zh, "form": form.digest, "closes": call.closes_at.map(Instant::to_rfc3339) });
    record::append(&mut tx, actor, now, "calls.published", call_object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a call before its time, or puts away one that is over or was never out. Applications that were handed in go on.
///
/// # Errors
/// `calls.closed` for one that is; a fault of `reason`.
pub async fn close(app: &App, actor: &Actor, id: CallId, reason: &str) -> Result<()> {
    let mut call = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let now = app.clock.now();
    let phase = call.phase(now);
    if phase == Phase::Closed {
        return Err(Error::conflict("calls.closed"));
    }
    let reason = crate::model::needed("reason", reason, 500)?;
    let mut tx = app.db.begin().await?;
    // Whoever hands in at this moment does so before or after.
    sql::call::take(&mut tx, id).await?;
    call.state = CallState::Closed;
    save(&mut tx, &call, call.version, now).await?;
    record::append(&mut tx, actor, now, "calls.closed", call_object(id), json!({ "reason": reason })).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_a_title_go_up_and_other_numbers_stay() {
        assert_eq!(next_year("2025年度第3批20260项（2025—2026）"), "2026年度第3批20260项（2026—2027）");
        assert_eq!(next_year("入会申请"), "入会申请");
    }

    #[test]
    fn a_window_that_ends_on_leap_day_ends_on_the_28th() {
        let leap = Instant::start_of(Date::new(2028, 2, 29).unwrap()).plus_seconds(3_600);
        assert_eq!(year_later(leap).to_rfc3339(), "2029-02-28T01:00:00+08:00");
    }
}
