//! The demonstration as its visitors find it.

mod upgrade;

use std::collections::BTreeSet;
use std::path::Path;

use jinmen_core::codes::Uscc;
use jinmen_core::{Actor, Clock, Instant, OrganizationId, PageRequest};
use module::App;
use payments::model::{ItemFilter, Part};
use registry::dictionary::Value;
use registry::model::{AsOf, Organization, OrganizationFilter, PersonFilter, Source};
use registry::ops::{find, read_organization, read_person};

use super::{DEMO_ROLES, SignIn, fill, sign_ins};
use crate::instance::{Opening, open};

const READER: Actor = Actor::System("test");
/// 2026-03-10, ten in the morning in China.
const NOW: Instant = Instant(1_773_108_000_000_000);

async fn instance(dir: &Path) -> App {
    let opening = Opening {
        dir: dir.to_owned(),
        database: None,
        public_url: "http://127.0.0.1:1".into(),
        behind_proxy: false,
        clock: Clock::at(NOW),
    };
    open(opening).await.unwrap().app
}

fn asking(words: &str) -> OrganizationFilter {
    OrganizationFilter { q: Some(words.to_owned()), ..OrganizationFilter::default() }
}

async fn organizations(app: &App, filter: &OrganizationFilter) -> Vec<Organization> {
    let mut page = PageRequest { after: None, limit: Some(200) };
    let mut all = Vec::new();
    loop {
        let part = read_organization::list(app, &READER, filter, &page).await.unwrap();
        all.extend(part.items);
        match part.next {
            Some(next) => page.after = Some(next),
            None => return all,
        }
    }
}

async fn members(app: &App) -> Vec<Organization> {
    let alliance = find::only_alliance(app).await.unwrap().unwrap();
    organizations(app, &OrganizationFilter { member_of: Some(alliance.text()), ..OrganizationFilter::default() }).await
}

/// Names and figures of everybody, a line each.
async fn told(app: &App) -> BTreeSet<String> {
    let as_of = AsOf { day: NOW.date(), known: NOW };
    let mut lines = BTreeSet::new();
    for one in organizations(app, &OrganizationFilter::default()).await {
        let file = read_organization::file(app, &READER, one.id, as_of).await.unwrap();
        let code = one.uscc.map(|code| code.to_string()).unwrap_or_default();
        lines.insert(format!("{} {code} {:?} {} {}", one.name.zh, one.name.en, one.listed, one.completeness));
        for key in registry::dictionary::dictionary().of_subject("organization") {
            for fact in file.facts.all(&key.key) {
                let value = fact.value.as_ref().map(Value::to_json);
                lines.insert(format!("{} {} {value:?} {:?} {:?}", one.name.zh, key.key, fact.period, fact.source));
            }
        }
        let people = file.people.iter().map(|post| format!("{} {} {}", one.name.zh, post.kind, post.person_name.zh));
        lines.extend(people);
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_is_whole_and_two_of_them_are_alike() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let app = instance(folders[0].path()).await;
    assert!(sign_ins(&app).await.unwrap().is_empty());
    let started = std::time::Instant::now();
    let steps = std::sync::Mutex::new(Vec::new());
    fill(&app, &|step| steps.lock().unwrap().push(step.to_owned())).await.unwrap();
    eprintln!("filled in {:?}", started.elapsed());
    let steps = steps.into_inner().unwrap();
    assert!(steps.len() == 5 && steps.iter().all(|step| !step.contains('[')), "{steps:?}");

    every_member_is_invented_and_consistent(&app).await;
    the_firm_of_all_screens_has_a_past(&app).await;
    what_people_look_for_is_found(&app).await;
    the_books_show_something_of_each(&app).await;
    everybody_can_sign_in(&app).await;
    a_final_goes_on(&app).await;

    let once = told(&app).await;
    fill(&app, &|step| panic!("{step}")).await.unwrap();
    assert_eq!(told(&app).await, once, "a filled instance is left as it is");
    let other = instance(folders[1].path()).await;
    fill(&other, &|_| ()).await.unwrap();
    assert_eq!(told(&other).await, once);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_filled_instance_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let app = instance(folder.path()).await;
    let mut tx = app.db.begin().await.unwrap();
    find::organization_or_new(&app, &mut tx, &READER, "天津演示联盟").await.unwrap();
    tx.commit().await.unwrap();
    let refused = fill(&app, &|_| ()).await.unwrap_err().to_string();
    assert!(!refused.is_empty() && !refused.contains('['), "{refused}");
    assert!(!app.settings().demo);
}

async fn every_member_is_invented_and_consistent(app: &App) {
    let members = members(app).await;
    assert_eq!(members.len(), 204);
    let codes: BTreeSet<String> = members.iter().map(|one| one.uscc.unwrap().to_string()).collect();
    assert_eq!(codes.len(), 204);
    for code in &codes {
        assert_eq!(Uscc::parse(code).unwrap().region_code(), "120199");
    }
    let as_of = AsOf { day: NOW.date(), known: NOW };
    let mut sources = BTreeSet::new();
    for one in &members {
        assert!(one.name.zh.contains("演示"), "{}", one.name.zh);
        let file = read_organization::file(app, &READER, one.id, as_of).await.unwrap();
        let facts = &file.facts;
        for (whole, part) in
            [("annual_revenue", "rd_spend"), ("headcount", "rd_headcount"), ("patents_valid", "patents_invention")]
        {
            for (year, fact) in facts.series(part, as_of) {
                let whole = facts.series(whole, as_of).into_iter().find(|(of, _)| *of == year).unwrap().1;
                assert!(number(&fact.value) <= number(&whole.value), "{}: {part} in {year}", one.name.zh);
            }
        }
        sources.extend(facts.current("annual_revenue", as_of).map(|fact| fact.source));
        assert!(one.founded_on.is_some_and(|day| day.year() < 2020));
    }
    assert_eq!(sources, BTreeSet::from([Source::SelfDeclared, Source::Verified]));
    let listed = members.iter().filter(|one| one.listed).count();
    assert!((125..160).contains(&listed), "{listed} listed");
    let thin = members.iter().filter(|one| one.completeness < 50).count();
    assert!((50..90).contains(&thin), "{thin} thin");
    let sizes: BTreeSet<_> = members.iter().filter_map(|one| one.size_class.clone()).collect();
    assert_eq!(sizes.len(), 4, "{sizes:?}");
    let people = read_person::count(app, &READER, &PersonFilter::default()).await.unwrap().number;
    assert!(people >= 300, "{people}");
    let experts = PersonFilter { expert: Some("yes".into()), ..PersonFilter::default() };
    assert_eq!(read_person::count(app, &READER, &experts).await.unwrap().number, 24);
}

fn number(value: &Option<Value>) -> i64 {
    match value {
        Some(Value::Money(money)) => money.fen(),
        Some(Value::Integer(number)) => *number,
        other => panic!("{other:?}"),
    }
}

async fn flagship(app: &App) -> (OrganizationId, Organization) {
    let found = organizations(app, &asking("数聚演示科技")).await.into_iter().next().unwrap();
    (found.id, found)
}

async fn the_firm_of_all_screens_has_a_past(app: &App) {
    let (id, firm) = flagship(app).await;
    assert_eq!(firm.name.zh, "天津数聚演示科技有限公司");
    assert!((80..=92).contains(&firm.completeness), "{} %", firm.completeness);
    assert!(firm.listed);
    let as_of = AsOf { day: NOW.date(), known: NOW };
    let file = read_organization::file(app, &READER, id, as_of).await.unwrap();
    let spend = file.facts.all("rd_spend");
    assert!(spend.iter().any(|fact| fact.withdrawn_at.is_some()), "a withdrawn fact");
    assert!(spend.iter().any(|fact| fact.source == Source::Verified), "a verified fact");
    assert_eq!(file.facts.completeness("organization", as_of), firm.completeness);
    let keys = ["region", "main_business", "enterprise_size", "is_hnte"];
    let sources: BTreeSet<_> = keys.map(|key| file.facts.all(key)[0].source).into();
    assert_eq!(sources.len(), 4, "{sources:?}");
    let page = PageRequest { after: None, limit: Some(100) };
    let history = read_organization::history(app, &READER, id, &page).await.unwrap().items;
    assert!(history.len() >= 20, "{} entries", history.len());
    assert!(history.iter().all(|entry| entry.at < NOW));
    assert!(history.windows(2).filter(|pair| pair[0].at < pair[1].at).count() <= 2, "told in the order of time");
    for key in ["annual_revenue", "rd_spend", "headcount"] {
        let told = file
            .facts
            .all(key)
            .into_iter()
            .all(|fact| fact.period.until().is_some_and(|end| end < fact.recorded_at.date()));
        assert!(told, "{key} of a year is told after it ended");
    }
    // As it was known before the wrong figure was withdrawn.
    let then = AsOf { day: NOW.date(), known: NOW.plus_seconds(-394 * 86_400) };
    let capital = file.facts.current("registered_capital", then).unwrap().value.clone();
    assert_ne!(capital, file.facts.current("registered_capital", as_of).unwrap().value);
    assert_eq!(app.files.of(&app.db, &id.into()).await.unwrap().len(), 2);
    assert_eq!(cases::tags_of(&app.db, &id.into(), None).await.unwrap().len(), 3);
}

async fn what_people_look_for_is_found(app: &App) {
    for words in ["信创", "大数据", "人工智能", "数字出版", "sjys"] {
        let found = organizations(app, &asking(words)).await.len();
        let least = if words == "sjys" { 1 } else { 3 };
        assert!(found >= least, "{words}: {found}");
    }
    let story = app.settings().story.unwrap();
    assert_eq!(story.cards.len(), 9);
    let page = PageRequest { after: None, limit: Some(20) };
    for card in &story.cards {
        let found = read_organization::directory(app, &asking(&card.search), &page).await.unwrap().items;
        assert!(!found.is_empty(), "{} finds nothing", card.search);
        assert!(card.title.en.is_some() && card.text.en.is_some() && card.by.en.is_some() && card.kind.en.is_some());
    }
}

async fn the_books_show_something_of_each(app: &App) {
    let page = PageRequest { after: None, limit: Some(100) };
    let of = async |state: &str| {
        let filter = ItemFilter { state: Some(state.to_owned()), ..ItemFilter::default() };
        payments::ops::read::list(app, &READER, &filter, &page).await.unwrap().items
    };
    assert_eq!((of("all").await.len(), of("paid").await.len(), of("cancelled").await.len()), (13, 4, 1));
    assert_eq!(of("overdue").await.len(), 2);
    let shared: Vec<_> = of("open").await.into_iter().filter(|item| item.payers.len() == 2).collect();
    assert_eq!(shared.len(), 2);
    for subsidy in shared {
        let file = payments::ops::read::item(app, &READER, subsidy.id).await.unwrap();
        let parts: Vec<Part> = file.instalments.iter().map(|one| one.part()).collect();
        assert_eq!(parts, [Part::Paid, Part::Unpaid]);
        assert_eq!(payments::receipts(&app.db, subsidy.subject).await.unwrap().len(), 1);
    }
}

async fn a_final_goes_on(app: &App) {
    let sql = "SELECT e.applicant_name, e.score FROM review_entry e JOIN review_round r ON r.id = e.round_id
        WHERE r.kind = 'live' AND r.state = 'open' AND e.state = 'confirmed' ORDER BY e.pitch";
    let shown: Vec<(String, Option<String>)> = app.db.list(sql, Vec::new()).await.unwrap();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[1].0.contains("数聚") && shown[1].1.as_deref() == Some("89.37"), "{shown:?}");
    let on_stage: Vec<(i64,)> =
        app.db.list("SELECT COUNT(*) FROM review_entry WHERE state = 'stage'", Vec::new()).await.unwrap();
    assert_eq!(on_stage, [(1,)]);
}

async fn everybody_can_sign_in(app: &App) {
    let known = sign_ins(app).await.unwrap();
    assert_eq!(known.iter().map(|one| one.role).collect::<Vec<_>>(), DEMO_ROLES);
    for SignIn { role, account, password } in known {
        let ask = access::SignIn { account, password, device: "test".into(), address: "127.0.0.1".into() };
        let (entry, _) = access::sign_in(&app.access, &ask).await.unwrap();
        let token = entry.session().unwrap();
        let session = access::find_session(&app.access, &access::Presented { token }).await.unwrap().unwrap();
        assert_eq!(session.person.hat.as_ref().unwrap().role, role);
        let actor = Actor::Person(Box::new(session.person.clone()));
        let tasks = cases::count_for(&app.db, &actor).await.unwrap();
        let unread = notify::unread_count(&app.db, actor.person().unwrap()).await.unwrap();
        match role.code() {
            "secretariat" => assert_eq!((session.person.hats.len(), tasks, unread), (2, 51, 3)),
            "enterprise_admin" => assert_eq!((tasks, unread), (5, 11)),
            "district_officer" => assert_eq!(tasks, 11),
            "talent" => assert_eq!(tasks, 1),
            // A final goes on, and papers of another track are read.
            "judge" => assert_eq!(tasks, 2),
            _ => assert_eq!(tasks, 0),
        }
    }
}
