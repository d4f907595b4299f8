//! Draws of a round: committing, drawing, typing what was drawn on paper.

use axum::extract::State;
use jinmen_core::Error;
use module::pages::Panel as PagePanel;
use module::{Answer, App, Form as FormBody, Path, Visit};
use ui::{Choice, Empty, Fact, Facts, Field, Form, Html, Words};

use super::desk::{May, done, refused};
use super::shared::{Sent, folded, given, paragraphs, stack, titled};
use crate::model::{Draw, DrawId, DrawKind, ExpertKind, PanelId, RoundId, RoundKind, RoundState};
use crate::ops::desk_page;
use crate::ops::draw::{self, ExpertLots};
use crate::ops::rounds::Whole;

/// The part of the round's page.
pub(super) async fn part(
    app: &App,
    t: &Words,
    visit: &Visit,
    whole: &Whole,
    may: &May,
) -> jinmen_core::Result<Vec<PagePanel>> {
    let all = draw::list(app, &visit.actor, whole.round.id).await?;
    let open = matches!(whole.round.state, RoundState::Draft | RoundState::Open);
    let mut parts = vec![paragraphs(&t.of("review-draws-help"))];
    for one in all.iter().rev() {
        parts.push(titled(title(t, whole, one), shown(t, visit, one, may)));
    }
    if all.is_empty() {
        parts.push(Empty { title: t.of("review-draws-none"), ..Empty::default() }.show(t));
    }
    let mut panels = vec![PagePanel::new("draws", t.of("review-tab-draws"), stack(parts))];
    if may.write && open && !whole.panels.is_empty() {
        panels.push(PagePanel::new("new", t.of("review-draw-new"), forms(t, visit, whole)));
    }
    Ok(panels)
}

fn title(t: &Words, whole: &Whole, one: &Draw) -> String {
    let panel = whole.panels.iter().find(|panel| panel.id == one.panel).map(|panel| t.text(&panel.title));
    format!("{} · {}", t.of(&one.kind.message_key()), panel.unwrap_or_default())
}

fn shown(t: &Words, visit: &Visit, one: &Draw, may: &May) -> Html {
    let mut lines = vec![
        Fact::plain(t.of("review-draw-method"), t.of(&one.method.message_key())),
        Fact::plain(t.of("review-draw-from"), t.number(one.inputs.len() as i64)),
        Fact::plain(t.of("review-draw-committed"), format!("{} {}", t.instant(one.committed_at), one.committed_name)),
        Fact::plain(t.of("review-draw-commitment"), one.commitment.clone()),
        Fact::plain(t.of("review-draw-words"), one.words.clone()),
        Fact::plain(t.of("review-draw-secret"), one.secret.clone()),
        Fact::plain(t.of("review-draw-witness"), one.witness.clone()),
    ];
    if one.kind == DrawKind::Order {
        lines.push(Fact::plain(t.of("review-draw-result"), one.result.join(" ")));
    }
    lines.retain(|line| !line.value.is_empty());
    let mut parts = vec![Facts { lines, legend: false }.show(t)];
    if one.drawn_at.is_none() && may.supervise {
        let action = visit.once(&format!("/work/review-draws/{}", one.id));
        let form = Form::post(action, visit.form_token.clone(), t.of("review-draw-do"))
            .id(format!("d-{}", one.id))
            .fields_only(vec![
                Field::text("words", t.of("review-draw-words"))
                    .required()
                    .max_length(100)
                    .help(t.of("review-draw-words-help")),
            ]);
        parts.push(form.show(t));
    } else if one.drawn_at.is_none() {
        parts.push(paragraphs(&t.of("review-draw-waits")));
    }
    stack(parts)
}

fn forms(t: &Words, visit: &Visit, whole: &Whole) -> Html {
    let base = desk_page(whole.round.id);
    let panels: Vec<Choice> = whole.panels.iter().map(|one| Choice::new(one.id.text(), t.text(&one.title))).collect();
    let panel = || Field::select("panel", t.of("review-panel"), panels.clone()).required();
    let form = |id: &str, path: &str, key: &str, fields: Vec<Field>| {
        let action = visit.once(&format!("{base}/{path}"));
        Form::post(action, visit.form_token.clone(), t.of(key)).id(id).fields_only(fields).show(t)
    };
    let mut parts = Vec::new();
    if whole.round.kind == RoundKind::Live {
        let fields = vec![Field::hidden("kind", "order"), panel()];
        parts.push(folded(t.of("review-draw-order"), form("draw-order", "draws", "review-draw-commit", fields)));
        let paper = vec![
            panel(),
            Field::text_area("order", t.of("review-draw-result")).required().help(t.of("review-draw-paper-help")),
            Field::text("witness", t.of("review-draw-witness")).required().max_length(60),
        ];
        parts.push(folded(t.of("review-draw-paper"), form("draw-paper", "paper-draws", "review-save", paper)));
    }
    let kinds = ExpertKind::ALL.iter().map(|kind| Choice::new(kind.code(), t.of(&kind.message_key()))).collect();
    let experts = vec![
        Field::hidden("kind", "experts"),
        panel(),
        Field::select("from", t.of("review-expert-kind"), kinds).help(t.of("review-draw-kind-help")).half(),
        Field::integer("count", t.of("review-draw-count")).required().value("1").half(),
    ];
    parts.push(folded(t.of("review-draw-experts"), form("draw-experts", "draws", "review-draw-commit", experts)));
    stack(parts)
}

/// Commits to a secret.
pub(crate) async fn commit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let kind = DrawKind::from_code(&given(&sent, "kind")).unwrap_or(DrawKind::Order);
    let lots = ExpertLots {
        kind: ExpertKind::from_code(&given(&sent, "from")),
        count: given(&sent, "count").trim().parse().unwrap_or(1),
    };
    let made = match given(&sent, "panel").parse::<PanelId>() {
        Ok(panel) => draw::commit(&app, &visit.actor, panel, kind, &lots).await.map(drop),
        Err(_) => Err(Error::field("panel", "core.choice")),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "draws", "review-flash-committed")),
        Err(error) => refused(&app, &visit, id, "draws", error).await,
    }
}

/// Types what was drawn on paper.
pub(crate) async fn paper(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let made = match given(&sent, "panel").parse::<PanelId>() {
        Ok(panel) => {
            draw::paper(&app, &visit.actor, panel, &given(&sent, "order"), &given(&sent, "witness")).await.map(drop)
        }
        Err(_) => Err(Error::field("panel", "core.choice")),
    };
    match made {
        Ok(()) => Ok(done(&visit, id, "draws", "review-flash-drawn")),
        Err(error) => refused(&app, &visit, id, "draws", error).await,
    }
}

/// The supervisor draws.
pub(crate) async fn drawn(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<DrawId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match draw::draw(&app, &visit.actor, id, &given(&sent, "words")).await {
        Ok(round) => Ok(done(&visit, round, "draws", "review-flash-drawn")),
        Err(error) => {
            let round = draw::round_of(&app, &visit.actor, id).await?;
            refused(&app, &visit, round, "draws", error).await
        }
    }
}
