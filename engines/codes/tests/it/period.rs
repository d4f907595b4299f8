use codes::{Date, Period, PeriodFault};
use proptest::prelude::*;

use crate::day;

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    let (from, until) = (day("2021-02-01"), day("2021-01-31"));
    assert_eq!(Period::between(from, until), Err(PeriodFault::Reversed { from, until }));
    assert!(serde_json::from_str::<Period>(r#"{"from":"2021-02-01","until":"2021-01-31"}"#).is_err());
}

#[test]
fn both_ends_belong_to_the_period() {
    let year = Period::year(2021).unwrap();
    assert!(year.contains(day("2021-01-01")) && year.contains(day("2021-12-31")));
    assert!(!year.contains(day("2020-12-31")) && !year.contains(day("2022-01-01")));
    assert_eq!(year.days(), Some(365));
    assert_eq!(Period::day(day("2021-01-01")).days(), Some(1));
    assert_eq!(Period::since(day("2021-01-01")).days(), None);
    assert!(Period::year(1799).is_err());
    assert!(Period::ALWAYS.contains(Date::MIN) && Period::ALWAYS.contains(Date::MAX));
}

#[test]
fn periods_are_written_for_machines_and_for_people() {
    let year = Period::year(2021).unwrap();
    assert_eq!(year.to_string(), "2021-01-01/2021-12-31");
    assert_eq!(year.to_zh(), "2021年1月1日至2021年12月31日");
    assert_eq!(Period::since(day("2021-01-01")).to_string(), "2021-01-01/..");
    assert_eq!(Period::since(day("2021-01-01")).to_zh(), "2021年1月1日起");
    assert_eq!(Period::up_to(day("2021-01-01")).to_zh(), "至2021年1月1日止");
    assert_eq!(Period::ALWAYS.to_zh(), "长期");
    let open = Period::since(day("2021-01-01"));
    let json = serde_json::to_string(&open).unwrap();
    assert_eq!(json, r#"{"from":"2021-01-01","until":null}"#);
    assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), open);
    assert_eq!(serde_json::from_str::<Period>("{}").unwrap(), Period::ALWAYS);
}

const SPAN: i64 = 12;

fn at(days: i64) -> Date {
    day("2024-02-24").add_days(days).unwrap()
}

/// Periods within twelve days around a leap day, so that a set of days can be the reference.
fn any_period() -> impl Strategy<Value = Period> {
    let end = || proptest::option::of(0..SPAN);
    (end(), end()).prop_filter_map("reversed", |(from, until)| Period::new(from.map(at), until.map(at)).ok())
}

/// The days of a period, one day beyond either edge included to tell open ends apart.
fn days(period: Period) -> Vec<Date> {
    (-1..=SPAN).map(at).filter(|date| period.contains(*date)).collect()
}

proptest! {
    #[test]
    fn the_algebra_is_that_of_sets_of_days(a in any_period(), b in any_period()) {
        let (of_a, of_b) = (days(a), days(b));
        let common: Vec<Date> = of_a.iter().filter(|date| of_b.contains(date)).copied().collect();
        prop_assert_eq!(a.intersect(b).map(days).unwrap_or_default(), common.clone());
        prop_assert_eq!(a.overlaps(b), !common.is_empty());
        prop_assert_eq!(a.intersect(b), b.intersect(a));
        prop_assert_eq!(a.covers(b), common == of_b);
        prop_assert!(a.covers(a) && Period::ALWAYS.covers(a));
        if let Some(count) = a.days() {
            prop_assert_eq!(count, of_a.len() as i64);
        }
    }
}
