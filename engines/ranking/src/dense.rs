//! Symmetric positive definite systems, densely.

/// Lower triangle L with A = L·Lᵀ, by rows.
pub(crate) struct Factor {
    size: usize,
    rows: Vec<f64>,
}

/// A sum of products in eight lanes, so that it becomes vector code.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let (one, two) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = one.remainder().iter().zip(two.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in one.zip(two) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

impl Factor {
    /// Cholesky; none if the matrix (by rows, lower triangle used) is not positive definite.
    pub fn new(mut matrix: Vec<f64>, size: usize) -> Option<Factor> {
        for row in 0..size {
            let (done, rest) = matrix.split_at_mut(row * size);
            let this = &mut rest[..size];
            for column in 0..row {
                let other = &done[column * size..][..=column];
                this[column] = (this[column] - dot(&this[..column], &other[..column])) / other[column];
            }
            let square = this[row] - dot(&this[..row], &this[..row]);
            if !(square > 0.0 && square.is_finite()) {
                return None;
            }
            this[row] = square.sqrt();
        }
        Some(Factor { size, rows: matrix })
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.size..][..=row]
    }

    /// A⁻¹ b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for row in 0..self.size {
            let l = self.row(row);
            x[row] = (x[row] - dot(&l[..row], &x[..row])) / l[row];
        }
        for row in (0..self.size).rev() {
            let l = self.row(row);
            x[row] /= l[row];
            let value = x[row];
            for (x, l) in x[..row].iter_mut().zip(l) {
                *x -= l * value;
            }
        }
        x
    }

    /// L⁻¹ by columns.
    pub fn inverse(&self) -> Inverse {
        let size = self.size;
        let mut columns = vec![0.0; size * size];
        for (at, column) in columns.chunks_exact_mut(size).enumerate() {
            column[at] = 1.0 / self.row(at)[at];
            for row in at + 1..size {
                let l = self.row(row);
                column[row] = -dot(&l[at..row], &column[at..row]) / l[row];
            }
        }
        Inverse { size, columns }
    }
}

/// The inverse of A, as the factor L⁻¹.
pub(crate) struct Inverse {
    size: usize,
    columns: Vec<f64>,
}

impl Inverse {
    /// One element of A⁻¹.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        let from = row.max(column);
        let of = |at: usize| &self.columns[at * self.size + from..(at + 1) * self.size];
        dot(of(row), of(column))
    }
}
