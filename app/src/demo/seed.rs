//! Numbers that look like chance and are the same in every run: SplitMix64.

/// The one number from which everything invented follows.
const ROOT: u64 = 0x0120_1990_2021_0618;

/// A stream of numbers.
pub struct Seed(u64);

impl Seed {
    /// The stream of one part, so that what another part draws does not move it.
    pub fn of(part: &str) -> Self {
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(part.bytes().fold(ROOT, fold))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another; 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % (limit.max(1) as u64)) as usize
    }

    /// A number from the first to the last.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = usize::try_from(last - first).unwrap_or_default();
        first + self.below(width + 1) as i64
    }

    /// True in so many cases of a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several; the list is never empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The place of one of several with weights.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut at = self.below(total as usize) as u32;
        for (place, weight) in weights.enumerate() {
            if at < weight {
                return place;
            }
            at -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_every_time_and_differs_from_others() {
        let draw = |part| -> Vec<i64> {
            let mut seed = Seed::of(part);
            (0..8).map(|_| seed.between(0, 1_000_000)).collect()
        };
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
    }

    #[test]
    fn weights_are_kept_roughly() {
        let mut seed = Seed::of("weights");
        let heavy = (0..1_000).filter(|_| seed.weighted([1, 9].into_iter()) == 1).count();
        assert!((850..950).contains(&heavy), "{heavy}");
    }
}
