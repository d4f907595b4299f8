//! What one evaluation of everybody counts, and the difference of two.

use std::collections::{BTreeMap, HashMap};

use jinmen_core::{Date, OrganizationId};
use registry::known::{Given, Reader};
use rules::{Answers, BLOCK, Block, Due, Entrant, Outcome, Policy as Compiled, Register};

use super::scan::Pages;
use super::{BANDS, ClauseReach, Difference, Listed, Reach, Reached};

/// One program over the register.
pub(super) struct Run {
    pub reach: Reach,
    /// Those that were asked for by name.
    pub listed: Vec<Reached>,
    /// By clause and organisation what is due; kept where two runs are compared.
    due: Vec<HashMap<OrganizationId, i64>>,
}

/// Evaluates programs that read the same columns, such as one with other values of parameters; `keep` what is due to whom
/// where runs are compared.
pub(super) fn over(
    programs: &[Compiled],
    day: Date,
    given: &Given,
    listed: Listed,
    keep: bool,
    mut pages: Pages,
) -> Vec<Run> {
    let registers: Vec<Register<'_>> =
        programs.iter().map(|program| Register::new(std::slice::from_ref(program), day)).collect();
    // Means over everybody may differ from program to program, and then so do the columns.
    let alike = programs.iter().all(|program| program.totals.is_empty());
    let readers = registers.iter().take(if alike { 1 } else { registers.len() });
    let mut readers: Vec<Reader<'_, '_>> = readers.map(|register| Reader::new(register, day)).collect();
    let mut tallies: Vec<Tally<'_>> = programs.iter().map(|program| Tally::new(program, day, listed, keep)).collect();
    while let Some(rows) = pages.next() {
        for some in rows.chunks(BLOCK) {
            readers.iter_mut().for_each(|reader| reader.take(some, given));
            for (at, (register, tally)) in registers.iter().zip(&mut tallies).enumerate() {
                tally.add(register, &readers[at.min(readers.len() - 1)]);
            }
        }
    }
    let unread = readers.first().map_or(0, |reader| reader.unread as u64);
    tallies.into_iter().map(|tally| tally.finish(unread)).collect()
}

/// Only those that are asked for by name, and no further than needed.
pub(super) fn list(programs: &[Compiled], day: Date, given: &Given, listed: Listed, mut pages: Pages) -> Vec<Reached> {
    let register = Register::new(programs, day);
    let mut reader = Reader::new(&register, day);
    let mut found = Vec::new();
    while let Some(rows) = pages.next() {
        for some in rows.chunks(BLOCK) {
            reader.take(some, given);
            named(&all(&register, &reader.block), &reader.ids, listed, &mut found);
            if found.len() > listed.most {
                return found;
            }
        }
    }
    found
}

/// Those of a block that are asked for by name.
fn named(answers: &[Answers], ids: &[OrganizationId], listed: Listed, found: &mut Vec<Reached>) {
    for (row, id) in ids.iter().enumerate() {
        if found.len() > listed.most || listed.after.is_some_and(|after| *id <= after) {
            continue;
        }
        let clauses: Vec<(Outcome, i64)> = answers.iter().map(|one| (one.outcomes[row], one.least[row])).collect();
        let has = |wanted: fn(Outcome) -> bool| clauses.iter().any(|(outcome, _)| wanted(*outcome));
        let due = has(|outcome| outcome == Outcome::Eligible);
        let may = has(|outcome| matches!(outcome, Outcome::Unknown | Outcome::NeedsPeople));
        if due != listed.open && (due || may) {
            found.push(Reached { organization: *id, clauses });
        }
    }
}

fn all(register: &Register<'_>, block: &Block) -> Vec<Answers> {
    (0..register.clauses()).map(|clause| register.evaluate(clause, block)).collect()
}

/// Counts of one program.
struct Tally<'p> {
    program: &'p Compiled,
    day: Date,
    reach: Reach,
    wanted: Listed,
    listed: Vec<Reached>,
    keep: bool,
    due: Vec<HashMap<OrganizationId, i64>>,
    /// For policies with limits, budgets or places: those that may get something.
    entrants: Vec<(OrganizationId, Entrant)>,
}

impl<'p> Tally<'p> {
    fn new(program: &'p Compiled, day: Date, wanted: Listed, keep: bool) -> Self {
        let clause =
            |one: &rules::Clause| ClauseReach { id: one.id.clone(), title: one.title.clone(), ..Default::default() };
        let clauses: Vec<ClauseReach> = program.clauses.iter().map(clause).collect();
        let due = clauses.iter().map(|_| HashMap::new()).collect();
        let reach = Reach { clauses, ..Reach::default() };
        Self { program, day, reach, wanted, listed: Vec::new(), keep, due, entrants: Vec::new() }
    }

    fn add(&mut self, register: &Register<'_>, reader: &Reader<'_, '_>) {
        let answers = all(register, &reader.block);
        self.reach.organizations += reader.ids.len() as u64;
        if self.wanted.most > 0 && self.listed.len() <= self.wanted.most {
            named(&answers, &reader.ids, self.wanted, &mut self.listed);
        }
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
            // Where each is granted its own, who gets nothing for certain takes nothing from the others.
            if self.program.spans()
                && (due || (may && self.program.needs_cohort()))
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
        Run { reach: self.reach, listed: self.listed, due: self.due }
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
pub(super) fn difference(runs: Vec<Run>) -> Difference {
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
