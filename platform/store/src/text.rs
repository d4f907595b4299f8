//! Text as people type it, made comparable: full-width and half-width, brackets, traditional and
//! simplified characters, letter case; and Chinese as pinyin.

use std::collections::HashMap;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use pinyin::{ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// One form for all ways of writing the same: compatibility normal form (full-width letters, digits
/// and brackets become half-width), simplified characters, lower case, one space between words.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkc().flat_map(char::to_lowercase).map(bracket).collect();
    let plain = if plain.is_ascii() { plain } else { simplify(&plain) };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name without what people leave out or put in: spaces, brackets and punctuation. Two
/// organisations with the same are probably one.
pub fn name_key(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The key by which a name sorts: pinyin without tones, then the name itself. Stored, so that both
/// databases sort alike whatever their locale.
pub fn sort_key(name: &str) -> String {
    let folded = fold(name);
    let mut key: String = folded.chars().flat_map(|c| sound(c).chars().collect::<Vec<_>>()).take(120).collect();
    key.push(' ');
    key.extend(folded.chars().take(120));
    key
}

/// Whether a character is a Chinese one (or of a script written without spaces alike).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The toneless pinyin of a Chinese character, or the character itself.
pub(crate) fn sound(c: char) -> String {
    match c.to_pinyin() {
        Some(pinyin) => pinyin.plain().replace('ü', "v"),
        None => c.to_string(),
    }
}

/// How a Chinese name is typed by whoever has no Chinese keyboard: the pinyin of every two to four characters in a row,
/// and the initials of all of them; of the first forty characters.
pub fn spoken(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in name.split(|c| !is_han(c)) {
        let sounds: Vec<String> = run.chars().take(40).map(sound).collect();
        for many in 2..=4.min(sounds.len()) {
            words.extend(sounds.windows(many).map(<[String]>::concat));
        }
        words.push(sounds.iter().filter_map(|sound| sound.chars().next()).collect());
    }
    words.retain(|word: &String| word.is_ascii() && !word.is_empty());
    words
}

/// How characters that are in many names are read there.
static READ_AS: LazyLock<HashMap<char, Vec<String>>> = LazyLock::new(|| {
    let lines = include_str!("../data/readings.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.chars().next()?, words.map(str::to_owned).collect()))
        })
        .collect()
});

/// The toneless pinyins of a Chinese character, the usual one first; none for one without any.
pub(crate) fn sounds(c: char) -> Vec<String> {
    if let Some(sounds) = READ_AS.get(&c) {
        return sounds.clone();
    }
    let mut sounds = Vec::new();
    let others = c.to_pinyin_multi().into_iter().flatten();
    for pinyin in c.to_pinyin().into_iter().chain(others) {
        let plain = pinyin.plain().replace('ü', "v");
        if plain.is_ascii() && !sounds.contains(&plain) {
            sounds.push(plain);
        }
    }
    sounds
}

fn simplify(text: &str) -> String {
    TO_SIMPLIFIED.as_ref().map_or_else(|| text.to_owned(), |converter| converter.convert(text))
}

fn bracket(c: char) -> char {
    match c {
        '【' | '〔' | '［' | '「' | '『' | '《' | '〈' | '[' | '{' => '(',
        '】' | '〕' | '］' | '」' | '』' | '》' | '〉' | ']' | '}' => ')',
        '、' | '，' => ',',
        '。' => '.',
        '·' | '・' | '•' => '·',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spoken_in_parts_and_in_initials() {
        let words = spoken("天津数聚 Ltd");
        for word in ["tianjin", "jinshuju", "tianjinshuju", "tjsj"] {
            assert!(words.iter().any(|known| known == word), "{word}: {words:?}");
        }
        assert!(spoken("Haihe").is_empty() && spoken("").is_empty());
    }

    #[test]
    fn the_same_name_written_five_ways_folds_to_one() {
        let name = name_key("天津数聚（河西）科技有限公司");
        for other in [
            "天津数聚(河西)科技有限公司",
            "天津 数聚【河西】科技有限公司",
            "天津數聚（河西）科技有限公司",
            "天津数聚〔河西〕科技有限公司　",
        ] {
            assert_eq!(name_key(other), name, "{other}");
        }
        assert_eq!(fold("ＡＢＣ　１２３"), "abc 123");
    }

    #[test]
    fn names_sort_by_pinyin() {
        let mut names = ["重庆", "天津", "北京", "Alpha", "河西"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names[0], "Alpha");
        assert_eq!(names[1], "北京");
    }
}
