//! Who sees what: every page of an application and of a call, tried as everybody who has no part in it.

use module::testing::Client;

use crate::town::each_town;

#[tokio::test]
async fn nobody_without_a_part_reads_or_changes_an_application() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.handed_in(&call).await;
        let own = [
            format!("/work/own-applications/{id}"),
            format!("/work/own-applications/{id}?tab=answers"),
            format!("/work/own-applications/{id}?tab=messages"),
            format!("/work/own-applications/{id}?tab=team"),
            format!("/work/own-applications/{id}/form"),
            format!("/work/own-applications/{id}/print"),
        ];
        let desk = [
            format!("/work/applications/{id}"),
            format!("/work/applications/{id}?tab=messages"),
            format!("/work/applications/{id}?tab=history"),
            format!("/work/applications/{id}/print"),
        ];
        let nobody = town.test.nobody();
        let strangers: [(&str, &Client); 7] = [
            ("nobody", &nobody),
            ("another applicant", &town.other_enterprise),
            ("another person", &town.other_talent),
            ("another office", &town.other_officer),
            ("the audit administrator", &town.auditor),
            ("a talent", &town.talent),
            ("the applicant at the desk", &town.enterprise),
        ];
        for (who, client) in &strangers {
            for path in desk.iter().chain(own.iter().filter(|_| *who != "the applicant at the desk")) {
                let page = client.get(path).await;
                assert_eq!(page.status, 404, "{who}: {path}");
                assert!(!page.text().contains("天津数聚"), "{who}: {path}");
            }
        }
        for path in &desk {
            assert_eq!(town.supervisor.get(path).await.status, 200, "the supervisor reads {path}");
        }
        let posts = [
            (format!("/work/applications/{id}/steps/check"), vec![]),
            (format!("/work/applications/{id}/return"), vec![("fields", "summary"), ("reason", "x")]),
            (format!("/work/applications/{id}/say"), vec![("text", "x")]),
            (format!("/work/applications/{id}/hand"), vec![("mine", "yes")]),
            (format!("/work/own-applications/{id}/submit"), vec![]),
            (format!("/work/own-applications/{id}/withdraw"), vec![("reason", "x")]),
            (format!("/work/own-applications/{id}/say"), vec![("text", "x")]),
            (format!("/work/own-applications/{id}/team"), vec![("account", "taren"), ("part", "member")]),
        ];
        for (who, client) in strangers.iter().chain([&("the supervisor", &town.supervisor)]) {
            for (path, fields) in &posts {
                if *who == "the applicant at the desk" && path.contains("own-applications") {
                    continue;
                }
                let page = client.form(path, fields).await;
                assert_eq!(page.status, 404, "{who}: {path}: {}", page.text());
            }
        }
        let state: (String, i64) = town
            .test
            .app
            .db
            .one("SELECT state, version FROM call_application WHERE id = $1", store::args![id.as_str()])
            .await
            .unwrap();
        assert_eq!(state.0, "submitted");
    })
    .await;
}

#[tokio::test]
async fn the_office_sees_no_draft_in_any_list_sheet_or_search() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        let id = town.filled(&call).await;
        for path in [
            "/work/applications".to_owned(),
            format!("/work/applications?call={call}&state=draft"),
            format!("/work/calls/{call}/applications.json"),
        ] {
            let page = town.officer.get(&path).await.text();
            assert!(!page.contains("天津数聚演示科技"), "{path}: {page}");
        }
        assert_eq!(town.officer.get(&format!("/work/applications/{id}")).await.status, 404);
    })
    .await;
}
