//! Short messages of a circular: a link for each number that works for that number only.

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Actor, Locale, PersonId, Result, Text2};
use jobs::{Context, Handler, NewJob};
use module::{App, sms};
use serde_json::{Value, json};

use super::own_page;
use crate::model::{Circular, CircularId};
use crate::sql;

/// The kind of work that sends the short messages of a circular.
pub const KIND: &str = "notices.deliver";
/// People to whom a job sends in one transaction.
const AT_ONCE: usize = 50;

/// The job that sends to so many people.
pub(crate) fn job(id: CircularId, people: &[PersonId], reminder: bool) -> NewJob {
    let mut people: Vec<String> = people.iter().map(|person| person.text()).collect();
    people.sort_unstable();
    people.dedup();
    NewJob::new(KIND, json!({ "circular": id.text(), "people": people, "reminder": reminder }))
}

/// The handlers of this module's jobs.
pub(crate) fn handlers(app: &App) -> Vec<(&'static str, Arc<dyn Handler>)> {
    vec![(KIND, Arc::new(Deliver { app: app.clone() })), (super::robots::KIND, super::robots::handler(app))]
}

struct Deliver {
    app: App,
}

#[async_trait]
impl Handler for Deliver {
    async fn run(&self, context: &Context, payload: Value) -> Result<Value> {
        let id: CircularId = payload["circular"].as_str().unwrap_or_default().parse()?;
        let reminder = payload["reminder"].as_bool().unwrap_or_default();
        let people = payload["people"].as_array().map(Vec::as_slice).unwrap_or_default();
        let people: Vec<PersonId> =
            people.iter().filter_map(|person| person.as_str().and_then(|id| id.parse().ok())).collect();
        let circular = sql::get(&self.app.db, id).await?;
        let mut sent = 0;
        for (at, some) in people.chunks(AT_ONCE).enumerate() {
            sent += self.some(&circular, some, reminder, context).await?;
            context.progress((at * AT_ONCE) as i64, people.len() as i64, "notices-delivering").await?;
        }
        Ok(json!({ "sent": sent, "people": people.len() }))
    }
}

impl Deliver {
    /// Links and messages of some people commit together; a job that runs again finds its messages by their key.
    async fn some(&self, circular: &Circular, people: &[PersonId], reminder: bool, context: &Context) -> Result<i64> {
        let app = &self.app;
        let now = app.clock.now();
        let actor = Actor::System("notices");
        let words = app.words(Locale::ZhCn);
        let owner = app.organization_name(circular.owner).await.zh;
        let label = Text2::both(
            words.with("notices-link-label", &[("title", circular.title.clone().into())]),
            app.words(Locale::En).with("notices-link-label", &[("title", circular.title.clone().into())]),
        );
        let mobiles = access::mobiles_of(&app.access, &app.vault, people).await?;
        let mut tx = app.db.begin().await?;
        let mut sent = 0;
        for (person, mobile, locale) in mobiles {
            let target = own_page(circular.id);
            let token =
                access::make_link(&app.access, &app.vault, &mut tx, &actor, &mobile, label.clone(), &target).await?;
            let link = format!("{}/l/{}", app.config.public_url.trim_end_matches('/'), token.expose());
            let message = message(&app.words(locale), circular, &owner, &mobile, &link, reminder);
            let Some(job) = sms::job(app, &message)? else { continue };
            let key = format!("{}:{}:{person}", context.id(), circular.id);
            if jobs::enqueue(&mut tx, job.dedup(key), now).await?.is_some() {
                sent += 1;
            }
        }
        tx.commit().await?;
        Ok(sent)
    }
}

fn message(
    words: &ui::Words,
    circular: &Circular,
    owner: &str,
    mobile: &MobileNumber,
    link: &str,
    reminder: bool,
) -> sms::Message {
    let due = circular.due_on.map(|day| words.date(day)).unwrap_or_default();
    let params = [
        ("owner".to_owned(), owner.to_owned()),
        ("title".to_owned(), circular.title.clone()),
        ("due".to_owned(), due.clone()),
        ("link".to_owned(), link.to_owned()),
    ];
    let key = match (reminder, due.is_empty()) {
        (true, _) => "notices-sms-reminder",
        (false, true) => "notices-sms",
        (false, false) => "notices-sms-due",
    };
    let args: Vec<(&str, ui::Arg)> = params.iter().map(|(name, value)| (name.as_str(), value.clone().into())).collect();
    sms::Message {
        mobile: mobile.expose().to_owned(),
        means: notify::Means::Text,
        template: if reminder { "reminder" } else { "circular" }.into(),
        text: words.with(key, &args),
        params: params.into(),
        expires_at: None,
    }
}

/// A circular as a text for a group chat.
pub fn for_group(app: &App, circular: &Circular, owner: &str, locale: Locale) -> String {
    let t = app.words(locale);
    let link = format!("{}{}", app.config.public_url.trim_end_matches('/'), own_page(circular.id));
    let mut lines = vec![t.with("notices-group-title", &[("title", circular.title.clone().into())])];
    let body: String = circular.body.chars().take(300).collect();
    let cut = circular.body.chars().count() > 300;
    lines.push(if cut { format!("{body}……") } else { body });
    if let Some(due) = circular.due_on {
        lines.push(t.with("notices-group-due", &[("day", t.date(due).into())]));
    }
    lines.push(t.with("notices-group-link", &[("link", link.into())]));
    lines.push(
        t.with("notices-group-sign", &[("owner", owner.into()), ("day", t.date(circular.sent_at.date()).into())]),
    );
    lines.join("\n")
}
