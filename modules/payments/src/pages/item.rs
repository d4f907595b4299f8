//! One item of the office's books: what it is, what was paid, and the forms to pay, reverse and cancel.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use jinmen_core::{Date, Error, Money};
use module::pages::{FilePage, Pair, Panel, Paragraph, button_form, frame, history};
use module::{Answer, App, Form as FormBody, Path, Visit};
use registry::permissions as files_of;
use ui::Words;
use ui::{Alert, Badge, Cell, Column, Empty, Fact, Facts, Field, Form, Html, Link, MoneyUnit, Row, Table, Tabs, Tone};

use super::{desk::PATH, direction, part, proof, state, yuan};
use crate::model::{
    Direction, Filled, Item, ItemId, ItemState, NOTE_MOST, PAYER_MOST, Payment, PaymentDraft, PaymentId, Subject,
    VOUCHER_MOST, WHY_MOST,
};
use crate::ops::read::{self, ItemFile};
use crate::ops::{self, cancel as cancelling, pay as paying, reverse as reversing};
use crate::permissions;

/// Papers that are taken.
const PAPERS: &str = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.ofd,.zip";

/// A form that is folded until asked for, or until something in it is wrong.
#[derive(Template)]
#[template(path = "_folded.html")]
struct Folded {
    label: String,
    open: bool,
    body: Html,
}

/// Parts below each other.
#[derive(Template)]
#[template(path = "_stack.html")]
struct Stack {
    parts: Vec<Html>,
}

/// Papers, each with what takes it off.
#[derive(Template)]
#[template(path = "_proofs.html")]
struct Proofs {
    papers: Vec<(Link, Html)>,
}

fn folded(t: &Words, form: Form) -> Html {
    let open = form.has_errors();
    Html::of(&Folded { label: form.submit.clone(), open, body: form.show(t) })
}

/// The page.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<ItemId>) -> Answer {
    draw(&app, &visit, id, StatusCode::OK, |form| form).await
}

async fn draw(app: &App, visit: &Visit, id: ItemId, status: StatusCode, each: impl Fn(Form) -> Form) -> Answer {
    let t = app.words(visit.locale);
    let file = read::item(app, &visit.actor, id).await?;
    let item = &file.item;
    let today = app.clock.today();
    let may_keep = visit.actor.may_somewhere(&permissions::KEEP).is_ok();
    let mut panels = vec![Panel::new("sum", t.of("payments-sum"), sum(&t, visit, item))];
    if file.instalments.len() > 1 || file.instalments.iter().any(|one| !one.instalment.condition.is_empty()) {
        let table = instalments(&t, item, &file.instalments, today);
        panels.push(Panel::new("instalments", t.of("payments-instalments"), table.show(&t)));
    }
    if !item.payers.is_empty() {
        panels.push(Panel::new("payers", t.of("payments-payers"), payers(&t, &file).show(&t)));
    }
    panels.push(Panel::new("payments", t.of("payments-payments"), payments(&t, visit, &file, may_keep, &each)));
    if may_keep && item.state == ItemState::Open {
        panels.push(Panel::new("pay", t.of("payments-pay"), each(pay_form(&t, visit, &file, today)).show(&t)));
        if item.paid.is_zero() {
            panels.push(Panel::new("cancel", t.of("payments-cancel"), cancel_panel(&t, visit, id, &each)));
        }
    }
    let entries = read::history(app, &visit.actor, id).await?;
    let view = FilePage {
        frame: frame(app, visit, item.title.clone(), &[(PATH, t.of("payments-items"))]).await?,
        subtitle: format!("{} · {}", item.number, item.subject_name),
        badges: vec![Badge::new(Tone::Neutral, direction(&t, item.direction)), state(&t, item, today)],
        actions: Vec::new(),
        alert: alert(&t, item, today),
        tabs: Tabs::default(),
        panels,
        aside: vec![Panel::new("history", t.of("payments-history"), history(&t, &entries, |_| String::new()).show(&t))],
    };
    Ok(ui::page(status, &view))
}

/// What is to be known first.
pub(super) fn alert(t: &Words, item: &Item, today: Date) -> Option<Alert> {
    match (item.state, item.due_on) {
        (ItemState::Cancelled, _) => {
            Some(Alert::new(Tone::Neutral, item.why.clone()).title(t.of("payments-cancelled-text")))
        }
        (ItemState::Open, Some(day)) if day < today => {
            Some(Alert::new(Tone::Bad, t.with("payments-overdue-text", &[("days", day.days_until(today).into())])))
        }
        _ => None,
    }
}

/// The three sums of an item.
pub(super) fn sums(t: &Words, item: &Item) -> Vec<Fact> {
    let mut amount = Fact::plain(t.of("payments-amount"), yuan(t, item.amount));
    amount.strong = true;
    let words = if t.is_chinese() { item.amount.in_words() } else { String::new() };
    let mut lines = vec![amount];
    if !words.is_empty() {
        lines.push(Fact::plain(t.of("payments-amount-words"), words));
    }
    lines.push(Fact::plain(t.of("payments-paid"), yuan(t, item.paid)));
    lines.push(Fact::plain(t.of("payments-left"), yuan(t, item.left())));
    lines.extend(item.due_on.map(|day| Fact::plain(t.of("payments-due"), t.date(day))));
    lines.push(Fact::plain(t.of("payments-granted-on"), t.date(item.granted_on)));
    lines
}

fn sum(t: &Words, visit: &Visit, item: &Item) -> Html {
    let mut lines = sums(t, item);
    let subject = Fact::plain(t.of("payments-subject"), item.subject_name.clone());
    let (href, reading) = match item.subject {
        Subject::Organization(id) => (format!("/work/organizations/{id}"), &files_of::READ_ORGANIZATION),
        Subject::Person(id) => (format!("/work/people/{id}"), &files_of::READ_PERSON),
    };
    // Whoever reads the books need not read files.
    lines.push(match visit.actor.may_somewhere(reading) {
        Ok(()) => subject.action(Link::new(t.of("payments-open-file"), href)),
        Err(_) => subject,
    });
    lines.extend(item.benefit.clone().map(|benefit| Fact::plain(t.of("payments-benefit"), benefit)));
    lines.extend(item.reason.as_ref().map(|reason| {
        Fact::plain(t.of("payments-reason"), reason.object.kind.clone())
            .action(Link::new(t.of("payments-reason-open"), reason.link.clone()))
    }));
    let who = if item.created_name.is_empty() { t.of("module-by-system") } else { item.created_name.clone() };
    lines.push(Fact::plain(t.of("payments-created"), format!("{who} {}", t.instant(item.created_at))));
    if !item.note.is_empty() {
        lines.push(Fact::plain(t.of("payments-note"), item.note.clone()));
    }
    Facts { lines, legend: false }.show(t)
}

/// The parts of an item.
pub(super) fn instalments(t: &Words, item: &Item, filled: &[Filled], today: Date) -> Table {
    let row = |(at, one): (usize, &Filled)| {
        let instalment = &one.instalment;
        Row::plain(vec![
            Cell::Two(t.with("payments-instalment", &[("n", (at + 1).into())]), instalment.condition.clone()),
            Cell::Money(instalment.amount),
            Cell::Money(one.paid),
            instalment.due_on.map_or(Cell::Nothing, Cell::Date),
            Cell::Badge(part(t, one, item, today)),
        ])
    };
    Table {
        caption: t.of("payments-instalments"),
        columns: vec![
            Column::text(t.of("payments-instalment-column")),
            Column::number(t.of("payments-amount")),
            Column::number(t.of("payments-paid")),
            Column::text(t.of("payments-due")),
            Column::text(t.of("payments-state")),
        ],
        rows: filled.iter().enumerate().map(row).collect(),
        ..Table::default()
    }
}

/// Who bears how much, and what payments in their name come to.
fn payers(t: &Words, file: &ItemFile) -> Table {
    let paid_by = |name: &str| {
        let standing = file.payments.iter().filter(|one| one.reversed.is_none() && one.payer == name);
        Money::try_sum(standing.map(|one| one.amount)).unwrap_or(Money::MAX)
    };
    let row = |one: &crate::model::Share| {
        let cells = vec![Cell::Text(one.name.clone()), Cell::Money(one.amount), Cell::Money(paid_by(&one.name))];
        Row::plain(cells)
    };
    Table {
        caption: t.of("payments-payers"),
        columns: vec![
            Column::text(t.of("payments-payer")),
            Column::number(t.of("payments-share")),
            Column::number(t.of("payments-paid")),
        ],
        rows: file.item.payers.iter().map(row).collect(),
        ..Table::default()
    }
}

fn payments(t: &Words, visit: &Visit, file: &ItemFile, may_keep: bool, each: &impl Fn(Form) -> Form) -> Html {
    let mut keys = vec!["payments-paid-on", "payments-amount", "payments-payer", "payments-proof"];
    if may_keep {
        keys.push("payments-action");
    }
    let table = Table {
        caption: t.of("payments-payments"),
        columns: keys
            .into_iter()
            .map(|key| if key == "payments-amount" { Column::number(t.of(key)) } else { Column::text(t.of(key)) })
            .collect(),
        rows: file.payments.iter().map(|one| payment_row(t, visit, file, one, may_keep, each)).collect(),
        empty: Empty { title: t.of("payments-no-payment"), text: t.of("payments-no-payment-text"), ..Empty::default() },
        ..Table::default()
    };
    table.show(t)
}

fn payment_row(
    t: &Words,
    visit: &Visit,
    file: &ItemFile,
    one: &Payment,
    may_keep: bool,
    each: &impl Fn(Form) -> Form,
) -> Row {
    let recorded = [("who", one.recorded_name.clone().into()), ("when", t.instant(one.recorded_at).into())];
    let (amount, said) = match &one.reversed {
        None => (Cell::Text(yuan(t, one.amount)), one.note.clone()),
        Some(reversal) => {
            let args = [
                ("who", reversal.name.clone().into()),
                ("when", t.instant(reversal.at).into()),
                ("why", reversal.why.clone().into()),
            ];
            let amount = Cell::Two(yuan(t, one.amount), t.of("payments-own-reversed"));
            (amount, t.with("payments-reversed", &args))
        }
    };
    let voucher = || t.with("payments-voucher-said", &[("voucher", one.voucher.clone().into())]);
    let said = match (one.voucher.is_empty(), said.is_empty()) {
        (true, _) => said,
        (false, true) => voucher(),
        (false, false) => format!("{} · {said}", voucher()),
    };
    let payer = if said.is_empty() { Cell::Text(one.payer.clone()) } else { Cell::Two(one.payer.clone(), said) };
    let mut cells = vec![
        Cell::Two(t.date(one.paid_on), t.with("payments-recorded", &recorded)),
        amount,
        payer,
        proofs(t, visit, file, one, may_keep),
    ];
    if may_keep {
        let mut parts = vec![folded(t, proof_form(t, visit, file.item.id, one.id))];
        if one.reversed.is_none() {
            parts.push(folded(t, each(reverse_form(t, visit, file.item.id, one.id))));
        }
        cells.push(Cell::Html(Html::of(&Stack { parts })));
    }
    Row::plain(cells)
}

fn proofs(t: &Words, visit: &Visit, file: &ItemFile, one: &Payment, may_keep: bool) -> Cell {
    let Some(papers) = file.proofs.get(&one.id) else { return Cell::Nothing };
    let paper = |paper: &files::File| {
        let href = format!("/work/payment-proofs/{}", paper.id);
        let remove = match may_keep {
            true => {
                let form = button_form(visit, &format!("{href}/remove"), &[], &t.of("payments-proof-remove"));
                Form { quiet: true, ..form }.show(t)
            }
            false => Html::default(),
        };
        (Link::new(paper.name.clone(), href), remove)
    };
    Cell::Html(Html::of(&Proofs { papers: papers.iter().map(paper).collect() }))
}

fn paper_field(t: &Words) -> Field {
    Field::file("file", t.of("payments-proof"), PAPERS).help(t.of("payments-proof-help"))
}

fn proof_form(t: &Words, visit: &Visit, id: ItemId, payment: PaymentId) -> Form {
    let action = visit.once(&format!("{PATH}/{id}/payments/{payment}/proofs"));
    let mut form = Form::post(action, visit.form_token.clone(), t.of("payments-proof-add"))
        .id(format!("proof-{payment}"))
        .fields_only(vec![paper_field(t).required()]);
    form.quiet = true;
    form
}

fn reverse_id(payment: PaymentId) -> String {
    format!("reverse-{payment}")
}

fn reverse_form(t: &Words, visit: &Visit, id: ItemId, payment: PaymentId) -> Form {
    let action = visit.once(&format!("{PATH}/{id}/payments/{payment}/reverse"));
    let mut form = Form::post(action, visit.form_token.clone(), t.of("payments-reverse"))
        .id(reverse_id(payment))
        .fields_only(vec![Field::text("why", t.of("payments-reverse-why")).required().max_length(WHY_MOST as u32)])
        .irreversible(t.of("payments-reverse-text"));
    form.quiet = true;
    form
}

fn pay_form(t: &Words, visit: &Visit, file: &ItemFile, today: Date) -> Form {
    let item = &file.item;
    let next = file.instalments.iter().find(|one| one.paid != one.instalment.amount);
    let amount = next.map_or(item.left(), |one| Money::from_fen(one.instalment.amount.fen() - one.paid.fen()));
    let payer = match (item.payers.first(), item.direction) {
        (Some(first), _) => first.name.clone(),
        (None, Direction::In) => item.subject_name.clone(),
        (None, Direction::Out) => String::new(),
    };
    let names: Vec<&str> = item.payers.iter().map(|one| one.name.as_str()).collect();
    let payer_help = match names.is_empty() {
        true => String::new(),
        false => {
            let names = names.join(if t.is_chinese() { "、" } else { ", " });
            t.with("payments-payer-help", &[("names", names.into())])
        }
    };
    let action = visit.once(&format!("{PATH}/{}/payments", item.id));
    let submit = t.of(&format!("payments-pay-{}", item.direction.code()));
    Form::post(action, visit.form_token.clone(), submit).id("pay").fields_only(vec![
        Field::date("paid_on", t.of("payments-paid-on")).required().half().value(today.to_string()),
        Field::money("amount", t.of("payments-amount"), MoneyUnit::Yuan)
            .required()
            .half()
            .help(t.with("payments-pay-left", &[("left", yuan(t, item.left()).into())]))
            .amount(amount, t),
        Field::text("payer", t.of("payments-payer"))
            .required()
            .max_length(PAYER_MOST as u32)
            .help(payer_help)
            .value(payer),
        Field::text("voucher", t.of("payments-voucher")).max_length(VOUCHER_MOST as u32).half(),
        Field::text_area("note", t.of("payments-note")).max_length(NOTE_MOST as u32).help(t.of("payments-note-help")),
        paper_field(t),
    ])
}

fn cancel_panel(t: &Words, visit: &Visit, id: ItemId, each: &impl Fn(Form) -> Form) -> Html {
    let action = visit.once(&format!("{PATH}/{id}/cancel"));
    let mut form = Form::post(action, visit.form_token.clone(), t.of("payments-cancel"))
        .id("cancel")
        .fields_only(vec![
            Field::text("why", t.of("payments-cancel-why"))
                .required()
                .max_length(WHY_MOST as u32)
                .help(t.of("payments-cancel-why-help")),
        ])
        .irreversible(t.of("payments-cancel-irreversible"));
    form.quiet = true;
    let text = Html::of(&Paragraph { text: t.of("payments-cancel-text") });
    Html::of(&Pair(text, folded(t, each(form))))
}

/// The page again with one form as it was sent, and what is wrong with it.
async fn again(
    app: &App,
    visit: &Visit,
    id: ItemId,
    form_id: &str,
    sent: &HashMap<String, String>,
    error: Error,
) -> Answer {
    let t = app.words(visit.locale);
    // What came meanwhile may have taken the form away: a conflict has a page of its own.
    let Error::Invalid(faults) = error else { return Err(error.into()) };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let fill = |form: Form| match form.id == form_id {
        true => form.fill(|name| sent.get(name).map(String::as_str).into_iter().collect()).faults(&faults, &t),
        false => form,
    };
    draw(app, visit, id, status, fill).await
}

/// Records a payment.
pub(crate) async fn pay(State(app): State<App>, visit: Visit, Path(id): Path<ItemId>, body: Multipart) -> Answer {
    ops::proof::may_attach(&app, &visit.actor, id).await?;
    let received = proof::received(&app, body).await?;
    let typed = |name: &str| received.fields.get(name).cloned().unwrap_or_default();
    let draft = PaymentDraft {
        paid_on: typed("paid_on"),
        amount: typed("amount"),
        payer: typed("payer"),
        voucher: typed("voucher"),
        note: typed("note"),
    };
    let done = match draft.parse(app.clock.today()) {
        Ok(new) => paying::pay(&app, &visit.actor, id, new, received.proof).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(visit.done(&ops::page(id), "payments-flash-paid")),
        Err(error) => again(&app, &visit, id, "pay", &received.fields, error).await,
    }
}

/// Reverses a payment.
pub(crate) async fn reverse(
    State(app): State<App>,
    visit: Visit,
    Path((id, payment)): Path<(ItemId, PaymentId)>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    let why = sent.get("why").map_or("", String::as_str);
    match reversing::reverse(&app, &visit.actor, id, payment, why).await {
        Ok(()) => Ok(visit.done(&ops::page(id), "payments-flash-reversed")),
        Err(error) => again(&app, &visit, id, &reverse_id(payment), &sent, error).await,
    }
}

/// Cancels the item.
pub(crate) async fn cancel(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ItemId>,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    let why = sent.get("why").map_or("", String::as_str);
    match cancelling::cancel(&app, &visit.actor, id, why).await {
        Ok(()) => Ok(visit.done(&ops::page(id), "payments-flash-cancelled")),
        Err(error) => again(&app, &visit, id, "cancel", &sent, error).await,
    }
}
