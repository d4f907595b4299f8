//! Lines of the preprocessor.

/// A line of the preprocessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directive {
    /// From 1.
    pub line: u32,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    If(Box<str>),
    Elif(Box<str>),
    Else,
    End,
    Define { name: Box<str>, body: Option<Box<str>> },
    Include(Box<str>),
    Error(Box<str>),
    Undef(Box<str>),
}

/// Reads the directives of a text whose comments are blank (strings are not). Lines joined by a backslash count as their first.
pub(crate) fn directives(text: &[u8]) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut number = 0_u32;
    let mut lines = text.split(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        number += 1;
        let start = line.trim_ascii_start();
        if start.first() != Some(&b'#') {
            continue;
        }
        let first = number;
        let mut joined = start.trim_ascii_end().to_vec();
        while joined.last() == Some(&b'\\') {
            joined.pop();
            let Some(next) = lines.next() else { break };
            number += 1;
            if joined.len() < 16_384 {
                joined.extend_from_slice(next.trim_ascii_end());
            }
        }
        if let Some(what) = directive(&String::from_utf8_lossy(&joined[1..])) {
            found.push(Directive { line: first, what });
        }
    }
    found
}

fn directive(text: &str) -> Option<What> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.trim();
    let first_word =
        || rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap_or_default();
    Some(match word {
        "if" => What::If(rest.into()),
        "ifdef" => What::If(format!("defined({})", first_word()).into()),
        "ifndef" => What::If(format!("!defined({})", first_word()).into()),
        "elif" => What::Elif(rest.into()),
        "elifdef" => What::Elif(format!("defined({})", first_word()).into()),
        "elifndef" => What::Elif(format!("!defined({})", first_word()).into()),
        "else" => What::Else,
        "endif" => What::End,
        "define" => {
            let name = first_word();
            let after = &rest[name.len()..];
            // A macro with parameters has no value of its own.
            let body = (!after.starts_with('(')).then(|| Box::from(after.trim()));
            What::Define { name: name.into(), body }
        }
        "include" | "include_next" => What::Include(rest.trim_matches(['<', '>', '"', ' ']).into()),
        "error" => What::Error(rest.into()),
        "undef" => What::Undef(first_word().into()),
        _ => return None,
    })
}
