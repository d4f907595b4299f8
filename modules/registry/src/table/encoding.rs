//! The encodings of text files, and reading them as UTF-8.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use jinmen_core::Fault;
use serde::{Deserialize, Serialize};

use super::fault;

/// What stands in a cell where bytes could not be decoded.
pub const UNDECODABLE: &str = "\u{fffd}";

/// So much of a file decides about its encoding.
const LOOKED_AT: usize = 256 << 10;

/// An encoding that offices use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16, little end first, with its mark.
    Utf16Le,
    /// UTF-16, big end first, with its mark.
    Utf16Be,
    /// GB18030, and so GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Gb18030 => "GB18030",
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Self::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
            Self::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
            Self::Gb18030 => GB18030.new_decoder_without_bom_handling(),
        }
    }
}

/// Fills a buffer as far as the source goes.
pub(super) fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The encoding, by the mark at the start or else by what the first 256 KiB are valid in, and that
/// part decoded.
pub(super) fn detect(source: &mut dyn Read) -> Result<(Encoding, String), Fault> {
    let mut head = vec![0; LOOKED_AT];
    let length = fill(source, &mut head).map_err(|_| fault("unreadable"))?;
    head.truncate(length);
    let marked = match head[..] {
        [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8),
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => None,
    };
    let tried = [Encoding::Utf8, Encoding::Gb18030];
    let found = marked.or_else(|| tried.into_iter().find(|encoding| decode(*encoding, &head).1));
    // A file that is broken in one place is still in the encoding that breaks in the fewest places.
    let fewest = || tried.into_iter().min_by_key(|encoding| decode(*encoding, &head).0.matches('\u{fffd}').count());
    let encoding = found.or_else(fewest).unwrap_or(Encoding::Utf8);
    let (text, _) = decode(encoding, &head);
    // Bytes of other encodings often decode to characters that are for private use.
    let broken = text.chars().filter(|c| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')).count();
    if broken * 50 > text.chars().count() {
        return Err(fault("encoding"));
    }
    Ok((encoding, text))
}

/// The text, and whether all of it was valid; a character cut off at the end does not count.
fn decode(encoding: Encoding, bytes: &[u8]) -> (String, bool) {
    let mut decoder = encoding.decoder();
    let most = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3);
    let mut text = String::with_capacity(most);
    let (_, _, broken) = decoder.decode_to_string(bytes, &mut text, false);
    (text, !broken)
}

/// Reads a file as UTF-8. What cannot be decoded becomes U+FFFD. A budget of bytes bounds what one
/// record can swallow: a quotation mark that is never closed would take the rest of the file.
pub(super) struct Decoding<R> {
    source: R,
    decoder: Decoder,
    input: Vec<u8>,
    from: usize,
    until: usize,
    ended: bool,
    /// The decoder has given its last and must not be asked again.
    finished: bool,
    budget: Arc<AtomicU64>,
}

impl<R: Read> Decoding<R> {
    pub(super) fn new(source: R, encoding: Encoding, budget: Arc<AtomicU64>) -> Self {
        let input = vec![0; 64 << 10];
        Self { source, decoder: encoding.decoder(), input, from: 0, until: 0, ended: false, finished: false, budget }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        // The decoder needs room for one character and for what it kept back of the one before.
        if output.len() < 16 {
            return Err(io::Error::other("buffer too small"));
        }
        while !self.finished {
            if self.from == self.until && !self.ended {
                self.from = 0;
                self.until = fill(&mut self.source, &mut self.input)?;
                self.ended = self.until < self.input.len();
            }
            let bytes = &self.input[self.from..self.until];
            let (state, read, written, _) = self.decoder.decode_to_utf8(bytes, output, self.ended);
            self.from += read;
            self.finished = self.ended && state == CoderResult::InputEmpty;
            if written > 0 {
                return self.spend(written);
            }
        }
        Ok(0)
    }
}

impl<R> Decoding<R> {
    fn spend(&self, bytes: usize) -> io::Result<usize> {
        let left = self.budget.load(Ordering::Relaxed);
        match left.checked_sub(bytes as u64) {
            Some(left) => {
                self.budget.store(left, Ordering::Relaxed);
                Ok(bytes)
            }
            None => Err(io::Error::other("record too long")),
        }
    }
}
