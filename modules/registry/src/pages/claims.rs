//! The claimant's pages: the letter, one's claims, what one writes before the claim is checked.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use jinmen_core::{Error, Fault, Faults, Period};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{Alert, Badge, Cell, Choice, Column, Empty, Fact, Facts, Field, FieldKind, Form, Frame, Html, Link, Row};
use ui::{Step, StepState, Steps, Table, Tone, Words};

use super::facts::{self, field, typed, value_from};
use super::shared::{Pair, Panel, Paragraph, button_form, encoded};
use crate::dictionary::{FactKey, Sensitivity, dictionary};
use crate::model::{ClaimDraft, ClaimId, ClaimKind, ClaimState, Letter, NewFact, Source};
use crate::ops::claims::read::ClaimFile;
use crate::ops::claims::{self, AUTHORISATION, LICENSE};

/// Papers are photographs: what a phone makes of them.
pub(crate) const PAPER_BYTES: usize = 10 * 1_048_576;

/// A page of the portal with panels, one decision after another.
#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    frame: Frame,
    lead: String,
    badges: Vec<Badge>,
    steps: Option<Steps>,
    alerts: Vec<Alert>,
    panels: Vec<Panel>,
    telephone: String,
}

fn draw(status: StatusCode, view: &ClaimPage) -> Response {
    ui::page(status, view)
}

fn page(app: &App, visit: &Visit, title: String, lead: String) -> ClaimPage {
    ClaimPage {
        frame: app.portal_frame(visit, title),
        lead,
        badges: Vec::new(),
        steps: None,
        alerts: Vec::new(),
        panels: Vec::new(),
        telephone: app.settings().telephone,
    }
}

/// A code that was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Typed {
    code: String,
}

/// Where a claim begins: the code of the letter, or the organisation's own code.
pub(crate) async fn door(State(app): State<App>, visit: Visit, Query(sent): Query<Typed>) -> Answer {
    if !sent.code.trim().is_empty() {
        return match claims::letters::presented(&app, &visit.address, &sent.code).await {
            Ok(_) => Ok(Redirect::to(&format!("/claim/{}", encoded(sent.code.trim()))).into_response()),
            Err(Error::Invalid(faults)) => Ok(door_page(&app, &visit, &sent.code, &faults, "", &[])),
            Err(other) => Err(other.into()),
        };
    }
    Ok(door_page(&app, &visit, "", &[], "", &[]))
}

fn door_page(app: &App, visit: &Visit, code: &str, wrong: &[Fault], uscc: &str, uscc_wrong: &[Fault]) -> Response {
    let t = app.words(visit.locale);
    let mut view = page(app, visit, t.of("registry-claim-door"), t.of("registry-claim-door-lead"));
    let field = Field::text("code", t.of("registry-claim-code"))
        .required()
        .max_length(20)
        .autocomplete("off")
        .help(t.of("registry-claim-code-help"))
        .value(code);
    let form = Form::get("/claim", t.of("registry-claim-go")).id("code").fields_only(vec![field]).faults(wrong, &t);
    let mut form = form;
    form.strong = true;
    view.panels.push(Panel::new("letter", t.of("registry-claim-by-letter"), form.show(&t)));
    let body = if visit.session.is_some() {
        let field = Field::text("uscc", t.of("registry-uscc"))
            .required()
            .max_length(18)
            .help(t.of("registry-claim-uscc-help"))
            .value(uscc);
        Form::post(visit.once("/claim"), visit.form_token.clone(), t.of("registry-claim-go"))
            .id("uscc")
            .fields_only(vec![field])
            .faults(uscc_wrong, &t)
            .show(&t)
    } else {
        let link = Link::new(t.of("ui-sign-in"), format!("/sign-in?next={}", encoded("/claim")));
        Alert::new(Tone::Info, t.of("registry-claim-sign-in-first")).link(link).show()
    };
    view.panels.push(Panel::new("without", t.of("registry-claim-without"), body));
    let status =
        if wrong.is_empty() && uscc_wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    draw(status, &view)
}

/// What begins a claim without a letter.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Without {
    uscc: String,
}

/// Begins a claim without a letter.
pub(crate) async fn begin_without(State(app): State<App>, visit: Visit, FormBody(sent): FormBody<Without>) -> Answer {
    match claims::start::by_uscc(&app, &visit.actor, &sent.uscc).await {
        Ok(id) => Ok(Redirect::to(&format!("/claims/{id}")).into_response()),
        Err(Error::Invalid(faults)) => Ok(door_page(&app, &visit, "", &[], &sent.uscc, &faults)),
        Err(other) => Err(other.into()),
    }
}

/// The letter: whom it is for, before anything is done.
pub(crate) async fn letter(State(app): State<App>, visit: Visit, Path(code): Path<String>) -> Answer {
    match claims::letters::presented(&app, &visit.address, &code).await {
        Ok(letter) => letter_page(&app, &visit, &code, &letter).await,
        Err(Error::Invalid(faults)) => Ok(door_page(&app, &visit, &code, &faults, "", &[])),
        Err(other) => Err(other.into()),
    }
}

async fn letter_page(app: &App, visit: &Visit, code: &str, letter: &Letter) -> Answer {
    let t = app.words(visit.locale);
    let name = t.text(&letter.name);
    let keeper = match letter.keeper {
        Some(keeper) => t.text(&app.organization_name(keeper).await),
        None => String::new(),
    };
    let title = t.with("registry-claim-of", &[("name", name.clone().into())]);
    let lead = t.with("registry-claim-lead", &[("keeper", keeper.into())]);
    let mut view = page(app, visit, title, lead);
    view.steps = Some(steps(&t, 0));
    let path = format!("/claim/{}", encoded(code));
    let body = match visit.actor.signed_in() {
        Ok(person) => {
            let mut form = button_form(visit, &path, &[], &t.of("registry-claim-begin"));
            form.strong = true;
            let who = t.with("registry-claim-as", &[("name", person.name.clone().into())]);
            Html::of(&Pair(Html::of(&Paragraph { text: who }), form.show(&t)))
        }
        Err(_) => mobile_form(&t, visit, code, &path).show(&t),
    };
    view.panels.push(Panel::new("begin", t.of("registry-claim-who"), body));
    let needed = ["registry-claim-need-code", "registry-claim-need-license", "registry-claim-need-authorisation"];
    let items = needed.iter().map(|key| t.of(key)).collect();
    let until = t.with("registry-claim-letter-until", &[("day", t.date(letter.expires_at.date()).into())]);
    let needs = Html::of(&Pair(Html::of(&List { items }), Html::of(&Paragraph { text: until })));
    view.panels.push(Panel::new("needed", t.of("registry-claim-needed"), needs));
    Ok(draw(StatusCode::OK, &view))
}

/// The number to which a code comes; the letter lets a number in that has no account yet.
fn mobile_form(t: &Words, visit: &Visit, code: &str, path: &str) -> Form {
    let fields = vec![
        Field::new(FieldKind::Telephone, "mobile", t.of("registry-claim-mobile"))
            .required()
            .max_length(20)
            .autocomplete("tel")
            .help(t.of("registry-claim-mobile-help")),
        Field::hidden("ticket", code),
        Field::hidden("next", path),
    ];
    let mut form = Form::post("/sign-in/code", visit.form_token.clone(), t.of("registry-claim-send-code"));
    form.strong = true;
    form.fields_only(fields)
}

#[derive(Template)]
#[template(source = "<ul>{% for item in items %}<li>{{ item }}</li>{% endfor %}</ul>", ext = "html")]
struct List {
    items: Vec<String>,
}

/// Begins a claim with a letter.
pub(crate) async fn begin(State(app): State<App>, visit: Visit, Path(code): Path<String>) -> Answer {
    let id = claims::start::by_letter(&app, &visit.actor, &visit.address, &code).await?;
    Ok(Redirect::to(&format!("/claims/{id}")).into_response())
}

fn steps(t: &Words, at: usize) -> Steps {
    let names = [
        "registry-claim-step-letter",
        "registry-claim-step-file",
        "registry-claim-step-papers",
        "registry-claim-step-check",
    ];
    let state = |index: usize| match index {
        _ if index < at => StepState::Done,
        _ if index == at => StepState::Current,
        _ => StepState::Waiting,
    };
    Steps(names.iter().enumerate().map(|(index, name)| Step::new(t.of(name), state(index))).collect())
}

/// One's claims.
pub(crate) async fn mine(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let mut view = page(&app, &visit, t.of("registry-claims-mine"), String::new());
    let rows = claims::read::all_mine(&app, &visit.actor).await?;
    let rows = rows.iter().map(|claim| {
        Row::link(
            format!("/claims/{}", claim.id),
            vec![
                Cell::Two(t.text(&claim.organization_name), claim.number.clone()),
                Cell::Badge(badge(&t, claim.state)),
                Cell::Instant(claim.created_at),
            ],
        )
    });
    let table = Table {
        caption: t.of("registry-claims-mine"),
        columns: vec![
            Column::text(t.of("registry-column-name")),
            Column::text(t.of("registry-column-held")),
            Column::text(t.of("registry-column-recorded")),
        ],
        rows: rows.collect(),
        empty: Empty {
            title: t.of("registry-claims-none"),
            text: t.of("registry-claims-none-text"),
            steps: vec![Link::new(t.of("registry-claim-door"), "/claim")],
        },
        ..Table::default()
    };
    view.panels.push(Panel::new("claims", t.of("registry-claims"), table.show(&t)));
    Ok(draw(StatusCode::OK, &view))
}

/// The state of a claim.
pub(crate) fn badge(t: &Words, state: ClaimState) -> Badge {
    let tone = match state {
        ClaimState::Approved => Tone::Good,
        ClaimState::Submitted | ClaimState::Returned => Tone::Warning,
        ClaimState::Rejected | ClaimState::Released => Tone::Bad,
        ClaimState::Draft | ClaimState::Withdrawn => Tone::Neutral,
    };
    Badge::new(tone, t.of(&format!("registry-claim-state-{}", state.code())))
}

/// A claim of one's own.
pub(crate) async fn own(State(app): State<App>, visit: Visit, Path(id): Path<ClaimId>) -> Answer {
    let file = claims::read::mine(&app, &visit.actor, id).await?;
    own_page(&app, &visit, &file, StatusCode::OK, |form| form, |form| form)
}

fn own_page(
    app: &App,
    visit: &Visit,
    file: &ClaimFile,
    status: StatusCode,
    facts: impl Fn(Form) -> Form,
    papers: impl Fn(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let claim = &file.claim;
    let title = t.with("registry-claim-of", &[("name", t.text(&claim.organization_name).into())]);
    let mut view = page(app, visit, title, String::new());
    view.badges = vec![badge(&t, claim.state), Badge::new(Tone::Neutral, claim.number.clone())];
    let has_papers = file.papers.iter().any(|paper| paper.purpose == LICENSE);
    view.steps = Some(steps(
        &t,
        match claim.state {
            ClaimState::Draft | ClaimState::Returned if file.facts.is_empty() && !has_papers => 1,
            ClaimState::Draft | ClaimState::Returned => 2,
            ClaimState::Submitted => 3,
            _ => 4,
        },
    ));
    view.alerts = alerts(&t, file);
    if claim.state.is_open() {
        view.panels.push(facts_panel(&t, visit, file, facts));
    } else if !file.facts.is_empty() {
        view.panels.push(Panel::new("facts", t.of("registry-claim-said"), said(&t, file).show(&t)));
    }
    if claim.state.is_with_claimant() {
        view.panels.push(papers_panel(&t, visit, file, papers));
    }
    if claim.state == ClaimState::Submitted {
        view.panels.push(Panel::new("sent", t.of("registry-claim-sent"), sent_facts(&t, file).show(&t)));
    }
    if claim.state.is_open() {
        let form = button_form(visit, &format!("/claims/{}/withdraw", claim.id), &[], &t.of("registry-claim-withdraw"));
        view.panels.push(Panel::new("withdraw", t.of("registry-claim-withdraw"), form.show(&t)));
    }
    Ok(draw(status, &view))
}

fn alerts(t: &Words, file: &ClaimFile) -> Vec<Alert> {
    let claim = &file.claim;
    let opinion = |key: &str| t.with(key, &[("opinion", claim.opinion.clone().into())]);
    let one = match claim.state {
        ClaimState::Draft if claim.kind == ClaimKind::Transfer => {
            Alert::new(Tone::Warning, t.of("registry-claim-contested"))
        }
        ClaimState::Draft => return Vec::new(),
        ClaimState::Submitted => Alert::new(Tone::Info, t.of("registry-claim-waits")),
        ClaimState::Returned => Alert::new(Tone::Warning, opinion("registry-claim-came-back")),
        ClaimState::Approved => Alert::new(Tone::Good, t.of("registry-claim-granted"))
            .link(Link::new(t.of("registry-claim-open-file"), format!("/work/organizations/{}", claim.organization))),
        ClaimState::Rejected => Alert::new(Tone::Bad, opinion("registry-claim-refused")),
        ClaimState::Released => Alert::new(Tone::Bad, opinion("registry-claim-was-released")),
        ClaimState::Withdrawn => Alert::new(Tone::Neutral, t.of("registry-claim-taken-back")),
    };
    vec![one]
}

/// The keys of the short form with what is known: public values as they stand, others only as far as the claimant said.
fn known_text(file: &ClaimFile, key: &'static FactKey) -> String {
    if let Some((said, _)) = file.facts.iter().rev().find(|(fact, _)| fact.key.key == key.key) {
        return typed(key, Some(&said.value));
    }
    if key.sensitivity != Sensitivity::Public {
        return String::new();
    }
    typed(key, file.known.current(&key.key, file.as_of).and_then(|fact| fact.value.as_ref()))
}

fn keys() -> impl Iterator<Item = &'static FactKey> {
    claims::fill::KEYS.iter().filter_map(|key| dictionary().get(key))
}

fn facts_panel(t: &Words, visit: &Visit, file: &ClaimFile, each: impl Fn(Form) -> Form) -> Panel {
    let fields = keys()
        .map(|key| {
            let one = field(t, key, None).value(known_text(file, key));
            match key.by_year {
                true => one.help(t.with("registry-claim-year", &[("year", last_year(file).to_string().into())])),
                false => one,
            }
        })
        .collect();
    let action = visit.once(&format!("/claims/{}/facts", file.claim.id));
    let mut form =
        each(Form::post(action, visit.form_token.clone(), t.of("registry-claim-save")).id("facts").fields_only(fields));
    form.quiet = !file.facts.is_empty();
    let note = Html::of(&Paragraph { text: t.of("registry-claim-facts-note") });
    Panel::new("facts", t.of("registry-claim-facts"), Html::of(&Pair(note, form.show(t))))
}

fn last_year(file: &ClaimFile) -> i16 {
    file.as_of.day.year() - 1
}

/// Says something about the organisation.
pub(crate) async fn declare(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ClaimId>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    let file = claims::read::mine(&app, &visit.actor, id).await?;
    let done = match read(&file, &sent) {
        Ok(facts) if facts.is_empty() => {
            return Ok(visit.done(&format!("/claims/{id}"), "registry-flash-nothing"));
        }
        Ok(facts) => claims::fill::declare(&app, &visit.actor, id, facts).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(visit.done(&format!("/claims/{id}"), "registry-flash-claim-saved")),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let again = |form: Form| {
                form.fill(|name| sent.get(name).map(String::as_str).into_iter().collect()).faults(&faults, &t)
            };
            own_page(&app, &visit, &file, StatusCode::UNPROCESSABLE_ENTITY, again, |form| form)
        }
        Err(other) => Err(other.into()),
    }
}

/// What differs from what the form showed.
fn read(file: &ClaimFile, sent: &HashMap<String, String>) -> jinmen_core::Result<Vec<NewFact>> {
    let mut faults = Faults::new();
    let mut facts = Vec::new();
    for key in keys() {
        let text = sent.get(&key.key).map_or("", |text| text.trim());
        if text.is_empty() || text == known_text(file, key) {
            continue;
        }
        let Some(value) = faults.take(value_from(key, text, file.as_of.day)) else { continue };
        let period = match key.by_year {
            true => Period::year(last_year(file)).map_err(|fault| Fault::of("year", &fault))?,
            false => Period::ALWAYS,
        };
        let (source, source_note) = (Source::SelfDeclared, String::new());
        facts.push(NewFact { key, value, period, source, source_note, source_object: None });
    }
    faults.check()?;
    Ok(facts)
}

/// What the claimant wrote, as lines.
pub(crate) fn said(t: &Words, file: &ClaimFile) -> Facts {
    let lines = file
        .facts
        .iter()
        .map(|(fact, at)| {
            let text = facts::value_words(t, fact.key, &fact.value);
            Fact::from(fact.key.label(t.locale), text, ui::Source::Declared, t.instant(*at))
        })
        .collect();
    Facts { lines, legend: false }
}

fn papers_panel(t: &Words, visit: &Visit, file: &ClaimFile, each: impl Fn(Form) -> Form) -> Panel {
    let claim = &file.claim;
    let there = |purpose: &str| file.papers.iter().find(|paper| paper.purpose == purpose);
    let paper = |purpose: &'static str, label: &str, help: &str| {
        let field = Field::new(FieldKind::File { accept: "image/*,.pdf".into(), camera: true }, purpose, t.of(label));
        let field = field.help(t.of(help));
        match there(purpose) {
            Some(file) => field.note(t.with("registry-claim-paper-there", &[("name", file.name.clone().into())])),
            None => field,
        }
    };
    let roles = vec![
        Choice::new("authorised", t.of("registry-claim-role-authorised")),
        Choice::new("representative", t.of("registry-claim-role-representative")),
    ];
    let until = claim
        .valid_until
        .map(|day| day.to_string())
        .unwrap_or_else(|| file.as_of.day.add_months(12).map(|day| day.to_string()).unwrap_or_default());
    let name = Some(claim.claimant_name.clone()).filter(|name| name != "—").unwrap_or_default();
    let mut fields =
        vec![
            Field::text("name", t.of("registry-claim-name")).required().max_length(60).autocomplete("name").value(name),
            Field::radio("role", t.of("registry-claim-role"), roles)
                .required()
                .value(if claim.claimant_role.is_empty() { "authorised" } else { &claim.claimant_role }),
            Field::text("uscc", t.of("registry-uscc"))
                .required()
                .max_length(18)
                .help(t.of("registry-claim-uscc-why"))
                .value(&claim.uscc),
            Field::text("representative", t.of("registry-claim-representative"))
                .required()
                .max_length(60)
                .value(&claim.representative),
            paper(LICENSE, "registry-claim-license", "registry-claim-license-help"),
            paper(AUTHORISATION, "registry-claim-authorisation", "registry-claim-authorisation-help"),
            Field::date("valid_until", t.of("registry-claim-until"))
                .required()
                .help(t.of("registry-claim-until-help"))
                .value(until),
        ];
    if claim.kind.ends_others() {
        let kinds = vec![
            Choice::new("transfer", t.of("registry-claim-kind-transfer")),
            Choice::new("representative", t.of("registry-claim-kind-representative")),
        ];
        fields.push(Field::radio("kind", t.of("registry-claim-kind"), kinds).required().value(claim.kind.code()));
    }
    fields.push(Field::text("note", t.of("registry-note")).max_length(200).value(&claim.note));
    let action = visit.once(&format!("/claims/{}", claim.id));
    let mut form = each(
        Form::post(action, visit.form_token.clone(), t.of("registry-claim-send")).id("papers").fields_only(fields),
    );
    form.multipart = true;
    let link = Link::new(t.of("registry-claim-template"), format!("/claims/{}/authorisation", claim.id));
    Panel::new("papers", t.of("registry-claim-papers"), form.show(t)).link(Some(link))
}

fn sent_facts(t: &Words, file: &ClaimFile) -> Facts {
    let claim = &file.claim;
    let mut lines = vec![
        Fact::plain(t.of("registry-claim-name"), claim.claimant_name.clone()),
        Fact::plain(t.of("registry-uscc"), claim.uscc.clone()),
        Fact::plain(t.of("registry-claim-representative"), claim.representative.clone()),
    ];
    lines.extend(claim.valid_until.map(|day| Fact::plain(t.of("registry-claim-until"), t.date(day))));
    lines.extend(claim.submitted_at.map(|at| Fact::plain(t.of("registry-claim-sent-at"), t.instant(at))));
    lines.extend(
        file.papers
            .iter()
            .map(|paper| Fact::plain(t.of(&format!("registry-claim-{}", paper.purpose)), paper.name.clone())),
    );
    Facts { lines, legend: false }
}

/// Takes the papers and what goes with them, and sends the claim in.
pub(crate) async fn submit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ClaimId>,
    mut body: Multipart,
) -> Answer {
    // Whoever may not is refused before a byte is kept.
    let before = claims::read::mine(&app, &visit.actor, id).await?;
    if !before.claim.state.is_with_claimant() {
        return Err(Error::conflict("registry.claim_closed").into());
    }
    let mut fields: HashMap<String, String> = HashMap::new();
    let mut wrong = Vec::new();
    while let Some(part) = body.next_field().await.map_err(super::limits::unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(purpose) = claims::fill::purpose(&name) else {
            let text = part.text().await.map_err(super::limits::unreadable)?;
            fields.insert(name, text.chars().take(500).collect());
            continue;
        };
        let file = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.map(|chunk| chunk.map(|bytes| bytes.to_vec()).map_err(std::io::Error::other)).boxed();
        let kept = app.files.blobs().put(bytes, PAPER_BYTES as u64).await.map_err(super::limits::too_large)?;
        if kept.size == 0 {
            continue;
        }
        match claims::fill::attach(&app, &visit.actor, id, purpose, &file, kept).await {
            Ok(_) => {}
            Err(Error::Invalid(faults)) => {
                wrong.extend(faults.into_iter().map(|fault| Fault { field: Some(purpose.into()), ..fault }))
            }
            Err(other) => return Err(other.into()),
        }
    }
    let draft = draft(&fields);
    let sent = match wrong.is_empty() {
        true => claims::submit::submit(&app, &visit.actor, id, &draft).await,
        false => Err(Error::Invalid(wrong)),
    };
    match sent {
        Ok(()) => Ok(visit.done(&format!("/claims/{id}"), "registry-flash-claim-sent")),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let file = claims::read::mine(&app, &visit.actor, id).await?;
            let again = |form: Form| {
                form.fill(|name| fields.get(name).map(String::as_str).into_iter().collect()).faults(&faults, &t)
            };
            own_page(&app, &visit, &file, StatusCode::UNPROCESSABLE_ENTITY, |form| form, again)
        }
        Err(other) => Err(other.into()),
    }
}

fn draft(fields: &HashMap<String, String>) -> ClaimDraft {
    let take = |name: &str| fields.get(name).cloned().unwrap_or_default();
    ClaimDraft {
        name: take("name"),
        role: take("role"),
        uscc: take("uscc"),
        representative: take("representative"),
        valid_until: take("valid_until"),
        kind: take("kind"),
        note: take("note"),
    }
}

/// Takes a claim back.
pub(crate) async fn withdraw(State(app): State<App>, visit: Visit, Path(id): Path<ClaimId>) -> Answer {
    claims::submit::withdraw(&app, &visit.actor, id).await?;
    Ok(visit.done("/claims", "registry-flash-claim-withdrawn"))
}

#[derive(Template)]
#[template(path = "authorisation.html")]
struct AuthorisationPage {
    frame: Frame,
    /// It is shown to a Chinese office, whatever the reader's language.
    paper: Words,
    organization: String,
    uscc: String,
    name: String,
    keeper: String,
    until: String,
}

/// The authorisation, to be printed, sealed and photographed.
pub(crate) async fn authorisation(State(app): State<App>, visit: Visit, Path(id): Path<ClaimId>) -> Answer {
    let file = claims::read::mine(&app, &visit.actor, id).await?;
    let t = app.words(visit.locale);
    let keeper = match file.claim.keeper {
        Some(keeper) => app.organization_name(keeper).await.zh,
        None => String::new(),
    };
    let blank = |text: &str| if text.is_empty() || text == "—" { "\u{ff3f}".repeat(8) } else { text.to_owned() };
    let view = AuthorisationPage {
        frame: app.portal_frame(&visit, t.of("registry-claim-template")),
        paper: app.words(jinmen_core::Locale::ZhCn),
        organization: file.claim.organization_name.zh.clone(),
        uscc: file.organization.uscc.map(|code| code.to_string()).unwrap_or_else(|| blank(&file.claim.uscc)),
        name: blank(&file.claim.claimant_name),
        keeper,
        until: file.claim.valid_until.map_or_else(|| blank(""), |day| day.to_string()),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// A paper of a claim.
pub(crate) async fn paper(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let file = claims::read::paper(&app, &visit.actor, id).await?;
    super::parts::hand_out(&app, &file).await
}
