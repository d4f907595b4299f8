//! What a Git repository leaves out: `.gitignore` counts where there is a repository, and never for files that it tracks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// A repository around the folder at hand.
pub struct Repository {
    root: PathBuf,
    /// Files it tracks, relative to its root with `/`.
    tracked: BTreeSet<String>,
    /// Rules, those of inner folders last.
    rules: Vec<Gitignore>,
}

impl Repository {
    /// Finds the repository that a folder is in. `None` where there is none, or where its list of files cannot be read: then
    /// nothing is left out.
    pub fn around(folder: &Path) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        let root = folder.ancestors().find(|above| above.join(".git").exists())?.to_path_buf();
        let git = directory(&root.join(".git"))?;
        let tracked = names(&std::fs::read(git.join("index")).ok()?)?;
        let mut found = Repository { root: root.clone(), tracked, rules: Vec::new() };
        let mut exclude = GitignoreBuilder::new(&root);
        exclude.add(git.join("info").join("exclude"));
        found.rules.extend(exclude.build().ok());
        // Rules of the folders above count within; those of the folder itself and below follow as it is walked.
        let above: Vec<&Path> = folder.ancestors().skip(1).take_while(|above| above.starts_with(&root)).collect();
        above.into_iter().rev().for_each(|above| found.add(above));
        Some(found)
    }

    fn add(&mut self, folder: &Path) {
        let file = folder.join(".gitignore");
        if file.is_file() {
            let mut builder = GitignoreBuilder::new(folder);
            // A line that is no pattern is passed over, as Git does.
            builder.add(file);
            self.rules.extend(builder.build().ok());
        }
    }

    /// Takes the rules of a folder that is walked next.
    pub fn enter(&mut self, folder: &Path) {
        if let Ok(folder) = folder.canonicalize() {
            self.add(&folder);
        }
    }

    /// Whether the rules leave out a path; an inner rule goes before an outer one.
    pub fn ignores(&self, path: &Path, folder: bool) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        for rules in self.rules.iter().rev().filter(|rules| path.starts_with(rules.path())) {
            let found = rules.matched(&path, folder);
            if !found.is_none() {
                return found.is_ignore();
            }
        }
        false
    }

    /// Whether a path is tracked, or a folder holds what is.
    pub fn tracks(&self, path: &Path, folder: bool) -> bool {
        let Some(name) = path
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.strip_prefix(&self.root).ok()?.to_string_lossy().replace('\\', "/")))
        else {
            return true;
        };
        if !folder {
            return self.tracked.contains(&name);
        }
        let start = format!("{name}/");
        self.tracked.range(start.clone()..).next().is_some_and(|first| first.starts_with(&start))
    }
}

/// The directory of Git; in a work tree of its own `.git` is a file that names it.
fn directory(git: &Path) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git.to_path_buf());
    }
    let text = std::fs::read_to_string(git).ok()?;
    let named = PathBuf::from(text.trim().strip_prefix("gitdir:")?.trim());
    Some(if named.is_absolute() { named } else { git.parent()?.join(named) })
}

/// The names in an index of versions 2 to 4 (gitformat-index). `None` for what is no such index.
fn names(index: &[u8]) -> Option<BTreeSet<String>> {
    let number = |at: usize| Some(u32::from_be_bytes(index.get(at..at + 4)?.try_into().ok()?));
    let version = number(4)?;
    if !index.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let mut found = BTreeSet::new();
    let mut at = 12;
    let mut before: Vec<u8> = Vec::new();
    for _ in 0..number(8)? {
        let flags = u16::from_be_bytes(index.get(at + 60..at + 62)?.try_into().ok()?);
        let mut name = at + 62 + if version >= 3 && flags & 0x4000 != 0 { 2 } else { 0 };
        if version == 4 {
            let drop = offset(index, &mut name)?;
            before.truncate(before.len().checked_sub(drop)?);
        } else {
            before.clear();
        }
        let rest = index.get(name..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        before.extend_from_slice(&rest[..length]);
        found.insert(String::from_utf8_lossy(&before).into_owned());
        let end = name + length;
        // Up to version 3 an entry is filled with one to eight zeros to a length that eight divides.
        at = if version == 4 { end + 1 } else { at + (end - at) / 8 * 8 + 8 };
    }
    Some(found)
}

/// A number of the form that pack files have for offsets.
fn offset(index: &[u8], at: &mut usize) -> Option<usize> {
    let mut byte = *index.get(*at)?;
    *at += 1;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = *index.get(*at)?;
        *at += 1;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some(value)
}
