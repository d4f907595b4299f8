//! Every data file: shape, counts, unique codes, parents that exist, and the embedded tables
//! compared with a full CSV reader.

use std::collections::{HashMap, HashSet};

use codes::{digital_economy, education, enterprise_size, industry, region, uscc};

use crate::csv_rows;

fn codes_are_unique_and_parents_exist(file: &str, parent_column: usize) {
    let rows = csv_rows(file);
    let mut codes = HashSet::new();
    for row in &rows[1..] {
        assert!(codes.insert(row[0].as_str()), "{} twice in {file}", row[0]);
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
    }
    for row in &rows[1..] {
        let parent = row[parent_column].as_str();
        assert!(parent.is_empty() || codes.contains(parent), "parent of {row:?}");
    }
}

fn by_level(rows: &[Vec<String>]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for row in &rows[1..] {
        *counts.entry(row[1].as_str()).or_default() += 1;
    }
    counts
}

#[test]
fn industries_have_the_counts_of_the_standard() {
    codes_are_unique_and_parents_exist("gbt4754_2017.csv", 2);
    let rows = csv_rows("gbt4754_2017.csv");
    let counts = by_level(&rows);
    assert_eq!((counts["section"], counts["division"], counts["group"], counts["class"]), (20, 97, 473, 1381));
    assert_eq!(industry::all().len(), 1971);
    for (row, found) in rows[1..].iter().zip(industry::all()) {
        let seen = [found.code, found.section, found.name_zh, found.name_en.unwrap_or("")];
        assert_eq!(seen, [&row[0], &row[3], &row[4], &row[5]]);
        assert_eq!(found.parent.unwrap_or(""), row[2]);
    }
}

#[test]
fn an_industry_code_begins_with_its_parents_and_lies_in_its_parents_section() {
    for found in industry::all() {
        match found.parent.and_then(industry::industry) {
            None => assert_eq!(found.level, industry::Level::Section),
            Some(parent) => {
                assert_eq!(parent.section, found.section);
                if parent.level == industry::Level::Section {
                    assert_eq!(found.code.len(), 2);
                } else {
                    assert!(found.code.starts_with(parent.code));
                    assert_eq!(found.code.len(), parent.code.len() + 1);
                }
            }
        }
    }
}

#[test]
fn regions_have_the_counts_of_the_list_and_codes_that_nest() {
    codes_are_unique_and_parents_exist("region_gbt2260.csv", 2);
    let rows = csv_rows("region_gbt2260.csv");
    assert_eq!(rows.len() - 1, 3351);
    let streets = csv_rows("region_tianjin_streets.csv");
    assert_eq!(streets.len() - 1, 299);
    assert_eq!(region::all().len(), 3351 + 299);
    let all = rows[1..].iter().map(|row| (&row[0], &row[2], &row[3], row[4] == "1"));
    let streets = streets[1..].iter().map(|row| (&row[0], &row[1], &row[2], false));
    for ((code, parent, name, pseudo), found) in all.chain(streets).zip(region::all()) {
        assert_eq!(found.code, code);
        assert_eq!(found.parent.unwrap_or(""), parent);
        assert_eq!(found.name_zh, name);
        assert_eq!(found.pseudo, pseudo);
        let (length, kept) = match found.level {
            region::Level::Province => (6, 0),
            region::Level::City => (6, 2),
            region::Level::County => (6, 4),
            region::Level::Street => (9, 6),
        };
        assert_eq!(found.code.len(), length);
        assert!(found.code.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(found.parent.unwrap_or("")[..kept], found.code[..kept], "{found:?}");
    }
}

#[test]
fn digital_economy_classes_have_the_counts_of_the_order_and_name_industries_that_exist() {
    codes_are_unique_and_parents_exist("digital_economy_2021.csv", 2);
    let rows = csv_rows("digital_economy_2021.csv");
    let counts = by_level(&rows);
    assert_eq!((counts["major"], counts["middle"], counts["minor"]), (5, 32, 156));
    assert_eq!(digital_economy::all().len(), 193);
    for (row, class) in rows[1..].iter().zip(digital_economy::all()) {
        assert_eq!((class.code, class.name_zh), (row[0].as_str(), row[3].as_str()));
        let parts: Vec<String> = class
            .industries
            .iter()
            .map(|part| format!("{}{}", part.industry, if part.partial { "*" } else { "" }))
            .collect();
        assert_eq!(parts.join(";"), row[5]);
        assert_eq!(class.core, !class.code.starts_with("05"));
        for part in &class.industries {
            let industry = industry::industry(part.industry).unwrap();
            assert_eq!(industry.level, industry::Level::Class, "{class:?}");
        }
    }
    let minor = |major: &str| {
        let is_minor = |row: &&Vec<String>| row[1] == "minor" && row[0].starts_with(major);
        rows.iter().filter(is_minor).count()
    };
    assert_eq!(["01", "02", "03", "04", "05"].map(minor), [51, 11, 25, 27, 42]);
}

#[test]
fn size_rules_have_rising_bounds_and_name_industries_that_exist() {
    let rows = csv_rows("enterprise_size_2017.csv");
    assert_eq!(rows.len() - 1, 30);
    let bounds: usize = enterprise_size::rules().iter().map(|rule| rule.bounds.len()).sum();
    assert_eq!(bounds, 30);
    for rule in enterprise_size::rules() {
        for bounds in &rule.bounds {
            assert!(0 < bounds.small && bounds.small < bounds.medium, "{rule:?}");
            assert!(bounds.medium < bounds.large, "{rule:?}");
            let row = rows.iter().find(|row| row[0] == rule.key && row[2] == bounds.indicator.code()).unwrap();
            let numbers = [bounds.small, bounds.medium, bounds.large].map(|n| n.to_string());
            assert_eq!(row[3..6], numbers);
        }
    }
    let mut prefixes = HashMap::new();
    for row in &rows[1..] {
        for prefix in row[6].split(' ') {
            assert!(industry::industry(prefix).is_some(), "{prefix}");
            assert_eq!(prefixes.entry(prefix).or_insert(&row[0]), &&row[0], "{prefix}");
        }
    }
}

#[test]
fn registrars_and_levels_of_education_are_unique() {
    let pairs: HashSet<_> = uscc::registrars().map(|each| (each.department, each.kind)).collect();
    assert_eq!(pairs.len(), csv_rows("uscc_registrar.csv").len() - 1);
    assert_eq!(pairs.len(), 36);
    codes_are_unique_and_parents_exist("education_gbt4658.csv", 0);
    assert_eq!(education::all().len(), 11);
}
