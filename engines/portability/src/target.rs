//! The CPUs software is to run on, and what their compilers define before the first line is read.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A CPU with its ABI. Linux and glibc are meant throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Kunpeng and Phytium: `aarch64-linux-gnu`.
    Aarch64,
    /// Loongson of the new world: `loongarch64-linux-gnu`, ELF ABI version 1 of object files, kernel 5.19 and later.
    Loongarch64,
    /// Loongson of the old world: the vendor's ABI of before 2022.
    Loongarch64Abi1,
    /// RISC-V, RV64GC.
    Riscv64,
    /// Sunway.
    Sw64,
}

impl Target {
    /// All targets, in the order of reports.
    pub const ALL: [Target; 5] =
        [Target::Aarch64, Target::Loongarch64, Target::Loongarch64Abi1, Target::Riscv64, Target::Sw64];

    /// The name as the command line and reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Target::Aarch64 => "aarch64",
            Target::Loongarch64 => "loongarch64",
            Target::Loongarch64Abi1 => "loongarch64-abi1",
            Target::Riscv64 => "riscv64",
            Target::Sw64 => "sw_64",
        }
    }

    /// The target of a name; `None` for a name that is no target's.
    pub fn from_name(name: &str) -> Option<Target> {
        Target::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Go's name of the CPU (`GOARCH`). Go has none for the old world of Loongson.
    pub fn goarch(self) -> &'static str {
        match self {
            Target::Aarch64 => "arm64",
            Target::Loongarch64 | Target::Loongarch64Abi1 => "loong64",
            Target::Riscv64 => "riscv64",
            Target::Sw64 => "sw64",
        }
    }

    /// Rust's `target_arch`.
    pub fn rust_arch(self) -> &'static str {
        match self {
            Target::Aarch64 => "aarch64",
            Target::Loongarch64 | Target::Loongarch64Abi1 => "loongarch64",
            Target::Riscv64 => "riscv64",
            Target::Sw64 => "sw_64",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }

    /// The value of a macro that the target's compiler predefines, 0 where it certainly leaves it undefined, `None` where
    /// the source or the build decides.
    pub(crate) fn predefined(self, name: &str) -> Option<Option<i64>> {
        let tables = &*TABLES;
        if let Some(value) =
            tables.common.get(name).or_else(|| tables.of.get(self.name()).and_then(|table| table.get(name)))
        {
            return Some(Some(*value));
        }
        let foreign = tables.undefined.exact.iter().any(|known| known == name)
            || tables.undefined.prefix.iter().any(|prefix| name.starts_with(prefix.as_str()))
            || tables.of.values().any(|table| table.contains_key(name));
        foreign.then_some(None)
    }
}

/// Whether a macro tells CPUs or systems apart.
pub(crate) fn tells_machines_apart(name: &str) -> bool {
    let tables = &*TABLES;
    tables.undefined.exact.iter().any(|known| known == name)
        || tables.undefined.prefix.iter().any(|prefix| name.starts_with(prefix.as_str()))
        || tables.of.values().any(|table| table.contains_key(name))
        || foreign_words(name)
}

/// Whether a name says that only a build for x86 or for Windows sets it: `HAVE_AVX2`, `USE_SSE`, not `NO_SSE`.
pub(crate) fn foreign_words(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let mut denied = false;
    for word in upper.split('_') {
        if matches!(word, "NO" | "DISABLE" | "DISABLED" | "WITHOUT" | "NON" | "NOT") {
            denied = true;
        }
        let foreign =
            TABLES.words.iter().any(|known| known == word) || word.starts_with("AVX512") || word.starts_with("AVX2");
        if foreign && !denied {
            return true;
        }
    }
    false
}

#[derive(Deserialize)]
struct Tables {
    common: HashMap<String, i64>,
    undefined: Undefined,
    words: Vec<String>,
    of: HashMap<String, HashMap<String, i64>>,
}

#[derive(Deserialize)]
struct Undefined {
    exact: Vec<String>,
    prefix: Vec<String>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    toml::from_str(include_str!("../data/macros.toml")).expect("data/macros.toml")
});

/// A set of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Targets(u8);

impl Targets {
    /// No target.
    pub const NONE: Targets = Targets(0);
    /// Every target.
    pub const ALL: Targets = Targets(0b1_1111);

    /// The set with one more.
    #[must_use]
    pub fn with(self, target: Target) -> Targets {
        Targets(self.0 | target.bit())
    }

    /// Whether the target is in the set.
    pub fn has(self, target: Target) -> bool {
        self.0 & target.bit() != 0
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Targets) -> Targets {
        Targets(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Targets) -> Targets {
        Targets(self.0 | other.0)
    }

    /// What is here and not there.
    #[must_use]
    pub fn without(self, other: Targets) -> Targets {
        Targets(self.0 & !other.0)
    }

    /// Whether nothing is in the set but CPUs that Go and Rust are not published for: what lacks them alone is the language's lack.
    pub(crate) fn unpublished(self) -> bool {
        self.without(Targets::NONE.with(Target::Sw64)).is_empty()
    }

    /// The members, in the order of reports.
    pub fn iter(self) -> impl Iterator<Item = Target> {
        Target::ALL.into_iter().filter(move |target| self.has(*target))
    }
}

impl FromIterator<Target> for Targets {
    fn from_iter<I: IntoIterator<Item = Target>>(targets: I) -> Targets {
        targets.into_iter().fold(Targets::NONE, Targets::with)
    }
}
