//! What can be applied for today: joining the alliance, with applications at every stage; a subsidy of the district, with a
//! public notice that somebody objects to; awards that come without applying; a competition that is open, with forty entries
//! being written; another that was judged, with a final that goes on.

mod competition;
mod granting;
mod judging;
mod membership;
mod subsidy;

use std::collections::HashMap;

use calls::model::{ApplicationId, CallDraft, CallId, SetupDraft};
use calls::ops::desk::{self, Act};
use calls::ops::{apply, edit, read, submit};
use jinmen_core::{Actor, Date, Error, Fault, OrganizationId, Result};

use super::maker::Maker;
use super::members::Member;
use super::people::Crowd;
use super::plan::Plan;

/// Those who work on them.
pub struct Desks<'a> {
    pub alliance: OrganizationId,
    pub secretariat: &'a Actor,
    pub district: &'a Actor,
    /// The district's second person, who reviews what the first accepted.
    pub second: &'a Actor,
    pub talent: &'a Actor,
    /// Whoever of the alliance watches draws and confirms results.
    pub supervisor: &'a Actor,
}

/// Publishes the calls and moves their applications to where they stand today.
pub async fn fill(
    maker: &Maker,
    crowd: &mut Crowd<'_>,
    members: &mut Vec<Member>,
    newcomers: Vec<Plan>,
    desks: &Desks<'_>,
) -> Result<()> {
    membership::fill(maker, crowd, members, newcomers, desks).await?;
    subsidy::fill(maker, members, desks).await?;
    granting::fill(maker, members, desks).await?;
    competition::fill(maker, members, desks).await?;
    judging::fill(maker, crowd, members, desks).await
}

/// A call that is out, begun from a template.
async fn publish(
    maker: &Maker,
    office: &Actor,
    template: &str,
    draft: &CallDraft,
    arrange: impl FnOnce(&mut SetupDraft),
) -> Result<CallId> {
    let app = &maker.app;
    let id = edit::begin(app, office, template, draft).await?;
    let call = read::read(app, office, id).await?.call;
    let mut setup = SetupDraft::of(&call.setup);
    arrange(&mut setup);
    edit::arrange(app, office, id, call.version, &setup).await?;
    edit::publish(app, office, id).await?;
    Ok(id)
}

/// Begins an application and answers what is asked: of these texts only those that the file does not hold already.
async fn filled(maker: &Maker, who: &Actor, call: CallId, texts: &HashMap<&str, String>) -> Result<ApplicationId> {
    let app = &maker.app;
    let id = apply::begin(app, who, call).await?;
    let missing = apply::read(app, who, id).await?.reading.missing;
    let asked = missing.into_iter().filter_map(|fault| fault.field);
    let mut sent: apply::Sent = Vec::new();
    for field in asked {
        let rows = texts.iter().filter(|(path, _)| path.starts_with(&format!("{field}.")));
        sent.extend(rows.map(|(path, text)| ((*path).to_owned(), vec![text.clone()])));
        sent.extend(texts.get(field.as_str()).map(|text| (field.clone(), vec![text.clone()])));
    }
    let chosen = [apply::TRACK, apply::GROUP].into_iter().filter_map(|name| Some((name, texts.get(name)?)));
    sent.extend(chosen.map(|(name, text)| (name.to_owned(), vec![text.clone()])));
    apply::save(app, who, id, sent).await?;
    Ok(id)
}

/// The same, handed in.
async fn handed_in(maker: &Maker, who: &Actor, call: CallId, texts: &HashMap<&str, String>) -> Result<ApplicationId> {
    let id = filled(maker, who, call, texts).await?;
    submit::submit(&maker.app, who, id).await?;
    Ok(id)
}

async fn act(maker: &Maker, office: &Actor, id: ApplicationId, act: Act) -> Result<()> {
    desk::act(&maker.app, office, id, act).await.map(drop)
}

/// Who acts for a member; the caller chose one that has somebody.
fn admin(member: &Member) -> Result<&Actor> {
    member.admin.as_ref().ok_or(Error::NotFound)
}

/// The day so many days from today, as it is typed.
fn ahead(maker: &Maker, days: i64) -> Result<String> {
    Ok(maker.ago(-days)?.to_string())
}

/// The last day of a notice that has three working days left, and how many days ago one of five working days begins that
/// ends with it.
fn three_left(maker: &Maker) -> Result<(Date, i64)> {
    let calendar = maker.app.calendar();
    let after = |day: Date, days: u32| {
        calendar
            .add(day, days)
            .map(|due| due.date)
            .map_err(|fault| jinmen_core::Error::from(Fault::of("until", &fault)))
    };
    let until = after(maker.today, 3)?;
    for days in 1..30 {
        if after(maker.ago(days)?, 5)? <= until {
            return Ok((until, days));
        }
    }
    Ok((until, 1))
}
