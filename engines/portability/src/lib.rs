//! What ties a source tree or package to a foreign CPU, system, database or cipher: per target, exact to the line.
//!
//! C and C++ are read as each target's compiler would read them: conditions of the preprocessor are evaluated with three
//! values and carried across includes, so that guarded code with another way is no finding and a refusal is. Archives are
//! read within archives, three deep and bounded; nothing of the input is executed or written, and no network is used.
//!
//! ```
//! let tree = [("a.c", "#ifdef __x86_64__\nint a = _mm_popcnt_u64(1);\n#endif\nint b = _mm_popcnt_u64(1);\n")];
//! let tree: portability::InMemory = tree.into_iter().collect();
//! let report = portability::assess("example", &tree, Vec::new(), &portability::Options::default(), &|_, _| {});
//! let blockers: Vec<u32> = report.findings.iter().filter(|finding| finding.blocker).map(|finding| finding.line).collect();
//! assert_eq!(blockers, [4]);
//! ```

mod assess;
mod binary;
mod bom;
mod build;
mod chars;
mod class;
mod classify;
mod condition;
mod container;
mod crypto;
mod deps;
mod dotnet;
mod family;
mod functions;
mod golang;
mod guards;
mod html;
mod java;
mod mask;
mod natives;
pub mod output;
mod pages;
mod refusal;
mod report;
mod rules;
mod rustlang;
mod rustnames;
mod rustparts;
mod scan;
mod script;
mod signs;
mod sql;
mod systems;
mod target;
mod walk;
mod windows;
mod words;

pub use assess::{InMemory, LARGEST_FILE, Options, Tree, assess};
pub use guards::{Compiled, compiled};
pub use report::{Component, Examined, Finding, Group, NotExamined, Report, Seen, Verdict};
pub use target::{Target, Targets};
pub use words::Language;
