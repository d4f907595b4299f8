//! Traces of the inverse that the variances need: exactly for few judges, by sampling (Hutchinson, 1989) for many.

use super::equations::{Equations, Solution};

/// Up to so many rows the inverse is computed.
const FEW: usize = 160;
/// Vectors of signs for larger ones; with hundreds of judges each is within a few per mille by itself.
const SAMPLES: usize = 8;

pub(super) struct Traces {
    /// The last solution, to start the next from.
    last: Vec<f64>,
    samples: Vec<Sample>,
}

struct Sample {
    signs: Vec<f64>,
    solved: Vec<f64>,
}

pub(super) struct Trace {
    pub entries: f64,
    pub judges: f64,
}

impl Traces {
    pub fn new(equations: &Equations) -> Traces {
        let size = equations.size();
        let count = if size <= FEW { 0 } else { SAMPLES };
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        let samples = (0..count)
            .map(|_| {
                let signs = (0..size).map(|_| sign(&mut state)).collect();
                Sample { signs, solved: vec![0.0; size] }
            })
            .collect();
        Traces { last: vec![0.0; size], samples }
    }

    pub fn solve(&mut self, equations: &Equations) -> Solution {
        let right = equations.right();
        let exact = if self.samples.is_empty() { equations.factor() } else { None };
        self.last = match exact {
            Some(factor) => factor.solve(&right),
            None => conjugate(equations, &right, std::mem::take(&mut self.last)),
        };
        equations.complete(self.last.clone())
    }

    /// The traces of the blocks of entries and of judges that have scores.
    pub fn of_inverse(&mut self, equations: &Equations) -> Trace {
        let alone = equations.entries_alone();
        let idle = equations.judges_without_scores() as f64 / equations.ratio_judges;
        if self.samples.is_empty()
            && let Some(inverse) = equations.factor().map(|factor| factor.inverse())
        {
            let judges: f64 = (0..equations.size() - 1).map(|judge| inverse.at(judge, judge)).sum();
            return Trace { entries: alone + equations.entries_exactly(&inverse), judges: judges - idle };
        }
        let (mut entries, mut judges) = (0.0, 0.0);
        for sample in &mut self.samples {
            sample.solved = conjugate(equations, &sample.signs, std::mem::take(&mut sample.solved));
            entries += equations.entries_quadratic(&sample.signs, &sample.solved);
            let last = equations.size() - 1;
            judges += sample.signs[..last].iter().zip(&sample.solved).map(|(sign, x)| sign * x).sum::<f64>();
        }
        let count = self.samples.len().max(1) as f64;
        Trace { entries: alone + entries / count, judges: judges / count - idle }
    }
}

/// SplitMix64 (Steele, Lea, Flood, 2014); the same every time.
fn sign(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    if (z ^ (z >> 31)) & 1 == 0 { 1.0 } else { -1.0 }
}

/// Conjugate gradients with the diagonal as preconditioner.
pub(super) fn conjugate(equations: &Equations, right: &[f64], start: Vec<f64>) -> Vec<f64> {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let diagonal = equations.diagonal();
    let mut x = start;
    let mut left: Vec<f64> = right.iter().zip(equations.times(&x)).map(|(b, ax)| b - ax).collect();
    let scaled = |left: &[f64]| left.iter().zip(&diagonal).map(|(r, d)| r / d).collect::<Vec<f64>>();
    let mut way = scaled(&left);
    let mut size = product(&left, &way);
    let enough = 1e-18 * product(right, &scaled(right)).max(f64::MIN_POSITIVE);
    for _ in 0..10 * right.len() {
        if size <= enough {
            break;
        }
        let step_along = equations.times(&way);
        let step = size / product(&way, &step_along);
        x.iter_mut().zip(&way).for_each(|(x, way)| *x += step * way);
        left.iter_mut().zip(&step_along).for_each(|(left, along)| *left -= step * along);
        let next_way = scaled(&left);
        let next = product(&left, &next_way);
        let turn = next / size;
        way.iter_mut().zip(&next_way).for_each(|(way, next)| *way = next + turn * *way);
        size = next;
    }
    x
}
