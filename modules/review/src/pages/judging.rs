//! What judges see: their rounds, the invitation with the commitments, packets with score cards, the pad of a live final.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use files::FileId;
use jinmen_core::{Error, Result};
use module::pages::{ListPage, Panel as PagePanel, frame};
use module::{Answer, App, Form as FormBody, Json, Path, Visit};
use ui::{
    Alert, Cell, Column, Empty, Fact, Facts, Field, Form, Frame, Html, Link, Pager, Row, Table, Tone, Toolbar, Words,
};

use super::shared::{Sent, all_given, folded, given, paragraphs, refusal, round_state, seat_state, stack, titled};
use crate::model::{EntryId, RoundId, RoundKind, RoundState, Score, ScoreDraft, SeatState};
use crate::ops::judging::{self, Desk, Packet};
use crate::ops::{judge_page, live, scores};

pub(super) const PATH: &str = "/work/judging";

/// The rounds in which one has a seat.
pub(crate) async fn list(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let mine = judging::mine(&app, &visit.actor).await?;
    let row = |one: &judging::Mine| {
        Row::link(
            judge_page(one.round.id),
            vec![
                Cell::Two(t.text(&one.round.title), t.of(&one.round.kind.message_key())),
                Cell::Badge(seat_state(&t, one.seat.state)),
                Cell::Badge(round_state(&t, one.round.state)),
                one.round.due_on.map_or(Cell::Nothing, Cell::Date),
            ],
        )
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("review-judging"), &[]).await?,
        toolbar: Toolbar::default(),
        above: Html::default(),
        table: Table {
            caption: t.of("review-judging"),
            columns: ["round-title", "my-answer", "state", "due-on"]
                .map(|key| Column::text(t.of(&format!("review-{key}"))))
                .into(),
            rows: mine.iter().map(row).collect(),
            empty: Empty {
                title: t.of("review-judging-none"),
                text: t.of("review-judging-none-text"),
                steps: Vec::new(),
            },
            ..Table::default()
        },
        pager: Pager::default(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

#[derive(Template)]
#[template(path = "judging.html")]
struct DeskPage {
    frame: Frame,
    subtitle: String,
    alert: Option<Alert>,
    panels: Vec<PagePanel>,
}

/// One round.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    draw(&app, &visit, id, StatusCode::OK, None).await
}

async fn draw(app: &App, visit: &Visit, id: RoundId, status: StatusCode, alert: Option<Alert>) -> Answer {
    let t = app.words(visit.locale);
    let desk = judging::desk(app, &visit.actor, id).await?;
    let panels = match desk.seat.state {
        SeatState::Invited => {
            vec![PagePanel::new("answer", t.of("review-invitation"), invitation(app, &t, visit, &desk))]
        }
        SeatState::Accepted => work(app, &t, visit, &desk).await?,
        _ => vec![PagePanel::new("answer", t.of("review-invitation"), paragraphs(&t.of("review-you-declined")))],
    };
    let view = DeskPage {
        frame: frame(app, visit, t.text(&desk.round.title), &[(PATH, t.of("review-judging"))]).await?,
        subtitle: format!("{} · {}", t.text(&desk.call), t.text(&desk.panel.title)),
        alert,
        panels,
    };
    Ok(ui::page(status, &view))
}

fn invitation(app: &App, t: &Words, visit: &Visit, desk: &Desk) -> Html {
    let base = judge_page(desk.round.id);
    let due = desk.round.due_on.map(|day| t.date(day)).unwrap_or_default();
    let mut parts = vec![paragraphs(&t.with("review-invitation-text", &[("due", due.into())]))];
    let commitments = judging::commitments(app, visit.locale).join("\n");
    parts.push(titled(t.of("review-commitments"), paragraphs(&commitments)));
    let names = desk.applicants.iter().map(|(id, name)| ui::Choice::new(id.clone(), name.clone())).collect();
    let form = Form::post(visit.once(&format!("{base}/accept")), visit.form_token.clone(), t.of("review-accept"))
        .id("accept")
        .fields_only(vec![
            Field::checkboxes("conflict", t.of("review-declare-conflicts"), names).help(t.of("review-declare-help")),
            Field::checkbox("signed", t.of("review-sign-commitments")).required(),
        ]);
    parts.push(form.show(t));
    parts.push(folded(t.of("review-decline"), declining(t, visit, &base)));
    stack(parts)
}

fn declining(t: &Words, visit: &Visit, base: &str) -> Html {
    Form::post(visit.once(&format!("{base}/decline")), visit.form_token.clone(), t.of("review-decline"))
        .id("decline")
        .fields_only(vec![Field::text("reason", t.of("review-reason")).max_length(300)])
        .show(t)
}

async fn work(app: &App, t: &Words, visit: &Visit, desk: &Desk) -> Result<Vec<PagePanel>> {
    let base = judge_page(desk.round.id);
    let mut panels = Vec::new();
    let open = desk.round.state == RoundState::Open;
    let mut parts = Vec::new();
    let done = desk.entries.iter().filter(|(_, score)| score.as_ref().is_some_and(|one| one.locked)).count();
    let args = [("done", done.into()), ("all", desk.entries.len().into())];
    parts.push(paragraphs(&t.with("review-my-progress", &args)));
    match (desk.round.state, desk.round.kind) {
        (RoundState::Draft, _) => parts.push(paragraphs(&t.of("review-not-open-yet"))),
        (RoundState::Open, RoundKind::Live) => {
            let link = Link::new(t.of("review-pad"), format!("{base}/live")).icon("edit");
            parts.push(Alert::new(Tone::Info, t.of("review-pad-text")).link(link).show());
        }
        (RoundState::Closed | RoundState::Confirmed, _) => parts.push(paragraphs(&t.of("review-judging-over"))),
        _ => {}
    }
    let row = |(entry, score): &(crate::model::Entry, Option<Score>)| {
        let state = match score {
            Some(score) if score.locked => ui::Badge::new(Tone::Good, t.of("review-score-locked")),
            Some(_) => ui::Badge::new(Tone::Warning, t.of("review-score-begun")),
            None => ui::Badge::new(Tone::Neutral, t.of("review-not-yet")),
        };
        let total = score.as_ref().and_then(|score| score.total).map(|total| total.fixed(2));
        let cells = vec![
            Cell::Two(format!("{} {}", entry.code, entry.title), entry.applicant_name.clone()),
            Cell::Badge(state),
            total.map_or(Cell::Nothing, Cell::Text),
        ];
        if desk.round.state == RoundState::Draft {
            Row::plain(cells)
        } else {
            Row::link(format!("{base}/{}", entry.id), cells)
        }
    };
    let table = Table {
        caption: t.of("review-my-entries"),
        columns: vec![
            Column::text(t.of("review-entry")),
            Column::text(t.of("review-state")),
            Column::text(t.of("review-column-total")),
        ],
        rows: desk.entries.iter().map(row).collect(),
        empty: Empty { title: t.of("review-my-entries-none"), ..Empty::default() },
        ..Table::default()
    };
    parts.push(table.show(t));
    panels.push(PagePanel::new("entries", t.of("review-my-entries"), stack(parts)));
    if desk.panel.chair == Some(desk.seat.id) && desk.round.kind == RoundKind::Desk {
        let spreads = judging::disagreement(app, &visit.actor, desk.round.id).await?;
        panels.push(PagePanel::new("spread", t.of("review-spread"), super::results::spread(t, &desk.round, &spreads)));
    }
    if open && done == 0 {
        panels.push(PagePanel::new(
            "decline",
            t.of("review-cannot"),
            folded(t.of("review-decline"), declining(t, visit, &base)),
        ));
    }
    Ok(panels)
}

/// Comes.
pub(crate) async fn accept(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let signed = given(&sent, "signed") == "yes";
    match judging::accept(&app, &visit.actor, id, signed, &all_given(&sent, "conflict")).await {
        Ok(()) => Ok(visit.done(&judge_page(id), "review-flash-accepted").into_response()),
        Err(error) => refused(&app, &visit, id, error).await,
    }
}

/// Cannot come.
pub(crate) async fn decline(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match judging::decline(&app, &visit.actor, id, &given(&sent, "reason")).await {
        Ok(()) => Ok(visit.done(&judge_page(id), "review-flash-declined").into_response()),
        Err(error) => refused(&app, &visit, id, error).await,
    }
}

async fn refused(app: &App, visit: &Visit, id: RoundId, error: Error) -> Answer {
    let t = app.words(visit.locale);
    let (status, alert) = refusal(&t, error)?;
    draw(app, visit, id, status, Some(alert)).await
}

/// A file of a packet: shown in the page where browsers can.
struct Shown {
    name: String,
    href: String,
    frame: bool,
    picture: bool,
}

#[derive(Template)]
#[template(path = "packet.html")]
struct PacketPage {
    frame: Frame,
    subtitle: String,
    alert: Option<Alert>,
    sections: Vec<(String, Html)>,
    files: Vec<Shown>,
    kept_back: Vec<String>,
    /// The score card; none once the score is locked or the round over.
    card: Html,
    locked: Html,
    said: Vec<String>,
    recuse: Html,
    before: String,
    after: String,
}

/// One entry with its score card.
pub(crate) async fn packet(
    State(app): State<App>,
    visit: Visit,
    Path((id, entry)): Path<(RoundId, EntryId)>,
) -> Answer {
    draw_packet(&app, &visit, id, entry, StatusCode::OK, None, None).await
}

async fn draw_packet(
    app: &App,
    visit: &Visit,
    id: RoundId,
    entry: EntryId,
    status: StatusCode,
    alert: Option<Alert>,
    sent: Option<&ScoreDraft>,
) -> Answer {
    let t = app.words(visit.locale);
    let packet = judging::packet(app, &visit.actor, id, entry, visit.locale).await?;
    let base = judge_page(id);
    let title = t.text(&packet.round.title);
    let is_locked = packet.score.as_ref().is_some_and(|score| score.locked);
    let open = packet.round.state == RoundState::Open && !is_locked;
    let facts = |lines: &Vec<(String, String)>| {
        let lines = lines.iter().map(|(label, text)| Fact::plain(label.clone(), text.clone())).collect();
        Facts { lines, legend: false }.show(&t)
    };
    let view = PacketPage {
        frame: frame(
            app,
            visit,
            format!("{} {}", packet.entry.code, packet.entry.title),
            &[(PATH, t.of("review-judging")), (&base, title)],
        )
        .await?,
        subtitle: match packet.entry.applicant_name.is_empty() {
            true => t.text(&packet.panel.title),
            false => format!("{} · {}", packet.entry.applicant_name, t.text(&packet.panel.title)),
        },
        alert,
        sections: packet.sections.iter().map(|(title, lines)| (title.clone(), facts(lines))).collect(),
        files: packet.files.iter().map(|file| shown(&base, entry, file)).collect(),
        kept_back: packet.kept_back.clone(),
        card: if open { card(&t, visit, &packet, sent).show(&t) } else { Html::default() },
        locked: if is_locked { locked(&t, &packet) } else { Html::default() },
        said: packet.said.clone(),
        recuse: if open { folded(t.of("review-recuse"), recusing(&t, visit, &base, entry)) } else { Html::default() },
        before: packet.beside.0.map(|id| format!("{base}/{id}")).unwrap_or_default(),
        after: packet.beside.1.map(|id| format!("{base}/{id}")).unwrap_or_default(),
    };
    Ok(ui::page(status, &view))
}

fn shown(base: &str, entry: EntryId, file: &files::File) -> Shown {
    Shown {
        name: file.name.clone(),
        href: format!("{base}/{entry}/files/{}", file.id),
        frame: file.media_type == "application/pdf",
        picture: file.media_type.starts_with("image/"),
    }
}

fn card(t: &Words, visit: &Visit, packet: &Packet, sent: Option<&ScoreDraft>) -> Form {
    let saved = packet.score.as_ref();
    let value = |at: usize, key: &str| match sent {
        Some(draft) => draft.marks.get(key).cloned().unwrap_or_default(),
        None => {
            let mark = saved.and_then(|score| score.marks.get(at).copied().flatten());
            mark.map(|mark| mark.to_string()).unwrap_or_default()
        }
    };
    let mark = |(at, one): (usize, &crate::model::Criterion)| {
        let weight = if one.weight > 0 { format!(" × {}%", one.weight) } else { String::new() };
        let label = format!("{}{weight}", t.text(&one.title));
        Field::decimal(format!("mark.{}", one.key), label)
            .value(value(at, &one.key))
            .help(t.with("review-mark-help", &[("most", one.most.to_string().into())]))
            .required()
            .max_length(8)
            .half()
    };
    let text = |of: fn(&ScoreDraft) -> &String, kept: fn(&Score) -> &String| {
        sent.map(of).or(saved.map(kept)).cloned().unwrap_or_default()
    };
    let most = u32::try_from(scores::COMMENT_MOST).unwrap_or(u32::MAX);
    let mut fields: Vec<Field> = packet.round.setup.criteria.iter().enumerate().map(mark).collect();
    fields.push(
        Field::text_area("comment", t.of("review-comment"))
            .help(t.of("review-comment-help"))
            .value(text(|draft| &draft.comment, |score| &score.comment))
            .max_length(most),
    );
    fields.push(
        Field::text_area("note", t.of("review-note"))
            .help(t.of("review-note-help"))
            .value(text(|draft| &draft.note, |score| &score.note))
            .max_length(most),
    );
    let base = format!("{}/{}", judge_page(packet.round.id), packet.entry.id);
    Form::post(visit.once(&format!("{base}/score")), visit.form_token.clone(), t.of("review-lock"))
        .id("card")
        .also("stay", "yes", t.of("review-save"))
        .irreversible(t.of("review-lock-help"))
        .draft(format!("{base}/card"), saved.map(|score| t.clock(score.saved_at)))
        .fields_only(fields)
}

fn locked(t: &Words, packet: &Packet) -> Html {
    let Some(score) = &packet.score else { return Html::default() };
    let marks = packet.round.setup.criteria.iter().zip(&score.marks);
    let mut lines: Vec<Fact> = marks
        .map(|(one, mark)| {
            let value = mark.map(|mark| format!("{mark} / {}", one.most)).unwrap_or_default();
            Fact::plain(t.text(&one.title), value)
        })
        .collect();
    let mut total =
        Fact::plain(t.of("review-column-total"), score.total.map(|total| total.fixed(2)).unwrap_or_default());
    total.strong = true;
    lines.push(total);
    lines.push(Fact::plain(t.of("review-comment"), score.comment.clone()));
    lines.push(Fact::plain(t.of("review-note"), score.note.clone()));
    lines.retain(|line| !line.value.is_empty());
    Facts { lines, legend: false }.show(t)
}

fn recusing(t: &Words, visit: &Visit, base: &str, entry: EntryId) -> Html {
    let action = visit.once(&format!("{base}/{entry}/recuse"));
    let form = Form::post(action, visit.form_token.clone(), t.of("review-recuse"))
        .id("recuse")
        .fields_only(vec![Field::text("reason", t.of("review-recuse-reason")).required().max_length(300)]);
    stack(vec![paragraphs(&t.of("review-recuse-help")), form.show(t)])
}

/// Saves or locks the score from the form.
pub(crate) async fn score(
    State(app): State<App>,
    visit: Visit,
    Path((id, entry)): Path<(RoundId, EntryId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let draft = ScoreDraft {
        marks: super::live::marks(&sent),
        comment: given(&sent, "comment"),
        note: given(&sent, "note"),
        lock: given(&sent, "stay") != "yes",
        key: given(&sent, "key"),
    };
    match scores::save(&app, &visit.actor, id, entry, &draft).await {
        Ok(score) if score.locked => {
            let packet = judging::packet(&app, &visit.actor, id, entry, visit.locale).await?;
            let next = packet.beside.1.map_or_else(|| judge_page(id), |next| format!("{}/{next}", judge_page(id)));
            Ok(visit.done(&next, "review-flash-locked").into_response())
        }
        Ok(_) => Ok(visit.done(&format!("{}/{entry}", judge_page(id)), "review-flash-saved").into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, alert) = refusal(&t, error)?;
            draw_packet(&app, &visit, id, entry, status, Some(alert), Some(&draft)).await
        }
    }
}

/// Fields of the card, saved while they are typed: those that changed, in place of what is there.
pub(crate) async fn put_card(
    State(app): State<App>,
    visit: Visit,
    Path((id, entry)): Path<(RoundId, EntryId)>,
    Json(changed): Json<std::collections::BTreeMap<String, String>>,
) -> Answer {
    let packet = judging::packet(&app, &visit.actor, id, entry, visit.locale).await?;
    let mut draft = ScoreDraft::default();
    if let Some(score) = &packet.score {
        let marks = packet.round.setup.criteria.iter().zip(&score.marks);
        draft.marks = marks.filter_map(|(one, mark)| Some((one.key.clone(), mark.as_ref()?.to_string()))).collect();
        (draft.comment, draft.note) = (score.comment.clone(), score.note.clone());
    }
    for (name, value) in changed {
        match name.strip_prefix("mark.") {
            Some(key) => drop(draft.marks.insert(key.to_owned(), value)),
            None if name == "comment" => draft.comment = value,
            None if name == "note" => draft.note = value,
            None => {}
        }
    }
    scores::save(&app, &visit.actor, id, entry, &draft).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Says that one must not judge an entry.
pub(crate) async fn recuse(
    State(app): State<App>,
    visit: Visit,
    Path((id, entry)): Path<(RoundId, EntryId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match judging::recuse(&app, &visit.actor, id, entry, &given(&sent, "reason")).await {
        Ok(()) => Ok(Redirect::to(&judge_page(id)).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, alert) = refusal(&t, error)?;
            draw_packet(&app, &visit, id, entry, status, Some(alert), None).await
        }
    }
}

/// A file of an entry.
pub(crate) async fn file(
    State(app): State<App>,
    visit: Visit,
    Path((id, entry, file)): Path<(RoundId, EntryId, FileId)>,
) -> Answer {
    let file = judging::file(&app, &visit.actor, id, entry, file).await?;
    registry::uploads::hand_out(&app, &file).await
}

#[derive(Template)]
#[template(path = "pad.html")]
struct PadPage {
    frame: Frame,
    subtitle: String,
    base: String,
    state: String,
    entries: String,
    /// Everything the script needs to go on without a network.
    data: String,
    texts: String,
}

/// The pad: who is on the stage, a number for each criterion.
pub(crate) async fn pad(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let t = app.words(visit.locale);
    let desk = judging::desk(&app, &visit.actor, id).await?;
    let pad = live::pad(&app, &visit.actor, id, app.clock.now()).await?;
    let criteria: Vec<serde_json::Value> = desk
        .round
        .setup
        .criteria
        .iter()
        .map(|one| serde_json::json!({ "key": one.key, "title": t.text(&one.title), "most": one.most, "weight": one.weight }))
        .collect();
    let base = judge_page(id);
    let data = serde_json::json!({ "round": id.text(), "seat": desk.seat.id.text(), "criteria": criteria, "pad": pad });
    let keys = [
        "waiting", "now", "offline", "queued", "sent", "lock", "locked", "refused", "total", "missing", "most",
        "clear", "next", "confirm", "entry", "of", "save",
    ];
    let texts: serde_json::Map<String, serde_json::Value> =
        keys.iter().map(|key| ((*key).to_owned(), t.of(&format!("review-pad-{key}")).into())).collect();
    let view = PadPage {
        frame: frame(
            &app,
            &visit,
            t.of("review-pad"),
            &[(PATH, t.of("review-judging")), (&base, t.text(&desk.round.title))],
        )
        .await?,
        subtitle: format!("{} · {}", t.text(&desk.round.title), t.text(&desk.panel.title)),
        state: format!("{base}/live/state"),
        entries: format!("/api/v1/judging/{id}/entries"),
        base,
        data: data.to_string(),
        texts: serde_json::Value::Object(texts).to_string(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// How things stand, for the pad.
pub(crate) async fn pad_state(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let pad = live::pad(&app, &visit.actor, id, app.clock.now()).await?;
    Ok(axum::Json(pad).into_response())
}
