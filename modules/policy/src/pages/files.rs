//! Documents of policies: the text as issued, samples of papers; and what the public says to a draft.

use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect};
use files::{File, FileId};
use futures::{StreamExt, TryStreamExt};
use jinmen_core::Error;
use module::{Answer, App, Form as FormBody, Path, Visit};
use registry::uploads;
use serde::Deserialize;
use ui::{Field, Form, Html, Link, Words};

use super::desk::PATH;
use crate::model::PolicyId;
use crate::ops::comment::{self, ORIGINAL};
use crate::ops::library;

/// The largest document.
pub(super) const MOST_BYTES: usize = 20 * 1_048_576;

#[derive(askama::Template)]
#[template(
    source = "<ul>{% for link in links %}<li><a href=\"{{ link.href }}\">{{ link.label }}</a></li>{% endfor %}</ul>",
    ext = "html"
)]
struct Files {
    links: Vec<Link>,
}

/// The documents as links; nothing where there are none.
pub(super) fn list(t: &Words, files: &[File]) -> Html {
    if files.is_empty() {
        return Html::default();
    }
    let link = |file: &File| {
        let purpose = if file.purpose == ORIGINAL { t.of("policy-file-original") } else { file.purpose.clone() };
        Link::new(format!("{purpose}：{}", file.name), format!("/policy-files/{}", file.id))
    };
    Html::of(&Files { links: files.iter().map(link).collect() })
}

/// The form that attaches one.
pub(super) fn form(t: &Words, visit: &Visit, id: PolicyId) -> Form {
    let action = visit.once(&format!("{PATH}/{id}/files"));
    Form::post(action, visit.form_token.clone(), t.of("policy-file-attach")).id("files").fields_only(vec![
        Field::file("file", t.of("policy-file"), ".pdf,.docx,.ofd,.jpg,.png,.xlsx").required(),
        Field::text("purpose", t.of("policy-file-purpose")).help(t.of("policy-file-purpose-help")).max_length(100),
    ])
}

/// Attaches a document.
pub(crate) async fn attach(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    mut body: Multipart,
) -> Answer {
    // Whoever may not is refused before a byte is kept.
    library::read(&app, &visit.actor, id).await?;
    let (mut purpose, mut stored) = (String::new(), None);
    while let Some(field) = body.next_field().await.map_err(uploads::unreadable)? {
        match field.name() {
            Some("purpose") => purpose = field.text().await.map_err(uploads::unreadable)?.chars().take(200).collect(),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.map_ok(|bytes| bytes.to_vec()).map_err(std::io::Error::other).boxed();
                let kept = app.files.blobs().put(bytes, MOST_BYTES as u64).await.map_err(uploads::too_large)?;
                stored = Some((name, kept));
            }
            _ => {}
        }
    }
    let (name, kept) = stored.filter(|(_, kept)| kept.size > 0).ok_or_else(|| Error::field("file", "files.missing"))?;
    comment::attach(&app, &visit.actor, id, &purpose, &name, kept).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}#documents")).into_response())
}

/// Hands out a document.
pub(crate) async fn download(State(app): State<App>, visit: Visit, Path(id): Path<FileId>) -> Answer {
    let file = comment::document(&app, &visit.actor, id).await?;
    uploads::hand_out(&app, &file).await
}

/// Takes a document off.
pub(crate) async fn detach(State(app): State<App>, visit: Visit, Path(id): Path<FileId>) -> Answer {
    let policy = comment::detach(&app, &visit.actor, id).await?;
    Ok(Redirect::to(&format!("{PATH}/{policy}#documents")).into_response())
}

/// What is said to a draft.
#[derive(Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    text: String,
}

/// Says something to a draft that the public is asked about.
pub(crate) async fn say(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Said>,
) -> Answer {
    comment::comment(&app, &visit.actor, id, &sent.text).await?;
    Ok(Redirect::to(&format!("/policies/{id}?said=yes#comment")).into_response())
}
