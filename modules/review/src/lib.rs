//! Judging: judges from a pool, conflicts found by themselves, assignment, score cards, live finals, results that anybody can
//! compute again.
//!
//! A round judges the applications of a call that stand at its stage of experts; its result lets them go on from there
//! ([`calls::ops::desk::act`]). Who judges what is the panel's or comes from [`assignment`]; scores become a ranking with
//! [`ranking`], by the rules of the notice ([`model::rank`]); a confirmed result is a document ([`model::statement`]) that
//! `jinmen verify` checks.

mod api;
pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{OrganizationId, Permission, Result};
use module::{App, Module, NavEntry, NextStep, Routes, Visit};
use serde_json::Value;
use store::Tx;

/// The tables of judging.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("review", 1 "0001_review", 2 "0002_landing");

/// The texts of judging.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "review",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Review)
}

struct Review;

#[async_trait]
impl Module for Review {
    fn name(&self) -> &'static str {
        "review"
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

    fn notices(&self) -> Vec<notify::NoticeKind> {
        vec![ops::seats::NOTICE, ops::life::NOTICE]
    }

    fn jobs(&self, app: &App) -> Vec<(&'static str, Arc<dyn jobs::Handler>)> {
        ops::packets::handlers(app)
    }

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    async fn next_steps(&self, _app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        Ok(pages::next_steps(visit))
    }

    async fn move_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        from: OrganizationId,
        to: OrganizationId,
    ) -> Result<Value> {
        Ok(serde_json::to_value(sql::moves::organization(tx, from, to).await?)?)
    }

    async fn return_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        to: OrganizationId,
        _from: OrganizationId,
        moved: &Value,
    ) -> Result<()> {
        let moved: sql::moves::Moved = serde_json::from_value(moved.clone()).unwrap_or_default();
        Ok(sql::moves::return_organization(tx, &moved, to).await?)
    }
}
