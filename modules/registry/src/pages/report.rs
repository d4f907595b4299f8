//! The half-yearly report: figures by groups, each leading to its list; as a page, a workbook, or printed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use futures::StreamExt;
use jinmen_core::Error;
use module::export::{self, Format, Sheet};
use module::pages::{FilePage, Panel, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use serde_json::json;
use ui::{Cell, Choice, Column, Empty, Field, Form, Frame, Link, Row, Table, Tabs, Words};

use super::shared::choices;
use crate::dictionary::dictionary;
use crate::model::{Figure, Half, Unit};
use crate::ops::record_activity::{ActivityDraft, record_activity};
use crate::ops::report::{self, Report};

const PATH: &str = "/work/report";
/// Groups of figures in the order of the report.
const GROUPS: [&str; 7] = ["members", "grade", "size", "digital", "yearly", "today", "activity"];
/// Halves that one may choose from.
const HALVES: usize = 6;

/// Which half.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    half: String,
}

impl Asked {
    /// The half asked for; the one under way unless it is named.
    fn half(&self, app: &App) -> Result<Half, Error> {
        match self.half.trim() {
            "" => Ok(Half::of(app.clock.today())),
            text => text.parse(),
        }
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    lead: String,
    form: Form,
    actions: Vec<Link>,
    tables: Vec<(String, ui::Html)>,
}

fn half_words(t: &Words, half: Half) -> String {
    let key = if half.is_second() { "registry-report-second" } else { "registry-report-first" };
    t.with(key, &[("year", half.year().to_string().into())])
}

/// The report of a half.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let known = report::read(&app, &visit.actor, asked.half(&app)?).await?;
    let name = t.text(&app.organization_name(known.alliance).await);
    let args =
        [("name", name.into()), ("half", half_words(&t, known.half).into()), ("day", t.date(known.until).into())];
    let groups = GROUPS.iter().filter(|group| known.figures.iter().any(|figure| figure.group == **group));
    let view = ReportPage {
        frame: frame(&app, &visit, t.of("registry-report"), &[]).await?,
        lead: t.with("registry-report-lead", &args),
        form: form(&app, &t, known.half),
        actions: vec![
            Link::new(t.of("registry-alliance"), "/work/alliance").icon("users"),
            Link::new(t.of("registry-report-xlsx"), format!("{PATH}.xlsx?half={}", known.half)).icon("download"),
        ],
        tables: groups.map(|group| (heading(&t, &known, group), table(&t, &known, group).show(&t))).collect(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn form(app: &App, t: &Words, half: Half) -> Form {
    let halves = std::iter::successors(Some(Half::of(app.clock.today())), |half| Some(half.before())).take(HALVES);
    let halves = halves.map(|half| Choice::new(half.to_string(), half_words(t, half))).collect();
    let field = Field::select("half", t.of("registry-report-half"), halves).required().value(half.to_string());
    Form::get(PATH, t.of("registry-report-show")).id("half").fields_only(vec![field])
}

fn heading(t: &Words, report: &Report, group: &str) -> String {
    let year = report.half.whole_year(report.until).to_string();
    t.with(&format!("registry-report-group-{group}"), &[("year", year.into())])
}

/// The name of a figure.
fn label(t: &Words, figure: &Figure) -> String {
    let listed = |list: &str, code: &str| match code {
        "none" => t.of("registry-report-none"),
        code => dictionary().label(list, code, t.locale),
    };
    match figure.code.split_once('.') {
        Some(("grade", code)) => listed("member_grade", code),
        Some(("size", code)) => listed("enterprise_size", code),
        Some(("digital", code)) => listed("digital_economy", code),
        Some(("activity", code)) => listed("alliance_activity", code),
        _ => match dictionary().get(&figure.code) {
            Some(key) if key.unit.is_empty() || figure.unit == Unit::Money => key.label(t.locale).to_owned(),
            Some(key) => t.with(
                "registry-report-with-unit",
                &[("name", key.label(t.locale).into()), ("unit", key.unit.clone().into())],
            ),
            None => t.of(&format!("registry-report-{}", figure.code)),
        },
    }
}

/// A value of a figure in words: amounts in units of 10,000 yuan.
fn words(t: &Words, unit: Unit, value: i128) -> String {
    let number = |value: i128| i64::try_from(value).map_or_else(|_| value.to_string(), |value| t.number(value));
    match unit {
        Unit::Money => t.with("registry-report-wan", &[("n", number((value + 500_000) / 1_000_000).into())]),
        _ => number(value),
    }
}

fn change(t: &Words, figure: &Figure) -> String {
    let Some(before) = figure.before else { return String::new() };
    let change = figure.value() - before;
    let sign = if change > 0 { "+" } else { "" };
    match (figure.unit, before) {
        (Unit::Money | Unit::Number, before) if before > 0 && figure.group != "activity" => {
            // Thousandths, half up: shown as a share with one place.
            let thousandths = (change * 1_000 + change.signum() * before / 2) / before;
            let (whole, tenth) = ((thousandths / 10).abs(), (thousandths % 10).abs());
            let sign = if thousandths < 0 { "-" } else { sign };
            format!("{sign}{whole}.{tenth}%")
        }
        _ => format!("{sign}{}", words(t, figure.unit, change)),
    }
}

fn table(t: &Words, report: &Report, group: &str) -> Table {
    let row = |figure: &Figure| {
        let link = format!("{PATH}/{}?half={}", figure.code, report.half);
        let before = figure.before.map(|before| words(t, figure.unit, before)).unwrap_or_default();
        let counted = match figure.unit {
            Unit::Organizations => String::new(),
            _ => t.with("registry-report-parts", &[("n", (figure.parts.len() as i64).into())]),
        };
        let value = words(t, figure.unit, figure.value());
        Row::link(
            link,
            vec![
                Cell::Text(label(t, figure)),
                Cell::Two(value, counted),
                Cell::Text(before),
                Cell::Text(change(t, figure)),
            ],
        )
    };
    let before = if group == "yearly" { "registry-report-year-before" } else { "registry-report-before" };
    Table {
        caption: heading(t, report, group),
        columns: vec![
            Column::text(t.of("registry-report-figure")),
            Column::number(t.of("registry-report-value")),
            Column::number(t.of(before)),
            Column::number(t.of("registry-report-change")),
        ],
        rows: report.figures.iter().filter(|figure| figure.group == group).map(row).collect(),
        ..Table::default()
    }
}

/// The list behind a figure.
pub(crate) async fn figure(
    State(app): State<App>,
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let t = app.words(visit.locale);
    let known = report::read(&app, &visit.actor, asked.half(&app)?).await?;
    let figure = known.figure(&code).ok_or(Error::NotFound)?;
    let row = |part: &crate::model::Part| {
        let value = words(&t, figure.unit, i128::from(part.value));
        Row::link(
            format!("/work/organizations/{}", part.organization),
            vec![Cell::Text(part.name.clone()), Cell::Text(value)],
        )
    };
    let title = label(&t, figure);
    let table = Table {
        caption: title.clone(),
        columns: vec![Column::text(t.of("registry-column-name")), Column::number(t.of("registry-report-value"))],
        rows: figure.parts.iter().map(row).collect(),
        empty: Empty { title: t.of("registry-report-nothing"), ..Empty::default() },
        ..Table::default()
    };
    let total = [("value", words(&t, figure.unit, figure.value()).into()), ("n", (figure.parts.len() as i64).into())];
    let back = format!("{PATH}?half={}", known.half);
    let view = FilePage {
        frame: frame(&app, &visit, title, &[(&back, t.of("registry-report"))]).await?,
        subtitle: half_words(&t, known.half),
        badges: Vec::new(),
        actions: vec![
            Link::new(t.of("registry-report-xlsx"), format!("{PATH}/{code}/list.xlsx?half={}", known.half))
                .icon("download"),
        ],
        alert: None,
        tabs: Tabs::default(),
        panels: vec![Panel::new("list", t.with("registry-report-total", &total), table.show(&t))],
        aside: Vec::new(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// What a workbook can hold of a value.
fn cell(unit: Unit, value: i128) -> serde_json::Value {
    match (unit, i64::try_from(value)) {
        (Unit::Money, Ok(fen)) => json!(jinmen_core::codes::Money::from_fen(fen).to_string()),
        (_, Ok(number)) => json!(number),
        (_, Err(_)) => json!(value.to_string()),
    }
}

async fn sheet(app: &App, visit: &Visit, t: &Words, name: String, columns: &[&str]) -> jinmen_core::Result<Sheet> {
    let who = visit.actor.signed_in().map(|person| person.name.clone()).unwrap_or_default();
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let data = json!({ "name": name });
    record::append(&mut tx, &visit.actor, now, "registry.report.exported", jinmen_core::Object::instance(), data)
        .await?;
    tx.commit().await?;
    Ok(Sheet {
        name,
        columns: columns.iter().map(|key| ((*key).to_owned(), t.of(&format!("registry-report-{key}")))).collect(),
        mark: t.with("registry-export-mark", &[("who", who.into()), ("when", t.instant(now).into())]),
    })
}

/// The report as a workbook.
pub(crate) async fn xlsx(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let known = report::read(&app, &visit.actor, asked.half(&app)?).await?;
    let name = format!("{} {}", t.of("registry-report"), half_words(&t, known.half));
    let sheet = sheet(&app, &visit, &t, name, &["group", "figure", "value", "before", "change", "counted"]).await?;
    let rows: Vec<_> = known
        .figures
        .iter()
        .map(|figure| {
            Ok(vec![
                json!(heading(&t, &known, figure.group)),
                json!(label(&t, figure)),
                cell(figure.unit, figure.value()),
                figure.before.map_or(serde_json::Value::Null, |before| cell(figure.unit, before)),
                json!(change(&t, figure)),
                json!(figure.parts.len()),
            ])
        })
        .collect();
    export::respond(Format::Xlsx, sheet, futures::stream::iter(rows).boxed()).await
}

/// The list behind a figure as a workbook.
pub(crate) async fn figure_xlsx(
    State(app): State<App>,
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let t = app.words(visit.locale);
    let known = report::read(&app, &visit.actor, asked.half(&app)?).await?;
    let figure = known.figure(&code).ok_or(Error::NotFound)?.clone();
    let sheet = sheet(&app, &visit, &t, label(&t, &figure), &["organization", "value"]).await?;
    let rows: Vec<_> =
        figure.parts.iter().map(|part| Ok(vec![json!(part.name), cell(figure.unit, i128::from(part.value))])).collect();
    export::respond(Format::Xlsx, sheet, futures::stream::iter(rows).boxed()).await
}

/// The form that notes what a member took part in, beside its file.
pub(crate) fn activity_panel(app: &App, t: &Words, visit: &Visit, base: &str) -> Panel {
    let fields = vec![
        Field::text("title", t.of("registry-activity-title")).required().max_length(100),
        Field::select("kind", t.of("registry-activity-kind"), choices("alliance_activity", t.locale)).required(),
        Field::date("date", t.of("registry-activity-date")).required().value(app.clock.today().to_string()),
        Field::integer("count", t.of("registry-activity-count")).value("1"),
    ];
    let action = visit.once(&format!("{base}/activities"));
    let form =
        Form::post(action, visit.form_token.clone(), t.of("registry-activity-do")).id("activity").fields_only(fields);
    Panel::new("activity", t.of("registry-activity"), super::parts::folded(t.of("registry-activity-do"), form.show(t)))
}

/// Notes what a member took part in.
pub(crate) async fn activity(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<jinmen_core::OrganizationId>,
    FormBody(sent): FormBody<ActivityDraft>,
) -> Answer {
    record_activity(&app, &visit.actor, id, &sent).await?;
    Ok(visit.done(&format!("/work/organizations/{id}?tab=facts"), "registry-flash-activity"))
}
