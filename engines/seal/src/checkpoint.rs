//! The state of a log in three lines (C2SP tlog-checkpoint), which a note signs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::merkle::Hash;

/// A log's name, how many entries it has, and the root over them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Its entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The text is no checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("this is no checkpoint: it takes a name, a size and a root, each on its line")]
pub struct BadCheckpoint;

impl std::fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }
}

impl std::str::FromStr for Checkpoint {
    type Err = BadCheckpoint;

    /// Lines after the third are passed over, but none may be empty.
    fn from_str(text: &str) -> Result<Self, BadCheckpoint> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(BadCheckpoint)?.split('\n').collect();
        let [origin, size, root, ..] = lines.as_slice() else { return Err(BadCheckpoint) };
        if lines.iter().any(|line| line.is_empty()) {
            return Err(BadCheckpoint);
        }
        let plain = size.bytes().all(|b| b.is_ascii_digit()) && (*size == "0" || !size.starts_with('0'));
        let root = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(BadCheckpoint)?;
        let size = size.parse().ok().filter(|_| plain).ok_or(BadCheckpoint)?;
        Ok(Self { origin: (*origin).to_owned(), size, root })
    }
}
