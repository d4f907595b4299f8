//! `jinmen backup` and `jinmen restore` around a running server, from and to both databases.

use std::fs;

use serde_json::Value;
use store::testing::Throwaway;

use crate::program::{Running, add_user, body, each_place, get, json, on, run, where_to, words};

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_is_backed_up_while_it_serves_and_comes_back_on_either_database() {
    each_place(async |place, _folder| {
        add_user(&place, "admin", "system_admin");
        let (serving, address) = Running::serve(&place);
        let safe = tempfile::tempdir().unwrap();
        let out = safe.path().join("today.backup").display().to_string();
        let keys = safe.path().join("master.key").display().to_string();
        let made = on(&place, &["backup", &out, "--keys-out", &keys, "--format", "json"]);
        assert_eq!(made.status.code(), Some(0), "{}", words(&made));
        assert!(json(&made)["rows"].as_u64().unwrap() > 3);
        assert!(!fs::read(&out).unwrap().windows(32).any(|w| fs::read(&keys).unwrap().starts_with(w)), "keys apart");
        assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
        let proof = safe.path().join("proof.json");
        fs::write(&proof, body(&address, "/record/proof/0")).unwrap();
        assert_eq!(serving.stop(), Some(0));
        let checked = run(&["restore", &out, "--check", "--format", "json"]);
        assert_eq!((checked.status.code(), &json(&checked)["whole"]), (Some(0), &Value::from(true)));

        let server = Throwaway::postgres(&[]).await;
        for database in [None, Some(server.url())] {
            let target = tempfile::tempdir().unwrap();
            let there = where_to(database.as_deref(), &target.path().join("instance"));
            let keyless = on(&there, &["restore", &out]);
            assert_eq!(keyless.status.code(), Some(2));
            assert!(words(&keyless).contains("--keys"), "{}", words(&keyless));
            let back = on(&there, &["restore", &out, "--keys", &keys, "--format", "json"]);
            assert_eq!(back.status.code(), Some(0), "{}", words(&back));
            assert_eq!(json(&back)["more"]["record"]["faults"], Value::from(Vec::<Value>::new()));
            let twice = on(&there, &["restore", &out, "--keys", &keys]);
            assert_eq!(twice.status.code(), Some(2));
            assert!(words(&twice).contains("not empty"), "{}", words(&twice));
            assert!(words(&on(&there, &["user", "list"])).contains("admin"));
            // It goes on as the same instance: the same keys sign, the old proof holds.
            let (serving, address) = Running::serve(&there);
            let ring = safe.path().join("ring.json");
            fs::write(&ring, body(&address, "/.well-known/jinmen/keys")).unwrap();
            let verified = run(&["verify", proof.to_str().unwrap(), "--keys", ring.to_str().unwrap()]);
            assert_eq!(verified.status.code(), Some(0), "{}", words(&verified));
            assert_eq!(serving.stop(), Some(0));
        }
        server.drop_now().await;
    })
    .await;
}

#[test]
fn what_cannot_be_backed_up_or_restored_says_why_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let empty = run(&["backup", &at("a.backup"), "--dir", &at("nowhere")]);
    assert_eq!(empty.status.code(), Some(2));
    assert!(words(&empty).contains("no instance"), "{}", words(&empty));
    assert!(!folder.path().join("nowhere").exists());
    let place = where_to(None, &folder.path().join("instance"));
    add_user(&place, "admin", "system_admin");
    let unwritable = on(&place, &["backup", &at("no/such/folder.backup")]);
    assert_eq!(unwritable.status.code(), Some(2));
    assert!(words(&unwritable).contains("folder.backup"), "{}", words(&unwritable));
    assert_eq!(on(&place, &["backup", &at("a.backup")]).status.code(), Some(0));
    let whole = fs::read(at("a.backup")).unwrap();
    fs::write(at("cut.backup"), &whole[..whole.len() / 2]).unwrap();
    let cut = run(&["restore", &at("cut.backup"), "--dir", &at("target")]);
    assert_eq!(cut.status.code(), Some(2));
    assert!(words(&cut).contains("cut"), "{}", words(&cut));
    fs::write(at("other.key"), "0".repeat(64)).unwrap();
    let wrong = run(&["restore", &at("a.backup"), "--dir", &at("target"), "--keys", &at("other.key")]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(words(&wrong).contains("master key"), "{}", words(&wrong));
    assert!(!folder.path().join("target/master.key").exists());
    let keys = at("instance/master.key");
    let right = run(&["restore", &at("a.backup"), "--dir", &at("target"), "--keys", &keys]);
    assert_eq!(right.status.code(), Some(0), "after the failures: {}", words(&right));
}
