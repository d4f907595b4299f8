//! The reader's language: texts by key, and numbers, money, dates as people write them.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use jinmen_core::codes::Rounding;
use jinmen_core::{Count, Date, Instant, Locale, Money, Ratio, Text2};

use crate::catalog::Catalog;

const FEN_PER_YUAN: i64 = 100;
const FEN_PER_WAN: i64 = 10_000 * FEN_PER_YUAN;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A value put into a text.
#[derive(Clone, Debug)]
pub enum Arg {
    /// Text, shown as it is.
    Text(String),
    /// A number, which also chooses plural forms.
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Arg> for FluentValue<'static> {
    fn from(arg: Arg) -> Self {
        match arg {
            Arg::Text(text) => text.into(),
            Arg::Number(number) => number.into(),
        }
    }
}

/// The words of one reader; cheap to clone.
#[derive(Clone, Debug)]
pub struct Words {
    /// The language.
    pub locale: Locale,
    /// All texts.
    pub catalog: Arc<Catalog>,
}

impl Words {
    /// The words of a language.
    pub fn new(locale: Locale, catalog: Arc<Catalog>) -> Self {
        Self { locale, catalog }
    }

    /// The text of a key. A key without text is shown in brackets and logged.
    pub fn of(&self, key: &str) -> String {
        self.look(key, None)
    }

    /// The text of a key with its places filled.
    pub fn with(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let args: FluentArgs<'_> = args.iter().map(|(name, arg)| (*name, FluentValue::from(arg.clone()))).collect();
        self.look(key, Some(&args))
    }

    fn look(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        self.catalog.find(self.locale, key, args).unwrap_or_else(|| {
            tracing::warn!(key, locale = self.locale.tag(), "A text is missing");
            format!("[{key}]")
        })
    }

    /// Whether a key has a text.
    pub fn has(&self, key: &str) -> bool {
        self.catalog.has(self.locale, key)
    }

    /// Text that exists in both languages.
    pub fn text(&self, text: &Text2) -> String {
        text.show(self.locale).to_owned()
    }

    /// Whether the reader reads Chinese.
    pub fn is_chinese(&self) -> bool {
        self.locale == Locale::ZhCn
    }

    /// `12,345`.
    pub fn number(&self, number: i64) -> String {
        let digits = grouped(number.unsigned_abs());
        if number < 0 { format!("-{digits}") } else { digits }
    }

    /// A count of which only so much was counted: `1 万以上`, `over 10,000`.
    pub fn count(&self, number: i64, capped: bool) -> String {
        if !capped {
            return self.number(number);
        }
        let number = if self.is_chinese() && number % 10_000 == 0 {
            format!("{} 万", number / 10_000)
        } else {
            self.number(number)
        };
        self.with("ui-over", &[("number", number.into())])
    }

    /// [`Words::count`] of what a list query counted.
    pub fn counted(&self, count: &Count) -> String {
        self.count(count.number, count.capped)
    }

    /// `12.5 万元` from ten thousand yuan, `1,234.50 元` below; `CNY 125,000.00`. Always exact: where 万元 would need
    /// more than four places, yuan are shown.
    pub fn money(&self, money: Money) -> String {
        let fen = money.fen();
        if !self.is_chinese() {
            return format!("CNY {}", decimal(fen, 2));
        }
        if fen.abs() < FEN_PER_WAN || fen % 100 != 0 {
            return format!("{} 元", decimal(fen, 2));
        }
        format!("{} 万元", trimmed(decimal(fen / FEN_PER_YUAN, 4)))
    }

    /// The amount in words as banks write it (壹拾贰万伍仟元整); in English the exact figure.
    pub fn money_words(&self, money: Money) -> String {
        if self.is_chinese() { money.in_words() } else { self.money(money) }
    }

    /// `2021年5月20日`, `20 May 2021`.
    pub fn date(&self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        if self.is_chinese() {
            return format!("{year}年{month}月{day}日");
        }
        let name = MONTHS.get(usize::from(month.unsigned_abs()).wrapping_sub(1)).copied().unwrap_or("");
        format!("{day} {name} {year}")
    }

    /// Date and time to the minute in China: `2021年5月20日 14:03`.
    pub fn instant(&self, instant: Instant) -> String {
        format!("{} {}", self.date(instant.date()), self.clock(instant))
    }

    /// The time of day in China: `14:03`.
    pub fn clock(&self, instant: Instant) -> String {
        instant.to_minute().rsplit(' ').next().unwrap_or_default().to_owned()
    }

    /// `3.50%`.
    pub fn ratio(&self, ratio: Ratio) -> String {
        ratio.to_percent_string(2, Rounding::HalfUp)
    }

    /// How long ago, as one says it: `3 分钟前`, `yesterday`; older than a month, the date.
    pub fn ago(&self, then: Instant, now: Instant) -> String {
        let seconds = now.seconds_since(then);
        let days = then.date().days_until(now.date());
        match seconds {
            ..0 => self.instant(then),
            0..60 => self.of("ui-ago-now"),
            60..3_600 => self.with("ui-ago-minutes", &[("n", (seconds / 60).into())]),
            _ if days == 0 => self.with("ui-ago-hours", &[("n", (seconds / 3_600).into())]),
            _ if days == 1 => self.of("ui-ago-yesterday"),
            _ if days <= 30 => self.with("ui-ago-days", &[("n", days.into())]),
            _ => self.date(then.date()),
        }
    }
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A whole number with its last `places` digits behind the point.
fn decimal(number: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let size = number.unsigned_abs();
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", grouped(size / unit), size % unit, width = places as usize)
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
