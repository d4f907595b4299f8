//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// 津门 Jinmen: the operating platform of an innovation alliance and its parks.
#[derive(Parser, Debug)]
#[command(name = "jinmen", version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do. The options of a subcommand are built when it is the one: nobody waits for those of all others.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Command {
    /// Serve an instance.
    #[command(after_help = "Examples:\n  jinmen serve --dir /var/lib/jinmen\n  jinmen serve --dir /var/lib/jinmen \
                            --database postgres://jinmen@localhost/jinmen --listen 0.0.0.0 --port 8080\n\n\
                            Settings come from flags, then the environment (JINMEN_…), then DIR/jinmen.toml.")]
    Serve(Serve),
    /// Fill a throw-away instance with invented data and serve it.
    #[command(after_help = "Examples:\n  jinmen demo\n  jinmen demo --port 0 --format json\n\n\
                            An absent or empty DIR is filled, an instance there is served as it is, anything else is refused.")]
    Demo(Demo),
    /// Import tables into the registry.
    #[command(subcommand)]
    Import(Import),
    /// Accounts from the terminal.
    #[command(subcommand)]
    User(User),
    /// What reads files and computes.
    #[command(flatten)]
    Compute(Compute),
    /// The record of what was done: check it, change its keys.
    #[command(subcommand)]
    Record(crate::commands::record::Command),
    /// Write a whole instance into one file while it goes on working, and read it again.
    #[command(after_help = "Examples:\n  jinmen backup /backups/jinmen-2026-05-18.backup --dir /var/lib/jinmen\n  \
                            jinmen backup today.backup --dir /var/lib/jinmen --database postgres://jinmen@localhost/jinmen\n\n\
                            The master key is not in the file: keep a copy of DIR/master.key elsewhere (--keys-out writes one).\n\
                            Exit 0 when the file was written and found whole, 2 when it could not be.")]
    Backup(crate::commands::backup::Backup),
    /// Make an instance from a backup: checked as a whole first, on SQLite or PostgreSQL.
    #[command(
        after_help = "Examples:\n  jinmen restore today.backup --dir /var/lib/jinmen --keys /safe/master.key\n  \
                            jinmen restore today.backup --check\n\n\
                            The folder and the database must be empty. Exit 0 when done, 1 when the record in it is not whole, \
                            2 for a backup that is damaged or a target that is not empty."
    )]
    Restore(crate::commands::backup::Restore),
    /// Seal everything under another master key. Stop every `jinmen serve` of the instance first.
    #[command(
        after_help = "Examples:\n  jinmen rekey --dir /var/lib/jinmen\n  JINMEN_MASTER_KEY=… jinmen rekey --new-key new.key\n\n\
                            The old key stays beside the new one: backups made before need it. Recovery codes end; their owners \
                            are told. Exit 0 when done, 2 when it could not be, and nothing was changed."
    )]
    Rekey(crate::commands::rekey::Rekey),
    /// Check a document that an instance gave out, without a network.
    #[command(after_help = "Examples:\n  jinmen verify record-1042.json --keys keys.json\n  \
                            jinmen verify record-1042.json --keys keys.json --checkpoint seen.txt --format json\n\n\
                            Exit 0 for a document that holds, 1 for one that does not, 2 for one that cannot be read or is \
                            of a kind not known.")]
    Verify(crate::commands::verify::Verify),
    /// Keep watch over the record of an instance: it must go on from what was seen the last time.
    #[command(after_help = "Example:\n  jinmen witness https://jinmen.example.cn --state jinmen.witness\n\n\
                            Exit 0 when it does, 1 when the record was changed, 2 when the server cannot be read.")]
    Witness(crate::commands::witness::Witness),
}

/// What reads files and computes: it waits for nothing and has nothing to log.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Compute {
    /// Rank entries from score sheets.
    #[command(after_help = "Examples:\n  jinmen rank --scores scores.csv --method calibrated --format json\n  \
                            jinmen rank --scores scores.csv --method trimmed --trim 1\n\n\
                            Exit 0 with a ranking, 2 for a file that cannot be read.")]
    Rank(crate::commands::rank::Rank),
    /// What must change before software runs on domestic CPUs, systems, databases and ciphers.
    #[command(
        after_help = "Examples:\n  jinmen assess .\n  jinmen assess app.war --target aarch64,loongarch64 --format json\n  \
                            jinmen assess . --baseline last.json --fail-on new-blocker\n\n\
                            Exit 0 with a report, 1 when --fail-on is met, 2 for input that cannot be read."
    )]
    Assess(crate::commands::assess::Assess),
    /// Assign judges to entries: the largest total affinity, fair, or by lot.
    #[command(
        after_help = "Examples:\n  jinmen assign --npz scores.npz --out pairs.csv --proof prices.npz --format json\n  \
                            jinmen assign --scores scores.csv --judges judges.csv --entries entries.csv --fair\n  \
                            jinmen assign --npz scores.npz --quality 0.95 --seed 2021\n\n\
                            Exit 0 with an assignment, 1 when there is none (it says why), 2 for input that cannot be read."
    )]
    Assign(crate::commands::assign::Flags),
    /// Policies as programs: check, test, evaluate, explain, simulate.
    #[command(subcommand)]
    Policy(crate::commands::policy::Command),
}

/// Which instance.
#[derive(Args, Debug, Clone)]
pub struct Instance {
    /// The instance's folder: settings, files, master key, and the SQLite database.
    #[arg(long, env = "JINMEN_DIR", default_value = "jinmen-data")]
    pub dir: PathBuf,
    /// A PostgreSQL address to use instead of SQLite in DIR.
    #[arg(long, env = "JINMEN_DATABASE")]
    pub database: Option<String>,
}

/// How answers are written.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `jinmen serve`.
#[derive(Args, Debug, Clone)]
pub struct Serve {
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// The address to listen on [default: 127.0.0.1].
    #[arg(long, env = "JINMEN_LISTEN")]
    pub listen: Option<IpAddr>,
    /// The port to listen on [default: 8080].
    #[arg(long, env = "JINMEN_PORT")]
    pub port: Option<u16>,
    /// The address under which people reach it, such as https://jinmen.example.cn.
    #[arg(long, env = "JINMEN_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Requests come through a proxy that sets X-Forwarded-For.
    #[arg(long, env = "JINMEN_BEHIND_PROXY")]
    pub behind_proxy: bool,
}

/// `jinmen demo`.
#[derive(Args, Debug, Clone)]
pub struct Demo {
    /// The folder to fill [default: a throw-away one].
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// A PostgreSQL address to use instead of SQLite in DIR.
    #[arg(long, env = "JINMEN_DATABASE")]
    pub database: Option<String>,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub listen: IpAddr,
    /// The port; 0, or one that is taken while none was asked for, picks a free one [default: 8080].
    #[arg(long)]
    pub port: Option<u16>,
    /// How the address and the sign-ins are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen import`.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Import {
    /// Import organisations from CSV or XLSX as people have them.
    #[command(after_help = "Examples:\n  jinmen import organizations members.xlsx --dry-run\n  \
                            jinmen import organizations members.csv --keeper 91120199MA0000001X --format json\n\n\
                            Exit 0 without faults, 1 with faults (the other rows are taken), 2 for a file that cannot be read.")]
    Organizations(ImportOrganizations),
    /// Undo a whole import.
    #[command(after_help = "Example:\n  jinmen import undo 01938b3e-2c54-7e5c-8a3d-0a8f5b9e7c11")]
    Undo(ImportUndo),
}

/// `jinmen import organizations`.
#[derive(Args, Debug, Clone)]
pub struct ImportOrganizations {
    /// The table.
    pub file: PathBuf,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// Check only: nothing is written.
    #[arg(long)]
    pub dry_run: bool,
    /// Whose members they are: the social credit code, name or identifier of the organisation that keeps the files
    /// [default: the only alliance].
    #[arg(long)]
    pub keeper: Option<String>,
    /// How the report is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen import undo`.
#[derive(Args, Debug, Clone)]
pub struct ImportUndo {
    /// The import's identifier.
    pub import: String,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the report is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen user`.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum User {
    /// Make an account; prints an invitation link unless a password is given on standard input.
    #[command(after_help = "Examples:\n  jinmen user add admin --name 管理员 --role system_admin\n  \
                            echo 'a sentence of my own' | jinmen user add wang --name 王 --role secretariat --organization 天津演示联盟 --password-stdin")]
    Add(UserAdd),
    /// List accounts.
    List(UserList),
    /// Set a password from standard input.
    Password(UserName),
    /// Make a new invitation link.
    Invite(UserName),
    /// Stop an account from signing in.
    Disable(UserName),
    /// Let an account sign in again.
    Enable(UserName),
    /// Ask an account for no second proof any more: for whoever lost telephone and recovery codes.
    ResetSecondFactor(UserName),
    /// Give a role.
    Grant(UserGrant),
}

/// `jinmen user add`.
#[derive(Args, Debug, Clone)]
pub struct UserAdd {
    /// The name for signing in.
    pub account: String,
    /// The person's name.
    #[arg(long)]
    pub name: String,
    /// A role: secretariat, district_officer, enterprise_admin, talent, system_admin, audit_admin, …
    #[arg(long)]
    pub role: Option<String>,
    /// The organisation the role is for: name, social credit code or identifier. It is opened if there is none of
    /// that name yet.
    #[arg(long)]
    pub organization: Option<String>,
    /// Where notices may be mailed.
    #[arg(long)]
    pub email: Option<String>,
    /// Read the password from standard input.
    #[arg(long)]
    pub password_stdin: bool,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen user list`.
#[derive(Args, Debug, Clone)]
pub struct UserList {
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// A subcommand on one account.
#[derive(Args, Debug, Clone)]
pub struct UserName {
    /// The name for signing in.
    pub account: String,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `jinmen user grant`.
#[derive(Args, Debug, Clone)]
pub struct UserGrant {
    /// The name for signing in.
    pub account: String,
    /// The role.
    #[arg(long)]
    pub role: String,
    /// The organisation the role is for.
    #[arg(long)]
    pub organization: Option<String>,
    /// Which instance.
    #[command(flatten)]
    pub instance: Instance,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}
