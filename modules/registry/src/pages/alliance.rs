//! The bodies of the alliance: council and expert committee, and their letters of appointment, to be printed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::Error;
use module::pages::{FilePage, Panel, frame};
use module::{Answer, App, Path, Visit};
use ui::{Cell, Column, Empty, Frame, Link, Row, Table, Tabs, Words};

use crate::dictionary::dictionary;
use crate::model::Affiliation;
use crate::ops::alliance;

const PATH: &str = "/work/alliance";

/// Council and expert committee.
pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let bodies = alliance::bodies(&app, &visit.actor).await?;
    let members = format!("/work/organizations?member_of={}", bodies.alliance);
    let print = |which: &str| Link::new(t.of("registry-alliance-letters"), format!("{PATH}/letters/{which}"));
    let view = FilePage {
        frame: frame(&app, &visit, t.of("registry-alliance"), &[]).await?,
        subtitle: t.text(&app.organization_name(bodies.alliance).await),
        badges: Vec::new(),
        actions: vec![Link::new(t.of("registry-alliance-members"), members).icon("building")],
        alert: None,
        tabs: Tabs::default(),
        panels: vec![
            Panel::new("council", t.of("registry-alliance-council"), table(&t, "council", &bodies.council).show(&t))
                .link(Some(print("council"))),
            Panel::new("experts", t.of("registry-alliance-experts"), table(&t, "experts", &bodies.experts).show(&t))
                .link(Some(print("experts"))),
        ],
        aside: Vec::new(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn term(t: &Words, one: &Affiliation) -> String {
    match (one.valid_from, one.valid_until) {
        (Some(from), Some(until)) => format!("{} – {}", t.date(from), t.date(until)),
        (Some(from), None) => t.with("registry-alliance-since", &[("day", t.date(from).into())]),
        (None, Some(until)) => t.with("registry-alliance-until", &[("day", t.date(until).into())]),
        (None, None) => String::new(),
    }
}

fn table(t: &Words, body: &str, posts: &[Affiliation]) -> Table {
    let row = |one: &Affiliation| {
        let post = dictionary().label("affiliation_kind", &one.kind, t.locale);
        let term = term(t, one);
        Row::link(
            format!("/work/people/{}", one.person),
            vec![
                Cell::Two(t.text(&one.person_name), t.text(&one.title)),
                Cell::Text(post),
                one.letter.clone().map_or(Cell::Nothing, Cell::Text),
                if term.is_empty() { Cell::Nothing } else { Cell::Text(term) },
            ],
        )
    };
    Table {
        caption: t.of(&format!("registry-alliance-{body}")),
        columns: [
            "registry-claim-name",
            "registry-alliance-post",
            "registry-alliance-letter",
            "registry-alliance-term",
        ]
        .map(|key| Column::text(t.of(key)))
        .into(),
        rows: posts.iter().map(row).collect(),
        empty: Empty {
            title: t.of("registry-alliance-none"),
            text: t.of("registry-alliance-none-text"),
            ..Empty::default()
        },
        ..Table::default()
    }
}

struct LetterView {
    name: String,
    post: String,
    number: String,
    term: String,
}

#[derive(Template)]
#[template(path = "appointments.html")]
struct LettersPage {
    frame: Frame,
    /// A letter of appointment is written in Chinese, whoever prints it.
    paper: Words,
    alliance: String,
    today: String,
    letters: Vec<LetterView>,
}

/// The letters of appointment of a body, one a page when printed.
pub(crate) async fn letters(State(app): State<App>, visit: Visit, Path(body): Path<String>) -> Answer {
    let t = app.words(visit.locale);
    let paper = app.words(jinmen_core::Locale::ZhCn);
    let bodies = alliance::bodies(&app, &visit.actor).await?;
    let posts = match body.as_str() {
        "council" => bodies.council,
        "experts" => bodies.experts,
        _ => return Err(Error::NotFound.into()),
    };
    let letter = |one: &Affiliation| LetterView {
        name: one.person_name.zh.clone(),
        post: dictionary().label("affiliation_kind", &one.kind, paper.locale),
        number: one.letter.clone().unwrap_or_default(),
        term: term(&paper, one),
    };
    let view = LettersPage {
        frame: frame(&app, &visit, t.of("registry-alliance-letters"), &[(PATH, t.of("registry-alliance"))]).await?,
        alliance: app.organization_name(bodies.alliance).await.zh,
        today: paper.date(app.clock.today()),
        letters: posts.iter().map(letter).collect(),
        paper,
    };
    Ok(ui::page(StatusCode::OK, &view))
}
