//! Listening, working, stopping.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use module::App;
use module::serve::Mounted;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};

/// Logs go to standard error: for people on a terminal, as JSON lines when serving without one.
pub fn log(cli: &Cli) {
    use std::io::IsTerminal;
    let quiet = !matches!(cli.command, Command::Serve(_));
    let filter = EnvFilter::try_from_env("JINMEN_LOG")
        .unwrap_or_else(|_| EnvFilter::new(if quiet { "warn" } else { "info,sqlx=warn" }));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if quiet || std::io::stderr().is_terminal() { builder.init() } else { builder.json().init() }
}

/// Binds a port; one that is taken is replaced by a free one where `any` says so.
pub async fn bind(address: IpAddr, port: u16, any: bool) -> Result<TcpListener> {
    match TcpListener::bind(SocketAddr::new(address, port)).await {
        Ok(listener) => Ok(listener),
        Err(_) if any => TcpListener::bind(SocketAddr::new(address, 0)).await.context("no free port"),
        Err(error) => Err(error).with_context(|| format!("{address} port {port} cannot be used")),
    }
}

/// Serves until the process is asked to stop; jobs under way and open requests are finished first.
pub async fn serve(
    app: App,
    mounted: Mounted,
    listener: TcpListener,
    mail: Option<&notify::SmtpSettings>,
    asked: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let runner = runner(&app, mail)?;
    let working = tokio::spawn(Arc::new(runner).run(stopped.clone()));
    let tidying = tokio::spawn(tidy(app.clone(), stopped.clone()));
    let looking = tokio::spawn(look(app.clone(), stopped.clone()));
    let sequencing = tokio::spawn(sequencer(&app).await?.run(stopped.clone()));
    let service = module::serve::router(app.clone(), mounted).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            asked.await;
            tracing::info!("Stopping");
            stop.send(true).ok();
        })
        .await?;
    working.await.ok();
    tidying.await.ok();
    looking.await.ok();
    sequencing.await.ok();
    app.db.close().await;
    Ok(())
}

/// What gives the entries of the record their places and signs them.
pub async fn sequencer(app: &App) -> Result<record::Sequencer> {
    let origin = origin(&app.config.public_url);
    let opened = record::Sequencer::open(app.db.clone(), app.clock.clone(), app.vault.wrapping_key(), &origin).await;
    opened.map_err(|error| anyhow::anyhow!("the record cannot be opened for signing: {error:?}"))
}

/// The name under which a record is signed for ever: the address of the instance without its scheme. One that
/// nobody but this machine reaches gets a name that no other has.
fn origin(public_url: &str) -> String {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest).trim_end_matches('/');
    let local = ["127.", "localhost", "[::1]", "0.0.0.0"].iter().any(|start| host.starts_with(start));
    let name = if local { format!("instance-{}", record::KeyId::new().text()) } else { host.to_owned() };
    format!("{name}/record").chars().filter(|c| !c.is_whitespace() && *c != '+').collect()
}

/// Everything that works on the queue.
pub fn runner(app: &App, mail: Option<&notify::SmtpSettings>) -> Result<jobs::Runner> {
    let mut runner = jobs::Runner::new(app.db.clone(), app.clock.clone());
    runner.register(notify::KIND, crate::mail::job(app, mail)?);
    for module in &app.modules {
        for (kind, handler) in module.jobs(app) {
            runner.register(kind, handler);
        }
    }
    Ok(runner)
}

/// How long keys of requests that happen once are kept.
const ONCE_SECONDS: i64 = 48 * 3600;
/// How long codes and attempts to sign in are kept: an hour longer than the limits look back.
const ATTEMPT_SECONDS: i64 = 25 * 3600;
/// How long drafts are kept.
const DRAFT_SECONDS: i64 = 90 * 86_400;

/// Lets every module look for what it looks for all the time. What fails is tried again a second later, and said once.
async fn look(app: App, mut stopped: watch::Receiver<bool>) {
    let mut failed = false;
    while !*stopped.borrow() {
        let mut fails = false;
        for module in &app.modules {
            if let Err(error) = module.every_second(&app).await {
                fails = true;
                if !failed {
                    tracing::error!("{} cannot look for what is new; trying again: {error:?}", module.name());
                }
            }
        }
        failed = fails;
        tokio::select! { _ = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}, _ = stopped.changed() => {} }
    }
}

/// Once an hour: forgets what is only kept for a while, and reads the settings that another process
/// may have changed (that once a minute).
async fn tidy(app: App, mut stopped: watch::Receiver<bool>) {
    let mut minute = 0_u32;
    while !*stopped.borrow() {
        if minute.is_multiple_of(60) {
            let now = app.clock.now();
            let once = store::once::forget_before(&app.db, now.plus_seconds(-ONCE_SECONDS)).await;
            let drafts = cases::forget_drafts(&app.db, now.plus_seconds(-DRAFT_SECONDS)).await;
            let attempts = access::forget_before(&app.access, now.plus_seconds(-ATTEMPT_SECONDS)).await;
            if once.is_err() || drafts.is_err() || attempts.is_err() {
                tracing::warn!("Old keys and drafts could not be removed; trying again in an hour");
            }
            for module in &app.modules {
                if let Err(error) = module.every_hour(&app).await {
                    tracing::warn!(
                        "{} could not forget what is old; trying again in an hour: {error:?}",
                        module.name()
                    );
                }
            }
        }
        if let Ok(settings) = module::settings::load(&app.db).await {
            app.set_settings(settings);
        }
        minute += 1;
        tokio::select! { _ = tokio::time::sleep(std::time::Duration::from_secs(60)) => {}, _ = stopped.changed() => {} }
    }
}

/// Listens from now on for the wish to stop, so that one that comes while things start is heard, too.
#[cfg(unix)]
pub fn asked_to_stop() -> Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    })
}

/// Listens for the wish to stop.
#[cfg(not(unix))]
pub fn asked_to_stop() -> Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}
