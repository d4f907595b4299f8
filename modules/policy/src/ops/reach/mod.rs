//! Whom a policy reaches and what it costs, over the whole register; and what would change if its parameters did.
//!
//! The register is read in pages and evaluated on a thread of its own, in columns. What organisations answered, and what
//! they were granted before, is read once.

mod scan;
mod tally;

use std::collections::HashMap;

use jinmen_core::{Actor, Error, OrganizationId, Result};
use module::App;
use rules::{Outcome, Policy as Compiled};

use super::{of_office, program};
use crate::model::{Policy, PolicyId, Version};
use crate::{permissions, sql};

use scan::Scan;
pub use scan::{Progress, size};

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

/// Which of the organisations that a policy reaches are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listed {
    /// Those that would get something if facts that are missing were right, instead of those that get it for certain.
    pub open: bool,
    /// From behind this one on.
    pub after: Option<OrganizationId>,
    /// At most so many, and one more to tell that there are more.
    pub most: usize,
}

/// Whom a policy reaches today, and some of them.
pub async fn reach(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    listed: Listed,
    progress: Option<Progress>,
) -> Result<(Reach, Vec<Reached>)> {
    let scan = Scan { app, actor, policy: asked.policy.id, progress };
    let programs = scan.ready(vec![asked.program.clone()]).await?;
    let given = scan.given(&programs).await?;
    let day = app.clock.today();
    let found = scan.pages(move |pages| tally::over(&programs, day, &given, listed, false, pages)).await?;
    Ok(found.into_iter().next().map(|run| (run.reach, run.listed)).unwrap_or_default())
}

/// The program with other values of parameters, written as in the policy's text.
///
/// # Errors
/// `policy.parameter` for a value that does not fit.
pub fn changed(asked: &Asked, set: &[(String, String)]) -> Result<Compiled> {
    program::with_parameters(&asked.program, set)
}

/// What changes if the policy's program were [`changed`].
pub async fn sandbox(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    changed: Compiled,
    progress: Option<Progress>,
) -> Result<Difference> {
    let scan = Scan { app, actor, policy: asked.policy.id, progress };
    let programs = scan.ready(vec![asked.program.clone(), changed]).await?;
    let given = scan.given(&programs).await?;
    let day = app.clock.today();
    let work = move |pages| tally::over(&programs, day, &given, Listed::default(), true, pages);
    Ok(tally::difference(scan.pages(work).await?))
}

/// The organisations that get something from a policy for certain, from behind one on; one more than `most` where there
/// are more.
pub async fn who(app: &App, actor: &Actor, asked: &Asked, most: usize) -> Result<Vec<Reached>> {
    let scan = Scan { app, actor, policy: asked.policy.id, progress: None };
    let programs = scan.ready(vec![asked.program.clone()]).await?;
    let given = scan.given(&programs).await?;
    let (day, listed) = (app.clock.today(), Listed { most, ..Listed::default() });
    scan.pages(move |pages| tally::list(&programs, day, &given, listed, pages)).await
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
    let found = who(app, actor, &asked, MOST).await?;
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
