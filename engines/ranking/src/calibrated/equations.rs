//! Henderson's mixed model equations, with the entries eliminated: what is left has a row for each judge and a last one
//! for μ.

use super::Variances;
use crate::dense::{Factor, Inverse};
use crate::table::Table;

pub(super) struct Equations {
    /// Judges of each entry, one after the other; those of entry i are `judges[start[i]..start[i + 1]]`.
    start: Vec<u32>,
    judges: Vec<u32>,
    values: Vec<f64>,
    /// Scores of each judge.
    counts: Vec<f64>,
    sums: Vec<f64>,
    /// Error variance over that of entries, of judges.
    pub ratio_entries: f64,
    pub ratio_judges: f64,
}

pub(super) struct Solution {
    pub mean: f64,
    pub entries: Vec<f64>,
    pub judges: Vec<f64>,
}

impl Equations {
    pub fn new(table: &Table, entries: &[usize]) -> Equations {
        let mut equations = Equations {
            start: vec![0],
            judges: Vec::with_capacity(table.rows),
            values: Vec::with_capacity(table.rows),
            counts: vec![0.0; table.judges],
            sums: vec![0.0; table.judges],
            ratio_entries: 1.0,
            ratio_judges: 4.0,
        };
        for &entry in entries {
            for &(judge, units) in &table.by_entry[entry] {
                let value = units as f64 / table.one as f64;
                equations.judges.push(judge);
                equations.values.push(value);
                equations.counts[judge as usize] += 1.0;
                equations.sums[judge as usize] += value;
            }
            equations.start.push(equations.judges.len() as u32);
        }
        equations
    }

    pub fn set(&mut self, variances: &Variances) {
        self.ratio_entries = variances.error / variances.entries;
        self.ratio_judges = variances.error / variances.judges;
    }

    pub fn scores(&self) -> usize {
        self.values.len()
    }

    pub fn entries(&self) -> usize {
        self.start.len() - 1
    }

    /// Rows of the reduced system.
    pub fn size(&self) -> usize {
        self.counts.len() + 1
    }

    pub fn judges_with_scores(&self) -> usize {
        self.counts.iter().filter(|count| **count > 0.0).count()
    }

    /// Judges without a score keep the variance they began with: in the inverse each counts 1 / ratio.
    pub fn judges_without_scores(&self) -> usize {
        self.counts.len() - self.judges_with_scores()
    }

    pub fn total_variance(&self) -> f64 {
        let mean = self.values.iter().sum::<f64>() / self.values.len() as f64;
        self.values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / self.values.len() as f64
    }

    fn of(&self, entry: usize) -> (&[u32], &[f64]) {
        let range = self.start[entry] as usize..self.start[entry + 1] as usize;
        (&self.judges[range.clone()], &self.values[range])
    }

    /// The right-hand side of the reduced system.
    pub fn right(&self) -> Vec<f64> {
        let mean = self.counts.len();
        let mut right = self.sums.clone();
        right.push(self.values.iter().sum());
        for entry in 0..self.entries() {
            let (judges, values) = self.of(entry);
            let share = values.iter().sum::<f64>() / (judges.len() as f64 + self.ratio_entries);
            judges.iter().for_each(|judge| right[*judge as usize] -= share);
            right[mean] -= share * judges.len() as f64;
        }
        right
    }

    /// The reduced matrix times a vector.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        let mean = self.counts.len();
        let mut y: Vec<f64> =
            self.counts.iter().zip(x).map(|(count, x_j)| (count + self.ratio_judges) * x_j + count * x[mean]).collect();
        let all: f64 = self.counts.iter().zip(x).map(|(count, x_j)| count * (x_j + x[mean])).sum();
        y.push(all);
        for entry in 0..self.entries() {
            let judges = self.of(entry).0;
            let share = self.sum_at(judges, x) / (judges.len() as f64 + self.ratio_entries);
            judges.iter().for_each(|judge| y[*judge as usize] -= share);
            y[mean] -= share * judges.len() as f64;
        }
        y
    }

    fn sum_at(&self, judges: &[u32], x: &[f64]) -> f64 {
        judges.iter().map(|judge| x[*judge as usize]).sum::<f64>() + judges.len() as f64 * x[self.counts.len()]
    }

    /// The diagonal of the reduced matrix.
    pub fn diagonal(&self) -> Vec<f64> {
        let mean = self.counts.len();
        let mut diagonal: Vec<f64> = self.counts.iter().map(|count| count + self.ratio_judges).collect();
        diagonal.push(self.values.len() as f64);
        for entry in 0..self.entries() {
            let judges = self.of(entry).0;
            let (count, share) = (judges.len() as f64, 1.0 / (judges.len() as f64 + self.ratio_entries));
            judges.iter().for_each(|judge| diagonal[*judge as usize] -= share);
            diagonal[mean] -= share * count * count;
        }
        diagonal
    }

    /// The reduced matrix, by rows.
    fn matrix(&self) -> Vec<f64> {
        let (size, mean) = (self.size(), self.counts.len());
        let mut matrix = vec![0.0; size * size];
        for (judge, count) in self.counts.iter().enumerate() {
            matrix[judge * size + judge] = count + self.ratio_judges;
            matrix[mean * size + judge] = *count;
        }
        matrix[mean * size + mean] = self.values.len() as f64;
        for entry in 0..self.entries() {
            let judges = self.of(entry).0;
            let (count, share) = (judges.len() as f64, 1.0 / (judges.len() as f64 + self.ratio_entries));
            for one in judges {
                for other in judges.iter().filter(|other| *other <= one) {
                    matrix[*one as usize * size + *other as usize] -= share;
                }
                matrix[mean * size + *one as usize] -= share * count;
            }
            matrix[mean * size + mean] -= share * count * count;
        }
        matrix
    }

    pub fn factor(&self) -> Option<Factor> {
        Factor::new(self.matrix(), self.size())
    }

    /// Puts the entries back.
    pub fn complete(&self, reduced: Vec<f64>) -> Solution {
        let mean = reduced[self.counts.len()];
        let entry = |entry: usize| {
            let (judges, values) = self.of(entry);
            (values.iter().sum::<f64>() - self.sum_at(judges, &reduced)) / (judges.len() as f64 + self.ratio_entries)
        };
        let entries = (0..self.entries()).map(entry).collect();
        let mut judges = reduced;
        judges.pop();
        Solution { mean, entries, judges }
    }

    pub fn solve(&self) -> Solution {
        let right = self.right();
        let reduced = match self.factor() {
            Some(factor) => factor.solve(&right),
            None => super::traces::conjugate(self, &right, vec![0.0; self.size()]),
        };
        self.complete(reduced)
    }

    /// Σ y·(y − μ − entry − judge), which at the solution divided by the degrees of freedom estimates the error, less
    /// what the penalties take: the plain sum of squared residuals.
    pub fn squares_left(&self, solution: &Solution) -> f64 {
        let mut squares = 0.0;
        for (entry, value) in solution.entries.iter().enumerate() {
            let (judges, values) = self.of(entry);
            for (judge, score) in judges.iter().zip(values) {
                let left = score - solution.mean - value - solution.judges[*judge as usize];
                squares += left * left;
            }
        }
        squares
    }

    /// Σ over entries of the inverse's diagonal, given x ↦ inverse · x on a vector of signs: an unbiased guess.
    pub fn entries_quadratic(&self, signs: &[f64], solved: &[f64]) -> f64 {
        let of = |entry: usize| {
            let judges = self.of(entry).0;
            let share = 1.0 / (judges.len() as f64 + self.ratio_entries);
            share * share * self.sum_at(judges, signs) * self.sum_at(judges, solved)
        };
        (0..self.entries()).map(of).sum()
    }

    /// Σ over entries of 1 / (count + ratio).
    pub fn entries_alone(&self) -> f64 {
        self.start.windows(2).map(|pair| 1.0 / (f64::from(pair[1] - pair[0]) + self.ratio_entries)).sum()
    }

    /// Σ over entries of the inverse's diagonal beyond [`Equations::entries_alone`].
    pub fn entries_exactly(&self, inverse: &Inverse) -> f64 {
        let of = |entry: usize| {
            let judges = self.of(entry).0;
            let share = 1.0 / (judges.len() as f64 + self.ratio_entries);
            share * share * self.form(judges, 1.0, judges.len() as f64, inverse)
        };
        (0..self.entries()).map(of).sum()
    }

    /// v' · inverse · v for a vector that is `own` at these judges and `mean` at μ.
    fn form(&self, judges: &[u32], own: f64, mean: f64, inverse: &Inverse) -> f64 {
        let last = self.counts.len();
        let mut form = mean * mean * inverse.at(last, last);
        for (at, one) in judges.iter().enumerate() {
            let one = *one as usize;
            form += own * own * inverse.at(one, one) + 2.0 * own * mean * inverse.at(one, last);
            for other in &judges[..at] {
                form += 2.0 * own * own * inverse.at(one, *other as usize);
            }
        }
        form
    }

    /// The variance of the error of μ + entry, over the error variance, for each entry.
    pub fn prediction_errors(&self) -> Vec<f64> {
        let Some(inverse) = self.factor().map(|factor| factor.inverse()) else {
            return vec![1.0 / self.ratio_entries; self.entries()];
        };
        let of = |entry: usize| {
            let judges = self.of(entry).0;
            let share = 1.0 / (judges.len() as f64 + self.ratio_entries);
            share + self.form(judges, share, share * judges.len() as f64 - 1.0, &inverse)
        };
        (0..self.entries()).map(of).collect()
    }
}
