use jinmen_core::codes::ratio::Ratio;
use jinmen_core::{Date, Instant, Locale, Money, Text2};
use ui::catalog::check_sources;

use crate::{words, zh};

#[test]
fn both_languages_have_the_same_texts() {
    check_sources(&[ui::MESSAGES]).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_missing_text_shows_its_key() {
    assert_eq!(zh().of("ui-nonsense"), "[ui-nonsense]");
    assert!(!zh().has("ui-nonsense") && zh().has("ui-name"));
}

#[test]
fn money_is_written_as_people_write_it_and_stays_exact() {
    let (zh, en) = (zh(), words(Locale::En));
    for (fen, chinese, english) in [
        (12_500_000, "12.5 万元", "CNY 125,000.00"),
        (123_450, "1,234.50 元", "CNY 1,234.50"),
        (0, "0.00 元", "CNY 0.00"),
        (1_000_000, "1 万元", "CNY 10,000.00"),
        (999_999, "9,999.99 元", "CNY 9,999.99"),
        (-12_500_000, "-12.5 万元", "CNY -125,000.00"),
        (12_345_678, "123,456.78 元", "CNY 123,456.78"),
        (123_456_789_000, "123,456.789 万元", "CNY 1,234,567,890.00"),
    ] {
        assert_eq!(
            (zh.money(Money::from_fen(fen)), en.money(Money::from_fen(fen))),
            (chinese.to_owned(), english.to_owned())
        );
    }
}

#[test]
fn dates_times_shares_and_counts_are_written_in_the_readers_language() {
    let (zh, en) = (zh(), words(Locale::En));
    let Ok(date) = Date::new(2021, 5, 20) else { panic!("a date") };
    assert_eq!((zh.date(date), en.date(date)), ("2021年5月20日".into(), "20 May 2021".into()));
    let instant = Instant::start_of(date).plus_seconds(14 * 3600 + 3 * 60);
    assert_eq!((zh.instant(instant), en.instant(instant)), ("2021年5月20日 14:03".into(), "20 May 2021 14:03".into()));
    assert_eq!(Ratio::new(7, 200).map(|share| zh.ratio(share)), Ok("3.50%".into()));
    assert_eq!((zh.count(10_000, true), en.count(10_000, true)), ("1 万以上".into(), "over 10,000".into()));
    assert_eq!((zh.count(204, false), zh.number(-1_234_567)), ("204".into(), "-1,234,567".into()));
    assert_eq!(
        (zh.text(&Text2::zh("联盟")), en.text(&Text2::both("联盟", "alliance"))),
        ("联盟".into(), "alliance".into())
    );
}

#[test]
fn the_past_is_told_as_one_says_it() {
    let (zh, en) = (zh(), words(Locale::En));
    let Ok(date) = Date::new(2021, 5, 20) else { panic!("a date") };
    let noon = Instant::start_of(date).plus_seconds(12 * 3600);
    for (seconds, chinese, english) in [
        (20, "刚刚", "just now"),
        (60, "1 分钟前", "a minute ago"),
        (3 * 3600, "3 小时前", "3 hours ago"),
        (13 * 3600, "昨天", "yesterday"),
        (5 * 86_400, "5 天前", "5 days ago"),
        (60 * 86_400, "2021年3月21日", "21 Mar 2021"),
    ] {
        let then = noon.plus_seconds(-seconds);
        assert_eq!((zh.ago(then, noon), en.ago(then, noon)), (chinese.to_owned(), english.to_owned()));
    }
}
