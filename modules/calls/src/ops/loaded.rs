//! An application with everything that is said about it: its call, its form, what was typed, what the file holds, the files,
//! and what comes of reading them together.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use files::File;
use jinmen_core::codes::Uscc;
use jinmen_core::{Fault, Object, Period, Result};
use module::App;
use payments::Subject;
use payments::ops::receipts::{RECEIPTS, for_rules, policy_of};
use registry::dictionary::{Subject as Kind, Target, Value};
use registry::known::Known as RuleFacts;
use registry::model::{AsOf, Fact, FactId, NewFact, Source, SubjectFile};
use registry::ops::decide;
use registry::ops::for_form::{ForForm, for_form};
use rules::Policy as Rule;
use serde_json::{Map, Value as Json};
use store::Conn;

use super::object;
use crate::form::{FileCounts, Form, Given, Kind as FieldKind, Known, Reading, Typed};
use crate::model::{Application, ApplicationId, Call, CallId, Setup};
use crate::sql;

/// For what secret answers are sealed.
pub(crate) const SECRET: &str = "calls.answer";
/// Forms kept compiled.
const KEPT: usize = 256;

type Forms = HashMap<(CallId, i64), Arc<Form>>;
static FORMS: LazyLock<Mutex<Forms>> = LazyLock::new(Mutex::default);
static RULES: LazyLock<Mutex<HashMap<String, Arc<Rule>>>> = LazyLock::new(Mutex::default);

/// An application, read.
pub struct Loaded {
    /// The application.
    pub application: Application,
    /// What it answers.
    pub call: Call,
    /// The form that it was begun with.
    pub form: Arc<Form>,
    /// What was typed.
    pub typed: Typed,
    /// What the file holds: values and origins of bound questions.
    pub facts: SubjectFile,
    /// The subject's name and code.
    pub subject: ForForm,
    /// The files, of each question by its name.
    pub files: Vec<File>,
    /// What comes of it.
    pub reading: Reading,
    /// What the applicant was granted before, where the rule asks for it.
    pub receipts: Option<Json>,
}

/// What the rule says about an applicant.
#[derive(Clone, Debug)]
pub enum Eligibility {
    /// The call has no rule.
    Open,
    /// Every clause with its proof, as the engine writes it.
    Said {
        /// The worst outcome of the clauses: `eligible`, `needs_people`, `unknown`, `not_eligible`.
        outcome: String,
        /// The proofs.
        clauses: Vec<Json>,
    },
}

impl Eligibility {
    /// Whether it certainly is not.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Said { outcome, .. } if outcome == "not_eligible")
    }
}

/// The form of a version that was used, compiled once: such a version is never changed.
pub async fn form<'a>(conn: impl Into<Conn<'a>>, call: CallId, version: i64) -> Result<Arc<Form>> {
    let kept = || FORMS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(form) = kept().get(&(call, version)) {
        return Ok(form.clone());
    }
    let row = sql::call::form(conn, call, version).await?;
    let form = Arc::new(Form::load(&row.schema)?);
    if row.used {
        let mut forms = kept();
        if forms.len() >= KEPT {
            forms.clear();
        }
        forms.insert((call, version), form.clone());
    }
    Ok(form)
}

/// The rule of a call, compiled once; none where it has none.
pub(crate) fn rule(text: &str) -> Result<Option<Arc<Rule>>> {
    if text.is_empty() {
        return Ok(None);
    }
    let kept = || RULES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(rule) = kept().get(text) {
        return Ok(Some(rule.clone()));
    }
    let rule = decide::load(text).map_err(|findings| {
        Fault::at("rule", "calls.rule").with("what", findings.first().map(ToString::to_string).unwrap_or_default())
    })?;
    let rule = Arc::new(rule);
    let mut rules = kept();
    if rules.len() >= KEPT {
        rules.clear();
    }
    rules.insert(text.to_owned(), rule.clone());
    Ok(Some(rule))
}

/// Which kind of file an applicant has.
pub fn kind_of(subject: Subject) -> Kind {
    match subject {
        Subject::Organization(_) => Kind::Organization,
        Subject::Person(_) => Kind::Person,
    }
}

/// Reads an application; whoever calls has asked whether the actor may see it.
pub(crate) async fn load<'a>(
    app: &App,
    conn: impl Into<Conn<'a>>,
    application: Application,
    call: Call,
) -> Result<Loaded> {
    let mut conn = conn.into();
    let form = form(conn.again(), call.id, application.form_version).await?;
    let typed = typed(app, conn.again(), application.id).await?;
    let files = app.files.of(conn.again(), &object(application.id)).await?;
    let rule = rule(&call.setup.rule)?;
    let mut keys: Vec<&str> = form.keys();
    if let Some(rule) = &rule {
        keys.extend(registry::known::keys_read([rule.as_ref()]));
    }
    keys.sort_unstable();
    keys.dedup();
    let subject = for_form(conn.again(), &application.applicant.object(), &keys).await?;
    let receipts = match rule.filter(|rule| reads_receipts(rule)) {
        Some(rule) => Some(receipts_for(&call.setup, &rule, &payments::receipts(conn, application.applicant).await?)),
        None => None,
    };
    let loaded = put_together(app, application, call, form, typed, files, subject);
    Ok(Loaded { receipts, ..loaded })
}

#[allow(clippy::too_many_arguments)] // the parts of one thing
fn put_together(
    app: &App,
    application: Application,
    call: Call,
    form: Arc<Form>,
    typed: Typed,
    files: Vec<File>,
    subject: ForForm,
) -> Loaded {
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let file = known(&form, &call, &subject, as_of);
    let mut counts = FileCounts::new();
    files.iter().for_each(|file| *counts.entry(file.purpose.clone()).or_default() += 1);
    let kind = kind_of(application.applicant);
    let given = Given { typed: &typed, file: &file, files: &counts, subject: kind, today: as_of.day };
    let reading = form.read(&given);
    let facts = subject.facts.clone();
    Loaded { application, call, form, typed, facts, subject, files, reading, receipts: None }
}

/// Whether a rule asks what was granted before.
pub(crate) fn reads_receipts(rule: &Rule) -> bool {
    rule.facts.iter().any(|fact| fact.name == RECEIPTS && fact.registry.is_none())
}

/// What was granted before, as the rule of a call reads it: clauses of the policy that the call stands under go by their ids.
pub(crate) fn receipts_for(setup: &Setup, rule: &Rule, receipts: &[payments::Receipt]) -> Json {
    let basis = setup.basis.iter().flat_map(|basis| [basis.title.zh.as_str(), basis.number.as_str()]);
    let policy = policy_of(&setup.outcome.benefit).into_iter().chain([rule.title.as_str()]);
    let own: Vec<&str> = basis.chain(policy).filter(|name| !name.is_empty()).collect();
    for_rules(receipts, &own)
}

/// What is given to a rule besides the file: what was granted before, where it asks for it.
pub(crate) fn given_receipts(setup: &Setup, rule: &Rule, receipts: &[payments::Receipt]) -> Map<String, Json> {
    match reads_receipts(rule) {
        true => Map::from_iter([(RECEIPTS.to_owned(), receipts_for(setup, rule, receipts))]),
        false => Map::new(),
    }
}

/// What was typed into an application, secret answers opened.
async fn typed<'a>(app: &App, conn: impl Into<Conn<'a>>, id: ApplicationId) -> Result<Typed> {
    let mut typed = Typed::new();
    for answer in sql::answer::of(conn, id).await? {
        let texts = match answer.sealed {
            Some(bytes) => vec![app.vault.open(SECRET, &bytes)?],
            None => answer.typed,
        };
        typed.insert(answer.path, texts);
    }
    Ok(typed)
}

/// What the file says to each bound question.
fn known(form: &Form, call: &Call, subject: &ForForm, as_of: AsOf) -> crate::form::File {
    let mut known = crate::form::File::new();
    for field in &form.fields {
        let FieldKind::Fact { key, offset } = field.kind else { continue };
        let found = match key.target {
            Target::Column if key.part == "uscc" => {
                subject.uscc.as_ref().map(|uscc| Known { value: Value::Text(uscc.as_str().to_owned()), stale: false })
            }
            Target::Column => Some(subject.name.zh.clone())
                .filter(|name| !name.is_empty())
                .map(|name| Known { value: Value::Text(name), stale: false }),
            _ => fact_of(&subject.facts, &key.key, key.by_year.then(|| call.year() + offset), as_of).and_then(|fact| {
                // A year that has ended does not grow old: the question names it.
                let stale = !key.by_year && fact.is_stale(as_of.day);
                Some(Known { value: fact.value.clone()?, stale })
            }),
        };
        known.extend(found.map(|found| (field.name.clone(), found)));
    }
    known
}

fn fact_of<'f>(facts: &'f SubjectFile, key: &str, year: Option<i16>, as_of: AsOf) -> Option<&'f Fact> {
    match year {
        Some(year) => facts.series(key, as_of).into_iter().find(|(of, _)| *of == year).map(|(_, fact)| fact),
        None => facts.current(key, as_of),
    }
}

impl Loaded {
    /// The fact behind a bound question, for its source and date.
    pub fn fact(&self, name: &str, as_of: AsOf) -> Option<&Fact> {
        let FieldKind::Fact { key, offset } = self.form.field(name)?.kind else { return None };
        fact_of(&self.facts, &key.key, key.by_year.then(|| self.call.year() + offset), as_of)
    }

    /// The answers that become facts: those to bound questions that a person gave, where they differ from the file or
    /// where that was stale.
    pub(crate) fn new_facts(&self, source: &str) -> Vec<NewFact> {
        let mut facts = Vec::new();
        for field in &self.form.fields {
            let FieldKind::Fact { key, offset } = field.kind else { continue };
            let asked = self.reading.asked(&field.name) == crate::form::Asked::Yes && key.target == Target::Fact;
            let Some(json) = self.reading.values.get(&field.name).filter(|_| asked) else { continue };
            let Ok(value) = Value::from_json(key, &serde_json::json!({ "v": json })) else { continue };
            let period = match key.by_year {
                true => Period::year(self.call.year() + offset).unwrap_or(Period::ALWAYS),
                false => Period::ALWAYS,
            };
            facts.push(NewFact {
                key,
                value,
                period,
                source: Source::SelfDeclared,
                source_note: source.to_owned(),
                source_object: Some(object(self.application.id)),
            });
        }
        facts
    }

    /// The question for the credit code with what was typed, where it was asked.
    pub(crate) fn typed_uscc(&self) -> Option<(&str, Uscc)> {
        let is_code = |kind: &FieldKind| matches!(kind, FieldKind::Fact { key, .. } if key.target == Target::Column && key.part == "uscc");
        let field = self.form.fields.iter().find(|field| is_code(&field.kind))?;
        let asked = self.reading.asked(&field.name) == crate::form::Asked::Yes;
        let typed = self.reading.values.get(&field.name).filter(|_| asked)?.as_str()?;
        Some((&field.name, Uscc::parse(typed).ok()?))
    }

    /// Answers that the file has no place for, by the names under which a rule may ask for them.
    pub(crate) fn given(&self) -> Map<String, Json> {
        let own = self.reading.values.iter().filter(|(path, _)| !path.contains('.'));
        let receipts = self.receipts.iter().map(|list| (RECEIPTS.to_owned(), list.clone()));
        own.map(|(path, value)| (path.clone(), value.clone())).chain(receipts).collect()
    }

    /// What the rule says today, with what was typed and not handed in yet.
    pub fn eligibility(&self, as_of: AsOf) -> Result<Eligibility> {
        let Some(rule) = rule(&self.call.setup.rule)? else { return Ok(Eligibility::Open) };
        let mut file = self.facts.clone();
        for fact in self.new_facts("") {
            file = file.with(fact.recorded(FactId::new(), as_of.known, ""));
        }
        let known = decide::with(&rule, RuleFacts::of(&rule, &file, as_of), &self.given());
        let answer = decide::answer(&rule, &known.facts, &known.origins, as_of.day)?;
        Ok(said(&self.call.setup, &answer))
    }

    /// What the rule says today by the file alone, with what was handed in for what the file has no place for.
    pub(crate) fn eligibility_of_file(&self, as_of: AsOf) -> Result<Eligibility> {
        Ok(self.answer_of_file(as_of)?.map_or(Eligibility::Open, |answer| said(&self.call.setup, &answer)))
    }

    /// The same as the rules answer it; none where the call has no rule.
    pub(crate) fn answer_of_file(&self, as_of: AsOf) -> Result<Option<Json>> {
        let Some(rule) = rule(&self.call.setup.rule)? else { return Ok(None) };
        let known = decide::with(&rule, RuleFacts::of(&rule, &self.facts, as_of), &self.given());
        decide::answer(&rule, &known.facts, &known.origins, as_of.day).map(Some)
    }

    /// The subject as the registry names it.
    pub(crate) fn object(&self) -> Object {
        self.application.applicant.object()
    }
}

/// The clauses of an answer that count for a call: the one it names, else every one.
pub(crate) fn counting<'a>(setup: &Setup, answer: &'a Json) -> Vec<&'a Json> {
    let all = answer["clauses"].as_array().into_iter().flatten();
    all.filter(|clause| setup.clause.is_empty() || clause["id"] == *setup.clause).collect()
}

/// What an answer of the rules comes to for a call: as its worst clause.
pub(crate) fn said(setup: &Setup, answer: &Json) -> Eligibility {
    const WORST: [&str; 4] = ["not_eligible", "unknown", "needs_people", "eligible"];
    let clauses: Vec<Json> = counting(setup, answer).into_iter().cloned().collect();
    let has = |outcome: &&str| clauses.iter().any(|clause| clause["outcome"] == *outcome);
    let outcome = WORST.into_iter().find(has).unwrap_or("eligible").to_owned();
    Eligibility::Said { outcome, clauses }
}
