//! Versions of any ecosystem, compared by their numbers and words.

use std::cmp::Ordering;

/// Words of what comes before a release.
const BEFORE: [&str; 10] = ["alpha", "beta", "rc", "cr", "m", "milestone", "snapshot", "dev", "pre", "a"];

fn parts(version: &str) -> Vec<&str> {
    let version = version.trim_start_matches(['v', 'V', '=']);
    let version = version.split('+').next().unwrap_or(version);
    version.split(['.', '-', '_', ':']).flat_map(split).filter(|part| !part.is_empty()).collect()
}

/// `1rc2` is three parts.
fn split(part: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = part.as_bytes();
    for at in 1..bytes.len() {
        if bytes[at].is_ascii_digit() != bytes[at - 1].is_ascii_digit() && part.is_char_boundary(at) {
            found.push(&part[start..at]);
            start = at;
        }
    }
    found.push(&part[start..]);
    found
}

/// A part's weight: a number, a word of a release, or one of what comes before it.
fn weight(part: Option<&&str>) -> (i8, u64) {
    match part {
        None => (0, 0),
        Some(part) => match part.parse::<u64>() {
            Ok(number) => (i8::from(number > 0), number),
            Err(_) if BEFORE.contains(&part.to_ascii_lowercase().as_str()) => (-1, 0),
            // `Final`, `RELEASE`, `GA` and others are the release itself.
            Err(_) => (0, 0),
        },
    }
}

/// Which of two versions is the later one.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (parts(one), parts(other));
    (0..one.len().max(other.len()))
        .map(|at| weight(one.get(at)).cmp(&weight(other.get(at))))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn numbers_count_before_words_and_a_candidate_comes_before_its_release() {
        for (early, late) in [
            ("1.9.0", "1.10"),
            ("1.0rc1", "1.0"),
            ("v0.14.51", "0.14.52"),
            ("4.1.9.Final", "4.1.10.Final"),
            ("2.0-SNAPSHOT", "2.0"),
            ("1.1.2.5", "1.1.10.6"),
        ] {
            assert_eq!(compare(early, late), std::cmp::Ordering::Less, "{early} {late}");
            assert_eq!(compare(late, early), std::cmp::Ordering::Greater, "{late} {early}");
        }
        assert_eq!(compare("1.0.0.Final", "1.0"), std::cmp::Ordering::Equal);
        assert_eq!(compare("1.0+build", "1.0.0"), std::cmp::Ordering::Equal);
    }
}
