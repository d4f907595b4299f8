//! What stands around a list: filters, exports, pages, and what to do when it is empty.

use askama::Template;
use jinmen_core::Count;

use crate::form::Field;
use crate::html::Html;
use crate::words::Words;

/// A link that looks like a button or a line of a menu.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Its icon, or none.
    pub icon: String,
}

impl Link {
    /// A link without icon.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), icon: String::new() }
    }

    /// With an icon of `web/icons.txt`.
    pub fn icon(mut self, name: impl Into<String>) -> Self {
        self.icon = name.into();
        self
    }
}

/// A filter in force, with the address of the list without it.
#[derive(Clone, Debug, Default)]
pub struct Chip {
    /// `状态：审核中`.
    pub label: String,
    /// The list without this filter.
    pub remove: String,
}

/// The row above a list.
#[derive(Clone, Debug, Default)]
pub struct Toolbar {
    /// Where the filters are sent, as a query.
    pub action: String,
    /// The filters that are always visible.
    pub filters: Vec<Field>,
    /// Further filters, folded until asked for.
    pub more: Vec<Field>,
    /// The filters in force.
    pub chips: Vec<Chip>,
    /// The list without any filter.
    pub clear: String,
    /// CSV, XLSX, JSON of the list as filtered.
    pub exports: Vec<Link>,
    /// What one mostly does here.
    pub primary: Option<Link>,
    /// What else one does here.
    pub others: Vec<Link>,
}

impl Toolbar {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        let draw = |fields: &[Field]| fields.iter().map(|field| field.show(t)).collect();
        Html::of(&ToolbarView { t, bar: self, filters: draw(&self.filters), more: draw(&self.more) })
    }

    /// The usual three exports of a list's address (`/members` and a query without `?`).
    pub fn exports_of(path: &str, query: &str) -> Vec<Link> {
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        [("CSV", "csv"), ("XLSX", "xlsx"), ("JSON", "json")]
            .map(|(label, extension)| Link::new(label, format!("{path}.{extension}{query}")))
            .into()
    }
}

#[derive(Template)]
#[template(path = "parts/toolbar.html")]
struct ToolbarView<'a> {
    t: &'a Words,
    bar: &'a Toolbar,
    filters: Vec<Html>,
    more: Vec<Html>,
}

/// The row below a list.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// How many there are, where that was counted.
    pub count: Option<Count>,
}

impl Pager {
    /// Draws it; nothing where there is nothing to say.
    pub fn show(&self, t: &Words) -> Html {
        if self.previous.is_none() && self.next.is_none() && self.count.is_none() {
            return Html::default();
        }
        let total = self.count.map(|count| t.with("ui-total", &[("n", t.counted(&count).into())]));
        Html::of(&PagerView { t, pager: self, total })
    }
}

#[derive(Template)]
#[template(path = "parts/pager.html")]
struct PagerView<'a> {
    t: &'a Words,
    pager: &'a Pager,
    total: Option<String>,
}

/// What stands where nothing is: why, and what one can do (three steps at most).
#[derive(Clone, Debug, Default)]
pub struct Empty {
    /// `还没有会员单位`; the general text where empty.
    pub title: String,
    /// Why, or what will be here.
    pub text: String,
    /// What one can do now.
    pub steps: Vec<Link>,
}

impl Empty {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        Html::of(&EmptyView { t, empty: self })
    }
}

#[derive(Template)]
#[template(path = "parts/empty.html")]
struct EmptyView<'a> {
    t: &'a Words,
    empty: &'a Empty,
}
