//! Small servers that answer as the documents of WeCom, DingTalk and Feishu say their robots do: the address, the
//! signature (DingTalk: milliseconds within an hour, in the address; Feishu: seconds, in the body), the limit a minute.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use notify::RobotKind;
use serde_json::{Value, json};
use sha2::Sha256;

pub const KEY: &str = "0123456789abcdef";
pub const SECRET: &str = "SEC0123456789";

#[derive(Clone)]
pub struct Standin {
    pub base: String,
    pub texts: Arc<Mutex<Vec<String>>>,
    /// How many of the next requests find it busy.
    pub busy: Arc<Mutex<u32>>,
}

impl Standin {
    pub fn start(kind: RobotKind, now_seconds: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let standin = Self { base, texts: Arc::default(), busy: Arc::default() };
        let serving = standin.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                serving.answer(kind, stream, now_seconds);
            }
        });
        standin
    }

    fn answer(&self, kind: RobotKind, mut stream: TcpStream, now: i64) {
        let (path, body) = read(&stream);
        let said = {
            let mut busy = self.busy.lock().unwrap();
            if *busy > 0 {
                *busy -= 1;
                too_fast(kind)
            } else {
                match kind {
                    RobotKind::WeCom => self.wecom(&path, &body),
                    RobotKind::DingTalk => self.dingtalk(&path, &body, now),
                    RobotKind::Feishu => self.feishu(&path, &body, now),
                }
            }
        };
        let text = said.to_string();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
            text.len()
        )
        .unwrap();
    }

    fn keep(&self, text: &Value) {
        self.texts.lock().unwrap().push(text.as_str().unwrap().to_owned());
    }

    fn wecom(&self, path: &str, body: &Value) -> Value {
        if path != format!("/cgi-bin/webhook/send?key={KEY}") {
            return json!({ "errcode": 93000, "errmsg": "invalid webhook url" });
        }
        let content = &body["text"]["content"];
        if body["msgtype"] != "text" || content.as_str().is_none_or(|text| text.len() > 2_048) {
            return json!({ "errcode": 40058, "errmsg": "text.content exceed max length 2048" });
        }
        self.keep(content);
        json!({ "errcode": 0, "errmsg": "ok" })
    }

    fn dingtalk(&self, path: &str, body: &Value, now: i64) -> Value {
        let query = path.strip_prefix("/robot/send?").unwrap_or_default();
        let query: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        if query.get("access_token") != Some(&KEY) {
            return json!({ "errcode": 300001, "errmsg": "token is not exist" });
        }
        let timestamp = query.get("timestamp").copied().unwrap_or_default();
        let near = timestamp.parse::<i64>().is_ok_and(|at| (at / 1_000 - now).abs() <= 3_600);
        let signed = sign(SECRET, &format!("{timestamp}\n{SECRET}"));
        let sign = query.get("sign").copied().unwrap_or_default();
        let sign = sign.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        if !near || sign != signed {
            return json!({ "errcode": 310000, "errmsg": "sign not match, more: [https://ding-doc.dingtalk.com]" });
        }
        self.keep(&body["text"]["content"]);
        json!({ "errcode": 0, "errmsg": "ok" })
    }

    fn feishu(&self, path: &str, body: &Value, now: i64) -> Value {
        if path != format!("/open-apis/bot/v2/hook/{KEY}") {
            return json!({ "code": 19001, "msg": "param invalid: incoming webhook access token invalid" });
        }
        let timestamp = body["timestamp"].as_str().unwrap_or_default();
        let near = timestamp.parse::<i64>().is_ok_and(|at| (at - now).abs() <= 3_600);
        if !near || body["sign"] != sign(&format!("{timestamp}\n{SECRET}"), "") {
            return json!({ "code": 19021, "msg": "sign match fail or timestamp is not within one hour" });
        }
        assert_eq!(body["msg_type"], "text");
        self.keep(&body["content"]["text"]);
        json!({ "code": 0, "msg": "success", "data": {} })
    }
}

fn too_fast(kind: RobotKind) -> Value {
    match kind {
        RobotKind::WeCom => json!({ "errcode": 45009, "errmsg": "api freq out of limit" }),
        RobotKind::DingTalk => json!({ "errcode": 130101, "errmsg": "send too fast" }),
        RobotKind::Feishu => json!({ "code": 11232, "msg": "frequency limited" }),
    }
}

fn sign(key: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn read(stream: &TcpStream) -> (String, Value) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        head.push_str(&line);
        line.clear();
    }
    let length = head.to_lowercase().split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse();
    let mut body = vec![0; length.unwrap()];
    reader.read_exact(&mut body).unwrap();
    let path = head.split_whitespace().nth(1).unwrap().to_owned();
    (path, serde_json::from_slice(&body).unwrap())
}
