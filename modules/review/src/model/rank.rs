//! From locked scores to a ranking, exactly and by the rules of the notice.

use std::cmp::Ordering;
use std::collections::HashMap;

use jinmen_core::{Error, Result};
use ranking::{Mean, Ratio, Table};

use super::{Points, RoundSetup, Tie};

/// What a judge gave an entry; both by their places.
#[derive(Clone, PartialEq, Debug)]
pub struct Given {
    /// The judge.
    pub judge: usize,
    /// The entry.
    pub entry: usize,
    /// A mark for each criterion.
    pub marks: Vec<Points>,
    /// What they come to.
    pub total: Points,
}

/// Where an entry stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The entry.
    pub entry: usize,
    /// 1 is the best; those who share a place have the better rank.
    pub rank: u32,
    /// Its result, rounded as the rules say.
    pub score: Points,
    /// So many scores it has.
    pub scores: usize,
    /// So many a side were left out.
    pub trimmed: usize,
    /// What set it before the next one of equal result.
    pub by: Option<Tie>,
    /// Others have the same rank, and the rules say that the panel votes.
    pub revote: bool,
}

/// Ranks the entries of one panel; those without a score are left out. `votes` are those of a vote between equals.
///
/// # Errors
/// Internal for scores that no card gives.
pub fn rank(
    setup: &RoundSetup,
    (judges, entries): (usize, usize),
    given: &[Given],
    votes: &HashMap<usize, i64>,
) -> Result<Vec<Standing>> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let rows = given.iter().map(|one| (one.judge, one.entry, one.total.decimal())).collect();
    let table = Table::new(judges, entries, rows).map_err(|fault| Error::internal(fault.to_string()))?;
    let how = Mean { trim: setup.method.trim.engine(), digits: Some(setup.method.digits), ties: Vec::new() };
    let means = ranking::mean(&table, &how);
    let mut of: HashMap<usize, Vec<&Given>> = HashMap::new();
    given.iter().for_each(|one| of.entry(one.entry).or_default().push(one));
    let mut rows: Vec<Row> = means
        .iter()
        .map(|place| Row {
            entry: place.entry,
            score: place.exact.half_up(setup.method.digits).to_string().parse().unwrap_or_default(),
            exact: place.exact,
            scores: place.scores,
            trimmed: place.trimmed,
            given: of.remove(&place.entry).unwrap_or_default(),
            votes: votes.get(&place.entry).copied(),
        })
        .collect();
    rows.sort_by(|a, b| order(setup, a, b).0.then(a.entry.cmp(&b.entry)));
    Ok(standings(setup, &rows))
}

/// The same, each class by itself: `classes` says of every entry to which it belongs. Classes come in the order of their first
/// entries.
///
/// # Errors
/// As [`rank`].
pub fn rank_classes<C: PartialEq>(
    setup: &RoundSetup,
    judges: usize,
    classes: &[C],
    given: &[Given],
    votes: &HashMap<usize, i64>,
) -> Result<Vec<Standing>> {
    let mut found = Vec::with_capacity(classes.len());
    for (at, class) in classes.iter().enumerate() {
        if classes[..at].contains(class) {
            continue;
        }
        let own: Vec<Given> = given.iter().filter(|one| classes[one.entry] == *class).cloned().collect();
        found.extend(rank(setup, (judges, classes.len()), &own, votes)?);
    }
    Ok(found)
}

struct Row<'a> {
    entry: usize,
    score: Points,
    exact: Ratio,
    scores: usize,
    trimmed: usize,
    given: Vec<&'a Given>,
    votes: Option<i64>,
}

/// Which comes first, and by which rule where their results are equal.
fn order<'s>(setup: &'s RoundSetup, a: &Row<'_>, b: &Row<'_>) -> (Ordering, Option<&'s Tie>) {
    match b.exact.cmp(&a.exact) {
        Ordering::Equal => {}
        other => return (other, None),
    }
    for tie in &setup.method.ties {
        let found = match tie {
            Tie::Criterion(key) => {
                let place = setup.criteria.iter().position(|one| one.key == *key).unwrap_or(usize::MAX);
                mean_of(b, place).cmp(&mean_of(a, place))
            }
            Tie::Highest => extreme(b, true).cmp(&extreme(a, true)),
            Tie::Lowest => extreme(b, false).cmp(&extreme(a, false)),
            Tie::Median => median(b).cmp(&median(a)),
            // Whoever was not voted on stays where they are.
            Tie::Revote => match (a.votes, b.votes) {
                (Some(a), Some(b)) => b.cmp(&a),
                _ => Ordering::Equal,
            },
        };
        if found != Ordering::Equal {
            return (found, Some(tie));
        }
    }
    (Ordering::Equal, None)
}

/// The mean of a criterion over a denominator that all entries share, so that whole numbers are compared.
fn mean_of(row: &Row<'_>, place: usize) -> i128 {
    let marks: Vec<i128> =
        row.given.iter().filter_map(|one| one.marks.get(place)).map(|mark| i128::from(mark.0)).collect();
    // The least common multiple of 1 to 40: exact for every number of judges up to forty.
    const COMMON: i128 = 5_342_931_457_063_200;
    let count = marks.len().max(1) as i128;
    marks.iter().sum::<i128>() * COMMON / count
}

fn totals(row: &Row<'_>) -> Vec<i64> {
    let mut totals: Vec<i64> = row.given.iter().map(|one| one.total.0).collect();
    totals.sort_unstable();
    totals
}

fn extreme(row: &Row<'_>, highest: bool) -> Option<i64> {
    let totals = totals(row);
    if highest { totals.last().copied() } else { totals.first().copied() }
}

/// Twice the median, which is whole.
fn median(row: &Row<'_>) -> i64 {
    let totals = totals(row);
    match totals.len() {
        0 => 0,
        count => totals[(count - 1) / 2] + totals[count / 2],
    }
}

fn standings(setup: &RoundSetup, rows: &[Row<'_>]) -> Vec<Standing> {
    let votes = setup.method.ties.contains(&Tie::Revote);
    let mut found: Vec<Standing> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let same = at > 0 && order(setup, &rows[at - 1], row).0 == Ordering::Equal;
        let rank = if same { found[at - 1].rank } else { at as u32 + 1 };
        let by = rows.get(at + 1).and_then(|next| order(setup, row, next).1).cloned();
        let (score, scores, trimmed) = (row.score, row.scores, row.trimmed);
        found.push(Standing { entry: row.entry, rank, score, scores, trimmed, by, revote: false });
        if same && votes {
            found[at].revote = true;
            found[at - 1].revote = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Method, Trim};

    fn setup(ties: Vec<Tie>) -> RoundSetup {
        RoundSetup { method: Method { trim: Trim::One, digits: 2, ties }, ..RoundSetup::default() }
    }

    fn given(setup: &RoundSetup, entry: usize, totals: &[i64]) -> Vec<Given> {
        let one = |(judge, total): (usize, &i64)| {
            let mut marks = vec![Points::whole(0); setup.criteria.len()];
            // All of it in the last criteria first, so that the first one stays low.
            let mut left = Points::whole(*total).0;
            for (mark, criterion) in marks.iter_mut().zip(&setup.criteria).rev() {
                *mark = Points(left.min(criterion.most.0));
                left -= mark.0;
            }
            Given { judge, entry, total: setup.total(&marks), marks }
        };
        totals.iter().enumerate().map(one).collect()
    }

    #[test]
    fn the_highest_and_the_lowest_of_five_are_dropped_and_two_places_kept() {
        let setup = setup(Vec::new());
        let mut all = given(&setup, 0, &[100, 90, 89, 90, 10]);
        all.extend(given(&setup, 1, &[90, 90, 90, 90, 90]));
        let found = rank(&setup, (5, 2), &all, &HashMap::new()).unwrap();
        let shown: Vec<(usize, u32, String, usize)> =
            found.iter().map(|one| (one.entry, one.rank, one.score.fixed(2), one.trimmed)).collect();
        assert_eq!(shown, [(1, 1, "90.00".into(), 1), (0, 2, "89.67".into(), 1)]);
    }

    #[test]
    fn equals_share_a_rank_until_the_panel_has_voted() {
        let setup = setup(vec![Tie::Revote]);
        let mut all = Vec::new();
        for entry in 0..3 {
            all.extend(given(&setup, entry, &[80, 80, 80]));
        }
        let open = rank(&setup, (3, 3), &all, &HashMap::new()).unwrap();
        assert!(open.iter().all(|one| one.rank == 1 && one.revote));
        let votes = HashMap::from([(0, 1), (1, 4), (2, 2)]);
        let voted = rank(&setup, (3, 3), &all, &votes).unwrap();
        let shown: Vec<(usize, u32, bool)> = voted.iter().map(|one| (one.entry, one.rank, one.revote)).collect();
        assert_eq!(shown, [(1, 1, false), (2, 2, false), (0, 3, false)]);
        assert_eq!(voted[0].by, Some(Tie::Revote));
    }

    #[test]
    fn a_criterion_decides_between_equal_results() {
        let setup = setup(vec![Tie::Criterion("technology".into()), Tie::Revote]);
        let mark = |technology: i64, business: i64| {
            vec![Points::whole(technology), Points::whole(business), Points::whole(20), Points::whole(10)]
        };
        let one = |judge, entry, marks: Vec<Points>| Given { judge, entry, total: setup.total(&marks), marks };
        let all = [one(0, 0, mark(20, 20)), one(1, 0, mark(20, 20)), one(0, 1, mark(25, 15)), one(1, 1, mark(16, 24))];
        let found = rank(&setup, (2, 2), &all, &HashMap::new()).unwrap();
        assert_eq!(found.iter().map(|one| one.entry).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(found[0].by, Some(Tie::Criterion("technology".into())));
        assert!(!found[0].revote);
    }

    #[test]
    fn classes_are_ranked_each_by_itself() {
        let setup = setup(Vec::new());
        let mut all = Vec::new();
        for (entry, total) in [(0, 60), (1, 90), (2, 70), (3, 80)] {
            all.extend(given(&setup, entry, &[total; 3]));
        }
        let found = rank_classes(&setup, 3, &["a", "b", "a", "b"], &all, &HashMap::new()).unwrap();
        let shown: Vec<(usize, u32)> = found.iter().map(|one| (one.entry, one.rank)).collect();
        assert_eq!(shown, [(2, 1), (0, 2), (1, 1), (3, 2)]);
    }

    #[test]
    fn nobody_scored_is_no_ranking() {
        assert!(rank(&setup(Vec::new()), (3, 2), &[], &HashMap::new()).unwrap().is_empty());
    }

    proptest! {
        /// Against sorting by hand: the mean of what is left after dropping, in whole hundredths of hundredths.
        #[test]
        fn a_ranking_is_that_of_means_by_hand(scores in prop::collection::vec(prop::collection::vec(0_i64..=100, 5..=7), 1..12)) {
            let setup = setup(Vec::new());
            let judges = 7;
            let mut all = Vec::new();
            for (entry, totals) in scores.iter().enumerate() {
                all.extend(given(&setup, entry, totals));
            }
            let found = rank(&setup, (judges, scores.len()), &all, &HashMap::new()).unwrap();
            let by_hand = |entry: usize| {
                let mut totals = scores[entry].clone();
                totals.sort_unstable();
                let kept = &totals[1..totals.len() - 1];
                // Half up to two places.
                (kept.iter().sum::<i64>() * 200 + kept.len() as i64) / (2 * kept.len() as i64)
            };
            for one in &found {
                prop_assert_eq!(one.score.0, by_hand(one.entry) * 100);
                let better = (0..scores.len()).filter(|other| by_hand(*other) > by_hand(one.entry)).count();
                prop_assert_eq!(one.rank as usize, better + 1);
            }
        }
    }
}
