//! A draft as the patterns read it: half-width, without spaces, quotes and line breaks inside sentences, and with the way
//! back to every character of the draft.

use std::ops::Range;

use super::lines::Lines;

/// Full-width forms of ASCII lie this far above it.
const FULL_WIDTH: Range<u32> = 0xFF01..0xFF5F;
const FULL_WIDTH_STEP: u32 = 0xFEE0;

/// Quotes of all kinds: the same clause stands with and without them.
const QUOTES: &[char] =
    &['"', '\'', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{300C}', '\u{300D}', '\u{300E}', '\u{300F}'];

/// Ends of sentences: the ideographic full stop, what ASCII has (`;` closes an item of a list), and a kept line break.
const ENDS: &[char] = &['\u{3002}', ';', '!', '?', '\n'];

/// Where a kept character came from.
struct From {
    /// Where it begins in the plain text, in bytes.
    plain: usize,
    /// Where it stood in the draft, in characters and in bytes.
    char: usize,
    byte: usize,
    /// How many bytes it had there.
    len: usize,
}

/// The plain text and the way back.
pub(super) struct Plain {
    pub text: String,
    from: Vec<From>,
}

impl Plain {
    /// Reads a draft.
    pub fn of(draft: &str, lines: &Lines) -> Plain {
        let mut plain = Plain { text: String::with_capacity(draft.len()), from: Vec::with_capacity(draft.len() / 3) };
        for (char, (byte, c)) in draft.char_indices().enumerate() {
            if let Some(kept) = plain.form(c, &draft[byte + c.len_utf8()..], lines) {
                plain.from.push(From { plain: plain.text.len(), char, byte, len: c.len_utf8() });
                plain.text.push(kept);
            }
        }
        plain
    }

    /// The form in which a character is kept, if it is.
    fn form(&self, c: char, rest: &str, lines: &Lines) -> Option<char> {
        match c {
            '\n' => self.breaks(rest, lines).then_some('\n'),
            _ if c.is_whitespace() || c.is_control() || QUOTES.contains(&c) || is_invisible(c) => None,
            _ if FULL_WIDTH.contains(&(c as u32)) => char::from_u32(c as u32 - FULL_WIDTH_STEP),
            _ => Some(c),
        }
    }

    /// Whether a line break ends a sentence. Inside a sentence it is an accident of the page.
    fn breaks(&self, rest: &str, lines: &Lines) -> bool {
        let ended = self.text.ends_with(ENDS) || self.text.ends_with(':') || self.text.is_empty();
        // Long runs of blanks are no reason to read far ahead for every one of them.
        let ahead = &rest[..rest.floor_char_boundary(40)];
        ended || ahead.trim_start_matches([' ', '\t', '\r']).starts_with('\n') || lines.begins_item(ahead)
    }

    /// The sentences, in bytes of the plain text, without the sign that ends them.
    pub fn sentences(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = 0;
        self.text.split_inclusive(ENDS).map(move |sentence| {
            let begin = start;
            start += sentence.len();
            begin..begin + sentence.trim_end_matches(ENDS).len()
        })
    }

    /// Characters and bytes of the draft for a part of the plain text that is not empty.
    pub fn original(&self, part: Range<usize>) -> (Range<usize>, Range<usize>) {
        let first = self.from.partition_point(|from| from.plain < part.start);
        let after = self.from.partition_point(|from| from.plain < part.end);
        match (self.from.get(first), self.from.get(after.saturating_sub(1))) {
            (Some(a), Some(b)) if first < after => (a.char..b.char + 1, a.byte..b.byte + b.len),
            _ => (0..0, 0..0),
        }
    }
}

/// Signs of no width that word processors and web pages leave behind.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}
