//! What the systems of the targets give to programs: `data/systems.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::assess::{Place, Read};
use crate::classify::classify;
use crate::scan::{sign, stops};
use crate::target::{Target, Targets};

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct System {
    target: String,
    glibc: u32,
    newest: u32,
    systems: String,
}

#[derive(Deserialize)]
struct Document {
    system: Vec<System>,
}

static SYSTEMS: LazyLock<Vec<System>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    let document: Document = toml::from_str(include_str!("../data/systems.toml")).expect("data/systems.toml");
    document.system
});

/// Binaries for the right CPU that ask for a newer glibc than its systems have: a stop where no release has it, a note where
/// the systems in wide use have an older one.
pub(crate) fn find(read: &Read, places: &mut Vec<Place>) {
    for (path, _) in read.binaries.iter().filter(|(_, binary)| binary.framework) {
        let message = "assembly made for .NET Framework, which Linux has not";
        let mut hit = sign(0, "prebuilt-binary", true, Targets::ALL, message, b"");
        hit.profile = "os";
        let blocked = if stops(classify(path), "os") { Targets::ALL } else { Targets::NONE };
        places.push(Place { path: path.clone(), hit, blocked });
    }
    for (path, binary) in read.binaries.iter().filter(|(_, binary)| binary.glibc > 0) {
        for system in SYSTEMS.iter() {
            let Some(target) = Target::from_name(&system.target).filter(|target| binary.runs.has(*target)) else {
                continue;
            };
            if binary.glibc <= system.glibc {
                continue;
            }
            let targets = Targets::NONE.with(target);
            let stop = binary.glibc > system.newest && stops(classify(path), "os");
            let found = format!("asks for glibc 2.{}; {}", binary.glibc, system.systems);
            let message = "needs a newer glibc than systems of this CPU have";
            let mut hit = sign(0, "prebuilt-binary", stop, targets, message, found.as_bytes());
            hit.found = found.into();
            places.push(Place { path: path.clone(), hit, blocked: if stop { targets } else { Targets::NONE } });
        }
    }
}
