//! Who judges what: assigning judges to entries exactly, fairly, by lot, and with reasons.
//!
//! A pure library: no input or output, no clock, no randomness but the seed it is given. Judges are rows and entries are
//! columns of a matrix of scores; both are called by their 0-based place.
//!
//! ```
//! use assignment::{Problem, Rules, Scores, optimum, reasons};
//!
//! // Three judges, two entries; each entry needs two judges, nobody takes more than two.
//! let scores = Scores::from_f64(3, 2, vec![0.9, 0.2, 0.8, 0.7, 0.1, 0.6])?;
//! let mut problem = Problem::new(scores, vec![2, 2], vec![0; 3], vec![2; 3])?;
//! problem.bar(0, 1)?; // a conflict of interest
//! let found = optimum(&problem, &Rules::default(), &()).expect("there is an assignment");
//! let pairs: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.entry, pair.judge)).collect();
//! assert_eq!(pairs, [(0, 0), (0, 1), (1, 1), (1, 2)]);
//! assert_eq!(found.objective, 3.0);
//! // The prices prove it: no assignment whatever is worth more than their bound.
//! assert!(found.optimal && found.prices.bound(&problem) == 3.0);
//! assert_eq!(reasons(&problem, &found)[3].to_string(), "number 2 of 2 judges without conflict, 1 better also on it");
//! # Ok::<(), assignment::Fault>(())
//! ```
//!
//! Where there is no assignment, the answer is a smallest group that cannot be served, in words, and what would help:
//!
//! ```
//! use assignment::{Failure, Problem, Rules, Scores, optimum};
//!
//! let scores = Scores::from_i32(3, 2, vec![1; 6], 1.0)?;
//! let mut problem = Problem::new(scores, vec![2, 1], vec![0; 3], vec![1; 3])?;
//! problem.bar(0, 0)?;
//! problem.bar(1, 0)?;
//! let Err(Failure::Infeasible(blocking)) = optimum(&problem, &Rules::default(), &()) else { panic!() };
//! assert_eq!(blocking.to_string(), "this entry has only one judge without conflict: 2 places are needed, 1 can be had");
//! assert_eq!(blocking.entries, [0]);
//! assert_eq!(blocking.relaxations[0].cost, 1);
//! # Ok::<(), assignment::Fault>(())
//! ```
//!
//! | function | gives |
//! | --- | --- |
//! | [`optimum`] | the largest sum, proved; with one side rule as well, with both or with groups nearly, and a bound |
//! | [`fair`] | the highest floor under every entry's total, then the largest sum: a search with a bound |
//! | [`lottery`] | probabilities under a cap, or as even as a share of the optimum allows, and draws from a seed |
//! | [`connect`] | an assignment whose judges can all be compared through common entries |
//! | [`reasons`] | why each pair |
//!
//! Every function takes a [`Watch`] that is told the progress and may stop the work; `&()` watches nothing.
//!
//! Cost: one pass over the matrix to choose pairs, one for each proof (two or three), and work on some twenty to thirty pairs
//! an entry between them; memory is the matrix (4 bytes a pair) and those pairs. Scores are kept as whole numbers: decimals
//! of up to nine digits exactly, other fractions to 2⁻⁴⁴ of the largest, so all comparisons are exact. Limits: 2²⁴ on a side.

mod assignment;
mod bidding;
mod blocking;
mod columns;
mod connect;
mod fair;
mod fault;
mod flow;
mod groups;
mod lottery;
mod network;
mod optimum;
mod path;
mod problem;
mod reason;
mod relax;
mod rules;
mod scores;
mod watch;
mod whole;

pub use assignment::{Assignment, Failure, Pair, Prices, optimum};
pub use blocking::{Blocking, Shortage};
pub use connect::{components, connect};
pub use fair::fair;
pub use fault::Fault;
pub use lottery::{Lottery, Randomness, Spread, commitment, lottery};
pub use problem::Problem;
pub use reason::{Reason, reasons};
pub use relax::{Change, Relaxation};
pub use rules::{Rules, violations};
pub use scores::Scores;
pub use watch::{Progress, Stage, Watch};
