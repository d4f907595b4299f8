//! A firm's figures of three years, plausible and consistent with each other.

use jinmen_core::{Period, Result};
use registry::dictionary::Value;

use super::data::Trade;
use super::seed::Seed;
use super::sheet::{Sheet, year};

/// The years before this one that have figures.
pub const YEARS: i16 = 3;

/// One year; money in yuan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    pub year: i16,
    pub revenue: i64,
    pub rd: i64,
    pub assets: i64,
    pub net_assets: i64,
    pub profit: i64,
    pub net_profit: i64,
    pub tax: i64,
    pub rent: i64,
    pub headcount: i64,
    pub rd_headcount: i64,
    pub technical: i64,
    pub insured: i64,
}

/// The last three full years, oldest first. `size` is that of the firm in percent
/// of what is usual in its trade.
pub fn series(seed: &mut Seed, trade: &Trade, this_year: i16, size: i64) -> Vec<Figures> {
    let mut headcount = seed.between(trade.staff.0, trade.staff.1) * size / 100;
    let per_head = seed.between(trade.per_head.0, trade.per_head.1) * 10_000;
    let rd = seed.between(trade.rd.0 * 10, trade.rd.1 * 10);
    let researchers = (rd * 2 + seed.between(60, 160)).min(820);
    let assets = seed.between(60, 180);
    let margin = seed.between(-40, 160);
    (1..=YEARS)
        .rev()
        .map(|back| {
            headcount = (headcount * seed.between(92, 128) / 100).max(3);
            let revenue = round(headcount * per_head * seed.between(90, 112) / 100);
            let profit = round(revenue * (margin + seed.between(-25, 25)) / 1_000);
            let total = round(revenue * (assets + seed.between(-8, 8)) / 100);
            let rd_headcount = (headcount * (researchers + seed.between(-30, 30)) / 1_000).clamp(1, headcount);
            Figures {
                year: this_year - back,
                revenue,
                rd: round(revenue * (rd + seed.between(-8, 8)).max(2) / 1_000).min(revenue),
                assets: total,
                net_assets: round(total * seed.between(28, 66) / 100),
                profit,
                net_profit: if profit > 0 { round(profit * 86 / 100) } else { profit },
                tax: round(revenue * seed.between(18, 62) / 1_000),
                rent: round(headcount * seed.between(5_000, 9_000)),
                headcount,
                rd_headcount,
                technical: (rd_headcount * seed.between(110, 145) / 100).min(headcount),
                insured: (headcount * seed.between(93, 100) / 100).max(1),
            }
        })
        .collect()
}

/// To a hundred yuan.
fn round(yuan: i64) -> i64 {
    yuan / 100 * 100
}

impl Figures {
    /// Everything an enterprise says of a year; a part of it where `thorough` is not given.
    pub fn say(&self, sheet: &mut Sheet, thorough: bool) -> Result<()> {
        let of = year(self.year)?;
        sheet.yuan("annual_revenue", self.revenue, of)?;
        sheet.yuan("rd_spend", self.rd, of)?;
        sheet.yuan("tax_paid", self.tax, of)?;
        sheet.number("headcount", self.headcount, of)?;
        sheet.number("rd_headcount", self.rd_headcount, of)?;
        sheet.yuan("total_assets", self.assets, of)?;
        if thorough {
            sheet.yuan("net_assets", self.net_assets, of)?;
            sheet.yuan("profit_total", self.profit, of)?;
            sheet.yuan("net_profit", self.net_profit, of)?;
            sheet.yuan("rent_paid", self.rent, of)?;
            sheet.number("technical_headcount", self.technical, of)?;
            sheet.number("insured_headcount", self.insured, of)?;
            sheet.value("above_threshold", Value::Boolean(self.revenue >= 20_000_000), of)?;
        }
        Ok(())
    }

    /// What an office compares with papers.
    pub fn verify(&self, sheet: &mut Sheet) -> Result<()> {
        let of: Period = year(self.year)?;
        sheet.yuan("annual_revenue", self.revenue, of)?;
        sheet.yuan("rd_spend", self.rd, of)?;
        sheet.yuan("tax_paid", self.tax, of)?;
        sheet.number("headcount", self.headcount, of)
    }
}
