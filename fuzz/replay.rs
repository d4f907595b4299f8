// What a target does with its bytes: shared with the test that replays the corpus (app/src/readers/corpus.rs).

#[allow(unused_imports, reason = "each target uses its own part")]
use super::readers::{beside, csv_instance, npy as array, npz_instance, register, scores};

/// Larger problems are read, but not solved.
const MOST_PAIRS: usize = 400;
/// Larger ones are not solved fairly.
#[allow(dead_code)]
const FEW_PAIRS: usize = 60;

#[allow(dead_code)]
fn assign(instance: &super::readers::Instance) {
    let problem = &instance.problem;
    if problem.judges() * problem.entries() <= MOST_PAIRS {
        let rules = assignment::Rules::default();
        if let Ok(found) = assignment::optimum(problem, &rules, &()) {
            assert!(found.optimal || problem.has_groups());
        }
    }
    if problem.judges() * problem.entries() <= FEW_PAIRS {
        let both = assignment::Rules { one_per_institution: true, one_senior: true };
        let _ = assignment::fair(problem, &both, &());
    }
}

#[allow(dead_code)]
pub fn npz(data: &[u8]) {
    let read = npz_instance::read("fuzz.npz", std::io::Cursor::new(data));
    if let Ok(instance) = read.and_then(npz_instance::Raw::build) {
        assign(&instance);
    }
}

#[allow(dead_code)]
pub fn npy(data: &[u8]) {
    let _ = array::read(data, data.len() as u64);
}

#[allow(dead_code)]
pub fn tables(data: &[u8]) {
    let mut files = data.splitn(5, |byte| *byte == 0);
    let mut source = |file| csv_instance::Source { file, from: files.next().unwrap_or_default() };
    let (scores, judges, entries) = (source("scores.csv"), source("judges.csv"), source("entries.csv"));
    let (keep, together) = (source("keep.csv"), source("together.csv"));
    if let Ok(mut instance) = csv_instance::read(scores, judges, entries) {
        let _ = beside::keep(keep, &mut instance);
        let _ = beside::together(together, &mut instance);
        assign(&instance);
    }
}

#[allow(dead_code)]
pub fn sheets(data: &[u8]) {
    if let Ok(sheet) = scores::read_sheet("scores.csv", data) {
        let _ = ranking::mean(&sheet.scores, &ranking::Mean { trim: ranking::Trim::One, ..Default::default() });
        for place in ranking::calibrated(&sheet.scores).places {
            assert!(place.score.is_finite());
        }
    }
    if let Ok(ballot) = scores::read_ballot("votes.csv", data)
        && let Ok(found) = ranking::pairwise(ballot.judges, ballot.entries.len(), &ballot.votes)
    {
        assert!(found.places.iter().all(|place| place.score.is_finite()));
    }
}

#[allow(dead_code)]
pub fn policies(data: &[u8]) {
    if let Ok(source) = std::str::from_utf8(data)
        && let Ok(policy) = rules::load(source)
    {
        let _ = rules::cases::run(&policy);
    }
}

#[allow(dead_code)]
pub fn registers(data: &[u8]) {
    const POLICY: &str = "{policy: p, facts: {a: {type: int}, m: {type: money, unit: yuan}, d: {type: date}, \
        p: {type: bool}, s: {type: int, series: true}, l: {type: int, list: true}}, clauses: [{id: A, \
        conditions: [{zh: c, when: 'p || a > 3 && d < as_of'}, {zh: c, when: 's[2023] > 0 || sum(l) > 0'}], \
        amount: 'floor_fen(m / a)', cases: [{}]}]}";
    let policies = rules::load(POLICY).map(|policy| vec![policy]).unwrap_or_default();
    let Some(day) = rules::day(&serde_json::Value::from("2025-06-30")) else { return };
    let engine = rules::Register::new(&policies, day);
    if let Ok(rows) = register::comma::Rows::new("register.csv", data) {
        evaluated(&engine, register::Organizations::of("register.csv", rows, &engine, true));
    }
    if let Ok(rows) = register::parquet::Rows::new("register.parquet", bytes::Bytes::copy_from_slice(data)) {
        evaluated(&engine, register::Organizations::of("register.parquet", rows, &engine, true));
    }
}

#[allow(dead_code)]
fn evaluated<T: register::Table>(engine: &rules::Register<'_>, mut rows: register::Organizations<T>) {
    let (mut block, mut identities) = (engine.block(), Vec::new());
    if rows.fill(engine, &mut block, &mut identities).is_ok() {
        assert_eq!(identities.len(), block.rows());
        for clause in 0..engine.clauses() {
            let _ = engine.evaluate(clause, &block);
        }
    }
}
