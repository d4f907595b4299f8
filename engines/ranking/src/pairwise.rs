//! Pairwise judging: Bradley-Terry with the reliability of each judge.
//!
//! A judge takes a vote seriously with a probability of their own, and then prefers entry i to j with probability
//! 1 / (1 + exp(θj − θi)); otherwise a coin decides (Chen, Bennett, Collins-Thompson, Horvitz, 2013, with coins in place of
//! spite). Reliabilities have the prior Beta(4, 1), θ is normal with a variance estimated along; everything is found by
//! expectation maximisation, with Newton's step for θ.

use crate::Fault;
use crate::components::Parts;
use crate::dense::Factor;
use crate::place::{Place, places};

/// A vote: this judge prefers one entry to another. A judge may vote on the same two again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// Who.
    pub judge: usize,
    /// The entry preferred.
    pub winner: usize,
    /// The other.
    pub loser: usize,
}

/// A ranking by votes.
#[derive(Debug, Clone)]
pub struct Pairwise {
    /// By rank; scores are log-odds against an average entry.
    pub places: Vec<Place>,
    /// How probable it is that a judge took a vote seriously.
    pub reliability: Vec<f64>,
    /// How many parts the graph of entries falls into. Between parts, only shrinkage ranks.
    pub components: usize,
}

const ROUNDS: usize = 300;
const STILL: f64 = 1e-8;
/// The prior of reliability: a judge without votes counts 4 / 5.
const SERIOUS: f64 = 4.0;
const CARELESS: f64 = 1.0;
/// Up to so many entries intervals and steps use all of the information matrix; beyond, intervals use its diagonal and
/// are slightly too narrow.
const DENSE: usize = 1500;
/// The variance of θ stays in these bounds: a total order would drive it to infinity.
const VARIANCE: (f64, f64) = (0.05, 9.0);

/// Ranks entries by votes. Entries without a vote are left out.
///
/// # Errors
/// No votes, numbers out of range, an entry against itself.
pub fn pairwise(judges: usize, entries: usize, votes: &[Vote]) -> Result<Pairwise, Fault> {
    if votes.is_empty() {
        return Err(Fault::Empty);
    }
    for (row, vote) in votes.iter().enumerate() {
        let entry = vote.winner.max(vote.loser);
        if vote.judge >= judges || entry >= entries {
            return Err(Fault::Place { row, judge: vote.judge, entry });
        }
        if vote.winner == vote.loser {
            return Err(Fault::Itself { row, entry });
        }
    }
    let mut seen = vec![false; entries];
    let mut parts = Parts::new(entries);
    for vote in votes {
        (seen[vote.winner], seen[vote.loser]) = (true, true);
        parts.join(vote.winner, vote.loser);
    }
    let present: Vec<usize> = (0..entries).filter(|entry| seen[*entry]).collect();
    let mut place = vec![0; entries];
    present.iter().enumerate().for_each(|(at, entry)| place[*entry] = at);
    let dense: Vec<Vote> =
        votes.iter().map(|vote| Vote { winner: place[vote.winner], loser: place[vote.loser], ..*vote }).collect();
    let mut model = Model::new(judges, present.len(), &dense);
    model.fit();
    let deviations = model.deviations();
    let scores = present.iter().zip(&model.theta).zip(deviations);
    Ok(Pairwise {
        places: places(scores.map(|((entry, theta), deviation)| (*entry, *theta, Some(deviation))).collect()),
        reliability: model.reliability,
        components: parts.numbers(present.iter().copied()).1,
    })
}

struct Model<'a> {
    votes: &'a [Vote],
    theta: Vec<f64>,
    reliability: Vec<f64>,
    variance: f64,
    /// How probable it is that each vote was taken seriously.
    serious: Vec<f64>,
}

impl Model<'_> {
    fn new(judges: usize, entries: usize, votes: &[Vote]) -> Model<'_> {
        let reliability = vec![SERIOUS / (SERIOUS + CARELESS); judges];
        Model { votes, theta: vec![0.0; entries], reliability, variance: 1.0, serious: vec![1.0; votes.len()] }
    }

    fn fit(&mut self) {
        for round in 0..ROUNDS {
            self.expect();
            let moved = self.maximise(round > 0);
            if moved < STILL {
                break;
            }
        }
    }

    fn chance(&self, vote: &Vote) -> f64 {
        1.0 / (1.0 + (self.theta[vote.loser] - self.theta[vote.winner]).exp())
    }

    fn expect(&mut self) {
        self.serious = self
            .votes
            .iter()
            .map(|vote| {
                let serious = self.reliability[vote.judge] * self.chance(vote);
                serious / (serious + (1.0 - self.reliability[vote.judge]) / 2.0)
            })
            .collect();
    }

    fn maximise(&mut self, with_reliability: bool) -> f64 {
        if with_reliability {
            let mut sums = vec![(SERIOUS - 1.0, SERIOUS + CARELESS - 2.0); self.reliability.len()];
            for (vote, serious) in self.votes.iter().zip(&self.serious) {
                sums[vote.judge].0 += serious;
                sums[vote.judge].1 += 1.0;
            }
            self.reliability = sums.into_iter().map(|(serious, all)| (serious / all).clamp(0.01, 0.99)).collect();
        }
        let (gradient, information) = self.slopes();
        let (step, spread) = self.newton(&gradient, &information);
        let mut moved = 0.0f64;
        for (theta, step) in self.theta.iter_mut().zip(&step) {
            let step = step.clamp(-1.0, 1.0);
            *theta += step;
            moved = moved.max(step.abs());
        }
        let squares: f64 = self.theta.iter().map(|theta| theta * theta).sum();
        let variance = ((squares + spread) / self.theta.len() as f64).clamp(VARIANCE.0, VARIANCE.1);
        moved = moved.max((variance - self.variance).abs());
        self.variance = variance;
        moved
    }

    /// The gradient in θ, and for each vote its share of the information.
    fn slopes(&self) -> (Vec<f64>, Vec<f64>) {
        let mut gradient: Vec<f64> = self.theta.iter().map(|theta| -theta / self.variance).collect();
        let mut information = Vec::with_capacity(self.votes.len());
        for (vote, serious) in self.votes.iter().zip(&self.serious) {
            let chance = self.chance(vote);
            gradient[vote.winner] += serious * (1.0 - chance);
            gradient[vote.loser] -= serious * (1.0 - chance);
            information.push(serious * chance * (1.0 - chance));
        }
        (gradient, information)
    }

    fn diagonal(&self, information: &[f64]) -> Vec<f64> {
        let mut diagonal = vec![1.0 / self.variance; self.theta.len()];
        for (vote, share) in self.votes.iter().zip(information) {
            diagonal[vote.winner] += share;
            diagonal[vote.loser] += share;
        }
        diagonal
    }

    fn factor(&self, information: &[f64]) -> Option<Factor> {
        let size = self.theta.len();
        if size > DENSE {
            return None;
        }
        let mut matrix = vec![0.0; size * size];
        for (at, value) in self.diagonal(information).into_iter().enumerate() {
            matrix[at * size + at] = value;
        }
        for (vote, share) in self.votes.iter().zip(information) {
            let (one, other) = (vote.winner.max(vote.loser), vote.winner.min(vote.loser));
            matrix[one * size + other] -= share;
        }
        Factor::new(matrix, size)
    }

    /// Newton's step, and the trace of the inverse information.
    fn newton(&self, gradient: &[f64], information: &[f64]) -> (Vec<f64>, f64) {
        match self.factor(information) {
            Some(factor) => {
                let inverse = factor.inverse();
                (factor.solve(gradient), (0..gradient.len()).map(|at| inverse.at(at, at)).sum())
            }
            // Half a Jacobi step: the matrix is diagonally dominant, so it always ascends.
            None => {
                let diagonal = self.diagonal(information);
                let step = gradient.iter().zip(&diagonal).map(|(slope, own)| slope / (2.0 * own)).collect();
                (step, diagonal.iter().map(|own| 1.0 / own).sum())
            }
        }
    }

    fn deviations(&self) -> Vec<f64> {
        // The observed information: that a vote may be a coin takes some away.
        let information: Vec<f64> = self
            .votes
            .iter()
            .zip(&self.serious)
            .map(|(vote, serious)| {
                let chance = self.chance(vote);
                let slope = 1.0 - chance;
                (serious * chance * slope - serious * (1.0 - serious) * slope * slope).max(0.0)
            })
            .collect();
        match self.factor(&information).map(|factor| factor.inverse()) {
            Some(inverse) => (0..self.theta.len()).map(|at| inverse.at(at, at).sqrt()).collect(),
            None => self.diagonal(&information).iter().map(|own| (1.0 / own).sqrt()).collect(),
        }
    }
}
