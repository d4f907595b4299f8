//! Comments.

use cases::{Audience, CommentId, add_comment, comment, comments, remove_comment};
use jinmen_core::{Actor, Error, Object, OrganizationId, PageRequest, Result, Role};
use store::Db;
use store::testing::each_db;

use crate::{NOW, SETS, fault, object, person, recorded};

async fn say(db: &Db, actor: &Actor, object: &Object, audience: Audience, text: &str) -> Result<CommentId> {
    let mut tx = db.begin().await?;
    let id = add_comment(&mut tx, actor, NOW, object, audience, text).await?;
    tx.commit().await?;
    Ok(id)
}

async fn texts(db: &Db, object: &Object, audiences: &[Audience]) -> Vec<String> {
    let page = comments(db, object, audiences, &PageRequest::default()).await.unwrap();
    page.items.into_iter().map(|comment| comment.text).collect()
}

#[tokio::test]
async fn what_is_internal_stays_with_those_who_keep_the_object() {
    each_db(&SETS, async |db| {
        let (object, alliance) = (object(), OrganizationId::new());
        let actor = person(Role::Secretariat, Some(alliance));
        say(&db, &actor, &object, Audience::Internal, "资料存疑").await.unwrap();
        let id = say(&db, &actor, &object, Audience::Shared, "  请补一项\n谢谢\0 ").await.unwrap();
        assert_eq!(texts(&db, &object, &Audience::ALL).await, ["请补一项\n谢谢", "资料存疑"]);
        assert_eq!(texts(&db, &object, &[Audience::Shared]).await, ["请补一项\n谢谢"]);
        assert!(texts(&db, &object, &[]).await.is_empty());
        assert!(texts(&db, &crate::object(), &Audience::ALL).await.is_empty());
        let read = comment(&db, id).await.unwrap();
        assert_eq!((read.author_name.as_str(), read.author_organization), ("张三", Some(alliance)));
        assert_eq!((read.author_account, read.author_person), (actor.account(), actor.person()));
        assert_eq!((read.audience, read.created_at, read.object), (Audience::Shared, NOW, object.clone()));
        assert_eq!(recorded(&db, &object).await, ["cases.comment.added", "cases.comment.added"]);
        let entry = &record::history(&db, &object, &PageRequest::default()).await.unwrap().items[0];
        assert!(!entry.data.as_ref().unwrap().to_string().contains("请补"), "the record keeps no text");
    })
    .await;
}

#[tokio::test]
async fn a_comment_says_something_and_not_too_much() {
    each_db(&SETS, async |db| {
        let (object, actor) = (object(), person(Role::Talent, None));
        for empty in ["", " \n\t", "\0", "\u{3000}"] {
            assert_eq!(fault(say(&db, &actor, &object, Audience::Shared, empty).await), "cases.comment_empty");
        }
        let most = "字".repeat(4_000);
        say(&db, &actor, &object, Audience::Shared, &most).await.unwrap();
        let more = format!("{most}字");
        assert_eq!(fault(say(&db, &actor, &object, Audience::Shared, &more).await), "cases.comment_long");
        let nobody = say(&db, &Actor::Nobody, &object, Audience::Shared, "x").await;
        assert!(matches!(nobody, Err(Error::SignIn)));
        say(&db, &Actor::System("jobs"), &object, Audience::Internal, "x").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_removes_ones_own_comment_and_a_moderator_any() {
    each_db(&SETS, async |db| {
        let (object, author, other) = (object(), person(Role::Talent, None), person(Role::Talent, None));
        let first = say(&db, &author, &object, Audience::Shared, "第一").await.unwrap();
        let second = say(&db, &author, &object, Audience::Shared, "第二").await.unwrap();
        let system = say(&db, &Actor::System("jobs"), &object, Audience::Shared, "第三").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for (actor, id) in [(&other, first), (&Actor::Nobody, system), (&Actor::System("jobs"), system)] {
            let refused = remove_comment(&mut tx, actor, NOW, id, false).await;
            assert!(matches!(refused, Err(Error::NotFound)));
        }
        remove_comment(&mut tx, &author, NOW, first, false).await.unwrap();
        remove_comment(&mut tx, &other, NOW, second, true).await.unwrap();
        assert!(matches!(remove_comment(&mut tx, &author, NOW, first, false).await, Err(Error::NotFound)));
        tx.commit().await.unwrap();
        assert_eq!(texts(&db, &object, &Audience::ALL).await, ["第三"]);
        assert!(matches!(comment(&db, first).await, Err(Error::NotFound)));
        let (kept,): (i64,) =
            db.one("SELECT COUNT(*) FROM comment WHERE text LIKE '第一%' OR text LIKE '第二%'", vec![]).await.unwrap();
        assert_eq!(kept, 0, "the text is gone");
        assert_eq!(recorded(&db, &object).await[3..], ["cases.comment.removed"; 2]);
    })
    .await;
}

#[tokio::test]
async fn comments_page_from_the_newest() {
    each_db(&SETS, async |db| {
        let (object, actor) = (object(), person(Role::Talent, None));
        for n in 0..5 {
            say(&db, &actor, &object, Audience::Shared, &n.to_string()).await.unwrap();
        }
        let mut request = PageRequest { after: None, limit: Some(3) };
        let first = comments(&db, &object, &Audience::ALL, &request).await.unwrap();
        request.after = first.next.clone();
        let second = comments(&db, &object, &Audience::ALL, &request).await.unwrap();
        let all: Vec<_> = first.items.iter().chain(&second.items).map(|comment| comment.text.as_str()).collect();
        assert_eq!(all, ["4", "3", "2", "1", "0"]);
        assert!(second.next.is_none());
    })
    .await;
}
