//! Reading the whole register for a question to everybody.

use std::collections::BTreeMap;

use jinmen_core::{Actor, Date, Error, OrganizationId, Result};
use module::App;
use payments::ops::receipts::{RECEIPTS, for_rules, receipts_of_all};
use registry::known::{Given, Reader};
use registry::ops::decide::{self, Rows, Sheet};
use rules::{BLOCK, Policy as Compiled, Register};
use tokio::sync::{mpsc, watch};

use crate::model::PolicyId;
use crate::sql;

/// The kind of body that policies are for.
const KIND: &str = "enterprise";

/// Is told how many organisations were looked at so far.
pub type Progress = watch::Sender<u64>;

/// How many organisations a question of the actor's to everybody is about.
pub async fn size(app: &App, actor: &Actor) -> Result<u64> {
    decide::count(app, actor, KIND).await
}

/// A question to everybody about one policy.
pub(super) struct Scan<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    pub policy: PolicyId,
    pub progress: Option<Progress>,
}

/// Rows as they come, with what is told of how far it is.
pub(super) struct Pages {
    sheets: mpsc::Receiver<Sheet>,
    progress: Option<Progress>,
    seen: u64,
}

impl Pages {
    /// The next rows; nothing once all were read.
    pub fn next(&mut self) -> Option<Rows> {
        if let Some(progress) = &self.progress {
            progress.send_replace(self.seen);
        }
        let rows = self.sheets.blocking_recv()?.rows();
        self.seen += rows.len() as u64;
        Some(rows)
    }
}

impl Scan<'_> {
    /// Reads the register and hands it to `work` on a thread of its own.
    pub async fn pages<T: Send + 'static>(&self, work: impl FnOnce(Pages) -> T + Send + 'static) -> Result<T> {
        let (listener, sheets) = mpsc::channel(8);
        let pages = Pages { sheets, progress: self.progress.clone(), seen: 0 };
        let worker = tokio::task::spawn_blocking(move || work(pages));
        decide::sheets(self.app, self.actor, KIND, listener).await?;
        worker.await.map_err(Error::internal)
    }

    /// Programs with their means and sums over everybody: for these the register is read once before the question.
    pub async fn ready(&self, programs: Vec<Compiled>) -> Result<Vec<Compiled>> {
        if programs.iter().all(|program| program.totals.is_empty()) {
            return Ok(programs);
        }
        let given = self.given(&programs).await?;
        let day = self.app.clock.today();
        self.pages(move |pages| totalled(programs, day, &given, pages)).await
    }

    /// What organisations answered about the policy, and what they were granted before where the programs ask for it.
    pub async fn given(&self, programs: &[Compiled]) -> Result<Given> {
        let mut given = Given { each: self.answers().await?, ..Given::default() };
        let reads = |program: &Compiled| program.facts.iter().any(|fact| fact.name == RECEIPTS);
        if let Some(program) = programs.iter().find(|program| reads(program)) {
            let policy = sql::policy::get(&self.app.db, self.policy).await?;
            for (organization, receipts) in receipts_of_all(&self.app.db).await? {
                let list = for_rules(&receipts, &policy.names(&program.title)).to_string();
                given.each.entry(organization).or_default().insert(RECEIPTS.to_owned(), list);
            }
            given.otherwise.insert(RECEIPTS.to_owned(), "[]".to_owned());
        }
        Ok(given)
    }

    async fn answers(&self) -> Result<std::collections::HashMap<OrganizationId, BTreeMap<String, String>>> {
        let mut given = std::collections::HashMap::<OrganizationId, BTreeMap<String, String>>::new();
        let take = |(organization, name, value): (String, String, serde_json::Value)| {
            let (Ok(organization), Some(value)) = (organization.parse(), value.get("v")) else { return };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            given.entry(organization).or_default().insert(name, text);
        };
        sql::answer::to(&self.app.db, self.policy, take).await?;
        Ok(given)
    }
}

/// Adds everybody up; whoever cannot be read is left out of the totals as of the answers.
fn totalled(programs: Vec<Compiled>, day: Date, given: &Given, mut pages: Pages) -> Vec<Compiled> {
    let registers: Vec<Register<'_>> =
        programs.iter().map(|program| Register::new(std::slice::from_ref(program), day)).collect();
    let mut totals: Vec<rules::Totals> = programs.iter().map(Compiled::totals).collect();
    let Some(first) = registers.first() else { return Vec::new() };
    let mut reader = Reader::new(first, day);
    while let Some(rows) = pages.next() {
        for some in rows.chunks(BLOCK) {
            reader.take(some, given);
            for ((program, register), totals) in programs.iter().zip(&registers).zip(&mut totals) {
                for row in 0..reader.ids.len() {
                    // One whose numbers cannot be added says nothing, as in the evaluation that follows.
                    totals.add(program, &register.subject(0, &reader.block, row), day).ok();
                }
            }
        }
    }
    programs.iter().zip(&totals).map(|(program, totals)| program.with_totals(totals)).collect()
}
