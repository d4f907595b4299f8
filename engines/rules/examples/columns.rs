//! How long the columns of a folder of policies take for a register, reading left out:
//! `cargo run --release --example columns -- bench/policy/rules register.csv`, a register of whole numbers with a heading.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use rules::{BLOCK, Cell, Policy, Register};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("columns FOLDER REGISTER.csv".into());
    };
    let mut policies: Vec<Policy> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let source = std::fs::read_to_string(entry?.path())?;
        policies.push(rules::load(&source).map_err(|findings| format!("{}", findings[0]))?);
    }
    let register = Register::new(&policies, rules::day(&Value::from("2025-06-30")).ok_or("no day")?);
    let mut lines = BufReader::new(std::fs::File::open(path)?).lines();
    let heading = lines.next().ok_or("no heading")??;
    let place = |name: &str| heading.split(',').position(|one| one == name).ok_or_else(|| format!("no column {name}"));
    let places: Vec<usize> = register.slots().iter().map(|slot| place(&slot.name)).collect::<Result<_, _>>()?;
    let (mut block, mut spent, mut organizations, mut fen) = (register.block(), Duration::ZERO, 0_usize, 0_i128);
    loop {
        block.clear();
        for line in lines.by_ref().take(BLOCK) {
            let line = line?;
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |slot: usize| cells.get(places[slot]).map_or(Cell::Empty, |text| Cell::Text(text));
            register
                .add(&mut block, cell)
                .map_err(|(slot, what)| format!("{}: {what}", register.slots()[slot].name))?;
        }
        if block.rows() == 0 {
            break;
        }
        let started = Instant::now();
        let answers: Vec<_> = (0..register.clauses()).map(|clause| register.evaluate(clause, &block)).collect();
        spent += started.elapsed();
        organizations += block.rows();
        fen += answers.iter().flat_map(|one| &one.least).map(|fen| i128::from(*fen)).sum::<i128>();
    }
    let evaluations = organizations * register.clauses();
    println!(
        "{}",
        json!({ "evaluations": evaluations, "nanoseconds": spent.as_secs_f64() * 1e9 / evaluations as f64, "fen": fen.to_string() })
    );
    Ok(())
}
