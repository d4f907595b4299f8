//! The pages about the platform itself: privacy, accessibility, help. Their text is in the locales, a
//! section a message: paragraphs stand apart by an empty line, a line with `- ` is an item of a list.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use module::{Answer, App, Visit};
use ui::{Frame, Words};

#[derive(Template)]
#[template(path = "portal/text.html")]
struct TextPage {
    frame: Frame,
    lead: String,
    sections: Vec<Section>,
    telephone: String,
    operator: String,
}

struct Section {
    id: String,
    title: String,
    blocks: Vec<Block>,
}

enum Block {
    Paragraph(String),
    List(Vec<String>),
}

/// The privacy notice.
pub async fn privacy(State(app): State<App>, visit: Visit) -> Answer {
    let parts =
        ["handler", "purposes", "kinds", "keeping", "sharing", "security", "rights", "cookies", "minors", "changes"];
    Ok(page(&app, &visit, "privacy", &parts))
}

/// The accessibility statement.
pub async fn accessibility(State(app): State<App>, visit: Visit) -> Answer {
    let parts = ["standard", "done", "ways", "limits", "tell"];
    Ok(page(&app, &visit, "accessibility", &parts))
}

/// Help.
pub async fn help(State(app): State<App>, visit: Visit) -> Answer {
    let parts = ["start", "account", "roles", "file", "draft", "paper", "verify", "api", "people"];
    Ok(page(&app, &visit, "help", &parts))
}

fn page(app: &App, visit: &Visit, name: &str, parts: &[&str]) -> Response {
    let t = app.words(visit.locale);
    let settings = app.settings();
    let operator = Some(t.text(&settings.operator))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| t.of("work-operator-unnamed"));
    let telephone = Some(settings.telephone).filter(|number| !number.is_empty());
    let said = telephone.clone().unwrap_or_else(|| t.of("work-telephone-unnamed"));
    let sections = parts
        .iter()
        .map(|part| Section {
            id: (*part).to_owned(),
            title: t.of(&format!("work-{name}-{part}")),
            blocks: blocks(&filled(&t, &format!("work-{name}-{part}-text"), &operator, &said)),
        })
        .collect();
    let page = TextPage {
        frame: app.portal_frame(visit, t.of(&format!("work-{name}"))),
        lead: filled(&t, &format!("work-{name}-lead"), &operator, &said),
        sections,
        telephone: telephone.unwrap_or_default(),
        operator,
    };
    ui::page(StatusCode::OK, &page)
}

fn filled(t: &Words, key: &str, operator: &str, telephone: &str) -> String {
    t.with(key, &[("operator", operator.into()), ("telephone", telephone.into())])
}

fn blocks(text: &str) -> Vec<Block> {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let items: Vec<String> =
                part.lines().filter_map(|line| line.trim().strip_prefix("- ")).map(str::to_owned).collect();
            if items.is_empty() { Block::Paragraph(part.replace('\n', " ")) } else { Block::List(items) }
        })
        .collect()
}
