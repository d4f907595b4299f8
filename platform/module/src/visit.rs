//! One request: who asks, in which language, from where. Made by a layer before any handler runs, and
//! the layer that draws what went wrong.

use std::net::SocketAddr;
use std::sync::Arc;

use access::{ApiSecret, Presented, Session, Token};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use jinmen_core::{Actor, Error, Locale, Result, SignedIn};
use tokio::sync::OnceCell;

use crate::failure::Failure;
use crate::{App, frame};

const LANGUAGE_COOKIE: &str = "jinmen_language";
const TYPE_COOKIE: &str = "jinmen_type";
const FLASH_COOKIE: &str = "jinmen_flash";

/// One request.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who asks, under which hat.
    pub actor: Actor,
    /// The session behind the cookie.
    pub session: Option<Session>,
    /// The reader's language.
    pub locale: Locale,
    /// Large type was chosen.
    pub large: bool,
    /// Path and query.
    pub path: String,
    /// The network address asked from.
    pub address: String,
    /// The device in a few words.
    pub device: String,
    /// The number of this request, in every log line and error page.
    pub request_id: String,
    /// A script wants part of a page only.
    pub fragment: bool,
    /// A program asks, not a person.
    pub api: bool,
    /// A role of an administrator rests until its account gives a second proof at sign-in.
    pub rests: bool,
    /// It sent a token; then a cookie counts for nothing.
    pub token: bool,
    /// What the last action left to say, as a message key.
    pub flash: Option<String>,
    /// The token that ties an irreversible form to this session.
    pub form_token: String,
    /// What waits, once it was counted.
    pub(crate) waiting: Arc<OnceCell<Waiting>>,
}

/// How much waits for somebody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting {
    /// Open tasks, no more than [`cases::tasks::COUNT_CAP`].
    pub tasks: i64,
    /// Notices not read, capped too.
    pub unread: i64,
}

impl App {
    /// What waits for the visitor; counted once a request, both in one statement.
    pub async fn waiting(&self, visit: &Visit) -> Result<Waiting> {
        let counted = visit.waiting.get_or_try_init(|| async {
            if visit.session.is_none() {
                return Ok::<_, Error>(Waiting::default());
            }
            let mut asked = vec![cases::open_for(&visit.actor)];
            asked.extend(visit.actor.person().map(notify::unread));
            let counts = store::count_each(&self.db, asked).await?;
            let of = |place: usize| counts.get(place).copied().unwrap_or_default();
            Ok(Waiting { tasks: of(0), unread: of(1) })
        });
        counted.await.copied()
    }
}

impl Visit {
    /// An address for a form that must happen once however often it is sent.
    pub fn once(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}once={}", uuid::Uuid::new_v4().simple())
    }

    /// Refuses an irreversible form that was not drawn for this session.
    pub fn check_form_token(&self, token: &str) -> Result<()> {
        if self.form_token.is_empty() || token != self.form_token {
            return Err(Error::conflict("core.form_token"));
        }
        Ok(())
    }

    /// Goes on to another page after something was done, and says so there.
    pub fn done(&self, to: &str, message_key: &str) -> Response {
        let cookie = Cookie::build((FLASH_COOKIE, message_key.to_owned()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .build();
        (CookieJar::new().add(cookie), Redirect::to(to)).into_response()
    }

    /// The session, or the error that asks for one.
    pub fn session(&self) -> Result<&Session> {
        self.session.as_ref().ok_or(Error::SignIn)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Failure(Error::internal("a handler outside the visit layer")))
    }
}

/// The name of the session cookie.
pub fn session_cookie(app: &App) -> &'static str {
    if app.config.https() { "__Host-jinmen" } else { "jinmen" }
}

/// The cookie that opens a session.
pub fn open_cookie(app: &App, token: &Token) -> Cookie<'static> {
    Cookie::build((session_cookie(app), token.expose().to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.https())
        .max_age(time::Duration::days(30))
        .build()
}

/// The cookie that ends a session.
pub fn close_cookie(app: &App) -> Cookie<'static> {
    Cookie::build((session_cookie(app), ""))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.https())
        .max_age(time::Duration::ZERO)
        .build()
}

/// Remembers the language of a visitor.
pub fn language_cookie(locale: Locale) -> Cookie<'static> {
    lasting(LANGUAGE_COOKIE, locale.tag())
}

/// Remembers the type size of a visitor.
pub fn type_cookie(large: bool) -> Cookie<'static> {
    lasting(TYPE_COOKIE, if large { "large" } else { "normal" })
}

fn lasting(name: &'static str, value: &'static str) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").same_site(SameSite::Lax).max_age(time::Duration::days(365)).build()
}

/// Makes the visit, runs the rest, draws what went wrong.
pub(crate) async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let direct = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let visit = match read(&app, &headers, &uri, direct).await {
        Ok(visit) if visit.token => {
            // A browser never sends a token by itself, so a page of elsewhere cannot make it: what tells such pages
            // apart says nothing here.
            request.headers_mut().remove(header::ORIGIN);
            request.headers_mut().remove("sec-fetch-site");
            visit
        }
        Ok(visit) => visit,
        Err(error) => {
            tracing::error!(error = ?error, "A visit could not be read");
            return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    request.extensions_mut().insert(visit.clone());
    let response = match visit.token && visit.actor == Actor::Nobody {
        true => Failure(Error::Token).into_response(),
        false => next.run(request).await,
    };
    let mut response = frame::drawn(&app, &visit, response).await;
    if let Ok(value) = HeaderValue::from_str(&visit.request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let shown = visit.flash.is_some() && !visit.fragment && !response.status().is_redirection();
    if shown {
        let gone = Cookie::build((FLASH_COOKIE, "")).path("/").max_age(time::Duration::ZERO).build();
        return (CookieJar::new().add(gone), response).into_response();
    }
    response
}

async fn read(app: &App, headers: &HeaderMap, uri: &Uri, direct: Option<String>) -> Result<Visit> {
    let cookies = CookieJar::from_headers(headers);
    let cookie = |name: &str| cookies.get(name).map(|cookie| cookie.value().to_owned());
    let path = uri.path_and_query().map_or("/", |full| full.as_str()).to_owned();
    let api = uri.path().starts_with("/api/");
    let bearer = bearer(headers).filter(|_| api);
    let program = match bearer {
        Some(text) => by_token(app, text).await?,
        None => None,
    };
    let mut session = match cookie(session_cookie(app)).as_deref().and_then(Token::presented) {
        Some(token) if bearer.is_none() && !uri.path().starts_with("/assets/") => {
            access::find_session(&app.access, &Presented { token }).await?
        }
        _ => None,
    };
    let rests = session.as_mut().is_some_and(|session| !session.second && rest(app, &mut session.person));
    let person = session.as_ref().map(|session| session.person.clone()).or(program);
    let chosen = person.as_ref().and_then(|person| person.locale);
    let locale = chosen
        .or_else(|| cookie(LANGUAGE_COOKIE).as_deref().and_then(Locale::from_tag))
        .unwrap_or_else(|| Locale::from_accept_language(header_text(headers, header::ACCEPT_LANGUAGE.as_str())));
    let large = match cookie(TYPE_COOKIE) {
        Some(size) => size == "large",
        None => session.as_ref().is_some_and(|session| session.large_type),
    };
    let form_token = session.as_ref().map(|session| app.vault.form_token(&session.id)).unwrap_or_default();
    let is_key = |key: &String| {
        key.len() <= 80 && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    Ok(Visit {
        actor: person.map_or(Actor::Nobody, |person| Actor::Person(Box::new(person))),
        session,
        locale,
        large,
        address: address(app, headers, direct),
        device: device(header_text(headers, header::USER_AGENT.as_str())),
        request_id: uuid::Uuid::now_v7().simple().to_string(),
        fragment: ui::wants_fragment(headers),
        api,
        rests,
        token: bearer.is_some(),
        flash: cookie(FLASH_COOKIE).filter(is_key).filter(|key| !key.is_empty()),
        form_token,
        waiting: Arc::default(),
        path,
    })
}

/// Takes the hats off that rest while the settings demand a second proof of administrators; says whether there were any.
fn rest(app: &App, person: &mut SignedIn) -> bool {
    let demanded = app.settings.read().is_ok_and(|settings| settings.second_factor);
    if !demanded || !person.hats.iter().any(|hat| hat.role.is_separated()) {
        return false;
    }
    person.hats.retain(|hat| !hat.role.is_separated());
    if person.hat.as_ref().is_some_and(|hat| hat.role.is_separated()) {
        person.hat = person.hats.first().cloned();
    }
    true
}

/// The token of an `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = header_text(headers, header::AUTHORIZATION.as_str()).split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who a token stands for; nobody where it is worth nothing.
async fn by_token(app: &App, text: &str) -> Result<Option<SignedIn>> {
    let Some(secret) = ApiSecret::presented(text) else { return Ok(None) };
    match access::find_token(&app.access, &secret).await {
        Ok(mut program) => {
            let rests = !program.second && rest(app, &mut program.person);
            Ok(Some(program.person).filter(|_| !rests))
        }
        Err(Error::Token) => Ok(None),
        Err(other) => Err(other),
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn address(app: &App, headers: &HeaderMap, direct: Option<String>) -> String {
    if !app.config.behind_proxy {
        return direct.unwrap_or_default();
    }
    // Only the last hop was written by our own proxy; what stands before it anybody may have sent.
    let forwarded = header_text(headers, "x-forwarded-for").rsplit(',').next().unwrap_or_default().trim();
    match forwarded.parse::<std::net::IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => direct.unwrap_or_default(),
    }
}

/// A browser and a system in a few words, enough for a person to know their own devices.
fn device(agent: &str) -> String {
    let find = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = find(&[
        ("MicroMessenger", "WeChat"),
        ("wxwork", "WeCom"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = find(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}
