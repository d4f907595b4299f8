//! Chinese search in the database itself. A text is cut into overlapping pairs of characters
//! (`天津市` → `天津 津市 市`), words of letters and digits stay whole, and Chinese is indexed once more
//! as pinyin and as initials from every character on. No dictionary, no drift: the full-text engines
//! of both databases see plain words.
//!
//! This is the one place with two texts for the two databases.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use jinmen_core::Object;

use crate::text::{fold, is_han, sounds};
use crate::{Arg, Conn, Db, DbError, Dialect, MigrationSet, Query, Tx, args, migrations};

/// The tables of this crate: the search index, and keys of requests that happen once.
pub const MIGRATIONS: MigrationSet = migrations!("store", 2 "0002_once"; dialects 1 "0001_search");

/// Pairs and words of one entry that are indexed, names first; what follows is not found. PostgreSQL
/// counts positions up to 16,383, and a phrase beyond would match nothing. (Of one pair it keeps the
/// first 256 positions: a phrase of very common pairs may be missed late in a long text.)
const INDEXED: usize = 16_000;
/// Characters of a title that are indexed as pinyin.
const SOUNDED: usize = 64;
/// Syllables a pinyin token runs on.
const SYLLABLES: usize = 8;
/// Ways of reading the same characters that are indexed.
const READINGS: usize = 12;

/// What an object is found by.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Names: found by pairs, words, pinyin and initials.
    pub names: Vec<String>,
    /// Longer text: found by pairs and words.
    pub texts: Vec<String>,
}

impl Entry {
    /// The words under which the index keeps this entry.
    pub fn terms(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut left = INDEXED;
        for text in self.names.iter().chain(&self.texts) {
            let mut pairs = pairs(text);
            pairs.truncate(left);
            left -= pairs.len();
            parts.push(pairs.join(" "));
        }
        let mut sounds = BTreeSet::new();
        self.names.iter().for_each(|name| sounds.extend(pinyin_terms(name)));
        parts.push(distinct(&sounds).join(" "));
        // A word that no query contains keeps phrases from running over the end of a text.
        parts.join(END)
    }
}

/// Between the texts of an entry.
const END: &str = " zzzx ";

/// Words without those that another one begins with: words are looked for by their beginnings.
fn distinct(sounds: &BTreeSet<String>) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::new();
    // In this order whatever continues a word follows it.
    for sound in sounds.iter().rev() {
        if !kept.last().is_some_and(|last| last.starts_with(sound.as_str())) {
            kept.push(sound);
        }
    }
    kept
}

/// Puts an object into the index, or changes its entry.
pub async fn put(tx: &mut Tx, object: &Object, entry: &Entry) -> Result<(), DbError> {
    put_many(tx, &object.kind, vec![(object.id.clone(), entry.clone())]).await
}

/// Puts many objects of one kind into the index.
pub async fn put_many(tx: &mut Tx, kind: &str, entries: Vec<(String, Entry)>) -> Result<(), DbError> {
    let rows = entries.into_iter().map(|(id, entry)| args![kind, id, entry.terms()]).collect();
    tx.insert_many(
        "INSERT INTO search_entry (kind, object_id, terms)",
        rows,
        "ON CONFLICT (kind, object_id) DO UPDATE SET terms = excluded.terms",
    )
    .await
    .map(drop)
}

/// Takes an object out of the index.
pub async fn remove(tx: &mut Tx, object: &Object) -> Result<(), DbError> {
    tx.run("DELETE FROM search_entry WHERE kind = $1 AND object_id = $2", args![&object.kind, &object.id])
        .await
        .map(drop)
}

/// Takes many objects of one kind out of the index.
pub async fn remove_many(tx: &mut Tx, kind: &str, ids: &[String]) -> Result<(), DbError> {
    for chunk in ids.chunks(500) {
        let mut query = Query::new("DELETE FROM search_entry WHERE kind = ?", args![kind]);
        query.within(" AND object_id IN", chunk.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

/// How many objects match what somebody typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spread {
    /// So few that all of them are found and sorted.
    Few,
    /// So many that a list is read faster in its own order, asking each object.
    Many,
    /// So many that some are found faster by looking at the newest than by the index.
    Everywhere,
}

/// What somebody typed, looked for among the objects of one kind.
pub struct Typed {
    kind: String,
    words: Vec<Word>,
}

impl Typed {
    /// `None` if nothing searchable was typed.
    pub fn new(kind: &str, typed: &str) -> Option<Self> {
        let words = words_of(typed);
        (!words.is_empty()).then(|| Self { kind: kind.to_owned(), words })
    }

    /// The words as the database's own query language says them.
    fn expression(&self, dialect: Dialect) -> String {
        let words: Vec<String> = self.words.iter().map(|word| word.expression(dialect)).collect();
        words.join(if dialect == Dialect::Sqlite { " AND " } else { " & " })
    }

    /// A subquery giving the `object_id`s that match: what is right for words that few objects have. Use as
    /// `query.embed(" AND o.id IN (", typed.ids(dialect), ")")`.
    pub fn ids(&self, dialect: Dialect) -> Query {
        let (expression, kind) = (Arg::from(self.expression(dialect)), Arg::from(self.kind.as_str()));
        match dialect {
            // The cross join holds the order: SQLite would ask the index of words once for every object.
            Dialect::Sqlite => {
                let mut query = Query::new(
                    "SELECT e.object_id FROM search_index i CROSS JOIN search_entry e ON e.number = i.rowid
                     WHERE i.search_index MATCH ? AND e.kind = ?",
                    vec![expression, kind],
                );
                self.compared(&mut query, is_long);
                query
            }
            Dialect::Postgres => Query::new(
                "SELECT e.object_id FROM search_entry e
                 WHERE e.vector @@ to_tsquery('simple', ?) AND e.kind = ?",
                vec![expression, kind],
            ),
        }
    }

    /// A condition on a column such as `o.id`, whether that one object matches: what is right for words that so many have
    /// that the first page of a list is soon full, and for kinds of which there are few, whatever is typed: the index would
    /// read all objects of other kinds that match. Use as `query.embed(" AND (", typed.holds(dialect, "o.id"), ")")`.
    pub fn holds(&self, dialect: Dialect, column: &'static str) -> Query {
        let kind = Arg::from(self.kind.as_str());
        match dialect {
            Dialect::Sqlite => {
                let mut query = Query::new("SELECT TRUE", Vec::new());
                self.compared(&mut query, |_| true);
                query
                    .push(" FROM search_entry e WHERE e.kind = ? AND e.object_id = ", vec![kind])
                    .push(column, args![]);
                query
            }
            Dialect::Postgres => {
                let mut query = Query::new(
                    "SELECT e.vector @@ to_tsquery('simple', ?) FROM search_entry e WHERE e.kind = ? AND e.object_id = ",
                    vec![Arg::from(self.expression(dialect)), kind],
                );
                query.push(column, args![]);
                query
            }
        }
    }

    /// Compares some of the words with those of an entry, for SQLite.
    fn compared(&self, query: &mut Query, which: impl Fn(&Word) -> bool) {
        for word in self.words.iter().filter(|word| which(word)) {
            // An entry's words are parted by single spaces and folded, as those of the index are.
            let sought = match word {
                Word::Phrase(pairs) => format!(" {} ", pairs.join(" ")),
                Word::Prefix(start) => format!(" {start}"),
            };
            query.push(" AND instr(' ' || e.terms || ' ', ?) > 0", vec![Arg::from(sought)]);
        }
    }

    /// Entries that match, the newest first, as the beginning of a query: `e.kind` and `e.object_id` name their objects.
    /// At most `most` are found by the index or, of words that are everywhere, as many looked at. What is right for some of
    /// those that very many have, where their order does not matter. Go on with
    /// ` CROSS JOIN organization o WHERE o.id = e.object_id AND …`: so both databases read no more than is wanted.
    pub fn entries(&self, dialect: Dialect, spread: Spread, most: u32) -> Query {
        if spread == Spread::Everywhere {
            let mut query = Query::new("FROM (SELECT e.kind, e.object_id ", Vec::new());
            self.newest(&mut query, dialect, most);
            query.push(") e", Vec::new());
            return query;
        }
        let values = vec![Arg::from(self.expression(dialect)), Arg::from(most)];
        match dialect {
            Dialect::Sqlite => {
                let mut query = Query::new(
                "FROM (SELECT s.rowid AS number FROM search_index s WHERE s.search_index MATCH ? ORDER BY s.rowid DESC
                   LIMIT ?) i CROSS JOIN search_entry e ON e.number = i.number",
                values,
                );
                self.compared(&mut query, is_long);
                query
            }
            Dialect::Postgres => Query::new(
                "FROM (SELECT s.kind, s.object_id FROM search_entry s WHERE s.vector @@ to_tsquery('simple', ?)
                   LIMIT ?) e",
                values,
            ),
        }
    }

    /// Goes on with those of the newest `looked_at` entries of all kinds that match, compared one by one.
    fn newest(&self, query: &mut Query, dialect: Dialect, looked_at: u32) {
        match dialect {
            Dialect::Sqlite => {
                query.push(
                    "FROM (SELECT s.kind, s.object_id, s.terms FROM search_entry s ORDER BY s.number DESC LIMIT ?) e
                     WHERE TRUE",
                    args![looked_at],
                );
                self.compared(query, |_| true);
            }
            Dialect::Postgres => {
                query.push(
                    "FROM (SELECT s.kind, s.object_id, s.vector FROM search_entry s ORDER BY s.number DESC LIMIT ?) e
                     WHERE e.vector @@ to_tsquery('simple', ?)",
                    args![looked_at, self.expression(dialect)],
                );
            }
        }
    }

    /// Whether the index may read very long lists for these words: PostgreSQL finds all that match before it gives the
    /// first, SQLite joins the lists of all words with a beginning. A code is neither.
    fn may_be_dear(&self, dialect: Dialect) -> bool {
        let code = |word: &str| word.len() >= 8 && word.bytes().any(|byte| byte.is_ascii_digit());
        self.words.iter().all(|word| match word {
            Word::Phrase(_) => dialect == Dialect::Postgres,
            Word::Prefix(start) => !code(start),
        })
    }

    /// Whether the index had better not be asked, because some of what matches is found sooner among the newest.
    pub async fn everywhere(&self, db: &Db) -> Result<bool, DbError> {
        if !self.may_be_dear(db.dialect()) {
            return Ok(false);
        }
        let mut query = Query::new("SELECT every, sampled", args![]);
        self.sampled(&mut query, db.dialect(), LOOKED_AT);
        let (every, sampled): (i64, i64) = query.maybe(db).await?.unwrap_or_default();
        Ok(sampled >= SHARE && every > SMALL)
    }

    /// The newest of those that match, found by the index: at most `most` of all kinds are looked at, and whether these were
    /// all. One statement.
    pub async fn newest_by_index(&self, db: &Db, most: u32) -> Result<(Vec<String>, bool), DbError> {
        let mut query = Query::new("SELECT e.kind, e.object_id ", args![]);
        query.embed("", self.entries(db.dialect(), Spread::Many, most), "");
        let rows: Vec<(String, String)> = query.list(db).await?;
        let all = rows.len() < most as usize;
        Ok((rows.into_iter().filter(|(kind, _)| *kind == self.kind).map(|(_, id)| id).collect(), all))
    }

    /// How many objects match, for a list of which `rows` are wanted: see [`Spread`]. One statement.
    ///
    /// Where one of `every / matching` objects matches, `rows` of them are found among `rows * every / matching`; sorting
    /// reads `matching`. So the bound between few and many is where the two are alike.
    pub async fn spread(&self, db: &Db, rows: u32) -> Result<Spread, DbError> {
        /// More are not counted.
        const MOST: i64 = 8_000;
        let dialect = db.dialect();
        let mut query =
            Query::new("SELECT every, CASE WHEN sampled >= ? AND every > ? THEN -1 ELSE (", args![SHARE, SMALL]);
        query.push(
            match dialect {
                Dialect::Sqlite => {
                    "SELECT COUNT(*) FROM (SELECT 1 FROM search_index i WHERE i.search_index MATCH ? LIMIT ?) AS found"
                }
                Dialect::Postgres => {
                    "SELECT COUNT(*) FROM (SELECT 1 FROM search_entry i WHERE i.vector @@ to_tsquery('simple', ?) LIMIT ?) AS found"
                }
            },
            args![self.expression(dialect), MOST],
        );
        query.push(") END", args![]);
        self.sampled(&mut query, dialect, if self.may_be_dear(dialect) { LOOKED_AT } else { 0 });
        let (every, matching): (i64, i64) = query.maybe(db).await?.unwrap_or_default();
        if matching < 0 {
            return Ok(Spread::Everywhere);
        }
        let many = matching >= MOST || matching.saturating_mul(matching) > i64::from(rows).saturating_mul(every);
        Ok(if many { Spread::Many } else { Spread::Few })
    }

    /// Goes on with the number of all entries, `every`, and of how many of the newest match, `sampled`.
    fn sampled(&self, query: &mut Query, dialect: Dialect, looked_at: u32) {
        query.push(
            " FROM (SELECT COALESCE(MAX(number), 0) AS every FROM search_entry) AS size, (SELECT COUNT(*) AS sampled ",
            args![],
        );
        self.newest(query, dialect, looked_at);
        query.push(" AND e.kind = ?) AS sample", args![&self.kind]);
    }
}

/// Newest entries looked at, and of how many the words must be: one in a hundred.
const LOOKED_AT: u32 = 400;
const SHARE: i64 = 4;
/// Of so few objects the index knows all at once.
const SMALL: i64 = 5_000;

/// A subquery giving the `object_id`s of a kind that match what somebody typed; `None` if nothing
/// searchable was typed. Use as `query.embed(" AND o.id IN (", matching, ")")`.
pub fn matching(dialect: Dialect, kind: &str, typed: &str) -> Option<Query> {
    Typed::new(kind, typed).map(|typed| typed.ids(dialect))
}

/// The identifiers of a kind that match, at most `limit`.
pub async fn find<'a>(conn: impl Into<Conn<'a>>, kind: &str, typed: &str, limit: u32) -> Result<Vec<String>, DbError> {
    let conn = conn.into();
    let Some(mut query) = matching(conn.dialect(), kind, typed) else {
        return Ok(Vec::new());
    };
    query.push(" LIMIT ?", args![limit]);
    let rows: Vec<(String,)> = query.list(conn).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// One word of a query.
enum Word {
    /// Pairs that must follow each other.
    Phrase(Vec<String>),
    /// A beginning.
    Prefix(String),
}

impl Word {
    fn expression(&self, dialect: Dialect) -> String {
        // Words hold letters, digits and Chinese characters only, so quoting cannot be broken.
        match (self, dialect) {
            // SQLite reads the whole list of every pair.
            (Self::Phrase(pairs), Dialect::Sqlite) => format!("\"{}\"", telling(pairs).join(" ")),
            (Self::Prefix(start), Dialect::Sqlite) => format!("\"{start}\"*"),
            (Self::Phrase(pairs), Dialect::Postgres) => {
                let quoted: Vec<String> = pairs.iter().map(|pair| format!("'{pair}'")).collect();
                format!("({})", quoted.join(" <-> "))
            }
            (Self::Prefix(start), Dialect::Postgres) => format!("'{start}':*"),
        }
    }
}

/// Pairs of a phrase that SQLite looks up.
const LOOKED_UP: usize = 4;

/// Pairs that are in very many names.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../data/common.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Whether a phrase is looked up by a part of it, so that what is found is to be compared with the whole.
fn is_long(word: &Word) -> bool {
    matches!(word, Word::Phrase(pairs) if telling(pairs).len() < pairs.len())
}

/// The part of a phrase that is looked up: the longest without a common pair, whose list would be read to its end; where
/// there is none, as many pairs as are looked up at most, with the fewest common ones. Of alike parts the first.
fn telling(pairs: &[String]) -> &[String] {
    /// Fewer pairs are in too many names.
    const LEAST: usize = 2;
    let common = |part: &[String]| part.iter().filter(|pair| COMMON.contains(pair.as_str())).count();
    let most = LOOKED_UP.min(pairs.len());
    let rare = (LEAST..=most).rev().flat_map(|length| pairs.windows(length)).find(|part| common(part) == 0);
    rare.or_else(|| pairs.windows(LOOKED_UP).min_by_key(|part| common(part))).unwrap_or(pairs)
}

/// Characters of a query that are looked at.
const TYPED: usize = 64;

fn words_of(typed: &str) -> Vec<Word> {
    let typed: String = fold(typed).chars().take(TYPED).collect();
    runs(&typed)
        .into_iter()
        .map(|run| match run {
            Run::Word(word) => Word::Prefix(word),
            Run::Han(chars) if chars.len() == 1 => Word::Prefix(chars[0].to_string()),
            Run::Han(chars) => Word::Phrase(chars.windows(2).map(|pair| pair.iter().collect()).collect()),
        })
        .collect()
}

enum Run {
    Word(String),
    Han(Vec<char>),
}

fn runs(folded: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in folded.chars() {
        if is_han(c) {
            match runs.last_mut() {
                Some(Run::Han(chars)) if open => chars.push(c),
                _ => runs.push(Run::Han(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() && c.is_ascii() {
            match runs.last_mut() {
                Some(Run::Word(word)) if open => word.push(c),
                _ => runs.push(Run::Word(c.to_string())),
            }
            open = true;
        } else {
            open = false;
        }
    }
    runs
}

/// The pairs and words of a text, in order.
fn pairs(text: &str) -> Vec<String> {
    let limited: String = text.chars().take(INDEXED).collect();
    let mut terms = Vec::new();
    for run in runs(&fold(&limited)) {
        match run {
            Run::Word(word) => terms.push(word.chars().take(64).collect()),
            Run::Han(chars) => {
                terms.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
                terms.extend(chars.last().map(char::to_string));
            }
        }
    }
    terms
}

/// From every Chinese character of a name on: its pinyin run together, and the initials. Characters
/// that are read in several ways (银行, 重庆) are indexed in each of them.
fn pinyin_terms(name: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let limited: String = name.chars().take(SOUNDED).collect();
    for run in runs(&fold(&limited)) {
        let Run::Han(chars) = run else { continue };
        let spoken: Vec<Vec<String>> = chars.iter().map(|c| sounds(*c)).filter(|s| !s.is_empty()).collect();
        for start in 0..spoken.len() {
            for reading in readings(&spoken[start..spoken.len().min(start + SYLLABLES)]) {
                terms.insert(reading.concat());
                terms.insert(reading.iter().filter_map(|s| s.chars().next()).collect());
            }
        }
    }
    terms
}

/// The ways of reading some characters, at most [`READINGS`]: the first characters in all of theirs,
/// later ones in their usual one.
fn readings(spoken: &[Vec<String>]) -> Vec<Vec<&str>> {
    let mut readings: Vec<Vec<&str>> = vec![Vec::new()];
    for sounds in spoken {
        let taken = if readings.len() * sounds.len() > READINGS { 1 } else { sounds.len() };
        readings = readings
            .iter()
            .flat_map(|reading| sounds[..taken].iter().map(|sound| [reading.as_slice(), &[sound.as_str()]].concat()))
            .collect();
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_cut_into_overlapping_pairs_and_whole_words() {
        assert_eq!(pairs("天津市AI大赛2021"), ["天津", "津市", "市", "ai", "大赛", "赛", "2021"]);
    }

    #[test]
    fn a_long_phrase_is_looked_up_by_what_tells_it_apart() {
        let cut = |text: &str| match words_of(text).remove(0) {
            Word::Phrase(pairs) => telling(&pairs).join(" "),
            Word::Prefix(start) => start,
        };
        assert_eq!(cut("信创"), "信创");
        assert_eq!(cut("天津鑫宇联科技有限公司"), "津鑫 鑫宇 宇联 联科");
        assert_eq!(cut("有限公司分公司"), "司分 分公", "without what is in every name");
        assert_eq!(cut("天津启临亨"), "津启 启临 临亨");
        assert_eq!(cut("天津启"), "天津 津启", "where nothing but one pair is rare");
        assert_eq!(cut("科技有限公司"), "科技 技有 有限 限公");
    }

    #[test]
    fn a_name_is_found_by_pinyin_from_any_character_on() {
        let terms = pinyin_terms("河西信创");
        for term in ["hexixinchuang", "xinchuang", "xc", "hxxc"] {
            assert!(terms.contains(term), "{term} in {terms:?}");
        }
    }

    #[test]
    fn characters_read_in_several_ways_are_found_by_each_and_stay_few() {
        assert!(pinyin_terms("天津银行").contains("yinhang"));
        assert!(pinyin_terms("重庆").contains("chongqing") && pinyin_terms("重庆").contains("cq"));
        assert!(pinyin_terms("长城科技").contains("changchengkeji"));
        assert!(pinyin_terms(&"行重长乐".repeat(16)).len() < 64 * READINGS * 2);
    }

    #[test]
    fn what_somebody_types_can_never_break_out_of_the_expression() {
        for typed in ["\"", "'", "' OR 1=1 --", "NEAR(a b)", "*", "a\" OR \"b", "信\0创", "\u{202e}信创"] {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let text: Vec<String> = words_of(typed).iter().map(|word| word.expression(dialect)).collect();
                assert!(!text.join(" ").contains("1="), "{typed}");
            }
        }
    }
}
