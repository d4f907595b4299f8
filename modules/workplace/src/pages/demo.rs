//! Entering the demonstration.

use axum::extract::State;
use jinmen_core::Error;
use module::visit::{close_cookie, open_cookie};
use module::{Answer, App, Form, Visit};
use serde::Deserialize;

use super::with_cookies;
use crate::ops;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Enter {
    role: String,
}

/// Enters under a role; as the public, one is signed out.
pub async fn enter(State(app): State<App>, visit: Visit, Form(input): Form<Enter>) -> Answer {
    if input.role == "public" && app.settings().demo {
        ops::session::sign_out(&app, &visit).await?;
        return Ok(with_cookies([close_cookie(&app)], "/"));
    }
    if !app.settings().demo {
        return Err(Error::NotFound.into());
    }
    let token = ops::demo::enter(&app, &visit, &input.role).await?;
    Ok(with_cookies([open_cookie(&app, &token)], "/work"))
}
