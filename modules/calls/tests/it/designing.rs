//! The designer of forms.

use serde_json::json;

use crate::town::{each_town, schema};

#[tokio::test]
async fn a_question_is_added_changed_moved_and_taken_out_in_the_browser() {
    each_town(async |town| {
        let id = town.drafted(&[]).await;
        let base = format!("/work/calls/{id}/form");
        let page = town.officer.get(&base).await.text();
        for wanted in ["项目简介", "档案：headcount", "分组，2 个问题", "预览", "&#34;x-sections&#34;"] {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        let new = [
            ("name", "field"),
            ("title_zh", "技术领域"),
            ("kind", "many"),
            ("choices", "ai | 人工智能 | AI\nbd | 大数据"),
            ("section", "project"),
            ("required", "yes"),
            ("when_field", "kind"),
            ("when_is", "new"),
        ];
        let seen = async || town.version(&id).await;
        let added = town.officer.form(&format!("{base}/new?seen={}", seen().await), &new).await;
        assert_eq!(added.status, 303, "{}", added.text());
        let twice = town.officer.form(&format!("{base}/new?seen={}", seen().await), &new).await;
        assert!(twice.status == 422 && twice.text().contains("已有同名"), "{}", twice.text());
        let form = town.officer.get(&format!("{base}/field")).await.text();
        assert!(form.contains("ai | 人工智能 | AI") && form.contains("value=\"new\""), "{form}");
        let mut up = new.to_vec();
        up.push(("do", "up"));
        assert_eq!(town.officer.form(&format!("{base}/field?seen={}", seen().await), &up).await.status, 303);
        let stale = town.officer.form(&format!("{base}/field?seen=1"), &up).await;
        assert_eq!(stale.status, 412, "somebody changed it meanwhile");
        let wrong = [("title_zh", "x"), ("kind", "fact"), ("fact", "no_such"), ("section", "project")];
        let wrong = town.officer.form(&format!("{base}/field?seen={}", seen().await), &wrong).await;
        assert!(wrong.status == 422 && wrong.text().contains("no_such"), "{}", wrong.text());
        let group = town.officer.get(&format!("{base}/team")).await.text();
        assert!(group.contains("请在表单文本中修改"), "{group}");
        let remove = [("do", "remove")];
        assert_eq!(town.officer.form(&format!("{base}/field?seen={}", seen().await), &remove).await.status, 303);
        assert_eq!(town.officer.get(&format!("{base}/field")).await.status, 404);
        assert_eq!(town.other_officer.get(&base).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_schema_that_is_wrong_is_told_with_its_place_and_stays_in_the_editor() {
    each_town(async |town| {
        let id = town.drafted(&[]).await;
        let path = format!("/work/calls/{id}/form?seen={}", town.version(&id).await);
        let syntax = town.officer.form(&path, &[("schema", "{\n  oops")]).await;
        assert!(syntax.status == 422 && syntax.text().contains("第 2 行"), "{}", syntax.text());
        assert!(syntax.text().contains("oops"), "what was typed is still there");
        let mut circle = schema();
        circle["properties"]["kind"]["x-when"] = json!({ "field": "last", "answered": true });
        let circle = town.officer.form(&path, &[("schema", &circle.to_string())]).await;
        assert!(circle.status == 422 && circle.text().contains("依赖成环：kind → last → kind"), "{}", circle.text());
        let good = town.officer.get(&format!("/work/calls/{id}")).await.text();
        assert!(good.contains("项目简介"), "nothing was kept of it: {good}");
    })
    .await;
}
