//! The portal's first page: who we are, the numbers, the story, the ways in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use module::frame::DEMO_ROLES;
use module::{Answer, App, Number, Story, StoryCard, Visit};
use ui::{Badge, Card, Frame, Tile, Tiles, Tone, Words};

use super::home::tiles;
use crate::{address, ops};

/// The number that stands first: how many units belong to the alliance.
const MEMBERS: &str = "number-registry-members";
/// Numbers beside it.
const OTHERS: usize = 4;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct PortalPage {
    frame: Frame,
    kicker: String,
    title: String,
    lead: String,
    big: Option<Tile>,
    tiles: Tiles,
    story: Option<StoryView>,
    plain: Vec<Card>,
    enter: Vec<EnterView>,
    next: Vec<Card>,
}

struct StoryView {
    title: String,
    lead: String,
    place: String,
    cards: Vec<Card>,
}

struct EnterView {
    role: &'static str,
    name: String,
    text: String,
    icon: &'static str,
}

/// The first page.
pub async fn show(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let settings = app.settings();
    let mut numbers = ops::home::numbers(&app, &visit).await?;
    let big = first(&mut numbers).and_then(|number| tiles(&t, vec![number]).0.pop());
    numbers.truncate(OTHERS);
    let name = t.text(&settings.name);
    let title = if name.is_empty() { t.of("ui-name") } else { name };
    let page = PortalPage {
        frame: app.portal_frame(&visit, title.clone()),
        title,
        kicker: t.of("ui-motto"),
        lead: t.of("work-portal-lead"),
        big,
        tiles: tiles(&t, numbers),
        plain: if settings.story.is_none() { welcome(&t) } else { Vec::new() },
        story: settings.story.as_ref().map(|story| view(&t, story)),
        enter: if settings.demo { ways_in(&t) } else { Vec::new() },
        next: onward(&t, &visit),
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// Takes out the number of members, or else the first one.
fn first(numbers: &mut Vec<Number>) -> Option<Number> {
    let at = numbers.iter().position(|number| number.key == MEMBERS).unwrap_or(0);
    (at < numbers.len()).then(|| numbers.remove(at))
}

fn view(t: &Words, story: &Story) -> StoryView {
    let cards = story.cards.iter().map(|card| story_card(t, card)).collect();
    StoryView { title: t.text(&story.title), lead: t.text(&story.lead), place: t.text(&story.place), cards }
}

fn story_card(t: &Words, card: &StoryCard) -> Card {
    let href =
        if card.search.is_empty() { String::new() } else { address::with_query("/search", &[("q", &card.search)]) };
    Card {
        title: t.text(&card.title),
        href,
        kicker: t.text(&card.by),
        text: t.text(&card.text),
        badge: Some(Badge::new(Tone::Info, t.text(&card.kind))),
        ..Card::default()
    }
}

fn welcome(t: &Words) -> Vec<Card> {
    let card = |what: &str, icon: &str, href: &str| Card {
        title: t.of(&format!("work-portal-{what}")),
        text: t.of(&format!("work-portal-{what}-text")),
        kicker: t.of(&format!("work-portal-{what}-kicker")),
        icon: icon.to_owned(),
        href: href.to_owned(),
        ..Card::default()
    };
    vec![card("file", "files", "/search"), card("rule", "scale", "/help"), card("door", "clipboard-list", "/sign-in")]
}

fn ways_in(t: &Words) -> Vec<EnterView> {
    let public = EnterView {
        role: "public",
        name: t.of("work-demo-public"),
        text: t.of("work-demo-public-text"),
        icon: "world",
    };
    let roles = DEMO_ROLES.iter().map(|role| EnterView {
        role: role.code(),
        name: t.of(&role.message_key()),
        text: t.of(&format!("work-demo-{}-text", role.code().replace('_', "-"))),
        icon: icon(*role),
    });
    std::iter::once(public).chain(roles).collect()
}

/// A role's picture.
fn icon(role: jinmen_core::Role) -> &'static str {
    use jinmen_core::Role::{
        AuditAdmin, DistrictOfficer, EnterpriseAdmin, Judge, Secretariat, Supervisor, SystemAdmin, Talent,
    };
    match role {
        Secretariat => "users-group",
        DistrictOfficer => "building-bank",
        EnterpriseAdmin => "building",
        Talent => "user",
        Judge => "clipboard-check",
        Supervisor => "eye",
        SystemAdmin => "settings",
        AuditAdmin => "shield-check",
        _ => "id-badge",
    }
}

fn onward(t: &Words, visit: &Visit) -> Vec<Card> {
    let card = |what: &str, icon: &str, href: &str| Card {
        title: t.of(&format!("work-onward-{what}")),
        text: t.of(&format!("work-onward-{what}-text")),
        icon: icon.to_owned(),
        href: href.to_owned(),
        ..Card::default()
    };
    let way_in =
        if visit.session.is_some() { card("work", "briefcase", "/work") } else { card("sign-in", "login", "/sign-in") };
    vec![way_in, card("search", "search", "/search"), card("api", "code", "/docs/api")]
}
