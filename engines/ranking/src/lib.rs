//! From scores to a ranking.
//!
//! ```
//! use ranking::{Decimal, Table, calibrated, mean, Mean};
//!
//! let score = |text: &str| -> Decimal { text.parse().expect("a decimal") };
//! // judge, entry, score
//! let rows = vec![(0, 0, score("8.5")), (1, 0, score("6")), (0, 1, score("7.25")), (1, 1, score("5"))];
//! let table = Table::new(2, 2, rows)?;
//!
//! let places = mean(&table, &Mean::default());
//! assert_eq!((places[0].entry, places[0].rank, places[0].exact.half_up(2).to_string()), (0, 1, "7.25".to_owned()));
//!
//! let answer = calibrated(&table);
//! assert!(answer.connected());
//! # Ok::<(), ranking::Fault>(())
//! ```
//!
//! Scores are decimals and stay decimals: [`mean`] and [`weighted`] compute with whole numbers, compare exactly and round
//! half up only where a figure is shown. [`calibrated`] and [`pairwise`] estimate and therefore compute with floating
//! point; they come with 90 % intervals.
//!
//! | function | for | method |
//! | --- | --- | --- |
//! | [`mean`] | every judge uses the scale alike | mean, trimmed mean, tie rules as data |
//! | [`weighted`] | several criteria | exact weighted sum, then as above |
//! | [`calibrated`] | lenient and severe judges | mixed model, REML, BLUP |
//! | [`pairwise`] | "this one is better" | Bradley-Terry with the reliability of each judge |
//!
//! No input or output, no clock, no randomness.

mod calibrated;
mod components;
mod decimal;
mod dense;
mod fault;
mod mean;
mod pairwise;
mod place;
mod table;

pub use calibrated::{Calibration, Variances, calibrated};
pub use decimal::{Decimal, NotDecimal, Ratio};
pub use fault::Fault;
pub use mean::{Mean, MeanPlace, Tie, Trim, mean, weighted};
pub use pairwise::{Pairwise, Vote, pairwise};
pub use place::{Interval, Place};
pub use table::Table;
