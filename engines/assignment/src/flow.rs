//! Whether needs can be met at all: a maximum flow without scores, over sets of bits.
//!
//! One side needs so many different partners, the other gives each so many. Both sides of an assignment fit: entries need
//! judges, and judges with a minimum need entries.

use std::collections::VecDeque;

use crate::network::NONE;

/// Who needs how many of whom.
#[derive(Debug, Clone)]
pub(crate) struct Needs {
    pub need: Vec<u32>,
    pub give: Vec<u32>,
    /// By needer: the givers it may have, one bit each.
    pub may: Vec<Vec<u64>>,
    /// By giver: its class, if needers may have only so many of one class.
    pub class: Option<(Vec<u32>, Vec<u32>)>,
}

/// A flow that grows and shrinks with the needers taken in.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub has: Vec<Vec<u32>>,
    holders: Vec<Vec<u32>>,
    pub load: Vec<u32>,
    pub active: Vec<bool>,
}

/// What a search without success reached.
pub(crate) struct Reached {
    pub needers: Vec<u32>,
}

/// A step of the search: a needer that may exchange, and the class of which it dropped one if that class was full.
#[derive(Clone, Copy)]
struct Visit {
    needer: u32,
    dropped: u32,
    /// The visit before and the giver that was taken from this needer.
    before: usize,
    giver: u32,
}

impl Needs {
    pub fn may(&self, needer: usize, giver: usize) -> bool {
        self.may[needer][giver / 64] >> (giver % 64) & 1 == 1
    }

    pub fn allow(&mut self, needer: usize, giver: usize) {
        self.may[needer][giver / 64] |= 1 << (giver % 64);
    }

    fn class_of(&self, giver: usize) -> u32 {
        self.class.as_ref().map_or(NONE, |class| class.0[giver])
    }

    fn most_of_class(&self, needer: usize) -> u32 {
        self.class.as_ref().map_or(u32::MAX, |class| class.1[needer])
    }
}

impl Flow {
    pub fn new(needs: &Needs) -> Flow {
        Flow {
            has: vec![Vec::new(); needs.need.len()],
            holders: vec![Vec::new(); needs.give.len()],
            load: vec![0; needs.give.len()],
            active: vec![false; needs.need.len()],
        }
    }

    pub fn lack(&self, needs: &Needs, needer: usize) -> u32 {
        if self.active[needer] { needs.need[needer] - self.has[needer].len() as u32 } else { 0 }
    }

    pub fn total_lack(&self, needs: &Needs) -> u64 {
        (0..needs.need.len()).map(|needer| u64::from(self.lack(needs, needer))).sum()
    }

    /// Gives a needer as much as there is.
    pub fn serve(&mut self, needs: &Needs, needer: usize) {
        self.active[needer] = true;
        while self.lack(needs, needer) > 0 && self.augment(needs, needer).is_ok() {}
    }

    /// Gives all needers taken in as much as there is, where some of it came free.
    pub fn fill(&mut self, needs: &Needs) {
        for needer in (0..needs.need.len()).filter(|needer| self.active[*needer]).collect::<Vec<_>>() {
            self.serve(needs, needer);
        }
    }

    /// Takes a needer out.
    pub fn release(&mut self, needer: usize) {
        self.active[needer] = false;
        for giver in std::mem::take(&mut self.has[needer]) {
            self.load[giver as usize] -= 1;
            self.holders[giver as usize].retain(|one| *one as usize != needer);
        }
    }

    /// Takes back what a giver gave.
    pub fn withdraw(&mut self, giver: usize) {
        self.load[giver] = 0;
        for needer in std::mem::take(&mut self.holders[giver]) {
            self.has[needer as usize].retain(|one| *one as usize != giver);
        }
    }

    pub fn give(&mut self, needer: usize, giver: usize) {
        self.has[needer].push(giver as u32);
        self.holders[giver].push(needer as u32);
        self.load[giver] += 1;
    }

    fn take(&mut self, needer: usize, giver: usize) {
        self.has[needer].retain(|one| *one as usize != giver);
        self.holders[giver].retain(|one| *one as usize != needer);
        self.load[giver] -= 1;
    }

    fn is_full(&self, needs: &Needs, needer: usize, class: u32) -> bool {
        let most = needs.most_of_class(needer);
        class != NONE
            && self.has[needer].iter().filter(|giver| needs.class_of(**giver as usize) == class).count() as u64
                >= u64::from(most)
    }

    /// One more giver for a needer, by exchanges if need be.
    pub fn augment(&mut self, needs: &Needs, needer: usize) -> Result<(), Reached> {
        let words = needs.give.len().div_ceil(64);
        let mut seen = vec![0u64; words];
        let mut free: Vec<bool> = vec![false; needs.need.len()];
        let mut visits = vec![Visit { needer: needer as u32, dropped: NONE, before: usize::MAX, giver: NONE }];
        free[needer] = true;
        let mut queue = VecDeque::from([0usize]);
        while let Some(at) = queue.pop_front() {
            let visit = visits[at];
            let who = visit.needer as usize;
            for (word, seen) in seen.iter_mut().enumerate() {
                let mut open = needs.may[who][word] & !*seen;
                while open != 0 {
                    let giver = word * 64 + open.trailing_zeros() as usize;
                    open &= open - 1;
                    let class = needs.class_of(giver);
                    let crowded = class != NONE && class != visit.dropped && self.is_full(needs, who, class);
                    if crowded || self.has[who].contains(&(giver as u32)) {
                        continue;
                    }
                    *seen |= 1 << (giver % 64);
                    if self.load[giver] < needs.give[giver] {
                        self.shift(&visits, at, giver);
                        return Ok(());
                    }
                    for &holder in &self.holders[giver] {
                        // Who drops one of a full class may take one of it again, so that is asked even after the
                        // same needer could drop something else.
                        let full = self.is_full(needs, holder as usize, class);
                        if !full && std::mem::replace(&mut free[holder as usize], true) {
                            continue;
                        }
                        visits.push(Visit {
                            needer: holder,
                            dropped: if full { class } else { NONE },
                            before: at,
                            giver: giver as u32,
                        });
                        queue.push_back(visits.len() - 1);
                    }
                }
            }
        }
        let mut needers: Vec<u32> = visits.iter().map(|visit| visit.needer).collect();
        needers.sort_unstable();
        needers.dedup();
        Err(Reached { needers })
    }

    /// Hands givers on along the visits.
    fn shift(&mut self, visits: &[Visit], mut at: usize, giver: usize) {
        let mut comes = giver;
        loop {
            let visit = visits[at];
            if visit.before == usize::MAX {
                self.give(visit.needer as usize, comes);
                return;
            }
            self.take(visit.needer as usize, visit.giver as usize);
            self.give(visit.needer as usize, comes);
            comes = visit.giver as usize;
            at = visit.before;
        }
    }
}
