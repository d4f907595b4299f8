//! A workbook as an office sends it: title rows, merged headings over two rows, amounts in 万元, days
//! in every form, page headers and subtotals between the rows, and forty planted faults.

use std::collections::BTreeSet;
use std::path::Path;

use jinmen_core::Date;
use jinmen_core::codes::Uscc;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet};

/// What is in the workbook.
#[derive(Default)]
pub(super) struct Planted {
    /// Row, column, code of every fault.
    pub faults: BTreeSet<(u32, String, String)>,
    /// Rows that are right.
    pub good: u64,
    /// Rows that repeat an earlier one.
    pub duplicates: u64,
    /// Page headers, subtotals and the lines at the end.
    pub no_data: u64,
}

/// Rows of data, wrong ones included, without repeated ones.
const ROWS: u32 = 3_000;
const COLUMNS: [&str; 15] = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "成立时间",
    "注册资本（万元）",
    "所属行业",
    "所在区",
    "联系人",
    "",
    "2023年",
    "",
    "2022年",
    "职工总数",
    "是否高企",
    "备注",
];
const LOWER: [&str; 15] =
    ["", "", "", "", "", "", "", "姓名", "联系电话", "营业收入", "研发费用", "营业收入", "", "", ""];
const INDUSTRIES: [&str; 5] = ["6513", "I6513", "应用软件开发", "6513 应用软件开发", "软件和信息技术服务业"];
const REGIONS: [&str; 4] = ["河西区", "天津市河西区", "120103", "河西"];
const YES_OR_NO: [&str; 6] = ["是", "否", "√", "×", "无", "有"];

/// The kinds of fault: how many, column, code.
const KINDS: [(u32, usize, &str); 15] = [
    (5, 2, "uscc.check"),
    (3, 2, "uscc.length"),
    (2, 2, "registry.import.digits_lost"),
    (3, 1, "registry.import.name_missing"),
    (4, 9, "money.malformed"),
    (2, 10, "registry.value.negative"),
    (4, 12, "registry.value.negative"),
    (2, 12, "registry.value.integer"),
    (3, 3, "registry.value.future"),
    (2, 3, "date.no_such_day"),
    (2, 3, "date.incomplete"),
    (2, 5, "registry.value.code_unknown"),
    (2, 8, "mobile.length"),
    (2, 13, "registry.value.boolean"),
    (2, 11, "registry.import.cell_error"),
];

/// The code of the firm of a number.
pub(super) fn uscc(number: u32) -> String {
    Uscc::compose('9', '1', "120199", &format!("MA{number:06}")).unwrap().to_string()
}

/// The kind of fault planted in a row of data.
fn fault_of(number: u32) -> Option<&'static (u32, usize, &'static str)> {
    let place = number.checked_sub(20).filter(|past| past % 71 == 0)? / 71;
    let mut before = 0;
    KINDS.iter().find(|(count, ..)| {
        before += count;
        place < before
    })
}

struct Page<'a> {
    sheet: &'a mut Worksheet,
    line: u32,
    day: Format,
}

/// Writes the workbook and says what is in it. `cells` is told every cell of the data as text, for a
/// CSV of the same rows.
pub(super) fn write(to: &Path) -> Planted {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("填表说明")
        .unwrap()
        .write(0, 0, "一、本表由各单位填写；二、金额单位为万元。")
        .unwrap();
    let sheet = book.add_worksheet().set_name("单位名录").unwrap();
    let merged = Format::new().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 14, "天津市演示联盟成员单位基本情况表", &merged).unwrap();
    sheet.write(1, 0, "填报单位：演示秘书处").unwrap().write(1, 13, "金额单位：万元").unwrap();
    let mut page = Page { sheet, line: 3, day: Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"") };
    page.header(&merged);
    let mut planted = Planted::default();
    for number in 1..=ROWS {
        page.separators(number, &mut planted);
        page.firm(number, fault_of(number), &mut planted);
        if number.is_multiple_of(120) {
            page.firm(number - 60, None, &mut Planted::default());
            planted.duplicates += 1;
        }
    }
    page.conflicts(&mut planted);
    page.end(&mut planted);
    book.add_worksheet().set_name("数据字典").unwrap().set_hidden(true);
    book.save(to).unwrap();
    planted
}

impl Page<'_> {
    fn text(&mut self, column: u16, text: &str) {
        self.sheet.write_string(self.line, column, text).unwrap();
    }

    fn number(&mut self, column: u16, number: f64) {
        self.sheet.write_number(self.line, column, number).unwrap();
    }

    fn header(&mut self, merged: &Format) {
        let line = self.line;
        for (column, (upper, lower)) in COLUMNS.into_iter().zip(LOWER).enumerate() {
            let column = column as u16;
            match (upper, lower) {
                ("", _) => {}
                (upper, "") => drop(self.sheet.merge_range(line, column, line + 1, column, upper, merged).unwrap()),
                ("2022年", _) => drop(self.sheet.write_string(line, column, upper).unwrap()),
                (upper, _) => drop(self.sheet.merge_range(line, column, line, column + 1, upper, merged).unwrap()),
            }
            if !lower.is_empty() {
                self.sheet.write_string(line + 1, column, lower).unwrap();
            }
        }
        self.line += 2;
    }

    /// A subtotal and the header once more at the top of each printed page; a blank row now and then.
    fn separators(&mut self, number: u32, planted: &mut Planted) {
        if number.is_multiple_of(500) {
            self.text(1, "本页小计");
            self.number(9, 12_345.0);
            self.line += 1;
            for (column, heading) in COLUMNS.into_iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
                self.text(column as u16, heading);
            }
            self.line += 1;
            planted.no_data += 2;
        }
        if number.is_multiple_of(333) {
            self.line += 1;
        }
    }

    fn firm(&mut self, number: u32, fault: Option<&(u32, usize, &str)>, planted: &mut Planted) {
        let wide = number.is_multiple_of(7);
        let code = uscc(number);
        self.number(0, number.into());
        self.text(1, &format!("演示{number:04}科技有限公司{}", if wide { "　" } else { "" }));
        self.text(2, &if wide { full_width(&code) } else { code.to_lowercase() });
        self.founded(number);
        self.number(4, f64::from(number % 900) / 7.0);
        self.text(5, INDUSTRIES[number as usize % INDUSTRIES.len()]);
        self.text(6, REGIONS[number as usize % REGIONS.len()]);
        self.text(7, "演示甲");
        let mobile = if number.is_multiple_of(3) { "－".to_owned() } else { format!("138{:08}", number) };
        self.text(8, &mobile);
        let revenue = f64::from(number % 4_000) + 0.1 + 0.2;
        match number % 4 {
            0 => self.text(9, &format!("{}.50", grouped(number * 31))),
            1 => self.text(9, &full_width(&number.to_string())),
            2 => self.text(9, "/"),
            _ => self.number(9, revenue),
        }
        self.number(10, f64::from(number % 50));
        self.sheet
            .write_formula(self.line, 11, Formula::new("=J1*0.9").set_result((revenue * 0.9).to_string()))
            .unwrap();
        match number % 3 {
            0 => self.text(12, &format!("{}人", number % 300)),
            _ => self.number(12, f64::from(number % 300)),
        }
        self.text(13, YES_OR_NO[number as usize % YES_OR_NO.len()]);
        match fault {
            Some((_, column, code)) => self.break_cell(number, *column as u16, code, planted),
            None => planted.good += 1,
        }
        self.line += 1;
    }

    fn founded(&mut self, number: u32) {
        let date = Date::new(2001, 1, 1).unwrap().add_days((number * 2).into()).unwrap();
        let (year, month, day) = (date.year(), date.month(), date.day());
        match number % 8 {
            0 => self.text(3, &date.to_string()),
            1 => self.text(3, &format!("{year}/{month}/{day}")),
            2 => self.text(3, &format!("{year}.{month}.{day}")),
            3 => self.text(3, &date.to_zh()),
            4 => self.text(3, &format!("{year}{month:02}{day:02}")),
            5 => {
                let serial = ExcelDateTime::from_ymd(year as u16, month as u8, day as u8).unwrap();
                self.sheet.write_with_format(self.line, 3, &serial, &self.day).unwrap();
            }
            6 => self.number(3, Date::new(1899, 12, 30).unwrap().days_until(date) as f64),
            _ => self.number(3, f64::from(i32::from(year) * 10_000 + i32::from(month) * 100 + i32::from(day))),
        }
    }

    fn break_cell(&mut self, number: u32, column: u16, code: &str, planted: &mut Planted) {
        let right = uscc(number);
        let check = if right.ends_with('A') { 'B' } else { 'A' };
        match (column, code) {
            (_, "uscc.check") => self.text(column, &format!("{}{check}", &right[..17])),
            (_, "uscc.length") => self.text(column, &right[..17]),
            (_, "registry.import.digits_lost") => self.number(column, 911_201_990_000_000_000.0),
            (_, "registry.import.name_missing") => self.text(column, "　"),
            (_, "money.malformed") => self.text(column, "约三千"),
            (10, _) => self.number(column, -3.0),
            (12, "registry.value.negative") => self.number(column, -5.0),
            (_, "registry.value.integer") => self.text(column, "50人以上"),
            (_, "registry.value.future") => self.text(column, "2091-05-20"),
            (_, "date.no_such_day") => self.text(column, "2021年2月30日"),
            (_, "date.incomplete") => self.text(column, "2019年5月"),
            (_, "registry.value.code_unknown") => self.text(column, "不知道什么行业"),
            (_, "mobile.length") => self.text(column, "1380013800"),
            (_, "registry.value.boolean") => self.text(column, "待定"),
            _ => self.text(column, "#REF!"),
        }
        planted.faults.insert((self.line + 1, crate::table::letter(column.into()), code.to_owned()));
    }

    /// The code of an earlier row under another name: not counted among the forty.
    fn conflicts(&mut self, planted: &mut Planted) {
        for number in [11, 12] {
            self.text(1, "演示另一个名字有限公司");
            self.text(2, &uscc(number));
            planted.faults.insert((self.line + 1, "B".to_owned(), "registry.import.name_conflict".to_owned()));
            self.line += 1;
        }
    }

    fn end(&mut self, planted: &mut Planted) {
        self.text(0, "合　计");
        self.number(9, 1.0);
        self.line += 2;
        self.text(0, "单位负责人：演示甲");
        self.text(5, "填表人：演示乙");
        self.line += 1;
        self.text(0, "注：本表一式两份。");
        planted.no_data += 3;
    }
}

fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)).collect()
}

fn grouped(number: u32) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}
