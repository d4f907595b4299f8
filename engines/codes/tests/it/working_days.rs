use codes::working_days::{Count, DayKind};
use codes::{Calendar, CalendarFault, Date};
use proptest::prelude::*;

use crate::{csv_rows, day};

fn works(text: &str) -> bool {
    Calendar::builtin().is_working_day(day(text)).unwrap().working
}

#[test]
fn the_file_is_in_order_and_is_what_the_calendar_says() {
    let rows = csv_rows("working_days.csv");
    assert_eq!(rows[0], ["date", "kind", "name_zh"]);
    assert!(rows[1..].is_sorted_by(|a, b| a[0] < b[0]));
    assert_eq!(rows.len() - 1, 218);
    for row in &rows[1..] {
        let special = Calendar::builtin().special(day(&row[0])).unwrap();
        let kind = if special.kind == DayKind::Holiday { "holiday" } else { "makeup" };
        assert_eq!((kind, special.name_zh.as_str()), (row[1].as_str(), row[2].as_str()));
        assert_eq!(works(&row[0]), row[1] == "makeup");
        assert!(row[1] == "holiday" || day(&row[0]).is_weekend());
    }
    assert_eq!((Calendar::builtin().first_year(), Calendar::builtin().last_year()), (2021, 2026));
}

/// Days off in each holiday, as the notices themselves count them (共N天; a day joined to a
/// weekend counts one).
#[test]
fn every_holiday_has_the_length_its_notice_states() {
    let rows = csv_rows("working_days.csv");
    let length = |year: &str, name: &str| {
        // New Year's Day 2023 began on the last day of 2022.
        let of_year = |row: &&Vec<String>| match row[0].as_str() {
            "2022-12-31" => year == "2023",
            date => date.starts_with(year),
        };
        let counted = |row: &&Vec<String>| row[1] == "holiday" && row[2].contains(name);
        rows.iter().filter(of_year).filter(counted).count()
    };
    let names = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"];
    for (year, lengths) in [
        ("2021", [3, 7, 3, 5, 3, 3, 7]),
        ("2022", [3, 7, 3, 5, 3, 3, 7]),
        ("2023", [3, 7, 1, 5, 3, 8, 8]),
        ("2024", [1, 8, 3, 5, 1, 3, 7]),
        ("2025", [1, 8, 3, 5, 3, 8, 8]),
        ("2026", [3, 9, 3, 5, 3, 3, 7]),
    ] {
        assert_eq!(names.map(|name| length(year, name)), lengths, "{year}");
    }
}

/// Make-up days only move days off, and a statutory holiday on a weekend is made good: a year has
/// its Mondays to Fridays less the statutory holidays, eleven until 2024 and thirteen since 2025.
#[test]
fn a_year_has_as_many_working_days_as_its_statutory_holidays_leave() {
    for year in 2021..=2026 {
        let all = (0..366).map(|at| Date::new(year, 1, 1).unwrap().add_days(at).unwrap());
        let days: Vec<Date> = all.filter(|date| date.year() == year).collect();
        let working = days.iter().filter(|date| Calendar::builtin().is_working_day(**date).unwrap().working).count();
        let weekdays = days.iter().filter(|date| !date.is_weekend()).count();
        let statutory = if year < 2025 { 11 } else { 13 };
        assert_eq!(working, weekdays - statutory, "{year}");
    }
}

#[test]
fn well_known_days_are_right() {
    assert!(!works("2021-10-07") && works("2021-10-08") && works("2021-10-09"));
    assert!(!works("2022-12-31") && !works("2023-01-02") && works("2023-01-03"));
    assert!(works("2024-02-09") && !works("2024-02-10") && works("2024-02-18"));
    assert!(!works("2025-01-28") && works("2025-01-27") && works("2025-02-08"));
    assert!(works("2026-01-04") && !works("2026-02-23") && works("2026-02-28"));
    assert!(works("2026-09-20") && !works("2026-09-25"));
}

#[test]
fn a_deadline_does_not_count_its_first_day_and_may_start_on_a_day_off() {
    let add = |from, n| Calendar::builtin().add(day(from), n).unwrap().date;
    assert_eq!(add("2021-09-30", 1), day("2021-10-08"));
    assert_eq!(add("2021-10-03", 1), day("2021-10-08"));
    assert_eq!(add("2021-10-08", 1), day("2021-10-09"));
    assert_eq!(add("2021-10-08", 2), day("2021-10-11"));
    assert_eq!(add("2021-10-03", 0), day("2021-10-03"));
}

#[test]
fn a_year_without_a_notice_is_monday_to_friday_and_provisional() {
    let calendar = Calendar::builtin();
    let answer = calendar.is_working_day(day("2027-01-01")).unwrap();
    assert!(answer.working && answer.provisional);
    assert!(!calendar.is_working_day(day("2026-12-31")).unwrap().provisional);
    let due = calendar.add(day("2026-12-30"), 2).unwrap();
    assert_eq!((due.date, due.provisional), (day("2027-01-01"), true));
    let count = calendar.between(day("2026-12-30"), day("2026-12-31")).unwrap();
    assert_eq!(count, Count { days: 1, provisional: false });
}

#[test]
fn a_new_year_can_be_added_when_its_notice_appears() {
    let csv = "date,kind,name_zh\n2027-01-01,holiday,元旦\n2027-01-03,makeup,元旦\n";
    let calendar = Calendar::builtin().extended(csv).unwrap();
    let answer = calendar.is_working_day(day("2027-01-01")).unwrap();
    assert!(!answer.working && !answer.provisional);
    assert!(calendar.is_working_day(day("2027-01-03")).unwrap().working);
    assert_eq!(calendar.last_year(), 2027);
}

#[test]
fn bad_calendar_data_are_refused_with_their_line() {
    let refused = |rows: &str| match Calendar::from_csv(&format!("date,kind,name_zh\n{rows}")) {
        Err(CalendarFault::Data { line, reason }) => (line, reason),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(""), (1, "empty"));
    assert_eq!(refused("2027-01-01,holiday"), (2, "columns"));
    assert_eq!(refused("2027-01-01,holiday,元旦\n2027-1-2,holiday,元旦"), (3, "date"));
    assert_eq!(refused("2027-01-01,rest,元旦"), (2, "kind"));
    assert_eq!(refused("2027-01-01,makeup,元旦"), (2, "makeup_on_weekday"));
    assert_eq!(refused("2027-01-01,holiday,元旦\n2027-01-01,holiday,元旦"), (3, "repeated"));
    assert_eq!(refused("2027-01-01,holiday,元旦\n2029-01-01,holiday,元旦"), (1, "year_gap"));
    assert!(Calendar::builtin().extended("date,kind,name_zh\n2028-01-01,holiday,元旦").is_err());
}

#[test]
fn questions_before_the_data_beyond_the_range_and_backwards_are_refused() {
    let calendar = Calendar::builtin();
    let early = day("2020-12-31");
    let before = CalendarFault::BeforeData { date: early, first_year: 2021 };
    assert_eq!(calendar.is_working_day(early), Err(before.clone()));
    assert_eq!(calendar.add(early, 1), Err(before.clone()));
    assert_eq!(calendar.between(early, day("2021-01-05")), Err(before));
    let (from, until) = (day("2021-01-05"), day("2021-01-04"));
    assert_eq!(calendar.between(from, until), Err(CalendarFault::Reversed { from, until }));
    let out = CalendarFault::OutOfRange { date: from, days: u32::MAX };
    assert_eq!(calendar.add(from, u32::MAX), Err(out));
}

/// The slow reference: the days of the file in a plain list, one question per day.
fn counted_day_by_day(rows: &[Vec<String>], from: Date, working_days: u32) -> Date {
    let works = |date: Date| match rows.iter().find(|row| row[0] == date.to_string()) {
        Some(row) => row[1] == "makeup",
        None => date.weekday() <= 5,
    };
    let mut date = from;
    let mut seen = 0;
    while seen < working_days {
        date = date.add_days(1).unwrap();
        if works(date) {
            seen += 1;
        }
    }
    date
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn adding_is_counting_day_by_day(offset in 0..2100_i64, working_days in 0..90_u32) {
        let from = day("2021-01-01").add_days(offset).unwrap();
        let due = Calendar::builtin().add(from, working_days).unwrap();
        let rows = csv_rows("working_days.csv");
        prop_assert_eq!(due.date, counted_day_by_day(&rows, from, working_days));
        prop_assert_eq!(due.provisional, due.date.year() > 2026);
        let count = Calendar::builtin().between(from, due.date).unwrap();
        prop_assert_eq!(count.days, working_days);
    }

    #[test]
    fn counts_add_up(a in 0..2000_i64, b in 0..200_i64, c in 0..200_i64) {
        let first = day("2021-01-01").add_days(a).unwrap();
        let second = first.add_days(b).unwrap();
        let third = second.add_days(c).unwrap();
        let between = |x, y| Calendar::builtin().between(x, y).unwrap().days;
        prop_assert_eq!(between(first, second) + between(second, third), between(first, third));
    }
}
