//! The office's calls: the list, templates, texts, set-up, publication, files.

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use futures::{StreamExt, TryStreamExt};
use jinmen_core::{Error, Fault, Instant, PageRequest};
use module::pages::{FilePage, ListPage, Panel, again, button_form, form_page, frame, pairs, query_without};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use registry::uploads;
use serde::Deserialize;
use ui::{
    Alert, Card, Cell, Choice, Column, Empty, Field, FieldKind, Form, Html, Link, Pager, Row, Table, Tabs, Tile, Tiles,
    Tone, Toolbar, Words,
};

use super::{public, shown};
use crate::form::Form as CallForm;
use crate::model::{
    Applicants, Call, CallDraft, CallFilter, CallId, CallState, OutcomeKind, Phase, SetupDraft, StageKind, Template,
    templates,
};
use crate::ops::edit;
use crate::ops::papers::{self, ATTACHMENT, MOST_BYTES};
use crate::ops::read::{self, Read};
use crate::permissions;

pub(super) const PATH: &str = "/work/calls";

/// The office's calls, newest first.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<CallFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = read::of_own_office(&app, &visit.actor, &filter, &page).await?;
    let may_write = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let begin = Link::new(t.of("calls-new"), format!("{PATH}/new")).icon("plus");
    let now = app.clock.now();
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let phases = Phase::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let query = query_without(&pairs(&filter), &["after"]);
    let view = ListPage {
        frame: frame(&app, &visit, t.of("calls-desk"), &[]).await?,
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::new(FieldKind::Search, "q", t.of("calls-filter-q")).value(given(&filter.q)),
                Field::select("phase", t.of("calls-phase"), phases).value(given(&filter.phase)),
                Field::select("kind", t.of("calls-kind"), public::kinds(&t)).value(given(&filter.kind)),
            ],
            clear: PATH.into(),
            primary: may_write.then_some(begin.clone()),
            ..Toolbar::default()
        },
        above: Html::default(),
        table: Table {
            caption: t.of("calls-desk"),
            columns: ["calls-title", "calls-phase", "calls-kind", "calls-window", "calls-updated"]
                .map(|key| Column::text(t.of(key)))
                .into(),
            rows: rows.items.iter().map(|one| row(&t, one, now)).collect(),
            empty: Empty {
                title: t.of("calls-none"),
                text: t.of("calls-none-text"),
                steps: if may_write { vec![begin] } else { Vec::new() },
            },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?{query}&after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Call, now: Instant) -> Row {
    Row::link(
        format!("{PATH}/{}", one.id),
        vec![
            Cell::Two(t.text(&one.title), one.number.clone()),
            Cell::Badge(shown::phase(t, one, now)),
            Cell::Text(t.of(&one.kind.message_key())),
            Cell::Text(shown::window(t, one)),
            Cell::Instant(one.updated_at),
        ],
    )
}

#[derive(askama::Template)]
#[template(path = "templates.html")]
struct TemplatesPage {
    frame: ui::Frame,
    cards: Vec<Card>,
}

/// Ten ready calls to begin from.
pub(crate) async fn begin_from(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let card = |one: &Template| Card {
        title: t.text(&one.title),
        href: format!("{PATH}/new/{}", one.key),
        kicker: t.of(&one.kind.message_key()),
        text: t.text(&one.note),
        particulars: vec![t.with("calls-template-stages", &[("n", one.setup.stages.len().into())])],
        icon: "clipboard-list".into(),
        ..Card::default()
    };
    let view = TemplatesPage {
        frame: frame(&app, &visit, t.of("calls-new"), &[(PATH, t.of("calls-desk"))]).await?,
        cards: templates().iter().map(card).collect(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// Title, window and texts as a form.
fn text_form(t: &Words, visit: &Visit, action: &str, draft: &CallDraft, submit: &str) -> Form {
    let half = |name: &str, key: &str, value: &str| Field::text(name, t.of(key)).value(value).half();
    let long = |name: &str, key: &str, value: &str| Field::text_area(name, t.of(key)).value(value);
    let names = vec![
        Field::text("title_zh", t.of("calls-title-zh")).required().max_length(200).value(&draft.title_zh),
        Field::text("title_en", t.of("calls-title-en")).max_length(200).value(&draft.title_en),
        Field::text("summary_zh", t.of("calls-summary")).max_length(300).value(&draft.summary_zh),
        Field::text("summary_en", t.of("calls-summary-en")).max_length(300).value(&draft.summary_en),
    ];
    let window = vec![
        Field::date("opens_on", t.of("calls-opens-on")).value(&draft.opens_on).half(),
        half("opens_time", "calls-opens-time", &draft.opens_time),
        Field::date("closes_on", t.of("calls-closes-on")).value(&draft.closes_on).half(),
        half("closes_time", "calls-closes-time", &draft.closes_time),
    ];
    let texts = vec![
        long("body_zh", "calls-body-zh", &draft.body_zh),
        long("body_en", "calls-body-en", &draft.body_en),
        long("eligibility_zh", "calls-eligibility-zh", &draft.eligibility_zh),
        long("eligibility_en", "calls-eligibility-en", &draft.eligibility_en),
    ];
    let office = vec![
        half("office", "calls-office", &draft.office),
        half("telephone", "calls-telephone", &draft.telephone),
        half("address", "calls-address", &draft.address),
        half("supervision", "calls-supervision", &draft.supervision),
    ];
    Form::post(visit.once(action), visit.form_token.clone(), submit)
        .section(t.of("calls-names"), "", names)
        .section(t.of("calls-window"), t.of("calls-window-help"), window)
        .section(t.of("calls-texts"), t.of("calls-texts-help"), texts)
        .section(t.of("calls-contact"), t.of("calls-contact-help"), office)
}

fn template(key: &str) -> jinmen_core::Result<&'static Template> {
    templates().iter().find(|one| one.key == key).ok_or(Error::NotFound)
}

/// The form for a new call of a template.
pub(crate) async fn new(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Answer {
    let template = template(&key)?;
    let t = app.words(visit.locale);
    let own = match visit.actor.organization() {
        Some(own) => t.text(&app.organization_name(own).await),
        None => String::new(),
    };
    let setup = &template.setup;
    let draft = CallDraft {
        title_zh: format!("{} {}", app.clock.today().year(), template.title.zh),
        title_en: template.title.en.clone().unwrap_or_default(),
        office: own,
        ..draft_of(setup)
    };
    let form = text_form(&t, &visit, &format!("{PATH}/new/{key}"), &draft, &t.of("calls-begin"));
    let crumbs = [(PATH, t.of("calls-desk")), ("/work/calls/new", t.of("calls-new"))];
    form_page(&app, &visit, t.text(&template.title), &crumbs, StatusCode::OK, form).await
}

fn draft_of(setup: &crate::model::Setup) -> CallDraft {
    let en = |text: &jinmen_core::Text2| text.en.clone().unwrap_or_default();
    CallDraft {
        summary_zh: setup.summary.zh.clone(),
        summary_en: en(&setup.summary),
        body_zh: setup.body.zh.clone(),
        body_en: en(&setup.body),
        eligibility_zh: setup.eligibility.zh.clone(),
        eligibility_en: en(&setup.eligibility),
        office: setup.office.clone(),
        address: setup.address.clone(),
        telephone: setup.telephone.clone(),
        supervision: setup.supervision.clone(),
        ..CallDraft::default()
    }
}

/// Begins a call.
pub(crate) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    FormBody(draft): FormBody<CallDraft>,
) -> Answer {
    match edit::begin(&app, &visit.actor, &key, &draft).await {
        Ok(id) => Ok(Redirect::to(&format!("{PATH}/{id}")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let form = text_form(&t, &visit, &format!("{PATH}/new/{key}"), &draft, &t.of("calls-begin"));
            let (status, form) = again(&t, form, error)?;
            let crumbs = [(PATH, t.of("calls-desk")), ("/work/calls/new", t.of("calls-new"))];
            form_page(&app, &visit, t.of("calls-new"), &crumbs, status, form).await
        }
    }
}

/// The one page of a call.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    draw(&app, &visit, id, StatusCode::OK, None).await
}

async fn draw(app: &App, visit: &Visit, id: CallId, status: StatusCode, alert: Option<Alert>) -> Answer {
    let t = app.words(visit.locale);
    let read = read::read(app, &visit.actor, id).await?;
    let counts = read::counts(app, &visit.actor, id).await?;
    let history = read::history(app, &visit.actor, id).await?;
    let own = visit.actor.organization() == Some(read.call.owner);
    let may_write = own && visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let (call, setup) = (&read.call, &read.call.setup);
    let form = CallForm::load(&read.form.schema)?;
    let mut panels = vec![Panel::new("facts", t.of("calls-at-a-glance"), public::facts(&t, &read))];
    if call.state != CallState::Draft {
        panels.insert(0, Panel::new("counts", t.of("calls-counts"), tiles(&t, call, &counts)));
    }
    for (id, key, text) in
        [("notice", "calls-notice-text", &setup.body), ("eligibility", "calls-eligibility", &setup.eligibility)]
    {
        if !text.zh.is_empty() {
            panels.push(Panel::new(id, t.of(key), shown::both(&t, text)));
        }
    }
    let frozen = t.with(
        if read.form.used { "calls-form-frozen" } else { "calls-form-open" },
        &[("version", read.form.version.into())],
    );
    let questions = module::pages::Pair(shown::paragraphs(&frozen), public::questions(&t, &form, call));
    panels.push(Panel::new("questions", t.of("calls-questions"), Html::of(&questions)));
    panels.push(Panel::new("stages", t.of("calls-stages"), stages(&t, call)));
    panels.push(Panel::new("files", t.of("calls-files"), files(&t, visit, &read, &form, may_write)));
    let aside = vec![Panel::new(
        "history",
        t.of("calls-history"),
        module::pages::history(&t, &history[..history.len().min(12)], |_| String::new()).show(&t),
    )];
    let mut actions = actions(&t, call, may_write);
    if visit.actor.may_somewhere(&permissions::EXPORT).is_ok() && call.state != CallState::Draft {
        actions.push(Link::new("XLSX", format!("{PATH}/{id}/applications.xlsx")).icon("download"));
        actions.push(Link::new("ZIP", format!("{PATH}/{id}/files.zip")).icon("download"));
    }
    if may_write {
        panels.insert(0, Panel::new("do", t.of("calls-do"), deeds(&t, visit, call)));
    }
    let view = FilePage {
        frame: frame(app, visit, t.text(&call.title), &[(PATH, t.of("calls-desk"))]).await?,
        subtitle: call.number.clone(),
        badges: vec![shown::phase(&t, call, app.clock.now())],
        actions,
        alert,
        tabs: Tabs::default(),
        panels,
        aside,
    };
    Ok(ui::page(status, &view))
}

fn actions(t: &Words, call: &Call, may_write: bool) -> Vec<Link> {
    let base = format!("{PATH}/{}", call.id);
    let mut links = Vec::new();
    let open = may_write && call.state != CallState::Closed;
    let mut add = |shown: bool, key: &str, href: String, icon: &str| {
        if shown {
            links.push(Link::new(t.of(key), href).icon(icon));
        }
    };
    add(open, "calls-edit-text", format!("{base}/text"), "edit");
    add(open, "calls-edit-setup", format!("{base}/setup"), "adjustments");
    add(open, "calls-edit-form", format!("{base}/form"), "list-check");
    add(call.state != CallState::Draft, "calls-see-public", format!("/calls/{}", call.id), "external-link");
    add(may_write && call.state == CallState::Published, "calls-close", format!("{base}/close"), "x");
    let notices = call.setup.stages.iter().any(|stage| stage.kind == StageKind::Notice);
    add(
        notices && may_write && call.state != CallState::Draft,
        "calls-notice-new",
        format!("{base}/notice"),
        "clipboard-check",
    );
    let sums = matches!(call.setup.outcome.kind, OutcomeKind::Benefit | OutcomeKind::Award);
    add(
        notices && sums && may_write && call.state == CallState::Published,
        "calls-grant",
        format!("{base}/auto-grant"),
        "user-check",
    );
    add(call.state != CallState::Draft, "calls-queue", format!("/work/applications?call={}", call.id), "inbox");
    links
}

/// What can be done with a call in one tap.
fn deeds(t: &Words, visit: &Visit, call: &Call) -> Html {
    let base = format!("{PATH}/{}", call.id);
    let clone = button_form(visit, &format!("{base}/clone"), &[], &t.of("calls-clone")).id("clone");
    let first = match call.state {
        CallState::Draft => {
            let mut form = button_form(visit, &format!("{base}/publish"), &[], &t.of("calls-publish")).id("publish");
            form.strong = true;
            form.show(t)
        }
        CallState::Published | CallState::Closed => Html::default(),
    };
    Html::of(&Deeds { deeds: vec![first, clone.show(t)] })
}

#[derive(askama::Template)]
#[template(source = "<div class=\"jm-actions\">{% for deed in deeds %}{{ deed }}{% endfor %}</div>", ext = "html")]
struct Deeds {
    deeds: Vec<Html>,
}

/// How many applications stand where, each a list.
fn tiles(t: &Words, call: &Call, counts: &[(String, String, i64)]) -> Html {
    let list = |query: &str| format!("/work/applications?call={}&{query}", call.id);
    let of = |wanted: &str| counts.iter().filter(|(state, ..)| state == wanted).map(|(.., n)| n).sum::<i64>();
    let tile = |label: String, n: i64, href: String, tone: Tone| Tile {
        label,
        value: t.number(n),
        href,
        tone,
        ..Tile::default()
    };
    let mut tiles = vec![tile(t.of("calls-application-draft"), of("draft"), String::new(), Tone::Neutral)];
    for stage in &call.setup.stages {
        let n = counts.iter().find(|(state, key, _)| state == "submitted" && *key == stage.key).map_or(0, |one| one.2);
        tiles.push(tile(t.text(&stage.title), n, list(&format!("state=submitted&stage={}", stage.key)), Tone::Info));
    }
    for (state, tone) in [("returned", Tone::Warning), ("approved", Tone::Good), ("rejected", Tone::Bad)] {
        let label = t.of(&format!("calls-application-{state}"));
        tiles.push(tile(label, of(state), list(&format!("state={state}")), tone));
    }
    Tiles(tiles).show()
}

fn stages(t: &Words, call: &Call) -> Html {
    let rows = call.setup.stages.iter().map(|stage| {
        Row::plain(vec![
            Cell::Text(t.text(&stage.title)),
            Cell::Text(t.of(&stage.kind.message_key())),
            Cell::Text(t.with("calls-working-days", &[("n", i64::from(stage.days).into())])),
        ])
    });
    Table {
        caption: t.of("calls-stages"),
        columns: ["calls-stage", "calls-stage-kind", "calls-stage-days"].map(|key| Column::text(t.of(key))).into(),
        rows: rows.collect(),
        empty: Empty { title: t.of("calls-stages-none"), ..Empty::default() },
        ..Table::default()
    }
    .show(t)
}

fn files(t: &Words, visit: &Visit, read: &Read, form: &CallForm, may_write: bool) -> Html {
    let label = |file: &files::File| match form.field(&file.purpose) {
        Some(field) => t.with("calls-sample-of", &[("name", t.text(&field.title).into())]),
        None => t.of("calls-attachment"),
    };
    let links: Vec<Link> = read
        .files
        .iter()
        .map(|file| Link::new(format!("{}：{}", label(file), file.name), format!("/work/call-files/{}", file.id)))
        .collect();
    let listed = if links.is_empty() { shown::paragraphs(&t.of("calls-files-none")) } else { shown::links(links) };
    if !may_write {
        return listed;
    }
    let removals = read.files.iter().enumerate().map(|(at, file)| {
        let label = t.with("calls-file-remove", &[("name", file.name.as_str().into())]);
        button_form(visit, &format!("/work/call-files/{}/remove", file.id), &[], &label).id(format!("r{at}")).show(t)
    });
    let mut purposes = vec![Choice::new(ATTACHMENT, t.of("calls-attachment"))];
    purposes.extend(form.fields.iter().filter(|field| matches!(field.kind, crate::form::Kind::File { .. })).map(
        |field| Choice::new(field.name.clone(), t.with("calls-sample-of", &[("name", t.text(&field.title).into())])),
    ));
    let upload = Form::post(
        visit.once(&format!("{PATH}/{}/files", read.call.id)),
        visit.form_token.clone(),
        t.of("calls-file-attach"),
    )
    .id("files")
    .fields_only(vec![
        Field::select("purpose", t.of("calls-file-purpose"), purposes).required().value(ATTACHMENT),
        Field::file("file", t.of("calls-file"), ".pdf,.docx,.xlsx,.ofd,.jpg,.png,.zip").required(),
    ]);
    let mut parts = vec![listed];
    parts.extend(removals);
    parts.push(upload.show(t));
    Html::of(&Stack { parts })
}

#[derive(askama::Template)]
#[template(source = "{% for part in parts %}{{ part }}{% endfor %}", ext = "html")]
pub(super) struct Stack {
    pub(super) parts: Vec<Html>,
}

/// The form of title, window and texts.
pub(crate) async fn text(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let call = read::read(&app, &visit.actor, id).await?.call;
    let day = |at: Option<Instant>| at.map(Instant::to_minute).unwrap_or_default();
    let split =
        |text: &str| text.split_once(' ').map(|(day, time)| (day.to_owned(), time.to_owned())).unwrap_or_default();
    let (opens_on, opens_time) = split(&day(call.opens_at));
    let (closes_on, closes_time) = split(&day(call.closes_at));
    let draft = CallDraft {
        title_zh: call.title.zh.clone(),
        title_en: call.title.en.clone().unwrap_or_default(),
        opens_on,
        opens_time,
        closes_on,
        closes_time,
        ..draft_of(&call.setup)
    };
    draw_text(&app, &visit, id, &draft, call.version, |form| Ok((StatusCode::OK, form))).await
}

async fn draw_text(
    app: &App,
    visit: &Visit,
    id: CallId,
    draft: &CallDraft,
    seen: i64,
    each: impl FnOnce(Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let action = format!("{PATH}/{id}/text?seen={seen}");
    let form = text_form(&t, visit, &action, draft, &t.of("calls-save")).cancel(format!("{PATH}/{id}"));
    let (status, form) = each(form)?;
    let crumbs = [(PATH, t.of("calls-desk")), (&*format!("{PATH}/{id}"), draft.title_zh.clone())];
    form_page(app, visit, t.of("calls-edit-text"), &crumbs, status, form).await
}

/// The version that a form was drawn of.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Seen {
    pub(super) seen: i64,
}

/// Changes title, window and texts.
pub(crate) async fn rewrite(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    Query(Seen { seen }): Query<Seen>,
    FormBody(draft): FormBody<CallDraft>,
) -> Answer {
    match edit::rewrite(&app, &visit.actor, id, seen, &draft).await {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}"), "calls-flash-saved")),
        Err(error) => {
            let t = app.words(visit.locale);
            draw_text(&app, &visit, id, &draft, seen, |form| again(&t, form, error)).await
        }
    }
}

/// The form of bodies, tracks, rule, stages, notice, outcome.
pub(crate) async fn setup(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let call = read::read(&app, &visit.actor, id).await?.call;
    let draft = SetupDraft::of(&call.setup);
    draw_setup(&app, &visit, id, &draft, call.version, |form| Ok((StatusCode::OK, form))).await
}

async fn draw_setup(
    app: &App,
    visit: &Visit,
    id: CallId,
    draft: &SetupDraft,
    seen: i64,
    each: impl FnOnce(Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let form = setup_form(&t, visit, id, draft, seen).cancel(format!("{PATH}/{id}"));
    let (status, form) = each(form)?;
    let crumbs = [(PATH, t.of("calls-desk")), (&*format!("{PATH}/{id}"), t.of("calls-one"))];
    form_page(app, visit, t.of("calls-edit-setup"), &crumbs, status, form).await
}

fn setup_form(t: &Words, visit: &Visit, id: CallId, draft: &SetupDraft, seen: i64) -> Form {
    let lines = |name: &str, key: &str, value: &str| {
        Field::text_area(name, t.of(key)).help(t.of(&format!("{key}-help"))).value(value)
    };
    let number = |name: &str, key: &str, value: &str| Field::integer(name, t.of(key)).value(value).half();
    let who = Applicants::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let outcomes = OutcomeKind::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let mut strict = Field::checkbox("strict", t.of("calls-strict"));
    if draft.strict == "yes" {
        strict = strict.value("yes");
    }
    let action = format!("{PATH}/{id}/setup?seen={seen}");
    Form::post(visit.once(&action), visit.form_token.clone(), t.of("calls-save"))
        .section(
            t.of("calls-who"),
            "",
            vec![
                Field::radio("applicants", t.of("calls-who"), who).required().value(&draft.applicants),
                number("most", "calls-most", &draft.most),
                number("quota", "calls-quota", &draft.quota),
                lines("bodies", "calls-bodies", &draft.bodies),
                lines("tracks", "calls-tracks", &draft.tracks),
                lines("groups", "calls-groups", &draft.groups),
            ],
        )
        .section(
            t.of("calls-rule"),
            t.of("calls-rule-help"),
            vec![
                Field::text_area("rule", t.of("calls-rule")).value(&draft.rule),
                Field::text("clause", t.of("calls-rule-clause"))
                    .help(t.of("calls-rule-clause-help"))
                    .value(&draft.clause)
                    .half(),
                strict,
            ],
        )
        .section(
            t.of("calls-stages"),
            t.of("calls-stages-note"),
            vec![
                lines("stages", "calls-stages", &draft.stages),
                number("correction_days", "calls-correction-days", &draft.correction_days),
            ],
        )
        .section(
            t.of("calls-public-notice"),
            "",
            vec![
                Field::text_area("basis", t.of("calls-basis")).value(&draft.basis),
                number("keep_days", "calls-keep-days", &draft.keep_days),
                Field::text("project", t.of("calls-project-field")).value(&draft.project).half(),
            ],
        )
        .section(
            t.of("calls-outcome"),
            "",
            vec![
                Field::radio("outcome", t.of("calls-outcome"), outcomes).required().value(&draft.outcome),
                Field::text("grade", t.of("calls-grade")).help(t.of("calls-grade-help")).value(&draft.grade).half(),
                Field::money("amount", t.of("calls-amount"), ui::MoneyUnit::Wan).value(&draft.amount).half(),
                Field::text("benefit", t.of("calls-benefit"))
                    .help(t.of("calls-benefit-help"))
                    .value(&draft.benefit)
                    .half(),
                lines("parts", "calls-parts", &draft.parts),
            ],
        )
}

/// Changes the set-up.
pub(crate) async fn arrange(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    Query(Seen { seen }): Query<Seen>,
    FormBody(draft): FormBody<SetupDraft>,
) -> Answer {
    match edit::arrange(&app, &visit.actor, id, seen, &draft).await {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}"), "calls-flash-saved")),
        Err(error) => {
            let t = app.words(visit.locale);
            draw_setup(&app, &visit, id, &draft, seen, |form| again(&t, form, error)).await
        }
    }
}

/// Publishes a call.
pub(crate) async fn publish(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    match edit::publish(&app, &visit.actor, id).await {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}"), "calls-flash-published")),
        Err(Error::Conflict(fault)) => refused(&app, &visit, id, &fault).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(app: &App, visit: &Visit, id: CallId, fault: &Fault) -> Answer {
    let t = app.words(visit.locale);
    let alert = Alert::new(Tone::Bad, module::sentence(&t, fault));
    draw(app, visit, id, StatusCode::CONFLICT, Some(alert)).await
}

fn ending(t: &Words, visit: &Visit, id: CallId) -> Form {
    Form::post(visit.once(&format!("{PATH}/{id}/close")), visit.form_token.clone(), t.of("calls-close"))
        .fields_only(vec![Field::text_area("reason", t.of("calls-reason")).required().max_length(500)])
        .irreversible(t.of("calls-close-help"))
        .cancel(format!("{PATH}/{id}"))
}

/// The form that ends a call.
pub(crate) async fn close_form(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let t = app.words(visit.locale);
    read::read(&app, &visit.actor, id).await?;
    let form = ending(&t, &visit, id);
    form_page(&app, &visit, t.of("calls-close"), &[(PATH, t.of("calls-desk"))], StatusCode::OK, form).await
}

/// A reason as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Reason {
    reason: String,
}

/// Ends a call.
pub(crate) async fn close(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    FormBody(sent): FormBody<Reason>,
) -> Answer {
    match edit::close(&app, &visit.actor, id, &sent.reason).await {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}"), "calls-flash-closed")),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, form) = again(&t, ending(&t, &visit, id), error)?;
            form_page(&app, &visit, t.of("calls-close"), &[(PATH, t.of("calls-desk"))], status, form).await
        }
    }
}

/// Clones a call for the next year.
pub(crate) async fn clone(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let new = edit::clone(&app, &visit.actor, id).await?;
    Ok(visit.done(&format!("{PATH}/{new}"), "calls-flash-cloned"))
}

/// Attaches a file to a call.
pub(crate) async fn attach(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    mut body: Multipart,
) -> Answer {
    // Whoever may not is refused before a byte is kept.
    read::read(&app, &visit.actor, id).await?;
    let (mut purpose, mut stored) = (String::new(), None);
    while let Some(field) = body.next_field().await.map_err(uploads::unreadable)? {
        match field.name() {
            Some("purpose") => purpose = field.text().await.map_err(uploads::unreadable)?.chars().take(60).collect(),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.map_ok(|bytes| bytes.to_vec()).map_err(std::io::Error::other).boxed();
                stored = Some((name, app.files.blobs().put(bytes, MOST_BYTES).await.map_err(uploads::too_large)?));
            }
            _ => {}
        }
    }
    let (name, kept) = stored.filter(|(_, kept)| kept.size > 0).ok_or_else(|| Error::field("file", "files.missing"))?;
    papers::add(&app, &visit.actor, id, &purpose, &name, kept).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}#files")).into_response())
}

/// Hands out a file of a call of the office.
pub(crate) async fn file(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let file = papers::of_call(&app, &visit.actor, id).await?;
    uploads::hand_out(&app, &file).await
}

/// Takes a file off a call.
pub(crate) async fn detach(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let call = papers::remove(&app, &visit.actor, id).await?;
    Ok(Redirect::to(&format!("{PATH}/{call}#files")).into_response())
}
