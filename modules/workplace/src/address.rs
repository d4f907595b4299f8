//! Addresses within this site.

use std::fmt::Write as _;

/// Longer ones were not made by our pages.
const LONGEST: usize = 2000;

/// Where to go on: `next` if it is a path of this site, `otherwise` if it is anything else. Browsers drop
/// tabs and line breaks and read `\` as `/`, so that such a text is never a path of this site.
pub fn next(next: &str, otherwise: &str) -> String {
    // After signing in, going on to where one signs in or out would go round.
    let circular = ["/sign-in", "/sign-out", "/invitation/"].iter().any(|start| next.starts_with(start));
    if circular { otherwise.to_owned() } else { same_site(next, otherwise) }
}

/// Where to go back to: any path of this site.
pub fn same_site(next: &str, otherwise: &str) -> String {
    let foreign = !next.starts_with('/')
        || next.starts_with("//")
        || next.len() > LONGEST
        || next.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace());
    if foreign { otherwise.to_owned() } else { ascii(next) }
}

/// A text as a value in a query.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A query of what is not empty, without `?`.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let kept = pairs.iter().filter(|(_, value)| !value.is_empty());
    kept.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// A path with a query, or alone.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    match query(pairs) {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// As a header can carry it.
fn ascii(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(&encoded(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        for path in ["/", "/work", "/members?after=%2F&x=1", "/a/b#c"] {
            assert_eq!(next(path, "/work"), path);
        }
        assert_eq!(next("/search?q=天津", "/work"), "/search?q=%E5%A4%A9%E6%B4%A5");
        let evil = [
            "",
            "work",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "\\\\evil.example",
            " //evil.example",
            "/ /evil",
            "/sign-in?next=/sign-in",
            "///evil",
        ];
        for text in evil {
            assert_eq!(next(text, "/work"), "/work", "{text:?}");
        }
        assert_eq!(next(&format!("/{}", "a".repeat(3000)), "/work"), "/work");
    }

    #[test]
    fn empty_values_are_left_out_of_a_query() {
        assert_eq!(with_query("/x", &[("q", "a&b"), ("after", "")]), "/x?q=a%26b");
        assert_eq!(with_query("/x", &[("q", "")]), "/x");
    }
}
