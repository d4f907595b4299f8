//! Readable numbers.

use std::collections::BTreeSet;

use cases::next_number;
use store::testing::each_db;
use store::{Db, args};

use crate::SETS;

async fn take(db: &Db, prefix: &str, year: i16) -> String {
    let mut tx = db.begin().await.unwrap();
    let number = next_number(&mut tx, prefix, year).await.unwrap();
    tx.commit().await.unwrap();
    number
}

#[tokio::test]
async fn numbers_count_by_prefix_and_year() {
    each_db(&SETS, async |db| {
        for (prefix, year, expected) in [
            ("RY", 2021, "RY-2021-0001"),
            ("RY", 2021, "RY-2021-0002"),
            ("RY", 2022, "RY-2022-0001"),
            ("CP", 2021, "CP-2021-0001"),
            ("RY", 2021, "RY-2021-0003"),
        ] {
            assert_eq!(take(&db, prefix, year).await, expected);
        }
        db.run("UPDATE number_counter SET last = 9999 WHERE year = 2022", args![]).await.unwrap();
        assert_eq!(take(&db, "RY", 2022).await, "RY-2022-10000");
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_rolled_back_is_given_out_again() {
    each_db(&SETS, async |db| {
        take(&db, "RY", 2021).await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(next_number(&mut tx, "RY", 2021).await.unwrap(), "RY-2021-0002");
        drop(tx);
        assert_eq!(take(&db, "RY", 2021).await, "RY-2021-0002");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_at_once_get_sixty_numbers_without_a_gap() {
    each_db(&SETS, async |db| {
        let takers: Vec<_> = (0..60)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut tx = db.begin().await.unwrap();
                    let number = next_number(&mut tx, "RY", 2021).await.unwrap();
                    tokio::task::yield_now().await;
                    // Some change their mind.
                    if n % 4 == 0 {
                        tx.rollback().await.unwrap();
                        None
                    } else {
                        tx.commit().await.unwrap();
                        Some(number)
                    }
                })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for taker in takers {
            numbers.extend(taker.await.unwrap());
        }
        let expected: BTreeSet<String> = (1..=45).map(|n| format!("RY-2021-{n:04}")).collect();
        assert_eq!(numbers, expected);
    })
    .await;
}
