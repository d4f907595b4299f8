//! A program that listens.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A message that was heard.
#[derive(Clone, Debug)]
pub struct Heard {
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn is_signed_by(&self, secret: &str) -> bool {
        let timestamp = self.header("webhook-timestamp").parse().unwrap();
        let expected = notify::webhook::sign(secret, &self.header("webhook-id"), timestamp, &self.body).unwrap();
        self.header("webhook-signature").split(' ').any(|one| one == expected)
    }
}

/// Listens and answers what it is told to.
#[derive(Clone)]
pub struct Listener {
    pub url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Listener {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let this = Self { url, heard: Arc::default(), answers: Arc::default() };
        let serving = this.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let heard = read(BufReader::new(&stream));
                let status = {
                    let mut answers = serving.answers.lock().unwrap();
                    if answers.is_empty() { 200 } else { answers.remove(0) }
                };
                serving.heard.lock().unwrap().push(heard);
                let place = if status == 302 { "Location: http://127.0.0.1:1/\r\n" } else { "" };
                write!(stream, "HTTP/1.1 {status} X\r\n{place}Content-Length: 2\r\nConnection: close\r\n\r\nok").ok();
            }
        });
        this
    }

    /// The statuses of the next answers; after them 200.
    pub fn answers(&self, statuses: &[u16]) {
        *self.answers.lock().unwrap() = statuses.to_vec();
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

fn read(mut stream: impl BufRead) -> Heard {
    let (mut line, mut headers, mut length) = (String::new(), Vec::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if let Some((name, value)) = text.split_once(": ") {
            let name = name.to_lowercase();
            if name == "content-length" {
                length = value.parse().unwrap();
            }
            headers.push((name, value.to_owned()));
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Heard { headers, body: String::from_utf8(body).unwrap() }
}
