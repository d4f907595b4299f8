//! Panels by track, ranks by track and group, and who goes on to the next round.

use serde_json::{Value, json};

use crate::town::{Town, each_town};

const TRACKS: &str = "ai | 人工智能 | Artificial intelligence\ndata | 大数据 | Big data";
const GROUPS: &str = "startup | 初创组 | Start-ups\ngrowth | 成长组 | Growing";
/// Track and group of each firm.
const ENTERED: [(&str, &str); 4] = [("ai", "startup"), ("ai", "growth"), ("ai", "startup"), ("data", "startup")];

fn round(track: &'static str) -> [(&'static str, &'static str); 9] {
    [
        ("title_zh", "初赛"),
        ("due_on", "2026-06-20"),
        ("criteria", "technology | 技术 | Technology | 60\nmarket | 市场 | Market | 40"),
        ("trim", "none"),
        ("digits", "2"),
        ("giving", "panel"),
        ("promote", "1"),
        ("panels", "track"),
        ("track", track),
    ]
}

/// A call with two tracks and two groups that every firm entered.
async fn call(town: &Town) -> (String, Vec<String>) {
    let call = town.published(&[("tracks", TRACKS), ("groups", GROUPS)]).await;
    let mut applications = Vec::new();
    for (at, (track, group)) in ENTERED.into_iter().enumerate() {
        applications.push(town.entered(&call, at, &[("_track", track), ("_group", group)]).await);
    }
    (call, applications)
}

/// The round of a track, judged and confirmed.
async fn judged(town: &Town, call: &str) -> String {
    let id = town.begun(call, "desk", &round("ai")).await;
    let experts = town.pool().await;
    let panel = town.panels(&id).await.remove(0);
    let mut seats = vec![("panel", panel.as_str())];
    seats.extend(experts.iter().map(|id| ("expert", id.as_str())));
    town.desk(&id, "choose", &seats).await;
    town.come(&id).await;
    for (at, (_, entry)) in town.entries(&id).await.iter().enumerate() {
        for judge in 0..5 {
            let technology = (40 + 5 * at).to_string();
            assert_eq!(town.lock(judge, &id, entry, (&technology, "30")).await.status, 200);
        }
    }
    town.desk(&id, "close", &[]).await;
    let confirmed = town.supervisor.form(&format!("/work/reviews/{id}/confirm"), &[]).await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.text());
    id
}

fn ranks(ranking: &Value) -> Vec<(&str, &str, &str, i64)> {
    ranking
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let of = |key: &str| one[key].as_str().unwrap();
            (of("code"), of("track"), of("group"), one["rank"].as_i64().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn one_panel_judges_all_groups_of_its_track_and_each_group_has_its_own_ranks() {
    each_town(async |town| {
        let (call, _) = call(&town).await;
        let id = judged(&town, &call).await;
        let panels = town.officer.get(&format!("/api/v1/reviews/{id}")).await.json();
        assert_eq!(
            (&panels["panels"][0]["title"], panels["panels"].as_array().unwrap().len()),
            (&json!("人工智能"), 1)
        );
        let ranking = town.officer.get(&format!("/api/v1/reviews/{id}/ranking")).await.json();
        // 70, 75 and 80: the first and the last are start-ups.
        let mut found = ranks(&ranking);
        found.sort_unstable();
        assert_eq!(found, [("P01", "ai", "startup", 2), ("P02", "ai", "growth", 1), ("P03", "ai", "startup", 1)]);
        town.desk(&id, "publish", &[]).await;
        let page = town.test.nobody().get(&format!("/results/{id}")).await.text();
        assert!(["人工智能", "初创组", "成长组"].iter().all(|name| page.contains(name)), "{page}");
        crate::desk::sequence(&town).await;
        let document = town.test.nobody().get(&format!("/results/{id}/bundle.json")).await.json();
        let report = review::model::statement::verify(document, &record::proof::Held::default()).unwrap();
        assert!(report.valid, "{report:?}");
    })
    .await;
}

#[tokio::test]
async fn the_best_of_each_group_go_on_unless_they_went_away_and_other_tracks_begin_anew() {
    each_town(async |town| {
        let (call, applications) = call(&town).await;
        judged(&town, &call).await;
        let next = town.begun(&call, "desk", &round("ai")).await;
        let entries = async |id: &str| {
            let page = town.officer.get(&format!("/api/v1/reviews/{id}/entries?limit=50")).await.json();
            let mut all: Vec<String> = page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["application"].as_str().unwrap().to_owned())
                .collect();
            all.sort();
            all
        };
        let mut best = vec![applications[1].clone(), applications[2].clone()];
        best.sort();
        assert_eq!(entries(&next).await, best);
        town.desk(&next, "discard", &[]).await;
        let gone = town.firms[2]
            .1
            .form(&format!("/work/own-applications/{}/withdraw", applications[2]), &[("reason", "项目停了")])
            .await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        let next = town.begun(&call, "desk", &round("ai")).await;
        assert_eq!(entries(&next).await, [applications[1].clone()]);
        let other = town.begun(&call, "desk", &round("data")).await;
        assert_eq!(entries(&other).await, [applications[3].clone()]);
    })
    .await;
}
