//! The draw: dependent rounding (Gandhi, Khuller, Parthasarathy, Srinivasan, 2006).
//!
//! While pairs are uncertain, units move around a ring of them, or along a path between judges, one way or the other by lot,
//! in such proportion that nobody's chance changes, until a pair is certain or impossible. Sums at entries never change,
//! those at judges end at one of the two nearest whole numbers.

use super::Lottery;
use super::sha256::Sha256;

/// What is published before a draw: SHA-256 of `jinmen.assignment.draw.v1`, a zero byte and the seed.
#[must_use]
pub fn commitment(seed: &[u8]) -> [u8; 32] {
    Sha256::new().digest(&[b"jinmen.assignment.draw.v1\0", seed])
}

/// Numbers from SHA-256 of the seed and a counter: anybody can repeat them with any implementation of it.
struct Lots {
    hash: Sha256,
    seed: [u8; 32],
    counter: u64,
}

impl Lots {
    fn new(seed: &[u8]) -> Lots {
        let hash = Sha256::new();
        let seed = hash.digest(&[b"jinmen.assignment.lots.v1\0", seed]);
        Lots { hash, seed, counter: 0 }
    }

    /// A number below `most`, all equally likely: the first eight bytes of SHA-256(seed ‖ counter), big-endian; those
    /// at or above the largest multiple of `most` are passed over.
    fn below(&mut self, most: u64) -> u64 {
        let limit = u64::MAX - u64::MAX % most;
        loop {
            let digest = self.hash.digest(&[&self.seed, &self.counter.to_be_bytes()]);
            self.counter += 1;
            let mut first = [0; 8];
            first.copy_from_slice(&digest[..8]);
            let number = u64::from_be_bytes(first);
            if number < limit {
                return number % most;
            }
        }
    }
}

struct Rounding<'a> {
    certain: u32,
    /// Judge, entry node, units.
    pairs: Vec<(u32, u32, u32)>,
    /// By node (judges, then entries): its pairs; certain and impossible ones are dropped when met.
    at: Vec<Vec<u32>>,
    lots: &'a mut Lots,
}

pub(super) fn draw(lottery: &Lottery, judges: usize, entries: usize, seed: &[u8]) -> Vec<(u32, u32)> {
    let mut lots = Lots::new(seed);
    let mut rounding = Rounding {
        certain: lottery.certain,
        pairs: lottery.units.iter().map(|&(entry, judge, units)| (judge, judges as u32 + entry, units)).collect(),
        at: vec![Vec::new(); judges + entries],
        lots: &mut lots,
    };
    for (number, pair) in rounding.pairs.iter().enumerate() {
        rounding.at[pair.0 as usize].push(number as u32);
        rounding.at[pair.1 as usize].push(number as u32);
    }
    // Paths first, from judges with a single uncertain pair; then everything left consists of rings.
    for node in 0..judges + entries {
        while let Some(walk) = rounding.walk(node as u32) {
            rounding.shift(&walk);
        }
    }
    let taken = rounding.pairs.iter().filter(|pair| pair.2 == lottery.certain);
    let mut drawn: Vec<(u32, u32)> = taken.map(|pair| (pair.1 - judges as u32, pair.0)).collect();
    drawn.sort_unstable();
    drawn
}

impl Rounding<'_> {
    fn uncertain(&self, pair: u32) -> bool {
        let units = self.pairs[pair as usize].2;
        units > 0 && units < self.certain
    }

    /// An uncertain pair of a node other than this one.
    fn next(&mut self, node: u32, but: Option<u32>) -> Option<u32> {
        let mut list = std::mem::take(&mut self.at[node as usize]);
        list.retain(|pair| self.uncertain(*pair));
        let found = list.iter().copied().find(|pair| Some(*pair) != but);
        self.at[node as usize] = list;
        found
    }

    /// A ring of uncertain pairs, or a path of them that goes no further at either end. None if the node has none.
    fn walk(&mut self, start: u32) -> Option<Vec<u32>> {
        self.next(start, None)?;
        let (walk, ring, end) = self.follow(start);
        if ring {
            return Some(walk);
        }
        // The walk ran into an end; from there it runs to the other end, or into a ring.
        let (walk, _, _) = self.follow(end);
        Some(walk)
    }

    /// Follows uncertain pairs until a node comes again (a ring) or none is left (a path).
    fn follow(&mut self, start: u32) -> (Vec<u32>, bool, u32) {
        let mut nodes = vec![start];
        let mut walk: Vec<u32> = Vec::new();
        let mut last = None;
        let mut node = start;
        while let Some(pair) = self.next(node, last) {
            let (judge, entry, _) = self.pairs[pair as usize];
            node = if node == judge { entry } else { judge };
            walk.push(pair);
            if let Some(at) = nodes.iter().position(|one| *one == node) {
                return (walk.split_off(at), true, node);
            }
            nodes.push(node);
            last = Some(pair);
        }
        (walk, false, node)
    }

    /// Moves units along a walk, one way or the other by lot.
    fn shift(&mut self, walk: &[u32]) {
        let units = |rounding: &Rounding, at: usize| rounding.pairs[walk[at] as usize].2;
        let room = |rounding: &Rounding, even: bool| {
            let up =
                (0..walk.len()).filter(|at| (at % 2 == 0) == even).map(|at| rounding.certain - units(rounding, at));
            let down = (0..walk.len()).filter(|at| (at % 2 == 0) != even).map(|at| units(rounding, at));
            up.chain(down).min().unwrap_or(0)
        };
        let (one, other) = (room(self, true), room(self, false));
        let first = self.lots.below(u64::from(one) + u64::from(other)) < u64::from(other);
        for (at, pair) in walk.iter().enumerate() {
            let pair = &mut self.pairs[*pair as usize];
            match (first, (at % 2 == 0) == first) {
                (true, true) => pair.2 += one,
                (true, false) => pair.2 -= one,
                (false, true) => pair.2 += other,
                (false, false) => pair.2 -= other,
            }
        }
    }
}
