//! Calls, forms and answers, for people.

use askama::Template;
use jinmen_core::{Instant, Money, Ratio, Text2};
use registry::dictionary::Value;
use registry::model::{AsOf, Source};
use serde_json::Value as Json;
use ui::{Badge, Choice, Fact, Facts, FieldKind, Html, Link, Moment, MoneyUnit, Step, Steps, Timeline, Tone, Words};

use crate::form::{Asked, Field, Format, Group, Kind};
use crate::model::{Application, ApplicationState, Call, Phase, StageKind, Track};
use crate::ops::loaded::{Eligibility, Loaded};

#[derive(Template)]
#[template(source = "{% for line in lines %}<p>{{ line }}</p>{% endfor %}", ext = "html")]
struct Paragraphs<'a> {
    lines: Vec<&'a str>,
}

/// A text of several paragraphs.
pub(crate) fn paragraphs(text: &str) -> Html {
    Html::of(&Paragraphs { lines: text.lines().filter(|line| !line.trim().is_empty()).collect() })
}

/// Where a call stands.
pub(crate) fn phase(t: &Words, call: &Call, now: Instant) -> Badge {
    let phase = call.phase(now);
    let tone = match phase {
        Phase::Draft | Phase::Over | Phase::Closed => Tone::Neutral,
        Phase::Soon => Tone::Info,
        Phase::Open => Tone::Good,
    };
    Badge::new(tone, t.of(&phase.message_key()))
}

/// Where an application stands.
pub(crate) fn state(t: &Words, state: ApplicationState) -> Badge {
    let tone = match state {
        ApplicationState::Draft | ApplicationState::Withdrawn => Tone::Neutral,
        ApplicationState::Submitted => Tone::Info,
        ApplicationState::Returned => Tone::Warning,
        ApplicationState::Approved => Tone::Good,
        ApplicationState::Rejected => Tone::Bad,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

/// The window of a call in words.
pub(crate) fn window(t: &Words, call: &Call) -> String {
    let at = |instant: Instant| t.instant(instant).into();
    match (call.opens_at, call.closes_at) {
        (Some(opens), Some(closes)) => t.with("calls-window-both", &[("from", at(opens)), ("to", at(closes))]),
        (Some(opens), None) => t.with("calls-window-from", &[("from", at(opens))]),
        (None, Some(closes)) => t.with("calls-window-to", &[("to", at(closes))]),
        (None, None) => t.of("calls-window-always"),
    }
}

/// How long until the end, in words; nothing when it does not matter.
pub(crate) fn left(t: &Words, call: &Call, now: Instant) -> Option<String> {
    let seconds = crate::ops::read::left(call.closes_at, now).filter(|_| call.phase(now) == Phase::Open)?;
    Some(match seconds {
        0..3_600 => t.with("calls-left-minutes", &[("n", (seconds / 60 + 1).into())]),
        3_600..172_800 => t.with("calls-left-hours", &[("n", (seconds / 3_600).into())]),
        _ => t.with("calls-left-days", &[("n", (seconds / 86_400).into())]),
    })
}

/// What a track or a group is called.
pub(crate) fn track(t: &Words, key: &str, tracks: &[Track]) -> String {
    tracks.iter().find(|track| track.key == key).map(|track| t.text(&track.title)).unwrap_or_default()
}

/// The stages of an application, as far as both sides see them. Of one that came without being applied for, checked data
/// stand for whatever comes before the notice.
pub(crate) fn stages(t: &Words, call: &Call, one: &Application, granted: bool) -> Steps {
    let place = call.setup.stages.iter().position(|stage| stage.key == one.stage).unwrap_or(0);
    let state_of = |at: usize| match (one.state, at.cmp(&place)) {
        (ApplicationState::Draft, _) => ui::StepState::Waiting,
        (ApplicationState::Approved, _) | (_, std::cmp::Ordering::Less) => ui::StepState::Done,
        (ApplicationState::Rejected | ApplicationState::Withdrawn, std::cmp::Ordering::Equal) => ui::StepState::Stopped,
        (_, std::cmp::Ordering::Equal) => ui::StepState::Current,
        _ => ui::StepState::Waiting,
    };
    let first = match one.state {
        ApplicationState::Draft => Step::new(t.of("calls-step-fill"), ui::StepState::Current),
        _ => Step::new(t.of("calls-step-submitted"), ui::StepState::Done)
            .note(one.submitted_at.map(|at| t.instant(at)).unwrap_or_default()),
    };
    let notice = call.setup.stages.iter().position(|stage| stage.kind == StageKind::Notice).filter(|_| granted);
    let checked =
        notice.map(|_| Step::new(t.of("calls-grant-step-checked"), ui::StepState::Done).note(t.of("calls-grant")));
    let rest = call.setup.stages.iter().enumerate().skip(notice.unwrap_or(0));
    let rest = rest.map(|(at, stage)| Step::new(t.text(&stage.title), state_of(at)));
    Steps(std::iter::once(first).chain(checked).chain(rest).collect())
}

/// A question's title; of a series with its year.
pub(crate) fn title(t: &Words, field: &Field, call: &Call) -> String {
    match field.kind {
        Kind::Fact { key, offset } if key.by_year => t.with(
            "calls-of-year",
            &[("name", t.text(&field.title).into()), ("year", (call.year() + offset).to_string().into())],
        ),
        _ => t.text(&field.title),
    }
}

/// An answer in words. Secret answers are masked.
pub(crate) fn answer(t: &Words, field: &Field, value: &Json) -> String {
    let text = value.as_str().unwrap_or_default();
    match &field.kind {
        Kind::Text { .. } if field.sensitive => crate::form::mask(text),
        Kind::Text { .. } => text.to_owned(),
        Kind::Integer { .. } => with_unit(t.number(value.as_i64().unwrap_or_default()), &field.unit),
        Kind::Money { .. } => t.money(Money::from_fen(value.as_i64().unwrap_or_default())),
        Kind::Decimal { .. } => with_unit(Ratio::parse(text).map_or_else(|_| text.to_owned(), decimal), &field.unit),
        Kind::Date => jinmen_core::Date::from_iso(text).map_or_else(|_| text.to_owned(), |day| t.date(day)),
        Kind::Yes => t.of(if value == &Json::Bool(true) { "calls-yes" } else { "calls-no" }),
        Kind::One(choices) => chosen(t, choices, text),
        Kind::Many { choices, .. } => {
            let names = value.as_array().into_iter().flatten().filter_map(Json::as_str);
            let names: Vec<String> = names.map(|one| chosen(t, choices, one)).collect();
            names.join(if t.is_chinese() { "、" } else { ", " })
        }
        Kind::File { .. } => String::new(),
        Kind::Group(group) => rows(t, group, value),
        Kind::Fact { key, .. } => match Value::from_json(key, &serde_json::json!({ "v": value })) {
            Ok(value) => registry::forms::value_words(t, key, &value),
            Err(_) => text.to_owned(),
        },
    }
}

fn with_unit(text: String, unit: &str) -> String {
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}

/// A fraction as people write it: at most six places.
fn decimal(ratio: Ratio) -> String {
    let text = ratio.to_decimal_string(6, jinmen_core::codes::Rounding::HalfUp);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn chosen(t: &Words, choices: &[crate::form::Choice], value: &str) -> String {
    choices.iter().find(|one| one.value == value).map_or_else(|| value.to_owned(), |one| t.text(&one.title))
}

/// Rows of a group, one a line.
fn rows(t: &Words, group: &Group, value: &Json) -> String {
    let row = |row: &Json| {
        let cells = group.fields.iter().filter_map(|field| {
            let value = row.get(&field.name)?;
            Some(format!("{}：{}", t.text(&field.title), answer(t, field, value)))
        });
        cells.collect::<Vec<_>>().join("；")
    };
    value.as_array().into_iter().flatten().map(row).collect::<Vec<_>>().join("\n")
}

/// The mark of a fact's source.
fn source(source: Source) -> ui::Source {
    match source {
        Source::SelfDeclared => ui::Source::Declared,
        Source::Imported => ui::Source::Imported,
        Source::Computed => ui::Source::Computed,
        Source::Verified => ui::Source::Verified,
    }
}

/// Everything that was answered, part by part: what came from the file with source and date.
pub(crate) fn answers(t: &Words, loaded: &Loaded, as_of: AsOf, open: Option<&str>) -> Html {
    let document = crate::ops::submit::masked(loaded);
    let mut html = Vec::new();
    for section in &loaded.form.sections {
        let lines: Vec<Fact> = section
            .fields
            .iter()
            .map(|at| &loaded.form.fields[*at])
            .filter(|field| !matches!(field.kind, Kind::File { .. }))
            .filter(|field| loaded.reading.asked(&field.name) != Asked::Not)
            .map(|field| line(t, loaded, field, &document, as_of, open))
            .collect();
        if !lines.is_empty() {
            html.push((t.text(&section.title), Facts { lines, legend: false }.show(t)));
        }
    }
    Html::of(&Parts { parts: html })
}

/// What was answered to some questions, part by part: titles with their questions and answers. Files and what nobody answered
/// are left out; secret answers are masked.
pub fn said(t: &Words, loaded: &Loaded, fields: &[String]) -> Vec<(String, Vec<(String, String)>)> {
    let document = crate::ops::submit::masked(loaded);
    let line = |field: &Field| {
        let value = document.get(&field.name)?;
        let text =
            if field.sensitive { value.as_str().unwrap_or_default().to_owned() } else { answer(t, field, value) };
        Some((title(t, field, &loaded.call), text))
    };
    let section = |section: &crate::form::Section| {
        let asked = section.fields.iter().map(|at| &loaded.form.fields[*at]);
        let shown = asked.filter(|field| fields.contains(&field.name) && !matches!(field.kind, Kind::File { .. }));
        (t.text(&section.title), shown.filter_map(line).collect::<Vec<_>>())
    };
    loaded.form.sections.iter().map(section).filter(|(_, lines)| !lines.is_empty()).collect()
}

fn line(t: &Words, loaded: &Loaded, field: &Field, document: &Json, as_of: AsOf, open: Option<&str>) -> Fact {
    let label = title(t, field, &loaded.call);
    let Some(value) = document.get(&field.name) else { return Fact::plain(label, String::new()) };
    // Secret answers in the document are masked already; masking a mask shows no more.
    let text = if field.sensitive { value.as_str().unwrap_or_default().to_owned() } else { answer(t, field, value) };
    if loaded.reading.asked(&field.name) != Asked::Filled {
        return Fact::plain(label, text);
    }
    let mut line = match loaded.fact(&field.name, as_of) {
        Some(fact) => Fact::from(label, text, source(fact.source), t.date(fact.recorded_at.date())),
        None => Fact::from(label, text, ui::Source::Verified, t.of("calls-from-file")),
    };
    if let Some(base) = open {
        line = line.action(Link::new(t.of("calls-correct-fact"), format!("{base}?open={0}#f-{0}", field.name)));
    }
    line
}

#[derive(Template)]
#[template(source = "{% for (title, body) in parts %}<h3>{{ title }}</h3>{{ body }}{% endfor %}", ext = "html")]
struct Parts {
    parts: Vec<(String, Html)>,
}

/// What comes from the file, with source and date and a way to say something newer; nothing where nothing does.
pub(crate) fn filled(t: &Words, loaded: &Loaded, as_of: AsOf, base: &str, opened: &[String]) -> Html {
    let document = loaded.reading.document(&loaded.form);
    let lines: Vec<Fact> = loaded
        .form
        .fields
        .iter()
        .filter(|field| loaded.reading.asked(&field.name) == Asked::Filled && !opened.contains(&field.name))
        .map(|field| line(t, loaded, field, &document, as_of, loaded.application.opens(&field.name).then_some(base)))
        .collect();
    if lines.is_empty() { Html::default() } else { Facts { lines, legend: true }.show(t) }
}

/// What the rule says: each clause with its proof.
pub(crate) fn eligibility(t: &Words, said: &Eligibility) -> Html {
    let Eligibility::Said { outcome, clauses } = said else { return Html::default() };
    let (tone, key) = match outcome.as_str() {
        "eligible" => (Tone::Good, "calls-eligible"),
        "needs_people" => (Tone::Info, "calls-eligible-people"),
        "unknown" => (Tone::Warning, "calls-eligible-unknown"),
        _ => (Tone::Bad, "calls-eligible-not"),
    };
    let proofs = clauses.iter().map(|clause| registry::proof::proof(t, clause)).collect();
    Html::of(&Said { badge: Badge::new(tone, t.of(key)), proofs })
}

#[derive(Template)]
#[template(source = "<p>{{ badge.show() }}</p>{% for proof in proofs %}{{ proof }}{% endfor %}", ext = "html")]
struct Said {
    badge: Badge,
    proofs: Vec<Html>,
}

/// A question as a field of a form, under its path, with what was typed.
pub(crate) fn field(t: &Words, field: &Field, path: &str, label: String, typed: &[String]) -> ui::Field {
    let help = t.text(&field.help);
    let choices = |all: &[crate::form::Choice]| -> Vec<Choice> {
        all.iter().map(|one| Choice::new(one.value.clone(), t.text(&one.title))).collect()
    };
    let mut made = match &field.kind {
        Kind::Text { lines, most, format, .. } => {
            let kind = match format {
                Some(Format::Email) => FieldKind::Email,
                Some(Format::Tel | Format::Mobile) => FieldKind::Telephone,
                _ if *lines => FieldKind::TextArea,
                _ => FieldKind::Text,
            };
            ui::Field::new(kind, path, label).max_length(*most)
        }
        Kind::Integer { .. } => ui::Field::integer(path, label),
        Kind::Money { .. } => ui::Field::money(path, label, MoneyUnit::Wan),
        Kind::Decimal { .. } | Kind::File { .. } | Kind::Group(_) => ui::Field::text(path, label),
        Kind::Date => ui::Field::date(path, label),
        Kind::Yes if field.required => ui::Field::checkbox(path, label),
        Kind::Yes => {
            let both = vec![Choice::new("yes", t.of("calls-yes")), Choice::new("no", t.of("calls-no"))];
            ui::Field::radio(path, label, both)
        }
        Kind::One(all) if all.len() <= 6 => ui::Field::radio(path, label, choices(all)),
        Kind::One(all) => ui::Field::select(path, label, choices(all)),
        Kind::Many { choices: all, .. } => ui::Field::checkboxes(path, label, choices(all)),
        Kind::Fact { key, .. } => {
            let mut made = registry::forms::field(t, key, None);
            made.name = path.to_owned();
            made.label = label;
            made
        }
    };
    made.values = typed.iter().filter(|text| !text.is_empty()).cloned().collect();
    made.required = field.required;
    made.half = field.half;
    made.sensitive = field.sensitive;
    if !help.is_empty() {
        made.help = help;
    }
    if !field.unit.is_empty() {
        made.note = field.unit.clone();
    }
    made
}

/// What happened to an application, as both sides see it: what only the office does is left out.
pub(crate) fn timeline(t: &Words, entries: &[record::Entry], office: bool) -> Html {
    let moments: Vec<Moment> = entries
        .iter()
        .filter(|entry| entry.action.starts_with("calls.application."))
        .filter(|entry| {
            office || !matches!(entry.action.as_str(), "calls.application.in_hand" | "calls.application.judged")
        })
        .map(|entry| moment(t, entry, office))
        .collect();
    Timeline { moments }.show(t)
}

fn moment(t: &Words, entry: &record::Entry, office: bool) -> Moment {
    let data = entry.data.as_ref();
    let args = data.map(module::message_args).unwrap_or_default();
    let text = |name: &str| data.and_then(|data| data[name].as_str()).unwrap_or_default().to_owned();
    let tone = match entry.action.as_str() {
        "calls.application.returned" | "calls.application.sent_back" => Tone::Warning,
        "calls.application.rejected" => Tone::Bad,
        "calls.application.approved" | "calls.application.admitted" => Tone::Good,
        _ => Tone::Info,
    };
    // Who of the office did it is the office's matter; applicants see the office.
    let by_office = matches!(
        entry.action.as_str(),
        "calls.application.returned"
            | "calls.application.advanced"
            | "calls.application.sent_back"
            | "calls.application.approved"
            | "calls.application.rejected"
            | "calls.application.admitted"
    );
    let who = match (entry.actor.kind.as_str(), by_office && !office) {
        ("system", _) => t.of("module-by-system"),
        (_, true) => t.of("calls-the-office"),
        _ => entry.actor.name.clone(),
    };
    Moment {
        when: t.instant(entry.at),
        title: t.with(&entry.message_key(), &args),
        who,
        text: text("reason"),
        tone,
        ..Moment::default()
    }
}

/// What was said, newest first.
pub(crate) fn comments(t: &Words, comments: &[cases::Comment]) -> Html {
    if comments.is_empty() {
        return paragraphs(&t.of("calls-said-nothing"));
    }
    let moment = |one: &cases::Comment| Moment {
        when: t.instant(one.created_at),
        title: one.author_name.clone(),
        who: match one.audience {
            cases::Audience::Internal => t.of("calls-note-internal"),
            cases::Audience::Shared => String::new(),
        },
        text: one.text.clone(),
        tone: if one.audience == cases::Audience::Internal { Tone::Neutral } else { Tone::Info },
        ..Moment::default()
    };
    Timeline { moments: comments.iter().map(moment).collect() }.show(t)
}

#[derive(Template)]
#[template(
    source = "<ul>{% for link in links %}<li><a href=\"{{ link.href }}\">{{ link.label }}</a></li>{% endfor %}</ul>",
    ext = "html"
)]
struct Links {
    links: Vec<Link>,
}

/// Files as links; `base` is where they are handed out.
pub(crate) fn files(t: &Words, loaded: &Loaded, base: &str) -> Html {
    let links: Vec<Link> = loaded
        .files
        .iter()
        .filter_map(|file| {
            let field = loaded.form.field(&file.purpose)?;
            Some(Link::new(format!("{}：{}", t.text(&field.title), file.name), format!("{base}/{}", file.id)))
        })
        .collect();
    if links.is_empty() {
        return paragraphs(&t.of("calls-files-none"));
    }
    Html::of(&Links { links })
}

/// A list of links.
pub(crate) fn links(links: Vec<Link>) -> Html {
    if links.is_empty() { Html::default() } else { Html::of(&Links { links }) }
}

/// A text in the reader's language.
pub(crate) fn both(t: &Words, text: &Text2) -> Html {
    paragraphs(&t.text(text))
}

#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    number: String,
    title: String,
    facts: Vec<(String, String)>,
    parts: Vec<(String, Vec<String>)>,
}

/// The page of an archive, for people who open it without any program of ours.
pub(crate) fn archive_page(t: &Words, case: &Json) -> String {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let at = |json: &Json| json.as_i64().map(|at| t.instant(Instant(at))).unwrap_or_default();
    let list = |key: &str| case[key].as_array().cloned().unwrap_or_default();
    let joined = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let handed = list("submissions");
    let handed = handed.iter().map(|one| joined(vec![at(&one["at"]), text(&one["by"]), text(&one["digest"])]));
    let steps = list("steps");
    let steps = steps.iter().map(|one| {
        joined(vec![at(&one["at"]), text(&one["title"]), text(&one["said"]), text(&one["by"]), text(&one["opinion"])])
    });
    let record = list("record");
    let record = record.iter().map(|one| joined(vec![at(&one["at"]), text(&one["action"]), text(&one["by"])]));
    let said = list("messages");
    let said = said.iter().map(|one| joined(vec![at(&one["at"]), text(&one["by"]), text(&one["text"])]));
    let facts = vec![
        (t.of("calls-number"), text(&case["number"])),
        (t.of("calls-applicant"), text(&case["applicant"])),
        (t.of("calls-state"), text(&case["state_said"])),
        (t.of("calls-reason"), text(&case["reason"])),
    ];
    let parts = vec![
        (t.of("calls-handed-in"), handed.collect::<Vec<_>>()),
        (t.of("calls-opinions"), steps.collect()),
        (t.of("calls-timeline"), record.collect()),
        (t.of("calls-messages"), said.collect()),
    ];
    let page = ArchivePage {
        number: text(&case["number"]),
        title: text(&case["call"]["title"]),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        parts: parts.into_iter().filter(|(_, rows)| !rows.is_empty()).collect(),
    };
    page.render().unwrap_or_default()
}
