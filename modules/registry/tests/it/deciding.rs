//! What rules say by the file: of one, of everybody in columns, and once more later.

use jinmen_core::{Date, Object, OrganizationId, Period, Text2};
use registry::dictionary::dictionary;
use registry::known::{Given, Known, Reader};
use registry::model::{AsOf, NewFact, NewOrganization, Source};
use registry::ops::{create_organization, decide, record_facts};
use rules::{Outcome, Register};
use serde_json::{Map, json};

use crate::town::{SYSTEM, Town, each_town, organization};

const POLICY: &str = "
policy: Growth
facts:
  revenue: {registry: annual_revenue}
  founded: {registry: founded_on}
  hnte: {registry: is_hnte}
  share: {registry: high_tech_income_ratio}
  region: {registry: region}
  area: {type: int, zh: 面积, en: area}
clauses:
- id: A
  conditions:
  - {zh: 增长, en: growth, when: 'revenue[last_year] > revenue[last_year - 1]'}
  - {zh: 河西, en: in Hexi, when: \"region.startsWith('120103')\"}
  amount: floor_fen(revenue[last_year] * percent(1))
  cases: [{as_of: 2026-01-01, facts: {revenue: {2025: 200, 2024: 100}, region: '120103'}, eligible: true, amount: 2}]
- id: B
  conditions:
  - {zh: 高企, en: HNTE, when: hnte}
  - {zh: 占比, en: share, when: 'share[last_year] >= percent(60)'}
  - {zh: 成立, en: founded, when: founded <= date('2020-01-01')}
  - {zh: 面积, en: area, when: area > 100}
  cases: [{as_of: 2026-01-01, facts: {hnte: true, share: {2025: 0.6}, founded: 2019-01-01, area: 101}, eligible: true, amount: 0}]
";

fn fact(town: &Town, key: &str, period: Period, typed: &str, source: Source) -> NewFact {
    let key = dictionary().get(key).unwrap();
    NewFact {
        value: registry::forms::value_from(key, typed, town.test.app.clock.today()).unwrap(),
        key,
        period,
        source,
        source_note: String::new(),
        source_object: None,
    }
}

async fn learn(town: &Town, id: OrganizationId, facts: Vec<NewFact>) {
    record_facts::record_facts(&town.test.app, &town.secretariat.actor, &Object::from(id), facts).await.unwrap();
}

/// Facts of several years, corrected ones, one verified against a later claim, one that ended.
async fn filled(town: &Town, id: OrganizationId) {
    let year = |year| Period::year(year).unwrap();
    let day = |text| Date::from_iso(text).unwrap();
    learn(
        town,
        id,
        vec![
            fact(town, "annual_revenue", year(2024), "100", Source::SelfDeclared),
            fact(town, "annual_revenue", year(2025), "120.5", Source::Verified),
            fact(town, "region", Period::ALWAYS, "120103", Source::Imported),
            fact(town, "founded_on", Period::ALWAYS, "2019-05-01", Source::Imported),
            fact(town, "high_tech_income_ratio", year(2025), "62.5", Source::SelfDeclared),
            fact(
                town,
                "is_hnte",
                Period::between(day("2018-01-01"), day("2020-12-31")).unwrap(),
                "false",
                Source::Verified,
            ),
        ],
    )
    .await;
    learn(
        town,
        id,
        vec![
            fact(town, "annual_revenue", year(2024), "110", Source::SelfDeclared),
            fact(town, "annual_revenue", year(2025), "90", Source::SelfDeclared),
            fact(town, "is_hnte", Period::since(day("2021-01-01")), "true", Source::Verified),
        ],
    )
    .await;
}

fn as_of(town: &Town, day: &str) -> AsOf {
    AsOf { day: Date::from_iso(day).unwrap(), known: town.test.app.clock.now() }
}

#[tokio::test]
async fn a_policy_reads_the_file_as_it_was_on_the_day_with_sources() {
    each_town(async |town| {
        filled(&town, town.member).await;
        let policy = decide::load(POLICY).unwrap();
        let known = async |day: &str| -> Known {
            let subject = Object::from(town.member);
            decide::known_of(&town.test.app.db, &policy, &subject, &Map::new(), as_of(&town, day)).await.unwrap()
        };
        let now = known("2026-06-01").await;
        assert_eq!(now.facts["revenue"], json!({ "2024": 1_100_000, "2025": 1_205_000 }), "the verified value stays");
        assert_eq!(now.facts["share"], json!({ "2025": "5/8" }));
        assert_eq!(now.facts["hnte"], json!(true));
        assert_eq!(now.origins["revenue"][0], "verified");
        assert!(!now.facts.contains_key("area"));
        assert_eq!(known("2020-06-01").await.facts["hnte"], json!(false), "what held then");
        let answer = decide::answer(&policy, &now.facts, &now.origins, Date::from_iso("2026-06-01").unwrap()).unwrap();
        assert_eq!(answer["clauses"][0]["outcome"], "eligible");
        assert_eq!(answer["clauses"][0]["amount_min_fen"], 1_205_000);
        assert_eq!(answer["clauses"][1]["outcome"], "unknown");
        assert_eq!(answer["clauses"][1]["questions"], json!(["area"]));
    })
    .await;
}

#[tokio::test]
async fn a_decision_gives_the_same_bytes_when_it_is_decided_again_though_the_file_has_changed() {
    each_town(async |town| {
        filled(&town, town.member).await;
        let (db, actor, now) = (&town.test.app.db, &town.secretariat.actor, town.test.app.clock.now());
        let question = || decide::Question {
            subject: town.member.into(),
            object: Object::new("policy", town.alliance),
            text: POLICY,
            given: json!({ "area": 120.0 }).as_object().unwrap().clone(),
            as_of: as_of(&town, "2026-06-01"),
        };
        let mut tx = db.begin().await.unwrap();
        let made = decide::decide(&mut tx, actor, now, question()).await.unwrap();
        tx.commit().await.unwrap();
        let year = Period::year(2025).unwrap();
        learn(&town, town.member, vec![fact(&town, "annual_revenue", year, "1", Source::Verified)]).await;
        let (kept, again) = decide::again(db, made.id).await.unwrap();
        assert_eq!(kept, made);
        assert_eq!(again, made.answer);
        assert!(made.answer.contains("1205000"));
        let mut tx = db.begin().await.unwrap();
        let other = decide::decide(&mut tx, actor, now, question()).await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(other.answer, made.answer);
        let page = decide::decisions(&town.test.app, &town.member.into(), None, &Default::default()).await.unwrap();
        assert_eq!(page.items.iter().map(|one| one.id).collect::<Vec<_>>(), [other.id, made.id]);
    })
    .await;
}

/// Every enterprise that somebody reaches.
async fn everybody(town: &Town, actor: &jinmen_core::Actor) -> decide::Rows {
    let (listener, mut pages) = tokio::sync::mpsc::channel(1);
    let (read, rows) = futures::future::join(decide::sheets(&town.test.app, actor, "enterprise", listener), async {
        let mut rows = Vec::new();
        while let Some(page) = pages.recv().await {
            rows.extend(page.rows());
        }
        rows
    })
    .await;
    read.unwrap();
    rows
}

#[tokio::test]
async fn a_register_of_thousands_is_read_in_one_statement() {
    each_town(async |town| {
        let app = &town.test.app;
        let mut tx = app.db.begin().await.unwrap();
        let mut made = vec![town.member];
        for at in 0..2_100 {
            let new = NewOrganization {
                uscc: None,
                name: Text2::zh(format!("演示{at}公司")),
                kind: "enterprise".into(),
                society_level: None,
                intro: Text2::default(),
            };
            made.push(
                create_organization::insert(app, &mut tx, &SYSTEM, new, Some(town.alliance), false).await.unwrap(),
            );
        }
        tx.commit().await.unwrap();
        let before = app.db.statements();
        let rows = everybody(&town, &town.secretariat.actor).await;
        assert_eq!(app.db.statements() - before, 1);
        made.sort_unstable();
        assert_eq!(rows.iter().map(|(id, _)| *id).collect::<Vec<_>>(), made, "each once, by identifier");
    })
    .await;
}

#[tokio::test]
async fn the_whole_register_in_columns_says_what_each_file_says() {
    each_town(async |town| {
        filled(&town, town.member).await;
        for at in 0..40 {
            let id = organization(&town.test, &format!("演示{at}公司"), "enterprise", None, Some(town.alliance)).await;
            let year = |year| Period::year(year).unwrap();
            let region = if at % 3 == 0 { "120103" } else { "120101" };
            let mut facts = vec![fact(&town, "region", Period::ALWAYS, region, Source::Imported)];
            if at % 4 != 0 {
                facts.push(fact(&town, "annual_revenue", year(2024), &format!("{}", 50 + at), Source::Imported));
                facts.push(fact(&town, "annual_revenue", year(2025), "70.01", Source::Imported));
            }
            learn(&town, id, facts).await;
        }
        let policies = [decide::load(POLICY).unwrap()];
        for day in ["2026-06-01", "2020-06-01"] {
            let as_of = as_of(&town, day);
            let register = Register::new(&policies, as_of.day);
            let mut seen = Vec::new();
            let rows = everybody(&town, &town.secretariat.actor).await;
            let mut reader = Reader::new(&register, as_of.day);
            for some in rows.chunks(17) {
                reader.take(some, &Given::default());
                let answer = |clause| register.evaluate(clause, &reader.block);
                let answers: Vec<_> = (0..register.clauses()).map(answer).collect();
                for (row, id) in reader.ids.iter().enumerate() {
                    seen.push((*id, answers.iter().map(|one| (one.outcomes[row], one.least[row])).collect::<Vec<_>>()));
                }
            }
            assert_eq!(reader.unread, 0);
            assert_eq!(seen.len(), 41);
            for (id, answers) in seen {
                let db = &town.test.app.db;
                let known = decide::known_of(db, &policies[0], &id.into(), &Map::new(), as_of).await.unwrap();
                let values = policies[0].subject(&known.facts).unwrap();
                for (clause, (outcome, least)) in answers.into_iter().enumerate() {
                    let one = policies[0].answer(clause, &values, as_of.day).unwrap();
                    assert_eq!(outcome, one.outcome, "{day} {known:?}");
                    if one.outcome == Outcome::Eligible {
                        assert_eq!(Some(i128::from(least)), one.amount.value().and_then(rules::Exact::as_whole));
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn facts_recorded_at_the_same_time_are_all_in_the_columns() {
    each_town(async |town| {
        let policies = [decide::load(POLICY).unwrap()];
        for round in 0..8 {
            let id =
                organization(&town.test, &format!("同时{round}公司"), "enterprise", None, Some(town.alliance)).await;
            let facts = [
                fact(&town, "annual_revenue", Period::year(2024).unwrap(), "100", Source::Imported),
                fact(&town, "annual_revenue", Period::year(2025).unwrap(), "120", Source::Imported),
                fact(&town, "region", Period::ALWAYS, "120103", Source::Imported),
            ];
            futures::future::join_all(facts.map(|fact| learn(&town, id, vec![fact]))).await;
        }
        let rows = everybody(&town, &town.secretariat.actor).await;
        let day = Date::from_iso("2026-06-01").unwrap();
        let register = Register::new(&policies, day);
        let mut reader = Reader::new(&register, day);
        reader.take(&rows, &Given::default());
        let answers = register.evaluate(0, &reader.block);
        let eligible = answers.outcomes.iter().filter(|one| **one == Outcome::Eligible).count();
        assert_eq!(eligible, 8, "{:?}", answers.outcomes);
    })
    .await;
}

#[tokio::test]
async fn nobody_reaches_organisations_through_the_columns_that_the_lists_would_not_show() {
    each_town(async |town| {
        assert_eq!(everybody(&town, &town.secretariat.actor).await.len(), 1);
        assert_eq!(everybody(&town, &town.stranger.actor).await.len(), 0);
    })
    .await;
}
