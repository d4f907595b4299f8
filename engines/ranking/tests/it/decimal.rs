use proptest::prelude::*;
use ranking::{Decimal, Mean, Table, mean};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn decimals_are_read_as_written_and_nothing_else_is() {
    for (text, shown) in
        [("8", "8"), ("8.50", "8.5"), ("-0.25", "-0.25"), ("+007.1", "7.1"), (".5", "0.5"), ("3.", "3")]
    {
        assert_eq!(decimal(text).to_string(), shown);
    }
    for text in ["", ".", "-", "NaN", "inf", "1e3", "1,5", " 1", "0x1", "1.2.3", "1234567890123", "0.1234567891", "１"]
    {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
    assert!(decimal("1.50") == decimal("1.5") && decimal("-2") < decimal("1.999999999"));
}

#[test]
fn a_half_is_rounded_away_from_zero() {
    let mean_of = |scores: &[&str], digits: u32| {
        let rows = scores.iter().enumerate().map(|(judge, score)| (judge, 0, decimal(score))).collect();
        mean(&Table::new(scores.len(), 1, rows).unwrap(), &Mean::default())[0].exact.half_up(digits).to_string()
    };
    assert_eq!(mean_of(&["2.675"], 2), "2.68");
    assert_eq!(mean_of(&["1", "2"], 0), "2");
    assert_eq!(mean_of(&["-1", "-2"], 0), "-2");
    assert_eq!(mean_of(&["1", "1", "2"], 3), "1.333");
    assert_eq!(mean_of(&["1.005", "1.005"], 2), "1.01");
}

proptest! {
    #[test]
    fn means_are_compared_as_fractions(a in prop::collection::vec(0i64..40, 1..6), b in prop::collection::vec(0i64..40, 1..6)) {
        let mut rows: Vec<(usize, usize, Decimal)> = vec![];
        rows.extend(a.iter().enumerate().map(|(judge, score)| (judge, 0, Decimal::whole(*score))));
        rows.extend(b.iter().enumerate().map(|(judge, score)| (judge, 1, Decimal::whole(*score))));
        let places = mean(&Table::new(6, 2, rows).unwrap(), &Mean::default());
        let (one, two) = (a.iter().sum::<i64>() * b.len() as i64, b.iter().sum::<i64>() * a.len() as i64);
        let rank = |entry: usize| places.iter().find(|place| place.entry == entry).unwrap().rank;
        prop_assert_eq!(rank(0).cmp(&rank(1)), two.cmp(&one));
    }

    #[test]
    fn rounding_is_that_of_whole_numbers(above in -5000i64..5000, count in 1usize..8, digits in 0u32..4) {
        let rows = (0..count).map(|judge| (judge, 0, Decimal::whole(if judge == 0 { above } else { 0 }))).collect();
        let shown = mean(&Table::new(count, 1, rows).unwrap(), &Mean::default())[0].exact.half_up(digits);
        let (units, below) = (above.abs() * 10i64.pow(digits), count as i64);
        let expected = above.signum() * (2 * units + below).div_euclid(2 * below);
        prop_assert_eq!(shown, format!("{}e", expected).trim_end_matches('e').parse::<Decimal>().map(|whole| {
            let text = whole.to_string();
            let negative = text.starts_with('-');
            let body = format!("{:0>width$}", text.trim_start_matches('-'), width = digits as usize + 1);
            let (a, b) = body.split_at(body.len() - digits as usize);
            format!("{}{a}.{b}0", if negative { "-" } else { "" }).parse::<Decimal>().unwrap()
        }).unwrap());
    }
}
