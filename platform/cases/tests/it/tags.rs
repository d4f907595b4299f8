//! Tags.

use cases::{add_tag, remove_tag, tag_counts, tagged, tags_of, tags_of_many};
use jinmen_core::{Actor, Object, OrganizationId, Result, Role};
use store::testing::each_db;
use store::{Db, Query, args};

use crate::{NOW, SETS, fault, object, person, recorded};

async fn tag(db: &Db, object: &Object, owner: OrganizationId, label: &str) -> Result<bool> {
    let mut tx = db.begin().await?;
    let added = add_tag(&mut tx, &person(Role::Secretariat, Some(owner)), NOW, object, owner, label).await?;
    tx.commit().await?;
    Ok(added)
}

async fn labels(db: &Db, object: &Object, owner: Option<OrganizationId>) -> Vec<String> {
    let tags = tags_of(db, object, owner).await.unwrap();
    tags.into_iter().map(|tag| tag.label).collect()
}

#[tokio::test]
async fn one_label_written_in_several_ways_is_one_tag() {
    each_db(&SETS, async |db| {
        let (object, owner) = (object(), OrganizationId::new());
        assert!(tag(&db, &object, owner, " 專精特新　AI ").await.unwrap());
        for same in ["专精特新 ai", "專精特新  ＡＩ", "专精特新\nAi"] {
            assert!(!tag(&db, &object, owner, same).await.unwrap(), "{same}");
        }
        assert_eq!(labels(&db, &object, Some(owner)).await, ["專精特新 AI"]);
        let mut tx = db.begin().await.unwrap();
        let actor = Actor::System("test");
        assert!(remove_tag(&mut tx, &actor, NOW, &object, owner, "专精特新 AI").await.unwrap());
        assert!(!remove_tag(&mut tx, &actor, NOW, &object, owner, "专精特新 AI").await.unwrap());
        tx.commit().await.unwrap();
        assert!(labels(&db, &object, None).await.is_empty());
        assert_eq!(recorded(&db, &object).await, ["cases.tag.added", "cases.tag.removed"]);
    })
    .await;
}

#[tokio::test]
async fn a_tag_is_short_and_there_are_not_too_many() {
    each_db(&SETS, async |db| {
        let (object, owner) = (object(), OrganizationId::new());
        for empty in ["", " ", "\0", "\u{3000}\n"] {
            assert_eq!(fault(tag(&db, &object, owner, empty).await), "cases.tag_empty");
        }
        // The second is one character that folds to eighteen.
        for long in ["字".repeat(31), "\u{fdfa}".repeat(2)] {
            assert_eq!(fault(tag(&db, &object, owner, &long).await), "cases.tag_long");
        }
        for n in 0..50 {
            tag(&db, &object, owner, &format!("第{n}个")).await.unwrap();
        }
        assert_eq!(fault(tag(&db, &object, owner, "再一个").await), "cases.tags_many");
        assert!(!tag(&db, &object, owner, "第7个").await.unwrap(), "one that is there is no more");
        assert!(tag(&db, &object, OrganizationId::new(), "再一个").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn each_owner_has_its_own_tags() {
    each_db(&SETS, async |db| {
        let (object, alliance, park) = (object(), OrganizationId::new(), OrganizationId::new());
        tag(&db, &object, alliance, "重点").await.unwrap();
        tag(&db, &object, park, "重点").await.unwrap();
        tag(&db, &object, park, "欠租").await.unwrap();
        assert_eq!(labels(&db, &object, Some(alliance)).await, ["重点"]);
        assert_eq!(labels(&db, &object, Some(park)).await.len(), 2);
        assert_eq!(labels(&db, &object, None).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn tags_of_many_objects_are_read_counted_and_filtered_by_in_one_statement_each() {
    each_db(&SETS, async |db| {
        let (owner, other) = (OrganizationId::new(), OrganizationId::new());
        let objects = [object(), object(), object()];
        for (at, label) in [(0, "信创"), (0, "AI"), (1, "信創"), (2, "园区")] {
            tag(&db, &objects[at], owner, label).await.unwrap();
        }
        tag(&db, &objects[2], other, "信创").await.unwrap();
        tag(&db, &Object::new("person", "x"), owner, "信创").await.unwrap();
        let ids: Vec<String> = objects.iter().map(|object| object.id.clone()).collect();

        let before = db.statements();
        let many = tags_of_many(&db, "organization", &ids, Some(owner)).await.unwrap();
        assert_eq!(db.statements() - before, 1);
        assert_eq!(many[&ids[0]].len(), 2);
        assert_eq!(many[&ids[1]][0].label, "信創");
        assert!(tags_of_many(&db, "organization", &[], None).await.unwrap().is_empty());

        let counts = tag_counts(&db, "organization", Some(owner)).await.unwrap();
        let counts: Vec<_> = counts.iter().map(|one| (one.tag.as_str(), one.objects)).collect();
        assert_eq!(counts, [("信创", 2), ("ai", 1), ("园区", 1)]);
        assert_eq!(tag_counts(&db, "organization", None).await.unwrap()[0].objects, 3);

        for (owner, expected) in [(Some(owner), 2), (Some(other), 1), (None, 3)] {
            let mut query =
                Query::new("SELECT DISTINCT object_id FROM tag WHERE object_kind = ?", args!["organization"]);
            query.embed(" AND object_id IN (", tagged("organization", owner, "信創"), ")");
            let rows: Vec<(String,)> = query.list(&db).await.unwrap();
            assert_eq!(rows.len(), expected);
        }
    })
    .await;
}
