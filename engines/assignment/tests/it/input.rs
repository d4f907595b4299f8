//! What is not a problem is refused, and the refusal names the place.

use assignment::{Fault, Problem, Scores};

#[test]
fn a_score_that_is_no_score_is_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let fault = Scores::from_f64(2, 2, vec![0.0, 1.0, 2.0, bad]).unwrap_err();
        assert!(matches!(fault, Fault::Score { judge: 1, entry: 1, .. }), "{fault}");
    }
    assert!(matches!(Scores::from_i32(1, 2, vec![3, 1 << 30], 1.0), Err(Fault::Score { judge: 0, entry: 1, .. })));
    assert!(matches!(Scores::from_f32(1, 1, vec![f32::NAN]), Err(Fault::Score { .. })));
}

#[test]
fn empty_sides_and_wrong_shapes_are_refused() {
    assert_eq!(Scores::from_f64(0, 2, vec![]).unwrap_err(), Fault::NoJudges);
    assert_eq!(Scores::from_f64(2, 0, vec![]).unwrap_err(), Fault::NoEntries);
    assert_eq!(Scores::from_f64(2, 2, vec![1.0; 3]).unwrap_err(), Fault::Shape { judges: 2, entries: 2, values: 3 });
    assert!(matches!(Scores::from_i32(1, 1, vec![1], 0.0), Err(Fault::Scale { .. })));
}

#[test]
fn demands_and_loads_that_cannot_be_are_refused() {
    let scores = || Scores::from_f64(2, 2, vec![1.0; 4]).unwrap();
    let demand = Problem::new(scores(), vec![1, 3], vec![0; 2], vec![2; 2]).unwrap_err();
    assert_eq!(demand, Fault::Demand { entry: 1, demand: 3, judges: 2 });
    let loads = Problem::new(scores(), vec![1, 1], vec![0, 2], vec![2, 1]).unwrap_err();
    assert_eq!(loads, Fault::Loads { judge: 1, load_min: 2, load_max: 1 });
    let length = Problem::new(scores(), vec![1], vec![0; 2], vec![2; 2]).unwrap_err();
    assert_eq!(length, Fault::Length { what: "demand", given: 1, expected: 2 });
}

#[test]
fn a_kept_pair_is_no_conflict_and_a_group_is_even() {
    let scores = Scores::from_f64(2, 2, vec![1.0; 4]).unwrap();
    let mut problem = Problem::new(scores, vec![1, 2], vec![0; 2], vec![2; 2]).unwrap();
    problem.keep(0, 0).unwrap();
    assert!(problem.bar(0, 0).is_err());
    assert!(problem.keep(0, 0).is_err());
    assert!(problem.keep(5, 0).is_err());
    assert!(matches!(problem.set_groups(vec![vec![0, 1]]), Err(Fault::Group { entry: 1, .. })));
}

#[test]
fn decimals_stay_exact_and_other_fractions_keep_their_digits() {
    assert_eq!(Scores::from_f32(1, 2, vec![0.1, 0.25]).unwrap().scale(), 100.0);
    assert_eq!(Scores::from_f64(1, 2, vec![0.0, 7.0]).unwrap().scale(), 1.0);
    assert!(Scores::from_f64(1, 2, vec![1.0 / 3.0, 0.2]).unwrap().scale() > 1e12);
}
