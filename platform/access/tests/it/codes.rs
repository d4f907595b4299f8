//! Signing in by a code that comes to a mobile number, and the ways to misuse it.

use access::{
    Access, Challenge, Token, Vault, ask_code, ask_code_for, bind_mobile, mobile_of, set_mobile, sign_in_by_code,
};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{AccountId, Actor, Error, Result};
use store::testing::each_db;

use crate::{SETS, SYSTEM, access, account, fault, session, sign_in};

const HOME: &str = "192.0.2.1";
const ELSEWHERE: &str = "203.0.113.9";

fn vault() -> Vault {
    Vault::new(&[7; 32])
}

fn number(last: u32) -> MobileNumber {
    MobileNumber::parse(&format!("199{last:08}")).unwrap()
}

async fn with_number(access: &Access, name: &str, mobile: &MobileNumber) -> AccountId {
    let (account, _) = account(access, name).await;
    let mut tx = access.db.begin().await.unwrap();
    set_mobile(access, &vault(), &mut tx, &SYSTEM, account, mobile).await.unwrap();
    tx.commit().await.unwrap();
    account
}

async fn ask(access: &Access, mobile: &MobileNumber, address: &str) -> Result<Challenge> {
    ask_code(access, &vault(), mobile, address, |_| Ok(None)).await
}

async fn enter(access: &Access, challenge: &Token, code: &str) -> Result<(Token, AccountId)> {
    sign_in_by_code(access, challenge, code, "a telephone", HOME).await
}

async fn person(access: &Access, name: &str) -> Actor {
    let (token, _) = sign_in(access, name, crate::PASSWORD, HOME).await.unwrap();
    Actor::Person(Box::new(session(access, &token).await.unwrap().person))
}

/// Another code than the one given.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn the_code_that_came_opens_a_session_once_however_it_is_typed() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let owner = with_number(&access, "wang", &number(1)).await;
        let asked = ask(&access, &number(1), HOME).await.unwrap();
        assert!(asked.wanted && asked.code.len() == 6);
        let typed: String = asked.code.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
        let (token, account) =
            enter(&access, &asked.token, &format!(" {} {}", &typed[..9], &typed[9..])).await.unwrap();
        assert_eq!(account, owner);
        assert!(session(&access, &token).await.is_some());
        assert_eq!(fault(enter(&access, &asked.token, &asked.code).await), "access.code", "replayed");
    })
    .await;
}

#[tokio::test]
async fn a_number_nobody_has_is_answered_like_any_other_and_gets_no_message() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let asked = ask(&access, &number(2), HOME).await.unwrap();
        assert!(!asked.wanted);
        assert_eq!(fault(enter(&access, &asked.token, &asked.code).await), "access.code");
    })
    .await;
}

#[tokio::test]
async fn a_challenge_bears_five_tries_and_five_minutes() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        let guessed = ask(&access, &number(1), HOME).await.unwrap();
        for _ in 0..5 {
            assert_eq!(fault(enter(&access, &guessed.token, &other(&guessed.code)).await), "access.code");
        }
        assert_eq!(fault(enter(&access, &guessed.token, &guessed.code).await), "access.code", "after five guesses");
        access.clock.advance_seconds(61);
        let late = ask(&access, &number(1), HOME).await.unwrap();
        access.clock.advance_seconds(5 * 60);
        assert_eq!(fault(enter(&access, &late.token, &late.code).await), "access.code", "after five minutes");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_another_browser() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        let victim = ask(&access, &number(1), HOME).await.unwrap();
        let thief = ask(&access, &number(1), ELSEWHERE).await.unwrap();
        assert_eq!(fault(enter(&access, &thief.token, &victim.code).await), "access.code", "read over the shoulder");
        assert_eq!(fault(enter(&access, &Token::random(), &victim.code).await), "access.code");
        assert!(enter(&access, &victim.token, &victim.code).await.is_ok(), "the owner comes in all the same");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_type_a_code_at_once_one_comes_in() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        let asked = ask(&access, &number(1), HOME).await.unwrap();
        let (one, two) =
            tokio::join!(enter(&access, &asked.token, &asked.code), enter(&access, &asked.token, &asked.code));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_for_many_numbers_must_wait_and_the_others_need_not() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        let mut made = 0;
        for last in 0..10_000 {
            match ask(&access, &number(1_000 + last), ELSEWHERE).await {
                Ok(_) => made += 1,
                Err(Error::TooMany(_)) => break,
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(made, 40);
        assert!(ask(&access, &number(1), HOME).await.is_ok(), "the owner is at another address");
        access.clock.advance_seconds(3_601);
        assert!(ask(&access, &number(1), ELSEWHERE).await.is_ok(), "and nobody waits for ever");
    })
    .await;
}

#[tokio::test]
async fn a_number_besieged_from_everywhere_is_open_again_within_the_hour_and_the_password_always() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        for host in 0..20 {
            assert!(ask(&access, &number(1), &format!("198.51.100.{host}")).await.is_ok());
        }
        assert!(matches!(ask(&access, &number(1), HOME).await, Err(Error::TooMany(_))));
        assert!(sign_in(&access, "wang", crate::PASSWORD, HOME).await.is_ok());
        access.clock.advance_seconds(3_601);
        assert!(ask(&access, &number(1), HOME).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_second_code_is_not_sent_before_a_minute_is_over() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        ask(&access, &number(1), HOME).await.unwrap();
        access.clock.advance_seconds(20);
        assert!(matches!(ask(&access, &number(1), HOME).await, Err(Error::TooMany(40))));
        access.clock.advance_seconds(40);
        assert!(ask(&access, &number(1), HOME).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_number_that_changed_hands_belongs_to_whoever_holds_the_telephone() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let before = with_number(&access, "wang", &number(1)).await;
        let (now, _) = account(&access, "li").await;
        let li = person(&access, "li").await;
        let asked = ask_code_for(&access, &vault(), &li, &number(1), HOME, |_| Ok(None)).await.unwrap();
        assert_eq!(fault(enter(&access, &asked.token, &asked.code).await), "access.code", "it binds, it opens no door");
        access.clock.advance_seconds(61);
        let asked = ask_code_for(&access, &vault(), &li, &number(1), HOME, |_| Ok(None)).await.unwrap();
        let wang = person(&access, "wang").await;
        assert_eq!(
            fault(bind_mobile(&access, &wang, &asked.token, &asked.code).await),
            "access.code",
            "not wang's code"
        );
        access.clock.advance_seconds(61);
        let asked = ask_code_for(&access, &vault(), &li, &number(1), HOME, |_| Ok(None)).await.unwrap();
        bind_mobile(&access, &li, &asked.token, &asked.code).await.unwrap();
        assert_eq!(mobile_of(&access, &vault(), now).await.unwrap(), Some(number(1)));
        assert_eq!(mobile_of(&access, &vault(), before).await.unwrap(), None);
        access.clock.advance_seconds(61);
        let asked = ask(&access, &number(1), HOME).await.unwrap();
        assert_eq!(enter(&access, &asked.token, &asked.code).await.unwrap().1, now);
    })
    .await;
}

#[tokio::test]
async fn a_number_not_used_for_over_a_year_opens_nothing_by_itself() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        access.clock.advance_seconds(401 * 86_400);
        let asked = ask(&access, &number(1), HOME).await.unwrap();
        assert!(!asked.wanted);
        assert_eq!(fault(enter(&access, &asked.token, &asked.code).await), "access.code");
    })
    .await;
}

#[tokio::test]
async fn a_stopped_account_is_not_opened_by_its_number() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let owner = with_number(&access, "wang", &number(1)).await;
        let asked = ask(&access, &number(1), HOME).await.unwrap();
        access::disable_account(&access, &SYSTEM, owner, true).await.unwrap();
        assert_eq!(fault(enter(&access, &asked.token, &asked.code).await), "access.code");
    })
    .await;
}

#[tokio::test]
async fn a_number_is_given_to_one_account_and_stands_nowhere_in_the_clear() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        with_number(&access, "wang", &number(1)).await;
        let (second, _) = account(&access, "li").await;
        let mut tx = access.db.begin().await.unwrap();
        let taken = set_mobile(&access, &vault(), &mut tx, &SYSTEM, second, &number(1)).await;
        assert_eq!(fault(taken), "access.mobile_taken");
        drop(tx);
        let asked = ask(&access, &number(1), HOME).await.unwrap();
        let rows: Vec<(Vec<u8>, Vec<u8>, String)> =
            db.list("SELECT mobile, code_hash, mobile_blind FROM mobile_code", vec![]).await.unwrap();
        for (mobile, code, blind) in rows {
            let all = format!("{}{}{blind}", String::from_utf8_lossy(&mobile), String::from_utf8_lossy(&code));
            assert!(!all.contains(number(1).expose()) && !all.contains(&asked.code));
        }
    })
    .await;
}
