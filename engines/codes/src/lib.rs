//! Public identifiers and code lists of China, money, dates and working days.
//!
//! A pure library: no input or output, no clock, no randomness. Whatever depends on today takes
//! today's date as an argument. The code lists are embedded and parsed once, on first use.
//!
//! ```
//! use codes::{Date, Money, Unit, Uscc, industry, region};
//!
//! let uscc = Uscc::parse("９１３５０１００ｍ０００１００ｙ４３")?;
//! assert_eq!(uscc.to_string(), "91350100M000100Y43");
//! assert_eq!(region::full_name("120103").as_deref(), Some("天津市河西区"));
//! assert_eq!(industry::industry("I6511").map(|found| found.section), Some("I"));
//! let prize = Money::parse("12.5", Unit::TenThousand)?;
//! assert_eq!(prize.in_words(), "壹拾贰万伍仟元整");
//! assert_eq!(Date::parse("二〇二一年五月二十日")?.to_string(), "2021-05-20");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every fault is an enum whose `Display` is plain English for developers. Its `code()` is a
//! stable dotted string and its `args()` are the values a translated sentence needs; see [`Fault`].
//!
//! Limits: the lists have the state described in `data/README.md`; a code that a newer edition of
//! a standard added is unknown here. Cost: a lookup is one hash probe, a search is one pass over
//! one list (at most 3,650 entries), and the first use of a list parses it (13 ms for the
//! regions, less for the others).

mod fault;
mod table;

pub mod date;
pub mod digital_economy;
pub mod education;
pub mod enterprise_size;
pub mod industry;
pub mod lists;
pub mod mobile;
pub mod money;
pub mod period;
pub mod ratio;
pub mod region;
pub mod resident_id;
pub mod text;
pub mod uscc;
pub mod working_days;

pub use date::{Date, DateFault, PartialDate};
pub use enterprise_size::{Figures, Indicator, Size, SizeFault};
pub use fault::Fault;
pub use lists::CodeList;
pub use mobile::{MobileFault, MobileNumber};
pub use money::{Money, MoneyFault, Unit};
pub use period::{Period, PeriodFault};
pub use ratio::{Ratio, RatioFault, Rounding};
pub use region::Region;
pub use resident_id::{ResidentId, ResidentIdFault};
pub use uscc::{Uscc, UsccFault, UsccNote};
pub use working_days::{Calendar, CalendarFault, Deadline};
