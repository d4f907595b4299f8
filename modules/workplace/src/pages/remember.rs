//! Language and type size, by links that also work without scripts.

use axum::extract::State;
use jinmen_core::{Error, Locale};
use module::visit::{language_cookie, type_cookie};
use module::{Answer, App, Path, Query, Visit};

use super::{Next, with_cookies};
use crate::{address, ops};

/// Changes the language and goes back.
pub async fn language(
    State(app): State<App>,
    visit: Visit,
    Path(tag): Path<String>,
    Query(query): Query<Next>,
) -> Answer {
    let locale = Locale::ALL.into_iter().find(|locale| locale.tag() == tag).ok_or(Error::NotFound)?;
    ops::remember::language(&app, &visit, locale).await?;
    Ok(with_cookies([language_cookie(locale)], &address::same_site(&query.next, "/")))
}

/// Changes the size of type and goes back.
pub async fn type_size(
    State(app): State<App>,
    visit: Visit,
    Path(size): Path<String>,
    Query(query): Query<Next>,
) -> Answer {
    let large = match size.as_str() {
        "large" => true,
        "normal" => false,
        _ => return Err(Error::NotFound.into()),
    };
    ops::remember::type_size(&app, &visit, large).await?;
    Ok(with_cookies([type_cookie(large)], &address::same_site(&query.next, "/")))
}
