//! Starting the program and hearing what it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

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
