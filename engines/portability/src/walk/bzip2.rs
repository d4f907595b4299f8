//! bzip2: the blocks of one or more streams, one behind the other. The format has no specification but its own program and
//! Joe Tsai's description of it; check sums of blocks and streams are held against what is unpacked.

use std::io::{Error, ErrorKind, Read, Result};

/// What a block begins with, and what ends a stream: the decimals of pi and of its square root.
const BLOCK: u64 = 0x3141_5926_5359;
const END: u64 = 0x1772_4538_5090;
/// The longest code of a symbol, in bits.
const LONGEST: usize = 20;
/// Symbols that one table of codes is used for.
const GROUP: usize = 50;

/// Unpacks while it is read. It holds one block, 900,000 bytes at most, four times over.
pub(super) struct Decoder<'a> {
    bits: Bits<'a>,
    /// The most bytes of a block of this stream; 0 before its header.
    most: usize,
    /// The block: in the low byte what was packed, above it which place follows.
    block: Vec<u32>,
    next: usize,
    left: usize,
    /// The byte given last, how often in a row, and how often it is still to be given.
    last: u8,
    row: u8,
    repeats: u8,
    sum: u32,
    wanted: u32,
    all: u32,
    open: bool,
}

fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

impl<'a> Decoder<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bits: Bits { bytes, held: 0, count: 0 },
            most: 0,
            block: Vec::new(),
            next: 0,
            left: 0,
            last: 0,
            row: 0,
            repeats: 0,
            sum: 0,
            wanted: 0,
            all: 0,
            open: false,
        }
    }

    /// Goes to the next block; `false` at the end of everything.
    fn advance(&mut self) -> Result<bool> {
        if self.open {
            let sum = !self.sum;
            if sum != self.wanted {
                return Err(damaged("bzip2: wrong check sum of a block"));
            }
            self.all = self.all.rotate_left(1) ^ sum;
            self.open = false;
        }
        if self.most == 0 {
            self.header()?;
        }
        match self.bits.long()? {
            BLOCK => self.read_block().map(|()| true),
            END => {
                if self.bits.take(32)? != self.all {
                    return Err(damaged("bzip2: wrong check sum"));
                }
                self.bits.align();
                self.most = 0;
                if self.bits.is_empty() {
                    return Ok(false);
                }
                self.advance()
            }
            _ => Err(damaged("bzip2: neither a block nor an end")),
        }
    }

    fn header(&mut self) -> Result<()> {
        let (name, size) = (self.bits.take(24)?, self.bits.take(8)?);
        if name != 0x42_5a_68 || !(0x31..=0x39).contains(&size) {
            return Err(damaged("bzip2: no header"));
        }
        self.most = (size as usize - 0x30) * 100_000;
        self.all = 0;
        Ok(())
    }

    fn read_block(&mut self) -> Result<()> {
        self.wanted = self.bits.take(32)?;
        if self.bits.take(1)? == 1 {
            return Err(damaged("bzip2: a block in disorder, as only versions before 0.9.5 wrote them"));
        }
        let origin = self.bits.take(24)? as usize;
        let mut used = symbols(&mut self.bits)?;
        let codes = Codes::read(&mut self.bits, used.len() + 2)?;
        let mut counts = [0_usize; 256];
        self.block.clear();
        unpack(&mut self.bits, &codes, &mut used, self.most, &mut self.block, &mut counts)?;
        self.order(counts);
        let first = self.block.get(origin).ok_or_else(|| damaged("bzip2: a block begins outside itself"))?;
        self.next = (first >> 8) as usize;
        self.left = self.block.len();
        (self.row, self.repeats) = (0, 0);
        self.sum = u32::MAX;
        self.open = true;
        Ok(())
    }

    /// Writes above each byte which one follows it in the order before sorting.
    fn order(&mut self, counts: [usize; 256]) {
        let mut starts = [0_usize; 256];
        let mut sum = 0;
        for (start, count) in starts.iter_mut().zip(counts) {
            *start = sum;
            sum += count;
        }
        for place in 0..self.block.len() {
            let byte = (self.block[place] & 0xff) as usize;
            // A block is shorter than 2^20.
            self.block[starts[byte]] |= (place as u32) << 8;
            starts[byte] += 1;
        }
    }

    /// The next byte of the block.
    fn byte(&mut self) -> Option<u8> {
        if self.repeats > 0 {
            self.repeats -= 1;
            return Some(self.last);
        }
        while self.left > 0 {
            let held = self.block.get(self.next).copied().unwrap_or_default();
            self.next = (held >> 8) as usize;
            self.left -= 1;
            let byte = held as u8;
            // Behind four of a kind stands how many more there are.
            if self.row == 4 {
                self.row = 0;
                if byte == 0 {
                    continue;
                }
                self.repeats = byte - 1;
                return Some(self.last);
            }
            self.row = if self.row > 0 && byte == self.last { self.row + 1 } else { 1 };
            self.last = byte;
            return Some(byte);
        }
        None
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let mut count = 0;
            while count < buffer.len()
                && let Some(byte) = self.byte()
            {
                buffer[count] = byte;
                self.sum = (self.sum << 8) ^ SUMS[((self.sum >> 24) as u8 ^ byte) as usize];
                count += 1;
            }
            if count > 0 {
                return Ok(count);
            }
            if self.bits.is_empty() && self.most == 0 && !self.open || !self.advance()? {
                return Ok(0);
            }
        }
    }
}

/// The bytes that a block has, in their order.
fn symbols(bits: &mut Bits<'_>) -> Result<Vec<u8>> {
    let rows = bits.take(16)?;
    let mut used = Vec::with_capacity(256);
    for row in (0..16_u32).filter(|row| rows & (0x8000 >> row) != 0) {
        let columns = bits.take(16)?;
        used.extend(
            (0..16_u32).filter(|column| columns & (0x8000 >> column) != 0).map(|column| (row * 16 + column) as u8),
        );
    }
    if used.is_empty() { Err(damaged("bzip2: a block without bytes")) } else { Ok(used) }
}

/// Takes a value of a list to its front.
fn to_front(list: &mut [u8], place: usize) -> Option<u8> {
    let value = *list.get(place)?;
    list.copy_within(..place, 1);
    list[0] = value;
    Some(value)
}

/// Undoes the codes, the runs and the moves to the front.
fn unpack(
    bits: &mut Bits<'_>,
    codes: &Codes,
    used: &mut [u8],
    most: usize,
    block: &mut Vec<u32>,
    counts: &mut [usize; 256],
) -> Result<()> {
    let end = used.len() + 1;
    let (mut run, mut shift) = (0_usize, 0_u32);
    for selector in &codes.selectors {
        let table = codes.tables.get(usize::from(*selector)).ok_or_else(|| damaged("bzip2: no such table"))?;
        for _ in 0..GROUP {
            let symbol = table.symbol(bits)?;
            if symbol < 2 {
                run += (symbol + 1) << shift;
                shift += 1;
                if run > most {
                    return Err(damaged("bzip2: a block larger than it may be"));
                }
                continue;
            }
            let front = used[0];
            counts[usize::from(front)] += run;
            block.resize(block.len() + run, u32::from(front));
            (run, shift) = (0, 0);
            if block.len() > most {
                return Err(damaged("bzip2: a block larger than it may be"));
            }
            if symbol == end {
                return Ok(());
            }
            let byte = to_front(used, symbol - 1).ok_or_else(|| damaged("bzip2: no such byte"))?;
            counts[usize::from(byte)] += 1;
            block.push(u32::from(byte));
        }
    }
    Err(damaged("bzip2: a block without an end"))
}

/// Tables of codes, and which is used for each group of symbols.
struct Codes {
    selectors: Vec<u8>,
    tables: Vec<Table>,
}

impl Codes {
    fn read(bits: &mut Bits<'_>, symbols: usize) -> Result<Self> {
        let (tables, count) = (bits.take(3)? as usize, bits.take(15)?);
        if !(2..=6).contains(&tables) || count == 0 {
            return Err(damaged("bzip2: no tables of codes"));
        }
        let mut order = [0, 1, 2, 3, 4, 5];
        let mut selectors = Vec::new();
        for _ in 0..count {
            let mut place = 0;
            while bits.take(1)? == 1 {
                place += 1;
                if place >= tables {
                    return Err(damaged("bzip2: no such table"));
                }
            }
            selectors.extend(to_front(&mut order, place));
        }
        let tables = (0..tables).map(|_| Table::read(bits, symbols)).collect::<Result<_>>()?;
        Ok(Self { selectors, tables })
    }
}

/// One table: how many codes there are of each length, and the symbols in the order of their codes.
struct Table {
    counts: [u32; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Table {
    fn read(bits: &mut Bits<'_>, symbols: usize) -> Result<Self> {
        let mut length = bits.take(5)? as usize;
        let mut lengths = Vec::with_capacity(symbols);
        for _ in 0..symbols {
            loop {
                if !(1..=LONGEST).contains(&length) {
                    return Err(damaged("bzip2: no such length of a code"));
                }
                match bits.take(1)? {
                    0 => break,
                    _ if bits.take(1)? == 0 => length += 1,
                    _ => length -= 1,
                }
            }
            lengths.push(length);
        }
        let mut table = Self { counts: [0; LONGEST + 1], symbols: Vec::with_capacity(symbols) };
        for length in 1..=LONGEST {
            // At most 258 symbols.
            let own = (0..symbols as u16).filter(|symbol| lengths[usize::from(*symbol)] == length);
            table.symbols.extend(own);
            table.counts[length] = lengths.iter().filter(|one| **one == length).count() as u32;
        }
        Ok(table)
    }

    fn symbol(&self, bits: &mut Bits<'_>) -> Result<usize> {
        let (mut code, mut first, mut before) = (0_u32, 0_u32, 0_u32);
        for count in &self.counts[1..] {
            code = code << 1 | bits.take(1)?;
            first <<= 1;
            if code.wrapping_sub(first) < *count {
                let place = (before + code - first) as usize;
                return self
                    .symbols
                    .get(place)
                    .map(|symbol| usize::from(*symbol))
                    .ok_or_else(|| damaged("bzip2: no such code"));
            }
            first += count;
            before += count;
        }
        Err(damaged("bzip2: no such code"))
    }
}

/// Bits, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    held: u64,
    count: u32,
}

impl Bits<'_> {
    /// Up to 32 bits.
    fn take(&mut self, wanted: u32) -> Result<u32> {
        while self.count < wanted {
            let (first, rest) =
                self.bytes.split_first().ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "bzip2: cut short"))?;
            self.held = self.held << 8 | u64::from(*first);
            self.bytes = rest;
            self.count += 8;
        }
        self.count -= wanted;
        Ok((self.held >> self.count) as u32 & (u64::MAX >> (64 - wanted)) as u32)
    }

    /// 48 bits.
    fn long(&mut self) -> Result<u64> {
        Ok(u64::from(self.take(24)?) << 24 | u64::from(self.take(24)?))
    }

    /// Goes to the next whole byte.
    fn align(&mut self) {
        self.count -= self.count % 8;
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.count < 8
    }
}

/// CRC-32 with the highest bit first, as bzip2 takes it.
const SUMS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum >> 31 == 1 { (sum << 1) ^ 0x04c1_1db7 } else { sum << 1 };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};
