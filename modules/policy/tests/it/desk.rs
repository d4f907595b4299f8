//! The office: drafting, reviews, issue, who may see what.

use policy::model::PolicyId;

use crate::town::{TEXT, each_town};

#[tokio::test]
async fn a_policy_goes_from_a_draft_through_its_reviews_to_the_library() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        let library = town.test.nobody().get("/policies").await;
        assert!(library.text().contains("数字经济演示办法"), "{}", library.text());
        let page = town.test.nobody().get(&format!("/policies/{id}")).await;
        assert_eq!(page.status, 200);
        let text = page.text();
        for wanted in ["演示〔2026〕1号", "给予10万元奖励", "算一算", "2028"] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        let desk = town.officer.get(&format!("/work/policies/{id}")).await.text();
        assert!(desk.contains("应到 9，实到 7") && desk.contains("第八条至第十条"), "{desk}");
        let interpreted = [("interpretation", "为促进数字经济发展，制定本办法。")];
        assert_eq!(town.step(&town.officer, id, "interpret", &interpreted).await.status, 303);
        assert!(town.test.nobody().get(&format!("/policies/{id}")).await.text().contains("为促进数字经济发展"));
    })
    .await;
}

#[tokio::test]
async fn a_draft_does_not_leave_the_desk_with_findings_failing_cases_or_a_clause_without_words() {
    each_town(async |town| {
        let id = town.drafted(&TEXT.replace("amount: award", "amount: awards")).await;
        let editor = town.officer.get(&format!("/work/policies/{id}/text")).await.text();
        assert!(editor.contains("awards") && editor.contains("处问题"), "{editor}");
        let refused = town.step(&town.officer, id, "draft", &[]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("规则有问题"), "{}", refused.text());
        town.keep(id, "1", &TEXT.replace("amount: 100000", "amount: 100001"), "上年营收").await;
        assert!(town.step(&town.officer, id, "draft", &[]).await.text().contains("算例不符"));
        town.keep(id, "2", TEXT, "").await;
        assert!(town.step(&town.officer, id, "draft", &[]).await.text().contains("没有原文"));
        assert_eq!(town.keep(id, "1", TEXT, "上年营收").await.status, 412, "somebody kept a version meanwhile");
        assert_eq!(town.keep(id, "3", TEXT, "上年营收达到1000万元。").await.status, 303);
        assert_eq!(town.step(&town.officer, id, "draft", &[]).await.status, 303);
        assert_eq!(town.keep(id, "4", TEXT, "改了字").await.status, 409, "what was handed on is not changed any more");
        let difference = town.officer.get(&format!("/work/policies/{id}/versions/2")).await.text();
        assert!(difference.contains("amount: 100001") && difference.contains("jm-added"), "{difference}");
    })
    .await;
}

#[tokio::test]
async fn the_drafter_does_not_review_and_nothing_is_issued_beyond_the_end_of_an_exception() {
    each_town(async |mut town| {
        let id = town.drafted(TEXT).await;
        town.step(&town.officer, id, "draft", &[]).await;
        town.step(&town.officer, id, "comment", &[("until", "2026-07-18")]).await;
        town.month().await;
        town.step(&town.officer, id, "summary", &[("opinion", "无")]).await;
        let review =
            [("basis", "第十二条"), ("result", "exception"), ("exception", "第十二条第（二）项"), ("opinion", "同意")];
        let own = town.step(&town.officer, id, "fairness", &[&review[..], &[("ends_on", "2027-12-31")]].concat()).await;
        assert!(own.status == 409 && own.text().contains("另一人"), "{}", own.text());
        let endless = town.step(&town.second, id, "fairness", &review).await;
        assert!(endless.status == 422 && endless.text().contains("须写明期限"), "{}", endless.text());
        let ended =
            town.step(&town.second, id, "fairness", &[&review[..], &[("ends_on", "2027-12-31")]].concat()).await;
        assert_eq!(ended.status, 303);
        town.step(&town.second, id, "legality", &[("opinion", "合法")]).await;
        let vote = [("entitled", "9"), ("present", "7"), ("for_it", "6"), ("against", "0"), ("abstained", "1")];
        town.step(&town.officer, id, "decision", &vote).await;
        let issue =
            [("doc_no", "演示〔2026〕1号"), ("on", "2026-07-20"), ("from", "2026-07-01"), ("disclosure", "published")];
        let beyond = town.step(&town.officer, id, "issue", &[&issue[..], &[("to", "2028-12-31")]].concat()).await;
        assert!(beyond.status == 422 && beyond.text().contains("例外期限"), "{}", beyond.text());
        assert_eq!(
            town.step(&town.officer, id, "issue", &[&issue[..], &[("to", "2027-12-31")]].concat()).await.status,
            303
        );
    })
    .await;
}

#[tokio::test]
async fn red_lines_are_marked_while_drafting_and_stop_what_names_no_exception() {
    each_town(async |mut town| {
        let id = town.drafted(TEXT).await;
        town.keep(id, "1", TEXT, "对迁入本区的企业，按其对区级财政贡献的50%给予奖励，企业须承诺五年内不迁出。").await;
        let editor = town.officer.get(&format!("/work/policies/{id}/text")).await.text();
        assert!(editor.contains("红线提示") && editor.contains("公平竞争审查条例"), "{editor}");
        let english = town.officer.get_in(&format!("/work/policies/{id}/text"), "en").await.text();
        assert!(english.contains("Fair Competition Review Regulation"), "{english}");
        let stopped = town.step(&town.officer, id, "draft", &[]).await;
        assert!(stopped.status == 422 && stopped.text().contains("处红线"), "{}", stopped.text());
        let named = [("opinion", "适用第十二条第（三）项，理由见附件")];
        assert_eq!(town.step(&town.officer, id, "draft", &named).await.status, 303);
        town.step(&town.officer, id, "comment", &[("until", "2026-07-18")]).await;
        town.month().await;
        town.step(&town.officer, id, "summary", &[("opinion", "无")]).await;
        let clean = [("basis", "第八条至第十条"), ("result", "clean"), ("opinion", "无")];
        let refused = town.step(&town.second, id, "fairness", &clean).await;
        assert!(refused.status == 422 && refused.text().contains("仍有"), "{}", refused.text());
    })
    .await;
}

#[tokio::test]
async fn another_office_and_enterprises_see_no_draft_and_another_office_no_reach() {
    each_town(async |town| {
        let id = town.drafted(TEXT).await;
        for path in ["", "/text", "/names", "/reach", "/sandbox", "/versions/1", "/end"] {
            let path = format!("/work/policies/{id}{path}");
            for who in [&town.other_officer, &town.enterprise] {
                assert_eq!(who.get(&path).await.status, 404, "{path}");
            }
            assert_eq!(town.test.nobody().get(&path).await.status, 404, "{path}");
        }
        assert_eq!(town.test.nobody().get(&format!("/policies/{id}")).await.status, 404);
        assert_eq!(town.enterprise.get(&format!("/work/own-policies/{id}")).await.status, 404);
        assert!(!town.test.nobody().get("/policies?q=数字经济").await.text().contains(&id.text()));
        assert_eq!(town.step(&town.other_officer, id, "draft", &[]).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_policy_that_is_replaced_names_the_other_and_leads_to_it() {
    each_town(async |mut town| {
        let old = town.published(TEXT).await;
        let new = town.drafted(TEXT).await;
        let publish = "UPDATE policy SET status = 'published', disclosure = 'published', published_at = 1, doc_no = '演示〔2026〕2号' WHERE id = $1";
        town.test.app.db.run(publish, store::args![new]).await.unwrap();
        let form = town.officer.get(&format!("/work/policies/{old}/end")).await.text();
        assert!(form.contains(&new.to_string()) && !form.contains(&format!("value=\"{old}\"")), "{form}");
        let end =
            |other: String| vec![("on", "2026-09-01".to_owned()), ("note", "修订".to_owned()), ("replaced_by", other)];
        let path = format!("/work/policies/{old}/end");
        let send = async |fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            town.officer.form(&path, &fields).await
        };
        for wrong in [old.to_string(), "nothing".to_owned(), PolicyId::new().to_string()] {
            let answer = send(end(wrong)).await;
            assert!(answer.status == 422 && answer.text().contains("请选择本单位的另一项政策"), "{}", answer.text());
        }
        assert_eq!(send(end(new.to_string())).await.status, 303);
        let page = town.test.nobody().get(&format!("/policies/{old}")).await.text();
        assert!(page.contains("替代它的政策") && page.contains(&format!("/policies/{new}")), "{page}");
    })
    .await;
}

/// The codes that a check may give, from the table of the language's reference.
fn codes() -> Vec<&'static str> {
    let reference = include_str!("../../../../docs/en/policy-language.md");
    let table = reference.split_once("## What a check finds").unwrap().1.split_once("## Commands").unwrap().0;
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split_once(" | "));
    rows.flat_map(|(codes, _)| codes.split('`').filter(|code| code.starts_with(char::is_alphabetic))).collect()
}

#[tokio::test]
async fn every_finding_of_a_check_is_named_in_the_readers_language() {
    each_town(async |town| {
        assert!(codes().len() > 20, "{:?}", codes());
        for locale in jinmen_core::Locale::ALL {
            let t = town.test.app.words(locale);
            for code in codes() {
                assert!(t.has(&format!("policy-code-{code}")), "{code} in {locale:?}");
            }
        }
        let id = town.drafted(&TEXT.replace("wan(10)", "10")).await;
        let path = format!("/work/policies/{id}/text");
        let (zh, en) = (town.officer.get(&path).await.text(), town.officer.get_in(&path, "en").await.text());
        assert!(zh.contains("第 14 行第 11 列 A 金额缺少单位（"), "{zh}");
        assert!(en.contains("A Money without a unit: "), "{en}");
    })
    .await;
}
