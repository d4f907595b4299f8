//! The frame around every page, and the page for what went wrong.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Error, Permission, Role};
use ui::{DemoBar, EnterAs, Flash, Frame, FramePerson, HatLink, NavItem, Operator, Tone};

use crate::failure::{Carried, Problem};
use crate::{App, Settings, Visit};

/// An entry that a module puts into a menu.
#[derive(Clone, Debug)]
pub struct NavEntry {
    /// Where it leads.
    pub href: &'static str,
    /// Pages elsewhere that belong to it: it stands as the current one on what lies below these too.
    pub also: &'static [&'static str],
    /// Its name, a message key.
    pub key: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Who sees it.
    pub permission: &'static Permission,
    /// The order; of what a person may see, the lowest are shown and the others stand on the page of everything.
    pub order: u32,
    /// In the portal's menu instead of the workplace's.
    pub portal: bool,
}

impl NavEntry {
    /// The same, with pages elsewhere that belong to it.
    #[must_use]
    pub fn also(self, roots: &'static [&'static str]) -> Self {
        Self { also: roots, ..self }
    }
}

/// The most entries of a menu: as many as fit under a thumb.
const ENTRIES: usize = 5;

/// Where everything stands that a person may open.
pub const MORE: &str = "/work/more";

impl App {
    /// The frame of a workplace page: menu, hats, unread notices.
    pub async fn work_frame(&self, visit: &Visit, title: impl Into<String>) -> jinmen_core::Result<Frame> {
        let mut frame = self.frame(visit, title.into());
        frame.person = self.frame_person(visit).await?;
        frame.nav = self.short_menu(visit);
        if let Some(first) = frame.nav.first_mut() {
            let open = self.waiting(visit).await?.tasks;
            first.badge = Some(u32::try_from(open).unwrap_or(u32::MAX)).filter(|count| *count > 0);
        }
        Ok(frame)
    }

    /// The frame of a public page; costs no statement.
    pub fn portal_frame(&self, visit: &Visit, title: impl Into<String>) -> Frame {
        let mut frame = self.frame(visit, title.into());
        frame.nav = self.menu(visit, true);
        frame.nav.truncate(ENTRIES);
        frame
    }

    fn frame(&self, visit: &Visit, title: String) -> Frame {
        let settings = self.settings();
        let t = self.words(visit.locale);
        let mut frame = Frame::new(t, title, visit.path.clone());
        frame.large = visit.large;
        frame.form_token = visit.form_token.clone();
        frame.operator = operator(&settings, &frame.t);
        frame.demo = settings.demo.then(|| self.demo_bar(&frame.t));
        if let Some(key) = visit.flash.as_deref().filter(|key| frame.t.has(key)) {
            frame.flashes.push(Flash { kind: Tone::Good, text: frame.t.of(key) });
        }
        if visit.rests {
            frame.flashes.push(Flash { kind: Tone::Warning, text: frame.t.of("module-second-rests") });
        }
        if let Ok(person) = visit.actor.signed_in() {
            frame.person = Some(FramePerson { name: person.name.clone(), ..FramePerson::default() });
        }
        frame
    }

    fn demo_bar(&self, t: &ui::Words) -> DemoBar {
        let enter_as =
            DEMO_ROLES.iter().map(|role| EnterAs { label: t.of(&role.message_key()), role: role.code().to_owned() });
        DemoBar { enter_as: enter_as.collect() }
    }

    async fn frame_person(&self, visit: &Visit) -> jinmen_core::Result<Option<FramePerson>> {
        let Ok(person) = visit.actor.signed_in() else { return Ok(None) };
        let t = self.words(visit.locale);
        let organizations: Vec<_> = person.hats.iter().filter_map(|hat| hat.organization).collect();
        let names = match self.directory() {
            Some(directory) if !organizations.is_empty() => directory.organizations(self, &organizations).await?,
            _ => Vec::new(),
        };
        let label = |hat: &jinmen_core::Hat| {
            let role = t.of(&hat.role.message_key());
            let organization = hat.organization.and_then(|id| names.iter().find(|(known, _)| *known == id));
            match organization {
                Some((_, name)) => {
                    t.with("module-hat", &[("organization", t.text(name).into()), ("role", role.into())])
                }
                None => role,
            }
        };
        let current = person.hat.as_ref();
        let hats = person
            .hats
            .iter()
            .map(|hat| HatLink {
                id: hat.grant.text(),
                label: label(hat),
                current: current.is_some_and(|worn| worn.grant == hat.grant),
            })
            .collect();
        let unread = self.waiting(visit).await?.unread;
        Ok(Some(FramePerson {
            name: person.name.clone(),
            account: String::new(),
            hat: current.map_or_else(|| t.of("module-no-hat"), label),
            hats,
            unread: u32::try_from(unread).unwrap_or_default(),
        }))
    }

    /// The workplace's menu; where a person may open more than fits, the last entry leads to the page of everything.
    fn short_menu(&self, visit: &Visit) -> Vec<NavItem> {
        let mut items = self.menu(visit, false);
        if items.len() <= ENTRIES {
            return items;
        }
        let rest = items.split_off(ENTRIES - 1);
        let on_page = visit.path.split('?').next() == Some(MORE);
        items.iter_mut().for_each(|item| item.active &= !on_page);
        items.push(NavItem {
            href: MORE.to_owned(),
            label: self.words(visit.locale).of("module-more"),
            icon: "layout-grid".to_owned(),
            active: on_page || rest.iter().any(|item| item.active),
            badge: None,
        });
        items
    }

    /// Everything in a menu that a person may open, in order.
    pub fn menu(&self, visit: &Visit, portal: bool) -> Vec<NavItem> {
        let t = self.words(visit.locale);
        let mut entries: Vec<NavEntry> = self.modules.iter().flat_map(|module| module.nav()).collect();
        entries.retain(|entry| entry.portal == portal && visit.actor.may_somewhere(entry.permission).is_ok());
        entries.sort_by_key(|entry| entry.order);
        let path = visit.path.split('?').next().unwrap_or_default();
        let reach = |entry: &NavEntry| {
            let roots = std::iter::once(&entry.href).chain(entry.also);
            roots.filter(|root| within(path, root)).map(|root| root.len()).max()
        };
        let longest = entries.iter().filter_map(reach).max();
        entries
            .into_iter()
            .map(|entry| NavItem {
                href: entry.href.to_owned(),
                label: t.of(entry.key),
                icon: entry.icon.to_owned(),
                active: longest.is_some() && reach(&entry) == longest,
                badge: None,
            })
            .collect()
    }
}

/// The roles of the demonstration so far.
pub const DEMO_ROLES: [Role; 8] = [
    Role::Secretariat,
    Role::DistrictOfficer,
    Role::EnterpriseAdmin,
    Role::Talent,
    Role::Judge,
    Role::Supervisor,
    Role::SystemAdmin,
    Role::AuditAdmin,
];

fn within(path: &str, href: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

fn operator(settings: &Settings, t: &ui::Words) -> Operator {
    Operator {
        name: t.text(&settings.name),
        sponsor: t.text(&settings.sponsor),
        operator: t.text(&settings.operator),
        icp: settings.icp.clone(),
        police: settings.police.clone(),
        telephone: settings.telephone.clone(),
        address: t.text(&settings.address),
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    problem: Problem,
    sign_in: bool,
    next: String,
}

/// Draws an error that a handler or a layer left behind; any other answer passes as it is.
pub(crate) async fn drawn(app: &App, visit: &Visit, response: Response) -> Response {
    let mut status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let carried = response.extensions().get::<Carried>().cloned();
    let bare =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if carried.is_none() && !bare {
        return response;
    }
    let t = app.words(visit.locale);
    let problem = match carried.as_ref().map(|carried| carried.0.as_ref()) {
        Some(error) => {
            if let Error::Internal(cause) | Error::Unavailable(cause) = error {
                tracing::error!(request.id = visit.request_id, path = path_only(&visit.path), cause = ?cause, "Request {} failed", visit.request_id);
            }
            if visit.api && matches!(error, Error::SignIn) {
                status = StatusCode::UNAUTHORIZED;
            }
            Problem::of(error, status, &t, &visit.request_id)
        }
        None => by_status(status, &t, &visit.request_id),
    };
    let challenge = carried.as_ref().and_then(|carried| challenge(&carried.0, status));
    let retry = response.headers().get(header::RETRY_AFTER).cloned();
    let mut drawn =
        if visit.api { document(status, &problem) } else { failure_page(app, visit, status, problem).await };
    if let Some(retry) = retry {
        drawn.headers_mut().insert(header::RETRY_AFTER, retry);
    }
    if let Some(challenge) = challenge.filter(|_| visit.api) {
        drawn.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    drawn
}

/// What a program is to send instead, in the words of RFC 6750.
fn challenge(error: &Error, status: StatusCode) -> Option<HeaderValue> {
    let words = match error {
        Error::Token => r#"Bearer realm="jinmen", error="invalid_token""#.to_owned(),
        Error::TokenScope(scope) => format!(r#"Bearer realm="jinmen", error="insufficient_scope", scope="{scope}""#),
        _ if status == StatusCode::UNAUTHORIZED => r#"Bearer realm="jinmen""#.to_owned(),
        _ => return None,
    };
    HeaderValue::from_str(&words).ok()
}

fn path_only(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

/// The problem of an answer that a layer gave: body too large, method not there, time out, foreign origin.
fn by_status(status: StatusCode, t: &ui::Words, request: &str) -> Problem {
    let word = match status.as_u16() {
        403 => "origin",
        405 => "method",
        408 => "timeout",
        413 => "too-large",
        415 => "media-type",
        404 => "not-found",
        400 | 422 => "bad-request",
        _ => "internal",
    };
    let code = format!("core.{}", word.replace('-', "_"));
    let detail = match word {
        "too-large" => t.with("problem-too-large-detail", &[("mb", 8_i64.into())]),
        _ => t.of(&format!("problem-core-{word}-detail")),
    };
    Problem {
        kind: format!("/docs/problems#{code}"),
        title: t.of(&format!("problem-core-{word}")),
        status: status.as_u16(),
        detail,
        code,
        instance: request.to_owned(),
        faults: Vec::new(),
    }
}

fn document(status: StatusCode, problem: &Problem) -> Response {
    let mut response = (status, axum::Json(problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

async fn failure_page(app: &App, visit: &Visit, status: StatusCode, problem: Problem) -> Response {
    let mut frame = app.portal_frame(visit, problem.title.clone());
    if let Ok(person) = app.frame_person(visit).await {
        frame.person = person;
    }
    // After a form was sent, its address is not one to come back to.
    let next = visit.path.clone();
    let sign_in = status == StatusCode::NOT_FOUND && visit.session.is_none();
    ui::page(status, &FailurePage { frame, problem, sign_in, next })
}
