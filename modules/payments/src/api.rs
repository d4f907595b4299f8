//! The same use cases for programs. Amounts are in fen.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Date, Fault, Faults, Money};
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::model::{
    Direction, Filled, Instalment, Item, ItemFilter, ItemId, ItemState, ItemWanted, NewPayment, Part, Payment,
    PaymentId, Share, Terms,
};
use crate::ops::pay_list::{Line, Typed};
use crate::ops::read::{self, ItemFile};
use crate::ops::{cancel, create, pay, pay_list, reverse};
use crate::permissions as may;

/// Adds the operations.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::READ, routes!(payments_items))
        .api(&may::KEEP, routes!(payments_create))
        .api(&may::READ, routes!(payments_item))
        .api(&may::KEEP, routes!(payments_pay))
        .api(&may::KEEP, routes!(payments_pay_list))
        .api(&may::KEEP, routes!(payments_reverse))
        .api(&may::KEEP, routes!(payments_cancel))
        .api(&may::OWN, routes!(payments_mine))
        .api(&may::OWN, routes!(payments_own))
}

/// Who owes it or gets it.
#[derive(Serialize, ToSchema)]
pub struct SubjectOut {
    /// `organization` or `person`.
    #[schema(example = "organization")]
    kind: &'static str,
    /// Its identifier.
    id: String,
    /// The name on the day it was owed.
    name: String,
}

/// A share of an item.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ShareIo {
    /// Who bears it.
    name: String,
    /// How much, in fen.
    #[schema(example = 25_000_000)]
    amount: i64,
}

/// What an item is owed for.
#[derive(Serialize, ToSchema)]
pub struct ReasonOut {
    /// Its kind.
    kind: String,
    /// Its identifier.
    id: String,
    /// Its page.
    link: String,
}

/// Something that is owed or granted. Amounts are in fen.
#[derive(Serialize, ToSchema)]
pub struct ItemOut {
    /// Its identifier.
    id: String,
    /// Its readable number.
    #[schema(example = "KX-2026-0001")]
    number: String,
    /// The organisation whose books these are.
    owner: String,
    /// Which way the money goes.
    direction: Direction,
    /// Who owes it or gets it.
    subject: SubjectOut,
    /// What it is.
    title: String,
    /// The clause of a policy under which it is a receipt.
    benefit: Option<String>,
    /// The day it was granted or became owed.
    #[schema(example = "2026-01-10")]
    granted_on: String,
    /// How much.
    #[schema(example = 500_000)]
    amount: i64,
    /// What was paid of it and stands.
    paid: i64,
    /// What is still to be paid.
    left: i64,
    /// Who bears how much.
    payers: Vec<ShareIo>,
    /// The day of the first instalment that is not paid in full.
    #[schema(example = "2026-03-31")]
    due_on: Option<String>,
    /// How it stands.
    state: ItemState,
    /// Why it was cancelled; empty if it was not.
    why: String,
    /// What it is owed for; only for the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonOut>,
    /// A note; only for the office.
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    /// What makes owing the same twice one item; only for the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    dedup: Option<String>,
    /// When it was written down.
    created_at: String,
}

impl From<Item> for ItemOut {
    fn from(one: Item) -> Self {
        Self {
            left: one.left().fen(),
            id: one.id.text(),
            number: one.number,
            owner: one.owner.text(),
            direction: one.direction,
            subject: SubjectOut { kind: one.subject.kind(), id: one.subject.id(), name: one.subject_name },
            title: one.title,
            benefit: one.benefit,
            granted_on: one.granted_on.to_string(),
            amount: one.amount.fen(),
            paid: one.paid.fen(),
            payers: one.payers.into_iter().map(|one| ShareIo { name: one.name, amount: one.amount.fen() }).collect(),
            due_on: one.due_on.map(|day| day.to_string()),
            state: one.state,
            why: one.why,
            reason: one.reason.map(|one| ReasonOut { kind: one.object.kind, id: one.object.id, link: one.link }),
            note: one.note,
            dedup: one.dedup,
            created_at: one.created_at.to_rfc3339(),
        }
    }
}

/// A part of an item.
#[derive(Serialize, ToSchema)]
pub struct InstalmentOut {
    /// How much.
    amount: i64,
    /// What was paid of it: payments fill instalments in their order.
    paid: i64,
    /// Its last day.
    due_on: Option<String>,
    /// What has to happen first.
    condition: String,
    /// How it stands.
    state: Part,
}

impl From<Filled> for InstalmentOut {
    fn from(one: Filled) -> Self {
        Self {
            amount: one.instalment.amount.fen(),
            paid: one.paid.fen(),
            due_on: one.instalment.due_on.map(|day| day.to_string()),
            state: one.part(),
            condition: one.instalment.condition,
        }
    }
}

/// A payment.
#[derive(Serialize, ToSchema)]
pub struct PaymentOut {
    /// Its identifier.
    id: String,
    /// The day of the payment.
    paid_on: String,
    /// How much.
    amount: i64,
    /// Who paid.
    payer: String,
    /// The number of the voucher or the bank's slip.
    #[serde(skip_serializing_if = "String::is_empty")]
    voucher: String,
    /// A note; only for the office.
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    /// Who wrote it down; only for the office.
    #[serde(skip_serializing_if = "String::is_empty")]
    recorded_name: String,
    /// When it was written down.
    recorded_at: String,
    /// Since when it does not stand.
    reversed_at: Option<String>,
    /// Why; only for the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_why: Option<String>,
    /// Identifiers of its papers; only for the office.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    proofs: Vec<String>,
}

impl PaymentOut {
    fn of(one: Payment, proofs: Vec<String>) -> Self {
        Self {
            id: one.id.text(),
            paid_on: one.paid_on.to_string(),
            amount: one.amount.fen(),
            payer: one.payer,
            voucher: one.voucher,
            note: one.note,
            recorded_name: one.recorded_name,
            recorded_at: one.recorded_at.to_rfc3339(),
            reversed_at: one.reversed.as_ref().map(|one| one.at.to_rfc3339()),
            reversed_why: one.reversed.map(|one| one.why).filter(|why| !why.is_empty()),
            proofs,
        }
    }
}

/// An item with its parts and payments.
#[derive(Serialize, ToSchema)]
pub struct ItemFileOut {
    /// The item.
    #[serde(flatten)]
    item: ItemOut,
    /// Its parts.
    instalments: Vec<InstalmentOut>,
    /// What was paid, newest first.
    payments: Vec<PaymentOut>,
}

impl From<ItemFile> for ItemFileOut {
    fn from(file: ItemFile) -> Self {
        let mut proofs = file.proofs;
        let payment = |one: Payment| {
            let papers = proofs.remove(&one.id).unwrap_or_default();
            PaymentOut::of(one, papers.into_iter().map(|paper| paper.id.text()).collect())
        };
        Self {
            payments: file.payments.into_iter().map(payment).collect(),
            item: file.item.into(),
            instalments: file.instalments.into_iter().map(Into::into).collect(),
        }
    }
}

/// Items of the books of one's office.
#[utoipa::path(get, path = "/payments", tag = "payments", params(ItemFilter, Paging),
    responses((status = 200, body = PageOut<ItemOut>, description = "Newest first; open ones by their days"), Refusals))]
async fn payments_items(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ItemFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<ItemOut>>> {
    let page = read::list(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// A part of an item to be owed.
#[derive(Deserialize, ToSchema)]
pub struct InstalmentIn {
    /// How much, in fen.
    amount: i64,
    /// Its last day.
    #[serde(default)]
    #[schema(example = "2026-03-31")]
    due_on: Option<String>,
    /// What has to happen first.
    #[serde(default)]
    condition: String,
}

/// Something to be owed or granted. Amounts are in fen.
#[derive(Deserialize, ToSchema)]
pub struct ItemIn {
    /// `out` for what is granted, `in` for what is owed to the office.
    direction: Direction,
    /// An organisation or a person: an identifier, a social credit code, or the exact name.
    #[schema(example = "91120199MA0000001X")]
    subject: String,
    /// What it is.
    #[schema(example = "2026 年度会费")]
    title: String,
    /// The clause of a policy under which it is a receipt.
    #[serde(default)]
    benefit: Option<String>,
    /// The day it is granted or becomes owed; today unless given.
    #[serde(default)]
    #[schema(example = "2026-01-10")]
    granted_on: Option<String>,
    /// How much.
    #[schema(example = 500_000)]
    amount: i64,
    /// Who bears how much: sums to the amount.
    #[serde(default)]
    payers: Vec<ShareIo>,
    /// Its parts: they sum to the amount. None: all of it at once.
    #[serde(default)]
    instalments: Vec<InstalmentIn>,
    /// The last day, where there are no instalments.
    #[serde(default)]
    #[schema(example = "2026-03-31")]
    due_on: Option<String>,
    /// For the office only.
    #[serde(default)]
    note: String,
    /// Owing with the same key again gives the item that is there.
    #[serde(default)]
    dedup: Option<String>,
}

fn day(faults: &mut Faults, field: &str, typed: Option<&str>) -> Option<Date> {
    typed.and_then(|typed| faults.take(Date::parse(typed).map_err(|fault| Fault::of(field, &fault))))
}

impl ItemIn {
    fn read(self, today: Date) -> jinmen_core::Result<ItemWanted> {
        let mut faults = Faults::new();
        let granted_on = day(&mut faults, "granted_on", self.granted_on.as_deref());
        let due_on = day(&mut faults, "due_on", self.due_on.as_deref());
        let mut instalments = Vec::with_capacity(self.instalments.len());
        for (at, one) in self.instalments.into_iter().enumerate() {
            let due_on = day(&mut faults, &format!("instalments.{at}.due_on"), one.due_on.as_deref());
            let amount = Money::from_fen(one.amount);
            instalments.push(Instalment { amount, due_on, condition: one.condition });
        }
        faults.check()?;
        let payers = self.payers.into_iter().map(|one| Share { name: one.name, amount: Money::from_fen(one.amount) });
        let terms = Terms {
            benefit: self.benefit,
            payers: payers.collect(),
            instalments,
            due_on,
            note: self.note,
            dedup: self.dedup,
            ..Terms::new(self.direction, self.title, Money::from_fen(self.amount), granted_on.unwrap_or(today))
        };
        Ok(ItemWanted { subject: self.subject, terms })
    }
}

/// Owe or grant something.
#[utoipa::path(post, path = "/payments", tag = "payments", request_body = ItemIn,
    responses((status = 201, body = ItemFileOut, description = "Owed; Location says where", headers(("location" = String))),
        (status = 200, body = ItemFileOut, description = "There is one with this key already"), Refusals))]
async fn payments_create(State(app): State<App>, visit: Visit, Json(input): Json<ItemIn>) -> Answer<Response> {
    let owed = create::create(&app, &visit.actor, input.read(app.clock.today())?).await?;
    let item = ItemFileOut::from(read::item(&app, &visit.actor, owed.id).await?);
    let status = if owed.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let location = [(header::LOCATION, format!("/api/v1/payments/{}", owed.id))];
    Ok((status, location, axum::Json(item)).into_response())
}

/// One item of the books of one's office.
#[utoipa::path(get, path = "/payments/{id}", tag = "payments", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = ItemFileOut, description = "With its parts and payments"), Refusals))]
async fn payments_item(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ItemId>,
) -> Answer<axum::Json<ItemFileOut>> {
    Ok(axum::Json(read::item(&app, &visit.actor, id).await?.into()))
}

/// A payment to be recorded.
#[derive(Deserialize, ToSchema)]
pub struct PaymentIn {
    /// The day of the payment; today unless given.
    #[serde(default)]
    #[schema(example = "2026-03-20")]
    paid_on: Option<String>,
    /// How much, in fen.
    #[schema(example = 500_000)]
    amount: i64,
    /// Who paid: one of the payers, or anybody else.
    payer: String,
    /// The number of the voucher or the bank's slip.
    #[serde(default)]
    voucher: String,
    /// For the office only.
    #[serde(default)]
    note: String,
}

/// Record a payment. The payments that stand never come to more than the amount.
#[utoipa::path(post, path = "/payments/{id}/payments", tag = "payments", request_body = PaymentIn,
    params(("id" = String, Path, description = "The item's identifier")),
    responses((status = 201, body = ItemFileOut, description = "Recorded"), Refusals))]
async fn payments_pay(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ItemId>,
    Json(input): Json<PaymentIn>,
) -> Answer<Response> {
    let today = app.clock.today();
    let mut faults = Faults::new();
    let paid_on = day(&mut faults, "paid_on", input.paid_on.as_deref());
    faults.check()?;
    let new = NewPayment {
        paid_on: paid_on.unwrap_or(today),
        amount: Money::from_fen(input.amount),
        payer: input.payer,
        voucher: input.voucher,
        note: input.note,
    };
    pay::pay(&app, &visit.actor, id, new, None).await?;
    let item = ItemFileOut::from(read::item(&app, &visit.actor, id).await?);
    Ok((StatusCode::CREATED, axum::Json(item)).into_response())
}

/// One payment of a list.
#[derive(Deserialize, ToSchema)]
pub struct ListedIn {
    /// The item's number.
    #[schema(example = "KX-2026-0001")]
    number: String,
    /// How much, in fen.
    #[schema(example = 500_000)]
    amount: i64,
    /// The day of the payment.
    #[schema(example = "2026-03-20")]
    paid_on: String,
    /// The number of the voucher or the bank's slip, by which a payment that is sent twice is known again.
    voucher: String,
    /// Who paid; where nothing is said one's office, or whoever owes it.
    #[serde(default)]
    payer: String,
}

/// What came of a list.
#[derive(Serialize, ToSchema)]
pub struct RecordedOut {
    /// Payments that were recorded.
    count: usize,
    /// What they come to, in fen.
    sum: i64,
}

/// Record many payments: all of them, or none. A fault names the place of its line (`2.amount`, counted from nought).
#[utoipa::path(post, path = "/payments/record", tag = "payments", request_body = Vec<ListedIn>,
    responses((status = 200, body = RecordedOut, description = "Recorded"), Refusals))]
async fn payments_pay_list(
    State(app): State<App>,
    visit: Visit,
    Json(input): Json<Vec<ListedIn>>,
) -> Answer<axum::Json<RecordedOut>> {
    let line = |(at, one): (usize, ListedIn)| {
        let typed = |name: &str, text: String| Typed { text: text.trim().to_owned(), at: format!("{at}.{name}") };
        Line {
            number: typed("number", one.number),
            amount: typed("amount", Money::from_fen(one.amount).to_yuan_string()),
            paid_on: typed("paid_on", one.paid_on),
            voucher: typed("voucher", one.voucher),
            payer: typed("payer", one.payer),
        }
    };
    let lines: Vec<Line> = input.into_iter().enumerate().map(line).collect();
    let done = pay_list::pay_list(&app, &visit.actor, &lines).await?;
    Ok(axum::Json(RecordedOut { count: done.count, sum: done.sum.fen() }))
}

/// A reason.
#[derive(Deserialize, ToSchema)]
pub struct WhyIn {
    /// Why.
    #[serde(default)]
    why: String,
}

/// Reverse a payment: it stays in sight, and does not stand.
#[utoipa::path(post, path = "/payments/{id}/payments/{payment}/reverse", tag = "payments", request_body = WhyIn,
    params(("id" = String, Path, description = "The item's identifier"), ("payment" = String, Path, description = "The payment's identifier")),
    responses((status = 204, description = "Reversed"), Refusals))]
async fn payments_reverse(
    State(app): State<App>,
    visit: Visit,
    Path((id, payment)): Path<(ItemId, PaymentId)>,
    Json(input): Json<WhyIn>,
) -> Answer<StatusCode> {
    reverse::reverse(&app, &visit.actor, id, payment, &input.why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cancel an item of which nothing is paid.
#[utoipa::path(post, path = "/payments/{id}/cancel", tag = "payments", request_body = WhyIn,
    params(("id" = String, Path, description = "Its identifier")),
    responses((status = 204, description = "Cancelled"), Refusals))]
async fn payments_cancel(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ItemId>,
    Json(input): Json<WhyIn>,
) -> Answer<StatusCode> {
    cancel::cancel(&app, &visit.actor, id, &input.why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What one's organisation, or oneself, owes and gets.
#[utoipa::path(get, path = "/own-payments", tag = "payments", params(ItemFilter, Paging),
    responses((status = 200, body = PageOut<ItemOut>, description = "Newest first; open ones by their days"), Refusals))]
async fn payments_mine(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ItemFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<ItemOut>>> {
    let page = read::mine(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// One of these, with its parts and payments.
#[utoipa::path(get, path = "/own-payments/{id}", tag = "payments", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = ItemFileOut, description = "Without what only the office may see"), Refusals))]
async fn payments_own(State(app): State<App>, visit: Visit, Path(id): Path<ItemId>) -> Answer<axum::Json<ItemFileOut>> {
    Ok(axum::Json(read::own(&app, &visit.actor, id).await?.into()))
}
