//! The registry's pages.

mod alliance;
mod bulk;
mod claim_desk;
mod claims;
mod dictionary;
mod directory;
pub(crate) mod facts;
mod file;
mod handlers;
pub(crate) mod home;
mod imports;
pub(crate) mod limits;
mod merge;
mod merge_person;
mod organizations;
pub(crate) mod parts;
mod people;
pub(crate) mod proof;
mod report;
pub(crate) mod search;
mod shared;
mod views;

use module::{NavEntry, Routes};

use crate::ops::attach_document::MOST_BYTES;
use crate::permissions as may;

/// A little more than the file itself, for the other fields of its form.
const UPLOAD: usize = MOST_BYTES + 65_536;

/// The menu entries.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry =
        |href, key, icon, permission, order, portal| NavEntry { href, also: &[], key, icon, permission, order, portal };
    vec![
        entry("/work/organizations", "registry-organizations", "building", &may::READ_ORGANIZATION, 10, false),
        entry("/work/people", "registry-people", "users", &may::READ_PERSON, 20, false),
        entry("/work/claims", "registry-claims", "clipboard-check", &may::READ_CLAIM, 25, false),
        entry("/work/imports", "registry-import", "upload", &may::IMPORT, 30, false),
        entry("/organizations", "registry-directory", "building", &may::READ_DIRECTORY, 10, true),
    ]
}

/// The routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    claim_routes(import_routes(people_routes(organization_routes(routes))))
        .get("/organizations", &may::READ_DIRECTORY, directory::list)
        .get("/organizations/{id}", &may::READ_DIRECTORY, directory::page)
        .get("/work/alliance", &may::READ_REPORT, alliance::page)
        .get("/work/alliance/letters/{body}", &may::READ_REPORT, alliance::letters)
        .get("/work/report", &may::READ_REPORT, report::page)
        .get("/work/report.xlsx", &may::READ_REPORT, report::xlsx)
        .get("/work/report/{code}", &may::READ_REPORT, report::figure)
        .get("/work/report/{code}/list.xlsx", &may::READ_REPORT, report::figure_xlsx)
        .post("/work/organizations/{id}/activities", &may::KEEP_ORGANIZATION, report::activity)
        .get("/dictionary", &may::READ_DICTIONARY, dictionary::page)
        .get("/work/files/{id}", &may::OWN_FILE, parts::download)
        .post("/work/files/{id}/remove", &may::OWN_FILE, parts::remove_document)
}

fn organization_routes(routes: Routes) -> Routes {
    let read = &may::READ_ORGANIZATION;
    let edit = &may::EDIT_ORGANIZATION;
    let keep = &may::KEEP_ORGANIZATION;
    routes
        .get("/work/organizations", read, organizations::list)
        .get("/work/organizations.csv", &may::EXPORT, organizations::csv)
        .get("/work/organizations.xlsx", &may::EXPORT, organizations::xlsx)
        .get("/work/organizations.json", &may::EXPORT, organizations::json)
        .get("/work/organizations/new", &may::CREATE_ORGANIZATION, organizations::new)
        .get("/work/organizations/bulk", keep, bulk::ask)
        .post("/work/organizations/bulk", keep, bulk::change)
        .post("/work/organizations/views", &may::SAVE_VIEW, views::save)
        .post("/work/organizations/views/{id}/remove", &may::SAVE_VIEW, views::remove)
        .post("/work/organizations", &may::CREATE_ORGANIZATION, organizations::create)
        .get("/work/organizations/{id}", read, file::page)
        .get("/work/organizations/{id}/edit", edit, organizations::edit)
        .post("/work/organizations/{id}/edit", edit, organizations::update)
        .post("/work/organizations/{id}/listed", edit, organizations::set_listed)
        .get("/work/organizations/{id}/facts", read, facts::organization_form)
        .post("/work/organizations/{id}/facts", read, facts::record_organization)
        .get("/work/organizations/{id}/facts/{key}", read, facts::organization_key)
        .post("/work/organizations/{id}/withdraw/{fact}", edit, facts::withdraw_organization)
        .post("/work/organizations/{id}/relations", keep, parts::add_relation)
        .post("/work/organizations/{id}/relations/{relation}/end", keep, parts::end_relation)
        .post("/work/organizations/{id}/contacts", edit, parts::add_organization_contact)
        .post("/work/organizations/{id}/contacts/{contact}/remove", edit, parts::remove_organization_contact)
        .post("/work/organizations/{id}/contacts/{contact}/reveal", &may::REVEAL, parts::reveal_organization_contact)
        .post("/work/organizations/{id}/affiliations/{affiliation}/end", edit, parts::end_organization_affiliation)
        .upload("/work/organizations/{id}/documents", edit, UPLOAD, parts::upload_organization_document)
        .get("/work/organizations/{id}/handlers", read, handlers::page)
        .post("/work/organizations/{id}/handlers", &may::NAME_HANDLERS, handlers::appoint)
        .post("/work/organizations/{id}/handlers/{grant}/dismiss", &may::NAME_HANDLERS, handlers::dismiss)
        .post("/work/organizations/{id}/claims/{claim}/objection", edit, handlers::object)
        .get("/work/organizations/{id}/merge", &may::MERGE, merge::ask)
        .post("/work/organizations/{id}/merge", &may::MERGE, merge::merge)
        .post("/work/organizations/{id}/merges/{merge}/undo", &may::MERGE, merge::undo)
        .post("/work/organizations/{id}/tags", keep, parts::add_tag)
        .post("/work/organizations/{id}/tags/remove", keep, parts::remove_tag)
        .post("/work/organizations/{id}/comments", read, parts::add_comment)
}

/// One's own file is open to everybody who is signed in; the use cases say whose file it is.
fn people_routes(routes: Routes) -> Routes {
    let own = &may::OWN_FILE;
    routes
        .get("/work/people", &may::READ_PERSON, people::list)
        .get("/work/people/new", &may::EDIT_PERSON, people::new)
        .post("/work/people", &may::EDIT_PERSON, people::create)
        .get("/work/me", own, people::me)
        .post("/work/me/consent", own, people::set_consent)
        .post("/work/me/erasure", own, people::ask_erasure)
        .get("/work/people/{id}", own, people::page)
        .get("/work/people/{id}/merge", &may::MERGE_PERSON, merge_person::ask)
        .post("/work/people/{id}/merge", &may::MERGE_PERSON, merge_person::merge)
        .post("/work/people/{id}/merges/{merge}/undo", &may::MERGE_PERSON, merge_person::undo)
        .get("/work/people/{id}/edit", own, people::edit)
        .post("/work/people/{id}/edit", own, people::update)
        .get("/work/people/{id}/export.json", own, people::export)
        .post("/work/people/{id}/erase", &may::DELETE_PERSON, people::erase)
        .post("/work/people/{id}/resident-id", own, parts::reveal_resident_id)
        .get("/work/people/{id}/facts", own, facts::person_form)
        .post("/work/people/{id}/facts", own, facts::record_person)
        .get("/work/people/{id}/facts/{key}", own, facts::person_key)
        .post("/work/people/{id}/withdraw/{fact}", own, facts::withdraw_person)
        .post("/work/people/{id}/affiliations", &may::EDIT_PERSON, parts::add_affiliation)
        .post("/work/people/{id}/affiliations/{affiliation}/end", own, parts::end_person_affiliation)
        .post("/work/people/{id}/contacts", own, parts::add_person_contact)
        .post("/work/people/{id}/contacts/{contact}/remove", own, parts::remove_person_contact)
        .post("/work/people/{id}/contacts/{contact}/reveal", own, parts::reveal_person_contact)
        .upload("/work/people/{id}/documents", own, UPLOAD, parts::upload_person_document)
}

fn claim_routes(routes: Routes) -> Routes {
    let (own, check, read) = (&may::CLAIM, &may::CHECK_CLAIM, &may::READ_CLAIM);
    routes
        .get("/claim", &may::READ_DIRECTORY, claims::door)
        .post("/claim", own, claims::begin_without)
        .get("/claim/{code}", &may::READ_DIRECTORY, claims::letter)
        .post("/claim/{code}", own, claims::begin)
        .get("/claims", own, claims::mine)
        .get("/claims/{id}", own, claims::own)
        .upload("/claims/{id}", own, 2 * claims::PAPER_BYTES + 65_536, claims::submit)
        .post("/claims/{id}/facts", own, claims::declare)
        .post("/claims/{id}/withdraw", own, claims::withdraw)
        .get("/claims/{id}/authorisation", own, claims::authorisation)
        .get("/claims/papers/{id}", own, claims::paper)
        .get("/work/claims", read, claim_desk::list)
        .post("/work/claims/letters", check, claim_desk::make_letters)
        .get("/work/claims/letters/{batch}", check, claim_desk::print_letters)
        .get("/work/claims/{id}", read, claim_desk::page)
        .post("/work/claims/{id}/decide", check, claim_desk::decide)
        .post("/work/claims/{id}/release", check, claim_desk::release)
        .post("/work/claims/{id}/seen", &may::SEE_CLAIM, claim_desk::seen)
        .post("/work/organizations/{id}/letter", check, claim_desk::make_letter)
        .post("/work/organizations/{id}/letter-sms", check, claim_desk::send_letter)
}

fn import_routes(routes: Routes) -> Routes {
    let import = &may::IMPORT;
    routes
        .get("/work/imports", import, imports::list)
        .upload("/work/imports", import, crate::ops::imports::MOST_BYTES + 65_536, imports::upload)
        .get("/work/imports/template.xlsx", import, imports::template)
        .get("/work/imports/{id}", import, imports::page)
        .post("/work/imports/{id}/mapping", import, imports::map)
        .post("/work/imports/{id}/check", import, imports::check)
        .post("/work/imports/{id}/run", import, imports::run)
        .post("/work/imports/{id}/undo", import, imports::undo)
        .get("/work/imports/{id}/faults.xlsx", import, imports::error_book)
}
