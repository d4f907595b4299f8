//! Public code lists: regions, industries and the like.

use jinmen_core::Error;
use jinmen_core::codes::lists::{self, CodeList, Entry};
use module::{Answer, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Entries of one answer.
const MOST: usize = 200;
/// Entries found unless a number is asked for.
const FOUND: usize = 20;

/// A code list.
#[derive(Serialize, ToSchema)]
pub struct ListOut {
    /// Its name.
    #[schema(example = "industry")]
    name: String,
    /// How many codes it has.
    #[schema(example = 1973)]
    count: usize,
}

/// A code with its name.
#[derive(Serialize, ToSchema)]
pub struct CodeOut {
    /// The code, as the standard writes it.
    #[schema(example = "I6511")]
    code: String,
    /// What it is called, in full where the name alone says too little.
    label: LabelOut,
    /// The code above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "I651")]
    parent: Option<String>,
}

/// A name.
#[derive(Serialize, ToSchema)]
pub struct LabelOut {
    /// Chinese.
    #[schema(example = "基础软件开发")]
    zh: String,
    /// English, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Basic software development")]
    en: Option<String>,
}

/// Which codes.
#[derive(Deserialize, IntoParams)]
pub struct Asked {
    /// A code or a part of a name; the best first.
    #[param(example = "软件")]
    q: Option<String>,
    /// The codes right below this one; the topmost where neither is given.
    parent: Option<String>,
    /// Codes wanted, 1 to 200.
    limit: Option<usize>,
}

/// Code lists.
#[utoipa::path(get, path = "/code-lists", tag = "codes", responses((status = 200, body = Vec<ListOut>, description = "The lists there are")))]
pub async fn work_code_lists() -> Answer<axum::Json<Vec<ListOut>>> {
    Ok(axum::Json(lists::all().map(|list| ListOut { name: list.name().to_owned(), count: list.len() }).collect()))
}

/// Codes of a list.
///
/// With `q` those that match, best first; with `parent` those right below it; with neither the topmost.
#[utoipa::path(
    get, path = "/code-lists/{list}", tag = "codes",
    params(("list" = String, Path, description = "The list's name", example = "industry"), Asked),
    responses(
        (status = 200, body = Vec<CodeOut>, description = "Codes"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such list"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A parameter is wrong"),
    )
)]
pub async fn work_code_list(Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer<axum::Json<Vec<CodeOut>>> {
    let list = lists::get(&name).ok_or(Error::NotFound)?;
    let typed = asked.q.as_deref().map(crate::ops::search::cleaned).unwrap_or_default();
    let limit = asked.limit.unwrap_or(if typed.is_empty() { MOST } else { FOUND }).clamp(1, MOST);
    let entries = if typed.is_empty() {
        list.children(asked.parent.as_deref().filter(|code| !code.is_empty()))
    } else {
        list.search(&typed, limit)
    };
    Ok(axum::Json(entries.into_iter().take(limit).map(|entry| out(list, entry)).collect()))
}

fn out(list: &dyn CodeList, entry: Entry) -> CodeOut {
    let zh = list.full_label_zh(entry.code).unwrap_or_else(|| entry.zh.to_owned());
    let label = LabelOut { zh, en: entry.en.map(str::to_owned) };
    CodeOut { code: entry.code.to_owned(), label, parent: entry.parent.map(str::to_owned) }
}
