//! Judge-bias calibration: a mixed model with random entries and random judges.
//!
//! score = μ + entry + judge + error, all but μ normal and independent. The variances come from the data by restricted
//! maximum likelihood (Patterson, Thompson, 1971), found by Schall's fixed point (1991), which divides each sum of squares
//! by its effective number of parameters. Entries are predicted by BLUP (Henderson, 1975) with their prediction error,
//! that of μ and of the judges included.
//!
//! Judges without bias get a variance near zero, and the ranking becomes that of means; judges who share no entry, nor a
//! chain of them, are compared by shrinkage only, and the answer says in how many parts the scores fall.

mod equations;
mod traces;

use equations::Equations;
use traces::Traces;

use crate::place::{Place, places};
use crate::table::Table;

/// Rounds of the fixed point; it ends earlier when variances stay.
const ROUNDS: usize = 400;
const STILL: f64 = 1e-7;
/// Variances below this share of the error count as none.
const LEAST: f64 = 1e-6;

/// Variances of the model, on the square of the input scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variances {
    /// Between entries.
    pub entries: f64,
    /// Between judges: their leniency.
    pub judges: f64,
    /// Of a single score around what entry and judge make of it.
    pub error: f64,
}

/// A calibrated ranking.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// By rank.
    pub places: Vec<Place>,
    /// The estimated mean.
    pub mean: f64,
    /// The estimated leniency of each judge; 0 for one without scores.
    pub leniency: Vec<f64>,
    /// The estimated variances; none where there are too few scores to tell, and then intervals are missing as well.
    pub variances: Option<Variances>,
    /// How many parts the graph of judges and entries falls into.
    pub components: usize,
}

impl Calibration {
    /// Whether all judges can be compared with each other.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.components == 1
    }
}

/// Ranks entries by what they are worth to a judge of average leniency.
///
/// Costs a few sparse passes over the scores a round, and once the cube of the number of judges for the intervals.
#[must_use]
pub fn calibrated(table: &Table) -> Calibration {
    let entries: Vec<usize> = table.scored().collect();
    let mut equations = Equations::new(table, &entries);
    let known = estimate(&mut equations);
    let solution = equations.solve();
    let deviations: Vec<Option<f64>> = match known {
        Some(found) => equations.prediction_errors().into_iter().map(|one| Some((one * found.error).sqrt())).collect(),
        None => vec![None; entries.len()],
    };
    let scores = entries.iter().zip(&solution.entries).zip(deviations);
    Calibration {
        places: places(scores.map(|((entry, value), deviation)| (*entry, solution.mean + value, deviation)).collect()),
        mean: solution.mean,
        leniency: solution.judges,
        variances: known,
        components: table.components().1,
    }
}

/// Sets the variances of the equations to their estimates. Without enough scores they stay as they began.
fn estimate(equations: &mut Equations) -> Option<Variances> {
    let total = equations.total_variance();
    let scores = equations.scores() as f64;
    if scores < 4.0 || total <= 0.0 {
        return None;
    }
    let mut variances = Variances { entries: total / 2.0, judges: total / 8.0, error: total / 2.0 };
    let mut traces = Traces::new(equations);
    for _ in 0..ROUNDS {
        equations.set(&variances);
        let solution = traces.solve(equations);
        let trace = traces.of_inverse(equations);
        let (entries, judges) = (equations.entries() as f64, equations.judges_with_scores() as f64);
        let known_entries = (entries - equations.ratio_entries * trace.entries).max(1e-9);
        let known_judges = (judges - equations.ratio_judges * trace.judges).max(1e-9);
        let left = scores - 1.0 - known_entries - known_judges;
        if left <= 1e-6 * scores {
            return None;
        }
        let square = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
        let error = equations.squares_left(&solution) / left;
        let least = LEAST * error.max(LEAST * total);
        let next = Variances {
            entries: (square(&solution.entries) / known_entries).max(least),
            judges: (square(&solution.judges) / known_judges).max(least),
            error: error.max(LEAST * total),
        };
        let moved = (next.entries - variances.entries).abs()
            + (next.judges - variances.judges).abs()
            + (next.error - variances.error).abs();
        variances = next;
        if moved < STILL * total {
            break;
        }
    }
    equations.set(&variances);
    Some(variances)
}
