//! Folders and files for the portability engine.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use portability::{LARGEST_FILE, NotExamined, Tree};

use repository::Repository;

#[path = "repository.rs"]
mod repository;

/// Files in a folder; more are left out.
const FILES: usize = 5_000_000;

/// The files below a folder, or one file. Symbolic links are not followed.
pub struct OnDisk {
    names: Vec<String>,
    paths: Vec<PathBuf>,
}

impl OnDisk {
    /// Lists what is there, and what is left out.
    ///
    /// # Errors
    /// Where the path itself cannot be read; what cannot be read below it is among what is left out.
    pub fn open(root: &Path) -> io::Result<(Self, Vec<NotExamined>)> {
        let mut left_out = Vec::new();
        let what = std::fs::metadata(root)?;
        let mut files = if what.is_dir() {
            below(root, &mut left_out)?
        } else if !what.is_file() {
            return Err(io::Error::other("neither a folder nor a file"));
        } else {
            std::fs::File::open(root)?;
            vec![(name(root.file_name().unwrap_or_default()), root.to_owned())]
        };
        files.sort();
        let (names, paths) = files.into_iter().unzip();
        Ok((Self { names, paths }, left_out))
    }
}

impl Tree for OnDisk {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn read(&self, place: usize) -> Result<Cow<'_, [u8]>, NotExamined> {
        let (Some(name), Some(path)) = (self.names.get(place), self.paths.get(place)) else {
            return Err(NotExamined::new("", "unreadable", ""));
        };
        let unreadable = |error: io::Error| NotExamined::new(name, "unreadable", &error.to_string());
        // The length that the system says may be another by the time it is read, and is none for some files.
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(NotExamined::new(name, "too-large", ""));
        }
        Ok(Cow::from(bytes))
    }
}

fn name(own: &std::ffi::OsStr) -> String {
    own.to_string_lossy().into_owned()
}

/// A folder that is still to be listed.
struct Folder {
    /// Its path below the root.
    above: String,
    path: PathBuf,
    /// What the repository's rules say of it: everything untracked within is left out.
    ignored: bool,
}

fn below(root: &Path, left_out: &mut Vec<NotExamined>) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut repository = Repository::around(root);
    let mut folders = vec![Folder { above: String::new(), path: root.to_path_buf(), ignored: false }];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder.path) {
            Ok(entries) => entries,
            Err(error) if folder.above.is_empty() => return Err(error),
            Err(error) => {
                left_out.push(NotExamined::new(&folder.above, "unreadable", &error.to_string()));
                continue;
            }
        };
        if let Some(repository) = &mut repository {
            repository.enter(&folder.path);
        }
        for entry in entries {
            let entry = entry?;
            let own = name(&entry.file_name());
            let path = if folder.above.is_empty() { own.clone() } else { format!("{}/{own}", folder.above) };
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                left_out.push(NotExamined::new(&path, "symlink", ""));
                continue;
            }
            if kind.is_dir() && matches!(own.as_str(), ".git" | ".svn" | ".hg") {
                continue;
            }
            let ignored =
                repository.as_ref().is_some_and(|known| folder.ignored || known.ignores(&entry.path(), kind.is_dir()));
            if ignored && !repository.as_ref().is_some_and(|known| known.tracks(&entry.path(), kind.is_dir())) {
                left_out.push(NotExamined::new(
                    &path,
                    "ignored",
                    "left out by .gitignore and not part of the repository",
                ));
            } else if kind.is_dir() {
                folders.push(Folder { above: path, path: entry.path(), ignored });
            } else if kind.is_file() && files.len() < FILES {
                files.push((path, entry.path()));
            } else {
                left_out.push(NotExamined::new(&path, "special", ""));
            }
        }
    }
    Ok(files)
}
