//! Places in a ranking.

/// Half the width of a 90 % interval, in standard deviations.
pub(crate) const NINETY: f64 = 1.644_853_626_951_472_2;

/// A 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A place in a ranking by estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The entry.
    pub entry: usize,
    /// 1 is the best; equals share the better rank.
    pub rank: usize,
    /// The estimate.
    pub score: f64,
    /// Its 90 % interval; none where the data say nothing about it.
    pub interval: Option<Interval>,
}

/// Estimates that differ by less are equal: rounding made the difference.
const SAME: f64 = 1e-9;

/// Ranks estimates; `deviation` is the standard deviation of each.
pub(crate) fn places(scores: Vec<(usize, f64, Option<f64>)>) -> Vec<Place> {
    let mut order = scores;
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut places: Vec<Place> = Vec::with_capacity(order.len());
    for (at, (entry, score, deviation)) in order.into_iter().enumerate() {
        let rank = match places.last() {
            Some(before) if (before.score - score).abs() <= SAME * (1.0 + score.abs()) => before.rank,
            _ => at + 1,
        };
        let interval = deviation.map(|one| Interval { low: score - NINETY * one, high: score + NINETY * one });
        places.push(Place { entry, rank, score, interval });
    }
    places
}
