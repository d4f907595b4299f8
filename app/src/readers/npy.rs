//! One array of NumPy's format (NEP 1), in either order, read in blocks.

use std::io::{Cursor, Read};

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar};

/// An array's values in C order.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// `u1` and truth values.
    Byte(Vec<u8>),
    /// Other whole numbers of at most 32 bits.
    Int(Vec<i32>),
    /// Whole numbers of more.
    Long(Vec<i64>),
    /// `f4`.
    Single(Vec<f32>),
    /// `f8`.
    Double(Vec<f64>),
}

/// An array of at most two dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Its sides; empty for a single value.
    pub shape: Vec<usize>,
    /// Its values.
    pub values: Values,
}

/// No header is longer; NumPy's own of two dimensions has 118 bytes.
const LONGEST_HEADER: usize = 1 << 16;
const BLOCK: usize = 1 << 16;
/// Brackets that open in a header.
const MOST_BRACKETS: usize = 3;

/// Reads an array; `bytes` is the most it can be long, whatever its header says.
pub fn read(mut from: impl Read, bytes: u64) -> Result<Array, String> {
    let header = header(&mut from)?;
    let DType::Plain(kind) = header.dtype() else { return Err("its type is a record, not a number".to_owned()) };
    let shape: Vec<usize> = header.shape().iter().map(|side| usize::try_from(*side).unwrap_or(usize::MAX)).collect();
    if shape.len() > 2 {
        return Err(format!("it has {} dimensions, at most 2 are read", shape.len()));
    }
    let count = shape.iter().try_fold(1usize, |count, side| count.checked_mul(*side));
    let size = kind.num_bytes().unwrap_or(0);
    let count = count.filter(|count| count.saturating_mul(size) as u64 <= bytes);
    let Some(count) = count else {
        return Err(format!("it is cut short: {bytes} bytes cannot hold an array of {shape:?}"));
    };
    let big = kind.endianness() == Endianness::Big;
    let place = Place::new(&shape, header.order());
    let values = match (kind.type_char(), size) {
        (TypeChar::Float, 4) => Values::Single(fill(from, count, big, place, f32::from_le_bytes)?),
        (TypeChar::Float, 8) => Values::Double(fill(from, count, big, place, f64::from_le_bytes)?),
        (TypeChar::Int, 1) => Values::Int(fill(from, count, big, place, |b: [u8; 1]| i32::from(b[0] as i8))?),
        (TypeChar::Uint | TypeChar::Bool, 1) => Values::Byte(fill(from, count, big, place, |b: [u8; 1]| b[0])?),
        (TypeChar::Int, 2) => Values::Int(fill(from, count, big, place, |b| i32::from(i16::from_le_bytes(b)))?),
        (TypeChar::Uint, 2) => Values::Int(fill(from, count, big, place, |b| i32::from(u16::from_le_bytes(b)))?),
        (TypeChar::Int, 4) => Values::Int(fill(from, count, big, place, i32::from_le_bytes)?),
        (TypeChar::Uint, 4) => Values::Long(fill(from, count, big, place, |b| i64::from(u32::from_le_bytes(b)))?),
        (TypeChar::Int, 8) => Values::Long(fill(from, count, big, place, i64::from_le_bytes)?),
        _ => return Err(format!("its type {kind} is not read; use f4, f8, i1 to i8, u1, u2, u4 or bool")),
    };
    Ok(Array { shape, values })
}

/// Reads the header without believing its length or its numbers.
fn header(from: &mut impl Read) -> Result<NpyHeader, String> {
    let cut = |_| "it is cut short in its header".to_owned();
    let mut bytes = vec![0; 10];
    from.read_exact(&mut bytes).map_err(cut)?;
    if &bytes[..6] != b"\x93NUMPY" {
        return Err("it is not an array of NumPy".to_owned());
    }
    let length = if bytes[6] == 1 {
        usize::from(u16::from_le_bytes([bytes[8], bytes[9]]))
    } else {
        bytes.resize(12, 0);
        from.read_exact(&mut bytes[10..]).map_err(cut)?;
        u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize
    };
    if length > LONGEST_HEADER {
        return Err(format!("its header of {length} bytes is too long"));
    }
    let start = bytes.len();
    bytes.resize(start + length, 0);
    from.read_exact(&mut bytes[start..]).map_err(cut)?;
    // The type's size and two sides of at most nine digits: nothing downstream overflows.
    let text = String::from_utf8_lossy(&bytes[start..]);
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    if runs.len() > 3 || runs.iter().any(|run| run.len() > 9) || text.matches('(').count() > 1 {
        return Err("its header names more than two dimensions, or sides beyond all bounds".to_owned());
    }
    // A dictionary with a tuple in it, for a record a list besides. What is nested deeply keeps the parser of literals busy for long.
    if text.matches(['[', '{', '(']).count() > MOST_BRACKETS {
        return Err("its header cannot be read: brackets within brackets".to_owned());
    }
    NpyHeader::from_reader(Cursor::new(bytes)).map_err(|error| format!("its header cannot be read: {error}"))
}

/// Where the next value of the file goes.
#[derive(Clone, Copy)]
struct Place {
    rows: usize,
    columns: usize,
    by_columns: bool,
}

impl Place {
    fn new(shape: &[usize], order: Order) -> Place {
        let (rows, columns) = match *shape {
            [rows, columns] => (rows, columns),
            _ => (1, shape.first().copied().unwrap_or(1)),
        };
        Place { rows, columns, by_columns: order == Order::Fortran && rows > 1 && columns > 1 }
    }

    fn of(self, number: usize) -> usize {
        if self.by_columns { number % self.rows * self.columns + number / self.rows } else { number }
    }
}

fn fill<const N: usize, T: Copy + Default>(
    mut from: impl Read,
    count: usize,
    big: bool,
    place: Place,
    value: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, String> {
    let mut values: Vec<T> = Vec::new();
    // A list that grows is there twice while it moves; this is most of what the program holds.
    values.try_reserve_exact(count).map_err(|_| format!("its {count} values do not fit into memory"))?;
    if place.by_columns {
        values.resize(count, T::default());
    }
    let mut block = vec![0; BLOCK / N * N];
    let mut done = 0;
    while done < count {
        let want = ((count - done) * N).min(block.len());
        let got = read_up_to(&mut from, &mut block[..want])?;
        for bytes in block[..got].chunks_exact(N) {
            let mut own = [0; N];
            own.copy_from_slice(bytes);
            if big {
                own.reverse();
            }
            let next = value(own);
            if place.by_columns {
                values[place.of(done)] = next
            } else {
                values.push(next)
            }
            done += 1;
        }
        if got < want {
            return Err(format!("it is cut short: {done} of {count} values"));
        }
    }
    // The rest carries the checksum of the archive; without reading it a damaged file would go unnoticed.
    let rest = read_up_to(&mut from, &mut [0; 1])?;
    if rest > 0 { Err(format!("it has more than the {count} values its header says")) } else { Ok(values) }
}

fn read_up_to(from: &mut impl Read, block: &mut [u8]) -> Result<usize, String> {
    let mut got = 0;
    while got < block.len() {
        match from.read(&mut block[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("it is damaged or cut short: {error}")),
        }
    }
    Ok(got)
}
