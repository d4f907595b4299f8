//! A PostgreSQL of its own, that can be stopped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A throw-away server on a private socket, with every safety of a real one.
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    found.sort();
    let named =
        Command::new("sh").args(["-c", "dirname \"$(readlink -f \"$(command -v initdb)\")\""]).output().unwrap();
    let named = PathBuf::from(String::from_utf8_lossy(&named.stdout).trim());
    found
        .pop()
        .or(Some(named).filter(|folder| folder.join("pg_ctl").is_file()))
        .expect("PostgreSQL's programs: run ./test tools")
}

impl Cluster {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("jm-cl").tempdir().unwrap();
        let cluster = Self { programs: programs(), folder };
        if cluster.is_root() {
            let owner =
                Command::new("chown").args([cluster.owner(), cluster.path().to_str().unwrap()]).status().unwrap();
            assert!(owner.success());
        }
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "jinmen", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        cluster.up();
        cluster
    }

    fn is_root(&self) -> bool {
        String::from_utf8_lossy(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0"
    }

    /// `initdb` refuses root.
    fn owner(&self) -> &'static str {
        let there = Command::new("id").args(["-un", "postgres"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if there.is_ok_and(|status| status.success()) { "postgres" } else { "nobody" }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> String {
        self.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if self.is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", self.owner(), "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.path().join("said")).unwrap();
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let status = command.status().unwrap();
        assert!(status.success(), "{}", std::fs::read_to_string(self.path().join("said")).unwrap_or_default());
    }

    pub fn up(&self) {
        let log = self.path().join("server.log").display().to_string();
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{}'", self.path().display());
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-t", "60", "-l", &log, "-o", &options, "start"]);
    }

    /// Stops it: `fast` ends transactions, `immediate` is a crash.
    pub fn down(&self, mode: &str) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", mode, "stop"]);
    }

    pub fn url(&self) -> String {
        format!("postgres://jinmen@localhost/postgres?host={}", self.path().display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.down("immediate");
        }
    }
}
