//! Small parts: states, messages, cards, tabs, figures.

use askama::Template;

use crate::html::Html;
use crate::list::Link;
use crate::tone::Tone;
use crate::words::Words;

/// A state in a few words.
#[derive(Clone, Debug, Default)]
pub struct Badge {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

impl Badge {
    /// A badge.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }

    /// Draws it.
    pub fn show(&self) -> Html {
        Html::of(&BadgeView { badge: self })
    }
}

/// A message in the page.
#[derive(Clone, Debug, Default)]
pub struct Alert {
    /// How it is meant.
    pub tone: Tone,
    /// Its heading, or none.
    pub title: String,
    /// What it says.
    pub text: String,
    /// What one can do about it.
    pub links: Vec<Link>,
}

impl Alert {
    /// A message without heading.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), ..Self::default() }
    }

    /// With a heading.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With something one can do.
    pub fn link(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    /// Draws it.
    pub fn show(&self) -> Html {
        Html::of(&AlertView { alert: self })
    }
}

/// Something one may open: an agenda item, a call, a course.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// Its name.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// A line above the name.
    pub kicker: String,
    /// A sentence or two.
    pub text: String,
    /// Its state.
    pub badge: Option<Badge>,
    /// Short particulars below: date, place, owner.
    pub particulars: Vec<String>,
    /// An icon.
    pub icon: String,
}

impl Card {
    /// Draws it.
    pub fn show(&self) -> Html {
        Html::of(&CardView { card: self, badge: self.badge.as_ref().map(Badge::show).unwrap_or_default() })
    }
}

/// A figure with its name, which opens the list behind it.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// The figure, as shown.
    pub value: String,
    /// Its unit, smaller.
    pub unit: String,
    /// What is behind it.
    pub href: String,
    /// A remark: change, target, share.
    pub note: String,
    /// How the remark is meant.
    pub tone: Tone,
    /// A small drawing ([`crate::Spark`]), or nothing.
    pub drawing: Html,
}

/// A row of figures.
#[derive(Clone, Debug, Default)]
pub struct Tiles(pub Vec<Tile>);

impl Tiles {
    /// Draws them.
    pub fn show(&self) -> Html {
        Html::of(&TilesView { tiles: &self.0 })
    }
}

/// One of several views of the same thing, each with its own address.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// This is the one shown.
    pub active: bool,
    /// How many are in it.
    pub count: Option<i64>,
}

impl Tab {
    fn counted(&self, t: &Words) -> Option<String> {
        self.count.map(|count| t.number(count))
    }
}

/// The views of a thing.
#[derive(Clone, Debug, Default)]
pub struct Tabs(pub Vec<Tab>);

impl Tabs {
    /// Draws them.
    pub fn show(&self, t: &Words) -> Html {
        // No tabs are no navigation.
        if self.0.is_empty() {
            return Html::default();
        }
        Html::of(&TabsView { t, tabs: &self.0 })
    }
}

#[derive(Template)]
#[template(source = "<span class=\"jm-badge jm-badge-{{ badge.tone.class() }}\">{{ badge.text }}</span>", ext = "html")]
struct BadgeView<'a> {
    badge: &'a Badge,
}

#[derive(Template)]
#[template(path = "parts/alert.html")]
struct AlertView<'a> {
    alert: &'a Alert,
}

#[derive(Template)]
#[template(path = "parts/card.html")]
struct CardView<'a> {
    card: &'a Card,
    badge: Html,
}

#[derive(Template)]
#[template(path = "parts/tiles.html")]
struct TilesView<'a> {
    tiles: &'a [Tile],
}

#[derive(Template)]
#[template(path = "parts/tabs.html")]
struct TabsView<'a> {
    t: &'a Words,
    tabs: &'a [Tab],
}
