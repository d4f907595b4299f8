use codes::{Date, DateFault, PartialDate};
use proptest::prelude::*;

use crate::{HOSTILE, day};

#[test]
fn a_day_is_read_in_every_form_offices_write() {
    for text in [
        "2021-05-20",
        "2021-5-20",
        "2021/5/20",
        "2021/05/20",
        "2021.5.20",
        "20210520",
        "2021年5月20日",
        "2021年05月20日",
        "2021 年 5 月 20 日",
        "2021年5月20号",
        "二〇二一年五月二十日",
        "二零二一年五月二十日",
        "二○二一年五月二十日",
        "二O二一年五月二十日",
        "２０２１－５－２０",
        "２０２１年５月２０日",
        "２０２１／５／２０",
        "2021-05-20 00:00:00",
        "2021-05-20T08:30:00.000",
        "2021/5/20 9:05",
        "2021年5月20日 00:00:00",
        "\u{FEFF} 2021-05-20\u{3000}",
    ] {
        assert_eq!(Date::parse(text), Ok(day("2021-05-20")), "{text:?}");
    }
    assert_eq!(Date::parse("二〇二〇年十二月三十一日"), Ok(day("2020-12-31")));
    assert_eq!(Date::parse("二〇二〇年元月廿一日"), Ok(day("2020-01-21")));
    assert_eq!(Date::parse("二〇二〇年一〇月十日").map_err(|fault| fault.code()), Err("date.malformed"));
}

#[test]
fn a_month_or_a_year_is_not_a_day_but_a_partial_date() {
    let month = PartialDate::Month { year: 2021, month: 5 };
    for text in ["2021年5月", "2021-05", "2021.5", "2021/5", "二〇二一年五月"] {
        assert_eq!(PartialDate::parse(text), Ok(month), "{text}");
        assert_eq!(Date::parse(text), Err(DateFault::Incomplete { text: text.to_owned() }));
    }
    for text in ["2021", "2021年", "２０２１年", "二〇二一年"] {
        assert_eq!(PartialDate::parse(text), Ok(PartialDate::Year(2021)), "{text}");
    }
    assert_eq!((month.first_day(), month.last_day()), (day("2021-05-01"), day("2021-05-31")));
    let february = PartialDate::parse("2024.2").unwrap();
    assert_eq!(february.last_day(), day("2024-02-29"));
    assert_eq!(PartialDate::Year(2021).last_day(), day("2021-12-31"));
    assert_eq!(month.to_zh(), "2021年5月");
    assert_eq!(month.to_string(), "2021-05");
    let absurd = PartialDate::Month { year: i16::MAX, month: -3 };
    assert_eq!(absurd.first_day(), day("2199-01-01"));
}

#[test]
fn days_that_never_were_and_years_out_of_range_are_refused() {
    let no_day = DateFault::NoSuchDay { year: 2021, month: 2, day: 29 };
    assert_eq!(Date::parse("2021年2月29日"), Err(no_day));
    assert_eq!(Date::parse("2021-13-01").unwrap_err().code(), "date.no_such_day");
    assert_eq!(Date::parse("2021-00-10").unwrap_err().code(), "date.no_such_day");
    assert_eq!(Date::parse("2021-13").unwrap_err().code(), "date.no_such_day");
    assert_eq!(Date::parse("1899-12-31"), Err(DateFault::YearOutOfRange { year: 1899 }));
    assert_eq!(Date::parse("2200-01-01"), Err(DateFault::YearOutOfRange { year: 2200 }));
    assert_eq!(Date::parse("  "), Err(DateFault::Empty));
}

#[test]
fn what_could_mean_two_days_is_refused() {
    for text in [
        "200512",
        "21-5-20",
        "20/5/2021",
        "5/20/2021",
        "2021-5/20",
        "2021年5月二十",
        "2021年520日",
        "2021-05-20 25:00",
        "2021-05-20Z",
        "2021-05-20T00:00:00+08:00",
        "2021--05-20",
        "2021-05-",
        "2021年月日",
        "-2021-05-20",
        "2021-005-20",
        "三十二",
        "2021年5月〇日",
    ] {
        let fault = Date::parse(text).unwrap_err();
        assert!(!matches!(fault, DateFault::Incomplete { .. }), "{text}: {fault:?}");
    }
    for text in HOSTILE {
        assert!(PartialDate::parse(text).is_err(), "{text:?}");
    }
    let huge = "2".repeat(1_000_000);
    assert_eq!(Date::parse(&huge).unwrap_err().args()[0].1.len(), 64);
}

#[test]
fn spreadsheet_numbers_know_the_day_that_never_was() {
    let read = |serial, date1904| Date::from_excel_serial(serial, date1904);
    assert_eq!(read(1.0, false), Ok(day("1900-01-01")));
    assert_eq!(read(59.0, false), Ok(day("1900-02-28")));
    assert_eq!(read(60.0, false).unwrap_err().code(), "date.excel_serial");
    assert_eq!(read(61.0, false), Ok(day("1900-03-01")));
    assert_eq!(read(44_336.0, false), Ok(day("2021-05-20")));
    assert_eq!(read(44_336.999, false), Ok(day("2021-05-20")));
    assert_eq!(read(42_874.0, true), Ok(day("2021-05-20")));
    assert_eq!(read(0.0, true), Ok(day("1904-01-01")));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e18, 0.5] {
        assert!(read(bad, false).is_err(), "{bad}");
    }
    assert_eq!(read(109_574.0, false), Ok(Date::MAX));
    assert!(read(109_575.0, false).is_err());
}

#[test]
fn serde_and_from_str_are_strict() {
    let date: Date = serde_json::from_str("\"1880-01-01\"").unwrap();
    assert_eq!(serde_json::to_string(&date).unwrap(), "\"1880-01-01\"");
    for text in ["2021-5-20", "20210520", "2021-02-29", "2021-05-20 ", "２021-5-20", "1799-12-31"] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn months_are_added_to_the_last_day_where_needed() {
    assert_eq!(day("2021-01-31").add_months(1), Ok(day("2021-02-28")));
    assert_eq!(day("2024-02-29").add_months(12), Ok(day("2025-02-28")));
    assert_eq!(day("2021-03-31").add_months(-1), Ok(day("2021-02-28")));
    assert!(day("2199-12-01").add_months(1).is_err());
    assert!(day("2021-01-01").add_months(i32::MAX).is_err());
    assert!(day("2021-01-01").add_days(i64::MAX).is_err());
    assert!(day("2021-01-01").add_days(i64::MIN).is_err());
    assert_eq!(Date::MAX.tomorrow(), None);
    assert_eq!(Date::MIN.yesterday(), None);
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..=109_571_i64).prop_map(|days| day("1900-01-01").add_days(days).unwrap())
}

proptest! {
    #[test]
    fn every_way_of_writing_a_day_reads_back(date in any_day()) {
        let (y, m, d) = (date.year(), date.month(), date.day());
        for text in [
            date.to_string(), date.to_zh(), format!("{y}/{m}/{d}"), format!("{y}.{m}.{d}"),
            format!("{y:04}{m:02}{d:02}"), chinese(date),
        ] {
            prop_assert_eq!(Date::parse(&text), Ok(date), "{}", text);
        }
    }

    #[test]
    fn adding_days_and_counting_them_are_inverse(a in any_day(), b in any_day()) {
        prop_assert_eq!(a.add_days(a.days_until(b)), Ok(b));
        prop_assert_eq!(a.days_until(b), -b.days_until(a));
        prop_assert_eq!((i64::from(a.weekday()) - 1 + a.days_until(b)).rem_euclid(7) + 1,
            i64::from(b.weekday()));
    }

    #[test]
    fn spreadsheet_numbers_follow_each_other(serial in 61..109_574_u32) {
        let today = Date::from_excel_serial(serial.into(), false).unwrap();
        let next = Date::from_excel_serial(f64::from(serial) + 1.0, false).unwrap();
        prop_assert_eq!(today.tomorrow(), Some(next));
    }

    #[test]
    fn any_text_at_all_is_answered(text in "\\PC*", dated in "[0-9年月日〇一二十/. :T-]{0,20}") {
        let _ = PartialDate::parse(&text);
        let _ = PartialDate::parse(&dated);
    }
}

/// 二〇二一年五月二十日, written the slow way.
fn chinese(date: Date) -> String {
    let digits: Vec<char> = "〇一二三四五六七八九".chars().collect();
    let year: String = date.year().to_string().chars().map(|c| digits[c.to_digit(10).unwrap() as usize]).collect();
    let small = |number: i8| {
        let (tens, units) = (number / 10, number % 10);
        let mut text = String::new();
        if tens > 1 {
            text.push(digits[tens as usize]);
        }
        if tens > 0 {
            text.push('十');
        }
        if units > 0 {
            text.push(digits[units as usize]);
        }
        text
    };
    format!("{year}年{}月{}日", small(date.month()), small(date.day()))
}
