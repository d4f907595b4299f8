use ranking::{Decimal, Table, calibrated};

/// SplitMix64, and sums of it for something like a normal distribution.
struct Lots(u64);

impl Lots {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| (self.next() >> 11) as f64 / (1u64 << 53) as f64).sum::<f64>() - 6.0
    }
}

struct Simulated {
    table: Table,
    truth: Vec<f64>,
}

fn simulated(entries: usize, judges: usize, each: usize, bias: f64, seed: u64) -> Simulated {
    let mut lots = Lots(seed);
    let truth: Vec<f64> = (0..entries).map(|_| 5.5 + 1.2 * lots.normal()).collect();
    let leniency: Vec<f64> = (0..judges).map(|_| bias * lots.normal()).collect();
    let mut rows = Vec::new();
    for (entry, worth) in truth.iter().enumerate() {
        let mut here: Vec<usize> = Vec::new();
        while here.len() < each {
            let judge = lots.next() as usize % judges;
            if !here.contains(&judge) {
                here.push(judge);
                let score = worth + leniency[judge] + 0.9 * lots.normal();
                rows.push((judge, entry, format!("{score:.3}").parse::<Decimal>().unwrap()));
            }
        }
    }
    Simulated { table: Table::new(judges, entries, rows).unwrap(), truth }
}

#[test]
fn variances_are_found_again() {
    for (seed, judges) in [(1, 100), (2, 300)] {
        let one = simulated(2000, judges, 4, 0.8, seed);
        let found = calibrated(&one.table).variances.unwrap();
        assert!((found.entries.sqrt() - 1.2).abs() < 0.06, "{found:?}");
        assert!((found.judges.sqrt() - 0.8).abs() < 0.12, "{found:?}");
        assert!((found.error.sqrt() - 0.9).abs() < 0.03, "{found:?}");
    }
}

#[test]
fn sampled_traces_give_the_variances_of_exact_ones() {
    // Judges without scores make the system large without changing the answer.
    let small = simulated(300, 120, 4, 0.8, 5);
    let large = simulated_with_idle(300, 120, 200, 5);
    let (exact, sampled) = (calibrated(&small.table).variances.unwrap(), calibrated(&large.table).variances.unwrap());
    assert!((exact.entries - sampled.entries).abs() < 0.02 * exact.entries, "{exact:?} {sampled:?}");
    assert!((exact.judges - sampled.judges).abs() < 0.05 * exact.judges, "{exact:?} {sampled:?}");
}

fn simulated_with_idle(entries: usize, judges: usize, all: usize, seed: u64) -> Simulated {
    let mut lots = Lots(seed);
    let truth: Vec<f64> = (0..entries).map(|_| 5.5 + 1.2 * lots.normal()).collect();
    let leniency: Vec<f64> = (0..judges).map(|_| 0.8 * lots.normal()).collect();
    let mut rows = Vec::new();
    for (entry, worth) in truth.iter().enumerate() {
        let mut here: Vec<usize> = Vec::new();
        while here.len() < 4 {
            let judge = lots.next() as usize % judges;
            if !here.contains(&judge) {
                here.push(judge);
                let score = worth + leniency[judge] + 0.9 * lots.normal();
                rows.push((judge, entry, format!("{score:.3}").parse::<Decimal>().unwrap()));
            }
        }
    }
    Simulated { table: Table::new(all, entries, rows).unwrap(), truth }
}

#[test]
fn nine_in_ten_intervals_hold_the_truth() {
    let (mut inside, mut all) = (0, 0);
    for seed in 0..12 {
        let one = simulated(200, 30, 3, 0.8, seed);
        for place in calibrated(&one.table).places {
            let interval = place.interval.unwrap();
            all += 1;
            inside += usize::from(interval.low <= one.truth[place.entry] && one.truth[place.entry] <= interval.high);
        }
    }
    let share = f64::from(inside as u32) / f64::from(all);
    assert!((0.88..=0.92).contains(&share), "{share}");
}

#[test]
fn a_severe_judge_costs_nothing() {
    // Judge 1 gives two less than judge 0 throughout; entry 2 was seen by judge 1 alone and is as good as entry 0.
    let mut rows = Vec::new();
    let worth = [8, 6, 8, 4, 7, 5, 3, 9];
    for (entry, worth) in worth.iter().enumerate() {
        if entry != 2 {
            rows.push((0, entry, Decimal::whole(*worth)));
        }
        rows.push((1, entry, Decimal::whole(worth - 2)));
    }
    let answer = calibrated(&Table::new(2, 8, rows).unwrap());
    let rank = |entry: usize| answer.places.iter().find(|place| place.entry == entry).unwrap().rank;
    assert!(rank(2) <= 3 && rank(2) < rank(4), "{:?}", answer.places);
    assert!(answer.connected() && (answer.leniency[0] - answer.leniency[1] - 2.0).abs() < 0.2);
}

#[test]
fn panels_that_share_nothing_are_told_apart() {
    let rows = (0..4).flat_map(|entry| {
        let panel = entry / 2 * 2;
        (panel..panel + 2).map(move |judge| (judge, entry, Decimal::whole((entry * 2 + judge) as i64)))
    });
    let answer = calibrated(&Table::new(4, 4, rows.collect()).unwrap());
    assert_eq!((answer.connected(), answer.components), (false, 2));
}

#[test]
fn too_few_scores_give_no_interval_and_no_nonsense() {
    let one = |rows: &[(usize, usize, i64)]| {
        let rows = rows.iter().map(|row| (row.0, row.1, Decimal::whole(row.2))).collect();
        calibrated(&Table::new(5, 5, rows).unwrap())
    };
    for rows in [
        &[(0, 0, 5)][..],
        &[(0, 0, 5), (0, 1, 5), (1, 0, 5), (1, 1, 5)],
        &[(0, 0, 1), (1, 1, 9)],
        &[(0, 0, 1), (1, 1, 9), (2, 2, 3), (3, 3, 4), (4, 4, 5)],
        &[(0, 0, 1), (0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 5)],
    ] {
        let answer = one(rows);
        assert_eq!(answer.places[0].rank, 1);
        for place in &answer.places {
            assert!(place.score.is_finite());
            assert!(place.interval.is_none_or(|interval| interval.low <= interval.high));
        }
    }
    let tied = one(&[(0, 0, 5), (0, 1, 5), (1, 0, 5), (1, 1, 5)]);
    assert!(tied.places.iter().all(|place| place.rank == 1 && (place.score - 5.0).abs() < 1e-9));
}
