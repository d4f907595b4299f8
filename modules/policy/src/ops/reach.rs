//! Whom a policy reaches and what it costs, over the whole register; and what would change if its parameters did.
//!
//! The register is read in pages and evaluated on a thread of its own, in columns. What organisations answered, and what
//! they were granted before, is read once.

use std::collections::{BTreeMap, HashMap};

use jinmen_core::{Actor, Date, Error, OrganizationId, Result};
use module::App;
use registry::known::{Given, Reader};
use registry::ops::decide::{self, Rows};
use rules::{Answers, BLOCK, Block, Due, Entrant, Outcome, Policy as Compiled, Register};
use tokio::sync::mpsc::Receiver;

use super::{of_office, program};
use crate::model::{Policy, PolicyId, Version};
use crate::{permissions, sql};

/// The kind of body that policies are for.
const KIND: &str = "enterprise";
/// Ends of the bands in which amounts are told, in fen: 100,000, 500,000, 1,000,000 and 5,000,000 yuan.
pub const BANDS: [i64; 4] = [10_000_000, 50_000_000, 100_000_000, 500_000_000];

/// How one clause stands over the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClauseReach {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Organisations by outcome, in the order of [`Outcome`].
    pub outcomes: [u64; 4],
    /// What is due for certain, in fen.
    pub fen: i128,
    /// Under limits, budgets and places: how many are granted something for certain, and how much. Where the policy has
    /// none, what is due.
    pub granted: (u64, i128),
}

impl ClauseReach {
    /// How many have an outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }
}

/// Whom a policy reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Organisations asked about.
    pub organizations: u64,
    /// Those whose file could not be read.
    pub unread: u64,
    /// Those that get something for certain.
    pub reached: u64,
    /// Those that would get something if facts that are missing were right.
    pub open: u64,
    /// Of those reached, by [`BANDS`] of what they get together.
    pub bands: [u64; 5],
    /// Clause by clause.
    pub clauses: Vec<ClauseReach>,
    /// What it costs, under its limits, in fen.
    pub fen: i128,
}

/// A change of parameters over the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Before.
    pub before: Reach,
    /// After.
    pub after: Reach,
    /// By clause: how many get more, how many less, and the difference in fen.
    pub clauses: Vec<(u64, u64, i128)>,
    /// Organisations that get more in all, and less.
    pub gainers: Vec<OrganizationId>,
    /// Those that get less.
    pub losers: Vec<OrganizationId>,
}

/// One organisation that a policy reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Who.
    pub organization: OrganizationId,
    /// By clause: its outcome, and what is due for certain in fen.
    pub clauses: Vec<(Outcome, i64)>,
}

/// A policy with the version that counts, compiled: what the office asks about.
pub struct Asked {
    /// The policy.
    pub policy: Policy,
    /// Its version.
    pub version: Version,
    /// Its program, in force though it be a draft.
    pub program: Compiled,
}

/// A policy of the actor's office, to be asked about.
///
/// # Errors
/// `policy.no_text`; `policy.findings` when its text has faults.
pub async fn asked(app: &App, actor: &Actor, id: PolicyId) -> Result<Asked> {
    let policy = of_office(&app.db, actor, &permissions::REACH, id).await?;
    if policy.version == 0 {
        return Err(Error::conflict("policy.no_text"));
    }
    let version = sql::policy::version(&app.db, id, policy.version).await?;
    let program = program::compiled(&version.text).map_err(|_| Error::conflict("policy.findings"))?.enacted();
    Ok(Asked { policy, version, program })
}

/// Whom a policy reaches today.
pub async fn reach(app: &App, actor: &Actor, id: PolicyId) -> Result<(Asked, Reach)> {
    let asked = asked(app, actor, id).await?;
    let given = given(app, id).await?;
    let (program, day) = (asked.program.clone(), app.clock.today());
    let work = move |pages| over(&[program], day, &given, pages).pop().map(|run| run.reach).unwrap_or_default();
    Ok((asked, scan(app, actor, None, work).await?))
}

/// What changes if parameters had other values, written as in the policy's text.
///
/// # Errors
/// `policy.parameter` for a value that does not fit.
pub async fn sandbox(app: &App, actor: &Actor, id: PolicyId, set: &[(String, String)]) -> Result<(Asked, Difference)> {
    let asked = asked(app, actor, id).await?;
    let changed = program::with_parameters(&asked.program, set)?;
    let given = given(app, id).await?;
    let (programs, day) = ([asked.program.clone(), changed], app.clock.today());
    let work = move |pages| difference(over(&programs, day, &given, pages));
    Ok((asked, scan(app, actor, None, work).await?))
}

/// The organisations that get something from a policy for certain, or may, from behind one on.
pub async fn who(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    open: bool,
    after: Option<OrganizationId>,
    limit: usize,
) -> Result<Vec<Reached>> {
    let given = given(app, asked.policy.id).await?;
    let (program, day) = (asked.program.clone(), app.clock.today());
    let work = move |mut pages: Receiver<Rows>| {
        let programs = [program];
        let register = Register::new(&programs, day);
        let mut reader = Reader::new(&register, day);
        let mut found = Vec::new();
        while let Some(rows) = pages.blocking_recv() {
            for some in rows.chunks(BLOCK) {
                reader.take(some, &given);
                reached(&register, &reader, open, &mut found);
                if found.len() > limit {
                    found.truncate(limit + 1);
                    return found;
                }
            }
        }
        found
    };
    scan(app, actor, after, work).await
}

/// A line of the exported list.
pub struct Line {
    /// What the organisation is called.
    pub name: String,
    /// The clauses that it meets.
    pub clauses: String,
    /// What it gets, where it allows the office to see that.
    pub fen: Option<i64>,
}

/// Whom a policy grants something for certain, for a file; recorded.
pub async fn export(app: &App, actor: &Actor, id: PolicyId) -> Result<(Asked, Vec<Line>)> {
    /// As many as fit a sheet with room to spare.
    const MOST: usize = 200_000;
    let asked = asked(app, actor, id).await?;
    let found = who(app, actor, &asked, false, None, MOST).await?;
    let ids: Vec<OrganizationId> = found.iter().map(|one| one.organization).collect();
    let allowed: std::collections::HashSet<OrganizationId> =
        sql::answer::authorized(&app.db, id, &ids).await?.into_iter().collect();
    let names: HashMap<OrganizationId, jinmen_core::Text2> = app.organization_names(&ids).await?.into_iter().collect();
    let line = |one: &Reached| {
        let met =
            one.clauses.iter().zip(&asked.program.clauses).filter(|((outcome, _), _)| *outcome == Outcome::Eligible);
        Line {
            name: names.get(&one.organization).map(|name| name.zh.clone()).unwrap_or_default(),
            clauses: met.map(|(_, clause)| clause.id.as_str()).collect::<Vec<_>>().join(" "),
            fen: allowed.contains(&one.organization).then(|| one.clauses.iter().map(|(_, fen)| *fen).sum()),
        }
    };
    let lines: Vec<Line> = found.iter().map(line).collect();
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let data = serde_json::json!({ "organizations": lines.len() });
    record::append(&mut tx, actor, now, "policy.exported", super::object(id), data).await?;
    tx.commit().await?;
    Ok((asked, lines))
}

fn reached(register: &Register<'_>, reader: &Reader<'_, '_>, open: bool, found: &mut Vec<Reached>) {
    let answers = all(register, &reader.block);
    for (row, id) in reader.ids.iter().enumerate() {
        let clauses: Vec<(Outcome, i64)> = answers.iter().map(|one| (one.outcomes[row], one.least[row])).collect();
        let has = |wanted: fn(Outcome) -> bool| clauses.iter().any(|(outcome, _)| wanted(*outcome));
        let due = has(|outcome| outcome == Outcome::Eligible);
        let may = has(|outcome| matches!(outcome, Outcome::Unknown | Outcome::NeedsPeople));
        if due != open && (due || may) {
            found.push(Reached { organization: *id, clauses });
        }
    }
}

/// Reads the register and hands it to `work` on a thread of its own.
async fn scan<T: Send + 'static>(
    app: &App,
    actor: &Actor,
    after: Option<OrganizationId>,
    work: impl FnOnce(Receiver<Rows>) -> T + Send + 'static,
) -> Result<T> {
    let (listener, pages) = tokio::sync::mpsc::channel(2);
    let worker = tokio::task::spawn_blocking(move || work(pages));
    decide::rows(app, actor, KIND, after, listener).await?;
    worker.await.map_err(Error::internal)
}

/// What organisations answered about a policy, and what they were granted before.
async fn given(app: &App, id: PolicyId) -> Result<Given> {
    /// Rows at once.
    const PAGE: u32 = 20_000;
    let mut given = Given::new();
    let mut after = (String::new(), String::new());
    loop {
        let rows = sql::answer::to(&app.db, id, (&after.0, &after.1), PAGE).await?;
        let last = rows.len() < PAGE as usize;
        for (organization, name, value) in rows {
            after = (organization.clone(), name.clone());
            let (Ok(organization), Some(value)) = (organization.parse(), value.get("v")) else { continue };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            given.entry(organization).or_default().insert(name, text);
        }
        if last {
            return Ok(given);
        }
    }
}

/// One program over the register.
struct Run {
    reach: Reach,
    /// By clause and organisation what is due; kept where two runs are compared.
    due: Vec<HashMap<OrganizationId, i64>>,
}

/// Evaluates programs that read the same columns, such as one with other values of parameters.
fn over(programs: &[Compiled], day: Date, given: &Given, mut pages: Receiver<Rows>) -> Vec<Run> {
    let registers: Vec<Register<'_>> =
        programs.iter().map(|program| Register::new(std::slice::from_ref(program), day)).collect();
    let Some(first) = registers.first() else { return Vec::new() };
    let mut reader = Reader::new(first, day);
    let mut tallies: Vec<Tally<'_>> =
        programs.iter().map(|program| Tally::new(program, day, programs.len() > 1)).collect();
    while let Some(rows) = pages.blocking_recv() {
        for some in rows.chunks(BLOCK) {
            reader.take(some, given);
            for (register, tally) in registers.iter().zip(&mut tallies) {
                tally.add(register, &reader);
            }
        }
    }
    let unread = reader.unread as u64;
    tallies.into_iter().map(|tally| tally.finish(unread)).collect()
}

fn all(register: &Register<'_>, block: &Block) -> Vec<Answers> {
    (0..register.clauses()).map(|clause| register.evaluate(clause, block)).collect()
}

/// Counts of one program.
struct Tally<'p> {
    program: &'p Compiled,
    day: Date,
    reach: Reach,
    keep: bool,
    due: Vec<HashMap<OrganizationId, i64>>,
    /// For policies with limits, budgets or places: those that may get something.
    entrants: Vec<(OrganizationId, Entrant)>,
}

impl<'p> Tally<'p> {
    fn new(program: &'p Compiled, day: Date, keep: bool) -> Self {
        let clause =
            |one: &rules::Clause| ClauseReach { id: one.id.clone(), title: one.title.clone(), ..Default::default() };
        let clauses: Vec<ClauseReach> = program.clauses.iter().map(clause).collect();
        let due = clauses.iter().map(|_| HashMap::new()).collect();
        Self { program, day, reach: Reach { clauses, ..Reach::default() }, keep, due, entrants: Vec::new() }
    }

    fn add(&mut self, register: &Register<'_>, reader: &Reader<'_, '_>) {
        let answers = all(register, &reader.block);
        self.reach.organizations += reader.ids.len() as u64;
        for (row, id) in reader.ids.iter().enumerate() {
            let mut sum = 0_i64;
            let (mut due, mut may) = (false, false);
            for (clause, answer) in answers.iter().enumerate() {
                let (outcome, fen) = (answer.outcomes[row], answer.least[row]);
                let counted = &mut self.reach.clauses[clause];
                counted.outcomes[outcome as usize] += 1;
                counted.fen += i128::from(fen);
                sum = sum.saturating_add(fen);
                due |= outcome == Outcome::Eligible;
                may |= matches!(outcome, Outcome::Unknown | Outcome::NeedsPeople);
                if self.keep && fen > 0 && !self.program.spans() {
                    self.due[clause].insert(*id, fen);
                }
            }
            self.reach.reached += u64::from(due);
            self.reach.open += u64::from(may && !due);
            if due {
                self.reach.bands[BANDS.partition_point(|end| *end <= sum)] += 1;
            }
            if self.program.spans()
                && (due || may)
                && let Ok(Some(entrant)) = self.program.entrant(&register.subject(0, &reader.block, row), self.day)
            {
                self.entrants.push((*id, entrant));
            }
        }
    }

    fn finish(mut self, unread: u64) -> Run {
        self.reach.unread = unread;
        if self.program.spans() {
            self.share();
        } else {
            for clause in &mut self.reach.clauses {
                clause.granted = (clause.outcomes[Outcome::Eligible as usize], clause.fen);
            }
        }
        self.reach.fen = self.reach.clauses.iter().map(|clause| clause.granted.1).sum();
        Run { reach: self.reach, due: self.due }
    }

    /// What limits, budgets and places leave.
    fn share(&mut self) {
        let (ids, entrants): (Vec<OrganizationId>, Vec<Entrant>) =
            std::mem::take(&mut self.entrants).into_iter().unzip();
        let Ok(shared) = self.program.share(&entrants, self.day) else { return };
        for (id, dues) in ids.iter().zip(shared) {
            for (clause, Due { low, .. }) in dues.into_iter().enumerate().filter(|(_, due)| due.low > 0) {
                let granted = &mut self.reach.clauses[clause].granted;
                granted.0 += 1;
                granted.1 += i128::from(low);
                if self.keep {
                    self.due[clause].insert(*id, low);
                }
            }
        }
    }
}

/// The difference of two runs.
fn difference(runs: Vec<Run>) -> Difference {
    let Ok([before, after]) = <[Run; 2]>::try_from(runs) else { return Difference::default() };
    let mut sums: BTreeMap<OrganizationId, i128> = BTreeMap::new();
    let mut clauses = Vec::new();
    for (one, two) in before.due.iter().zip(&after.due) {
        let (mut more, mut less, mut fen) = (0, 0, 0);
        let mut note = |id: &OrganizationId, change: i64| {
            more += u64::from(change > 0);
            less += u64::from(change < 0);
            fen += i128::from(change);
            *sums.entry(*id).or_default() += i128::from(change);
        };
        two.iter().for_each(|(id, fen)| note(id, fen - one.get(id).copied().unwrap_or(0)));
        one.iter().filter(|(id, _)| !two.contains_key(id)).for_each(|(id, fen)| note(id, -fen));
        clauses.push((more, less, fen));
    }
    let some = |wanted: fn(i128) -> bool| {
        let mut found: Vec<(i128, OrganizationId)> =
            sums.iter().filter(|(_, fen)| wanted(**fen)).map(|(id, fen)| (-fen.abs(), *id)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    };
    let (gainers, losers) = (some(|fen| fen > 0), some(|fen| fen < 0));
    Difference { before: before.reach, after: after.reach, clauses, gainers, losers }
}
