//! Amounts in Chinese words: writing them, and the grammar for reading them back.

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;

pub(super) fn in_words(fen: i64) -> String {
    let mut words = String::new();
    if fen < 0 {
        words.push('负');
    }
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    if yuan > 0 || (jiao == 0 && fen == 0) {
        write_number(yuan, &mut words);
        words.push('元');
    }
    match (jiao, fen) {
        (0, 0) => words.push('整'),
        (0, fen) => {
            if yuan > 0 {
                words.push('零');
            }
            words.extend([digit(fen), '分']);
        }
        (jiao, fen) => {
            if yuan > 0 && yuan % 10 == 0 {
                words.push('零');
            }
            words.extend([digit(jiao), '角']);
            if fen == 0 {
                words.push('整');
            } else {
                words.extend([digit(fen), '分']);
            }
        }
    }
    words
}

fn write_number(number: u64, words: &mut String) {
    for (unit, name) in [(YI, '亿'), (WAN, '万')] {
        if number >= unit {
            write_number(number / unit, words);
            words.push(name);
            let rest = number % unit;
            if rest > 0 {
                if rest < unit / 10 {
                    words.push('零');
                }
                write_number(rest, words);
            }
            return;
        }
    }
    let mut rest = number;
    let mut skipped = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let place = rest / unit;
        rest %= unit;
        if place == 0 {
            skipped = true;
            continue;
        }
        if skipped && number >= unit * 10 {
            words.push('零');
        }
        skipped = false;
        words.push(digit(place));
        words.push_str(name);
    }
    if number == 0 {
        words.push('零');
    }
}

fn digit(value: u64) -> char {
    DIGITS[(value % 10) as usize]
}

/// What one character means in an amount in words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// 0 to 9.
    Digit(u64),
    /// 10, 100, 1000.
    Place(u64),
    /// 万.
    Wan,
    /// 亿.
    Yi,
}

/// Meaning of a character: capital, ordinary and traditional forms.
pub(super) fn sign(character: char) -> Option<Sign> {
    Some(match character {
        '零' | '〇' => Sign::Digit(0),
        '壹' | '一' | '壱' => Sign::Digit(1),
        '贰' | '二' | '貳' | '两' | '兩' => Sign::Digit(2),
        '叁' | '三' | '參' | '叄' => Sign::Digit(3),
        '肆' | '四' => Sign::Digit(4),
        '伍' | '五' => Sign::Digit(5),
        '陆' | '六' | '陸' => Sign::Digit(6),
        '柒' | '七' => Sign::Digit(7),
        '捌' | '八' => Sign::Digit(8),
        '玖' | '九' => Sign::Digit(9),
        '拾' | '十' => Sign::Place(10),
        '佰' | '百' => Sign::Place(100),
        '仟' | '千' => Sign::Place(1000),
        '万' | '萬' => Sign::Wan,
        '亿' | '億' => Sign::Yi,
        _ => return None,
    })
}

/// A whole number in words. Strict where being lenient could change the amount: a skipped place
/// needs its 零, so that the colloquial 三万五 (35,000) is not read as 30,005.
pub(super) fn read_number(signs: &[Sign]) -> Option<u64> {
    for (name, unit) in [(Sign::Yi, YI), (Sign::Wan, WAN)] {
        let Some(at) = signs.iter().rposition(|sign| *sign == name) else {
            continue;
        };
        let high = read_number(&signs[..at])?;
        let low = &signs[at + 1..];
        if high == 0 {
            return None;
        }
        let low = if low.is_empty() {
            0
        } else {
            let value = read_number(low)?;
            let announced = low[0] == Sign::Digit(0);
            if value == 0 || value >= unit || (value < unit / 10 && !announced) {
                return None;
            }
            value
        };
        return high.checked_mul(unit)?.checked_add(low);
    }
    read_section(signs)
}

/// A number below ten thousand.
fn read_section(signs: &[Sign]) -> Option<u64> {
    if signs == [Sign::Digit(0)] {
        return Some(0);
    }
    let mut total = 0;
    let mut above = 10_000;
    let mut zero = false;
    let mut rest = signs;
    while let [first, after @ ..] = rest {
        if *first == Sign::Digit(0) {
            // A zero stands once, before something.
            if zero || after.is_empty() {
                return None;
            }
            zero = true;
            rest = after;
            continue;
        }
        let (digit, place, after) = match (first, after) {
            (Sign::Digit(digit), [Sign::Place(place), after @ ..]) => (*digit, *place, after),
            (Sign::Digit(digit), after) => (*digit, 1, after),
            // 十二 for 一十二.
            (Sign::Place(10), after) if total == 0 => (1, 10, after),
            _ => return None,
        };
        let skipped = total > 0 && place * 10 < above;
        if place >= above || (skipped && !zero) {
            return None;
        }
        total += digit * place;
        above = place;
        zero = false;
        rest = after;
    }
    (total > 0).then_some(total)
}
