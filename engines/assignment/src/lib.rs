//! Who judges what.
mod assignment;
mod bidding;
mod blocking;
mod columns;
mod fault;
mod flow;
mod groups;
mod network;
mod optimum;
mod path;
mod problem;
mod relax;
mod rules;
mod scores;
mod watch;

pub use assignment::{Assignment, Failure, Pair, Prices, optimum};
pub use blocking::{Blocking, Shortage};
pub use fault::Fault;
pub use problem::Problem;
pub use relax::{Change, Relaxation};
pub use rules::{Rules, violations};
pub use scores::Scores;
pub use watch::{Progress, Stage, Watch};
