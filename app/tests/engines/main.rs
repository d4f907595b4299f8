//! The engines' commands, as a person runs them: files in, an answer and an exit status out.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod assign;
mod rank;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A folder with files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// What a run printed.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }
}

/// Runs the program in a folder, on an English terminal.
fn jinmen(folder: &Path, line: &str) -> Ran {
    jinmen_in("en", folder, line)
}

/// Runs the program in a folder, on a terminal of a language.
fn jinmen_in(language: &str, folder: &Path, line: &str) -> Ran {
    let done = Command::new(env!("CARGO_BIN_EXE_jinmen"))
        .args(line.split_whitespace())
        .env("LC_ALL", language)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
}
