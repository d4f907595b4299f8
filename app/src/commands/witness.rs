//! `jinmen witness`: keeps watch over somebody's record. It remembers the signed state that it saw last; the
//! next time the record must go on from there, and what is served must make up the tree that is signed.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use record::seal::checkpoint::Checkpoint;
use record::seal::note::{self, Verifier};
use record::seal::ring::Ring;
use record::seal::tile::{self, Address, Place, Tiles};
use record::seal::{Hash, merkle};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::Format;

/// The longest answer that is read: a full bundle of the longest entries.
const LONGEST: u64 = 17 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// `jinmen witness`.
#[derive(Args, Debug)]
pub struct Witness {
    /// The address of the server, such as https://jinmen.example.cn.
    pub url: String,
    /// What this witness remembers; made at the first time.
    #[arg(long, value_name = "FILE")]
    pub state: PathBuf,
    /// Keys to believe at the first time, as /.well-known/jinmen/keys served them to you; without them those that the
    /// server shows at the first time are believed.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Read only the entries that are new since the last time, not all of them again.
    #[arg(long)]
    pub new_only: bool,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What a witness remembers.
#[derive(Clone, Serialize, Deserialize)]
struct Memory {
    url: String,
    origin: String,
    /// The keys that are believed, as notes know them.
    keys: Vec<String>,
    /// The signed state that was seen last.
    checkpoint: String,
}

/// What a look came to.
enum Verdict {
    Consistent(Box<Memory>, Summary),
    Inconsistent(String),
}

struct Summary {
    before: u64,
    now: u64,
    read: u64,
}

/// Answers with exit 0 for a record that goes on from what was seen, 1 for one that does not.
pub async fn run(flags: Witness) -> Result<ExitCode> {
    let format = flags.format;
    let state = flags.state.clone();
    let verdict = tokio::task::spawn_blocking(move || look(&flags)).await??;
    match verdict {
        Verdict::Consistent(memory, summary) => {
            keep(&state, &memory)?;
            let Summary { before, now, read } = summary;
            if format == Format::Json {
                let out = json!({ "consistent": true, "origin": memory.origin, "before": before, "size": now, "entries_read": read });
                println!("{out}");
            } else {
                println!("{}: consistent, {before} entries before, {now} now, {read} read", memory.origin);
            }
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Inconsistent(why) => {
            // What was remembered stays: it is the evidence.
            match format {
                Format::Json => println!("{}", json!({ "consistent": false, "reason": why })),
                Format::Text => {
                    println!("INCONSISTENT: {why}\n{} keeps what was seen before; do not delete it.", state.display())
                }
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn look(flags: &Witness) -> Result<Verdict> {
    let memory = remembered(&flags.state)?;
    let server = Server::new(&flags.url)?;
    if let Some(memory) = &memory
        && memory.url != server.base
    {
        bail!("{} is about {}, not {}", flags.state.display(), memory.url, server.base);
    }
    let ring: Ring =
        serde_json::from_slice(&server.get("/.well-known/jinmen/keys")?).context("the server's keys cannot be read")?;
    let keys = match believed(flags, memory.as_ref(), &ring)? {
        Ok(keys) => keys,
        Err(why) => return Ok(Verdict::Inconsistent(why)),
    };
    let signed = String::from_utf8(server.get("/record/checkpoint")?).context("the signed state is not text")?;
    let now = match state(&signed, &keys) {
        Ok(now) => now,
        Err(why) => return Ok(Verdict::Inconsistent(why)),
    };
    let before = match &memory {
        Some(memory) => {
            Some(state(&memory.checkpoint, &keys).map_err(|why| anyhow::anyhow!("{}: {why}", flags.state.display()))?)
        }
        None => None,
    };
    match compare(&server, before.as_ref(), &now, flags.new_only)? {
        Err(why) => Ok(Verdict::Inconsistent(why)),
        Ok(read) => {
            let memory = Memory {
                url: server.base.clone(),
                origin: now.origin.clone(),
                keys: keys.iter().map(ToString::to_string).collect(),
                checkpoint: signed,
            };
            let summary = Summary { before: before.map_or(0, |before| before.size), now: now.size, read };
            Ok(Verdict::Consistent(Box::new(memory), summary))
        }
    }
}

/// The keys to believe: those remembered or given, and what they vouch for; at the first time those shown.
fn believed(flags: &Witness, memory: Option<&Memory>, ring: &Ring) -> Result<Result<Vec<Verifier>, String>> {
    let known: Vec<Verifier> = match (memory, &flags.keys) {
        (Some(memory), _) => memory.keys.iter().map(|key| Verifier::parse(key)).collect::<Result<_, _>>()?,
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let ring: Ring =
                serde_json::from_str(&text).with_context(|| format!("{} is no list of keys", path.display()))?;
            ring.verifiers()?
        }
        (None, None) => match ring.verifiers() {
            Ok(known) => known,
            Err(error) => return Ok(Err(format!("the server's keys: {error}"))),
        },
    };
    if known.is_empty() {
        bail!("the server shows no keys: its record is not signed yet");
    }
    Ok(ring.believed(&known).map_err(|error| format!("the server's keys: {error}")))
}

fn state(signed: &str, keys: &[Verifier]) -> Result<Checkpoint, String> {
    let note = note::parse(signed).map_err(|error| error.to_string())?;
    note.verify(keys).map_err(|error| format!("the signed state: {error}"))?;
    note.text.parse().map_err(|_| "the signed state is no checkpoint".to_owned())
}

/// How many entries were read, or why the record is not what it was.
fn compare(
    server: &Server,
    before: Option<&Checkpoint>,
    now: &Checkpoint,
    new_only: bool,
) -> Result<Result<u64, String>> {
    let old = before.map_or(0, |before| before.size);
    if let Some(before) = before {
        if before.origin != now.origin {
            return Ok(Err(format!("the record was {}, and is {} now", before.origin, now.origin)));
        }
        if now.size < old {
            return Ok(Err(format!("the record had {old} entries, and has {} now", now.size)));
        }
    }
    let wanted = tile::wanted(|wanted| {
        merkle::root(now.size, wanted).ok();
        merkle::consistency(old, now.size, wanted).ok();
    });
    let mut tiles = match server.tiles(&wanted, now.size)? {
        Ok(tiles) => tiles,
        Err(why) => return Ok(Err(why)),
    };
    let root = match merkle::root(now.size, &mut tiles) {
        Ok(root) => root,
        Err(missing) => return Ok(Err(missing.to_string())),
    };
    if root != now.root {
        return Ok(Err("the tiles do not make up the root that is signed".to_owned()));
    }
    if let Some(before) = before {
        let path = match merkle::consistency(old, now.size, &mut tiles) {
            Ok(path) => path,
            Err(missing) => return Ok(Err(missing.to_string())),
        };
        if merkle::check_consistency(old, now.size, &path, &before.root, &now.root).is_err() {
            return Ok(Err(format!("the first {old} entries are not those that were seen before")));
        }
    }
    let from = before.filter(|_| new_only).cloned();
    entries(server, from.as_ref(), now)
}

/// Reads the entries after `from`, or all of them, and builds the tree up from there: it must have the root that
/// is signed.
fn entries(server: &Server, from: Option<&Checkpoint>, now: &Checkpoint) -> Result<Result<u64, String>> {
    let first = from.map_or(0, |from| from.size);
    let edge: BTreeSet<Place> = tile::edge(first).into_iter().collect();
    let mut grown = match server.tiles(&edge, first)? {
        Ok(tiles) => tiles,
        Err(why) => return Ok(Err(why)),
    };
    if from.is_some_and(|from| merkle::root(first, &mut grown) != Ok(from.root)) {
        return Ok(Err(format!("the tiles of the first {first} entries are not those that were seen before")));
    }
    let mut size = first;
    while size < now.size {
        let index = size / tile::WIDTH;
        let address = Address::at(Place { level: 0, index }, now.size);
        let Some(bundle) = server.maybe(&format!("/record/tile/{}", address.entries_path()))? else {
            return Ok(Err(format!("entries {size} and after are no longer served")));
        };
        let leaves: Option<Vec<Hash>> =
            tile::read_bundle(&bundle).map(|entries| entries.into_iter().map(merkle::leaf).collect());
        let Some(leaves) = leaves.filter(|leaves| leaves.len() == usize::from(address.width)) else {
            return Ok(Err(format!("entries {size} and after are cut")));
        };
        // Below 256.
        let new = &leaves[usize::try_from(size % tile::WIDTH)?..];
        tile::grow(size, &mut grown, new)?;
        // What is full is in the tile above.
        grown.0.retain(|_, nodes| (nodes.len() as u64) < tile::WIDTH);
        size += new.len() as u64;
    }
    match merkle::root(now.size, &mut grown) {
        Ok(root) if root == now.root => Ok(Ok(size - first)),
        _ => Ok(Err("the entries do not make up the root that is signed".to_owned())),
    }
}

struct Server {
    base: String,
    agent: ureq::Agent,
}

impl Server {
    fn new(url: &str) -> Result<Self> {
        let base = url.trim_end_matches('/').to_owned();
        if !base.starts_with("https://") && !base.starts_with("http://") {
            bail!("{url}: an address begins with https:// or http://");
        }
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build();
        Ok(Self { base, agent: config.new_agent() })
    }

    fn get(&self, path: &str) -> Result<Vec<u8>> {
        self.maybe(path)?.with_context(|| format!("{}{path} is not there", self.base))
    }

    /// `None` for what is not there.
    fn maybe(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let address = format!("{}{path}", self.base);
        let mut answer = self.agent.get(&address).call().with_context(|| format!("{address} does not answer"))?;
        match answer.status().as_u16() {
            200 => {}
            404 => return Ok(None),
            status => bail!("{address} answers {status}"),
        }
        let mut bytes = Vec::new();
        answer
            .body_mut()
            .as_reader()
            .take(LONGEST)
            .read_to_end(&mut bytes)
            .with_context(|| format!("{address} breaks off"))?;
        Ok(Some(bytes))
    }

    /// The tiles at some places, or which one is not what it should be.
    fn tiles(&self, places: &BTreeSet<Place>, size: u64) -> Result<Result<Tiles, String>> {
        let mut tiles = Tiles::default();
        for place in places {
            let address = Address::at(*place, size);
            let bytes = self.maybe(&format!("/record/tile/{}", address.path()))?;
            let nodes = bytes.and_then(|bytes| tile::read_tile(&bytes));
            let Some(nodes) = nodes.filter(|nodes| nodes.len() == usize::from(address.width)) else {
                return Ok(Err(format!("tile {} is not served", address.path())));
            };
            tiles.0.insert(*place, nodes);
        }
        Ok(Ok(tiles))
    }
}

fn remembered(path: &Path) -> Result<Option<Memory>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(
            serde_json::from_slice(&bytes).with_context(|| format!("{} is no witness's state", path.display()))?,
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Written beside and moved into place, so that a kill leaves the old state or the new.
fn keep(path: &Path, memory: &Memory) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside =
        tempfile::NamedTempFile::new_in(folder).with_context(|| format!("{} cannot be written", folder.display()))?;
    beside.write_all(serde_json::to_string_pretty(memory)?.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(())
}
