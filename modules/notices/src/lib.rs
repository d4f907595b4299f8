//! Circulars (通知): an office tells organisations something and sees who has read it and who has answered what (回执).
//!
//! A circular goes to members, a saved view or what a list shows; into inboxes, by short message with a link for each
//! number, by mail, and as a text for a group chat. What it asks is to be read, to be acknowledged, to answer questions,
//! or to report facts (填报), which go to the organisation's file with the circular as their source.

mod api;
pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{OrganizationId, Permission, Result};
use module::{App, ListAction, Module, NavEntry, NextStep, Number, Routes, Visit};
use serde_json::{Value, json};
use store::Tx;

/// The tables of circulars.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("notices", 1 "0001_circular", 2 "0002_robot");

/// The texts of circulars.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "notices",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Notices)
}

struct Notices;

#[async_trait]
impl Module for Notices {
    fn name(&self) -> &'static str {
        "notices"
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
        api::routes(pages::routes(Routes::new()))
    }

    fn jobs(&self, app: &App) -> Vec<(&'static str, Arc<dyn ::jobs::Handler>)> {
        ops::deliver::handlers(app)
    }

    fn notices(&self) -> Vec<notify::NoticeKind> {
        vec![ops::NOTICE, ops::NOTICE_MAILED]
    }

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    fn list_actions(&self) -> Vec<ListAction> {
        vec![ListAction {
            list: "organizations",
            href: "/work/circulars/new",
            key: "notices-send-to-these",
            icon: "bell",
            permission: &permissions::SEND,
        }]
    }

    async fn next_steps(&self, app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        pages::next_steps(app, visit).await
    }

    async fn numbers(&self, app: &App, visit: &Visit) -> Result<Vec<Number>> {
        pages::numbers(app, visit).await
    }

    async fn seal_again(&self, tx: &mut Tx, again: &module::Resealing) -> Result<u64> {
        again.columns(tx, sql::robot::SEALED).await
    }

    async fn move_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        from: OrganizationId,
        to: OrganizationId,
    ) -> Result<Value> {
        Ok(json!(sql::move_recipient(tx, from, to).await?))
    }

    async fn return_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        to: OrganizationId,
        from: OrganizationId,
        moved: &Value,
    ) -> Result<()> {
        let ids: Vec<String> = serde_json::from_value(moved.clone())?;
        sql::return_recipient(tx, &ids, to, from).await?;
        Ok(())
    }
}
