//! The public library: what is published, and what it says to facts that somebody types.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{Error, PageRequest, Result, Text2};
use module::pages::{Panel, encoded, pairs, query_without};
use module::{Answer, App, Form as FormBody, Found, Path, Query, Visit};
use serde_json::Value as Json;
use ui::{
    Alert, Badge, Card, Choice, Crumb, Empty, Fact, Facts, Field, FieldKind, Form, Frame, Html, Link, Pager, Tone,
};
use ui::{Toolbar, Words};

use super::{days, levels, shown, state, topic, topics};
use crate::model::{Body, Policy, PolicyFilter, PolicyId, Version};
use crate::ops::answer::{self, Question};
use crate::ops::comment;
use crate::ops::library::{self, Read};
use crate::ops::mine::{Standing, stands};
use crate::ops::program;

const PATH: &str = "/policies";

#[derive(Template)]
#[template(path = "library.html")]
struct LibraryPage {
    frame: Frame,
    toolbar: Toolbar,
    cards: Vec<Card>,
    empty: Empty,
    pager: Pager,
}

/// The library.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<PolicyFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let page = PageRequest { limit: Some(24), ..page };
    let rows = library::public(&app, &filter, &page).await?;
    let issuers = library::issuers(&app).await?.into_iter().map(|one| Choice::new(one.clone(), one)).collect();
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let today = app.clock.today();
    let query = query_without(&pairs(&filter), &["after"]);
    // What the public is asked about stands first, on the first page of the whole library.
    let asked = if query.is_empty() && page.after.is_none() { comment::open(&app).await? } else { Vec::new() };
    let view = LibraryPage {
        frame: app.portal_frame(&visit, t.of("policy-library")),
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::new(FieldKind::Search, "q", t.of("policy-filter-q")).value(given(&filter.q)),
                Field::select("topic", t.of("policy-topic"), topics(&t)).value(given(&filter.topic)),
                Field::select("level", t.of("policy-level"), levels(&t)).value(given(&filter.level)),
                Field::select("issuer", t.of("policy-issuer"), issuers).value(given(&filter.issuer)),
            ],
            clear: PATH.into(),
            ..Toolbar::default()
        },
        cards: asked
            .iter()
            .map(|(one, until)| draft_card(&t, one, *until))
            .chain(rows.items.iter().map(|one| card(&t, one, today)))
            .collect(),
        empty: Empty {
            title: t.of("policy-empty"),
            text: t.of("policy-empty-text"),
            steps: vec![Link::new(t.of("policy-filter-clear"), PATH), Link::new(t.of("ui-portal"), "/")],
        },
        pager: Pager {
            next: rows.next.map(|after| format!("{PATH}?{query}&after={}", encoded(&after))),
            ..Pager::default()
        },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn card(t: &Words, one: &Policy, today: jinmen_core::Date) -> Card {
    Card {
        title: t.text(&one.title),
        href: format!("{PATH}/{}", one.id),
        text: t.text(&one.note),
        badge: Some(state(t, one, today)),
        particulars: vec![one.issuer.clone(), one.doc_no.clone(), topic(t, &one.topic)],
        ..Card::default()
    }
}

fn draft_card(t: &Words, one: &Policy, until: jinmen_core::Date) -> Card {
    let badge = Badge::new(Tone::Warning, t.with("policy-comment-until", &[("day", t.date(until).into())]));
    Card {
        title: t.text(&one.title),
        href: format!("{PATH}/{}", one.id),
        text: t.text(&one.note),
        badge: Some(badge),
        particulars: vec![one.issuer.clone(), topic(t, &one.topic)],
        ..Card::default()
    }
}

#[derive(Template)]
#[template(path = "public.html")]
struct PublicPage {
    frame: Frame,
    badges: Vec<Badge>,
    note: String,
    panels: Vec<Panel>,
}

/// One policy with its calculator.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    let read = library::read_public(&app, id).await?;
    draw(&app, &visit, &read, StatusCode::OK, &[], None, None).await
}

/// What it says to what was typed; nothing of it is kept.
pub(crate) async fn calculate(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Answer {
    let read = library::read_public(&app, id).await?;
    let version = read.version.as_ref().ok_or(Error::NotFound)?;
    let program = program::known(&version.text)?;
    let today = app.clock.today();
    match answer::typed(&program, &sent, today) {
        Ok(facts) => {
            let (read, said) = library::calculate(&app, id, &facts, today).await?;
            draw(&app, &visit, &read, StatusCode::OK, &sent, Some(&said), None).await
        }
        Err(Error::Invalid(faults)) => {
            draw(&app, &visit, &read, StatusCode::UNPROCESSABLE_ENTITY, &sent, None, Some(&faults)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(
    app: &App,
    visit: &Visit,
    read: &Read,
    status: StatusCode,
    sent: &[(String, String)],
    said: Option<&Json>,
    faults: Option<&[jinmen_core::Fault]>,
) -> Answer {
    let t = app.words(visit.locale);
    let (policy, today) = (&read.policy, app.clock.today());
    let mut frame = app.portal_frame(visit, t.text(&policy.title));
    frame.crumbs = vec![Crumb { label: t.of("policy-library"), href: PATH.into() }];
    let mut panels = vec![Panel::new("facts", t.of("policy-about"), about(&t, read))];
    if let Some(version) = &read.version {
        panels.push(Panel::new("clauses", t.of("policy-clauses"), clauses(&t, version)));
        if !version.body.interpretation.is_empty() {
            panels.push(Panel::new(
                "interpretation",
                t.of("policy-interpretation"),
                paragraphs(&version.body.interpretation),
            ));
        }
        panels.push(Panel::new("guide", t.of("policy-guide"), guide(&t, &version.body, today)));
        panels.extend(super::calls::panel(app, &t, policy.id).await?);
        let documents = super::files::list(&t, &comment::documents(app, policy.id).await?);
        if !documents.is_empty() {
            panels.push(Panel::new("documents", t.of("policy-files"), documents));
        }
        panels.extend(calculator(app, &t, visit, policy, version, &Asked { sent, said, faults })?);
    }
    if let Some(until) = read.until {
        panels.insert(1, Panel::new("comment", t.of("policy-step-comment"), comment_form(&t, visit, policy, until)));
    }
    let view = PublicPage {
        frame,
        badges: vec![state(&t, policy, today), Badge::new(Tone::Neutral, topic(&t, &policy.topic))],
        note: t.text(&policy.note),
        panels,
    };
    Ok(ui::page(status, &view))
}

/// How one speaks to a draft: here for those who are signed in, else by the office's telephone.
fn comment_form(t: &Words, visit: &Visit, policy: &Policy, until: jinmen_core::Date) -> Html {
    let asked = paragraphs(&t.with("policy-comment-asked", &[("day", t.date(until).into())]));
    if visit.actor.signed_in().is_err() {
        return Html::of(&module::pages::Pair(asked, paragraphs(&t.of("policy-comment-sign-in"))));
    }
    let action = visit.once(&format!("{PATH}/{}/comments", policy.id));
    let form = Form::post(action, visit.form_token.clone(), t.of("policy-comment-say"));
    let form = form
        .id("say")
        .fields_only(vec![Field::text_area("text", t.of("policy-comment-text")).required().max_length(4_000)]);
    Html::of(&module::pages::Pair(asked, form.show(t)))
}

/// What a policy is called, who issued it, when it holds.
pub(super) fn about(t: &Words, read: &Read) -> Html {
    let policy = &read.policy;
    let mut lines = vec![
        Fact::plain(t.of("policy-issuer"), policy.issuer.clone()),
        Fact::plain(t.of("policy-doc-no"), policy.doc_no.clone()),
        Fact::plain(t.of("policy-level"), t.of(&policy.level.message_key())),
    ];
    lines.extend(policy.issued_on.map(|day| Fact::plain(t.of("policy-issued-on"), t.date(day))));
    lines.push(Fact::plain(t.of("policy-holds-days"), days(t, policy)));
    lines.extend(
        policy
            .ended_on
            .map(|day| Fact::plain(t.of("policy-ended-on"), format!("{} {}", t.date(day), policy.ended_note))),
    );
    lines.extend(read.replacement.as_ref().map(|other| {
        let link = Link::new(t.of("policy-open-page"), format!("{PATH}/{}", other.id));
        Fact::plain(t.of("policy-replaced-by"), t.text(&other.title)).action(link)
    }));
    if !policy.source.is_empty() {
        lines.push(Fact::plain(t.of("policy-source"), policy.source.clone()));
    }
    lines.retain(|line| !line.value.is_empty());
    Facts { lines, legend: false }.show(t)
}

struct Clause {
    title: String,
    lang: &'static str,
    sentences: Vec<String>,
}

#[derive(Template)]
#[template(path = "_clauses.html")]
struct Clauses {
    clauses: Vec<Clause>,
}

/// The clauses in the words of the document.
pub(super) fn clauses(t: &Words, version: &Version) -> Html {
    let title = |id: &str| {
        let program = program::compiled(&version.text).ok()?;
        program.clauses.iter().find(|clause| clause.id == id).map(|clause| clause.title.clone())
    };
    let clauses = version
        .body
        .clauses
        .iter()
        .map(|one| {
            let text = Text2::new(one.zh.clone(), Some(one.en.clone()));
            Clause {
                title: title(&one.id).filter(|title| !title.is_empty()).unwrap_or_else(|| one.id.clone()),
                lang: text.shown_in(t.locale).tag(),
                sentences: t.text(&text).lines().map(str::to_owned).collect(),
            }
        })
        .collect();
    Html::of(&Clauses { clauses })
}

#[derive(Template)]
#[template(source = "{% for line in lines %}<p>{{ line }}</p>{% endfor %}", ext = "html")]
struct Paragraphs<'a> {
    lines: Vec<&'a str>,
}

pub(super) fn paragraphs(text: &str) -> Html {
    Html::of(&Paragraphs { lines: text.lines().filter(|line| !line.trim().is_empty()).collect() })
}

/// How one applies.
pub(super) fn guide(t: &Words, body: &Body, today: jinmen_core::Date) -> Html {
    let guide = &body.guide;
    let mut lines = Vec::new();
    if let Some((from, to)) = guide.window(today) {
        let key = if from <= today { "policy-window-open" } else { "policy-window-next" };
        lines.push(Fact::plain(
            t.of("policy-window"),
            t.with(key, &[("from", t.date(from).into()), ("to", t.date(to).into())]),
        ));
    }
    for material in &guide.materials {
        let key = if material.required { "policy-material-required" } else { "policy-material-optional" };
        lines.push(Fact::plain(t.of("policy-material"), t.with(key, &[("name", material.name.as_str().into())])));
    }
    for (key, text) in
        [("policy-office", &guide.office), ("policy-address", &guide.address), ("policy-telephone", &guide.telephone)]
    {
        if !text.is_empty() {
            lines.push(Fact::plain(t.of(key), text.clone()));
        }
    }
    if lines.is_empty() {
        return paragraphs(&t.of("policy-guide-none"));
    }
    Facts { lines, legend: false }.show(t)
}

/// What somebody typed into the calculator, what the rules said to it, and what could not be read.
struct Asked<'a> {
    sent: &'a [(String, String)],
    said: Option<&'a Json>,
    faults: Option<&'a [jinmen_core::Fault]>,
}

/// The calculator: the answer so far, and the questions that can still change it.
fn calculator(
    app: &App,
    t: &Words,
    visit: &Visit,
    policy: &Policy,
    version: &Version,
    Asked { sent, said, faults }: &Asked<'_>,
) -> Result<Vec<Panel>> {
    let program = program::known(&version.text)?;
    let today = app.clock.today();
    let none;
    let said = match said {
        Some(said) => said,
        None => {
            let typed = answer::typed(&program, &[], today)?;
            none = registry::ops::decide::answer(&program, &typed, &rules::Origins::new(), today)?;
            &none
        }
    };
    let mut panels = Vec::new();
    let answered =
        sent.iter().any(|(name, text)| !text.trim().is_empty() && program.facts.iter().any(|fact| fact.name == *name));
    if answered && faults.is_none() {
        for clause in said["clauses"].as_array().into_iter().flatten() {
            panels.push(result(t, clause));
        }
    }
    let wanted = asked(said, sent);
    let questions = answer::questions(&program, &wanted, today);
    let fields: Vec<Field> = questions.iter().map(|question| field(t, question, sent)).collect();
    let mut form =
        Form::post(format!("{PATH}/{}#calculator", policy.id), visit.form_token.clone(), t.of("policy-calculate"));
    form = form.section(String::new(), t.of("policy-calculator-help"), fields);
    if let Some(faults) = faults {
        form = form.faults(faults, t);
    }
    let title = t.of("policy-calculator");
    if questions.is_empty() {
        panels
            .insert(0, Panel::new("calculator", title, Alert::new(Tone::Good, t.of("policy-calculator-done")).show()));
        return Ok(panels);
    }
    panels.push(Panel::new("calculator", title, form.show(t)));
    Ok(panels)
}

/// What was asked already, then what can still change an answer: ten at most at a time.
fn asked(said: &Json, sent: &[(String, String)]) -> Vec<String> {
    /// Questions on one page.
    const MOST: usize = 10;
    let mut names: Vec<String> =
        sent.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(name, _)| name.clone()).collect();
    let before = names.len();
    let questions = said["clauses"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|clause| clause["questions"].as_array().into_iter().flatten());
    for name in questions.filter_map(Json::as_str) {
        if names.len() - before >= MOST {
            break;
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn result(t: &Words, clause: &Json) -> Panel {
    let standing = stands(clause);
    let fen = |key: &str| clause[key].as_i64();
    let amount = match standing {
        Standing::Not | Standing::Nearly => String::new(),
        _ => shown::amount(t, fen("amount_min_fen").unwrap_or(0), fen("amount_max_fen")),
    };
    let title =
        clause["title"].as_str().filter(|title| !title.is_empty()).or(clause["id"].as_str()).unwrap_or_default();
    let head = shown::headed(t, standing, &amount, &shown::proof(t, clause));
    Panel::new(&format!("clause-{}", clause["id"].as_str().unwrap_or_default()), title, head)
}

/// A question as a field, with what was typed.
pub(super) fn field(t: &Words, question: &Question<'_>, sent: &[(String, String)]) -> Field {
    let name = question.fact.name.clone();
    let typed = sent.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
    let mut field = match question.key {
        Some(key) => registry::forms::field(t, key, None),
        None => own_field(t, question),
    };
    field.name = name;
    field.required = false;
    if let Some(year) = question.year {
        field.label =
            t.with("policy-fact-of-year", &[("name", field.label.as_str().into()), ("year", year.to_string().into())]);
    }
    match typed {
        Some(text) => field.value(text),
        None => field,
    }
}

fn own_field(t: &Words, question: &Question<'_>) -> Field {
    let [zh, en] = &question.fact.label;
    let label = if t.is_chinese() || en.is_empty() { zh } else { en };
    let label = if label.is_empty() { &question.fact.name } else { label };
    let name = question.fact.name.clone();
    match &question.fact.kind {
        rules::Type::Bool => {
            let options = vec![Choice::new("true", t.of("policy-yes")), Choice::new("false", t.of("policy-no"))];
            Field::radio(name, label, options)
        }
        rules::Type::Int => Field::integer(name, label),
        rules::Type::Date => Field::date(name, label),
        rules::Type::Money => Field::money(name, label, ui::MoneyUnit::Yuan),
        _ => Field::text(name, label),
    }
}

/// What the one search field finds among published policies.
pub(crate) async fn found(app: &App, typed: &str) -> Result<Vec<Found>> {
    let filter = PolicyFilter { q: Some(typed.to_owned()), ..PolicyFilter::default() };
    let page = PageRequest { after: None, limit: Some(6) };
    let rows = library::public(app, &filter, &page).await?;
    let one = |policy: Policy| Found {
        kind_key: "policy-one".into(),
        hint: format!("{} {}", policy.issuer, policy.doc_no).trim().to_owned(),
        href: format!("{PATH}/{}", policy.id),
        title: policy.title,
    };
    Ok(rows.items.into_iter().map(one).collect())
}
