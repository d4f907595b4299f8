//! Serves the workplace alone over a throw-away database, to look at its pages.
#![allow(missing_docs, clippy::unwrap_used, dead_code)]

#[path = "../tests/it/site.rs"]
mod site;

use cases::{NewTask, WaitsFor};
use jinmen_core::{Actor, Object, Role};
use serde_json::json;
use site::{SETS, Site, TOLD, told};

#[tokio::main]
async fn main() {
    let port: u16 = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(4600);
    let demo = std::env::args().nth(2).is_none();
    let throwaway = store::testing::Throwaway::sqlite(&SETS).await;
    let settings = if demo { told(true) } else { module::Settings::default() };
    let site = Site::over(throwaway.db.clone(), settings, &format!("http://127.0.0.1:{port}"));
    let roles = module::frame::DEMO_ROLES;
    for role in roles {
        let organization = match role {
            Role::Secretariat => Some(0),
            Role::DistrictOfficer => Some(1),
            Role::EnterpriseAdmin => Some(2),
            _ => None,
        };
        let mut hats = vec![(role, organization)];
        if role == Role::Secretariat {
            hats.push((Role::Judge, None));
        }
        site.account(&format!("demo-{}", role.code()), "王芳", &hats).await;
    }
    let (_, person) = site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0))]).await;
    let secretariat = access::find_account(&throwaway.db, "demo-secretariat").await.unwrap();
    let now = site.app.clock.now();
    let mut tx = throwaway.db.begin().await.unwrap();
    let due = [Some(-2), Some(0), Some(1), Some(5), Some(40), None];
    for (at, days) in due.into_iter().enumerate() {
        let names = ["海河智算科技有限公司", "津沽数字出版有限公司", "渤海云图信息技术股份有限公司"];
        let day = days.map(|days| site.app.clock.today().add_days(days).unwrap());
        let waits = WaitsFor::Person(secretariat.person);
        let task = NewTask::new(
            "town.check",
            Object::new("application", at),
            waits,
            "/work/tasks",
            json!({ "name": names[at % 3] }),
        )
        .due(day);
        cases::open_task(&mut tx, now.plus_seconds(-86_400 * at as i64), task).await.unwrap();
        let notice = notify::Notice::new(TOLD, json!({ "name": names[at % 3] })).link("/work/tasks");
        notify::send(&mut tx, now.plus_seconds(-7_200 * at as i64), &[secretariat.person, person], notice)
            .await
            .unwrap();
    }
    for at in 0..3 {
        let job = jobs::NewJob::new("town.import", json!({})).owned_by(Some(secretariat.id)).dedup(at.to_string());
        jobs::enqueue(&mut tx, job, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    cases::save_fields(&throwaway.db, secretariat.id, "town/1", serde_json::Map::new(), now).await.unwrap();
    let _ = Actor::Nobody;
    let runner = jobs::Runner::new(throwaway.db.clone(), site.app.clock.clone());
    runner.run_due().await.unwrap();
    println!("http://127.0.0.1:{port}");
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, site.router.clone()).await.unwrap();
}
