//! The public directory: organisations that agreed to be listed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{OrganizationId, PageRequest};
use module::{Answer, App, Path, Query, Visit};
use ui::{Badge, Card, Crumb, Empty, Fact, Facts, Field, FieldKind, Frame, Link, Pager, Tone, Toolbar, Words};

use super::facts::{Shown, panels};
use super::organizations::pager;
use super::shared::{Panel, choices, pairs};
use crate::dictionary::dictionary;
use crate::model::{AsOf, Organization, OrganizationFilter};
use crate::ops::read_organization;

#[derive(Template)]
#[template(path = "directory.html")]
struct DirectoryPage {
    frame: Frame,
    toolbar: Toolbar,
    cards: Vec<Card>,
    empty: Empty,
    pager: Pager,
}

/// The directory.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<OrganizationFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let page = PageRequest { limit: Some(24), ..page };
    let (rows, count) = read_organization::directory_and_count(&app, &filter, &page).await?;
    let view = DirectoryPage {
        frame: app.portal_frame(&visit, t.of("registry-directory")),
        toolbar: Toolbar {
            action: "/organizations".into(),
            filters: vec![
                Field::new(FieldKind::Search, "q", t.of("registry-filter-q"))
                    .value(filter.q.clone().unwrap_or_default()),
                Field::select("kind", t.of("registry-filter-kind"), choices("organization_kind", t.locale))
                    .value(filter.kind.clone().unwrap_or_default()),
                Field::select("grade", t.of("registry-filter-grade"), choices("member_grade", t.locale))
                    .value(filter.grade.clone().unwrap_or_default()),
            ],
            clear: "/organizations".into(),
            ..Toolbar::default()
        },
        cards: rows.items.iter().map(|one| card(&t, one)).collect(),
        empty: Empty {
            title: t.of("registry-empty-organizations"),
            text: t.of("registry-empty-directory-text"),
            steps: vec![Link::new(t.of("registry-filter-clear"), "/organizations"), Link::new(t.of("ui-portal"), "/")],
        },
        pager: pager("/organizations", &pairs(&filter), &page, rows.next, count),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn card(t: &Words, one: &Organization) -> Card {
    let label = |list: &str, code: &Option<String>| code.as_ref().map(|code| dictionary().label(list, code, t.locale));
    let text: String = t.text(&one.intro).chars().take(80).collect();
    Card {
        title: t.text(&one.name),
        href: format!("/organizations/{}", one.id),
        text,
        badge: Some(Badge::new(Tone::Info, dictionary().label("organization_kind", &one.kind, t.locale))),
        particulars: [label("region", &one.region), label("industry", &one.industry)].into_iter().flatten().collect(),
        ..Card::default()
    }
}

#[derive(Template)]
#[template(path = "public.html")]
struct PublicPage {
    frame: Frame,
    intro: String,
    intro_lang: &'static str,
    panels: Vec<Panel>,
}

/// The public page of an organisation.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<OrganizationId>) -> Answer {
    let t = app.words(visit.locale);
    let shown = read_organization::public(&app, id).await?;
    let one = &shown.organization;
    let mut frame = app.portal_frame(&visit, t.text(&one.name));
    frame.crumbs = vec![Crumb { label: t.of("registry-directory"), href: "/organizations".into() }];
    let mut lines =
        vec![Fact::plain(t.of("registry-kind"), dictionary().label("organization_kind", &one.kind, t.locale))];
    lines.extend(one.uscc.map(|code| Fact::plain(t.of("registry-uscc"), code.to_string())));
    let mut panels_shown =
        vec![Panel::new("identity", t.of("registry-section-identity"), Facts { lines, legend: false }.show(&t))];
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let mut known = panels(
        &t,
        "organization",
        &Shown { file: &shown.facts, as_of, base: None, may_edit: false, sees_restricted: false },
    );
    known.retain(|panel| !panel.body.is_empty());
    panels_shown.extend(known);
    if !shown.contacts.is_empty() {
        let lines = shown
            .contacts
            .iter()
            .map(|one| Fact::plain(dictionary().label("contact_kind", &one.kind, t.locale), one.masked.clone()))
            .collect();
        panels_shown.push(Panel::new("contacts", t.of("registry-contacts"), Facts { lines, legend: false }.show(&t)));
    }
    if !shown.relations.is_empty() {
        let lines = shown
            .relations
            .iter()
            .map(|side| Fact::plain(super::parts::relation_words(&t, side), t.text(&side.other_name)))
            .collect();
        panels_shown.push(Panel::new(
            "relations",
            t.of("registry-tab-relations"),
            Facts { lines, legend: false }.show(&t),
        ));
    }
    let view = PublicPage {
        frame,
        intro: t.text(&one.intro),
        intro_lang: one.intro.shown_in(visit.locale).tag(),
        panels: panels_shown,
    };
    Ok(ui::page(StatusCode::OK, &view))
}
