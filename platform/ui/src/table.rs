//! Tables: rows and columns on wide screens, one card a row on narrow ones, from the same markup.

use askama::Template;
use jinmen_core::{Date, Instant, Money, Ratio};

use crate::facts::SourceDot;
use crate::html::Html;
use crate::list::{Empty, Link};
use crate::parts::Badge;
use crate::words::Words;

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it lists; read out, and shown where `caption_shown`.
    pub caption: String,
    /// Show the caption above the table too.
    pub caption_shown: bool,
    /// Its columns. The first names the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What stands there when there are none.
    pub empty: Empty,
}

/// A column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Numbers, set flush right.
    pub numeric: bool,
    /// Sorting by it.
    pub sort: Option<Sort>,
}

/// How a column sorts.
#[derive(Clone, Debug, Default)]
pub struct Sort {
    /// The list sorted by this column (or the other way round).
    pub href: String,
    /// How it is sorted by it now.
    pub now: Option<Direction>,
}

/// A direction of sorting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Where its first cell leads.
    pub href: Option<String>,
    /// Its cells, one a column.
    pub cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    /// Nothing; shown as a dash.
    #[default]
    Nothing,
    /// Text.
    Text(String),
    /// Text with a quieter line below.
    Two(String, String),
    /// A link.
    Link(Link),
    /// A number.
    Number(i64),
    /// An amount.
    Money(Money),
    /// A share.
    Ratio(Ratio),
    /// A day.
    Date(Date),
    /// A time.
    Instant(Instant),
    /// A state.
    Badge(Badge),
    /// A masked value, shown in full on request, which is recorded.
    Masked {
        /// `138****5678`.
        masked: String,
        /// How to see it, where one may.
        reveal: Option<Reveal>,
    },
    /// A value with its source.
    Sourced(String, SourceDot),
    /// What one can do with the row.
    Actions(Vec<Link>),
    /// Anything else that was drawn before.
    Html(Html),
}

/// Seeing a masked value.
#[derive(Clone, Debug, Default)]
pub struct Reveal {
    /// Where the request is posted.
    pub action: String,
    /// The session's token.
    pub token: String,
}

impl Column {
    /// A column of text.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A column of numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Self { numeric: true, ..Self::text(label) }
    }

    /// Sortable.
    pub fn sorted(mut self, href: impl Into<String>, now: Option<Direction>) -> Self {
        self.sort = Some(Sort { href: href.into(), now });
        self
    }

    fn aria_sort(&self) -> Option<&'static str> {
        match self.sort.as_ref()?.now {
            Some(Direction::Up) => Some("ascending"),
            Some(Direction::Down) => Some("descending"),
            None => None,
        }
    }

    fn sort_icon(&self) -> &'static str {
        match self.sort.as_ref().and_then(|sort| sort.now) {
            Some(Direction::Up) => "sort-ascending",
            Some(Direction::Down) => "sort-descending",
            None => "switch-horizontal",
        }
    }
}

impl Row {
    /// A row that leads somewhere.
    pub fn link(href: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { href: Some(href.into()), cells }
    }

    /// A row that does not.
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self { href: None, cells }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Cell {
    /// Draws the content.
    pub fn show(&self, t: &Words) -> Html {
        match self {
            Self::Nothing => Html::of(&NothingView { t }),
            Self::Text(text) if text.is_empty() => Html::of(&NothingView { t }),
            Self::Text(text) => Html::text(text),
            Self::Two(text, below) => Html::of(&TwoView { text, below }),
            Self::Link(link) => Html::of(&LinksView { links: std::slice::from_ref(link) }),
            Self::Actions(links) => Html::of(&LinksView { links }),
            Self::Number(number) => Html::text(&t.number(*number)),
            Self::Money(money) => Html::text(&t.money(*money)),
            Self::Ratio(ratio) => Html::text(&t.ratio(*ratio)),
            Self::Date(date) => Html::text(&t.date(*date)),
            Self::Instant(instant) => Html::text(&t.instant(*instant)),
            Self::Badge(badge) => badge.show(),
            Self::Masked { masked, reveal } => Html::of(&MaskedView { t, masked, reveal: reveal.as_ref() }),
            Self::Sourced(text, dot) => Html::of(&SourcedView { text, dot: dot.show(t) }),
            Self::Html(html) => html.clone(),
        }
    }
}

impl Cell {
    /// What kind of cell it is, for the style sheet.
    fn class(&self) -> &'static str {
        match self {
            Self::Actions(_) => "is-actions",
            Self::Date(_) | Self::Instant(_) => "is-when",
            _ => "",
        }
    }
}

impl Table {
    /// Draws it, or what to do where it is empty.
    pub fn show(&self, t: &Words) -> Html {
        if self.rows.is_empty() {
            return self.empty.show(t);
        }
        let rows =
            self.rows.iter().map(|row| RowView { href: row.href.as_deref(), cells: cells(self, row, t) }).collect();
        Html::of(&TableView { table: self, rows })
    }
}

fn cells<'a>(table: &'a Table, row: &Row, t: &Words) -> Vec<CellView<'a>> {
    table
        .columns
        .iter()
        .zip(&row.cells)
        .map(|(column, cell)| CellView { column, html: cell.show(t), class: cell.class() })
        .collect()
}

struct RowView<'a> {
    href: Option<&'a str>,
    cells: Vec<CellView<'a>>,
}

struct CellView<'a> {
    column: &'a Column,
    html: Html,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "parts/table.html")]
struct TableView<'a> {
    table: &'a Table,
    rows: Vec<RowView<'a>>,
}

#[derive(Template)]
#[template(
    source = "<span class=\"jm-nothing\" aria-hidden=\"true\">—</span><span class=\"visually-hidden\">{{ t.of(\"ui-none\") }}</span>",
    ext = "html"
)]
struct NothingView<'a> {
    t: &'a Words,
}

#[derive(Template)]
#[template(source = "<span class=\"jm-two\">{{ text }}<small>{{ below }}</small></span>", ext = "html")]
struct TwoView<'a> {
    text: &'a str,
    below: &'a str,
}

#[derive(Template)]
#[template(path = "parts/links.html")]
struct LinksView<'a> {
    links: &'a [Link],
}

#[derive(Template)]
#[template(path = "parts/masked.html")]
struct MaskedView<'a> {
    t: &'a Words,
    masked: &'a str,
    reveal: Option<&'a Reveal>,
}

#[derive(Template)]
#[template(source = "<span class=\"jm-sourced\">{{ text }} {{ dot }}</span>", ext = "html")]
struct SourcedView<'a> {
    text: &'a str,
    dot: Html,
}
