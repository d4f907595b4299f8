//! `jinmen user`: accounts from the terminal. Whoever can run it on the machine runs the instance.

use std::io::Read;
use std::process::ExitCode;

use access::{NewAccount, NewGrant};
use anyhow::Result;
use jinmen_core::{Actor, Error, OrganizationId, PageRequest, Role};
use module::App;
use serde_json::json;

use super::refused;
use crate::cli::{Format, UserAdd, UserGrant, UserList, UserName};
use crate::instance::{self, Opening};

const ACTOR: Actor = Actor::System("command line");

pub async fn add(flags: UserAdd) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    match add_account(&app, &flags).await {
        Ok(link) => {
            say(
                flags.format,
                &json!({ "account": flags.account, "invitation": link }),
                &match &link {
                    Some(link) => format!("{}\n{link}", flags.account),
                    None => flags.account.clone(),
                },
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(&app, error),
    }
}

async fn add_account(app: &App, flags: &UserAdd) -> Result<Option<String>, Error> {
    let role: Option<Role> = flags.role.as_deref().map(str::parse).transpose()?;
    let password = if flags.password_stdin { Some(password_from_stdin()?) } else { None };
    let directory = app.directory().ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    let organization = match flags.organization.as_deref() {
        Some(text) => Some(registry::ops::find::organization_or_new(app, &mut tx, &ACTOR, text).await?),
        None => None,
    };
    let person = directory.new_person(app, &mut tx, &ACTOR, &flags.name, organization).await?;
    let new = NewAccount {
        person,
        name: flags.account.clone(),
        display_name: flags.name.clone(),
        password: password.clone(),
        email: flags.email.clone(),
    };
    let account = access::create_account(&app.access, &mut tx, &ACTOR, new).await?;
    if let Some(role) = role {
        let grant = NewGrant::new(person, role, organization);
        access::grant_role(&app.access, &mut tx, &ACTOR, grant).await?;
    }
    tx.commit().await?;
    if password.is_some() {
        return Ok(None);
    }
    let token = access::invite(&app.access, &ACTOR, account).await?;
    Ok(Some(format!("{}/invitation/{}", app.config.public_url, token.expose())))
}

pub async fn list(flags: UserList) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database)).await?.app;
    let mut page = PageRequest { after: None, limit: Some(200) };
    loop {
        let accounts =
            access::list_accounts(&app.access, "", &page).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        for account in &accounts.items {
            let state = if account.active { "active" } else { "disabled" };
            say(
                flags.format,
                &serde_json::to_value(account)?,
                &format!("{:<24} {:<10} {}", account.name, state, account.display_name),
            );
        }
        match accounts.next {
            Some(next) => page.after = Some(next),
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

pub async fn password(flags: UserName) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    let done = async {
        let account = access::find_account(&app.db, &flags.account).await?;
        access::set_password(&app.access, &ACTOR, account.id, &password_from_stdin()?, None).await
    };
    finish(&app, &flags, done.await)
}

pub async fn invite(flags: UserName) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    let made = async {
        let account = access::find_account(&app.db, &flags.account).await?;
        access::invite(&app.access, &ACTOR, account.id).await
    };
    match made.await {
        Ok(token) => {
            let link = format!("{}/invitation/{}", app.config.public_url, token.expose());
            say(flags.format, &json!({ "account": flags.account, "invitation": link }), &link);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(&app, error),
    }
}

pub async fn disable(flags: UserName, disabled: bool) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    let done = async {
        let account = access::find_account(&app.db, &flags.account).await?;
        access::disable_account(&app.access, &ACTOR, account.id, disabled).await
    };
    finish(&app, &flags, done.await)
}

pub async fn reset_second_factor(flags: UserName) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    let done = async {
        let account = access::find_account(&app.db, &flags.account).await?;
        let mut tx = app.db.begin().await?;
        access::reset_second(&app.access, &mut tx, &ACTOR, account.id).await?;
        tx.commit().await?;
        Ok::<(), Error>(())
    };
    finish(&app, &flags, done.await)
}

pub async fn grant(flags: UserGrant) -> Result<ExitCode> {
    let app = instance::open(Opening::local(&flags.instance.dir, flags.instance.database.clone())).await?.app;
    let done = async {
        let account = access::find_account(&app.db, &flags.account).await?;
        let role: Role = flags.role.parse()?;
        let mut tx = app.db.begin().await?;
        let organization: Option<OrganizationId> = match flags.organization.as_deref() {
            Some(text) => Some(registry::ops::find::organization_or_new(&app, &mut tx, &ACTOR, text).await?),
            None => None,
        };
        let new = NewGrant::new(account.person, role, organization);
        access::grant_role(&app.access, &mut tx, &ACTOR, new).await?;
        tx.commit().await?;
        Ok::<(), Error>(())
    };
    let flags = UserName { account: flags.account.clone(), instance: flags.instance.clone(), format: flags.format };
    finish(&app, &flags, done.await)
}

fn finish(app: &App, flags: &UserName, done: Result<(), Error>) -> Result<ExitCode> {
    match done {
        Ok(()) => {
            say(flags.format, &json!({ "account": flags.account, "done": true }), &flags.account);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(app, error),
    }
}

fn say(format: Format, json: &serde_json::Value, text: &str) {
    match format {
        Format::Json => println!("{json}"),
        Format::Text => println!("{text}"),
    }
}

fn password_from_stdin() -> Result<String, Error> {
    let mut text = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
