//! Hats: which roles a person wears today.

use access::{NewGrant, change_hat, enter, grant_role, grants_of_organization, grants_of_person, revoke_role};
use jinmen_core::{Date, Error, OrganizationId, PersonId, Role};
use store::testing::each_db;

use crate::{SETS, SYSTEM, access, account, fault, grant, session};

#[tokio::test]
async fn a_hat_is_changed_for_the_session_and_stays() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let (alliance, firm) = (OrganizationId::new(), OrganizationId::new());
        let first = grant(&access, person, Role::Secretariat, Some(alliance), None).await;
        let second = grant(&access, person, Role::EnterpriseAdmin, Some(firm), None).await;
        let (_, somebody) = account(&access, "lisi").await;
        let foreign = grant(&access, somebody, Role::SystemAdmin, None, None).await;

        let token = enter(&access, id, "phone", "::1").await.unwrap();
        let other = enter(&access, id, "laptop", "::1").await.unwrap();
        let found = session(&access, &token).await.unwrap();
        assert_eq!(found.person.hats.len(), 2);
        assert_eq!(found.person.hat.as_ref().unwrap().grant, first);
        change_hat(&access, &found, second).await.unwrap();
        assert!(matches!(change_hat(&access, &found, foreign).await, Err(Error::NotFound)));
        let hat = session(&access, &token).await.unwrap().person.hat.unwrap();
        assert_eq!((hat.grant, hat.role, hat.organization), (second, Role::EnterpriseAdmin, Some(firm)));
        let elsewhere = session(&access, &other).await.unwrap().person.hat.unwrap();
        assert_eq!(elsewhere.grant, first, "another device keeps its own");
    })
    .await;
}

#[tokio::test]
async fn a_hat_that_is_taken_back_falls_back_to_another_and_then_to_none() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let alliance = OrganizationId::new();
        let first = grant(&access, person, Role::Secretariat, Some(alliance), None).await;
        let second = grant(&access, person, Role::Talent, None, None).await;
        let token = enter(&access, id, "phone", "::1").await.unwrap();
        let found = session(&access, &token).await.unwrap();
        change_hat(&access, &found, second).await.unwrap();
        revoke_role(&access, &SYSTEM, second).await.unwrap();
        let hat = session(&access, &token).await.unwrap().person.hat.unwrap();
        assert_eq!(hat.grant, first);
        revoke_role(&access, &SYSTEM, first).await.unwrap();
        let found = session(&access, &token).await.unwrap().person;
        assert!(found.hat.is_none() && found.hats.is_empty());
        assert!(matches!(revoke_role(&access, &SYSTEM, first).await, Err(Error::Conflict(_))));
        assert_eq!(grants_of_person(&db, person).await.unwrap().len(), 2, "past ones are still known");
        let held = grants_of_organization(&db, alliance).await.unwrap();
        assert!(held[0].revoked_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_hat_holds_from_its_first_day_to_the_end_of_its_last() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let today = access.clock.today();
        let new =
            NewGrant::new(person, Role::Judge, Some(OrganizationId::new())).during(today.tomorrow(), today.tomorrow());
        let mut tx = db.begin().await.unwrap();
        let judge = grant_role(&access, &mut tx, &SYSTEM, new.clone()).await.unwrap();
        let backwards = new.during(today.tomorrow(), Some(today));
        assert_eq!(fault(grant_role(&access, &mut tx, &SYSTEM, backwards).await), "core.period");
        tx.commit().await.unwrap();
        // Noon of the day before, of the day, its last second, and the first of the day after.
        for (seconds, worn) in [(0, false), (86_400, true), (12 * 3600 - 1, true), (1, false)] {
            access.clock.advance_seconds(seconds);
            let token = enter(&access, id, "phone", "::1").await.unwrap();
            let hat = session(&access, &token).await.unwrap().person.hat;
            let now = access.clock.now().to_rfc3339();
            assert_eq!(hat.is_some_and(|hat| hat.grant == judge), worn, "{now}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_wearing_an_expired_hat_falls_back() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let lasting = grant(&access, person, Role::Talent, None, None).await;
        let last_day: Date = access.clock.today();
        let brief = grant(&access, person, Role::Supervisor, None, Some(last_day)).await;
        access.clock.advance_seconds(11 * 3600);
        let token = enter(&access, id, "phone", "::1").await.unwrap();
        let found = session(&access, &token).await.unwrap();
        change_hat(&access, &found, brief).await.unwrap();
        assert_eq!(session(&access, &token).await.unwrap().person.hat.unwrap().grant, brief);
        access.clock.advance_seconds(3600);
        let found = session(&access, &token).await.unwrap().person;
        assert_eq!(found.hat.unwrap().grant, lasting);
        assert_eq!(found.hats.len(), 1);
        assert!(grants_of_person(&db, PersonId::new()).await.unwrap().is_empty());
    })
    .await;
}
