//! The same use cases for programs.

mod claims;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Date, Fault, Object, OrganizationId, Period, PersonId, Text2};
use module::api::{Guarded, PageOut, Paging, Refusals, tagged, version};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use serde_json::Value as RawJson;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::dictionary::{FactKey, Sensitivity, Value, dictionary};
use crate::model::{
    AsOf, Fact, NewFact, Organization, OrganizationDraft, OrganizationFilter, Person, PersonDraft, PersonFilter,
    Source, SubjectFile,
};
use crate::ops::{
    create_organization, create_person, edit_organization, edit_person, list_publicly, read_organization, read_person,
    record_facts,
};
use crate::permissions as may;

/// Adds the operations.
pub(crate) fn routes(routes: Routes) -> Routes {
    claims::routes(routes)
        .api(&may::READ_DICTIONARY, routes!(registry_dictionary))
        .api(&may::READ_DIRECTORY, routes!(registry_directory))
        .api(&may::READ_ORGANIZATION, routes!(registry_organizations))
        .api(&may::CREATE_ORGANIZATION, routes!(registry_create_organization))
        .api(&may::READ_ORGANIZATION, routes!(registry_organization))
        .api(&may::EDIT_ORGANIZATION, routes!(registry_edit_organization))
        .api(&may::EDIT_ORGANIZATION, routes!(registry_list_organization))
        .api(&may::READ_ORGANIZATION, routes!(registry_organization_facts))
        .api(&may::READ_ORGANIZATION, routes!(registry_record_organization_facts))
        .api(&may::READ_PERSON, routes!(registry_people))
        .api(&may::EDIT_PERSON, routes!(registry_create_person))
        .api(&may::OWN_FILE, routes!(registry_person))
        .api(&may::OWN_FILE, routes!(registry_edit_person))
        .api(&may::OWN_FILE, routes!(registry_person_facts))
        .api(&may::OWN_FILE, routes!(registry_record_person_facts))
}

/// A text in both languages.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct NameOut {
    /// Chinese.
    #[schema(example = "天津数聚演示科技有限公司")]
    zh: String,
    /// English, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<String>,
}

impl From<Text2> for NameOut {
    fn from(text: Text2) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// An organisation.
#[derive(Serialize, ToSchema)]
pub struct OrganizationOut {
    /// Its identifier.
    id: String,
    /// Its social credit code.
    #[schema(example = "91120199MA0000001X")]
    uscc: Option<String>,
    /// Its name.
    name: NameOut,
    /// A code of the list `organization_kind`.
    #[schema(example = "enterprise")]
    kind: String,
    /// For societies, a code of the list `society_level`.
    society_level: Option<String>,
    /// A few sentences about it.
    intro: NameOut,
    /// Whether the public sees it.
    listed: bool,
    /// Region, GB/T 2260.
    #[schema(example = "120103")]
    region: Option<String>,
    /// Industry, GB/T 4754-2017.
    #[schema(example = "6513")]
    industry: Option<String>,
    /// Digital-economy class, NBS 2021.
    #[schema(example = "030103")]
    digital_class: Option<String>,
    /// Size class, NBS 2017.
    #[schema(example = "small")]
    size: Option<String>,
    /// The day it was founded.
    #[schema(example = "2016-05-20")]
    founded_on: Option<String>,
    /// How complete the file is, in percent.
    completeness: i64,
    /// The version, to be sent back as If-Match.
    version: i64,
    /// When it last changed.
    updated_at: String,
}

impl From<Organization> for OrganizationOut {
    fn from(one: Organization) -> Self {
        Self {
            id: one.id.text(),
            uscc: one.uscc.map(|code| code.to_string()),
            name: one.name.into(),
            kind: one.kind,
            society_level: one.society_level,
            intro: one.intro.into(),
            listed: one.listed,
            region: one.region,
            industry: one.industry,
            digital_class: one.digital_class,
            size: one.size_class,
            founded_on: one.founded_on.map(|day| day.to_string()),
            completeness: one.completeness,
            version: one.version,
            updated_at: one.updated_at.to_rfc3339(),
        }
    }
}

/// The public directory.
#[utoipa::path(get, path = "/directory", tag = "directory", params(OrganizationFilter, Paging),
    responses((status = 200, body = PageOut<OrganizationOut>, description = "Organisations that agreed to be listed"), Refusals))]
async fn registry_directory(
    State(app): State<App>,
    Query(filter): Query<OrganizationFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<OrganizationOut>>> {
    let page = read_organization::directory(&app, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Organisations that one may read.
#[utoipa::path(get, path = "/organizations", tag = "organizations", params(OrganizationFilter, Paging),
    responses((status = 200, body = PageOut<OrganizationOut>, description = "In the order of their names"), Refusals))]
async fn registry_organizations(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<OrganizationFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<OrganizationOut>>> {
    let page = read_organization::list(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Open a file for an organisation.
#[utoipa::path(post, path = "/organizations", tag = "organizations", request_body = OrganizationDraft,
    responses((status = 201, body = OrganizationOut, description = "Opened; Location says where", headers(("location" = String))), Refusals))]
async fn registry_create_organization(
    State(app): State<App>,
    visit: Visit,
    Json(draft): Json<OrganizationDraft>,
) -> Answer {
    let id = create_organization::create_organization(&app, &visit.actor, &draft).await?;
    let one = read_organization::get(&app, &visit.actor, id).await?;
    let location = [(header::LOCATION, format!("/api/v1/organizations/{id}"))];
    Ok((StatusCode::CREATED, location, tagged(one.version, OrganizationOut::from(one))).into_response())
}

/// One organisation.
#[utoipa::path(get, path = "/organizations/{id}", tag = "organizations", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = OrganizationOut, description = "With its ETag", headers(("etag" = String))), Refusals))]
async fn registry_organization(State(app): State<App>, visit: Visit, Path(id): Path<OrganizationId>) -> Answer {
    let one = read_organization::get(&app, &visit.actor, id).await?;
    Ok(tagged(one.version, OrganizationOut::from(one)))
}

/// Change what identifies an organisation. Needs If-Match with the ETag that was read.
#[utoipa::path(put, path = "/organizations/{id}", tag = "organizations", request_body = OrganizationDraft,
    params(("id" = String, Path, description = "Its identifier"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = OrganizationOut, description = "Changed"), Refusals, Guarded))]
async fn registry_edit_organization(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    headers: HeaderMap,
    Json(draft): Json<OrganizationDraft>,
) -> Answer {
    edit_organization::edit_organization(&app, &visit.actor, id, version(&headers)?, &draft).await?;
    let one = read_organization::get(&app, &visit.actor, id).await?;
    Ok(tagged(one.version, OrganizationOut::from(one)))
}

/// Whether the public sees an organisation.
#[derive(Deserialize, ToSchema)]
pub struct ListedIn {
    /// True to show it.
    listed: bool,
}

/// Show an organisation to the public, or not any more.
#[utoipa::path(put, path = "/organizations/{id}/listed", tag = "organizations", request_body = ListedIn,
    params(("id" = String, Path, description = "Its identifier")),
    responses((status = 204, description = "Done"), Refusals))]
async fn registry_list_organization(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Json(input): Json<ListedIn>,
) -> Answer<StatusCode> {
    list_publicly::list_publicly(&app, &visit.actor, id, input.listed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A fact.
#[derive(Serialize, ToSchema)]
pub struct FactOut {
    /// Its identifier.
    id: String,
    /// Its key in the dictionary.
    #[schema(example = "annual_revenue")]
    key: String,
    /// Its value as `{"v": …}`: fen for money, `7/200` for ratios; nothing where the reader may not see it.
    #[schema(value_type = Object, example = json!({"v": 125_000_000}))]
    value: Option<RawJson>,
    /// The first day for which it is true.
    #[schema(example = "2025-01-01")]
    true_from: Option<String>,
    /// The last day.
    #[schema(example = "2025-12-31")]
    true_until: Option<String>,
    /// From whom.
    source: Source,
    /// More about the source.
    source_note: String,
    /// When it was learned.
    recorded_at: String,
    /// Since when it is no longer held.
    withdrawn_at: Option<String>,
}

/// Both times of a question, and whether all facts are wanted instead.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct FactsAsked {
    /// True on this day; today unless given.
    #[param(example = "2024-06-30")]
    day: Option<String>,
    /// As known at the end of this day; now unless given.
    #[param(example = "2024-12-31")]
    known: Option<String>,
    /// True for everything that was ever recorded.
    all: Option<bool>,
}

impl FactsAsked {
    fn as_of(&self, app: &App) -> Result<AsOf, Fault> {
        let read = |field: &str, text: &Option<String>| match text {
            Some(text) => Date::from_iso(text).map(Some).map_err(|fault| Fault::of(field, &fault)),
            None => Ok(None),
        };
        let day = read("day", &self.day)?.unwrap_or_else(|| app.clock.today());
        let now = app.clock.now();
        let known = match read("known", &self.known)? {
            Some(day) => jinmen_core::Instant::start_of(day).plus_seconds(86_400).min(now),
            None => now,
        };
        Ok(AsOf { day, known })
    }
}

fn facts_out(
    file: &SubjectFile,
    subject: &str,
    asked: &FactsAsked,
    as_of: AsOf,
    hides: impl Fn(&FactKey) -> bool,
) -> Vec<FactOut> {
    let mut out = Vec::new();
    for key in dictionary().of_subject(subject) {
        let facts: Vec<&Fact> = match (asked.all.unwrap_or(false), key.by_year) {
            (true, _) => file.all(&key.key),
            (false, true) => file.series(&key.key, as_of).into_iter().map(|(_, fact)| fact).collect(),
            (false, false) => file.current(&key.key, as_of).into_iter().collect(),
        };
        out.extend(facts.into_iter().map(|fact| FactOut {
            id: fact.id.text(),
            key: key.key.clone(),
            value: fact.value.as_ref().filter(|_| !hides(key)).map(Value::to_json),
            true_from: fact.period.from().map(|day| day.to_string()),
            true_until: fact.period.until().map(|day| day.to_string()),
            source: fact.source,
            source_note: fact.source_note.clone(),
            recorded_at: fact.recorded_at.to_rfc3339(),
            withdrawn_at: fact.withdrawn_at.map(|at| at.to_rfc3339()),
        }));
    }
    out
}

/// What is known about an organisation, as of two times.
#[utoipa::path(get, path = "/organizations/{id}/facts", tag = "organizations", params(("id" = String, Path, description = "Its identifier"), FactsAsked),
    responses((status = 200, body = Vec<FactOut>, description = "In the order of the dictionary"), Refusals))]
async fn registry_organization_facts(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Query(asked): Query<FactsAsked>,
) -> Answer<axum::Json<Vec<FactOut>>> {
    let as_of = asked.as_of(&app)?;
    let (file, sees_restricted) = read_organization::facts(&app, &visit.actor, id).await?;
    let hides = |key: &FactKey| key.sensitivity == Sensitivity::Restricted && !sees_restricted;
    Ok(axum::Json(facts_out(&file, "organization", &asked, as_of, hides)))
}

/// What is known about a person, as of two times.
#[utoipa::path(get, path = "/people/{id}/facts", tag = "people", params(("id" = String, Path, description = "Their identifier"), FactsAsked),
    responses((status = 200, body = Vec<FactOut>, description = "In the order of the dictionary"), Refusals))]
async fn registry_person_facts(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    Query(asked): Query<FactsAsked>,
) -> Answer<axum::Json<Vec<FactOut>>> {
    let as_of = asked.as_of(&app)?;
    let file = read_person::file(&app, &visit.actor, id, as_of).await?;
    Ok(axum::Json(facts_out(&file.facts, "person", &asked, as_of, |_| false)))
}

/// A fact to be added.
#[derive(Deserialize, ToSchema)]
pub struct FactIn {
    /// Its key in the dictionary.
    #[schema(example = "annual_revenue")]
    key: String,
    /// Its value as people write it (`1250万元`, `3.5%`, a code or its Chinese name).
    #[schema(example = "1250万元")]
    value: String,
    /// For a series, the calendar year.
    #[schema(example = 2025)]
    year: Option<i16>,
    /// `self_declared` unless given; `verified` for those who may verify.
    #[schema(example = "self_declared")]
    source: Option<String>,
    /// More about the source.
    #[serde(default)]
    #[schema(example = "2025 年度审计报告")]
    source_note: String,
}

impl FactIn {
    fn parse(&self, at: usize, today: Date) -> Result<NewFact, Fault> {
        let field = |name: &str| format!("{at}.{name}");
        let key = dictionary().get(&self.key).ok_or_else(|| Fault::at(&field("key"), "registry.fact_key"))?;
        let wrong = |mut fault: Fault| {
            fault.field = Some(field("value"));
            fault
        };
        let value = Value::parse(key, &self.value).map_err(wrong)?;
        key.check(&value, today).map_err(wrong)?;
        let period = match (key.by_year, self.year) {
            (true, Some(year)) => Period::year(year).map_err(|fault| Fault::of(&field("year"), &fault))?,
            (true, None) => return Err(Fault::at(&field("year"), "core.required")),
            (false, _) => Period::ALWAYS,
        };
        let source = match self.source.as_deref() {
            None => Source::SelfDeclared,
            Some(code) => Source::from_code(code).ok_or_else(|| Fault::at(&field("source"), "core.choice"))?,
        };
        let note = crate::model::line(&field("source_note"), &self.source_note, 200)?.unwrap_or_default();
        Ok(NewFact { key, value, period, source, source_note: note, source_object: None })
    }
}

async fn record(app: &App, visit: &Visit, subject: Object, facts: &[FactIn]) -> Answer<Response> {
    let mut faults = jinmen_core::Faults::new();
    let today = app.clock.today();
    let facts: Vec<NewFact> =
        facts.iter().enumerate().filter_map(|(at, fact)| faults.take(fact.parse(at, today))).collect();
    faults.check()?;
    let ids = record_facts::record_facts(app, &visit.actor, &subject, facts).await?;
    let ids: Vec<String> = ids.into_iter().map(|id| id.text()).collect();
    Ok((StatusCode::CREATED, axum::Json(ids)).into_response())
}

/// Add facts to an organisation's file, all or none.
#[utoipa::path(post, path = "/organizations/{id}/facts", tag = "organizations", request_body = Vec<FactIn>,
    params(("id" = String, Path, description = "Its identifier")),
    responses((status = 201, body = Vec<String>, description = "Identifiers of the new facts"), Refusals))]
async fn registry_record_organization_facts(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Json(facts): Json<Vec<FactIn>>,
) -> Answer {
    record(&app, &visit, id.into(), &facts).await
}

/// Add facts to a person's file, all or none.
#[utoipa::path(post, path = "/people/{id}/facts", tag = "people", request_body = Vec<FactIn>,
    params(("id" = String, Path, description = "Their identifier")),
    responses((status = 201, body = Vec<String>, description = "Identifiers of the new facts"), Refusals))]
async fn registry_record_person_facts(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    Json(facts): Json<Vec<FactIn>>,
) -> Answer {
    record(&app, &visit, id.into(), &facts).await
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct PersonOut {
    /// Their identifier.
    id: String,
    /// Their name.
    name: NameOut,
    /// One line about them.
    headline: NameOut,
    /// Whether an identity number is kept, sealed.
    has_resident_id: bool,
    /// Appointed as an expert.
    expert: bool,
    /// How complete the file is, in percent.
    completeness: i64,
    /// The version, to be sent back as If-Match.
    version: i64,
}

impl From<Person> for PersonOut {
    fn from(one: Person) -> Self {
        Self {
            id: one.id.text(),
            name: one.name.into(),
            headline: one.headline.into(),
            has_resident_id: one.has_resident_id,
            expert: one.expert,
            completeness: one.completeness,
            version: one.version,
        }
    }
}

/// People whose files one may read.
#[utoipa::path(get, path = "/people", tag = "people", params(PersonFilter, Paging),
    responses((status = 200, body = PageOut<PersonOut>, description = "In the order of their names"), Refusals))]
async fn registry_people(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<PersonFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<PersonOut>>> {
    let page = read_person::list(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

async fn person(app: &App, visit: &Visit, id: PersonId) -> Answer<Person> {
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    Ok(read_person::file(app, &visit.actor, id, as_of).await?.person)
}

/// Open a file for a person.
#[utoipa::path(post, path = "/people", tag = "people", request_body = PersonDraft,
    responses((status = 201, body = PersonOut, description = "Opened; Location says where", headers(("location" = String))), Refusals))]
async fn registry_create_person(State(app): State<App>, visit: Visit, Json(draft): Json<PersonDraft>) -> Answer {
    let id = create_person::create_person(&app, &visit.actor, &draft).await?;
    let one = person(&app, &visit, id).await?;
    let location = [(header::LOCATION, format!("/api/v1/people/{id}"))];
    Ok((StatusCode::CREATED, location, tagged(one.version, PersonOut::from(one))).into_response())
}

/// One person.
#[utoipa::path(get, path = "/people/{id}", tag = "people", params(("id" = String, Path, description = "Their identifier")),
    responses((status = 200, body = PersonOut, description = "With its ETag", headers(("etag" = String))), Refusals))]
async fn registry_person(State(app): State<App>, visit: Visit, Path(id): Path<PersonId>) -> Answer {
    let one = person(&app, &visit, id).await?;
    Ok(tagged(one.version, PersonOut::from(one)))
}

/// Change what identifies a person. Needs If-Match with the ETag that was read.
#[utoipa::path(put, path = "/people/{id}", tag = "people", request_body = PersonDraft,
    params(("id" = String, Path, description = "Their identifier"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = PersonOut, description = "Changed"), Refusals, Guarded))]
async fn registry_edit_person(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    headers: HeaderMap,
    Json(draft): Json<PersonDraft>,
) -> Answer {
    edit_person::edit_person(&app, &visit.actor, id, version(&headers)?, &draft).await?;
    let one = person(&app, &visit, id).await?;
    Ok(tagged(one.version, PersonOut::from(one)))
}

/// A key of the fact dictionary.
#[derive(Serialize, ToSchema)]
pub struct KeyOut {
    /// The key.
    #[schema(example = "annual_revenue")]
    key: String,
    /// `organization` or `person`.
    #[schema(example = "organization")]
    subject: &'static str,
    /// The group it is shown in.
    #[schema(example = "scale")]
    group: String,
    /// Its name.
    label: NameOut,
    /// money, integer, ratio, date, code, boolean, text or records.
    #[schema(example = "money")]
    kind: &'static str,
    /// For codes, the list.
    list: Option<String>,
    /// Whether a value is true for one calendar year.
    by_year: bool,
    /// The unit, empty if there is none.
    #[schema(example = "元")]
    unit: String,
    /// How many days a value stays fresh; nothing for ever.
    fresh_days: Option<u32>,
    /// public, internal, restricted, personal or sensitive.
    #[schema(example = "restricted")]
    sensitivity: &'static str,
}

/// The fact dictionary.
#[utoipa::path(get, path = "/dictionary", tag = "dictionary", responses((status = 200, body = Vec<KeyOut>, description = "Every key of a fact"), Refusals))]
async fn registry_dictionary() -> axum::Json<Vec<KeyOut>> {
    let keys = ["organization", "person"].into_iter().flat_map(|subject| dictionary().of_subject(subject));
    axum::Json(
        keys.map(|key| KeyOut {
            key: key.key.clone(),
            subject: key.subject.code(),
            group: key.group.clone(),
            label: Text2::both(key.label(jinmen_core::Locale::ZhCn), key.label(jinmen_core::Locale::En)).into(),
            kind: key.kind.code(),
            list: key.list.clone(),
            by_year: key.by_year,
            unit: key.unit.clone(),
            fresh_days: key.fresh_days,
            sensitivity: key.sensitivity.code(),
        })
        .collect(),
    )
}
