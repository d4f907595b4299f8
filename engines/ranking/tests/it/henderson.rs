//! Calibration against Henderson's equations written down whole and solved by elimination, on small tables.

use proptest::prelude::*;
use ranking::{Decimal, Table, Variances, calibrated};

/// judge, entry, score.
type Rows = Vec<(usize, usize, i64)>;

/// The inverse of a matrix by Gauss and Jordan.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    for (at, row) in matrix.iter_mut().enumerate() {
        row.extend((0..size).map(|column| f64::from(u8::from(column == at))));
    }
    for at in 0..size {
        let best = (at..size).max_by(|a, b| matrix[*a][at].abs().total_cmp(&matrix[*b][at].abs())).unwrap();
        matrix.swap(at, best);
        let pivot = matrix[at][at];
        matrix[at].iter_mut().for_each(|value| *value /= pivot);
        let own = matrix[at].clone();
        for (_, values) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != at) {
            let factor = values[at];
            values.iter_mut().zip(&own).for_each(|(value, own)| *value -= factor * own);
        }
    }
    matrix.into_iter().map(|row| row[size..].to_vec()).collect()
}

/// By entry: score and deviation; unknowns are the mean, then entries, then judges.
fn henderson(rows: &Rows, judges: usize, entries: usize, variances: &Variances) -> Vec<(f64, f64)> {
    let size = 1 + entries + judges;
    let mut left = vec![vec![0.0; size]; size];
    let mut right = vec![0.0; size];
    for &(judge, entry, score) in rows {
        let places = [0, 1 + entry, 1 + entries + judge];
        for one in places {
            right[one] += score as f64;
            places.iter().for_each(|other| left[one][*other] += 1.0);
        }
    }
    (0..entries).for_each(|entry| left[1 + entry][1 + entry] += variances.error / variances.entries);
    (0..judges).for_each(|judge| left[1 + entries + judge][1 + entries + judge] += variances.error / variances.judges);
    let inverse = inverse(left);
    let solution: Vec<f64> =
        inverse.iter().map(|row| row.iter().zip(&right).map(|(value, right)| value * right).sum()).collect();
    (1..=entries)
        .map(|at| {
            let error = inverse[0][0] + 2.0 * inverse[0][at] + inverse[at][at];
            (solution[0] + solution[at], (error * variances.error).sqrt())
        })
        .collect()
}

/// The restricted likelihood of variances, by its logarithm.
fn likelihood(rows: &Rows, variances: &Variances) -> f64 {
    let size = rows.len();
    let mut covariance = vec![vec![0.0; size]; size];
    for (at, one) in rows.iter().enumerate() {
        for (to, other) in rows.iter().enumerate() {
            let same = |same: bool, variance: f64| if same { variance } else { 0.0 };
            covariance[at][to] = same(one.1 == other.1, variances.entries)
                + same(one.0 == other.0, variances.judges)
                + same(at == to, variances.error);
        }
    }
    // The determinant by elimination; a covariance needs no exchange of rows.
    let mut rest = covariance.clone();
    let mut determinant = 0.0;
    for at in 0..size {
        determinant += rest[at][at].ln();
        let own = rest[at].clone();
        for row in &mut rest[at + 1..] {
            let factor = row[at] / own[at];
            row.iter_mut().zip(&own).for_each(|(value, own)| *value -= factor * own);
        }
    }
    let inverse = inverse(covariance);
    let weight: Vec<f64> = inverse.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = weight.iter().sum();
    let mean = rows.iter().zip(&weight).map(|(row, weight)| row.2 as f64 * weight).sum::<f64>() / all;
    let off: Vec<f64> = rows.iter().map(|row| row.2 as f64 - mean).collect();
    let square: f64 = inverse
        .iter()
        .zip(&off)
        .map(|(row, own)| own * row.iter().zip(&off).map(|(v, off)| v * off).sum::<f64>())
        .sum();
    -0.5 * (determinant + all.ln() + square)
}

fn table(rows: &Rows, judges: usize, entries: usize) -> Table {
    let rows = rows.iter().map(|row| (row.0, row.1, Decimal::whole(row.2))).collect();
    Table::new(judges, entries, rows).unwrap()
}

prop_compose! {
    /// Up to five judges, seven entries; every judge and entry has a score.
    fn sheets()(judges in 2usize..=5, entries in 3usize..=7)(
        scores in prop::collection::vec(0i64..=20, judges * entries),
        there in prop::collection::vec(prop::bool::weighted(0.7), judges * entries),
        judges in Just(judges),
        entries in Just(entries),
    ) -> (Rows, usize, usize) {
        let rows = (0..judges * entries)
            .map(|at| (at / entries, at % entries))
            .filter(|(judge, entry)| there[judge * entries + entry] || judge % entries == *entry || entry % judges == *judge)
            .map(|(judge, entry)| (judge, entry, scores[judge * entries + entry]))
            .collect();
        (rows, judges, entries)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn scores_and_intervals_are_those_of_the_equations((rows, judges, entries) in sheets()) {
        let answer = calibrated(&table(&rows, judges, entries));
        if let Some(variances) = &answer.variances {
            let expected = henderson(&rows, judges, entries, variances);
            for place in &answer.places {
                let (score, deviation) = expected[place.entry];
                let interval = place.interval.unwrap();
                prop_assert!((place.score - score).abs() < 1e-5, "{} {score} {variances:?}", place.score);
                let half = 1.644_853_6 * deviation;
                prop_assert!((interval.high - score - half).abs() < 1e-4 * (1.0 + half), "{interval:?} {score} {half}");
                prop_assert!((score - interval.low - half).abs() < 1e-4 * (1.0 + half), "{interval:?} {score} {half}");
            }
        }
    }

    #[test]
    fn no_variances_nearby_are_likelier((rows, judges, entries) in sheets()) {
        if let Some(found) = calibrated(&table(&rows, judges, entries)).variances {
            let here = likelihood(&rows, &found);
            let all = found.entries + found.judges + found.error;
            for factor in [0.8, 0.95, 1.05, 1.25] {
                // A variance that tends to nothing ends at a smallest one.
                let may = |variance: f64| if factor < 1.0 && variance < 1e-3 * all { variance } else { variance * factor };
                for other in [
                    Variances { entries: may(found.entries), ..found },
                    Variances { judges: may(found.judges), ..found },
                    Variances { error: may(found.error), ..found },
                ] {
                    let there = likelihood(&rows, &other);
                    prop_assert!(there <= here + 1e-3, "{other:?} at {there} is likelier than {found:?} at {here}");
                }
            }
        }
    }
}
