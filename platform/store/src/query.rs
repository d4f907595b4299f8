//! A reading statement put together from static parts: lists with filters. Values never become
//! part of the text; every `?` of a part becomes the next `$n`.

use jinmen_core::page::{COUNT_CAP, Count};
use sqlx::SqlSafeStr;
use tokio::sync::mpsc;

use crate::conn::Conn;
use crate::counts::State;
use crate::{Arg, Db, DbError, Record};

/// Rows that wait to be shown.
const ROWS_AHEAD: usize = 256;

/// A statement under construction.
///
/// ```
/// # use store::{Query, args};
/// let mut query = Query::new("SELECT id FROM organization WHERE state = ?", args!["active"]);
/// let region: Option<&str> = Some("120103");
/// query.when(region, " AND region = ?");
/// query.push(" ORDER BY id LIMIT ?", args![51_i64]);
/// assert_eq!(query.text(), "SELECT id FROM organization WHERE state = $1 AND region = $2 ORDER BY id LIMIT $3");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    args: Vec<Arg>,
}

impl Query {
    /// Begins with a part and its values.
    pub fn new(part: &'static str, args: Vec<Arg>) -> Self {
        let mut query = Self::default();
        query.push(part, args);
        query
    }

    /// Adds a part with its values, one for each `?`.
    pub fn push(&mut self, part: &'static str, args: Vec<Arg>) -> &mut Self {
        debug_assert_eq!(part.matches('?').count(), args.len(), "values of {part:?}");
        let mut number = self.args.len();
        for (index, piece) in part.split('?').enumerate() {
            if index > 0 {
                number += 1;
                self.text.push_str(&format!("${number}"));
            }
            self.text.push_str(piece);
        }
        self.args.extend(args);
        self
    }

    /// Adds a part with one value, if there is one.
    pub fn when<T: Into<Arg>>(&mut self, value: Option<T>, part: &'static str) -> &mut Self {
        if let Some(value) = value {
            self.push(part, vec![value.into()]);
        }
        self
    }

    /// Adds `head (?, ?, …) tail` for a list of values; an empty list gives `head (NULL) tail`, which
    /// matches nothing.
    pub fn within<T: Into<Arg>>(&mut self, head: &'static str, values: Vec<T>, tail: &'static str) -> &mut Self {
        /// Longer lists are as long as they are: databases bound the number of values.
        const EVENED: usize = 1_024;
        let mut values: Vec<Arg> = values.into_iter().map(Into::into).collect();
        // The last value again and again, so that there are few texts of statements to be kept prepared.
        if let Some(last) = values.last().cloned().filter(|_| values.len() <= EVENED) {
            values.resize(values.len().next_power_of_two(), last);
        }
        self.text.push_str(head);
        let marks: Vec<String> = (0..values.len()).map(|i| format!("${}", self.args.len() + i + 1)).collect();
        let marks = if marks.is_empty() { "NULL".to_owned() } else { marks.join(", ") };
        self.text.push_str(&format!(" ({marks}) {tail}"));
        self.args.extend(values);
        self
    }

    /// Adds another query as a part, such as a subquery made elsewhere.
    pub fn embed(&mut self, head: &'static str, inner: Query, tail: &'static str) -> &mut Self {
        self.text.push_str(head);
        let offset = self.args.len();
        let mut rest = inner.text.as_str();
        while let Some(at) = rest.find('$') {
            self.text.push_str(&rest[..at]);
            let digits: String = rest[at + 1..].chars().take_while(char::is_ascii_digit).collect();
            let number = digits.parse::<usize>().unwrap_or(0);
            self.text.push_str(&format!("${}", number + offset));
            rest = &rest[at + 1 + digits.len()..];
        }
        self.text.push_str(rest);
        self.text.push_str(tail);
        self.args.extend(inner.args);
        self
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All rows.
    pub async fn list<'a, T: Record>(self, conn: impl Into<Conn<'a>>) -> Result<Vec<T>, DbError> {
        // The text is made of static parts and parameter marks only.
        let sql = sqlx::AssertSqlSafe(self.text).into_sql_str();
        match conn.into() {
            Conn::Db(db) => db.rows(sql, self.args).await?.read(),
            Conn::Tx(tx) => tx.rows(sql, self.args).await?.read(),
        }
    }

    /// The first row, if there is one.
    pub async fn maybe<'a, T: Record>(self, conn: impl Into<Conn<'a>>) -> Result<Option<T>, DbError> {
        Ok(self.list(conn).await?.into_iter().next())
    }

    /// Sends row after row as the database finds them, until there is none or nobody listens any more: for more than fits in
    /// memory. A connection is held meanwhile.
    pub async fn feed<T: Record>(self, db: &Db, listener: mpsc::Sender<T>) -> Result<(), DbError> {
        db.feed_safe(sqlx::AssertSqlSafe(self.text).into_sql_str(), self.args, listener).await
    }

    /// Shows row after row as the database finds them: for many of which little is kept.
    pub async fn each<T: Record>(self, db: &Db, mut row: impl FnMut(T)) -> Result<(), DbError> {
        let (listener, mut rows) = mpsc::channel(ROWS_AHEAD);
        let show = async {
            while let Some(one) = rows.recv().await {
                row(one);
            }
        };
        futures::future::join(self.feed(db, listener), show).await.0
    }

    /// Runs a writing statement put together this way; how many rows it touched.
    pub async fn run(self, tx: &mut crate::Tx) -> Result<u64, DbError> {
        tx.run_safe(sqlx::AssertSqlSafe(self.text).into_sql_str(), self.args).await
    }
}

/// Counts the rows of a query that selects one column, no further than the cap, so that a count of
/// a million rows costs what a count of ten thousand does. A count is kept until something is
/// written: what this process commits is noticed at once, what another one commits within a second.
pub async fn count_capped(db: &Db, rows: Query) -> Result<Count, DbError> {
    Ok(count_all_capped(db, vec![rows]).await?.into_iter().next().unwrap_or(Count { number: 0, capped: false }))
}

/// Counts several queries so, in one statement: the counts in the order of the queries. Of those who ask the same at
/// once one counts, and the others wait for what it finds.
pub async fn count_all_capped(db: &Db, queries: Vec<Query>) -> Result<Vec<Count>, DbError> {
    let questions: Vec<String> = queries.iter().map(|rows| format!("{} {:?}", rows.text, rows.args)).collect();
    let kept = |state: &State| -> Vec<Option<Count>> {
        questions.iter().map(|question| db.counts.find(question, state)).collect()
    };
    let mut state = db.state().await?;
    let mut counts = kept(&state);
    if counts.iter().any(Option::is_none) {
        let _turn = db.counts.turn(&questions).await;
        state = db.state().await?;
        counts = kept(&state);
        let places: Vec<usize> = (0..queries.len()).filter(|place| counts[*place].is_none()).collect();
        let asked = queries.into_iter().zip(&counts).filter(|(_, known)| known.is_none()).map(|(mut rows, _)| {
            rows.push(" LIMIT ?", vec![Arg::from(COUNT_CAP + 1)]);
            rows
        });
        let counted = count_each(db, asked.collect()).await?;
        for (place, number) in places.into_iter().zip(counted) {
            let count = Count::from_capped(number);
            db.counts.keep(questions[place].clone(), state.clone(), count);
            counts[place] = Some(count);
        }
    }
    Ok(counts.into_iter().flatten().collect())
}

/// Counts the rows of several queries in one statement: the numbers in the order of the queries. Each selects one
/// column and says itself where to stop.
pub async fn count_each(db: &Db, queries: Vec<Query>) -> Result<Vec<i64>, DbError> {
    let mut numbers = vec![0; queries.len()];
    let mut query = Query::default();
    for (place, rows) in queries.into_iter().enumerate() {
        let head = if place == 0 { "SELECT CAST(? AS BIGINT)" } else { " UNION ALL SELECT CAST(? AS BIGINT)" };
        query.push(head, vec![Arg::from(place as i64)]);
        query.embed(", COUNT(*) FROM (", rows, ") AS counted");
    }
    if query.text.is_empty() {
        return Ok(numbers);
    }
    let rows: Vec<(i64, i64)> = query.list(db).await?;
    for (place, number) in rows {
        if let Some(slot) = usize::try_from(place).ok().and_then(|place| numbers.get_mut(place)) {
            *slot = number;
        }
    }
    Ok(numbers)
}
