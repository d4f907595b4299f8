//! The fact dictionary, for everybody: which values are kept, of what type, how sensitive.

use axum::extract::State;
use axum::http::StatusCode;
use module::{Answer, App, Visit};
use ui::{Cell, Column, Frame, Html, Row, Table};

use super::shared::Panel;
use crate::dictionary::dictionary;

#[derive(askama::Template)]
#[template(path = "public.html")]
struct DictionaryPage {
    frame: Frame,
    intro: String,
    intro_lang: &'static str,
    panels: Vec<Panel>,
}

/// The page.
pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let mut panels = Vec::new();
    for subject in ["organization", "person"] {
        for (group, keys) in dictionary().groups(subject) {
            let rows = keys.iter().map(|key| {
                Row::plain(vec![
                    Cell::Two(key.label(t.locale).to_owned(), key.key.clone()),
                    Cell::Text(t.of(&format!("registry-type-{}", key.kind.code()))),
                    Cell::Text(t.of(&format!("registry-sensitivity-{}", key.sensitivity.code()))),
                    Cell::Text(key.help(t.locale).to_owned()),
                ])
            });
            let title = format!(
                "{} · {}",
                t.of(&format!("registry-subject-{subject}")),
                dictionary().group_label(group, t.locale)
            );
            let table = Table {
                caption: title.clone(),
                columns: vec![
                    Column::text(t.of("registry-column-indicator")),
                    Column::text(t.of("registry-column-type")),
                    Column::text(t.of("registry-column-sensitivity")),
                    Column::text(t.of("registry-column-help")),
                ],
                rows: rows.collect(),
                ..Table::default()
            };
            let body: Html = table.show(&t);
            panels.push(Panel::new(group, title, body));
        }
    }
    let frame = app.portal_frame(&visit, t.of("registry-dictionary"));
    let view = DictionaryPage { frame, intro: t.of("registry-dictionary-text"), intro_lang: t.locale.tag(), panels };
    Ok(ui::page(StatusCode::OK, &view))
}
