//! Reading claims: one's own, those to check, how far the alliance has come.

use files::{File, FileId};
use jinmen_core::{Actor, Error, Instant, OrganizationId, Page, PageRequest, Result, Scope};
use module::App;

use super::{CHECK, object, own, to_check};
use crate::model::{Affiliation, AsOf, Claim, ClaimId, ClaimProgress, ClaimState, NewFact, Organization, SubjectFile};
use crate::{permissions, sql};

/// A claim with what belongs to it.
pub struct ClaimFile {
    /// The claim.
    pub claim: Claim,
    /// Its papers.
    pub papers: Vec<File>,
    /// What the claimant wrote, with when.
    pub facts: Vec<(NewFact, Instant)>,
    /// What the file says of the organisation.
    pub organization: Organization,
    /// The facts of the file.
    pub known: SubjectFile,
    /// Both times of these.
    pub as_of: AsOf,
}

async fn whole(app: &App, claim: Claim) -> Result<ClaimFile> {
    Ok(ClaimFile {
        papers: app.files.of(&app.db, &object(claim.id)).await?,
        facts: sql::claim::facts(&app.db, claim.id).await?,
        organization: sql::organization::get(&app.db, claim.organization).await?,
        known: SubjectFile::new(sql::fact::of(&app.db, &claim.organization.into()).await?),
        as_of: AsOf { day: app.clock.today(), known: app.clock.now() },
        claim,
    })
}

/// A claim of one's own.
pub async fn mine(app: &App, actor: &Actor, id: ClaimId) -> Result<ClaimFile> {
    whole(app, own(&app.db, actor, id).await?).await
}

/// The claims one made, newest first.
pub async fn all_mine(app: &App, actor: &Actor) -> Result<Vec<Claim>> {
    Ok(sql::claim::of_account(&app.db, actor.signed_in()?.account).await?)
}

/// A claim to be checked, with what one compares it with.
pub struct ClaimCase {
    /// The claim.
    pub file: ClaimFile,
    /// The other claims to the same file.
    pub others: Vec<Claim>,
    /// Who is what at the organisation.
    pub people: Vec<Affiliation>,
    /// The signatures under its decision.
    pub signed: Vec<cases::SignOff>,
    /// What those who act for it say.
    pub objections: Vec<cases::Comment>,
    /// What was done, newest first.
    pub history: Vec<record::Entry>,
    /// Whether the actor decides it.
    pub may_decide: bool,
}

/// One claim, for those who check and those who watch.
pub async fn case(app: &App, actor: &Actor, id: ClaimId) -> Result<ClaimCase> {
    let claim = to_check(&app.db, actor, &permissions::READ_CLAIM, id).await?;
    let others = sql::claim::of_organization(&app.db, claim.organization).await?;
    let may_decide = actor.may(CHECK, &super::scope(&claim)).is_ok() && actor.account() != Some(claim.account);
    let audiences = cases::Audience::ALL;
    Ok(ClaimCase {
        others: others.into_iter().filter(|other| other.id != id).collect(),
        people: sql::affiliation::of_organization(&app.db, claim.organization).await?,
        signed: cases::sign_offs(&app.db, &object(id)).await?,
        objections: cases::comments(&app.db, &object(id), &audiences, &PageRequest::default()).await?.items,
        history: record::history(&app.db, &object(id), &PageRequest::default()).await?.items,
        may_decide,
        file: whole(app, claim).await?,
    })
}

/// The claims that the actor's organisation checks, newest first.
pub async fn list(app: &App, actor: &Actor, state: Option<ClaimState>, page: &PageRequest) -> Result<Page<Claim>> {
    let own = keeper(actor)?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::claim::of_keeper(&app.db, Some(own), state, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |claim| vec![claim.id.text()]))
}

/// How far the actor's alliance has come.
pub async fn progress(app: &App, actor: &Actor) -> Result<ClaimProgress> {
    let own = keeper(actor)?;
    Ok(sql::claim::progress(&app.db, own, app.clock.now()).await?)
}

fn keeper(actor: &Actor) -> Result<OrganizationId> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ_CLAIM, &Scope::owned_by(own))?;
    Ok(own)
}

/// The claims to a file, for those who keep it and those who act for it: whoever asks has read that file with leave.
pub(crate) async fn of_organization(app: &App, id: OrganizationId) -> Result<Vec<Claim>> {
    Ok(sql::claim::of_organization(&app.db, id).await?)
}

/// A paper of a claim, for the claimant and those who check.
pub async fn paper(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    let file = app.files.get(&app.db, id).await?;
    if file.object.kind != "claim" {
        return Err(Error::NotFound);
    }
    let claim = sql::claim::get(&app.db, file.object.id.parse()?).await?;
    if actor.account() != Some(claim.account) {
        actor.may(&permissions::READ_CLAIM, &super::scope(&claim))?;
    }
    Ok(file)
}

/// Says against a claim that somebody acts for the organisation already.
pub async fn object_to(app: &App, actor: &Actor, id: ClaimId, text: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let claim = sql::claim::get(&mut tx, id).await?;
    crate::ops::organization_for(&mut tx, actor, &permissions::EDIT_ORGANIZATION, claim.organization).await?;
    if claim.state != ClaimState::Submitted || actor.account() == Some(claim.account) {
        return Err(Error::conflict("registry.claim_closed"));
    }
    let now = app.clock.now();
    cases::add_comment(&mut tx, actor, now, &object(id), cases::Audience::Shared, text).await?;
    tx.commit().await?;
    Ok(())
}
