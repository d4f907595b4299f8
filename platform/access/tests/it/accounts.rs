//! Making accounts and changing passwords.

use access::{
    NewAccount, check_password, disable_account, email_of, find_account, list_accounts, set_large_type, set_locale,
    set_password,
};
use jinmen_core::{Error, Locale, PageRequest, PersonId};
use store::testing::each_db;

use crate::{PASSWORD, SETS, SYSTEM, access, account, create, fault, session, sign_in};

fn named(name: &str, password: Option<&str>) -> NewAccount {
    NewAccount {
        person: PersonId::new(),
        name: name.into(),
        display_name: "张三".into(),
        password: password.map(str::to_owned),
        email: None,
    }
}

#[tokio::test]
async fn a_password_is_long_enough_and_not_easily_guessed() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let long = "长".repeat(129);
        for (password, code) in [
            ("", "access.password_short"),
            ("123456789", "access.password_short"),
            ("九个字的密码不够的", "access.password_short"),
            (long.as_str(), "access.password_long"),
            ("aaaaaaaaaaaaaaaa", "access.password_common"),
            ("P@ssw0rd-2024", "access.password_common"),
            ("1qaz2wsx3edc4rfv", "access.password_common"),
            ("woaini1314520", "access.password_common"),
            ("eleven    ch", "access.password_short"),
            ("ZhangSan-2021", "access.password_weak"),
        ] {
            assert_eq!(fault(create(&access, named("zhangsan", Some(password))).await), code, "{password}");
        }
        let id = create(&access, named("zhangsan", Some("十二个字的密码这一句就够了"))).await.unwrap();
        for (password, code) in [("short", "access.password_short"), ("1zhangsan234", "access.password_weak")] {
            assert_eq!(fault(set_password(&access, &SYSTEM, id, password, None).await), code);
        }
        assert!(sign_in(&access, "zhangsan", "十二个字的密码这一句就够了", "::1").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_name_is_taken_however_it_is_written() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let id = create(&access, named("Zhang.San", None)).await.unwrap();
        for same in ["zhang.san", "ＺＨＡＮＧ.ＳＡＮ"] {
            assert_eq!(fault(create(&access, named(same, None)).await), "access.account_taken");
            assert_eq!(find_account(&db, same).await.unwrap().id, id);
        }
        for wrong in ["", "a", "a b", "a/b", "<b>", &"a".repeat(65)] {
            assert_eq!(fault(create(&access, named(wrong, None)).await), "access.account_name", "{wrong}");
        }
        create(&access, named("张三", None)).await.unwrap();
        let found = find_account(&db, &id.text()).await.unwrap();
        assert_eq!((found.name.as_str(), found.active, found.has_password), ("Zhang.San", true, false));
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_but_not_this_one() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let (here, _) = sign_in(&access, "zhangsan", PASSWORD, "::1").await.unwrap();
        let (there, _) = sign_in(&access, "zhangsan", PASSWORD, "::2").await.unwrap();
        let kept = session(&access, &here).await.unwrap().id;
        set_password(&access, &SYSTEM, id, "another-one-2021", Some(&kept)).await.unwrap();
        assert!(session(&access, &here).await.is_some());
        assert!(session(&access, &there).await.is_none());
        assert_eq!(fault(sign_in(&access, "zhangsan", PASSWORD, "::1").await), "access.sign_in");
        sign_in(&access, "zhangsan", "another-one-2021", "::1").await.unwrap();
        set_password(&access, &SYSTEM, id, "a-third-one-2021", None).await.unwrap();
        assert!(session(&access, &here).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_may_come_back() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let (token, _) = sign_in(&access, "zhangsan", PASSWORD, "::1").await.unwrap();
        disable_account(&access, &SYSTEM, id, true).await.unwrap();
        assert!(session(&access, &token).await.is_none());
        disable_account(&access, &SYSTEM, id, false).await.unwrap();
        assert!(session(&access, &token).await.is_none(), "what ended stays ended");
        sign_in(&access, "zhangsan", PASSWORD, "::1").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn accounts_are_listed_by_name_and_found_by_a_part_of_it() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        for name in ["wangwu", "lisi", "zhangsan", "100%sure".replace('%', "_").as_str()] {
            create(&access, named(name, None)).await.unwrap();
        }
        let mut request = PageRequest { after: None, limit: Some(2) };
        let first = list_accounts(&access, "", &request).await.unwrap();
        request.after = first.next.clone();
        let second = list_accounts(&access, "", &request).await.unwrap();
        let names: Vec<_> = first.items.iter().chain(&second.items).map(|account| account.name.as_str()).collect();
        assert_eq!(names, ["100_sure", "lisi", "wangwu", "zhangsan"]);
        assert!(second.next.is_none());
        let all = PageRequest::default();
        assert_eq!(list_accounts(&access, "ANG", &all).await.unwrap().items.len(), 2);
        assert_eq!(list_accounts(&access, "张三", &all).await.unwrap().items.len(), 4);
        assert!(list_accounts(&access, "' OR 1=1 --", &all).await.unwrap().items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn language_and_large_type_are_remembered() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let (token, _) = sign_in(&access, "zhangsan", PASSWORD, "::1").await.unwrap();
        set_locale(&access, id, Locale::En).await.unwrap();
        set_large_type(&access, id, true).await.unwrap();
        let found = session(&access, &token).await.unwrap();
        assert_eq!((found.person.locale, found.large_type), (Some(Locale::En), true));
    })
    .await;
}

#[tokio::test]
async fn guessing_the_old_password_counts_as_guessing_at_the_door() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        check_password(&access, id, PASSWORD, "::1").await.unwrap();
        for _ in 0..8 {
            let wrong = check_password(&access, id, "wrong-password", "::1").await;
            assert_eq!(fault(wrong), "access.password_old");
        }
        let locked = check_password(&access, id, PASSWORD, "::1").await;
        assert!(matches!(locked, Err(Error::TooMany(_))));
        assert!(matches!(sign_in(&access, "zhangsan", PASSWORD, "::1").await, Err(Error::TooMany(_))));
        check_password(&access, id, PASSWORD, "::2").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_person_is_mailed_at_the_address_of_an_account_that_is_active() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let new = NewAccount { email: Some("zhangsan@example.cn".into()), ..named("zhangsan", None) };
        let person = new.person;
        let id = create(&access, new).await.unwrap();
        let found = email_of(&db, person).await.unwrap();
        assert_eq!(found, Some(("zhangsan@example.cn".into(), Locale::ZhCn)));
        set_locale(&access, id, Locale::En).await.unwrap();
        assert_eq!(email_of(&db, person).await.unwrap().unwrap().1, Locale::En);
        disable_account(&access, &SYSTEM, id, true).await.unwrap();
        assert_eq!(email_of(&db, person).await.unwrap(), None);
        assert_eq!(email_of(&db, PersonId::new()).await.unwrap(), None);
    })
    .await;
}
