//! The matrix of affinities, as whole numbers.
//!
//! Sums of binary fractions depend on the order of summation; sums of whole numbers do not. So scores become whole
//! numbers once, and every comparison afterwards is exact.

use crate::Fault;

/// A cell of the matrix; a barred pair holds [`Cell::BARRED`].
pub(crate) trait Cell: Copy + Ord + Send + Sync + 'static {
    /// The mark of a pair that may not be assigned; below every score.
    const BARRED: Self;
    /// Prices of which two can be added without leaving the width.
    const FITS: std::ops::Range<i64>;
    fn wide(self) -> i64;
    /// A value within [`Cell::FITS`] in this width.
    fn cut(wide: i64) -> Self;
    fn plus(self, other: Self) -> Self;
}

impl Cell for i32 {
    const BARRED: i32 = i32::MIN;
    fn wide(self) -> i64 {
        i64::from(self)
    }
    const FITS: std::ops::Range<i64> = -(1 << 30) + 1..1 << 30;
    fn cut(wide: i64) -> i32 {
        wide as i32
    }
    fn plus(self, other: i32) -> i32 {
        self.wrapping_add(other)
    }
}

impl Cell for i64 {
    const BARRED: i64 = i64::MIN;
    fn wide(self) -> i64 {
        self
    }
    const FITS: std::ops::Range<i64> = -(1 << 62) + 1..1 << 62;
    fn cut(wide: i64) -> i64 {
        wide
    }
    fn plus(self, other: i64) -> i64 {
        self.wrapping_add(other)
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Cells {
    /// Scores below 2³⁰ in size.
    Narrow(Vec<i32>),
    /// Scores up to 2⁴⁴ in size.
    Wide(Vec<i64>),
}

/// Runs a generic pass over whichever width the matrix has.
macro_rules! with_cells {
    ($cells:expr, $name:ident => $body:expr) => {
        match $cells {
            $crate::scores::Cells::Narrow($name) => $body,
            $crate::scores::Cells::Wide($name) => $body,
        }
    };
}
pub(crate) use with_cells;

/// Affinities of judges (rows) and entries (columns), row by row: finite, of either sign, kept as whole numbers of
/// `1 / scale`.
#[derive(Debug, Clone)]
pub struct Scores {
    pub(crate) judges: usize,
    pub(crate) entries: usize,
    pub(crate) scale: f64,
    pub(crate) cells: Cells,
}

const NARROW: i64 = 1 << 30;
const WIDE: i64 = 1 << 44;

impl Scores {
    /// Whole numbers; the true score is the value divided by `scale`. No copy is made.
    ///
    /// # Errors
    /// Names the pair of a score of 2³⁰ and more (use [`Scores::from_i64`]), or the wrong length.
    pub fn from_i32(judges: usize, entries: usize, values: Vec<i32>, scale: f64) -> Result<Scores, Fault> {
        check_shape(judges, entries, values.len())?;
        check_scale(scale)?;
        if let Some(at) = values.iter().position(|value| i64::from(*value).abs() >= NARROW) {
            let value = f64::from(values[at]);
            return Err(bad(at, entries, value));
        }
        Ok(Scores { judges, entries, scale, cells: Cells::Narrow(values) })
    }

    /// Whole numbers of up to 2⁴⁴; the true score is the value divided by `scale`.
    ///
    /// # Errors
    /// Names the pair of a score that is too large, or the wrong length.
    pub fn from_i64(judges: usize, entries: usize, values: Vec<i64>, scale: f64) -> Result<Scores, Fault> {
        check_shape(judges, entries, values.len())?;
        check_scale(scale)?;
        let mut most = 0;
        for (at, value) in values.iter().enumerate() {
            if value.unsigned_abs() > WIDE as u64 {
                return Err(bad(at, entries, *value as f64));
            }
            most = most.max(value.abs());
        }
        let cells = if most < NARROW {
            Cells::Narrow(values.into_iter().map(|value| value as i32).collect())
        } else {
            Cells::Wide(values)
        };
        Ok(Scores { judges, entries, scale, cells })
    }

    /// Numbers as they are. Decimals of at most nine digits are kept exactly; others are kept to 2⁻⁴⁴ of the largest. The
    /// whole numbers take the place of `values` in memory.
    ///
    /// # Errors
    /// Names the pair of a score that is not finite, or the wrong length.
    pub fn from_f64(judges: usize, entries: usize, values: Vec<f64>) -> Result<Scores, Fault> {
        Scores::from_real(judges, entries, values, |value| value, |value, whole, scale| whole / scale == value)
    }

    /// Single-precision numbers; `0.1` means the decimal 0.1 and not its binary neighbour.
    ///
    /// # Errors
    /// Names the pair of a score that is not finite, or the wrong length.
    pub fn from_f32(judges: usize, entries: usize, values: Vec<f32>) -> Result<Scores, Fault> {
        Scores::from_real(judges, entries, values, f64::from, |value, whole, scale| (whole / scale) as f32 == value)
    }

    fn from_real<R: Copy>(
        judges: usize,
        entries: usize,
        values: Vec<R>,
        wide: impl Fn(R) -> f64,
        same: impl Fn(R, f64, f64) -> bool,
    ) -> Result<Scores, Fault> {
        check_shape(judges, entries, values.len())?;
        let mut most = 0.0f64;
        for (at, value) in values.iter().enumerate() {
            let value = wide(*value);
            if !value.is_finite() {
                return Err(bad(at, entries, value));
            }
            most = most.max(value.abs());
        }
        for digits in 0..=9 {
            let scale = 10f64.powi(digits);
            if most * scale >= NARROW as f64 {
                break;
            }
            if values.iter().all(|value| same(*value, (wide(*value) * scale).round(), scale)) {
                // Collecting from the list itself writes into its own memory: the matrix is there once.
                let cells = values.into_iter().map(|value| (wide(value) * scale).round() as i32).collect();
                return Ok(Scores { judges, entries, scale, cells: Cells::Narrow(cells) });
            }
        }
        // The power of two that brings the largest score just below 2⁴⁴: most scores stay exact.
        let mut exponent = 44 - most.log2().ceil() as i32;
        exponent = exponent.clamp(-1000, 1000);
        let scale = 2f64.powi(exponent);
        let cells = values.into_iter().map(|value| (wide(value) * scale).round() as i64).collect();
        Ok(Scores { judges, entries, scale, cells: Cells::Wide(cells) })
    }

    /// How many judges: rows.
    #[must_use]
    pub fn judges(&self) -> usize {
        self.judges
    }

    /// How many entries: columns.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// True score = whole number / scale.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The whole number of a pair; `None` if it is barred.
    pub(crate) fn get(&self, judge: usize, entry: usize) -> Option<i64> {
        let at = judge * self.entries + entry;
        match &self.cells {
            Cells::Narrow(cells) => (cells[at] != i32::BARRED).then(|| cells[at].wide()),
            Cells::Wide(cells) => (cells[at] != i64::BARRED).then_some(cells[at]),
        }
    }

    /// Takes a bar away; `score` is a whole number that was in this matrix, or 0.
    pub(crate) fn allow(&mut self, judge: usize, entry: usize, score: i64) {
        let at = judge * self.entries + entry;
        match &mut self.cells {
            Cells::Narrow(cells) => cells[at] = i32::cut(score),
            Cells::Wide(cells) => cells[at] = score,
        }
    }

    pub(crate) fn bar(&mut self, judge: usize, entry: usize) {
        let at = judge * self.entries + entry;
        match &mut self.cells {
            Cells::Narrow(cells) => cells[at] = i32::BARRED,
            Cells::Wide(cells) => cells[at] = i64::BARRED,
        }
    }
}

fn check_shape(judges: usize, entries: usize, values: usize) -> Result<(), Fault> {
    if judges == 0 {
        return Err(Fault::NoJudges);
    }
    if entries == 0 {
        return Err(Fault::NoEntries);
    }
    if judges >= 1 << 24 || entries >= 1 << 24 {
        return Err(Fault::TooMany { judges, entries });
    }
    if judges.checked_mul(entries) != Some(values) {
        return Err(Fault::Shape { judges, entries, values });
    }
    Ok(())
}

fn check_scale(scale: f64) -> Result<(), Fault> {
    if scale.is_finite() && scale > 0.0 { Ok(()) } else { Err(Fault::Scale { scale }) }
}

fn bad(at: usize, entries: usize, value: f64) -> Fault {
    Fault::Score { judge: at / entries, entry: at % entries, value }
}
