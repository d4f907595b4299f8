//! The log over the entries, on both databases: places, signatures, proofs, and what an attacker with the
//! database in hand cannot hide.

use std::collections::BTreeSet;

use jinmen_core::{Actor, Clock, Instant, Object, OrganizationId};
use record::proof::{self, Held, Proof};
use record::seal::checkpoint::Checkpoint;
use record::seal::note;
use record::seal::tile::{self, Address, Place};
use record::seal::{Algorithm, merkle};
use record::{MIGRATIONS, Sequencer, WrappingKey, append, append_many, audit};
use serde_json::json;
use store::testing::each_db;
use store::{Db, args};

const ORIGIN: &str = "jinmen.example.cn/record";

fn wrapping() -> WrappingKey {
    WrappingKey::new([7; 32])
}

async fn sequencer(db: &Db) -> Sequencer {
    Sequencer::open(db.clone(), Clock::at(Instant(1_700_000_000_000_000)), wrapping(), ORIGIN).await.unwrap()
}

async fn append_some(db: &Db, count: usize) {
    let mut tx = db.begin().await.unwrap();
    let items = (0..count).map(|at| (Object::from(OrganizationId::new()), json!({ "at": at }))).collect();
    append_many(&mut tx, &Actor::System("test"), Instant(1), "test.made", items).await.unwrap();
    tx.commit().await.unwrap();
}

async fn state(db: &Db) -> Checkpoint {
    let signed = record::checkpoint(db).await.unwrap().unwrap();
    note::parse(&signed).unwrap().text.parse().unwrap()
}

async fn full(db: &Db, number: u64) -> Proof {
    proof::of(db, number, None, |_| true).await.unwrap()
}

async fn keys(db: &Db) -> Held {
    Held { keys: Some(record::ring(db).await.unwrap()), checkpoint: None }
}

#[tokio::test]
async fn entries_get_places_in_order_and_the_state_is_signed_by_both_keys() {
    each_db(&[MIGRATIONS], async |db| {
        append_some(&db, 3).await;
        let sequencer = sequencer(&db).await;
        assert_eq!(state(&db).await.size, 0);
        assert_eq!(record::progress(&db).await.unwrap(), (0, 3));
        assert_eq!(sequencer.catch_up().await.unwrap(), 3);
        append_some(&db, 600).await;
        assert_eq!(sequencer.catch_up().await.unwrap(), 600);
        assert_eq!(sequencer.catch_up().await.unwrap(), 0);
        assert_eq!(record::progress(&db).await.unwrap(), (603, 0));
        let rows: Vec<(i64,)> = db.list("SELECT number FROM record_entry ORDER BY id", args![]).await.unwrap();
        assert_eq!(rows.into_iter().map(|(number,)| number).collect::<Vec<_>>(), (0..603).collect::<Vec<_>>());
        let ring = record::ring(&db).await.unwrap();
        assert_eq!(ring.keys.iter().map(|key| key.algorithm).collect::<Vec<_>>(), [Algorithm::Ed25519, Algorithm::Sm2]);
        let signed = note::parse(&record::checkpoint(&db).await.unwrap().unwrap()).unwrap();
        assert_eq!(signed.verify(&ring.verifiers().unwrap()).unwrap().len(), 2);
        let found = audit(&db, |_| ()).await.unwrap();
        assert_eq!((found.entries, found.waiting, found.faults.len()), (603, 0, 0), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_served_makes_up_the_tree_that_is_signed() {
    each_db(&[MIGRATIONS], async |db| {
        let sequencer = sequencer(&db).await;
        for some in [200, 100, 300] {
            append_some(&db, some).await;
            sequencer.catch_up().await.unwrap();
        }
        let state = state(&db).await;
        let mut leaves = Vec::new();
        for index in 0..3 {
            let place = Place { level: 0, index };
            let address = Address::at(place, state.size);
            let nodes = tile::read_tile(&record::tile(&db, address).await.unwrap()).unwrap();
            let bundle = record::bundle(&db, index, address.width).await.unwrap();
            let entries: Vec<_> = tile::read_bundle(&bundle).unwrap().into_iter().map(merkle::leaf).collect();
            assert_eq!(entries, nodes);
            leaves.extend(nodes);
        }
        assert_eq!(merkle::root(600, &mut merkle::Leaves(leaves)).unwrap(), state.root);
        // A tile as it was at an earlier state, and what never was.
        let early = Address { place: Place { level: 0, index: 0 }, width: 200 };
        assert_eq!(record::tile(&db, early).await.unwrap().len(), 200 * 32);
        for (level, index, width) in [(0, 2, 89), (0, 3, 1), (1, 0, 3), (9, 0, 1), (0, u64::MAX, 256)] {
            let address = Address { place: Place { level, index }, width };
            assert!(record::tile(&db, address).await.is_err(), "{address:?}");
        }
        assert!(record::bundle(&db, 2, 89).await.is_err());
        assert!(record::bundle(&db, u64::MAX / 2, 1).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_proof_checks_offline_with_and_without_the_entry() {
    each_db(&[MIGRATIONS], async |db| {
        append_some(&db, 300).await;
        sequencer(&db).await.catch_up().await.unwrap();
        let held = keys(&db).await;
        for number in [0, 255, 256, 299] {
            let shown = full(&db, number).await;
            let text = serde_json::to_string(&shown).unwrap();
            let report = proof::verify(&serde_json::from_str(&text).unwrap(), &held);
            assert!(report.valid, "{report:?}");
            assert!(report.signer.unwrap().contains(ORIGIN));
            assert_eq!(report.time.as_deref(), Some(Instant(1).to_rfc3339().as_str()));
            let hidden = proof::of(&db, number, None, |_| false).await.unwrap();
            assert!(hidden.entry.is_none() && hidden.salt.is_none());
            assert!(proof::verify(&hidden, &held).valid);
            assert!(proof::verify(&hidden, &Held::default()).valid);
        }
        assert!(proof::of(&db, 300, None, |_| true).await.is_err());
        assert!(proof::of(&db, u64::MAX, None, |_| true).await.is_err());
        assert!(proof::of(&db, 0, Some(301), |_| true).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn whatever_of_a_proof_is_altered_it_proves_nothing() {
    each_db(&[MIGRATIONS], async |db| {
        append_some(&db, 20).await;
        sequencer(&db).await.catch_up().await.unwrap();
        let (good, held) = (serde_json::to_value(full(&db, 7).await).unwrap(), keys(&db).await);
        let changes: [(&str, serde_json::Value); 8] = [
            ("/number", json!(8)),
            ("/version", json!(2)),
            ("/kind", json!("certificate")),
            ("/digest", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
            ("/entry/data/at", json!(1000)),
            ("/salt", json!("AAAAAAAAAAAAAAAAAAAAAA==")),
            ("/path/1", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
            ("/path/0", json!("?")),
        ];
        for (place, value) in changes {
            let mut bad = good.clone();
            *bad.pointer_mut(place).unwrap() = value;
            let report = proof::verify(&serde_json::from_value(bad).unwrap(), &held);
            assert!(!report.valid, "{place}: {report:?}");
        }
        let mut bad = good.clone();
        bad["checkpoint"] = json!(good["checkpoint"].as_str().unwrap().replacen("\n20\n", "\n21\n", 1));
        assert!(!proof::verify(&serde_json::from_value(bad).unwrap(), &held).valid);
        let mut bad = good;
        bad.as_object_mut().unwrap().remove("salt");
        assert!(!proof::verify(&serde_json::from_value(bad).unwrap(), &held).valid);
    })
    .await;
}

#[tokio::test]
async fn a_proof_by_somebody_elses_keys_is_not_believed() {
    each_db(&[MIGRATIONS], async |db| {
        append_some(&db, 2).await;
        sequencer(&db).await.catch_up().await.unwrap();
        let trusted = keys(&db).await;
        for table in ["record_key", "record_log", "record_tile"] {
            let sql: &'static str = Box::leak(format!("DELETE FROM {table}").into_boxed_str());
            db.run(sql, args![]).await.unwrap();
        }
        db.run("UPDATE record_entry SET number = NULL", args![]).await.unwrap();
        sequencer(&db).await.catch_up().await.unwrap();
        let forged = full(&db, 1).await;
        assert!(proof::verify(&forged, &Held::default()).valid);
        let report = proof::verify(&forged, &trusted);
        assert!(!report.valid && report.signer.is_none(), "{report:?}");
    })
    .await;
}

#[tokio::test]
async fn whoever_holds_an_earlier_checkpoint_notices_a_change_a_removal_and_another_order() {
    each_db(&[MIGRATIONS], async |db| {
        append_some(&db, 10).await;
        let sequencer = sequencer(&db).await;
        sequencer.catch_up().await.unwrap();
        let mut held = keys(&db).await;
        held.checkpoint = record::checkpoint(&db).await.unwrap();
        append_some(&db, 5).await;
        sequencer.catch_up().await.unwrap();
        let honest = proof::of(&db, 12, Some(10), |_| true).await.unwrap();
        let report = proof::verify(&honest, &held);
        assert!(report.valid, "{report:?}");
        let report = proof::verify(&full(&db, 12).await, &held);
        assert!(!report.valid && report.checks.iter().any(|check| check.detail.contains("?from=10")), "{report:?}");

        // The owner of the machine, with every key, writes history anew.
        let forgeries = [
            "UPDATE record_entry SET digest = (SELECT digest FROM record_entry WHERE number = 9) WHERE number = 3",
            "DELETE FROM record_entry WHERE number = 4",
            "UPDATE record_entry SET id = '00000000-0000-7000-8000-000000000000' WHERE number = 5",
        ];
        for forgery in forgeries {
            db.run(forgery, args![]).await.unwrap();
            db.run("DELETE FROM record_tile", args![]).await.unwrap();
            db.run("UPDATE record_entry SET number = NULL", args![]).await.unwrap();
            db.run("UPDATE record_log SET size = 0", args![]).await.unwrap();
            sequencer.catch_up().await.unwrap();
            let forged = proof::of(&db, 11, Some(10), |_| true).await.unwrap();
            let report = proof::verify(&forged, &held);
            let wrong: BTreeSet<_> = report.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
            assert!(wrong.contains("checkpoint"), "{forgery}: {report:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_audit_names_what_was_altered_in_the_database() {
    each_db(&[MIGRATIONS], async |db| {
        let sequencer = sequencer(&db).await;
        append_some(&db, 700).await;
        sequencer.catch_up().await.unwrap();
        let changes = [
            ("UPDATE record_entry SET actor_name = 'somebody else' WHERE number = 10", "entry 10 was altered"),
            ("UPDATE record_entry SET salt = NULL WHERE number = 11", "entry 11 lost its salt"),
            ("DELETE FROM record_tile WHERE level = 1", "of level 1"),
            ("UPDATE record_log SET checkpoint = replace(checkpoint, '700', '699') WHERE id = 1", "does not fit"),
        ];
        for (change, expected) in changes {
            db.run(change, args![]).await.unwrap();
            let found = audit(&db, |_| ()).await.unwrap();
            assert!(found.faults.iter().any(|fault| fault.contains(expected)), "{change}: {:?}", found.faults);
        }
        db.run("DELETE FROM record_entry WHERE number = 20", args![]).await.unwrap();
        assert!(!audit(&db, |_| ()).await.unwrap().is_whole());
    })
    .await;
}

#[tokio::test]
async fn a_deleted_meaning_leaves_the_record_whole_and_the_proof_good() {
    each_db(&[MIGRATIONS], async |db| {
        let object = Object::from(OrganizationId::new());
        let mut tx = db.begin().await.unwrap();
        append(&mut tx, &Actor::Nobody, Instant(1), "test.made", object.clone(), json!({ "name": "某人" }))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let sequencer = sequencer(&db).await;
        sequencer.catch_up().await.unwrap();
        let before = full(&db, 0).await;
        let mut tx = db.begin().await.unwrap();
        record::forget(&mut tx, &object).await.unwrap();
        tx.commit().await.unwrap();
        let after = full(&db, 0).await;
        assert!(after.entry.is_none() && after.salt.is_none() && after.digest == before.digest);
        let held = keys(&db).await;
        assert!(proof::verify(&after, &held).valid && proof::verify(&before, &held).valid);
        let found = audit(&db, |_| ()).await.unwrap();
        assert_eq!((found.forgotten, found.faults.len()), (1, 0), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn a_rotated_key_is_vouched_for_and_old_proofs_go_on_to_check() {
    each_db(&[MIGRATIONS], async |db| {
        let sequencer = sequencer(&db).await;
        append_some(&db, 2).await;
        sequencer.catch_up().await.unwrap();
        let (old_keys, old_proof) = (keys(&db).await, full(&db, 1).await);
        for algorithm in [Algorithm::Ed25519, Algorithm::Sm2, Algorithm::Ed25519] {
            record::rotate(&db, &Actor::System("test"), &wrapping(), algorithm, Instant(5)).await.unwrap();
        }
        assert!(
            record::rotate(&db, &Actor::System("test"), &wrapping(), Algorithm::EcdsaP256, Instant(5)).await.is_err()
        );
        sequencer.catch_up().await.unwrap();
        let ring = record::ring(&db).await.unwrap();
        assert_eq!((ring.keys.len(), ring.keys.iter().filter(|key| key.until.is_none()).count()), (5, 2));
        let new_proof = full(&db, 1).await;
        // Keys as they were known before the rotation believe the new ones, and the new ones the old proof.
        assert!(proof::verify(&new_proof, &old_keys).valid);
        assert!(proof::verify(&old_proof, &Held { keys: Some(ring), checkpoint: None }).valid);
        assert!(audit(&db, |_| ()).await.unwrap().is_whole());
    })
    .await;
}

#[tokio::test]
async fn another_master_key_signs_nothing_and_says_so_until_the_keys_are_wrapped_again() {
    each_db(&[MIGRATIONS], async |db| {
        sequencer(&db).await;
        append_some(&db, 1).await;
        let clock = Clock::at(Instant(9));
        let other = WrappingKey::new([8; 32]);
        let stranger = Sequencer::open(db.clone(), clock.clone(), other.clone(), ORIGIN).await.unwrap();
        assert!(stranger.catch_up().await.is_err());
        assert_eq!(record::progress(&db).await.unwrap(), (0, 1));
        let mut tx = db.begin().await.unwrap();
        assert!(record::wrap_again(&mut tx, &other, &wrapping()).await.is_err());
        record::wrap_again(&mut tx, &wrapping(), &other).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stranger.catch_up().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn two_sequencers_beside_writers_give_every_entry_one_place() {
    each_db(&[MIGRATIONS], async |db| {
        let (first, second) = (sequencer(&db).await, sequencer(&db).await);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = [tokio::spawn(first.run(stopped.clone())), tokio::spawn(second.run(stopped))];
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    for _ in 0..15 {
                        append_some(&db, 3).await;
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        stop.send(true).unwrap();
        for one in running {
            one.await.unwrap();
        }
        assert_eq!(record::progress(&db).await.unwrap(), (360, 0));
        let found = audit(&db, |_| ()).await.unwrap();
        assert!(found.is_whole(), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn more_than_a_batch_is_sequenced_in_one_go() {
    each_db(&[MIGRATIONS], async |db| {
        append_some(&db, 4_100).await;
        assert_eq!(sequencer(&db).await.catch_up().await.unwrap(), 4_100);
        let mut heard = Vec::new();
        let found = audit(&db, |entries| heard.push(entries)).await.unwrap();
        assert!(found.is_whole(), "{found:?}");
        assert_eq!(heard.last(), Some(&4_100));
    })
    .await;
}

#[tokio::test]
async fn the_name_of_the_log_stays_the_first_one() {
    each_db(&[MIGRATIONS], async |db| {
        sequencer(&db).await;
        Sequencer::open(db.clone(), Clock::at(Instant(9)), wrapping(), "other.example.cn/record").await.unwrap();
        assert_eq!(state(&db).await.origin, ORIGIN);
        assert_eq!(record::ring(&db).await.unwrap().keys.len(), 2);
    })
    .await;
}
