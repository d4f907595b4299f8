//! A register as Parquet: of the columns that are wanted, as many rows at a time as a block holds.

use codes::Date;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use rules::{BLOCK, Cell};

use super::{ReadError, Table};

/// What a column's stored values mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    /// As they are stored.
    Plain,
    /// Whole numbers without a sign.
    Unsigned,
    /// Digits of which so many stand behind the point.
    Decimal(u32),
    /// Days since 1970-01-01.
    Day,
    /// So many to a second, since 1970-01-01.
    Moment(i64),
    /// Lists, groups and what else has no cell.
    Nested,
}

/// A cell as it is held.
enum Held {
    Empty,
    Whole(i64),
    Text(String),
    /// Bytes that are no UTF-8, or a number that no cell can hold.
    Bad(&'static str),
}

struct Column {
    /// Its place among the columns of values in the file.
    leaf: usize,
    meaning: Meaning,
    wanted: bool,
    reader: Option<ColumnReader>,
    held: Vec<Held>,
}

/// The rows of a Parquet file.
pub struct Rows {
    file: String,
    source: Box<dyn FileReader>,
    names: Vec<String>,
    columns: Vec<Column>,
    /// The group of rows that is read next.
    group: usize,
    /// Rows of the group that is open that were not read yet.
    left: usize,
    /// Rows that are held, and the one that is next of them.
    held: usize,
    at: usize,
    row: u64,
    over: bool,
}

impl Rows {
    /// Reads the schema at the end of the file.
    ///
    /// # Errors
    /// A file that is no Parquet, is cut short or names a column twice.
    pub fn new<R: ChunkReader + 'static>(file: &str, from: R) -> Result<Self, ReadError> {
        let source = SerializedFileReader::new(from).map_err(|error| broken(file, "", &error))?;
        let schema = source.metadata().file_metadata().schema_descr();
        let (mut names, mut columns): (Vec<String>, Vec<Column>) = (Vec::new(), Vec::new());
        for leaf in 0..schema.num_columns() {
            let root = schema.get_column_root(leaf);
            let name = root.name().trim().to_owned();
            let plain = root.is_primitive() && schema.column(leaf).max_rep_level() == 0;
            // A group has several columns of values; the first stands for all.
            if !plain && names.last() == Some(&name) {
                continue;
            }
            if names.contains(&name) {
                return Err(ReadError::new(file, "", format!("column {name} is there twice")));
            }
            let meaning = if plain { meaning(&schema.column(leaf)) } else { Meaning::Nested };
            names.push(name);
            columns.push(Column { leaf, meaning, wanted: false, reader: None, held: Vec::new() });
        }
        Ok(Self {
            file: file.to_owned(),
            source: Box::new(source),
            names,
            columns,
            group: 0,
            left: 0,
            held: 0,
            at: 0,
            row: 0,
            over: false,
        })
    }

    /// Opens the next group of rows that has any; false if there is none.
    fn open_group(&mut self) -> Result<bool, ParquetError> {
        while self.left == 0 {
            if self.group == self.source.num_row_groups() {
                return Ok(false);
            }
            let group = self.source.get_row_group(self.group)?;
            self.group += 1;
            let rows = group.metadata().num_rows();
            self.left = usize::try_from(rows).map_err(|_| ParquetError::General(format!("a group of {rows} rows")))?;
            for column in self.columns.iter_mut().filter(|column| column.wanted) {
                column.reader = Some(group.get_column_reader(column.leaf)?);
            }
        }
        Ok(true)
    }

    /// Holds the next rows.
    fn hold(&mut self) -> Result<bool, ReadError> {
        let opened = self.open_group();
        if !opened.map_err(|error| broken(&self.file, "", &error))? {
            return Ok(false);
        }
        let most = self.left.min(BLOCK);
        for (name, column) in self.names.iter().zip(&mut self.columns) {
            let Some(reader) = &mut column.reader else { continue };
            column.held.clear();
            let place = || format!("rows {} to {}, column {name}", self.row + 1, self.row + most as u64);
            read(reader, column.meaning, most, &mut column.held)
                .map_err(|error| broken(&self.file, &place(), &error))?;
            if column.held.len() != most {
                let what = format!("{} values for {most} rows; the file is damaged", column.held.len());
                return Err(ReadError::new(&self.file, place(), what));
            }
        }
        self.left -= most;
        (self.held, self.at) = (most, 0);
        Ok(true)
    }
}

impl Table for Rows {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn want(&mut self, wanted: &[bool]) {
        self.columns.iter_mut().zip(wanted).for_each(|(column, wanted)| column.wanted = *wanted);
    }

    fn advance(&mut self) -> Result<bool, ReadError> {
        if self.over {
            return Ok(false);
        }
        if self.row == 0
            && let Some(at) = self.columns.iter().position(|column| column.wanted && column.meaning == Meaning::Nested)
        {
            self.over = true;
            let what = "lists and records are given as text, in JSON; this column is nested";
            return Err(ReadError::new(&self.file, format!("column {}", self.names[at]), what));
        }
        self.at += 1;
        if self.at >= self.held {
            match self.hold() {
                Ok(true) => {}
                // Behind what cannot be read nothing can.
                other => {
                    self.over = true;
                    return other;
                }
            }
        }
        self.row += 1;
        Ok(true)
    }

    fn row(&self) -> u64 {
        self.row
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>, ReadError> {
        Ok(match self.columns[column].held.get(self.at) {
            None | Some(Held::Empty) => Cell::Empty,
            Some(Held::Whole(value)) => Cell::Whole(*value),
            Some(Held::Text(text)) => Cell::Text(text.trim()),
            Some(Held::Bad(what)) => {
                let place = format!("row {}, column {}", self.row, self.names[column]);
                return Err(ReadError::new(&self.file, place, *what));
            }
        })
    }
}

fn broken(file: &str, place: &str, error: &ParquetError) -> ReadError {
    let text = error.to_string();
    let text = text.trim_start_matches("Parquet error: ");
    ReadError::new(file, place, format!("this cannot be read as Parquet ({text}); is the file cut short?"))
}

fn meaning(column: &ColumnDescriptor) -> Meaning {
    let scale = |scale: i32| u32::try_from(scale).map_or(Meaning::Nested, Meaning::Decimal);
    match (column.physical_type(), column.logical_type_ref(), column.converted_type()) {
        (Type::INT96, ..) => Meaning::Moment(1),
        (_, Some(LogicalType::Decimal(of)), _) => scale(of.scale),
        (_, _, ConvertedType::DECIMAL) => scale(column.type_scale()),
        (_, Some(LogicalType::Date), _) | (_, _, ConvertedType::DATE) => Meaning::Day,
        (_, Some(LogicalType::Timestamp(of)), _) => Meaning::Moment(match of.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        }),
        (_, _, ConvertedType::TIMESTAMP_MILLIS) => Meaning::Moment(1_000),
        (_, _, ConvertedType::TIMESTAMP_MICROS) => Meaning::Moment(1_000_000),
        (_, Some(LogicalType::Integer(of)), _) if !of.is_signed => Meaning::Unsigned,
        (_, _, ConvertedType::UINT_32 | ConvertedType::UINT_64) => Meaning::Unsigned,
        (_, Some(LogicalType::Time(_) | LogicalType::Uuid | LogicalType::Float16 | LogicalType::Bson), _) => {
            Meaning::Nested
        }
        _ => Meaning::Plain,
    }
}

/// The next values of a column, one for each row.
fn read(reader: &mut ColumnReader, meaning: Meaning, most: usize, held: &mut Vec<Held>) -> Result<(), ParquetError> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => values(reader, most, held, |value| Held::Whole(i64::from(value))),
        ColumnReader::Int32ColumnReader(reader) => values(reader, most, held, |value| match meaning {
            Meaning::Unsigned => Held::Whole(i64::from(value.cast_unsigned())),
            _ => number(i64::from(value), meaning),
        }),
        ColumnReader::Int64ColumnReader(reader) => values(reader, most, held, |value| match meaning {
            Meaning::Unsigned if value < 0 => Held::Bad("this number is too large"),
            _ => number(value, meaning),
        }),
        ColumnReader::Int96ColumnReader(reader) => {
            values(reader, most, held, |value| number(value.to_seconds(), meaning))
        }
        ColumnReader::FloatColumnReader(reader) => {
            values(reader, most, held, |value| fraction(f64::from(value), &value.to_string()))
        }
        ColumnReader::DoubleColumnReader(reader) => {
            values(reader, most, held, |value| fraction(value, &value.to_string()))
        }
        ColumnReader::ByteArrayColumnReader(reader) => values(reader, most, held, |value| bytes(value.data(), meaning)),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            values(reader, most, held, |value| bytes(value.data(), meaning))
        }
    }
}

fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    most: usize,
    held: &mut Vec<Held>,
    of: impl Fn(T::T) -> Held,
) -> Result<(), ParquetError> {
    let (mut levels, mut found) = (Vec::with_capacity(most), Vec::with_capacity(most));
    while held.len() < most {
        levels.clear();
        found.clear();
        let wanted = most - held.len();
        let (rows, there, _) = reader.read_records(wanted, Some(&mut levels), None, &mut found)?;
        if rows == 0 {
            return Ok(());
        }
        let mut values = found.drain(..).take(there).map(&of);
        if levels.is_empty() {
            held.extend(values);
            continue;
        }
        // A column that is not nested is either there or not.
        for level in &levels {
            let value = if *level > 0 { values.next() } else { Some(Held::Empty) };
            held.push(value.unwrap_or(Held::Bad("the file is damaged")));
        }
    }
    Ok(())
}

fn number(value: i64, meaning: Meaning) -> Held {
    match meaning {
        Meaning::Decimal(scale) => decimal(i128::from(value), scale),
        Meaning::Day => day(value),
        Meaning::Moment(of) => day(value.div_euclid(of.saturating_mul(86_400))),
        _ => Held::Whole(value),
    }
}

/// A day since 1970-01-01 as yyyymmdd.
fn day(since: i64) -> Held {
    let date = Date::new(1970, 1, 1).and_then(|epoch| epoch.add_days(since));
    date.map_or(Held::Bad("this day is not in the calendar"), |date| {
        Held::Whole(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
    })
}

/// A number with a point. Tools that know no empty whole numbers write them so, with "not a number" for empty.
fn fraction(value: f64, text: &str) -> Held {
    /// Up to here every whole number is one of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.is_nan() {
        return Held::Empty;
    }
    if !value.is_finite() {
        return Held::Bad("this number is infinite");
    }
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Held::Whole(value as i64);
    }
    Held::Text(text.to_owned())
}

fn bytes(value: &[u8], meaning: Meaning) -> Held {
    if let Meaning::Decimal(scale) = meaning {
        return big_endian(value).map_or(Held::Bad("this number is too large"), |value| decimal(value, scale));
    }
    let text = std::str::from_utf8(value);
    text.map_or(Held::Bad("this is not UTF-8; save it as text in UTF-8"), |text| match text.trim() {
        "" => Held::Empty,
        _ => Held::Text(text.to_owned()),
    })
}

/// Two's complement, the first byte the highest.
fn big_endian(value: &[u8]) -> Option<i128> {
    let negative = value.first().is_some_and(|byte| *byte >= 0x80);
    let mut all = if negative { [0xff; 16] } else { [0; 16] };
    all.get_mut(16_usize.checked_sub(value.len())?..)?.copy_from_slice(value);
    Some(i128::from_be_bytes(all))
}

/// A number of which so many digits stand behind the point.
fn decimal(value: i128, scale: u32) -> Held {
    let Some(unit) = 10_i128.checked_pow(scale) else { return Held::Bad("this number is too large") };
    if value % unit == 0
        && let Ok(whole) = i64::try_from(value / unit)
    {
        return Held::Whole(whole);
    }
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / unit.unsigned_abs(), value.unsigned_abs() % unit.unsigned_abs());
    let places = usize::try_from(scale).unwrap_or(0);
    Held::Text(format!("{sign}{whole}.{rest:0places$}"))
}
