//! What one header cell says besides the name of its column: a unit and a year.

use jinmen_core::codes::{Unit, text};
use jinmen_core::{Date, Money};
use serde::{Deserialize, Serialize};

/// The unit that a header, a title row or a person gives for a whole column.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitHint {
    /// 元.
    Yuan,
    /// 千元.
    Thousand,
    /// 万元.
    TenThousand,
    /// 百万元.
    Million,
    /// 亿元.
    HundredMillion,
    /// %.
    Percent,
    /// ‰.
    PerMille,
    /// 平方米.
    SquareMetre,
    /// 人, 个, 件, 项 and the like.
    Count,
}

/// Longer names before the names they contain.
const UNITS: [(&str, UnitHint); 28] = [
    ("百万元", UnitHint::Million),
    ("亿元", UnitHint::HundredMillion),
    ("万元", UnitHint::TenThousand),
    ("千元", UnitHint::Thousand),
    ("亿", UnitHint::HundredMillion),
    ("万平方米", UnitHint::Count),
    ("万", UnitHint::TenThousand),
    ("平方米", UnitHint::SquareMetre),
    ("平米", UnitHint::SquareMetre),
    ("m²", UnitHint::SquareMetre),
    ("㎡", UnitHint::SquareMetre),
    ("m2", UnitHint::SquareMetre),
    ("元", UnitHint::Yuan),
    ("yuan", UnitHint::Yuan),
    ("rmb", UnitHint::Yuan),
    ("cny", UnitHint::Yuan),
    ("百分比", UnitHint::Percent),
    ("%", UnitHint::Percent),
    ("‰", UnitHint::PerMille),
    ("人", UnitHint::Count),
    ("名", UnitHint::Count),
    ("个", UnitHint::Count),
    ("件", UnitHint::Count),
    ("项", UnitHint::Count),
    ("家", UnitHint::Count),
    ("年", UnitHint::Count),
    ("月", UnitHint::Count),
    ("岁", UnitHint::Count),
];

impl UnitHint {
    /// The unit that a short text is, such as `万元`, `人民币万元` or `(%)`; `None` if it is anything
    /// else.
    pub fn read(text: &str) -> Option<Self> {
        let folded = text::fold(text).replace(' ', "");
        let bare = folded.trim_matches(['(', ')', '[', ']', ':', '/']);
        let bare = bare.trim_start_matches("金额").trim_start_matches("单位").trim_start_matches(':');
        let bare = bare.replace("人民币", "");
        UNITS.iter().find(|(name, _)| *name == bare).map(|(_, unit)| *unit)
    }

    /// For money: the unit that the money reader knows, and by how much to multiply what it read.
    pub fn money(self) -> Option<(Unit, i64)> {
        match self {
            Self::Yuan => Some((Unit::Yuan, 1)),
            Self::Thousand => Some((Unit::Yuan, 1_000)),
            Self::TenThousand => Some((Unit::TenThousand, 1)),
            Self::Million => Some((Unit::Yuan, 1_000_000)),
            Self::HundredMillion => Some((Unit::HundredMillion, 1)),
            _ => None,
        }
    }

    /// The Chinese name, empty for counts.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::Thousand => "千元",
            Self::TenThousand => "万元",
            Self::Million => "百万元",
            Self::HundredMillion => "亿元",
            Self::Percent => "%",
            Self::PerMille => "‰",
            Self::SquareMetre => "平方米",
            Self::Count => "",
        }
    }

    /// The decimal places of this unit that are still whole fen.
    pub fn fen_places(self) -> usize {
        let (unit, times) = self.money().unwrap_or((Unit::Yuan, 1));
        let fen = Money::from_units(times, unit).map_or(100, Money::fen);
        fen.ilog10() as usize
    }
}

/// The year of a column, as a header says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearHint {
    /// 2023年.
    Year(i16),
    /// So many years from the present one: 上年度 is -1.
    Relative(i16),
}

impl YearHint {
    /// The year, seen from a day.
    pub fn resolve(self, today: Date) -> i16 {
        match self {
            Self::Year(year) => year,
            Self::Relative(years) => today.year().saturating_add(years),
        }
    }
}

/// A header cell taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Heading {
    /// What is left when unit, year and marks are taken off.
    pub core: String,
    /// The unit.
    pub unit: Option<UnitHint>,
    /// The year.
    pub year: Option<YearHint>,
    /// Whether it speaks of several years together (近三年, 2021-2023年), which no single year is.
    pub span: bool,
}

const RELATIVE: [(&str, i16); 14] = [
    ("上一年度", -1),
    ("上一年", -1),
    ("上年度", -1),
    ("上年末", -1),
    ("上年", -1),
    ("去年", -1),
    ("前年", -2),
    ("本年度", 0),
    ("本年末", 0),
    ("本年", 0),
    ("今年", 0),
    ("当年度", 0),
    ("当年", 0),
    ("本期", 0),
];
const SPANS: [&str; 8] = ["近三年", "近3年", "前三年", "前3年", "近两年", "近2年", "近五年", "三年合计"];

impl Heading {
    /// Takes a header cell apart.
    pub fn parse(text: &str) -> Self {
        let mut rest: String = text::fold(text).chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
        let unit = take_unit(&mut rest);
        let (year, span) = take_year(&mut rest);
        let ends = ['(', ')', '[', ']', ':', '/', '_', '-', ',', ';', '.', '、', '。'];
        let rest = rest.replace("()", "").replace("[]", "");
        Self { core: without_number(rest.trim_matches(ends)).to_owned(), unit, year, span }
    }

    /// The core without what stands in brackets.
    pub fn bare(&self) -> String {
        let mut depth = 0_u32;
        let mut bare = String::new();
        for c in self.core.chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                c if depth == 0 => bare.push(c),
                _ => {}
            }
        }
        bare
    }
}

/// The unit for a whole sheet that a title row gives (`单位：万元`, `金额单位：人民币万元`); a row that
/// names an organisation (`填报单位：某公司`) gives none.
pub fn sheet_unit(text: &str) -> Option<UnitHint> {
    let folded = text::fold(text).replace(' ', "");
    let (_, after) = folded.rsplit_once("单位:").or_else(|| folded.rsplit_once("单位"))?;
    let word: String = after.chars().take_while(|c| !matches!(c, ')' | ']' | ',' | ';' | '、' | '。')).collect();
    UnitHint::read(&word)
}

/// Takes the unit off: in brackets anywhere, or after a mark at the end, or 万元 and longer at the end.
fn take_unit(text: &mut String) -> Option<UnitHint> {
    let mut from = 0;
    while let Some(open) = text[from..].find(['(', '[']).map(|at| at + from) {
        let close = text[open..].find([')', ']']).map_or(text.len(), |at| at + open);
        let inside: Vec<String> = text[open + 1..close].split([',', ';', '、']).map(str::to_owned).collect();
        if let Some(unit) = inside.iter().find_map(|part| UnitHint::read(part)) {
            let others: Vec<String> = inside.into_iter().filter(|part| UnitHint::read(part).is_none()).collect();
            let end = (close + 1).min(text.len());
            let kept = if others.is_empty() { String::new() } else { format!("({})", others.join(",")) };
            text.replace_range(open..end, &kept);
            return Some(unit);
        }
        from = open + 1;
    }
    if let Some((head, tail)) = text.rsplit_once(['/', ':', '_', '-'])
        && let Some(unit) = UnitHint::read(tail)
        && !head.is_empty()
    {
        let head = head.strip_suffix("单位").unwrap_or(head).to_owned();
        *text = head;
        return Some(unit);
    }
    for (name, unit) in UNITS.iter().filter(|(name, _)| name.chars().count() > 1 && name.ends_with('元')) {
        if let Some(head) = text.strip_suffix(name).filter(|head| !head.is_empty()) {
            *text = head.to_owned();
            return Some(*unit);
        }
    }
    None
}

/// Takes the year off, and says whether several years are meant.
fn take_year(text: &mut String) -> (Option<YearHint>, bool) {
    let years = years(text);
    if years.len() > 1 || SPANS.iter().any(|word| text.contains(word)) {
        return (None, true);
    }
    if let Some((from, until, year)) = years.first().copied() {
        text.replace_range(from..until, "");
        return (Some(YearHint::Year(year)), false);
    }
    for (word, years) in RELATIVE {
        if let Some(at) = text.find(word) {
            text.replace_range(at..at + word.len(), "");
            return (Some(YearHint::Relative(years)), false);
        }
    }
    (None, false)
}

/// Four-digit years standing alone, with where they begin and where 年, 年度, 年末 after them end.
fn years(text: &str) -> Vec<(usize, usize, i16)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let end = (at..bytes.len()).find(|end| !digit(*end)).unwrap_or(bytes.len());
        let year = text.get(at..end).and_then(|digits| digits.parse::<i16>().ok());
        if let Some(year) = year.filter(|year| end - at == 4 && (1990..=2099).contains(year)) {
            let tail = ["年度", "年末", "年底", "年", "fy"].into_iter().find(|tail| text[end..].starts_with(tail));
            found.push((at, end + tail.map_or(0, str::len), year));
        }
        at = end;
    }
    found
}

/// Without an ordinal before it: `1.`, `(3)`, `一、`.
fn without_number(text: &str) -> &str {
    let numbered = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let rest = text.trim_start_matches('(').trim_start_matches(numbered);
    let marked = rest.strip_prefix(['.', '、', ')']).or_else(|| rest.strip_prefix(")、"));
    match marked {
        Some(rest) if rest.chars().count() > 1 && rest.len() < text.len() => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, core: &str, unit: Option<UnitHint>, year: Option<YearHint>) {
        let heading = Heading::parse(text);
        assert_eq!((heading.core.as_str(), heading.unit, heading.year), (core, unit, year), "{text}");
    }

    #[test]
    fn a_header_gives_its_unit_and_year() {
        use UnitHint::{Count, HundredMillion, Percent, TenThousand, Thousand, Yuan};
        let year = |year| Some(YearHint::Year(year));
        check("2023年营业收入（万元）", "营业收入", Some(TenThousand), year(2023));
        check("营业收入\n（2023年度，单位：万元）", "营业收入", Some(TenThousand), year(2023));
        check("上年度研发费用(元)", "研发费用", Some(Yuan), Some(YearHint::Relative(-1)));
        check("营业收入万元", "营业收入", Some(TenThousand), None);
        check("资产总额/千元", "资产总额", Some(Thousand), None);
        check("市值[亿元]", "市值", Some(HundredMillion), None);
        check("占比（％）", "占比", Some(Percent), None);
        check("从业人员（人）", "从业人员", Some(Count), None);
        check("*企业名称", "企业名称", None, None);
        check("一、企业名称", "企业名称", None, None);
        check("1.企业名称", "企业名称", None, None);
        check("2022", "", None, year(2022));
        check("专精特新“小巨人”", "专精特新“小巨人”", None, None);
        check("", "", None, None);
        check("(", "", None, None);
    }

    #[test]
    fn several_years_are_no_year() {
        assert!(Heading::parse("2021-2023年研发费用合计").span);
        assert!(Heading::parse("近三年营业收入（万元）").span);
        assert!(!Heading::parse("2021年研发费用").span);
    }

    #[test]
    fn brackets_that_are_no_unit_stay_in_the_core_and_leave_the_bare_form() {
        let heading = Heading::parse("营业收入（含税）");
        assert_eq!((heading.core.as_str(), heading.bare().as_str()), ("营业收入(含税", "营业收入"));
    }

    #[test]
    fn a_title_row_gives_the_unit_of_the_sheet() {
        assert_eq!(sheet_unit("单位：万元"), Some(UnitHint::TenThousand));
        assert_eq!(sheet_unit("填表日期：2021年 金额单位：人民币万元"), Some(UnitHint::TenThousand));
        assert_eq!(sheet_unit("填报单位：天津某某公司"), None);
        assert_eq!(sheet_unit("企业名录"), None);
    }

    #[test]
    fn what_is_still_whole_fen() {
        assert_eq!(UnitHint::Yuan.fen_places(), 2);
        assert_eq!(UnitHint::TenThousand.fen_places(), 6);
        assert_eq!(UnitHint::Thousand.fen_places(), 5);
        assert_eq!(UnitHint::HundredMillion.fen_places(), 10);
    }
}
