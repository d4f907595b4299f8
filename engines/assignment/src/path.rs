//! Successive shortest paths: load moves from judges that have too much, or to judges that have too little, along paths of
//! least reduced cost; prices move by what Dijkstra's algorithm found (Tomizawa; Edmonds and Karp, 1972).
//!
//! A path runs judge → entry → judge → …: the entry drops the one and takes the other. Where an entry has all it may of a
//! class, the class is a node between them. The search stops at the first judge that can keep, or give, what moves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::network::Network;

/// What a search found.
pub(crate) enum Found {
    /// Load has moved, and prices with it.
    Moved,
    /// The arcs at hand lead nowhere: these entries and judges were reached.
    Stuck { entries: Vec<u32>, judges: Vec<u32> },
}

/// Which way load moves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Away from a judge that has too much.
    Off,
    /// Towards a judge that has too little.
    On,
}

#[derive(Clone, Copy)]
struct Label {
    distance: i64,
    search: u32,
    settled: bool,
    /// The node before.
    from: u32,
    /// The arc between the judge of this step and its entry, if the step has one.
    place: u32,
}

const NOTHING: u32 = u32::MAX;

/// Where the best path so far ends.
#[derive(Clone, Copy)]
struct End {
    judge: u32,
    total: i64,
    room: i64,
}

/// Working memory that searches share.
pub(crate) struct Search {
    labels: Vec<Label>,
    number: u32,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    /// Nodes at the distance that is being settled: ties need no heap.
    ready: Vec<u32>,
    settled: Vec<u32>,
    judges: u32,
    entries: u32,
    /// The first class node of each entry.
    class_base: Vec<u32>,
    /// The entry of each class node.
    class_entry: Vec<u32>,
}

impl Search {
    pub fn new(network: &Network) -> Search {
        let (judges, entries) = (network.judges() as u32, network.entries() as u32);
        let mut class_base = Vec::new();
        let mut class_entry = Vec::new();
        if network.classes.is_some() {
            for entry in 0..entries {
                class_base.push(judges + entries + class_entry.len() as u32);
                let most = network.bounds.demand[entry as usize].max(0) as usize;
                class_entry.extend(std::iter::repeat_n(entry, most));
            }
        }
        let nodes = judges as usize + entries as usize + class_entry.len();
        let label = Label { distance: 0, search: 0, settled: false, from: NOTHING, place: NOTHING };
        Search {
            labels: vec![label; nodes],
            number: 0,
            heap: BinaryHeap::new(),
            ready: Vec::new(),
            settled: Vec::new(),
            judges,
            entries,
            class_base,
            class_entry,
        }
    }

    /// Moves load away from a judge that has too much at its price.
    pub fn unload(&mut self, network: &mut Network, judge: usize) -> Found {
        let amount = network.load[judge] - network.most_at_price(judge);
        self.run(network, judge, amount, Way::Off)
    }

    /// Moves load to a judge that has too little at its price.
    pub fn fill(&mut self, network: &mut Network, judge: usize) -> Found {
        let amount = network.least_at_price(judge) - network.load[judge];
        self.run(network, judge, amount, Way::On)
    }

    fn run(&mut self, network: &mut Network, start: usize, amount: i64, way: Way) -> Found {
        self.number += 1;
        self.heap.clear();
        self.ready.clear();
        self.settled.clear();
        let mut end: Option<End> = None;
        let start = start as u32;
        self.labels[start as usize] =
            Label { distance: 0, search: self.number, settled: false, from: NOTHING, place: NOTHING };
        self.ready.push(start);
        let mut distance = 0;
        while let Some(node) = self.ready.pop().or_else(|| self.heap.pop().map(|Reverse((_, node))| node)) {
            let label = &mut self.labels[node as usize];
            if label.settled {
                continue;
            }
            if end.is_some_and(|end| label.distance >= end.total) {
                break;
            }
            label.settled = true;
            distance = distance.max(label.distance);
            self.settled.push(node);
            if node < self.judges {
                end = better(end, self.end_at(network, node, start, distance, way));
                if end.is_some_and(|end| end.total <= distance) {
                    break;
                }
            }
            let most = end.map_or(i64::MAX, |end| end.total);
            self.relax_from(network, node, distance, most, way);
        }
        let Some(end) = end else {
            return self.stuck();
        };
        self.move_prices(network, end.total, way);
        self.move_load(network, end, amount, way);
        Found::Moved
    }

    fn stuck(&self) -> Found {
        let (judges, entries) = (self.judges, self.entries);
        let mut reached: Vec<u32> = Vec::new();
        for &node in self.settled.iter().filter(|node| **node >= judges) {
            reached.push(if node < judges + entries {
                node - judges
            } else {
                self.class_entry[(node - judges - entries) as usize]
            });
        }
        reached.sort_unstable();
        reached.dedup();
        Found::Stuck { entries: reached, judges: self.settled.iter().copied().filter(|node| *node < judges).collect() }
    }

    /// Whether a path may end at a judge, at which cost, and how much it can take or give there.
    fn end_at(&self, network: &Network, judge: u32, start: u32, distance: i64, way: Way) -> Option<End> {
        let at = judge as usize;
        let (load, price) = (network.load[at], network.judge_price[at]);
        let (low, high) = (network.bounds.low[at], network.bounds.high[at]);
        // For the start only a change of its own price can end the path: to nothing, where any load in bounds is right.
        let (extra, room) = match way {
            Way::Off if judge == start => (-price, high - low),
            Way::On if judge == start => (price, high - low),
            Way::Off if price < 0 && load >= low => (-price, high - load),
            Way::Off => (0, if price < 0 { low - load } else { high - load }),
            Way::On if price > 0 && load <= high => (price, load - low),
            Way::On => (0, if price > 0 { load - high } else { load - low }),
        };
        let allowed = judge != start || (extra > 0 && (low..=high).contains(&load));
        // Towards the pool and from it, a judge out of bounds on the other side takes part at its own price.
        (allowed && room > 0).then_some(End { judge, total: distance + extra, room })
    }

    fn relax_from(&mut self, network: &Network, node: u32, distance: i64, most: i64, way: Way) {
        let (judges, entries) = (self.judges, self.entries);
        if node < judges {
            self.relax_judge(network, node, distance, most, way);
        } else if node < judges + entries {
            self.relax_entry(network, node, distance, most, way);
        } else {
            self.relax_class(network, node, distance, most, way);
        }
    }

    fn relax_judge(&mut self, network: &Network, judge: u32, distance: i64, most: i64, way: Way) {
        let price = network.judge_price[judge as usize];
        let class = network.class(judge);
        let arcs = if way == Way::Off { &network.held[judge as usize] } else { &network.offers[judge as usize] };
        for &(entry, place) in arcs {
            let arc = &network.arcs[entry as usize][place as usize];
            if way == Way::On && arc.flow >= network.bounds.pair {
                continue;
            }
            let (node, of_node) = match network.full_place(entry as usize, class) {
                Some(at) => (self.class_base[entry as usize] + at as u32, network.full[entry as usize][at].price),
                None => (self.judges + entry, network.entry_price[entry as usize]),
            };
            let worth = arc.score - price - of_node;
            let cost = if way == Way::Off { worth } else { -worth };
            self.relax(node, distance, cost, most, judge, place);
        }
    }

    fn relax_entry(&mut self, network: &Network, node: u32, distance: i64, most: i64, way: Way) {
        let entry = (node - self.judges) as usize;
        let own = network.entry_price[entry];
        for (place, arc) in network.arcs[entry].iter().enumerate() {
            let usable = if way == Way::Off { arc.flow < network.bounds.pair } else { arc.flow > 0 };
            if !usable {
                continue;
            }
            if let Some(at) = network.full_place(entry, network.class(arc.judge)) {
                if way == Way::On {
                    // One of the full class leaves, which makes room in the entry.
                    let class = self.class_base[entry] + at as u32;
                    self.relax(class, distance, network.full[entry][at].price - own, most, node, NOTHING);
                }
                continue;
            }
            let worth = arc.score - network.judge_price[arc.judge as usize] - own;
            let cost = if way == Way::Off { -worth } else { worth };
            self.relax(arc.judge, distance, cost, most, node, place as u32);
        }
    }

    fn relax_class(&mut self, network: &Network, node: u32, distance: i64, most: i64, way: Way) {
        let entry = self.class_entry[(node - self.judges - self.entries) as usize];
        let full = network.full[entry as usize][(node - self.class_base[entry as usize]) as usize];
        if way == Way::Off {
            // One of the full class has left, so one of any class may come.
            let cost = full.price - network.entry_price[entry as usize];
            self.relax(self.judges + entry, distance, cost, most, node, NOTHING);
        }
        for (place, arc) in network.arcs[entry as usize].iter().enumerate() {
            let usable = if way == Way::Off { arc.flow < network.bounds.pair } else { arc.flow > 0 };
            if !usable || network.class(arc.judge) != full.class {
                continue;
            }
            let worth = arc.score - network.judge_price[arc.judge as usize] - full.price;
            let cost = if way == Way::Off { -worth } else { worth };
            self.relax(arc.judge, distance, cost, most, node, place as u32);
        }
    }

    fn relax(&mut self, node: u32, distance: i64, cost: i64, most: i64, from: u32, place: u32) {
        debug_assert!(cost >= 0, "the flow is not optimal for its prices");
        let total = distance + cost;
        if total >= most {
            return;
        }
        let label = &mut self.labels[node as usize];
        if label.search == self.number && (label.settled || label.distance <= total) {
            return;
        }
        *label = Label { distance: total, search: self.number, settled: false, from, place };
        if cost == 0 {
            self.ready.push(node);
        } else {
            self.heap.push(Reverse((total, node)));
        }
    }

    /// Settled nodes move so far that the path found costs nothing.
    fn move_prices(&self, network: &mut Network, total: i64, way: Way) {
        let sign = if way == Way::Off { 1 } else { -1 };
        for &node in &self.settled {
            let change = (total - self.labels[node as usize].distance) * sign;
            if change == 0 {
                continue;
            }
            if node < self.judges {
                network.judge_price[node as usize] += change;
            } else if node < self.judges + self.entries {
                network.entry_price[(node - self.judges) as usize] -= change;
            } else {
                let entry = self.class_entry[(node - self.judges - self.entries) as usize] as usize;
                network.full[entry][(node - self.class_base[entry]) as usize].price -= change;
            }
        }
    }

    fn move_load(&self, network: &mut Network, end: End, amount: i64, way: Way) {
        let steps = self.steps(network, end.judge);
        let mut moved = amount.min(end.room);
        for &(entry, place, takes) in &steps {
            let flow = network.arcs[entry as usize][place as usize].flow;
            let takes = takes == (way == Way::Off);
            moved = moved.min(i64::from(if takes { network.bounds.pair - flow } else { flow }));
        }
        for &(entry, place, takes) in &steps {
            let flow = network.arcs[entry as usize][place as usize].flow;
            let takes = takes == (way == Way::Off);
            let flow = if takes { flow + moved as u32 } else { flow - moved as u32 };
            network.set_flow(entry as usize, place, flow);
        }
        for &(entry, ..) in &steps {
            network.mark_full(entry as usize);
        }
    }

    /// The arcs of the path from its end to its start, and whether the step went from an entry to a judge.
    fn steps(&self, network: &Network, end: u32) -> Vec<(u32, u32, bool)> {
        let mut steps = Vec::new();
        let mut node = end;
        loop {
            let label = self.labels[node as usize];
            if label.from == NOTHING {
                return steps;
            }
            if label.place != NOTHING {
                let (judge_side, other) = (node < self.judges, if node < self.judges { label.from } else { node });
                let entry = if other < self.judges + self.entries {
                    other - self.judges
                } else {
                    self.class_entry[(other - self.judges - self.entries) as usize]
                };
                debug_assert!((entry as usize) < network.entries());
                steps.push((entry, label.place, judge_side));
            }
            node = label.from;
        }
    }
}

fn better(one: Option<End>, other: Option<End>) -> Option<End> {
    match (one, other) {
        (Some(one), Some(other)) if other.total >= one.total => Some(one),
        (one, None) => one,
        (_, other) => other,
    }
}
