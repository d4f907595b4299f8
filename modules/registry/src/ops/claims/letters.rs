//! Letters that invite to claim a file: printed in one go for all, each with a code and a picture of it.

use access::Vault;
use jinmen_core::{Actor, Error, OrganizationId, PageRequest, Result, Scope, Text2};
use module::App;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::CHECK;
use crate::model::{Letter, LetterCode, LetterId, OrganizationFilter};
use crate::ops::organization_for;
use crate::sql::claim::NewLetter;
use crate::{permissions, sql};

/// A letter lives so long.
const LIVES_SECONDS: i64 = 90 * 86_400;
/// Letters printed in one go.
pub const MOST: usize = 1_000;
/// What a sealed code is for.
const PURPOSE: &str = "claim_letter";

/// For whom letters are wanted.
pub enum Wanted {
    /// Every member whose file nobody claimed.
    Unclaimed,
    /// One organisation.
    One(OrganizationId),
}

/// Makes letters; earlier ones of the same organisations end. Answers with the batch, to be printed.
///
/// # Errors
/// `registry.letters_none` if nobody is left to be invited.
pub async fn make(app: &App, actor: &Actor, wanted: Wanted) -> Result<String> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(CHECK, &Scope::owned_by(own))?;
    let organizations = match wanted {
        Wanted::One(id) => {
            let known = organization_for(&app.db, actor, &permissions::KEEP_ORGANIZATION, id).await?;
            if known.claimed_at.is_some() {
                return Err(Error::conflict("registry.letter_claimed"));
            }
            vec![id]
        }
        Wanted::Unclaimed => unclaimed(app, actor, own).await?,
    };
    if organizations.is_empty() {
        return Err(Error::conflict("registry.letters_none"));
    }
    let batch = jinmen_core::id::RawId::now_v7().to_string();
    let now = app.clock.now();
    let mut letters = Vec::with_capacity(organizations.len());
    for organization in &organizations {
        letters.push(letter(&app.vault, *organization)?);
    }
    let data = organizations.iter().map(|id| ((*id).into(), json!({ "batch": batch }))).collect();
    let mut tx = app.db.begin().await?;
    sql::claim::end_letters(&mut tx, &organizations, now).await?;
    sql::claim::insert_letters(&mut tx, &batch, letters, actor.account(), now, now.plus_seconds(LIVES_SECONDS)).await?;
    record::append_many(&mut tx, actor, now, "registry.claim.letter", data).await?;
    tx.commit().await?;
    Ok(batch)
}

async fn unclaimed(app: &App, actor: &Actor, own: OrganizationId) -> Result<Vec<OrganizationId>> {
    let filter =
        OrganizationFilter { member_of: Some(own.text()), claimed: Some("no".into()), ..OrganizationFilter::default() };
    let mut page = PageRequest { after: None, limit: Some(200) };
    let mut found = Vec::new();
    loop {
        let rows = crate::ops::read_organization::list(app, actor, &filter, &page).await?;
        // What another organisation keeps is not this one's to hand over.
        found.extend(rows.items.iter().filter(|one| one.keeper == Some(own)).map(|one| one.id));
        match rows.next {
            Some(next) if found.len() < MOST => page.after = Some(next),
            _ => break,
        }
    }
    found.truncate(MOST);
    Ok(found)
}

fn letter(vault: &Vault, organization: OrganizationId) -> Result<NewLetter> {
    let code = LetterCode::from_bits(rand::random());
    let sealed = vault.seal(PURPOSE, code.expose())?;
    Ok(NewLetter { id: LetterId::new(), organization, hash: digest(&code), sealed: sealed.bytes })
}

fn digest(code: &LetterCode) -> Vec<u8> {
    Sha256::digest(code.expose().as_bytes()).to_vec()
}

/// The letters of a batch with their codes, for the one who prints them.
pub async fn batch(app: &App, actor: &Actor, batch: &str) -> Result<Vec<Letter>> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(CHECK, &Scope::owned_by(own))?;
    let rows = sql::claim::letters_of_batch(&app.db, batch, MOST as u32).await?;
    let mut letters = Vec::with_capacity(rows.len());
    for row in rows {
        let mut letter = row.letter()?;
        if letter.keeper != Some(own) {
            return Err(Error::NotFound);
        }
        letter.code = LetterCode::parse(&app.vault.open(PURPOSE, &row.code_sealed)?);
        letters.push(letter);
    }
    if letters.is_empty() { Err(Error::NotFound) } else { Ok(letters) }
}

/// The letter of a code that somebody presents; guesses are counted by the address they come from.
///
/// # Errors
/// [`Error::TooMany`] after many wrong codes; a fault at `code` for one that is none, was used, or has ended.
pub async fn presented(app: &App, address: &str, typed: &str) -> Result<Letter> {
    access::may_guess(&app.access, GUESS, address).await?;
    let found = match LetterCode::parse(typed) {
        Some(code) => sql::claim::letter_of(&app.db, &digest(&code), app.clock.now()).await?,
        None => None,
    };
    match found {
        Some(letter) => Ok(letter),
        None => {
            access::guessed(&app.access, GUESS, address).await?;
            Err(Error::field("code", "registry.claim_code"))
        }
    }
}

/// Under this word guesses at codes are counted.
const GUESS: &str = "letter: claim";

/// Whether a code lets somebody without an account open one. Guesses were counted where the letter was shown.
pub(crate) async fn admits(app: &App, typed: &str) -> Result<bool> {
    let Some(code) = LetterCode::parse(typed) else { return Ok(false) };
    Ok(sql::claim::letter_of(&app.db, &digest(&code), app.clock.now()).await?.is_some())
}

/// Sends the invitation to a mobile number of the organisation's file, as a link that only that number can use.
pub async fn send(app: &App, actor: &Actor, organization: OrganizationId) -> Result<String> {
    use jinmen_core::codes::MobileNumber;
    let known = organization_for(&app.db, actor, &permissions::KEEP_ORGANIZATION, organization).await?;
    if known.claimed_at.is_some() {
        return Err(Error::conflict("registry.letter_claimed"));
    }
    let contacts = sql::contact::of(&app.db, &organization.into()).await?;
    let contact = contacts.iter().find(|one| one.kind == "mobile");
    let contact = contact.ok_or_else(|| Error::conflict("registry.letter_no_mobile"))?;
    let (_, sealed, value) = sql::contact::sealed(&app.db, contact.id).await?;
    let number = match sealed {
        Some(bytes) => app.vault.open("contact.mobile", &bytes)?,
        None => value.unwrap_or_default(),
    };
    let mobile = MobileNumber::parse(&number).map_err(|_| Error::conflict("registry.letter_no_mobile"))?;
    let new = letter(&app.vault, organization)?;
    let code = LetterCode::parse(&app.vault.open(PURPOSE, &new.sealed)?).ok_or(Error::NotFound)?;
    let (now, batch) = (app.clock.now(), jinmen_core::id::RawId::now_v7().to_string());
    let t = |locale| app.words(locale).with("registry-claim-link-label", &[("name", known.name.zh.clone().into())]);
    let label = Text2::both(t(jinmen_core::Locale::ZhCn), t(jinmen_core::Locale::En));
    let mut tx = app.db.begin().await?;
    sql::claim::end_letters(&mut tx, &[organization], now).await?;
    let until = now.plus_seconds(LIVES_SECONDS);
    sql::claim::insert_letters(&mut tx, &batch, vec![new], actor.account(), now, until).await?;
    let target = format!("/claim/{code}");
    let token = access::make_link(&app.access, &app.vault, &mut tx, actor, &mobile, label, &target).await?;
    let link = format!("{}/l/{}", app.config.public_url.trim_end_matches('/'), token.expose());
    let words = app.words(jinmen_core::Locale::ZhCn);
    let text =
        words.with("registry-claim-sms", &[("name", known.name.zh.clone().into()), ("link", link.clone().into())]);
    let message = module::sms::Message {
        mobile: mobile.expose().to_owned(),
        means: notify::Means::Text,
        template: "claim".into(),
        params: [("name".to_owned(), known.name.zh.clone()), ("link".to_owned(), link.clone())].into(),
        text,
        expires_at: None,
    };
    if let Some(job) = module::sms::job(app, &message)? {
        jobs::enqueue(&mut tx, job, now).await?;
    } else if !app.settings().demo {
        return Err(Error::conflict("registry.letter_no_sms"));
    }
    let data = json!({ "batch": batch, "by": "sms", "to": contact.masked });
    record::append(&mut tx, actor, now, "registry.claim.letter", organization, data).await?;
    tx.commit().await?;
    // A demonstration shows what would have come to the telephone.
    Ok(if app.settings().demo && app.sms.is_none() { link } else { String::new() })
}
