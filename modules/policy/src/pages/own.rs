//! My policies: what one's enterprise is entitled to, what is missing, and the proof behind each.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::Error;
use module::pages::{FilePage, Panel, button_form, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde_json::Value as Json;
use ui::{Alert, Card, Fact, Facts, Form, Html, Link, Tabs, Tile, Tiles, Tone, Words};

use super::{library, shown};
use crate::model::{Body, PolicyId, Reply};
use crate::ops::mine::{self, ClauseStanding, Mine, PolicyStanding, Standing};
use crate::ops::{answer as answering, program, tell as telling};
use crate::permissions;

const PATH: &str = "/work/own-policies";

#[derive(askama::Template)]
#[template(source = "<div class=\"jm-cards\">{% for card in cards %}{{ card.show() }}{% endfor %}</div>", ext = "html")]
struct Cards {
    cards: Vec<Card>,
}

/// The day that is asked about.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(crate) struct AskedOn {
    as_of: Option<String>,
}

/// Every policy in force, those with something in them first.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(asked): Query<AskedOn>) -> Answer {
    let t = app.words(visit.locale);
    let mine = mine::mine(&app, &visit.actor, asked.as_of.as_deref()).await?;
    let groups = [
        ("eligible", "policy-group-eligible", &[Standing::Eligible, Standing::NeedsPeople][..]),
        ("nearly", "policy-group-nearly", &[Standing::Nearly][..]),
        ("asks", "policy-group-asks", &[Standing::Asks][..]),
        ("not", "policy-group-not", &[Standing::Not][..]),
    ];
    let mut panels = vec![Panel::new("sum", t.of("policy-sum"), tiles(&t, &mine))];
    for (id, key, wanted) in groups {
        let cards: Vec<Card> =
            mine.policies.iter().filter(|one| wanted.contains(&one.standing())).map(|one| card(&t, one)).collect();
        if !cards.is_empty() {
            panels.push(Panel::new(id, t.of(key), Html::of(&Cards { cards })));
        }
    }
    let alert = match (&mine.policies[..], mine.unread) {
        ([], _) => Some(
            Alert::new(Tone::Neutral, t.of("policy-mine-none")).link(Link::new(t.of("policy-library"), "/policies")),
        ),
        (_, 0) => None,
        (_, unread) => Some(Alert::new(Tone::Warning, t.with("policy-mine-unread", &[("n", (unread as i64).into())]))),
    };
    let asked_on = ui::Field::date("as_of", t.of("policy-as-of")).value(asked.as_of.clone().unwrap_or_default());
    let form = Form::get(PATH, t.of("policy-as-of-do")).fields_only(vec![asked_on]);
    let view = FilePage {
        frame: frame(&app, &visit, t.of("policy-mine"), &[]).await?,
        subtitle: match &asked.as_of {
            Some(day) => t.with("policy-mine-on", &[("day", day.as_str().into())]),
            None => t.of("policy-mine-help"),
        },
        badges: Vec::new(),
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels,
        aside: vec![Panel::new("as-of", t.of("policy-as-of"), form.show(&t))],
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn tiles(t: &Words, mine: &Mine) -> Html {
    let count =
        |wanted: &[Standing]| mine.policies.iter().filter(|one| wanted.contains(&one.standing())).count() as i64;
    let tile = |key: &str, value: String, href: &str| Tile { href: href.into(), ..shown::tile(t.of(key), &value) };
    let number = |wanted: &[Standing]| t.number(count(wanted));
    Tiles(vec![
        tile("policy-total", shown::fen(t, mine.total_low), "#eligible"),
        tile("policy-group-eligible", number(&[Standing::Eligible, Standing::NeedsPeople]), "#eligible"),
        tile("policy-group-nearly", number(&[Standing::Nearly]), "#nearly"),
        tile("policy-group-asks", number(&[Standing::Asks]), "#asks"),
    ])
    .show()
}

fn card(t: &Words, one: &PolicyStanding) -> Card {
    let standing = one.standing();
    let best = one.clauses.iter().find(|clause| clause.standing == standing);
    let text = best.map(|clause| hint(t, clause)).unwrap_or_default();
    let mut particulars = vec![one.policy.issuer.clone()];
    particulars.extend(one.policy.effective_to.map(|day| t.with("policy-until", &[("day", t.date(day).into())])));
    Card {
        title: t.text(&one.policy.title),
        href: format!("{PATH}/{}", one.policy.id),
        text,
        badge: Some(shown::badge(t, standing)),
        particulars,
        ..Card::default()
    }
}

/// What stands on the card: the amount, what is missing and by how much, or how many questions are left.
fn hint(t: &Words, clause: &ClauseStanding) -> String {
    match clause.standing {
        Standing::Eligible | Standing::NeedsPeople => shown::amount(t, clause.low, clause.high),
        Standing::Nearly => lacking(t, &clause.proof).unwrap_or_default(),
        Standing::Asks => {
            let questions = clause.proof["questions"].as_array().map_or(0, Vec::len) as i64;
            let most = shown::amount(t, clause.low, clause.high);
            t.with("policy-asks-hint", &[("n", questions.into()), ("amount", most.into())])
        }
        Standing::Not => String::new(),
    }
}

/// The one condition that fails, and by how much.
fn lacking(t: &Words, proof: &Json) -> Option<String> {
    let failing = proof["conditions"].as_array()?.iter().find(|one| one["result"] == "false")?;
    let words = &failing["clause_text"][if t.is_chinese() { "zh" } else { "en" }];
    let words = words.as_str().filter(|text| !text.is_empty()).or(failing["clause_text"]["zh"].as_str())?;
    let unit = failing["unit"].as_str().unwrap_or_default();
    let distance = failing["distance"].as_str().map(|written| shown::distance(t, unit, written));
    let date = failing["first_date"].as_str();
    Some(match (distance, date) {
        (Some(distance), _) => t.with("policy-lacks", &[("words", words.into()), ("distance", distance.into())]),
        (None, Some(date)) => t.with("policy-lacks-time", &[("words", words.into()), ("date", date.into())]),
        (None, None) => words.to_owned(),
    })
}

/// One policy with its proof and its questions.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Query(asked): Query<AskedOn>,
) -> Answer {
    draw(&app, &visit, (id, asked.as_of.as_deref()), StatusCode::OK, None, |form| form).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    (id, day): (PolicyId, Option<&str>),
    status: StatusCode,
    alert: Option<Alert>,
    each: impl Fn(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let (one, body, allowed) = mine::one(app, &visit.actor, id, day).await?;
    let may = visit.actor.may_somewhere(&permissions::ANSWER).is_ok();
    let mut panels = Vec::new();
    for clause in &one.clauses {
        let amount = match clause.standing {
            Standing::Not | Standing::Nearly => String::new(),
            _ => shown::amount(&t, clause.low, clause.high),
        };
        let title = if clause.title.is_empty() { &clause.id } else { &clause.title };
        let sentence = body.sentence(&clause.id, !t.is_chinese()).unwrap_or_default();
        let proof = Html::of(&module::pages::Pair(library::paragraphs(sentence), shown::proof(&t, &clause.proof)));
        let headed = shown::headed(&t, clause.standing, &amount, &proof);
        panels.push(Panel::new(&format!("clause-{}", clause.id), title.clone(), headed));
    }
    panels.splice(0..0, super::calls::panel(app, &t, id).await?);
    if may && let Some(form) = questions(app, &t, visit, &one).await? {
        panels.insert(0, Panel::new("questions", t.of("policy-questions"), each(form).show(&t)));
    }
    let view = FilePage {
        frame: frame(app, visit, t.text(&one.policy.title), &[(PATH, t.of("policy-mine"))]).await?,
        subtitle: format!("{} {}", one.policy.issuer, one.policy.doc_no).trim().to_owned(),
        badges: vec![shown::badge(&t, one.standing())],
        actions: vec![Link::new(t.of("policy-read"), format!("/policies/{id}")).icon("file-text")],
        alert,
        tabs: Tabs::default(),
        panels,
        aside: aside(app, &t, visit, &one, &body, allowed, may).await?,
    };
    Ok(ui::page(status, &view))
}

async fn aside(
    app: &App,
    t: &Words,
    visit: &Visit,
    one: &PolicyStanding,
    body: &Body,
    allowed: bool,
    may: bool,
) -> jinmen_core::Result<Vec<Panel>> {
    let (id, today) = (one.policy.id, app.clock.today());
    let total = Fact::plain(t.of("policy-total"), shown::amount(t, one.total_low, one.total_high));
    let mut aside = vec![
        Panel::new("total", t.of("policy-sum"), Facts { lines: vec![total], legend: false }.show(t)),
        Panel::new("guide", t.of("policy-guide"), library::guide(t, body, today)),
    ];
    let kept = mine::kept(app, &visit.actor, id).await?;
    let lines = kept.iter().map(|one| Fact::plain(t.instant(one.decided_at), one.id.text())).collect();
    let list = if kept.is_empty() {
        library::paragraphs(&t.of("policy-kept-none"))
    } else {
        Facts { lines, legend: false }.show(t)
    };
    let form = may.then(|| button_form(visit, &format!("{PATH}/{id}/keep"), &[], &t.of("policy-keep")).show(t));
    aside.push(Panel::new("kept", t.of("policy-kept"), Html::of(&module::pages::Pair(list, form.unwrap_or_default()))));
    if may && let Some(replied) = telling::own(app, &visit.actor, id).await? {
        let choices = Reply::ALL.iter().map(|one| ui::Choice::new(one.code(), t.of(&one.message_key()))).collect();
        let mut choice = ui::Field::radio("reply", t.of("policy-reply"), choices).required();
        if let Some(reply) = replied {
            choice = choice.value(reply.code());
        }
        let note = ui::Field::text_area("note", t.of("policy-reply-note")).max_length(500);
        let form =
            Form::post(visit.once(&format!("{PATH}/{id}/reply")), visit.form_token.clone(), t.of("policy-reply-do"));
        aside.insert(
            0,
            Panel::new("reply", t.of("policy-reply"), form.id("reply").fields_only(vec![choice, note]).show(t)),
        );
    }
    if may {
        let (key, value) = if allowed { ("policy-allow-not", "no") } else { ("policy-allow", "yes") };
        let form = button_form(visit, &format!("{PATH}/{id}/allow"), &[("allowed", value)], &t.of(key)).show(t);
        let said = t.of(if allowed { "policy-allowed" } else { "policy-allow-help" });
        let body = Html::of(&module::pages::Pair(library::paragraphs(&said), form));
        aside.push(Panel::new("allow", t.of("policy-allow-title"), body));
    }
    Ok(aside)
}

/// The questions that can still change what the policy says, most useful first.
async fn questions(app: &App, t: &Words, visit: &Visit, one: &PolicyStanding) -> jinmen_core::Result<Option<Form>> {
    let mut names: Vec<String> = Vec::new();
    for clause in &one.clauses {
        for name in clause.proof["questions"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    if names.is_empty() {
        return Ok(None);
    }
    let version = crate::sql::policy::version(&app.db, one.policy.id, one.policy.version).await?;
    let program = program::known(&version.text)?;
    let questions = answering::questions(&program, &names, app.clock.today());
    let fields = questions.iter().map(|question| library::field(t, question, &[])).collect();
    let action = visit.once(&format!("{PATH}/{}/answers", one.policy.id));
    let form = Form::post(action, visit.form_token.clone(), t.of("policy-answer"));
    Ok(Some(form.section(String::new(), t.of("policy-questions-help"), fields)))
}

/// Answers questions.
pub(crate) async fn answer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Answer {
    match answering::answer(&app, &visit.actor, id, &sent).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}/{id}")).into_response()),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let typed =
                |name: &str| sent.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect();
            draw(&app, &visit, (id, None), status, None, |form| form.fill(typed).faults(&faults, &t)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps what the rules say today, with the proof.
pub(crate) async fn keep(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    mine::keep(&app, &visit.actor, id).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}#kept")).into_response())
}

/// What is replied to having been told.
#[derive(serde::Deserialize)]
pub(crate) struct Replied {
    #[serde(default)]
    reply: String,
    #[serde(default)]
    note: String,
}

/// Replies to having been told.
pub(crate) async fn reply(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Replied>,
) -> Answer {
    telling::reply(&app, &visit.actor, id, &sent.reply, &sent.note).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}#reply")).into_response())
}

/// What is sent to allow or not.
#[derive(serde::Deserialize)]
pub(crate) struct Allowed {
    #[serde(default)]
    allowed: String,
}

/// Lets the office see what one gets, or no more.
pub(crate) async fn allow(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Allowed>,
) -> Answer {
    mine::allow(&app, &visit.actor, id, sent.allowed == "yes").await?;
    Ok(Redirect::to(&format!("{PATH}/{id}#allow")).into_response())
}
