//! Settings of the operator: flags, then the environment, then `jinmen.toml` in the instance's folder.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cli;

/// `jinmen.toml`. Every entry can be left out.
#[derive(Deserialize, Debug, Default, Clone)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// A PostgreSQL address.
    pub database: Option<String>,
    /// The address to listen on.
    pub listen: Option<IpAddr>,
    /// The port to listen on.
    pub port: Option<u16>,
    /// The address under which people reach it.
    pub public_url: Option<String>,
    /// Requests come through a proxy.
    pub behind_proxy: Option<bool>,
    /// Where the master key lies.
    pub master_key_file: Option<std::path::PathBuf>,
    /// The mail server.
    pub mail: Option<notify::SmtpSettings>,
    /// Who brings short messages to telephones.
    pub sms: Option<notify::SmsSettings>,
    /// What opens `/metrics` to whoever sends it; at least 16 characters.
    pub metrics_token: Option<String>,
    /// Whether webhooks may go to addresses of one's own network, and over http.
    #[serde(default)]
    pub webhooks_inside: bool,
    /// Installations of one's own for robots of group chats: the published host, and what is asked instead.
    #[serde(default)]
    pub robots: std::collections::BTreeMap<String, String>,
}

impl File {
    /// Reads the file of a folder; absent is empty.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join("jinmen.toml");
        let source = config::File::from(path.clone()).format(config::FileFormat::Toml).required(false);
        config::Config::builder()
            .add_source(source)
            .build()
            .and_then(config::Config::try_deserialize)
            .with_context(|| format!("{} cannot be read", path.display()))
    }
}

/// Where to listen and under which address.
#[derive(Debug, Clone)]
pub struct Listen {
    /// The address.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// The address under which people reach it.
    pub public_url: Option<String>,
    /// Requests come through a proxy.
    pub behind_proxy: bool,
}

impl Listen {
    /// Flags and environment (read by the command line) before the file.
    pub fn of(flags: &cli::Serve, file: &File) -> Self {
        Self {
            address: flags.listen.or(file.listen).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            port: flags.port.or(file.port).unwrap_or(8080),
            public_url: flags.public_url.clone().or_else(|| file.public_url.clone()),
            behind_proxy: flags.behind_proxy || file.behind_proxy.unwrap_or(false),
        }
    }
}
