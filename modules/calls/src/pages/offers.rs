//! What a firm is offered (免申即享): why, how much, what happens next, and one tap.

use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{Date, Error, Money};
use module::pages::{FilePage, Panel, again, frame};
use module::{Answer, App, Form as FormBody, Path, Visit};
use serde::Deserialize;
use ui::{
    Alert, Badge, Cell, Column, Fact, Facts, Field, Form, Html, Link, Row, Step, StepState, Steps, Table, Tabs, Tone,
    Words,
};

use super::auto_grant::line_state;
use super::shown;
use crate::model::{ApplicationState, Call, GrantLine, GrantLineId, GrantLineState, OutcomeKind, StageKind};
use crate::ops::auto_grant::{self as granting, Answered, Offer, offer_page};
use crate::ops::own_page;
use crate::permissions;

/// What the firm is offered and was, above its applications; nothing where there is nothing.
pub(super) fn above(t: &Words, offers: &[(GrantLine, Call)], today: Date) -> Html {
    if offers.is_empty() {
        return Html::default();
    }
    let row = |(line, call): &(GrantLine, Call)| {
        Row::link(
            offer_page(line.id),
            vec![
                Cell::Text(t.text(&call.title)),
                Cell::Money(Money::from_fen(line.amount)),
                Cell::Badge(state(t, line, today)),
                line.due_on.map_or(Cell::Nothing, Cell::Date),
            ],
        )
    };
    let table = Table {
        caption: t.of("calls-grant"),
        columns: vec![
            Column::text(t.of("calls-title")),
            Column::number(t.of("calls-grant-amount")),
            Column::text(t.of("calls-state")),
            Column::text(t.of("calls-grant-due")),
        ],
        rows: offers.iter().map(row).collect(),
        ..Table::default()
    };
    Html::of(&Offers { title: t.of("calls-grant-own"), text: t.of("calls-grant-own-text"), table: table.show(t) })
}

#[derive(askama::Template)]
#[template(
    source = "<section class=\"jm-panel\"><h2>{{ title }}</h2><p>{{ text }}</p>{{ table }}</section>",
    ext = "html"
)]
struct Offers {
    title: String,
    text: String,
    table: Html,
}

/// Whether it can be answered today.
fn is_open(line: &GrantLine, today: Date) -> bool {
    line.state == GrantLineState::Asked && line.due_on.is_none_or(|due| today <= due)
}

/// How an offer stands for the firm.
fn state(t: &Words, line: &GrantLine, today: Date) -> Badge {
    match line.state {
        GrantLineState::Asked if is_open(line, today) => Badge::new(Tone::Warning, t.of("calls-grant-to-answer")),
        GrantLineState::Asked => line_state(t, GrantLineState::Expired),
        other => line_state(t, other),
    }
}

/// One offer.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<GrantLineId>) -> Answer {
    draw(&app, &visit, id, StatusCode::OK, None, |form| form).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: GrantLineId,
    status: StatusCode,
    alert: Option<Alert>,
    each: impl FnOnce(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let offer = granting::offer(app, &visit.actor, id).await?;
    let today = app.clock.today();
    let may = visit.actor.may_somewhere(&permissions::APPLY).is_ok();
    let (line, call) = (&offer.line, &offer.call);
    let open = is_open(line, today);
    let mut panels = vec![Panel::new("offer", t.of("calls-grant-offer"), facts(&t, &offer))];
    if open && may {
        panels.push(Panel::new(
            "confirm",
            t.of("calls-grant-confirm-title"),
            each(confirm_form(&t, visit, &offer)).show(&t),
        ));
    }
    panels.push(Panel::new("why", t.of("calls-grant-why"), why(&t, &offer)));
    panels.push(Panel::new("next", t.of("calls-grant-next"), next(&t, &offer).show(&t)));
    if open && may {
        panels.push(Panel::new("decline", t.of("calls-grant-decline"), decline_form(&t, visit, line).show(&t)));
    }
    let view = FilePage {
        frame: frame(app, visit, t.text(&call.title), &[(super::own::PATH, t.of("calls-own"))]).await?,
        subtitle: line.name.clone(),
        badges: vec![Badge::new(Tone::Neutral, t.of("calls-grant")), state(&t, line, today)],
        actions: Vec::new(),
        alert: alert.or_else(|| note(&t, &offer, today)),
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

/// What is to be known first.
fn note(t: &Words, offer: &Offer, today: Date) -> Option<Alert> {
    let line = &offer.line;
    let due = || line.due_on.map(|day| t.date(day)).unwrap_or_default();
    Some(match line.state {
        GrantLineState::Asked if is_open(line, today) => {
            Alert::new(Tone::Info, t.with("calls-grant-note-asked", &[("day", due().into())]))
        }
        GrantLineState::Asked | GrantLineState::Expired => {
            let text = t.with("calls-grant-note-expired", &[("day", due().into())]);
            Alert::new(Tone::Warning, text)
                .link(Link::new(t.of("calls-grant-see-call"), format!("/calls/{}", line.call)))
        }
        GrantLineState::Stopped => {
            Alert::new(Tone::Warning, line.reason.clone()).title(t.of("calls-grant-note-stopped"))
        }
        GrantLineState::Declined => {
            Alert::new(Tone::Neutral, line.reason.clone()).title(t.of("calls-grant-note-declined"))
        }
        GrantLineState::Removed => {
            Alert::new(Tone::Neutral, line.reason.clone()).title(t.of("calls-grant-note-removed"))
        }
        GrantLineState::Accepted => {
            let number = offer.application.as_ref().map(|one| one.number.clone()).unwrap_or_default();
            let alert = Alert::new(Tone::Good, t.with("calls-grant-note-accepted", &[("number", number.into())]));
            match line.application {
                Some(id) => alert.link(Link::new(t.of("calls-grant-see-application"), own_page(id))),
                None => alert,
            }
        }
        GrantLineState::Found => return None,
    })
}

fn facts(t: &Words, offer: &Offer) -> Html {
    let (line, call) = (&offer.line, &offer.call);
    let amount = Money::from_fen(line.amount);
    let mut sum = Fact::plain(t.of("calls-grant-amount"), t.money(amount));
    sum.strong = true;
    let mut lines = vec![sum];
    if t.is_chinese() {
        lines.push(Fact::plain(t.of("calls-grant-in-words"), amount.in_words()));
    }
    if call.setup.outcome.kind == OutcomeKind::Benefit {
        lines.push(Fact::plain(t.of("calls-grant-clause"), call.setup.outcome.benefit.clone()));
    }
    lines.push(Fact::plain(t.of("calls-grant-basis"), call.setup.notice.basis.clone()));
    lines.push(Fact::plain(t.of("calls-office"), call.setup.office.clone()));
    lines.push(Fact::plain(t.of("calls-telephone"), call.setup.telephone.clone()));
    if line.account.is_some() {
        lines.push(Fact::plain(t.of("calls-grant-account"), offer.account.masked()));
    }
    lines.retain(|line| !line.value.is_empty());
    Facts { lines, legend: false }.show(t)
}

/// Why the firm is eligible: every condition with the fact, its source and its date.
fn why(t: &Words, offer: &Offer) -> Html {
    let said = crate::ops::loaded::said(&offer.call.setup, &offer.proof);
    Html::of(&module::pages::Pair(shown::paragraphs(&t.of("calls-grant-why-text")), shown::eligibility(t, &said)))
}

/// What happens next.
fn next(t: &Words, offer: &Offer) -> Steps {
    let line = &offer.line;
    let confirmed = line.state == GrantLineState::Accepted;
    let mut steps = vec![
        Step::new(t.of("calls-grant-step-checked"), StepState::Done),
        Step::new(
            t.of("calls-grant-step-confirm"),
            match line.state {
                GrantLineState::Accepted => StepState::Done,
                GrantLineState::Asked => StepState::Current,
                _ => StepState::Stopped,
            },
        ),
    ];
    match (&offer.application, confirmed) {
        // The first two steps of an application are its handing in and the check.
        (Some(one), true) => steps.extend(shown::stages(t, &offer.call, one, true).0.into_iter().skip(2)),
        _ => {
            let stages = offer.call.setup.stages.iter().skip_while(|stage| stage.kind != StageKind::Notice);
            steps.extend(stages.map(|stage| Step::new(t.text(&stage.title), StepState::Waiting)));
        }
    }
    let paid = offer.application.as_ref().is_some_and(|one| one.state == ApplicationState::Approved);
    let last = if paid { StepState::Current } else { StepState::Waiting };
    steps.push(Step::new(t.of("calls-grant-step-paid"), last));
    Steps(steps)
}

/// The account and the tap.
fn confirm_form(t: &Words, visit: &Visit, offer: &Offer) -> Form {
    let line = &offer.line;
    let known = &offer.account;
    let keep = |value: &str| match value.is_empty() {
        true => String::new(),
        false => t.with("calls-grant-keep", &[("value", value.into())]),
    };
    let mut bank =
        Field::text("bank", t.of("calls-grant-bank")).max_length(100).half().help(t.of("calls-grant-bank-help"));
    let mut account = Field::text("account", t.of("calls-grant-number"))
        .max_length(40)
        .half()
        .sensitive()
        .autocomplete("off")
        .help(t.of("calls-grant-number-help"));
    // What is known need not be typed again.
    match known.bank.is_empty() {
        true => bank = bank.required(),
        false => bank = bank.help(keep(&known.bank)),
    }
    match known.number.is_empty() {
        true => account = account.required(),
        false => account = account.help(keep(&crate::form::mask(&known.number))),
    }
    let mut form = Form::post(
        visit.once(&format!("{}/accept", offer_page(line.id))),
        visit.form_token.clone(),
        t.of("calls-grant-accept"),
    )
    .id("accept")
    .section(
        String::new(),
        if known.is_whole() { t.of("calls-grant-account-known") } else { t.of("calls-grant-account-help") },
        vec![Field::text("holder", t.of("calls-grant-holder")).value(line.name.clone()).readonly(), bank, account],
    )
    .section(
        String::new(),
        t.with(
            "calls-grant-commitment",
            &[("name", line.name.clone().into()), ("amount", t.money(Money::from_fen(line.amount)).into())],
        ),
        Vec::new(),
    );
    form.strong = true;
    form
}

fn decline_form(t: &Words, visit: &Visit, line: &GrantLine) -> Form {
    let mut form = Form::post(
        visit.once(&format!("{}/decline", offer_page(line.id))),
        visit.form_token.clone(),
        t.of("calls-grant-decline"),
    )
    .id("decline")
    .section(
        String::new(),
        t.of("calls-grant-decline-help"),
        vec![Field::text("reason", t.of("calls-grant-decline-reason")).max_length(500)],
    );
    form.quiet = true;
    form
}

/// What is sent with a tap.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Sent {
    bank: String,
    account: String,
    reason: String,
}

/// Confirms.
pub(crate) async fn accept(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<GrantLineId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match granting::accept(&app, &visit.actor, id, &sent.bank, &sent.account).await {
        Ok(Answered::Accepted(..)) => Ok(visit.done(&offer_page(id), "calls-flash-granted")),
        Ok(Answered::Stopped(_)) => draw(&app, &visit, id, StatusCode::CONFLICT, None, |form| form).await,
        Err(error) => refused(&app, &visit, id, &sent, error).await,
    }
}

/// Does not want it.
pub(crate) async fn decline(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<GrantLineId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match granting::decline(&app, &visit.actor, id, &sent.reason).await {
        Ok(()) => Ok(visit.done(&offer_page(id), "calls-flash-declined")),
        Err(error) => refused(&app, &visit, id, &sent, error).await,
    }
}

/// The page again with what stands against it.
async fn refused(app: &App, visit: &Visit, id: GrantLineId, sent: &Sent, error: Error) -> Answer {
    let t = app.words(visit.locale);
    match error {
        Error::Invalid(faults) => {
            let each = |mut form: Form| {
                // The number is a secret: it is typed again rather than sent back.
                let bank =
                    form.sections.iter_mut().flat_map(|section| &mut section.fields).find(|field| field.name == "bank");
                if let Some(bank) = bank {
                    bank.values = vec![sent.bank.clone()];
                }
                again(&t, form, Error::Invalid(faults)).map(|(_, form)| form).unwrap_or_default()
            };
            draw(app, visit, id, StatusCode::UNPROCESSABLE_ENTITY, None, each).await
        }
        Error::Conflict(fault) => {
            let alert = Alert::new(Tone::Bad, module::sentence(&t, &fault));
            draw(app, visit, id, StatusCode::CONFLICT, Some(alert), |form| form).await
        }
        Error::Stale => {
            let alert = Alert::new(Tone::Warning, t.of("problem-core-stale-detail"));
            draw(app, visit, id, StatusCode::PRECONDITION_FAILED, Some(alert), |form| form).await
        }
        other => Err(other.into()),
    }
}
