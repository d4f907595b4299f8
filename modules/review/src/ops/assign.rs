//! The engine assigns judges to entries: by what they know, within loads, without conflicts, keeping what was decided by hand.

use std::collections::HashMap;
use std::ops::ControlFlow;

use assignment::{Failure, Problem, Reason, Rules, Scores, Shortage};
use jinmen_core::{Actor, Error, Fault, Result};
use module::App;
use serde_json::json;
use tokio::sync::watch;

use super::conflicts::barred;
use super::{object, of_office};
use crate::model::{Entry, EntryId, Giving, Pair, PairBy, Panel, Round, RoundId, RoundState, Seat, SeatId};
use crate::{permissions, sql};

/// Points for a judge who knows an entry's track, for one who knows its group, and for each word of the project that they know.
const TRACK: i32 = 60;
const GROUP: i32 = 10;
const WORD: i32 = 15;

/// Is told how far it is, in hundredths of a panel.
pub type Progress = watch::Sender<u64>;

/// A proposal: who would judge what, and why.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Entries of the round, by code.
    pub entries: Vec<Entry>,
    /// Judges of the round.
    pub seats: Vec<Seat>,
    /// Pairs as places in `entries` and `seats`, with the reason of each.
    pub pairs: Vec<(usize, usize, f64, Reason)>,
    /// What could not be assigned.
    pub blocked: Vec<Blocked>,
    /// Of every panel the best was found and proved.
    pub optimal: bool,
    /// What names this proposal: it is taken only as it was shown.
    pub digest: String,
}

/// Entries of a panel that cannot have their judges, and why.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// Which panel.
    pub panel: Panel,
    /// What is short.
    pub shortage: Shortage,
    /// Codes of the entries concerned.
    pub entries: Vec<String>,
    /// Names of the judges concerned.
    pub judges: Vec<String>,
    /// Places needed.
    pub needed: u64,
    /// Places there are.
    pub available: u64,
}

impl Proposal {
    /// Of each judge how many entries they would judge.
    pub fn loads(&self) -> Vec<(usize, usize)> {
        let mut loads: HashMap<usize, usize> = HashMap::new();
        self.pairs.iter().for_each(|(_, seat, ..)| *loads.entry(*seat).or_default() += 1);
        (0..self.seats.len())
            .filter(|at| self.seats[*at].state.counts())
            .map(|at| (at, loads.get(&at).copied().unwrap_or(0)))
            .collect()
    }
}

/// Everything that a proposal is made from.
struct Given {
    round: Round,
    panels: Vec<Panel>,
    entries: Vec<Entry>,
    seats: Vec<Seat>,
    barred: std::collections::HashSet<(jinmen_core::PersonId, calls::model::ApplicationId)>,
    hand: HashMap<(EntryId, SeatId), PairBy>,
}

/// Proposes who judges what. It takes seconds for thousands of entries, on a thread of its own.
///
/// # Errors
/// `review.not_assigned` for rounds whose panels judge everything; `review.closed`.
pub async fn propose(app: &App, actor: &Actor, id: RoundId, progress: Option<Progress>) -> Result<Proposal> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let given = read(app, round).await?;
    tokio::task::spawn_blocking(move || solve(given, progress.as_ref())).await.map_err(Error::internal)?
}

/// How many steps of progress a proposal has.
pub async fn steps(app: &App, actor: &Actor, id: RoundId) -> Result<u64> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    Ok(sql::round::panels(&app.db, id).await?.len() as u64 * 100)
}

async fn read(app: &App, round: Round) -> Result<Given> {
    if round.setup.giving != Giving::Assigned {
        return Err(Error::conflict("review.not_assigned"));
    }
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let hand = sql::pair::of_round(&app.db, round.id).await?;
    Ok(Given {
        panels: sql::round::panels(&app.db, round.id).await?,
        entries: sql::entry::of_round(&app.db, round.id).await?,
        seats: sql::seat::of_round(&app.db, round.id).await?,
        barred: barred(&sql::entry::conflicts(&app.db, round.id).await?),
        hand: hand
            .into_iter()
            .filter(|one| one.by != PairBy::Rule)
            .map(|one| ((one.entry, one.seat), one.by))
            .collect(),
        round,
    })
}

fn solve(given: Given, progress: Option<&Progress>) -> Result<Proposal> {
    let mut proposal = Proposal {
        entries: Vec::new(),
        seats: Vec::new(),
        pairs: Vec::new(),
        blocked: Vec::new(),
        optimal: true,
        digest: String::new(),
    };
    for (at, panel) in given.panels.iter().enumerate() {
        let tell = |hundredths: u64| {
            if let Some(progress) = progress {
                progress.send_replace(at as u64 * 100 + hundredths);
            }
        };
        tell(0);
        one_panel(&given, panel, &mut proposal, &tell)?;
        tell(100);
    }
    proposal.digest = digest(&given, &proposal);
    (proposal.entries, proposal.seats) = (given.entries, given.seats);
    Ok(proposal)
}

fn one_panel(given: &Given, panel: &Panel, proposal: &mut Proposal, tell: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let entries: Vec<usize> = (0..given.entries.len()).filter(|at| given.entries[*at].panel == panel.id).collect();
    let counts = |at: &usize| given.seats[*at].panel == panel.id && given.seats[*at].state.counts();
    let seats: Vec<usize> = (0..given.seats.len()).filter(counts).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let demand = given.round.setup.demand;
    let short = |needed: u64, available: u64| Blocked {
        panel: panel.clone(),
        shortage: Shortage::Judges,
        entries: entries.iter().map(|at| given.entries[*at].code.clone()).collect(),
        judges: seats.iter().map(|at| given.seats[*at].name.clone()).collect(),
        needed,
        available,
    };
    if (seats.len() as u64) < u64::from(demand) {
        proposal.blocked.push(short(u64::from(demand), seats.len() as u64));
        return Ok(());
    }
    let problem = problem(given, panel, &entries, &seats)?;
    let setup = &given.round.setup;
    let rules = Rules { one_per_institution: setup.one_per_institution, one_senior: setup.one_senior };
    let watch = |progress: assignment::Progress| {
        let share = (progress.done * 100).checked_div(progress.all).unwrap_or(0).min(99);
        tell(share as u64);
        ControlFlow::Continue(())
    };
    match assignment::optimum(&problem, &rules, &watch) {
        Ok(found) => {
            let reasons = assignment::reasons(&problem, &found);
            let pairs = found.pairs.iter().zip(reasons);
            proposal
                .pairs
                .extend(pairs.map(|(pair, reason)| (entries[pair.entry], seats[pair.judge], pair.score, reason)));
            proposal.optimal &= found.optimal;
        }
        Err(Failure::Infeasible(blocking)) => proposal.blocked.push(Blocked {
            panel: panel.clone(),
            shortage: blocking.shortage,
            entries: blocking.entries.iter().map(|at| given.entries[entries[*at]].code.clone()).collect(),
            judges: blocking.judges.iter().map(|at| given.seats[seats[*at]].name.clone()).collect(),
            needed: blocking.needed,
            available: blocking.available,
        }),
        Err(Failure::Cancelled) => return Err(Error::internal("an assignment that nobody stopped was stopped")),
    }
    Ok(())
}

fn problem(given: &Given, panel: &Panel, entries: &[usize], seats: &[usize]) -> Result<Problem> {
    let setup = &given.round.setup;
    let wrong = |fault: assignment::Fault| Error::internal(fault.to_string());
    let mut values = Vec::with_capacity(entries.len() * seats.len());
    for seat in seats {
        values.extend(entries.iter().map(|entry| affinity(panel, &given.seats[*seat], &given.entries[*entry])));
    }
    let scores = Scores::from_i32(seats.len(), entries.len(), values, 1.0).map_err(wrong)?;
    let demand = vec![setup.demand; entries.len()];
    let most = vec![setup.load_most; seats.len()];
    // Nobody stays without work where there is enough for all, and nobody gets much more than the others.
    let least =
        (entries.len() as u64 * u64::from(setup.demand) / seats.len() as u64 / 2).min(u64::from(setup.load_most));
    let free = |seat: &usize| {
        let open =
            |entry: &&usize| !given.barred.contains(&(given.seats[*seat].person, given.entries[**entry].application));
        entries.iter().filter(open).count() as u64
    };
    let least = seats.iter().map(|seat| least.min(free(seat)) as u32).collect();
    let mut problem = Problem::new(scores, demand, least, most).map_err(wrong)?;
    for (judge, seat) in seats.iter().enumerate() {
        for (place, entry) in entries.iter().enumerate() {
            let (seat, entry) = (&given.seats[*seat], &given.entries[*entry]);
            let by = given.hand.get(&(entry.id, seat.id));
            let conflict = given.barred.contains(&(seat.person, entry.application));
            match by {
                _ if conflict => problem.bar(judge, place).map_err(wrong)?,
                Some(PairBy::Hand) => problem.keep(judge, place).map_err(wrong)?,
                Some(PairBy::Barred) => problem.bar(judge, place).map_err(wrong)?,
                _ => {}
            }
        }
    }
    if setup.one_per_institution {
        problem.set_institutions(institutions(given, seats)).map_err(wrong)?;
    }
    if setup.one_senior {
        problem.set_seniors(seats.iter().map(|at| given.seats[*at].senior).collect()).map_err(wrong)?;
    }
    Ok(problem)
}

/// Institutions as numbers: by the registry, else by name.
fn institutions(given: &Given, seats: &[usize]) -> Vec<Option<u32>> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let name = |seat: &Seat| seat.institution_id.map_or_else(|| seat.institution.clone(), |id| id.text());
    let number = |at: &usize| {
        let next = numbers.len() as u32;
        Some(*numbers.entry(name(&given.seats[*at])).or_insert(next))
    };
    seats.iter().map(number).collect()
}

/// How well a judge knows an entry.
fn affinity(panel: &Panel, seat: &Seat, entry: &Entry) -> i32 {
    let knows = |word: &str| !word.is_empty() && seat.fields.iter().any(|field| field == word);
    let title = entry.title.to_lowercase();
    let named = |field: &&String| {
        field.chars().count() > 1
            && (title.contains(field.as_str()) || panel.title.zh.to_lowercase().contains(field.as_str()))
    };
    let words = seat.fields.iter().filter(named).count().min(2) as i32;
    i32::from(knows(&entry.track)) * TRACK + i32::from(knows(&entry.group)) * GROUP + words * WORD
}

fn digest(given: &Given, proposal: &Proposal) -> String {
    let mut text = format!("{}\n", given.round.version);
    for (entry, seat, ..) in &proposal.pairs {
        text.push_str(&format!("{} {}\n", given.entries[*entry].id, given.seats[*seat].id));
    }
    seal::hex(&seal::sha256(text.as_bytes()))
}

/// Takes a proposal as it was shown: it is computed again and must be the same.
///
/// # Errors
/// `review.proposal_other` where something changed since; `review.proposal_blocked`.
pub async fn accept(app: &App, actor: &Actor, id: RoundId, digest: &str) -> Result<u64> {
    let proposal = propose(app, actor, id, None).await?;
    if !proposal.blocked.is_empty() {
        return Err(Error::conflict("review.proposal_blocked"));
    }
    if proposal.digest != digest {
        return Err(Fault::new("review.proposal_other").into());
    }
    let pair = |(entry, seat, ..): &(usize, usize, f64, Reason)| Pair {
        entry: proposal.entries[*entry].id,
        seat: proposal.seats[*seat].id,
        by: PairBy::Rule,
    };
    let pairs: Vec<Pair> = proposal.pairs.iter().map(pair).collect();
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let round = sql::round::take(&mut tx, id).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    sql::pair::forget_given(&mut tx, id).await?;
    sql::pair::put(&mut tx, id, &pairs).await?;
    let data = json!({ "pairs": pairs.len(), "proposal": digest });
    record::append(&mut tx, actor, now, "review.round.assigned", object(id), data).await?;
    tx.commit().await?;
    Ok(pairs.len() as u64)
}
