//! Short messages to a provider that is a small server on this machine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use jinmen_core::Instant;
use jinmen_core::codes::MobileNumber;
use notify::{Delivery, HttpSms, Means, ShortMessage, SmsProvider, SmsSettings};

/// Answers one request with a status; what it was sent.
fn provider(status: &'static str) -> (String, std::thread::JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/sms", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut line) = (String::new(), String::new());
        while reader.read_line(&mut line).unwrap() > 2 {
            head.push_str(&line);
            line.clear();
        }
        let length = head.to_lowercase().split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse();
        let mut body = vec![0; length.unwrap()];
        reader.read_exact(&mut body).unwrap();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        (head, String::from_utf8(body).unwrap())
    });
    (url, heard)
}

fn settings(url: &str) -> SmsSettings {
    SmsSettings { url: url.to_owned(), secret: Some("0123456789abcdef".into()) }
}

fn message() -> ShortMessage {
    ShortMessage {
        id: "m-1".into(),
        mobile: MobileNumber::parse("19900000001").unwrap(),
        means: Means::Voice,
        template: "code".into(),
        params: BTreeMap::from([("code".into(), "123456".to_owned())]),
        text: "验证码 123456".into(),
        at: Instant(1_700_000_000_000_000),
    }
}

#[tokio::test]
async fn a_message_is_handed_over_in_the_documented_form_and_signed() {
    let (url, heard) = provider("200 OK");
    let sms = HttpSms::new(&settings(&url)).unwrap();
    assert!(matches!(sms.send(&message()).await.unwrap(), Delivery::Sent));
    let (head, body) = heard.join().unwrap();
    assert!(head.starts_with("POST /sms "), "{head}");
    let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        sent,
        serde_json::json!({ "id": "m-1", "mobile": "19900000001", "means": "voice", "template": "code",
            "params": { "code": "123456" }, "text": "验证码 123456" })
    );
    let head = head.to_lowercase();
    assert!(head.contains("x-jinmen-timestamp: 1700000000"), "{head}");
    assert!(head.contains("x-jinmen-signature: sha256="), "{head}");
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_and_a_refusal_is_final() {
    for status in ["503 Busy", "429 Too Many"] {
        let (url, heard) = provider(status);
        assert!(HttpSms::new(&settings(&url)).unwrap().send(&message()).await.is_err(), "{status}");
        heard.join().unwrap();
    }
    for status in ["400 Bad", "302 Elsewhere"] {
        let (url, heard) = provider(status);
        let answer = HttpSms::new(&settings(&url)).unwrap().send(&message()).await.unwrap();
        assert!(matches!(answer, Delivery::Refused(_)), "{status}");
        heard.join().unwrap();
    }
    assert!(HttpSms::new(&settings("http://127.0.0.1:1/")).unwrap().send(&message()).await.is_err(), "nobody there");
}

#[test]
fn numbers_cross_the_network_sealed_and_signed_or_not_at_all() {
    assert!(HttpSms::new(&settings("http://sms.example.cn/")).is_err());
    assert!(HttpSms::new(&SmsSettings { url: "https://sms.example.cn/".into(), secret: None }).is_err());
    assert!(!format!("{:?}", settings("https://sms.example.cn/")).contains("0123456789abcdef"));
}
