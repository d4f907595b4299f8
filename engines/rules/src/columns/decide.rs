//! Which rows of a block a clause's conditions leave, and what is paid to them.

use super::chosen::Chosen;
use super::known::{Run, Wide};
use super::lower::{Num, Test};
use super::open;
use super::{Answers, Block};

/// Rows that know all of these slots; nothing where all do.
fn knowing(block: &Block, slots: &[usize]) -> Option<Chosen> {
    let mut open = slots.iter().map(|slot| &block.columns[*slot]).filter(|column| !column.all_known);
    let first = open.next()?.known;
    Some(open.fold(first, |knowing, column| knowing.and(&column.known)))
}

/// Rows that are left after some conditions: those that hold, and those not yet decided.
pub(super) struct Left {
    pub holds: Chosen,
    pub maybe: Chosen,
}

impl Left {
    /// The rows that may still pass.
    pub fn rows(&self) -> Chosen {
        self.holds.or(&self.maybe)
    }

    /// Leaves the rows that pass a further test, given for which rows it holds and for which it is not known.
    pub fn narrow(&mut self, holds: &Chosen, maybe: &Chosen) {
        let can = self.rows().and(&holds.or(maybe));
        self.holds = self.holds.and(holds);
        self.maybe = can.without(&self.holds);
    }
}

/// The rows for which a test holds, and those for which it is not known.
pub(super) fn decide(run: &mut Run<'_>, test: &Test, rows: &Chosen) -> Result<(Chosen, Chosen), Wide> {
    if rows.is_empty() {
        return Ok((Chosen::NONE, Chosen::NONE));
    }
    match test {
        Test::And(a, b) => {
            let (holds, maybe) = decide(run, a, rows)?;
            let mut left = Left { holds, maybe };
            let (holds, maybe) = decide(run, b, &left.rows())?;
            left.narrow(&holds, &maybe);
            Ok((left.holds, left.maybe))
        }
        Test::Or(a, b) => {
            let (first, unsure) = decide(run, a, rows)?;
            let (second, more) = decide(run, b, &rows.without(&first))?;
            let holds = first.or(&second);
            Ok((holds, unsure.or(&more).without(&holds)))
        }
        Test::Not(inner) => {
            let (holds, maybe) = decide(run, inner, rows)?;
            Ok((rows.without(&holds).without(&maybe), maybe))
        }
        leaf => {
            let mut slots = Vec::new();
            leaf.reads(&mut slots);
            slots.sort_unstable();
            slots.dedup();
            let Some(knowing) = knowing(run.block, &slots) else { return Ok((run.keep(leaf, rows)?, Chosen::NONE)) };
            let held = run.keep(leaf, &rows.and(&knowing))?;
            let (more, maybe) = look(run, leaf, &slots, &rows.without(&knowing));
            Ok((held.or(&more), maybe))
        }
    }
}

/// Rows that lack a fact.
fn look(run: &mut Run<'_>, test: &Test, slots: &[usize], rows: &Chosen) -> (Chosen, Chosen) {
    let list = rows.list();
    let Some(first) = list.first() else { return (Chosen::NONE, Chosen::NONE) };
    // A test of one fact says the same of every row that lacks it.
    if slots.len() == 1 {
        match open::holds(test, run.block, usize::from(*first)) {
            Ok(Some(true)) => return (*rows, Chosen::NONE),
            Ok(Some(false)) => {}
            Ok(None) => return (Chosen::NONE, *rows),
            Err(open::Odd) => run.odd = run.odd.or(rows),
        }
        return (Chosen::NONE, Chosen::NONE);
    }
    if let Ok(truth) = run.truth(test, &list) {
        let sure = Chosen::listed(&list, |at| truth.sure.at(at) != 0);
        let can = Chosen::listed(&list, |at| truth.can.at(at) != 0);
        run.spent([truth.sure, truth.can]);
        return (sure, can.without(&sure));
    }
    let (mut holds, mut maybe) = (Chosen::NONE, Chosen::NONE);
    for row in list {
        match open::holds(test, run.block, usize::from(row)) {
            Ok(Some(true)) => holds.insert(row),
            Ok(Some(false)) => {}
            Ok(None) => maybe.insert(row),
            Err(open::Odd) => run.odd.insert(row),
        }
    }
    (holds, maybe)
}

/// What is paid to the rows that hold.
pub(super) fn pay(
    run: &mut Run<'_>,
    number: &Num,
    slots: &[usize],
    rows: &Chosen,
    answers: &mut Answers,
) -> Result<(), Wide> {
    let block = run.block;
    let knowing = knowing(block, slots);
    let whole = knowing.map_or(*rows, |knowing| rows.and(&knowing));
    if let Num::Const(fen) = number {
        let fen = (*fen).max(0);
        rows.list().into_iter().map(usize::from).for_each(|row| (answers.least[row], answers.most[row]) = (fen, fen));
        return Ok(());
    }
    let list = whole.list();
    if !list.is_empty() {
        let amounts = run.number(number, (list.len() < block.rows).then_some(&list))?;
        amounts.each(&list, |row, fen| {
            (answers.least[row], answers.most[row]) = (fen.max(0), fen.max(0));
        });
        run.done(amounts);
    }
    let rest = rows.without(&whole);
    if rest.is_empty() {
        return Ok(());
    }
    let list = rest.list();
    if let Ok(span) = run.span(number, &list) {
        for (at, row) in list.iter().enumerate() {
            let ((low, high), row) = (span.at(at), usize::from(*row));
            (answers.least[row], answers.most[row]) = (low.max(0), high.max(0));
        }
        return Ok(());
    }
    for row in list {
        match open::span(number, block, usize::from(row)) {
            Ok((low, high)) => {
                let row = usize::from(row);
                answers.least[row] = low.max(0);
                answers.most[row] = high.max(0);
            }
            Err(open::Odd) => run.odd.insert(row),
        }
    }
    Ok(())
}
