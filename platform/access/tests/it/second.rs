//! The second proof at sign-in.

use access::{
    Access, Entry, Session, SignIn, Token, Vault, confirm_second, enter_by_second, offer_second, remove_second,
    renew_codes, reset_second, second_of, totp,
};
use jinmen_core::{AccountId, Error, Result};
use store::testing::each_db;

use crate::{PASSWORD, SETS, SYSTEM, access, account, fault, session, sign_in};

fn vault() -> Vault {
    Vault::new(&[7; 32])
}

/// What the app shows, some steps from now.
fn shown(access: &Access, secret: &str, steps: i64) -> String {
    totp::shown(secret, access.clock.now().0 / 1_000_000 + 30 * steps).unwrap()
}

/// An account with a second proof: its session, the app's secret, the codes on paper.
async fn secured(access: &Access, name: &str) -> (AccountId, Session, String, Vec<String>) {
    let (id, _) = account(access, name).await;
    let (token, _) = sign_in(access, name, PASSWORD, "::1").await.unwrap();
    let session = session(access, &token).await.unwrap();
    let secret = offer_second(access, &vault(), id, "津门").await.unwrap().text;
    let codes = confirm_second(access, &vault(), &session, &shown(access, &secret, 0)).await.unwrap();
    (id, session, secret, codes)
}

async fn half(access: &Access, name: &str) -> Token {
    let ask = SignIn { account: name.into(), password: PASSWORD.into(), device: "x".into(), address: "::9".into() };
    match access::sign_in(access, &ask).await.unwrap().0 {
        Entry::Second(step) => step,
        Entry::In(_) => panic!("no second proof was asked for"),
    }
}

async fn give(access: &Access, step: &Token, code: &str) -> Result<()> {
    enter_by_second(access, &vault(), step, code, "x", "::9").await.map(drop)
}

#[tokio::test]
async fn it_counts_once_the_app_showed_a_right_code_and_ends_other_sessions() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        let (here, _) = sign_in(&access, "zhangsan", PASSWORD, "::1").await.unwrap();
        let (other, _) = sign_in(&access, "zhangsan", PASSWORD, "::2").await.unwrap();
        let own = session(&access, &here).await.unwrap();
        let offered = offer_second(&access, &vault(), id, "津门").await.unwrap();
        assert_eq!(offered.text.len(), 32);
        assert!(offered.address.starts_with("otpauth://totp/zhangsan?secret="), "{}", offered.address);
        assert_eq!(offer_second(&access, &vault(), id, "津门").await.unwrap().text, offered.text);
        assert_eq!(fault(confirm_second(&access, &vault(), &own, "000000").await), "access.second_code");
        assert!(second_of(&access, id).await.unwrap().is_none());
        sign_in(&access, "zhangsan", PASSWORD, "::1").await.unwrap();

        let codes = confirm_second(&access, &vault(), &own, &shown(&access, &offered.text, 0)).await.unwrap();
        assert_eq!((codes.len(), second_of(&access, id).await.unwrap().unwrap().left), (10, 10));
        assert!(session(&access, &here).await.is_some_and(|session| session.second));
        assert!(session(&access, &other).await.is_none());
        let again = offer_second(&access, &vault(), id, "津门").await;
        assert!(matches!(again, Err(Error::Conflict(_))));
    })
    .await;
}

#[tokio::test]
async fn no_code_of_the_app_works_twice_and_none_before_it() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (_, _, secret, _) = secured(&access, "zhangsan").await;
        // The code that confirmed it is used up, and so is that of the step before.
        let step = half(&access, "zhangsan").await;
        for steps in [0, -1] {
            assert_eq!(fault(give(&access, &step, &shown(&access, &secret, steps)).await), "access.second_code");
        }
        access.clock.advance_seconds(30);
        let code = shown(&access, &secret, 0);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        give(&access, &step, &spaced).await.unwrap();
        assert_eq!(fault(give(&access, &step, &code).await), "access.second_gone", "the step is used up as well");
        let another = half(&access, "zhangsan").await;
        assert_eq!(fault(give(&access, &another, &code).await), "access.second_code", "replayed");
        give(&access, &another, &shown(&access, &secret, 1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_code_used_at_two_places_at_once_opens_one() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (_, _, secret, codes) = secured(&access, "zhangsan").await;
        access.clock.advance_seconds(60);
        for code in [shown(&access, &secret, 0), codes[0].clone()] {
            let (one, two) = (half(&access, "zhangsan").await, half(&access, "zhangsan").await);
            let (a, b) = tokio::join!(give(&access, &one, &code), give(&access, &two, &code));
            assert_eq!([&a, &b].iter().filter(|entry| entry.is_ok()).count(), 1, "{a:?} {b:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_on_paper_works_once_however_it_is_typed() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, own, secret, codes) = secured(&access, "zhangsan").await;
        let step = half(&access, "zhangsan").await;
        give(&access, &step, &codes[0].to_uppercase().replace('-', " ")).await.unwrap();
        let step = half(&access, "zhangsan").await;
        assert_eq!(fault(give(&access, &step, &codes[0]).await), "access.second_code");
        assert_eq!(second_of(&access, id).await.unwrap().unwrap().left, 9);
        let person = access::find_account(&db, "zhangsan").await.unwrap().person;
        let inbox = notify::inbox(&db, person, true, &Default::default()).await.unwrap().items;
        let keys: Vec<&str> = inbox.iter().map(|notice| notice.message_key.as_str()).collect();
        let of = |what: &str| format!("notice-work-security-{what}-text");
        assert_eq!(keys, [of("device"), of("recovery"), of("set")]);
        let failed = record::Filter { action: Some("access.second_factor.failed".into()), ..Default::default() };
        assert_eq!(record::list(&db, &failed, &Default::default()).await.unwrap().items.len(), 1);
        access.clock.advance_seconds(30);
        let renewed = renew_codes(&access, &vault(), &own, &shown(&access, &secret, 0)).await.unwrap();
        assert_eq!(fault(give(&access, &step, &codes[1]).await), "access.second_code", "an old one");
        give(&access, &step, &renewed[0]).await.unwrap();
        let kept: Vec<(String,)> = db.list("SELECT code_blind FROM recovery_code", Vec::new()).await.unwrap();
        assert!(kept.iter().all(|(blind,)| blind.len() == 64 && !renewed.contains(blind)));
    })
    .await;
}

#[tokio::test]
async fn guessing_stops_per_sign_in_per_quarter_hour_and_per_day_even_all_at_once() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (_, _, secret, _) = secured(&access, "zhangsan").await;
        access.clock.advance_seconds(3_600);
        let step = half(&access, "zhangsan").await;
        for _ in 0..5 {
            assert_eq!(fault(give(&access, &step, "000000").await), "access.second_code");
        }
        let right = shown(&access, &secret, 0);
        assert_eq!(fault(give(&access, &step, &right).await), "access.second_gone", "five tries a sign-in");
        let mut steps = Vec::new();
        for _ in 0..6 {
            steps.push(half(&access, "zhangsan").await);
        }
        let tries = steps.iter().map(|step| give(&access, step, "000000"));
        let answers = join(tries).await;
        let looked_at = answers.iter().filter(|answer| matches!(answer, Err(Error::Invalid(_)))).count();
        assert!(looked_at <= 3, "eight in a quarter of an hour, not {}", 5 + looked_at);
        let step = half(&access, "zhangsan").await;
        access.clock.advance_seconds(901);
        assert!(matches!(give(&access, &step, "x").await, Err(Error::Invalid(_))), "expired or wrong");
        let mut refused = false;
        for _ in 0..20 {
            access.clock.advance_seconds(901);
            let step = half(&access, "zhangsan").await;
            refused |= matches!(give(&access, &step, "000000").await, Err(Error::TooMany(86_400)));
        }
        assert!(refused, "twenty a day");
        access.clock.advance_seconds(86_401);
        let step = half(&access, "zhangsan").await;
        give(&access, &step, &shown(&access, &secret, 0)).await.unwrap();
    })
    .await;
}

/// All of them at once.
async fn join<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        running.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test]
async fn the_step_between_ends_with_time_with_a_new_password_and_with_the_account() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, own, secret, _) = secured(&access, "zhangsan").await;
        access.clock.advance_seconds(60);
        let late = half(&access, "zhangsan").await;
        access.clock.advance_seconds(600);
        assert_eq!(fault(give(&access, &late, &shown(&access, &secret, 0)).await), "access.second_gone");
        let before = half(&access, "zhangsan").await;
        let actor = jinmen_core::Actor::Person(Box::new(own.person.clone()));
        access::set_password(&access, &actor, id, PASSWORD, Some(&own.id)).await.unwrap();
        assert_eq!(fault(give(&access, &before, &shown(&access, &secret, 0)).await), "access.second_gone");
        let stopped = half(&access, "zhangsan").await;
        access::disable_account(&access, &SYSTEM, id, true).await.unwrap();
        assert_eq!(fault(give(&access, &stopped, &shown(&access, &secret, 0)).await), "access.second_gone");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_does_not_go_round_it_and_it_is_taken_away_only_with_a_code_or_by_the_office() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, own, secret, _) = secured(&access, "zhangsan").await;
        let token = access::invite(&access, &SYSTEM, id).await.unwrap();
        let entry = access::accept_invitation(&access, &token, "a whole new sentence", "x", "::9").await.unwrap();
        assert!(matches!(entry, Entry::Second(_)));
        assert_eq!(fault(remove_second(&access, &vault(), &own, "123").await), "access.second_code");
        access.clock.advance_seconds(30);
        remove_second(&access, &vault(), &own, &shown(&access, &secret, 0)).await.unwrap();
        assert!(second_of(&access, id).await.unwrap().is_none());

        let (lost, ..) = secured(&access, "lisi").await;
        let mut tx = db.begin().await.unwrap();
        reset_second(&access, &mut tx, &SYSTEM, lost).await.unwrap();
        tx.commit().await.unwrap();
        sign_in(&access, "lisi", PASSWORD, "::1").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(matches!(reset_second(&access, &mut tx, &SYSTEM, lost).await, Err(Error::NotFound)));
    })
    .await;
}
