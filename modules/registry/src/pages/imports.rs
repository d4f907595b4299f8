//! Importing organisations: hand in a table, see how it is read, check it, write it, undo it.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use jinmen_core::{Error, PageRequest, Result};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use ui::{
    Alert, Badge, Cell, Choice, Column, Empty, Field, Form, Frame, Html, Link, Row, Step, StepState, Steps, Table,
    Tile, Tiles, Tone, Words,
};

use super::organizations::pager;
use super::shared::{button_form, frame};
use crate::dictionary::{Subject, dictionary};
use crate::import::{Mapping, RowFault};
use crate::model::{Import, ImportId, ImportState};
use crate::ops::imports::{self, FAULTS_SHOWN};
use crate::table::UnitHint;

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    frame: Frame,
    upload: Form,
    table: Table,
    pager: ui::Pager,
}

const PATH: &str = "/work/imports";

/// Imports, and the form for a new one.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    draw_list(&app, &visit, &page, StatusCode::OK, |form| form).await
}

async fn draw_list(
    app: &App,
    visit: &Visit,
    page: &PageRequest,
    status: StatusCode,
    each: impl Fn(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = imports::list(app, &visit.actor, page).await?;
    let mut upload = Form::post(PATH, visit.form_token.clone(), t.of("registry-import-upload")).fields_only(vec![
        Field::file("file", t.of("registry-import-file"), ".xlsx,.csv,.txt")
            .required()
            .help(t.of("registry-import-file-help")),
    ]);
    upload.multipart = true;
    let lines = rows.items.iter().map(|one| {
        Row::link(
            format!("{PATH}/{}", one.id),
            vec![
                Cell::Two(one.file_name.clone(), one.created_name.clone()),
                Cell::Badge(badge(&t, one.state)),
                Cell::Number(one.accepted),
                Cell::Number(one.faulty),
                Cell::Instant(one.created_at),
            ],
        )
    });
    let view = ImportsPage {
        table: Table {
            caption: t.of("registry-imports"),
            columns: vec![
                Column::text(t.of("registry-import-file")),
                Column::text(t.of("registry-column-held")),
                Column::number(t.of("registry-import-accepted")),
                Column::number(t.of("registry-import-faulty")),
                Column::text(t.of("registry-column-recorded")),
            ],
            rows: lines.collect(),
            empty: Empty {
                title: t.of("registry-empty-imports"),
                text: t.of("registry-empty-imports-text"),
                steps: vec![Link::new(t.of("registry-import-template"), format!("{PATH}/template.xlsx"))],
            },
            ..Table::default()
        },
        pager: ui::Pager {
            count: None,
            ..pager(PATH, &[], page, rows.next, jinmen_core::Count { number: 0, capped: false })
        },
        upload: each(upload),
        frame: frame(app, visit, t.of("registry-import"), &[("/work/organizations", t.of("registry-organizations"))])
            .await?,
    };
    Ok(ui::page(status, &view))
}

fn badge(t: &Words, state: ImportState) -> Badge {
    let tone = match state {
        ImportState::Done => Tone::Good,
        ImportState::Failed => Tone::Bad,
        ImportState::Undone => Tone::Neutral,
        _ => Tone::Info,
    };
    Badge::new(tone, t.of(&format!("registry-import-state-{}", state.code())))
}

/// Takes a table in.
pub(crate) async fn upload(State(app): State<App>, visit: Visit, mut body: Multipart) -> Answer {
    let mut stored = None;
    while let Some(field) = body.next_field().await.map_err(super::limits::unreadable)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.map(|chunk| chunk.map(|bytes| bytes.to_vec()).map_err(std::io::Error::other)).boxed();
            let kept =
                app.files.blobs().put(bytes, imports::MOST_BYTES as u64).await.map_err(super::limits::too_large)?;
            stored = Some((name, kept));
        }
    }
    let started = match stored.filter(|(_, kept)| kept.size > 0) {
        Some((name, kept)) => imports::start(&app, &visit.actor, visit.actor.organization(), &name, kept).await,
        None => Err(Error::field("file", "files.missing")),
    };
    match started {
        Ok(id) => Ok(Redirect::to(&format!("{PATH}/{id}")).into_response()),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            draw_list(&app, &visit, &PageRequest::default(), StatusCode::UNPROCESSABLE_ENTITY, |form| {
                form.faults(&faults, &t)
            })
            .await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    frame: Frame,
    steps: Steps,
    alerts: Vec<Alert>,
    tiles: Option<Tiles>,
    progress: Option<ui::Progress>,
    forms: Vec<Form>,
    mapping: Option<Html>,
    faults: Option<Table>,
    faults_link: Option<Link>,
}

/// One import: how it stands and what can be done now.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<ImportId>) -> Answer {
    let import = imports::get(&app, &visit.actor, id).await?;
    draw(&app, &visit, &import, StatusCode::OK, Vec::new()).await
}

async fn draw(app: &App, visit: &Visit, import: &Import, status: StatusCode, alerts: Vec<Alert>) -> Answer {
    let t = app.words(visit.locale);
    let base = format!("{PATH}/{}", import.id);
    let faults = imports::faults(app, import, FAULTS_SHOWN).await?;
    let open = matches!(import.state, ImportState::Mapped | ImportState::Checked | ImportState::Failed);
    let looked = !matches!(import.state, ImportState::Mapped | ImportState::Checking | ImportState::Failed);
    let has_faults = !faults.is_empty() && import.state != ImportState::Checking;
    let mut alerts = alerts;
    alerts.extend(says(&t, import));
    let view = ImportPage {
        frame: frame(app, visit, import.file_name.clone(), &[(PATH, t.of("registry-import"))]).await?,
        steps: steps(&t, import.state),
        alerts,
        tiles: looked.then(|| tiles(&t, import)),
        progress: progress(app, visit, &t, import).await?,
        forms: forms(&t, visit, import, &base),
        mapping: open.then(|| mapping_form(&t, visit, &import.mapping, &base).show(&t)),
        faults: has_faults.then(|| fault_table(&t, &faults)),
        faults_link: has_faults
            .then(|| Link::new(t.of("registry-import-error-book"), format!("{base}/faults.xlsx")).icon("download")),
    };
    Ok(ui::page(status, &view))
}

fn steps(t: &Words, state: ImportState) -> Steps {
    let at = match state {
        ImportState::Mapped | ImportState::Failed => 1,
        ImportState::Checking | ImportState::Checked => 2,
        _ => 3,
    };
    let names = [
        "registry-import-step-file",
        "registry-import-step-columns",
        "registry-import-step-check",
        "registry-import-step-write",
    ];
    let finished = matches!(state, ImportState::Done | ImportState::Undone);
    Steps(
        names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let state = match index {
                    _ if finished => StepState::Done,
                    index if index < at => StepState::Done,
                    index if index == at => StepState::Current,
                    _ => StepState::Waiting,
                };
                Step::new(t.of(name), state)
            })
            .collect(),
    )
}

fn says(t: &Words, import: &Import) -> Vec<Alert> {
    let mut alerts = Vec::new();
    if let Some(problem) = &import.problem {
        alerts.push(Alert::new(Tone::Bad, module::sentence(t, problem)).title(t.of("registry-import-failed")));
    }
    match import.state {
        ImportState::Checked if import.faulty == 0 => {
            alerts.push(Alert::new(Tone::Good, t.with("registry-import-all-right", &[("n", import.accepted.into())])));
        }
        ImportState::Checked => {
            let args = [("n", import.faulty.into()), ("good", import.accepted.into())];
            alerts.push(Alert::new(Tone::Warning, t.with("registry-import-some-wrong", &args)));
        }
        ImportState::Done => {
            let link = Link::new(t.of("registry-organizations"), "/work/organizations");
            alerts.push(
                Alert::new(Tone::Good, t.with("registry-import-done", &[("n", import.accepted.into())])).link(link),
            );
        }
        ImportState::Undone => alerts.push(Alert::new(Tone::Info, t.of("registry-import-undone"))),
        _ => {}
    }
    alerts
}

fn tiles(t: &Words, import: &Import) -> Tiles {
    let tile = |key: &str, number: i64, tone: Tone| Tile {
        label: t.of(key),
        value: t.number(number),
        tone,
        ..Tile::default()
    };
    Tiles(vec![
        tile("registry-import-rows-all", import.rows, Tone::Neutral),
        tile("registry-import-accepted", import.accepted, Tone::Good),
        tile("registry-import-duplicates", import.duplicates, Tone::Info),
        tile("registry-import-faulty", import.faulty, if import.faulty > 0 { Tone::Warning } else { Tone::Neutral }),
    ])
}

async fn progress(app: &App, visit: &Visit, t: &Words, import: &Import) -> Result<Option<ui::Progress>> {
    let busy = matches!(import.state, ImportState::Checking | ImportState::Running | ImportState::Undoing);
    let Some(id) = import.job.filter(|_| busy) else { return Ok(None) };
    let job = jobs::get(&app.db, id).await?;
    Ok(Some(ui::Progress {
        events: format!("/work/jobs/{id}/events"),
        title: t.of(&format!("registry-import-state-{}", import.state.code())),
        text: String::new(),
        done: u64::try_from(job.done_steps).unwrap_or_default(),
        total: u64::try_from(job.all_steps).unwrap_or_default(),
        finished: job.state.is_final(),
        page: visit.path.clone(),
        ..ui::Progress::default()
    }))
}

fn forms(t: &Words, visit: &Visit, import: &Import, base: &str) -> Vec<Form> {
    let button = |action: &str, key: &str| button_form(visit, &format!("{base}/{action}"), &[], &t.of(key));
    match import.state {
        ImportState::Mapped => vec![button("check", "registry-import-check")],
        ImportState::Checked if import.accepted > 0 => {
            let mut run = button("run", "registry-import-run");
            run.strong = true;
            vec![run, button("check", "registry-import-check-again")]
        }
        ImportState::Checked | ImportState::Failed => vec![button("check", "registry-import-check-again")],
        ImportState::Done => {
            let mut undo = button("undo", "registry-import-undo");
            undo.irreversible = Some(t.of("registry-import-undo-warning"));
            vec![undo]
        }
        _ => Vec::new(),
    }
}

/// Which column means what: guessed, shown, corrected.
fn mapping_form(t: &Words, visit: &Visit, mapping: &Mapping, base: &str) -> Form {
    let mut keys: Vec<Choice> = vec![Choice::new("", t.of("registry-import-unread"))];
    keys.extend(
        dictionary().importable(Subject::Organization).map(|key| Choice::new(key.key.clone(), key.label(t.locale))),
    );
    let units: Vec<Choice> = [UnitHint::Yuan, UnitHint::TenThousand, UnitHint::HundredMillion]
        .into_iter()
        .map(|unit| Choice::new(unit_code(unit), dictionary().label("unit", unit.label_zh(), t.locale)))
        .collect();
    let mut fields = Vec::new();
    for column in &mapping.columns {
        if column.heading.is_empty() && column.samples.is_empty() {
            continue;
        }
        let samples: Vec<&str> = column.samples.iter().take(3).map(String::as_str).collect();
        let help = t.with("registry-import-samples", &[("samples", samples.join(" / ").into())]);
        let label = format!("{} {}", column.letter, column.heading);
        fields.push(
            Field::select(format!("key{}", column.index), label, keys.clone())
                .value(column.key.clone().unwrap_or_default())
                .help(help),
        );
        let key = column.key.as_deref().and_then(|key| dictionary().get(key));
        if key.is_some_and(|key| key.by_year) {
            let year = column.year.map(|year| year.to_string()).unwrap_or_default();
            fields.push(
                Field::integer(
                    format!("year{}", column.index),
                    t.with("registry-import-year", &[("column", column.letter.clone().into())]),
                )
                .value(year)
                .half(),
            );
        }
        if key.is_some_and(|key| key.kind == crate::dictionary::FactType::Money) {
            let unit = column.unit.map(unit_code).unwrap_or_default();
            fields.push(
                Field::select(
                    format!("unit{}", column.index),
                    t.with("registry-import-unit", &[("column", column.letter.clone().into())]),
                    units.clone(),
                )
                .value(unit)
                .half(),
            );
        }
    }
    Form::post(visit.once(&format!("{base}/mapping")), visit.form_token.clone(), t.of("registry-import-map"))
        .id("mapping")
        .section(t.of("registry-import-step-columns"), t.of("registry-import-columns-help"), fields)
}

fn unit_code(unit: UnitHint) -> String {
    serde_json::to_value(unit).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Keeps what a person says the columns mean, and checks at once.
pub(crate) async fn map(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ImportId>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    let import = imports::get(&app, &visit.actor, id).await?;
    let columns: Vec<_> =
        import
            .mapping
            .columns
            .iter()
            .filter(|column| sent.contains_key(&format!("key{}", column.index)))
            .map(|column| {
                let text = |name: &str| {
                    sent.get(&format!("{name}{}", column.index)).map(|text| text.trim()).filter(|text| !text.is_empty())
                };
                let key = text("key").map(str::to_owned);
                let same = key == column.key;
                let year = text("year").and_then(|text| text.parse().ok()).or(if same { column.year } else { None });
                let unit = text("unit")
                    .and_then(|text| serde_json::from_value(serde_json::json!(text)).ok())
                    .or(if same { column.unit } else { None });
                (column.index, key, year, unit)
            })
            .collect();
    match imports::set_column(&app, &visit.actor, id, &columns).await {
        Ok(()) => {
            imports::ask(&app, &visit.actor, id, imports::CHECK).await?;
            Ok(Redirect::to(&format!("{PATH}/{id}")).into_response())
        }
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let wrong = |fault: &jinmen_core::Fault| {
                let column = fault.field.clone().unwrap_or_default();
                Alert::new(Tone::Bad, format!("{column} {}", module::sentence(&t, fault)))
            };
            let alerts = faults.iter().map(wrong).collect();
            draw(&app, &visit, &import, StatusCode::UNPROCESSABLE_ENTITY, alerts).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks for the check.
pub(crate) async fn check(State(app): State<App>, visit: Visit, Path(id): Path<ImportId>) -> Answer<Response> {
    imports::ask(&app, &visit.actor, id, imports::CHECK).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}")).into_response())
}

/// Asks for writing.
pub(crate) async fn run(State(app): State<App>, visit: Visit, Path(id): Path<ImportId>) -> Answer<Response> {
    imports::ask(&app, &visit.actor, id, imports::RUN).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}")).into_response())
}

/// Asks for undoing.
pub(crate) async fn undo(State(app): State<App>, visit: Visit, Path(id): Path<ImportId>) -> Answer<Response> {
    imports::ask(&app, &visit.actor, id, imports::UNDO).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}")).into_response())
}

fn fault_table(t: &Words, faults: &[RowFault]) -> Table {
    let rows = faults.iter().map(|one| {
        let field = dictionary().get(&one.field).map_or_else(String::new, |key| key.label(t.locale).to_owned());
        Row::plain(vec![
            Cell::Text(t.with("registry-import-row-of", &[("row", i64::from(one.row).into())])),
            Cell::Two(one.column.clone(), field),
            Cell::Text(module::sentence(t, &one.fault())),
        ])
    });
    Table {
        caption: t.of("registry-import-faults"),
        columns: vec![
            Column::text(t.of("registry-import-row")),
            Column::text(t.of("registry-import-column")),
            Column::text(t.of("registry-import-what")),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// The rows that are wrong, as a workbook to be corrected and handed in again.
pub(crate) async fn error_book(State(app): State<App>, visit: Visit, Path(id): Path<ImportId>) -> Answer {
    let t = app.words(visit.locale);
    let import = imports::get(&app, &visit.actor, id).await?;
    let mut by_row: BTreeMap<u32, Vec<RowFault>> = BTreeMap::new();
    for fault in imports::faults(&app, &import, imports::FAULTS_KEPT as u32).await? {
        by_row.entry(fault.row).or_default().push(fault);
    }
    let words = crate::import::ErrorBookWords {
        sheet: t.of("registry-import-faults"),
        row: t.of("registry-import-row"),
        explanation: t.of("registry-import-what"),
    };
    let said = t.clone();
    let bytes =
        imports::error_book(&app, &import, by_row, words, move |fault| module::sentence(&said, &fault.fault())).await?;
    workbook(bytes, "faults")
}

/// An empty workbook with the usual columns.
pub(crate) async fn template(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let keys = [
        "name_zh",
        "uscc",
        "kind",
        "region",
        "industry",
        "founded_on",
        "registered_capital",
        "main_business",
        "annual_revenue",
        "headcount",
        "legal_representative",
        "contact_person",
        "contact_mobile",
        "member_grade",
        "joined_on",
    ];
    let year = i64::from(app.clock.today().year()) - 1;
    let headings = keys.iter().filter_map(|key| dictionary().get(key)).map(|key| {
        let label = key.label(t.locale).to_owned();
        let label = match key.kind {
            crate::dictionary::FactType::Money => t.with("registry-template-wan", &[("label", label.into())]),
            _ => label,
        };
        if key.by_year {
            t.with("registry-template-year", &[("year", year.to_string().into()), ("label", label.into())])
        } else {
            label
        }
    });
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let bold = rust_xlsxwriter::Format::new().set_bold().set_text_wrap();
    for (column, heading) in headings.enumerate() {
        sheet.write_string_with_format(0, column as u16, heading, &bold).map_err(Error::internal)?;
        sheet.set_column_width(column as u16, 18).map_err(Error::internal)?;
    }
    workbook(book.save_to_buffer().map_err(Error::internal)?, "template")
}

fn workbook(bytes: Vec<u8>, name: &str) -> Answer {
    let mut response = bytes.into_response();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.xlsx\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
