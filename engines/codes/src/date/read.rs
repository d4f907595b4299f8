//! Reading dates that people wrote.

use super::{Date, DateFault, FIRST_WRITTEN_YEAR, LAST_YEAR, PartialDate};
use crate::text::narrow;

/// The longest text worth looking at; nothing that is a date comes near.
const LONGEST: usize = 64;

pub(super) fn read(text: &str) -> Result<PartialDate, DateFault> {
    let malformed = || DateFault::Malformed { text: text.chars().take(LONGEST).collect() };
    let narrowed = narrow(text);
    if narrowed.is_empty() {
        return Err(DateFault::Empty);
    }
    if narrowed.len() > LONGEST {
        return Err(malformed());
    }
    let day_part = without_time(&narrowed);
    let numbers = if day_part.contains('年') {
        marked(day_part)
    } else if day_part.bytes().all(|byte| byte.is_ascii_digit()) {
        digits_only(day_part)
    } else {
        separated(day_part)
    };
    check(numbers.ok_or_else(malformed)?)
}

/// Year, month, day; what is not said is `None`.
type Numbers = (u32, Option<u32>, Option<u32>);

/// Drop a time of day at the end: `T` or a space, then `H:MM`, `H:MM:SS` or `H:MM:SS.fff`.
fn without_time(text: &str) -> &str {
    let Some((day, time)) = text.split_once(['T', ' ']) else {
        return text;
    };
    if is_time(time.trim_start()) { day } else { text }
}

fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let in_range = |part: &str, end: u32| {
        (1..=2).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse().is_ok_and(|number: u32| number < end)
    };
    let second = |part: &str| {
        let (whole, fraction) = part.split_once('.').unwrap_or((part, "0"));
        in_range(whole, 60) && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
    };
    match parts[..] {
        [hour, minute] => in_range(hour, 24) && in_range(minute, 60),
        [hour, minute, seconds] => in_range(hour, 24) && in_range(minute, 60) && second(seconds),
        _ => false,
    }
}

/// `2021年5月20日`, `2021年5月`, `2021年`, with digits or Chinese numerals, spaces anywhere.
fn marked(text: &str) -> Option<Numbers> {
    let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let (year, rest) = text.split_once('年')?;
    let year = year_number(year)?;
    if rest.is_empty() {
        return Some((year, None, None));
    }
    let (month, rest) = rest.split_once('月')?;
    let month = if month == "元" { 1 } else { small_number(month)? };
    if rest.is_empty() {
        return Some((year, Some(month), None));
    }
    let day = rest.strip_suffix('日').or_else(|| rest.strip_suffix('号'))?;
    Some((year, Some(month), Some(small_number(day)?)))
}

/// `20210520` or `2021`.
fn digits_only(text: &str) -> Option<Numbers> {
    match text.len() {
        4 => Some((text.parse().ok()?, None, None)),
        8 => Some((text[..4].parse().ok()?, Some(text[4..6].parse().ok()?), Some(text[6..].parse().ok()?))),
        _ => None,
    }
}

/// `2021-5-20`, `2021/05/20`, `2021.5.20`, `2021-05`: one and the same separator throughout.
fn separated(text: &str) -> Option<Numbers> {
    let separator = text.chars().find(|character| !character.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    match parts[..] {
        [year, month] => Some((year_number(year)?, Some(small_number(month)?), None)),
        [year, month, day] => Some((year_number(year)?, Some(small_number(month)?), Some(small_number(day)?))),
        _ => None,
    }
}

/// Four digits, ASCII or Chinese.
fn year_number(text: &str) -> Option<u32> {
    let mut year = 0;
    let mut count = 0;
    for character in text.chars() {
        // The letter O and circles are typed for 〇.
        let digit = match character {
            'O' | 'o' if count > 0 => 0,
            other => other.to_digit(10).or_else(|| chinese_digit(other))?,
        };
        year = year * 10 + digit;
        count += 1;
        if count > 4 {
            return None;
        }
    }
    (count == 4).then_some(year)
}

/// One or two ASCII digits, or a Chinese numeral up to 39 such as 五, 十二, 二十, 三十一, 廿一.
fn small_number(text: &str) -> Option<u32> {
    if (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let characters: Vec<char> = text.chars().collect();
    let (tens, units) = match characters[..] {
        [unit] if chinese_digit(unit).is_some() => (0, Some(unit)),
        // 〇五 as in 〇五月.
        [zero, unit] if chinese_digit(zero) == Some(0) => (0, Some(unit)),
        ['十'] => (1, None),
        ['十', unit] => (1, Some(unit)),
        ['廿'] => (2, None),
        ['廿', unit] => (2, Some(unit)),
        ['卅'] => (3, None),
        ['卅', unit] => (3, Some(unit)),
        [ten, '十'] => (chinese_digit(ten)?, None),
        [ten, '十', unit] => (chinese_digit(ten)?, Some(unit)),
        _ => return None,
    };
    let units = match units {
        Some(unit) => chinese_digit(unit).filter(|digit| *digit > 0)?,
        None => 0,
    };
    (tens <= 3).then_some(tens * 10 + units)
}

fn chinese_digit(character: char) -> Option<u32> {
    Some(match character {
        '〇' | '零' | '○' | '◯' => 0,
        '一' | '壹' => 1,
        '二' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn check((year, month, day): Numbers) -> Result<PartialDate, DateFault> {
    let year_fault = || DateFault::YearOutOfRange { year: year.into() };
    // All three have at most four digits.
    let year = i16::try_from(year).map_err(|_| year_fault())?;
    if !(FIRST_WRITTEN_YEAR..=LAST_YEAR).contains(&year) {
        return Err(year_fault());
    }
    let small = |number: Option<u32>| number.map(|number| i8::try_from(number).unwrap_or(i8::MAX));
    match (small(month), small(day)) {
        (None, _) => Ok(PartialDate::Year(year)),
        (Some(month), None) => {
            Date::new(year, month, 1).map_err(|_| DateFault::NoSuchDay { year, month, day: 1 })?;
            Ok(PartialDate::Month { year, month })
        }
        (Some(month), Some(day)) => Date::new(year, month, day).map(PartialDate::Day),
    }
}
