//! The exact optimum: few pairs first, then as many as the prices call for.

use std::collections::HashSet;

use crate::bidding::raise_prices;
use crate::columns::{self, Picked};
use crate::network::{Bounds, Classes, Network};
use crate::path::{Found, Search};
use crate::problem::Problem;
use crate::rules::Rules;
use crate::scores::with_cells;
use crate::watch::{Stage, Stopped, Watch, tell};

/// So many judges an entry begins with, beyond four times its demand.
const FIRST: usize = 16;
/// So many more it gets when these lead nowhere.
const MORE: usize = 8;
/// After so many searches that led nowhere, it is asked whether there is an assignment at all: without one, every pair
/// would be tried before that shows.
const DOUBT: usize = 24;

/// A problem with what one way of solving it adds: classes, further bars, other bounds.
pub(crate) struct Task<'a> {
    pub problem: &'a Problem,
    pub bounds: Bounds,
    pub classes: Option<Classes>,
    pub barred: HashSet<(u32, u32)>,
    /// What was asked for; `classes` holds one of the rules.
    pub rules: Rules,
}

/// Why there is no optimum.
pub(crate) enum NoOptimum {
    /// The load of these cannot be placed.
    Infeasible,
    Stopped,
}

impl From<Stopped> for NoOptimum {
    fn from(_: Stopped) -> NoOptimum {
        NoOptimum::Stopped
    }
}

impl<'a> Task<'a> {
    /// The problem itself, less the pairs that are kept.
    pub fn plain(problem: &'a Problem) -> Option<Task<'a>> {
        let wide = |list: &[u32]| list.iter().map(|value| i64::from(*value)).collect::<Vec<_>>();
        let mut bounds = Bounds {
            demand: wide(&problem.demand),
            low: wide(&problem.load_min),
            high: wide(&problem.load_max),
            pair: 1,
        };
        for one in &problem.forced {
            let (judge, entry) = (one.judge as usize, one.entry as usize);
            bounds.demand[entry] -= 1;
            bounds.high[judge] -= 1;
            bounds.low[judge] = (bounds.low[judge] - 1).max(0);
        }
        let possible = bounds.demand.iter().chain(&bounds.high).all(|value| *value >= 0);
        possible.then(|| Task { problem, bounds, classes: None, barred: HashSet::new(), rules: Rules::default() })
    }

    /// Whether a pair that is no conflict may be used.
    pub fn open(&self, judge: usize, entry: usize) -> bool {
        if let Some(classes) = &self.classes
            && classes.most[entry] == 0
            && classes.of[judge] != crate::network::NONE
        {
            return false;
        }
        self.barred.is_empty() || !self.barred.contains(&(judge as u32, entry as u32))
    }

    /// Solves to the optimum over all pairs.
    pub fn solve(&self, watch: &dyn Watch) -> Result<Network, NoOptimum> {
        tell(watch, Stage::Choosing, 0, 1)?;
        let mut network = self.first_network();
        raise_prices(&mut network);
        for entry in 0..network.entries() {
            self.pick(&mut network, entry)?;
        }
        self.finish(&mut network, watch)?;
        Ok(network)
    }

    /// From any prices with entries picked at them to the optimum over all pairs.
    pub fn finish(&self, network: &mut Network, watch: &dyn Watch) -> Result<(), NoOptimum> {
        let mut search = Search::new(network);
        let mut pass = 0;
        loop {
            self.balance(network, &mut search, watch)?;
            tell(watch, Stage::Pricing, pass, pass + 1)?;
            pass += 1;
            let found = self.above_prices(network);
            if found.is_empty() {
                return Ok(());
            }
            self.add(network, &found)?;
        }
    }

    fn first_network(&self) -> Network {
        let mut network = Network::new(self.bounds.clone(), self.classes.clone());
        let most = self.bounds.demand.iter().copied().max().unwrap_or(0) / i64::from(self.bounds.pair) + 1;
        let keep = (4 * most as usize + FIRST).min(self.problem.judges());
        let entries = self.problem.entries();
        with_cells!(&self.problem.scores.cells, cells => {
            let best = columns::best_of_entries(cells, entries, keep, |judge, entry| self.open(judge, entry));
            for entry in 0..entries {
                let list = best.of(entry);
                network.arcs[entry].reserve_exact(list.len());
                for (score, judge) in list {
                    network.add(entry, *judge, crate::scores::Cell::wide(*score));
                }
            }
        });
        network
    }

    /// Gives an entry its best judges, looking for further ones where those at hand do not suffice.
    pub fn pick(&self, network: &mut Network, entry: usize) -> Result<(), NoOptimum> {
        while !network.pick(entry) {
            let found = self.further_judges(network, &[entry as u32], |_| true);
            if found.is_empty() {
                return Err(NoOptimum::Infeasible);
            }
            for one in found {
                network.add(entry, one.judge, one.score);
            }
        }
        Ok(())
    }

    /// Adds arcs; entries for which one is worth its price pick again.
    fn add(&self, network: &mut Network, found: &[Picked]) -> Result<(), NoOptimum> {
        let mut wanting = Vec::new();
        for one in found {
            network.add(one.entry as usize, one.judge, one.score);
            let price = network.judge_price[one.judge as usize] + network.price_at(one.entry as usize, one.judge);
            if one.score > price {
                wanting.push(one.entry);
            }
        }
        wanting.sort_unstable();
        wanting.dedup();
        for entry in wanting {
            self.pick(network, entry as usize)?;
        }
        Ok(())
    }

    /// Moves load until every judge has what is right at its price.
    fn balance(&self, network: &mut Network, search: &mut Search, watch: &dyn Watch) -> Result<(), NoOptimum> {
        let (mut done, mut stuck) = (0, 0);
        loop {
            let mut quiet = true;
            for judge in 0..network.judges() {
                loop {
                    let found = if network.load[judge] > network.most_at_price(judge) {
                        search.unload(network, judge)
                    } else if network.load[judge] < network.least_at_price(judge) {
                        search.fill(network, judge)
                    } else {
                        break;
                    };
                    quiet = false;
                    if let Found::Stuck { entries, judges } = found {
                        stuck += 1;
                        if stuck == DOUBT && self.bounds.pair == 1 && !crate::blocking::is_possible(self, watch)? {
                            return Err(NoOptimum::Infeasible);
                        }
                        self.widen(network, judge, &entries, &judges)?;
                    }
                    done += 1;
                    if done % 256 == 0 {
                        tell(watch, Stage::Balancing, done, done)?;
                    }
                }
            }
            if quiet {
                return Ok(());
            }
        }
    }

    /// Moves load within the arcs at hand, and further ones of this task, until all bounds hold.
    pub fn settle(&self, network: &mut Network, search: &mut Search) -> Result<(), NoOptimum> {
        self.balance(network, search, &())
    }

    /// Adds arcs that lead out of what a search reached.
    fn widen(&self, network: &mut Network, judge: usize, entries: &[u32], judges: &[u32]) -> Result<(), NoOptimum> {
        let found = if network.load[judge] > network.most_at_price(judge) {
            let mut reached = vec![false; network.judges()];
            judges.iter().for_each(|judge| reached[*judge as usize] = true);
            self.further_judges(network, entries, |judge| !reached[judge])
        } else {
            let mut reached = vec![false; network.entries()];
            entries.iter().for_each(|entry| reached[*entry as usize] = true);
            with_cells!(&self.problem.scores.cells, cells => {
                columns::further_entries(cells, network.entries(), judges, MORE, &network.entry_price, |judge, entry| {
                    !reached[entry] && self.open(judge, entry) && !network.has(entry, judge as u32)
                })
            })
        };
        if found.is_empty() {
            return Err(NoOptimum::Infeasible);
        }
        self.add(network, &found)
    }

    fn further_judges(&self, network: &Network, entries: &[u32], want: impl Fn(usize) -> bool) -> Vec<Picked> {
        with_cells!(&self.problem.scores.cells, cells => {
            columns::further_judges(cells, network.entries(), entries, MORE, &network.judge_price, |judge, entry| {
                want(judge) && self.open(judge, entry) && !network.has(entry, judge as u32)
            })
        })
    }

    /// The pairs outside the network that are worth more than their prices.
    fn above_prices(&self, network: &Network) -> Vec<Picked> {
        let judges = self.problem.judges();
        let share = judges.div_ceil(self.problem.threads);
        if share == judges {
            return self.above_prices_of(network, 0..judges);
        }
        std::thread::scope(|scope| {
            let parts = (0..judges).step_by(share).map(|first| first..(first + share).min(judges));
            let threads: Vec<_> = parts.map(|part| scope.spawn(move || self.above_prices_of(network, part))).collect();
            // A thread that panicked is not passed over: the proof would lack its part.
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
                .collect()
        })
    }

    fn above_prices_of(&self, network: &Network, part: std::ops::Range<usize>) -> Vec<Picked> {
        let mut found = Vec::new();
        let (judge_price, entry_price) = (&network.judge_price, &network.entry_price);
        let entries = network.entries();
        with_cells!(&self.problem.scores.cells, cells => {
            let rows = &cells[part.start * entries..part.end * entries];
            columns::above_prices(rows, part.start, judge_price, entry_price, |judge, entry, score| {
                let worth_it = score > judge_price[judge] + network.price_at(entry, judge as u32);
                if worth_it && !network.has(entry, judge as u32) && self.open(judge, entry) {
                    found.push(Picked { entry: entry as u32, judge: judge as u32, score });
                }
            });
        });
        found
    }
}
