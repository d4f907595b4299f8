//! `jinmen serve`.

use std::process::ExitCode;

use anyhow::Result;
use jinmen_core::Clock;

use crate::cli::Serve;
use crate::instance::{self, Opening};
use crate::options::{File, Listen};
use crate::server;

pub async fn run(flags: Serve) -> Result<ExitCode> {
    let asked = server::asked_to_stop()?;
    std::fs::create_dir_all(&flags.instance.dir)?;
    let listen = Listen::of(&flags, &File::read(&flags.instance.dir)?);
    let listener = server::bind(listen.address, listen.port, false).await?;
    let here = format!("http://{}", listener.local_addr()?);
    let public_url = listen.public_url.unwrap_or_else(|| here.clone());
    if public_url.starts_with("http://") && !listen.address.is_loopback() {
        tracing::warn!(
            "{public_url} is not https: passwords and cookies cross the network in the clear. Put a proxy with a certificate before it and set public_url."
        );
    }
    let open = instance::open(Opening {
        dir: flags.instance.dir,
        database: flags.instance.database,
        public_url,
        behind_proxy: listen.behind_proxy,
        clock: Clock::system(),
    })
    .await?;
    tracing::info!(address = here, "Serving {here}");
    server::serve(open.app, open.mounted, listener, open.file.mail.as_ref(), asked).await?;
    Ok(ExitCode::SUCCESS)
}
