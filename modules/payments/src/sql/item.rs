//! Statements on items and their instalments.

use jinmen_core::{AccountId, Date, Instant, Money, Object, OrganizationId, Role};
use serde_json::{Value, json};
use store::{Conn, Db, DbError, Dialect, Query, Tx, args};

use crate::model::{
    Direction, Figure, Instalment, Item, ItemId, ItemState, Narrowed, NewItem, Reason, Receipt, Share, StateWanted,
    Subject, Totals,
};

/// The kind of an item in the index of words.
pub(crate) const KIND: &str = "payment_item";

const COLUMNS: &str = "SELECT i.id, i.number, i.owner_id, i.keeper, i.direction, i.subject_kind, i.subject_id,
    i.subject_name, i.title, i.reason_kind, i.reason_id, i.reason_link, i.benefit, i.granted_on, i.amount, i.paid,
    i.payers, i.due_on, i.state, i.why, i.note, i.dedup, i.created_name, i.created_at FROM payment_item i WHERE TRUE";

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    owner_id: String,
    keeper: String,
    direction: String,
    subject_kind: String,
    subject_id: String,
    subject_name: String,
    title: String,
    reason_kind: Option<String>,
    reason_id: Option<String>,
    reason_link: String,
    benefit: Option<String>,
    granted_on: String,
    amount: i64,
    paid: i64,
    payers: Value,
    due_on: Option<String>,
    state: String,
    why: String,
    note: String,
    dedup: Option<String>,
    created_name: String,
    created_at: i64,
}

fn day(text: &str) -> Result<Date, DbError> {
    Date::from_iso(text).map_err(|_| DbError::NoRow)
}

impl TryFrom<Row> for Item {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let reason = match (row.reason_kind, row.reason_id) {
            (Some(kind), Some(id)) => Some(Reason { object: Object { kind, id }, link: row.reason_link }),
            _ => None,
        };
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            keeper: row.keeper.parse().map_err(|_| DbError::NoRow)?,
            direction: Direction::from_code(&row.direction).ok_or(DbError::NoRow)?,
            subject: Subject::read(&row.subject_kind, &row.subject_id).ok_or(DbError::NoRow)?,
            subject_name: row.subject_name,
            title: row.title,
            reason,
            benefit: row.benefit,
            granted_on: day(&row.granted_on)?,
            amount: Money::from_fen(row.amount),
            paid: Money::from_fen(row.paid),
            payers: serde_json::from_value(row.payers).map_err(|_| DbError::NoRow)?,
            due_on: row.due_on.as_deref().map(day).transpose()?,
            state: ItemState::from_code(&row.state).ok_or(DbError::NoRow)?,
            why: row.why,
            note: row.note,
            dedup: row.dedup,
            created_name: row.created_name,
            created_at: Instant(row.created_at),
        })
    }
}

fn payers(payers: &[Share]) -> Value {
    payers.iter().map(|one| json!({ "name": one.name, "amount": one.amount })).collect()
}

/// What goes with an item's row when it is written.
pub(crate) struct Written<'a> {
    pub id: ItemId,
    pub keeper: Role,
    pub due_on: Option<Date>,
    pub by: Option<AccountId>,
    pub name: &'a str,
    pub at: Instant,
}

/// Writes an item, without its number yet; none where the owner's books have one with this key.
pub(crate) async fn insert(tx: &mut Tx, new: &NewItem, written: &Written<'_>) -> Result<u64, DbError> {
    let terms = &new.terms;
    let reason = new.reason.as_ref();
    tx.run(
        "INSERT INTO payment_item (id, number, owner_id, keeper, direction, subject_kind, subject_id, subject_name,
           title, reason_kind, reason_id, reason_link, benefit, granted_on, amount, paid, payers, due_on, state, why,
           note, dedup, created_by, created_name, created_at)
         VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, 'open', '', $17, $18,
           $19, $20, $21)
         ON CONFLICT (owner_id, dedup) DO NOTHING",
        args![
            written.id,
            new.owner,
            written.keeper.code(),
            terms.direction.code(),
            new.subject.kind(),
            new.subject.id(),
            &new.subject_name,
            &terms.title,
            reason.map(|reason| reason.object.kind.clone()),
            reason.map(|reason| reason.object.id.clone()),
            reason.map_or("", |reason| reason.link.as_str()),
            terms.benefit.clone(),
            terms.granted_on,
            terms.amount,
            payers(&terms.payers),
            written.due_on,
            &terms.note,
            terms.dedup.clone(),
            written.by,
            written.name,
            written.at
        ],
    )
    .await
}

pub(crate) async fn insert_instalments(tx: &mut Tx, item: ItemId, all: &[Instalment]) -> Result<u64, DbError> {
    let mut before = 0_i64;
    let mut rows = Vec::with_capacity(all.len());
    for (place, one) in all.iter().enumerate() {
        rows.push(args![item, place as i64, one.amount, before, one.due_on, &one.condition]);
        before += one.amount.fen();
    }
    tx.insert_many(
        "INSERT INTO payment_instalment (item_id, place, amount, before_amount, due_on, condition)",
        rows,
        "",
    )
    .await
}

pub(crate) async fn set_number(tx: &mut Tx, id: ItemId, number: &str) -> Result<u64, DbError> {
    tx.run("UPDATE payment_item SET number = $2 WHERE id = $1", args![id, number]).await
}

pub(crate) async fn of_dedup(tx: &mut Tx, owner: OrganizationId, dedup: &str) -> Result<ItemId, DbError> {
    let (id,): (String,) =
        tx.one("SELECT id FROM payment_item WHERE owner_id = $1 AND dedup = $2", args![owner, dedup]).await?;
    id.parse().map_err(|_| DbError::NoRow)
}

/// Items of an owner by what makes owing them twice one item.
pub(crate) async fn of_keys<'a>(
    conn: impl Into<Conn<'a>>,
    owner: OrganizationId,
    keys: Vec<String>,
) -> Result<Vec<Item>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push(" AND i.owner_id = ?", args![owner]);
    query.within(" AND i.dedup IN", keys, "");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Items of an owner by their numbers.
pub(crate) async fn of_numbers<'a>(
    conn: impl Into<Conn<'a>>,
    owner: OrganizationId,
    numbers: Vec<String>,
) -> Result<Vec<Item>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push(" AND i.owner_id = ?", args![owner]);
    query.within(" AND i.number IN", numbers, "");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: ItemId) -> Result<Item, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push(" AND i.id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

pub(crate) async fn instalments(db: &Db, item: ItemId) -> Result<Vec<Instalment>, DbError> {
    let rows: Vec<(i64, Option<String>, String)> = db
        .list("SELECT amount, due_on, condition FROM payment_instalment WHERE item_id = $1 ORDER BY place", args![item])
        .await?;
    let read = |(amount, due_on, condition): (i64, Option<String>, String)| {
        let due_on = due_on.as_deref().map(day).transpose()?;
        Ok(Instalment { amount: Money::from_fen(amount), due_on, condition })
    };
    rows.into_iter().map(read).collect()
}

/// Whose items are looked at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Sight {
    /// Everybody's.
    All,
    /// Those in the books of an organisation.
    Owner(OrganizationId),
    /// Those of a subject.
    Subject(Subject),
}

fn narrowed(query: &mut Query, dialect: Dialect, sight: Sight, filter: &Narrowed, today: Date) {
    match sight {
        Sight::All => {}
        Sight::Owner(owner) => drop(query.push(" AND i.owner_id = ?", args![owner])),
        Sight::Subject(subject) => {
            query.push(" AND i.subject_id = ? AND i.subject_kind = ?", args![subject.id(), subject.kind()]);
        }
    }
    if let Some(words) = &filter.words {
        match store::search::matching(dialect, KIND, words) {
            Some(found) => query.embed(" AND i.id IN (", found, ")"),
            None => query.push(" AND FALSE", args![]),
        };
    }
    query.when(filter.direction.map(Direction::code), " AND i.direction = ?");
    query.when(filter.subject.clone(), " AND i.subject_id = ?");
    match filter.state {
        None => {}
        Some(StateWanted::In(state)) => drop(query.push(" AND i.state = ?", args![state.code()])),
        Some(StateWanted::Overdue) => {
            query.push(" AND i.state = 'open' AND COALESCE(i.due_on, '9999-12-31') < ?", args![today]);
        }
    }
    query.when(filter.due_before, " AND COALESCE(i.due_on, '9999-12-31') < ?");
}

/// A page of items: the soonest due first where that is asked for, otherwise the newest.
pub(crate) async fn list(
    db: &Db,
    sight: Sight,
    filter: &Narrowed,
    today: Date,
    after: Option<(String, String)>,
    limit: u32,
) -> Result<Vec<Item>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    narrowed(&mut query, db.dialect(), sight, filter, today);
    if filter.by_due() {
        if let Some((due, id)) = after {
            query.push(" AND (COALESCE(i.due_on, '9999-12-31'), i.id) > (?, ?)", args![due, id]);
        }
        query.push(" ORDER BY COALESCE(i.due_on, '9999-12-31'), i.id", args![]);
    } else {
        query.when(after.map(|(_, id)| id), " AND i.id < ?");
        query.push(" ORDER BY i.id DESC", args![]);
    }
    query.push(" LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The items of a list as a statement to be counted.
pub(crate) fn counted(dialect: Dialect, sight: Sight, filter: &Narrowed, today: Date) -> Query {
    let mut query = Query::new("SELECT i.id FROM payment_item i WHERE TRUE", args![]);
    narrowed(&mut query, dialect, sight, filter, today);
    query
}

/// What the books of an owner come to, by the way of the money. What is overdue is counted by instalments.
pub(crate) async fn totals(db: &Db, owner: OrganizationId, today: Date) -> Result<[(Direction, Totals); 2], DbError> {
    let year = today.year();
    let rows: Vec<(String, String, i64, i64)> = db
        .list(
            "SELECT direction, 'open' AS what, CAST(SUM(amount - paid) AS BIGINT), CAST(COUNT(*) AS BIGINT)
             FROM payment_item WHERE owner_id = $1 AND state = 'open' GROUP BY direction
             UNION ALL
             SELECT i.direction, 'overdue',
               CAST(SUM(s.before_amount + s.amount - CASE WHEN i.paid > s.before_amount THEN i.paid
                 ELSE s.before_amount END) AS BIGINT), CAST(COUNT(DISTINCT i.id) AS BIGINT)
             FROM payment_item i JOIN payment_instalment s ON s.item_id = i.id
             WHERE i.owner_id = $1 AND i.state = 'open' AND COALESCE(i.due_on, '9999-12-31') < $2 AND s.due_on < $2
               AND s.before_amount + s.amount > i.paid GROUP BY i.direction
             UNION ALL
             SELECT i.direction, 'paid', CAST(SUM(p.amount) AS BIGINT), CAST(COUNT(*) AS BIGINT)
             FROM payment_item i JOIN payment p ON p.item_id = i.id
             WHERE i.owner_id = $1 AND p.reversed_at IS NULL AND p.paid_on >= $3 AND p.paid_on <= $4
             GROUP BY i.direction",
            args![owner, today, format!("{year}-01-01"), format!("{year}-12-31")],
        )
        .await?;
    let of = |direction: Direction, what: &str| {
        let found = rows.iter().find(|(way, kind, ..)| way == direction.code() && kind == what);
        found.map_or_else(Figure::default, |(_, _, fen, count)| Figure { amount: Money::from_fen(*fen), count: *count })
    };
    Ok(Direction::ALL
        .map(|way| (way, Totals { open: of(way, "open"), overdue: of(way, "overdue"), paid: of(way, "paid") })))
}

/// What an item is after its payments changed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Change {
    pub paid: Money,
    pub state: ItemState,
    pub due_on: Option<Date>,
}

fn change(row: Option<(i64, String, Option<String>)>) -> Result<Option<Change>, DbError> {
    let Some((paid, state, due_on)) = row else { return Ok(None) };
    Ok(Some(Change {
        paid: Money::from_fen(paid),
        state: ItemState::from_code(&state).ok_or(DbError::NoRow)?,
        due_on: due_on.as_deref().map(day).transpose()?,
    }))
}

/// Takes an item's row until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: ItemId) -> Result<(), DbError> {
    tx.run("UPDATE payment_item SET paid = paid WHERE id = $1", args![id]).await.map(drop)
}

/// Counts a payment, if no more than the amount is paid then: of two at once the second sees what the first did.
pub(crate) async fn add_paid(tx: &mut Tx, id: ItemId, amount: Money) -> Result<Option<Change>, DbError> {
    let row = tx
        .maybe(
            "UPDATE payment_item SET paid = paid + $2,
               state = CASE WHEN paid + $2 = amount THEN 'paid' ELSE 'open' END,
               due_on = (SELECT s.due_on FROM payment_instalment s WHERE s.item_id = payment_item.id
                 AND s.before_amount + s.amount > payment_item.paid + $2 ORDER BY s.place LIMIT 1)
             WHERE id = $1 AND state = 'open' AND paid + $2 <= amount RETURNING paid, state, due_on",
            args![id, amount],
        )
        .await?;
    change(row)
}

/// Takes back a payment that was reversed.
pub(crate) async fn take_paid(tx: &mut Tx, id: ItemId, amount: Money) -> Result<Option<Change>, DbError> {
    let row = tx
        .maybe(
            "UPDATE payment_item SET paid = paid - $2, state = 'open',
               due_on = (SELECT s.due_on FROM payment_instalment s WHERE s.item_id = payment_item.id
                 AND s.before_amount + s.amount > payment_item.paid - $2 ORDER BY s.place LIMIT 1)
             WHERE id = $1 AND state <> 'cancelled' AND paid >= $2 RETURNING paid, state, due_on",
            args![id, amount],
        )
        .await?;
    change(row)
}

/// Cancels an open item of which nothing is paid.
pub(crate) async fn cancel(tx: &mut Tx, id: ItemId, why: &str) -> Result<u64, DbError> {
    tx.run(
        "UPDATE payment_item SET state = 'cancelled', why = $2, due_on = NULL
         WHERE id = $1 AND state = 'open' AND paid = 0",
        args![id, why],
    )
    .await
}

/// What subjects were granted under clauses of policies.
pub(crate) async fn receipts(conn: &mut Conn<'_>, subjects: &[Subject]) -> Result<Vec<(Subject, Receipt)>, DbError> {
    let mut query = Query::new(
        "SELECT subject_kind, subject_id, benefit, granted_on, amount FROM payment_item
         WHERE direction = 'out' AND benefit IS NOT NULL AND state <> 'cancelled' AND subject_id",
        args![],
    );
    query.within(" IN", subjects.iter().map(|one| one.id()).collect(), "ORDER BY granted_on, id");
    let rows: Vec<(String, String, String, String, i64)> = query.list(conn.again()).await?;
    let read = |(kind, id, benefit, on, amount): (String, String, String, String, i64)| {
        let subject = Subject::read(&kind, &id).ok_or(DbError::NoRow)?;
        Ok((subject, Receipt { benefit, on: day(&on)?, amount: Money::from_fen(amount) }))
    };
    rows.into_iter().map(read).collect()
}

/// What was granted to organisations, all of it in one statement, as it comes.
pub(crate) async fn receipts_of_organizations(
    db: &Db,
    mut take: impl FnMut(OrganizationId, Receipt),
) -> Result<(), DbError> {
    let query = Query::new(
        "SELECT subject_id, benefit, granted_on, amount FROM payment_item WHERE subject_kind = 'organization'
           AND direction = 'out' AND benefit IS NOT NULL AND state <> 'cancelled'",
        args![],
    );
    let mut read = true;
    let row = |(subject, benefit, on, amount): (String, String, String, i64)| match (subject.parse(), day(&on)) {
        (Ok(subject), Ok(on)) => take(subject, Receipt { benefit, on, amount: Money::from_fen(amount) }),
        _ => read = false,
    };
    query.each(db, row).await?;
    if read { Ok(()) } else { Err(DbError::NoRow) }
}

/// Hands what one organisation owes and gets over to another; what was moved.
pub(crate) async fn move_subject(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .list(
            "UPDATE payment_item SET subject_id = $2 WHERE subject_id = $1 AND subject_kind = 'organization'
             RETURNING id",
            args![from, to],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Hands it back.
pub(crate) async fn return_subject(tx: &mut Tx, ids: &[String], to: OrganizationId) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let mut query = Query::new("UPDATE payment_item SET subject_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

/// Hands the books of one organisation over to another; what was moved. A key that both books have gets the item's
/// identifier behind it, so that nothing is lost and undoing is exact.
pub(crate) async fn move_owner(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .list(
            "UPDATE payment_item SET owner_id = $2,
               dedup = CASE WHEN dedup IN (SELECT o.dedup FROM payment_item o WHERE o.owner_id = $2 AND o.dedup IS NOT NULL)
                 THEN dedup || ' ' || id ELSE dedup END
             WHERE owner_id = $1 RETURNING id",
            args![from, to],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Hands them back.
pub(crate) async fn return_owner(tx: &mut Tx, ids: &[String], to: OrganizationId) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let mut query = Query::new(
            "UPDATE payment_item SET owner_id = ?,
               dedup = CASE WHEN dedup LIKE '% ' || id THEN substr(dedup, 1, length(dedup) - length(id) - 1) ELSE dedup END
             WHERE",
            args![to],
        );
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}
