//! The one-subject page of an organisation: what we know, since when, from whom; how complete;
//! who and how related and why; documents; history.

use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{Date, Object, OrganizationId, PageRequest};
use module::{Answer, App, Path, Query, Visit};
use serde::Deserialize;
use ui::{Alert, Badge, Fact, Facts, Html, Link, Neighbour, Relations, Ring, Tab, Tabs, Tone, Words};

use super::shared::{FilePage, Panel, button_form, frame, history};
use super::{facts, parts, shared};
use crate::dictionary::dictionary;
use crate::model::AsOf;
use crate::ops::attach_document;
use crate::ops::read_organization::{self, OrganizationFile};

/// Which part of the page, and both times of the question.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(crate) struct Asked {
    pub(crate) tab: String,
    /// True on this day.
    pub(crate) day: String,
    /// As known at the end of this day.
    pub(crate) known: String,
    pub(crate) after: Option<String>,
}

impl Asked {
    /// Both times; a day that cannot be read is today.
    pub(crate) fn as_of(&self, app: &App) -> AsOf {
        let now = app.clock.now();
        let day = Date::parse(&self.day).unwrap_or_else(|_| app.clock.today());
        let known = match Date::parse(&self.known) {
            Ok(day) => jinmen_core::Instant::start_of(day).plus_seconds(86_400).min(now),
            Err(_) => now,
        };
        AsOf { day, known }
    }

    pub(crate) fn is_past(&self) -> bool {
        !self.day.trim().is_empty() || !self.known.trim().is_empty()
    }
}

/// The page.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganizationId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let t = app.words(visit.locale);
    let file = read_organization::file(&app, &visit.actor, id, asked.as_of(&app)).await?;
    if !file.organization.active
        && let Some(moved) = super::merge::moved(&app, id).await
    {
        return Ok(moved);
    }
    let subject = Object::from(id);
    let base = format!("/work/organizations/{id}");
    let panels = match asked.tab.as_str() {
        "people" => vec![parts::people(&t, &visit, &file, &base)],
        "relations" => relation_panels(&t, &visit, &file, &base),
        "documents" => {
            let documents = attach_document::documents(&app, &visit.actor, &subject).await?;
            vec![
                parts::documents(&t, &visit, &documents, file.may_edit, &base),
                parts::comments(&app, &t, &visit, &subject, file.may_keep, &base).await?,
            ]
        }
        "history" => {
            let page = PageRequest { after: asked.after.clone(), limit: None };
            let entries = read_organization::history(&app, &visit.actor, id, &page).await?;
            let pager = ui::Pager {
                previous: None,
                next: entries.next.map(|after| format!("{base}?tab=history&after={after}")),
                count: None,
            };
            let body = Html::of(&shared::Pair(history(&t, &entries.items).show(&t), pager.show(&t)));
            vec![Panel::new("history", t.of("registry-tab-history"), body)]
        }
        _ => fact_panels(&t, &visit, &file, &asked, &base),
    };
    let organization = &file.organization;
    let view = FilePage {
        frame: frame(
            &app,
            &visit,
            t.text(&organization.name),
            &[("/work/organizations", t.of("registry-organizations"))],
        )
        .await?,
        subtitle: organization.uscc.map(|code| code.to_string()).unwrap_or_else(|| t.of("registry-no-uscc")),
        badges: badges(&t, &file),
        actions: if file.may_edit {
            vec![
                Link::new(t.of("registry-handlers"), format!("{base}/handlers")).icon("users"),
                Link::new(t.of("registry-edit"), format!("{base}/edit")).icon("edit"),
            ]
        } else {
            Vec::new()
        },
        alert: past(&t, &asked, &base),
        tabs: tabs(&t, &asked.tab, &base, file.people.len()),
        panels,
        aside: aside(&app, &t, &visit, &file, &base).await?,
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// Says that the page shows the past.
pub(crate) fn past(t: &Words, asked: &Asked, base: &str) -> Option<Alert> {
    asked.is_past().then(|| {
        Alert::new(Tone::Info, t.of("registry-past")).link(Link::new(t.of("registry-past-now"), base.to_owned()))
    })
}

fn badges(t: &Words, file: &OrganizationFile) -> Vec<Badge> {
    let one = &file.organization;
    let mut badges = vec![Badge::new(Tone::Info, dictionary().label("organization_kind", &one.kind, t.locale))];
    if let Some(size) = &one.size_class {
        badges.push(Badge::new(Tone::Neutral, dictionary().label("enterprise_size", size, t.locale)));
    }
    for side in file.relations.iter().filter(|side| side.outgoing && side.relation.kind == "member_of") {
        if let Some(grade) = &side.relation.grade {
            badges.push(Badge::new(Tone::Good, dictionary().label("member_grade", grade, t.locale)));
        }
    }
    let (tone, key) = if one.listed { (Tone::Good, "registry-listed") } else { (Tone::Neutral, "registry-unlisted") };
    badges.push(Badge::new(tone, t.of(key)));
    badges
}

fn tabs(t: &Words, active: &str, base: &str, people: usize) -> Tabs {
    let tab = |name: &str, count: Option<i64>| Tab {
        label: t.of(&format!("registry-tab-{}", if name.is_empty() { "facts" } else { name })),
        href: if name.is_empty() { base.to_owned() } else { format!("{base}?tab={name}") },
        active: active == name
            || (name.is_empty() && !["people", "relations", "documents", "history"].contains(&active)),
        count,
    };
    Tabs(vec![
        tab("", None),
        tab("people", i64::try_from(people).ok()),
        tab("relations", None),
        tab("documents", None),
        tab("history", None),
    ])
}

fn fact_panels(t: &Words, visit: &Visit, file: &OrganizationFile, asked: &Asked, base: &str) -> Vec<Panel> {
    let shown = facts::Shown {
        file: &file.facts,
        as_of: file.as_of,
        base: Some(base),
        may_edit: file.may_edit,
        sees_restricted: file.sees_restricted,
    };
    let mut panels = Vec::new();
    let intro = t.text(&file.organization.intro);
    if !intro.is_empty() {
        panels.push(Panel::new("about", t.of("registry-section-about"), Html::text(&intro)));
    }
    panels.extend(facts::panels(t, "organization", &shown));
    panels.push(parts::contacts(t, visit, &file.contacts, file.may_edit, base));
    panels.push(facts::as_of_form(t, asked, base));
    panels
}

fn relation_panels(t: &Words, visit: &Visit, file: &OrganizationFile, base: &str) -> Vec<Panel> {
    let neighbours: Vec<Neighbour> = file
        .relations
        .iter()
        .take(12)
        .map(|side| Neighbour {
            label: t.text(&side.other_name),
            href: format!("/work/organizations/{}", side.other),
            relation: parts::relation_words(t, side),
            kind: if side.outgoing { 0 } else { 1 },
        })
        .collect();
    let drawing = Relations { centre: t.text(&file.organization.name), neighbours }.show(t);
    vec![Panel::new("graph", t.of("registry-relations-graph"), drawing), parts::relations(t, visit, file, base)]
}

async fn aside(
    app: &App,
    t: &Words,
    visit: &Visit,
    file: &OrganizationFile,
    base: &str,
) -> jinmen_core::Result<Vec<Panel>> {
    let percent = file.facts.completeness("organization", file.as_of);
    let ring = Ring { percent: u8::try_from(percent).unwrap_or(100) }.show(t);
    let missing: Vec<Fact> = file
        .facts
        .missing("organization", file.as_of)
        .into_iter()
        .take(5)
        .map(|key| {
            let link = Link::new(t.of("registry-complete"), format!("{base}/facts?group={}#f-{}", key.group, key.key));
            Fact::missing(key.label(t.locale), file.may_edit.then_some(link))
        })
        .collect();
    let missing = Facts { lines: missing, legend: false }.show(t);
    let mut panels =
        vec![Panel::new("complete", t.of("registry-completeness"), Html::of(&shared::Pair(ring, missing)))];
    if file.may_edit {
        let listed = file.organization.listed;
        let (value, label) = if listed { ("no", "registry-unlist") } else { ("yes", "registry-list") };
        let form = button_form(visit, &format!("{base}/listed"), &[("listed", value)], &t.of(label)).show(t);
        let text = Html::text(&t.of(if listed { "registry-listed-text" } else { "registry-unlisted-text" }));
        panels.push(Panel::new("listing", t.of("registry-listing"), Html::of(&shared::Pair(text, form))).link(
            listed.then(|| Link::new(t.of("registry-public-page"), format!("/organizations/{}", file.organization.id))),
        ));
    }
    if file.may_keep {
        panels.push(super::claim_desk::panel(app, t, visit, file, base).await?);
        panels.push(parts::tags(app, t, visit, &Object::from(file.organization.id), base).await?);
        panels.push(super::report::activity_panel(app, t, visit, base));
        let joined = crate::ops::merge::joined(app, file).await?;
        panels.extend(super::merge::panel(t, visit, file.organization.id, &joined, true));
    }
    Ok(panels)
}
