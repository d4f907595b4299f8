//! Rows that are no data.

use jinmen_core::codes::{Uscc, text};
use serde::{Deserialize, Serialize};

use super::mapping::Mapping;
use crate::table::{Row, is_ordinal_row};

/// Why a row is passed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// Nothing in the columns that are read.
    Blank,
    /// 合计, 小计.
    Total,
    /// 制表人：…, 注：….
    Footer,
    /// The header once more, as on every printed page, or column numbers.
    Header,
    /// 示例.
    Example,
}

const TOTALS: [&str; 10] =
    ["合计", "总计", "小计", "共计", "累计", "总数", "本页小计", "本页合计", "total", "subtotal"];
const FOOTERS: [&str; 24] = [
    "制表人",
    "制表",
    "填表人",
    "填报人",
    "审核人",
    "审核",
    "复核人",
    "复核",
    "统计负责人",
    "单位负责人",
    "负责人",
    "联系人",
    "联系电话",
    "填报日期",
    "填表日期",
    "制表日期",
    "报出日期",
    "填报单位",
    "注",
    "备注",
    "说明",
    "填表说明",
    "填报说明",
    "数据来源",
];
const EXAMPLES: [&str; 5] = ["示例", "样例", "例如", "例", "(示例)"];

/// Why a row is no data; `None` if it is data. `read` are the columns that are read.
pub(super) fn skip(row: &Row, mapping: &Mapping, read: &[usize]) -> Option<Skip> {
    if row.is_blank() || (read.iter().all(|column| row.cell(*column).is_blank()) && !has_words(row)) {
        return Some(Skip::Blank);
    }
    let cells: Vec<(usize, String)> = row.filled().map(|(column, cell)| (column, text::fold(&cell.text()))).collect();
    let coded = cells.iter().any(|(_, cell)| cell.len() >= 18 && Uscc::parse(cell).is_ok());
    let first = cells.iter().find(|(_, cell)| cell.parse::<f64>().is_err()).map(|(_, cell)| cell.replace(' ', ""))?;
    if coded {
        return None;
    }
    if EXAMPLES
        .iter()
        .any(|word| first == *word || first.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', '('])))
    {
        return Some(Skip::Example);
    }
    if TOTALS.iter().any(|word| is_headed(&first, word)) {
        return Some(Skip::Total);
    }
    if is_footer(&first, cells.len()) {
        return Some(Skip::Footer);
    }
    if is_header(&cells, mapping) || is_ordinal_row(row) {
        return Some(Skip::Header);
    }
    read.iter().all(|column| row.cell(*column).is_blank()).then_some(Skip::Blank)
}

/// Something other than the number of the row.
fn has_words(row: &Row) -> bool {
    row.filled().any(|(_, cell)| text::fold(&cell.text()).parse::<f64>().is_err())
}

/// 合计, 合计：, 合计(12家).
fn is_headed(cell: &str, word: &str) -> bool {
    cell.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '(', '[', ',']))
}

/// A word of a signature line alone in its cell or with a colon after it, or a remark alone in its row.
fn is_footer(first: &str, cells: usize) -> bool {
    let after = |word: &str| first.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    let signed = FOOTERS.iter().any(|word| after(word));
    let alone = cells == 1 && ["备注", "说明", "填表说明", "填报说明"].iter().any(|word| first.starts_with(word));
    signed || alone
}

/// At least two cells, and more than half of them, are what the header has in their columns.
fn is_header(cells: &[(usize, String)], mapping: &Mapping) -> bool {
    let same = |(column, cell): &&(usize, String)| {
        let heading = mapping.columns.get(*column).map(|column| text::fold(&column.heading).replace(' ', ""));
        let cell = cell.replace(' ', "");
        heading.is_some_and(|heading| heading == cell || (heading.ends_with(&cell) && cell.chars().count() > 1))
    };
    let count = cells.iter().filter(same).count();
    count >= 2 && count * 2 > cells.len()
}
