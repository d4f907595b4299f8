//! Members take over their files: letters go out, somebody at each of them answers, the secretariat checks. Most are
//! done; a few lie on the desk today.

use access::NewAccount;
use jinmen_core::{Actor, Error, Hat, OrganizationId, PersonId, Result, SignedIn};
use registry::model::{AsOf, ClaimDraft, ClaimId, ClaimKind};
use registry::ops::claims::decide::{self, Outcome};
use registry::ops::claims::{AUTHORISATION, LICENSE, fill, letters, start, submit};
use registry::ops::read_organization;
use store::Tx;

use super::maker::{Maker, SYSTEM};
use super::members::Member;
use super::papers;
use super::people::{Crowd, Known, Post, Someone};

/// Members that answer in one day.
const BATCH: usize = 16;
/// Where the answers came from.
const ADDRESS: &str = "127.0.0.1";

/// Makes an account without a role: what somebody has who came in with a letter.
pub async fn open_bare(
    maker: &Maker,
    tx: &mut Tx,
    person: PersonId,
    (name, display_name, password): (&str, &str, Option<&str>),
) -> Result<Actor> {
    let new = NewAccount {
        person,
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        password: password.map(str::to_owned),
        email: None,
    };
    let account = access::create_account(&maker.app.access, tx, &SYSTEM, new).await?;
    Ok(Actor::Person(Box::new(SignedIn {
        account,
        person: Some(person),
        name: display_name.to_owned(),
        locale: None,
        hats: Vec::new(),
        hat: None,
    })))
}

/// The same person with the hats that they have by now.
async fn dressed(maker: &Maker, actor: &Actor) -> Result<Actor> {
    let mut person = actor.signed_in()?.clone();
    let id = person.person.ok_or(Error::NotFound)?;
    let grants = access::grants_of_person(&maker.app.db, id).await?;
    person.hats = grants.iter().map(|grant| Hat::new(grant.id, grant.role, grant.organization)).collect();
    person.hat = person.hats.first().cloned();
    Ok(Actor::Person(Box::new(person)))
}

/// The codes of letters to those who have not claimed their file, as the secretariat prints them.
async fn codes(maker: &Maker, by: &Actor) -> Result<Vec<(OrganizationId, String)>> {
    let batch = letters::make(&maker.app, by, letters::Wanted::Unclaimed).await?;
    let letters = letters::batch(&maker.app, by, &batch).await?;
    Ok(letters.into_iter().filter_map(|one| Some((one.organization, one.code?.to_string()))).collect())
}

/// Somebody answers a letter, up to the papers.
async fn answer(maker: &Maker, member: &Member, claimant: &Actor, code: Option<&str>, by: &Actor) -> Result<ClaimId> {
    let app = &maker.app;
    let id = match code {
        Some(code) => start::by_letter(app, claimant, ADDRESS, code).await?,
        None => start::by_uscc(app, claimant, member.plan.uscc.as_str()).await?,
    };
    let lines = [member.plan.name.zh.clone(), member.plan.uscc.to_string(), "演示样张，无效力".to_owned()];
    for (purpose, title) in [(LICENSE, "营业执照（演示样张）"), (AUTHORISATION, "授权委托书（演示样张）")]
    {
        let stored = app.files.blobs().put_bytes(&papers::pdf(title, &lines)).await?;
        fill::attach(app, claimant, id, purpose, &format!("{title}.pdf"), stored).await?;
    }
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let known = read_organization::file(app, by, member.id, as_of).await?;
    let head = known.people.iter().find(|post| post.kind == "legal_representative");
    let draft = ClaimDraft {
        name: claimant.signed_in()?.name.clone(),
        role: "authorised".into(),
        uscc: member.plan.uscc.to_string(),
        representative: head.map_or_else(|| "演示负责人".to_owned(), |post| post.person_name.zh.clone()),
        valid_until: maker.ago(-400)?.to_string(),
        ..ClaimDraft::default()
    };
    submit::submit(app, claimant, id, &draft).await?;
    Ok(id)
}

/// The first member's administrator, whom visitors may be.
pub async fn first(maker: &Maker, member: &mut Member, claimant: &Actor, by: &Actor) -> Result<()> {
    let codes = codes(maker, by).await?;
    let code = codes.iter().find(|(id, _)| *id == member.id).map(|(_, code)| code.as_str());
    let claim = answer(maker, member, claimant, code, by).await?;
    decide::decide(&maker.app, by, claim, ClaimKind::TakeOver, Outcome::Approve, "").await?;
    member.admin = Some(dressed(maker, claimant).await?);
    Ok(())
}

/// Somebody at a firm that nobody wrote to claims its file by its code, and gets it.
pub async fn unasked(maker: &Maker, member: &mut Member, claimant: &Actor, by: &Actor) -> Result<()> {
    let claim = answer(maker, member, claimant, None, by).await?;
    decide::decide(&maker.app, by, claim, ClaimKind::TakeOver, Outcome::Approve, "").await?;
    member.admin = Some(dressed(maker, claimant).await?);
    Ok(())
}

/// Somebody at each of these members claims its file and gets it.
pub async fn all(
    crowd: &mut Crowd<'_>,
    maker: &Maker,
    alliance: OrganizationId,
    members: &mut [Member],
    by: &Actor,
) -> Result<()> {
    let codes = codes(maker, by).await?;
    let title = &maker.data.people.posts.contact;
    let mut claimed: Vec<&mut Member> =
        members.iter_mut().filter(|member| member.plan.claimed && member.admin.is_none()).collect();
    for (at, batch) in claimed.chunks_mut(BATCH).enumerate() {
        // The letters went out in order, and so the answers came.
        maker.stand(352 - at as i64, 60)?;
        for member in batch {
            let someone =
                Someone { by: &SYSTEM, keeper: Some(alliance), headline: crowd.headline(title), known: Known::Little };
            let mut tx = maker.app.db.begin().await?;
            let (person, name) = crowd.next(&mut tx, someone).await?;
            crowd.post(&mut tx, &SYSTEM, person, Post::new(member.id, "contact", title)).await?;
            let account = format!("member-{:03}", member.plan.at);
            let claimant = open_bare(maker, &mut tx, person, (&account, &name.zh, None)).await?;
            tx.commit().await?;
            let code = codes.iter().find(|(id, _)| *id == member.id).map(|(_, code)| code.as_str());
            let claim = answer(maker, member, &claimant, code, by).await?;
            decide::decide(&maker.app, by, claim, ClaimKind::TakeOver, Outcome::Approve, "").await?;
            member.admin = Some(dressed(maker, &claimant).await?);
        }
    }
    Ok(())
}

/// What lies on the desk today: claims to be checked, one that came back, one against somebody who acts already.
pub async fn waiting(
    crowd: &mut Crowd<'_>,
    maker: &Maker,
    alliance: OrganizationId,
    members: &[Member],
    by: &Actor,
) -> Result<()> {
    maker.stand(12, 30)?;
    let codes = codes(maker, by).await?;
    let title = &maker.data.people.posts.contact;
    let unclaimed = members.iter().filter(|member| member.admin.is_none()).take(4);
    // The ninth has an administrator, who left.
    let contested = members.iter().skip(9).take(1);
    for (at, member) in unclaimed.chain(contested).enumerate() {
        maker.stand(2 - at as i64 / 4, at as i64 * 45)?;
        let someone =
            Someone { by: &SYSTEM, keeper: Some(alliance), headline: crowd.headline(title), known: Known::Little };
        let mut tx = maker.app.db.begin().await?;
        let (person, name) = crowd.next(&mut tx, someone).await?;
        let account = format!("claimant-{at}");
        let claimant = open_bare(maker, &mut tx, person, (&account, &name.zh, None)).await?;
        tx.commit().await?;
        let code = codes.iter().find(|(id, _)| *id == member.id).map(|(_, code)| code.as_str());
        let claim = answer(maker, member, &claimant, code, by).await?;
        if at == 3 {
            let opinion = "授权委托书未见公章，请补盖后重新上传。";
            decide::decide(&maker.app, by, claim, ClaimKind::TakeOver, Outcome::Return, opinion).await?;
        }
    }
    Ok(())
}
