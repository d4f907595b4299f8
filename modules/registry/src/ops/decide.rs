//! What rules say of a subject by its file, and decisions of rules that are kept. Whoever calls has asked whether the actor
//! may see the file.

use jinmen_core::{Actor, Error, Instant, Object, OrganizationId, Page, PageRequest, Result};
use module::App;
use rules::{Origins, Policy};
use seal::canonical;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use store::{Conn, Tx};

use super::audience;
use crate::known::{self, Known};
use crate::model::{AsOf, DecisionId, RuleDecision, SubjectFile};
use crate::{permissions, sql};

/// Organisations read at once for a question to the whole register: about a megabyte.
const PAGE: u32 = 1_000;

/// What is asked of the rules about a subject.
pub struct Question<'a> {
    /// Of whom.
    pub subject: Object,
    /// For what, such as a policy.
    pub object: Object,
    /// The policy's text.
    pub text: &'a str,
    /// What the file does not hold: answers of people, receipts, by the policy's names.
    pub given: Map<String, Json>,
    /// The day, and when the file is read.
    pub as_of: AsOf,
}

/// Reads a policy with the registry's dictionary.
///
/// # Errors
/// What is wrong with it, in the engine's words.
pub fn load(text: &str) -> std::result::Result<Policy, Vec<rules::Finding>> {
    rules::load_with(text, &known::declared)
}

/// What the file of an organisation tells a policy, with what was given besides.
pub async fn known_of<'a>(
    conn: impl Into<Conn<'a>>,
    policy: &Policy,
    subject: &Object,
    given: &Map<String, Json>,
    as_of: AsOf,
) -> Result<Known> {
    let file = file_of(conn, &[policy], subject).await?;
    Ok(with(policy, Known::of(policy, &file, as_of), given))
}

/// The part of a subject's file that policies read.
pub async fn file_of<'a>(conn: impl Into<Conn<'a>>, policies: &[&Policy], subject: &Object) -> Result<SubjectFile> {
    let keys = known::keys_read(policies.iter().copied());
    let facts = sql::fact::of_many(conn, &subject.kind, vec![subject.id.clone()], keys).await?;
    Ok(SubjectFile::new(facts.into_iter().map(|(_, fact)| fact).collect()))
}

/// With what was given besides and the policy declares; the file outranks it.
pub fn with(policy: &Policy, mut known: Known, given: &Map<String, Json>) -> Known {
    let declared = |name: &str| policy.facts.iter().any(|fact| fact.name == name);
    for (name, value) in given {
        if declared(name) && !known.facts.contains_key(name) {
            known.facts.insert(name.clone(), whole(value));
        }
    }
    known
}

/// A number with decimals as a text, which the policy language reads exactly and the canonical form of JSON allows.
fn whole(value: &Json) -> Json {
    match value {
        Json::Number(number) if number.as_i64().is_none() => Json::from(number.to_string()),
        Json::Array(list) => list.iter().map(whole).collect(),
        Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), whole(value))).collect(),
        other => other.clone(),
    }
}

/// The answer of every clause with its proof, and what limits leave, as JSON.
///
/// # Errors
/// `registry.rule_fact` for a fact of another type than declared.
pub fn answer(policy: &Policy, facts: &Map<String, Json>, origins: &Origins, as_of: jinmen_core::Date) -> Result<Json> {
    let wrong = |fault: rules::Fault| jinmen_core::Fault::new("registry.rule_fact").with("what", fault);
    let values = policy.subject(facts).map_err(wrong)?;
    let clauses: Vec<Json> =
        (0..policy.clauses.len()).map(|clause| policy.explained(clause, &values, as_of, origins)).collect();
    Ok(json!({ "as_of": as_of.to_string(), "clauses": clauses, "together": policy.together(&values, as_of) }))
}

/// Decides and keeps it: the policy's text, the facts it read, the answer with its proof.
pub async fn decide(tx: &mut Tx, actor: &Actor, now: Instant, question: Question<'_>) -> Result<RuleDecision> {
    let policy = load(question.text).map_err(|_| Error::conflict("registry.rule_text"))?;
    let known = known_of(&mut *tx, &policy, &question.subject, &question.given, question.as_of).await?;
    let (facts, answer) = encoded(&policy, &known.facts, &known.origins, question.as_of.day)?;
    let decision = RuleDecision {
        id: DecisionId::new(),
        subject: question.subject,
        object: question.object,
        rule: digest(question.text),
        as_of: question.as_of.day,
        known_at: question.as_of.known,
        facts,
        answer,
        decided_at: now,
    };
    sql::decision::keep_text(tx, &decision.rule, question.text, now).await?;
    sql::decision::insert(tx, &decision, actor.account()).await?;
    let data = json!({ "decision": decision.id.text(), "object": decision.object.to_string(), "rule": decision.rule,
                       "answer": digest(&decision.answer) });
    record::append(tx, actor, now, "registry.decided", decision.subject.clone(), data).await?;
    Ok(decision)
}

fn encoded(
    policy: &Policy,
    facts: &Map<String, Json>,
    origins: &Origins,
    day: jinmen_core::Date,
) -> Result<(String, String)> {
    let read = json!({ "facts": facts, "origins": origins });
    let answer = answer(policy, facts, origins, day)?;
    let text = |value: &Json| canonical::encode(value).map_err(Error::internal);
    Ok((text(&read)?, text(&answer)?))
}

/// SHA-256 of a text, in hexadecimal digits.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A decision that was kept, and what its policy says to the same facts today: the same, or the program has changed its
/// mind.
pub async fn again<'a>(conn: impl Into<Conn<'a>>, id: DecisionId) -> Result<(RuleDecision, String)> {
    let mut conn = conn.into();
    let decision = sql::decision::get(conn.again(), id).await?;
    let text = sql::decision::text(conn, &decision.rule).await?;
    let policy = load(&text).map_err(|_| Error::conflict("registry.rule_text"))?;
    let read: Json = serde_json::from_str(&decision.facts)?;
    let facts = read["facts"].as_object().cloned().unwrap_or_default();
    let origins: Origins = serde_json::from_value(read["origins"].clone())?;
    let (_, answer) = encoded(&policy, &facts, &origins, decision.as_of)?;
    Ok((decision, answer))
}

/// What was decided of a subject, newest first.
pub async fn decisions(
    app: &App,
    subject: &Object,
    object: Option<&Object>,
    page: &PageRequest,
) -> Result<Page<RuleDecision>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::decision::of_subject(&app.db, subject, object, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// Organisations with what is held of each, packed.
pub type Rows = Vec<(OrganizationId, Vec<u8>)>;

/// Some organisations as they were read: [`Sheet::rows`] unpacks them, for whoever listens to do on a thread of their own.
#[derive(store::FromRow)]
pub struct Sheet {
    /// The last identifier, then of each its own and, behind a space, what is held in hexadecimal digits; with commas between.
    held: String,
}

impl Sheet {
    /// The organisations, by identifier. One that cannot be read is left out.
    pub fn rows(&self) -> Rows {
        let one = |text: &str| {
            let (id, digits) = text.split_once(' ')?;
            Some((id.parse().ok()?, bytes(digits.as_bytes())?))
        };
        let mut rows: Rows = self.held.split(',').filter_map(one).collect();
        rows.sort_unstable_by_key(|(id, _)| *id);
        rows
    }
}

/// Bytes from hexadecimal digits.
fn bytes(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect()
}

/// Reads every organisation of a kind that the actor reaches, by identifier, and sends them some at a time until there is
/// none or nobody listens any more.
pub async fn sheets(app: &App, actor: &Actor, kind: &str, listener: tokio::sync::mpsc::Sender<Sheet>) -> Result<()> {
    let audience = audience(actor, &permissions::READ_ORGANIZATION)?;
    Ok(sql::known::sheets(&app.db, audience, kind, PAGE, listener).await?)
}

/// How many organisations of a kind [`sheets`] reads for the actor.
pub async fn count(app: &App, actor: &Actor, kind: &str) -> Result<u64> {
    let audience = audience(actor, &permissions::READ_ORGANIZATION)?;
    let count = sql::known::count(&app.db, audience, kind).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Packs the files of an instance from before there were packed rows, some at a time; how many.
pub(crate) async fn pack_some(app: &App) -> Result<usize> {
    /// In one transaction.
    const SOME: u32 = 500;
    let ids = sql::known::without(&app.db, SOME).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let keys: Vec<&str> =
        crate::dictionary::dictionary().of_subject("organization").map(|key| key.key.as_str()).collect();
    let mut tx = app.db.begin().await?;
    let mut facts = sql::fact::of_many(&mut tx, "organization", ids.clone(), keys).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let (own, rest): (Vec<_>, Vec<_>) = facts.into_iter().partition(|(subject, _)| *subject == id);
        facts = rest;
        let file = SubjectFile::new(own.into_iter().map(|(_, fact)| fact).collect());
        rows.push((id, known::Packed::of(&file)));
    }
    let count = rows.len();
    sql::known::fill(&mut tx, rows).await?;
    tx.commit().await?;
    Ok(count)
}
