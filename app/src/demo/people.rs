//! Invented people: who stands for a firm, who answers for its file, who advises the alliance.

use std::collections::HashSet;

use jinmen_core::codes::ResidentId;
use jinmen_core::{Actor, Date, Fault, Object, OrganizationId, Period, PersonId, Result, Text2};
use registry::model::{NewAffiliation, PersonDraft, Source};
use registry::ops::add_contact::ContactDraft;
use registry::ops::{add_contact, affiliate, create_person, record_facts};
use store::Tx;

use super::data::Pair;
use super::maker::Maker;
use super::names;
use super::plan::{NOWHERE, day};
use super::seed::Seed;
use super::sheet::Sheet;

/// How much is known of somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The name.
    Little,
    /// Education and title.
    Some,
    /// What an expert is asked for.
    Expert,
}

/// Somebody to be written.
pub struct Someone<'a> {
    pub by: &'a Actor,
    pub keeper: Option<OrganizationId>,
    pub headline: Text2,
    pub known: Known,
}

/// What somebody is somewhere.
pub struct Post<'a> {
    pub at: OrganizationId,
    pub kind: &'a str,
    pub title: &'a Pair,
    pub letter: Option<String>,
    pub since: Option<Date>,
    pub until: Option<Date>,
}

impl<'a> Post<'a> {
    /// Without a letter, for as long as it lasts.
    pub fn new(at: OrganizationId, kind: &'a str, title: &'a Pair) -> Self {
        Self { at, kind, title, letter: None, since: None, until: None }
    }
}

/// All of them, one after the other.
pub struct Crowd<'a> {
    maker: &'a Maker,
    names: names::People<'a>,
    seed: Seed,
    numbers: HashSet<String>,
    /// How many there are.
    pub count: i64,
}

impl<'a> Crowd<'a> {
    /// Nobody yet.
    pub fn new(maker: &'a Maker) -> Self {
        let names = names::People::new(&maker.data);
        Self { maker, names, seed: Seed::of("people"), numbers: HashSet::new(), count: 0 }
    }

    /// A headline that says the person is invented.
    pub fn headline(&self, what: &Pair) -> Text2 {
        let Pair(zh, en) = &self.maker.data.people.headline;
        Text2::both(format!("{zh}{}", what.0), format!("{en}{}", what.1.to_lowercase()))
    }

    /// Writes the next person.
    pub async fn next(&mut self, tx: &mut Tx, someone: Someone<'_>) -> Result<(PersonId, Text2)> {
        let name = self.names.next();
        let id = self.write(tx, name.clone(), someone).await?;
        Ok((id, name))
    }

    /// Writes a person of a given name.
    pub async fn write(&mut self, tx: &mut Tx, name: Text2, someone: Someone<'_>) -> Result<PersonId> {
        self.count += 1;
        let app = &self.maker.app;
        let (number, born) = self.number()?;
        let male = number.is_male();
        let kept = someone.known != Known::Little && self.seed.chance(50);
        let draft = PersonDraft {
            name_zh: name.zh,
            name_en: name.en.unwrap_or_default(),
            headline_zh: someone.headline.zh,
            headline_en: someone.headline.en.unwrap_or_default(),
            resident_id: if kept { number.expose().to_owned() } else { String::new() },
        };
        let new = draft.parse(self.maker.today)?;
        let id = create_person::insert(app, tx, someone.by, new, someone.keeper).await?;
        // No operator gives out numbers of this kind.
        let mobile = ContactDraft {
            kind: "mobile".into(),
            value: format!("1990000{:04}", self.count),
            ..ContactDraft::default()
        };
        add_contact::insert(app, tx, someone.by, &id.into(), &mobile).await?;
        if someone.known != Known::Little {
            let facts = self.facts(someone.known, male, born)?.facts();
            record_facts::insert(app, tx, someone.by, &Object::from(id), facts).await?;
        }
        Ok(id)
    }

    /// A number that is right in form and of nobody.
    fn number(&mut self) -> Result<(ResidentId, Date)> {
        loop {
            let born = day(self.seed.between(1_962, 1_996), self.seed.between(1, 12), self.seed.between(1, 28))?;
            let sequence = u16::try_from(self.seed.between(1, 998)).unwrap_or(1);
            let number =
                ResidentId::compose(NOWHERE, born, sequence).map_err(|fault| Fault::of("resident_id", &fault))?;
            if self.numbers.insert(number.expose().to_owned()) {
                return Ok((number, born));
            }
        }
    }

    fn facts(&mut self, known: Known, male: bool, born: Date) -> Result<Sheet> {
        let (people, seed) = (&self.maker.data.people, &mut self.seed);
        let mut sheet = Sheet::new(self.maker.today, Source::SelfDeclared, "");
        let always = Period::ALWAYS;
        let expert = known == Known::Expert;
        sheet.code("gender", if male { "male" } else { "female" })?;
        sheet.number("birth_year", born.year().into(), always)?;
        let (education, degree) = match seed.between(1, 10) {
            1..=3 => ("11", "doctor"),
            4..=6 => ("14", "master"),
            _ if expert => ("11", "doctor"),
            _ => ("21", "bachelor"),
        };
        sheet.code("education", education)?;
        sheet.code("degree", degree)?;
        sheet.typed("school", seed.pick(&people.schools), always)?;
        sheet.typed("major", seed.pick(&people.majors), always)?;
        let Pair(title, grade) = seed.pick(if expert { &people.expert_titles } else { &people.titles });
        sheet.typed("title", title, always)?;
        sheet.code("title_grade", grade)?;
        let age = i64::from(self.maker.years_ago(0) - born.year());
        sheet.number("work_years", (age - seed.between(24, 29)).max(1), always)?;
        if expert {
            sheet.typed("field", seed.pick(&people.fields), always)?;
            let first = seed.below(people.expertise.len());
            let second = (first + 1 + seed.below(people.expertise.len() - 1)) % people.expertise.len();
            let expertise = format!("{}、{}", people.expertise[first], people.expertise[second]);
            sheet.typed("expertise", &expertise, always)?;
            sheet.typed("languages", seed.pick(&people.languages), always)?;
            sheet.number("inventions", seed.between(0, 12), always)?;
        }
        Ok(sheet)
    }

    /// Says what somebody is somewhere.
    pub async fn post(&self, tx: &mut Tx, by: &Actor, person: PersonId, post: Post<'_>) -> Result<()> {
        let new = NewAffiliation {
            person,
            organization: post.at,
            kind: post.kind.to_owned(),
            title: Text2::both(&post.title.0, &post.title.1),
            letter: post.letter,
            valid_from: post.since,
            valid_until: post.until,
        };
        affiliate::insert(&self.maker.app, tx, by, &new, "self_declared").await?;
        Ok(())
    }
}
