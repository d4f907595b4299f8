//! What every handler can reach.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use jinmen_core::{Actor, Clock, Locale, OrganizationId, Result, Text2, codes};

use crate::{Directory, Module, RouteInfo, Settings};

/// What the operator decides at start.
#[derive(Clone, Debug)]
pub struct Config {
    /// The instance's folder.
    pub dir: PathBuf,
    /// The address under which people reach it, such as `https://jinmen.example.cn`.
    pub public_url: String,
    /// Requests come through a proxy that sets `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// What opens `/metrics`; without one, this machine only.
    pub metrics_token: Option<Secret>,
}

/// A secret of the operator that requests bring along.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Compares in the same time wherever they differ.
    pub fn is(&self, sent: &str) -> bool {
        let differ = |(a, b): (u8, u8)| a ^ b;
        sent.len() == self.0.len() && self.0.bytes().zip(sent.bytes()).map(differ).fold(0, |all, one| all | one) == 0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Config {
    /// Whether cookies must be `Secure` and carry the `__Host-` prefix.
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether it is reached under an address of this machine.
    pub fn is_local(&self) -> bool {
        let host = self.public_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// The parts of an application.
pub struct AppParts {
    /// The operator's decisions.
    pub config: Config,
    /// The database.
    pub db: store::Db,
    /// The clock.
    pub clock: Clock,
    /// Accounts and sessions.
    pub access: access::Access,
    /// Sealed values.
    pub vault: access::Vault,
    /// Attachments.
    pub files: files::Files,
    /// Who brings short messages to telephones; `None` where nobody does.
    pub sms: Option<Arc<dyn notify::SmsProvider>>,
    /// Who brings messages to robots of group chats.
    pub robots: notify::Robots,
    /// Who brings messages to other programs.
    pub webhooks: notify::Webhooks,
    /// Texts in both languages.
    pub catalog: Arc<ui::Catalog>,
    /// What the instance says of itself.
    pub settings: RwLock<Settings>,
    /// All modules, in the order of their dependencies.
    pub modules: Vec<Arc<dyn Module>>,
    /// Every route with its permission.
    pub routes: Vec<RouteInfo>,
    /// The OpenAPI document, as JSON.
    pub openapi: String,
}

/// The application; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

impl Deref for App {
    type Target = AppParts;
    fn deref(&self) -> &AppParts {
        &self.0
    }
}

impl App {
    /// Shares the parts.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }

    /// The words of a language.
    pub fn words(&self, locale: Locale) -> ui::Words {
        ui::Words::new(locale, self.catalog.clone())
    }

    /// A copy of the settings.
    pub fn settings(&self) -> Settings {
        self.settings.read().map(|settings| settings.clone()).unwrap_or_default()
    }

    /// Replaces the settings in memory; the database has been written before.
    pub fn set_settings(&self, settings: Settings) {
        if let Ok(mut current) = self.settings.write() {
            *current = settings;
        }
    }

    /// What a person may do with the rows of a list.
    pub fn list_actions(&self, list: &str, visit: &crate::Visit) -> Vec<crate::ListAction> {
        let all = self.modules.iter().flat_map(|module| module.list_actions());
        all.filter(|one| one.list == list && visit.actor.may_somewhere(one.permission).is_ok()).collect()
    }

    /// The calendar of working days.
    pub fn calendar(&self) -> &'static codes::Calendar {
        codes::Calendar::builtin()
    }

    /// Names of organisations and people.
    pub fn directory(&self) -> Option<Arc<dyn Directory>> {
        self.modules.iter().find_map(|module| module.directory())
    }

    /// The name of one organisation; empty if there is none.
    pub async fn organization_name(&self, id: OrganizationId) -> Text2 {
        let Some(directory) = self.directory() else { return Text2::default() };
        let names = directory.organizations(self, &[id]).await.unwrap_or_default();
        names.into_iter().next().map(|(_, name)| name).unwrap_or_default()
    }

    /// What organisations are called; those that are not known are left out.
    pub async fn organization_names(&self, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, Text2)>> {
        match self.directory() {
            Some(directory) if !ids.is_empty() => directory.organizations(self, ids).await,
            _ => Ok(Vec::new()),
        }
    }

    /// What the program does by itself.
    pub fn system(&self, part: &'static str) -> Actor {
        Actor::System(part)
    }
}
