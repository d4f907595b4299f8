//! `jinmen rekey`: another master key for an instance.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use access::{Resealing, Vault};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use jinmen_core::{Actor, Object};
use module::{App, settings};
use serde_json::json;

use super::refused;
use crate::cli::{Format, Instance};
use crate::instance::{self, Opening};

const ACTOR: Actor = Actor::System("command line");

/// `jinmen rekey`.
#[derive(Args, Debug)]
pub struct Rekey {
    /// A file with the new key, 64 hexadecimal digits. Without it one is made; it must be given where the key is in
    /// JINMEN_MASTER_KEY.
    #[arg(long, value_name = "FILE")]
    pub new_key: Option<PathBuf>,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What was sealed again.
struct Done {
    values: u64,
    recovery_codes_ended: u64,
}

/// Seals everything under the new key, then puts it in the place of the old one.
///
/// In this order, so that a power cut leaves no instance without its key: the new key into a file beside the old, synced;
/// the database in one transaction, with the mark of the new key; a copy of the old key; the new one over the old.
pub async fn run(flags: Rekey) -> Result<ExitCode> {
    let dir = &flags.instance.dir;
    let from_environment = std::env::var_os("JINMEN_MASTER_KEY").is_some();
    ensure!(
        !from_environment || flags.new_key.is_some(),
        "the key is in JINMEN_MASTER_KEY: give the new one with --new-key FILE"
    );
    let place = instance::key_place(dir)?;
    ensure!(from_environment || place.is_file(), "{} is no instance: {} is missing", dir.display(), place.display());
    let open = instance::open(Opening::local(dir, flags.instance.database.clone())).await?;
    let app = &open.app;
    let hex = match &flags.new_key {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?
            .trim()
            .to_owned(),
        None => access::new_master_key(),
    };
    let new = Vault::from_hex(&hex).context("the new key")?;
    ensure!(new.mark() != app.vault.mark(), "the new key is the old one");
    no_messages_wait(app).await?;
    let waiting = instance::waiting_key(&place);
    if !from_environment {
        access::write_key_file(&waiting, &hex)
            .with_context(|| format!("{} cannot be written, or is there already", waiting.display()))?;
    }
    let done = match again(app, &Resealing { old: app.vault.clone(), new }).await {
        Ok(done) => done,
        Err(error) => {
            if !from_environment {
                std::fs::remove_file(&waiting).ok();
            }
            return refused(app, error);
        }
    };
    let kept = if from_environment { None } else { Some(replace(app, &place, &waiting)?) };
    say(&flags, &done, kept.as_deref());
    Ok(ExitCode::SUCCESS)
}

/// A short message that waits in the queue is sealed there, and lives for minutes: the server is let finish them.
async fn no_messages_wait(app: &App) -> Result<()> {
    let depths = jobs::depths(&app.db).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let waiting: i64 = depths
        .iter()
        .filter(|depth| depth.kind == module::sms::KIND && !depth.state.is_final())
        .map(|depth| depth.count)
        .sum();
    if waiting > 0 {
        bail!("{waiting} short messages are still to be sent: let jinmen serve send them, stop it, then try again");
    }
    Ok(())
}

async fn again(app: &App, again: &Resealing) -> jinmen_core::Result<Done> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    record::wrap_again(&mut tx, &again.old.wrapping_key(), &again.new.wrapping_key()).await?;
    let (mut values, recovery_codes_ended) = access::seal_again(&mut tx, &ACTOR, again, now).await?;
    for module in &app.modules {
        values += module.seal_again(&mut tx, again).await?;
    }
    settings::set_key_mark(&mut tx, &again.new.mark(), now).await?;
    let data = json!({ "values": values });
    record::append(&mut tx, &ACTOR, now, "module.master_key.changed", Object::instance(), data).await?;
    tx.commit().await?;
    Ok(Done { values, recovery_codes_ended })
}

/// Puts the new key in the place of the old; where the old one is kept.
fn replace(app: &App, place: &Path, waiting: &Path) -> Result<PathBuf> {
    let old = std::fs::read_to_string(place).with_context(|| format!("{} cannot be read", place.display()))?;
    let stamp: String = app.clock.now().to_rfc3339().chars().filter(char::is_ascii_digit).take(14).collect();
    let kept = instance::beside(place, &format!("until-{stamp}"));
    access::write_key_file(&kept, old.trim()).with_context(|| format!("{} cannot be written", kept.display()))?;
    std::fs::rename(waiting, place).with_context(|| format!("{} cannot be replaced", place.display()))?;
    if let Some(folder) = place.parent()
        && let Ok(folder) = std::fs::File::open(folder)
    {
        folder.sync_all().ok();
    }
    Ok(kept)
}

fn say(flags: &Rekey, done: &Done, kept: Option<&Path>) {
    match flags.format {
        Format::Json => println!(
            "{}",
            json!({ "values": done.values, "recovery_codes_ended": done.recovery_codes_ended, "old_key": kept })
        ),
        Format::Text => {
            println!("{} values are sealed under the new key", done.values);
            if done.recovery_codes_ended > 0 {
                println!("{} accounts were told to make new recovery codes", done.recovery_codes_ended);
            }
            match kept {
                Some(kept) => println!("the old key is in {}: backups made before today need it", kept.display()),
                None => println!("set JINMEN_MASTER_KEY to the new key before the instance is started"),
            }
        }
    }
}
