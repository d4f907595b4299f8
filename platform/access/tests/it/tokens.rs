//! Tokens of programs: made, used, ended.

use access::{ApiSecret, NewApiToken, disable_account, find_token, make_token, revoke_token, set_password, tokens_of};
use jinmen_core::{Actor, Areas, Error, GrantId, OrganizationId, Role};
use store::testing::each_db;

use crate::{PASSWORD, SETS, SYSTEM, access, account, fault, grant, session, sign_in};

async fn actor(access: &access::Access, name: &str) -> Actor {
    let (token, _) = sign_in(access, name, PASSWORD, "::1").await.unwrap();
    Actor::Person(Box::new(session(access, &token).await.unwrap().person))
}

fn new(grant: GrantId, scopes: &str) -> NewApiToken {
    NewApiToken { name: " nightly ".into(), grant, areas: Areas::parse(scopes), days: 90 }
}

#[tokio::test]
async fn a_token_wears_one_hat_until_its_day_its_role_or_its_account_ends() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let own = OrganizationId::new();
        let desk = grant(&access, person, Role::Secretariat, Some(own), None).await;
        let other = grant(&access, person, Role::Talent, None, None).await;
        let actor = actor(&access, "zhangsan").await;
        let secret = make_token(&access, &actor, new(desk, "registry:read")).await.unwrap();
        let found = find_token(&access, &secret).await.unwrap().person;
        assert_eq!((found.account, found.hats.len()), (id, 1));
        let hat = found.hat.unwrap();
        assert_eq!((hat.grant, hat.organization, hat.areas), (desk, Some(own), Areas::parse("registry:read")));
        let listed = tokens_of(&access, id).await.unwrap();
        assert_eq!((listed[0].name.as_str(), listed.len()), ("nightly", 1));

        let second = make_token(&access, &actor, new(other, "*:read")).await.unwrap();
        access::revoke_role(&access, &SYSTEM, other).await.unwrap();
        assert!(matches!(find_token(&access, &second).await, Err(Error::Token)), "the role ended");
        access.clock.advance_seconds(90 * 86_400 - 1);
        assert!(find_token(&access, &secret).await.is_ok());
        access.clock.advance_seconds(1);
        assert!(matches!(find_token(&access, &secret).await, Err(Error::Token)), "its day");
        assert!(tokens_of(&access, id).await.unwrap().is_empty());

        let third = make_token(&access, &actor, new(desk, "*:read")).await.unwrap();
        disable_account(&access, &SYSTEM, id, true).await.unwrap();
        disable_account(&access, &SYSTEM, id, false).await.unwrap();
        assert!(matches!(find_token(&access, &third).await, Err(Error::Token)), "stopped once, it stays stopped");
        let fourth = make_token(&access, &actor, new(desk, "*:read")).await.unwrap();
        set_password(&access, &actor, id, "another long sentence", None).await.unwrap();
        assert!(matches!(find_token(&access, &fourth).await, Err(Error::Token)), "a new password");
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_written_once_a_minute_and_only_the_owner_revokes() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let (_, stranger) = account(&access, "lisi").await;
        let desk = grant(&access, person, Role::Secretariat, None, None).await;
        grant(&access, stranger, Role::Talent, None, None).await;
        let (own, other) = (actor(&access, "zhangsan").await, actor(&access, "lisi").await);
        let secret = make_token(&access, &own, new(desk, "registry:write")).await.unwrap();
        let used = async || tokens_of(&access, id).await.unwrap()[0].last_used_at;
        assert_eq!(used().await, None);
        find_token(&access, &secret).await.unwrap();
        let first = used().await;
        assert_eq!(first, Some(access.clock.now()));
        access.clock.advance_seconds(59);
        find_token(&access, &secret).await.unwrap();
        assert_eq!(used().await, first);
        access.clock.advance_seconds(1);
        find_token(&access, &secret).await.unwrap();
        assert_eq!(used().await, Some(access.clock.now()));

        let token = tokens_of(&access, id).await.unwrap().remove(0).id;
        assert!(matches!(revoke_token(&access, &other, &token).await, Err(Error::NotFound)));
        revoke_token(&access, &own, &token).await.unwrap();
        assert!(matches!(revoke_token(&access, &own, &token).await, Err(Error::NotFound)));
        assert!(matches!(find_token(&access, &secret).await, Err(Error::Token)));
    })
    .await;
}

#[tokio::test]
async fn what_no_token_is_made_of_is_refused_and_a_program_makes_none() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (_, person) = account(&access, "zhangsan").await;
        let desk = grant(&access, person, Role::Secretariat, None, None).await;
        let actor = actor(&access, "zhangsan").await;
        let wrong = [
            NewApiToken { name: " ".into(), ..new(desk, "*:read") },
            NewApiToken { name: "a\u{7}".into(), ..new(desk, "*:read") },
            NewApiToken { name: "名".repeat(61), ..new(desk, "*:read") },
            NewApiToken { days: 366, ..new(desk, "*:read") },
            NewApiToken { days: 0, ..new(desk, "*:read") },
            new(GrantId::new(), "*:read"),
            new(desk, ""),
            NewApiToken { areas: Areas::Whole, ..new(desk, "") },
        ];
        for one in wrong {
            assert!(matches!(make_token(&access, &actor, one.clone()).await, Err(Error::Invalid(_))), "{one:?}");
        }
        let secret = make_token(&access, &actor, new(desk, "*:write")).await.unwrap();
        let program = Actor::Person(Box::new(find_token(&access, &secret).await.unwrap().person));
        assert!(matches!(make_token(&access, &program, new(desk, "*:read")).await, Err(Error::NotFound)));
        for _ in 1..50 {
            make_token(&access, &actor, new(desk, "*:read")).await.unwrap();
        }
        assert_eq!(fault(make_token(&access, &actor, new(desk, "*:read")).await), "access.token_many");
        assert!(ApiSecret::presented(secret.expose()).is_some());
    })
    .await;
}
