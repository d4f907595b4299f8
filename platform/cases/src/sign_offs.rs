//! Decisions of two people (双人复核): nobody decides what they prepared, and where a kind of case wants it, a second
//! person signs what the first decided. An office of one person decides alone; then the decision says so, and the
//! supervisor gets it to look at.

use jinmen_core::{AccountId, Actor, Error, Fault, Instant, Object, OrganizationId, PersonId, Result, Role, id};
use serde_json::json;
use store::{Conn, Tx};

use crate::sql::sign_offs as sql;
use crate::{NewTask, WaitsFor, close_task_of, open_task};

id!(
    /// A signature under a decision.
    SignOffId
);
store::arg_id!(SignOffId);

/// Characters of an opinion.
pub const OPINION_MOST: usize = 500;
/// The kind of task that waits for the second person.
pub const TASK_SECOND: &str = "cases.second";
/// The kind of task that shows a decision of one person to the supervisor.
pub const TASK_ALONE: &str = "cases.alone";

/// A kind of decision: a constant of the module that takes it. The instance may say for each whether it takes two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DecisionKind {
    /// Its stable code, such as `registry.claim`; its name is the text `decision-registry-claim`.
    pub code: &'static str,
    /// Whether it takes two people where the instance has not said.
    pub two_by_default: bool,
}

impl DecisionKind {
    /// The key of its name in the locales.
    pub fn name_key(&self) -> String {
        format!("decision-{}", self.code.replace(['.', '_'], "-"))
    }
}

/// A signature under a decision.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct SignOff {
    /// Its identifier.
    pub id: SignOffId,
    /// What was signed.
    pub outcome: String,
    /// Why.
    pub opinion: String,
    /// Who signed.
    #[serde(skip)]
    pub account: AccountId,
    /// Their name then.
    pub name: String,
    /// Nobody else could have signed.
    pub alone: bool,
    /// When.
    pub signed_at: Instant,
    /// When it was decided or overtaken.
    pub closed_at: Option<Instant>,
}

/// What is being decided.
pub struct Decision<'a> {
    /// Its kind.
    pub kind: DecisionKind,
    /// Whether it takes two.
    pub two: bool,
    /// On what.
    pub object: Object,
    /// Whose decision it is.
    pub owner: Option<OrganizationId>,
    /// The role in which it is taken.
    pub role: Role,
    /// What is decided, a word of the kind.
    pub outcome: &'a str,
    /// Why.
    pub opinion: &'a str,
    /// The accounts that prepared the case: they do not decide it.
    pub prepared_by: &'a [AccountId],
    /// The people who could sign besides the actor.
    pub colleagues: &'a [PersonId],
    /// The path of the case.
    pub link: String,
    /// The case in a few words, for tasks.
    pub name: String,
}

/// How a decision stands after a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// A second person is to sign.
    Waits,
    /// It is taken.
    Decided {
        /// By one person because there is no other.
        alone: bool,
    },
}

/// Signs a decision within a transaction. The caller has checked that the actor may decide, and acts on
/// [`Standing::Decided`].
///
/// # Errors
/// `cases.own_work` for whoever prepared the case, `cases.second_person` for whoever signed first.
pub async fn sign(tx: &mut Tx, actor: &Actor, now: Instant, decision: Decision<'_>) -> Result<Standing> {
    let person = actor.signed_in()?;
    if decision.prepared_by.contains(&person.account) {
        return Err(Error::conflict("cases.own_work"));
    }
    let opinion = decision.opinion.trim();
    if opinion.chars().count() > OPINION_MOST {
        return Err(Fault::at("opinion", "core.too_long").with("most", OPINION_MOST).into());
    }
    let waiting = sql::waiting(tx, decision.kind.code, &decision.object).await?;
    if waiting.as_ref().is_some_and(|first| first.account == person.account && first.outcome == decision.outcome) {
        return Err(Error::conflict("cases.second_person"));
    }
    let agreed =
        waiting.as_ref().is_some_and(|first| first.account != person.account && first.outcome == decision.outcome);
    if let Some(first) = &waiting {
        sql::close(tx, first.id, now).await?;
        close_task_of(tx, actor, now, TASK_SECOND, &decision.object, decision.kind.code).await?;
    }
    let others = decision.colleagues.iter().any(|colleague| Some(*colleague) != person.person);
    let alone = decision.two && !agreed && !others;
    let decided = !decision.two || agreed || alone;
    let signed = SignOff {
        id: SignOffId::new(),
        outcome: decision.outcome.to_owned(),
        opinion: opinion.to_owned(),
        account: person.account,
        name: person.name.clone(),
        alone,
        signed_at: now,
        closed_at: decided.then_some(now),
    };
    sql::insert(tx, decision.kind.code, &decision.object, decision.owner, &signed).await?;
    let data = json!({ "kind": decision.kind.code, "outcome": decision.outcome, "alone": alone, "decided": decided });
    record::append(tx, actor, now, "cases.decision.signed", decision.object.clone(), data).await?;
    tell(tx, now, &decision, decided, alone).await?;
    Ok(if decided { Standing::Decided { alone } } else { Standing::Waits })
}

/// Opens the task of the second person, or the supervisor's.
async fn tell(tx: &mut Tx, now: Instant, decision: &Decision<'_>, decided: bool, alone: bool) -> Result<()> {
    let args = json!({ "name": decision.name });
    if !decided {
        let waits_for = match decision.owner {
            Some(owner) => WaitsFor::Role(decision.role, owner),
            None => WaitsFor::AnyOf(decision.role),
        };
        let task = NewTask::new(TASK_SECOND, decision.object.clone(), waits_for, &decision.link, args);
        open_task(tx, now, task.dedup(decision.kind.code)).await?;
    } else if alone {
        let waits_for = match decision.owner {
            Some(owner) => WaitsFor::Role(Role::Supervisor, owner),
            None => WaitsFor::AnyOf(Role::Supervisor),
        };
        let task = NewTask::new(TASK_ALONE, decision.object.clone(), waits_for, &decision.link, args);
        open_task(tx, now, task.dedup(decision.kind.code)).await?;
    }
    Ok(())
}

/// The supervisor has seen a decision of one person.
pub async fn seen_alone(tx: &mut Tx, actor: &Actor, now: Instant, kind: DecisionKind, object: &Object) -> Result<bool> {
    let closed = close_task_of(tx, actor, now, TASK_ALONE, object, kind.code).await?;
    if closed {
        record::append(tx, actor, now, "cases.decision.seen", object.clone(), json!({ "kind": kind.code })).await?;
    }
    Ok(closed)
}

/// Every signature under the decisions on an object, oldest first.
pub async fn sign_offs<'a>(conn: impl Into<Conn<'a>>, object: &Object) -> Result<Vec<SignOff>> {
    Ok(sql::of(conn, object).await?)
}
