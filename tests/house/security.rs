//! What docs/security.md says is held by tests.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tree::{files, has_extension, text};

/// Words between back quotes that are long enough to be the name of a test.
fn named(page: &str) -> BTreeSet<String> {
    let words = page.split('`').skip(1).step_by(2);
    let is_name =
        |word: &&str| word.len() >= 18 && word.bytes().all(|b| b.is_ascii_lowercase() || b"_0123456789".contains(&b));
    words.filter(is_name).map(str::to_owned).collect()
}

#[test]
fn every_test_that_the_security_page_names_is_there_and_both_languages_name_the_same() {
    let page = |name: &str| named(&text(Path::new(name)).unwrap());
    let (english, chinese) = (page("docs/security.md"), page("docs/security.zh-CN.md"));
    assert!(english.len() > 60, "{}", english.len());
    let mut there = BTreeSet::new();
    for folder in ["app", "engines", "modules", "platform", "tests"] {
        for path in files(folder).iter().filter(|path| has_extension(path, &["rs"])) {
            let source = text(path).unwrap();
            let functions = source.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
            there.extend(functions.map(str::to_owned));
        }
    }
    let missing: Vec<&String> = english.union(&chinese).filter(|name| !there.contains(*name)).collect();
    let unlike: Vec<&String> = english.symmetric_difference(&chinese).collect();
    assert!(missing.is_empty(), "not there: {missing:?}");
    assert!(unlike.is_empty(), "in one language only: {unlike:?}");
}
