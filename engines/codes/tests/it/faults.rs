//! The promise to translators: stable codes of one shape, and arguments under stable names.

use codes::working_days::Calendar;
use codes::{Date, Fault, Figures, MobileNumber, Money, Period, Ratio, ResidentId, Unit, Uscc, enterprise_size};

use crate::day;

#[test]
fn codes_name_their_area_and_are_fit_for_a_locale_key() {
    let faults: Vec<Box<dyn Fault>> = vec![
        Box::new(Uscc::parse("").unwrap_err()),
        Box::new(Uscc::parse("91350100M000100Y44").unwrap_err()),
        Box::new(ResidentId::parse("", day("2026-01-01")).unwrap_err()),
        Box::new(MobileNumber::parse("").unwrap_err()),
        Box::new(Money::parse("", Unit::Yuan).unwrap_err()),
        Box::new(Ratio::parse("").unwrap_err()),
        Box::new(Date::parse("2021-02-30").unwrap_err()),
        Box::new(Period::between(Date::MAX, Date::MIN).unwrap_err()),
        Box::new(Calendar::builtin().add(Date::MIN, 1).unwrap_err()),
        Box::new(enterprise_size::classify("6513", &Figures::default()).unwrap_err()),
    ];
    for fault in faults {
        let code = fault.code();
        let (area, rest) = code.split_once('.').unwrap();
        let fit = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(!area.is_empty() && area.chars().all(fit), "{code}");
        assert!(!rest.is_empty() && rest.chars().all(fit), "{code}");
        assert!(!fault.to_string().is_empty());
        for (name, _) in fault.args() {
            assert!(name.chars().all(fit), "{code}: {name}");
        }
    }
}

#[test]
fn arguments_carry_what_a_sentence_needs() {
    let check = Uscc::parse("91350100M000100Y44").unwrap_err();
    assert_eq!(check.code(), "uscc.check");
    assert_eq!(check.args(), [("expected", "3".to_owned()), ("found", "4".to_owned())]);
    assert_eq!(check.to_string(), "the check character should be 3, not 4");
}
