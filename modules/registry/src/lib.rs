//! Organisations, people, affiliations and facts: one file per subject.
//!
//! A subject is an organisation or a person. What identifies it stands in its row; everything else
//! is a fact with two times (the period it is true for, when we learned it) and a source. The keys of
//! facts are declared once, in the [`dictionary`], and import, forms, masking and export read it.
//!
//! Other modules use [`ops`] and the identifiers; nobody else touches these tables.

mod api;
pub mod dictionary;
mod directory;
/// How a fact is asked for, read and shown, for the forms of other modules.
pub mod forms {
    pub use crate::pages::facts::{field, typed, value_from, value_words};
}
/// What an answer of rules rests on, drawn for people, for the pages of other modules.
pub mod proof {
    pub use crate::pages::proof::{distance, proof, value};
}
/// How files come in and go out, for the pages of other modules.
pub mod uploads {
    pub use crate::pages::limits::{too_large, unreadable};
    pub use crate::pages::parts::hand_out;
}
pub mod import;
mod jobs;
pub mod known;
pub mod model;
pub mod ops;
mod pages;
pub mod permissions;
mod sql;
pub mod table;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jinmen_core::{Permission, Result};
use module::{App, Directory, Found, Module, NavEntry, NextStep, Number, Routes, Visit};

/// The registry's tables.
pub const MIGRATIONS: store::MigrationSet = store::migrations!("registry", 1 "0001_organization", 2 "0002_person", 3 "0003_fact", 4 "0004_import", 5 "0005_claim", 6 "0006_view", 7 "0007_merge", 8 "0008_merge_person", 9 "0009_list_order", 10 "0010_list_covered", 11 "0011_known");

/// The registry's texts.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "registry",
    zh: concat!(include_str!("../locales/zh-CN.ftl"), "\n", include_str!("../locales/claim.zh-CN.ftl")),
    en: concat!(include_str!("../locales/en.ftl"), "\n", include_str!("../locales/claim.en.ftl")),
};

/// An import has been written.
pub(crate) const NOTICE_IMPORT: notify::NoticeKind = notify::NoticeKind::inbox("registry.import_done");

/// The module, to be mounted.
pub fn module() -> Arc<dyn Module> {
    Arc::new(Registry::default())
}

#[derive(Default)]
struct Registry {
    /// Every file is packed: there is nothing to look for any more.
    packed: AtomicBool,
}

#[async_trait]
impl Module for Registry {
    fn name(&self) -> &'static str {
        "registry"
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
        jobs::handlers(app)
    }

    fn notices(&self) -> Vec<notify::NoticeKind> {
        vec![NOTICE_IMPORT, ops::claims::NOTICE]
    }

    fn decisions(&self) -> Vec<cases::DecisionKind> {
        vec![ops::claims::DECISION]
    }

    async fn seal_again(&self, tx: &mut store::Tx, again: &module::Resealing) -> Result<u64> {
        sql::sealed::again(tx, again).await
    }

    async fn every_second(&self, app: &App) -> Result<()> {
        if !self.packed.load(Ordering::Relaxed) && ops::decide::pack_some(app).await? == 0 {
            self.packed.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn admits(&self, app: &App, ticket: &str) -> Result<bool> {
        ops::claims::letters::admits(app, ticket).await
    }

    fn nav(&self) -> Vec<NavEntry> {
        pages::nav()
    }

    fn directory(&self) -> Option<Arc<dyn Directory>> {
        Some(Arc::new(directory::Names))
    }

    async fn search(&self, app: &App, visit: &Visit, typed: &str) -> Result<Vec<Found>> {
        pages::search::found(app, visit, typed).await
    }

    async fn next_steps(&self, app: &App, visit: &Visit) -> Result<Vec<NextStep>> {
        pages::home::next_steps(app, visit).await
    }

    async fn numbers(&self, app: &App, visit: &Visit) -> Result<Vec<Number>> {
        pages::home::numbers(app, visit).await
    }
}
