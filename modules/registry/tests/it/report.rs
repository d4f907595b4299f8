//! The half-yearly report: every figure is the sum of its list.

use jinmen_core::{Object, Period, Role};
use registry::dictionary::dictionary;
use registry::model::{Half, NewFact, Source, Unit};
use registry::ops::{record_facts, relate, report};

use crate::town::{SYSTEM, Town, each_town, organization};

async fn revenue(town: &Town, id: jinmen_core::OrganizationId, year: i16, wan: &str) {
    let key = dictionary().get("annual_revenue").unwrap();
    let fact = NewFact {
        value: registry::forms::value_from(key, wan, town.test.app.clock.today()).unwrap(),
        key,
        period: Period::year(year).unwrap(),
        source: Source::Verified,
        source_note: String::new(),
        source_object: None,
    };
    record_facts::record_facts(&town.test.app, &town.secretariat.actor, &Object::from(id), vec![fact]).await.unwrap();
}

#[tokio::test]
async fn every_figure_is_the_sum_of_the_list_it_opens() {
    each_town(async |town| {
        for at in 0..3 {
            let id =
                organization(&town.test, &format!("天津报告{at}演示公司"), "enterprise", None, Some(town.alliance))
                    .await;
            let mut tx = town.test.app.db.begin().await.unwrap();
            let new = relate::NewRelation { kind: "member_of".into(), grade: "member".into(), ..Default::default() };
            relate::insert(&town.test.app, &mut tx, &SYSTEM, id, town.alliance, &new).await.unwrap();
            tx.commit().await.unwrap();
            revenue(&town, id, 2025, &format!("{}.5", 100 + at)).await;
            revenue(&town, id, 2024, "100").await;
        }
        let half: Half = "2026-1".parse().unwrap();
        let known = report::read(&town.test.app, &town.secretariat.actor, half).await.unwrap();
        let of = |code: &str| known.figure(code).unwrap_or_else(|| panic!("no {code}"));
        assert_eq!(of("members").value(), 4);
        assert_eq!(of("grade.council").value() + of("grade.member").value(), of("members").value());
        assert_eq!((of("annual_revenue").value(), of("annual_revenue").before), (304_500_000, Some(300_000_000)));
        for figure in &known.figures {
            let page = town.secretariat.get(&format!("/work/report/{}?half=2026-1", figure.code)).await;
            assert_eq!(page.status, 200, "{}", figure.code);
            let text = page.text();
            for part in &figure.parts {
                assert!(text.contains(&part.name), "{}: {}", figure.code, part.name);
            }
            if figure.unit == Unit::Organizations {
                assert_eq!(figure.value() as usize, figure.parts.len());
            }
        }
        let page = town.secretariat.get("/work/report?half=2026-1").await.text();
        assert!(page.contains("305 万元") && page.contains("+1.5%"), "{page}");
        let book = town.secretariat.get("/work/report.xlsx?half=2026-1").await;
        assert!(book.bytes.starts_with(b"PK"));
    })
    .await;
}

#[tokio::test]
async fn activity_counts_in_the_half_it_fell_in() {
    each_town(async |town| {
        let path = format!("/work/organizations/{}/activities", town.member);
        let note = |kind: &'static str, date: &'static str, count: &'static str| {
            [("title", "走访对接会"), ("kind", kind), ("date", date), ("count", count)]
        };
        for (kind, date, count) in
            [("meeting", "2026-03-01", "1"), ("talent", "2026-05-01", "3"), ("talent", "2025-11-01", "2")]
        {
            let sent = town.secretariat.form(&path, &note(kind, date, count)).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        for (kind, date, count) in
            [("meeting", "2026-06-19", "1"), ("party", "2026-03-01", "1"), ("meeting", "2026-03-01", "0")]
        {
            assert_eq!(town.secretariat.form(&path, &note(kind, date, count)).await.status, 422, "{kind} {date}");
        }
        assert_eq!(town.enterprise.form(&path, &note("meeting", "2026-03-01", "1")).await.status, 404);
        let known = |half: &'static str| {
            let (app, actor) = (&town.test.app, &town.secretariat.actor);
            async move { report::read(app, actor, half.parse().unwrap()).await.unwrap() }
        };
        let first = known("2026-1").await;
        assert_eq!(first.figure("activity.talent").unwrap().value(), 3);
        assert_eq!(first.figure("activity.meeting").unwrap().value(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_report_is_the_offices_own() {
    each_town(async |town| {
        for path in ["/work/report", "/work/report.xlsx", "/work/report/members", "/work/alliance"] {
            assert_eq!(town.enterprise.get(path).await.status, 404, "{path}");
            assert_eq!(town.secretariat.get(path).await.status, 200, "{path}");
        }
        assert_eq!(town.secretariat.get("/work/report?half=2026-3").await.status, 422);
        assert_eq!(town.secretariat.get("/work/report/nothing").await.status, 404);
        assert!(!town.stranger.get("/work/report/members").await.text().contains("数聚"));
        let supervisor = town.test.person("jiandu", Role::Supervisor, Some(town.alliance)).await;
        assert_eq!(supervisor.get("/work/report").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn letters_of_appointment_say_who_as_what_and_until_when() {
    each_town(async |town| {
        let expert = town.test.person("专家甲", Role::Talent, Some(town.alliance)).await;
        let person = expert.person.unwrap();
        let alliance = town.alliance.text();
        let fields = [
            ("organization", alliance.as_str()),
            ("kind", "expert"),
            ("letter", "PS-2026-01"),
            ("valid_from", "2026-01-01"),
            ("valid_until", "2028-12-31"),
        ];
        let added = town.secretariat.form(&format!("/work/people/{person}/affiliations"), &fields).await;
        assert_eq!(added.status, 303, "{}", added.text());
        let page = town.secretariat.get("/work/alliance").await.text();
        assert!(page.contains("专家甲") && page.contains("PS-2026-01"), "{page}");
        let letters = town.secretariat.get("/work/alliance/letters/experts").await.text();
        assert!(letters.contains("兹聘请您担任天津演示联盟专家") && letters.contains("2028"), "{letters}");
        assert_eq!(town.secretariat.get("/work/alliance/letters/nothing").await.status, 404);
    })
    .await;
}
