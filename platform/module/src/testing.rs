//! An application over a throw-away database, asked through its real router: for the tests of modules.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::{Arc, RwLock};

use access::{NewAccount, NewGrant};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jinmen_core::{AccountId, Actor, Clock, Hat, Instant, OrganizationId, PersonId, Role, SignedIn};
use serde_json::Value;
use store::testing::Throwaway;
use store::{Db, MigrationSet};
use tower::ServiceExt;

use crate::{App, AppParts, Config, Module, Settings};

/// 2026-06-18 14:00 in China.
pub const NOW: Instant = Instant(1_781_762_400_000_000);

/// Everything the platform migrates, and what the modules add.
pub fn migrations(modules: &[Arc<dyn Module>]) -> Vec<MigrationSet> {
    let mut sets = vec![
        store::search::MIGRATIONS,
        record::MIGRATIONS,
        jobs::MIGRATIONS,
        files::MIGRATIONS,
        notify::MIGRATIONS,
        access::MIGRATIONS,
        cases::MIGRATIONS,
        flow::MIGRATIONS,
        crate::MIGRATIONS,
    ];
    sets.extend(modules.iter().filter_map(|module| module.migrations()));
    sets
}

/// Runs a test body on SQLite and on PostgreSQL, each with a fresh application.
pub async fn each_app(modules: &[Arc<dyn Module>], body: impl AsyncFn(TestApp)) {
    each_app_with(modules, Settings::default(), body).await;
}

/// The same with settings.
pub async fn each_app_with(modules: &[Arc<dyn Module>], settings: Settings, body: impl AsyncFn(TestApp)) {
    let sets = migrations(modules);
    for throwaway in [Throwaway::sqlite(&sets).await, Throwaway::postgres(&sets).await] {
        eprintln!("on {:?}", throwaway.db.dialect());
        let test = TestApp::over(throwaway.db.clone(), modules.to_vec(), settings.clone());
        let folder = test.app.config.dir.clone();
        body(test).await;
        throwaway.drop_now().await;
        std::fs::remove_dir_all(folder).ok();
    }
}

/// An application under test.
#[derive(Clone)]
pub struct TestApp {
    pub app: App,
    pub router: Router,
}

impl TestApp {
    pub fn over(db: Db, modules: Vec<Arc<dyn Module>>, settings: Settings) -> Self {
        Self::configured(db, modules, settings, Clock::at(NOW), |_| ())
    }

    /// The same application on a machine with a clock of its own.
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self::configured(self.app.db.clone(), self.app.modules.clone(), self.app.settings(), clock, |_| ())
    }

    /// The same application, whose operator decided otherwise.
    pub fn over_with(&self, decide: impl FnOnce(&mut Config)) -> Self {
        Self::configured(self.app.db.clone(), self.app.modules.clone(), self.app.settings(), Clock::at(NOW), decide)
    }

    fn configured(
        db: Db,
        modules: Vec<Arc<dyn Module>>,
        settings: Settings,
        clock: Clock,
        decide: impl FnOnce(&mut Config),
    ) -> Self {
        let mut messages = vec![ui::MESSAGES, crate::MESSAGES];
        messages.extend(modules.iter().map(|module| module.messages()));
        let mounted = crate::serve::mount(&modules).unwrap();
        let folder = std::env::temp_dir().join(format!("jinmen-test-files-{}", AccountId::new()));
        let mut config = Config {
            dir: folder.clone(),
            public_url: "http://localhost".into(),
            behind_proxy: false,
            metrics_token: None,
        };
        decide(&mut config);
        let app = App::new(AppParts {
            config,
            access: access::Access::new(db.clone(), clock.clone()),
            clock,
            vault: access::Vault::new(&[7; 32]),
            sms: None,
            robots: notify::Robots::new(Default::default()),
            // Tests listen on this machine.
            webhooks: notify::Webhooks::new(true),
            files: files::Files::new(Arc::new(files::Folder::new(&folder).unwrap())),
            catalog: Arc::new(ui::Catalog::build(&messages).unwrap()),
            settings: RwLock::new(settings),
            modules,
            routes: mounted.list.clone(),
            openapi: mounted.openapi.clone(),
            db,
        });
        let router = crate::serve::router(app.clone(), mounted);
        Self { app, router }
    }

    /// A person with one role, signed in without a password.
    pub async fn person(&self, name: &str, role: Role, organization: Option<OrganizationId>) -> Client {
        let system = Actor::System("test");
        let mut tx = self.app.db.begin().await.unwrap();
        let person = match self.app.directory() {
            Some(directory) => directory.new_person(&self.app, &mut tx, &system, name, organization).await.unwrap(),
            None => PersonId::new(),
        };
        let new = NewAccount { person, name: name.into(), display_name: name.into(), password: None, email: None };
        let account = access::create_account(&self.app.access, &mut tx, &system, new).await.unwrap();
        let grant = NewGrant::new(person, role, organization);
        let grant = access::grant_role(&self.app.access, &mut tx, &system, grant).await.unwrap();
        tx.commit().await.unwrap();
        let token = access::enter(&self.app.access, account, "test", "127.0.0.1").await.unwrap();
        let hat = Hat::new(grant, role, organization);
        let signed_in = SignedIn {
            account,
            person: Some(person),
            name: name.into(),
            locale: None,
            hats: vec![hat.clone()],
            hat: Some(hat),
        };
        Client {
            router: self.router.clone(),
            cookie: Some(format!("jinmen={}", token.expose())),
            bearer: None,
            actor: Actor::Person(Box::new(signed_in)),
            person: Some(person),
        }
    }

    /// The same person, signed in anew at this application: sessions end when a test lets weeks pass.
    pub async fn again(&self, client: &Client) -> Client {
        let account = client.actor.account().unwrap();
        let token = access::enter(&self.app.access, account, "test", "127.0.0.1").await.unwrap();
        let cookie = Some(format!("jinmen={}", token.expose()));
        Client { cookie, router: self.router.clone(), ..client.clone() }
    }

    /// A visitor.
    pub fn nobody(&self) -> Client {
        Client { router: self.router.clone(), cookie: None, bearer: None, actor: Actor::Nobody, person: None }
    }

    /// Runs every job that is due.
    pub async fn run_jobs(&self) {
        let mut runner = jobs::Runner::new(self.app.db.clone(), self.app.clock.clone());
        for module in &self.app.modules {
            for (kind, handler) in module.jobs(&self.app) {
                runner.register(kind, handler);
            }
        }
        runner.run_due().await.unwrap();
    }
}

/// Somebody at a browser or a program.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookie: Option<String>,
    bearer: Option<String>,
    pub actor: Actor,
    pub person: Option<PersonId>,
}

/// An answer read to its end.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn location(&self) -> String {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned()).unwrap_or_default()
    }
}

impl Client {
    pub async fn send(&self, request: Request<Body>) -> Page {
        let mut request = request;
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        if let Some(token) = &self.bearer {
            request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Page { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn get_in(&self, path: &str, language: &str) -> Page {
        self.send(Request::get(path).header(header::ACCEPT_LANGUAGE, language).body(Body::empty()).unwrap()).await
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let encode = |text: &str| {
            text.bytes()
                .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
                .collect::<String>()
        };
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    pub async fn json(&self, method: Method, path: &str, body: &Value, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The same browser, sending a token with every request as well.
    pub fn bearing(&self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self.clone() }
    }

    /// The same browser with another cookie besides.
    pub fn also(&self, cookie: &str) -> Self {
        let all = self.cookie.iter().map(String::as_str).chain([cookie]).collect::<Vec<_>>().join("; ");
        Self { cookie: Some(all), ..self.clone() }
    }

    /// The token of forms, as a page carries it.
    pub async fn form_token(&self, path: &str) -> String {
        let page = self.get(path).await.text();
        let after = page.split("name=\"form_token\" value=\"").nth(1).unwrap_or_else(|| panic!("no form on {page}"));
        after.split('"').next().unwrap_or_default().to_owned()
    }

    /// Keeps the session that an answer set.
    pub fn keep(&mut self, page: &Page) {
        let set = page.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        for cookie in set.filter(|cookie| cookie.starts_with("jinmen=")) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
    }

    /// A form with files: name of the field, name of the file, bytes.
    pub async fn multipart(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--BOUND\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let part = format!(
                "--BOUND\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(part.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--BOUND--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=BOUND");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Page {
        self.multipart(path, &[], &[("file", name, bytes)]).await
    }
}
