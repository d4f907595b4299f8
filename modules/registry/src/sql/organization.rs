//! Statements on organisations.

use jinmen_core::codes::Uscc;
use jinmen_core::{Count, Instant, OrganizationId, Reach, Text2};
use store::search::{Spread, Typed};
use store::{Conn, Db, DbError, Dialect, Query, Tx, args};

use super::date;
use crate::model::{NewOrganization, Organization, OrganizationFilter, OrganizationRow};

#[derive(store::FromRow)]
pub(crate) struct Row {
    id: String,
    uscc: Option<String>,
    name_zh: String,
    name_en: Option<String>,
    sort_key: String,
    kind: String,
    society_level: Option<String>,
    intro_zh: String,
    intro_en: Option<String>,
    keeper_id: Option<String>,
    listed: bool,
    state: String,
    region: Option<String>,
    industry: Option<String>,
    digital_class: Option<String>,
    size_class: Option<String>,
    founded_on: Option<String>,
    completeness: i64,
    claimed_at: Option<i64>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for OrganizationRow {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let organization = Organization {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            uscc: row.uscc.and_then(|code| Uscc::parse(&code).ok()),
            name: Text2::new(row.name_zh, row.name_en),
            kind: row.kind,
            society_level: row.society_level,
            intro: Text2::new(row.intro_zh, row.intro_en),
            keeper: row.keeper_id.and_then(|id| id.parse().ok()),
            listed: row.listed,
            active: row.state == "active",
            region: row.region,
            industry: row.industry,
            digital_class: row.digital_class,
            size_class: row.size_class,
            founded_on: date(row.founded_on),
            completeness: row.completeness,
            claimed_at: row.claimed_at.map(Instant),
            version: row.version,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
        };
        Ok(Self { organization, sort_key: row.sort_key })
    }
}

impl TryFrom<Row> for Organization {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        OrganizationRow::try_from(row).map(|row| row.organization)
    }
}

macro_rules! fields {
    () => {
        "SELECT o.id, o.uscc, o.name_zh, o.name_en, o.sort_key, o.kind, o.society_level, o.intro_zh, o.intro_en,
           o.keeper_id, o.listed, o.state, o.region, o.industry, o.digital_class, o.size_class, o.founded_on,
           o.completeness, o.claimed_at, o.version, o.created_at, o.updated_at "
    };
}

macro_rules! columns {
    () => {
        concat!(fields!(), "FROM organization o ")
    };
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: OrganizationId) -> Result<Organization, DbError> {
    let row: Row = conn.into().one(concat!(columns!(), "WHERE o.id = $1"), args![id]).await?;
    row.try_into()
}

pub(crate) async fn by_uscc<'a>(conn: impl Into<Conn<'a>>, uscc: &Uscc) -> Result<Option<Organization>, DbError> {
    let row: Option<Row> = conn.into().maybe(concat!(columns!(), "WHERE o.uscc = $1"), args![uscc.as_str()]).await?;
    row.map(TryInto::try_into).transpose()
}

/// Organisations whose name is the same but for spaces, brackets and script.
pub(crate) async fn by_name<'a>(conn: impl Into<Conn<'a>>, name: &str) -> Result<Vec<Organization>, DbError> {
    let key = store::text::name_key(name);
    let rows: Vec<Row> =
        conn.into().list(concat!(columns!(), "WHERE o.name_key = $1 ORDER BY o.id LIMIT 5"), args![key]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Identifiers of those codes and names that are there already: (uscc, name key, identifier).
pub(crate) async fn known<'a>(
    conn: impl Into<Conn<'a>>,
    usccs: Vec<String>,
    name_keys: Vec<String>,
) -> Result<Vec<(Option<String>, String, String)>, DbError> {
    let mut query = Query::new("SELECT uscc, name_key, id FROM organization WHERE", args![]);
    query.within(" uscc IN", usccs, "");
    query.within(" OR name_key IN", name_keys, "");
    query.list(conn).await
}

/// An organisation to be written.
pub(crate) struct Opened {
    pub(crate) id: OrganizationId,
    pub(crate) new: NewOrganization,
    pub(crate) keeper: Option<OrganizationId>,
    pub(crate) listed: bool,
    /// Today's values of its facts, where these are written with it: that counts as a change.
    pub(crate) today: Option<Projection>,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    opened: Vec<Opened>,
    import: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    let rows = opened
        .into_iter()
        .map(|Opened { id, new, keeper, listed, today }| {
            let version = if today.is_some() { 2_i64 } else { 1 };
            let today = today.unwrap_or_default();
            args![
                id,
                new.uscc.map(|code| code.to_string()),
                &new.name.zh,
                new.name.en.clone(),
                store::text::name_key(&new.name.zh),
                store::text::sort_key(&new.name.zh),
                new.kind,
                new.society_level,
                new.intro.zh,
                new.intro.en,
                keeper,
                listed,
                "active",
                today.region,
                today.industry,
                today.digital_class,
                today.size_class,
                today.founded_on,
                today.completeness,
                import,
                version,
                now,
                now
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO organization (id, uscc, name_zh, name_en, name_key, sort_key, kind, society_level, intro_zh,
           intro_en, keeper_id, listed, state, region, industry, digital_class, size_class, founded_on, completeness,
           import_id, version, created_at, updated_at)",
        rows,
        "",
    )
    .await
    .map(drop)
}

/// Changes what identifies an organisation, if its version is still the one that was read.
/// Writes the credit code where there is none.
pub(crate) async fn fill_uscc(tx: &mut Tx, id: OrganizationId, uscc: &Uscc, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE organization SET uscc = $2, version = version + 1, updated_at = $3 WHERE id = $1 AND uscc IS NULL",
        args![id, uscc.as_str(), now],
    )
    .await
}

pub(crate) async fn update(
    tx: &mut Tx,
    id: OrganizationId,
    version: i64,
    new: &NewOrganization,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE organization SET uscc = $1, name_zh = $2, name_en = $3, name_key = $4, sort_key = $5, kind = $6,
           society_level = $7, intro_zh = $8, intro_en = $9, version = version + 1, updated_at = $10
         WHERE id = $11 AND version = $12",
        args![
            new.uscc.map(|code| code.to_string()),
            &new.name.zh,
            new.name.en.clone(),
            store::text::name_key(&new.name.zh),
            store::text::sort_key(&new.name.zh),
            &new.kind,
            new.society_level.clone(),
            &new.intro.zh,
            new.intro.en.clone(),
            now,
            id,
            version
        ],
    )
    .await
}

pub(crate) async fn set_listed(tx: &mut Tx, id: OrganizationId, listed: bool, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE organization SET listed = $1, version = version + 1, updated_at = $2 WHERE id = $3",
        args![listed, now, id],
    )
    .await
}

/// Shows many to the public, or none of them any more; how many changed.
pub(crate) async fn set_listed_many(
    tx: &mut Tx,
    ids: &[OrganizationId],
    listed: bool,
    now: Instant,
) -> Result<u64, DbError> {
    let mut done = 0;
    for some in ids.chunks(1_000) {
        let mut query = Query::new(
            "UPDATE organization SET listed = ?, version = version + 1, updated_at = ? WHERE listed <> ?",
            args![listed, now, listed],
        );
        query.within(" AND id IN", some.iter().map(|id| id.text()).collect(), "");
        done += query.run(tx).await?;
    }
    Ok(done)
}

/// Today's values of the facts that lists are filtered by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Projection {
    pub(crate) region: Option<String>,
    pub(crate) industry: Option<String>,
    pub(crate) digital_class: Option<String>,
    pub(crate) size_class: Option<String>,
    pub(crate) founded_on: Option<String>,
    pub(crate) completeness: i64,
}

pub(crate) async fn project(tx: &mut Tx, id: &str, today: Projection, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE organization SET region = $1, industry = $2, digital_class = $3, size_class = $4, founded_on = $5,
           completeness = $6, version = version + 1, updated_at = $7 WHERE id = $8",
        args![
            today.region,
            today.industry,
            today.digital_class,
            today.size_class,
            today.founded_on,
            today.completeness,
            now,
            id
        ],
    )
    .await
}

/// For whom a list is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Audience {
    /// The public: those that agreed to be listed.
    Public,
    /// Whoever reaches so far, acting for this organisation.
    Reach(Reach, Option<OrganizationId>),
}

/// How what was typed narrows a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// All that match are found first.
    Matches,
    /// Each of the list's own order is asked whether it matches.
    Order,
}

/// Narrows a list of `organization o` to those that somebody reaches.
pub(crate) fn reached(query: &mut Query, audience: Audience) {
    match audience {
        Audience::Public => {
            query.push(" AND o.listed", args![]);
        }
        Audience::Reach(Reach::All, _) => {}
        Audience::Reach(Reach::Owned, Some(own)) => {
            query.push(
                " AND (o.keeper_id = ? OR o.id = ? OR EXISTS (SELECT 1 FROM relation r WHERE r.from_id = o.id
                        AND r.to_id = ? AND r.kind = 'member_of' AND r.ended_at IS NULL))",
                args![own, own, own],
            );
        }
        Audience::Reach(Reach::Subject, Some(own)) => {
            query.push(" AND o.id = ?", args![own]);
        }
        Audience::Reach(..) => {
            query.push(" AND FALSE", args![]);
        }
    }
}

/// The WHERE clause of every list of organisations, begun after `FROM organization o `.
fn narrowed(query: &mut Query, db: &Db, filter: &OrganizationFilter, audience: Audience, reading: Reading) {
    query.push("WHERE o.state = 'active'", args![]);
    reached(query, audience);
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    if let Some(typed) = given(&filter.q) {
        match (Typed::new("organization", &typed), reading) {
            (Some(typed), Reading::Matches) => query.embed(" AND o.id IN (", typed.ids(db.dialect()), ")"),
            (Some(typed), Reading::Order) => query.embed(" AND (", typed.holds(db.dialect(), "o.id"), ")"),
            (None, _) => query.push(" AND FALSE", args![]),
        };
    }
    query.when(given(&filter.kind), " AND o.kind = ?");
    query.when(given(&filter.size), " AND o.size_class = ?");
    query.when(filter.below, " AND o.completeness < ?");
    let region = given(&filter.region).map(|code| significant(&code));
    beginning(query, &region, 6, " AND substr(o.region, 1, 6) = ?");
    within(query, region.filter(|code| code.chars().count() != 6), " AND o.region >= ? AND o.region < ?");
    let industry = given(&filter.industry);
    beginning(query, &industry, 2, " AND substr(o.industry, 1, 2) = ?");
    within(query, industry.filter(|code| code.chars().count() != 2), " AND o.industry >= ? AND o.industry < ?");
    within(query, given(&filter.digital_class), " AND o.digital_class >= ? AND o.digital_class < ?");
    match filter.listed.as_deref() {
        Some("yes") => drop(query.push(" AND o.listed", args![])),
        Some("no") => drop(query.push(" AND NOT o.listed", args![])),
        _ => {}
    }
    match filter.claimed.as_deref() {
        Some("yes") => drop(query.push(" AND o.claimed_at IS NOT NULL", args![])),
        Some("no") => drop(query.push(" AND o.claimed_at IS NULL", args![])),
        _ => {}
    }
    if let Some(alliance) = given(&filter.member_of) {
        query.push(
            " AND EXISTS (SELECT 1 FROM relation m WHERE m.from_id = o.id AND m.to_id = ? AND m.kind = 'member_of'
               AND m.ended_at IS NULL",
            args![alliance],
        );
        query.when(given(&filter.grade), " AND m.grade = ?");
        query.push(")", args![]);
    } else if let Some(grade) = given(&filter.grade) {
        query.push(
            " AND EXISTS (SELECT 1 FROM relation m WHERE m.from_id = o.id AND m.kind = 'member_of' AND m.grade = ?
               AND m.ended_at IS NULL)",
            args![grade],
        );
    }
    if let Some(tag) = given(&filter.tag) {
        let owner = match audience {
            Audience::Reach(_, own) => own,
            Audience::Public => None,
        };
        query.embed(" AND o.id IN (", cases::tagged("organization", owner, &tag), ")");
    }
}

/// A code with everything within it, as a range of its beginning, which both databases answer alike.
fn within(query: &mut Query, code: Option<String>, part: &'static str) {
    if let Some(code) = code {
        let end = format!("{code}\u{10ffff}");
        query.push(part, args![code, end]);
    }
}

/// The first `length` characters of a code that has as many, for which there is an index.
fn beginning(query: &mut Query, code: &Option<String>, length: usize, part: &'static str) {
    let Some(code) = code else { return };
    let start: String = code.chars().take(length).collect();
    if start.chars().count() == length {
        query.push(part, args![start]);
    }
}

/// A region code without the zeros that stand for "all of it".
fn significant(code: &str) -> String {
    let mut code = code.to_owned();
    while code.len() >= 2 && code.ends_with("00") {
        code.truncate(code.len() - 2);
    }
    code
}

/// Organisations asked whether they match before all that match are found instead.
const ASKED: i64 = 4_000;

pub(crate) async fn list(
    db: &Db,
    filter: &OrganizationFilter,
    audience: Audience,
    after: Option<Vec<String>>,
    limit: u32,
) -> Result<Vec<OrganizationRow>, DbError> {
    let typed = filter.q.as_deref().and_then(|typed| Typed::new("organization", typed));
    if let Some(typed) = typed
        && typed.spread(db, limit + 1).await? != Spread::Few
    {
        let rows = page(db, filter, audience, after.as_deref(), limit, Reading::Order).await?;
        if rows.len() > limit as usize {
            return Ok(rows);
        }
    }
    page(db, filter, audience, after.as_deref(), limit, Reading::Matches).await
}

/// Some that match what was typed, in the order of their names: the first of all where they are few, and of words that
/// hundreds have the newest.
pub(crate) async fn some(
    db: &Db,
    typed: &str,
    audience: Audience,
    limit: u32,
) -> Result<Vec<OrganizationRow>, DbError> {
    /// Of so many all are found and sorted.
    const FEW: u32 = 200;
    let filter = OrganizationFilter { q: Some(typed.to_owned()), ..OrganizationFilter::default() };
    let Some(words) = Typed::new("organization", typed) else { return Ok(Vec::new()) };
    let (rows, all) = if words.everywhere(db).await? {
        (newest(db, &words, audience, limit).await?, false)
    } else {
        let (ids, all) = words.newest_by_index(db, FEW + 1).await?;
        (of_these(db, ids, audience, limit).await?, all)
    };
    if all || rows.len() > limit as usize {
        return Ok(rows);
    }
    page(db, &filter, audience, None, limit, Reading::Matches).await
}

/// Of some organisations those that the audience sees, in the order of their names.
async fn of_these(db: &Db, ids: Vec<String>, audience: Audience, limit: u32) -> Result<Vec<OrganizationRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(columns!(), args![]);
    narrowed(&mut query, db, &OrganizationFilter::default(), audience, Reading::Order);
    query.within(" AND o.id IN", ids, "");
    query.push(" ORDER BY o.sort_key, o.id LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The newest that match, looked for among the newest of all.
async fn newest(db: &Db, words: &Typed, audience: Audience, limit: u32) -> Result<Vec<OrganizationRow>, DbError> {
    /// Entries looked at; where so few of them may be seen, all that match are found.
    const MOST: u32 = 10_000;
    let mut query = Query::new(fields!(), args![]);
    query.embed("", words.entries(db.dialect(), Spread::Everywhere, MOST), " CROSS JOIN organization o ");
    narrowed(&mut query, db, &OrganizationFilter::default(), audience, Reading::Order);
    query.push(" AND o.id = e.object_id AND e.kind = 'organization' LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    let rows: Result<Vec<OrganizationRow>, DbError> = rows.into_iter().map(TryInto::try_into).collect();
    let mut rows = rows?;
    rows.sort_by(|a, b| (&a.sort_key, a.organization.id).cmp(&(&b.sort_key, b.organization.id)));
    Ok(rows)
}

async fn page(
    db: &Db,
    filter: &OrganizationFilter,
    audience: Audience,
    after: Option<&[String]>,
    limit: u32,
    reading: Reading,
) -> Result<Vec<OrganizationRow>, DbError> {
    let mut query = Query::new(columns!(), args![]);
    narrowed(&mut query, db, filter, audience, reading);
    if let Some([sort_key, id]) = after {
        query.push(" AND (o.sort_key, o.id) > (?, ?)", args![sort_key, id]);
    }
    if reading == Reading::Order {
        query.push(
            " AND o.sort_key <= (SELECT MAX(w.sort_key) FROM (SELECT w.sort_key FROM organization w WHERE w.state = 'active'",
            args![],
        );
        if matches!(audience, Audience::Public) {
            query.push(" AND w.listed", args![]);
        }
        if let Some([sort_key, _]) = after {
            query.push(" AND w.sort_key >= ?", args![sort_key]);
        }
        query.push(" ORDER BY w.sort_key, w.id LIMIT ?) AS w)", args![ASKED]);
    }
    query.push(" ORDER BY o.sort_key, o.id LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn count(db: &Db, filter: &OrganizationFilter, audience: Audience) -> Result<Count, DbError> {
    store::count_capped(db, counted(db, filter, audience)).await
}

/// What [`count`] counts, to be counted with other things.
pub(crate) fn counted(db: &Db, filter: &OrganizationFilter, audience: Audience) -> Query {
    let mut query = Query::new("SELECT o.id FROM organization o ", args![]);
    narrowed(&mut query, db, filter, audience, Reading::Matches);
    query
}

pub(crate) async fn names(db: &Db, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, Text2)>, DbError> {
    let ids: Vec<String> = ids.iter().map(|id| id.text()).collect();
    let mut query = Query::new("SELECT id, name_zh, name_en FROM organization WHERE", args![]);
    query.within(" id IN", ids, "");
    let rows: Vec<(String, String, Option<String>)> = query.list(db).await?;
    Ok(rows.into_iter().filter_map(|(id, zh, en)| Some((id.parse().ok()?, Text2::new(zh, en)))).collect())
}

/// The keepers of organisations.
pub(crate) async fn keepers<'a>(
    conn: impl Into<Conn<'a>>,
    ids: &[OrganizationId],
) -> Result<Vec<OrganizationId>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new("SELECT DISTINCT keeper_id FROM organization WHERE keeper_id IS NOT NULL", args![]);
    query.within(" AND id IN", ids.iter().map(|id| id.text()).collect(), "");
    let rows: Vec<(String,)> = query.list(conn).await?;
    Ok(rows.into_iter().filter_map(|row| row.0.parse().ok()).collect())
}

/// Has others that change these organisations wait until the transaction ends: what is derived from a file is derived from all
/// of it. SQLite lets one write at a time as it is.
pub(crate) async fn hold(tx: &mut Tx, ids: &[OrganizationId]) -> Result<(), DbError> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let mut query = Query::new("SELECT id FROM organization", args![]);
    query.within(" WHERE id IN", ids.iter().map(|id| id.text()).collect(), "ORDER BY id FOR NO KEY UPDATE");
    query.list::<(String,)>(tx).await.map(drop)
}

/// Organisations by identifier.
pub(crate) async fn many<'a>(conn: impl Into<Conn<'a>>, ids: &[OrganizationId]) -> Result<Vec<Organization>, DbError> {
    let mut query = Query::new(columns!(), args![]);
    query.within("WHERE o.id IN", ids.iter().map(|id| id.text()).collect(), "ORDER BY o.id");
    let rows: Vec<Row> = query.list(conn).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The organisation of a kind that keeps others, if there is exactly one.
pub(crate) async fn only_of_kind(db: &Db, kind: &str) -> Result<Option<OrganizationId>, DbError> {
    let rows: Vec<(String,)> = db
        .list(
            "SELECT id FROM organization WHERE kind = $1 AND keeper_id IS NULL AND state = 'active' ORDER BY id LIMIT 2",
            args![kind],
        )
        .await?;
    match rows.as_slice() {
        [one] => Ok(one.0.parse().ok()),
        _ => Ok(None),
    }
}
