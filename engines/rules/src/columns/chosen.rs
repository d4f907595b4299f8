//! Some rows of a block, a bit each: and, or and not of whole blocks are then a few instructions.

use super::BLOCK;

const WORDS: usize = BLOCK / 64;

/// A set of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen([u64; WORDS]);

impl Chosen {
    /// No row.
    pub const NONE: Self = Self([0; WORDS]);

    /// The first so many rows.
    pub fn first(rows: usize) -> Self {
        let mut all = Self::NONE;
        for (at, word) in all.0.iter_mut().enumerate() {
            let left = rows.saturating_sub(at * 64);
            *word = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
        }
        all
    }

    /// Those of the first so many rows for which `holds` says so.
    #[inline(always)]
    pub fn filter(rows: usize, holds: impl Fn(usize) -> bool) -> Self {
        let mut marks = [0; BLOCK];
        marks.iter_mut().take(rows).enumerate().for_each(|(row, mark)| *mark = u8::from(holds(row)));
        Self::packed(&marks)
    }

    /// Those rows of a list for whose place in it `holds` says so.
    #[inline(always)]
    pub fn listed(rows: &[u16], holds: impl Fn(usize) -> bool) -> Self {
        let mut marks = [0; BLOCK];
        rows.iter().enumerate().for_each(|(at, row)| marks[usize::from(*row) % BLOCK] = u8::from(holds(at)));
        Self::packed(&marks)
    }

    /// Rows by a byte each that is 0 or 1. To write bytes and then to gather their bits, eight by one multiplication, keeps
    /// rows independent of each other.
    #[inline(always)]
    fn packed(marks: &[u8; BLOCK]) -> Self {
        let mut found = Self::NONE;
        for (word, marks) in found.0.iter_mut().zip(marks.as_chunks::<64>().0) {
            for (at, eight) in marks.as_chunks::<8>().0.iter().enumerate() {
                let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= bits << (at * 8);
            }
        }
        found
    }

    /// Adds a row.
    pub fn insert(&mut self, row: u16) {
        self.0[usize::from(row) / 64 % WORDS] |= 1 << (row % 64);
    }

    /// Takes out every row from this one on.
    pub fn truncate(&mut self, rows: usize) {
        *self = self.and(&Self::first(rows));
    }

    /// Whether it has a row.
    pub fn has(&self, row: usize) -> bool {
        self.0[row / 64 % WORDS] >> (row % 64) & 1 == 1
    }

    /// Rows of both.
    pub fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    /// Rows of either.
    pub fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    /// Rows of this and not of the other.
    pub fn without(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & !other.0[at]))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Shows each row, upwards.
    pub fn each(&self, mut show: impl FnMut(usize)) {
        for (at, mut rest) in self.0.into_iter().enumerate() {
            while rest != 0 {
                show(at * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }

    /// The rows, upwards.
    pub fn list(&self) -> Vec<u16> {
        // Some at a time whether or not there are as many: to stop at each word's last one is seldom foreseen.
        const STEP: usize = 4;
        let count = self.count();
        let (mut rows, mut next) = (vec![0; count + STEP], 0);
        for (at, mut rest) in self.0.into_iter().enumerate() {
            let mut place = next;
            next += rest.count_ones() as usize;
            while rest != 0 {
                for row in &mut rows[place..place + STEP] {
                    *row = (at * 64) as u16 + rest.trailing_zeros() as u16;
                    rest &= rest.wrapping_sub(1);
                }
                place += STEP;
            }
        }
        rows.truncate(count);
        rows
    }
}
