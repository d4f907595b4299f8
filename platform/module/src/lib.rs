//! The one shape a module has, and the application it is mounted on.
//!
//! A module is a crate with a [`Module`]: its migrations, texts, permissions, routes, jobs, menu
//! entries and numbers. [`App`] holds what all of them use; [`serve::router`] puts their routes
//! together with the layers that every request passes.
//!
//! Every route names its permission when it is added to [`Routes`]: there is no other way to add one.

pub mod api;
mod app;
pub mod export;
mod extract;
mod failure;
pub mod follow;
pub mod frame;
mod metrics;
mod numbers;
mod once;
pub mod pages;
mod routes;
pub mod serve;
pub mod settings;
pub mod sms;
pub mod testing;
pub mod visit;

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{OrganizationId, Permission, PersonId, Result, Text2};
use store::MigrationSet;

pub use access::{Resealing, SealedColumn};
pub use app::{App, AppParts, Config, Secret};
pub use extract::{Form, Json, Path, Query, UploadLimit};
pub use failure::{Answer, Failure, Problem, message_args, sentence};
pub use frame::{MORE, NavEntry};
pub use numbers::{Number, NumberKey};
pub use routes::{RouteInfo, RouteKind, Routes};
pub use settings::{Settings, Story, StoryCard};
pub use visit::Visit;

/// The table of the instance's settings.
pub const MIGRATIONS: MigrationSet = store::migrations!("module", 1 "0001_setting");

/// Texts of the shared pages and faults.
pub const MESSAGES: ui::MessageSource = ui::MessageSource {
    module: "module",
    zh: include_str!("../locales/zh-CN.ftl"),
    en: include_str!("../locales/en.ftl"),
};

/// One capability of the platform.
#[async_trait]
pub trait Module: Send + Sync {
    /// The crate's name.
    fn name(&self) -> &'static str;

    /// Its tables.
    fn migrations(&self) -> Option<MigrationSet> {
        None
    }

    /// Its texts.
    fn messages(&self) -> ui::MessageSource;

    /// Its permissions, for the page that explains roles.
    fn permissions(&self) -> &'static [&'static Permission];

    /// Its pages and API.
    fn routes(&self) -> Routes;

    /// The kinds of work it does later.
    fn jobs(&self, _app: &App) -> Vec<(&'static str, Arc<dyn jobs::Handler>)> {
        Vec::new()
    }

    /// What it looks for all the time: asked about once a second in every process that serves, so that it must bear
    /// being asked by several at once.
    async fn every_second(&self, _app: &App) -> Result<()> {
        Ok(())
    }

    /// What it forgets because it is kept for a while only: asked about once an hour in every process that serves.
    async fn every_hour(&self, _app: &App) -> Result<()> {
        Ok(())
    }

    /// Its entries in the menus.
    fn nav(&self) -> Vec<NavEntry> {
        Vec::new()
    }

    /// The kinds of notice it sends.
    fn notices(&self) -> Vec<notify::NoticeKind> {
        Vec::new()
    }

    /// The kinds of decision it takes, for the page that says which of them need two people.
    fn decisions(&self) -> Vec<cases::DecisionKind> {
        Vec::new()
    }

    /// What can be done with the rows of a list of another module that a filter shows; the page gets the filter as it
    /// stands in the list's address.
    fn list_actions(&self) -> Vec<ListAction> {
        Vec::new()
    }

    /// Whether whoever holds this ticket (the code of a letter) may open an account by proving a mobile number.
    async fn admits(&self, _app: &App, _ticket: &str) -> Result<bool> {
        Ok(false)
    }

    /// Hands over what it keeps for an organisation whose file is joined to another's, and returns what it moved, a
    /// JSON value that [`Module::return_organization`] understands.
    async fn move_organization(
        &self,
        _app: &App,
        _tx: &mut store::Tx,
        _from: OrganizationId,
        _to: OrganizationId,
    ) -> Result<serde_json::Value> {
        Ok(serde_json::Value::Null)
    }

    /// Hands back to `to` what was moved to `from`.
    async fn return_organization(
        &self,
        _app: &App,
        _tx: &mut store::Tx,
        _to: OrganizationId,
        _from: OrganizationId,
        _moved: &serde_json::Value,
    ) -> Result<()> {
        Ok(())
    }

    /// Seals whatever it keeps sealed again, when the master key changes, within the one transaction of that; how many
    /// values.
    async fn seal_again(&self, _tx: &mut store::Tx, _again: &Resealing) -> Result<u64> {
        Ok(0)
    }

    /// Names of organisations and people, from the one module that has them.
    fn directory(&self) -> Option<Arc<dyn Directory>> {
        None
    }

    /// What the one search field finds here.
    async fn search(&self, _app: &App, _visit: &Visit, _typed: &str) -> Result<Vec<Found>> {
        Ok(Vec::new())
    }

    /// What a person of this role may sensibly do next, most useful first.
    async fn next_steps(&self, _app: &App, _visit: &Visit) -> Result<Vec<NextStep>> {
        Ok(Vec::new())
    }

    /// Numbers for dashboards and the portal.
    async fn numbers(&self, _app: &App, _visit: &Visit) -> Result<Vec<Number>> {
        Ok(Vec::new())
    }
}

/// Something that can be done with the rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListAction {
    /// The list: `organizations`.
    pub list: &'static str,
    /// Where it is done.
    pub href: &'static str,
    /// What, as a message key.
    pub key: &'static str,
    /// An icon's name.
    pub icon: &'static str,
    /// Who may.
    pub permission: &'static Permission,
}

/// Something the search field found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its kind, as a message key.
    pub kind_key: String,
    /// What it is called.
    pub title: Text2,
    /// A line that tells it from others.
    pub hint: String,
    /// Where it is.
    pub href: String,
}

/// Something worth doing next.
#[derive(Clone, Debug)]
pub struct NextStep {
    /// What, as a message key.
    pub title_key: &'static str,
    /// Why, as a message key.
    pub hint_key: &'static str,
    /// Where.
    pub href: String,
    /// An icon's name.
    pub icon: &'static str,
}

/// Names by identifier, and the files behind them where a page needs to say who.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Names of organisations; those that do not exist are left out.
    async fn organizations(&self, app: &App, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, Text2)>>;
    /// Organisations that somebody may mean by what they typed (a name, a part of one, a social credit
    /// code), the likeliest first, ten at most.
    async fn find_organizations(&self, _app: &App, _typed: &str) -> Result<Vec<(OrganizationId, Text2)>> {
        Ok(Vec::new())
    }
    /// Names of people.
    async fn people(&self, app: &App, ids: &[PersonId]) -> Result<Vec<(PersonId, Text2)>>;
    /// Makes a person's file for a new account, with nothing but the name.
    async fn new_person(
        &self,
        app: &App,
        tx: &mut store::Tx,
        actor: &jinmen_core::Actor,
        name: &str,
        keeper: Option<OrganizationId>,
    ) -> Result<PersonId>;
    /// Where somebody reads about an object, if this module has it.
    fn link(&self, object: &jinmen_core::Object) -> Option<String>;
}
