//! The office's rounds: the list, beginning one, deciding about it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use calls::model::CallId;
use jinmen_core::PageRequest;
use module::pages::{ListPage, again, form_page, frame, pairs, query_without};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{Cell, Choice, Column, Empty, Field, Form, Html, Link, Pager, Row, Table, Toolbar, Words};

use super::shared::round_state;
use crate::model::{Giving, PanelsBy, Round, RoundDraft, RoundFilter, RoundId, RoundKind, RoundState, Trim};
use crate::ops::{desk_page, rounds};
use crate::permissions;

pub(super) const PATH: &str = "/work/reviews";

/// The rounds, newest first.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<RoundFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = rounds::list(&app, &visit.actor, &filter, &page).await?;
    let calls: Vec<CallId> = rows.items.iter().map(|one| one.call).collect();
    let calls = calls::ops::read::titles(&app, &calls).await?;
    let may = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let states = RoundState::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let query = query_without(&pairs(&filter), &["after"]);
    let new = Link::new(t.of("review-new"), format!("{PATH}/new")).icon("plus");
    let view = ListPage {
        frame: frame(&app, &visit, t.of("review-rounds"), &[]).await?,
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::select("state", t.of("review-state"), states).value(filter.state.clone().unwrap_or_default()),
            ],
            clear: PATH.into(),
            primary: may.then_some(new.clone()),
            ..Toolbar::default()
        },
        above: Html::default(),
        table: Table {
            caption: t.of("review-rounds"),
            columns: ["title", "call", "kind", "state", "due"]
                .map(|key| Column::text(t.of(&format!("review-round-{key}"))))
                .into(),
            rows: rows.items.iter().map(|one| row(&t, one, &calls)).collect(),
            empty: Empty {
                title: t.of("review-rounds-none"),
                text: t.of("review-rounds-none-text"),
                steps: if may { vec![new] } else { Vec::new() },
            },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?{query}&after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Round, calls: &[calls::model::Call]) -> Row {
    let call = calls.iter().find(|call| call.id == one.call).map(|call| t.text(&call.title));
    Row::link(
        desk_page(one.id),
        vec![
            Cell::Two(t.text(&one.title), one.number.clone()),
            Cell::Text(call.unwrap_or_default()),
            Cell::Text(t.of(&one.kind.message_key())),
            Cell::Badge(round_state(t, one.state)),
            one.due_on.map_or(Cell::Nothing, Cell::Date),
        ],
    )
}

/// Of which call, and which kind of round.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Begin {
    call: String,
    kind: String,
}

/// First the call and the kind, then everything else.
pub(crate) async fn new(State(app): State<App>, visit: Visit, Query(begin): Query<Begin>) -> Answer {
    let t = app.words(visit.locale);
    let crumbs = [(PATH, t.of("review-rounds"))];
    let kind = RoundKind::from_code(&begin.kind);
    let (Ok(call), Some(kind)) = (begin.call.parse::<CallId>(), kind) else {
        let form = choose(&app, &t, &visit).await?;
        return form_page(&app, &visit, t.of("review-new"), &crumbs, StatusCode::OK, form).await;
    };
    let call = calls::ops::read::read(&app, &visit.actor, call).await?.call;
    let mut draft = RoundDraft::fresh(kind);
    draft.title_zh = t.text(&jinmen_core::Text2::both(
        format!("{} {}", call.title.zh, app.words(jinmen_core::Locale::ZhCn).of(&kind.message_key())),
        String::new(),
    ));
    let action = format!("{PATH}/new?call={}&kind={}", call.id, kind.code());
    let form = form(&app, &t, &visit, (&call, kind), &action, &draft).await?;
    form_page(&app, &visit, t.of("review-new"), &crumbs, StatusCode::OK, form).await
}

async fn choose(app: &App, t: &Words, visit: &Visit) -> jinmen_core::Result<Form> {
    let filter = calls::model::CallFilter::default();
    let page = PageRequest { after: None, limit: Some(100) };
    let calls = calls::ops::read::of_own_office(app, &visit.actor, &filter, &page).await?;
    let judged = calls.items.iter().filter(|call| calls::ops::judged::stage(call).is_some());
    let calls = judged.map(|call| Choice::new(call.id.text(), t.text(&call.title))).collect();
    let kinds = RoundKind::ALL
        .iter()
        .map(|kind| {
            let mut choice = Choice::new(kind.code(), t.of(&kind.message_key()));
            choice.help = t.of(&format!("{}-help", kind.message_key()));
            choice
        })
        .collect();
    Ok(Form::get(format!("{PATH}/new"), t.of("review-next")).fields_only(vec![
        Field::select("call", t.of("review-round-call"), calls).required().help(t.of("review-round-call-help")),
        Field::radio("kind", t.of("review-round-kind"), kinds).required().value("desk"),
    ]))
}

/// Begins a round.
pub(crate) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Query(begin): Query<Begin>,
    FormBody(draft): FormBody<RoundDraft>,
) -> Answer {
    let call: CallId = begin.call.parse().map_err(|_| jinmen_core::Error::NotFound)?;
    let draft = RoundDraft { kind: begin.kind.clone(), ..draft };
    match rounds::begin(&app, &visit.actor, call, &draft).await {
        Ok(id) => Ok(Redirect::to(&desk_page(id)).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let read = calls::ops::read::read(&app, &visit.actor, call).await?.call;
            let kind = RoundKind::from_code(&draft.kind).unwrap_or(RoundKind::Desk);
            let action = format!("{PATH}/new?call={call}&kind={}", kind.code());
            let form = form(&app, &t, &visit, (&read, kind), &action, &draft).await?;
            let (status, form) = again(&t, form, error)?;
            form_page(&app, &visit, t.of("review-new"), &[(PATH, t.of("review-rounds"))], status, form).await
        }
    }
}

async fn form(
    app: &App,
    t: &Words,
    visit: &Visit,
    (call, kind): (&calls::model::Call, RoundKind),
    action: &str,
    draft: &RoundDraft,
) -> jinmen_core::Result<Form> {
    let form = calls::ops::loaded::form(&app.db, call.id, call.form_version).await?;
    let fields: Vec<Choice> =
        form.fields.iter().map(|field| Choice::new(field.name.clone(), t.text(&field.title))).collect();
    let of = |name: &str| t.of(&format!("review-{}", name.replace('_', "-")));
    let help = |name: &str| t.of(&format!("review-{}-help", name.replace('_', "-")));
    let text = |name: &str, value: &str| Field::text(name, of(name)).value(value);
    let number = |name: &str, value: &str| Field::integer(name, of(name)).value(value).half();
    let yes = |name: &str, value: &str| Field::checkbox(name, of(name)).value(value);
    let names = vec![
        text("title_zh", &draft.title_zh).required().max_length(100).half(),
        text("title_en", &draft.title_en).max_length(100).half(),
        Field::date("due_on", of("due_on")).value(&draft.due_on).half(),
    ];
    let trims =
        Trim::ALL.iter().map(|one| Choice::new(one.code(), t.of(&format!("review-trim-{}", one.code())))).collect();
    let method = vec![
        Field::text_area("criteria", of("criteria")).value(&draft.criteria).help(help("criteria")).required(),
        Field::select("trim", of("trim"), trims).value(&draft.trim).required().half(),
        number("digits", &draft.digits),
        text("ties", &draft.ties).help(help("ties")),
    ];
    let givings = Giving::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let choice = |one: &calls::model::Track| Choice::new(one.key.clone(), t.text(&one.title));
    let tracks: Vec<Choice> = call.setup.tracks.iter().map(choice).collect();
    let panels_by = PanelsBy::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let mut judges = vec![
        Field::select("panels", of("panels_by"), panels_by)
            .value(&draft.panels)
            .required()
            .help(help("panels_by"))
            .half(),
        Field::radio("giving", of("giving"), givings).value(&draft.giving).required(),
        number("demand", &draft.demand),
        number("load_most", &draft.load_most),
        yes("one_per_institution", &draft.one_per_institution),
        yes("one_senior", &draft.one_senior),
        Field::money("fee", of("fee"), ui::MoneyUnit::Yuan).value(&draft.fee).half(),
    ];
    if !tracks.is_empty() {
        let only = Field::select("track", of("only_track"), tracks).value(&draft.track).half();
        judges.insert(0, only.help(help("only_track")));
    }
    let mut sight = vec![yes("blind", &draft.blind).help(help("blind"))];
    sight.push(Field::checkboxes("fields", of("fields"), fields).values(draft.fields.clone()).help(help("fields")));
    let mut rest = vec![
        number("promote", &draft.promote).help(help("promote")),
        Field::text_area("prizes", of("prizes")).value(&draft.prizes).help(help("prizes")),
    ];
    if kind == RoundKind::Live {
        rest.splice(
            0..0,
            [
                number("pitch_minutes", &draft.pitch_minutes),
                number("question_minutes", &draft.question_minutes),
                yes("guests", &draft.guests).help(help("guests")),
            ],
        );
    }
    Ok(Form::post(visit.once(action), visit.form_token.clone(), t.of("review-save"))
        .section(t.of("review-part-names"), "", names)
        .section(t.of("review-part-method"), t.of("review-part-method-help"), method)
        .section(t.of("review-part-judges"), "", judges)
        .section(t.of("review-part-sight"), "", sight)
        .section(t.of("review-part-outcome"), "", rest))
}

/// The form of a round that is there.
pub(crate) async fn setup(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let t = app.words(visit.locale);
    let whole = rounds::read(&app, &visit.actor, id).await?;
    let draft = RoundDraft::of(&whole.round);
    let action = format!("{}/setup?seen={}", desk_page(id), whole.round.version);
    let form = form(&app, &t, &visit, (&whole.call, whole.round.kind), &action, &draft).await?;
    let page = desk_page(id);
    let crumbs = [(PATH, t.of("review-rounds")), (page.as_str(), t.text(&whole.round.title))];
    form_page(&app, &visit, t.of("review-setup"), &crumbs, StatusCode::OK, form).await
}

/// Which version the actor saw.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Seen {
    seen: Option<i64>,
}

/// Decides anew.
pub(crate) async fn arrange(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    Query(seen): Query<Seen>,
    FormBody(draft): FormBody<RoundDraft>,
) -> Answer {
    let whole = rounds::read(&app, &visit.actor, id).await?;
    let draft = RoundDraft { kind: whole.round.kind.code().into(), ..draft };
    match rounds::arrange(&app, &visit.actor, id, seen.seen, &draft).await {
        Ok(()) => Ok(visit.done(&desk_page(id), "review-flash-saved")),
        Err(error) => {
            let t = app.words(visit.locale);
            let action = format!("{}/setup?seen={}", desk_page(id), whole.round.version);
            let form = form(&app, &t, &visit, (&whole.call, whole.round.kind), &action, &draft).await?;
            let (status, form) = again(&t, form, error)?;
            let page = desk_page(id);
            let crumbs = [(PATH, t.of("review-rounds")), (page.as_str(), t.text(&whole.round.title))];
            form_page(&app, &visit, t.of("review-setup"), &crumbs, status, form).await
        }
    }
}
