//! Merkle trees of RFC 9162 section 2.1 over SHA-256: the root over a list of entries, proofs that an
//! entry is in it, proofs that a longer list begins with a shorter one.
//!
//! Everything is computed from *subtrees*: node `index` of level `level` is the root over the entries
//! `index << level .. (index + 1) << level`. A [`Subtrees`] hands them out, from memory or from tiles.

use sha2::{Digest, Sha256};

/// A node of the tree, 32 bytes.
pub type Hash = [u8; 32];

/// Why a proof proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ProofError {
    /// The entry's number is not below the size, or the older size is above the newer.
    #[error("the proof asks for a place outside the tree")]
    Outside,
    /// There are more or fewer nodes than such a proof has.
    #[error("the proof has the wrong number of nodes")]
    Length,
    /// The nodes do not lead to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// The node of an entry: `SHA-256(0x00 ‖ entry)`.
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The node above two: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over no entry: the digest of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Hands out nodes over complete subtrees.
pub trait Subtrees {
    /// Why a node cannot be had.
    type Error;
    /// The root over the entries `index << level .. (index + 1) << level`, all of which exist.
    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The root over the first `size` entries.
pub fn root<S: Subtrees>(size: u64, subtrees: &mut S) -> Result<Hash, S::Error> {
    if size == 0 { Ok(empty_root()) } else { range(0, size, subtrees) }
}

/// The nodes that lead from entry `index` to the root over `size` entries, nearest first
/// (RFC 9162, 2.1.3.1). The caller sees to it that `index < size`.
pub fn inclusion<S: Subtrees>(index: u64, size: u64, subtrees: &mut S) -> Result<Vec<Hash>, S::Error> {
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(middle, end, subtrees)?);
            end = middle;
        } else {
            path.push(range(start, middle, subtrees)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The nodes that show that the tree of `new` entries begins with that of `old` (RFC 9162, 2.1.4.1).
/// Empty where the sizes are equal or the older is empty. The caller sees to it that `old <= new`.
pub fn consistency<S: Subtrees>(old: u64, new: u64, subtrees: &mut S) -> Result<Vec<Hash>, S::Error> {
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    // Down to the subtree that ends where the older tree ended.
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(middle, end, subtrees)?);
            end = middle;
        } else {
            path.push(range(start, middle, subtrees)?);
            start = middle;
        }
    }
    if start > 0 {
        path.push(range(start, end, subtrees)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks an inclusion proof (RFC 9162, 2.1.3.2).
pub fn check_inclusion(index: u64, size: u64, leaf: &Hash, path: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Outside);
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in path {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if place & 1 == 1 || place == last {
            hash = node(step, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks a consistency proof (RFC 9162, 2.1.4.2); the empty tree is the beginning of every tree.
pub fn check_consistency(
    old: u64,
    new: u64,
    path: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Outside);
    }
    if old == new || old == 0 {
        let equal = if old == new { old_root == new_root } else { *old_root == empty_root() };
        return match (path.is_empty(), equal) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    // A complete older tree is its own first node, and is left out of the path.
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, path)
    } else {
        path.split_first().map(|(first, rest)| (*first, rest)).ok_or(ProofError::Length)?
    };
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut before, mut after) = (first, first);
    for step in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if place & 1 == 1 || place == last {
            before = node(step, &before);
            after = node(step, &after);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            after = node(&after, step);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if before == *old_root && after == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// The root over the entries `start..end`, which is a node of some tree: `start` is a multiple of the
/// smallest power of two that is not below `end - start`.
fn range<S: Subtrees>(start: u64, end: u64, subtrees: &mut S) -> Result<Hash, S::Error> {
    let length = end - start;
    if length.is_power_of_two() {
        return subtrees.subtree(length.trailing_zeros(), start >> length.trailing_zeros());
    }
    let middle = start + split(length);
    let left = range(start, middle, subtrees)?;
    Ok(node(&left, &range(middle, end, subtrees)?))
}

/// The largest power of two below `length`, which is at least 2.
fn split(length: u64) -> u64 {
    1 << (63 - (length - 1).leading_zeros())
}

/// All leaves in memory: for small logs, and for tests.
#[derive(Clone, Debug, Default)]
pub struct Leaves(pub Vec<Hash>);

impl Subtrees for Leaves {
    type Error = std::convert::Infallible;

    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        let width = 1_usize << level;
        let first = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(width);
        let mut row = self.0.get(first..first.saturating_add(width)).unwrap_or_default().to_vec();
        while row.len() > 1 {
            row = row.chunks_exact(2).map(|pair| node(&pair[0], &pair[1])).collect();
        }
        Ok(row.first().copied().unwrap_or_else(empty_root))
    }
}
