//! The sparse network under every solver: entries, the judges that come into question for them, prices, loads.
//!
//! It is a transportation problem between judges and entries with a pool beyond the judges that takes what they do not
//! need. At all times the flow is optimal for the prices (complementary slackness holds on every arc); what is not yet
//! right are loads. `path` moves load along shortest paths until they are.

/// No class.
pub(crate) const NONE: u32 = u32::MAX;

/// A judge that comes into question for an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    pub score: i64,
    pub judge: u32,
    pub flow: u32,
}

/// A class of judges of which an entry has as many as it may: it has a price of its own, at least the entry's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Full {
    pub class: u32,
    pub price: i64,
}

/// At most so many of a class of judges on an entry: one per institution; all but one of those that are not senior.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    /// The class of each judge, or [`NONE`].
    pub of: Vec<u32>,
    /// The most of one class on each entry.
    pub most: Vec<u32>,
}

/// Demands, bounds and the most on one pair.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    pub demand: Vec<i64>,
    pub low: Vec<i64>,
    pub high: Vec<i64>,
    /// The most flow on one pair: 1, unless flows stand for probabilities.
    pub pair: u32,
}

#[derive(Clone)]
pub(crate) struct Network {
    pub bounds: Bounds,
    pub classes: Option<Classes>,
    /// By entry.
    pub arcs: Vec<Vec<Arc>>,
    /// By judge: entry and place of the arc, all arcs.
    pub offers: Vec<Vec<(u32, u32)>>,
    /// By judge: entry and place of the arc, arcs with flow.
    pub held: Vec<Vec<(u32, u32)>>,
    pub load: Vec<i64>,
    pub judge_price: Vec<i64>,
    pub entry_price: Vec<i64>,
    /// By entry: its full classes.
    pub full: Vec<Vec<Full>>,
}

impl Network {
    pub fn new(bounds: Bounds, classes: Option<Classes>) -> Network {
        let (judges, entries) = (bounds.high.len(), bounds.demand.len());
        Network {
            bounds,
            classes,
            arcs: vec![Vec::new(); entries],
            offers: vec![Vec::new(); judges],
            held: vec![Vec::new(); judges],
            load: vec![0; judges],
            judge_price: vec![0; judges],
            entry_price: vec![0; entries],
            full: vec![Vec::new(); entries],
        }
    }

    pub fn judges(&self) -> usize {
        self.load.len()
    }

    pub fn entries(&self) -> usize {
        self.arcs.len()
    }

    /// Adds an arc without flow; the caller knows that it is new and picks again for its entry.
    pub fn add(&mut self, entry: usize, judge: u32, score: i64) {
        let place = self.arcs[entry].len() as u32;
        self.arcs[entry].push(Arc { score, judge, flow: 0 });
        self.offers[judge as usize].push((entry as u32, place));
    }

    /// Changes the score of an arc, if there is such an arc; the caller picks again for its entry.
    pub fn change_score(&mut self, entry: usize, judge: u32, score: i64) {
        if let Some(arc) = self.arcs[entry].iter_mut().find(|arc| arc.judge == judge) {
            arc.score = score;
        }
    }

    pub fn has(&self, entry: usize, judge: u32) -> bool {
        self.arcs[entry].iter().any(|arc| arc.judge == judge)
    }

    /// The class of a judge; [`NONE`] without classes.
    pub fn class(&self, judge: u32) -> u32 {
        self.classes.as_ref().map_or(NONE, |classes| classes.of[judge as usize])
    }

    /// The place of a class among the full ones of an entry.
    pub fn full_place(&self, entry: usize, class: u32) -> Option<usize> {
        if class == NONE {
            return None;
        }
        self.full[entry].iter().position(|full| full.class == class)
    }

    /// What a pair must be worth to be taken: the price of its entry, or of its class there.
    pub fn price_at(&self, entry: usize, judge: u32) -> i64 {
        match self.full_place(entry, self.class(judge)) {
            Some(place) => self.full[entry][place].price,
            None => self.entry_price[entry],
        }
    }

    fn value(&self, arc: &Arc) -> i64 {
        arc.score - self.judge_price[arc.judge as usize]
    }

    /// Gives an entry the judges that are best at present prices, keeping those it has where that is no worse, and sets
    /// its prices accordingly. False if its arcs cannot meet its demand.
    pub fn pick(&mut self, entry: usize) -> bool {
        let mut order: Vec<u32> = (0..self.arcs[entry].len() as u32).collect();
        order.sort_unstable_by_key(|&place| {
            let arc = &self.arcs[entry][place as usize];
            // Among equals, those that are taken already, then those with room.
            let judge = arc.judge as usize;
            let crowd = self.load[judge] - self.bounds.high[judge];
            (std::cmp::Reverse(self.value(arc)), std::cmp::Reverse(arc.flow), crowd, arc.judge)
        });
        let mut missing = self.bounds.demand[entry];
        let mut used: Vec<(u32, u32)> = Vec::new();
        let mut last = None;
        let mut flows = vec![0u32; order.len()];
        for &place in &order {
            if missing == 0 {
                break;
            }
            let arc = self.arcs[entry][place as usize];
            if !self.count(entry, arc.judge, &mut used) {
                continue;
            }
            let flow = missing.min(i64::from(self.bounds.pair));
            flows[place as usize] = flow as u32;
            missing -= flow;
            last = Some(self.value(&arc));
        }
        let price =
            last.unwrap_or_else(|| order.first().map_or(0, |&place| self.value(&self.arcs[entry][place as usize])));
        for (place, flow) in flows.into_iter().enumerate() {
            self.set_flow(entry, place as u32, flow);
        }
        self.entry_price[entry] = price;
        self.full[entry].clear();
        self.mark_full(entry);
        missing == 0
    }

    /// Counts a judge into its class unless the class is full.
    fn count(&self, entry: usize, judge: u32, used: &mut Vec<(u32, u32)>) -> bool {
        let Some(classes) = &self.classes else { return true };
        let class = classes.of[judge as usize];
        if class == NONE {
            return true;
        }
        match used.iter_mut().find(|one| one.0 == class) {
            Some(one) if one.1 >= classes.most[entry] => false,
            Some(one) => {
                one.1 += 1;
                true
            }
            None if classes.most[entry] == 0 => false,
            None => {
                used.push((class, 1));
                true
            }
        }
    }

    /// Finds the full classes of an entry anew; one that was full keeps its price.
    pub fn mark_full(&mut self, entry: usize) {
        let Some(classes) = &self.classes else { return };
        let mut used: Vec<(u32, u32)> = Vec::new();
        for arc in self.arcs[entry].iter().filter(|arc| arc.flow > 0) {
            let class = classes.of[arc.judge as usize];
            match used.iter_mut().find(|one| one.0 == class) {
                Some(one) => one.1 += 1,
                None if class != NONE => used.push((class, 1)),
                None => {}
            }
        }
        if classes.most[entry] == 0 && self.bounds.demand[entry] > 0 {
            // None may come: full without anybody.
            for arc in &self.arcs[entry] {
                let class = classes.of[arc.judge as usize];
                if class != NONE && !used.iter().any(|one| one.0 == class) {
                    used.push((class, 0));
                }
            }
        }
        used.retain(|one| one.1 >= classes.most[entry]);
        let before = std::mem::take(&mut self.full[entry]);
        for (class, _) in used {
            let price = match before.iter().find(|full| full.class == class) {
                Some(full) => full.price,
                None => self.class_price(entry, class),
            };
            self.full[entry].push(Full { class, price });
        }
    }

    /// The least price at which no arc of a full class wants in.
    fn class_price(&self, entry: usize, class: u32) -> i64 {
        let others = self.arcs[entry].iter().filter(|arc| arc.flow == 0 && self.class(arc.judge) == class);
        others.map(|arc| self.value(arc)).fold(self.entry_price[entry], i64::max)
    }

    /// Sets the flow of an arc and what follows from it.
    pub fn set_flow(&mut self, entry: usize, place: u32, flow: u32) {
        let arc = &mut self.arcs[entry][place as usize];
        if arc.flow == flow {
            return;
        }
        let judge = arc.judge as usize;
        self.load[judge] += i64::from(flow) - i64::from(arc.flow);
        let (had, has) = (arc.flow > 0, flow > 0);
        arc.flow = flow;
        let key = (entry as u32, place);
        if has && !had {
            self.held[judge].push(key);
        } else if had
            && !has
            && let Some(at) = self.held[judge].iter().position(|one| *one == key)
        {
            self.held[judge].swap_remove(at);
        }
    }

    /// The most a judge may carry at its price.
    pub fn most_at_price(&self, judge: usize) -> i64 {
        if self.judge_price[judge] < 0 { self.bounds.low[judge] } else { self.bounds.high[judge] }
    }

    /// The least a judge must carry at its price.
    pub fn least_at_price(&self, judge: usize) -> i64 {
        if self.judge_price[judge] > 0 { self.bounds.high[judge] } else { self.bounds.low[judge] }
    }

    /// The chosen pairs with their flow.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, Arc)> + '_ {
        self.arcs
            .iter()
            .enumerate()
            .flat_map(|(entry, arcs)| arcs.iter().filter(|arc| arc.flow > 0).map(move |arc| (entry, *arc)))
    }
}
