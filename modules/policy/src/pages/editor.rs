//! The editor: the clauses in words and the program side by side, with what a check says, and red lines in the words.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, Result, Scope};
use module::pages::{FilePage, Panel, again, frame};
use module::{Answer, App, Form as FormBody, Path, Visit};
use rules::cases::{Difference as Differs, Failure};
use ui::{Alert, Field, Form, Html, Tabs, Tone, Words};

use super::desk::PATH;
use super::{library, life};
use crate::model::{Body, ClauseText, Guide, Material, Policy, PolicyId, Version, Window};
use crate::ops::program::{self, Checked};
use crate::ops::reach::{self as reaching, Asked, Listed};
use crate::ops::{edit, library as reading};
use crate::permissions;

/// What a policy begins with: a program that says nothing yet and shows where things go.
const BLANK: &str = include_str!("../../data/blank.yaml");

/// Fields as they are sent, several of one name among them.
type Sent = Vec<(String, String)>;

fn first<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// The editor of a draft.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    let read = reading::read(&app, &visit.actor, id).await?;
    let t = app.words(visit.locale);
    let version = read.version.unwrap_or_else(|| blank(&t, &read.policy.title.zh, &read.policy.issuer));
    draw(&app, &visit, id, &version, None, |form| Ok((StatusCode::OK, form))).await
}

fn blank(t: &Words, title: &str, issuer: &str) -> Version {
    // Titles and issuers are quoted as JSON, which YAML reads.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let text = BLANK.replace("TITLE", &quoted(title)).replace("ISSUER", &quoted(issuer));
    let sentence = ClauseText { id: "A".into(), zh: t.of("policy-blank-sentence"), en: String::new() };
    let body = Body { clauses: vec![sentence], ..Body::default() };
    Version { version: 0, text, body, made_at: jinmen_core::Instant::default(), made_name: String::new() }
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: PolicyId,
    version: &Version,
    alert: Option<Alert>,
    each: impl FnOnce(Form) -> std::result::Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let policy = reading::read(app, &visit.actor, id).await?.policy;
    let checked = program::check(&version.text)?;
    let (status, form) = each(form(&t, visit, id, version))?;
    let told = told(app, visit, &policy, version, &checked).await?;
    let mut panels = vec![
        Panel::new("check", t.of("policy-check"), Html::of(&Live { path: format!("{PATH}/{id}/check"), told })),
        Panel::new("text", t.of("policy-text"), form.show(&t)),
    ];
    let versions = edit::versions(app, &visit.actor, id).await?;
    let lines = versions
        .iter()
        .map(|(number, at, name)| {
            ui::Fact::plain(t.with("policy-version", &[("n", (*number).into())]), format!("{} {name}", t.instant(*at)))
        })
        .collect();
    panels.push(Panel::new("facts", t.of("policy-facts-known"), facts(&t, &checked)));
    panels.push(Panel::new("versions", t.of("policy-versions"), ui::Facts { lines, legend: false }.show(&t)));
    let view = FilePage {
        frame: frame(
            app,
            visit,
            t.text(&policy.title),
            &[(PATH, t.of("policy-desk")), (&format!("{PATH}/{id}"), policy.number.clone())],
        )
        .await?,
        subtitle: t.of("policy-editor-help"),
        badges: Vec::new(),
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

#[derive(Template)]
#[template(path = "_live.html")]
struct Live {
    path: String,
    told: Html,
}

/// What is told of a text while it is written.
#[derive(Template)]
#[template(path = "_told.html")]
struct Told<'a> {
    t: &'a Words,
    marks: Html,
    said: Html,
    reach: Option<String>,
}

/// Red lines in the sentences, what a check of the program says, and whom it would reach.
async fn told(app: &App, visit: &Visit, policy: &Policy, version: &Version, checked: &Checked) -> Result<Html> {
    let t = app.words(visit.locale);
    let reach = would_reach(app, visit, policy, version, checked).await?;
    Ok(Html::of(&Told { t: &t, marks: life::red_lines(&t, &version.body), said: said(&t, checked), reach }))
}

/// Whom a program would reach were it in force, in a sentence; nothing where that takes long or is not the actor's to ask.
async fn would_reach(
    app: &App,
    visit: &Visit,
    policy: &Policy,
    version: &Version,
    checked: &Checked,
) -> Result<Option<String>> {
    let t = app.words(visit.locale);
    let Some(program) = &checked.program else { return Ok(None) };
    let may = visit.actor.may(&permissions::REACH, &Scope::owned_by(policy.owner)).is_ok();
    if !may || reaching::size(app, &visit.actor).await? > super::reach::AT_ONCE {
        return Ok(None);
    }
    let asked = Asked { policy: policy.clone(), version: version.clone(), program: program.enacted() };
    let (reach, _) = reaching::reach(app, &visit.actor, &asked, Listed::default(), None).await?;
    let number = |number: u64| t.number(i64::try_from(number).unwrap_or(i64::MAX));
    Ok(Some(t.with(
        "policy-would-reach",
        &[
            ("reached", number(reach.reached).into()),
            ("open", number(reach.open).into()),
            ("all", number(reach.organizations).into()),
            ("sum", super::shown::sum(&t, reach.fen).into()),
        ],
    )))
}

/// The same of what somebody writes at this moment; nothing is kept.
pub(crate) async fn check(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let policy = edit::to_write(&app, &visit.actor, id).await?;
    let body = body(&sent, String::new());
    let text = first(&sent, "text").replace("\r\n", "\n");
    let checked = program::check(&text)?;
    let version = Version { version: 0, text, body, made_at: app.clock.now(), made_name: String::new() };
    let told = told(&app, &visit, &policy, &version, &checked).await?;
    Ok(ui::page(StatusCode::OK, &Fragment { told }))
}

#[derive(Template)]
#[template(source = "{{ told }}", ext = "html")]
struct Fragment {
    told: Html,
}

/// Clauses with a blank line for another, the program, the guide.
fn form(t: &Words, visit: &Visit, id: PolicyId, version: &Version) -> Form {
    let body = &version.body;
    let mut clauses = Vec::new();
    let more = ClauseText::default();
    for (at, one) in body.clauses.iter().chain([&more]).enumerate() {
        let number = (at + 1) as i64;
        let label = |key: &str| t.with(key, &[("n", number.into())]);
        clauses.push(Field::text("clause_id", label("policy-clause-id")).value(one.id.clone()).nth(at).half());
        clauses.push(Field::text_area("clause_zh", label("policy-clause-zh")).value(one.zh.clone()).nth(at));
        clauses.push(Field::text_area("clause_en", label("policy-clause-en")).value(one.en.clone()).nth(at));
    }
    let windows: Vec<String> = body.guide.windows.iter().map(|one| format!("{} {}", one.from, one.to)).collect();
    let materials: Vec<String> = body
        .guide
        .materials
        .iter()
        .map(|one| if one.required { format!("* {}", one.name) } else { one.name.clone() })
        .collect();
    let guide = vec![
        Field::text_area("windows", t.of("policy-windows")).help(t.of("policy-windows-help")).value(windows.join("\n")),
        Field::text_area("materials", t.of("policy-materials"))
            .help(t.of("policy-materials-help"))
            .value(materials.join("\n")),
        Field::text("office", t.of("policy-office")).value(body.guide.office.clone()).half(),
        Field::text("address", t.of("policy-address")).value(body.guide.address.clone()).half(),
        Field::text("telephone", t.of("policy-telephone")).value(body.guide.telephone.clone()).half(),
    ];
    let mut text = Field::text_area("text", t.of("policy-program-text")).required().value(version.text.clone());
    text.help = t.of("policy-program-help");
    let action = visit.once(&format!("{PATH}/{id}/text"));
    let mut form = Form::post(action, visit.form_token.clone(), t.of("policy-keep-version"));
    form.beside = Some(("clause_id", "text"));
    form.section(t.of("policy-sentences"), t.of("policy-sentences-help"), clauses)
        .section(t.of("policy-program"), String::new(), vec![text, Field::hidden("seen", version.version.to_string())])
        .section(t.of("policy-guide"), String::new(), guide)
        .also("then", "stay", t.of("policy-check-now"))
        .cancel(format!("{PATH}/{id}"))
}

/// Keeps a version, and shows what a check says about it.
pub(crate) async fn keep(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let seen = first(&sent, "seen").parse().unwrap_or(0);
    let old = reading::read(&app, &visit.actor, id).await?.version.map(|version| version.body).unwrap_or_default();
    let body = body(&sent, old.interpretation);
    let text = first(&sent, "text").replace("\r\n", "\n");
    match edit::keep(&app, &visit.actor, id, seen, &text, &body).await {
        Ok(_) if first(&sent, "then") == "stay" => Ok(Redirect::to(&format!("{PATH}/{id}/text#check")).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("{PATH}/{id}#text")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Stale)) => {
            let t = app.words(visit.locale);
            // A text that is too long to be checked is not checked again for the page that says so.
            let shown = if text.len() > crate::model::TEXT_MOST { String::new() } else { text };
            let version =
                Version { version: seen, text: shown, body, made_at: app.clock.now(), made_name: String::new() };
            draw(&app, &visit, id, &version, None, |form| again(&t, form, error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What is no program, from the form's fields.
fn body(sent: &Sent, interpretation: String) -> Body {
    let all = |name: &'static str| {
        sent.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.replace("\r\n", "\n"))
    };
    let clauses = all("clause_id")
        .zip(all("clause_zh"))
        .zip(all("clause_en"))
        .map(|((id, zh), en)| ClauseText {
            id: id.trim().to_owned(),
            zh: zh.trim().to_owned(),
            en: en.trim().to_owned(),
        })
        .filter(|one| !one.id.is_empty() || !one.zh.is_empty())
        .collect();
    let lines = |name: &'static str| {
        all(name)
            .next()
            .unwrap_or_default()
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
    };
    let window = |line: String| {
        let (from, to) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        Window { from: from.trim().to_owned(), to: to.trim().to_owned() }
    };
    let material = |line: String| match line.strip_prefix('*') {
        Some(name) => Material { name: name.trim().to_owned(), required: true },
        None => Material { name: line, required: false },
    };
    Body {
        clauses,
        guide: Guide {
            windows: lines("windows").into_iter().map(window).collect(),
            materials: lines("materials").into_iter().map(material).collect(),
            office: first(sent, "office").trim().to_owned(),
            address: first(sent, "address").trim().to_owned(),
            telephone: first(sent, "telephone").trim().to_owned(),
        },
        interpretation,
    }
}

#[derive(Template)]
#[template(path = "_checked.html")]
struct Said<'a> {
    t: &'a Words,
    good: &'static str,
    passed: usize,
    findings: Vec<String>,
    failed: Vec<String>,
}

/// What a check says, line by line.
pub(super) fn said(t: &Words, checked: &Checked) -> Html {
    let finding = |one: &rules::Finding| {
        let place =
            t.with("policy-place", &[("line", (one.line as i64).into()), ("column", (one.column as i64).into())]);
        let args = [
            ("place", place.into()),
            ("clause", one.clause.as_str().into()),
            ("what", t.of(&format!("policy-code-{}", one.code)).into()),
            ("detail", one.message.as_str().into()),
        ];
        t.with("policy-finding", &args).replace("  ", " ")
    };
    let differs = |one: &Differs| match one {
        Differs::Case(problem) => problem.clone(),
        Differs::Answer { key, expected, found } => t.with(
            "policy-case-differs",
            &[("key", key.as_str().into()), ("expected", expected.as_str().into()), ("found", found.as_str().into())],
        ),
    };
    let failed = |one: &Failure| {
        let what: Vec<String> = one.differences.iter().map(differs).collect();
        t.with(
            "policy-case",
            &[
                ("clause", one.clause.as_str().into()),
                ("n", (one.case as i64).into()),
                ("what", what.join(&t.of("policy-case-and")).into()),
            ],
        )
    };
    Html::of(&Said {
        t,
        good: Tone::Good.class(),
        passed: checked.passed,
        findings: checked.findings.iter().map(finding).collect(),
        failed: checked.failed.iter().map(failed).collect(),
    })
}

/// The facts that the program reads: those of the file, and those that are asked.
fn facts(t: &Words, checked: &Checked) -> Html {
    let Some(program) = &checked.program else { return library::paragraphs(&t.of("policy-facts-none")) };
    let line = |fact: &rules::Fact| {
        let [zh, en] = &fact.label;
        let label = if t.is_chinese() || en.is_empty() { zh } else { en };
        let source = match &fact.registry {
            Some(key) => t.with("policy-fact-registry", &[("key", key.as_str().into())]),
            None => t.of("policy-fact-asked"),
        };
        ui::Fact::plain(if label.is_empty() { fact.name.clone() } else { label.clone() }, source)
    };
    ui::Facts { lines: program.facts.iter().map(line).collect(), legend: false }.show(t)
}

/// A version of a policy, beside the one before it.
pub(crate) async fn version(State(app): State<App>, visit: Visit, Path((id, number)): Path<(PolicyId, i64)>) -> Answer {
    let t = app.words(visit.locale);
    let policy = reading::read(&app, &visit.actor, id).await?.policy;
    let new = edit::version(&app, &visit.actor, id, number).await?;
    let old = match number {
        2.. => Some(edit::version(&app, &visit.actor, id, number - 1).await?),
        _ => None,
    };
    let body = compared(&t, old.as_ref(), &new)?;
    let view = FilePage {
        frame: frame(
            &app,
            &visit,
            t.with("policy-version", &[("n", number.into())]),
            &[(PATH, t.of("policy-desk")), (&format!("{PATH}/{id}"), policy.number.clone())],
        )
        .await?,
        subtitle: format!("{} {}", t.instant(new.made_at), new.made_name),
        badges: Vec::new(),
        actions: Vec::new(),
        alert: None,
        tabs: Tabs::default(),
        panels: vec![Panel::new("difference", t.of("policy-difference"), body)],
        aside: Vec::new(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// A line of a comparison.
struct Line {
    mark: &'static str,
    class: &'static str,
    text: String,
}

#[derive(Template)]
#[template(
    source = "<pre class=\"jm-difference\">{% for line in lines %}<span class=\"{{ line.class }}\">{{ line.mark }} {{ line.text }}\n</span>{% endfor %}</pre>",
    ext = "html"
)]
struct Difference {
    lines: Vec<Line>,
}

/// What changed between two versions, line by line: sentences, then program.
fn compared(t: &Words, old: Option<&Version>, new: &Version) -> Result<Html> {
    let whole = |version: &Version| {
        let sentences =
            version.body.clauses.iter().flat_map(|one| [format!("[{}] {}", one.id, one.zh), one.en.clone()]);
        let mut lines: Vec<String> = sentences.filter(|line| !line.is_empty()).collect();
        lines.push(String::new());
        lines.extend(version.text.lines().map(str::to_owned));
        lines.join("\n")
    };
    let (before, after) = (old.map(whole).unwrap_or_default(), whole(new));
    let changes = similar::TextDiff::from_lines(&before, &after);
    let lines: Vec<Line> = changes
        .iter_all_changes()
        .map(|change| {
            let (mark, class) = match change.tag() {
                similar::ChangeTag::Delete => ("-", "jm-removed"),
                similar::ChangeTag::Insert => ("+", "jm-added"),
                similar::ChangeTag::Equal => (" ", ""),
            };
            Line { mark, class, text: change.value().trim_end_matches('\n').to_owned() }
        })
        .collect();
    if lines.iter().all(|line| line.class.is_empty()) {
        return Ok(library::paragraphs(&t.of("policy-difference-none")));
    }
    Ok(Html::of(&Difference { lines }))
}
