//! The life of a policy on its page: stages, opinions, the form of the step that is open.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use flow::{Ballot, Doing, Flow, Kind, StepDone, StepState};
use jinmen_core::{Date, Error, PageRequest, Result};
use module::pages::{again, form_page};
use module::{Answer, App, Form as FormBody, Path, Visit};
use ui::{Choice, Fact, Facts, Field, Form, Html, Moment, Step, Steps, Timeline, Tone, Words};

use super::desk::{self, PATH};
use super::library;
use crate::model::{Body, Disclosure, Policy, PolicyFilter, PolicyId, Review, ReviewResult, step};
use crate::ops::abolish::abolish as ending;
use crate::ops::library as reading;
use crate::ops::life::{self as living, Typed, TypedIssue, TypedReview};

/// Fields as they are sent.
type Sent = Vec<(String, String)>;

fn given(sent: &Sent, name: &str) -> String {
    sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The stages, each with when and by whom.
pub(super) fn stages(t: &Words, flow: &Flow, steps: &[StepDone]) -> Steps {
    let stage = |(at, stage): (usize, &flow::Stage)| {
        let last = steps.iter().rfind(|one| one.stage == at && one.state != StepState::Void);
        let state = match (at.cmp(&flow.stage), flow.state) {
            (std::cmp::Ordering::Less, _) | (_, flow::State::Done) => ui::StepState::Done,
            (std::cmp::Ordering::Equal, flow::State::Running) => ui::StepState::Current,
            (std::cmp::Ordering::Equal, _) => ui::StepState::Stopped,
            _ => ui::StepState::Waiting,
        };
        let note = match (state, last) {
            (ui::StepState::Done, Some(one)) => one.closed_at.map(|at| format!("{} {}", t.date(at.date()), one.name)),
            (ui::StepState::Current, Some(one)) => match (one.until(), one.due_on) {
                (Some(until), _) => Some(t.with("policy-comment-until", &[("day", t.date(until).into())])),
                (None, Some(due)) => Some(t.with("policy-due", &[("day", t.date(due).into())])),
                _ => None,
            },
            _ => None,
        };
        Step::new(t.text(&stage.title), state).note(note.unwrap_or_default())
    };
    Steps(flow.plan.stages.iter().enumerate().map(stage).collect())
}

/// Every step that was done, with its opinion.
pub(super) fn opinions(t: &Words, flow: &Flow, steps: &[StepDone]) -> Html {
    let moments: Vec<Moment> = steps
        .iter()
        .rev()
        .filter(|one| one.state == StepState::Done)
        .map(|one| {
            let title = flow.plan.step(&one.step).map(|step| t.text(&step.title)).unwrap_or_default();
            let outcome = one.outcome.map(|outcome| t.of(&outcome.message_key())).unwrap_or_default();
            let vote = one.ballot().map(|ballot| votes(t, &ballot));
            let alone = one.alone.then(|| t.of("policy-alone"));
            let text: Vec<String> = [Some(one.opinion.clone()), vote, alone]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect();
            Moment {
                when: one.closed_at.map(|at| t.instant(at)).unwrap_or_default(),
                title: format!("{title} · {outcome}"),
                who: if one.name.is_empty() { t.of("module-by-system") } else { one.name.clone() },
                text: text.join("\n"),
                tone: if one.outcome.is_some_and(flow::Outcome::is_good) { Tone::Good } else { Tone::Warning },
                ..Moment::default()
            }
        })
        .collect();
    if moments.is_empty() { Html::default() } else { Timeline { moments }.show(t) }
}

fn votes(t: &Words, ballot: &Ballot) -> String {
    let number = |number: u32| i64::from(number).into();
    t.with(
        "policy-votes",
        &[
            ("entitled", number(ballot.entitled)),
            ("present", number(ballot.present)),
            ("for_it", number(ballot.for_it)),
            ("against", number(ballot.against)),
            ("abstained", number(ballot.abstained)),
        ],
    )
}

/// The form of the step that is open, with its name; nothing while a comment runs or when it is another's turn.
pub(super) fn form(
    app: &App,
    t: &Words,
    visit: &Visit,
    policy: &Policy,
    flow: &Flow,
    steps: &[StepDone],
) -> Option<(String, Form)> {
    let stage = flow.open_stage()?;
    let one = stage.steps.first()?;
    let row = steps.iter().rfind(|row| row.stage == flow.stage && row.round == flow.round && row.step == one.key)?;
    let hat = visit.actor.hat()?;
    if row.state != StepState::Open || hat.role != one.by.role {
        return None;
    }
    let opinion = || {
        let field = Field::text_area("opinion", t.of("policy-opinion")).max_length(4_000);
        if one.needs_opinion { field.required() } else { field }
    };
    let mut fields = special(app, t, policy, one);
    fields.push(opinion());
    fields.push(Field::hidden("seen", flow.version.to_string()));
    let action = visit.once(&format!("{PATH}/{}/steps/{}", policy.id, one.key));
    let submit = t.of(&format!("policy-do-{}", one.key));
    let mut form = Form::post(action, visit.form_token.clone(), submit).section(
        t.text(&one.title),
        t.of(&format!("policy-step-{}-help", one.key)),
        fields,
    );
    if one.kind == Kind::Opinion {
        form = form.also("doing", "disagree", t.of("policy-disagree"));
    }
    if let Some(to) = one.back_to.first() {
        form = form.also("doing", format!("return:{to}"), t.of("policy-return"));
    }
    Some((one.key.clone(), form))
}

/// What a step takes besides an opinion.
fn special(app: &App, t: &Words, policy: &Policy, one: &flow::Step) -> Vec<Field> {
    let today = app.clock.today();
    let number = |name: &str, key: &str| Field::integer(name, t.of(key)).required().half();
    match one.key.as_str() {
        step::COMMENT => {
            let least = today.add_days(30).unwrap_or(today);
            vec![Field::date("until", t.of("policy-comment-last")).required().value(least.to_string())]
        }
        step::FAIRNESS => {
            let results = vec![
                Choice::new(ReviewResult::Clean.code(), t.of("policy-review-clean")),
                Choice::new(ReviewResult::Exception.code(), t.of("policy-review-exception")),
            ];
            vec![
                Field::text_area("basis", t.of("policy-review-basis")).required().max_length(2_000),
                Field::radio("result", t.of("policy-review-result"), results).required(),
                Field::text_area("exception", t.of("policy-review-which")).max_length(2_000),
                Field::date("ends_on", t.of("policy-review-ends")),
            ]
        }
        step::DECISION => vec![
            number("entitled", "policy-vote-entitled"),
            number("present", "policy-vote-present"),
            number("for_it", "policy-vote-for"),
            number("against", "policy-vote-against"),
            number("abstained", "policy-vote-abstained"),
        ],
        step::ISSUE => {
            let kinds = Disclosure::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
            vec![
                Field::text("doc_no", t.of("policy-doc-no"))
                    .required()
                    .help(t.of("policy-doc-no-help"))
                    .max_length(100),
                Field::date("on", t.of("policy-issued-on")).required().value(today.to_string()).half(),
                Field::date("from", t.of("policy-from")).required().value(today.to_string()).half(),
                Field::date("to", t.of("policy-to")).half(),
                Field::radio("disclosure", t.of("policy-disclosure"), kinds).required().value(policy.disclosure.code()),
            ]
        }
        step::INTERPRET => vec![
            Field::text_area("interpretation", t.of("policy-interpretation"))
                .required()
                .help(t.of("policy-interpretation-help")),
        ],
        _ => Vec::new(),
    }
}

/// Does a step.
pub(crate) async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((id, step)): Path<(PolicyId, String)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let typed = match typed(&step, &sent) {
        Ok(typed) => typed,
        Err(error) => return redraw(&app, &visit, id, &step, &sent, error).await,
    };
    match living::act(&app, &visit.actor, id, typed).await {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}/{id}#life")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Stale)) => {
            redraw(&app, &visit, id, &step, &sent, error).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn redraw(app: &App, visit: &Visit, id: PolicyId, step: &str, sent: &Sent, error: Error) -> Answer {
    let t = app.words(visit.locale);
    let alert = desk::refused(&t, &error);
    desk::draw(app, visit, id, alert, |open, form| {
        if open != step {
            return Ok((StatusCode::CONFLICT, form));
        }
        let typed =
            |name: &str| sent.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect();
        again(&t, form.fill(typed), error)
    })
    .await
}

/// What was typed for a step.
fn typed(step_name: &str, sent: &Sent) -> Result<Typed, Error> {
    let doing = given(sent, "doing");
    let number = |name: &str| {
        let text = given(sent, name);
        text.trim().parse::<u32>().map_err(|_| Error::field(name, "core.required"))
    };
    let doing = match (doing.as_str(), step_name) {
        ("disagree", _) => Doing::Disagree,
        (back, _) if back.starts_with("return:") => Doing::Return(back.trim_start_matches("return:").to_owned()),
        (_, step::COMMENT) => {
            let until =
                Date::parse(given(sent, "until").trim()).map_err(|fault| jinmen_core::Fault::of("until", &fault))?;
            Doing::Begin(Some(until))
        }
        (_, step::DECISION) => Doing::Vote(Ballot {
            entitled: number("entitled")?,
            present: number("present")?,
            for_it: number("for_it")?,
            against: number("against")?,
            abstained: number("abstained")?,
        }),
        _ => Doing::Done,
    };
    let review = TypedReview {
        basis: given(sent, "basis"),
        result: given(sent, "result"),
        exception: given(sent, "exception"),
        ends_on: given(sent, "ends_on"),
    };
    let issue = TypedIssue {
        doc_no: given(sent, "doc_no"),
        on: given(sent, "on"),
        from: given(sent, "from"),
        to: given(sent, "to"),
        disclosure: given(sent, "disclosure"),
    };
    Ok(Typed {
        step: step_name.to_owned(),
        doing,
        opinion: given(sent, "opinion"),
        seen: given(sent, "seen").parse().ok(),
        review: Some(review),
        issue: Some(issue),
        interpretation: Some(given(sent, "interpretation")),
    })
}

/// The review of fair competition.
pub(super) fn review(t: &Words, review: &Review) -> Html {
    let result = match review.result {
        ReviewResult::Clean => t.of("policy-review-clean"),
        ReviewResult::Exception => t.of("policy-review-exception"),
    };
    let mut lines = vec![
        Fact::plain(t.of("policy-review-result"), result),
        Fact::plain(t.of("policy-review-basis"), review.basis.clone()),
    ];
    if !review.exception.is_empty() {
        lines.push(Fact::plain(t.of("policy-review-which"), review.exception.clone()));
    }
    lines.extend(review.ends_on.map(|day| Fact::plain(t.of("policy-review-ends"), t.date(day))));
    lines.push(Fact::plain(
        t.of("policy-review-by"),
        format!("{} {}", review.reviewed_name, t.instant(review.reviewed_at)),
    ));
    Facts { lines, legend: false }.show(t)
}

/// Red lines in the sentences of a draft: nothing where there are none.
pub(super) fn red_lines(t: &Words, body: &Body) -> Html {
    let mut lines = Vec::new();
    for clause in &body.clauses {
        for mark in crate::red_lines::marks(&clause.zh) {
            let words = |words: &crate::red_lines::Words| if t.is_chinese() { words.zh } else { words.en };
            let quoted: String = clause.zh.chars().skip(mark.chars.start).take(mark.chars.len()).collect();
            let title = t.with("policy-red-line", &[("clause", clause.id.as_str().into()), ("quoted", quoted.into())]);
            let article = [("article", i64::from(mark.article).into()), ("item", i64::from(mark.item).into())];
            let article =
                t.with(if mark.item == 0 { "policy-red-line-article" } else { "policy-red-line-item" }, &article);
            lines.push(Fact::plain(title, format!("{article} {} {}", words(&mark.message), words(&mark.permitted))));
        }
    }
    if lines.is_empty() {
        return Html::default();
    }
    Html::of(&module::pages::Pair(
        library::paragraphs(&t.of("policy-red-lines-help")),
        Facts { lines, legend: false }.show(t),
    ))
}

/// The form that ends a policy.
pub(crate) async fn end(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    let t = app.words(visit.locale);
    let policy = reading::read(&app, &visit.actor, id).await?.policy;
    let form = end_form(&app, &t, &visit, id).await?;
    form_page(
        &app,
        &visit,
        t.of("policy-end"),
        &[(PATH, t.of("policy-desk")), (&format!("{PATH}/{id}"), t.text(&policy.title))],
        StatusCode::OK,
        form,
    )
    .await
}

async fn end_form(app: &App, t: &Words, visit: &Visit, id: PolicyId) -> Result<Form> {
    /// The newest are offered: what takes a policy's place was issued of late.
    const NEWEST: PageRequest = PageRequest { after: None, limit: Some(200) };
    let others = reading::of_own_office(app, &visit.actor, &PolicyFilter::default(), &NEWEST).await?;
    let others = others.items.iter().filter(|other| other.id != id && other.is_public());
    let choice = |other: &Policy| Choice::new(other.id.text(), format!("{} {}", other.doc_no, t.text(&other.title)));
    let choices = others.map(choice).collect();
    let form = Form::post(visit.once(&format!("{PATH}/{id}/end")), visit.form_token.clone(), t.of("policy-end"));
    Ok(form
        .fields_only(vec![
            Field::date("on", t.of("policy-ended-on")).required().value(app.clock.today().to_string()),
            Field::text_area("note", t.of("policy-ended-why")).required().max_length(1_000),
            Field::select("replaced_by", t.of("policy-replaced-by"), choices),
        ])
        .irreversible(t.of("policy-end-help"))
        .cancel(format!("{PATH}/{id}")))
}

/// Ends a policy.
pub(crate) async fn abolish(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let other = given(&sent, "replaced_by");
    let ended = match Some(other.trim()).filter(|other| !other.is_empty()).map(str::parse).transpose() {
        Ok(other) => ending(&app, &visit.actor, id, &given(&sent, "on"), &given(&sent, "note"), other).await,
        Err(_) => Err(Error::field("replaced_by", "policy.replaced_by")),
    };
    match ended {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}/{id}")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let typed =
                |name: &str| sent.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect();
            let (status, form) = again(&t, end_form(&app, &t, &visit, id).await?.fill(typed), error)?;
            form_page(&app, &visit, t.of("policy-end"), &[(PATH, t.of("policy-desk"))], status, form).await
        }
    }
}
