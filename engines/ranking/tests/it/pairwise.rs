use ranking::{Fault, Vote, pairwise};

fn lots(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*state >> 33) as f64) / f64::from(1u32 << 31)
}

/// Votes of judges of whom the last tosses coins; also the strengths.
fn simulated(seed: u64) -> (Vec<Vote>, Vec<f64>) {
    let mut state = seed;
    let theta: Vec<f64> = (0..20).map(|entry| (f64::from(entry) - 9.5) / 5.0).collect();
    let mut votes = Vec::new();
    for judge in 0..6 {
        for _ in 0..150 {
            let (a, b) = ((lots(&mut state) * 20.0) as usize, (lots(&mut state) * 20.0) as usize);
            if a == b {
                continue;
            }
            let chance = if judge == 5 { 0.5 } else { 1.0 / (1.0 + (theta[b] - theta[a]).exp()) };
            let (winner, loser) = if lots(&mut state) < chance { (a, b) } else { (b, a) };
            votes.push(Vote { judge, winner, loser });
        }
    }
    (votes, theta)
}

#[test]
fn strengths_are_found_again_and_coins_are_noticed() {
    let (mut inside, mut all) = (0, 0);
    for seed in 0..6 {
        let (votes, theta) = simulated(seed);
        let answer = pairwise(6, 20, &votes).unwrap();
        assert_eq!(answer.components, 1);
        let honest = answer.reliability[..5].iter().sum::<f64>() / 5.0;
        assert!(answer.reliability[5] < honest - 0.2, "{:?}", answer.reliability);
        for place in &answer.places {
            let interval = place.interval.unwrap();
            all += 1;
            inside += usize::from(interval.low <= theta[place.entry] && theta[place.entry] <= interval.high);
        }
        let mut top: Vec<usize> = answer.places[..8].iter().map(|place| place.entry).collect();
        top.retain(|entry| *entry >= 10);
        assert!(top.len() >= 7, "{:?}", answer.places);
    }
    assert!(inside * 100 >= 82 * all, "{inside} of {all}");
}

#[test]
fn who_wins_against_all_is_first_with_a_finite_score() {
    let votes: Vec<Vote> =
        (0..4).flat_map(|winner| (winner + 1..4).map(move |loser| Vote { judge: 0, winner, loser })).collect();
    let answer = pairwise(1, 4, &votes).unwrap();
    assert_eq!(
        answer.places.iter().map(|place| (place.entry, place.rank)).collect::<Vec<_>>(),
        [(0, 1), (1, 2), (2, 3), (3, 4)]
    );
    assert!(answer.places.iter().all(|place| place.score.is_finite()));
}

#[test]
fn entries_that_were_never_compared_lie_in_two_parts() {
    let votes = [Vote { judge: 0, winner: 0, loser: 1 }, Vote { judge: 0, winner: 3, loser: 4 }];
    let answer = pairwise(1, 6, &votes).unwrap();
    assert_eq!((answer.components, answer.places.len()), (2, 4));
    // Nothing tells the winners apart.
    assert_eq!(answer.places[0].rank, answer.places[1].rank);
}

#[test]
fn votes_that_make_no_sense_are_refused() {
    assert_eq!(pairwise(1, 2, &[]).unwrap_err(), Fault::Empty);
    let fault = pairwise(1, 2, &[Vote { judge: 0, winner: 1, loser: 1 }]).unwrap_err();
    assert_eq!(fault, Fault::Itself { row: 0, entry: 1 });
    assert!(matches!(pairwise(1, 2, &[Vote { judge: 0, winner: 1, loser: 2 }]), Err(Fault::Place { .. })));
}
