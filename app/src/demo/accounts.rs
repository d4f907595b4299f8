//! Those who sign in: one for each role of the demonstration, and everybody who claimed a file.

use access::{NewAccount, NewGrant};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Actor, Error, Fault, Hat, OrganizationId, PersonId, Result, Role, SignedIn, Text2};
use registry::ops::record_facts;
use store::Tx;

use super::claims;
use super::data::Account;
use super::maker::{Maker, SYSTEM};
use super::people::{Crowd, Known, Post, Someone};
use super::sheet::Sheet;

/// Makes an account with a role, and the actor who wears it.
pub async fn open(
    maker: &Maker,
    tx: &mut Tx,
    person: PersonId,
    account: (&str, &str, Option<&str>),
    role: Role,
    organization: Option<OrganizationId>,
) -> Result<Actor> {
    let access = &maker.app.access;
    let (name, display_name, password) = account;
    let new = NewAccount {
        person,
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        password: password.map(str::to_owned),
        email: None,
    };
    let account = access::create_account(access, tx, &SYSTEM, new).await?;
    let grant = NewGrant::new(person, role, organization);
    let hat = Hat::new(access::grant_role(access, tx, &SYSTEM, grant).await?, role, organization);
    Ok(Actor::Person(Box::new(SignedIn {
        account,
        person: Some(person),
        name: display_name.to_owned(),
        locale: None,
        hats: vec![hat.clone()],
        hat: Some(hat),
    })))
}

/// The words of the data for a role.
pub fn of_role(maker: &Maker, role: Role) -> Result<&Account> {
    let known = maker.data.accounts.iter().find(|account| account.role == role.code());
    known.ok_or_else(|| Error::internal(format!("the demonstration has nobody for the role {role}")))
}

/// Somebody one may sign in as, with a file of their own.
pub async fn sign_up(
    maker: &Maker,
    crowd: &mut Crowd<'_>,
    role: Role,
    organization: Option<OrganizationId>,
    keeper: Option<OrganizationId>,
    second: Option<(Role, OrganizationId)>,
) -> Result<Actor> {
    let known = of_role(maker, role)?;
    let mut tx = maker.app.db.begin().await?;
    let someone = Someone {
        by: &SYSTEM,
        keeper,
        headline: Text2::both(&known.headline.0, &known.headline.1),
        known: Known::Little,
    };
    let name = Text2::both(&known.name.0, &known.name.1);
    let person = crowd.write(&mut tx, name, someone).await?;
    if let Some(organization) = organization {
        let kind = if role == Role::EnterpriseAdmin { "contact" } else { "staff" };
        crowd.post(&mut tx, &SYSTEM, person, Post::new(organization, kind, &known.post)).await?;
    }
    // A talent acts for nobody but themselves.
    let hat_for = organization.filter(|_| role != Role::Talent);
    let account = format!("demo-{}", role.code());
    let account = (account.as_str(), known.name.0.as_str(), Some(known.password.as_str()));
    // Whoever answers for a firm comes by a claim, like everybody else.
    let actor = match role {
        Role::EnterpriseAdmin => claims::open_bare(maker, &mut tx, person, account).await?,
        _ => open(maker, &mut tx, person, account, role, hat_for).await?,
    };
    if let Some((role, organization)) = second {
        let grant = NewGrant::new(person, role, Some(organization));
        access::grant_role(&maker.app.access, &mut tx, &SYSTEM, grant).await?;
    }
    if role == Role::Talent {
        let mut sheet = Sheet::new(maker.today, registry::model::Source::SelfDeclared, "");
        for (key, text) in &maker.data.people.talent {
            sheet.typed(key, text, jinmen_core::Period::ALWAYS)?;
        }
        record_facts::insert(&maker.app, &mut tx, &actor, &person.into(), sheet.facts()).await?;
    }
    tx.commit().await?;
    Ok(actor)
}

/// Gives everybody their number, confirmed not long ago.
pub async fn give_numbers(maker: &Maker) -> Result<()> {
    let app = &maker.app;
    let mut tx = app.db.begin().await?;
    for known in &maker.data.accounts {
        let account = access::find_account(&mut tx, &format!("demo-{}", known.role)).await?.id;
        let mobile = MobileNumber::parse(&known.mobile).map_err(|fault| Fault::of("mobile", &fault))?;
        access::set_mobile(&app.access, &app.vault, &mut tx, &SYSTEM, account, &mobile).await?;
    }
    tx.commit().await?;
    Ok(())
}
