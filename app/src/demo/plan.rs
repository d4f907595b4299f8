//! What the members are, before they are written: pure invention from the seed.

use jinmen_core::codes::Uscc;
use jinmen_core::codes::uscc::ALPHABET;
use jinmen_core::{Date, Error, Fault, Result, Text2};

use super::data::{Data, Line, Trade};
use super::figures::{Figures, series};
use super::names::{Firms, named};
use super::seed::Seed;

/// Members of the alliance.
pub const MEMBERS: usize = 204;
/// Those whose enterprise keeps its own file.
pub const CLAIMED: usize = 137;
/// Firms that have applied to join and are no members.
const APPLYING: usize = 9;
/// The member that joined this year, by the same door.
const ADMITTED: usize = 194;
/// Codes of invented firms carry a region that does not exist.
pub const NOWHERE: &str = "120199";

/// One member. The first is the firm that every screen shows.
pub struct Plan {
    pub at: usize,
    pub name: Text2,
    /// For addresses on the net.
    pub latin: String,
    pub uscc: Uscc,
    pub trade: usize,
    pub line: usize,
    pub customer: String,
    pub grade: &'static str,
    pub number: String,
    pub joined: Date,
    pub founded: Date,
    pub listed: bool,
    pub claimed: bool,
    /// How much of the file its keeper fills in, in percent.
    pub care: i64,
    /// Whether its figures are given in full.
    pub thorough: bool,
    pub region: (String, String),
    pub street: String,
    pub nature: String,
    pub capital: i64,
    pub years: Vec<Figures>,
    pub high_tech: bool,
}

impl Plan {
    /// Its trade.
    pub fn trade<'a>(&self, data: &'a Data) -> &'a Trade {
        &data.trades[self.trade]
    }

    /// What it does within its trade.
    pub fn line<'a>(&self, data: &'a Data) -> &'a Line {
        &self.trade(data).lines[self.line]
    }

    /// Its main business in a sentence.
    pub fn business(&self, data: &Data) -> String {
        self.line(data).business.replace("{customer}", &self.customer)
    }
}

/// All members that are taken over from the old list, and those who come by an application: the one that was admitted, then
/// the others.
pub fn plans(data: &Data, today: Date) -> Result<(Vec<Plan>, Vec<Plan>)> {
    let mut firms = Firms::new(&data.names);
    let mut seed = Seed::of("members");
    let mut plans = Vec::with_capacity(MEMBERS + APPLYING);
    for at in 0..MEMBERS + APPLYING {
        plans.push(plan(data, &mut firms, &mut seed, at, today)?);
    }
    let mut newcomers = plans.split_off(MEMBERS);
    number(&mut plans);
    newcomers.insert(0, plans.remove(ADMITTED));
    Ok((plans, newcomers))
}

fn plan(data: &Data, firms: &mut Firms<'_>, seed: &mut Seed, at: usize, today: Date) -> Result<Plan> {
    let names = &data.names;
    let trade_at = if at == 0 { 0 } else { seed.weighted(data.trades.iter().map(|trade| trade.weight)) };
    let trade = &data.trades[trade_at];
    let (name, latin) = match at {
        0 => (named("数聚", "Shuju", "科技", "Technology"), "shuju".to_owned()),
        _ => firms.next(trade),
    };
    let (code, district, _) =
        &names.regions[if at == 0 { 0 } else { seed.weighted(names.regions.iter().map(|one| one.2)) }];
    let grade = grade(at);
    // The leading members are larger than the others, and some are very small.
    let size = match grade {
        "chair" | "vice_chair" => 300,
        "member" if seed.chance(22) => 28,
        _ => 100,
    };
    let joined = day(seed.between(2_019, 2_021), seed.between(5, 11), seed.between(1, 28))?;
    let founded = day(seed.between(2_004, 2_018), seed.between(1, 12), seed.between(1, 28))?;
    let years = series(seed, trade, today.year(), size);
    let rd_share = years.last().map_or(0, |last| last.rd * 100 / last.revenue.max(1));
    let care = seed.between(62, 100);
    let nature = seed.weighted(names.natures.iter().map(|one| one.1));
    Ok(Plan {
        at,
        name,
        latin,
        uscc: code_of(seed, at)?,
        trade: trade_at,
        line: if at == 0 { 1 } else { seed.below(trade.lines.len()) },
        customer: seed.pick(&names.customers).clone(),
        grade,
        number: String::new(),
        joined,
        founded,
        listed: seed.chance(70),
        claimed: at < 25 || (at * 7) % (MEMBERS - 25) < CLAIMED - 25,
        care,
        thorough: seed.chance(care - 20),
        region: (code.clone(), district.clone()),
        street: if code == "120103" { format!("{code}{:03}", seed.between(1, 14)) } else { String::new() },
        nature: names.natures[nature].0.clone(),
        capital: *seed.pick(&[100, 200, 300, 500, 500, 800, 1_000, 1_000, 1_200, 2_000, 3_000, 5_000]) * 100 * size,
        high_tech: rd_share >= 5 && seed.chance(62),
        years,
    })
}

/// One chair, eight vice-chairs, fifteen standing and forty other council units; the rest are members.
fn grade(at: usize) -> &'static str {
    match at {
        0 => "council",
        1 => "chair",
        2..=9 => "vice_chair",
        10..=24 => "standing_council",
        25..=63 => "council",
        _ => "member",
    }
}

/// A code that is right in form and of nobody.
fn code_of(seed: &mut Seed, at: usize) -> Result<Uscc> {
    let letter = char::from(*seed.pick(ALPHABET.as_bytes()));
    Uscc::compose('9', '1', NOWHERE, &format!("MA0D{at:03}{letter}")).map_err(|fault| Fault::of("uscc", &fault).into())
}

/// Numbers of certificates, in the order of joining.
fn number(plans: &mut [Plan]) {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by_key(|at| (plans[*at].joined, *at));
    let (mut year, mut count) = (0, 0);
    for at in order {
        if plans[at].joined.year() != year {
            (year, count) = (plans[at].joined.year(), 0);
        }
        count += 1;
        plans[at].number = format!("HY-{year}-{count:04}");
    }
}

/// A day by its numbers.
pub fn day(year: i64, month: i64, day: i64) -> Result<Date> {
    let small = |number: i64| i8::try_from(number).map_err(Error::internal);
    let year = i16::try_from(year).map_err(Error::internal)?;
    Date::new(year, small(month)?, small(day)?).map_err(|fault| Fault::of("day", &fault).into())
}
