//! Starting the program and hearing what it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use store::testing::Throwaway;

/// The program with arguments, in English and without settings from outside.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jinmen"));
    command.args(arguments).env_clear().env("LANG", "en_US.UTF-8").stdin(Stdio::null());
    for kept in ["PATH", "TMPDIR", "HOME"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// Runs it to its end.
pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// What it printed for programs.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", words(output)))
}

/// Everything it printed.
pub fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// An alliance in an instance, so that a table has a keeper.
pub fn where_to(database: Option<&str>, folder: &Path) -> Vec<String> {
    let mut place = vec!["--dir".to_owned(), folder.display().to_string()];
    place.extend(database.into_iter().flat_map(|url| ["--database".to_owned(), url.to_owned()]));
    place
}

/// A folder with SQLite in it, then a folder beside a PostgreSQL.
pub async fn each_place(body: impl AsyncFn(Vec<String>, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    body(where_to(None, folder.path()), folder.path()).await;
    let server = Throwaway::postgres(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    body(where_to(Some(&server.url()), folder.path()), folder.path()).await;
    server.drop_now().await;
}

/// Runs a subcommand on an instance.
pub fn on(place: &[String], arguments: &[&str]) -> Output {
    run(&arguments.iter().copied().chain(place.iter().map(String::as_str)).collect::<Vec<_>>())
}

/// An account from the terminal.
pub fn add_user(place: &[String], name: &str, role: &str) {
    let added = on(place, &["user", "add", name, "--name", name, "--role", role]);
    assert_eq!(added.status.code(), Some(0), "{}", words(&added));
}

/// A program that goes on until it is ended.
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts it with its output to be read.
    pub fn start(mut command: Command) -> Self {
        Self { child: command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap() }
    }

    /// The first line of its standard output.
    pub fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        line
    }

    /// Reads standard error until a line holds the words; the line.
    pub fn hears(&mut self, wanted: &str) -> String {
        let mut lines = BufReader::new(self.child.stderr.take().unwrap()).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains(wanted)).unwrap();
        // What it goes on to say is read too, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        line
    }

    /// Serves an instance on a free port; the program and its address.
    pub fn serve(place: &[String]) -> (Self, String) {
        Self::serve_at(&[place, &["--port".to_owned(), "0".to_owned()]].concat())
    }

    /// The same with whatever else is given.
    pub fn serve_at(place: &[String]) -> (Self, String) {
        let arguments: Vec<&str> = ["serve"].into_iter().chain(place.iter().map(String::as_str)).collect();
        let mut running = Self::start(command(&arguments));
        let line = running.hears("Serving http://");
        let address = line.split("Serving ").nth(1).unwrap().split('"').next().unwrap().trim().to_owned();
        (running, address)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does; its exit status.
    pub fn stop(mut self) -> Option<i32> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

/// A request on one connection: status line, headers and body as text.
pub fn ask(address: &str, request: &str) -> String {
    let host = address.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A page.
pub fn get(address: &str, path: &str) -> String {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
}

/// The body of a page that must be there.
pub fn body(address: &str, path: &str) -> String {
    let answer = get(address, path);
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}
