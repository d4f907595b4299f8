use std::cmp::Ordering;

use codes::{Ratio, RatioFault, Rounding};
use proptest::prelude::*;

use crate::HOSTILE;

const ROUNDINGS: [Rounding; 6] =
    [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up, Rounding::Floor, Rounding::Ceiling];

fn ratio(numerator: i64, denominator: i64) -> Ratio {
    Ratio::new(numerator, denominator).unwrap()
}

#[test]
fn fractions_and_percentages_are_read() {
    for (text, expected) in [
        ("3.5%", ratio(7, 200)),
        ("３．５％", ratio(7, 200)),
        ("3.5 %", ratio(7, 200)),
        ("3.5‰", ratio(7, 2000)),
        ("3.5", ratio(7, 2)),
        ("1/3", ratio(1, 3)),
        ("2 / 4", ratio(1, 2)),
        ("1.5/3", ratio(1, 2)),
        ("-0.2", ratio(-1, 5)),
        ("+5", ratio(5, 1)),
        ("0%", Ratio::ZERO),
        ("100%", Ratio::ONE),
        ("-9223372036854775808", ratio(i64::MIN, 1)),
    ] {
        assert_eq!(Ratio::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_fraction_is_refused() {
    for text in ["1/2/3", "1/2%", "%", "1.", ".5", "a", "--1", "1e3", "1,000", "三成", "1/-2"] {
        assert_eq!(Ratio::parse(text).unwrap_err().code(), "ratio.malformed", "{text}");
    }
    assert_eq!(Ratio::parse("1/0"), Err(RatioFault::ZeroDenominator));
    assert_eq!(Ratio::parse("99999999999999999999"), Err(RatioFault::Overflow));
    assert_eq!(Ratio::parse(&"9".repeat(1_000_000)), Err(RatioFault::Overflow));
    for text in HOSTILE {
        assert!(Ratio::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn percentages_are_printed_with_the_places_and_the_rounding_asked_for() {
    assert_eq!(ratio(7, 200).to_percent_string(2, Rounding::HalfUp), "3.50%");
    assert_eq!(ratio(1, 3).to_percent_string(1, Rounding::HalfUp), "33.3%");
    assert_eq!(ratio(2, 3).to_percent_string(0, Rounding::HalfUp), "67%");
    assert_eq!(ratio(-1, 3).to_percent_string(1, Rounding::Floor), "-33.4%");
    assert_eq!(ratio(-1, 10_000).to_percent_string(1, Rounding::HalfUp), "0.0%");
    assert_eq!(ratio(1, 8).to_decimal_string(2, Rounding::HalfEven), "0.12");
    assert_eq!(ratio(1, 8).to_decimal_string(2, Rounding::HalfUp), "0.13");
    assert_eq!(ratio(i64::MIN, 1).to_percent_string(99, Rounding::Up).len(), 1 + 21 + 1 + 15 + 1);
}

#[test]
fn a_ratio_is_a_string_in_serde() {
    assert_eq!(serde_json::to_string(&Ratio::percent(35)).unwrap(), "\"7/20\"");
    assert_eq!(serde_json::from_str::<Ratio>("\"3.5%\"").unwrap(), ratio(7, 200));
}

#[test]
fn the_edges_of_the_range_are_refused_and_not_wrapped() {
    assert_eq!(Ratio::new(1, 0), Err(RatioFault::ZeroDenominator));
    assert_eq!(Ratio::new(1, i64::MIN), Err(RatioFault::Overflow));
    assert_eq!(Ratio::new(i64::MIN, -1), Err(RatioFault::Overflow));
    assert_eq!(Ratio::new(i64::MIN, i64::MIN), Ok(Ratio::ONE));
    let smallest = ratio(i64::MIN, i64::MAX);
    assert_eq!(smallest.checked_add(smallest), Err(RatioFault::Overflow));
    assert_eq!(smallest.checked_sub(smallest), Ok(Ratio::ZERO));
    assert_eq!(Ratio::ONE.checked_div(Ratio::ZERO), Err(RatioFault::ZeroDenominator));
}

fn any_ratio() -> impl Strategy<Value = Ratio> {
    prop_oneof![
        (any::<i64>(), 1..i64::MAX).prop_map(|(n, d)| ratio(n, d)),
        (-1000..1000_i64, 1..1000_i64).prop_map(|(n, d)| ratio(n, d)),
    ]
}

/// The obvious reference: unreduced numerators and denominators in i128, compared by
/// cross-multiplication of small enough numbers.
fn small() -> impl Strategy<Value = (i128, i128)> {
    (-1_000_000..1_000_000_i128, 1..1_000_000_i128)
}

fn of((n, d): (i128, i128)) -> Ratio {
    ratio(n as i64, d as i64)
}

fn same(ratio: Ratio, numerator: i128, denominator: i128) -> bool {
    i128::from(ratio.numerator()) * denominator == numerator * i128::from(ratio.denominator())
        && ratio.denominator() > 0
}

proptest! {
    #[test]
    fn arithmetic_is_that_of_wide_integers(x in small(), y in small()) {
        let ((a, b), (c, d)) = (x, y);
        prop_assert!(same(of(x).checked_add(of(y)).unwrap(), a * d + c * b, b * d));
        prop_assert!(same(of(x).checked_sub(of(y)).unwrap(), a * d - c * b, b * d));
        prop_assert!(same(of(x).checked_mul(of(y)).unwrap(), a * c, b * d));
        match of(x).checked_div(of(y)) {
            Ok(quotient) => prop_assert!(same(quotient, a * d, b * c)),
            Err(fault) => prop_assert!(c == 0 && fault == RatioFault::ZeroDenominator),
        }
        prop_assert_eq!(of(x).cmp(&of(y)), (a * d).cmp(&(c * b)));
    }

    #[test]
    fn results_are_in_lowest_terms_and_nothing_panics(x in any_ratio(), y in any_ratio()) {
        for result in
            [x.checked_add(y), x.checked_sub(y), x.checked_mul(y), x.checked_div(y)].into_iter().flatten()
        {
            prop_assert_eq!(Ratio::new(result.numerator(), result.denominator()), Ok(result));
        }
        prop_assert_eq!(x.cmp(&y) == Ordering::Equal, x == y);
        prop_assert_eq!(Ratio::parse(&x.to_string()), Ok(x));
    }

    #[test]
    fn rounding_stays_within_one_and_goes_the_right_way(x in any_ratio()) {
        let (n, d) = (i128::from(x.numerator()), i128::from(x.denominator()));
        for rounding in ROUNDINGS {
            let rounded = i128::from(x.round(rounding));
            let error = rounded * d - n;
            prop_assert!(error.abs() < d);
            let right = match rounding {
                Rounding::Floor => error <= 0,
                Rounding::Ceiling => error >= 0,
                Rounding::Down => rounded.abs() * d <= n.abs(),
                Rounding::Up => rounded.abs() * d >= n.abs(),
                Rounding::HalfUp =>
                    2 * error.abs() < d || 2 * error.abs() == d && rounded.abs() * d > n.abs(),
                Rounding::HalfEven =>
                    2 * error.abs() < d || 2 * error.abs() == d && rounded % 2 == 0,
            };
            prop_assert!(right, "{:?} {:?} gave {}", x, rounding, rounded);
        }
    }

    #[test]
    fn any_text_at_all_is_answered(text in "\\PC*", number in "[-+]?[0-9./%‰]{0,40}") {
        let _ = Ratio::parse(&text);
        let _ = Ratio::parse(&number);
    }
}
