//! Reading amounts that people wrote.

use super::words::{Sign, read_number, sign};
use super::{Money, MoneyFault, Unit};
use crate::text::narrow;

/// The longest text worth looking at.
const LONGEST: usize = 200;
/// Digits of one number; more is an overflow in every unit.
const MOST_DIGITS: usize = 30;

/// Names of units with the fen in one; longer names before the names they begin with.
const UNITS: [(&str, i128); 13] = [
    ("万亿", 100_000_000_000_000),
    ("百亿", 1_000_000_000_000),
    ("十亿", 100_000_000_000),
    ("千万", 1_000_000_000),
    ("百万", 100_000_000),
    ("十万", 10_000_000),
    ("亿", 10_000_000_000),
    ("万", 1_000_000),
    ("千", 100_000),
    ("百", 10_000),
    ("元", 100),
    ("角", 10),
    ("分", 1),
];

pub(super) fn read(text: &str, default_unit: Unit) -> Result<Money, MoneyFault> {
    let given = || text.chars().take(64).collect::<String>();
    let narrowed = narrow(text);
    if narrowed.is_empty() {
        return Err(MoneyFault::Empty);
    }
    if narrowed.len() > LONGEST {
        return Err(MoneyFault::Malformed { text: given() });
    }
    if is_foreign(&narrowed) {
        return Err(MoneyFault::Currency { text: given() });
    }
    let (negative, body) = sign_and_body(&narrowed);
    let fen = if body.bytes().any(|byte| byte.is_ascii_digit()) {
        read_digits(&body, default_unit)
    } else {
        read_words(&body, default_unit)
    };
    let fen = fen.map_err(|refusal| match refusal {
        Refusal::Malformed => MoneyFault::Malformed { text: given() },
        Refusal::FractionOfFen => MoneyFault::FractionOfFen { text: given() },
        Refusal::Overflow => MoneyFault::Overflow,
    })?;
    Money::fit(if negative { -fen } else { fen })
}

enum Refusal {
    Malformed,
    FractionOfFen,
    Overflow,
}

fn is_foreign(text: &str) -> bool {
    const MARKS: [&str; 14] =
        ["$", "€", "£", "US", "EUR", "HKD", "JPY", "GBP", "美元", "美金", "欧元", "港", "日元", "英镑"];
    let upper = text.to_uppercase();
    MARKS.iter().any(|mark| upper.contains(mark))
}

/// Take off the sign, brackets, the name or mark of the currency and 整; unify 元.
fn sign_and_body(text: &str) -> (bool, String) {
    let mut negative = false;
    let mut body = text.to_owned();
    // Sign and mark come in either order: -¥5, ¥-5, 人民币负伍元, (¥5).
    let mut signs = 0;
    loop {
        let trimmed = body.trim();
        let inner = trimmed.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let minus = trimmed.strip_prefix('-').or_else(|| trimmed.strip_prefix('负'));
        let mark = ["人民币", "RMB", "CNY", "rmb", "¥"].iter().find_map(|mark| trimmed.strip_prefix(mark));
        let next = if let Some(rest) = mark {
            rest.trim_start_matches([':', ' '])
        } else if let Some(rest) = inner.or(minus).filter(|_| signs == 0) {
            signs += 1;
            negative = true;
            rest
        } else if let Some(rest) = trimmed.strip_prefix('+').filter(|_| signs == 0) {
            signs += 1;
            rest
        } else {
            body = trimmed.to_owned();
            break;
        };
        body = next.to_owned();
    }
    let body = body.replace(['圆', '圓', '块'], "元").replace('億', "亿").replace('萬', "万");
    let body = match body.strip_suffix(['整', '正']) {
        Some(rest) if rest.ends_with(['元', '角']) => rest.to_owned(),
        _ => body,
    };
    (negative, body)
}

/// `3亿2000万元`, `1 234.56`, `5元3角`: numbers with falling units.
fn read_digits(body: &str, default_unit: Unit) -> Result<i128, Refusal> {
    let mut total: i128 = 0;
    let mut above = i128::MAX;
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',') || c.is_whitespace()))
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let named = UNITS.iter().find_map(|(name, fen)| Some((*fen, after.strip_prefix(name)?)));
        let (unit, after) = match named {
            Some(found) => found,
            // Only a number alone may leave its unit out.
            None if after.is_empty() && total == 0 && above == i128::MAX => (default_unit.fen().into(), after),
            None => return Err(Refusal::Malformed),
        };
        if unit >= above {
            return Err(Refusal::Malformed);
        }
        above = unit;
        total = total.checked_add(times(number, unit)?).ok_or(Refusal::Overflow)?;
        rest = after.trim_start();
        // 万元, 亿元: the yuan ends the part above it.
        if unit > 100
            && let Some(after) = rest.strip_prefix('元')
        {
            above = 100;
            rest = after.trim_start();
        }
    }
    Ok(total)
}

/// `number` units in fen. The number may have separators at every third digit.
fn times(number: &str, unit: i128) -> Result<i128, Refusal> {
    let number = number.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = without_separators(whole).ok_or(Refusal::Malformed)?;
    let dot_alone = number.contains('.') && fraction.is_empty();
    if dot_alone || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Malformed);
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() > MOST_DIGITS - 10 {
        return Err(Refusal::Overflow);
    }
    // The largest unit has 10^14 fen, so the fifteenth place is always below the fen.
    if fraction.len() > 14 {
        return Err(Refusal::FractionOfFen);
    }
    let (mut digits, mut scale) = (0_i128, 1_i128);
    for byte in whole.bytes() {
        digits = digits * 10 + i128::from(byte - b'0');
    }
    for byte in fraction.bytes() {
        digits = digits * 10 + i128::from(byte - b'0');
        scale *= 10;
    }
    // 34 digits times 10^14 could overflow; divide out what unit and scale share first.
    let shared = unit.min(scale);
    let (unit, scale) = (unit / shared, scale / shared);
    if digits % scale != 0 {
        return Err(Refusal::FractionOfFen);
    }
    (digits / scale).checked_mul(unit).ok_or(Refusal::Overflow)
}

/// The digits of a whole number; `None` when separators stand elsewhere than at every third digit
/// or there is no digit.
fn without_separators(whole: &str) -> Option<String> {
    let whole = whole.trim();
    let groups: Vec<&str> = whole.split([',', ' ']).collect();
    let is_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = match groups[..] {
        [only] => !only.is_empty(),
        [first, ref others @ ..] => (1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3),
        [] => false,
    };
    (shaped && groups.iter().all(is_digits)).then(|| groups.concat())
}

/// `壹仟零壹元零伍分`, `三万元`, `十二亿`.
fn read_words(body: &str, default_unit: Unit) -> Result<i128, Refusal> {
    let body: String = body.chars().filter(|character| !character.is_whitespace()).collect();
    let (yuan, small, unit) = match body.split_once('元') {
        Some((yuan, small)) => (yuan, small, 100),
        None if body.ends_with(['角', '分']) => ("", body.as_str(), 100),
        // 三万 says its unit, 三 does not.
        None if body.contains(['万', '亿']) => (body.as_str(), "", 100),
        None => (body.as_str(), "", default_unit.fen()),
    };
    let mut fen = if yuan.is_empty() && !small.is_empty() && !body.contains('元') {
        0
    } else {
        let signs: Option<Vec<Sign>> = yuan.chars().map(sign).collect();
        let number = signs.as_deref().and_then(read_number).ok_or(Refusal::Malformed)?;
        i128::from(number) * i128::from(unit)
    };
    let mut rest = small.strip_prefix('零').unwrap_or(small);
    if rest.is_empty() && !small.is_empty() {
        return Err(Refusal::Malformed);
    }
    for (name, unit) in [('角', 10), ('分', 1)] {
        let mut characters = rest.chars();
        if let (Some(digit), Some(found)) = (characters.next(), characters.next())
            && found == name
        {
            let Some(Sign::Digit(digit)) = sign(digit) else {
                return Err(Refusal::Malformed);
            };
            fen += i128::from(digit) * unit;
            rest = characters.as_str();
        }
    }
    if rest.is_empty() { Ok(fen) } else { Err(Refusal::Malformed) }
}
