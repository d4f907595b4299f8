//! Opening an instance: its folder, its key, its database, the modules on it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use anyhow::{Context, Result, bail};
use jinmen_core::Clock;
use module::{App, AppParts, Config, Module, serve::Mounted};
use store::{Db, MigrationSet};

use crate::options::File;

/// All modules, in the order of their dependencies.
pub fn modules() -> Vec<Arc<dyn Module>> {
    vec![
        workplace::module(),
        registry::module(),
        payments::module(),
        calls::module(),
        policy::module(),
        review::module(),
        notices::module(),
        webhooks::module(),
    ]
}

/// Every migration, platform first.
pub fn migrations(modules: &[Arc<dyn Module>]) -> Vec<MigrationSet> {
    let mut sets = vec![
        store::search::MIGRATIONS,
        record::MIGRATIONS,
        jobs::MIGRATIONS,
        files::MIGRATIONS,
        notify::MIGRATIONS,
        access::MIGRATIONS,
        cases::MIGRATIONS,
        flow::MIGRATIONS,
        module::MIGRATIONS,
    ];
    sets.extend(modules.iter().filter_map(|module| module.migrations()));
    sets
}

/// Where an instance is and how it is reached.
pub struct Opening {
    /// Its folder.
    pub dir: PathBuf,
    /// A PostgreSQL address instead of SQLite in the folder.
    pub database: Option<String>,
    /// The address under which people reach it.
    pub public_url: String,
    /// Requests come through a proxy.
    pub behind_proxy: bool,
    /// The clock.
    pub clock: Clock,
}

impl Opening {
    /// An instance for the command line, which nobody reaches.
    pub fn local(dir: &Path, database: Option<String>) -> Self {
        let known = File::read(dir).ok().and_then(|file| file.public_url);
        let public_url =
            std::env::var("JINMEN_PUBLIC_URL").ok().or(known).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
        Self { dir: dir.to_owned(), database, public_url, behind_proxy: false, clock: Clock::system() }
    }
}

/// An open instance.
pub struct Open {
    /// The application.
    pub app: App,
    /// Its routes, to be served.
    pub mounted: Mounted,
    /// The operator's file.
    pub file: File,
}

/// Opens an instance, making folder, key and tables where they are missing.
pub async fn open(opening: Opening) -> Result<Open> {
    let dir = &opening.dir;
    std::fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let file = File::read(dir)?;
    let vault = vault(dir, &file)?;
    let db = database(dir, opening.database.or_else(|| file.database.clone())).await?;
    let modules = modules();
    migrate(&db, &migrations(&modules), &opening.clock).await?;
    let mut messages = vec![ui::MESSAGES, module::MESSAGES];
    messages.extend(modules.iter().map(|module| module.messages()));
    let catalog = Arc::new(ui::Catalog::build(&messages)?);
    let mounted = module::serve::mount(&modules)?;
    let blobs = files::Folder::new(&dir.join("files")).map_err(|error| anyhow::anyhow!("{error}"))?;
    let settings = module::settings::load(&db).await?;
    fits(dir, &vault, module::settings::key_mark(&db).await?)?;
    let app = App::new(AppParts {
        config: Config {
            dir: dir.clone(),
            public_url: opening.public_url,
            behind_proxy: opening.behind_proxy,
            metrics_token: metrics_token(&file)?,
        },
        access: access::Access::new(db.clone(), opening.clock.clone()),
        clock: opening.clock,
        vault,
        files: files::Files::new(Arc::new(blobs)),
        sms: sms(&file)?,
        robots: robots(&file)?,
        webhooks: notify::Webhooks::new(file.webhooks_inside),
        catalog,
        settings: RwLock::new(settings),
        modules,
        routes: mounted.list.clone(),
        openapi: mounted.openapi.clone(),
        db,
    });
    Ok(Open { app, mounted, file })
}

/// The master key: from the environment, else from a file, which is made if it is absent.
fn vault(dir: &Path, file: &File) -> Result<access::Vault> {
    if let Ok(hex) = std::env::var("JINMEN_MASTER_KEY") {
        return access::Vault::from_hex(&hex).context("JINMEN_MASTER_KEY");
    }
    access::Vault::from_file(&key_file(dir, file)).context("the master key")
}

fn key_file(dir: &Path, file: &File) -> PathBuf {
    file.master_key_file.clone().unwrap_or_else(|| dir.join("master.key"))
}

/// Where the master key of an instance is, unless it is in the environment.
pub fn key_place(dir: &Path) -> Result<PathBuf> {
    Ok(key_file(dir, &File::read(dir)?))
}

/// Another file beside the master key's.
pub fn beside(key: &Path, end: &str) -> PathBuf {
    let name = key.file_name().unwrap_or_default().to_string_lossy();
    key.with_file_name(format!("{name}.{end}"))
}

/// Where a new master key waits for the database to be sealed under it.
pub fn waiting_key(key: &Path) -> PathBuf {
    beside(key, "new")
}

/// Whether the key is the one that the instance was last sealed under.
fn fits(dir: &Path, vault: &access::Vault, mark: Option<String>) -> Result<()> {
    if mark.is_none_or(|mark| mark == vault.mark()) {
        return Ok(());
    }
    let place = key_place(dir)?;
    let waiting = waiting_key(&place);
    if waiting.is_file() {
        bail!(
            "the master key was changed, and the change was cut off at its last step: move {} to {}, and keep the old one",
            waiting.display(),
            place.display()
        );
    }
    bail!("this is not the master key that the instance was sealed under: it was changed with jinmen rekey");
}

/// What opens `/metrics`, if the operator says so.
fn metrics_token(file: &File) -> Result<Option<module::Secret>> {
    let token = std::env::var("JINMEN_METRICS_TOKEN").ok().or_else(|| file.metrics_token.clone());
    let Some(token) = token else { return Ok(None) };
    anyhow::ensure!(token.len() >= 16, "metrics_token in jinmen.toml must have at least 16 characters");
    Ok(Some(module::Secret::new(token)))
}

/// Who brings short messages to telephones, if the operator names somebody.
fn sms(file: &File) -> Result<Option<Arc<dyn notify::SmsProvider>>> {
    let Some(settings) = &file.sms else { return Ok(None) };
    let secret = std::env::var("JINMEN_SMS_SECRET").ok().or_else(|| settings.secret.clone());
    let provider = notify::HttpSms::new(&notify::SmsSettings { secret, ..settings.clone() })
        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(Some(Arc::new(provider)))
}

/// Robots of group chats; hosts that the operator names are asked in the place of the published ones.
fn robots(file: &File) -> Result<notify::Robots> {
    for (host, base) in &file.robots {
        anyhow::ensure!(base.starts_with("https://"), "robots.\"{host}\" in jinmen.toml must begin with https://");
    }
    Ok(notify::Robots::new(file.robots.clone()))
}

/// The database of an instance: at an address, or SQLite in its folder.
pub async fn database(dir: &Path, address: Option<String>) -> Result<Db> {
    match address {
        Some(url) => Db::open(&url).await.context("the database given by --database cannot be opened"),
        None => Db::open_file(&dir.join("jinmen.db")).await.context("the database in the folder cannot be opened"),
    }
}

async fn migrate(db: &Db, sets: &[MigrationSet], clock: &Clock) -> Result<()> {
    let applied =
        store::migrate::migrate(db, sets, clock.now()).await.context("the tables cannot be brought up to date")?;
    if applied > 0 {
        tracing::info!(applied, "Applied {applied} migrations");
    }
    Ok(())
}
