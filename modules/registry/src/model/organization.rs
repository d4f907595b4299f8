//! Organisations and how they stand to each other.

use jinmen_core::codes::Uscc;
use jinmen_core::{Date, Fault, Faults, Instant, OrganizationId, Result, Text2, id};
use serde::{Deserialize, Serialize};

use super::{INTRO_MOST, NAME_MOST, choice, line, lines, required};

id!(
    /// A relation between two organisations.
    RelationId
);
store::arg_id!(RelationId);

/// An organisation as its file begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Organization {
    /// Its identifier.
    pub id: OrganizationId,
    /// Its social credit code; alliances and branches of outside bodies may have none.
    pub uscc: Option<Uscc>,
    /// Its name.
    pub name: Text2,
    /// What kind of body, a code of the list `organization_kind`.
    pub kind: String,
    /// For societies: national, municipal or district.
    pub society_level: Option<String>,
    /// A few sentences about it.
    pub intro: Text2,
    /// The organisation that keeps this file.
    pub keeper: Option<OrganizationId>,
    /// It agreed to be shown to the public.
    pub listed: bool,
    /// It exists.
    pub active: bool,
    /// Today's region (GB/T 2260).
    pub region: Option<String>,
    /// Today's industry (GB/T 4754-2017).
    pub industry: Option<String>,
    /// Today's digital-economy class (NBS 2021).
    pub digital_class: Option<String>,
    /// Today's size class (NBS 2017).
    pub size_class: Option<String>,
    /// The day it was founded.
    pub founded_on: Option<Date>,
    /// How complete the file is, in percent.
    pub completeness: i64,
    /// Since when somebody of its own acts for it.
    pub claimed_at: Option<Instant>,
    /// Goes up with every change; guards against lost updates.
    pub version: i64,
    /// When the file was opened.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// A line of a list of organisations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrganizationRow {
    /// The organisation.
    pub organization: Organization,
    /// The key it sorts by.
    pub sort_key: String,
}

/// What a form or a program sends of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct OrganizationDraft {
    /// Social credit code; may be empty for bodies without one.
    #[schema(example = "91120199MA0000001X")]
    pub uscc: String,
    /// Chinese name.
    #[schema(example = "演示数聚科技有限公司")]
    pub name_zh: String,
    /// English name; may be empty.
    #[schema(example = "Demo Shuju Technology Co., Ltd.")]
    pub name_en: String,
    /// A code of the list `organization_kind`.
    #[schema(example = "enterprise")]
    pub kind: String,
    /// For societies, a code of the list `society_level`; may be empty.
    pub society_level: String,
    /// Chinese introduction.
    pub intro_zh: String,
    /// English introduction.
    pub intro_en: String,
}

/// An organisation ready to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewOrganization {
    /// Its social credit code.
    pub uscc: Option<Uscc>,
    /// Its name.
    pub name: Text2,
    /// What kind of body.
    pub kind: String,
    /// For societies.
    pub society_level: Option<String>,
    /// A few sentences about it.
    pub intro: Text2,
}

impl OrganizationDraft {
    /// Checks everything and names every fault.
    pub fn parse(&self) -> Result<NewOrganization> {
        let mut faults = Faults::new();
        let uscc = faults.take(uscc(&self.uscc)).flatten();
        let name_zh = faults.take(required("name_zh", &self.name_zh, NAME_MOST));
        let name_en = faults.take(line("name_en", &self.name_en, NAME_MOST)).flatten();
        let kind = faults.take(choice("kind", "organization_kind", &self.kind));
        let society_level = match self.society_level.as_str() {
            "" => None,
            level => faults.take(choice("society_level", "society_level", level)),
        };
        let intro_zh = faults.take(lines("intro_zh", &self.intro_zh, INTRO_MOST));
        let intro_en = faults.take(lines("intro_en", &self.intro_en, INTRO_MOST));
        match (name_zh, kind, intro_zh, intro_en) {
            (Some(name_zh), Some(kind), Some(intro_zh), Some(intro_en)) if faults.is_empty() => Ok(NewOrganization {
                uscc,
                name: Text2::new(name_zh, name_en),
                kind,
                society_level,
                intro: Text2::new(intro_zh, Some(intro_en)),
            }),
            _ => faults.check().and(Err(Fault::new("core.required").into())),
        }
    }
}

impl From<&Organization> for OrganizationDraft {
    fn from(known: &Organization) -> Self {
        Self {
            uscc: known.uscc.map(|code| code.to_string()).unwrap_or_default(),
            name_zh: known.name.zh.clone(),
            name_en: known.name.en.clone().unwrap_or_default(),
            kind: known.kind.clone(),
            society_level: known.society_level.clone().unwrap_or_default(),
            intro_zh: known.intro.zh.clone(),
            intro_en: known.intro.en.clone().unwrap_or_default(),
        }
    }
}

fn uscc(text: &str) -> Result<Option<Uscc>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Uscc::parse(text).map(Some).map_err(|fault| Fault::of("uscc", &fault))
}

/// What a list of organisations is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct OrganizationFilter {
    /// Words, in characters or pinyin.
    pub q: Option<String>,
    /// A code of the list `organization_kind`.
    pub kind: Option<String>,
    /// A region with everything within it.
    pub region: Option<String>,
    /// An industry with everything within it.
    pub industry: Option<String>,
    /// A digital-economy class with everything within it.
    pub digital_class: Option<String>,
    /// A size class.
    pub size: Option<String>,
    /// Members of this organisation.
    pub member_of: Option<String>,
    /// With this grade of membership.
    pub grade: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// `yes` or `no`: shown to the public.
    pub listed: Option<String>,
    /// `yes` or `no`: somebody of its own acts for it.
    pub claimed: Option<String>,
    /// Files less complete than so many percent.
    #[serde(deserialize_with = "number_or_nothing")]
    pub below: Option<i64>,
}

/// A number of a query; an empty field of a form is none.
fn number_or_nothing<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    match text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => text.parse().map(Some).map_err(serde::de::Error::custom),
        None => Ok(None),
    }
}

/// A relation seen from one organisation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelationSide {
    /// The relation.
    pub relation: Relation,
    /// The organisation at the other end.
    pub other: OrganizationId,
    /// Its name.
    pub other_name: Text2,
    /// Whether this organisation is the one it begins at (`member of`) or ends at (`has member`).
    pub outgoing: bool,
}

/// A relation between two organisations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relation {
    /// Its identifier.
    pub id: RelationId,
    /// Where it begins: the member, the branch, the hosted.
    pub from: OrganizationId,
    /// Where it ends: the alliance, the parent, the host.
    pub to: OrganizationId,
    /// A code of the list `relation_kind`.
    pub kind: String,
    /// For members, a code of the list `member_grade`.
    pub grade: Option<String>,
    /// A number such as that of the membership certificate.
    pub number: Option<String>,
    /// The first day.
    pub valid_from: Option<Date>,
    /// The last day.
    pub valid_until: Option<Date>,
    /// A note.
    pub note: String,
    /// From whom we know it.
    pub source: String,
}
