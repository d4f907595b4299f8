//! Pages of calls: the public's, the applicant's, the office's.

mod auto_grant;
mod designer;
mod desk;
mod fill;
mod notices;
mod offers;
mod own;
pub(crate) mod public;
mod queue;
pub(crate) mod shown;
pub(crate) mod taken;

use jinmen_core::Result;
use module::{App, Found, NavEntry, NextStep, Routes, Visit};

use crate::ops::papers::MOST_BYTES;
use crate::permissions as may;

/// A little more than the file itself, for the other fields of its form.
const UPLOAD: usize = MOST_BYTES as usize + 65_536;

/// The evidence of an objection.
const EVIDENCE: usize = crate::ops::objection::FILES_MOST * crate::ops::objection::FILE_BYTES as usize + 65_536;

/// Which part of an application's page is shown.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(crate) struct Part {
    tab: String,
}

/// The menu entries.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry =
        |href, key, icon, permission, order, portal| NavEntry { href, also: &[], key, icon, permission, order, portal };
    vec![
        entry("/calls", "calls-public", "clipboard-list", &may::PUBLIC, 15, true),
        entry("/public-notices", "calls-notices", "clipboard-check", &may::PUBLIC, 16, true),
        entry("/work/calls", "calls-desk", "clipboard-list", &may::READ, 12, false).also(&["/work/auto-grants"]),
        entry("/work/applications", "calls-queue", "inbox", &may::READ, 11, false),
        entry("/work/public-notices", "calls-notices", "clipboard-check", &may::READ, 13, false),
        entry("/work/own-applications", "calls-own", "clipboard-list", &may::OWN, 6, false)
            .also(&["/work/own-auto-grants"]),
    ]
}

/// The routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    let (read, write, process) = (&may::READ, &may::WRITE, &may::PROCESS);
    let (own, apply) = (&may::OWN, &may::APPLY);
    routes
        .get("/calls", &may::PUBLIC, public::list)
        .get("/calls/{id}", &may::PUBLIC, public::page)
        .get("/call-files/{id}", &may::PUBLIC, public::file)
        .get("/public-notices", &may::PUBLIC, notices::list)
        .get("/public-notices/{id}", &may::PUBLIC, notices::page)
        .upload("/public-notices/{id}/objections", &may::OBJECT, EVIDENCE, notices::object)
        .get("/work/public-notices", read, notices::desk_list)
        .get("/work/public-notices/{id}", read, notices::desk)
        .post("/work/public-notices/{id}/lines/{application}", process, notices::decide)
        .get("/work/calls/{id}/notice", process, notices::new)
        .post("/work/calls/{id}/notice", process, notices::begin)
        .get("/work/calls/{id}/auto-grant", read, auto_grant::of_call)
        .post("/work/calls/{id}/auto-grant", process, auto_grant::start)
        .get("/work/auto-grants/{id}", read, auto_grant::page)
        .get("/work/auto-grants/{id}/lines/{line}", read, auto_grant::line)
        .post("/work/auto-grants/{id}/remove", process, auto_grant::remove)
        .post("/work/auto-grants/{id}/ask", process, auto_grant::ask)
        .post("/work/auto-grants/{id}/close", process, auto_grant::close)
        .get("/work/auto-grants/{id}/payments.csv", &may::EXPORT, auto_grant::csv)
        .get("/work/auto-grants/{id}/payments.xlsx", &may::EXPORT, auto_grant::xlsx)
        .get("/work/own-auto-grants/{id}", own, offers::page)
        .post("/work/own-auto-grants/{id}/accept", apply, offers::accept)
        .post("/work/own-auto-grants/{id}/decline", apply, offers::decline)
        .post("/work/objections/{id}/answer", process, notices::answer)
        .post("/work/objections/{id}/who", process, notices::who)
        .get("/work/objection-files/{id}", read, notices::evidence)
        .get("/work/calls", read, desk::list)
        .get("/work/calls/new", write, desk::begin_from)
        .get("/work/calls/new/{template}", write, desk::new)
        .post("/work/calls/new/{template}", write, desk::begin)
        .get("/work/calls/{id}", read, desk::page)
        .get("/work/calls/{id}/text", write, desk::text)
        .post("/work/calls/{id}/text", write, desk::rewrite)
        .get("/work/calls/{id}/setup", write, desk::setup)
        .post("/work/calls/{id}/setup", write, desk::arrange)
        .get("/work/calls/{id}/form", write, designer::page)
        .post("/work/calls/{id}/form", write, designer::keep)
        .get("/work/calls/{id}/form/{field}", write, designer::field)
        .post("/work/calls/{id}/form/{field}", write, designer::put)
        .post("/work/calls/{id}/publish", write, desk::publish)
        .get("/work/calls/{id}/close", write, desk::close_form)
        .post("/work/calls/{id}/close", write, desk::close)
        .post("/work/calls/{id}/clone", write, desk::clone)
        .upload("/work/calls/{id}/files", write, UPLOAD, desk::attach)
        .get("/work/call-files/{id}", read, desk::file)
        .post("/work/call-files/{id}/remove", write, desk::detach)
        .get("/work/calls/{id}/applications.csv", &may::EXPORT, taken::csv)
        .get("/work/calls/{id}/applications.xlsx", &may::EXPORT, taken::xlsx)
        .get("/work/calls/{id}/applications.json", &may::EXPORT, taken::json)
        .get("/work/calls/{id}/files.zip", &may::EXPORT, taken::zip)
        .get("/work/applications", read, queue::list)
        .post("/work/applications/bulk", process, queue::bulk)
        .get("/work/applications/{id}", read, queue::page)
        .get("/work/applications/{id}/print", read, queue::print)
        .post("/work/applications/{id}/steps/{step}", process, queue::act)
        .post("/work/applications/{id}/return", process, queue::send_back)
        .post("/work/applications/{id}/say", process, queue::say)
        .post("/work/applications/{id}/hand", process, queue::hand)
        .post("/work/applications/{id}/archive", &may::EXPORT, taken::archive)
        .get("/work/applications/{id}/archive.zip", &may::EXPORT, taken::bundle)
        .get("/work/application-files/{id}", read, queue::file)
        .get("/work/own-applications", own, own::list)
        .post("/work/own-applications", apply, own::begin)
        .get("/work/own-applications/{id}", own, own::page)
        .get("/work/own-applications/{id}/form", apply, fill::page)
        .post("/work/own-applications/{id}/form", apply, fill::keep)
        .put("/work/own-applications/{id}/answers", apply, fill::save)
        .post("/work/own-applications/{id}/submit", apply, own::submit)
        .post("/work/own-applications/{id}/withdraw", apply, own::withdraw)
        .post("/work/own-applications/{id}/say", apply, own::say)
        .post("/work/own-applications/{id}/team", apply, own::join)
        .post("/work/own-applications/{id}/team/{person}/remove", apply, own::leave)
        .upload("/work/own-applications/{id}/files/{field}", apply, UPLOAD, fill::attach)
        .get("/work/own-applications/{id}/print", own, own::print)
        .get("/work/own-application-files/{id}", own, own::file)
        .post("/work/own-application-files/{id}/remove", apply, fill::detach)
}

/// What the one search field finds among calls that are out.
pub(crate) async fn found(app: &App, typed: &str) -> Result<Vec<Found>> {
    public::found(app, typed).await
}

/// What one may sensibly do next.
pub(crate) fn next_steps(visit: &Visit) -> Vec<NextStep> {
    let step =
        |title_key, hint_key, href: &str| NextStep { title_key, hint_key, href: href.into(), icon: "clipboard-list" };
    let may_apply = visit.actor.may_somewhere(&may::APPLY).is_ok();
    if may_apply && (visit.actor.organization().is_some() || visit.actor.person().is_some()) {
        return vec![step("calls-step-apply", "calls-step-apply-hint", "/calls?phase=open")];
    }
    if visit.actor.organization().is_some() && visit.actor.may_somewhere(&may::WRITE).is_ok() {
        return vec![step("calls-step-new", "calls-step-new-hint", "/work/calls/new")];
    }
    Vec::new()
}
