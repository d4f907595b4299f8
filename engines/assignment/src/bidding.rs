//! A first guess at the judges' prices: rounds of a simultaneous ascending auction.
//!
//! In each round every entry asks for the judges it likes best at present prices. A judge that is asked for too often
//! raises its price to the highest offer that loses, where an offer is what the judge is worth to an entry above its next
//! best choice. Starting from nothing, prices never pass those of the cheapest equilibrium (Demange, Gale, Sotomayor,
//! Multi-item auctions, 1986), so what is left to `path` is small. Nothing depends on how far the rounds come.

use crate::network::Network;

/// Rounds end when so few units are too many, relative to all units, or when a round gains little.
const GOOD_ENOUGH: i64 = 100;
const MOST_ROUNDS: usize = 80;

pub(crate) fn raise_prices(network: &mut Network) {
    if network.bounds.pair != 1 {
        return;
    }
    let units: i64 = network.bounds.demand.iter().sum();
    let mut bids: Vec<Vec<i64>> = vec![Vec::new(); network.judges()];
    let mut best = Vec::new();
    let mut before = i64::MAX / 16;
    for round in 0..MOST_ROUNDS {
        for list in &mut bids {
            list.clear();
        }
        for entry in 0..network.entries() {
            bid(network, entry, &mut best, &mut bids);
        }
        let too_many = raise(network, &mut bids);
        if too_many * GOOD_ENOUGH <= units || (round % 8 == 7 && too_many * 10 > before * 9) {
            return;
        }
        if round % 8 == 7 {
            before = too_many;
        }
    }
}

/// The offers of one entry: for each of its best judges, the price at which it would rather take another.
fn bid(network: &Network, entry: usize, best: &mut Vec<(i64, u32)>, bids: &mut [Vec<i64>]) {
    let want = network.bounds.demand[entry] as usize;
    if want == 0 {
        return;
    }
    best.clear();
    let mut least = i64::MIN;
    for arc in &network.arcs[entry] {
        let value = arc.score - network.judge_price[arc.judge as usize];
        if value <= least {
            continue;
        }
        let at = best.iter().rposition(|one| one.0 >= value).map_or(0, |at| at + 1);
        best.insert(at, (value, arc.judge));
        if best.len() > want {
            best.truncate(want + 1);
            least = best[want].0;
        }
    }
    let Some(next) = best.get(want).map(|one| one.0) else { return };
    for (value, judge) in &best[..want] {
        bids[*judge as usize].push(network.judge_price[*judge as usize] + value - next);
    }
}

/// Raises the price of every judge that is asked for too often; answers by how many units in all.
fn raise(network: &mut Network, bids: &mut [Vec<i64>]) -> i64 {
    let mut too_many = 0;
    for (judge, list) in bids.iter_mut().enumerate() {
        let most = network.bounds.high[judge].max(0) as usize;
        if list.len() > most {
            too_many += (list.len() - most) as i64;
            let (_, price, _) = list.select_nth_unstable_by(most, |a, b| b.cmp(a));
            network.judge_price[judge] = network.judge_price[judge].max(*price);
        }
    }
    too_many
}
