//! What programmers read: the operations of the API, and what a problem's code means.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use module::{Answer, App, Visit};
use ui::Frame;

use super::openapi::{self, Group};

#[derive(Template)]
#[template(path = "docs/api.html")]
struct ApiPage {
    frame: Frame,
    groups: Vec<GroupView>,
    sign_in: String,
    count: String,
}

struct GroupView {
    name: String,
    group: Group,
}

/// The operations.
pub async fn api(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let origin = app.config.public_url.trim_end_matches('/');
    let mut groups = openapi::read(&app.openapi, origin);
    // Whoever reads on needs to get in first.
    groups.sort_by_key(|group| group.tag != "session");
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        // The document speaks English; where the locales say an operation in the reader's language, they do.
        let key = operation.id.replace(['.', '_'], "-");
        let (module, what) = key.split_once('-').unwrap_or(("work", &key));
        let key = format!("{module}-api-{what}");
        if t.has(&key) {
            operation.summary = t.of(&key);
        }
    }
    let count: usize = groups.iter().map(|group| group.operations.len()).sum();
    // A tag is named by the module whose operations bear it.
    let name = |group: &openapi::Group| {
        let owner = group.operations.first().and_then(|one| one.id.split('_').next()).unwrap_or("work");
        let key = format!("{owner}-api-tag-{}", group.tag);
        if t.has(&key) { t.of(&key) } else { group.tag.clone() }
    };
    let page = ApiPage {
        frame: app.portal_frame(&visit, t.of("work-docs-api")),
        sign_in: format!(
            "curl -c jinmen.cookies -X POST \\\n  -H 'content-type: application/json' \\\n  -d '{{\"account\":\"…\",\"password\":\"…\"}}' \\\n  '{origin}/api/v1/session'\n\ncurl -b jinmen.cookies '{origin}/api/v1/me'"
        ),
        count: t.with("work-docs-count", &[("n", count.into())]),
        groups: groups.into_iter().map(|group| GroupView { name: name(&group), group }).collect(),
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// The document itself.
pub async fn openapi(State(app): State<App>) -> Answer {
    Ok(super::json_text(app.openapi.clone()))
}

#[derive(Template)]
#[template(path = "docs/problems.html")]
struct ProblemsPage {
    frame: Frame,
    problems: Vec<ProblemView>,
}

struct ProblemView {
    code: &'static str,
    status: u16,
    title: String,
    detail: String,
}

/// Codes with their status, and the keys of what they say.
const PROBLEMS: [(&str, u16, &str, &str); 19] = [
    ("core.bad_request", 400, "problem-core-bad-request", "problem-core-bad-request-detail"),
    ("core.sign_in", 401, "problem-core-sign-in", "problem-core-sign-in-detail"),
    ("access.sign_in", 401, "fault-access-sign-in", "work-problem-access-sign-in"),
    ("core.token", 401, "problem-core-token", "problem-core-token-detail"),
    ("core.token_scope", 403, "problem-core-token-scope", "work-problem-token-scope"),
    ("core.origin", 403, "problem-core-origin", "problem-core-origin-detail"),
    ("core.not_found", 404, "problem-core-not-found", "problem-core-not-found-detail"),
    ("core.method", 405, "problem-core-method", "problem-core-method-detail"),
    ("core.timeout", 408, "problem-core-timeout", "problem-core-timeout-detail"),
    ("core.already_done", 409, "problem-conflict", "fault-core-already-done"),
    ("core.form_token", 409, "problem-conflict", "fault-core-form-token"),
    ("work.own_account", 409, "problem-conflict", "fault-work-own-account"),
    ("core.stale", 412, "problem-core-stale", "problem-core-stale-detail"),
    ("core.too_large", 413, "problem-core-too-large", "work-problem-too-large"),
    ("core.media_type", 415, "problem-core-media-type", "problem-core-media-type-detail"),
    ("core.invalid", 422, "problem-core-invalid", "work-problem-invalid"),
    ("core.too_many", 429, "problem-core-too-many", "work-problem-too-many"),
    ("core.internal", 500, "problem-core-internal", "problem-core-internal-detail"),
    ("core.unavailable", 503, "problem-core-unavailable", "problem-core-unavailable-detail"),
];

/// What a problem's code means.
pub async fn problems(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let view = |(code, status, title, detail): (&'static str, u16, &str, &str)| ProblemView {
        code,
        status,
        title: t.of(title),
        detail: t.of(detail),
    };
    let problems = PROBLEMS.map(view).into();
    let frame = app.portal_frame(&visit, t.of("work-docs-problems"));
    Ok(ui::page(StatusCode::OK, &ProblemsPage { frame, problems }))
}
