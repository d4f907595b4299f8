//! The office's calls and what the public sees of them.

use module::testing::Client;

use crate::town::{Town, each_town, schema};

#[tokio::test]
async fn a_call_is_begun_from_a_template_published_and_read_by_everybody() {
    each_town(async |town| {
        let id = town.drafted(&[("bodies", "host | 河西区演示局\norganizer | 某承办单位")]).await;
        let nobody = town.test.nobody();
        assert_eq!(nobody.get(&format!("/calls/{id}")).await.status, 404, "a draft is nobody's");
        assert!(!nobody.get("/calls").await.text().contains("演示项目申报"));
        let out = town.officer.form(&format!("/work/calls/{id}/publish"), &[]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        let list = nobody.get("/calls?phase=open&kind=other").await.text();
        assert!(list.contains("2026年演示项目申报") && list.contains("河西区演示局"), "{list}");
        let page = nobody.get(&format!("/calls/{id}")).await;
        assert_eq!(page.status, 200);
        let text = page.text();
        for wanted in
            ["承办单位", "某承办单位", "上年项目编号", "档案中没有或已过期时才填写", "022-00000000", "登录后申请"]
        {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        let english = nobody.get_in(&format!("/calls/{id}"), "en").await.text();
        assert!(english.contains("Organised by") && !english.contains("[calls-"), "{english}");
        let again = town.officer.form(&format!("/work/calls/{id}/publish"), &[]).await;
        assert_eq!(again.status, 409, "it is out");
    })
    .await;
}

#[tokio::test]
async fn every_template_makes_a_call_that_can_be_published() {
    each_town(async |town| {
        let page = town.officer.get("/work/calls/new").await.text();
        for template in calls::model::templates() {
            assert!(page.contains(&template.title.zh), "{}", template.key);
            let form = town.officer.get(&format!("/work/calls/new/{}", template.key)).await;
            assert_eq!(form.status, 200, "{}", form.text());
            let begun = town.officer.form(&format!("/work/calls/new/{}", template.key), &[("title_zh", "演示")]).await;
            assert_eq!(begun.status, 303, "{}: {}", template.key, begun.text());
            let place = begun.location();
            let out = town.officer.form(&format!("{place}/publish"), &[]).await;
            assert_eq!(out.status, 303, "{}: {}", template.key, out.text());
            let public = town.test.nobody().get(&place.replace("/work", "")).await.text();
            assert!(!public.contains("[calls-") && !public.contains("[registry-"), "{public}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_call_is_cloned_for_the_next_year_in_one_step() {
    each_town(async |town| {
        let id = town.published(&[("bodies", "host | 河西区演示局")]).await;
        let cloned = town.officer.form(&format!("/work/calls/{id}/clone"), &[]).await;
        assert_eq!(cloned.status, 303, "{}", cloned.text());
        let page = town.officer.get(&cloned.location()).await.text();
        for wanted in ["2027年演示项目申报", "2027年7月1日 00:00", "集体审议", "上年项目编号", "编写中"]
        {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        assert_eq!(town.test.nobody().get(&cloned.location().replace("/work", "")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn two_who_change_a_call_at_once_do_not_undo_each_other() {
    each_town(async |town| {
        let id = town.drafted(&[]).await;
        let version = town.version(&id).await;
        let fields = [("title_zh", "改过的标题"), ("closes_on", "2026-07-15"), ("closes_time", "18:00")];
        let path = format!("/work/calls/{id}/text?seen={version}");
        assert_eq!(town.officer.form(&path, &fields).await.status, 303);
        let late = town.second.form(&path, &[("title_zh", "晚了一步")]).await;
        assert_eq!(late.status, 412, "{}", late.text());
        assert!(late.text().contains("晚了一步"), "what was typed is still there");
        let page = town.officer.get(&format!("/work/calls/{id}")).await.text();
        assert!(page.contains("改过的标题") && page.contains("2026年7月15日 18:00"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn wrong_input_is_said_beside_its_field_and_nothing_is_kept() {
    each_town(async |town| {
        let id = town.drafted(&[]).await;
        let bad = [
            (vec![("stages", "check | check")], "check | check"),
            (vec![("stages", "consult | joint | 联审 | Joint | 5")], "没有写明参加单位"),
            (vec![("stages", "check | a | 甲 | A | 5 | not_by=b")], "a"),
            (vec![("rule", "policy: [")], "规则有问题"),
            (vec![("outcome", "award"), ("amount", "10"), ("parts", "40 | 先付")], "合计为 40%"),
            (vec![("outcome", "benefit")], "请填写此项"),
            (vec![("most", "0")], "1 至 20"),
            (vec![("bodies", "boss | 某单位")], "boss | 某单位"),
        ];
        for (change, said) in bad {
            let page = town.arrange(&id, &change).await;
            assert!(page.status == 422 && page.text().contains(said), "{said}: {} {}", page.status, page.text());
        }
        let wrong = [("title_zh", ""), ("opens_on", "2026-07-01"), ("closes_on", "2026-06-01"), ("closes_time", "9点")];
        let version = town.version(&id).await;
        let page = town.officer.form(&format!("/work/calls/{id}/text?seen={version}"), &wrong).await;
        assert!(page.status == 422 && page.text().contains("时刻写作"), "{}", page.text());
    })
    .await;
}

async fn refused(who: &Client, paths: &[String]) {
    for path in paths {
        assert_eq!(who.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn other_offices_see_nothing_of_a_call_and_whoever_runs_it_sees_it_until_their_day() {
    each_town(async |town: Town| {
        let operator = format!("organizer | 河东区演示局 | {} | 2026-06-20", town.other_office.text());
        let id = town.drafted(&[("bodies", &operator)]).await;
        let paths = [format!("/work/calls/{id}"), format!("/work/calls/{id}/setup")];
        assert_eq!(town.other_officer.get(&paths[0]).await.status, 200, "it runs the call");
        assert_eq!(
            town.other_officer.form(&format!("/work/calls/{id}/publish"), &[]).await.status,
            404,
            "but does not publish it"
        );
        town.test.app.clock.advance_seconds(3 * 86_400);
        let late = town.test.again(&town.other_officer).await;
        refused(&late, &paths).await;
        refused(&town.enterprise, &paths).await;
        assert!(!late.get("/work/calls").await.text().contains("演示项目申报"));
    })
    .await;
}

#[tokio::test]
async fn a_sample_is_attached_shown_to_everybody_and_taken_off() {
    each_town(async |town| {
        let id = town.published(&[]).await;
        let path = format!("/work/calls/{id}/files");
        let sent =
            town.officer.multipart(&path, &[("purpose", "plan")], &[("file", "样表.pdf", crate::town::PDF)]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let public = town.test.nobody().get(&format!("/calls/{id}")).await.text();
        assert!(public.contains("样表：样表.pdf"), "{public}");
        let file = public.split("/call-files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let read = town.test.nobody().get(&format!("/call-files/{file}")).await;
        assert_eq!((read.status.as_u16(), read.bytes.as_slice()), (200, crate::town::PDF));
        let other = town.other_officer.form(&format!("/work/call-files/{file}/remove"), &[]).await;
        assert_eq!(other.status, 404);
        assert_eq!(town.officer.form(&format!("/work/call-files/{file}/remove"), &[]).await.status, 303);
        assert_eq!(town.test.nobody().get(&format!("/call-files/{file}")).await.status, 404);
        let nothing = town.officer.multipart(&path, &[], &[]).await;
        assert_eq!(nothing.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_form_somebody_has_used_is_frozen_and_a_change_makes_the_next_version() {
    each_town(async |town| {
        let id = town.published(&[]).await;
        let before = town.officer.get(&format!("/work/calls/{id}")).await.text();
        assert!(before.contains("第 1 版，尚无人使用"), "{before}");
        let draft = town.begun(&town.enterprise, &id).await;
        let mut changed = schema();
        changed["properties"]["summary"]["title"] = "新的简介".into();
        assert_eq!(town.keep_form(&id, &changed).await.status, 303);
        let after = town.officer.get(&format!("/work/calls/{id}")).await.text();
        assert!(after.contains("第 2 版，尚无人使用") && after.contains("新的简介"), "{after}");
        let own = town.enterprise.get(&format!("/work/own-applications/{draft}/form")).await.text();
        assert!(
            own.contains("项目简介") && !own.contains("新的简介"),
            "who began stays with what they began with: {own}"
        );
        let new = town.begun(&town.other_enterprise, &id).await;
        let other = town.other_enterprise.get(&format!("/work/own-applications/{new}/form")).await.text();
        assert!(other.contains("新的简介"), "{other}");
    })
    .await;
}
