//! Forty rules over made-up organisations, against counts and totals that other engines computed.

use rules::{BLOCK, Cell, Outcome, Policy, Register};
use serde_json::{Map, Value as Json};

use crate::{bench, day, policies};

pub const NAMES: [&str; 16] = [
    "annual_revenue",
    "prev_revenue",
    "rd_spend",
    "prev_rd_spend",
    "headcount",
    "rd_headcount",
    "founded",
    "region",
    "industry",
    "is_high_tech",
    "patents_invention",
    "park_id",
    "tax_paid",
    "listed",
    "rent_area",
    "rent_paid",
];
const REGIONS: [u64; 27] = [
    120101, 120102, 120103, 120103, 120103, 120104, 120105, 120106, 120110, 120111, 120112, 120113, 120114, 120115,
    120116, 120116, 120116, 120116, 120117, 120118, 120119, 110108, 110115, 130102, 130602, 440307, 440310,
];
const INDUSTRIES: [u64; 32] = [
    6511, 6512, 6513, 6519, 6520, 6531, 6540, 6550, 6560, 6429, 6432, 6421, 6450, 8621, 8622, 8625, 3911, 3913, 3921,
    3973, 3974, 3464, 3491, 2770, 3610, 5193, 5292, 7320, 7340, 7513, 7241, 6611,
];

/// SplitMix64 of organisation and slot.
pub fn draw(organization: u64, slot: u64) -> u64 {
    let step = (organization * 64 + slot).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut x = 20_210_618_u64.wrapping_add(step);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

pub fn organization(i: u64) -> [u64; 16] {
    let between = |slot: u64, low: u64, high: u64| low + draw(i, slot) % (high - low);
    let bucket = |slot: u64, table: &[(u64, u64, u64)]| {
        let percent = draw(i, slot) % 100;
        let (_, low, high) = table.iter().find(|(most, _, _)| percent < *most).unwrap();
        between(slot + 1, *low, *high)
    };
    let revenue = bucket(
        0,
        &[
            (30, 0, 2_000_000),
            (55, 2_000_000, 10_000_000),
            (75, 10_000_000, 50_000_000),
            (88, 50_000_000, 200_000_000),
            (97, 200_000_000, 1_000_000_000),
            (99, 1_000_000_000, 5_000_000_000),
            (100, 5_000_000_000, 50_000_000_000),
        ],
    );
    let rd = revenue * bucket(3, &[(35, 0, 1), (75, 1, 40), (90, 40, 100), (98, 100, 300), (100, 300, 900)]) / 1000;
    let head = bucket(6, &[(45, 1, 20), (75, 20, 100), (92, 100, 400), (98, 400, 1000), (100, 1000, 10_000)]);
    let year = bucket(9, &[(10, 1990, 2000), (30, 2000, 2010), (60, 2010, 2018), (90, 2018, 2024), (100, 2024, 2026)]);
    let area = bucket(22, &[(40, 0, 1), (75, 20, 500), (92, 500, 2000), (100, 2000, 12_000)]);
    [
        revenue,
        revenue * between(2, 400, 1400) / 1000,
        rd,
        rd * between(5, 500, 1300) / 1000,
        head,
        head * between(8, 0, 500) / 1000,
        year * 10_000 + between(11, 1, 13) * 100 + between(12, 1, 29),
        REGIONS[between(13, 0, 27) as usize],
        INDUSTRIES[between(14, 0, 32) as usize],
        u64::from(between(15, 0, 100) < 15),
        bucket(16, &[(60, 0, 1), (85, 1, 4), (95, 4, 11), (100, 11, 200)]),
        bucket(18, &[(70, 0, 1), (100, 1, 13)]),
        revenue * between(20, 0, 120) / 1000,
        u64::from(between(21, 0, 100) < 1),
        area,
        area * between(24, 200, 1500),
    ]
}

#[test]
fn forty_rules_over_one_and_ten_thousand_organisations_give_the_known_sums() {
    let expected: Json = serde_json::from_str(&bench("checksums.json")).unwrap();
    let policies = policies("rules");
    let as_of = day("2025-06-30");
    let mut sums = vec![(0_i64, 0_i128); policies.len()];
    for i in 0..10_000 {
        let facts: Map<String, Json> =
            NAMES.iter().zip(organization(i)).map(|(name, value)| ((*name).to_owned(), Json::from(value))).collect();
        for ((_, policy), sum) in policies.iter().zip(&mut sums) {
            let answer = policy.answer(0, &policy.subject(&facts).unwrap(), as_of).unwrap();
            if answer.outcome == Outcome::Eligible {
                sum.0 += 1;
                sum.1 += answer.amount.value().unwrap().as_whole().unwrap();
            } else {
                assert_eq!(answer.outcome, Outcome::NotEligible);
            }
        }
        if i + 1 == 1000 || i + 1 == 10_000 {
            for ((name, policy), (count, fen)) in policies.iter().zip(&sums) {
                let wanted = &expected[(i + 1).to_string()][&policy.clauses[0].id];
                let found = Json::from(vec![Json::from(*count), Json::from(i64::try_from(fen / 100).unwrap())]);
                assert_eq!((&found, fen % 100), (wanted, 0), "{name} at {}", i + 1);
            }
        }
    }
}

#[test]
fn forty_rules_by_columns_over_a_hundred_thousand_organisations_give_the_known_sums() {
    let expected: Json = serde_json::from_str(&bench("checksums.json")).unwrap();
    let all: Vec<Policy> = policies("rules").into_iter().map(|(_, policy)| policy).collect();
    let register = Register::new(&all, day("2025-06-30"));
    let slots: Vec<usize> =
        register.slots().iter().map(|slot| NAMES.iter().position(|name| *name == slot.name).unwrap()).collect();
    let mut block = register.block();
    let mut sums = vec![(0_usize, 0_i64); all.len()];
    for i in 0..100_000 {
        let facts = organization(i);
        register.add(&mut block, |slot| Cell::Whole(facts[slots[slot]] as i64)).unwrap();
        if block.rows() == BLOCK || i == 99_999 {
            for (clause, sum) in sums.iter_mut().enumerate() {
                let answers = register.evaluate(clause, &block);
                sum.0 += answers.outcomes.iter().filter(|outcome| **outcome == Outcome::Eligible).count();
                sum.1 += answers.least.iter().sum::<i64>();
            }
            block.clear();
        }
    }
    for (clause, (count, fen)) in sums.iter().enumerate() {
        let wanted = &expected["100000"][register.id(clause)];
        assert_eq!(&Json::from(vec![Json::from(*count), Json::from(fen / 100)]), wanted, "{}", register.id(clause));
    }
}

#[test]
fn a_block_that_lacks_facts_is_added_to_and_shared_and_answers_as_each_subject_alone() {
    let all: Vec<Policy> = policies("rules").into_iter().map(|(_, policy)| policy).collect();
    let as_of = day("2025-06-30");
    let (first, second) = (Register::new(&all, as_of), Register::new(&all, as_of));
    let slots: Vec<usize> =
        first.slots().iter().map(|slot| NAMES.iter().position(|name| *name == slot.name).unwrap()).collect();
    let (mut block, mut i) = (first.block(), 0);
    // Blocks before and after conditions are put in order, and one that grows after it was evaluated.
    for rows in [200, 700, 1_000] {
        while block.rows() < rows {
            let facts = organization(i);
            let cell = |slot: usize| {
                let known = !(i * 31 + slot as u64 * 17).is_multiple_of(5);
                if known { Cell::Whole(facts[slots[slot]] as i64) } else { Cell::Empty }
            };
            first.add(&mut block, cell).unwrap();
            i += 1;
        }
        for (clause, policy) in all.iter().enumerate() {
            let found = first.evaluate(clause, &block);
            assert_eq!(found, first.evaluate(clause, &block), "{} again", first.id(clause));
            assert_eq!(found, second.evaluate(clause, &block), "{} elsewhere", first.id(clause));
            for row in 0..block.rows() {
                let answer = policy.answer(0, &first.subject(clause, &block, row), as_of).unwrap();
                let at = format!("{} row {row} of {rows}", first.id(clause));
                assert_eq!(found.outcomes[row], answer.outcome, "{at}");
                if answer.outcome == Outcome::Eligible {
                    let fen = |end: rules::Exact| i64::try_from(end.as_whole().unwrap()).unwrap();
                    assert_eq!(found.least[row], answer.amount.low.map_or(0, fen), "{at}");
                    assert_eq!(found.most[row], answer.amount.high.map_or(i64::MAX, fen), "{at}");
                }
            }
        }
    }
}
