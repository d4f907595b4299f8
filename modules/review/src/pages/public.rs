//! What everybody sees: the screen of a live final, scoring as a guest, results with the document that anybody checks.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use jinmen_core::{Error, PageRequest};
use module::pages::{Panel as PagePanel, encoded};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use ui::{
    Alert, Cell, Column, Crumb, Empty, Fact, Facts, Field, Form, Frame, Html, Link, Pager, Row, Table, Tone, Words,
};

use super::shared::{Sent, given, paragraphs, refusal, stack, titled};
use crate::model::statement::{PanelResult, RankLine};
use crate::model::{PanelId, RoundId};
use crate::ops::live::{self, Screen};
use crate::ops::results;

const PATH: &str = "/results";

#[derive(Template)]
#[template(path = "screen.html")]
struct ScreenPage {
    frame: Frame,
    state: String,
    texts: String,
    screen: Screen,
    phase: String,
    guest: String,
    qr: Html,
    home: String,
}

/// The screen in the hall.
pub(crate) async fn screen(State(app): State<App>, visit: Visit, Path(id): Path<PanelId>) -> Answer {
    let t = app.words(visit.locale);
    let screen = live::screen(&app, id, app.clock.now()).await?;
    let guest = if screen.guests { format!("/live/{id}/guest") } else { String::new() };
    let address = format!("{}{guest}", app.config.public_url.trim_end_matches('/'));
    let mut texts = serde_json::Map::new();
    for phase in crate::model::Phase::ALL {
        texts.insert(phase.code().to_owned(), t.of(&phase.message_key()).into());
    }
    for key in ["locked", "dropped", "guests", "over"] {
        texts.insert(format!("_{key}"), t.of(&format!("review-screen-js-{key}")).into());
    }
    let view = ScreenPage {
        frame: app.portal_frame(&visit, screen.title.clone()),
        state: format!("/live/{id}/state"),
        texts: serde_json::Value::Object(texts).to_string(),
        phase: t.of(&screen.phase.message_key()),
        qr: if guest.is_empty() { Html::default() } else { ui::qr(&address).map_err(Error::internal)? },
        guest,
        home: PATH.into(),
        screen,
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// How things stand in the hall.
pub(crate) async fn state(State(app): State<App>, Path(id): Path<PanelId>) -> Answer {
    let screen = live::screen(&app, id, app.clock.now()).await?;
    let mut answer = axum::Json(screen).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

#[derive(Template)]
#[template(path = "guest.html")]
struct GuestPage {
    frame: Frame,
    intro: String,
    alert: Option<Alert>,
    form: Html,
    screen: String,
}

/// Scoring as a guest.
pub(crate) async fn guest(State(app): State<App>, visit: Visit, headers: HeaderMap, Path(id): Path<PanelId>) -> Answer {
    let answer = draw_guest(&app, &visit, id, StatusCode::OK, None, "").await?;
    match guest_of(&headers) {
        Some(_) => Ok(answer),
        None => Ok(remembered(answer, &fresh_guest())),
    }
}

/// What a visitor's browser calls itself, so that one visitor has one score.
const COOKIE: &str = "jm_guest";

fn fresh_guest() -> String {
    access::Token::random().expose().to_owned()
}

fn guest_of(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut parts = all.flat_map(|text| text.split(';')).filter_map(|part| part.trim().split_once('='));
    parts.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).filter(|value| value.len() <= 64)
}

fn remembered(mut answer: axum::response::Response, guest: &str) -> axum::response::Response {
    let cookie = format!("{COOKIE}={guest}; Path=/live; Max-Age=86400; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

async fn draw_guest(
    app: &App,
    visit: &Visit,
    id: PanelId,
    status: StatusCode,
    alert: Option<Alert>,
    typed: &str,
) -> Answer {
    let t = app.words(visit.locale);
    let screen = live::screen(app, id, app.clock.now()).await?;
    if !screen.guests {
        return Err(Error::NotFound.into());
    }
    let form = match &screen.current {
        Some(entry) => {
            let fields = vec![
                Field::hidden("entry", entry.id.clone()),
                Field::decimal("total", t.with("review-guest-total", &[("most", screen.most.clone().into())]))
                    .value(typed)
                    .required()
                    .max_length(8),
            ];
            let title = format!("{} {}", entry.place, entry.title);
            let form = Form::post(
                visit.once(&format!("/live/{id}/guest")),
                visit.form_token.clone(),
                t.of("review-guest-send"),
            );
            form.section(title, entry.name.clone(), fields).show(&t)
        }
        None => Empty { title: t.of("review-guest-nobody"), text: t.of("review-guest-nobody-text"), steps: Vec::new() }
            .show(&t),
    };
    let view = GuestPage {
        frame: app.portal_frame(visit, t.of("review-guest")),
        intro: t.of("review-guest-text"),
        alert,
        form,
        screen: format!("/live/{id}"),
    };
    Ok(ui::page(status, &view))
}

/// Takes what a visitor gives.
pub(crate) async fn give(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<PanelId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let t = app.words(visit.locale);
    let guest = guest_of(&headers).unwrap_or_else(fresh_guest);
    let total = given(&sent, "total");
    let made = match given(&sent, "entry").parse() {
        Ok(entry) => live::guest(&app, id, entry, &guest, &total).await,
        Err(_) => Err(Error::field("entry", "core.choice")),
    };
    match made {
        Ok(()) => {
            let alert = Alert::new(Tone::Good, t.of("review-guest-thanks"));
            let answer = draw_guest(&app, &visit, id, StatusCode::OK, Some(alert), "").await?;
            Ok(remembered(answer, &guest))
        }
        Err(error) => {
            let (status, alert) = refusal(&t, error)?;
            draw_guest(&app, &visit, id, status, Some(alert), &total).await
        }
    }
}

#[derive(Template)]
#[template(path = "results.html")]
struct ResultsPage {
    frame: Frame,
    panels: Vec<PagePanel>,
}

/// Published results, and finals that run now.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let rows = results::published(&app, &page).await?;
    let running = live::running(&app).await?;
    let mut panels = Vec::new();
    if !running.is_empty() {
        let row = |(round, panel): &(crate::model::Round, crate::model::Panel)| {
            Row::link(
                format!("/live/{}", panel.id),
                vec![
                    Cell::Two(t.text(&panel.title), t.text(&round.title)),
                    Cell::Text(t.of(&panel.phase.message_key())),
                ],
            )
        };
        let table = Table {
            caption: t.of("review-running"),
            columns: vec![Column::text(t.of("review-panel")), Column::text(t.of("review-phase"))],
            rows: running.iter().map(row).collect(),
            ..Table::default()
        };
        panels.push(PagePanel::new("running", t.of("review-running"), table.show(&t)));
    }
    let row = |round: &crate::model::Round| {
        Row::link(
            format!("{PATH}/{}", round.id),
            vec![
                Cell::Two(t.text(&round.title), round.number.clone()),
                round.published_at.map_or(Cell::Nothing, Cell::Instant),
            ],
        )
    };
    let table = Table {
        caption: t.of("review-results"),
        columns: vec![Column::text(t.of("review-round-title")), Column::text(t.of("review-published-at"))],
        rows: rows.items.iter().map(row).collect(),
        empty: Empty {
            title: t.of("review-results-none"),
            text: t.of("review-results-none-text"),
            steps: vec![Link::new(t.of("ui-portal"), "/")],
        },
        ..Table::default()
    };
    let pager = Pager { next: rows.next.map(|after| format!("{PATH}?after={}", encoded(&after))), ..Pager::default() };
    panels.push(PagePanel::new("results", t.of("review-results"), stack(vec![table.show(&t), pager.show(&t)])));
    let view = ResultsPage { frame: app.portal_frame(&visit, t.of("review-results")), panels };
    Ok(ui::page(StatusCode::OK, &view))
}

/// One result.
pub(crate) async fn result(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let t = app.words(visit.locale);
    let public = results::public(&app, id).await?;
    let (round, statement) = (&public.round, &public.statement);
    let mut panels = vec![PagePanel::new("about", t.of("review-at-a-glance"), about(&t, &public))];
    for (at, panel) in statement.panels.iter().enumerate().filter(|(_, panel)| !panel.entries.is_empty()) {
        panels.push(PagePanel::new(&format!("p-{at}"), panel.title.clone(), ranking(&t, round, panel)));
    }
    panels.push(PagePanel::new("rules", t.of("review-rules"), super::desk::rules(&t, round)));
    let mut frame = app.portal_frame(&visit, t.text(&round.title));
    frame.crumbs = vec![Crumb { label: t.of("review-results"), href: PATH.into() }];
    Ok(ui::page(StatusCode::OK, &ResultsPage { frame, panels }))
}

fn about(t: &Words, public: &results::Public) -> Html {
    let round = &public.round;
    let confirmed = round.confirmed_at.map(|at| t.instant(at)).unwrap_or_default();
    let mut lines = vec![
        Fact::plain(t.of("review-round-call"), t.text(&public.call)),
        Fact::plain(t.of("review-owner"), t.text(&public.owner)),
        Fact::plain(t.of("review-number"), round.number.clone()),
        Fact::plain(t.of("review-confirmed-at"), format!("{confirmed} {}", round.confirmed_name)),
    ];
    lines.retain(|line| !line.value.trim().is_empty());
    let link = Link::new(t.of("review-bundle"), format!("{PATH}/{}/bundle.json", round.id)).icon("download");
    stack(vec![
        Facts { lines, legend: false }.show(t),
        Alert::new(Tone::Info, t.of("review-bundle-help")).link(link).show(),
        paragraphs(&t.with("review-bundle-digest", &[("digest", public.statement.digest().into())])),
    ])
}

fn ranking(t: &Words, round: &crate::model::Round, panel: &PanelResult) -> Html {
    let class = |line: &RankLine| {
        let entry = panel.entries.iter().find(|entry| entry.code == line.entry);
        entry.map(|entry| entry.class.as_str()).unwrap_or_default()
    };
    // Classes lie together in a ranking; each has a table of its own.
    let tables = panel.ranking.chunk_by(|a, b| class(a) == class(b)).map(|lines| match class(&lines[0]) {
        "" => places(t, round, panel, lines),
        title => titled(title.to_owned(), places(t, round, panel, lines)),
    });
    match tables.collect::<Vec<_>>() {
        none if none.is_empty() => Empty { title: t.of("review-nothing-scored"), ..Empty::default() }.show(t),
        tables => stack(tables),
    }
}

fn places(t: &Words, round: &crate::model::Round, panel: &PanelResult, lines: &[RankLine]) -> Html {
    let digits = round.setup.method.digits;
    let row = |line: &RankLine| {
        let entry = panel.entries.iter().find(|entry| entry.code == line.entry);
        let title = entry.map(|entry| entry.title.clone()).unwrap_or_default();
        let prize = round.setup.prize(line.rank).map(|prize| prize.title.clone());
        let on = (line.rank <= round.setup.promote).then(|| t.of("review-goes-on"));
        Row::plain(vec![
            Cell::Text(line.rank.to_string()),
            Cell::Two(title, entry.map(|entry| entry.name.clone()).unwrap_or_default()),
            Cell::Text(line.score.fixed(digits)),
            prize.or(on).map_or(Cell::Nothing, Cell::Text),
        ])
    };
    Table {
        caption: panel.title.clone(),
        columns: vec![
            Column::text(t.of("review-column-rank")),
            Column::text(t.of("review-entry")),
            Column::text(t.of("review-column-result")),
            Column::text(t.of("review-outcome")),
        ],
        rows: lines.iter().map(row).collect(),
        ..Table::default()
    }
    .show(t)
}

/// The document of a result.
pub(crate) async fn bundle(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let (number, bundle) = results::bundle(&app, &visit.actor, id).await?;
    let text = serde_json::to_string_pretty(&bundle).map_err(Error::internal)?;
    let mut answer = text.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{number}.json\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(answer)
}
