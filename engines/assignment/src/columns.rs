//! Passes over the matrix. Only they see all pairs; everything else works on the few pairs they pick.

use crate::scores::Cell;

/// A pair that a pass picked: entry, judge and score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Picked {
    pub entry: u32,
    pub judge: u32,
    pub score: i64,
}

/// So many cells are compared before anything branches; the comparison of a block is vector code.
const BLOCK: usize = 32;

/// The best judges of every entry, in one piece of memory: lists of their own would each be larger than they need.
pub(crate) struct Best<T> {
    pairs: Vec<(T, u32)>,
    /// How many each entry has.
    counts: Vec<u32>,
    /// The room of each entry.
    room: usize,
}

impl<T: Cell> Best<T> {
    /// Score and judge of those that were picked for an entry, in no order.
    pub fn of(&self, entry: usize) -> &[(T, u32)] {
        &self.pairs[entry * self.room..][..self.counts[entry] as usize]
    }
}

/// The `keep` best judges of every entry by score. `open` says whether a pair may be used at all; barred pairs are left out
/// before.
pub(crate) fn best_of_entries<T: Cell>(
    cells: &[T],
    entries: usize,
    keep: usize,
    open: impl Fn(usize, usize) -> bool,
) -> Best<T> {
    // Twice as many are collected before the worse half goes.
    let room = (2 * keep).min(cells.len() / entries.max(1)).max(1);
    let mut best = Best { pairs: vec![(T::BARRED, 0); entries * room], counts: vec![0; entries], room };
    let mut least = vec![T::BARRED; entries];
    for (judge, row) in cells.chunks_exact(entries).enumerate() {
        for (block, (scores, limits)) in row.chunks(BLOCK).zip(least.chunks_mut(BLOCK)).enumerate() {
            let above = scores.iter().zip(limits.iter()).fold(false, |any, (score, limit)| any | (score > limit));
            if !above {
                continue;
            }
            for (at, (score, limit)) in scores.iter().zip(limits.iter_mut()).enumerate() {
                let entry = block * BLOCK + at;
                if score > limit && open(judge, entry) {
                    let list = &mut best.pairs[entry * room..][..room];
                    let count = &mut best.counts[entry];
                    list[*count as usize] = (*score, judge as u32);
                    *count += 1;
                    if *count as usize == room && room > keep {
                        list.select_nth_unstable_by(keep - 1, |a, b| b.0.cmp(&a.0));
                        *count = keep as u32;
                        *limit = list[keep - 1].0;
                    }
                }
            }
        }
    }
    for (list, count) in best.pairs.chunks_exact_mut(room).zip(&mut best.counts) {
        if *count as usize > keep {
            list[..*count as usize].select_nth_unstable_by(keep - 1, |a, b| b.0.cmp(&a.0));
            *count = keep as u32;
        }
    }
    best
}

/// Calls `found(judge, entry, score)` for every pair whose score is above the sum of its prices. `first` is the judge of
/// the first row.
pub(crate) fn above_prices<T: Cell>(
    cells: &[T],
    first: usize,
    judge_price: &[i64],
    entry_price: &[i64],
    mut found: impl FnMut(usize, usize, i64),
) {
    let entries = entry_price.len();
    let narrow = |price: &i64| T::FITS.contains(price);
    if !judge_price.iter().chain(entry_price).all(narrow) {
        return above_wide_prices(cells, first, judge_price, entry_price, found);
    }
    let prices: Vec<T> = entry_price.iter().map(|price| T::cut(*price)).collect();
    for (at, row) in cells.chunks_exact(entries).enumerate() {
        let judge = first + at;
        let own = T::cut(judge_price[judge]);
        for (block, (scores, prices)) in row.chunks(BLOCK).zip(prices.chunks(BLOCK)).enumerate() {
            let above = scores.iter().zip(prices).fold(false, |any, (score, price)| any | (*score > price.plus(own)));
            if !above {
                continue;
            }
            for (at, (score, price)) in scores.iter().zip(prices).enumerate() {
                if *score > price.plus(own) {
                    found(judge, block * BLOCK + at, score.wide());
                }
            }
        }
    }
}

/// The same where a sum of prices does not fit into a cell.
fn above_wide_prices<T: Cell>(
    cells: &[T],
    first: usize,
    judge_price: &[i64],
    entry_price: &[i64],
    mut found: impl FnMut(usize, usize, i64),
) {
    for (at, row) in cells.chunks_exact(entry_price.len()).enumerate() {
        let judge = first + at;
        for (entry, score) in row.iter().enumerate() {
            if *score != T::BARRED && score.wide() > judge_price[judge].saturating_add(entry_price[entry]) {
                found(judge, entry, score.wide());
            }
        }
    }
}

/// For every entry of `wanted`, the `keep` judges with the best score less price among those that `open` lets through.
pub(crate) fn further_judges<T: Cell>(
    cells: &[T],
    entries: usize,
    wanted: &[u32],
    keep: usize,
    judge_price: &[i64],
    open: impl Fn(usize, usize) -> bool,
) -> Vec<Picked> {
    let mut best: Vec<Vec<(i64, Picked)>> = vec![Vec::new(); wanted.len()];
    for (judge, row) in cells.chunks_exact(entries).enumerate() {
        for (list, &entry) in best.iter_mut().zip(wanted) {
            let score = row[entry as usize];
            if score == T::BARRED {
                continue;
            }
            let value = score.wide() - judge_price[judge];
            let full = list.len() >= keep;
            if full && list.last().is_some_and(|last| value <= last.0) || !open(judge, entry as usize) {
                continue;
            }
            insert(list, keep, value, Picked { entry, judge: judge as u32, score: score.wide() });
        }
    }
    best.into_iter().flatten().map(|(_, picked)| picked).collect()
}

/// For every judge of `wanted`, the `keep` entries with the best score less price among those that `open` lets through.
pub(crate) fn further_entries<T: Cell>(
    cells: &[T],
    entries: usize,
    wanted: &[u32],
    keep: usize,
    entry_price: &[i64],
    open: impl Fn(usize, usize) -> bool,
) -> Vec<Picked> {
    let mut found = Vec::new();
    for &judge in wanted {
        let row = &cells[judge as usize * entries..][..entries];
        let mut best: Vec<(i64, Picked)> = Vec::with_capacity(keep + 1);
        for (entry, score) in row.iter().enumerate() {
            let value = score.wide().saturating_sub(entry_price[entry]);
            let full = best.len() >= keep;
            if *score == T::BARRED || full && best.last().is_some_and(|last| value <= last.0) {
                continue;
            }
            if open(judge as usize, entry) {
                insert(&mut best, keep, value, Picked { entry: entry as u32, judge, score: score.wide() });
            }
        }
        found.extend(best.into_iter().map(|(_, picked)| picked));
    }
    found
}

/// Keeps a short list sorted from the best down.
fn insert(list: &mut Vec<(i64, Picked)>, keep: usize, value: i64, picked: Picked) {
    let at = list.partition_point(|one| one.0 >= value);
    list.insert(at, (value, picked));
    list.truncate(keep);
}
