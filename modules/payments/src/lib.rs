//! What is owed or granted (款项) and what was paid of it (付款记录): dues, subsidies, awards, rent.
//!
//! Every module that has money owes it here, in its own transaction, with [`owe`]: who, how much, in which instalments,
//! borne by whom, and a key that makes owing the same twice one item. The office records payments with their proof;
//! payments that stand never come to more than the amount. What was granted under a clause of a policy is a receipt,
//! which rules read with [`receipts`] and [`receipts_of_many`].

mod api;
pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{OrganizationId, Permission, Result};
use module::{App, Found, Module, NavEntry, NextStep, Number, Routes, Visit};
use serde_json::{Value, json};
use store::Tx;

pub use model::{Direction, Instalment, Item, ItemState, NewItem, Owed, Reason, Receipt, Share, Subject, Terms};
pub use ops::owe::owe;
pub use ops::receipts::{receipts, receipts_of_many};

/// The tables of items and payments.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("payments", 1 "0001_item", 2 "0002_voucher");

/// The texts of items and payments.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "payments",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Payments)
}

struct Payments;

#[async_trait]
impl Module for Payments {
    fn name(&self) -> &'static str {
        "payments"
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

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    async fn search(&self, app: &App, visit: &Visit, typed: &str) -> Result<Vec<Found>> {
        pages::home::found(app, visit, typed).await
    }

    async fn next_steps(&self, app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        pages::home::next_steps(app, visit).await
    }

    async fn numbers(&self, app: &App, visit: &Visit) -> Result<Vec<Number>> {
        pages::home::numbers(app, visit).await
    }

    async fn move_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        from: OrganizationId,
        to: OrganizationId,
    ) -> Result<Value> {
        let subjects = sql::move_subject(tx, from, to).await?;
        let owners = sql::move_owner(tx, from, to).await?;
        Ok(json!({ "subjects": subjects, "owners": owners }))
    }

    async fn return_organization(
        &self,
        _app: &App,
        tx: &mut Tx,
        to: OrganizationId,
        _from: OrganizationId,
        moved: &Value,
    ) -> Result<()> {
        let ids = |which: &str| serde_json::from_value::<Vec<String>>(moved[which].clone());
        sql::return_subject(tx, &ids("subjects")?, to).await?;
        sql::return_owner(tx, &ids("owners")?, to).await?;
        Ok(())
    }
}
