//! What ties a source tree or package to a foreign CPU, system, database or cipher: per target, exact to the line.
//!
//! C and C++ are read as each target's compiler would read them: conditions of the preprocessor are evaluated with three
//! values and carried across includes, so that guarded code with another way is no finding and a refusal is. Archives are
//! read within archives, three deep and bounded; nothing of the input is executed or written, and no network is used.
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("a.c"), "#ifdef __x86_64__\nint a = _mm_popcnt_u64(1);\n#endif\nint b = _mm_popcnt_u64(1);\n")?;
//! let report = portability::assess(folder.path(), &portability::Options::default(), &|_, _| {})?;
//! let blockers: Vec<u32> = report.findings.iter().filter(|finding| finding.blocker).map(|finding| finding.line).collect();
//! assert_eq!(blockers, [4]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assess;
mod binary;
mod build;
mod classify;
mod condition;
mod golang;
mod guards;
mod mask;
pub mod output;
mod report;
mod rules;
mod rustlang;
mod scan;
mod signs;
mod target;
mod walk;

pub use assess::{Fault, Options, assess};
pub use report::{Examined, Finding, Group, NotExamined, Report, Verdict};
pub use target::{Target, Targets};
