//! Signing in, staying in, going out.

use access::{Token, change_hat, devices, disable_account, enter, revoke_device, sign_out};
use jinmen_core::{Actor, Error, GrantId};
use store::args;
use store::testing::each_db;

use crate::{PASSWORD, SETS, SYSTEM, access, account, create, fault, session, sign_in};

#[tokio::test]
async fn a_right_password_opens_a_session_and_every_wrong_way_is_answered_alike() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        let (gone, _) = account(&access, "lisi").await;
        disable_account(&access, &SYSTEM, gone, true).await.unwrap();
        let without = access::NewAccount {
            person,
            name: "wangwu".into(),
            display_name: String::new(),
            password: None,
            email: None,
        };
        create(&access, without).await.unwrap();

        let (token, signed_in) = sign_in(&access, "ZhangSan", PASSWORD, "::1").await.unwrap();
        assert_eq!(signed_in, id);
        let found = session(&access, &token).await.unwrap();
        assert_eq!((found.person.account, found.person.person), (id, Some(person)));
        assert_eq!(found.person.name, "zhangsan 先生");
        assert!(session(&access, &Token::random()).await.is_none());
        assert_eq!(Token::presented(token.expose()), Some(token));
        assert_eq!(Token::presented("x"), None);

        for (name, password) in [
            ("zhangsan", "wrong-password"),
            ("zhangsan", ""),
            ("nobody", PASSWORD),
            ("", ""),
            ("lisi", PASSWORD),
            ("lisi", "wrong-password"),
            ("wangwu", PASSWORD),
            ("wangwu", ""),
            ("' OR 1=1 --", "' OR 1=1 --"),
            ("zhang\0san\0x", PASSWORD),
        ] {
            assert_eq!(fault(sign_in(&access, name, password, "::2").await), "access.sign_in", "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn eight_failures_from_one_address_do_not_lock_the_owner_out_elsewhere() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        account(&access, "zhangsan").await;
        account(&access, "lisi").await;
        for _ in 0..8 {
            assert_eq!(fault(sign_in(&access, "zhangsan", "wrong-password", "198.51.100.7").await), "access.sign_in");
        }
        let locked = sign_in(&access, "ZHANGSAN", PASSWORD, "198.51.100.7").await;
        assert!(matches!(locked, Err(Error::TooMany(seconds)) if seconds > 0));
        sign_in(&access, "zhangsan", PASSWORD, "203.0.113.9").await.unwrap();
        sign_in(&access, "lisi", PASSWORD, "198.51.100.7").await.unwrap();
        access.clock.advance_seconds(15 * 60 + 1);
        sign_in(&access, "zhangsan", PASSWORD, "198.51.100.7").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_address_that_tries_many_names_must_wait() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        account(&access, "zhangsan").await;
        let mut tx = db.begin().await.unwrap();
        for n in 0..60 {
            tx.run(
                "INSERT INTO sign_in_attempt (id, name_key, address, at, succeeded) VALUES ($1, $2, '::6', $3, FALSE)",
                args![n.to_string(), format!("name{n}"), access.clock.now()],
            )
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        assert!(matches!(sign_in(&access, "zhangsan", PASSWORD, "::6").await, Err(Error::TooMany(_))));
        sign_in(&access, "zhangsan", PASSWORD, "::7").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_twelve_idle_hours_and_after_thirty_days() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let idle = enter(&access, id, "phone", "::1").await.unwrap();
        access.clock.advance_seconds(12 * 3600 - 1);
        assert!(session(&access, &idle).await.is_some());
        access.clock.advance_seconds(12 * 3600);
        assert!(session(&access, &idle).await.is_none());

        let busy = enter(&access, id, "phone", "::1").await.unwrap();
        for _ in 0..(30 * 4 - 1) {
            access.clock.advance_seconds(6 * 3600);
            assert!(session(&access, &busy).await.is_some());
        }
        access.clock.advance_seconds(6 * 3600);
        assert!(session(&access, &busy).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_their_devices_and_signs_one_out_from_another() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let (other, _) = account(&access, "lisi").await;
        let phone = enter(&access, id, "phone", "::1").await.unwrap();
        access.clock.advance_seconds(60);
        let laptop = enter(&access, id, "laptop", "::2").await.unwrap();
        let names: Vec<String> = devices(&access, id).await.unwrap().into_iter().map(|device| device.device).collect();
        assert_eq!(names, ["laptop", "phone"]);

        let on_phone = session(&access, &phone).await.unwrap();
        let stranger = session(&access, &enter(&access, other, "x", "::3").await.unwrap()).await.unwrap();
        let stranger = Actor::Person(Box::new(stranger.person));
        let refused = revoke_device(&access, &stranger, &on_phone.id).await;
        assert!(matches!(refused, Err(Error::NotFound)));

        let on_laptop = session(&access, &laptop).await.unwrap();
        let actor = Actor::Person(Box::new(on_laptop.person.clone()));
        revoke_device(&access, &actor, &on_phone.id).await.unwrap();
        assert!(session(&access, &phone).await.is_none());
        assert!(matches!(revoke_device(&access, &actor, &on_phone.id).await, Err(Error::NotFound)));
        sign_out(&access, &on_laptop).await.unwrap();
        assert!(session(&access, &laptop).await.is_none());
        assert!(devices(&access, id).await.unwrap().is_empty());
        assert!(matches!(change_hat(&access, &on_laptop, GrantId::new()).await, Err(Error::NotFound)));
    })
    .await;
}
