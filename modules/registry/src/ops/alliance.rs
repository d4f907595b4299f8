//! The bodies of an alliance: its council and its expert committee, with what their letters of appointment say.

use jinmen_core::{Actor, Error, OrganizationId, Result, Scope};
use module::App;

use crate::model::Affiliation;
use crate::{permissions, sql};

/// Posts of the council, the highest first.
pub const COUNCIL: [&str; 5] = ["council_chair", "vice_chair", "secretary_general", "council_member", "supervisor"];
/// Posts of the expert committee.
pub const EXPERTS: [&str; 1] = ["expert"];

/// Those who hold posts in the actor's alliance today.
pub struct Bodies {
    /// The alliance.
    pub alliance: OrganizationId,
    /// The council, the highest posts first.
    pub council: Vec<Affiliation>,
    /// The expert committee.
    pub experts: Vec<Affiliation>,
}

/// Reads them.
pub async fn bodies(app: &App, actor: &Actor) -> Result<Bodies> {
    let alliance = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ_REPORT, &Scope::owned_by(alliance))?;
    let today = app.clock.today();
    let all = sql::affiliation::of_organization(&app.db, alliance).await?;
    let in_force = |one: &&Affiliation| one.valid_until.is_none_or(|until| until >= today);
    let of = |kinds: &[&str]| {
        let mut some: Vec<Affiliation> =
            all.iter().filter(in_force).filter(|one| kinds.contains(&one.kind.as_str())).cloned().collect();
        some.sort_by_key(|one| kinds.iter().position(|kind| *kind == one.kind));
        some
    };
    Ok(Bodies { alliance, council: of(&COUNCIL), experts: of(&EXPERTS) })
}
