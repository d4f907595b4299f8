//! Resident identity numbers and mobile numbers: right, and never shown by accident.

use codes::resident_id::ResidentIdKind;
use codes::{MobileFault, MobileNumber, ResidentId, ResidentIdFault};
use proptest::prelude::*;

use crate::{HOSTILE, csv_rows, day};

const TODAY: &str = "2026-06-01";

/// ISO 7064 MOD 11-2 by its definition: the weighted sum of all eighteen, with weights that are
/// powers of 2 counted from the right and X standing for 10, leaves 1 modulo 11.
fn is_right_by_definition(number: &str) -> bool {
    let value = |c: char| c.to_digit(10).unwrap_or(10) as u64;
    let sum: u64 = number.chars().rev().enumerate().map(|(at, c)| value(c) * (1 << at)).sum();
    sum % 11 == 1
}

#[test]
fn the_test_vectors_come_out_as_they_say() {
    let rows = csv_rows("vectors.csv");
    let vectors: Vec<_> = rows.iter().filter(|row| row[0] == "resident_id").collect();
    assert_eq!(vectors.len(), 3);
    for row in vectors {
        assert_eq!(ResidentId::parse(&row[1], day(TODAY)).is_ok(), row[2] == "valid", "{row:?}");
    }
}

#[test]
fn the_example_of_the_standard_is_a_woman_born_on_the_last_day_of_1949() {
    let id = ResidentId::parse("11010519491231002x", day(TODAY)).unwrap();
    assert_eq!(id.birth_date(), day("1949-12-31"));
    assert!(!id.is_male());
    assert_eq!(id.age_on(day("2021-12-30")), 71);
    assert_eq!(id.age_on(day("2021-12-31")), 72);
    assert_eq!(id.age_on(day("1940-01-01")), 0);
    assert_eq!(id.kind(), ResidentIdKind::Resident);
}

#[test]
fn a_resident_id_shows_itself_masked() {
    let id = ResidentId::parse("11010519491231002X", day(TODAY)).unwrap();
    assert_eq!(id.to_string(), "110105********002X");
    assert_eq!(format!("{id:?}"), "ResidentId(110105********002X)");
    assert_eq!(id.expose(), "11010519491231002X");
}

#[test]
fn abolished_regions_and_permits_are_accepted() {
    for (region, kind) in [
        ("120107", ResidentIdKind::Resident),
        ("120221", ResidentIdKind::Resident),
        ("810000", ResidentIdKind::HongKong),
        ("820000", ResidentIdKind::Macau),
        ("830000", ResidentIdKind::Taiwan),
        ("911200", ResidentIdKind::ForeignPermanentResident),
    ] {
        let id = ResidentId::compose(region, day("1990-02-28"), 17).unwrap();
        assert_eq!(ResidentId::parse(id.expose(), day(TODAY)).as_ref(), Ok(&id));
        assert_eq!(id.kind(), kind);
        assert!(id.is_male());
    }
}

#[test]
fn refusals_of_a_resident_id_say_why_but_never_the_number() {
    let refused = |text: &str| ResidentId::parse(text, day(TODAY)).unwrap_err();
    assert_eq!(refused("110105491231002"), ResidentIdFault::OldForm);
    assert_eq!(refused("1101054912310"), ResidentIdFault::Length { found: 13 });
    assert_eq!(refused("11010519491231X02X"), ResidentIdFault::Character { position: 15 });
    assert_eq!(refused("11010519491231002Y"), ResidentIdFault::Character { position: 18 });
    assert_eq!(refused("110105194902300021"), ResidentIdFault::BirthDate);
    assert_eq!(refused("110105194913010021"), ResidentIdFault::BirthDate);
    assert_eq!(refused("110105202702300021"), ResidentIdFault::BirthDate);
    assert_eq!(refused("110105202606020021"), ResidentIdFault::FutureBirthDate);
    assert_eq!(refused("110105194912310021"), ResidentIdFault::Check);
    let fault = refused("110105194912310021");
    assert!(!format!("{fault} {fault:?} {:?}", fault.args()).contains("1949"));
    for text in HOSTILE {
        assert!(ResidentId::parse(text, day(TODAY)).is_err(), "{text:?}");
    }
}

#[test]
fn someone_is_a_minor_until_the_day_before_the_eighteenth_birthday() {
    let id = ResidentId::compose("120103", day("2004-02-29"), 2).unwrap();
    assert!(id.is_minor_on(day("2022-02-28")));
    assert!(!id.is_minor_on(day("2022-03-01")));
    assert_eq!(id.age_on(day("2024-02-29")), 20);
}

#[test]
fn a_mobile_number_is_read_in_every_usual_form_and_shown_masked() {
    for text in [
        "13812345678",
        "+86 138 1234 5678",
        "0086-138-1234-5678",
        "86 13812345678",
        "(+86)138-1234-5678",
        "１３８１２３４５６７８",
        "＋８６１３８１２３４５６７８",
    ] {
        let number = MobileNumber::parse(text).unwrap();
        assert_eq!(number.expose(), "13812345678", "{text}");
        assert_eq!(number.to_string(), "138****5678");
        assert_eq!(format!("{number:?}"), "MobileNumber(138****5678)");
    }
}

#[test]
fn what_is_no_mobile_number_is_refused() {
    let refused = |text: &str| MobileNumber::parse(text).unwrap_err();
    assert_eq!(refused("1381234567"), MobileFault::Length { found: 10 });
    assert_eq!(refused("138123456789"), MobileFault::Length { found: 12 });
    assert_eq!(refused("12812345678"), MobileFault::Prefix);
    assert_eq!(refused("23812345678"), MobileFault::Prefix);
    assert_eq!(refused("02212345678"), MobileFault::Prefix);
    assert_eq!(refused("1381234567a"), MobileFault::Character { position: 11 });
    assert_eq!(refused("+85213812345678"), MobileFault::Character { position: 1 });
    for text in HOSTILE {
        assert!(MobileNumber::parse(text).is_err(), "{text:?}");
    }
}

proptest! {
    #[test]
    fn a_composed_resident_id_is_right_by_the_definition_of_the_check(
        region in "[1-9][0-9]{5}", year in 1900..2026_i16, month in 1..=12_i8, date in 1..=28_i8,
        sequence in 0..1000_u16,
    ) {
        let birth = codes::Date::new(year, month, date).unwrap();
        let id = ResidentId::compose(&region, birth, sequence).unwrap();
        prop_assert!(is_right_by_definition(id.expose()));
        prop_assert_eq!(ResidentId::parse(id.expose(), day(TODAY)), Ok(id.clone()));
        prop_assert_eq!(id.is_male(), sequence % 2 == 1);
        for check in "0123456789X".chars() {
            let text = format!("{}{check}", &id.expose()[..17]);
            prop_assert_eq!(
                ResidentId::parse(&text, day(TODAY)).is_ok(),
                is_right_by_definition(&text)
            );
        }
    }

    #[test]
    fn any_text_at_all_is_answered(text in "\\PC*") {
        let _ = ResidentId::parse(&text, day(TODAY));
        let _ = MobileNumber::parse(&text);
    }
}
