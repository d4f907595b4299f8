//! The data hold together.

use std::collections::{HashMap, HashSet};

use jinmen_core::Locale;
use store::text::name_key;

use crate::dictionary::*;

#[test]
fn every_row_of_the_data_makes_a_key() {
    let rows = include_str!("../../../data/facts.csv").lines().count() - 1;
    assert_eq!(dictionary().all().count(), rows);
    let names: HashSet<&str> = dictionary().all().map(|key| key.key.as_str()).collect();
    assert_eq!(names.len(), rows, "keys are unique");
    assert!(dictionary().of_subject("organization").count() >= 70);
    assert!(dictionary().of_subject("person").count() >= 20);
}

#[test]
fn every_key_is_named_and_explained_in_both_languages() {
    for key in dictionary().all() {
        for locale in Locale::ALL {
            assert!(!key.label(locale).trim().is_empty(), "{} {locale:?}", key.key);
            assert!(!key.help(locale).trim().is_empty(), "{} {locale:?}", key.key);
        }
        let snake = key.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        assert!(snake, "{}", key.key);
        assert!(key.weight == 0 || key.target == Target::Fact, "{}: only facts count", key.key);
        assert_eq!(key.part.is_empty(), key.target == Target::Fact, "{}", key.key);
        assert!(dictionary().list("fact_group").unwrap().contains(&key.group), "{}", key.group);
    }
}

#[test]
fn every_list_that_a_key_names_is_there() {
    for key in dictionary().all() {
        for list in key.list.iter().chain(key.fields.iter().filter_map(|field| field.list.as_ref())) {
            assert!(dictionary().list(list).is_some_and(|list| !list.is_empty()), "{list}");
        }
        for unit in [&key.unit].into_iter().chain(key.fields.iter().map(|field| &field.unit)) {
            assert!(unit.is_empty() || dictionary().list("unit").unwrap().contains(unit), "{unit}");
        }
    }
}

#[test]
fn lists_have_unique_codes_and_names_in_both_languages_and_other_names_point_to_codes() {
    for name in dictionary().list_names() {
        let entries = dictionary().list(name).unwrap().children(None);
        let codes: HashSet<&str> = entries.iter().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), entries.len(), "{name}");
        assert!(
            entries.iter().all(|entry| !entry.zh.is_empty() && entry.en.is_some_and(|en| !en.is_empty())),
            "{name}"
        );
    }
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    let mut reader = csv::Reader::from_reader(include_str!("../../../data/lists.csv").as_bytes());
    for row in reader.records().map(Result::unwrap) {
        let list = dictionary().list(&row[0]).unwrap();
        assert!(list.contains(&row[1]), "{} {}", &row[0], &row[1]);
        for alias in row[4].split('|').filter(|alias| !alias.is_empty()) {
            let before = seen.insert((row[0].to_owned(), name_key(alias)), row[1].to_owned());
            assert!(before.is_none_or(|code| code == row[1]), "{} {alias} means two codes", &row[0]);
            assert_eq!(dictionary().choose(&row[0], alias).as_deref(), Ok(&row[1]), "{} {alias}", &row[0]);
        }
    }
}

#[test]
fn no_heading_means_two_keys_of_one_subject() {
    let mut seen: HashMap<(Subject, String), &str> = HashMap::new();
    for key in dictionary().all() {
        let labels = [key.label(Locale::ZhCn), key.label(Locale::En), key.key.as_str()];
        for heading in labels.into_iter().chain(key.synonyms.iter().map(String::as_str)) {
            if let Some(other) = seen.insert((key.subject, name_key(heading)), &key.key) {
                assert_eq!(other, key.key, "{heading} also means {other}");
            }
            let first = dictionary().by_header(key.subject, heading);
            assert_eq!(first.first().map(|found| found.key.key.as_str()), Some(key.key.as_str()), "{heading}");
        }
    }
}

#[test]
fn headings_find_their_keys() {
    for (heading, expected) in [
        ("2023年营业收入（万元）", "annual_revenue"),
        ("上年度营收", "annual_revenue"),
        ("2022年主营业务收入(元)", "main_business_revenue"),
        ("企业名称（全称）", "name_zh"),
        ("单位全称", "name_zh"),
        ("统一社会信用代码（18位）", "uscc"),
        ("是否为高新技术企业", "is_hnte"),
        ("职工总人数", "headcount"),
        ("有效发明专利数量（件）", "patents_invention"),
        ("联系人手机号码", "contact_mobile"),
        ("法定代表人姓名", "legal_representative"),
        ("Annual revenue", "annual_revenue"),
        ("營業收入", "annual_revenue"),
    ] {
        let found = dictionary().by_header(Subject::Organization, heading);
        assert_eq!(found.first().map(|found| found.key.key.as_str()), Some(expected), "{heading}: {found:#?}");
    }
    for heading in ["序号", "备注", "研发人员占比", "近三年营业收入", "高新技术企业认定时间", "", "（）"]
    {
        let found = dictionary().by_header(Subject::Organization, heading);
        assert!(
            found.iter().all(|found| found.score < 80),
            "{heading}: {:?}",
            found.first().map(|f| (&f.key.key, f.score))
        );
    }
    assert_eq!(dictionary().by_header(Subject::Person, "姓名")[0].key.key, "person_name");
    assert_eq!(dictionary().by_header(Subject::Person, "单位")[0].key.key, "employer");
}
