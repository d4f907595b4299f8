//! The numbers for Prometheus: what they count, and who sees them.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use module::testing::{Page, TestApp, migrations};
use module::{Secret, Settings};
use store::testing::Throwaway;

use super::modules;

async fn ask(test: &TestApp, from: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::get("/metrics");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
    test.nobody().send(request).await
}

#[tokio::test]
async fn the_numbers_are_there_on_both_databases_and_name_routes_not_paths() {
    for throwaway in
        [Throwaway::sqlite(&migrations(&modules())).await, Throwaway::postgres(&migrations(&modules())).await]
    {
        let test = TestApp::over(throwaway.db.clone(), modules(), Settings::default());
        let nobody = test.nobody();
        nobody.get("/organizations/01890000-0000-7000-8000-000000000000").await;
        nobody.get("/no/such/\"path\"").await;
        nobody.form("/sign-in", &[("account", "nobody"), ("password", "wrong")]).await;
        let mut tx = test.app.db.begin().await.unwrap();
        let job = jobs::NewJob::new("notify.mail", serde_json::json!({ "mail": "x" }));
        jobs::enqueue(&mut tx, job, test.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        test.app.clock.advance_seconds(40);
        let page = ask(&test, "127.0.0.1:1", &[]).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        let text = page.text();
        for line in [
            "jinmen_http_requests_total{method=\"GET\",route=\"/organizations/{id}\",status=\"4xx\"} 1",
            "jinmen_http_requests_total{method=\"POST\",route=\"/sign-in\",status=\"4xx\"} 1",
            "jinmen_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"} 1",
            "jinmen_record_entries{state=\"placed\"} 0",
            "jinmen_jobs{kind=\"notify.mail\",state=\"waiting\"} 1",
            "jinmen_jobs_oldest_waiting_seconds{kind=\"notify.mail\"} 40",
        ] {
            assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("01890000") && !text.contains("such"), "{text}");
        let value = |name: &str| -> f64 {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}"));
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        assert!(value("process_resident_memory_bytes ") > 1e6);
        assert!(value("process_start_time_seconds ") > 1.7e9);
        assert!(value("jinmen_sign_in_failures_total ") >= 1.0);
        assert!(text.contains("jinmen_database_connections{pool=\""));
        throwaway.drop_now().await;
    }
}

#[tokio::test]
async fn only_this_machine_sees_them_and_none_behind_a_proxy_without_the_token() {
    let throwaway = Throwaway::sqlite(&migrations(&modules())).await;
    let test = TestApp::over(throwaway.db.clone(), modules(), Settings::default());
    assert_eq!(ask(&test, "[::1]:1", &[]).await.status, 200);
    assert_eq!(ask(&test, "203.0.113.9:1", &[]).await.status, 404);
    assert_eq!(ask(&test, "203.0.113.9:1", &[("x-forwarded-for", "127.0.0.1")]).await.status, 404);
    assert_eq!(test.nobody().get("/metrics").await.status, 404, "from nowhere");

    let proxied = test.over_with(|config| config.public_url = "https://jinmen.example.cn".into());
    assert_eq!(ask(&proxied, "127.0.0.1:1", &[]).await.status, 404);
    let proxied = test.over_with(|config| config.behind_proxy = true);
    assert_eq!(ask(&proxied, "127.0.0.1:1", &[("x-forwarded-for", "127.0.0.1")]).await.status, 404);

    let guarded = test.over_with(|config| config.metrics_token = Some(Secret::new("a-token-of-the-operator")));
    assert_eq!(ask(&guarded, "127.0.0.1:1", &[]).await.status, 404);
    let wrong = [("authorization", "Bearer a-token-of-the-operatox")];
    assert_eq!(ask(&guarded, "127.0.0.1:1", &wrong).await.status, 404);
    let right = [("authorization", "Bearer a-token-of-the-operator")];
    assert_eq!(ask(&guarded, "203.0.113.9:1", &right).await.status, 200);
    throwaway.drop_now().await;
}
