//! Invitations: a link that sets one password once.

use access::{Access, Entry, Token, accept_invitation, invite, invited};
use jinmen_core::{Error, Result};
use store::testing::each_db;

use crate::{SETS, SYSTEM, access, account, fault, session, sign_in};

const NEW: &str = "chosen-by-myself-2021";

async fn accept(access: &Access, token: &Token, password: &str) -> Result<Entry> {
    accept_invitation(access, token, password, "Firefox", "::1").await
}

#[tokio::test]
async fn an_invitation_sets_a_password_once() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let (before, _) = sign_in(&access, "zhangsan", crate::PASSWORD, "::1").await.unwrap();
        let token = invite(&access, &SYSTEM, id).await.unwrap();
        assert_eq!(invited(&access, &token).await.unwrap().account.id, id);
        assert_eq!(fault(accept(&access, &token, "short").await), "access.password_short");
        assert_eq!(fault(accept(&access, &token, "zhangsan-2021").await), "access.password_weak");
        let inside = accept(&access, &token, NEW).await.unwrap().session().unwrap();
        assert_eq!(session(&access, &inside).await.unwrap().person.account, id);
        assert!(session(&access, &before).await.is_none(), "sessions opened before end");
        sign_in(&access, "zhangsan", NEW, "::1").await.unwrap();
        assert!(matches!(invited(&access, &token).await, Err(Error::NotFound)));
        let again = accept(&access, &token, "another-one-2021").await;
        assert!(matches!(again, Err(Error::NotFound)));
        sign_in(&access, "zhangsan", NEW, "::1").await.unwrap();
        assert!(matches!(invited(&access, &Token::random()).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_an_invitation_at_once_one_is_refused() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let token = invite(&access, &SYSTEM, id).await.unwrap();
        let (a, b) =
            tokio::join!(accept(&access, &token, "chosen-by-the-one"), accept(&access, &token, "chosen-by-the-other"),);
        assert_eq!([&a, &b].iter().filter(|result| result.is_ok()).count(), 1);
        let won = if a.is_ok() { "chosen-by-the-one" } else { "chosen-by-the-other" };
        sign_in(&access, "zhangsan", won, "::1").await.unwrap();
        assert!(matches!(a.and(b), Err(Error::NotFound)), "one was refused");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_after_two_weeks_and_with_the_next_one() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let first = invite(&access, &SYSTEM, id).await.unwrap();
        access.clock.advance_seconds(14 * 86_400 - 1);
        invited(&access, &first).await.unwrap();
        access.clock.advance_seconds(1);
        assert!(matches!(accept(&access, &first, NEW).await, Err(Error::NotFound)));

        let second = invite(&access, &SYSTEM, id).await.unwrap();
        let third = invite(&access, &SYSTEM, id).await.unwrap();
        assert!(matches!(invited(&access, &second).await, Err(Error::NotFound)));
        accept(&access, &third, NEW).await.unwrap();
    })
    .await;
}
