//! What stands around every page: names, menu, hats, messages, the operator.

use crate::tone::Tone;
use crate::words::Words;

/// Everything a frame template shows. A page holds one as `frame`.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The reader's words.
    pub t: Words,
    /// The page's title, which is also its heading.
    pub title: String,
    /// The address of this page with its query, for links that come back.
    pub path: String,
    /// Who is signed in.
    pub person: Option<FramePerson>,
    /// The main menu, at most five entries.
    pub nav: Vec<NavItem>,
    /// The way here, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// Messages of the last action.
    pub flashes: Vec<Flash>,
    /// The session's token, for forms.
    pub form_token: String,
    /// Large type was chosen.
    pub large: bool,
    /// This is a demonstration.
    pub demo: Option<DemoBar>,
    /// Who runs the platform.
    pub operator: Operator,
    /// Use the whole width (boards, plans).
    pub wide: bool,
}

impl Frame {
    /// A frame with a title and nothing else, as error pages and tests need it.
    pub fn new(t: Words, title: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            t,
            title: title.into(),
            path: path.into(),
            person: None,
            nav: Vec::new(),
            crumbs: Vec::new(),
            flashes: Vec::new(),
            form_token: String::new(),
            large: false,
            demo: None,
            operator: Operator::default(),
            wide: false,
        }
    }

    /// The address that shows this page in the other language.
    pub fn other_language(&self) -> String {
        let tag = if self.t.is_chinese() { "en" } else { "zh-CN" };
        format!("/language/{tag}?next={}", encoded(&self.path))
    }

    /// The address that turns large type on or off and comes back.
    pub fn other_size(&self) -> String {
        format!("/type-size/{}?next={}", if self.large { "normal" } else { "large" }, encoded(&self.path))
    }

    /// The address of the sign-in page that comes back here.
    pub fn sign_in(&self) -> String {
        format!("/sign-in?next={}", encoded(&self.path))
    }
}

/// The person who is signed in.
#[derive(Clone, Debug, Default)]
pub struct FramePerson {
    /// Their name.
    pub name: String,
    /// Their account, as they signed in with it.
    pub account: String,
    /// For whom they act now (当前身份).
    pub hat: String,
    /// All they may act for.
    pub hats: Vec<HatLink>,
    /// Unread messages; capped by the caller.
    pub unread: u32,
}

impl FramePerson {
    /// `3 条未读`.
    pub fn unread_text(&self, t: &Words) -> String {
        t.with("ui-inbox-unread", &[("n", self.unread.into())])
    }
}

/// Somebody one may act for.
#[derive(Clone, Debug, Default)]
pub struct HatLink {
    /// What `POST /hat` is sent as `hat`.
    pub id: String,
    /// Organisation and role.
    pub label: String,
    /// The one in use.
    pub current: bool,
}

/// An entry of the main menu.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
    /// Its icon, a name of `web/icons.txt`.
    pub icon: String,
    /// This is where we are.
    pub active: bool,
    /// How much waits there.
    pub badge: Option<u32>,
}

/// A step on the way here.
#[derive(Clone, Debug, Default)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
}

/// A message about what was just done.
#[derive(Clone, Debug, Default)]
pub struct Flash {
    /// How it is meant.
    pub kind: Tone,
    /// What it says.
    pub text: String,
}

/// The strip of a demonstration.
#[derive(Clone, Debug, Default)]
pub struct DemoBar {
    /// As whom one may enter.
    pub enter_as: Vec<EnterAs>,
}

/// One role of the demonstration.
#[derive(Clone, Debug, Default)]
pub struct EnterAs {
    /// What the button says.
    pub label: String,
    /// What `POST /demo/enter` is sent as `role`.
    pub role: String,
}

/// Who is responsible for this instance; shown in the footer of every public page.
#[derive(Clone, Debug, Default)]
pub struct Operator {
    /// The platform's own name where it has one; otherwise 津门.
    pub name: String,
    /// 主办单位.
    pub sponsor: String,
    /// 承办/运营单位.
    pub operator: String,
    /// ICP filing number.
    pub icp: String,
    /// Public-security filing number.
    pub police: String,
    /// A human's telephone number.
    pub telephone: String,
    /// Postal address.
    pub address: String,
}

/// A text as a part of a query.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
