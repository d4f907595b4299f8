//! Pages of judging: the office's, the judge's, everybody's.

mod assign;
mod desk;
mod draws;
mod experts;
mod judging;
mod landing;
mod live;
mod public;
mod results;
mod rounds;
mod seats;
mod shared;

use module::{NavEntry, NextStep, Routes, Visit};

use crate::permissions as may;

/// The menu entries.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry =
        |href, key, icon, permission, order, portal| NavEntry { href, also: &[], key, icon, permission, order, portal };
    vec![
        entry("/work/reviews", "review-rounds", "award", &may::READ, 14, false),
        entry("/work/experts", "review-experts", "users", &may::READ, 15, false),
        entry("/work/judging", "review-judging", "clipboard-check", &may::JUDGE, 5, false),
        entry("/results", "review-results", "award", &may::PUBLIC, 40, true),
    ]
}

/// The routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    let (read, write, supervise) = (&may::READ, &may::WRITE, &may::SUPERVISE);
    let (judge, export) = (&may::JUDGE, &may::EXPORT);
    routes
        .get("/live/{panel}", &may::PUBLIC, public::screen)
        .get("/live/{panel}/state", &may::PUBLIC, public::state)
        .get("/live/{panel}/guest", &may::PUBLIC, public::guest)
        .post("/live/{panel}/guest", &may::PUBLIC, public::give)
        .get("/results", &may::PUBLIC, public::list)
        .get("/results/{id}", &may::PUBLIC, public::result)
        .get("/results/{id}/bundle.json", &may::PUBLIC, public::bundle)
        .get("/work/experts", read, experts::list)
        .get("/work/experts/new", write, experts::new)
        .post("/work/experts/new", write, experts::add)
        .get("/work/experts/{id}", write, experts::page)
        .post("/work/experts/{id}", write, experts::change)
        .get("/work/reviews", read, rounds::list)
        .get("/work/reviews/new", write, rounds::new)
        .post("/work/reviews/new", write, rounds::begin)
        .get("/work/reviews/{id}", read, desk::page)
        .get("/work/reviews/{id}/setup", write, rounds::setup)
        .post("/work/reviews/{id}/setup", write, rounds::arrange)
        .post("/work/reviews/{id}/entries", write, desk::take_in)
        .post("/work/reviews/{id}/move", write, desk::move_entry)
        .post("/work/reviews/{id}/discard", write, desk::discard)
        .post("/work/reviews/{id}/open", write, desk::open)
        .post("/work/reviews/{id}/remind", write, desk::remind)
        .post("/work/reviews/{id}/close", write, desk::close)
        .post("/work/reviews/{id}/reopen", write, desk::reopen)
        .post("/work/reviews/{id}/confirm", supervise, desk::confirm)
        .post("/work/reviews/{id}/publish", write, desk::publish)
        .post("/work/reviews/{id}/hand-over", write, desk::hand_over)
        .post("/work/reviews/{id}/votes", write, desk::vote)
        .post("/work/reviews/{id}/landing", write, landing::write)
        .post("/work/reviews/{id}/fees", write, landing::owe_fees)
        .post("/work/reviews/{id}/choose", write, seats::chosen)
        .post("/work/reviews/{id}/seats", write, seats::change)
        .post("/work/reviews/{id}/invite", write, seats::invite)
        .post("/work/reviews/{id}/conflicts/find", write, seats::find)
        .post("/work/reviews/{id}/conflicts", write, seats::declared)
        .post("/work/reviews/{id}/conflicts/lift", write, desk::lift)
        .get("/work/reviews/{id}/assign", write, assign::propose)
        .post("/work/reviews/{id}/assign", write, assign::accept)
        .post("/work/reviews/{id}/pairs", write, assign::pair)
        .post("/work/reviews/{id}/draws", write, draws::commit)
        .post("/work/reviews/{id}/paper-draws", write, draws::paper)
        .post("/work/review-draws/{id}", supervise, draws::drawn)
        .post("/work/reviews/{id}/scores/reopen", write, results::reopen)
        .get("/work/reviews/{id}/scores.csv", export, results::csv)
        .get("/work/reviews/{id}/scores.xlsx", export, results::xlsx)
        .get("/work/reviews/{id}/scores.json", export, results::json_sheet)
        .get("/work/reviews/{id}/live/{panel}", read, live::page)
        .get("/work/reviews/{id}/live/{panel}/papers", read, live::papers)
        .post("/work/reviews/{id}/live/{panel}/call", write, live::call)
        .post("/work/reviews/{id}/live/{panel}/clock", write, live::clocked)
        .post("/work/reviews/{id}/live/{panel}/absent", write, live::absent)
        .post("/work/reviews/{id}/live/{panel}/slip", write, live::typed)
        .post("/work/reviews/{id}/live/{panel}/tally", write, live::tally)
        .post("/work/reviews/{id}/live/{panel}/confirm", supervise, live::confirm)
        .post("/work/reviews/{id}/live/{panel}/refuse", supervise, live::refuse)
        .get("/work/judging", judge, judging::list)
        .get("/work/judging/{id}", judge, judging::page)
        .post("/work/judging/{id}/accept", judge, judging::accept)
        .post("/work/judging/{id}/decline", judge, judging::decline)
        .get("/work/judging/{id}/live", judge, judging::pad)
        .get("/work/judging/{id}/live/state", judge, judging::pad_state)
        .get("/work/judging/{id}/{entry}", judge, judging::packet)
        .post("/work/judging/{id}/{entry}/score", judge, judging::score)
        .put("/work/judging/{id}/{entry}/card", judge, judging::put_card)
        .post("/work/judging/{id}/{entry}/recuse", judge, judging::recuse)
        .get("/work/judging/{id}/{entry}/files/{file}", judge, judging::file)
}

/// What one may sensibly do next.
pub(crate) fn next_steps(visit: &Visit) -> Vec<NextStep> {
    let step = |title_key, hint_key, href: &str, icon| NextStep { title_key, hint_key, href: href.into(), icon };
    if visit.actor.may_somewhere(&may::JUDGE).is_ok() {
        return vec![step("review-step-judge", "review-step-judge-hint", "/work/judging", "clipboard-check")];
    }
    Vec::new()
}
