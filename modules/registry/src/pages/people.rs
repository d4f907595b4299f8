//! People: the list, the file, one's own rights over it.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Object, PageRequest, PersonId};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use serde_json::json;
use ui::{
    Badge, Cell, Choice, Column, Empty, Fact, Facts, Field, FieldKind, Form, Html, Link, Ring, Row, Tab, Table, Tabs,
    Tone, Toolbar, Words,
};

use super::file::{Asked, past};
use super::organizations::pager;
use super::shared::{FilePage, ListPage, Panel, Rows, again, button_form, choices, form_page, frame, history, pairs};
use super::{facts, parts, shared};
use crate::dictionary::dictionary;
use crate::model::{Person, PersonDraft, PersonFilter};
use crate::ops::read_person::{self, PersonFile};
use crate::ops::{attach_document, consent, create_person, edit_person, erase_person, export_person};
use crate::permissions;

const PATH: &str = "/work/people";

/// The list of people whose files one may read.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<PersonFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = read_person::list(&app, &visit.actor, &filter, &page).await?;
    let count = read_person::count(&app, &visit.actor, &filter).await?;
    let may_create = visit.actor.is(jinmen_core::Role::Secretariat);
    let view = ListPage {
        toolbar: toolbar(&t, &filter, may_create),
        above: ui::Html::default(),
        table: table(&t, &rows.items, may_create),
        pager: pager(PATH, &pairs(&filter), &page, rows.next, count),
        frame: frame(&app, &visit, t.of("registry-people"), &[]).await?,
    };
    let fragment = Rows { frame: &view.frame, table: &view.table, pager: &view.pager };
    Ok(if visit.fragment { ui::page(StatusCode::OK, &fragment) } else { ui::page(StatusCode::OK, &view) })
}

fn toolbar(t: &Words, filter: &PersonFilter, may_create: bool) -> Toolbar {
    let yes = vec![Choice::new("yes", t.of("registry-experts"))];
    Toolbar {
        action: PATH.into(),
        filters: vec![
            Field::new(FieldKind::Search, "q", t.of("registry-filter-person"))
                .value(filter.q.clone().unwrap_or_default()),
            Field::select("expert", t.of("registry-filter-expert"), yes)
                .value(filter.expert.clone().unwrap_or_default()),
        ],
        clear: PATH.into(),
        primary: may_create.then(|| Link::new(t.of("registry-person-new"), format!("{PATH}/new")).icon("user-plus")),
        ..Toolbar::default()
    }
}

fn table(t: &Words, rows: &[Person], may_create: bool) -> Table {
    let mut steps = vec![Link::new(t.of("registry-filter-clear"), PATH)];
    if may_create {
        steps.push(Link::new(t.of("registry-person-new"), format!("{PATH}/new")));
    }
    let rows = rows.iter().map(|one| {
        let badge =
            if one.expert { Cell::Badge(Badge::new(Tone::Good, t.of("registry-expert"))) } else { Cell::Nothing };
        Row::link(
            format!("{PATH}/{}", one.id),
            vec![
                Cell::Two(t.text(&one.name), t.text(&one.headline)),
                badge,
                Cell::Text(format!("{}%", one.completeness)),
            ],
        )
    });
    Table {
        caption: t.of("registry-people"),
        columns: vec![
            Column::text(t.of("registry-column-person")),
            Column::text(t.of("registry-column-expert")),
            Column::number(t.of("registry-column-complete")),
        ],
        rows: rows.collect(),
        empty: Empty { title: t.of("registry-empty-persons"), text: t.of("registry-empty-persons-text"), steps },
        ..Table::default()
    }
}

fn form(t: &Words, visit: &Visit, action: &str, draft: &PersonDraft, version: Option<i64>, kept: bool) -> Form {
    let help = t.of(if kept { "registry-resident-id-kept" } else { "registry-resident-id-help" });
    let mut fields = vec![
        Field::text("name_zh", t.of("registry-person-name")).required().max_length(200).value(&draft.name_zh).half(),
        Field::text("name_en", t.of("registry-name-en")).max_length(200).value(&draft.name_en).half(),
        Field::text("headline_zh", t.of("registry-headline")).max_length(200).value(&draft.headline_zh),
        Field::text("headline_en", t.of("registry-headline-en")).max_length(200).value(&draft.headline_en),
        Field::text("resident_id", t.of("registry-resident-id"))
            .help(help)
            .max_length(30)
            .autocomplete("off")
            .sensitive(),
    ];
    fields.extend(version.map(|version| Field::hidden("version", version.to_string())));
    Form::post(visit.once(action), visit.form_token.clone(), t.of("registry-save")).fields_only(fields).cancel(action)
}

fn crumbs(t: &Words) -> [(&'static str, String); 1] {
    [(PATH, t.of("registry-people"))]
}

/// The form for a new file.
pub(crate) async fn new(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let form = form(&t, &visit, PATH, &PersonDraft::default(), None, false);
    form_page(&app, &visit, t.of("registry-person-new"), &crumbs(&t), StatusCode::OK, form).await
}

/// Opens a file.
pub(crate) async fn create(State(app): State<App>, visit: Visit, FormBody(draft): FormBody<PersonDraft>) -> Answer {
    match create_person::create_person(&app, &visit.actor, &draft).await {
        Ok(id) => Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-created")),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, form) = again(&t, form(&t, &visit, PATH, &draft, None, false), error)?;
            form_page(&app, &visit, t.of("registry-person-new"), &crumbs(&t), status, form).await
        }
    }
}

async fn own_file(app: &App, visit: &Visit, id: PersonId) -> Answer<PersonFile> {
    Ok(read_person::file(app, &visit.actor, id, Asked::default().as_of(app)).await?)
}

/// The form for what identifies a person who is there.
pub(crate) async fn edit(State(app): State<App>, visit: Visit, Path(id): Path<PersonId>) -> Answer {
    let t = app.words(visit.locale);
    let person = own_file(&app, &visit, id).await?.person;
    let path = format!("{PATH}/{id}");
    let mut form = form(
        &t,
        &visit,
        &format!("{path}/edit"),
        &PersonDraft::from(&person),
        Some(person.version),
        person.has_resident_id,
    );
    form.cancel = Some(path.clone());
    let crumbs = [(PATH, t.of("registry-people")), (path.as_str(), t.text(&person.name))];
    form_page(&app, &visit, t.of("registry-edit"), &crumbs, StatusCode::OK, form).await
}

/// Changes what identifies a person.
pub(crate) async fn update(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    let version = sent.get("version").and_then(|text| text.parse().ok()).unwrap_or(0);
    let draft: PersonDraft = serde_json::from_value(json!(sent)).unwrap_or_default();
    let path = format!("{PATH}/{id}");
    match edit_person::edit_person(&app, &visit.actor, id, version, &draft).await {
        Ok(()) => Ok(visit.done(&path, "registry-flash-saved")),
        Err(error) => {
            let t = app.words(visit.locale);
            let person = own_file(&app, &visit, id).await?.person;
            let mut form = form(&t, &visit, &format!("{path}/edit"), &draft, Some(version), person.has_resident_id);
            form.cancel = Some(path.clone());
            let (status, form) = again(&t, form, error)?;
            let crumbs = [(PATH, t.of("registry-people")), (path.as_str(), t.text(&person.name))];
            form_page(&app, &visit, t.of("registry-edit"), &crumbs, status, form).await
        }
    }
}

/// The one-subject page of a person.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let t = app.words(visit.locale);
    let file = match read_person::file(&app, &visit.actor, id, asked.as_of(&app)).await {
        Err(jinmen_core::Error::NotFound) => {
            return match super::merge_person::moved(&app, &visit, id).await {
                Some(moved) => Ok(moved),
                None => Err(jinmen_core::Error::NotFound.into()),
            };
        }
        other => other?,
    };
    let base = format!("{PATH}/{id}");
    let subject = Object::from(id);
    let panels = match asked.tab.as_str() {
        "documents" => {
            let documents = attach_document::documents(&app, &visit.actor, &subject).await?;
            vec![parts::documents(&t, &visit, &documents, file.may_edit, &base)]
        }
        "history" => {
            let page = PageRequest { after: asked.after.clone(), limit: None };
            let entries = read_person::history(&app, &visit.actor, id, &page).await?;
            let pager = ui::Pager {
                previous: None,
                next: entries.next.map(|after| format!("{base}?tab=history&after={after}")),
                count: None,
            };
            let body = Html::of(&shared::Pair(history(&t, &entries.items).show(&t), pager.show(&t)));
            vec![Panel::new("history", t.of("registry-tab-history"), body)]
        }
        _ => {
            let shown = facts::Shown {
                file: &file.facts,
                as_of: file.as_of,
                base: Some(&base),
                may_edit: file.may_edit,
                sees_restricted: true,
            };
            let mut panels = vec![affiliations(&t, &visit, &file, &base)];
            panels.extend(facts::panels(&t, "person", &shown));
            panels.push(parts::contacts(&t, &visit, &file.contacts, file.may_edit, &base));
            panels.push(facts::as_of_form(&t, &asked, &base));
            panels
        }
    };
    let mut badges = Vec::new();
    if file.person.expert {
        badges.push(Badge::new(Tone::Good, t.of("registry-expert")));
    }
    let view = FilePage {
        frame: frame(&app, &visit, t.text(&file.person.name), &crumbs(&t)).await?,
        subtitle: t.text(&file.person.headline),
        badges,
        actions: if file.may_edit {
            vec![Link::new(t.of("registry-edit"), format!("{base}/edit")).icon("edit")]
        } else {
            Vec::new()
        },
        alert: past(&t, &asked, &base),
        tabs: tabs(&t, &asked.tab, &base),
        panels,
        aside: panels_beside(&app, &t, &visit, &file, &base).await?,
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn tabs(t: &Words, active: &str, base: &str) -> Tabs {
    let tab = |name: &str| Tab {
        label: t.of(&format!("registry-tab-{}", if name.is_empty() { "facts" } else { name })),
        href: if name.is_empty() { base.to_owned() } else { format!("{base}?tab={name}") },
        active: active == name || (name.is_empty() && !["documents", "history"].contains(&active)),
        count: None,
    };
    Tabs(vec![tab(""), tab("documents"), tab("history")])
}

fn affiliations(t: &Words, visit: &Visit, file: &PersonFile, base: &str) -> Panel {
    let rows = file.affiliations.iter().map(|one| {
        let day = |day: Option<jinmen_core::Date>| day.map(|day| t.date(day)).unwrap_or_default();
        let title = match &one.letter {
            Some(letter) => format!("{} {letter}", t.text(&one.title)),
            None => t.text(&one.title),
        };
        let state = match one.ended_at {
            Some(at) => t.with("registry-ended-at", &[("when", t.instant(at).into())]),
            None => format!("{} – {}", day(one.valid_from), day(one.valid_until)),
        };
        let mut cells = vec![
            Cell::Two(t.text(&one.organization_name), title),
            Cell::Badge(Badge::new(Tone::Info, dictionary().label("affiliation_kind", &one.kind, t.locale))),
            Cell::Text(state),
        ];
        if file.may_edit {
            let end = one.ended_at.is_none().then(|| {
                button_form(visit, &format!("{base}/affiliations/{}/end", one.id), &[], &t.of("registry-end"))
            });
            cells.push(end.map_or(Cell::Nothing, |form| Cell::Html(form.show(t))));
        }
        Row::link(format!("/work/organizations/{}", one.organization), cells)
    });
    let mut columns = vec![
        Column::text(t.of("registry-column-name")),
        Column::text(t.of("registry-column-role")),
        Column::text(t.of("registry-column-period")),
    ];
    if file.may_edit {
        columns.push(Column::text(t.of("registry-column-action")));
    }
    let table = Table {
        caption: t.of("registry-affiliations"),
        columns,
        rows: rows.collect(),
        empty: Empty { title: t.of("registry-empty-affiliations"), ..Empty::default() },
        ..Table::default()
    };
    let mut body = table.show(t);
    if file.may_edit && visit.actor.may_somewhere(&permissions::EDIT_ORGANIZATION).is_ok() {
        let form =
            Form::post(visit.once(&format!("{base}/affiliations")), visit.form_token.clone(), t.of("registry-add"))
                .id("affiliation")
                .fields_only(vec![
                    Field::text("organization", t.of("registry-affiliation-organization"))
                        .required()
                        .help(t.of("registry-relation-to-help")),
                    Field::select("kind", t.of("registry-column-role"), choices("affiliation_kind", t.locale))
                        .required()
                        .half(),
                    Field::text("letter", t.of("registry-letter")).half(),
                    Field::text("title_zh", t.of("registry-title-zh")).half(),
                    Field::text("title_en", t.of("registry-title-en")).half(),
                    Field::date("valid_from", t.of("registry-column-since")).half(),
                    Field::date("valid_until", t.of("registry-until")).half(),
                ]);
        body = Html::of(&shared::Pair(body, form.show(t)));
    }
    Panel::new("affiliations", t.of("registry-affiliations"), body)
}

async fn panels_beside(
    app: &App,
    t: &Words,
    visit: &Visit,
    file: &PersonFile,
    base: &str,
) -> jinmen_core::Result<Vec<Panel>> {
    let mut panels = aside(t, visit, file, base);
    if file.may_erase {
        let joined = crate::ops::merge_person::joined(app, file).await?;
        panels.push(super::merge_person::panel(t, visit, file.person.id, &joined));
    }
    Ok(panels)
}

fn aside(t: &Words, visit: &Visit, file: &PersonFile, base: &str) -> Vec<Panel> {
    let ring = Ring { percent: u8::try_from(file.facts.completeness("person", file.as_of)).unwrap_or(100) }.show(t);
    let mut panels = vec![Panel::new("complete", t.of("registry-completeness"), ring)];
    let number = if file.person.has_resident_id {
        t.of("registry-resident-id-there")
    } else {
        t.of("registry-resident-id-none")
    };
    let mut identity = Facts { lines: vec![Fact::plain(t.of("registry-resident-id"), number)], legend: false }.show(t);
    if file.person.has_resident_id && file.may_reveal {
        let form = button_form(visit, &format!("{base}/resident-id"), &[], &t.of("registry-reveal"));
        identity = Html::of(&shared::Pair(identity, form.show(t)));
    }
    panels.push(Panel::new("identity", t.of("registry-section-identity"), identity));
    panels.push(Panel::new("consents", t.of("registry-consents"), consents(t, visit, file, base)));
    let own = visit.actor.person() == Some(file.person.id);
    if own || file.may_edit {
        let text = Html::text(&t.of("registry-rights-text"));
        let link = Link::new(t.of("registry-export-own"), format!("{base}/export.json"));
        let mut body = text;
        if own {
            let form = button_form(visit, "/work/me/erasure", &[], &t.of("registry-ask-erasure"));
            body = Html::of(&shared::Pair(body, form.show(t)));
        }
        panels.push(Panel::new("rights", t.of("registry-rights"), body).link(Some(link)));
    }
    if file.may_erase {
        let mut form =
            button_form(visit, &format!("{base}/erase"), &[("form_token", &visit.form_token)], &t.of("registry-erase"));
        form.irreversible = Some(t.of("registry-erase-warning"));
        panels.push(Panel::new("erase", t.of("registry-erase"), form.show(t)));
    }
    panels
}

/// Consents: one's own can be given and withdrawn in one tap, those of others are read.
fn consents(t: &Words, visit: &Visit, file: &PersonFile, base: &str) -> Html {
    let own = visit.actor.person() == Some(file.person.id);
    let given = |purpose: &str| file.consents.iter().find(|one| one.purpose == purpose && one.withdrawn_at.is_none());
    let mut body = Html::default();
    for choice in choices("consent_purpose", t.locale) {
        let there = given(&choice.value);
        let state = match there {
            Some(one) => t.with("registry-consent-given", &[("when", t.instant(one.given_at).into())]),
            None => t.of("registry-consent-none"),
        };
        body = Html::of(&shared::Pair(
            body,
            Facts { lines: vec![Fact::plain(choice.label.clone(), state)], legend: false }.show(t),
        ));
        if own {
            let value = if there.is_some() { "no" } else { "yes" };
            let label = t.with(
                if there.is_some() { "registry-consent-withdraw" } else { "registry-consent-give" },
                &[("purpose", choice.label.clone().into())],
            );
            let form = button_form(
                visit,
                "/work/me/consent",
                &[("purpose", &choice.value), ("given", value), ("next", base)],
                &label,
            );
            body = Html::of(&shared::Pair(body, form.show(t)));
        }
    }
    body
}

/// What the buttons for consent send.
#[derive(Deserialize)]
pub(crate) struct ConsentSent {
    purpose: String,
    given: String,
}

/// Gives or withdraws one's own consent.
pub(crate) async fn set_consent(State(app): State<App>, visit: Visit, FormBody(sent): FormBody<ConsentSent>) -> Answer {
    consent::set_consent(&app, &visit.actor, &sent.purpose, sent.given == "yes").await?;
    let id = visit.actor.person().ok_or(jinmen_core::Error::SignIn)?;
    Ok(visit.done(&format!("{PATH}/{id}#consents"), "registry-flash-saved"))
}

/// Asks that one's data be deleted.
pub(crate) async fn ask_erasure(State(app): State<App>, visit: Visit) -> Answer {
    erase_person::ask(&app, &visit.actor).await?;
    let id = visit.actor.person().ok_or(jinmen_core::Error::SignIn)?;
    Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-asked"))
}

/// One's own file, under an address that can be printed anywhere.
pub(crate) async fn me(visit: Visit) -> Answer<Response> {
    let id = visit.actor.person().ok_or(jinmen_core::Error::SignIn)?;
    Ok(axum::response::Redirect::to(&format!("{PATH}/{id}")).into_response())
}

/// What the irreversible form sends.
#[derive(Deserialize)]
pub(crate) struct Erasing {
    #[serde(default)]
    form_token: Vec<String>,
}

/// Deletes everything known about a person.
pub(crate) async fn erase(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    FormBody(sent): FormBody<Erasing>,
) -> Answer {
    visit.check_form_token(sent.form_token.first().map_or("", String::as_str))?;
    erase_person::erase_person(&app, &visit.actor, id).await?;
    Ok(visit.done(PATH, "registry-flash-erased"))
}

/// Everything about a person, as a file.
pub(crate) async fn export(State(app): State<App>, visit: Visit, Path(id): Path<PersonId>) -> Answer {
    let document = export_person::export_person(&app, &visit.actor, id).await?;
    let mut response = serde_json::to_vec_pretty(&document)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"person.json\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
