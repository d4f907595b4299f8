//! Folding of Chinese office text for comparison and search.
//!
//! Offices type the same thing in full-width and half-width characters, with round or square
//! brackets of several kinds. Fold for comparing and searching; show text as it was given.

/// The half-width form of one character, or the character itself.
///
/// Full-width ASCII (U+FF01 to U+FF5E) maps to ASCII, the ideographic space to a space, the
/// full-width yen sign `￥` to `¥`, and the brackets `【】〔〕` to `[]`. Hyphen look-alikes
/// (U+2010 to U+2015, U+2212) become `-`.
pub fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        '\u{FFE5}' => '\u{A5}',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// Fold text for comparison: half-width characters, lower case, one space for any run of
/// whitespace, none at the ends, and no zero-width characters.
///
/// Folding twice gives the same as folding once.
///
/// ```
/// assert_eq!(codes::text::fold("　津西政发〔２０２１〕３号　（试行） "), "津西政发[2021]3号 (试行)");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars() {
        if is_invisible(character) {
            continue;
        }
        let character = half_width(character);
        if character.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.extend(character.to_lowercase());
    }
    folded
}

/// Half-width, upper-case, without any whitespace, hyphen or zero-width character: the form in
/// which identifiers are read.
pub(crate) fn compact(text: &str) -> Vec<char> {
    text.chars()
        .filter(|character| !is_invisible(*character))
        .map(half_width)
        .filter(|character| !character.is_whitespace() && *character != '-')
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// Half-width, without whitespace at the ends and zero-width characters; case and inner spaces
/// stay.
pub(crate) fn narrow(text: &str) -> String {
    let narrowed: String = text.chars().filter(|character| !is_invisible(*character)).map(half_width).collect();
    narrowed.trim().to_owned()
}

/// Characters that copying out of web pages and office files leaves behind unseen.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}
