//! Joining two files that are of one organisation, and parting them again. Nothing is copied and nothing deleted: rows
//! change the file they belong to, and a list of them is kept.

use jinmen_core::{Actor, Error, OrganizationId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{find, organization_for, record_facts, refresh};
use crate::model::{
    Identity, MergeId, MergeRow, MovedFile, NOTE_MOST, Organization, OrganizationFilter, SubjectFile, required,
};
use crate::sql::merge::{self, Table};
use crate::{permissions, sql};

/// Two files, to be compared before they are joined.
pub struct Pair {
    /// Each with its facts, and how many people and relations it has.
    pub files: [Side; 2],
}

/// One of two files.
pub struct Side {
    /// What identifies it.
    pub organization: Organization,
    /// Its facts.
    pub facts: SubjectFile,
    /// People that are something there.
    pub people: usize,
    /// Relations.
    pub relations: usize,
}

/// The file that somebody means by a name, a social credit code or an identifier.
///
/// # Errors
/// A fault at `other` if there is none, or it is the same file.
pub async fn other(app: &App, actor: &Actor, id: OrganizationId, typed: &str) -> Result<OrganizationId> {
    let found = match find::organization(&app.db, typed).await {
        Ok(found) => found,
        Err(Error::Invalid(_)) => return Err(Error::field("other", "registry.organization_ambiguous")),
        Err(other) => return Err(other),
    };
    let unknown = || Error::field("other", "registry.organization_unknown");
    let found = found.filter(|found| *found != id).ok_or_else(unknown)?;
    organization_for(&app.db, actor, &permissions::MERGE, found).await.map_err(|_| unknown())?;
    Ok(found)
}

/// Other files with nearly the same name, which may be of the same organisation.
pub async fn likely(app: &App, actor: &Actor, id: OrganizationId) -> Result<Vec<Organization>> {
    let known = organization_for(&app.db, actor, &permissions::MERGE, id).await?;
    let filter = OrganizationFilter { q: Some(known.name.zh.clone()), ..OrganizationFilter::default() };
    let page = jinmen_core::PageRequest { after: None, limit: Some(6) };
    let found = super::read_organization::list(app, actor, &filter, &page).await?;
    Ok(found.items.into_iter().filter(|one| one.id != id).collect())
}

/// Both files side by side.
pub async fn compare(app: &App, actor: &Actor, one: OrganizationId, two: OrganizationId) -> Result<Pair> {
    Ok(Pair { files: [side(app, actor, one).await?, side(app, actor, two).await?] })
}

async fn side(app: &App, actor: &Actor, id: OrganizationId) -> Result<Side> {
    let organization = organization_for(&app.db, actor, &permissions::MERGE, id).await?;
    Ok(Side {
        facts: SubjectFile::new(sql::fact::of(&app.db, &id.into()).await?),
        people: sql::affiliation::of_organization(&app.db, id).await?.len(),
        relations: sql::relation::of(&app.db, id, 200).await?.len(),
        organization,
    })
}

/// Joins one file to another.
///
/// # Errors
/// `registry.merge_codes` if both have a social credit code and these differ: then they are two organisations;
/// `registry.merge_keeper` for an office that keeps files of others; `registry.merge_gone` for a file that was joined.
pub async fn merge(
    app: &App,
    actor: &Actor,
    from: OrganizationId,
    to: OrganizationId,
    reason: &str,
) -> Result<MergeId> {
    let reason = required("reason", reason, NOTE_MOST)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let going = organization_for(&mut tx, actor, &permissions::MERGE, from).await?;
    let staying = organization_for(&mut tx, actor, &permissions::MERGE, to).await?;
    check(&mut tx, &going, &staying).await?;
    let moved = move_all(app, &mut tx, actor, from, to).await?;
    refresh::organizations(app, &mut tx, &[to]).await?;
    store::search::remove(&mut tx, &from.into()).await?;
    let row = MergeRow {
        id: MergeId::new(),
        from,
        to,
        name: going.name.zh.clone(),
        reason: reason.clone(),
        merged_name: record_facts::name(actor),
        merged_at: now,
        undone_at: None,
    };
    merge::insert(&mut tx, &row, serde_json::to_value(&moved)?, actor.account()).await?;
    let data =
        json!({ "from": going.name.zh, "to": staying.name.zh, "reason": reason, "facts_moved": moved.facts.len() });
    record::append(&mut tx, actor, now, "registry.organization.merged", from, data.clone()).await?;
    record::append(&mut tx, actor, now, "registry.organization.merged", to, data).await?;
    tx.commit().await?;
    Ok(row.id)
}

async fn check(tx: &mut Tx, going: &Organization, staying: &Organization) -> Result<()> {
    if going.id == staying.id {
        return Err(Error::field("other", "registry.organization_unknown"));
    }
    if !going.active || !staying.active {
        return Err(Error::conflict("registry.merge_gone"));
    }
    if let (Some(one), Some(two)) = (going.uscc, staying.uscc)
        && one != two
    {
        return Err(Error::conflict("registry.merge_codes"));
    }
    if merge::keeps_others(&mut *tx, going.id).await? {
        return Err(Error::conflict("registry.merge_keeper"));
    }
    Ok(())
}

async fn move_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<MovedFile> {
    let now = app.clock.now();
    let (from_before, to_before) = (merge::identity(tx, from).await?, merge::identity(tx, to).await?);
    let claims_closed = merge::close_double_claims(tx, from, to).await?;
    let relations_ended = merge::end_double_relations(tx, from, to, now).await?;
    let mut moved = MovedFile {
        facts: merge::rows(tx, Table::Fact, from, to).await?,
        contacts: merge::rows(tx, Table::Contact, from, to).await?,
        people: merge::rows(tx, Table::Affiliation, from, to).await?,
        relations_out: merge::relations_from(tx, from, to).await?,
        relations_in: merge::relations_to(tx, from, to).await?,
        relations_ended,
        claims: merge::rows(tx, Table::Claim, from, to).await?,
        claims_closed,
        letters: merge::rows(tx, Table::Letter, from, to).await?,
        kept_people: merge::rows(tx, Table::Person, from, to).await?,
        imports: merge::rows(tx, Table::Import, from, to).await?,
        decisions: merge::rows(tx, Table::Decision, from, to).await?,
        flows: flow::moves::move_owner(tx, from, to).await?,
        grants: access::move_grants(tx, from, to).await?,
        cases: cases::moves::move_organization(tx, actor, now, from, to, super::claims::TASK_DUPLICATE).await?,
        from_before,
        to_before,
        ..MovedFile::default()
    };
    for module in &app.modules {
        let own = module.move_organization(app, tx, from, to).await?;
        if !own.is_null() {
            moved.modules.insert(module.name().to_owned(), own);
        }
    }
    let gone = Identity {
        uscc: None,
        listed: false,
        state: "dissolved".into(),
        merged_into: Some(to.text()),
        ..moved.from_before.clone()
    };
    // The code is free before the other takes it.
    merge::set_identity(tx, from, &gone, now).await?;
    merge::set_identity(tx, to, &moved.to_before.filled_from(&moved.from_before), now).await?;
    Ok(moved)
}

/// Parts two files that were joined: every row goes back to the file it came from. What came to the file that stayed
/// since then remains there.
///
/// # Errors
/// `registry.merge_undone`; `registry.merge_later` if one of them was joined again since; `registry.merge_changed` if the
/// file that stayed took another social credit code since.
pub async fn undo(app: &App, actor: &Actor, id: MergeId) -> Result<OrganizationId> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let (row, moved) = merge::get(&mut tx, id).await?;
    organization_for(&mut tx, actor, &permissions::MERGE, row.to).await?;
    let moved: MovedFile = serde_json::from_value(moved)?;
    if merge::later(&mut tx, &row).await? {
        return Err(Error::conflict("registry.merge_later"));
    }
    if merge::set_undone(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("registry.merge_undone"));
    }
    return_all(app, &mut tx, &row, &moved).await?;
    let reason = app.words(jinmen_core::Locale::ZhCn).of("registry-merge-undone-reason");
    merge::withdraw_computed(&mut tx, row.to, row.merged_at, &reason, now).await?;
    refresh::organizations(app, &mut tx, &[row.from, row.to]).await?;
    let data = json!({ "name": row.name });
    record::append(&mut tx, actor, now, "registry.organization.parted", row.from, data.clone()).await?;
    record::append(&mut tx, actor, now, "registry.organization.parted", row.to, data).await?;
    tx.commit().await?;
    Ok(row.from)
}

async fn return_all(app: &App, tx: &mut Tx, row: &MergeRow, moved: &MovedFile) -> Result<()> {
    let now = app.clock.now();
    let (from, to) = (row.from, row.to);
    merge::return_rows(tx, Table::Fact, &moved.facts, from).await?;
    merge::return_rows(tx, Table::Contact, &moved.contacts, from).await?;
    merge::return_rows(tx, Table::Affiliation, &moved.people, from).await?;
    merge::return_rows(tx, Table::Claim, &moved.claims, from).await?;
    merge::return_rows(tx, Table::Letter, &moved.letters, from).await?;
    merge::return_rows(tx, Table::Person, &moved.kept_people, from).await?;
    merge::return_rows(tx, Table::Import, &moved.imports, from).await?;
    merge::return_rows(tx, Table::Decision, &moved.decisions, from).await?;
    flow::moves::return_owner(tx, &moved.flows, from).await?;
    merge::return_relations(tx, &moved.relations_out, &moved.relations_in, &moved.relations_ended, from).await?;
    merge::reopen_claims(tx, &moved.claims_closed).await?;
    access::return_grants(tx, &moved.grants, from).await?;
    cases::moves::return_organization(tx, from, to, &moved.cases).await?;
    for module in &app.modules {
        if let Some(own) = moved.modules.get(module.name()) {
            module.return_organization(app, tx, from, to, own).await?;
        }
    }
    let now_is = merge::identity(tx, to).await?;
    let joined = moved.to_before.filled_from(&moved.from_before);
    if now_is.uscc != joined.uscc {
        return Err(Error::conflict("registry.merge_changed"));
    }
    // What was edited since is kept; what the joining filled in goes.
    let back = |now: &Option<String>, filled: &Option<String>, before: &Option<String>| match now == filled {
        true => before.clone(),
        false => now.clone(),
    };
    let parted = Identity {
        uscc: moved.to_before.uscc.clone(),
        name_en: back(&now_is.name_en, &joined.name_en, &moved.to_before.name_en),
        society_level: back(&now_is.society_level, &joined.society_level, &moved.to_before.society_level),
        intro_zh: if now_is.intro_zh == joined.intro_zh {
            moved.to_before.intro_zh.clone()
        } else {
            now_is.intro_zh.clone()
        },
        intro_en: back(&now_is.intro_en, &joined.intro_en, &moved.to_before.intro_en),
        claimed_at: if now_is.claimed_at == joined.claimed_at { moved.to_before.claimed_at } else { now_is.claimed_at },
        ..now_is
    };
    merge::set_identity(tx, to, &parted, now).await?;
    merge::set_identity(tx, from, &moved.from_before, now).await?;
    Ok(())
}

/// The files that were joined to one.
pub async fn joined(app: &App, file: &super::read_organization::OrganizationFile) -> Result<Vec<MergeRow>> {
    if !file.may_join {
        return Ok(Vec::new());
    }
    Ok(merge::of(&app.db, file.organization.id).await?)
}

/// Where a file went, if it was joined to another.
pub async fn went_to(app: &App, id: OrganizationId) -> Result<Option<OrganizationId>> {
    Ok(merge::merged_into(&app.db, id).await?)
}
