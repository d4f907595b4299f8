use codes::enterprise_size::{assess, classify, rule, rules};
use codes::{Figures, Indicator, Money, Size, SizeFault, industry};
use proptest::prelude::*;

fn figures(employees: u64, revenue_wan: i64) -> Figures {
    Figures { employees: Some(employees), revenue: Some(Money::from_wan(revenue_wan).unwrap()), assets: None }
}

#[test]
fn a_software_enterprise_needs_both_indicators_for_a_grade() {
    let size = |employees, revenue| classify("6513", &figures(employees, revenue)).unwrap();
    assert_eq!(size(300, 10_000), Size::Large);
    assert_eq!(size(299, 10_000), Size::Medium);
    assert_eq!(size(300, 9_999), Size::Medium);
    assert_eq!(size(100, 1_000), Size::Medium);
    assert_eq!(size(99, 1_000), Size::Small);
    assert_eq!(size(1_000, 49), Size::Micro);
    assert_eq!(size(9, 1_000_000), Size::Micro);
}

#[test]
fn bounds_are_inclusive_to_the_fen() {
    let with = |fen| Figures { employees: Some(300), revenue: Some(Money::from_fen(fen)), assets: None };
    assert_eq!(classify("I65", &with(10_000_000_000)), Ok(Size::Large));
    assert_eq!(classify("I65", &with(9_999_999_999)), Ok(Size::Medium));
    assert_eq!(classify("I65", &with(-1)), Ok(Size::Micro));
}

#[test]
fn a_missing_indicator_is_named_unless_another_already_decides() {
    let only = |employees| Figures { employees: Some(employees), ..Figures::default() };
    assert_eq!(classify("6513", &only(9)), Ok(Size::Micro));
    assert_eq!(classify("6513", &only(10)), Err(SizeFault::Missing(vec![Indicator::Revenue])));
    let none = Figures::default();
    let missing = SizeFault::Missing(vec![Indicator::Employees, Indicator::Revenue]);
    assert_eq!(classify("6513", &none), Err(missing.clone()));
    assert_eq!(missing.to_string(), "missing: employees, revenue");
    let construction = SizeFault::Missing(vec![Indicator::Revenue, Indicator::Assets]);
    assert_eq!(classify("4710", &only(5_000)), Err(construction));
}

#[test]
fn industries_without_sizes_and_codes_without_meaning_are_told_apart() {
    let full = figures(10, 10);
    for code in ["J66", "6621", "531", "P", "Q84", "S", "7040", "T"] {
        let expected = SizeFault::NotApplicable { code: code.to_owned() };
        assert_eq!(classify(code, &full), Err(expected), "{code}");
    }
    for code in ["G", "59", "I", "70", "Q", "F"] {
        let expected = SizeFault::TooBroad { code: code.to_owned() };
        assert_eq!(classify(code, &full), Err(expected), "{code}");
    }
    for code in ["", "9999", "J6513", "0", "😀"] {
        let expected = SizeFault::UnknownIndustry { code: code.to_owned() };
        assert_eq!(classify(code, &full), Err(expected), "{code}");
    }
}

#[test]
fn every_level_of_code_finds_the_rule_of_its_part() {
    for (code, key) in [
        ("C", "IND"),
        ("3911", "IND"),
        ("D44", "IND"),
        ("A", "A"),
        ("5111", "51"),
        ("591", "TRANS"),
        ("5910", "TRANS"),
        ("594", "STORE"),
        ("7010", "7010"),
        ("7020", "7020"),
        ("7030", "OTHER"),
        ("L", "L"),
        ("M", "OTHER"),
        ("85", "OTHER"),
        ("63", "INFO"),
        ("60", "60"),
    ] {
        assert_eq!(rule(code).map(|rule| rule.key), Ok(key), "{code}");
    }
}

#[test]
fn an_assessment_gives_its_grounds() {
    let assessment = assess("6513", &figures(300, 500)).unwrap();
    assert_eq!(assessment.size, Size::Small);
    assert_eq!(assessment.rule.name_zh, "软件和信息技术服务业");
    assert_eq!(assessment.grades, [(Indicator::Employees, Size::Large), (Indicator::Revenue, Size::Small)]);
    assert_eq!(Size::ALL.map(Size::label_zh), ["微型", "小型", "中型", "大型"]);
}

proptest! {
    /// The notice read literally: a grade needs every indicator, one grade after the other.
    #[test]
    fn the_size_is_the_highest_grade_whose_every_bound_is_reached(
        at in 0..1971_usize, employees in 0..2_500_u64, revenue in 0..250_000_i64,
        assets in 0..150_000_i64,
    ) {
        let code = industry::all()[at].code;
        let Ok(rule) = rule(code) else { return Ok(()) };
        let given = Figures {
            assets: Some(Money::from_wan(assets).unwrap()),
            ..figures(employees, revenue)
        };
        let value = |indicator| match indicator {
            Indicator::Employees => employees as i64,
            Indicator::Revenue => revenue,
            Indicator::Assets => assets,
        };
        let every = |bound: fn(&codes::enterprise_size::Bounds) -> i64| {
            rule.bounds.iter().all(|bounds| value(bounds.indicator) >= bound(bounds))
        };
        let expected = if every(|bounds| bounds.large) {
            Size::Large
        } else if every(|bounds| bounds.medium) {
            Size::Medium
        } else if every(|bounds| bounds.small) {
            Size::Small
        } else {
            Size::Micro
        };
        prop_assert_eq!(classify(code, &given), Ok(expected));
    }

    /// What is decided early stays decided, whatever the missing figure turns out to be.
    #[test]
    fn an_early_answer_never_changes(
        rule_at in 0..17_usize, employees in proptest::option::of(0..400_u64),
        revenue in proptest::option::of(0..50_000_i64), other in 0..100_000_i64,
    ) {
        let Some(rule) = rules().get(rule_at) else { return Ok(()) };
        let Some(class) = industry::all().iter().find(|each| {
            codes::enterprise_size::rule(each.code).is_ok_and(|found| found.key == rule.key)
        }) else { return Ok(()) };
        let revenue = revenue.map(|wan| Money::from_wan(wan).unwrap());
        let partial = Figures { employees, revenue, assets: None };
        if let Ok(size) = classify(class.code, &partial) {
            let money = Some(Money::from_wan(other).unwrap());
            let full = Figures {
                employees: employees.or(Some(other as u64)),
                revenue: revenue.or(money),
                assets: money,
            };
            prop_assert_eq!(classify(class.code, &full), Ok(size));
        }
    }
}
