//! The secretariat's pages of claiming: how far one has come, letters to be printed, claims to be checked.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use cases::Standing;
use jinmen_core::{Error, Object, OrganizationId, PageRequest, Result};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{Alert, Badge, Cell, Choice, Column, Empty, Fact, Facts, Field, Form, Frame, Html, Link, Pager, Row};
use ui::{Tab, Table, Tabs, Tile, Tiles, Tone, Words};

use super::claims::{badge, said};
use super::shared::{FilePage, Panel, button_form, frame, history};
use crate::model::{Claim, ClaimId, ClaimKind, ClaimProgress, ClaimState, Letter};
use crate::ops::claims::decide::{self, Outcome};
use crate::ops::claims::letters::{self, Wanted};
use crate::ops::claims::read::{self, ClaimCase};
use crate::ops::claims::{self, CHECK, release};

const PATH: &str = "/work/claims";

#[derive(Template)]
#[template(path = "claims.html")]
struct ListPage {
    frame: Frame,
    tiles: Tiles,
    progress: String,
    done: i64,
    all: i64,
    forms: Vec<Form>,
    tabs: Tabs,
    table: Table,
    pager: Pager,
}

/// Which claims.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    state: String,
    after: Option<String>,
}

/// How far the alliance has come, and the claims by state.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let progress = read::progress(&app, &visit.actor).await?;
    let state = match asked.state.as_str() {
        "all" => None,
        "" => Some(ClaimState::Submitted),
        word => Some(ClaimState::from_code(word).unwrap_or(ClaimState::Submitted)),
    };
    let page = PageRequest { after: asked.after.clone(), limit: None };
    let rows = read::list(&app, &visit.actor, state, &page).await?;
    let may_check = visit.actor.may_somewhere(CHECK).is_ok();
    let left = progress.members - progress.claimed;
    let forms = if may_check && left > 0 {
        let label = t.with("registry-letters-make", &[("n", left.into())]);
        vec![Form { quiet: true, ..button_form(&visit, &format!("{PATH}/letters"), &[], &label) }]
    } else {
        Vec::new()
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("registry-claims"), &[("/work/organizations", t.of("registry-organizations"))])
            .await?,
        tiles: tiles(&t, &progress, visit.actor.organization()),
        progress: t.with(
            "registry-claims-progress",
            &[("claimed", progress.claimed.into()), ("members", progress.members.into())],
        ),
        done: progress.claimed,
        all: progress.members.max(1),
        forms,
        tabs: tabs(&t, state, progress.waiting),
        table: table(&t, &rows.items),
        pager: Pager {
            next: rows.next.map(|after| format!("{PATH}?state={}&after={after}", asked.state)),
            ..Pager::default()
        },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn tiles(t: &Words, progress: &ClaimProgress, own: Option<OrganizationId>) -> Tiles {
    let members = own.map(|id| format!("/work/organizations?member_of={id}")).unwrap_or_default();
    let tile = |key: &str, number: i64, href: String| Tile {
        label: t.of(key),
        value: t.number(number),
        href,
        ..Tile::default()
    };
    Tiles(vec![
        tile("registry-claims-claimed", progress.claimed, format!("{members}&claimed=yes")),
        tile("registry-claims-waiting", progress.waiting, PATH.into()),
        tile("registry-claims-begun", progress.begun, format!("{PATH}?state=draft")),
        tile("registry-claims-invited", progress.invited, format!("{members}&claimed=no")),
        tile("registry-claims-left", progress.members - progress.claimed, format!("{members}&claimed=no")),
    ])
}

fn tabs(t: &Words, active: Option<ClaimState>, waiting: i64) -> Tabs {
    let mut tabs: Vec<Tab> = [
        ClaimState::Submitted,
        ClaimState::Draft,
        ClaimState::Returned,
        ClaimState::Approved,
        ClaimState::Rejected,
        ClaimState::Released,
    ]
    .into_iter()
    .map(|state| Tab {
        label: t.of(&format!("registry-claim-state-{}", state.code())),
        href: if state == ClaimState::Submitted { PATH.into() } else { format!("{PATH}?state={}", state.code()) },
        active: active == Some(state),
        count: (state == ClaimState::Submitted).then_some(waiting),
    })
    .collect();
    tabs.push(Tab {
        label: t.of("registry-claim-all"),
        href: format!("{PATH}?state=all"),
        active: active.is_none(),
        count: None,
    });
    Tabs(tabs)
}

fn table(t: &Words, claims: &[Claim]) -> Table {
    let rows = claims.iter().map(|claim| {
        Row::link(
            format!("{PATH}/{}", claim.id),
            vec![
                Cell::Two(t.text(&claim.organization_name), claim.number.clone()),
                Cell::Two(claim.claimant_name.clone(), kind_words(t, claim)),
                Cell::Badge(badge(t, claim.state)),
                Cell::Instant(claim.submitted_at.unwrap_or(claim.created_at)),
            ],
        )
    });
    Table {
        caption: t.of("registry-claims"),
        columns: vec![
            Column::text(t.of("registry-column-name")),
            Column::text(t.of("registry-claim-claimant")),
            Column::text(t.of("registry-column-held")),
            Column::text(t.of("registry-column-recorded")),
        ],
        rows: rows.collect(),
        empty: Empty {
            title: t.of("registry-claims-empty"),
            text: t.of("registry-claims-empty-text"),
            ..Empty::default()
        },
        ..Table::default()
    }
}

fn kind_words(t: &Words, claim: &Claim) -> String {
    t.of(&format!("registry-claim-kind-{}", claim.kind.code().replace('_', "-")))
}

/// Makes letters for every member whose file nobody claimed.
pub(crate) async fn make_letters(State(app): State<App>, visit: Visit) -> Answer {
    let batch = letters::make(&app, &visit.actor, Wanted::Unclaimed).await?;
    Ok(Redirect::to(&format!("{PATH}/letters/{batch}")).into_response())
}

/// Makes a letter for one organisation.
pub(crate) async fn make_letter(State(app): State<App>, visit: Visit, Path(id): Path<OrganizationId>) -> Answer {
    let batch = letters::make(&app, &visit.actor, Wanted::One(id)).await?;
    Ok(Redirect::to(&format!("{PATH}/letters/{batch}")).into_response())
}

/// Sends the invitation to the mobile number of the file.
pub(crate) async fn send_letter(State(app): State<App>, visit: Visit, Path(id): Path<OrganizationId>) -> Answer {
    let link = letters::send(&app, &visit.actor, id).await?;
    if link.is_empty() {
        return Ok(visit.done(&format!("/work/organizations/{id}"), "registry-flash-letter-sent"));
    }
    let t = app.words(visit.locale);
    let back = format!("/work/organizations/{id}");
    let frame = frame(&app, &visit, t.of("registry-letter-sms"), &[(&back, t.of("registry-back-to-file"))]).await?;
    let view =
        super::parts::RevealedPage { frame, what: t.of("registry-letter-shown"), value: link, back: back.clone() };
    Ok(ui::page(StatusCode::OK, &view))
}

struct LetterView {
    name: String,
    code: String,
    address: String,
    qr: Html,
    until: String,
}

#[derive(Template)]
#[template(path = "letters.html")]
struct LettersPage {
    frame: Frame,
    lead: String,
    keeper: String,
    telephone: String,
    letters: Vec<LetterView>,
}

/// Letters, one a page when printed.
pub(crate) async fn print_letters(State(app): State<App>, visit: Visit, Path(batch): Path<String>) -> Answer {
    let t = app.words(visit.locale);
    let made = letters::batch(&app, &visit.actor, &batch).await?;
    let keeper = match visit.actor.organization() {
        Some(own) => t.text(&app.organization_name(own).await),
        None => String::new(),
    };
    let lead = t.with("registry-letters-lead", &[("n", (made.len() as i64).into())]);
    let mut views = Vec::with_capacity(made.len());
    for letter in &made {
        views.push(letter_view(&app, &t, letter)?);
    }
    let view = LettersPage {
        frame: frame(&app, &visit, t.of("registry-letters"), &[(PATH, t.of("registry-claims"))]).await?,
        lead,
        keeper,
        telephone: app.settings().telephone,
        letters: views,
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn letter_view(app: &App, t: &Words, letter: &Letter) -> Result<LetterView> {
    let base = app.config.public_url.trim_end_matches('/');
    let code = letter.code.as_ref().map(ToString::to_string).unwrap_or_default();
    let address = format!("{base}/claim/{code}");
    Ok(LetterView {
        name: t.text(&letter.name),
        qr: ui::qr(&address).map_err(Error::internal)?,
        address: format!("{base}/claim"),
        code,
        until: t.date(letter.expires_at.date()),
    })
}

/// One claim, for those who check and those who watch.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<ClaimId>) -> Answer {
    let case = read::case(&app, &visit.actor, id).await?;
    draw(&app, &visit, &case, StatusCode::OK, |form| form).await
}

async fn draw(app: &App, visit: &Visit, case: &ClaimCase, status: StatusCode, each: impl Fn(Form) -> Form) -> Answer {
    let t = app.words(visit.locale);
    let claim = &case.file.claim;
    let mut panels = vec![Panel::new("compare", t.of("registry-claim-compare"), compare(&t, case).show(&t))];
    panels.push(Panel::new("papers", t.of("registry-claim-papers"), papers(&t, case)));
    if !case.file.facts.is_empty() {
        panels.push(Panel::new("said", t.of("registry-claim-said"), said(&t, &case.file).show(&t)));
    }
    if !case.others.is_empty() {
        panels.push(Panel::new("others", t.of("registry-claim-others"), table(&t, &case.others).show(&t)));
    }
    if !case.objections.is_empty() {
        panels.push(Panel::new("objections", t.of("registry-claim-objections"), objections(&t, case)));
    }
    if case.may_decide && claim.state == ClaimState::Submitted {
        panels.push(Panel::new("decide", t.of("registry-claim-decide"), each(decide_form(&t, visit, claim)).show(&t)));
    }
    if case.may_decide && claim.state == ClaimState::Approved {
        panels.push(Panel::new(
            "release",
            t.of("registry-claim-release"),
            each(release_form(&t, visit, claim)).show(&t),
        ));
    }
    panels.push(Panel::new("history", t.of("registry-tab-history"), history(&t, &case.history).show(&t)));
    let crumbs = [(PATH, t.of("registry-claims"))];
    let title = t.with("registry-claim-of", &[("name", t.text(&claim.organization_name).into())]);
    let mut badges = vec![badge(&t, claim.state), Badge::new(Tone::Info, kind_words(&t, claim))];
    if claim.alone {
        badges.push(Badge::new(Tone::Warning, t.of("registry-decided-alone")));
    }
    let view = FilePage {
        frame: frame(app, visit, title, &crumbs).await?,
        subtitle: claim.number.clone(),
        badges,
        actions: vec![Link::new(
            t.of("registry-claim-open-file"),
            format!("/work/organizations/{}", claim.organization),
        )],
        alert: alert(&t, case),
        tabs: Tabs::default(),
        panels,
        aside: aside(&t, visit, case),
    };
    Ok(ui::page(status, &view))
}

fn alert(t: &Words, case: &ClaimCase) -> Option<Alert> {
    let claim = &case.file.claim;
    let waits = case.signed.iter().find(|one| one.closed_at.is_none());
    if let Some(first) = waits {
        let args = [
            ("name", first.name.clone().into()),
            ("outcome", t.of(&format!("registry-outcome-{}", first.outcome)).into()),
        ];
        return Some(Alert::new(Tone::Warning, t.with("registry-second-needed", &args)));
    }
    if claim.state == ClaimState::Submitted && claim.kind.ends_others() {
        return Some(Alert::new(Tone::Warning, t.of("registry-claim-ends-others")));
    }
    if claim.state == ClaimState::Submitted && !claim.by_letter {
        return Some(Alert::new(Tone::Warning, t.of("registry-claim-without-letter")));
    }
    None
}

/// What the claimant typed beside what the file says.
fn compare(t: &Words, case: &ClaimCase) -> Table {
    let claim = &case.file.claim;
    let file = &case.file.organization;
    let representative = case.people.iter().find(|one| one.kind == "legal_representative");
    let same = |a: &str, b: &str| {
        let (tone, key) = match () {
            () if b.is_empty() => (Tone::Neutral, "registry-claim-not-on-file"),
            () if a == b => (Tone::Good, "registry-claim-same"),
            () => (Tone::Bad, "registry-claim-differs"),
        };
        Cell::Badge(Badge::new(tone, t.of(key)))
    };
    let uscc = file.uscc.map(|code| code.to_string()).unwrap_or_default();
    let known = representative.map(|one| one.person_name.zh.clone()).unwrap_or_default();
    let role = match claim.claimant_role.as_str() {
        "" => String::new(),
        role => t.of(&format!("registry-claim-role-{role}")),
    };
    let day = claim.valid_until.map(|day| t.date(day)).unwrap_or_default();
    let row = |key: &str, typed: &str, known: &str, mark: Cell| {
        Row::plain(vec![Cell::Text(t.of(key)), Cell::Text(typed.into()), Cell::Text(known.into()), mark])
    };
    Table {
        caption: t.of("registry-claim-compare"),
        columns: vec![
            Column::text(t.of("registry-claim-what")),
            Column::text(t.of("registry-claim-typed")),
            Column::text(t.of("registry-claim-on-file")),
            Column::text(t.of("registry-claim-result")),
        ],
        rows: vec![
            row("registry-uscc", &claim.uscc, &uscc, same(&claim.uscc, &uscc)),
            row("registry-claim-representative", &claim.representative, &known, same(&claim.representative, &known)),
            row("registry-claim-name", &claim.claimant_name, &role, Cell::Nothing),
            row("registry-claim-until", &day, "", Cell::Nothing),
            row("registry-note", &claim.note, "", Cell::Nothing),
        ],
        ..Table::default()
    }
}

#[derive(Template)]
#[template(path = "_papers.html")]
struct Papers {
    papers: Vec<(String, String, bool)>,
    none: String,
}

fn papers(t: &Words, case: &ClaimCase) -> Html {
    let papers = case
        .file
        .papers
        .iter()
        .map(|paper| {
            let label = format!("{} · {}", t.of(&format!("registry-claim-{}", paper.purpose)), paper.name);
            (format!("/claims/papers/{}", paper.id), label, paper.media_type.starts_with("image/"))
        })
        .collect();
    Html::of(&Papers { papers, none: t.of("registry-claim-no-papers") })
}

fn objections(t: &Words, case: &ClaimCase) -> Html {
    let moments = case
        .objections
        .iter()
        .map(|one| ui::Moment {
            when: t.instant(one.created_at),
            title: t.of("registry-claim-objection"),
            who: one.author_name.clone(),
            text: one.text.clone(),
            tone: Tone::Warning,
            ..Default::default()
        })
        .collect();
    ui::Timeline { moments }.show(t)
}

fn decide_form(t: &Words, visit: &Visit, claim: &Claim) -> Form {
    let outcomes = vec![
        Choice::new("approve", t.of("registry-outcome-approve")).help(t.of("registry-outcome-approve-help")),
        Choice::new("return", t.of("registry-outcome-return")).help(t.of("registry-outcome-return-help")),
        Choice::new("reject", t.of("registry-outcome-reject")).help(t.of("registry-outcome-reject-help")),
    ];
    Form::post(
        visit.once(&format!("{PATH}/{}/decide", claim.id)),
        visit.form_token.clone(),
        t.of("registry-claim-decide-do"),
    )
    .id("decide")
    .fields_only(vec![
        Field::hidden("kind", claim.kind.code()),
        Field::radio("outcome", t.of("registry-claim-outcome"), outcomes).required(),
        Field::text_area("opinion", t.of("registry-claim-opinion"))
            .max_length(500)
            .help(t.of("registry-claim-opinion-help")),
    ])
}

fn release_form(t: &Words, visit: &Visit, claim: &Claim) -> Form {
    Form::post(
        visit.once(&format!("{PATH}/{}/release", claim.id)),
        visit.form_token.clone(),
        t.of("registry-claim-release"),
    )
    .id("release")
    .fields_only(vec![
        Field::text("opinion", t.of("registry-claim-release-reason"))
            .required()
            .max_length(200)
            .help(t.of("registry-claim-release-help")),
    ])
    .irreversible(t.of("registry-claim-release-warning"))
}

fn aside(t: &Words, visit: &Visit, case: &ClaimCase) -> Vec<Panel> {
    let lines: Vec<Fact> = case
        .signed
        .iter()
        .map(|one| {
            let outcome = t.of(&format!("registry-outcome-{}", one.outcome));
            let text = if one.opinion.is_empty() { outcome } else { format!("{outcome} · {}", one.opinion) };
            Fact::plain(format!("{} {}", one.name, t.instant(one.signed_at)), text)
        })
        .collect();
    let mut panels = Vec::new();
    if !lines.is_empty() {
        panels.push(Panel::new("signed", t.of("registry-signed"), Facts { lines, legend: false }.show(t)));
    }
    if case.file.claim.alone && visit.actor.is(jinmen_core::Role::Supervisor) {
        let form = button_form(visit, &format!("{PATH}/{}/seen", case.file.claim.id), &[], &t.of("registry-seen"));
        panels.push(Panel::new("seen", t.of("registry-decided-alone"), form.show(t)));
    }
    panels
}

/// What the form for a decision sends.
#[derive(Deserialize)]
pub(crate) struct Decided {
    #[serde(default)]
    outcome: Option<Outcome>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    opinion: String,
}

/// Decides a claim.
pub(crate) async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ClaimId>,
    FormBody(sent): FormBody<Decided>,
) -> Answer {
    let done = match sent.outcome {
        Some(outcome) => {
            let seen = ClaimKind::from_code(&sent.kind).unwrap_or(ClaimKind::TakeOver);
            decide::decide(&app, &visit.actor, id, seen, outcome, &sent.opinion).await
        }
        None => Err(Error::field("outcome", "core.required")),
    };
    match done {
        Ok(Standing::Decided { .. }) => Ok(visit.done(PATH, "registry-flash-claim-decided")),
        Ok(Standing::Waits) => Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-second")),
        Err(error) => again(&app, &visit, id, error, &sent.opinion).await,
    }
}

async fn again(app: &App, visit: &Visit, id: ClaimId, error: Error, opinion: &str) -> Answer {
    let (status, faults) = match error {
        Error::Invalid(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults),
        Error::Conflict(fault) => (StatusCode::CONFLICT, vec![fault]),
        other => return Err(other.into()),
    };
    let t = app.words(visit.locale);
    let case = read::case(app, &visit.actor, id).await?;
    let typed = |name: &str| if name == "opinion" { vec![opinion] } else { Vec::new() };
    draw(app, visit, &case, status, |form| form.fill(typed).faults(&faults, &t)).await
}

/// What the form for a release sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Released {
    opinion: String,
}

/// Takes a claim back that was granted by mistake.
pub(crate) async fn release(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ClaimId>,
    FormBody(sent): FormBody<Released>,
) -> Answer {
    match release::release(&app, &visit.actor, id, &sent.opinion).await {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-claim-released")),
        Err(error) => again(&app, &visit, id, error, &sent.opinion).await,
    }
}

/// The supervisor has seen a decision of one person.
pub(crate) async fn seen(State(app): State<App>, visit: Visit, Path(id): Path<ClaimId>) -> Answer {
    claims::read::case(&app, &visit.actor, id).await?;
    let mut tx = app.db.begin().await?;
    let object = Object { kind: "claim".into(), id: id.text() };
    cases::seen_alone(&mut tx, &visit.actor, app.clock.now(), claims::DECISION, &object).await?;
    tx.commit().await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "registry-flash-seen"))
}

/// Where claiming stands, on the page of an organisation.
pub(crate) async fn panel(
    app: &App,
    t: &Words,
    visit: &Visit,
    file: &crate::ops::read_organization::OrganizationFile,
    base: &str,
) -> Result<Panel> {
    let organization = &file.organization;
    let made = read::of_organization(app, organization.id).await?;
    let mut body = match organization.claimed_at {
        Some(at) => Html::text(&t.with("registry-claimed-since", &[("day", t.date(at.date()).into())])),
        None => Html::text(&t.of("registry-not-claimed")),
    };
    if let Some(last) = made.first() {
        let link = Link::new(format!("{} · {}", last.number, badge(t, last.state).text), format!("{PATH}/{}", last.id));
        body = Html::of(&super::shared::Pair(body, Cell::Link(link).show(t)));
    }
    if organization.claimed_at.is_none() {
        let letter = button_form(visit, &format!("{base}/letter"), &[], &t.of("registry-letter-print")).show(t);
        let sms = button_form(visit, &format!("{base}/letter-sms"), &[], &t.of("registry-letter-sms")).show(t);
        body = Html::of(&super::shared::Pair(body, Html::of(&super::shared::Pair(letter, sms))));
    }
    Ok(Panel::new("claim", t.of("registry-claims"), body)
        .link(Some(Link::new(t.of("registry-handlers"), format!("{base}/handlers")))))
}
