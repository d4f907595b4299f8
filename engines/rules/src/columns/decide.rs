//! Which rows of a block a clause's conditions leave, and what is paid to them.

use std::borrow::Cow;

use super::known::{Rows, Run, Wide};
use super::lower::{Num, Test};
use super::open;
use super::{Answers, Block, Column};

/// Rows that know all of these slots, and the others.
fn split(block: &Block, slots: &[usize], rows: Rows<'_>) -> Option<(Vec<u16>, Vec<u16>)> {
    let open: Vec<&Column> =
        slots.iter().map(|slot| &block.columns[*slot]).filter(|column| !column.all_known).collect();
    if open.is_empty() {
        return None;
    }
    let length = rows.map_or(block.rows, <[u16]>::len);
    let (mut whole, mut rest) = (vec![0u16; length], vec![0u16; length]);
    let (mut first, mut second) = (0, 0);
    for at in 0..length {
        let row = rows.map_or(at as u16, |rows| rows[at]);
        let knows = open.iter().fold(true, |knows, column| knows & column.known[usize::from(row)]);
        whole[first] = row;
        rest[second] = row;
        first += usize::from(knows);
        second += usize::from(!knows);
    }
    whole.truncate(first);
    rest.truncate(second);
    Some((whole, rest))
}

/// Rows that are left after some conditions: those that hold, and those not yet decided. None means every row holds.
pub(super) struct Left<'b> {
    pub holds: Option<Cow<'b, [u16]>>,
    pub maybe: Vec<u16>,
}

/// Leaves the rows that pass a further test.
pub(super) fn narrow(run: &mut Run<'_>, test: &Test, left: &mut Left<'_>) -> Result<(), Wide> {
    let (holds, mut maybe) = decide(run, test, left.holds.as_deref())?;
    if !left.maybe.is_empty() {
        let (still, open) = decide(run, test, Some(&left.maybe))?;
        maybe = merge(&maybe, &merge(&still, &open));
    }
    *left = Left { holds: Some(Cow::Owned(holds)), maybe };
    Ok(())
}

/// The rows for which a test holds, and those for which it is not known; both upwards, as the rows are.
pub(super) fn decide(run: &mut Run<'_>, test: &Test, rows: Rows<'_>) -> Result<(Vec<u16>, Vec<u16>), Wide> {
    match test {
        Test::And(a, b) => {
            let (first, open) = decide(run, a, rows)?;
            let (holds, unsure) = decide(run, b, Some(&first))?;
            let (still, more) = decide(run, b, Some(&open))?;
            Ok((holds, merge(&unsure, &merge(&still, &more))))
        }
        Test::Or(a, b) => {
            let (first, open) = decide(run, a, rows)?;
            let rest = run.without(rows, &merge(&first, &open));
            let (second, unsure) = decide(run, b, Some(&rest))?;
            let (third, _) = decide(run, b, Some(&open))?;
            let open = run.without(Some(&open), &third);
            Ok((merge(&first, &merge(&second, &third)), merge(&unsure, &open)))
        }
        Test::Not(inner) => {
            let (holds, open) = decide(run, inner, rows)?;
            Ok((run.without(rows, &merge(&holds, &open)), open))
        }
        leaf => {
            let mut slots = Vec::new();
            leaf.reads(&mut slots);
            slots.sort_unstable();
            slots.dedup();
            match split(run.block, &slots, rows) {
                None => Ok((run.keep(leaf, rows)?, Vec::new())),
                Some((whole, rest)) => {
                    let held = run.keep(leaf, Some(&whole))?;
                    let (more, open) = look(run, leaf, &slots, &rest);
                    Ok((merge(&held, &more), open))
                }
            }
        }
    }
}

/// Rows that lack a fact.
fn look(run: &mut Run<'_>, test: &Test, slots: &[usize], rows: &[u16]) -> (Vec<u16>, Vec<u16>) {
    let (mut holds, mut maybe) = (Vec::new(), Vec::new());
    // A test of one fact says the same of every row that lacks it.
    if let ([_], [first, ..]) = (slots, rows) {
        match open::holds(test, run.block, usize::from(*first)) {
            Ok(Some(true)) => holds.extend_from_slice(rows),
            Ok(Some(false)) => {}
            Ok(None) => maybe.extend_from_slice(rows),
            Err(open::Odd) => run.odd.extend_from_slice(rows),
        }
        return (holds, maybe);
    }
    if let Ok(truth) = run.truth(test, rows) {
        for (at, row) in rows.iter().enumerate() {
            match (truth.sure.at(at), truth.can.at(at)) {
                (1, _) => holds.push(*row),
                (_, 1) => maybe.push(*row),
                _ => {}
            }
        }
        run.spent([truth.sure, truth.can]);
        return (holds, maybe);
    }
    for row in rows {
        match open::holds(test, run.block, usize::from(*row)) {
            Ok(Some(true)) => holds.push(*row),
            Ok(Some(false)) => {}
            Ok(None) => maybe.push(*row),
            Err(open::Odd) => run.odd.push(*row),
        }
    }
    (holds, maybe)
}

/// Two rising lists as one.
fn merge(a: &[u16], b: &[u16]) -> Vec<u16> {
    if b.is_empty() {
        return a.to_vec();
    }
    if a.is_empty() {
        return b.to_vec();
    }
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut one, mut two) = (0, 0);
    while one < a.len() && two < b.len() {
        let first = a[one] < b[two];
        all.push(if first { a[one] } else { b[two] });
        one += usize::from(first);
        two += usize::from(!first);
    }
    all.extend_from_slice(&a[one..]);
    all.extend_from_slice(&b[two..]);
    all
}

/// What is paid to the rows that hold.
pub(super) fn pay(
    run: &mut Run<'_>,
    number: &Num,
    slots: &[usize],
    rows: Rows<'_>,
    answers: &mut Answers,
) -> Result<(), Wide> {
    let block = run.block;
    let parts = split(block, slots, rows);
    let (rows, rest) = match &parts {
        None => (rows, &[][..]),
        Some((whole, rest)) => (Some(whole.as_slice()), rest.as_slice()),
    };
    let amounts = run.number(number, rows)?;
    for at in 0..rows.map_or(block.rows, <[u16]>::len) {
        let row = rows.map_or(at, |rows| usize::from(rows[at]));
        let fen = amounts.at(at).max(0);
        (answers.least[row], answers.most[row]) = (fen, fen);
    }
    run.done(amounts);
    if rest.is_empty() {
        return Ok(());
    }
    if let Ok(span) = run.span(number, rest) {
        for (at, row) in rest.iter().enumerate() {
            let ((low, high), row) = (span.at(at), usize::from(*row));
            (answers.least[row], answers.most[row]) = (low.max(0), high.max(0));
        }
        return Ok(());
    }
    for row in rest {
        match open::span(number, block, usize::from(*row)) {
            Ok((low, high)) => {
                let row = usize::from(*row);
                answers.least[row] = low.max(0);
                answers.most[row] = high.max(0);
            }
            Err(open::Odd) => run.odd.push(*row),
        }
    }
    Ok(())
}
