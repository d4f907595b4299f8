//! The record as others check it: `verify`, `witness` and `record`, against a real server on both databases.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use store::{Db, args};

use crate::program::{Running, add_user, body, each_place, get, json, on, run, words};

async fn database(place: &[String], folder: &Path) -> Db {
    match place.get(3) {
        Some(url) => Db::open(url).await.unwrap(),
        None => Db::open_file(&folder.join("jinmen.db")).await.unwrap(),
    }
}

/// The signed state once it has at least so many entries.
async fn reaches(address: &str, entries: u64) -> String {
    for _ in 0..80 {
        let signed = body(address, "/record/checkpoint");
        if signed.lines().nth(1).unwrap().parse::<u64>().unwrap() >= entries {
            return signed;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no {entries} entries within four seconds");
}

fn keep(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn verify(file: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let out = run(&[&["verify", file.to_str().unwrap(), "--format", "json"], more].concat());
    (out.status.code(), serde_json::from_slice(&out.stdout).unwrap_or(Value::Null))
}

/// The way of docs/en/record.md with nothing but `openssl`.
fn openssl_agrees(folder: &Path, signed: &str, ring: &Value) {
    use base64::Engine;
    let lines: Vec<&str> = signed.lines().collect();
    let text = keep(folder, "text", &format!("{}\n", lines[..3].join("\n")));
    let ways = [
        (4, vec!["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "pem", "-in", "text", "-sigfile", "signature"]),
        (
            5,
            vec![
                "dgst",
                "-sm3",
                "-verify",
                "pem",
                "-sigopt",
                "distid:1234567812345678",
                "-signature",
                "signature",
                "text",
            ],
        ),
    ];
    for (line, words) in ways {
        let signature = lines[line].rsplit(' ').next().unwrap();
        let signature = base64::engine::general_purpose::STANDARD.decode(signature).unwrap();
        std::fs::write(folder.join("signature"), &signature[4..]).unwrap();
        keep(folder, "pem", ring["keys"][line - 4]["pem"].as_str().unwrap());
        let out = std::process::Command::new("openssl").args(&words).current_dir(folder).output().unwrap();
        assert!(out.status.success(), "openssl {words:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    std::fs::remove_file(text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_from_the_server_is_verified_offline_and_an_altered_one_is_not() {
    each_place(async |place, folder| {
        add_user(&place, "admin", "system_admin");
        let (serving, address) = Running::serve(&place);
        let seen = keep(folder, "seen.txt", &reaches(&address, 1).await);
        let proof = keep(folder, "proof.json", &body(&address, "/record/proof/0"));
        let keys = keep(folder, "keys.json", &body(&address, "/.well-known/jinmen/keys"));
        assert!(get(&address, "/record/proof/100000").starts_with("HTTP/1.1 404"));
        assert!(get(&address, "/record/tile/0/999").starts_with("HTTP/1.1 404"));
        assert!(get(&address, "/record/tile/../../jinmen.db").starts_with("HTTP/1.1 404"));
        let keys_path = keys.to_str().unwrap();
        let (code, report) = verify(&proof, &["--keys", keys_path, "--checkpoint", seen.to_str().unwrap()]);
        assert_eq!(
            (code, &report["valid"], &report["kind"]),
            (Some(0), &true.into(), &"record_proof".into()),
            "{report}"
        );
        assert!(report["signer"].as_str().unwrap().contains("ed25519"));
        assert_eq!(verify(&proof, &[]).0, Some(0));

        // The keys in the forms that people have them in.
        let ring: Value = serde_json::from_str(&std::fs::read_to_string(&keys).unwrap()).unwrap();
        let pem = keep(folder, "key.pem", ring["keys"][1]["pem"].as_str().unwrap());
        assert_eq!(verify(&proof, &["--keys", pem.to_str().unwrap()]).0, Some(0));
        let line = keep(folder, "key.txt", ring["keys"][0]["verifier"].as_str().unwrap());
        assert_eq!(verify(&proof, &["--keys", line.to_str().unwrap()]).0, Some(0));

        openssl_agrees(folder, &body(&address, "/record/checkpoint"), &ring);

        let mut altered: Value = serde_json::from_str(&std::fs::read_to_string(&proof).unwrap()).unwrap();
        altered["number"] = 5.into();
        let bad = keep(folder, "bad.json", &altered.to_string());
        let (code, report) = verify(&bad, &["--keys", keys_path]);
        assert_eq!((code, &report["valid"]), (Some(1), &false.into()), "{report}");
        for (name, text) in [
            ("kind.json", "{\"kind\":\"certificate\"}"),
            ("none.json", "{}"),
            ("text.json", "hello"),
            ("half.json", "{\"kind\":\"record_proof\"}"),
        ] {
            let out = run(&["verify", keep(folder, name, text).to_str().unwrap()]);
            assert_eq!(out.status.code(), Some(2), "{}", words(&out));
            assert!(words(&out).contains(name), "{}", words(&out));
        }
        assert_eq!(run(&["verify", folder.join("absent").to_str().unwrap()]).status.code(), Some(2));
        assert_eq!(verify(&proof, &["--keys", bad.to_str().unwrap()]).0, Some(2));
        assert_eq!(serving.stop(), Some(0));

        let checked = on(&place, &["record", "check", "--format", "json"]);
        assert_eq!((checked.status.code(), &json(&checked)["whole"]), (Some(0), &true.into()), "{}", words(&checked));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_is_content_with_growth_and_new_keys_and_notices_history_written_anew() {
    each_place(async |place, folder| {
        add_user(&place, "admin", "system_admin");
        let state = folder.join("witness.json");
        let witness = |address: &str, more: &[&str]| {
            let out =
                run(&[&["witness", address, "--state", state.to_str().unwrap(), "--format", "json"], more].concat());
            (out.status.code(), words(&out))
        };
        let (serving, address) = Running::serve(&place);
        reaches(&address, 1).await;
        assert_eq!(witness(&address, &[]).0, Some(0));
        let port = address.rsplit(':').next().unwrap().to_owned();
        let again = |place: &[String]| {
            let mut place = place.to_vec();
            place.extend(["--port".to_owned(), port.clone()]);
            place
        };
        for number in 0..3 {
            add_user(&place, &format!("user{number}"), "talent");
        }
        reaches(&address, 4).await;
        let seen = witness(&address, &["--new-only"]);
        assert_eq!(seen.0, Some(0), "{}", seen.1);
        assert!(seen.1.contains("\"entries_read\""), "{}", seen.1);
        let rotated = on(&place, &["record", "rotate", "--algorithm", "ed25519"]);
        assert_eq!(rotated.status.code(), Some(0), "{}", words(&rotated));
        reaches(&address, 5).await;
        let seen = witness(&address, &[]);
        assert_eq!(seen.0, Some(0), "{}", seen.1);
        assert_eq!(serving.stop(), Some(0));

        // The owner of the machine writes history anew, with every key in hand.
        let db = database(&place, folder).await;
        for sql in [
            "DELETE FROM record_entry WHERE number = 1",
            "UPDATE record_entry SET number = NULL",
            "DELETE FROM record_tile",
            "UPDATE record_log SET size = 0",
        ] {
            db.run(sql, args![]).await.unwrap();
        }
        db.close().await;
        add_user(&place, "later", "talent");
        let (serving, address) = Running::serve_at(&again(&place));
        reaches(&address, 5).await;
        let before = std::fs::read(&state).unwrap();
        let seen = witness(&address, &[]);
        assert_eq!(seen.0, Some(1), "{}", seen.1);
        assert!(seen.1.contains("\"consistent\":false"), "{}", seen.1);
        assert_eq!(std::fs::read(&state).unwrap(), before, "what was seen is kept");
        assert_eq!(serving.stop(), Some(0));
        assert_eq!(witness(&address, &[]).0, Some(2), "nobody answers");
    })
    .await;
}
