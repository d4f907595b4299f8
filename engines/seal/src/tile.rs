//! The tree cut into tiles of 256 nodes, as C2SP tlog-tiles publishes it. A tile of level `l` holds
//! the roots over `256^l` entries each; only the rightmost tile of a level may be shorter than 256.
//!
//! [`grow`] adds entries and says which tiles changed: at most one a level more than the entries fill,
//! so that the cost of an entry does not grow with the log. [`Tiles`] answers for subtrees from tiles,
//! and [`Wanted`] finds out which tiles an answer will need before anybody fetches them.

use std::collections::{BTreeMap, BTreeSet};

use crate::merkle::{self, Hash, Subtrees};

/// Nodes of a full tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree in a tile.
const HEIGHT: u32 = 8;
/// The most levels of tiles: `256^8` entries are more than a `u64` counts.
const LEVELS: u8 = 8;

/// Where a tile is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// 0 for leaves.
    pub level: u8,
    /// From the left, from 0.
    pub index: u64,
}

/// Why a text is no address of a tile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an address of a tile")]
pub struct BadAddress;

/// Why a subtree cannot be read from the tiles at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("tile {} of level {} is missing or too short", .0.index, .0.level)]
pub struct MissingTile(pub Place);

/// A tile with as many nodes as the address asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Address {
    /// Which tile.
    pub place: Place,
    /// How many of its nodes, 1 to 256.
    pub width: u16,
}

/// How many nodes tile `place` has when the log has `size` entries; 0 where there is none.
pub fn width(place: Place, size: u64) -> u64 {
    let shift = u32::from(place.level) * HEIGHT;
    let nodes = size.checked_shr(shift).unwrap_or(0);
    nodes.saturating_sub(place.index.saturating_mul(WIDTH)).min(WIDTH)
}

/// The index of a tile in a path: `1234067` is `x001/x234/067`.
pub fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// Reads `x001/x234/067`, or `x001/x234/067.p/12` for the first 12 nodes.
pub fn read_index_path(path: &str) -> Result<(u64, u16), BadAddress> {
    let (index, width) = match path.split_once(".p/") {
        Some((index, width)) => (index, plain::<u16>(width)?),
        None => (path, 256),
    };
    if width == 0 || (width == 256) != (index.len() == path.len()) || width > 256 {
        return Err(BadAddress);
    }
    let mut value = 0_u64;
    let parts: Vec<&str> = index.split('/').collect();
    for (at, part) in parts.iter().enumerate() {
        let digits = if at + 1 == parts.len() { Some(*part) } else { part.strip_prefix('x') };
        let digits = digits.filter(|text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit()));
        let number: u64 = digits.ok_or(BadAddress)?.parse().map_err(|_| BadAddress)?;
        value = value.checked_mul(1000).and_then(|value| value.checked_add(number)).ok_or(BadAddress)?;
    }
    // One index has one path: no leading groups of zeros.
    if parts.len() > 1 && parts[0] == "x000" {
        return Err(BadAddress);
    }
    Ok((value, width))
}

fn plain<T: std::str::FromStr>(text: &str) -> Result<T, BadAddress> {
    let proper =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if proper { text.parse().map_err(|_| BadAddress) } else { Err(BadAddress) }
}

impl Address {
    /// The tile as it is when the log has `size` entries.
    pub fn at(place: Place, size: u64) -> Self {
        // At most 256.
        Self { place, width: u16::try_from(width(place, size)).unwrap_or(256) }
    }

    /// `0/x001/234.p/7`, below `…/tile/`.
    pub fn path(&self) -> String {
        format!("{}/{}{}", self.place.level, index_path(self.place.index), self.suffix())
    }

    /// `entries/x001/234.p/7`, below `…/tile/`: the entries themselves.
    pub fn entries_path(&self) -> String {
        format!("entries/{}{}", index_path(self.place.index), self.suffix())
    }

    fn suffix(&self) -> String {
        if u64::from(self.width) == WIDTH { String::new() } else { format!(".p/{}", self.width) }
    }
}

impl std::str::FromStr for Address {
    type Err = BadAddress;

    fn from_str(path: &str) -> Result<Self, BadAddress> {
        let (level, rest) = path.split_once('/').ok_or(BadAddress)?;
        let level: u8 = plain(level)?;
        let (index, width) = read_index_path(rest)?;
        if level > 63 { Err(BadAddress) } else { Ok(Self { place: Place { level, index }, width }) }
    }
}

/// Entries as a bundle: each with its length before it, two bytes, big end first. `None` where an entry
/// has 65,536 bytes or more.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for entry in entries {
        out.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Some(out)
}

/// The entries of a bundle; `None` where it is cut.
pub fn read_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        if rest.len() < length {
            return None;
        }
        let (entry, after) = rest.split_at(length);
        entries.push(entry);
        bytes = after;
    }
    bytes.is_empty().then_some(entries)
}

/// The nodes of a tile from its bytes; `None` unless they are whole nodes, 1 to 256.
pub fn read_tile(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (nodes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && !nodes.is_empty() && nodes.len() <= 256).then(|| nodes.to_vec())
}

/// Tiles by their place.
#[derive(Clone, Debug, Default)]
pub struct Tiles(pub BTreeMap<Place, Vec<Hash>>);

impl Subtrees for Tiles {
    type Error = MissingTile;

    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, MissingTile> {
        let (place, first, width) = within(level, index);
        let nodes = self.0.get(&place).and_then(|nodes| nodes.get(first..first + width)).ok_or(MissingTile(place))?;
        Ok(fold(nodes))
    }
}

/// Notes which tiles are asked for and answers with nothing of use.
#[derive(Clone, Debug, Default)]
pub struct Wanted(pub BTreeSet<Place>);

impl Subtrees for Wanted {
    type Error = std::convert::Infallible;

    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        self.0.insert(within(level, index).0);
        Ok([0; 32])
    }
}

/// The tiles that a computation over subtrees needs.
pub fn wanted(ask: impl FnOnce(&mut Wanted)) -> BTreeSet<Place> {
    let mut wanted = Wanted::default();
    ask(&mut wanted);
    wanted.0
}

/// Which tile holds a subtree, from which node on, and over how many of its nodes.
fn within(level: u32, index: u64) -> (Place, usize, usize) {
    let (tiles, inside) = (level / HEIGHT, level % HEIGHT);
    let first = index << inside;
    let place = Place { level: u8::try_from(tiles).unwrap_or(u8::MAX), index: first / WIDTH };
    // Below 256.
    (place, usize::try_from(first % WIDTH).unwrap_or(0), 1 << inside)
}

fn fold(nodes: &[Hash]) -> Hash {
    let mut row = nodes.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| merkle::node(&pair[0], &pair[1])).collect();
    }
    row[0]
}

/// The tiles at the right edge of a log of `size` entries that are not full: what [`grow`] and the
/// root need.
pub fn edge(size: u64) -> Vec<Place> {
    (0..LEVELS)
        .map(|level| (level, size >> (u32::from(level) * HEIGHT)))
        .filter(|(_, nodes)| nodes % WIDTH != 0)
        .map(|(level, nodes)| Place { level, index: nodes / WIDTH })
        .collect()
}

/// Adds leaves to a log of `size` entries. `tiles` holds its [`edge`] and gets the new nodes; the
/// places that changed are returned, leaves first.
pub fn grow(size: u64, tiles: &mut Tiles, leaves: &[Hash]) -> Result<BTreeSet<Place>, MissingTile> {
    let mut changed = BTreeSet::new();
    let (mut first, mut nodes) = (size, leaves.to_vec());
    for level in 0..LEVELS {
        if nodes.is_empty() {
            break;
        }
        let mut above = Vec::new();
        let first_above = first / WIDTH;
        for (at, hash) in (first..).zip(&nodes) {
            let place = Place { level, index: at / WIDTH };
            let tile = tiles.0.entry(place).or_default();
            if tile.len() as u64 != at % WIDTH {
                return Err(MissingTile(place));
            }
            tile.push(*hash);
            changed.insert(place);
            if tile.len() as u64 == WIDTH {
                above.push(fold(tile));
            }
        }
        (first, nodes) = (first_above, above);
    }
    Ok(changed)
}
