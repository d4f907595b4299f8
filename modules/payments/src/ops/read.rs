//! Reading the books: the office's, and what one owes and gets oneself.

use std::collections::HashMap;

use files::File;
use jinmen_core::{Actor, Count, Error, Page, PageRequest, Result};
use module::App;

use super::{object, of_office, own_books, own_subject, sight};
use crate::model::{
    Direction, Filled, Item, ItemFilter, ItemId, ItemState, Narrowed, Payment, PaymentId, StateWanted, Totals,
};
use crate::permissions;
use crate::sql::{self, Sight};

/// Entries of the history that a page shows.
const HISTORY: u32 = 20;

/// A page of the books that the actor may read.
pub async fn list(app: &App, actor: &Actor, filter: &ItemFilter, page: &PageRequest) -> Result<Page<Item>> {
    page_of(app, sight(actor, &permissions::READ)?, &filter.read()?, page).await
}

/// The same with the number of all in it.
pub async fn list_and_count(
    app: &App,
    actor: &Actor,
    filter: &ItemFilter,
    page: &PageRequest,
) -> Result<(Page<Item>, Count)> {
    let (sight, filter) = (sight(actor, &permissions::READ)?, filter.read()?);
    let rows = page_of(app, sight, &filter, page).await?;
    let today = app.clock.today();
    Ok((rows, store::count_capped(&app.db, sql::counted(app.db.dialect(), sight, &filter, today)).await?))
}

async fn page_of(app: &App, sight: Sight, filter: &Narrowed, page: &PageRequest) -> Result<Page<Item>> {
    let after = page.cursor(2)?.and_then(|cursor| match <[String; 2]>::try_from(cursor.0) {
        Ok([due, id]) => Some((due, id)),
        Err(_) => None,
    });
    let rows = sql::list(&app.db, sight, filter, app.clock.today(), after, page.limit()).await?;
    let due = |item: &Item| item.due_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
    Ok(Page::from_rows(rows, page.limit(), |item| vec![due(item), item.id.text()]))
}

/// Items of an owner by the keys under which another module owed them; whoever calls has asked whether the actor may.
pub async fn of_keys<'a>(
    conn: impl Into<store::Conn<'a>>,
    owner: jinmen_core::OrganizationId,
    keys: Vec<String>,
) -> Result<Vec<Item>> {
    Ok(sql::of_keys(conn, owner, keys).await?)
}

/// What the books of the actor's office come to, by the way of the money; one statement.
pub async fn totals(app: &App, actor: &Actor) -> Result<[(Direction, Totals); 2]> {
    let owner = own_books(actor, &permissions::READ)?;
    Ok(sql::totals(&app.db, owner, app.clock.today()).await?)
}

/// An item with everything about it.
#[derive(Clone, Debug)]
pub struct ItemFile {
    /// The item.
    pub item: Item,
    /// Its parts, with what was paid of each.
    pub instalments: Vec<Filled>,
    /// What was paid, newest first, also what was reversed.
    pub payments: Vec<Payment>,
    /// The papers of payments.
    pub proofs: HashMap<PaymentId, Vec<File>>,
}

/// One item of the books of the actor's office.
pub async fn item(app: &App, actor: &Actor, id: ItemId) -> Result<ItemFile> {
    let item = of_office(&app.db, actor, &permissions::READ, id).await?;
    let mut file = rest(app, item).await?;
    let ids: Vec<String> = file.payments.iter().map(|one| one.id.text()).collect();
    for paper in app.files.of_many(&app.db, "payment", &ids).await? {
        if let Ok(payment) = paper.object.id.parse::<PaymentId>() {
            file.proofs.entry(payment).or_default().push(paper);
        }
    }
    Ok(file)
}

async fn rest(app: &App, item: Item) -> Result<ItemFile> {
    let instalments = Filled::all(sql::instalments(&app.db, item.id).await?, item.paid);
    let payments = sql::payments_of(&app.db, item.id).await?;
    Ok(ItemFile { item, instalments, payments, proofs: HashMap::new() })
}

/// The history of an item of the books of the actor's office, newest first.
pub async fn history(app: &App, actor: &Actor, id: ItemId) -> Result<Vec<record::Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let page = PageRequest { after: None, limit: Some(HISTORY) };
    Ok(record::history(&app.db, &object(id), &page).await?.items)
}

/// What the actor's organisation, or the actor, owes and gets, newest first, without what only the office may see.
pub async fn mine(app: &App, actor: &Actor, filter: &ItemFilter, page: &PageRequest) -> Result<Page<Item>> {
    let subject = own_subject(actor, &permissions::OWN)?;
    let rows = page_of(app, Sight::Subject(subject), &filter.read()?, page).await?;
    Ok(rows.map(Item::for_subject))
}

/// One of these.
pub async fn own(app: &App, actor: &Actor, id: ItemId) -> Result<ItemFile> {
    let subject = own_subject(actor, &permissions::OWN)?;
    let item = sql::get(&app.db, id).await?;
    if item.subject != subject {
        return Err(Error::NotFound);
    }
    let file = rest(app, item.for_subject()).await?;
    Ok(ItemFile { payments: file.payments.into_iter().map(Payment::for_subject).collect(), ..file })
}

/// What the first page says of the books.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Open items, each way.
    pub open: [(Direction, Count); 2],
    /// Whether something is overdue.
    pub overdue: bool,
}

/// Counts the books that the actor may read, in one statement; asked again before something is written, in none.
pub async fn counts(app: &App, actor: &Actor) -> Result<Counts> {
    let sight = sight(actor, &permissions::READ)?;
    let open = |direction| Narrowed {
        direction: Some(direction),
        state: Some(StateWanted::In(ItemState::Open)),
        ..Narrowed::default()
    };
    let overdue = Narrowed { state: Some(StateWanted::Overdue), ..Narrowed::default() };
    let query = |filter: Narrowed| sql::counted(app.db.dialect(), sight, &filter, app.clock.today());
    let queries = [open(Direction::Out), open(Direction::In), overdue].map(query).into();
    let counts = store::count_all_capped(&app.db, queries).await?;
    let of = |place: usize| counts.get(place).copied().unwrap_or(Count { number: 0, capped: false });
    Ok(Counts { open: [(Direction::Out, of(0)), (Direction::In, of(1))], overdue: of(2).number > 0 })
}

/// Whether the actor's organisation, or the actor, owes something.
pub async fn owes(app: &App, actor: &Actor) -> Result<bool> {
    let subject = own_subject(actor, &permissions::OWN)?;
    let filter = Narrowed {
        direction: Some(Direction::In),
        state: Some(StateWanted::In(ItemState::Open)),
        ..Narrowed::default()
    };
    let mut query = sql::counted(app.db.dialect(), Sight::Subject(subject), &filter, app.clock.today());
    query.push(" LIMIT 1", Vec::new());
    Ok(store::count_each(&app.db, vec![query]).await?.into_iter().any(|count| count > 0))
}
