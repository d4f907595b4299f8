//! Chinese search.

use jinmen_core::Object;
use store::search::{self, Entry, MIGRATIONS, Spread, Typed};
use store::testing::each_db;
use store::{Db, Query, args};

const NAMES: [(&str, &str, &str); 7] = [
    ("shuju", "天津数聚（河西）科技有限公司", "大数据与人工智能，服务信创产业"),
    ("xinchuang", "河西信创软件开发平台", "An open platform for domestic CPUs, since 2021"),
    ("base", "京津冀信创人才培训基地", "培训"),
    ("nankai", "Nankai Institute of Economics", "数字经济研究"),
    ("rare", "䶮堃二〇二一𠮷科技", ""),
    ("bound", "天津", "市场"),
    ("tech", "C++ & AI-Lab【滨海】", "ＡＩ４２ 實驗室"),
];

async fn fill(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    for (id, name, text) in NAMES {
        let entry = Entry { names: vec![name.into()], texts: vec![text.into()] };
        search::put(&mut tx, &Object::new("organization", id), &entry).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn found(db: &Db, typed: &str) -> Vec<String> {
    let mut ids = search::find(db, "organization", typed, 50).await.unwrap();
    ids.sort();
    ids
}

#[tokio::test]
async fn chinese_is_found_by_word_substring_pinyin_and_other_spellings() {
    each_db(&[MIGRATIONS], async |db| {
        fill(&db).await;
        let expected: [(&str, &[&str]); 27] = [
            ("信创", &["base", "shuju", "xinchuang"]),
            ("大数据", &["shuju"]),
            ("数字经济", &["nankai"]),
            ("京津冀信创人才培训基地", &["base"]),
            ("京津冀信创人才培训基", &["base"]),
            ("京津冀信创人才培训中心", &[]),
            ("河西信创软件开发平台 open", &["xinchuang"]),
            // One character: at the beginning, in the middle, at the end of a run.
            ("京", &["base"]),
            ("冀", &["base"]),
            ("地", &["base"]),
            // Full-width and half-width, traditional and simplified, brackets of any kind.
            ("Ａｉ", &["tech"]),
            ("ai42", &["tech"]),
            ("數據", &["shuju"]),
            ("实验室", &["tech"]),
            ("(河西)", &["shuju", "xinchuang"]),
            ("【滨海】", &["tech"]),
            // Pinyin and initials, from any character on.
            ("xinchuang", &["base", "xinchuang"]),
            ("xinchuangrencai", &["base"]),
            ("hxxc", &["xinchuang"]),
            ("jjj", &["base"]),
            // English words, by their beginnings, whatever the case.
            ("nankai", &["nankai"]),
            ("INSTITUTE econ", &["nankai"]),
            ("2021", &["xinchuang"]),
            // Several words must all be there.
            ("河西 信创", &["shuju", "xinchuang"]),
            ("河西 基地", &[]),
            // Rare characters.
            ("䶮堃", &["rare"]),
            ("二〇二一", &["rare"]),
        ];
        for (typed, ids) in expected {
            assert_eq!(found(&db, typed).await, ids, "{typed}");
        }
        // Characters with several readings.
        assert_eq!(found(&db, "tianjinshuju").await, ["shuju"]);
        assert_eq!(found(&db, "一𠮷科").await, ["rare"]);
        assert!(found(&db, "津市").await.is_empty(), "runs over the end of a text");
        assert!(found(&db, "创信").await.is_empty(), "order matters");
    })
    .await;
}

#[tokio::test]
async fn hostile_queries_find_nothing_and_break_nothing() {
    each_db(&[MIGRATIONS], async |db| {
        fill(&db).await;
        for typed in [
            "",
            " ",
            "\"",
            "'",
            "''",
            "\\",
            "\\'",
            "*",
            ":*",
            "()",
            ")(",
            "%",
            "_",
            "\0",
            "🦀",
            "zzqx' OR '1'='1",
            "zzqx\" OR \"a",
            "zzqx) | (a",
            "zzqx & !b <-> c:*",
            "NEAR(zzqx b, 5)",
            "terms:zzqx",
            "^zzqx",
            "zzqx'; DROP TABLE search_entry; --",
            "zzqx\u{202e}\u{200d}\u{feff}",
        ] {
            assert!(found(&db, typed).await.is_empty(), "{typed:?}");
        }
        assert!(found(&db, &"信".repeat(100_000)).await.is_empty());
        // Words of the query languages are words.
        for typed in ["AND", "OR", "NOT", "NEAR"] {
            found(&db, typed).await;
        }
        assert_eq!(found(&db, "信\0创").await.len(), 3);
        assert_eq!(found(&db, "信创'\"*").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_entry_changes_and_goes_with_its_object_and_kinds_do_not_mix() {
    each_db(&[MIGRATIONS], async |db| {
        fill(&db).await;
        let mut tx = db.begin().await.unwrap();
        let renamed = Entry { names: vec!["滨海软件".into()], texts: vec![] };
        search::put(&mut tx, &Object::new("organization", "base"), &renamed).await.unwrap();
        search::put(&mut tx, &Object::new("person", "base"), &renamed).await.unwrap();
        search::remove(&mut tx, &Object::new("organization", "shuju")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&db, "信创").await, ["xinchuang"]);
        assert_eq!(found(&db, "滨海").await, ["base", "tech"]);
        assert_eq!(search::find(&db, "person", "滨海", 50).await.unwrap(), ["base"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_filters_by_what_matches() {
    each_db(&[MIGRATIONS, crate::THINGS], async |db| {
        fill(&db).await;
        for (id, ..) in NAMES {
            db.run("INSERT INTO thing (id, open) VALUES ($1, TRUE)", args![id]).await.unwrap();
        }
        let matching = search::matching(db.dialect(), "organization", "信创").unwrap();
        let mut query = Query::new("SELECT id FROM thing WHERE open = ?", args![true]);
        query.embed(" AND id IN (", matching, ")");
        query.push(" ORDER BY id LIMIT ?", args![2_i64]);
        let rows: Vec<(String,)> = query.list(&db).await.unwrap();
        assert_eq!(rows, [("base".to_owned(),), ("shuju".to_owned(),)]);
        assert!(search::matching(db.dialect(), "organization", "！？").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_phrase_late_in_a_long_text_is_found_alike() {
    each_db(&[MIGRATIONS], async |db| {
        let filler =
            |count: u32| -> String { (0..count).filter_map(|n| char::from_u32(0x4e00 + n * 7 % 15_000)).collect() };
        let mut tx = db.begin().await.unwrap();
        for (id, count) in [("long", 15_900), ("longer", 18_000)] {
            let entry = Entry {
                names: vec!["长文".into()],
                texts: vec![format!("{}。㐀㐁㐂㐃", filler(count)), "信创".repeat(5)],
            };
            search::put(&mut tx, &Object::new("organization", id), &entry).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(found(&db, "㐀㐁㐂").await, ["long"], "what is beyond the limit is found on neither");
        assert_eq!(found(&db, "长文").await, ["long", "longer"]);
        assert_eq!(found(&db, "changwen").await, ["long", "longer"]);
    })
    .await;
}

#[tokio::test]
async fn words_that_are_everywhere_are_looked_for_among_the_newest_and_give_only_what_matches() {
    each_db(&[MIGRATIONS], async |db| {
        let db = &db;
        let entries = (0..6_000).map(|at| {
            let name = if at % 10 == 0 {
                format!("天津第{at}号软件公司")
            } else {
                format!("滨海第{at}号装备公司")
            };
            (format!("id{at:04}"), Entry { names: vec![name], texts: Vec::new() })
        });
        let mut tx = db.begin().await.unwrap();
        search::put_many(&mut tx, "organization", entries.collect()).await.unwrap();
        tx.commit().await.unwrap();
        for (typed, matching, everywhere) in [
            ("gongsi", 6_000, true),
            ("tianjin", 600, true),
            ("rj", 600, true),
            ("天津", 600, db.dialect() == store::Dialect::Postgres),
            ("第5990号", 1, false),
            ("haihe", 0, false),
        ] {
            let words = Typed::new("organization", typed).unwrap();
            let spread = words.spread(db, 6).await.unwrap();
            assert_eq!(spread == Spread::Everywhere, everywhere, "{typed}: {spread:?}");
            for spread in [Spread::Many, Spread::Everywhere] {
                let mut query = Query::new("SELECT e.object_id ", args![]);
                query.embed("", words.entries(db.dialect(), spread, 10_000), " ORDER BY e.object_id");
                let rows: Vec<(String,)> = query.list(db).await.unwrap();
                assert_eq!(rows.len(), matching, "{typed} {spread:?}");
            }
            let all = search::find(db, "organization", typed, 7_000).await.unwrap();
            assert_eq!(all.len(), matching, "{typed}");
        }
    })
    .await;
}
