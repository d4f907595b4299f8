//! Plans: indicators, tasks, quarterly lights, publication.

use crate::town::each_town;

#[tokio::test]
async fn a_plan_is_written_reported_on_every_quarter_and_published() {
    each_town(async |town| {
        let (desk, visitor) = (&town.officer, town.test.nobody());
        let fields = [
            ("title_zh", "数字经济发展规划（演示）"),
            ("year_from", "2026"),
            ("year_to", "2030"),
            ("summary", "到2030年翻一番。"),
        ];
        let begun = desk.form("/work/plans", &fields).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        let path = begun.location();
        let wrong = desk
            .form(
                &format!("{path}/indicators"),
                &[("name", "核心产业增加值"), ("unit", "亿元"), ("base", "many"), ("target", "200")],
            )
            .await;
        assert!(wrong.status == 422 && wrong.text().contains("请填写数字"), "{}", wrong.text());
        let right = [("name", "核心产业增加值"), ("unit", "亿元"), ("base", "100"), ("target", "200")];
        assert_eq!(desk.form(&format!("{path}/indicators"), &right).await.status, 303);
        let task = [
            ("title", "建成创新中心二期"),
            ("goal", "载体"),
            ("lead", "河西区演示局"),
            ("partners", ""),
            ("due_on", "2027-06-30"),
        ];
        assert_eq!(desk.form(&format!("{path}/tasks"), &task).await.status, 303);
        let page = desk.get(&path).await.text();
        let choice = |name: &str| {
            let from = page.find(&format!("name=\"{name}\"")).unwrap();
            let from = from + page[from..].find("<option value=\"0").unwrap() + "<option value=\"".len();
            page[from..from + 36].to_owned()
        };
        let (indicator, todo) = (choice("indicator"), choice("task"));
        let value = [("indicator", indicator.as_str()), ("year", "2026"), ("value", "125.5")];
        assert_eq!(desk.form(&format!("{path}/values"), &value).await.status, 303);
        let told = [("task", todo.as_str()), ("light", "amber"), ("words", "用地手续在办")];
        assert_eq!(desk.form(&format!("{path}/progress"), &told).await.status, 303);
        let page = desk.get(&path).await.text();
        assert!(page.contains("26%") && page.contains("滞后") && page.contains("2026 Q2 用地手续在办"), "{page}");

        let public = path.replace("/work", "");
        assert_eq!(visitor.get(&public).await.status, 404);
        assert_eq!(town.other_officer.get(&path).await.status, 404);
        assert_eq!(town.other_officer.form(&format!("{path}/progress"), &told).await.status, 404);
        assert_eq!(town.enterprise.get(&path).await.status, 404);
        assert_eq!(desk.form(&format!("{path}/publish"), &[]).await.status, 303);
        assert!(visitor.get(&public).await.text().contains("建成创新中心二期"));
        assert!(visitor.get("/plans").await.text().contains("数字经济发展规划"));
    })
    .await;
}
