//! The pages: each handler reads what was sent, calls one use case and answers.

mod account;
mod account_file;
mod accounts;
mod code;
mod demo;
mod deputies;
mod docs;
mod drafts;
mod home;
mod inbox;
mod invitation;
mod jobs;
mod link;
mod log;
mod openapi;
mod portal;
mod queue;
mod record;
mod remember;
mod search;
mod second;
mod session;
mod settings;
mod tasks;
mod texts;
mod tokens;

use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use jinmen_core::{Fault, PageRequest};
use module::Routes;
use serde::Deserialize;

use crate::permissions::{
    ACCOUNT_EDIT, ACCOUNTS, DECISIONS, OWN_ACCESS, PORTAL, QUEUE, RECORD, ROLES, SECURITY, SETTINGS, SIGN_IN, WORK,
};

pub(crate) use self::jobs::news;
pub(crate) use self::record::what;

/// Adds the pages.
pub fn routes(routes: Routes) -> Routes {
    administration(workplace(portal(routes)))
}

fn portal(routes: Routes) -> Routes {
    routes
        .get("/", &PORTAL, portal::show)
        .get("/search", &PORTAL, search::show)
        .get("/sign-in", &PORTAL, session::show)
        .post("/sign-in", &SIGN_IN, session::sign_in)
        .post("/sign-in/second", &SIGN_IN, second::enter)
        .post("/sign-in/code", &PORTAL, code::ask_to_enter)
        .post("/sign-in/code/enter", &PORTAL, code::enter)
        .get("/l/{token}", &PORTAL, link::show)
        .post("/l/{token}", &PORTAL, link::ask)
        .post("/sign-out", &PORTAL, session::sign_out)
        .get("/language/{tag}", &PORTAL, remember::language)
        .get("/type-size/{size}", &PORTAL, remember::type_size)
        .get("/invitation/{token}", &PORTAL, invitation::show)
        .post("/invitation/{token}", &PORTAL, invitation::accept)
        .post("/demo/enter", &PORTAL, demo::enter)
        .get("/privacy", &PORTAL, texts::privacy)
        .get("/accessibility", &PORTAL, texts::accessibility)
        .get("/help", &PORTAL, texts::help)
        .get("/docs/api", &PORTAL, docs::api)
        .get("/docs/problems", &PORTAL, docs::problems)
        .get("/api/v1/openapi.json", &PORTAL, docs::openapi)
        .get("/.well-known/jinmen/keys", &PORTAL, log::keys)
        .get("/record/checkpoint", &PORTAL, log::checkpoint)
        .get("/record/tile/{*path}", &PORTAL, log::tiles)
        .get("/record/proof/{number}", &PORTAL, log::proof)
}

fn workplace(routes: Routes) -> Routes {
    routes
        .get("/work", &WORK, home::show)
        .get(module::MORE, &WORK, home::more)
        .get("/work/tasks", &WORK, tasks::show)
        .post("/hat", &WORK, session::change_hat)
        .get("/inbox", &WORK, inbox::show)
        .post("/inbox/read-all", &WORK, inbox::read_all)
        .post("/inbox/{id}/read", &WORK, inbox::read)
        .get("/inbox/preferences", &WORK, inbox::preferences)
        .post("/inbox/preferences", &WORK, inbox::decide)
        .get("/account", &WORK, account::show)
        .post("/account/password", &WORK, account::change_password)
        .post("/account/mobile", &WORK, code::ask_to_bind)
        .post("/account/mobile/confirm", &WORK, code::bind)
        .post("/account/devices/{id}/revoke", &WORK, account::revoke_device)
        .get("/account/second-factor", &OWN_ACCESS, second::show)
        .post("/account/second-factor", &OWN_ACCESS, second::set)
        .post("/account/second-factor/codes", &OWN_ACCESS, second::renew)
        .post("/account/second-factor/off", &OWN_ACCESS, second::remove)
        .get("/account/tokens", &OWN_ACCESS, tokens::show)
        .post("/account/tokens", &OWN_ACCESS, tokens::make)
        .post("/account/tokens/{id}/revoke", &OWN_ACCESS, tokens::revoke)
        .get("/account/deputies", &WORK, deputies::show)
        .post("/account/deputies", &WORK, deputies::appoint)
        .post("/account/deputies/{grant}/dismiss", &WORK, deputies::dismiss)
        .put("/work/drafts/{*key}", &WORK, drafts::save)
        .get("/work/jobs/{id}", &WORK, jobs::show)
        .get("/work/jobs/{id}/events", &WORK, jobs::events)
        .post("/work/jobs/{id}/cancel", &WORK, jobs::cancel)
}

fn administration(routes: Routes) -> Routes {
    routes
        .get("/work/accounts", &ACCOUNTS, accounts::show)
        .get("/work/accounts/new", &ACCOUNT_EDIT, accounts::ask)
        .post("/work/accounts/new", &ACCOUNT_EDIT, accounts::open)
        .get("/work/accounts/{id}", &ACCOUNTS, account_file::show)
        .post("/work/accounts/{id}/roles", &ROLES, account_file::give)
        .post("/work/accounts/{id}/roles/{grant}/revoke", &ROLES, account_file::revoke)
        .post("/work/accounts/{id}/state", &ACCOUNT_EDIT, account_file::set_state)
        .post("/work/accounts/{id}/invitation", &ACCOUNT_EDIT, account_file::invite)
        .post("/work/accounts/{id}/second-factor/reset", &ACCOUNT_EDIT, account_file::reset_second)
        .get("/work/settings/sign-in", &SECURITY, settings::security)
        .post("/work/settings/sign-in", &SECURITY, settings::secure)
        .get("/work/settings", &SETTINGS, settings::show)
        .post("/work/settings", &SETTINGS, settings::change)
        .get("/work/settings/decisions", &DECISIONS, settings::decisions)
        .post("/work/settings/decisions", &DECISIONS, settings::decide)
        .get("/work/queue", &QUEUE, queue::show)
        .post("/work/queue/{id}/retry", &QUEUE, queue::retry)
        .get("/work/record", &RECORD, record::show)
        .get("/work/record.csv", &RECORD, record::csv)
        .get("/work/record.xlsx", &RECORD, record::xlsx)
        .get("/work/record.json", &RECORD, record::json)
}

/// Where to come back to.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Next {
    next: String,
}

/// A form with nothing but the session's token.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Token {
    form_token: String,
}

/// Which page of a list.
#[derive(Deserialize, Default)]
#[serde(default)]
struct After {
    after: String,
}

/// Rows of a list page.
const ROWS: u32 = 30;

fn request(after: &str) -> PageRequest {
    PageRequest { after: Some(after.to_owned()).filter(|after| !after.is_empty()), limit: Some(ROWS) }
}

/// The row below a list: back to its beginning, on to what follows. `filters` are kept.
fn pager(path: &str, filters: &[(&str, &str)], after: &str, next: Option<&str>) -> ui::Pager {
    let on = next.map(|next| {
        let mut pairs = filters.to_vec();
        pairs.push(("after", next));
        crate::address::with_query(path, &pairs)
    });
    ui::Pager {
        previous: (!after.is_empty()).then(|| crate::address::with_query(path, filters)),
        next: on,
        count: None,
    }
}

/// On to another page with cookies.
fn with_cookies(cookies: impl IntoIterator<Item = Cookie<'static>>, to: &str) -> Response {
    let jar = cookies.into_iter().fold(CookieJar::new(), CookieJar::add);
    (jar, Redirect::to(to)).into_response()
}

/// The faults of an error that a form can show; other errors go on to their own page.
fn faults(error: jinmen_core::Error) -> Result<Vec<Fault>, module::Failure> {
    match error {
        jinmen_core::Error::Invalid(faults) => Ok(faults),
        other => Err(module::Failure(other)),
    }
}

/// JSON as text that a person may read.
fn json_text(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A path that another module kept; anything else leads nowhere.
fn local(path: &str) -> String {
    crate::address::same_site(path, "/work")
}
