//! The firm that every screen shows: a file with a past. Facts are said, corrected, withdrawn and
//! compared with papers, by those who would do so.

use std::collections::HashMap;

use jinmen_core::{Actor, Error, Fault, Object, OrganizationId, Period, Result};
use registry::model::{FactId, NewFact, Source};
use registry::ops::{list_publicly, record_facts, withdraw_fact};

use super::data::{Step, Withdrawal};
use super::maker::Maker;
use super::sheet::{Sheet, year};

/// Days ago when it agreed to be shown to the public.
const LISTED: i64 = 336;

/// Who does something in the story of a firm.
pub struct Cast<'a> {
    pub secretariat: &'a Actor,
    pub district: &'a Actor,
    pub enterprise: Option<&'a Actor>,
}

impl<'a> Cast<'a> {
    fn who(&self, word: &str) -> Result<&'a Actor> {
        let actor = match word {
            "secretariat" => Some(self.secretariat),
            "district" => Some(self.district),
            "enterprise" => self.enterprise,
            _ => None,
        };
        actor.ok_or_else(|| Error::internal(format!("nobody plays {word} yet")))
    }
}

/// The story, told step by step as the days go by.
pub struct Story<'a> {
    id: OrganizationId,
    /// What is still to be told, with the days since; the next one last.
    steps: Vec<(i64, &'a Step)>,
    listed: bool,
    /// What was said of a key, for a year counted from this one.
    said: HashMap<(String, Option<i16>), FactId>,
}

impl<'a> Story<'a> {
    /// Of a firm of which nothing was said yet.
    pub fn of(id: OrganizationId, maker: &'a Maker) -> Self {
        let ago = |step: &Step| if step.years.contains_key(&-1) { maker.this_year(step.days) } else { step.days };
        let mut steps: Vec<_> = maker.data.flagship.iter().rev().map(|step| (ago(step), step)).collect();
        steps.sort_by_key(|(days, _)| *days);
        Self { id, steps, listed: false, said: HashMap::new() }
    }

    /// Tells everything up to so many days ago.
    pub async fn until(&mut self, maker: &Maker, cast: &Cast<'_>, days: i64) -> Result<()> {
        while let Some((ago, step)) = self.steps.pop_if(|(ago, _)| *ago >= days) {
            self.list(maker, cast, ago).await?;
            maker.stand(ago, 140 - self.steps.len() as i64 * 7)?;
            let actor = cast.who(&step.by)?;
            if let Some(wrong) = &step.withdraw {
                self.withdraw(maker, actor, wrong).await?;
            } else {
                self.say(maker, actor, step).await?;
            }
        }
        Ok(())
    }

    async fn list(&mut self, maker: &Maker, cast: &Cast<'_>, days: i64) -> Result<()> {
        let Some(enterprise) = cast.enterprise.filter(|_| !self.listed && days < LISTED) else { return Ok(()) };
        maker.stand(LISTED, 25)?;
        self.listed = true;
        list_publicly::list_publicly(&maker.app, enterprise, self.id, true).await
    }

    async fn say(&mut self, maker: &Maker, actor: &Actor, step: &Step) -> Result<()> {
        let source = Source::from_code(&step.source).ok_or_else(|| Fault::at("source", "core.choice"))?;
        let mut sheet = Sheet::new(maker.today, source, &step.note);
        let period = match step.since {
            Some(days) => Period::since(maker.ago(days)?),
            None => Period::ALWAYS,
        };
        for (key, text) in &step.facts {
            sheet.typed(key, text, period)?;
        }
        for (offset, facts) in &step.years {
            for (key, text) in facts {
                sheet.typed(key, text, year(maker.years_ago(-offset))?)?;
            }
        }
        let facts = sheet.facts();
        let keys: Vec<_> = facts.iter().map(|fact| (fact.key.key.clone(), offset_of(maker, fact))).collect();
        let mut tx = maker.app.db.begin().await?;
        let ids = record_facts::insert(&maker.app, &mut tx, actor, &self.id.into(), facts).await?;
        tx.commit().await?;
        self.said.extend(keys.into_iter().zip(ids));
        Ok(())
    }

    async fn withdraw(&self, maker: &Maker, actor: &Actor, wrong: &Withdrawal) -> Result<()> {
        let said = self.said.get(&(wrong.key.clone(), wrong.year)).ok_or(Error::NotFound)?;
        withdraw_fact::withdraw_fact(&maker.app, actor, &Object::from(self.id), *said, &wrong.reason).await
    }
}

/// The year of a figure, counted from this one.
fn offset_of(maker: &Maker, fact: &NewFact) -> Option<i16> {
    let from = fact.period.from().filter(|_| fact.key.by_year)?;
    Some(from.year() - maker.years_ago(0))
}
