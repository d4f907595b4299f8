//! Policies: a document and a program over the one file. An office drafts one, takes it through its reviews, issues and
//! publishes it; every enterprise sees what it is entitled to, why, and what is missing; the office sees whom it reaches and
//! what another threshold would cost, before anything is issued.
//!
//! A policy's life is a case of [`flow`]; its text is a program of the [`rules`] engine, each version kept. What it says of
//! a subject comes through the registry's bridge, and what was granted before from [`payments`].

mod api;
pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
pub mod red_lines;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{OrganizationId, Permission, Result};
use module::{App, Found, Module, NavEntry, NextStep, Routes, Visit};
use serde_json::Value;
use store::Tx;

/// The tables of policies.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("policy", 1 "0001_policy", 2 "0002_plan");

/// The texts of policies.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "policy",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Policies)
}

struct Policies;

#[async_trait]
impl Module for Policies {
    fn name(&self) -> &'static str {
        "policy"
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
        vec![ops::tell::NOTICE]
    }

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    async fn every_second(&self, app: &App) -> Result<()> {
        ops::life::end_comments(app).await
    }

    async fn move_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        from: OrganizationId,
        to: OrganizationId,
    ) -> Result<Value> {
        Ok(serde_json::to_value(sql::moves::give(tx, from, to).await?)?)
    }

    async fn return_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        to: OrganizationId,
        from: OrganizationId,
        moved: &Value,
    ) -> Result<()> {
        Ok(sql::moves::give_back(tx, &serde_json::from_value(moved.clone())?, from, to).await?)
    }

    async fn search(&self, app: &App, _visit: &Visit, typed: &str) -> Result<Vec<Found>> {
        pages::library::found(app, typed).await
    }

    async fn next_steps(&self, app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        pages::next_steps(app, visit).await
    }
}
