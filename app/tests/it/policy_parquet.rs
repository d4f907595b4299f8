//! Registers and answers as Parquet.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::RowAccessor;
use parquet::schema::parser::parse_message_type;
use serde_json::json;

use crate::program::{json, run, words};

const POLICY: &str = "
policy: Everything
facts:
  rent: {type: money, unit: yuan}
  staff: {type: int}
  founded: {type: date}
  listed: {type: bool}
  revenue: {type: money, unit: yuan, series: true}
  grade: {type: text}
clauses:
- id: A
  conditions:
  - {zh: c, en: c, when: 'staff >= 5 && founded < date(\"2020-01-01\")'}
  amount: least(floor_fen(rent * percent(50)), wan(1))
  cases: [{as_of: 2025-06-30, facts: {rent: 3, staff: 5, founded: 2019-01-01}, eligible: true, amount: 1.5}]
- id: B
  conditions: [{zh: c, en: c, when: 'grew(revenue, 1) && (listed || grade == \"A\")'}]
  amount: yuan(7)
  cases: [{as_of: 2025-06-30, facts: {revenue: {2023: 1, 2024: 2}, listed: true}, eligible: true, amount: 7}]
";

const SCHEMA: &str = "message register {
  REQUIRED BYTE_ARRAY uscc (STRING);
  OPTIONAL FIXED_LEN_BYTE_ARRAY (5) rent (DECIMAL(10, 2));
  OPTIONAL DOUBLE staff;
  OPTIONAL INT32 founded (DATE);
  OPTIONAL BOOLEAN listed;
  OPTIONAL INT64 revenue.2023;
  OPTIONAL INT64 revenue.2024 (DECIMAL(12, 2));
  OPTIONAL BYTE_ARRAY grade (STRING);
  OPTIONAL INT64 colour;
}";

/// How many organisations: several blocks, and groups of rows that do not end where blocks do.
const MANY: usize = 5_000;
const GROUP: usize = 1_500;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn column<T: DataType>(group: &mut SerializedRowGroupWriter<'_, File>, values: Vec<Option<T::T>>) {
    let mut column = group.next_column().unwrap().unwrap();
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
}

/// Every seventh cell of a column is empty, each column at others.
fn known(row: usize, column: usize) -> bool {
    !(row + column).is_multiple_of(7)
}

fn cents(row: usize) -> i64 {
    (row as i64 * 7_919) % 3_000_000
}

fn write(path: &Path, compression: Compression) {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    for first in (0..MANY).step_by(GROUP) {
        let rows: Vec<usize> = (first..MANY.min(first + GROUP)).collect();
        let mut group = writer.next_row_group().unwrap();
        column::<ByteArrayType>(
            &mut group,
            rows.iter().map(|row| Some(ByteArray::from(&*format!("o{row}")))).collect(),
        );
        let rent = |row: usize| FixedLenByteArray::from(cents(row).to_be_bytes()[3..].to_vec());
        column::<FixedLenByteArrayType>(
            &mut group,
            rows.iter().map(|row| known(*row, 1).then(|| rent(*row))).collect(),
        );
        let staff = |row: usize| {
            if known(row, 2) { Some((row % 11) as f64) } else { row.is_multiple_of(2).then_some(f64::NAN) }
        };
        column::<DoubleType>(&mut group, rows.iter().map(|row| staff(*row)).collect());
        // 2019-12-30 and on.
        let day = |row: usize| 18_260 + (row % 9) as i32;
        column::<Int32Type>(&mut group, rows.iter().map(|row| known(*row, 3).then(|| day(*row))).collect());
        column::<BoolType>(&mut group, rows.iter().map(|row| known(*row, 4).then_some(row % 3 == 0)).collect());
        column::<Int64Type>(&mut group, rows.iter().map(|row| known(*row, 5).then_some(*row as i64)).collect());
        column::<Int64Type>(&mut group, rows.iter().map(|row| known(*row, 6).then(|| cents(*row))).collect());
        let grade = |row: usize| ByteArray::from(["A", "B", " "][row % 3]);
        column::<ByteArrayType>(&mut group, rows.iter().map(|row| known(*row, 7).then(|| grade(*row))).collect());
        column::<Int64Type>(&mut group, rows.iter().map(|_| Some(1)).collect());
        group.close().unwrap();
    }
    writer.close().unwrap();
}

/// The same as CSV.
fn write_csv(path: &Path) {
    let mut all = String::from("uscc,rent,staff,founded,listed,revenue.2023,revenue.2024,grade,colour\n");
    let days =
        ["20191230", "20191231", "20200101", "20200102", "20200103", "20200104", "20200105", "20200106", "20200107"];
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    for row in 0..MANY {
        let cell = |column: usize, text: String| if known(row, column) { text } else { String::new() };
        let cells = [
            format!("o{row}"),
            cell(1, money(cents(row))),
            cell(2, (row % 11).to_string()),
            cell(3, days[row % 9].to_owned()),
            cell(4, (row % 3 == 0).to_string()),
            cell(5, row.to_string()),
            cell(6, money(cents(row))),
            cell(7, ["A", "B", ""][row % 3].to_owned()),
            "1".to_owned(),
        ];
        all += &(cells.join(",") + "\n");
    }
    std::fs::write(path, all).unwrap();
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let policies = folder.path().join("policies");
    std::fs::create_dir_all(&policies).unwrap();
    std::fs::write(policies.join("all.yaml"), POLICY).unwrap();
    (folder, policies)
}

fn over(command: &str, policies: &Path, register: &Path, more: &[&str]) -> std::process::Output {
    let mut arguments = vec!["policy", command, "--policies", text(policies), "--organizations", text(register)];
    arguments.extend(["--as-of", "2025-06-30", "--format", "json"]);
    arguments.extend(more);
    run(&arguments)
}

#[test]
fn a_register_as_parquet_gives_the_same_answers_as_its_csv_however_it_is_compressed() {
    let (folder, policies) = folder();
    let csv = folder.path().join("register.csv");
    write_csv(&csv);
    let answers = folder.path().join("answers.csv");
    let wanted = json(&over("evaluate", &policies, &csv, &["--out", text(&answers)]));
    let lines = std::fs::read_to_string(&answers).unwrap();
    assert_eq!(lines.lines().count(), MANY + 1);
    for outcome in [",eligible,", ",not_eligible,", ",unknown,"] {
        assert!(lines.matches(outcome).count() > 100, "{outcome}");
    }
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
    ] {
        let register = folder.path().join("register.parquet");
        write(&register, compression);
        let again = folder.path().join("again.csv");
        let output = over("evaluate", &policies, &register, &["--out", text(&again)]);
        assert_eq!(output.status.code(), Some(0), "{compression:?}: {}", words(&output));
        let found = json(&output);
        assert_eq!(found["clauses"], wanted["clauses"], "{compression:?}");
        assert_eq!(found["ignored_columns"], json!(["colour"]));
        assert!(std::fs::read_to_string(&again).unwrap() == lines, "{compression:?}");
    }
    let register = folder.path().join("register.parquet");
    let [one, other] = [&register, &csv].map(|file| json(&over("explain", &policies, file, &["--id", "o4321"])));
    assert_eq!(one, other);
}

#[test]
fn answers_as_parquet_hold_what_they_hold_as_csv() {
    let (folder, policies) = folder();
    let register = folder.path().join("register.csv");
    write_csv(&register);
    let [csv, parquet] = ["answers.csv", "answers.parquet"].map(|name| folder.path().join(name));
    for out in [&csv, &parquet] {
        let output = over("evaluate", &policies, &register, &["--out", text(out), "--threads", "2"]);
        assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    }
    let reader = SerializedFileReader::new(File::open(&parquet).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        let fen = |at: usize| row.get_long(at).map_or_else(|_| String::new(), |fen| fen.to_string());
        let texts = [0, 1, 3].map(|at| row.get_string(at).unwrap().clone());
        format!("{},{},{},{},{}", texts[0], texts[1], fen(2), texts[2], fen(4))
    });
    let wanted = std::fs::read_to_string(&csv).unwrap();
    assert!(rows.eq(wanted.lines().skip(1)), "other rows");
    let names: Vec<String> =
        reader.metadata().file_metadata().schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    assert_eq!(names.join(","), wanted.lines().next().unwrap());
}

#[test]
fn a_damaged_or_nested_parquet_is_told_of_with_its_file_and_column() {
    let (folder, policies) = folder();
    let register = folder.path().join("register.parquet");
    write(&register, Compression::SNAPPY);
    let whole = std::fs::read(&register).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 3..whole.len() / 3 + 2_000].fill(0xa5);
    for (bytes, what) in [
        (&whole[..whole.len() / 2], "cut short"),
        (&whole[..3], "cut short"),
        (&whole[..0], "cut short"),
        (b"id,rent\na,1\n".as_slice(), "cannot be read as Parquet"),
        (&damaged, "column"),
    ] {
        std::fs::write(&register, bytes).unwrap();
        let output = over("evaluate", &policies, &register, &[]);
        assert_eq!(output.status.code(), Some(2), "{what}: {}", words(&output));
        let told = words(&output);
        assert!(told.contains("register.parquet: ") && told.contains(what) && !told.contains("panicked"), "{told}");
    }
    let schema = "message register { REQUIRED GROUP rent (LIST) { REPEATED GROUP list { REQUIRED INT64 element; } } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let writer = SerializedFileWriter::new(File::create(&register).unwrap(), schema, Arc::default()).unwrap();
    writer.close().unwrap();
    let output = over("evaluate", &policies, &register, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
    assert!(words(&output).contains("register.parquet: column rent: lists and records are given as text, in JSON"));
}
