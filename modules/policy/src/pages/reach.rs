//! Whom a policy reaches and what it costs, and the sandbox.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, OrganizationId, Text2};
use module::export::{self, Format, Sheet};
use module::pages::{Panel, button_form, frame};
use module::{Answer, App, Path, Query, Visit};
use rules::Outcome;
use serde_json::json;
use ui::{
    Alert, Badge, Cell, Chart, Column, Field, Form, Html, Link, Pager, Row, Tab, Table, Tabs, Tile, Tiles, Tone, Words,
};

use super::desk::PATH;
use super::shown;
use crate::model::PolicyId;
use crate::ops::reach::{self as reaching, Asked, BANDS, Difference, Listed, Progress, Reach, Reached};
use crate::ops::tell as telling;
use crate::sql;

/// Organisations on one page.
const PAGE: usize = 50;
/// Names on a list of gainers or losers.
const NAMES: usize = 20;

/// Organisations up to which figures stand on the page at once; of more it tells first how far it is.
pub(super) const AT_ONCE: u64 = 20_000;

/// Which organisations are wanted.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    /// `open` for those that would get something if facts that are missing were right.
    which: String,
    after: Option<String>,
    /// `yes` where the figures shall be waited for, as without scripts.
    now: String,
}

impl Wanted {
    fn listed(&self) -> jinmen_core::Result<Listed> {
        let after = self.after.as_deref().map(str::parse).transpose().map_err(|_| Error::NotFound)?;
        Ok(Listed { open: self.which == "open", after, most: PAGE })
    }

    /// The same question as the rest of an address.
    fn query(&self) -> String {
        let mut query = String::from(if self.which == "open" { "which=open&" } else { "" });
        if let Some(after) = &self.after {
            query.push_str(&format!("after={}&", module::pages::encoded(after)));
        }
        query
    }
}

/// Whom a policy reaches today.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let t = app.words(visit.locale);
    let asked = reaching::asked(&app, &visit.actor, id).await?;
    let listed = wanted.listed()?;
    let total = reaching::size(&app, &visit.actor).await?;
    let base = format!("{PATH}/{id}/reach");
    let figures = match total > AT_ONCE && wanted.now != "yes" {
        true => {
            let query = wanted.query();
            waiting(&t, total, format!("{base}/events?{query}"), format!("{base}?{query}now=yes"))
        }
        false => figures(&app, &visit, &asked, listed, None).await?,
    };
    let replies = tell_panel(&app, &t, &visit, &asked).await?;
    let view = ChartPage {
        frame: framed(&app, &visit, &asked, t.of("policy-reach")).await?,
        figures,
        panels: vec![Panel::new("tell", t.of("policy-tell"), replies)],
        script: Chart::script(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// How far the question to everybody is, then the figures.
pub(crate) async fn events(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let asked = reaching::asked(&app, &visit.actor, id).await?;
    let listed = wanted.listed()?;
    let total = reaching::size(&app, &visit.actor).await?;
    let (progress, seen) = tokio::sync::watch::channel(0);
    let t = app.words(visit.locale);
    let work = async move { figures(&app, &visit, &asked, listed, Some(progress)).await };
    Ok(followed(t, work, (seen, total)))
}

/// The progress that stands where figures will.
fn waiting(t: &Words, total: u64, events: String, page: String) -> Html {
    ui::Progress {
        events,
        title: t.of("policy-counting"),
        text: so_far(t, 0, total),
        total,
        page,
        ..Default::default()
    }
    .show(t)
}

fn so_far(t: &Words, done: u64, total: u64) -> String {
    let number = |number: u64| t.number(i64::try_from(number).unwrap_or(i64::MAX));
    t.with("policy-counted", &[("done", number(done).into()), ("total", number(total).into())])
}

fn followed(
    t: Words,
    work: impl Future<Output = jinmen_core::Result<Html>> + Send + 'static,
    progress: (tokio::sync::watch::Receiver<u64>, u64),
) -> axum::response::Response {
    let failed = t.of("policy-count-failed");
    module::follow::follow(work, progress, move |done, total| so_far(&t, done, total), failed)
}

/// Whom a policy reaches today, in figures and by name.
async fn figures(
    app: &App,
    visit: &Visit,
    asked: &Asked,
    listed: Listed,
    progress: Option<Progress>,
) -> jinmen_core::Result<Html> {
    let t = app.words(visit.locale);
    let (reach, mut found) = reaching::reach(app, &visit.actor, asked, listed, progress).await?;
    let next = (found.len() > PAGE).then(|| found[PAGE - 1].organization);
    found.truncate(PAGE);
    let base = format!("{PATH}/{}/reach", asked.policy.id);
    let which = if listed.open { "which=open&" } else { "" };
    let pager = Pager { next: next.map(|last| format!("{base}?{which}after={last}#who")), ..Pager::default() };
    let who = names(app, &t, asked, &found).await?;
    let tab = |key: &str, query: &str, active| Tab {
        label: t.of(key),
        href: format!("{base}{query}#who"),
        active,
        count: None,
    };
    let tabs = Tabs(vec![tab("policy-reached", "", !listed.open), tab("policy-open", "?which=open", listed.open)]);
    let list =
        Html::of(&module::pages::Pair(tabs.show(&t), Html::of(&module::pages::Pair(who.show(&t), pager.show(&t)))));
    Ok(Html::of(&Figures {
        alert: unread(&t, &reach),
        panels: vec![
            Panel::new("sum", t.of("policy-sum"), tiles(&t, &reach)),
            Panel::new("clauses", t.of("policy-clauses"), by_clause(&t, &reach).show(&t)),
            Panel::new("bands", t.of("policy-bands"), bands(&t, &reach).show(&t)),
            Panel::new("who", t.of("policy-who"), list),
        ],
    }))
}

#[derive(Template)]
#[template(path = "_figures.html")]
struct Figures {
    alert: Option<Alert>,
    panels: Vec<Panel>,
}

#[derive(Template)]
#[template(path = "reach.html")]
struct ChartPage {
    frame: ui::Frame,
    /// Figures, or how far they are.
    figures: Html,
    panels: Vec<Panel>,
    script: Html,
}

async fn framed(app: &App, visit: &Visit, asked: &Asked, title: String) -> jinmen_core::Result<ui::Frame> {
    let t = app.words(visit.locale);
    let name = t.text(&asked.policy.title);
    frame(app, visit, title, &[(PATH, t.of("policy-desk")), (&format!("{PATH}/{}", asked.policy.id), name)]).await
}

fn unread(t: &Words, reach: &Reach) -> Option<Alert> {
    let n = i64::try_from(reach.unread).unwrap_or(i64::MAX);
    (n > 0).then(|| Alert::new(Tone::Warning, t.with("policy-unread", &[("n", n.into())])))
}

fn tiles(t: &Words, reach: &Reach) -> Html {
    let number = |number: u64| t.number(i64::try_from(number).unwrap_or(i64::MAX));
    let tile = |key: &str, value: String| shown::tile(t.of(key), &value);
    Tiles(vec![
        tile("policy-cost", shown::sum(t, reach.fen)),
        tile("policy-reached", number(reach.reached)),
        tile("policy-open", number(reach.open)),
        tile("policy-asked", number(reach.organizations)),
    ])
    .show()
}

fn by_clause(t: &Words, reach: &Reach) -> Table {
    let number = |number: u64| Cell::Text(t.number(i64::try_from(number).unwrap_or(i64::MAX)));
    let row = |clause: &reaching::ClauseReach| {
        let title = if clause.title.is_empty() { clause.id.clone() } else { clause.title.clone() };
        Row::plain(vec![
            Cell::Two(title, clause.id.clone()),
            number(clause.count(Outcome::Eligible)),
            number(clause.count(Outcome::NeedsPeople)),
            number(clause.count(Outcome::Unknown)),
            number(clause.count(Outcome::NotEligible)),
            Cell::Text(shown::sum(t, clause.granted.1)),
        ])
    };
    let columns = [
        "policy-standing-eligible",
        "policy-standing-people",
        "policy-standing-asks",
        "policy-standing-not",
        "policy-cost",
    ];
    Table {
        caption: t.of("policy-clauses"),
        columns: [Column::text(t.of("policy-clause"))]
            .into_iter()
            .chain(columns.map(|key| Column::number(t.of(key))))
            .collect(),
        rows: reach.clauses.iter().map(row).collect(),
        ..Table::default()
    }
}

/// The bands in words.
fn band_names(t: &Words) -> Vec<String> {
    let fen = |fen: i64| shown::whole(&shown::fen(t, fen)).to_owned();
    let mut names = vec![t.with("policy-band-below", &[("most", fen(BANDS[0]).into())])];
    names.extend(
        BANDS
            .windows(2)
            .map(|ends| t.with("policy-band", &[("least", fen(ends[0]).into()), ("most", fen(ends[1]).into())])),
    );
    names.push(t.with("policy-band-above", &[("least", fen(BANDS[BANDS.len() - 1]).into())]));
    names
}

/// The axis of bars that lie, first name on top: names of any length have room beside them on a phone too.
fn named_bars(names: serde_json::Value) -> serde_json::Value {
    json!({ "type": "category", "data": names, "inverse": true, "axisLabel": { "width": 120, "overflow": "break" } })
}

fn bands(t: &Words, reach: &Reach) -> Chart {
    let names = band_names(t);
    let row =
        |(name, count): (&String, &u64)| Row::plain(vec![Cell::Text(name.clone()), Cell::Text(count.to_string())]);
    Chart {
        title: t.of("policy-bands-title"),
        options: json!({
            "xAxis": { "type": "value", "minInterval": 1, "axisLabel": { "hideOverlap": true } }, "yAxis": named_bars(json!(names)),
            "series": [{ "type": "bar", "barMaxWidth": 28, "name": t.of("policy-reached"), "data": reach.bands }],
        }),
        table: Table {
            caption: t.of("policy-bands"),
            columns: vec![Column::text(t.of("policy-band-name")), Column::number(t.of("policy-reached"))],
            rows: names.iter().zip(&reach.bands).map(row).collect(),
            ..Table::default()
        },
    }
}

/// Who: names and outcomes; amounts only of those that allow it.
async fn names(app: &App, t: &Words, asked: &Asked, found: &[Reached]) -> jinmen_core::Result<Table> {
    let ids: Vec<OrganizationId> = found.iter().map(|one| one.organization).collect();
    let known = app.organization_names(&ids).await?;
    let allowed = sql::answer::authorized(&app.db, asked.policy.id, &ids).await?;
    let name =
        |id: &OrganizationId| known.iter().find(|(one, _)| one == id).map(|(_, name)| t.text(name)).unwrap_or_default();
    let row = |one: &Reached| {
        let good =
            one.clauses.iter().zip(&asked.program.clauses).filter(|((outcome, _), _)| *outcome == Outcome::Eligible);
        let clauses: Vec<&str> = good.map(|(_, clause)| clause.id.as_str()).collect();
        let sum: i64 = one.clauses.iter().map(|(_, fen)| *fen).fold(0, i64::saturating_add);
        let amount = match allowed.contains(&one.organization) {
            true => Cell::Text(shown::fen(t, sum)),
            false => Cell::Badge(Badge::new(Tone::Neutral, t.of("policy-not-allowed"))),
        };
        Row::link(
            format!("/work/organizations/{}", one.organization),
            vec![Cell::Text(name(&one.organization)), Cell::Text(clauses.join("、")), amount],
        )
    };
    Ok(Table {
        caption: t.of("policy-who"),
        columns: vec![
            Column::text(t.of("policy-organization")),
            Column::text(t.of("policy-clauses-met")),
            Column::number(t.of("policy-amount")),
        ],
        rows: found.iter().map(row).collect(),
        empty: ui::Empty { title: t.of("policy-who-none"), text: t.of("policy-who-none-text"), ..ui::Empty::default() },
        ..Table::default()
    })
}

/// Whom the office told, what they replied, the button that tells those who were not told, and the list as a file.
async fn tell_panel(app: &App, t: &Words, visit: &Visit, asked: &Asked) -> jinmen_core::Result<Html> {
    let id = asked.policy.id;
    let [told, applies, not_now, help, silent] = telling::replies(app, &visit.actor, id).await?;
    let tile = |key: &str, number: i64| Tile { label: t.of(key), value: t.number(number), ..Tile::default() };
    let tiles = Tiles(vec![
        tile("policy-told", told),
        tile("policy-reply-applies", applies),
        tile("policy-reply-help", help),
        tile("policy-reply-not-now", not_now),
        tile("policy-reply-none", silent),
    ]);
    let base = format!("{PATH}/{id}");
    let form = match asked.policy.is_public() {
        true => button_form(visit, &format!("{base}/tell"), &[], &t.of("policy-tell-now")).show(t),
        false => super::library::paragraphs(&t.of("policy-tell-later")),
    };
    let links = ui::Toolbar::exports_of(&format!("{base}/reach"), "");
    Ok(Html::of(&Telling { tiles: tiles.show(), form, links }))
}

#[derive(Template)]
#[template(
    source = "{{ tiles }}{{ form }}<p>{% for link in links %}<a class=\"btn btn-sm\" href=\"{{ link.href }}\">{{ link.label }}</a> {% endfor %}</p>",
    ext = "html"
)]
struct Telling {
    tiles: Html,
    form: Html,
    links: Vec<Link>,
}

/// Tells those whom the policy grants something and who were not told.
pub(crate) async fn tell(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    match telling::tell(&app, &visit.actor, id).await {
        // That all were told already is no fault of whoever presses twice.
        Ok(_) => {}
        Err(Error::Conflict(fault)) if fault.code == "policy.nobody_new" => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("{PATH}/{id}/reach#tell")).into_response())
}

/// The list as CSV.
pub(crate) async fn csv(state: State<App>, visit: Visit, path: Path<PolicyId>) -> Answer {
    exported(state, visit, path, Format::Csv).await
}

/// The list as a workbook.
pub(crate) async fn xlsx(state: State<App>, visit: Visit, path: Path<PolicyId>) -> Answer {
    exported(state, visit, path, Format::Xlsx).await
}

/// The list as JSON.
pub(crate) async fn json(state: State<App>, visit: Visit, path: Path<PolicyId>) -> Answer {
    exported(state, visit, path, Format::Json).await
}

/// Whom the policy grants something, with amounts of those that allow it; that it was exported is recorded.
async fn exported(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>, format: Format) -> Answer {
    let t = app.words(visit.locale);
    let (asked, rows) = reaching::export(&app, &visit.actor, id).await?;
    let column = |key: &str| (key.replace("policy-", ""), t.of(key));
    let mark = t.with(
        "policy-export-mark",
        &[
            ("who", visit.actor.signed_in().map(|one| one.name.clone()).unwrap_or_default().into()),
            ("when", t.instant(app.clock.now()).into()),
        ],
    );
    let sheet = Sheet {
        name: format!("{} {}", asked.policy.number, t.of("policy-reach")),
        columns: ["policy-organization", "policy-clauses-met", "policy-amount"].map(column).into(),
        mark,
    };
    let yuan =
        |fen: i64| registry::known::plain(&registry::dictionary::Value::Money(jinmen_core::Money::from_fen(fen)));
    let rows = rows
        .into_iter()
        .map(move |one| Ok(vec![json!(one.name), json!(one.clauses), one.fen.map_or(serde_json::Value::Null, yuan)]));
    export::respond(format, sheet, Box::pin(futures::stream::iter(rows))).await
}

/// The sandbox: parameters, and what other values would change.
pub(crate) async fn sandbox(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Query(sent): Query<Vec<(String, String)>>,
) -> Answer {
    let t = app.words(visit.locale);
    let set = other_values(&sent);
    let asked = reaching::asked(&app, &visit.actor, id).await?;
    let mut form = form(&app, &t, &asked, &set);
    let (mut figures, mut status) = (Html::default(), StatusCode::OK);
    match reaching::changed(&asked, &set) {
        Ok(_) if set.is_empty() => {}
        Ok(changed) => figures = tried(&app, &visit, &asked, changed, &sent).await?,
        Err(Error::Invalid(faults)) => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            form = form.faults(&faults, &t);
        }
        Err(error) => return Err(error.into()),
    }
    let body = match asked.program.parameters.is_empty() {
        true => super::library::paragraphs(&t.of("policy-no-parameters")),
        false => form.show(&t),
    };
    let parameters =
        Html::of(&Figures { alert: None, panels: vec![Panel::new("parameters", t.of("policy-parameters"), body)] });
    let view = ChartPage {
        frame: framed(&app, &visit, &asked, t.of("policy-sandbox")).await?,
        figures: Html::of(&module::pages::Pair(parameters, figures)),
        panels: Vec::new(),
        script: Chart::script(),
    };
    Ok(ui::page(status, &view))
}

/// What other values change, or how far that is.
async fn tried(
    app: &App,
    visit: &Visit,
    asked: &Asked,
    changed: rules::Policy,
    sent: &[(String, String)],
) -> jinmen_core::Result<Html> {
    let total = reaching::size(app, &visit.actor).await?;
    if total <= AT_ONCE || sent.iter().any(|(name, value)| name == "now" && value == "yes") {
        return differences(app, visit, asked, changed, None).await;
    }
    let pair = |(name, value): &(String, String)| {
        format!("{}={}&", module::pages::encoded(name), module::pages::encoded(value))
    };
    let query: String = sent.iter().map(pair).collect();
    let base = format!("{PATH}/{}/sandbox", asked.policy.id);
    let t = app.words(visit.locale);
    Ok(waiting(&t, total, format!("{base}/events?{query}"), format!("{base}?{query}now=yes")))
}

/// How far the two questions to everybody are, then the differences.
pub(crate) async fn sandbox_events(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Query(sent): Query<Vec<(String, String)>>,
) -> Answer {
    let asked = reaching::asked(&app, &visit.actor, id).await?;
    let changed = reaching::changed(&asked, &other_values(&sent))?;
    let total = reaching::size(&app, &visit.actor).await?;
    let (progress, seen) = tokio::sync::watch::channel(0);
    let t = app.words(visit.locale);
    let work = async move { differences(&app, &visit, &asked, changed, Some(progress)).await };
    Ok(followed(t, work, (seen, total)))
}

async fn differences(
    app: &App,
    visit: &Visit,
    asked: &Asked,
    changed: rules::Policy,
    progress: Option<Progress>,
) -> jinmen_core::Result<Html> {
    let t = app.words(visit.locale);
    let difference = reaching::sandbox(app, &visit.actor, asked, changed, progress).await?;
    let panels = results(app, &t, &difference).await?;
    Ok(Html::of(&Figures { alert: unread(&t, &difference.after), panels }))
}

/// The parameters to which other values were given.
fn other_values(sent: &[(String, String)]) -> Vec<(String, String)> {
    sent.iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("set.")?.to_owned(), value.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn form(app: &App, t: &Words, asked: &Asked, set: &[(String, String)]) -> Form {
    let today = app.clock.today();
    let field = |parameter: &rules::Parameter| {
        let (now, unit) = asked.program.written(&parameter.name, today).unwrap_or_default();
        let now = shown::value(t, unit.unwrap_or_default(), &now);
        let typed = set.iter().find(|(name, _)| *name == parameter.name).map(|(_, value)| value.clone());
        let label = &parameter.label[usize::from(!t.is_chinese())];
        let label = if label.is_empty() { &parameter.name } else { label };
        let field = Field::text(format!("set.{}", parameter.name), label.clone());
        field
            .help(t.with("policy-parameter-now", &[("value", now.as_str().into())]))
            .value(typed.unwrap_or_default())
            .half()
    };
    let fields = asked.program.parameters.iter().map(field).collect();
    let form = Form::get(format!("{PATH}/{}/sandbox", asked.policy.id), t.of("policy-try"));
    form.section(String::new(), t.of("policy-sandbox-help"), fields)
}

async fn results(app: &App, t: &Words, difference: &Difference) -> jinmen_core::Result<Vec<Panel>> {
    let (before, after) = (&difference.before, &difference.after);
    let change = after.fen - before.fen;
    let number = |number: usize| t.number(i64::try_from(number).unwrap_or(i64::MAX));
    let tile = |key: &str, value: String| shown::tile(t.of(key), &value);
    let tiles = Tiles(vec![
        tile("policy-cost-before", shown::sum(t, before.fen)),
        tile("policy-cost-after", shown::sum(t, after.fen)),
        tile("policy-cost-change", signed(t, change)),
        tile("policy-gainers", number(difference.gainers.len())),
        tile("policy-losers", number(difference.losers.len())),
    ]);
    let row = |(at, (more, less, fen)): (usize, &(u64, u64, i128))| {
        let clause = &after.clauses[at];
        let title = if clause.title.is_empty() { clause.id.clone() } else { clause.title.clone() };
        Row::plain(vec![
            Cell::Two(title, clause.id.clone()),
            Cell::Text(more.to_string()),
            Cell::Text(less.to_string()),
            Cell::Text(shown::sum(t, before.clauses[at].granted.1)),
            Cell::Text(shown::sum(t, clause.granted.1)),
            Cell::Text(signed(t, *fen)),
        ])
    };
    let columns = ["policy-gainers", "policy-losers", "policy-cost-before", "policy-cost-after", "policy-cost-change"];
    let table = Table {
        caption: t.of("policy-clauses"),
        columns: [Column::text(t.of("policy-clause"))]
            .into_iter()
            .chain(columns.map(|key| Column::number(t.of(key))))
            .collect(),
        rows: difference.clauses.iter().enumerate().map(row).collect(),
        ..Table::default()
    };
    let wan = |fen: i128| json!(i64::try_from(fen / 10_000).unwrap_or(i64::MAX) as f64 / 100.0);
    let titles: Vec<&str> = after
        .clauses
        .iter()
        .map(|one| if one.title.is_empty() { one.id.as_str() } else { one.title.as_str() })
        .collect();
    let bars = |reach: &Reach, key: &str| json!({ "type": "bar", "barMaxWidth": 28, "name": t.of(key), "data": reach.clauses.iter().map(|one| wan(one.granted.1)).collect::<Vec<_>>() });
    let chart = Chart {
        title: t.of("policy-sandbox-chart"),
        options: json!({ "legend": { "top": 0 }, "xAxis": { "type": "value", "axisLabel": { "hideOverlap": true } }, "yAxis": named_bars(json!(titles)),
            "series": [bars(before, "policy-cost-before"), bars(after, "policy-cost-after")] }),
        table,
    };
    Ok(vec![
        Panel::new("difference", t.of("policy-sum"), tiles.show()),
        Panel::new("clauses", t.of("policy-clauses"), chart.show(t)),
        Panel::new("gainers", t.of("policy-gainers"), some(app, t, &difference.gainers).await?),
        Panel::new("losers", t.of("policy-losers"), some(app, t, &difference.losers).await?),
    ])
}

fn signed(t: &Words, fen: i128) -> String {
    let sum = shown::sum(t, fen.abs());
    match fen {
        0 => sum,
        1.. => format!("+{sum}"),
        _ => format!("−{sum}"),
    }
}

/// The first names of a list, and how many more there are; amounts are not told.
async fn some(app: &App, t: &Words, ids: &[OrganizationId]) -> jinmen_core::Result<Html> {
    if ids.is_empty() {
        return Ok(super::library::paragraphs(&t.of("policy-nobody")));
    }
    let first = &ids[..ids.len().min(NAMES)];
    let known: Vec<(OrganizationId, Text2)> = app.organization_names(first).await?;
    let name =
        |id: &OrganizationId| known.iter().find(|(one, _)| one == id).map(|(_, name)| t.text(name)).unwrap_or_default();
    let links = first.iter().map(|id| Link::new(name(id), format!("/work/organizations/{id}"))).collect();
    let more = (ids.len() > NAMES).then(|| t.with("policy-more", &[("n", ((ids.len() - NAMES) as i64).into())]));
    Ok(Html::of(&Names { links, more: more.unwrap_or_default() }))
}

#[derive(Template)]
#[template(
    source = "<ul>{% for link in links %}<li><a href=\"{{ link.href }}\">{{ link.label }}</a></li>{% endfor %}</ul>{% if !more.is_empty() %}<p>{{ more }}</p>{% endif %}",
    ext = "html"
)]
struct Names {
    links: Vec<Link>,
    more: String,
}
