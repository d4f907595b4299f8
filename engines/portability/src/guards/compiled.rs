//! What is compiled where, for holding it against compilers.

use super::directives::{Directive, directives};
use super::{Unit, Words, evaluate_all};
use crate::target::Targets;

/// Where the lines of a C file are compiled, as far as the preprocessor decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The first line it holds for; it holds until the next one.
    pub line: u32,
    /// Where the lines are certainly compiled once the file is.
    pub must: Targets,
    /// Where they may be.
    pub may: Targets,
}

/// For each C file of a tree, where its lines are compiled: conditions alone, as if a build compiled every file everywhere.
/// This is what `bench/portability/guards.py` holds against compilers.
pub fn compiled(files: &[(&str, &[u8])]) -> Vec<Vec<Compiled>> {
    let read: Vec<Vec<Directive>> = files
        .iter()
        .map(|(_, source)| {
            let parts = crate::mask::parts(source, crate::classify::Syntax::C);
            directives(&crate::mask::without_comments(source, &parts))
        })
        .collect();
    let units: Vec<Unit<'_>> = files
        .iter()
        .zip(&read)
        .map(|((path, _), directives)| Unit { path, directives, header: false, place: Targets::ALL })
        .collect();
    let (kept, _) = evaluate_all(&units, &Words::new());
    kept.iter()
        .map(|kept| {
            kept.spans.iter().map(|span| Compiled { line: span.line, must: span.must, may: span.may }).collect()
        })
        .collect()
}
