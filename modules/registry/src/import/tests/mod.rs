//! From a file to rows that are right and faults that say where.

mod generator;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jinmen_core::{Date, Money};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::dictionary::{Subject, Value};
use crate::table::{self, RowSource, UnitHint};

fn today() -> Date {
    Date::new(2024, 6, 18).unwrap()
}

const OPTIONS: fn() -> CheckOptions = || CheckOptions { today: today(), require_uscc: false };

/// A source of some text, living as long as the directory.
fn csv(text: &str) -> (TempDir, Box<dyn RowSource>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, text).unwrap();
    let source = table::open(&path, "t.csv").unwrap();
    (folder, source)
}

/// The keys of the columns, `-` for those that are not read.
fn keys(mapping: &Mapping) -> Vec<String> {
    let key = |column: &ColumnMap| {
        let year = column.year.map(|year| format!(" {year}")).unwrap_or_default();
        column.key.as_ref().map_or("-".to_owned(), |key| format!("{key}{year}"))
    };
    mapping.columns.iter().map(key).collect()
}

fn outcomes(source: &mut dyn RowSource, mapping: &Mapping) -> (Vec<Outcome>, Summary) {
    let mut all = Vec::new();
    let mut each = |outcome| {
        all.push(outcome);
        Ok(())
    };
    let summary = run(source, mapping, OPTIONS(), &mut each).unwrap();
    (all, summary)
}

/// Everything about organisations in a text.
fn checked(text: &str) -> (Mapping, Vec<Outcome>) {
    let (_folder, mut source) = csv(text);
    let mapping = prepare(source.as_mut(), Subject::Organization, today()).unwrap();
    let (all, _) = outcomes(source.as_mut(), &mapping);
    (mapping, all)
}

fn taken(outcome: &Outcome) -> &CheckedRow {
    match outcome {
        Outcome::Taken(row) => row,
        other => panic!("{other:?}"),
    }
}

fn faults(outcome: &Outcome) -> Vec<(&str, &str)> {
    match outcome {
        Outcome::Faulty(faults) => faults.iter().map(|fault| (fault.column.as_str(), fault.code.as_str())).collect(),
        other => panic!("{other:?}"),
    }
}

fn messy() -> (TempDir, PathBuf, generator::Planted) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messy.xlsx");
    let planted = generator::write(&path);
    (folder, path, planted)
}

fn found(outcomes: &[Outcome]) -> BTreeSet<(u32, String, String)> {
    let all = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Faulty(faults) => Some(faults),
        _ => None,
    });
    all.flatten().map(|fault| (fault.row, fault.column.clone(), fault.code.clone())).collect()
}

#[test]
fn of_a_messy_workbook_exactly_the_planted_faults_are_found() {
    let (_folder, path, planted) = messy();
    let mut source = table::open(&path, "messy.xlsx").unwrap();
    let mapping = prepare(source.as_mut(), Subject::Organization, today()).unwrap();
    assert_eq!((mapping.sheet_name.as_str(), mapping.header_first, mapping.header_last), ("单位名录", 4, 5));
    assert_eq!(mapping.other_sheets, ["填表说明"]);
    assert_eq!(
        keys(&mapping),
        [
            "-",
            "name_zh",
            "uscc",
            "founded_on",
            "registered_capital",
            "industry",
            "region",
            "contact_person",
            "contact_mobile",
            "annual_revenue 2023",
            "rd_spend 2023",
            "annual_revenue 2022",
            "headcount 2023",
            "is_hnte",
            "-"
        ]
    );
    assert!(mapping.columns[12].year_assumed && !mapping.columns[9].year_assumed);
    assert_eq!(mapping.columns[9].unit, Some(UnitHint::TenThousand));
    let (all, summary) = outcomes(source.as_mut(), &mapping);
    assert_eq!(planted.faults.len(), 42, "forty and two conflicts");
    let unexpected: Vec<_> = found(&all).symmetric_difference(&planted.faults).cloned().collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert_eq!((summary.taken, summary.faulty, summary.duplicates), (planted.good, 42, planted.duplicates));
    assert_eq!(summary.skipped.values().sum::<u64>(), planted.no_data);
    let row = taken(
        all.iter()
            .find(|outcome| matches!(outcome, Outcome::Taken(row) if row.name == "演示0003科技有限公司"))
            .unwrap(),
    );
    assert_eq!(row.value("annual_revenue", Some(2023)), Some(&Value::Money(Money::from_fen(3_300_000))));
    assert_eq!(row.contacts, []);
    assert_eq!(row.affiliations, [("contact", "演示甲".to_owned())]);
}

#[test]
fn the_error_book_can_be_corrected_and_handed_in_again() {
    let (folder, path, planted) = messy();
    let mut source = table::open(&path, "messy.xlsx").unwrap();
    let mapping = prepare(source.as_mut(), Subject::Organization, today()).unwrap();
    let (all, _) = outcomes(source.as_mut(), &mapping);
    let mut by_row: BTreeMap<u32, Vec<RowFault>> = BTreeMap::new();
    for outcome in all {
        if let Outcome::Faulty(faults) = outcome {
            by_row.insert(faults[0].row, faults);
        }
    }
    let to = folder.path().join("errors.xlsx");
    let words =
        ErrorBookWords {
            sheet: "需更正".to_owned(), row: "原行号".to_owned(), explanation: "需要更正之处".to_owned()
        };
    let sentence = |fault: &RowFault| format!("{}列 {}", fault.column, fault.code);
    let written = write_error_book(source.as_mut(), &mapping, &by_row, &words, &sentence, &to).unwrap();
    assert_eq!(written, 42);
    let mut again = table::open(&to, "errors.xlsx").unwrap();
    let second = prepare(again.as_mut(), Subject::Organization, today()).unwrap();
    assert_eq!(keys(&second)[..15], keys(&mapping)[..]);
    assert_eq!(keys(&second)[15..], ["-", "-"]);
    assert_eq!(second.columns[9].unit, Some(UnitHint::TenThousand));
    let (all, summary) = outcomes(again.as_mut(), &second);
    // The rows with which two of them conflicted are not in the book.
    assert_eq!((summary.faulty, summary.taken), (40, 2));
    let codes = |faults: &BTreeSet<(u32, String, String)>| -> Vec<String> {
        let mut codes: Vec<String> = faults.iter().map(|(_, column, code)| format!("{column} {code}")).collect();
        codes.retain(|code| !code.contains("name_conflict"));
        codes.sort();
        codes
    };
    assert_eq!(codes(&found(&all)), codes(&planted.faults));
    let last = table::first_rows(again.as_mut(), 0, 100).unwrap();
    let row = last.iter().find(|row| row.number > second.header_last).unwrap();
    assert!(row.cell(16).text().contains("列 "), "{row:?}");
}

const HEAD: &str = "企业名称,统一社会信用代码,成立日期,2023年营业收入（万元）,2023年研发费用（万元）,从业人员,是否高企,联系电话,邮箱\n";

#[test]
fn a_row_is_taken_whole_or_not_at_all() {
    let code = generator::uscc(1);
    let (mapping, all) = checked(&format!(
        "{HEAD}演示一公司,{code},44336,120.5,300,12,无,022-12345678,A@Example.org\n\
         演示二公司,{code}0,2021.5.20,x,1,-1,也许,12,nobody\n"
    ));
    assert_eq!(keys(&mapping)[7], "phone");
    let row = taken(&all[0]);
    assert_eq!(row.value("founded_on", None), Some(&Value::Date(Date::new(2021, 5, 20).unwrap())));
    assert_eq!(row.value("is_hnte", None), Some(&Value::Boolean(false)));
    assert_eq!(row.contacts, [("phone", "022-12345678".to_owned()), ("email", "a@example.org".to_owned())]);
    let notes: Vec<&str> = row.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(notes, ["uscc.unknown_region", "registry.import.exceeds"]);
    assert_eq!(
        faults(&all[1]),
        [
            ("B", "uscc.length"),
            ("D", "money.malformed"),
            ("F", "registry.value.negative"),
            ("G", "registry.value.boolean"),
            ("H", "registry.import.phone"),
            ("I", "registry.import.email"),
        ]
    );
}

#[test]
fn the_first_right_row_of_a_code_wins() {
    let code = generator::uscc(5);
    let text = format!(
        "{HEAD}演示公司,{code},,,,x,,,\n演示公司,{code},,,,5,,,\n演示 公司,{code},,,,6,,,\n另一公司,{code},,,,7,,,\n无码公司,,,,,8,,,\n无码公司,/,,,,9,,,\n"
    );
    let (_, all) = checked(&text);
    assert_eq!(faults(&all[0]), [("F", "registry.value.integer")]);
    assert_eq!(taken(&all[1]).row, 3);
    assert!(matches!(all[2], Outcome::Duplicate { row: 4, first: 2 }), "{:?}", all[2]);
    assert_eq!(faults(&all[3]), [("A", "registry.import.name_conflict")]);
    assert_eq!(taken(&all[4]).uscc, None);
    assert!(matches!(all[5], Outcome::Duplicate { row: 7, first: 6 }));
}

#[test]
fn a_column_of_codes_is_found_whatever_its_heading() {
    let rows: String =
        (1..6).map(|number| format!("演示{number}公司,{},1380013800{number}\n", generator::uscc(number))).collect();
    let (mapping, _) = checked(&format!("企业名称,某某号,电话\n{rows}"));
    assert_eq!(keys(&mapping), ["name_zh", "uscc", "contact_mobile"]);
    assert_eq!(mapping.columns[1].reason, Reason::Values);
    assert_eq!(mapping.columns[2].samples[0], "138****8001");
}

#[test]
fn nothing_is_mapped_twice_and_what_is_not_read_is_reported() {
    let (mapping, _) =
        checked("企业名称,单位名称,营业收入,2022年营业收入,近三年营业收入,备注\n演示公司,演示公司,1,2,3,好\n");
    assert_eq!(keys(&mapping), ["-", "name_zh", "annual_revenue 2023", "annual_revenue 2022", "-", "-"]);
    assert!(mapping.columns[2].year_assumed && mapping.columns[2].unit_assumed);
    let unread: Vec<&str> = mapping.unread().map(|column| column.letter.as_str()).collect();
    assert_eq!(unread, ["A", "E", "F"]);
    let json = serde_json::to_value(&mapping).unwrap();
    assert_eq!(serde_json::from_value::<Mapping>(json).unwrap(), mapping);
}

#[test]
fn a_mapping_made_wrong_by_hand_says_so() {
    let (mut mapping, _) = checked("企业名称,营业收入\n演示公司,1\n");
    mapping.set(0, None, None, None);
    mapping.set(1, Some("annual_revenue"), None, None);
    let codes: Vec<String> = mapping.faults().into_iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["registry.import.year_missing", "registry.import.name_unmapped"]);
    mapping.set(0, Some("person_name"), None, None);
    assert_eq!(mapping.faults()[0].code, "registry.import.unknown_key");
    assert!(Checker::new(&mapping, OPTIONS()).is_err());
}

#[test]
fn people_are_read_too_and_two_of_one_name_stay_two() {
    let text = "姓名,身份证号,工作单位,职称,学历,手机号,研究方向\n\
                演示甲,11010519491231002X,演示一公司,高级工程师,硕士,13800138000,人工智能、信创\n\
                演示甲,,演示二公司,,本科,13800138001,\n演示乙,110105194912310021,演示三公司,,本科,,\n";
    let (_folder, mut source) = csv(text);
    let mapping = prepare(source.as_mut(), Subject::Person, today()).unwrap();
    assert_eq!(keys(&mapping), ["person_name", "resident_id", "employer", "title", "education", "mobile", "field"]);
    let (all, _) = outcomes(source.as_mut(), &mapping);
    let first = taken(&all[0]);
    assert!(first.resident_id.is_some() && !format!("{first:?}").contains("19491231"));
    assert_eq!(first.affiliations, [("staff", "演示一公司".to_owned())]);
    assert_eq!(taken(&all[1]).name, "演示甲");
    assert_eq!(faults(&all[2]), [("B", "resident_id.check")]);
    assert!(matches!(&all[2], Outcome::Faulty(faults) if faults[0].args.is_empty()));
}

#[test]
fn percentages_shown_and_percentages_meant_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for (values, expected) in [([0.6, 0.75], "3/5"), ([60.0, 75.0], "3/5"), ([0.6, 75.0], "3/500")] {
        let path = folder.path().join("p.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, ["企业名称", "高新技术产品收入占比（%）"]).unwrap();
        for (line, value) in values.into_iter().enumerate() {
            sheet
                .write(line as u32 + 1, 0, format!("演示{line}公司"))
                .unwrap()
                .write(line as u32 + 1, 1, value)
                .unwrap();
        }
        book.save(&path).unwrap();
        let mut source = table::open(&path, "p.xlsx").unwrap();
        let mapping = prepare(source.as_mut(), Subject::Organization, today()).unwrap();
        let (all, _) = outcomes(source.as_mut(), &mapping);
        let ratio = jinmen_core::Ratio::parse(expected).unwrap();
        assert_eq!(
            taken(&all[0]).value("high_tech_income_ratio", Some(2023)),
            Some(&Value::Ratio(ratio)),
            "{values:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_table_makes_checking_panic(text in "([\\p{Han}0-9a-zA-Z,，、.（）%/-]{0,30}[,\n]){0,60}") {
        let (_folder, mut source) = csv(&format!("{HEAD}{text}"));
        for subject in [Subject::Organization, Subject::Person] {
            if let Ok(mapping) = prepare(source.as_mut(), subject, today())
                && mapping.faults().is_empty()
            {
                run(source.as_mut(), &mapping, OPTIONS(), &mut |_| Ok(())).ok();
            }
        }
    }

    #[test]
    fn the_order_of_columns_changes_nothing(order in Just(vec![0_usize, 1, 2, 3, 4]).prop_shuffle()) {
        let heads = ["企业名称", "统一社会信用代码", "2023年营业收入（万元）", "从业人员", "联系人手机"];
        let cells = ["演示公司".to_owned(), generator::uscc(9), "12.5".to_owned(), "30".to_owned(), "13800138000".to_owned()];
        let line = |pick: &dyn Fn(usize) -> String| order.iter().map(|at| pick(*at)).collect::<Vec<_>>().join(",");
        let text = format!("{}\n{}\n", line(&|at| heads[at].to_owned()), line(&|at| cells[at].clone()));
        let (_, all) = checked(&text);
        let row = taken(&all[0]);
        prop_assert_eq!(row.name.as_str(), "演示公司");
        prop_assert_eq!(row.value("annual_revenue", Some(2023)), Some(&Value::Money(Money::from_fen(12_500_000))));
        prop_assert_eq!(row.value("headcount", Some(2023)), Some(&Value::Integer(30)));
        prop_assert_eq!(&row.contacts, &[("mobile", "13800138000".to_owned())]);
    }
}
