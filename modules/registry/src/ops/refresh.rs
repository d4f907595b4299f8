//! What is derived from a file: the columns that lists are filtered by, completeness, the size class,
//! the search entry. Done in the transaction that changed the file.

use jinmen_core::codes::{Figures, Uscc, enterprise_size};
use jinmen_core::{Instant, Object, OrganizationId, Period, Result, Text2};
use module::App;
use store::Tx;
use store::search::{self, Entry};

use crate::dictionary::{Value, dictionary};
use crate::known::Packed;
use crate::model::{AsOf, FactId, NewFact, Source, SubjectFile};
use crate::sql;
use crate::sql::fact::Recorder;
use crate::sql::organization::Projection;

/// Organisations brought up to date in one go.
const CHUNK: usize = 200;

/// Brings one subject up to date.
pub(crate) async fn subject(app: &App, tx: &mut Tx, subject: &Object) -> Result<()> {
    match subject.kind.as_str() {
        "organization" => organizations(app, tx, &[subject.id.parse()?]).await,
        _ => person(app, tx, subject).await,
    }
}

/// Brings organisations up to date: a few statements for each hundred, and one update an organisation.
pub(crate) async fn organizations(app: &App, tx: &mut Tx, ids: &[OrganizationId]) -> Result<()> {
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let keys: Vec<&str> = dictionary().of_subject("organization").map(|key| key.key.as_str()).collect();
    for chunk in ids.chunks(CHUNK) {
        sql::organization::hold(tx, chunk).await?;
        let known = sql::organization::many(&mut *tx, chunk).await?;
        let texts: Vec<String> = chunk.iter().map(|id| id.text()).collect();
        let mut facts = sql::fact::of_many(&mut *tx, "organization", texts, keys.clone()).await?;
        let mut entries = Vec::with_capacity(known.len());
        let mut rows = Vec::with_capacity(known.len());
        let mut computed = Vec::new();
        for organization in &known {
            let id = organization.id.text();
            let (own, rest) = facts.into_iter().partition(|(subject, _)| *subject == id);
            facts = rest;
            let own: Vec<(String, _)> = own;
            let file = SubjectFile::new(own.into_iter().map(|(_, fact)| fact).collect());
            let derived = derived(&organization.name, &organization.intro, organization.uscc, &file, as_of);
            computed.extend(derived.computed.map(|new| (id.clone(), FactId::new(), new)));
            sql::organization::project(tx, &id, derived.today, as_of.known).await?;
            rows.push((id.clone(), derived.packed));
            entries.push((id, derived.entry));
        }
        sql::known::put(tx, rows).await?;
        if !computed.is_empty() {
            sql::fact::insert(tx, "organization", computed, &recorder(as_of.known)).await?;
        }
        search::put_many(tx, "organization", entries).await?;
    }
    Ok(())
}

/// What follows from a file.
pub(crate) struct Derived {
    /// The columns that lists are filtered by.
    pub(crate) today: Projection,
    /// The size class, where the file does not say it yet.
    pub(crate) computed: Option<NewFact>,
    /// What it is found by.
    pub(crate) entry: Entry,
    /// Its facts in one row.
    pub(crate) packed: Vec<u8>,
}

/// What follows from the file of an organisation.
pub(crate) fn derived(name: &Text2, intro: &Text2, uscc: Option<Uscc>, file: &SubjectFile, as_of: AsOf) -> Derived {
    let size = size_class(file, as_of);
    let computed = size.clone().and_then(|(code, period)| new_size(file, as_of, &code, period));
    let packed = match &computed {
        Some(new) => Packed::of(&file.with(new.recorded(FactId::new(), as_of.known, ""))),
        None => Packed::of(file),
    };
    Derived {
        packed,
        today: projection(file, as_of, size.map(|(code, _)| code)),
        computed,
        entry: entry(name, intro, uscc, file, as_of),
    }
}

/// Who records what is derived.
pub(crate) fn recorder(now: Instant) -> Recorder<'static> {
    Recorder { account: None, name: "registry", at: now, import: None }
}

fn text(file: &SubjectFile, key: &str, as_of: AsOf) -> Option<String> {
    file.current(key, as_of).and_then(|fact| Some(fact.value.as_ref()?.plain(fact.key)))
}

fn projection(file: &SubjectFile, as_of: AsOf, size_class: Option<String>) -> Projection {
    Projection {
        region: text(file, "region", as_of),
        industry: text(file, "industry", as_of),
        digital_class: text(file, "digital_economy_class", as_of),
        size_class,
        founded_on: text(file, "founded_on", as_of),
        completeness: file.completeness("organization", as_of),
    }
}

/// The size class from industry and the latest year's figures (NBS 2017), with the year they are of.
fn size_class(file: &SubjectFile, as_of: AsOf) -> Option<(String, Period)> {
    let industry = text(file, "industry", as_of)?;
    let (year, _) = file
        .series("annual_revenue", as_of)
        .last()
        .copied()
        .or_else(|| file.series("headcount", as_of).last().copied())?;
    let value = |key: &str| {
        file.series(key, as_of).into_iter().find(|(of, _)| *of == year).and_then(|(_, fact)| fact.value.clone())
    };
    let money = |key: &str| match value(key) {
        Some(Value::Money(money)) => Some(money),
        _ => None,
    };
    let employees = match value("headcount") {
        Some(Value::Integer(number)) => u64::try_from(number).ok(),
        _ => None,
    };
    let figures = Figures { employees, revenue: money("annual_revenue"), assets: money("total_assets") };
    let size = enterprise_size::classify(&industry, &figures).ok()?;
    Some((size.code().to_owned(), Period::year(year).ok()?))
}

/// A computed fact, unless the file says the same already.
fn new_size(file: &SubjectFile, as_of: AsOf, code: &str, period: Period) -> Option<NewFact> {
    let key = dictionary().get("enterprise_size")?;
    let there = file
        .all("enterprise_size")
        .into_iter()
        .find(|fact| fact.source == Source::Computed && fact.known_at(as_of.known) && fact.period == period);
    if there.and_then(|fact| fact.value.as_ref()).is_some_and(|value| *value == Value::Code(code.to_owned())) {
        return None;
    }
    Some(NewFact {
        key,
        value: Value::Code(code.to_owned()),
        period,
        source: Source::Computed,
        source_note: String::new(),
        source_object: None,
    })
}

fn entry(name: &Text2, intro: &Text2, uscc: Option<Uscc>, file: &SubjectFile, as_of: AsOf) -> Entry {
    let mut texts = vec![intro.zh.clone()];
    texts.extend(intro.en.clone());
    texts.extend(uscc.map(|code| code.to_string()));
    let searched = ["main_business", "main_products", "tech_fields", "needs_summary", "offers_summary"];
    texts.extend(
        searched.iter().filter_map(|key| file.current(key, as_of)).map(|fact| fact.show(jinmen_core::Locale::ZhCn)),
    );
    let mut names = vec![name.zh.clone()];
    names.extend(name.en.clone());
    Entry { names, texts }
}

async fn person(app: &App, tx: &mut Tx, subject: &Object) -> Result<()> {
    let as_of = AsOf { day: app.clock.today(), known: app.clock.now() };
    let person = sql::person::get(&mut *tx, subject.id.parse()?).await?;
    let file = SubjectFile::new(sql::fact::of(&mut *tx, subject).await?);
    sql::person::project(tx, &subject.id, file.completeness("person", as_of), as_of.known).await?;
    let mut names = vec![person.name.zh.clone()];
    names.extend(person.name.en.clone());
    let mut texts = vec![person.headline.zh.clone()];
    texts.extend(person.headline.en.clone());
    let searched = ["field", "expertise", "post", "title"];
    texts.extend(
        searched.iter().filter_map(|key| file.current(key, as_of)).map(|fact| fact.show(jinmen_core::Locale::ZhCn)),
    );
    search::put(tx, subject, &Entry { names, texts }).await?;
    Ok(())
}
