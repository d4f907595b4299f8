//! Webhooks: other programs are told what was done here, each message signed, each entry of the record exactly once in
//! the queue and at least once at the door.
//!
//! A webhook follows the record by places, which one sequencer gives without gaps: it stands at a place, and what it is
//! handed and where it stands next commit together. Messages say what was done to what, and nothing of whom or with which
//! data: whoever wants more asks the API, which checks what they may see.

pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{Permission, Result};
use module::{App, ListAction, Module, NavEntry, Routes};

/// The tables of webhooks.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("webhooks", 1 "0001_webhook");

/// The texts of webhooks.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "webhooks",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Webhooks)
}

struct Webhooks;

#[async_trait]
impl Module for Webhooks {
    fn name(&self) -> &'static str {
        "webhooks"
    }

    fn migrations(&self) -> Option<store::MigrationSet> {
        Some(MIGRATIONS)
    }

    fn messages(&self) -> ui::MessageSource {
        MESSAGES
    }

    fn permissions(&self) -> &'static [&'static Permission] {
        permissions::ALL
    }

    fn routes(&self) -> Routes {
        pages::routes(Routes::new())
    }

    fn jobs(&self, app: &App) -> Vec<(&'static str, Arc<dyn ::jobs::Handler>)> {
        vec![(ops::deliver::KIND, ops::deliver::handler(app))]
    }

    fn list_actions(&self) -> Vec<ListAction> {
        // The menu is short; those who set things up find webhooks beside the other settings.
        vec![ListAction {
            list: "settings",
            href: "/work/webhooks",
            key: "webhooks-nav",
            icon: "settings",
            permission: &permissions::MANAGE,
        }]
    }

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    async fn seal_again(&self, tx: &mut store::Tx, again: &module::Resealing) -> Result<u64> {
        again.columns(tx, sql::SEALED).await
    }

    async fn every_second(&self, app: &App) -> Result<()> {
        ops::follow::follow(app).await.map(drop)
    }

    async fn every_hour(&self, app: &App) -> Result<()> {
        ops::follow::forget(app).await.map(drop)
    }
}
