//! The workplace through its front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod admin;
mod client;
mod entrance;
mod log;
mod site;
mod texts;
mod work;

use client::Client;
use site::Site;

/// Runs a test body over a fresh site on each database.
async fn each_site(settings: fn() -> module::Settings, body: impl AsyncFn(Site)) {
    store::testing::each_db(&site::SETS, async |db| body(Site::over(db, settings(), "http://127.0.0.1:4600")).await)
        .await;
}

fn plain() -> module::Settings {
    module::Settings::default()
}

fn demo() -> module::Settings {
    site::told(true)
}

fn client(site: &Site) -> Client {
    Client::new(&site.router)
}
