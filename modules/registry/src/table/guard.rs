//! What a workbook must keep to before its parts are parsed.
//!
//! The parser reads whole strings, trusts the counts in a part and does not look at the sizes in the
//! archive. So every part is inflated once here, without keeping anything: a part that is
//! larger than the archive says, that is too large, or that has one token of more than a megabyte is
//! refused. This costs about a tenth of the time of reading.

use std::io::{Read, Seek};

use jinmen_core::Fault;
use zip::ZipArchive;

use super::{MOST_CHARACTERS, encoding, fault};

/// Entries of the archive.
const MOST_ENTRIES: usize = 20_000;
/// Bytes of all parts read together.
const MOST_TOTAL: u64 = 3 << 30;
/// Bytes of the shared strings, which the parser keeps in memory.
const MOST_STRINGS: u64 = 256 << 20;
/// Bytes of any part but sheets and shared strings.
const MOST_OTHER: u64 = 64 << 20;
/// Shared strings, for which the parser makes room before it reads them.
const MOST_COUNTED: u64 = 10_000_000;
/// From this size on a part must not be smaller packed than one in so many bytes.
const RATIO_FROM: u64 = 64 << 20;
const MOST_RATIO: u64 = 100;
/// Bytes of one tag or text: a full cell with every character escaped is a third of it.
const MOST_TOKEN: usize = 1 << 20;

pub(super) fn check<R: Read + Seek>(reader: R) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(reader).map_err(|_| fault("damaged"))?;
    if archive.len() > MOST_ENTRIES {
        return Err(fault("bomb"));
    }
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| fault("damaged"))?;
        let name = part.name().map_err(|_| fault("damaged"))?.to_lowercase();
        let (size, packed) = (part.size(), part.compressed_size().max(1));
        total = total.saturating_add(size);
        let strings = name.ends_with("sharedstrings.xml");
        let most = match () {
            () if strings => MOST_STRINGS,
            () if name.contains("/worksheets/") => MOST_TOTAL,
            () => MOST_OTHER,
        };
        if size > most || total > MOST_TOTAL || (size > RATIO_FROM && size / packed > MOST_RATIO) {
            return Err(fault("bomb"));
        }
        // Pictures are never parsed, but a workbook may name any part as its sheet: so sizes are
        // held for all of them, and tokens where the name says markup.
        let mut scan = (name.ends_with(".xml") || name.ends_with(".rels")).then(Scan::default);
        inflate(&mut part, size, strings, scan.as_mut())?;
    }
    Ok(())
}

fn inflate(part: &mut dyn Read, size: u64, strings: bool, mut scan: Option<&mut Scan>) -> Result<(), Fault> {
    let mut buffer = vec![0; 64 << 10];
    let mut seen = 0_u64;
    loop {
        let read = encoding::fill(part, &mut buffer).map_err(|_| fault("damaged"))?;
        if read == 0 {
            return Ok(());
        }
        let chunk = &buffer[..read];
        if strings && seen == 0 {
            check_count(chunk, size)?;
        }
        seen += read as u64;
        if seen > size {
            return Err(fault("bomb"));
        }
        if scan.as_mut().is_some_and(|scan| !scan.accepts(chunk)) {
            return Err(fault("text_too_long").with("most", MOST_CHARACTERS));
        }
    }
}

/// The number of strings that the part announces: it must say so near its start, and there must be
/// room for them in the part.
fn check_count(head: &[u8], size: u64) -> Result<(), Fault> {
    let text = String::from_utf8_lossy(head);
    if !text.contains("sst") {
        return Err(fault("damaged"));
    }
    for after in text.split("uniqueCount").skip(1) {
        let digits: String = after
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''))
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let count: u64 = digits.parse().unwrap_or(if digits.is_empty() { 0 } else { u64::MAX });
        if count > MOST_COUNTED.min(size / 4 + 1) {
            return Err(fault("damaged"));
        }
    }
    Ok(())
}

/// Follows tags, texts, comments and character data, and how long each has become.
#[derive(Default)]
struct Scan {
    within: Within,
    length: usize,
    /// The last two bytes, to find the end of comments and character data.
    last: [u8; 2],
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Within {
    #[default]
    Text,
    Tag,
    /// `<!-- … -->`
    Comment,
    /// `<![CDATA[ … ]]>`
    Data,
}

impl Scan {
    fn accepts(&mut self, chunk: &[u8]) -> bool {
        chunk.iter().all(|byte| self.step(*byte))
    }

    fn step(&mut self, byte: u8) -> bool {
        self.length += 1;
        let next = match (self.within, byte) {
            (Within::Text, b'<') => Some(Within::Tag),
            (Within::Tag, b'-') if self.last == *b"!-" && self.length == 4 => Some(Within::Comment),
            (Within::Tag, b'[') if self.last == *b"<!" && self.length == 3 => Some(Within::Data),
            (Within::Tag, b'>') => Some(Within::Text),
            (Within::Comment, b'>') if self.last == *b"--" => Some(Within::Text),
            (Within::Data, b'>') if self.last == *b"]]" => Some(Within::Text),
            _ => None,
        };
        if let Some(next) = next {
            // `<!--` and `<![` are still the same token as their `<`.
            self.length = if next == Within::Tag { 1 } else { 0 };
            self.within = next;
        }
        self.last = [self.last[1], byte];
        self.length <= MOST_TOKEN
    }
}
