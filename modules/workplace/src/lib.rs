//! The way in and the first page behind it: signing in, hats, what waits for somebody, their inbox and
//! account; the portal's first page, its search and the pages about the platform itself; and what those
//! who run the instance need: accounts, settings, the queue, the record of what was done.
//!
//! It has no tables: everything here is the platform's, asked through its crates.

mod address;
mod api;
mod ops;
mod pages;
pub mod permissions;
mod say;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{Permission, Result};
use module::{App, Module, NavEntry, NextStep, Routes, Visit};

/// This module's texts.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "work",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// The module.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Workplace)
}

struct Workplace;

#[async_trait]
impl Module for Workplace {
    fn name(&self) -> &'static str {
        "workplace"
    }

    fn messages(&self) -> ui::MessageSource {
        MESSAGES
    }

    fn permissions(&self) -> &'static [&'static Permission] {
        &permissions::ALL
    }

    fn routes(&self) -> Routes {
        api::routes(pages::routes(Routes::new()))
    }

    fn jobs(&self, app: &App) -> Vec<(&'static str, Arc<dyn ::jobs::Handler>)> {
        vec![(module::sms::KIND, module::sms::courier(app))]
    }

    fn notices(&self) -> Vec<notify::NoticeKind> {
        vec![access::SECURITY_NOTICE]
    }

    fn nav(&self) -> Vec<NavEntry> {
        let entry = |href, key, icon, permission, order, portal| NavEntry {
            href,
            also: &[],
            key,
            icon,
            permission,
            order,
            portal,
        };
        vec![
            entry("/work", "work-nav-home", "home", &permissions::WORK, 0, false),
            entry("/work/accounts", "work-nav-accounts", "users", &permissions::ACCOUNTS, 60, false),
            entry("/work/queue", "work-nav-queue", "list-check", &permissions::QUEUE, 70, false),
            entry("/work/settings", "work-nav-settings", "settings", &permissions::SETTINGS, 80, false),
            entry("/work/settings/sign-in", "work-nav-security", "lock", &permissions::SECURITY, 85, false),
            entry("/work/record", "work-nav-record", "shield-check", &permissions::RECORD, 60, false),
            entry("/", "work-nav-portal", "home", &permissions::PORTAL, 0, true),
            entry("/search", "work-nav-search", "search", &permissions::PORTAL, 90, true),
            entry("/help", "work-nav-help", "help", &permissions::PORTAL, 95, true),
        ]
    }

    async fn next_steps(&self, app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        ops::home::own_steps(app, visit).await
    }
}
