//! What comes of an application that passed, through one trait: a membership, an award, support under a clause.

use async_trait::async_trait;
use jinmen_core::{Actor, Error, Fault, Instant, Money, Result};
use module::App;
use payments::{Direction, Instalment, NewItem, Reason, Subject, Terms};
use registry::ops::for_form::for_form;
use registry::ops::relate::{self, NewRelation};
use serde_json::json;
use store::Tx;

use super::{desk_page, object};
use crate::model::{Application, Call, OutcomeKind};

/// An application that passed.
#[derive(Clone, Copy)]
pub struct Passed<'a> {
    /// What it answered.
    pub call: &'a Call,
    /// The application.
    pub application: &'a Application,
    /// When it passed.
    pub now: Instant,
}

/// A kind of outcome. It happens in the transaction that passes the application, so that neither is without the other.
#[async_trait]
pub trait Outcome: Send + Sync {
    /// Which.
    fn kind(&self) -> OutcomeKind;

    /// Does it.
    async fn follow(&self, app: &App, tx: &mut Tx, actor: &Actor, passed: Passed<'_>) -> Result<()>;
}

struct Membership;
struct Award;
struct Benefit;

const OUTCOMES: [&dyn Outcome; 3] = [&Membership, &Award, &Benefit];

/// Lets the outcome of a call follow from an application that passed.
pub(crate) async fn follow(app: &App, tx: &mut Tx, actor: &Actor, passed: Passed<'_>) -> Result<()> {
    let kind = passed.call.setup.outcome.kind;
    match OUTCOMES.iter().find(|outcome| outcome.kind() == kind) {
        Some(outcome) => outcome.follow(app, tx, actor, passed).await,
        None => Ok(()),
    }
}

#[async_trait]
impl Outcome for Membership {
    fn kind(&self) -> OutcomeKind {
        OutcomeKind::Membership
    }

    /// The applicant becomes a member with a number. Dues are owed only where the alliance is a legal person of its own:
    /// one that hangs on a host unit may not collect them in its name.
    async fn follow(&self, app: &App, tx: &mut Tx, actor: &Actor, passed: Passed<'_>) -> Result<()> {
        let Passed { call, application, now } = passed;
        let Subject::Organization(member) = application.applicant else {
            return Err(Error::conflict("calls.member_organization"));
        };
        let setup = &call.setup.outcome;
        let number = cases::next_number(tx, "HY", now.date().year()).await?;
        let relation = NewRelation {
            to: call.owner.text(),
            kind: "member_of".into(),
            grade: setup.grade.clone(),
            number: number.clone(),
            valid_from: Some(now.date()),
            note: application.number.clone(),
        };
        relate::insert(app, tx, actor, member, call.owner, &relation).await.map_err(|error| match error {
            Error::Invalid(faults) if faults.iter().any(|fault| fault.code == "registry.relation_there") => {
                Error::conflict("calls.member_already")
            }
            other => other,
        })?;
        let data = json!({ "number": number, "grade": setup.grade });
        record::append(tx, actor, now, "calls.application.admitted", object(application.id), data).await?;
        let alliance = for_form(&mut *tx, &call.owner.into(), &[]).await?;
        match setup.amount.filter(|_| alliance.uscc.is_some()) {
            Some(dues) => {
                let title = format!("{} {}", now.date().year(), call.title.zh);
                owe(tx, actor, passed, Terms::new(Direction::In, title, dues, now.date())).await
            }
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Outcome for Award {
    fn kind(&self) -> OutcomeKind {
        OutcomeKind::Award
    }

    /// The prize in its parts, each with its condition.
    async fn follow(&self, _app: &App, tx: &mut Tx, actor: &Actor, passed: Passed<'_>) -> Result<()> {
        let setup = &passed.call.setup.outcome;
        let amount = sum(passed)?;
        let mut terms = Terms::new(Direction::Out, passed.call.title.zh.clone(), amount, passed.now.date());
        let mut left = amount.fen();
        for (at, part) in setup.parts.iter().enumerate() {
            let last = at + 1 == setup.parts.len();
            // The last part takes what rounding leaves.
            let share = if last { left } else { amount.fen() / 100 * i64::from(part.percent) };
            left -= share;
            let condition = part.condition.clone();
            terms.instalments.push(Instalment { amount: Money::from_fen(share), due_on: None, condition });
        }
        owe(tx, actor, passed, terms).await
    }
}

#[async_trait]
impl Outcome for Benefit {
    fn kind(&self) -> OutcomeKind {
        OutcomeKind::Benefit
    }

    /// Support under a clause: once it is paid it is a receipt that rules read.
    async fn follow(&self, _app: &App, tx: &mut Tx, actor: &Actor, passed: Passed<'_>) -> Result<()> {
        let mut terms = Terms::new(Direction::Out, passed.call.title.zh.clone(), sum(passed)?, passed.now.date());
        terms.benefit = Some(passed.call.setup.outcome.benefit.clone());
        owe(tx, actor, passed, terms).await
    }
}

/// What makes owing for an application twice one item.
pub(crate) fn key(application: crate::model::ApplicationId) -> String {
    format!("calls/{application}")
}

/// What was granted, else what the call says.
fn sum(passed: Passed<'_>) -> Result<Money> {
    let granted = passed.application.granted.map(Money::from_fen);
    let sum = granted.or(passed.call.setup.outcome.amount).filter(|sum| sum.fen() > 0);
    sum.ok_or_else(|| Fault::at("granted", "calls.no_sum").into())
}

/// Writes down what is owed; the key makes it one however often it is asked for.
async fn owe(tx: &mut Tx, actor: &Actor, passed: Passed<'_>, terms: Terms) -> Result<()> {
    let Passed { call, application, now } = passed;
    let terms = Terms { dedup: Some(key(application.id)), ..terms };
    let mut new = NewItem::new(call.owner, application.applicant, application.applicant_name.clone(), terms);
    new.keeper = Some(call.role);
    new.reason = Some(Reason { object: object(application.id), link: desk_page(application.id) });
    payments::owe(tx, actor, now, new).await.map(drop)
}
