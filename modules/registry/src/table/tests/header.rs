//! Headers as they are drawn.

use crate::dictionary::{Subject, dictionary};
use crate::table::{Cell, Header, Row, UnitHint, YearHint, find_header, is_ordinal_row};

fn known(heading: &str) -> u8 {
    dictionary().by_header(Subject::Organization, heading).first().map_or(0, |found| found.score)
}

/// Rows of cells separated by bars; the number of a row is its place.
fn sheet(lines: &[&str]) -> Vec<Row> {
    let cell = |text: &str| match text.trim() {
        "" => Cell::Empty,
        text => text.parse().map_or_else(|_| Cell::Text(text.to_owned()), Cell::Number),
    };
    let row = |(at, line): (usize, &&str)| Row { number: at as u32 + 1, cells: line.split('|').map(cell).collect() };
    lines.iter().enumerate().map(row).collect()
}

fn check(lines: &[&str], rows: (u32, u32), headings: &[&str]) -> Header {
    let header = find_header(&sheet(lines), &known).unwrap();
    assert_eq!((header.first, header.last), rows, "{header:#?}");
    let found: Vec<&str> = header.columns.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(found, headings);
    header
}

#[test]
fn a_header_is_found_below_titles() {
    let lines = [
        "2023年度联盟成员单位名录",
        "单位：万元||填表日期：2024-01-05",
        "",
        "序号|企业名称|统一社会信用代码|营业收入",
        "1|演示一公司|91120199MA00000017|120.5",
    ];
    let header = check(&lines, (4, 4), &["序号", "企业名称", "统一社会信用代码", "营业收入"]);
    assert_eq!((header.unit, header.year), (Some(UnitHint::TenThousand), Some(YearHint::Year(2023))));
}

#[test]
fn merged_headings_over_two_rows_are_joined() {
    let lines = [
        "序号|企业名称|联系人||2023年||2022年|备注",
        "||姓名|电话|营业收入（万元）|研发费用（万元）|营业收入（万元）|",
        "1|演示一公司|演示甲|13800138000|1|2|3|",
    ];
    let header = check(
        &lines,
        (1, 2),
        &[
            "序号",
            "企业名称",
            "联系人 姓名",
            "联系人 电话",
            "2023年 营业收入（万元）",
            "2023年 研发费用（万元）",
            "2022年 营业收入（万元）",
            "备注",
        ],
    );
    assert_eq!(header.columns[5].year, Some(YearHint::Year(2023)));
    assert_eq!(header.columns[6].unit, Some(UnitHint::TenThousand));
}

#[test]
fn years_as_numbers_units_and_column_numbers_belong_to_the_header() {
    let lines = ["企业名称|营业收入||职工人数", "|2022|2023|", "|万元|万元|人", "甲|1|2|3", "演示一公司|5|6|7"];
    let header = check(&lines, (1, 4), &["企业名称", "营业收入 2022", "营业收入 2023", "职工人数"]);
    assert_eq!(header.columns[2].unit, Some(UnitHint::TenThousand));
    assert_eq!(header.columns[2].year, Some(YearHint::Year(2023)));
}

#[test]
fn data_are_not_taken_for_a_header() {
    let lines = ["企业名称|所属区|主要产品", "演示一公司|河西区|软件", "演示二公司|南开区|硬件"];
    check(&lines, (1, 1), &["企业名称", "所属区", "主要产品"]);
    assert_eq!(find_header(&sheet(&["1|2|3", "4|5|6"]), &known), None);
}

#[test]
fn unknown_headings_are_still_a_header() {
    let lines = ["某某表", "alpha|beta|gamma", "7|2|3"];
    let header = check(&lines, (2, 2), &["alpha", "beta", "gamma"]);
    assert_eq!(header.score, 0);
}

#[test]
fn a_company_of_one_cell_does_not_hide_the_header() {
    let lines = [
        "天津市演示科技有限公司填报",
        "填报单位：演示|",
        "单位名称|联系电话|电子邮箱",
        "甲公司|022-12345678|a@example.org",
    ];
    check(&lines, (3, 3), &["单位名称", "联系电话", "电子邮箱"]);
}

#[test]
fn rows_of_column_numbers_are_known() {
    let ordinal = |line: &str| is_ordinal_row(&sheet(&[line])[0]);
    assert!(ordinal("1|2|3|4") && ordinal("甲|乙|1|2") && ordinal("（1）|（2）|（3）"));
    assert!(!ordinal("1|2") && !ordinal("1|演示|3") && !ordinal("2|3|4"));
}
