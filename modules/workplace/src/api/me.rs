//! Who one is here, and under which hat.

use axum::extract::State;
use jinmen_core::Text2;
use module::{Answer, App, Json, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusals;
use crate::ops;

/// Who is in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The account's name.
    #[schema(example = "wang.fang")]
    account: String,
    /// The person's name.
    #[schema(example = "王芳")]
    name: String,
    /// The person's identifier.
    person: String,
    /// The language chosen, or nothing.
    #[schema(example = "zh-CN")]
    language: Option<String>,
    /// The hat worn now.
    hat: Option<HatOut>,
    /// All hats in force today.
    hats: Vec<HatOut>,
}

/// A role held for an organisation.
#[derive(Clone, Serialize, ToSchema)]
pub struct HatOut {
    /// Its identifier.
    #[schema(example = "01968d1c-0000-7000-8000-000000000001")]
    id: String,
    /// The role.
    #[schema(example = "secretariat")]
    role: String,
    /// The organisation's identifier, if it is held for one.
    organization: Option<String>,
    /// The organisation's name.
    organization_name: Option<NameOut>,
}

/// A name in both languages.
#[derive(Clone, Serialize, ToSchema)]
pub struct NameOut {
    /// Chinese.
    #[schema(example = "津门人才双创联盟")]
    zh: String,
    /// English, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<String>,
}

impl From<Text2> for NameOut {
    fn from(name: Text2) -> Self {
        Self { zh: name.zh, en: name.en }
    }
}

/// The hat to put on.
#[derive(Deserialize, ToSchema)]
pub struct HatIn {
    /// One of the hats of `GET /me`.
    #[schema(example = "01968d1c-0000-7000-8000-000000000001")]
    hat: String,
}

/// Who am I?
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = Me, description = "Who is in, and under which hat"), Refusals))]
pub async fn work_me(State(app): State<App>, visit: Visit) -> Answer<axum::Json<Me>> {
    let person = visit.actor.signed_in()?;
    let account = access::find_account(&app.db, &person.account.text()).await?;
    let ids: Vec<_> = person.hats.iter().filter_map(|hat| hat.organization).collect();
    let names = match app.directory() {
        Some(directory) if !ids.is_empty() => directory.organizations(&app, &ids).await?,
        _ => Vec::new(),
    };
    let out = |hat: &jinmen_core::Hat| HatOut {
        id: hat.grant.text(),
        role: hat.role.code().to_owned(),
        organization: hat.organization.map(|id| id.text()),
        organization_name: names
            .iter()
            .find(|(id, _)| Some(*id) == hat.organization)
            .map(|(_, name)| name.clone().into()),
    };
    Ok(axum::Json(Me {
        account: account.name,
        name: person.name.clone(),
        person: account.person.text(),
        language: person.locale.map(|locale| locale.tag().to_owned()),
        hat: person.hat.as_ref().map(out),
        hats: person.hats.iter().map(out).collect(),
    }))
}

/// Change the hat.
#[utoipa::path(put, path = "/me/hat", tag = "session", request_body = HatIn, responses((status = 204, description = "Worn for the rest of the session"), Refusals))]
pub async fn work_change_hat(
    State(app): State<App>,
    visit: Visit,
    Json(input): Json<HatIn>,
) -> Answer<axum::http::StatusCode> {
    ops::session::change_hat(&app, &visit, &input.hat).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
