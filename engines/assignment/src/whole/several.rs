//! Exchanges among several entries at once: the sets of a dozen entries that compete for judges are chosen anew, exactly, so
//! that their sum grows. Prices say which sets come into question: in any better assignment what all sets fall short of
//! their entries' best, and what judges leave unused of dear places, is together less than now, so the search for one
//! leaves nearly everything out at once.

use std::cell::Cell;

use super::Lot;
use super::pools::Pools;
use super::prices::Priced;
use super::sets::{Set, Sets};
use crate::watch::{Stage, Stopped, Watch, tell};

/// So many sets of an entry at most.
const SETS: usize = 6000;
/// So many steps in the search for them, over all entries.
const SET_STEPS: u64 = 60_000_000;
/// So many sets of an entry, and so many steps in the search for them, where any assignment will do.
const ANY_SETS: usize = 1000;
const ANY_STEPS: u64 = 10_000_000;
/// So many sets are looked at in one exchange, and in one among all entries.
const LOOKS: u64 = 200_000;
const ALL_LOOKS: u64 = 8_000_000;
/// So many sets at most on all levels of a search together, which bounds its memory.
const LEVELS: usize = 4_000_000;
/// So many among all entries without an end, and so many exchanges without gain, are enough.
const TIRED: usize = 3;
const QUIET: usize = 1500;
/// Entries exchanged at once, at least and at most.
const FEWEST: usize = 4;
const MOST: usize = 26;

/// An assignment as sets, with what comes into question instead.
pub(crate) struct Several<'a> {
    pools: &'a Pools,
    price: &'a [i64],
    /// By entry, the least short first.
    sets: Vec<Vec<Set>>,
    now: Vec<Set>,
    load: Vec<i64>,
    /// By pool: entries that have it.
    held: Vec<Vec<u32>>,
    /// What the present sets and loads fall short of the bound.
    gap: i64,
    /// Sums differ by this at least.
    grid: i64,
    /// Whether `sets` are all that come into question.
    whole: bool,
    proved: bool,
}

/// A search among the sets of some entries.
struct Search<'s> {
    entries: Vec<u32>,
    room: Vec<i64>,
    /// By pool: how much of the room may stay empty.
    spare: Vec<i64>,
    chosen: Vec<Option<&'s Set>>,
    looks: Cell<u64>,
}

/// Judges sets that were chosen, and the room they leave.
type Good<'g> = dyn FnMut(&[Option<&Set>], &[i64]) -> bool + 'g;

impl<'a> Several<'a> {
    /// `has`: by entry, its judges with their scores, kept ones left out.
    pub fn new(
        pools: &'a Pools,
        sets: &mut Sets,
        priced: &'a Priced,
        has: &[Vec<(u32, i64)>],
        grid: i64,
        watch: &dyn Watch,
    ) -> Result<Several<'a>, Stopped> {
        let price = &priced.price;
        let mut load = vec![0i64; pools.count()];
        let mut held = vec![Vec::new(); pools.count()];
        let mut now = Vec::new();
        for (entry, judges) in has.iter().enumerate() {
            let mut of: Vec<u32> = judges.iter().map(|one| pools.of[one.0 as usize]).collect();
            of.sort_unstable();
            let value = judges.iter().map(|one| one.1 * sets.fine).sum::<i64>()
                - of.iter().map(|pool| price[*pool as usize]).sum::<i64>();
            for pool in &of {
                load[*pool as usize] += 1;
                held[*pool as usize].push(entry as u32);
            }
            let score = judges.iter().map(|one| one.1).sum();
            now.push(Set { short: priced.top[entry] - value, score, pools: of });
        }
        let mut several =
            Several { pools, price, sets: Vec::new(), now, load, held, gap: 0, grid, whole: true, proved: false };
        several.gap = several.now.iter().map(|set| set.short).sum::<i64>() + several.unused();
        for entry in 0..sets.entries() {
            tell(watch, Stage::Levelling, entry, sets.entries())?;
            let (list, all) =
                sets.within(entry, price, priced.top[entry], several.gap, SETS, SET_STEPS / sets.entries() as u64);
            several.sets.push(list);
            several.whole &= all;
        }
        Ok(several)
    }

    /// What dear places that are not used, and cheap ones that are, cost.
    fn unused(&self) -> i64 {
        let cost = |judge: usize| match self.price[judge] {
            over if over > 0 => over * (self.pools.high[judge] - self.load[judge]),
            under => -under * (self.load[judge] - self.pools.low[judge]),
        };
        (0..self.load.len()).map(cost).sum()
    }

    /// Entries and judges, kept pairs left out.
    pub fn pairs(&self) -> Vec<(u32, u32)> {
        self.pools.spread(self.now.iter().map(|set| set.pools.as_slice()))
    }

    /// Whether it is shown that nothing better is left.
    pub fn is_best(&self) -> bool {
        self.proved || self.gap < self.grid
    }

    /// Exchanges until nothing better is left, or is found by looking at so many sets.
    pub fn improve(&mut self, effort: u64, watch: &dyn Watch) -> Result<(), Stopped> {
        let mut left = effort;
        self.exchange_all(&mut left, watch)?;
        let mut lot = Lot(0x5EED_2021);
        let mut quiet = 0;
        while !self.is_best() && left > 0 && quiet < QUIET {
            tell(watch, Stage::Levelling, (effort - left) as usize, effort as usize)?;
            let entries = self.neighbours(&mut lot);
            let (found, looks) = self.better(&entries, i64::MAX, LOOKS);
            left = left.saturating_sub(looks + 1);
            quiet = if found.is_some() { 0 } else { quiet + 1 };
            found.into_iter().for_each(|found| self.take(found));
        }
        Ok(())
    }

    /// Looks for the assignment that falls least short among all: within a small part of the gap first, where there are few
    /// sets, then within more, until all of the gap is looked through or one of these takes too long.
    fn exchange_all(&mut self, left: &mut u64, watch: &dyn Watch) -> Result<(), Stopped> {
        let entries: Vec<u32> = (0..self.now.len() as u32).collect();
        let mut most = (self.gap >> 6).max(1);
        let mut tired = 0;
        while !self.is_best() && tired < TIRED && *left > 0 {
            tell(watch, Stage::Levelling, tired, TIRED)?;
            let (found, looks) = self.better(&entries, most, ALL_LOOKS);
            *left = left.saturating_sub(looks);
            let ended = looks >= ALL_LOOKS;
            tired += usize::from(ended);
            match found {
                Some(found) => self.take(found),
                None if most >= self.gap => {
                    self.proved = !ended && self.whole;
                    return Ok(());
                }
                None => most += most / 4 + 1,
            }
        }
        Ok(())
    }

    fn take(&mut self, found: Vec<(u32, Set)>) {
        for (entry, set) in found {
            let before = std::mem::replace(&mut self.now[entry as usize], set);
            for &pool in &before.pools {
                self.load[pool as usize] -= 1;
                self.held[pool as usize].retain(|one| *one != entry);
            }
            for &pool in &self.now[entry as usize].pools {
                self.load[pool as usize] += 1;
                self.held[pool as usize].push(entry);
            }
        }
        // A pool that an entry has several times is held by it once too often now or too rarely.
        self.held.iter_mut().for_each(|held| held.dedup());
        self.gap = self.now.iter().map(|set| set.short).sum::<i64>() + self.unused();
    }

    /// An entry that is short, those that hold the judges of a better set of it, those that hold what these would like
    /// instead, and so on.
    fn neighbours(&self, lot: &mut Lot) -> Vec<u32> {
        let most = (FEWEST + lot.below(MOST - FEWEST + 1)).min(self.now.len());
        let mut entries = vec![lot.below(self.now.len()) as u32];
        let mut tries = 0;
        while entries.len() < most && tries < 8 * MOST {
            tries += 1;
            let entry = entries[lot.below(entries.len())] as usize;
            let list = &self.sets[entry];
            if list.is_empty() {
                continue;
            }
            // The square prefers sets that fall short little.
            let share = lot.below(list.len()) * lot.below(list.len()) / list.len();
            for pool in &list[share].pools {
                for &holder in &self.held[*pool as usize] {
                    if entries.len() < most && !entries.contains(&holder) {
                        entries.push(holder);
                    }
                }
            }
        }
        entries
    }

    /// Other sets of these entries with a larger sum.
    fn better(&self, entries: &[u32], within: i64, looks: u64) -> (Option<Vec<(u32, Set)>>, u64) {
        let mut room: Vec<i64> = self.pools.high.iter().zip(&self.load).map(|(high, load)| high - load).collect();
        for &entry in entries {
            self.now[entry as usize].pools.iter().for_each(|judge| room[*judge as usize] += 1);
        }
        let mut seen = 0;
        let mut order: Vec<(u32, Vec<&Set>)> = Vec::with_capacity(entries.len());
        // What is left of the gap once all others stay as they are, is what these may fall short.
        let others: i64 = self.gap - entries.iter().map(|entry| self.now[*entry as usize].short).sum::<i64>();
        let most = (self.gap - (others - self.unused())).min(within);
        for &entry in entries {
            let end = self.sets[entry as usize].partition_point(|set| set.short < most);
            let list = self.sets[entry as usize][..end].iter();
            seen += end as u64;
            let list: Vec<&Set> = list
                .filter(|set| set.pools.iter().all(|pool| room[*pool as usize] >= often(&set.pools, *pool)))
                .collect();
            order.push((entry, list));
        }
        if order.iter().map(|one| one.1.len()).sum::<usize>() * order.len() > LEVELS {
            return (None, looks + seen);
        }
        let (entries, lists): (Vec<u32>, Vec<Vec<&Set>>) = order.into_iter().unzip();
        let before: i64 = entries.iter().map(|entry| self.now[*entry as usize].score).sum();
        let mut search = Search::new(self.pools, entries, room, looks);
        let found = search.from(&lists, most - 1, &mut |chosen, room| {
            chosen.iter().flatten().map(|set| set.score).sum::<i64>() > before && are_served(self.pools, room)
        });
        let sets = search.chosen.iter().flatten().map(|set| (*set).clone());
        (found.then(|| search.entries.iter().copied().zip(sets).collect()), looks - search.looks.get() + seen)
    }
}

impl<'s> Search<'s> {
    fn new(pools: &Pools, entries: Vec<u32>, room: Vec<i64>, looks: u64) -> Search<'s> {
        let spare = pools.high.iter().zip(&pools.low).map(|(high, low)| high - low).collect();
        Search { chosen: vec![None; entries.len()], spare, entries, room, looks: Cell::new(looks) }
    }

    /// Chooses sets for the entries that have none, which together fall short by `left` at most; true once `good` takes
    /// them. The entry with the fewest sets left comes next.
    fn from(&mut self, lists: &[Vec<&'s Set>], left: i64, good: &mut Good) -> bool {
        let open = |at: &usize| self.chosen[*at].is_none();
        let Some(next) = (0..lists.len()).filter(open).min_by_key(|at| lists[*at].len()) else {
            return good(&self.chosen, &self.room);
        };
        let rest: i64 = (0..lists.len())
            .filter(open)
            .filter(|at| *at != next)
            .filter_map(|at| lists[at].first())
            .map(|set| set.short)
            .sum();
        for &set in &lists[next] {
            if set.short + rest > left || self.looks.get() == 0 {
                return false;
            }
            set.pools.iter().for_each(|pool| self.room[*pool as usize] -= 1);
            self.chosen[next] = Some(set);
            let further = self.further(lists, left - set.short);
            if further.is_some_and(|further| self.from(&further, left - set.short, good)) {
                return true;
            }
            self.chosen[next] = None;
            set.pools.iter().for_each(|pool| self.room[*pool as usize] += 1);
        }
        false
    }

    /// The sets that can still be part of a choice that serves all and falls short by `left` at most, as far as counting
    /// shows; none if an entry has none left.
    fn further(&self, lists: &[Vec<&'s Set>], left: i64) -> Option<Vec<Vec<&'s Set>>> {
        let mut further = lists.to_vec();
        let all = lists.iter().map(Vec::len).sum::<usize>() as u64;
        self.looks.set(self.looks.get().saturating_sub(all));
        for (at, list) in further.iter_mut().enumerate() {
            match self.chosen[at] {
                Some(_) => list.clear(),
                None => list
                    .retain(|set| set.pools.iter().all(|pool| self.room[*pool as usize] >= often(&set.pools, *pool))),
            }
        }
        loop {
            let all = further.iter().map(Vec::len).sum::<usize>() as u64 + 1;
            self.looks.set(self.looks.get().saturating_sub(all));
            let mut least = 0;
            for (at, list) in further.iter().enumerate() {
                if self.chosen[at].is_none() {
                    least += list.first()?.short;
                }
            }
            if least > left {
                return None;
            }
            let mut changed = false;
            for list in &mut further {
                let Some(own) = list.first().map(|set| set.short) else { continue };
                let end = list.partition_point(|set| set.short - own + least <= left);
                changed |= end < list.len();
                list.truncate(end);
            }
            changed |= self.count(&mut further)?;
            if !changed {
                return Some(further);
            }
        }
    }

    /// Counts how often each pool is taken at least and at most; where one of the two is all there is room for, or all
    /// that suffices, other sets go. Whether any went; none if it cannot be.
    fn count(&self, further: &mut [Vec<&'s Set>]) -> Option<bool> {
        let mut range = vec![(0i64, 0i64); self.room.len()];
        let mut seen: Vec<(u32, i64, i64, usize)> = Vec::new();
        let mut of: Vec<Vec<(u32, i64, i64)>> = Vec::with_capacity(further.len());
        for list in further.iter() {
            seen.clear();
            for set in list {
                for (at, &pool) in set.pools.iter().enumerate() {
                    if at > 0 && set.pools[at - 1] == pool {
                        continue;
                    }
                    let times = often(&set.pools, pool);
                    match seen.iter_mut().find(|one| one.0 == pool) {
                        Some(one) => *one = (pool, one.1.min(times), one.2.max(times), one.3 + 1),
                        None => seen.push((pool, times, times, 1)),
                    }
                }
            }
            let least = |one: &(u32, i64, i64, usize)| if one.3 < list.len() { 0 } else { one.1 };
            let counts: Vec<_> = seen.iter().map(|one| (one.0, least(one), one.2)).collect();
            for &(pool, least, most) in &counts {
                range[pool as usize].0 += least;
                range[pool as usize].1 += most;
            }
            of.push(counts);
        }
        let need = |pool: usize| self.room[pool] - self.spare[pool];
        for (pool, (least, most)) in range.iter().enumerate() {
            if *least > self.room[pool] || *most < need(pool) {
                return None;
            }
        }
        let mut changed = false;
        for (list, counts) in further.iter_mut().zip(&of) {
            for &(pool, least, most) in counts.iter().filter(|one| one.1 < one.2) {
                let (all_least, all_most) = range[pool as usize];
                if all_least == self.room[pool as usize] {
                    list.retain(|set| often(&set.pools, pool) == least);
                    changed = true;
                } else if all_most == need(pool as usize) {
                    list.retain(|set| often(&set.pools, pool) == most);
                    changed = true;
                }
            }
        }
        Some(changed)
    }
}

/// Whether all pools have what they must, with so much room left.
fn are_served(pools: &Pools, room: &[i64]) -> bool {
    room.iter().zip(pools.high.iter().zip(&pools.low)).all(|(room, (high, low))| high - room >= *low)
}

/// Any assignment of sets, as pairs of entry and judge; without one, whether there is none for certain. Prices say which
/// sets are tried first.
pub(crate) fn any(pools: &Pools, sets: &mut Sets, price: &[i64]) -> (Option<Vec<(u32, u32)>>, bool) {
    let mut lists = Vec::with_capacity(sets.entries());
    let (mut steps, few) = (ANY_STEPS, ANY_STEPS / sets.entries() as u64);
    let mut all = true;
    let keep = (2 * LEVELS / sets.entries().pow(2)).clamp(1, ANY_SETS);
    for entry in 0..sets.entries() {
        let Some((top, _)) = sets.best(entry, price, &mut steps) else { return (None, steps > 0) };
        let (list, whole) = sets.within(entry, price, top, i64::MAX, keep, few);
        lists.push(list);
        all &= whole;
    }
    let lists: Vec<Vec<&Set>> = lists.iter().map(|list| list.iter().collect()).collect();
    let entries = (0..lists.len() as u32).collect();
    let mut search = Search::new(pools, entries, pools.high.clone(), LOOKS * 10);
    let Some(first) = search.further(&lists, i64::MAX) else { return (None, all) };
    let found = search.from(&first, i64::MAX, &mut |_, room| are_served(pools, room));
    let pairs = found.then(|| pools.spread(search.chosen.iter().flatten().map(|set| set.pools.as_slice())));
    (pairs, all && search.looks.get() > 0)
}

/// How often a pool stands in a set.
fn often(pools: &[u32], pool: u32) -> i64 {
    pools.iter().filter(|one| **one == pool).count() as i64
}
