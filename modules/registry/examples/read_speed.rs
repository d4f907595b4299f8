//! How fast a table is read, and with how much memory.
//!
//! `read_speed make FOLDER` writes a CSV and a workbook of 100,000 rows by 12 columns;
//! `read_speed rows FILE` reads all rows; `read_speed check FILE` guesses the columns and checks every
//! row. The peak of memory is that of the process, as Linux counts it.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jinmen_core::Date;
use jinmen_core::codes::Uscc;
use registry::dictionary::Subject;
use registry::import::{CheckOptions, prepare, run};
use registry::table;
use rust_xlsxwriter::Workbook;

const ROWS: u32 = 100_000;
const HEADS: [&str; 12] = [
    "企业名称",
    "统一社会信用代码",
    "成立日期",
    "注册资本（万元）",
    "所属行业",
    "所在区",
    "法定代表人",
    "联系人手机",
    "2023年营业收入（万元）",
    "2023年研发费用（万元）",
    "职工总数",
    "是否高企",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => make(Path::new(folder)),
        ["rows", file] => measure(file, rows),
        ["check", file] => measure(file, check),
        _ => Err("make FOLDER | rows FILE | check FILE".into()),
    }
}

fn measure(file: &str, read: impl Fn(&str) -> Result<String, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let before = Instant::now();
    let said = read(file)?;
    let seconds = before.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown");
    println!("{seconds:.2} s, {said}, {peak}");
    Ok(())
}

fn rows(file: &str) -> Result<String, Box<dyn Error>> {
    let mut source = table::open(Path::new(file), file).map_err(|fault| fault.code)?;
    let (mut rows, mut cells) = (0, 0);
    for row in source.rows(0).map_err(|fault| fault.code)? {
        rows += 1;
        cells += row.map_err(|fault| fault.code)?.cells.len();
    }
    Ok(format!("{rows} rows, {cells} cells"))
}

fn check(file: &str) -> Result<String, Box<dyn Error>> {
    let today = Date::new(2024, 6, 18)?;
    let mut source = table::open(Path::new(file), file).map_err(|fault| fault.code)?;
    let mapping = prepare(source.as_mut(), Subject::Organization, today).map_err(|fault| fault.code)?;
    let options = CheckOptions { today, require_uscc: true };
    let summary = run(source.as_mut(), &mapping, options, &mut |_| Ok(())).map_err(|fault| fault.code)?;
    Ok(format!("{summary:?}"))
}

fn make(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut csv = csv::Writer::from_path(folder.join("table.csv"))?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    csv.write_record(HEADS)?;
    sheet.write_row(0, 0, HEADS)?;
    for number in 1..=ROWS {
        let texts = [
            format!("演示{number:06}科技有限公司"),
            Uscc::compose('9', '1', "120199", &format!("MA{number:06}"))?.to_string(),
            format!("{}-{:02}-{:02}", 2000 + number % 23, 1 + number % 12, 1 + number % 28),
            (number % 5_000).to_string(),
            "应用软件开发".to_owned(),
            "天津市河西区".to_owned(),
            format!("演示{}", number % 977),
            format!("138{number:08}"),
            format!("{}.{:02}", number * 7 % 90_000, number % 100),
            (number % 800).to_string(),
            (number % 400).to_string(),
            if number % 3 == 0 { "是" } else { "否" }.to_owned(),
        ];
        csv.write_record(&texts)?;
        for (column, text) in texts.iter().enumerate() {
            let column = column as u16;
            match text.parse::<f64>() {
                Ok(value) if column != 7 => sheet.write_number(number, column, value)?,
                _ => sheet.write_string(number, column, text)?,
            };
        }
    }
    csv.flush()?;
    book.save(folder.join("table.xlsx"))?;
    Ok(())
}
