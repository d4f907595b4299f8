//! Parts of the one-subject pages: people, relations, documents, contacts, tags, comments; and what
//! their forms send.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use files::FileId;
use futures::StreamExt;
use jinmen_core::{Date, Error, Fault, Object, OrganizationId, PageRequest, PersonId, Result, Text2};
use module::{Answer, App, Failure, Form as FormBody, Path, Visit};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use ui::{Badge, Cell, Choice, Column, Empty, Field, Form, Html, Link, Row, Table, Tone, Words};

use super::limits::{too_large, unreadable};
use super::shared::{Pair, Panel, button_form, choices, frame, page_of};
use crate::dictionary::dictionary;
use crate::model::{AffiliationId, ContactId, ContactPoint, NewAffiliation, RelationId, RelationSide, line};
use crate::ops::add_contact::{self, ContactDraft};
use crate::ops::read_organization::OrganizationFile;
use crate::ops::relate::{self, NewRelation};
use crate::ops::{affiliate, attach_document, find, organization_for, reveal};
use crate::permissions;

/// A form that is folded until asked for.
#[derive(Template)]
#[template(
    source = "<details class=\"mt-3\"><summary class=\"btn\">{{ label }}</summary><div class=\"mt-3\">{{ form }}</div></details>",
    ext = "html"
)]
struct Folded {
    label: String,
    form: Html,
}

pub(crate) fn folded(label: String, form: Html) -> Html {
    Html::of(&Folded { label, form })
}

fn day(t: &Words, day: Option<Date>) -> String {
    day.map(|day| t.date(day)).unwrap_or_default()
}

/// Who is what at an organisation.
pub(crate) fn people(t: &Words, visit: &Visit, file: &OrganizationFile, base: &str) -> Panel {
    let rows = file.people.iter().map(|one| {
        let mut cells = vec![
            Cell::Two(t.text(&one.person_name), t.text(&one.title)),
            Cell::Badge(Badge::new(Tone::Info, dictionary().label("affiliation_kind", &one.kind, t.locale))),
            Cell::Text(day(t, one.valid_from)),
        ];
        if file.may_edit {
            let form = button_form(visit, &format!("{base}/affiliations/{}/end", one.id), &[], &t.of("registry-end"));
            cells.push(Cell::Html(form.show(t)));
        }
        Row::link(format!("/work/people/{}", one.person), cells)
    });
    let mut columns = vec![
        Column::text(t.of("registry-column-person")),
        Column::text(t.of("registry-column-role")),
        Column::text(t.of("registry-column-since")),
    ];
    if file.may_edit {
        columns.push(Column::text(t.of("registry-column-action")));
    }
    let table = Table {
        caption: t.of("registry-tab-people"),
        columns,
        rows: rows.collect(),
        empty: Empty {
            title: t.of("registry-empty-people"),
            text: t.of("registry-empty-people-text"),
            steps: vec![Link::new(t.of("registry-people"), "/work/people")],
        },
        ..Table::default()
    };
    Panel::new("people", t.of("registry-tab-people"), table.show(t))
}

/// How an organisation stands to another, in words.
pub(crate) fn relation_words(t: &Words, side: &RelationSide) -> String {
    let kind = dictionary().label("relation_kind", &side.relation.kind, t.locale);
    let words = if side.outgoing { kind } else { t.with("registry-relation-from", &[("kind", kind.into())]) };
    match &side.relation.grade {
        Some(grade) => format!("{words} · {}", dictionary().label("member_grade", grade, t.locale)),
        None => words,
    }
}

/// Relations as a table, and the form for a new one.
pub(crate) fn relations(t: &Words, visit: &Visit, file: &OrganizationFile, base: &str) -> Panel {
    let rows = file.relations.iter().map(|side| {
        let mut cells = vec![
            Cell::Text(t.text(&side.other_name)),
            Cell::Two(relation_words(t, side), side.relation.number.clone().unwrap_or_default()),
            Cell::Two(day(t, side.relation.valid_from), side.relation.note.clone()),
        ];
        if file.may_keep {
            let form =
                button_form(visit, &format!("{base}/relations/{}/end", side.relation.id), &[], &t.of("registry-end"));
            cells.push(Cell::Html(form.show(t)));
        }
        Row::link(format!("/work/organizations/{}", side.other), cells)
    });
    let mut columns = vec![
        Column::text(t.of("registry-column-name")),
        Column::text(t.of("registry-column-relation")),
        Column::text(t.of("registry-column-since")),
    ];
    if file.may_keep {
        columns.push(Column::text(t.of("registry-column-action")));
    }
    let table = Table {
        caption: t.of("registry-tab-relations"),
        columns,
        rows: rows.collect(),
        empty: Empty { title: t.of("registry-empty-relations"), ..Empty::default() },
        ..Table::default()
    };
    let mut body = table.show(t);
    if file.may_keep {
        let form = Form::post(visit.once(&format!("{base}/relations")), visit.form_token.clone(), t.of("registry-add"))
            .id("relation")
            .fields_only(vec![
                Field::text("to", t.of("registry-relation-to")).required().help(t.of("registry-relation-to-help")),
                Field::select("kind", t.of("registry-column-relation"), choices("relation_kind", t.locale))
                    .required()
                    .half(),
                Field::select("grade", t.of("registry-filter-grade"), choices("member_grade", t.locale)).half(),
                Field::text("number", t.of("registry-relation-number")).half(),
                Field::date("valid_from", t.of("registry-column-since")).half(),
                Field::text("note", t.of("registry-note")),
            ]);
        body = Html::of(&Pair(body, folded(t.of("registry-relation-add"), form.show(t))));
    }
    Panel::new("relations", t.of("registry-tab-relations"), body)
}

/// What the form for a relation sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct RelationSent {
    to: String,
    kind: String,
    grade: String,
    number: String,
    valid_from: String,
    note: String,
}

fn typed_day(field: &str, text: &str) -> Result<Option<Date>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Date::parse(text).map(Some).map_err(|fault| Fault::of(field, &fault))
}

/// Adds a relation.
pub(crate) async fn add_relation(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<RelationSent>,
) -> Answer {
    let other = find::organization(&app.db, &sent.to).await?;
    let new = NewRelation {
        to: other.map(|id| id.text()).unwrap_or_default(),
        kind: sent.kind,
        grade: sent.grade,
        number: sent.number,
        valid_from: typed_day("valid_from", &sent.valid_from)?,
        note: sent.note,
    };
    relate::relate(&app, &visit.actor, id, &new).await?;
    Ok(visit.done(&format!("/work/organizations/{id}?tab=relations"), "registry-flash-saved"))
}

/// Ends a relation.
pub(crate) async fn end_relation(
    State(app): State<App>,
    visit: Visit,
    Path((id, relation)): Path<(OrganizationId, RelationId)>,
) -> Answer {
    relate::end(&app, &visit.actor, id, relation).await?;
    Ok(visit.done(&format!("/work/organizations/{id}?tab=relations"), "registry-flash-saved"))
}

/// Ways to reach a subject, and the form for a new one.
pub(crate) fn contacts(t: &Words, visit: &Visit, contacts: &[ContactPoint], may_edit: bool, base: &str) -> Panel {
    let rows = contacts.iter().map(|one| {
        let value = if one.sealed {
            let reveal = ui::table::Reveal {
                action: format!("{base}/contacts/{}/reveal", one.id),
                token: visit.form_token.clone(),
            };
            Cell::Masked { masked: one.masked.clone(), reveal: may_edit.then_some(reveal) }
        } else {
            Cell::Text(one.masked.clone())
        };
        let shown = if one.shown {
            Badge::new(Tone::Good, t.of("registry-shown"))
        } else {
            Badge::new(Tone::Neutral, t.of("registry-not-shown"))
        };
        let mut cells = vec![
            Cell::Two(dictionary().label("contact_kind", &one.kind, t.locale), one.label.clone()),
            value,
            Cell::Badge(shown),
        ];
        if may_edit {
            let form = button_form(visit, &format!("{base}/contacts/{}/remove", one.id), &[], &t.of("registry-remove"));
            cells.push(Cell::Html(form.show(t)));
        }
        Row::plain(cells)
    });
    let mut columns = vec![
        Column::text(t.of("registry-column-kind")),
        Column::text(t.of("registry-column-value")),
        Column::text(t.of("registry-column-shown")),
    ];
    if may_edit {
        columns.push(Column::text(t.of("registry-column-action")));
    }
    let table = Table {
        caption: t.of("registry-contacts"),
        columns,
        rows: rows.collect(),
        empty: Empty { title: t.of("registry-empty-contacts"), ..Empty::default() },
        ..Table::default()
    };
    let mut body = table.show(t);
    if may_edit {
        let form = Form::post(visit.once(&format!("{base}/contacts")), visit.form_token.clone(), t.of("registry-add"))
            .id("contact")
            .fields_only(vec![
                Field::select("kind", t.of("registry-column-kind"), choices("contact_kind", t.locale))
                    .required()
                    .half(),
                Field::text("label", t.of("registry-contact-label")).half(),
                Field::text("value", t.of("registry-column-value")).required().help(t.of("registry-contact-help")),
                Field::checkbox("shown", t.of("registry-contact-shown")),
            ]);
        body = Html::of(&Pair(body, folded(t.of("registry-contact-add"), form.show(t))));
    }
    Panel::new("contacts", t.of("registry-contacts"), body)
}

/// What the form for a contact sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct ContactSent {
    kind: String,
    label: String,
    value: String,
    shown: String,
}

impl From<ContactSent> for ContactDraft {
    fn from(sent: ContactSent) -> Self {
        Self { kind: sent.kind, label: sent.label, value: sent.value, shown: !sent.shown.is_empty() }
    }
}

async fn add_contact_to(app: &App, visit: &Visit, subject: Object, sent: ContactSent) -> Answer {
    add_contact::add_contact(app, &visit.actor, &subject, &sent.into()).await?;
    Ok(visit.done(&page_of(&subject), "registry-flash-saved"))
}

/// Adds a way to reach an organisation.
pub(crate) async fn add_organization_contact(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<ContactSent>,
) -> Answer {
    add_contact_to(&app, &visit, id.into(), sent).await
}

/// Adds a way to reach a person.
pub(crate) async fn add_person_contact(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    FormBody(sent): FormBody<ContactSent>,
) -> Answer {
    add_contact_to(&app, &visit, id.into(), sent).await
}

/// Removes a way to reach an organisation.
pub(crate) async fn remove_organization_contact(
    State(app): State<App>,
    visit: Visit,
    Path((id, contact)): Path<(OrganizationId, ContactId)>,
) -> Answer {
    add_contact::remove(&app, &visit.actor, &id.into(), contact).await?;
    Ok(visit.done(&page_of(&id.into()), "registry-flash-saved"))
}

/// Removes a way to reach a person.
pub(crate) async fn remove_person_contact(
    State(app): State<App>,
    visit: Visit,
    Path((id, contact)): Path<(PersonId, ContactId)>,
) -> Answer {
    add_contact::remove(&app, &visit.actor, &id.into(), contact).await?;
    Ok(visit.done(&page_of(&id.into()), "registry-flash-saved"))
}

#[derive(Template)]
#[template(path = "revealed.html")]
pub(crate) struct RevealedPage {
    pub(crate) frame: ui::Frame,
    pub(crate) what: String,
    pub(crate) value: String,
    pub(crate) back: String,
}

async fn revealed(app: &App, visit: &Visit, subject: &Object, what: String, value: String) -> Answer {
    let t = app.words(visit.locale);
    let back = page_of(subject);
    let frame = frame(app, visit, t.of("registry-revealed"), &[(&back, t.of("registry-back-to-file"))]).await?;
    Ok(ui::page(StatusCode::OK, &RevealedPage { frame, what, value, back: back.clone() }))
}

/// Shows a sealed value of an organisation's contact.
pub(crate) async fn reveal_organization_contact(
    State(app): State<App>,
    visit: Visit,
    Path((id, contact)): Path<(OrganizationId, ContactId)>,
) -> Answer {
    let value = reveal::contact(&app, &visit.actor, &id.into(), contact).await?;
    let what = app.words(visit.locale).of("registry-contacts");
    revealed(&app, &visit, &id.into(), what, value).await
}

/// Shows a sealed value of a person's contact.
pub(crate) async fn reveal_person_contact(
    State(app): State<App>,
    visit: Visit,
    Path((id, contact)): Path<(PersonId, ContactId)>,
) -> Answer {
    let value = reveal::contact(&app, &visit.actor, &id.into(), contact).await?;
    let what = app.words(visit.locale).of("registry-contacts");
    revealed(&app, &visit, &id.into(), what, value).await
}

/// Shows a person's identity number.
pub(crate) async fn reveal_resident_id(State(app): State<App>, visit: Visit, Path(id): Path<PersonId>) -> Answer {
    let value = reveal::resident_id(&app, &visit.actor, id).await?;
    let what = app.words(visit.locale).of("registry-resident-id");
    revealed(&app, &visit, &id.into(), what, value).await
}

/// What the form for an affiliation sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct AffiliationSent {
    organization: String,
    kind: String,
    title_zh: String,
    title_en: String,
    letter: String,
    valid_from: String,
    valid_until: String,
}

/// Says what a person is at an organisation.
pub(crate) async fn add_affiliation(
    State(app): State<App>,
    visit: Visit,
    Path(person): Path<PersonId>,
    FormBody(sent): FormBody<AffiliationSent>,
) -> Answer {
    let organization = find::organization(&app.db, &sent.organization)
        .await?
        .ok_or_else(|| Error::field("organization", "registry.organization_unknown"))?;
    let new = NewAffiliation {
        person,
        organization,
        kind: sent.kind,
        title: Text2::new(
            line("title_zh", &sent.title_zh, 100)?.unwrap_or_default(),
            line("title_en", &sent.title_en, 100)?,
        ),
        letter: line("letter", &sent.letter, 60)?,
        valid_from: typed_day("valid_from", &sent.valid_from)?,
        valid_until: typed_day("valid_until", &sent.valid_until)?,
    };
    affiliate::affiliate(&app, &visit.actor, &new).await?;
    Ok(visit.done(&format!("/work/people/{person}"), "registry-flash-saved"))
}

/// Ends an affiliation from the organisation's page.
pub(crate) async fn end_organization_affiliation(
    State(app): State<App>,
    visit: Visit,
    Path((id, affiliation)): Path<(OrganizationId, AffiliationId)>,
) -> Answer {
    affiliate::end(&app, &visit.actor, affiliation).await?;
    Ok(visit.done(&format!("/work/organizations/{id}?tab=people"), "registry-flash-saved"))
}

/// Ends an affiliation from the person's page.
pub(crate) async fn end_person_affiliation(
    State(app): State<App>,
    visit: Visit,
    Path((id, affiliation)): Path<(PersonId, AffiliationId)>,
) -> Answer {
    affiliate::end(&app, &visit.actor, affiliation).await?;
    Ok(visit.done(&format!("/work/people/{id}"), "registry-flash-saved"))
}

/// Documents of a subject, and the form for a new one.
pub(crate) fn documents(t: &Words, visit: &Visit, files: &[files::File], may_edit: bool, base: &str) -> Panel {
    let rows = files.iter().map(|file| {
        let mut cells = vec![
            Cell::Two(file.name.clone(), file.purpose.clone()),
            Cell::Text(format!("{} KB", file.size / 1_024 + 1)),
            Cell::Instant(file.created_at),
        ];
        if may_edit {
            let form = button_form(visit, &format!("/work/files/{}/remove", file.id), &[], &t.of("registry-remove"));
            cells.push(Cell::Html(form.show(t)));
        }
        Row::link(format!("/work/files/{}", file.id), cells)
    });
    let mut columns = vec![
        Column::text(t.of("registry-column-document")),
        Column::number(t.of("registry-column-size")),
        Column::text(t.of("registry-column-recorded")),
    ];
    if may_edit {
        columns.push(Column::text(t.of("registry-column-action")));
    }
    let table = Table {
        caption: t.of("registry-tab-documents"),
        columns,
        rows: rows.collect(),
        empty: Empty { title: t.of("registry-empty-documents"), ..Empty::default() },
        ..Table::default()
    };
    let mut body = table.show(t);
    if may_edit {
        let mut form =
            Form::post(visit.once(&format!("{base}/documents")), visit.form_token.clone(), t.of("registry-upload"))
                .id("document")
                .fields_only(vec![
                    Field::text("purpose", t.of("registry-document-purpose"))
                        .help(t.of("registry-document-purpose-help"))
                        .max_length(100),
                    Field::file(
                        "file",
                        t.of("registry-document-file"),
                        ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.ofd,.zip,.txt",
                    )
                    .required()
                    .help(t.of("registry-document-help")),
                ]);
        form.multipart = true;
        body = Html::of(&Pair(body, folded(t.of("registry-document-add"), form.show(t))));
    }
    Panel::new("documents", t.of("registry-tab-documents"), body)
}

/// Adds a document to an organisation.
pub(crate) async fn upload_organization_document(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    body: Multipart,
) -> Answer {
    upload(&app, &visit, id.into(), body).await
}

/// Adds a document to a person.
pub(crate) async fn upload_person_document(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PersonId>,
    body: Multipart,
) -> Answer {
    upload(&app, &visit, id.into(), body).await
}

async fn upload(app: &App, visit: &Visit, subject: Object, mut body: Multipart) -> Answer {
    // Whoever may not is refused before a byte is kept.
    attach_document::documents(app, &visit.actor, &subject).await?;
    let (mut purpose, mut stored) = (String::new(), None);
    while let Some(field) = body.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("purpose") => purpose = field.text().await.map_err(unreadable)?.chars().take(200).collect(),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.map(|chunk| chunk.map(|bytes| bytes.to_vec()).map_err(std::io::Error::other)).boxed();
                let kept = app.files.blobs().put(bytes, attach_document::MOST_BYTES as u64).await.map_err(too_large)?;
                stored = Some((name, kept));
            }
            _ => {}
        }
    }
    let (name, stored) =
        stored.filter(|(_, kept)| kept.size > 0).ok_or_else(|| Error::field("file", "files.missing"))?;
    attach_document::attach_document(app, &visit.actor, &subject, &purpose, &name, stored).await?;
    Ok(visit.done(&format!("{}?tab=documents", page_of(&subject)), "registry-flash-saved"))
}

/// Hands out a document.
pub(crate) async fn download(State(app): State<App>, visit: Visit, Path(id): Path<FileId>) -> Answer {
    let file = attach_document::document(&app, &visit.actor, id).await?;
    hand_out(&app, &file).await
}

/// Streams a file that its reader may have.
pub async fn hand_out(app: &App, file: &files::File) -> Answer {
    let body = axum::body::Body::from_stream(ReaderStream::new(app.files.open(file).await?));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let name = super::shared::encoded(&file.name);
    let shown = matches!(file.media_type.as_str(), "application/pdf" | "image/png" | "image/jpeg" | "image/webp");
    let how = if shown { "inline" } else { "attachment" };
    let values = [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::CONTENT_LENGTH, file.size.to_string()),
        (header::CONTENT_DISPOSITION, format!("{how}; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    for (name, value) in values {
        headers.insert(name, HeaderValue::from_str(&value).map_err(|error| Failure(Error::internal(error)))?);
    }
    Ok(response)
}

/// Takes a document off its subject.
pub(crate) async fn remove_document(State(app): State<App>, visit: Visit, Path(id): Path<FileId>) -> Answer<Response> {
    let subject = attach_document::remove_document(&app, &visit.actor, id).await?;
    Ok(visit.done(&format!("{}?tab=documents", page_of(&subject)), "registry-flash-saved"))
}

/// Tags of an object, and the form for a new one.
pub(crate) async fn tags(app: &App, t: &Words, visit: &Visit, subject: &Object, base: &str) -> Result<Panel> {
    let tags = cases::tags_of(&app.db, subject, visit.actor.organization()).await?;
    let mut body = Html::default();
    for tag in &tags {
        let form = button_form(
            visit,
            &format!("{base}/tags/remove"),
            &[("tag", &tag.label)],
            &t.with("registry-tag-remove", &[("tag", tag.label.clone().into())]),
        );
        let link = Html::of(&TagLink { href: super::organizations::by_tag(&tag.label), label: tag.label.clone() });
        body = Html::of(&Pair(body, Html::of(&Pair(link, form.show(t)))));
    }
    let form = Form::post(visit.once(&format!("{base}/tags")), visit.form_token.clone(), t.of("registry-tag-add"))
        .id("tag")
        .fields_only(vec![Field::text("tag", t.of("registry-tag")).required().max_length(30)]);
    Ok(Panel::new("tags", t.of("registry-tags"), Html::of(&Pair(body, form.show(t)))))
}

#[derive(Template)]
#[template(source = "<p class=\"mb-1\"><a href=\"{{ href }}\">{{ label }}</a></p>", ext = "html")]
struct TagLink {
    href: String,
    label: String,
}

/// What the forms for tags send.
#[derive(Deserialize)]
pub(crate) struct TagSent {
    tag: String,
}

/// Tags an organisation for one's own organisation.
pub(crate) async fn add_tag(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<TagSent>,
) -> Answer {
    tag(&app, &visit, id, &sent.tag, true).await
}

/// Takes a tag off an organisation.
pub(crate) async fn remove_tag(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<TagSent>,
) -> Answer {
    tag(&app, &visit, id, &sent.tag, false).await
}

async fn tag(app: &App, visit: &Visit, id: OrganizationId, label: &str, add: bool) -> Answer {
    let mut tx = app.db.begin().await?;
    organization_for(&mut tx, &visit.actor, &permissions::KEEP_ORGANIZATION, id).await?;
    let owner = visit.actor.organization().ok_or(Error::NotFound)?;
    let (now, object) = (app.clock.now(), Object::from(id));
    if add {
        cases::add_tag(&mut tx, &visit.actor, now, &object, owner, label).await?;
    } else {
        cases::remove_tag(&mut tx, &visit.actor, now, &object, owner, label).await?;
    }
    tx.commit().await?;
    Ok(visit.done(&page_of(&object), "registry-flash-saved"))
}

/// What was said about an object, and the form to say more.
pub(crate) async fn comments(
    app: &App,
    t: &Words,
    visit: &Visit,
    subject: &Object,
    keeps: bool,
    base: &str,
) -> Result<Panel> {
    let audiences: &[cases::Audience] = if keeps { &cases::Audience::ALL } else { &[cases::Audience::Shared] };
    let said = cases::comments(&app.db, subject, audiences, &PageRequest::default()).await?;
    let moments = said
        .items
        .iter()
        .map(|one| ui::Moment {
            when: t.instant(one.created_at),
            title: t.of(&format!("registry-comment-{}", one.audience.code())),
            who: one.author_name.clone(),
            text: one.text.clone(),
            ..Default::default()
        })
        .collect();
    let mut fields = vec![Field::text_area("text", t.of("registry-comment")).required().max_length(4_000)];
    if keeps {
        let options = vec![
            Choice::new("internal", t.of("registry-comment-internal")),
            Choice::new("shared", t.of("registry-comment-shared")),
        ];
        fields.push(Field::radio("audience", t.of("registry-comment-audience"), options).value("internal"));
    }
    let form =
        Form::post(visit.once(&format!("{base}/comments")), visit.form_token.clone(), t.of("registry-comment-send"))
            .id("comment")
            .fields_only(fields);
    let body = Html::of(&Pair(ui::Timeline { moments }.show(t), form.show(t)));
    Ok(Panel::new("comments", t.of("registry-comments"), body))
}

/// What the form for a comment sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct CommentSent {
    text: String,
    audience: String,
}

/// Says something about an organisation.
pub(crate) async fn add_comment(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    FormBody(sent): FormBody<CommentSent>,
) -> Answer {
    let mut tx = app.db.begin().await?;
    let file = organization_for(&mut tx, &visit.actor, &permissions::READ_ORGANIZATION, id).await?;
    let keeps = organization_for(&mut tx, &visit.actor, &permissions::KEEP_ORGANIZATION, file.id).await.is_ok();
    let audience = if keeps && sent.audience != "shared" { cases::Audience::Internal } else { cases::Audience::Shared };
    cases::add_comment(&mut tx, &visit.actor, app.clock.now(), &id.into(), audience, &sent.text).await?;
    tx.commit().await?;
    Ok(visit.done(&format!("/work/organizations/{id}?tab=documents"), "registry-flash-saved"))
}
