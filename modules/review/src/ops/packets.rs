//! What judges read of an entry: the questions that the round shows, and the files; of a blind round copies that say nothing of
//! who made them, which are made when the round opens.

use std::sync::Arc;

use ::jobs::{Context, Handler, NewJob};
use async_trait::async_trait;
use calls::form::{Field, Kind};
use calls::ops::judged;
use files::File;
use jinmen_core::{Actor, Instant, Locale, Result};
use module::App;
use serde_json::{Value, json};
use store::Tx;

use super::strip::{self, Kept};
use super::{entry_object, object};
use crate::model::{Entry, Round, RoundId};
use crate::sql;

/// The kind of the job that makes copies.
const JOB: &str = "review.packets";
/// Legal forms of companies, the longest first.
const FORMS: &str = include_str!("../../data/legal_forms.txt");
/// What stands for a name.
const HIDDEN: &str = "○○○";

/// What is shown of an entry.
pub(crate) struct Shown {
    /// Part by part: questions and answers.
    pub sections: Vec<(String, Vec<(String, String)>)>,
    /// The files.
    pub files: Vec<File>,
    /// Files of which there is no copy, by the question they belong to.
    pub kept_back: Vec<String>,
}

/// The questions that judges of a round see.
pub(crate) async fn fields(app: &App, round: &Round) -> Result<Vec<String>> {
    if !round.setup.fields.is_empty() {
        return Ok(round.setup.fields.clone());
    }
    let call = judged::call(&app.db, round.call).await?;
    let form = calls::ops::loaded::form(&app.db, call.id, call.form_version).await?;
    Ok(match round.setup.blind {
        true => judged::silent(&form),
        false => form.fields.iter().map(|field| field.name.clone()).collect(),
    })
}

/// Reads what judges see of an entry. Whoever calls has asked whether the actor judges it.
pub(crate) async fn shown(app: &App, round: &Round, entry: &Entry, locale: Locale) -> Result<Shown> {
    let loaded = judged::read(app, entry.application).await?;
    let fields = match round.setup.fields.as_slice() {
        [] if round.setup.blind => judged::silent(&loaded.form),
        [] => loaded.form.fields.iter().map(|field| field.name.clone()).collect(),
        chosen => chosen.to_vec(),
    };
    let t = app.words(locale);
    let mut sections = calls::said(&t, &loaded, &fields);
    let originals: Vec<&File> = loaded.files.iter().filter(|file| fields.contains(&file.purpose)).collect();
    if !round.setup.blind {
        return Ok(Shown { sections, files: originals.into_iter().cloned().collect(), kept_back: Vec::new() });
    }
    let names = names_of(&loaded);
    for (_, lines) in &mut sections {
        lines.iter_mut().for_each(|(_, text)| *text = hide(text, &names));
    }
    let copies = app.files.of(&app.db, &entry_object(entry.id)).await?;
    let title = |purpose: &str| loaded.form.field(purpose).map(|field| t.text(&field.title)).unwrap_or_default();
    let missing = originals.iter().filter(|one| !copies.iter().any(|copy| is_copy_of(copy, one)));
    Ok(Shown { sections, kept_back: missing.map(|one| title(&one.purpose)).collect(), files: copies })
}

/// Names that a blind packet does not say: who applies, and the people of the team.
fn names_of(loaded: &calls::ops::loaded::Loaded) -> Vec<String> {
    let mut names = vec![loaded.application.applicant_name.clone(), loaded.subject.name.zh.clone()];
    names.extend(loaded.subject.name.en.clone());
    for field in &loaded.form.fields {
        let Kind::Group(group) = &field.kind else { continue };
        let own = |inner: &&Field| inner.name == "name";
        if group.fields.iter().any(|inner| own(&inner)) {
            let values = loaded.reading.values.iter();
            let of_people =
                values.filter(|(path, _)| path.starts_with(&format!("{}.", field.name)) && path.ends_with(".name"));
            names.extend(of_people.filter_map(|(_, value)| value.as_str().map(str::to_owned)));
        }
    }
    names
}

/// A text in which names stand no more. Names of one character say nothing and stay; those of a company also without its
/// legal form.
pub(crate) fn hide(text: &str, names: &[String]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        all.push(name);
        all.extend(FORMS.lines().filter_map(|form| name.strip_suffix(form)).next());
    }
    all.retain(|name| name.chars().count() > 1);
    // The longest first, so that no part of a name stays behind.
    all.sort_by_key(|name| std::cmp::Reverse(name.len()));
    all.iter().fold(text.to_owned(), |text, name| text.replace(name, HIDDEN))
}

/// A copy bears the beginning of its original's digest in its name.
fn is_copy_of(copy: &File, original: &File) -> bool {
    copy.purpose == original.purpose && copy.name.contains(&original.digest[..12])
}

/// Puts the making of copies into the transaction that opens a round.
pub(crate) async fn want(tx: &mut Tx, round: &Round, now: Instant) -> Result<()> {
    if !round.setup.blind {
        return Ok(());
    }
    let job = NewJob::new(JOB, json!({ "round": round.id.text() })).dedup(round.id.text());
    jobs::enqueue(tx, job, now).await.map(drop)
}

/// What the module does later.
pub(crate) fn handlers(app: &App) -> Vec<(&'static str, Arc<dyn Handler>)> {
    vec![(JOB, Arc::new(Packets { app: app.clone() }) as Arc<dyn Handler>)]
}

struct Packets {
    app: App,
}

#[async_trait]
impl Handler for Packets {
    async fn run(&self, context: &Context, payload: Value) -> Result<Value> {
        let round: RoundId = payload["round"].as_str().unwrap_or_default().parse()?;
        prepare(&self.app, round, Some(context)).await?;
        Ok(json!({ "link": super::desk_page(round) }))
    }
}

/// Makes the copies that are missing, entry by entry; run again, it makes none twice.
pub(crate) async fn prepare(app: &App, id: RoundId, context: Option<&Context>) -> Result<u64> {
    let round = sql::round::get(&app.db, id).await?;
    let fields = fields(app, &round).await?;
    let entries = sql::entry::of_round(&app.db, id).await?;
    let mut made = 0;
    for (at, entry) in entries.iter().enumerate() {
        made += copies(app, &round, entry, &fields).await?;
        if let Some(context) = context
            && !context.progress(at as i64 + 1, entries.len() as i64, "review-packets-progress").await?
        {
            return Ok(made);
        }
    }
    Ok(made)
}

async fn copies(app: &App, round: &Round, entry: &Entry, fields: &[String]) -> Result<u64> {
    let originals = app.files.of(&app.db, &calls::ops::object(entry.application)).await?;
    let there = app.files.of(&app.db, &entry_object(entry.id)).await?;
    let mut made = 0;
    for original in originals.iter().filter(|file| fields.contains(&file.purpose)) {
        if there.iter().any(|copy| is_copy_of(copy, original)) || original.size as u64 > strip::BYTES_MOST {
            continue;
        }
        let bytes = app.files.bytes(original, strip::BYTES_MOST).await?;
        let copy = tokio::task::spawn_blocking(move || {
            strip::strip(&bytes).map(|copy| (strip::ending(&bytes).unwrap_or("txt"), copy))
        });
        let (ending, copy) = match copy.await.unwrap_or(Err(Kept::Broken)) {
            Ok(copy) => copy,
            Err(why) => {
                tracing::info!(entry = %entry.code, ?why, "a file of a blind round has no copy");
                continue;
            }
        };
        let stored = app.files.blobs().put_bytes(&copy).await?;
        let name = format!("{}-{}.{ending}", entry.code, &original.digest[..12]);
        let (mut tx, now) = (app.db.begin().await?, app.clock.now());
        let system = Actor::System("review");
        app.files.attach(&mut tx, &system, now, entry_object(entry.id), &original.purpose, &name, &stored).await?;
        let data = json!({ "code": entry.code });
        record::append(&mut tx, &system, now, "review.packet.copied", object(round.id), data).await?;
        tx.commit().await?;
        made += 1;
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hidden_in_every_form_in_which_they_stand() {
        let names = ["天津数聚演示科技有限公司".to_owned(), "王明".to_owned(), "李".to_owned()];
        let text = "天津数聚演示科技有限公司（下称天津数聚演示科技）由王明创立，李子成熟。";
        assert_eq!(hide(text, &names), "○○○（下称○○○）由○○○创立，李子成熟。");
    }
}
