use ranking::{Decimal, Fault, Mean, Table, Tie, Trim, mean, weighted};

fn table(rows: &[(usize, usize, &str)]) -> Table {
    Table::new(9, 9, rows.iter().map(|row| (row.0, row.1, row.2.parse().unwrap())).collect()).unwrap()
}

#[test]
fn equal_means_share_the_better_rank() {
    let places = mean(&table(&[(0, 0, "5"), (0, 1, "6"), (1, 1, "6"), (0, 2, "5.0"), (0, 3, "4")]), &Mean::default());
    let ranks: Vec<_> = places.iter().map(|place| (place.entry, place.rank)).collect();
    assert_eq!(ranks, [(1, 1), (0, 2), (2, 2), (3, 4)]);
}

#[test]
fn one_a_side_is_trimmed_only_where_five_judges_scored() {
    let rows: Vec<(usize, usize, &str)> = vec![
        (0, 0, "0"),
        (1, 0, "5"),
        (2, 0, "5"),
        (3, 0, "6"),
        (4, 0, "10"),
        (0, 1, "0"),
        (1, 1, "6"),
        (2, 1, "6"),
        (3, 1, "6"),
    ];
    let places = mean(&table(&rows), &Mean { trim: Trim::One, ..Mean::default() });
    let shown: Vec<_> =
        places.iter().map(|place| (place.entry, place.trimmed, place.exact.half_up(2).to_string())).collect();
    assert_eq!(shown, [(0, 1, "5.33".to_owned()), (1, 0, "4.50".to_owned())]);
    let places = mean(&table(&rows), &Mean { trim: Trim::Sides(2), ..Mean::default() });
    assert_eq!(places.iter().map(|place| place.trimmed).collect::<Vec<_>>(), [2, 0]);
    let most = mean(&table(&rows), &Mean { trim: Trim::Sides(usize::MAX), ..Mean::default() });
    assert!(most.iter().all(|place| place.trimmed == 0));
}

#[test]
fn tie_rules_are_asked_in_order() {
    let rows = [(0, 0, "4"), (1, 0, "6"), (0, 1, "3"), (1, 1, "7"), (0, 2, "5"), (1, 2, "5"), (2, 2, "5")];
    let order = |ties: &[Tie]| -> Vec<(usize, usize)> {
        let places = mean(&table(&rows), &Mean { ties: ties.to_vec(), ..Mean::default() });
        places.iter().map(|place| (place.entry, place.rank)).collect()
    };
    assert_eq!(order(&[]), [(0, 1), (1, 1), (2, 1)]);
    assert_eq!(order(&[Tie::Highest]), [(1, 1), (0, 2), (2, 3)]);
    assert_eq!(order(&[Tie::Lowest]), [(2, 1), (0, 2), (1, 3)]);
    assert_eq!(order(&[Tie::Median, Tie::MoreScores]), [(2, 1), (0, 2), (1, 2)]);
}

#[test]
fn rounding_before_comparison_makes_ties() {
    let rows = [(0, 0, "8.344"), (0, 1, "8.341")];
    assert_eq!(mean(&table(&rows), &Mean::default())[1].rank, 2);
    assert_eq!(mean(&table(&rows), &Mean { digits: Some(2), ..Mean::default() })[1].rank, 1);
}

#[test]
fn criteria_are_weighted_exactly() {
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let rows = vec![(0, 0, vec![decimal("0.1"), decimal("0.2")]), (0, 1, vec![decimal("0.2"), decimal("0.1")])];
    let table = weighted(1, 2, &rows, &[decimal("0.3"), decimal("0.6")]).unwrap();
    let places = mean(&table, &Mean::default());
    assert_eq!((places[0].entry, places[0].exact.half_up(9).to_string()), (0, "0.166666667".to_owned()));
    assert!(matches!(weighted(1, 2, &rows, &[decimal("0"), decimal("0")]), Err(Fault::Weights { .. })));
    assert!(matches!(weighted(1, 2, &rows, &[decimal("-1"), decimal("2")]), Err(Fault::Weights { .. })));
    assert!(matches!(weighted(1, 2, &rows, &[decimal("1")]), Err(Fault::Weights { .. })));
}

#[test]
fn a_judge_scores_an_entry_once() {
    let one = "5".parse::<Decimal>().unwrap();
    let fault = Table::new(1, 1, vec![(0, 0, one), (0, 0, one)]).unwrap_err();
    assert_eq!(fault, Fault::Duplicate { row: 1, before: 0, judge: 0, entry: 0 });
    assert_eq!(Table::new(1, 1, vec![]).unwrap_err(), Fault::Empty);
    assert!(matches!(Table::new(1, 1, vec![(1, 0, one)]), Err(Fault::Place { row: 0, .. })));
}
