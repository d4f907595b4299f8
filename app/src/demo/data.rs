//! The invented matter itself, from the files beside this one.

use std::collections::BTreeMap;

use jinmen_core::Result;
use module::Settings;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A word in Chinese and in English or pinyin.
#[derive(Deserialize, Clone)]
pub struct Pair(pub String, pub String);

/// Characters of names, places and the like.
#[derive(Deserialize)]
pub struct Names {
    pub surnames: Vec<Pair>,
    pub given: Vec<Pair>,
    pub brand_first: Vec<Pair>,
    pub brand_second: Vec<Pair>,
    pub regions: Vec<(String, String, u32)>,
    pub roads: Vec<String>,
    pub customers: Vec<String>,
    pub natures: Vec<(String, u32)>,
    pub types: Vec<String>,
}

/// A line of business of several firms.
#[derive(Deserialize)]
pub struct Trade {
    pub industry: String,
    pub digital: String,
    pub weight: u32,
    pub kind: String,
    pub word: Pair,
    pub staff: (i64, i64),
    /// Revenue a head, in 10,000 yuan.
    pub per_head: (i64, i64),
    /// R&D in percent of revenue.
    pub rd: (i64, i64),
    pub lines: Vec<Line>,
}

/// What one of those firms does.
#[derive(Deserialize)]
pub struct Line {
    pub fields: String,
    pub products: String,
    pub business: String,
    pub needs: String,
    pub offers: String,
}

/// A body that is no member: the alliance, public bodies, parks.
#[derive(Deserialize)]
pub struct Body {
    pub key: String,
    pub kind: String,
    #[serde(default)]
    pub society_level: String,
    #[serde(default)]
    pub uscc: bool,
    pub zh: String,
    pub en: String,
    pub intro_zh: String,
    pub intro_en: String,
    pub facts: BTreeMap<String, String>,
    #[serde(default)]
    pub contacts: Vec<(String, String, String)>,
}

/// Somebody one may sign in as.
#[derive(Deserialize)]
pub struct Account {
    pub role: String,
    #[serde(default)]
    pub also_admin_of: Option<String>,
    pub name: Pair,
    pub headline: Pair,
    pub post: Pair,
    /// Invented, like everything else of theirs.
    pub mobile: String,
    pub password: String,
}

/// What people are made of.
#[derive(Deserialize)]
pub struct People {
    pub schools: Vec<String>,
    pub majors: Vec<String>,
    pub languages: Vec<String>,
    pub titles: Vec<Pair>,
    pub expert_titles: Vec<Pair>,
    pub fields: Vec<String>,
    pub expertise: Vec<String>,
    pub posts: Posts,
    pub expert_bodies: Vec<String>,
    pub headline: Pair,
    pub expert: Pair,
    pub letter: String,
    /// Kind of affiliation, Chinese, English.
    pub council: Vec<(String, String, String)>,
    pub secretary_general: Pair,
    pub supervisor: Pair,
    pub talent: BTreeMap<String, String>,
    pub talent_consents: Vec<String>,
    pub reviewer: Reviewer,
}

/// Whoever reviews policies, and what is written there.
#[derive(Deserialize)]
pub struct Reviewer {
    pub name: Pair,
    pub headline: Pair,
    pub post: Pair,
    pub summary: String,
    pub basis: String,
    pub clean: String,
    pub lawful: String,
    pub interpretation: String,
    pub amended: String,
    pub commented: Vec<String>,
    pub drafted: String,
    pub red_line: String,
}

/// Posts by what somebody is at a firm.
#[derive(Deserialize)]
pub struct Posts {
    pub legal_representative: Pair,
    pub contact: Pair,
    pub executive: Vec<Pair>,
    pub staff: Vec<Pair>,
}

/// One step in the history of the firm that is met everywhere.
#[derive(Deserialize)]
pub struct Step {
    /// So many days ago.
    pub days: i64,
    pub by: String,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub note: String,
    /// True since so many days ago.
    pub since: Option<i64>,
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
    /// By year, counted from this one.
    #[serde(default)]
    pub years: BTreeMap<i16, BTreeMap<String, String>>,
    pub withdraw: Option<Withdrawal>,
}

/// A fact that turns out wrong.
#[derive(Deserialize)]
pub struct Withdrawal {
    pub key: String,
    pub year: Option<i16>,
    pub reason: String,
}

/// What lies on desks.
#[derive(Deserialize)]
pub struct Desk {
    pub tags: Vec<String>,
    pub flagship_tags: Vec<String>,
    pub comment_internal: String,
    pub comment_shared: String,
    pub documents: Vec<Paper>,
    pub table: HandedIn,
}

/// A table that somebody handed in; `{code1}` to `{code5}` are right codes, `{wrong}` is not.
#[derive(Deserialize)]
pub struct HandedIn {
    pub name: String,
    pub lines: Vec<String>,
}

/// A document to be attached.
#[derive(Deserialize)]
pub struct Paper {
    pub purpose: String,
    pub name: String,
    pub title: String,
    pub lines: Vec<String>,
}

/// All of it.
pub struct Data {
    pub names: Names,
    pub trades: Vec<Trade>,
    pub bodies: Vec<Body>,
    pub accounts: Vec<Account>,
    pub people: People,
    pub flagship: Vec<Step>,
    pub desk: Desk,
    pub settings: Settings,
}

impl Data {
    /// Reads the files; `year` is the year that `{y}` means in them.
    pub fn load(year: i16) -> Result<Self> {
        Ok(Self {
            names: read(include_str!("data/names.json"), year)?,
            trades: read(include_str!("data/trades.json"), year)?,
            bodies: read(include_str!("data/bodies.json"), year)?,
            accounts: accounts()?,
            people: read(include_str!("data/people.json"), year)?,
            flagship: read(include_str!("data/flagship.json"), year)?,
            desk: read(include_str!("data/desk.json"), year)?,
            settings: read(include_str!("data/settings.json"), year)?,
        })
    }
}

/// Whom one may sign in as.
pub fn accounts() -> Result<Vec<Account>> {
    read(include_str!("data/accounts.json"), 0)
}

/// `{y-1}` is last year, `{y+2}` the year after next.
fn read<T: DeserializeOwned>(text: &str, year: i16) -> Result<T> {
    let mut text = text.to_owned();
    for offset in -4..=4 {
        text = text.replace(&format!("{{y{offset:+}}}"), &(year + offset).to_string());
    }
    Ok(serde_json::from_str(&text)?)
}
