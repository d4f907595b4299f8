//! Facts of a subject: shown by group with their sources, added by a form, looked at one by one.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Fault, Faults, Locale, Object, OrganizationId, Period, PersonId, Result};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{Cell, Choice, Column, Fact as Line, Facts, Field, Form, Html, Link, MoneyUnit, Row, SourceDot, Table, Words};

use super::file::Asked;
use super::shared::{Panel, again, choices, form_page, frame, page_of, source_of};
use crate::dictionary::{FactKey, FactType, Sensitivity, dictionary};
use crate::model::{AsOf, Fact, FactId, NewFact, Source, SubjectFile};
use crate::ops::{read_organization, read_person, record_facts, withdraw_fact};

/// What a file shows to one reader.
pub(crate) struct Shown<'a> {
    pub(crate) file: &'a SubjectFile,
    pub(crate) as_of: AsOf,
    /// Where the file's own pages stand; `None` for readers who have none to go to, such as the public.
    pub(crate) base: Option<&'a str>,
    pub(crate) may_edit: bool,
    pub(crate) sees_restricted: bool,
}

impl Shown<'_> {
    fn hides(&self, key: &FactKey) -> bool {
        key.sensitivity == Sensitivity::Restricted && !self.sees_restricted
    }

    /// The form for one group of keys, for those who may fill it in.
    fn form_of(&self, group: &str) -> Option<String> {
        self.base.filter(|_| self.may_edit).map(|base| format!("{base}/facts?group={group}"))
    }

    /// All we ever learned about one key.
    fn history_of(&self, key: &FactKey) -> Option<String> {
        self.base.map(|base| format!("{base}/facts/{}", key.key))
    }
}

/// One panel for each group of the dictionary that has something to say.
pub(crate) fn panels(t: &Words, subject: &str, shown: &Shown<'_>) -> Vec<Panel> {
    let mut panels = Vec::new();
    for (group, keys) in dictionary().groups(subject) {
        let (series, single): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.by_year);
        let lines: Vec<Line> = single.iter().filter_map(|key| line(t, key, shown)).collect();
        let table = series_table(t, &series, shown);
        if lines.is_empty() && table.is_none() {
            continue;
        }
        let facts = if lines.is_empty() { Html::default() } else { Facts { lines, legend: false }.show(t) };
        let body = Html::of(&super::shared::Pair(table.unwrap_or_default(), facts));
        let link = shown.form_of(group).map(|href| Link::new(t.of("registry-update"), href));
        panels.push(Panel::new(group, dictionary().group_label(group, t.locale), body).link(link));
    }
    if let Some(last) = panels.last_mut() {
        last.body = Html::of(&super::shared::Pair(std::mem::take(&mut last.body), SourceDot::legend(t)));
    }
    panels
}

fn line(t: &Words, key: &FactKey, shown: &Shown<'_>) -> Option<Line> {
    let fact = shown.file.current(&key.key, shown.as_of);
    let Some(fact) = fact else {
        return (key.weight > 0 && shown.base.is_some()).then(|| {
            let form = shown.form_of(&key.group).map(|href| format!("{href}#f-{}", key.key));
            Line::missing(key.label(t.locale), form.map(|href| Link::new(t.of("registry-complete"), href)))
        });
    };
    let value = match shown.file.claimed_since(fact, shown.as_of) {
        _ if shown.hides(key) => t.of("registry-restricted"),
        Some(newer) => {
            let said = [("value", value_of(t, fact).into()), ("newer", value_of(t, newer).into())];
            t.with("registry-fact-newer", &said)
        }
        None => value_of(t, fact),
    };
    let line = Line::from(key.label(t.locale), value, source_of(fact.source), detail(t, fact, shown.as_of));
    Some(match shown.history_of(key) {
        Some(href) => line.action(Link::new(t.of("registry-fact-history"), href)),
        None => line,
    })
}

/// Money as people write it, everything else as the dictionary shows it.
fn value_of(t: &Words, fact: &Fact) -> String {
    fact.value.as_ref().map(|value| value_words(t, fact.key, value)).unwrap_or_default()
}

/// The same of a value that is no fact yet.
pub fn value_words(t: &Words, key: &FactKey, value: &crate::dictionary::Value) -> String {
    match value {
        crate::dictionary::Value::Money(money) => t.money(*money),
        crate::dictionary::Value::Date(day) => t.date(*day),
        crate::dictionary::Value::Integer(number) if key.unit.is_empty() && key.key.contains("year") => {
            number.to_string()
        }
        _ => value.show(key, t.locale),
    }
}

/// Since when, from whom, and whether it has become old.
fn detail(t: &Words, fact: &Fact, as_of: AsOf) -> String {
    let when = t.date(fact.recorded_at.date());
    let mut text = t.with("registry-fact-detail", &[("who", fact.recorded_name.clone().into()), ("when", when.into())]);
    if !fact.source_note.is_empty() {
        text = format!("{text} · {}", fact.source_note);
    }
    if fact.is_stale(as_of.day) {
        text = format!("{text} · {}", t.of("registry-stale"));
    }
    text
}

/// Years as columns, keys as lines, each value with its source.
fn series_table(t: &Words, keys: &[&FactKey], shown: &Shown<'_>) -> Option<Html> {
    const YEARS: usize = 4;
    let rows: Vec<(&FactKey, Vec<(i16, &Fact)>)> = keys
        .iter()
        .map(|key| (*key, shown.file.series(&key.key, shown.as_of)))
        .filter(|(key, series)| !series.is_empty() || key.weight > 0)
        .collect();
    let mut years: Vec<i16> = rows.iter().flat_map(|(_, series)| series.iter().map(|(year, _)| *year)).collect();
    years.sort_unstable();
    years.dedup();
    let years: Vec<i16> = years.into_iter().rev().take(YEARS).rev().collect();
    if years.is_empty() {
        return None;
    }
    let mut columns = vec![Column::text(t.of("registry-column-indicator"))];
    columns.extend(years.iter().map(|year| Column::number(year.to_string())));
    let lines = rows.iter().map(|(key, series)| {
        let name = match key.unit.as_str() {
            "" | "元" => key.label(t.locale).to_owned(),
            unit => format!("{} ({})", key.label(t.locale), dictionary().label("unit", unit, t.locale)),
        };
        let mut cells = vec![Cell::Text(name)];
        cells.extend(years.iter().map(|year| match series.iter().find(|(of, _)| of == year) {
            None => Cell::Nothing,
            Some(_) if shown.hides(key) => Cell::Text(t.of("registry-restricted")),
            Some((_, fact)) => {
                Cell::Sourced(value_of(t, fact), SourceDot::new(source_of(fact.source), detail(t, fact, shown.as_of)))
            }
        }));
        match shown.history_of(key) {
            Some(href) => Row::link(href, cells),
            None => Row::plain(cells),
        }
    });
    let table = Table { caption: t.of("registry-series"), columns, rows: lines.collect(), ..Table::default() };
    Some(table.show(t))
}

/// The form that asks for the past.
pub(crate) fn as_of_form(t: &Words, asked: &Asked, base: &str) -> Panel {
    let form = Form::get(base, t.of("registry-as-of-show")).id("as-of").fields_only(vec![
        Field::date("day", t.of("registry-as-of-day")).value(&asked.day).half(),
        Field::date("known", t.of("registry-as-of-known")).value(&asked.known).half(),
    ]);
    Panel::new("as-of", t.of("registry-as-of"), form.show(t))
}

/// Which facts the form asks for.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(crate) struct Wanted {
    group: String,
    year: Option<i16>,
}

/// The form for facts of an organisation.
pub(crate) async fn organization_form(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    form_of(&app, &visit, &id.into(), &wanted).await
}

/// The form for facts of a person.
pub(crate) async fn person_form(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    form_of(&app, &visit, &id.into(), &wanted).await
}

struct Asking {
    name: String,
    facts: SubjectFile,
    as_of: AsOf,
    may_verify: bool,
}

async fn asking(app: &App, visit: &Visit, subject: &Object) -> Result<Asking> {
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let t = app.words(visit.locale);
    if subject.kind == "person" {
        let file = read_person::file(app, &visit.actor, subject.id.parse()?, as_of).await?;
        let own = visit.actor.person().map(|id| id.text()) == Some(subject.id.clone());
        return Ok(Asking {
            name: t.text(&file.person.name),
            facts: file.facts,
            as_of,
            may_verify: file.may_edit && !own,
        });
    }
    let file = read_organization::file(app, &visit.actor, subject.id.parse()?, as_of).await?;
    if !file.may_edit && !file.may_verify {
        return Err(jinmen_core::Error::NotFound);
    }
    Ok(Asking { name: t.text(&file.organization.name), facts: file.facts, as_of, may_verify: file.may_verify })
}

async fn form_of(app: &App, visit: &Visit, subject: &Object, wanted: &Wanted) -> Answer {
    let t = app.words(visit.locale);
    let asking = asking(app, visit, subject).await?;
    let form = fact_form(&t, visit, subject, &asking, wanted, |field| field);
    draw_form(app, visit, &t, subject, &asking, wanted, StatusCode::OK, form).await
}

#[allow(clippy::too_many_arguments)] // the parts of one page
async fn draw_form(
    app: &App,
    visit: &Visit,
    t: &Words,
    subject: &Object,
    asking: &Asking,
    wanted: &Wanted,
    status: StatusCode,
    form: Form,
) -> Answer {
    let group = dictionary().group_label(&group_of(subject, wanted), t.locale);
    let title = t.with("registry-facts-of", &[("group", group.into())]);
    let page = page_of(subject);
    let list = list_of(t, subject);
    form_page(app, visit, title, &[(list.0, list.1), (&page, asking.name.clone())], status, form).await
}

pub(crate) fn list_of(t: &Words, subject: &Object) -> (&'static str, String) {
    match subject.kind.as_str() {
        "person" => ("/work/people", t.of("registry-people")),
        _ => ("/work/organizations", t.of("registry-organizations")),
    }
}

/// The group asked for, or the first one.
fn group_of(subject: &Object, wanted: &Wanted) -> String {
    let groups = dictionary().groups(&subject.kind);
    groups
        .iter()
        .find(|(group, _)| *group == wanted.group)
        .or_else(|| groups.first())
        .map(|(group, _)| (*group).to_owned())
        .unwrap_or_default()
}

fn keys_of(subject: &Object, wanted: &Wanted) -> Vec<&'static FactKey> {
    let group = group_of(subject, wanted);
    dictionary().of_subject(&subject.kind).filter(|key| key.group == group && key.kind != FactType::Records).collect()
}

fn year_of(asking: &Asking, wanted: &Wanted) -> i16 {
    wanted.year.filter(|year| (1990..=2100).contains(year)).unwrap_or(asking.as_of.day.year() - 1)
}

fn fact_form(
    t: &Words,
    visit: &Visit,
    subject: &Object,
    asking: &Asking,
    wanted: &Wanted,
    each: impl Fn(Field) -> Field,
) -> Form {
    let keys = keys_of(subject, wanted);
    let year = year_of(asking, wanted);
    let (series, single): (Vec<&FactKey>, Vec<&FactKey>) = keys.into_iter().partition(|key| key.by_year);
    let action = format!("{}/facts?group={}&year={year}", page_of(subject), group_of(subject, wanted));
    let mut form =
        Form::post(visit.once(&action), visit.form_token.clone(), t.of("registry-save")).cancel(page_of(subject));
    let group = dictionary().group_label(&group_of(subject, wanted), t.locale);
    if !single.is_empty() {
        let fields =
            single.iter().map(|key| each(field(t, key, asking.facts.current(&key.key, asking.as_of)))).collect();
        form = form.section(group, t.of("registry-facts-help"), fields);
    }
    if !series.is_empty() {
        let fields = series
            .iter()
            .map(|key| {
                let known = asking.facts.series(&key.key, asking.as_of).into_iter().find(|(of, _)| *of == year);
                each(field(t, key, known.map(|(_, fact)| fact)))
            })
            .collect();
        let title = t.with("registry-facts-year", &[("year", year.to_string().into())]);
        form = form.section(title, t.of("registry-facts-year-help"), fields);
    }
    form.section(t.of("registry-source"), "", source_fields(t, asking.may_verify).into_iter().map(&each).collect())
}

fn source_fields(t: &Words, may_verify: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    if may_verify {
        let options = vec![
            Choice::new("self_declared", t.of("registry-source-declared")),
            Choice::new("verified", t.of("registry-source-verified")).help(t.of("registry-source-verified-help")),
        ];
        fields.push(Field::radio("source", t.of("registry-source-kind"), options).value("self_declared"));
    }
    fields.push(
        Field::text("source_note", t.of("registry-source-note"))
            .help(t.of("registry-source-note-help"))
            .max_length(200),
    );
    fields
}

/// The question for one key, with what is known.
pub fn field(t: &Words, key: &FactKey, known: Option<&Fact>) -> Field {
    let name = key.key.clone();
    let label = key.label(t.locale);
    let field = match key.kind {
        FactType::Money => Field::money(name, label, MoneyUnit::Wan),
        FactType::Integer => Field::integer(name, label),
        FactType::Date => Field::date(name, label),
        FactType::Boolean => {
            let options = vec![Choice::new("true", t.of("registry-yes")), Choice::new("false", t.of("registry-no"))];
            Field::select(name, label, options)
        }
        FactType::Code => {
            let list = key.list.clone().unwrap_or_default();
            let small = dictionary().list(&list).is_some_and(|codes| codes.len() <= 40);
            if small { Field::select(name, label, choices(&list, t.locale)) } else { Field::code(name, label, list) }
        }
        FactType::Text if key.key.ends_with("summary") || key.key.starts_with("main_") => {
            Field::text_area(name, label).max_length(2_000)
        }
        _ => Field::text(name, label).max_length(500),
    };
    let field = field.help(key.help(t.locale)).value(typed(key, known.and_then(|fact| fact.value.as_ref())));
    match key.sensitivity {
        Sensitivity::Restricted => field.note(t.of("registry-restricted-note")),
        _ => field,
    }
}

/// A value as a form shows it for changing.
pub fn typed(key: &FactKey, known: Option<&crate::dictionary::Value>) -> String {
    use crate::dictionary::Value;
    match known {
        Some(Value::Money(money)) => money.to_wan_string(),
        Some(Value::Boolean(flag)) => flag.to_string(),
        Some(Value::Date(day)) => day.to_string(),
        Some(Value::Integer(number)) => number.to_string(),
        Some(Value::Code(code)) => {
            let list = key.list.as_deref().unwrap_or_default();
            let large = dictionary().list(list).is_some_and(|codes| codes.len() > 40);
            if large { format!("{code} {}", dictionary().label(list, code, Locale::ZhCn)) } else { code.clone() }
        }
        Some(value) => value.show(key, Locale::ZhCn),
        None => String::new(),
    }
}

/// Adds facts to an organisation's file.
pub(crate) async fn record_organization(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    record(&app, &visit, &id.into(), &wanted, &sent).await
}

/// Adds facts to a person's file.
pub(crate) async fn record_person(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    Query(wanted): Query<Wanted>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    record(&app, &visit, &id.into(), &wanted, &sent).await
}

async fn record(app: &App, visit: &Visit, subject: &Object, wanted: &Wanted, sent: &HashMap<String, String>) -> Answer {
    let t = app.words(visit.locale);
    let asking = asking(app, visit, subject).await?;
    let done = match read(subject, &asking, wanted, sent) {
        Ok(facts) if facts.is_empty() => return Ok(visit.done(&page_of(subject), "registry-flash-nothing")),
        Ok(facts) => record_facts::record_facts(app, &visit.actor, subject, facts).await.map(drop),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(visit.done(&page_of(subject), "registry-flash-saved")),
        Err(error) => {
            let form = fact_form(&t, visit, subject, &asking, wanted, |field| match sent.get(&field.name) {
                Some(value) => field.value(value),
                None => field,
            });
            let (status, form) = again(&t, form, error)?;
            draw_form(app, visit, &t, subject, &asking, wanted, status, form).await
        }
    }
}

/// The facts that were changed, each checked against the dictionary.
fn read(subject: &Object, asking: &Asking, wanted: &Wanted, sent: &HashMap<String, String>) -> Result<Vec<NewFact>> {
    let year = year_of(asking, wanted);
    let source = match sent.get("source").map(String::as_str) {
        Some("verified") if asking.may_verify => Source::Verified,
        _ => Source::SelfDeclared,
    };
    let note =
        crate::model::line("source_note", sent.get("source_note").map_or("", String::as_str), 200)?.unwrap_or_default();
    let mut faults = Faults::new();
    let mut facts = Vec::new();
    for key in keys_of(subject, wanted) {
        let known = if key.by_year {
            asking.facts.series(&key.key, asking.as_of).into_iter().find(|(of, _)| *of == year).map(|(_, fact)| fact)
        } else {
            asking.facts.current(&key.key, asking.as_of)
        };
        let text = sent.get(&key.key).map_or("", |text| text.trim());
        // Verifying says again what is known; otherwise only what differs is new.
        if text.is_empty()
            || (text == typed(key, known.and_then(|fact| fact.value.as_ref())) && source != Source::Verified)
        {
            continue;
        }
        let Some(value) = faults.take(value_from(key, text, asking.as_of.day)) else { continue };
        let period =
            if key.by_year { Period::year(year).map_err(|fault| Fault::of("year", &fault))? } else { Period::ALWAYS };
        facts.push(NewFact { key, value, period, source, source_note: note.clone(), source_object: None });
    }
    faults.check()?;
    Ok(facts)
}

/// Reads the answer to a question for one key; the fault names the key as its field. Money is typed in units of 10,000 yuan.
pub fn value_from(
    key: &'static FactKey,
    text: &str,
    today: jinmen_core::Date,
) -> Result<crate::dictionary::Value, Fault> {
    use crate::dictionary::Value;
    let at = |mut fault: Fault| {
        fault.field = Some(key.key.clone());
        fault
    };
    let value = match key.kind {
        // The form shows 万元.
        FactType::Money => jinmen_core::codes::Money::parse(text, jinmen_core::codes::Unit::TenThousand)
            .map(Value::Money)
            .map_err(|fault| Fault::of(&key.key, &fault))?,
        FactType::Boolean => Value::Boolean(text == "true"),
        FactType::Code => Value::parse(key, ui::form::code_of(text)).map_err(at)?,
        _ => Value::parse(key, text).map_err(at)?,
    };
    key.check(&value, today).map_err(at)?;
    Ok(value)
}

/// Everything that was ever held of one key of an organisation.
pub(crate) async fn organization_key(
    State(app): State<App>,
    visit: Visit,
    Path((id, key)): Path<(OrganizationId, String)>,
) -> Answer {
    key_page(&app, &visit, &id.into(), &key).await
}

/// Everything that was ever held of one key of a person.
pub(crate) async fn person_key(
    State(app): State<App>,
    visit: Visit,
    Path((id, key)): Path<(PersonId, String)>,
) -> Answer {
    key_page(&app, &visit, &id.into(), &key).await
}

#[derive(askama::Template)]
#[template(path = "key.html")]
struct KeyPage {
    frame: ui::Frame,
    intro: String,
    table: Table,
    legend: Html,
    forms: Vec<Form>,
}

async fn key_page(app: &App, visit: &Visit, subject: &Object, key: &str) -> Answer {
    let t = app.words(visit.locale);
    let key = dictionary().get(key).ok_or(jinmen_core::Error::NotFound)?;
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let (name, file, hides, may_edit) = if subject.kind == "person" {
        let file = read_person::file(app, &visit.actor, subject.id.parse()?, as_of).await?;
        (t.text(&file.person.name), file.facts, false, file.may_edit)
    } else {
        let file = read_organization::file(app, &visit.actor, subject.id.parse()?, as_of).await?;
        let hides = key.sensitivity == Sensitivity::Restricted && !file.sees_restricted;
        (t.text(&file.organization.name), file.facts, hides, file.may_edit)
    };
    let facts = file.all(&key.key);
    let page = page_of(subject);
    let list = list_of(&t, subject);
    let view = KeyPage {
        frame: frame(app, visit, key.label(t.locale), &[(list.0, list.1), (&page, name)]).await?,
        intro: key.help(t.locale).to_owned(),
        table: key_table(&t, &facts, hides),
        legend: SourceDot::legend(&t),
        forms: if may_edit { withdrawals(&t, visit, &page, &facts) } else { Vec::new() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn key_table(t: &Words, facts: &[&Fact], hides: bool) -> Table {
    let rows = facts.iter().map(|fact| {
        let value = if hides { t.of("registry-restricted") } else { value_of(t, fact) };
        let period = match (fact.period.from(), fact.period.until()) {
            (None, None) => t.of("registry-always"),
            (from, until) => {
                let day = |day: Option<jinmen_core::Date>| day.map(|day| t.date(day)).unwrap_or_default();
                format!("{} – {}", day(from), day(until))
            }
        };
        let state = match fact.withdrawn_at {
            Some(at) => format!("{} {}", t.instant(at), fact.withdrawn_note.clone().unwrap_or_default()),
            None => t.of("registry-held"),
        };
        Row::plain(vec![
            Cell::Sourced(value, SourceDot::new(source_of(fact.source), fact.source_note.clone())),
            Cell::Text(period),
            Cell::Two(t.instant(fact.recorded_at), fact.recorded_name.clone()),
            Cell::Text(state),
        ])
    });
    Table {
        caption: t.of("registry-fact-history"),
        columns: vec![
            Column::text(t.of("registry-column-value")),
            Column::text(t.of("registry-column-period")),
            Column::text(t.of("registry-column-recorded")),
            Column::text(t.of("registry-column-held")),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// A form for each fact that is held: withdrawing needs a reason.
fn withdrawals(t: &Words, visit: &Visit, page: &str, facts: &[&Fact]) -> Vec<Form> {
    facts
        .iter()
        .filter(|fact| fact.withdrawn_at.is_none() && fact.source != Source::Computed)
        .take(10)
        .enumerate()
        .map(|(at, fact)| {
            let action = visit.once(&format!("{page}/withdraw/{}", fact.id));
            let title = t.with("registry-withdraw-title", &[("value", value_of(t, fact).into())]);
            let reason = Field::text("reason", t.of("registry-withdraw-reason")).required().max_length(200);
            Form::post(action, visit.form_token.clone(), t.of("registry-withdraw")).id(format!("w{at}")).section(
                title,
                t.of("registry-withdraw-help"),
                vec![reason],
            )
        })
        .collect()
}

/// What withdrawing sends.
#[derive(Deserialize)]
pub(crate) struct Withdrawal {
    reason: String,
}

/// Withdraws a fact of an organisation.
pub(crate) async fn withdraw_organization(
    State(app): State<App>,
    visit: Visit,
    Path((id, fact)): Path<(OrganizationId, FactId)>,
    FormBody(sent): FormBody<Withdrawal>,
) -> Answer<Response> {
    withdraw_fact::withdraw_fact(&app, &visit.actor, &id.into(), fact, &sent.reason).await?;
    Ok(visit.done(&format!("/work/organizations/{id}"), "registry-flash-withdrawn"))
}

/// Withdraws a fact of a person.
pub(crate) async fn withdraw_person(
    State(app): State<App>,
    visit: Visit,
    Path((id, fact)): Path<(PersonId, FactId)>,
    FormBody(sent): FormBody<Withdrawal>,
) -> Answer<Response> {
    withdraw_fact::withdraw_fact(&app, &visit.actor, &id.into(), fact, &sent.reason).await?;
    Ok(visit.done(&format!("/work/people/{id}"), "registry-flash-withdrawn"))
}
