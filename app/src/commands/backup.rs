//! `jinmen backup` and `jinmen restore`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::backup::{BackupError, Manifest, Source, Step, Target};
use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::ProgressBar;
use jinmen_core::Clock;
use serde_json::json;

use crate::cli::{Format, Instance};
use crate::instance::{self, Opening};
use crate::options::File;

/// `jinmen backup`.
#[derive(Args, Debug)]
pub struct Backup {
    /// The file to write. One that is there is replaced once the new one was found whole.
    pub file: PathBuf,
    /// Also write the master key here, readable by its owner only. Keep it apart from the backup.
    #[arg(long, value_name = "FILE")]
    pub keys_out: Option<PathBuf>,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen restore`.
#[derive(Args, Debug)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// The file with the master key; it becomes DIR/master.key. Without it the key is taken from JINMEN_MASTER_KEY, or
    /// from DIR/master.key if that is there.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Only read the backup and say whether it is whole.
    #[arg(long)]
    pub check: bool,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

fn bar(format: Format) -> ProgressBar {
    let bar = if format == Format::Text { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

fn say(bar: &ProgressBar, step: &Step) {
    bar.set_message(match step {
        Step::Table(name) => format!("table {name}"),
        Step::Files(done, all) => format!("attachments {done} of {all}"),
        Step::Checking => "reading the file".to_owned(),
        Step::Record(entries) => format!("reading the record, {entries} entries"),
    });
}

/// Writes a backup.
pub async fn write(flags: Backup) -> Result<ExitCode> {
    let dir = &flags.instance.dir;
    if !dir.join("master.key").is_file()
        && std::env::var_os("JINMEN_MASTER_KEY").is_none()
        && File::read(dir)?.master_key_file.is_none()
    {
        bail!("{} is no instance: there is no master.key in it", dir.display());
    }
    let open = instance::open(Opening::local(dir, flags.instance.database)).await?;
    let app = &open.app;
    let source = Source {
        db: &app.db,
        blobs: app.files.blobs(),
        key_mark: app.vault.mark(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        now: app.clock.now(),
    };
    let progress = bar(flags.format);
    let manifest = ::backup::write(&source, &flags.file, |step| say(&progress, &step)).await?;
    progress.finish_and_clear();
    let keys = match &flags.keys_out {
        Some(path) => Some(copy_key(dir, &open.file, path)?),
        None => None,
    };
    print(&flags.file, &manifest, flags.format, &json!({ "keys": keys }))?;
    Ok(ExitCode::SUCCESS)
}

/// Copies the master key; `None` of the file where it is in the environment.
fn copy_key(dir: &Path, file: &File, out: &Path) -> Result<PathBuf> {
    let hex = match std::env::var("JINMEN_MASTER_KEY") {
        Ok(hex) => hex,
        Err(_) => {
            let path = file.master_key_file.clone().unwrap_or_else(|| dir.join("master.key"));
            std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?
        }
    };
    access::write_key_file(out, hex.trim())
        .with_context(|| format!("{} cannot be written, or is there already", out.display()))?;
    Ok(out.to_owned())
}

fn print(path: &Path, manifest: &Manifest, format: Format, more: &serde_json::Value) -> Result<()> {
    let rows: u64 = manifest.tables.iter().map(|part| part.rows).sum();
    let bytes = std::fs::metadata(path)?.len();
    match format {
        Format::Json => println!(
            "{}",
            json!({ "file": path, "bytes": bytes, "made_at": manifest.made_at, "tables": manifest.tables.len(), "rows": rows,
                    "attachments": manifest.files.len(), "whole": true, "more": more })
        ),
        Format::Text => println!(
            "{}: whole, {rows} rows in {} tables, {} attachments, {bytes} bytes, made {}",
            path.display(),
            manifest.tables.len(),
            manifest.files.len(),
            manifest.made_at
        ),
    }
    Ok(())
}

/// Makes an instance from a backup, or only checks it.
pub async fn restore(flags: Restore) -> Result<ExitCode> {
    let path = flags.file.clone();
    if flags.check {
        let whole = tokio::task::spawn_blocking(move || ::backup::check(&path)).await??;
        print(&flags.file, &whole.manifest, flags.format, &json!({}))?;
        return Ok(ExitCode::SUCCESS);
    }
    // Before a folder is made: whether there is anything to put into it.
    let whole = tokio::task::spawn_blocking(move || ::backup::check(&path)).await??;
    let dir = &flags.instance.dir;
    std::fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let file = File::read(dir)?;
    let vault = key(&flags, &file, &whole.manifest)?;
    let database = flags.instance.database.clone().or_else(|| file.database.clone());
    let db = instance::database(dir, database).await?;
    let blobs = files::Folder::new(&dir.join("files")).map_err(|error| anyhow::anyhow!("{error}"))?;
    let modules = instance::modules();
    let sets = instance::migrations(&modules);
    let target = Target { db: &db, blobs: &blobs, sets: &sets, key_mark: vault.mark(), now: Clock::system().now() };
    let progress = bar(flags.format);
    let restored = match ::backup::restore(&whole, &target, |step| say(&progress, &step)).await {
        Ok(restored) => restored,
        Err(BackupError::NotEmpty) => {
            bail!("the database of {} is not empty; restore into an empty one", dir.display())
        }
        Err(other) => return Err(other.into()),
    };
    progress.finish_and_clear();
    db.close().await;
    let audit = &restored.audit;
    print(&flags.file, &whole.manifest, flags.format, &json!({ "record": audit, "upgraded": restored.upgraded }))?;
    audit.faults.iter().for_each(|fault| eprintln!("WRONG {fault}"));
    Ok(ExitCode::from(u8::from(!audit.is_whole())))
}

/// The master key, which must be there: an instance under a new one could not read what is sealed.
fn key(flags: &Restore, file: &File, manifest: &Manifest) -> Result<access::Vault> {
    let dir = &flags.instance.dir;
    let place = file.master_key_file.clone().unwrap_or_else(|| dir.join("master.key"));
    if let Some(given) = &flags.keys {
        let hex = std::fs::read_to_string(given).with_context(|| format!("{} cannot be read", given.display()))?;
        let vault = access::Vault::from_hex(&hex).with_context(|| given.display().to_string())?;
        if place.is_file() {
            let there = access::Vault::from_file(&place).context("the master key")?;
            if there.mark() != vault.mark() {
                bail!("{} is another key than {}", place.display(), given.display());
            }
        } else {
            if manifest.key_mark != vault.mark() {
                return Err(BackupError::Key.into());
            }
            access::write_key_file(&place, hex.trim())
                .with_context(|| format!("{} cannot be written", place.display()))?;
        }
        return Ok(vault);
    }
    if let Ok(hex) = std::env::var("JINMEN_MASTER_KEY") {
        return access::Vault::from_hex(&hex).context("JINMEN_MASTER_KEY");
    }
    if !place.is_file() {
        bail!("the master key is missing: give --keys FILE, or set JINMEN_MASTER_KEY");
    }
    access::Vault::from_file(&place).context("the master key")
}
