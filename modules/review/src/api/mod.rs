//! Judging for programs: the office's rounds, the judge's entries, results.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jinmen_core::Instant;
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::model::{
    Entry, EntryId, EntryState, Expert, ExpertDraft, ExpertFilter, ExpertKind, Round, RoundDraft, RoundFilter, RoundId,
    RoundKind, RoundSetup, RoundState, ScoreDraft, SeatState,
};
use crate::ops::{entries, experts, judging, life, live, results, rounds, scores};
use crate::permissions as may;

/// Adds the operations.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::READ, routes!(review_experts))
        .api(&may::WRITE, routes!(review_add_expert))
        .api(&may::READ, routes!(review_rounds))
        .api(&may::WRITE, routes!(review_begin_round))
        .api(&may::READ, routes!(review_round))
        .api(&may::READ, routes!(review_entries))
        .api(&may::WRITE, routes!(review_take_in))
        .api(&may::WRITE, routes!(review_open))
        .api(&may::WRITE, routes!(review_close))
        .api(&may::SUPERVISE, routes!(review_confirm))
        .api(&may::READ, routes!(review_ranking))
        .api(&may::JUDGE, routes!(review_judging))
        .api(&may::JUDGE, routes!(review_my_entries))
        .api(&may::JUDGE, routes!(review_put_score))
        .api(&may::PUBLIC, routes!(review_results))
        .api(&may::PUBLIC, routes!(review_screen))
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub struct ReviewMade {
    /// Its identifier.
    id: String,
}

fn made(id: String) -> Response {
    (StatusCode::CREATED, axum::Json(ReviewMade { id })).into_response()
}

/// An expert of the pool.
#[derive(Serialize, ToSchema)]
pub struct ExpertOut {
    /// Their identifier in the pool.
    id: String,
    /// The person.
    person: String,
    /// Their name.
    name: String,
    /// Where they work.
    institution: String,
    /// What they are there.
    post: String,
    /// From where they come.
    kind: ExpertKind,
    /// What they know.
    fields: Vec<String>,
    /// Holds a senior title.
    senior: bool,
    /// They may be asked.
    active: bool,
}

impl From<Expert> for ExpertOut {
    fn from(one: Expert) -> Self {
        Self {
            id: one.id.text(),
            person: one.person.text(),
            name: one.name,
            institution: one.institution,
            post: one.post,
            kind: one.kind,
            fields: one.fields,
            senior: one.senior,
            active: one.active,
        }
    }
}

/// The pool of experts of one's office, newest first.
#[utoipa::path(get, path = "/experts", tag = "review", params(ExpertFilter, Paging),
    responses((status = 200, body = PageOut<ExpertOut>), Refusals))]
async fn review_experts(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ExpertFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<ExpertOut>>> {
    let page = experts::list(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Takes somebody into the pool.
#[utoipa::path(post, path = "/experts", tag = "review", request_body = ExpertDraft,
    responses((status = 201, body = ReviewMade), Refusals))]
async fn review_add_expert(State(app): State<App>, visit: Visit, Json(draft): Json<ExpertDraft>) -> Answer<Response> {
    Ok(made(experts::add(&app, &visit.actor, &draft).await?.text()))
}

/// A round of judging.
#[derive(Serialize, ToSchema)]
pub struct RoundOut {
    /// Its identifier.
    id: String,
    /// Its number.
    #[schema(example = "PS-2026-0001")]
    number: String,
    /// Of which call.
    call: String,
    /// What it is called.
    title: String,
    /// What kind.
    kind: RoundKind,
    /// Where it stands.
    state: RoundState,
    /// The last day for scores.
    due_on: Option<String>,
    /// When its result was published, RFC 3339.
    published_at: Option<String>,
}

impl From<Round> for RoundOut {
    fn from(one: Round) -> Self {
        Self {
            id: one.id.text(),
            number: one.number,
            call: one.call.text(),
            title: one.title.zh,
            kind: one.kind,
            state: one.state,
            due_on: one.due_on.map(|day| day.to_string()),
            published_at: one.published_at.map(Instant::to_rfc3339),
        }
    }
}

/// A round with its panels and what is decided about it.
#[derive(Serialize, ToSchema)]
pub struct RoundFileOut {
    /// The round.
    #[serde(flatten)]
    round: RoundOut,
    /// What is decided about it.
    setup: RoundSetup,
    /// Its panels.
    panels: Vec<PanelOut>,
    /// Its judges.
    judges: Vec<JudgeOut>,
}

/// A panel.
#[derive(Serialize, ToSchema)]
pub struct PanelOut {
    /// Its identifier.
    id: String,
    /// What it is called.
    title: String,
    /// How many entries it has.
    entries: i64,
}

/// A judge of a round.
#[derive(Serialize, ToSchema)]
pub struct JudgeOut {
    /// The seat.
    id: String,
    /// In which panel.
    panel: String,
    /// Their name.
    name: String,
    /// Where the seat stands.
    state: SeatState,
    /// How many entries they judge.
    entries: i64,
    /// How many scores they locked.
    locked: i64,
}

/// The rounds of one's office, newest first.
#[utoipa::path(get, path = "/reviews", tag = "review", params(RoundFilter, Paging),
    responses((status = 200, body = PageOut<RoundOut>), Refusals))]
async fn review_rounds(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<RoundFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<RoundOut>>> {
    let page = rounds::list(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// A round to be begun.
#[derive(Deserialize, ToSchema)]
pub struct RoundIn {
    /// The call whose applications are judged.
    call: String,
    /// Everything else.
    #[serde(flatten)]
    draft: RoundDraft,
}

/// Begins a round of a call of one's office.
#[utoipa::path(post, path = "/reviews", tag = "review", request_body = RoundIn,
    responses((status = 201, body = ReviewMade), Refusals))]
async fn review_begin_round(State(app): State<App>, visit: Visit, Json(given): Json<RoundIn>) -> Answer<Response> {
    let call = given.call.parse().map_err(|_| jinmen_core::Error::NotFound)?;
    Ok(made(rounds::begin(&app, &visit.actor, call, &given.draft).await?.text()))
}

/// A round of one's office.
#[utoipa::path(get, path = "/reviews/{id}", tag = "review", params(("id" = String, Path)),
    responses((status = 200, body = RoundFileOut), Refusals))]
async fn review_round(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
) -> Answer<axum::Json<RoundFileOut>> {
    let whole = rounds::read(&app, &visit.actor, id).await?;
    let panel = |one: &crate::model::Panel| PanelOut {
        id: one.id.text(),
        title: one.title.zh.clone(),
        entries: whole.entries_of(one.id),
    };
    let judge = |one: &crate::model::Seat| {
        let (entries, locked) = whole.progress.get(&one.id).copied().unwrap_or_default();
        JudgeOut {
            id: one.id.text(),
            panel: one.panel.text(),
            name: one.name.clone(),
            state: one.state,
            entries,
            locked,
        }
    };
    Ok(axum::Json(RoundFileOut {
        setup: whole.round.setup.clone(),
        panels: whole.panels.iter().map(panel).collect(),
        judges: whole.seats.iter().map(judge).collect(),
        round: whole.round.into(),
    }))
}

/// An entry.
#[derive(Serialize, ToSchema)]
pub struct EntryOut {
    /// Its identifier.
    id: String,
    /// What judges call it.
    code: String,
    /// The project.
    title: String,
    /// Who applies; empty where a round is blind and the reader judges.
    applicant: String,
    /// The application; empty for judges.
    application: String,
    /// Which panel judges it.
    panel: String,
    /// Its track, by key.
    track: String,
    /// Its group, by key.
    group: String,
    /// Where it stands.
    state: EntryState,
    /// Its result, a decimal.
    score: Option<String>,
    /// Its rank.
    rank: Option<i64>,
    /// It goes on.
    promoted: bool,
}

impl From<Entry> for EntryOut {
    fn from(one: Entry) -> Self {
        Self {
            id: one.id.text(),
            code: one.code,
            title: one.title,
            applicant: one.applicant_name,
            application: one.application.text(),
            panel: one.panel.text(),
            track: one.track,
            group: one.group,
            state: one.state,
            score: one.score.map(|score| score.to_string()),
            rank: one.rank,
            promoted: one.promoted,
        }
    }
}

/// The entries of a round of one's office, by code.
#[utoipa::path(get, path = "/reviews/{id}/entries", tag = "review", params(("id" = String, Path), Paging),
    responses((status = 200, body = PageOut<EntryOut>), Refusals))]
async fn review_entries(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<EntryOut>>> {
    let page = entries::list(&app, &visit.actor, id, None, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Takes in what waits to be judged.
#[utoipa::path(post, path = "/reviews/{id}/entries", tag = "review", params(("id" = String, Path)),
    responses((status = 204), Refusals))]
async fn review_take_in(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer<StatusCode> {
    entries::take_in(&app, &visit.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens a round: judges score.
#[utoipa::path(post, path = "/reviews/{id}/open", tag = "review", params(("id" = String, Path)),
    responses((status = 204), Refusals))]
async fn review_open(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer<StatusCode> {
    life::open(&app, &visit.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a round ends with scores missing.
#[derive(Deserialize, ToSchema)]
pub struct CloseIn {
    /// Needed where scores are missing.
    #[serde(default)]
    reason: String,
}

/// Ends judging: scores are fixed.
#[utoipa::path(post, path = "/reviews/{id}/close", tag = "review", params(("id" = String, Path)), request_body = CloseIn,
    responses((status = 204), Refusals))]
async fn review_close(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    Json(given): Json<CloseIn>,
) -> Answer<StatusCode> {
    life::close(&app, &visit.actor, id, &given.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The supervisor confirms the result.
#[utoipa::path(post, path = "/reviews/{id}/confirm", tag = "review", params(("id" = String, Path)),
    responses((status = 204), Refusals))]
async fn review_confirm(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer<StatusCode> {
    life::confirm(&app, &visit.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A place in a panel's ranking.
#[derive(Serialize, ToSchema)]
pub struct RankOut {
    /// The panel.
    panel: String,
    /// The entry's code.
    code: String,
    /// The project.
    title: String,
    /// Who applies.
    applicant: String,
    /// Its track, by key.
    track: String,
    /// Its group, by key.
    group: String,
    /// 1 is the best of its track and group; those who share a place have the better rank.
    rank: u32,
    /// The result, a decimal.
    score: String,
    /// So many scores it has.
    scores: usize,
    /// The panel has to vote between it and others.
    tied: bool,
}

/// The ranking of a round of one's office as its scores stand.
#[utoipa::path(get, path = "/reviews/{id}/ranking", tag = "review", params(("id" = String, Path)),
    responses((status = 200, body = Vec<RankOut>), Refusals))]
async fn review_ranking(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
) -> Answer<axum::Json<Vec<RankOut>>> {
    let (_, ranked) = results::of_round(&app, &visit.actor, id).await?;
    let lines = ranked.into_iter().flat_map(|panel| {
        let title = panel.panel.title.zh.clone();
        panel.places.into_iter().map(move |place| RankOut {
            panel: title.clone(),
            code: place.entry.code,
            title: place.entry.title,
            applicant: place.entry.applicant_name,
            track: place.entry.track,
            group: place.entry.group,
            rank: place.standing.rank,
            score: place.standing.score.to_string(),
            scores: place.standing.scores,
            tied: place.standing.revote,
        })
    });
    Ok(axum::Json(lines.collect()))
}

/// A round in which one has a seat.
#[derive(Serialize, ToSchema)]
pub struct JudgingOut {
    /// The round.
    #[serde(flatten)]
    round: RoundOut,
    /// Where the seat stands.
    seat: SeatState,
}

/// The rounds in which one has a seat, newest first.
#[utoipa::path(get, path = "/judging", tag = "review", responses((status = 200, body = Vec<JudgingOut>), Refusals))]
async fn review_judging(State(app): State<App>, visit: Visit) -> Answer<axum::Json<Vec<JudgingOut>>> {
    let mine = judging::mine(&app, &visit.actor).await?;
    let one = |one: judging::Mine| JudgingOut { seat: one.seat.state, round: one.round.into() };
    Ok(axum::Json(mine.into_iter().map(one).collect()))
}

/// The entries that are one's own to judge.
#[utoipa::path(get, path = "/judging/{id}/entries", tag = "review", params(("id" = String, Path)),
    responses((status = 200, body = Vec<EntryOut>), Refusals))]
async fn review_my_entries(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
) -> Answer<axum::Json<Vec<EntryOut>>> {
    let desk = judging::desk(&app, &visit.actor, id).await?;
    // Results are everybody's once they are published, and the application is never the judge's.
    let one = |(entry, _): (Entry, _)| EntryOut { application: String::new(), score: None, rank: None, ..entry.into() };
    Ok(axum::Json(desk.entries.into_iter().map(one).collect()))
}

/// A score as it was taken.
#[derive(Serialize, ToSchema)]
pub struct ScoreOut {
    /// It is final.
    locked: bool,
    /// What the marks come to, once it is locked.
    total: Option<String>,
}

/// Saves or locks one's own score of an entry. Sent again with the same `key`, a locked score is one score.
#[utoipa::path(put, path = "/judging/{id}/entries/{entry}/score", tag = "review",
    params(("id" = String, Path), ("entry" = String, Path)), request_body = ScoreDraft,
    responses((status = 200, body = ScoreOut), Refusals))]
async fn review_put_score(
    State(app): State<App>,
    visit: Visit,
    Path((id, entry)): Path<(RoundId, EntryId)>,
    Json(draft): Json<ScoreDraft>,
) -> Answer<axum::Json<ScoreOut>> {
    let score = scores::save(&app, &visit.actor, id, entry, &draft).await?;
    Ok(axum::Json(ScoreOut { locked: score.locked, total: score.total.map(|total| total.fixed(2)) }))
}

/// Which results.
#[derive(Deserialize, Default, IntoParams)]
#[serde(default)]
struct ResultsPage {
    /// The `next` of the page before.
    after: Option<String>,
    /// Rows wanted, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// Published results, newest first.
#[utoipa::path(get, path = "/results", tag = "review", params(ResultsPage),
    responses((status = 200, body = PageOut<RoundOut>), Refusals))]
async fn review_results(
    State(app): State<App>,
    Query(page): Query<ResultsPage>,
) -> Answer<axum::Json<PageOut<RoundOut>>> {
    let page = jinmen_core::PageRequest { after: page.after, limit: page.limit };
    Ok(axum::Json(PageOut::of(results::published(&app, &page).await?, Into::into)))
}

/// What the screen of a live final shows: never a result that the supervisor did not confirm.
#[utoipa::path(get, path = "/live/{panel}", tag = "review", params(("panel" = String, Path)),
    responses((status = 200, body = live::Screen), Refusals))]
async fn review_screen(
    State(app): State<App>,
    Path(id): Path<crate::model::PanelId>,
) -> Answer<axum::Json<live::Screen>> {
    Ok(axum::Json(live::screen(&app, id, app.clock.now()).await?))
}
