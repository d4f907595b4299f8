//! Attacks on claiming: what must be refused, recorded, and never shut the rightful claimant out.

use jinmen_core::Role;
use registry::ops::claims::letters;

use super::scene::{USCC, between, each_scene, organization};

const MOBILE: &str = "13912345678";
const OTHER: &str = "13812345678";

#[tokio::test]
async fn a_letters_code_opens_the_file_it_was_printed_for_however_it_is_typed() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        for typed in [letter.clone(), letter.to_lowercase(), letter.replace('-', ""), letter.replace('-', "%20")] {
            let page = scene.test.nobody().get(&format!("/claim/{typed}")).await;
            assert!(page.status == 200 && page.text().contains("数聚演示"), "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_at_letters_must_wait_and_others_need_not() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let guesser = scene.test.nobody();
        let mut refused = 0;
        for guess in 0..60 {
            let page = guesser.get(&format!("/claim/{guess:04}-0000-0000")).await;
            refused += usize::from(page.status == 429);
            assert!(page.status == 422 || page.status == 429, "{}", page.status);
        }
        assert!(refused >= 20, "{refused}");
        assert!(letters::presented(&scene.test.app, "198.51.100.7", &letter).await.is_ok());
        scene.wait(3_700);
        assert_eq!(guesser.get(&format!("/claim/{letter}")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_was_used_begins_nothing_more() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        assert_eq!(scene.send(&phone, &claim, &[]).await.status, 303);
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        assert_eq!(scene.test.nobody().get(&format!("/claim/{letter}")).await.status, 422);
        assert!(scene.try_join(&letter, OTHER).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_newer_letter_ends_the_older() {
    each_scene(async |scene| {
        let older = scene.letter(scene.member).await;
        let newer = scene.letter(scene.member).await;
        assert_eq!(scene.test.nobody().get(&format!("/claim/{older}")).await.status, 422);
        assert_eq!(scene.test.nobody().get(&format!("/claim/{newer}")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_letter_ends_after_ninety_days() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        scene.wait(90 * 86_400 + 1);
        assert_eq!(scene.test.nobody().get(&format!("/claim/{letter}")).await.status, 422);
        assert!(scene.try_join(&letter, MOBILE).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn letters_are_printed_only_by_the_desk_that_keeps_the_files() {
    each_scene(async |scene| {
        let foreign = organization(&scene.test, "河北演示联盟", "alliance", None, None).await;
        let stranger = scene.test.person("hebei", Role::Secretariat, Some(foreign)).await;
        let made = scene.desk.form(&format!("/work/organizations/{}/letter", scene.member), &[]).await.location();
        assert_eq!(stranger.get(&made).await.status, 404);
        assert_eq!(scene.test.nobody().get(&made).await.status, 404);
        assert_eq!(stranger.form(&format!("/work/organizations/{}/letter", scene.member), &[]).await.status, 404);
        assert_eq!(scene.recorded("registry.claim.letter").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_letter_in_the_wrong_hand_ends_at_the_papers() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let thief = scene.join(&letter, OTHER).await;
        let claim = scene.begin(&thief, &letter).await;
        let bare = thief.form(&format!("/claims/{claim}"), &[("name", "贼")]).await;
        assert!(bare.status.is_client_error(), "{}", bare.status);
        let wrong = scene.send(&thief, &claim, &[("uscc", "911200000000000000")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(scene.state(&claim).await, "draft");
        assert!(!scene.acts(&thief).await);
    })
    .await;
}

#[tokio::test]
async fn a_claim_with_another_bodys_code_is_refused() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        let sent = scene.send(&phone, &claim, &[("uscc", "913100006072894483")]).await;
        assert_eq!(sent.status, 422, "{}", sent.text());
        assert_eq!(scene.state(&claim).await, "draft");
    })
    .await;
}

#[tokio::test]
async fn a_code_that_another_file_has_makes_a_task_to_join_them() {
    each_scene(async |scene| {
        let double = organization(&scene.test, "天津数聚演示科技", "enterprise", None, Some(scene.alliance)).await;
        let letter = scene.letter(double).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        assert_eq!(scene.send(&phone, &claim, &[]).await.status, 422);
        let tasks = cases::tasks_on(&scene.test.app.db, &double.into()).await.unwrap();
        assert_eq!(tasks.iter().map(|task| task.kind.as_str()).collect::<Vec<_>>(), ["registry.duplicate"]);
    })
    .await;
}

#[tokio::test]
async fn nothing_a_claimant_writes_is_published_before_the_check() {
    each_scene(async |scene| {
        let (phone, claim) = scene.claimed(MOBILE).await;
        let said = phone.form(&format!("/claims/{claim}/facts"), &[("main_business", "假冒的主营业务")]).await;
        assert_eq!(said.status, 303, "{}", said.text());
        for page in ["/organizations".to_owned(), format!("/organizations/{}", scene.member)] {
            assert!(!scene.test.nobody().get(&page).await.text().contains("假冒的主营业务"), "{page}");
        }
        let facts = scene.desk.get(&format!("/api/v1/organizations/{}/facts", scene.member)).await.text();
        assert!(!facts.contains("假冒的主营业务"));
        assert!(scene.desk.get(&format!("/work/claims/{claim}")).await.text().contains("假冒的主营业务"));
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        let facts = scene.desk.get(&format!("/api/v1/organizations/{}/facts", scene.member)).await.text();
        assert!(facts.contains("假冒的主营业务"));
    })
    .await;
}

#[tokio::test]
async fn a_claimant_does_not_see_the_file_before_the_check() {
    each_scene(async |scene| {
        let (phone, _) = scene.claimed(MOBILE).await;
        let member = scene.member;
        for path in [
            format!("/work/organizations/{member}"),
            format!("/work/organizations/{member}/facts"),
            format!("/work/organizations/{member}/handlers"),
            format!("/api/v1/organizations/{member}"),
            format!("/api/v1/organizations/{member}/facts"),
        ] {
            assert_eq!(phone.get(&path).await.status, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_claim_is_nobody_elses() {
    each_scene(async |scene| {
        let (_, claim) = scene.claimed(MOBILE).await;
        let letter = scene.letter(scene.member).await;
        let other = scene.join(&letter, OTHER).await;
        assert_eq!(other.get(&format!("/claims/{claim}")).await.status, 404);
        assert_eq!(other.get(&format!("/claims/{claim}/authorisation")).await.status, 404);
        assert_eq!(other.form(&format!("/claims/{claim}/withdraw"), &[]).await.status, 404);
        assert_eq!(other.form(&format!("/claims/{claim}/facts"), &[("main_business", "改")]).await.status, 404);
        assert_eq!(scene.send(&other, &claim, &[]).await.status, 404);
        assert_eq!(scene.state(&claim).await, "submitted");
    })
    .await;
}

#[tokio::test]
async fn the_papers_of_a_claim_are_seen_by_the_claimant_and_the_desk_only() {
    each_scene(async |scene| {
        let (phone, claim) = scene.claimed(MOBILE).await;
        let page = scene.desk.get(&format!("/work/claims/{claim}")).await.text();
        let paper = format!("/claims/papers/{}", between(&page, "/claims/papers/", "\""));
        assert_eq!(phone.get(&paper).await.status, 200);
        assert_eq!(scene.desk.get(&paper).await.status, 200);
        let letter = scene.letter(scene.member).await;
        let other = scene.join(&letter, OTHER).await;
        let foreign = organization(&scene.test, "河北演示联盟", "alliance", None, None).await;
        let stranger = scene.test.person("hebei", Role::Secretariat, Some(foreign)).await;
        for somebody in [other, stranger, scene.test.nobody()] {
            assert_eq!(somebody.get(&paper).await.status, 404);
        }
    })
    .await;
}

#[tokio::test]
async fn another_alliance_neither_sees_nor_decides_a_claim() {
    each_scene(async |scene| {
        let (_, claim) = scene.claimed(MOBILE).await;
        let foreign = organization(&scene.test, "河北演示联盟", "alliance", None, None).await;
        let stranger = scene.test.person("hebei", Role::Secretariat, Some(foreign)).await;
        assert_eq!(stranger.get(&format!("/work/claims/{claim}")).await.status, 404);
        assert_eq!(scene.decide(&stranger, &claim, "approve").await.status, 404);
        assert_eq!(scene.state(&claim).await, "submitted");
    })
    .await;
}

#[tokio::test]
async fn whoever_claims_does_not_check_even_from_the_desk() {
    each_scene(async |scene| {
        let begun = scene.desk.form("/claim", &[("uscc", USCC)]).await.location();
        let claim = between(&begun, "/claims/", "?").to_owned();
        assert_eq!(scene.send(&scene.desk, &claim, &[]).await.status, 303);
        assert!(scene.decide(&scene.desk, &claim, "approve").await.status.is_client_error());
        assert_eq!(scene.state(&claim).await, "submitted");
        assert_eq!(scene.decide(&scene.colleague, &claim, "approve").await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn of_two_claimants_granted_at_once_one_acts() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let (one, two) = (scene.join(&letter, MOBILE).await, scene.join(&letter, OTHER).await);
        let (first, second) = (scene.begin(&one, &letter).await, scene.begin(&two, &letter).await);
        assert_eq!(scene.send(&one, &first, &[]).await.status, 303);
        assert_eq!(scene.send(&two, &second, &[]).await.status, 303);
        let (a, b) = tokio::join!(
            scene.decide(&scene.desk, &first, "approve"),
            scene.decide(&scene.colleague, &second, "approve")
        );
        let granted = [&a, &b].iter().filter(|page| page.status == 303).count();
        assert_eq!(granted, 1, "{} {}", a.status, b.status);
        assert!(scene.acts(&one).await != scene.acts(&two).await);
    })
    .await;
}

#[tokio::test]
async fn a_claim_decided_twice_at_once_is_decided_once() {
    each_scene(async |scene| {
        let (phone, claim) = scene.claimed(MOBILE).await;
        let (a, b) = tokio::join!(
            scene.decide(&scene.desk, &claim, "approve"),
            scene.decide(&scene.colleague, &claim, "reject")
        );
        assert_eq!([&a, &b].iter().filter(|page| page.status == 303).count(), 1, "{} {}", a.status, b.status);
        assert_eq!(scene.acts(&phone).await, scene.state(&claim).await == "approved");
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 409);
    })
    .await;
}

#[tokio::test]
async fn a_claim_begun_twice_at_once_is_one_claim() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let path = format!("/claim/{letter}");
        let (a, b) = tokio::join!(phone.form(&path, &[]), phone.form(&path, &[]));
        assert!(a.status == 303 || b.status == 303);
        let all = scene.desk.get("/api/v1/claims?state=draft").await.json();
        assert_eq!(all["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_in_is_not_changed_any_more() {
    each_scene(async |scene| {
        let (phone, claim) = scene.claimed(MOBILE).await;
        assert_eq!(scene.send(&phone, &claim, &[("name", "孙强")]).await.status, 409);
        let known = scene.desk.get(&format!("/api/v1/claims/{claim}")).await.json();
        assert_eq!(known["claimant"], "赵明");
    })
    .await;
}

#[tokio::test]
async fn a_page_dressed_as_a_licence_is_refused() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        let evil: &[u8] = b"<html><script>alert(1)</script></html>";
        let files = [("license", "执照.png.html", evil)];
        let sent = phone.multipart(&format!("/claims/{claim}"), &[("name", "赵明")], &files).await;
        assert_eq!(sent.status, 422);
        assert!(!phone.get(&format!("/claims/{claim}")).await.text().contains("执照.png.html"));
    })
    .await;
}

#[tokio::test]
async fn a_paper_that_is_too_large_is_refused() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        let large = vec![0x89; 11 * 1_048_576];
        let sent = phone.multipart(&format!("/claims/{claim}"), &[], &[("license", "大.png", &large)]).await;
        assert_eq!(sent.status, 413);
    })
    .await;
}

#[tokio::test]
async fn an_authorisation_that_ended_or_never_ends_is_refused() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        for day in ["2026-06-17", "2026-06-18", "2036-06-18", "", "明天"] {
            assert_eq!(scene.send(&phone, &claim, &[("valid_until", day)]).await.status, 422, "{day}");
        }
        assert_eq!(scene.state(&claim).await, "draft");
    })
    .await;
}

#[tokio::test]
async fn figures_cannot_be_smuggled_in_with_a_claim() {
    each_scene(async |scene| {
        let (phone, claim) = scene.claimed(MOBILE).await;
        let fields = [("annual_revenue", "999999999"), ("listed", "true"), ("credit_grade", "A"), ("", "x")];
        phone.form(&format!("/claims/{claim}/facts"), &fields).await;
        assert!(!scene.desk.get(&format!("/work/claims/{claim}")).await.text().contains("999999999"));
    })
    .await;
}

#[tokio::test]
async fn an_authorisation_that_runs_out_ends_the_role() {
    each_scene(async |scene| {
        let admin = scene.administrator(MOBILE).await;
        assert!(scene.acts(&admin).await);
        scene.wait(366 * 86_400);
        let later = scene.sign_in(MOBILE).await.unwrap();
        assert!(!scene.acts(&later).await);
    })
    .await;
}

#[tokio::test]
async fn a_second_claimant_changes_nothing_before_the_check_and_the_holder_is_warned() {
    each_scene(async |scene| {
        let admin = scene.administrator(MOBILE).await;
        let rival = scene.test.person("rival", Role::Talent, None).await;
        let begun = rival.form("/claim", &[("uscc", USCC)]).await.location();
        let claim = between(&begun, "/claims/", "?").to_owned();
        assert_eq!(scene.send(&rival, &claim, &[("name", "孙强"), ("kind", "transfer")]).await.status, 303);
        assert!(scene.acts(&admin).await && !scene.acts(&rival).await);
        assert!(admin.get("/inbox").await.text().contains("数聚演示"));
        let objected = format!("/work/organizations/{}/claims/{claim}/objection", scene.member);
        assert_eq!(admin.form(&objected, &[("text", "此人已离职")]).await.status, 303);
        assert!(scene.desk.get(&format!("/work/claims/{claim}")).await.text().contains("此人已离职"));
        assert_eq!(scene.decide(&scene.desk, &claim, "reject").await.status, 303);
        assert!(scene.acts(&admin).await && !scene.acts(&rival).await);
    })
    .await;
}

#[tokio::test]
async fn a_new_legal_representative_ends_the_old_authorisations() {
    each_scene(async |scene| {
        let admin = scene.administrator(MOBILE).await;
        let heir = scene.test.person("heir", Role::Talent, None).await;
        let begun = heir.form("/claim", &[("uscc", USCC)]).await.location();
        let claim = between(&begun, "/claims/", "?").to_owned();
        let change = [("name", "孙强"), ("kind", "representative"), ("representative", "孙强")];
        assert_eq!(scene.send(&heir, &claim, &change).await.status, 303);
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 409);
        assert!(scene.acts(&admin).await);
        assert_eq!(scene.decide_as(&scene.desk, &claim, "approve", "representative").await.status, 303);
        assert!(!scene.acts(&admin).await);
        let page = scene.desk.get(&format!("/work/organizations/{}/handlers", scene.member)).await.text();
        assert!(page.contains("heir") || page.contains("孙强"));
    })
    .await;
}

#[tokio::test]
async fn a_claim_granted_by_mistake_is_released_with_what_was_said() {
    each_scene(async |scene| {
        let (wrong, claim) = scene.claimed(MOBILE).await;
        wrong.form(&format!("/claims/{claim}/facts"), &[("main_business", "冒名的业务")]).await;
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        let release = format!("/work/claims/{claim}/release");
        assert_eq!(scene.colleague.form(&release, &[("opinion", "")]).await.status, 422);
        assert_eq!(scene.colleague.form(&release, &[("opinion", "公章不实")]).await.status, 303);
        assert!(!scene.acts(&wrong).await);
        let facts = scene.desk.get(&format!("/api/v1/organizations/{}/facts", scene.member)).await.text();
        assert!(!facts.contains("冒名的业务"));
        assert_eq!(scene.recorded("registry.claim.released").await, 2);
        // The file can be claimed again, by the right one.
        assert!(scene.acts(&scene.administrator(OTHER).await).await);
    })
    .await;
}

#[tokio::test]
async fn one_account_has_five_claims_open_at_most() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        for at in 0..6 {
            let name = format!("天津第{at}演示有限公司");
            let body = organization(&scene.test, &name, "enterprise", None, Some(scene.alliance)).await;
            let letter = scene.letter(body).await;
            let begun = phone.form(&format!("/claim/{letter}"), &[]).await;
            assert_eq!(begun.status, if at < 5 { 303 } else { 409 }, "{at}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_was_taken_back_is_not_granted() {
    each_scene(async |scene| {
        let (phone, claim) = scene.claimed(MOBILE).await;
        assert_eq!(phone.form(&format!("/claims/{claim}/withdraw"), &[]).await.status, 303);
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 409);
        assert!(!scene.acts(&phone).await);
    })
    .await;
}

#[tokio::test]
async fn hostile_words_in_a_claim_stay_words() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.join(&letter, MOBILE).await;
        let claim = scene.begin(&phone, &letter).await;
        let evil = "<script>alert(1)</script>";
        assert_eq!(scene.send(&phone, &claim, &[("name", evil), ("note", evil)]).await.status, 303);
        for page in ["/work/claims".to_owned(), format!("/work/claims/{claim}")] {
            assert!(!scene.desk.get(&page).await.text().contains("<script>alert"), "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_letter_nothing_is_told_about_who_acts() {
    each_scene(async |scene| {
        scene.administrator(MOBILE).await;
        let curious = scene.test.person("curious", Role::Talent, None).await;
        let unknown = curious.form("/claim", &[("uscc", "913100006072894483")]).await;
        assert_eq!(unknown.status, 422);
        let begun = curious.form("/claim", &[("uscc", USCC)]).await;
        let page = curious.get(&begun.location()).await.text();
        assert!(!page.contains("赵明") && !page.contains(MOBILE));
    })
    .await;
}
