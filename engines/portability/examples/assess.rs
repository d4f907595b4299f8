//! Prints the report on a path as JSON: `cargo run --release -p portability --example assess -- PATH`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("PATH is missing")?;
    let report = portability::assess(path.as_ref(), &portability::Options::default(), &|_, _| {})?;
    print!("{}", portability::output::json(&report));
    Ok(())
}
