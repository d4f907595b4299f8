//! What the operator does about keys from the terminal: `jinmen rekey` and `jinmen user reset-second-factor`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use access::{Access, Vault, totp};
use jinmen_core::{AccountId, Clock, PageRequest};
use serde_json::json;
use store::{Db, args};

use crate::program::{Running, add_user, command, each_place, json as parsed, on, run, where_to, words};

/// Columns of bytes that hold no sealed value: digests, public keys, tiles, answers kept, facts that stand open elsewhere.
const NOT_SEALED: [&str; 14] = [
    "api_token.token_hash",
    "claim_letter.code_hash",
    "invitation.token_hash",
    "mobile_code.challenge_hash",
    "mobile_code.code_hash",
    "mobile_link.token_hash",
    "once_key.body",
    "organization_known.known",
    "record_entry.digest",
    "record_entry.salt",
    "record_key.public",
    "record_tile.nodes",
    "session.token_hash",
    "sign_in_step.token_hash",
];
/// Columns of bytes that `jinmen rekey` seals again; `record_key.secret` is wrapped in a form of its own, and `fact.sealed` has
/// nothing in it yet.
const SEALED: [&str; 16] = [
    "account.mobile",
    "call_answer.sealed",
    "call_auto_grant_line.account",
    "call_objection.sealed",
    "claim_letter.code_sealed",
    "contact_point.sealed",
    "fact.sealed",
    "mobile_code.mobile",
    "mobile_link.mobile",
    "person.resident_sealed",
    "record_key.secret",
    "robot.address_sealed",
    "robot.secret_sealed",
    "second_factor.secret",
    "webhook.old_secret_sealed",
    "webhook.secret_sealed",
];

async fn database(place: &[String], folder: &Path) -> Db {
    match place.get(3) {
        Some(url) => Db::open(url).await.unwrap(),
        None => Db::open_file(&folder.join("jinmen.db")).await.unwrap(),
    }
}

fn leaked(sql: String) -> &'static str {
    sql.leak()
}

/// How many values of each column a key opens, whatever they were sealed for.
async fn opened(db: &Db, vault: &Vault) -> BTreeMap<String, usize> {
    let mut purposes: Vec<String> = ["account_mobile", "totp", "resident_id", "claim_letter"].map(str::to_owned).into();
    purposes.extend(
        ["robot_address", "robot_secret", "webhook_secret", "calls.answer", "calls.objector", "calls.account"]
            .map(str::to_owned),
    );
    let kinds: Vec<(String,)> = db.list("SELECT DISTINCT kind FROM contact_point", args![]).await.unwrap();
    purposes.extend(kinds.into_iter().map(|(kind,)| format!("contact.{kind}")));
    let mut found = BTreeMap::new();
    for column in SEALED.iter().filter(|column| **column != "fact.sealed") {
        let (table, name) = column.split_once('.').unwrap();
        let sql = leaked(format!("SELECT {name} FROM {table} WHERE {name} IS NOT NULL"));
        let rows: Vec<(Vec<u8>,)> = db.list(sql, args![]).await.unwrap();
        let opens = |(bytes,): &(Vec<u8>,)| purposes.iter().any(|purpose| vault.open(purpose, bytes).is_ok());
        found.insert((*column).to_owned(), rows.iter().filter(|row| opens(row)).count());
    }
    found
}

/// Gives an account a second proof; its recovery codes.
async fn secure(access: &Access, vault: &Vault, account: AccountId) -> Vec<String> {
    let offered = access::offer_second(access, vault, account, "Jinmen").await.unwrap();
    let token = access::enter(access, account, "test", "::1").await.unwrap();
    let session = access::find_session(access, &access::Presented { token }).await.unwrap().unwrap();
    let code = totp::shown(&offered.text, access.clock.now().0 / 1_000_000).unwrap();
    access::confirm_second(access, vault, &session, &code).await.unwrap()
}

async fn account(db: &Db, name: &str) -> access::Account {
    access::find_account(db, name).await.unwrap()
}

async fn last_told(db: &Db, person: jinmen_core::PersonId) -> String {
    notify::inbox(db, person, false, &PageRequest::default()).await.unwrap().items[0].message_key.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_proof_that_was_lost_is_reset_from_the_terminal_and_its_owner_is_told() {
    each_place(async |place, folder| {
        add_user(&place, "admin", "system_admin");
        let reset = |name: &str| on(&place, &["user", "reset-second-factor", name, "--format", "json"]);
        let nothing = reset("admin");
        assert_eq!(nothing.status.code(), Some(1), "{}", words(&nothing));
        let db = database(&place, folder).await;
        let access = Access::new(db.clone(), Clock::system());
        let vault = Vault::from_file(&folder.join("master.key")).unwrap();
        let admin = account(&db, "admin").await;
        secure(&access, &vault, admin.id).await;
        assert!(access::second_of(&access, admin.id).await.unwrap().is_some());
        let done = reset("admin");
        assert_eq!(done.status.code(), Some(0), "{}", words(&done));
        assert_eq!(parsed(&done), json!({ "account": "admin", "done": true }));
        assert!(access::second_of(&access, admin.id).await.unwrap().is_none());
        assert_eq!(last_told(&db, admin.person).await, "notice-work-security-reset-text");
        let filter = record::Filter { action: Some("access.second_factor.reset".into()), ..Default::default() };
        let entries = record::list(&db, &filter, &PageRequest::default()).await.unwrap().items;
        assert_eq!((entries.len(), entries[0].actor.name.as_str()), (1, "command line"));
        let unknown = reset("nobody");
        assert_eq!(unknown.status.code(), Some(1));
        assert!(words(&unknown).contains("jinmen: "), "{}", words(&unknown));
        db.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_master_key_opens_everything_that_the_old_one_opened_and_the_old_one_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("instance");
    let shown = dir.display().to_string();
    let mut demo = Running::start(command(&["demo", "--dir", &shown, "--port", "0", "--format", "json"]));
    demo.first_line();
    assert_eq!(demo.stop(), Some(0));
    let place = where_to(None, &dir);
    let db = database(&place, &dir).await;
    let columns: Vec<(String,)> = db
        .list(
            "SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
             WHERE m.type = 'table' AND p.type = 'BYTEA' ORDER BY 1",
            args![],
        )
        .await
        .unwrap();
    for (column,) in columns {
        let known = SEALED.contains(&column.as_str()) || NOT_SEALED.contains(&column.as_str());
        assert!(
            known || column == "webhook.old_secret_sealed",
            "{column}: is it sealed? then jinmen rekey must know it"
        );
    }
    let old = Vault::from_file(&dir.join("master.key")).unwrap();
    let access = Access::new(db.clone(), Clock::system());
    let (person,): (String,) =
        db.one("SELECT person_id FROM account WHERE mobile IS NOT NULL ORDER BY id LIMIT 1", args![]).await.unwrap();
    let (id,): (String,) = db.one("SELECT id FROM account WHERE person_id = $1", args![&person]).await.unwrap();
    let id: AccountId = id.parse().unwrap();
    secure(&access, &old, id).await;
    keep_sealed(&db, &old, &person).await;
    let before = opened(&db, &old).await;
    for column in ["account.mobile", "contact_point.sealed", "second_factor.secret", "webhook.secret_sealed"] {
        assert!(before[column] > 0, "{column}: {before:?}");
    }
    let mobile = access::mobile_of(&access, &old, id).await.unwrap().unwrap();

    let done = on(&place, &["rekey", "--format", "json"]);
    assert_eq!(done.status.code(), Some(0), "{}", words(&done));
    let report = parsed(&done);
    assert_eq!(report["recovery_codes_ended"], 1, "{report}");
    let new = Vault::from_file(&dir.join("master.key")).unwrap();
    let kept = PathBuf::from(report["old_key"].as_str().unwrap());
    assert_eq!(Vault::from_file(&kept).unwrap().mark(), old.mark());
    assert_ne!(new.mark(), old.mark());
    assert_eq!(opened(&db, &new).await, before);
    assert!(opened(&db, &old).await.values().all(|count| *count == 0));
    // What is found by its blind index is found under the new one.
    assert_eq!(access::account_by_mobile(&access, &new, &mobile).await.unwrap().unwrap().id, id);
    let (moved,): (serde_json::Value,) = db.one("SELECT moved FROM person_merge", args![]).await.unwrap();
    let identity = &moved["to"][0];
    let bytes: Vec<u8> = hex(identity["resident_sealed"].as_str().unwrap());
    assert_eq!(new.open("resident_id", &bytes).unwrap(), "120103198001011234");
    assert_eq!(identity["resident_blind"], new.blind("resident_id", "120103198001011234"));
    assert_eq!(access::second_of(&access, id).await.unwrap().unwrap().left, 0);
    assert_eq!(last_told(&db, person.parse().unwrap()).await, "notice-work-security-rekeyed-text");
    db.close().await;

    // The record's keys sign on, and what was signed before holds.
    let (serving, _) = Running::serve(&place);
    assert_eq!(serving.stop(), Some(0));
    let checked = on(&place, &["record", "check", "--format", "json"]);
    assert_eq!((checked.status.code(), &parsed(&checked)["whole"]), (Some(0), &true.into()), "{}", words(&checked));
}

/// One value of each kind that the demonstration has none of.
async fn keep_sealed(db: &Db, vault: &Vault, person: &str) {
    let seal = |purpose: &str, value: &str| vault.seal(purpose, value).unwrap();
    let secret = seal("webhook_secret", "whsec_x").bytes;
    db.run(
        "INSERT INTO webhook (id, name, url, actions, secret_sealed, old_secret_sealed, state, cursor, created_at)
         VALUES ('w', 'w', 'https://example.cn', '[]', $1, $1, 'paused', 0, 0)",
        args![secret],
    )
    .await
    .unwrap();
    let resident = seal("resident_id", "120103198001011234");
    let hex: String = resident.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let moved =
        json!({ "to": [{ "resident_sealed": hex, "resident_blind": resident.blind }, { "resident_sealed": null }] });
    db.run(
        "INSERT INTO person_merge (id, from_id, to_id, name, moved, reason, merged_name, merged_at)
         VALUES ('m', $1, $1, 'x', $2, '', 'x', 0)",
        args![person, moved],
    )
    .await
    .unwrap();
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_is_changed_on_either_database_and_a_wrong_one_opens_no_instance() {
    each_place(async |place, folder| {
        add_user(&place, "admin", "system_admin");
        let (serving, _) = Running::serve(&place);
        assert_eq!(serving.stop(), Some(0));
        let key = folder.join("master.key");
        let old = std::fs::read_to_string(&key).unwrap();
        let given = folder.join("given");
        for (bad, said) in [("zz", "64 hexadecimal digits"), (old.as_str(), "the new key is the old one")] {
            std::fs::write(&given, bad).unwrap();
            let refused = on(&place, &["rekey", "--new-key", given.to_str().unwrap()]);
            assert_eq!(refused.status.code(), Some(2), "{}", words(&refused));
            assert!(words(&refused).contains(said), "{}", words(&refused));
        }
        let new = "ab".repeat(32);
        std::fs::write(&given, format!("{new}\n")).unwrap();
        let done = on(&place, &["rekey", "--new-key", given.to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(0), "{}", words(&done));
        assert!(words(&done).contains("backups made before today need it"), "{}", words(&done));
        assert_eq!(std::fs::read_to_string(&key).unwrap().trim(), new);
        // As if the power had failed between the database and the file: the answer says what to do.
        std::fs::rename(&key, folder.join("master.key.new")).unwrap();
        std::fs::write(&key, &old).unwrap();
        let cut = on(&place, &["user", "list"]);
        assert_eq!(cut.status.code(), Some(2));
        assert!(words(&cut).contains("master.key.new to"), "{}", words(&cut));
        std::fs::rename(folder.join("master.key.new"), &key).unwrap();
        assert_eq!(on(&place, &["user", "list"]).status.code(), Some(0));
        // With the key in the environment it is given, and the operator puts the new one there.
        std::fs::write(&given, "cd".repeat(32)).unwrap();
        let arguments: Vec<&str> = ["rekey"].into_iter().chain(place.iter().map(String::as_str)).collect();
        let asked = command(&arguments).env("JINMEN_MASTER_KEY", &new).output().unwrap();
        assert_eq!(asked.status.code(), Some(2));
        assert!(words(&asked).contains("--new-key"), "{}", words(&asked));
        let with: Vec<&str> = arguments.iter().copied().chain(["--new-key", given.to_str().unwrap()]).collect();
        let done = command(&with).env("JINMEN_MASTER_KEY", &new).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", words(&done));
        let stale = on(&place, &["user", "list"]);
        assert_eq!(stale.status.code(), Some(2), "{}", words(&stale));
        let fresh = command(&[&["user", "list"][..], &arguments[1..]].concat())
            .env("JINMEN_MASTER_KEY", "cd".repeat(32))
            .output()
            .unwrap();
        assert_eq!(fresh.status.code(), Some(0), "{}", words(&fresh));
    })
    .await;
    let nothing = tempfile::tempdir().unwrap();
    let refused = run(&["rekey", "--dir", nothing.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", words(&refused));
    assert!(words(&refused).contains("is no instance"), "{}", words(&refused));
}
