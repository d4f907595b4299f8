//! The one door: whatever a subject applies for is a call. Its form is bound to the file, so that it asks only what the file
//! does not hold; its stages are data; what comes of it is an outcome.
//!
//! A case is a [`flow`] of an application; what a rule says of the applicant comes through the registry's bridge; what is
//! owed or granted is written with [`payments`]. Kinds of call are data: `data/templates` has ten ready ones.

mod api;
pub mod form;
pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{OrganizationId, Permission, Result};
use module::{App, Found, Module, NavEntry, NextStep, Resealing, Routes, Visit};
use serde_json::{Value, json};
use store::Tx;

/// The tables of calls and applications.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("calls", 1 "0001_call", 2 "0002_application", 3 "0003_notice",
    4 "0004_archive", 5 "0005_auto_grant", 6 "0006_basis");

/// The texts of calls and applications.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "calls",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

pub use pages::public::resting_on;
pub use pages::shown::said;

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Calls)
}

struct Calls;

#[async_trait]
impl Module for Calls {
    fn name(&self) -> &'static str {
        "calls"
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
        vec![ops::tell::NOTICE, ops::objection::NOTICE, ops::auto_grant::NOTICE]
    }

    fn jobs(&self, app: &App) -> Vec<(&'static str, Arc<dyn jobs::Handler>)> {
        ops::auto_grant::handlers(app)
    }

    async fn every_second(&self, app: &App) -> Result<()> {
        ops::auto_grant::expire(app).await?;
        ops::notice::finish(app).await
    }

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    async fn search(&self, app: &App, _visit: &Visit, typed: &str) -> Result<Vec<Found>> {
        pages::found(app, typed).await
    }

    async fn next_steps(&self, _app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        Ok(pages::next_steps(visit))
    }

    async fn seal_again(&self, tx: &mut Tx, again: &Resealing) -> Result<u64> {
        sql::answer::seal_again(tx, again).await
    }

    async fn move_organization(
        &self,
        app: &App,
        tx: &mut Tx,
        from: OrganizationId,
        to: OrganizationId,
    ) -> Result<Value> {
        let applications = sql::application::move_applicant(tx, from, to).await?;
        let (calls, owned) = sql::application::move_owner(tx, from, to).await?;
        let why = app.words(jinmen_core::Locale::ZhCn).of("calls-grant-stop-joined");
        let lines = sql::auto_grant::move_organization(tx, from, to, &why).await?;
        let (runs, owned_lines) = sql::auto_grant::move_owner(tx, from, to).await?;
        Ok(json!({ "applications": applications, "calls": calls, "owned": owned, "lines": lines, "runs": runs,
                   "owned_lines": owned_lines }))
    }

    async fn return_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        to: OrganizationId,
        _from: OrganizationId,
        moved: &Value,
    ) -> Result<()> {
        let applications: Vec<(String, Option<i64>)> = serde_json::from_value(moved["applications"].clone())?;
        // What was joined before there were lines has none.
        let ids = |which: &str| match &moved[which] {
            Value::Null => Ok(Vec::new()),
            list => serde_json::from_value::<Vec<String>>(list.clone()),
        };
        let lines: Vec<sql::auto_grant::MovedLine> = match &moved["lines"] {
            Value::Null => Vec::new(),
            list => serde_json::from_value(list.clone())?,
        };
        sql::auto_grant::return_organization(tx, &lines, to).await?;
        sql::auto_grant::return_owner(tx, &ids("runs")?, &ids("owned_lines")?, to).await?;
        sql::application::return_applicant(tx, &applications, to).await?;
        sql::application::return_owner(tx, &ids("calls")?, &ids("owned")?, to).await?;
        Ok(())
    }
}
