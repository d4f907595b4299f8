//! What is out, for everybody: the list, a call with its notice, papers and questions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{PageRequest, Result};
use module::pages::{Panel, button_form, encoded, pairs, query_without};
use module::{Answer, App, Found, Path, Query, Visit};
use ui::{
    Alert, Badge, Card, Cell, Choice, Column, Crumb, Empty, Fact, Facts, Field, FieldKind, Frame, Html, Link, Pager,
    Row, Table, Tone, Toolbar, Words,
};

use super::shown;
use crate::form::{Form, Kind};
use crate::model::{Call, CallFilter, CallId, CallKind, Phase};
use crate::ops::papers::ATTACHMENT;
use crate::ops::read::{self, Read};
use crate::ops::{apply, papers};
use crate::permissions;

const PATH: &str = "/calls";

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    frame: Frame,
    toolbar: Toolbar,
    cards: Vec<Card>,
    empty: Empty,
    pager: Pager,
}

/// Kinds of call as choices.
pub(super) fn kinds(t: &Words) -> Vec<Choice> {
    CallKind::ALL.iter().map(|kind| Choice::new(kind.code(), t.of(&kind.message_key()))).collect()
}

/// The list.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<CallFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let page = PageRequest { limit: Some(24), ..page };
    let rows = read::public(&app, &filter, &page).await?;
    let owners = read::owners(&app, &rows.items).await?;
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let phases = [Phase::Open, Phase::Soon, Phase::Over];
    let phases = phases.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let query = query_without(&pairs(&filter), &["after"]);
    let now = app.clock.now();
    let name =
        |call: &Call| owners.iter().find(|(id, _)| *id == call.owner).map(|(_, name)| t.text(name)).unwrap_or_default();
    let view = ListPage {
        frame: app.portal_frame(&visit, t.of("calls-public")),
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::new(FieldKind::Search, "q", t.of("calls-filter-q")).value(given(&filter.q)),
                Field::select("phase", t.of("calls-phase"), phases).value(given(&filter.phase)),
                Field::select("kind", t.of("calls-kind"), kinds(&t)).value(given(&filter.kind)),
            ],
            clear: PATH.into(),
            ..Toolbar::default()
        },
        cards: rows.items.iter().map(|one| card(&t, one, name(one), now)).collect(),
        empty: Empty {
            title: t.of("calls-empty"),
            text: t.of("calls-empty-text"),
            steps: vec![Link::new(t.of("calls-filter-clear"), PATH), Link::new(t.of("ui-portal"), "/")],
        },
        pager: Pager {
            next: rows.next.map(|after| format!("{PATH}?{query}&after={}", encoded(&after))),
            ..Pager::default()
        },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn card(t: &Words, one: &Call, owner: String, now: jinmen_core::Instant) -> Card {
    let mut particulars = vec![owner, shown::window(t, one)];
    particulars.retain(|part| !part.is_empty());
    particulars.extend(shown::left(t, one, now));
    Card {
        title: t.text(&one.title),
        href: format!("{PATH}/{}", one.id),
        kicker: t.of(&one.kind.message_key()),
        text: t.text(&one.setup.summary),
        badge: Some(shown::phase(t, one, now)),
        particulars,
        icon: "clipboard-list".into(),
    }
}

#[derive(Template)]
#[template(source = "<div class=\"jm-cards\">{% for card in cards %}{{ card.show() }}{% endfor %}</div>", ext = "html")]
struct Cards {
    cards: Vec<Card>,
}

/// What rests on an object of another module, as cards for its page; nothing where nothing does.
pub async fn resting_on(app: &App, t: &Words, basis: &jinmen_core::Object) -> Result<Html> {
    let calls = read::resting_on(app, basis).await?;
    if calls.is_empty() {
        return Ok(Html::default());
    }
    let now = app.clock.now();
    Ok(Html::of(&Cards { cards: calls.iter().map(|one| card(t, one, String::new(), now)).collect() }))
}

#[derive(Template)]
#[template(path = "public.html")]
struct PublicPage {
    frame: Frame,
    badges: Vec<Badge>,
    lead: String,
    alert: Option<Alert>,
    action: Html,
    panels: Vec<Panel>,
    telephone: String,
}

/// One call.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let read = read::read_public(&app, id).await?;
    let t = app.words(visit.locale);
    let now = app.clock.now();
    let own = apply::to_call(&app, &visit.actor, &read.call).await?;
    let call = &read.call;
    let mut frame = app.portal_frame(&visit, t.text(&call.title));
    frame.crumbs = vec![Crumb { label: t.of("calls-public"), href: PATH.into() }];
    let setup = &call.setup;
    let mut panels = vec![Panel::new("facts", t.of("calls-at-a-glance"), facts(&t, &read))];
    let mut text = |id: &str, key: &str, text: &jinmen_core::Text2| {
        if !text.zh.is_empty() {
            panels.push(Panel::new(id, t.of(key), shown::both(&t, text)));
        }
    };
    text("notice", "calls-notice-text", &setup.body);
    text("eligibility", "calls-eligibility", &setup.eligibility);
    let form = Form::load(&read.form.schema)?;
    panels.push(Panel::new("papers", t.of("calls-papers"), materials(&t, &form, &read)));
    panels.push(Panel::new("questions", t.of("calls-questions"), questions(&t, &form, call)));
    panels.push(Panel::new("stages", t.of("calls-stages"), stages(&t, call)));
    let badges = vec![shown::phase(&t, call, now), Badge::new(Tone::Neutral, t.of(&call.kind.message_key()))];
    let left = shown::left(&t, call, now);
    let view = PublicPage {
        frame,
        badges,
        lead: t.text(&setup.summary),
        alert: left.map(|left| Alert::new(Tone::Info, left)),
        action: action(&t, &visit, call, own.as_ref(), now),
        panels,
        telephone: setup.telephone.clone(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// How one applies: a button for those who may, the way to it for others.
fn action(
    t: &Words,
    visit: &Visit,
    call: &Call,
    own: Option<&crate::model::Application>,
    now: jinmen_core::Instant,
) -> Html {
    if let Some(one) = own {
        let label = t.of(if one.is_open() { "calls-go-on" } else { "calls-see-own" });
        return Html::of(&Button { href: crate::ops::own_page(one.id), label });
    }
    if call.phase(now) != Phase::Open {
        return Html::default();
    }
    if visit.actor.signed_in().is_err() {
        let next = encoded(&format!("{PATH}/{}", call.id));
        return Html::of(&Button { href: format!("/sign-in?next={next}"), label: t.of("calls-sign-in") });
    }
    if visit.actor.may_somewhere(&permissions::APPLY).is_err() {
        return shown::paragraphs(&t.of("calls-other-hat"));
    }
    let word = t.of(&format!("calls-apply-{}", call.kind.code()));
    let mut form = button_form(visit, "/work/own-applications", &[("call", &call.id.text())], &word);
    form.strong = true;
    form.show(t)
}

#[derive(Template)]
#[template(source = "<p><a class=\"btn btn-primary\" href=\"{{ href }}\">{{ label }}</a></p>", ext = "html")]
struct Button {
    href: String,
    label: String,
}

/// Bodies, window, office.
pub(super) fn facts(t: &Words, read: &Read) -> Html {
    let (call, setup) = (&read.call, &read.call.setup);
    let mut lines = vec![
        Fact::plain(t.of("calls-number"), call.number.clone()),
        Fact::plain(t.of("calls-owner"), t.text(&read.owner)),
        Fact::plain(t.of("calls-window"), shown::window(t, call)),
        Fact::plain(t.of("calls-who"), t.of(&setup.applicants.message_key())),
    ];
    lines.extend(setup.basis.as_ref().map(|basis| {
        let title = [t.text(&basis.title), basis.number.clone()].into_iter().filter(|part| !part.is_empty());
        let link = Link::new(t.of("calls-rests-open"), basis.link.clone());
        Fact::plain(t.of("calls-rests-on"), title.collect::<Vec<_>>().join(" ")).action(link)
    }));
    lines.extend(setup.bodies.iter().map(|body| Fact::plain(t.of(&body.part.message_key()), body.name.clone())));
    let names = |tracks: &[crate::model::Track]| {
        tracks.iter().map(|one| t.text(&one.title)).collect::<Vec<_>>().join(if t.is_chinese() { "、" } else { ", " })
    };
    lines.push(Fact::plain(t.of("calls-tracks"), names(&setup.tracks)));
    lines.push(Fact::plain(t.of("calls-groups"), names(&setup.groups)));
    lines.extend(setup.quota.map(|quota| Fact::plain(t.of("calls-quota"), t.number(i64::from(quota)))));
    for (key, text) in [
        ("calls-office", &setup.office),
        ("calls-address", &setup.address),
        ("calls-telephone", &setup.telephone),
        ("calls-supervision", &setup.supervision),
    ] {
        lines.push(Fact::plain(t.of(key), text.clone()));
    }
    lines.retain(|line| !line.value.is_empty());
    Facts { lines, legend: false }.show(t)
}

/// Papers that are to be handed in, with samples, and attachments of the notice.
fn materials(t: &Words, form: &Form, read: &Read) -> Html {
    let file = |file: &files::File, key: &str| {
        Link::new(t.with(key, &[("name", file.name.as_str().into())]), format!("/call-files/{}", file.id))
    };
    let mut lines = Vec::new();
    for field in &form.fields {
        let Kind::File { accept, most_bytes, most, .. } = &field.kind else { continue };
        let key = if field.required { "calls-paper-required" } else { "calls-paper-optional" };
        let what = t.with(
            key,
            &[
                ("accept", accept.replace(',', " ").into()),
                ("mb", (*most_bytes as i64 / 1024 / 1024).into()),
                ("most", (*most as i64).into()),
            ],
        );
        let mut line = Fact::plain(t.text(&field.title), what);
        if let Some(sample) = read.files.iter().find(|file| file.purpose == field.name) {
            line = line.action(file(sample, "calls-sample"));
        }
        lines.push(line);
    }
    let attached: Vec<Link> =
        read.files.iter().filter(|one| one.purpose == ATTACHMENT).map(|one| file(one, "calls-attached")).collect();
    let papers = match lines.is_empty() {
        true => shown::paragraphs(&t.of("calls-papers-none")),
        false => Facts { lines, legend: false }.show(t),
    };
    Html::of(&module::pages::Pair(papers, shown::links(attached)))
}

/// What will be asked: every question with whether it must be answered and whether the file answers it.
pub(super) fn questions(t: &Words, form: &Form, call: &Call) -> Html {
    let mut rows = Vec::new();
    for section in &form.sections {
        for field in section.fields.iter().map(|at| &form.fields[*at]) {
            if matches!(field.kind, Kind::File { .. }) {
                continue;
            }
            let how = match (&field.kind, &field.when) {
                (Kind::Fact { .. }, _) => "calls-asked-if-missing",
                (Kind::Group(_), _) => "calls-asked-rows",
                (_, Some(_)) => "calls-asked-sometimes",
                _ => "calls-asked",
            };
            let needed = t.of(if field.required { "calls-needed" } else { "calls-optional" });
            rows.push(Row::plain(vec![
                Cell::Two(shown::title(t, field, call), t.text(&section.title)),
                Cell::Text(needed),
                Cell::Text(t.of(how)),
            ]));
        }
    }
    Table {
        caption: t.of("calls-questions"),
        columns: ["calls-question", "calls-needed-or-not", "calls-asked-when"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows,
        ..Table::default()
    }
    .show(t)
}

/// What happens to an application.
fn stages(t: &Words, call: &Call) -> Html {
    let steps = call.setup.stages.iter().map(|stage| {
        let note = match stage.days {
            0 => String::new(),
            days => t.with("calls-working-days", &[("n", i64::from(days).into())]),
        };
        ui::Step::new(t.text(&stage.title), ui::StepState::Waiting).note(note)
    });
    ui::Steps(steps.collect()).show(t)
}

/// Hands out a file of a call that is out.
pub(crate) async fn file(State(app): State<App>, Path(id): Path<files::FileId>) -> Answer {
    let file = papers::public(&app, id).await?;
    registry::uploads::hand_out(&app, &file).await
}

/// What the one search field finds.
pub(super) async fn found(app: &App, typed: &str) -> Result<Vec<Found>> {
    let filter = CallFilter { q: Some(typed.to_owned()), ..CallFilter::default() };
    let rows = read::public(app, &filter, &PageRequest { after: None, limit: Some(6) }).await?;
    let one = |call: Call| Found {
        kind_key: "calls-one".into(),
        hint: call.number.clone(),
        href: format!("{PATH}/{}", call.id),
        title: call.title,
    };
    Ok(rows.items.into_iter().map(one).collect())
}
