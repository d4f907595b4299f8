//! The list of organisations, its exports, opening and changing a file.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Count, OrganizationId, PageRequest};
use module::{Answer, App, Form as FormBody, Path, Query, Visit, export};
use serde::Deserialize;
use serde_json::{Value, json};
use ui::{Badge, Cell, Chip, Column, Empty, Field, Form, Link, Pager, Row, Table, Tone, Toolbar, Words};

use super::shared::{ListPage, Rows, again, choices, encoded, form_page, frame, pairs, query_without};
use crate::dictionary::dictionary;
use crate::model::{Organization, OrganizationDraft, OrganizationFilter};
use crate::ops::{create_organization, edit_organization, list_publicly, read_organization};
use crate::permissions;

pub(crate) const PATH: &str = "/work/organizations";

/// The list of organisations that one may read.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<OrganizationFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let (rows, count) = read_organization::list_and_count(&app, &visit.actor, &filter, &page).await?;
    let may_create = visit.actor.may_somewhere(&permissions::CREATE_ORGANIZATION).is_ok();
    let view = ListPage {
        toolbar: toolbar(&t, &visit, &filter, may_create),
        above: super::views::above(&app, &t, &visit, &pairs(&filter)).await?,
        table: table(&t, &rows.items, may_create),
        pager: pager(PATH, &pairs(&filter), &page, rows.next, count),
        frame: frame(&app, &visit, t.of("registry-organizations"), &[]).await?,
    };
    let fragment = Rows { frame: &view.frame, table: &view.table, pager: &view.pager };
    Ok(if visit.fragment { ui::page(StatusCode::OK, &fragment) } else { ui::page(StatusCode::OK, &view) })
}

/// Links to the first and the next page.
pub(crate) fn pager(
    path: &str,
    query: &[(String, String)],
    page: &PageRequest,
    next: Option<String>,
    count: Count,
) -> Pager {
    let base = query_without(query, &["after"]);
    let link = |after: Option<&str>| match (base.is_empty(), after) {
        (true, None) => path.to_owned(),
        (true, Some(after)) => format!("{path}?after={after}"),
        (false, None) => format!("{path}?{base}"),
        (false, Some(after)) => format!("{path}?{base}&after={after}"),
    };
    let inside = page.after.as_deref().is_some_and(|after| !after.is_empty());
    Pager { previous: inside.then(|| link(None)), next: next.map(|after| link(Some(&after))), count: Some(count) }
}

fn toolbar(t: &Words, visit: &Visit, filter: &OrganizationFilter, may_create: bool) -> Toolbar {
    let select = |name: &str, label: &str, list: &str, value: &Option<String>| {
        Field::select(name, t.of(label), choices(list, t.locale)).value(value.clone().unwrap_or_default())
    };
    let code = |name: &str, label: &str, list: &str, value: &Option<String>| {
        Field::code(name, t.of(label), list).value(value.clone().unwrap_or_default())
    };
    let yes_no = || vec![ui::Choice::new("yes", t.of("registry-yes")), ui::Choice::new("no", t.of("registry-no"))];
    let query = pairs(filter);
    let mut others = Vec::new();
    if visit.actor.may_somewhere(&permissions::IMPORT).is_ok() {
        others.push(Link::new(t.of("registry-import"), "/work/imports").icon("upload"));
    }
    let may_export = visit.actor.may_somewhere(&permissions::EXPORT).is_ok();
    let exports = if may_export { Toolbar::exports_of(PATH, &query_without(&query, &[])) } else { Vec::new() };
    Toolbar {
        action: PATH.into(),
        filters: vec![
            Field::new(ui::FieldKind::Search, "q", t.of("registry-filter-q"))
                .value(filter.q.clone().unwrap_or_default()),
            select("kind", "registry-filter-kind", "organization_kind", &filter.kind),
            select("grade", "registry-filter-grade", "member_grade", &filter.grade),
        ],
        more: vec![
            code("region", "registry-filter-region", "region", &filter.region),
            code("industry", "registry-filter-industry", "industry", &filter.industry),
            code("digital_class", "registry-filter-digital", "digital_economy", &filter.digital_class),
            select("size", "registry-filter-size", "enterprise_size", &filter.size),
            Field::text("tag", t.of("registry-filter-tag")).value(filter.tag.clone().unwrap_or_default()),
            Field::select("listed", t.of("registry-filter-listed"), yes_no())
                .value(filter.listed.clone().unwrap_or_default()),
            Field::select("claimed", t.of("registry-filter-claimed"), yes_no())
                .value(filter.claimed.clone().unwrap_or_default()),
            Field::integer("below", t.of("registry-filter-below"))
                .value(filter.below.map(|below| below.to_string()).unwrap_or_default()),
        ],
        chips: chips(t, &query),
        clear: PATH.into(),
        exports,
        primary: may_create
            .then(|| Link::new(t.of("registry-organization-new"), "/work/organizations/new").icon("plus")),
        others,
    }
}

/// The filters in force, in words, each with the list without it.
fn chips(t: &Words, query: &[(String, String)]) -> Vec<Chip> {
    let list_of = |name: &str| match name {
        "kind" => Some("organization_kind"),
        "grade" => Some("member_grade"),
        "region" => Some("region"),
        "industry" => Some("industry"),
        "digital_class" => Some("digital_economy"),
        "size" => Some("enterprise_size"),
        _ => None,
    };
    query
        .iter()
        .filter(|(name, _)| t.has(&format!("registry-chip-{}", name.replace('_', "-"))))
        .map(|(name, value)| {
            let shown = match (name.as_str(), list_of(name)) {
                (_, Some(list)) => dictionary().label(list, value, t.locale),
                ("claimed", None) => t.of(if value == "yes" { "registry-yes" } else { "registry-no" }),
                _ => value.clone(),
            };
            let label = t.with(&format!("registry-chip-{}", name.replace('_', "-")), &[("value", shown.into())]);
            let rest = query_without(query, &[name.as_str()]);
            Chip { label, remove: if rest.is_empty() { PATH.into() } else { format!("{PATH}?{rest}") } }
        })
        .collect()
}

fn table(t: &Words, rows: &[Organization], may_create: bool) -> Table {
    let label = |list: &str, code: &Option<String>| match code {
        Some(code) => Cell::Text(dictionary().label(list, code, t.locale)),
        None => Cell::Nothing,
    };
    let mut steps = vec![Link::new(t.of("registry-filter-clear"), PATH)];
    if may_create {
        steps.push(Link::new(t.of("registry-organization-new"), "/work/organizations/new"));
        steps.push(Link::new(t.of("registry-import"), "/work/imports"));
    }
    Table {
        caption: t.of("registry-organizations"),
        columns: vec![
            Column::text(t.of("registry-column-name")),
            Column::text(t.of("registry-column-kind")),
            Column::text(t.of("registry-column-region")),
            Column::text(t.of("registry-column-industry")),
            Column::text(t.of("registry-column-listed")),
            Column::number(t.of("registry-column-complete")),
        ],
        rows: rows
            .iter()
            .map(|one| {
                let uscc = one.uscc.map(|code| code.to_string()).unwrap_or_else(|| t.of("registry-no-uscc"));
                let listed = if one.listed {
                    Badge::new(Tone::Good, t.of("registry-listed"))
                } else {
                    Badge::new(Tone::Neutral, t.of("registry-unlisted"))
                };
                Row::link(
                    format!("{PATH}/{}", one.id),
                    vec![
                        Cell::Two(t.text(&one.name), uscc),
                        Cell::Text(dictionary().label("organization_kind", &one.kind, t.locale)),
                        label("region", &one.region),
                        label("industry", &one.industry),
                        Cell::Badge(listed),
                        Cell::Text(format!("{}%", one.completeness)),
                    ],
                )
            })
            .collect(),
        empty: Empty {
            title: t.of("registry-empty-organizations"),
            text: t.of("registry-empty-organizations-text"),
            steps,
        },
        ..Table::default()
    }
}

/// The list as a file: CSV.
pub(crate) async fn csv(state: State<App>, visit: Visit, filter: Query<OrganizationFilter>) -> Answer {
    exported(state, visit, filter, export::Format::Csv).await
}

/// The list as a file: XLSX.
pub(crate) async fn xlsx(state: State<App>, visit: Visit, filter: Query<OrganizationFilter>) -> Answer {
    exported(state, visit, filter, export::Format::Xlsx).await
}

/// The list as a file: JSON.
pub(crate) async fn json(state: State<App>, visit: Visit, filter: Query<OrganizationFilter>) -> Answer {
    exported(state, visit, filter, export::Format::Json).await
}

const EXPORTED: [&str; 13] = [
    "id",
    "uscc",
    "name_zh",
    "name_en",
    "kind",
    "region",
    "industry",
    "digital_class",
    "size_class",
    "founded_on",
    "listed",
    "completeness",
    "updated_at",
];

async fn exported(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<OrganizationFilter>,
    format: export::Format,
) -> Answer {
    visit.actor.may_somewhere(&permissions::EXPORT)?;
    let t = app.words(visit.locale);
    let now = app.clock.now();
    let who = visit.actor.signed_in().map(|person| person.name.clone()).unwrap_or_default();
    let mut tx = app.db.begin().await?;
    let data = json!({ "filter": pairs(&filter) });
    record::append(
        &mut tx,
        &visit.actor,
        now,
        "registry.organizations.exported",
        jinmen_core::Object::instance(),
        data,
    )
    .await?;
    tx.commit().await?;
    let sheet = export::Sheet {
        name: t.of("registry-organizations"),
        columns: EXPORTED
            .iter()
            .map(|key| ((*key).to_owned(), t.of(&format!("registry-export-{}", key.replace('_', "-")))))
            .collect(),
        mark: t.with("registry-export-mark", &[("who", who.into()), ("when", t.instant(now).into())]),
    };
    let (held, actor) = (app.clone(), visit.actor.clone());
    let rows = export::pages(move |after| {
        let (app, actor, filter, t) = (held.clone(), actor.clone(), filter.clone(), t.clone());
        async move {
            let page = PageRequest { after, limit: Some(200) };
            let rows = read_organization::list(&app, &actor, &filter, &page).await?;
            Ok(rows.map(|one| exported_row(&t, &one)))
        }
    });
    export::respond(format, sheet, rows).await
}

fn exported_row(t: &Words, one: &Organization) -> Vec<Value> {
    let label = |list: &str, code: &Option<String>| {
        code.as_ref().map(|code| format!("{code} {}", dictionary().label(list, code, t.locale)))
    };
    vec![
        json!(one.id.text()),
        json!(one.uscc.map(|code| code.to_string())),
        json!(one.name.zh),
        json!(one.name.en),
        json!(dictionary().label("organization_kind", &one.kind, t.locale)),
        json!(label("region", &one.region)),
        json!(label("industry", &one.industry)),
        json!(label("digital_economy", &one.digital_class)),
        json!(one.size_class.as_ref().map(|code| dictionary().label("enterprise_size", code, t.locale))),
        json!(one.founded_on.map(|day| day.to_string())),
        json!(t.of(if one.listed { "registry-yes" } else { "registry-no" })),
        json!(one.completeness),
        json!(one.updated_at.to_rfc3339()),
    ]
}

/// The form for what identifies an organisation.
fn form(t: &Words, visit: &Visit, action: &str, draft: &OrganizationDraft, version: Option<i64>) -> Form {
    let mut identity = vec![
        Field::text("name_zh", t.of("registry-name-zh")).required().max_length(200).value(&draft.name_zh),
        Field::text("name_en", t.of("registry-name-en")).max_length(200).value(&draft.name_en),
        Field::text("uscc", t.of("registry-uscc")).help(t.of("registry-uscc-help")).max_length(30).value(&draft.uscc),
        Field::select("kind", t.of("registry-kind"), choices("organization_kind", t.locale))
            .required()
            .value(&draft.kind)
            .half(),
        Field::select("society_level", t.of("registry-society-level"), choices("society_level", t.locale))
            .value(&draft.society_level)
            .half(),
    ];
    identity.extend(version.map(|version| Field::hidden("version", version.to_string())));
    let about = vec![
        Field::text_area("intro_zh", t.of("registry-intro-zh")).max_length(4_000).value(&draft.intro_zh),
        Field::text_area("intro_en", t.of("registry-intro-en")).max_length(4_000).value(&draft.intro_en),
    ];
    Form::post(visit.once(action), visit.form_token.clone(), t.of("registry-save"))
        .section(t.of("registry-section-identity"), "", identity)
        .section(t.of("registry-section-about"), t.of("registry-no-classified"), about)
        .cancel(action)
}

fn crumbs(t: &Words) -> [(&'static str, String); 1] {
    [(PATH, t.of("registry-organizations"))]
}

/// The form for a new file, with what was typed before.
pub(crate) async fn new(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let mut draft = OrganizationDraft { kind: "enterprise".into(), ..OrganizationDraft::default() };
    let mut saved = None;
    if let Some(account) = visit.actor.account()
        && let Some(kept) = cases::load_draft(&app.db, account, "organization-new").await?
    {
        saved = Some(t.instant(kept.updated_at));
        draft = serde_json::from_value(Value::Object(kept.fields)).unwrap_or(draft);
    }
    let form = form(&t, &visit, PATH, &draft, None).draft("/work/drafts/organization-new", saved);
    form_page(&app, &visit, t.of("registry-organization-new"), &crumbs(&t), StatusCode::OK, form).await
}

/// Opens a file.
pub(crate) async fn create(
    State(app): State<App>,
    visit: Visit,
    FormBody(draft): FormBody<OrganizationDraft>,
) -> Answer {
    match create_organization::create_organization(&app, &visit.actor, &draft).await {
        Ok(id) => {
            if let Some(account) = visit.actor.account() {
                let mut tx = app.db.begin().await?;
                cases::discard_draft(&mut tx, account, "organization-new").await?;
                tx.commit().await?;
            }
            Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-created"))
        }
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, form) = again(&t, form(&t, &visit, PATH, &draft, None), error)?;
            form_page(&app, &visit, t.of("registry-organization-new"), &crumbs(&t), status, form).await
        }
    }
}

/// The form for what identifies an organisation that is there.
pub(crate) async fn edit(State(app): State<App>, visit: Visit, Path(id): Path<OrganizationId>) -> Answer {
    let t = app.words(visit.locale);
    let file = read_organization::get(&app, &visit.actor, id).await?;
    let path = format!("{PATH}/{id}");
    let mut form = form(&t, &visit, &format!("{path}/edit"), &OrganizationDraft::from(&file), Some(file.version));
    form.cancel = Some(path.clone());
    edit_page(&app, &visit, &t, &file, &path, StatusCode::OK, form).await
}

async fn edit_page(
    app: &App,
    visit: &Visit,
    t: &Words,
    file: &Organization,
    path: &str,
    status: StatusCode,
    form: Form,
) -> Answer {
    let crumbs = [(PATH, t.of("registry-organizations")), (path, t.text(&file.name))];
    form_page(app, visit, t.of("registry-edit"), &crumbs, status, form).await
}

/// Changes what identifies an organisation.
pub(crate) async fn update(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<std::collections::HashMap<String, String>>,
) -> Answer {
    let version = sent.get("version").and_then(|text| text.parse().ok()).unwrap_or(0);
    let draft: OrganizationDraft = serde_json::from_value(json!(sent)).unwrap_or_default();
    let path = format!("{PATH}/{id}");
    match edit_organization::edit_organization(&app, &visit.actor, id, version, &draft).await {
        Ok(()) => Ok(visit.done(&path, "registry-flash-saved")),
        Err(error) => {
            let t = app.words(visit.locale);
            let file = read_organization::get(&app, &visit.actor, id).await?;
            let mut form = form(&t, &visit, &format!("{path}/edit"), &draft, Some(version));
            form.cancel = Some(path.clone());
            let (status, form) = again(&t, form, error)?;
            edit_page(&app, &visit, &t, &file, &path, status, form).await
        }
    }
}

/// What the button for the public directory sends.
#[derive(Deserialize)]
pub(crate) struct Listing {
    listed: String,
}

/// Shows an organisation to the public, or not any more.
pub(crate) async fn set_listed(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<Listing>,
) -> Answer<Response> {
    list_publicly::list_publicly(&app, &visit.actor, id, sent.listed == "yes").await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-saved"))
}

/// The address of a list narrowed by one tag.
pub(crate) fn by_tag(tag: &str) -> String {
    format!("{PATH}?tag={}", encoded(tag))
}
