//! Means, exactly.

use std::cmp::{Ordering, Reverse};

use crate::Fault;
use crate::decimal::{Decimal, Ratio, power};
use crate::table::Table;

/// How many of the highest and of the lowest scores of an entry are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trim {
    /// None.
    #[default]
    No,
    /// One a side where at least five judges scored, none elsewhere.
    One,
    /// So many a side where more than twice as many judges scored, none elsewhere.
    Sides(usize),
}

/// What decides between entries of equal score, one rule after the other; entries that are equal in all share a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// The higher highest score.
    Highest,
    /// The higher lowest score.
    Lowest,
    /// The higher median.
    Median,
    /// The untrimmed mean.
    Mean,
    /// More scores.
    MoreScores,
}

/// How means are taken and ordered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mean {
    /// What is left out.
    pub trim: Trim,
    /// If given, scores are rounded half up to so many digits before they are compared.
    pub digits: Option<u32>,
    /// What decides between equals.
    pub ties: Vec<Tie>,
}

/// A place in a ranking by means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanPlace {
    /// The entry.
    pub entry: usize,
    /// 1 is the best; equals share the better rank.
    pub rank: usize,
    /// The score, as a fraction.
    pub exact: Ratio,
    /// So many scores there are.
    pub scores: usize,
    /// So many a side were left out.
    pub trimmed: usize,
}

/// Ranks entries by the mean of their scores. Entries without a score are left out.
#[must_use]
pub fn mean(table: &Table, how: &Mean) -> Vec<MeanPlace> {
    let mut places: Vec<(MeanPlace, Vec<i128>)> = table
        .scored()
        .map(|entry| {
            let mut units: Vec<i128> = table.by_entry[entry].iter().map(|one| one.1).collect();
            units.sort_unstable();
            let trimmed = how.trim.of(units.len());
            let exact = ratio(&units[trimmed..units.len() - trimmed], table.one);
            let exact = match how.digits {
                Some(digits) => {
                    let rounded = exact.half_up(digits);
                    Ratio { above: rounded.units, below: power(rounded.digits) }
                }
                None => exact,
            };
            (MeanPlace { entry, rank: 0, exact, scores: units.len(), trimmed }, units)
        })
        .collect();
    let order = |a: &(MeanPlace, Vec<i128>), b: &(MeanPlace, Vec<i128>)| {
        let ties = how.ties.iter().map(|tie| tie.compare(&a.1, &b.1));
        let first = b.0.exact.cmp(&a.0.exact);
        std::iter::once(first).chain(ties).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
    };
    places.sort_by(|a, b| order(a, b).then(a.0.entry.cmp(&b.0.entry)));
    for at in 0..places.len() {
        let same = at > 0 && order(&places[at - 1], &places[at]) == Ordering::Equal;
        places[at].0.rank = if same { places[at - 1].0.rank } else { at + 1 };
    }
    places.into_iter().map(|place| place.0).collect()
}

/// A table of weighted sums: each row has the scores of all criteria, and counts Σ weight · score / Σ weight.
///
/// # Errors
/// Weights that make no sense; whatever [`Table::new`] refuses.
pub fn weighted(
    judges: usize,
    entries: usize,
    rows: &[(usize, usize, Vec<Decimal>)],
    weights: &[Decimal],
) -> Result<Table, Fault> {
    if weights.iter().any(|weight| weight.is_negative()) {
        return Err(Fault::Weights { why: "none may be negative" });
    }
    let digits = weights.iter().map(|weight| weight.digits).max().unwrap_or(0);
    let whole: Vec<i128> = weights.iter().map(|weight| weight.at(digits)).collect();
    let sum: i128 = whole.iter().sum();
    if sum == 0 {
        return Err(Fault::Weights { why: "one must be above zero" });
    }
    let most = rows.iter().flat_map(|row| &row.2).map(|score| score.digits).max().unwrap_or(0);
    let mut units = Vec::with_capacity(rows.len());
    for (row, (judge, entry, scores)) in rows.iter().enumerate() {
        if scores.len() != weights.len() {
            return Err(Fault::Weights { why: "every row needs a score for each" });
        }
        let mut total = 0i128;
        for (score, weight) in scores.iter().zip(&whole) {
            let product = score.at(most).checked_mul(*weight).ok_or(Fault::TooLarge { row })?;
            total = total.checked_add(product).ok_or(Fault::TooLarge { row })?;
        }
        units.push((*judge, *entry, total));
    }
    Table::from_units(judges, entries, units.into_iter(), power(most) * sum)
}

fn ratio(units: &[i128], one: i128) -> Ratio {
    Ratio { above: units.iter().sum(), below: one * units.len().max(1) as i128 }
}

impl Trim {
    fn of(self, scores: usize) -> usize {
        match self {
            Trim::No => 0,
            Trim::One if scores >= 5 => 1,
            Trim::One => 0,
            Trim::Sides(sides) if scores / 2 >= sides && scores > 2 * sides => sides,
            Trim::Sides(_) => 0,
        }
    }
}

impl Tie {
    /// Which of two lists of scores, in ascending order, comes first.
    fn compare(self, a: &[i128], b: &[i128]) -> Ordering {
        let median = |units: &[i128]| ratio(&units[(units.len() - 1) / 2..=units.len() / 2], 1);
        match self {
            Tie::Highest => b.last().cmp(&a.last()),
            Tie::Lowest => b.first().cmp(&a.first()),
            Tie::Median => median(b).cmp(&median(a)),
            Tie::Mean => ratio(b, 1).cmp(&ratio(a, 1)),
            Tie::MoreScores => Reverse(a.len()).cmp(&Reverse(b.len())),
        }
    }
}
