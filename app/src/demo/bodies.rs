//! The alliance, its host, the public bodies of the conference and the parks.

use std::collections::HashMap;

use jinmen_core::codes::Uscc;
use jinmen_core::{Error, Fault, OrganizationId, Period, Result};
use registry::model::{OrganizationDraft, Source};
use registry::ops::add_contact::ContactDraft;
use registry::ops::relate::NewRelation;
use registry::ops::{add_contact, create_organization, record_facts, relate};
use store::Tx;

use super::data::Body;
use super::maker::{Maker, SYSTEM};
use super::plan::NOWHERE;
use super::sheet::Sheet;

/// Where the facts about these bodies come from.
const SOURCE: &str = "公开报道整理（演示）";
/// Two organisations, how the first stands to the second, and why.
const RELATIONS: [(&str, &str, &str, &str); 9] = [
    ("alliance", "host", "hosted_by", "秘书处设在依托单位（演示）"),
    ("alliance", "strategy", "partner_of", "2021年推介大会签署战略合作协议"),
    ("alliance", "zhongguancun", "partner_of", "2021年推介大会签署战略合作协议"),
    ("jingjinji_tianjin", "jingjinji", "branch_of", "2021年推介大会宣布落户河西"),
    ("society_national", "alliance", "partner_of", "三级学会协同（演示）"),
    ("society_municipal", "alliance", "partner_of", "三级学会协同（演示）"),
    ("society_district", "alliance", "partner_of", "三级学会协同（演示）"),
    ("xinbadali", "theme_park", "branch_of", "主题园载体（演示）"),
    ("publishing_park", "theme_park", "branch_of", "主题园载体（演示）"),
];

/// The bodies by the words of the data.
#[derive(Default)]
pub struct Bodies(HashMap<String, OrganizationId>);

impl Bodies {
    /// One of them.
    pub fn get(&self, key: &str) -> Result<OrganizationId> {
        self.0.get(key).copied().ok_or_else(|| Error::internal(format!("the demonstration has no body called {key}")))
    }

    /// The alliance.
    pub fn alliance(&self) -> Result<OrganizationId> {
        self.get("alliance")
    }
}

/// Opens their files. The alliance keeps its own and all others.
pub async fn open(maker: &Maker) -> Result<Bodies> {
    let mut bodies = Bodies::default();
    let mut tx = maker.app.db.begin().await?;
    for body in &maker.data.bodies {
        let keeper = bodies.0.get("alliance").copied();
        let id = one(maker, &mut tx, body, keeper).await?;
        bodies.0.insert(body.key.clone(), id);
    }
    for (from, to, kind, note) in RELATIONS {
        let new = NewRelation { kind: kind.to_owned(), note: note.to_owned(), ..NewRelation::default() };
        relate::insert(&maker.app, &mut tx, &SYSTEM, bodies.get(from)?, bodies.get(to)?, &new).await?;
    }
    tx.commit().await?;
    Ok(bodies)
}

async fn one(maker: &Maker, tx: &mut Tx, body: &Body, keeper: Option<OrganizationId>) -> Result<OrganizationId> {
    let uscc = if body.uscc { code()?.to_string() } else { String::new() };
    let draft = OrganizationDraft {
        uscc,
        name_zh: body.zh.clone(),
        name_en: body.en.clone(),
        kind: body.kind.clone(),
        society_level: body.society_level.clone(),
        intro_zh: body.intro_zh.clone(),
        intro_en: body.intro_en.clone(),
    };
    let id = create_organization::insert(&maker.app, tx, &SYSTEM, draft.parse()?, keeper, true).await?;
    let mut sheet = Sheet::new(maker.today, Source::Imported, SOURCE);
    for (key, text) in &body.facts {
        sheet.typed(key, text, Period::ALWAYS)?;
    }
    if !sheet.is_empty() {
        record_facts::insert(&maker.app, tx, &SYSTEM, &id.into(), sheet.facts()).await?;
    }
    for (kind, label, value) in &body.contacts {
        let draft = ContactDraft { kind: kind.clone(), label: label.clone(), value: value.clone(), shown: true };
        add_contact::insert(&maker.app, tx, &SYSTEM, &id.into(), &draft).await?;
    }
    Ok(id)
}

/// The code of the one invented society that has one.
fn code() -> Result<Uscc> {
    Uscc::compose('5', '1', NOWHERE, "MJ000001").map_err(|fault| Fault::of("uscc", &fault).into())
}
