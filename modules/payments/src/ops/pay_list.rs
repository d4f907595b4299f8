//! Recording many payments from a list, such as a bank sends back: all of them or none.

use std::collections::HashMap;
use std::io::Write;

use jinmen_core::{Actor, Date, Error, Fault, Faults, Instant, Money, OrganizationId, Result, codes};
use module::App;
use registry::table::{self, Cell, Header, Row, UnitHint};
use serde_json::json;
use store::Tx;

use super::{own_books, pay};
use crate::model::{Direction, Item, NewPayment, VOUCHER_MOST};
use crate::{permissions, sql};

/// Payments of one list.
pub const ROWS_MOST: usize = 1_000;
/// The largest file, in bytes.
pub const FILE_MOST: usize = 4 * 1_048_576;
/// Faults that are told at once.
const FAULTS_MOST: usize = 50;
/// What a column is called, in both languages, without blanks and in small letters; a heading begins with it.
const NUMBER: [&str; 3] = ["款项编号", "itemnumber", "numberofitem"];
const AMOUNT: [&str; 4] = ["付款金额", "支付金额", "金额", "amount"];
const DAY: [&str; 5] = ["付款日期", "支付日期", "付款日", "paidon", "dayofpayment"];
const VOUCHER: [&str; 5] = ["凭证号", "凭证编号", "付款凭证", "回单", "voucher"];
const PAYER: [&str; 3] = ["付款方", "付款单位", "payer"];

/// One payment of a list, as it is typed, and where each of its parts stands, for whoever is told what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The number of the item, and its place.
    pub number: Typed,
    /// How much, in yuan unless it says otherwise.
    pub amount: Typed,
    /// The day.
    pub paid_on: Typed,
    /// The number of the voucher or the bank's slip.
    pub voucher: Typed,
    /// Who paid; where nothing is said the office, or whoever owes it.
    pub payer: Typed,
}

/// A text and where it stands, such as `C5` or `rows.3.amount`.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The text.
    pub text: String,
    /// Its place.
    pub at: String,
}

/// What came of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Recorded {
    /// Payments that were recorded.
    pub count: usize,
    /// What they come to.
    pub sum: Money,
    /// Rows with neither day nor voucher: not paid yet.
    pub skipped: usize,
}

/// Records the payments of a table: CSV or a workbook, such as a payment list with day and voucher added.
///
/// # Errors
/// Faults with the cell each stands in; what [`table::open`] refuses, of the field `file`; as of [`pay_list`].
pub async fn pay_file(app: &App, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<Recorded> {
    own_books(actor, &permissions::KEEP)?;
    let name = name.to_owned();
    let read = tokio::task::spawn_blocking(move || read(&name, &bytes)).await.map_err(Error::internal)?;
    let (lines, skipped) = read.map_err(|fault| match fault {
        Failed::Fault(fault) => Error::from(Fault { field: Some("file".into()), ..fault }),
        Failed::Io(error) => Error::internal(error),
    })?;
    let done = pay_list(app, actor, &lines).await?;
    Ok(Recorded { skipped, ..done })
}

/// Why a table could not be read.
enum Failed {
    Fault(Fault),
    Io(std::io::Error),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The lines of a table, and how many rows are not paid yet.
fn read(name: &str, bytes: &[u8]) -> std::result::Result<(Vec<Line>, usize), Failed> {
    let mut copy = tempfile::NamedTempFile::new().map_err(Failed::Io)?;
    copy.write_all(bytes).and_then(|()| copy.flush()).map_err(Failed::Io)?;
    let mut source = table::open(copy.path(), name)?;
    let known = |heading: &str| {
        let all = [&NUMBER[..], &AMOUNT, &DAY, &VOUCHER, &PAYER].concat();
        if called(heading, &all) { 100 } else { 0 }
    };
    let (sheet, _, header) = table::best_sheet(source.as_mut(), table::LOOKED_AT, &known)?;
    let columns = header.as_ref().map(Columns::of).ok_or_else(|| Fault::new("payments.list_columns"))??;
    let (mut lines, mut skipped) = (Vec::new(), 0);
    let last = header.map_or(0, |header| header.last);
    for row in source.rows(sheet)? {
        let row = row?;
        if row.number <= last {
            continue;
        }
        match columns.line(&row) {
            None => {}
            Some(line) if line.paid_on.text.is_empty() && line.voucher.text.is_empty() => skipped += 1,
            Some(line) => lines.push(line),
        }
        if lines.len() > ROWS_MOST {
            return Err(Fault::new("payments.list_long").with("most", ROWS_MOST).into());
        }
    }
    Ok((lines, skipped))
}

fn called(heading: &str, names: &[&str]) -> bool {
    let bare: String = heading.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    names.iter().any(|name| bare.starts_with(name))
}

/// Which column is what.
struct Columns {
    number: usize,
    amount: usize,
    ten_thousand: bool,
    day: usize,
    voucher: usize,
    payer: Option<usize>,
}

impl Columns {
    fn of(header: &Header) -> std::result::Result<Self, Fault> {
        let find = |names: &[&str]| header.columns.iter().find(|column| called(&column.lowest, names));
        let (Some(number), Some(amount), Some(day), Some(voucher)) =
            (find(&NUMBER), find(&AMOUNT), find(&DAY), find(&VOUCHER))
        else {
            return Err(Fault::new("payments.list_columns"));
        };
        Ok(Self {
            number: number.index,
            amount: amount.index,
            ten_thousand: amount.unit.or(header.unit) == Some(UnitHint::TenThousand),
            day: day.index,
            voucher: voucher.index,
            payer: find(&PAYER).map(|column| column.index),
        })
    }

    /// A row as a line; nothing for one without number, amount, day and voucher.
    fn line(&self, row: &Row) -> Option<Line> {
        let typed = |column: usize| Typed {
            text: row.cell(column).text().trim().to_owned(),
            at: format!("{}{}", table::letter(column), row.number),
        };
        let mut line = Line {
            number: typed(self.number),
            amount: typed(self.amount),
            paid_on: typed(self.day),
            voucher: typed(self.voucher),
            payer: self.payer.map(typed).unwrap_or_default(),
        };
        let said = [&line.number, &line.paid_on, &line.voucher].iter().any(|one| !one.text.is_empty());
        if self.ten_thousand && matches!(row.cell(self.amount), Cell::Number(_) | Cell::Text(_)) {
            line.amount.text.push('万');
        }
        said.then_some(line)
    }
}

/// Records payments: all of them, or none and what is wrong with each.
///
/// # Errors
/// `payments.list_empty`, `payments.list_long`; faults at the places of the lines: `payments.list_unknown` for an item that
/// is not in the office's books, `payments.list_already` for a payment with the same voucher, `payments.too_much`,
/// `payments.all_paid`, `payments.is_cancelled`, and those of the form.
pub async fn pay_list(app: &App, actor: &Actor, lines: &[Line]) -> Result<Recorded> {
    let owner = own_books(actor, &permissions::KEEP)?;
    if lines.is_empty() {
        return Err(Fault::at("file", "payments.list_empty").into());
    }
    if lines.len() > ROWS_MOST {
        return Err(Fault::at("file", "payments.list_long").with("most", ROWS_MOST).into());
    }
    let (today, now) = (app.clock.today(), app.clock.now());
    let office = app.organization_name(owner).await.zh;
    let mut tx = app.db.begin().await?;
    let items = items(&mut tx, owner, lines).await?;
    // Two lists at once take their items in the same order, so that neither waits for the other for ever.
    let mut order: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.number.text.cmp(&b.number.text));
    let (mut faults, mut done) = (Vec::new(), Recorded::default());
    for (at, line) in order {
        match one(&mut tx, actor, (today, now), line, &items, &office).await {
            Ok(amount) => {
                done.count += 1;
                done.sum = Money::from_fen(done.sum.fen().saturating_add(amount.fen()));
            }
            Err(Error::Invalid(found)) => faults.extend(found.into_iter().map(|fault| (at, fault))),
            Err(other) => return Err(other),
        }
        if faults.len() >= FAULTS_MOST {
            break;
        }
    }
    if !faults.is_empty() {
        tx.rollback().await?;
        faults.sort_by_key(|(at, _)| *at);
        return Err(Error::Invalid(faults.into_iter().map(|(_, fault)| fault).collect()));
    }
    let data = json!({ "n": done.count, "sum": done.sum.to_grouped_string() });
    record::append(&mut tx, actor, now, "payments.list_recorded", jinmen_core::Object::instance(), data).await?;
    tx.commit().await?;
    Ok(done)
}

/// The items of a list, by number.
async fn items(tx: &mut Tx, owner: OrganizationId, lines: &[Line]) -> Result<HashMap<String, Item>> {
    let mut numbers: Vec<String> = lines.iter().map(|line| line.number.text.clone()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let found = sql::of_numbers(&mut *tx, owner, numbers).await?;
    Ok(found.into_iter().map(|item| (item.number.clone(), item)).collect())
}

/// Records one payment of a list; how much.
async fn one(
    tx: &mut Tx,
    actor: &Actor,
    (today, now): (Date, Instant),
    line: &Line,
    items: &HashMap<String, Item>,
    office: &str,
) -> Result<Money> {
    let item = items.get(&line.number.text).cloned();
    let payer = item.as_ref().filter(|item| item.direction == Direction::In).map_or(office, |item| &item.subject_name);
    let new = line.read(today, payer)?;
    let item = item.ok_or_else(|| Fault::at(&line.number.at, "payments.list_unknown"))?;
    let id = item.id;
    // Of two lists at once the second finds what the first wrote.
    sql::lock(tx, id).await?;
    if sql::has_voucher(tx, id, &new.voucher).await? {
        return Err(Fault::at(&line.voucher.at, "payments.list_already").with("voucher", &new.voucher).into());
    }
    match pay::within(tx, actor, now, item, &new).await {
        Ok(_) => Ok(new.amount),
        Err(Error::Conflict(fault)) => Err(Fault { field: Some(line.number.at.clone()), ..fault }.into()),
        Err(Error::Invalid(faults)) => {
            let moved = faults.into_iter().map(|fault| Fault { field: Some(line.amount.at.clone()), ..fault });
            Err(Error::Invalid(moved.collect()))
        }
        Err(other) => Err(other),
    }
}

impl Line {
    /// Checks everything that can be said of it alone.
    fn read(&self, today: Date, otherwise: &str) -> Result<NewPayment> {
        let mut faults = Faults::new();
        let required = |typed: &Typed| match typed.text.is_empty() {
            true => Err(Fault::at(&typed.at, "core.required")),
            false => Ok(()),
        };
        faults.take(required(&self.number));
        faults.take(required(&self.voucher));
        if self.voucher.text.chars().count() > VOUCHER_MOST {
            faults.push(Fault::at(&self.voucher.at, "core.too_long").with("most", VOUCHER_MOST));
        }
        let amount = faults.take(money(&self.amount));
        let paid_on = faults.take(Date::parse(&self.paid_on.text).map_err(|fault| Fault::of(&self.paid_on.at, &fault)));
        if paid_on.is_some_and(|day| day > today) {
            faults.push(Fault::at(&self.paid_on.at, "payments.not_yet"));
        }
        faults.check()?;
        let payer = if self.payer.text.is_empty() { otherwise.to_owned() } else { self.payer.text.clone() };
        let (paid_on, amount) = (paid_on.unwrap_or(today), amount.unwrap_or(Money::ZERO));
        let new = NewPayment { paid_on, amount, payer, voucher: self.voucher.text.clone(), note: String::new() };
        new.checked(today).map_err(|error| match error {
            // What is left to be wrong is the sum or who paid.
            Error::Invalid(faults) => Error::Invalid(faults.into_iter().map(|fault| self.placed(fault)).collect()),
            other => other,
        })
    }

    fn placed(&self, fault: Fault) -> Fault {
        let typed = match fault.field.as_deref() {
            Some("payer") => &self.payer,
            _ => &self.amount,
        };
        Fault { field: Some(typed.at.clone()), ..fault }
    }
}

fn money(typed: &Typed) -> Result<Money, Fault> {
    if typed.text.is_empty() {
        return Err(Fault::at(&typed.at, "core.required"));
    }
    Money::parse(&typed.text, codes::Unit::Yuan).map_err(|fault| Fault::of(&typed.at, &fault))
}
