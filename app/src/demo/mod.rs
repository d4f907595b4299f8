//! The demonstration: invented data that goes through the modules' use cases, from a fixed seed.
//!
//! Two instances filled on the same day are alike in everything but identifiers. Enterprises and
//! people are invented: the enterprises say 演示 in their names and carry the region 120199, which does
//! not exist, in their codes; the people's headlines say 演示人员. Public bodies stand in the roles that
//! they had at the conference of 2021.

mod accounts;
mod applying;
mod bodies;
mod circle;
mod circulars;
mod claims;
mod data;
mod desk;
mod figures;
mod flagship;
mod maker;
mod members;
mod names;
mod papers;
mod people;
mod plan;
mod policies;
mod seed;
mod sheet;
mod sums;
#[cfg(test)]
mod tests;

use anyhow::{Result, bail};
use jinmen_core::{Actor, Object, Role};
use module::App;
use module::frame::DEMO_ROLES;
use registry::ops::{consent, find};
use serde_json::json;

use crate::commands::locale;

use bodies::Bodies;
use flagship::{Cast, Story};
use maker::{Maker, SYSTEM};
use people::Crowd;

/// Somebody one may sign in as.
pub struct SignIn {
    /// The role.
    pub role: Role,
    /// The account's name.
    pub account: String,
    /// The password.
    pub password: String,
}

/// Fills an empty instance; `say` hears what is being done. A filled one is left as it is.
pub async fn fill(app: &App, say: &(dyn Fn(&str) + Sync)) -> Result<()> {
    if module::settings::load(&app.db).await?.demo {
        return Ok(());
    }
    let t = app.words(locale());
    if find::only_alliance(app).await?.is_some() {
        bail!(t.of("module-cli-demo-half"));
    }
    let step = |what: &str| say(&t.of(&format!("module-cli-demo-{what}")));
    let maker = Maker::new(app)?;
    let mut crowd = Crowd::new(&maker);

    step("bodies");
    maker.stand(420, 0)?;
    let bodies = bodies::open(&maker).await?;
    let staff = staff(&maker, &mut crowd, &bodies).await?;

    step("members");
    let (plans, newcomers) = plan::plans(&maker.data, maker.today)?;
    let mut members = members::take_over(&maker, &bodies, &staff.secretariat, plans).await?;
    let mut story = Story::of(members[0].id, &maker);
    let cast = Cast { secretariat: &staff.secretariat, district: &staff.district, enterprise: None };
    story.until(&maker, &cast, 360).await?;

    step("people");
    let alliance = bodies.alliance()?;
    circle::council(&mut crowd, &maker, alliance, &members, &staff.secretariat).await?;
    maker.stand(355, 20)?;
    let own = Some(members[0].id);
    let enterprise = accounts::sign_up(&maker, &mut crowd, Role::EnterpriseAdmin, own, Some(alliance), None).await?;
    claims::first(&maker, &mut members[0], &enterprise, &staff.secretariat).await?;
    let enterprise = members[0].admin.clone().unwrap_or(enterprise);
    claims::all(&mut crowd, &maker, alliance, &mut members, &staff.secretariat).await?;
    let cast = Cast { enterprise: Some(&enterprise), ..cast };
    story.until(&maker, &cast, 331).await?;
    maker.stand(330, 10)?;
    circle::experts(&mut crowd, &maker, alliance, &staff.secretariat).await?;
    let talent = talent(&maker, &mut crowd, &bodies, &members).await?;

    step("history");
    let claimed: Vec<usize> = (1..members.len()).filter(|at| members[*at].plan.claimed).collect();
    for (at, batch) in claimed.chunks(BATCH).enumerate() {
        let days = 300 - 20 * at as i64;
        story.until(&maker, &cast, days).await?;
        maker.stand(days, 75)?;
        let from = batch[0];
        let last = batch[batch.len() - 1];
        members::declare(&maker, &members[from..=last]).await?;
    }
    let closed = maker.this_year(50);
    story.until(&maker, &cast, closed).await?;
    maker.stand(closed, 20)?;
    members::add_year(&maker, &members).await?;
    let compared = maker.this_year(34);
    story.until(&maker, &cast, compared).await?;
    maker.stand(compared, 30)?;
    members::verify(&maker, &members, &staff.district).await?;
    story.until(&maker, &cast, 0).await?;

    step("desk");
    let desks = desk::Desks { secretariat: &staff.secretariat, enterprise: &enterprise, talent: &talent };
    circulars::fill(&maker, &members, &staff.secretariat).await?;
    sums::fill(&maker, &members, &staff.secretariat, &staff.district).await?;
    desk::fill(&maker, &bodies, &members, &desks).await?;
    claims::waiting(&mut crowd, &maker, alliance, &members, &staff.secretariat).await?;
    let hexi = bodies.get("hexi")?;
    let second = policies::fill(&maker, &mut crowd, hexi, &staff.district, &enterprise).await?;
    let desks = applying::Desks {
        alliance,
        secretariat: &staff.secretariat,
        district: &staff.district,
        second: &second,
        talent: &talent,
        supervisor: &staff.supervisor,
    };
    applying::fill(&maker, &mut crowd, &mut members, newcomers, &desks).await?;
    maker.stand(1, 200)?;
    accounts::give_numbers(&maker).await?;
    members::look_up(&maker, &members, &staff.secretariat).await?;
    open_doors(app, &maker).await
}

/// Members that fill in their files at about the same time.
const BATCH: usize = 11;

/// Those who work for the alliance, the district and the instance.
struct Staff {
    secretariat: Actor,
    district: Actor,
    supervisor: Actor,
}

async fn staff(maker: &Maker, crowd: &mut Crowd<'_>, bodies: &Bodies) -> jinmen_core::Result<Staff> {
    maker.stand(419, 0)?;
    let alliance = Some(bodies.alliance()?);
    // Hats can be switched: the same person answers for the host's file.
    let second = match &accounts::of_role(maker, Role::Secretariat)?.also_admin_of {
        Some(body) => Some((Role::EnterpriseAdmin, bodies.get(body)?)),
        None => None,
    };
    let secretariat = accounts::sign_up(maker, crowd, Role::Secretariat, alliance, alliance, second).await?;
    let hexi = Some(bodies.get("hexi")?);
    let district = accounts::sign_up(maker, crowd, Role::DistrictOfficer, hexi, None, None).await?;
    let supervisor = accounts::sign_up(maker, crowd, Role::Supervisor, alliance, alliance, None).await?;
    for role in [Role::SystemAdmin, Role::AuditAdmin] {
        accounts::sign_up(maker, crowd, role, None, None, None).await?;
    }
    Ok(Staff { secretariat, district, supervisor })
}

/// One person with a profile of their own, who says what it may be used for.
async fn talent(
    maker: &Maker,
    crowd: &mut Crowd<'_>,
    bodies: &Bodies,
    members: &[members::Member],
) -> jinmen_core::Result<Actor> {
    maker.stand(320, 50)?;
    let keeper = Some(bodies.alliance()?);
    let talent = accounts::sign_up(maker, crowd, Role::Talent, Some(members[1].id), keeper, None).await?;
    for purpose in &maker.data.people.talent_consents {
        consent::set_consent(&maker.app, &talent, purpose, true).await?;
    }
    Ok(talent)
}

/// The last step: from now on the instance says what it is, and whoever stops before leaves a
/// half-filled one that does not.
async fn open_doors(app: &App, maker: &Maker) -> Result<()> {
    let settings = maker.data.settings.clone();
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    module::settings::save(&mut tx, &settings, now).await?;
    record::append(&mut tx, &SYSTEM, now, "module.settings.changed", Object::instance(), json!({})).await?;
    tx.commit().await?;
    app.set_settings(settings);
    Ok(())
}

/// One sign-in for each role; none where this is no demonstration.
pub async fn sign_ins(app: &App) -> Result<Vec<SignIn>> {
    let mut sign_ins = Vec::new();
    if !app.settings().demo {
        return Ok(sign_ins);
    }
    let known = data::accounts()?;
    for role in DEMO_ROLES {
        let account = format!("demo-{}", role.code());
        if let Some(words) = known.iter().find(|words| words.role == role.code())
            && access::find_account(&app.db, &account).await.is_ok()
        {
            sign_ins.push(SignIn { role, account, password: words.password.clone() });
        }
    }
    Ok(sign_ins)
}
