//! Policies of the district's office: eight that hold, one that the public is asked about, one that is being drafted and
//! has a red line; and what the firm of the story answered.

use anyhow::Context;
use flow::{Ballot, Doing};
use jinmen_core::{Actor, OrganizationId, Result, Role, Text2};
use policy::model::{Body, ClauseText, Guide, Level, Material, NewPolicy, PlanDraft, PolicyId, step};
use policy::ops::life::{self, Typed, TypedIssue, TypedReview};
use policy::ops::plans::{self, IndicatorDraft, TaskDraft};
use policy::ops::{answer, edit, library, tell};
use registry::ops::record_facts;
use serde::Deserialize;

use super::accounts;
use super::maker::{Maker, SYSTEM};
use super::people::{Crowd, Known, Post, Someone};
use super::sheet::{Sheet, year};

const PROGRAMS: [(&str, &str); 8] = [
    ("rent", include_str!("data/policies/rent.yaml")),
    ("newcomer", include_str!("data/policies/newcomer.yaml")),
    ("eaglet", include_str!("data/policies/eaglet.yaml")),
    ("manufacturing", include_str!("data/policies/manufacturing.yaml")),
    ("hnte_award", include_str!("data/policies/hnte_award.yaml")),
    ("srdi", include_str!("data/policies/srdi.yaml")),
    ("smart", include_str!("data/policies/smart.yaml")),
    ("hnte", include_str!("data/policies/hnte.yaml")),
];

/// A policy as the data has it.
#[derive(Deserialize)]
struct Told {
    file: String,
    en: String,
    level: String,
    topic: String,
    issuer: String,
    doc_no: String,
    note_zh: String,
    note_en: String,
    /// So many days ago it was issued.
    days: i64,
    clauses: Vec<ClauseText>,
    materials: Vec<String>,
    office: String,
}

/// The office's two people.
struct Desk<'a> {
    owner: OrganizationId,
    officer: &'a Actor,
    second: Actor,
}

/// Drafts, reviews and publishes the policies; `firm` answers what its file does not hold. The office's second person.
pub async fn fill(
    maker: &Maker,
    crowd: &mut Crowd<'_>,
    owner: OrganizationId,
    officer: &Actor,
    firm: &Actor,
) -> anyhow::Result<Actor> {
    let told: Vec<Told> = serde_json::from_str(include_str!("data/policies/policies.json")).context("policies.json")?;
    maker.stand(200, 0)?;
    let desk = Desk { owner, officer, second: second(maker, crowd, owner).await? };
    let mut begun = Vec::new();
    for one in &told {
        begun.push((one, draft(maker, &desk, one, 190).await?));
    }
    maker.stand(158, 0)?;
    life::end_comments(&maker.app).await?;
    for (one, id) in &begun {
        review(maker, &desk, *id, one).await?;
    }
    plan(maker, &desk).await?;
    answers(maker, firm, &begun).await?;
    waiting(maker, &desk, &told).await?;
    if let Some((_, rent)) = begun.first() {
        maker.stand(1, 60)?;
        tell::tell(&maker.app, officer, *rent).await?;
    }
    Ok(desk.second)
}

/// A plan as the data has it.
#[derive(Deserialize)]
struct PlanTold {
    title_zh: String,
    title_en: String,
    summary: String,
    note: String,
    indicators: Vec<(String, String, String, String, Vec<String>)>,
    tasks: Vec<(String, String, String, String, String, String)>,
}

/// The district's plan with its indicators and tasks, reported on in this quarter.
async fn plan(maker: &Maker, desk: &Desk<'_>) -> anyhow::Result<()> {
    let told: PlanTold = serde_json::from_str(include_str!("data/policies/plan.json")).context("plan.json")?;
    maker.stand(100, 30)?;
    let (app, year) = (&maker.app, i64::from(maker.today.year()));
    let draft = PlanDraft {
        title_zh: told.title_zh,
        title_en: told.title_en,
        year_from: (year - 2).to_string(),
        year_to: (year + 3).to_string(),
        summary: told.summary,
        note: told.note,
    };
    let id = plans::begin(app, desk.officer, &draft).await?;
    for (name, unit, base, target, values) in told.indicators {
        let indicator =
            plans::add_indicator(app, desk.officer, id, &IndicatorDraft { name, unit, base, target }).await?;
        for (at, value) in values.iter().enumerate() {
            let of = (year - 2 + at as i64).to_string();
            plans::note_value(app, desk.officer, indicator, &of, value).await?;
        }
    }
    for (goal, title, lead, partners, light, words) in told.tasks {
        let due_on = maker.ago(-400)?.to_string();
        let task = plans::add_task(app, desk.officer, id, &TaskDraft { goal, title, lead, partners, due_on }).await?;
        plans::note_progress(app, desk.officer, task, &light, &words).await?;
    }
    Ok(plans::publish(app, desk.officer, id).await?)
}

/// Whoever reviews what another drafted.
async fn second(maker: &Maker, crowd: &mut Crowd<'_>, office: OrganizationId) -> Result<Actor> {
    let mut tx = maker.app.db.begin().await?;
    let words = &maker.data.people.reviewer;
    let someone = Someone {
        by: &SYSTEM,
        keeper: None,
        headline: Text2::both(&words.headline.0, &words.headline.1),
        known: Known::Little,
    };
    let person = crowd.write(&mut tx, Text2::both(&words.name.0, &words.name.1), someone).await?;
    crowd.post(&mut tx, &SYSTEM, person, Post::new(office, "staff", &words.post)).await?;
    // The office's second person signs in with the officer's password.
    let password = accounts::of_role(maker, Role::DistrictOfficer)?.password.clone();
    let account = ("demo-district-reviewer", words.name.0.as_str(), Some(password.as_str()));
    let actor = accounts::open(maker, &mut tx, person, account, Role::DistrictOfficer, Some(office)).await?;
    tx.commit().await?;
    Ok(actor)
}

fn body(one: &Told) -> Body {
    let material = |line: &String| match line.strip_prefix("* ") {
        Some(name) => Material { name: name.to_owned(), required: true },
        None => Material { name: line.clone(), required: false },
    };
    Body {
        clauses: one.clauses.clone(),
        guide: Guide {
            materials: one.materials.iter().map(material).collect(),
            office: one.office.clone(),
            ..Guide::default()
        },
        interpretation: String::new(),
    }
}

/// A policy with its text, out for public comment so many days ago.
async fn draft(maker: &Maker, desk: &Desk<'_>, one: &Told, days: i64) -> Result<PolicyId> {
    maker.stand(days + 2, 30)?;
    let program = PROGRAMS.iter().find(|(name, _)| *name == one.file).map_or("", |(_, text)| *text);
    let id = begin(maker, desk, one, &title(program), program, &body(one)).await?;
    maker.stand(days, 30)?;
    act(maker, desk.officer, id, typed(step::DRAFT, Doing::Done, "")).await?;
    act(maker, desk.officer, id, typed(step::COMMENT, Doing::Begin(None), "")).await?;
    Ok(id)
}

/// The title is the program's.
fn title(program: &str) -> String {
    program.lines().next().and_then(|line| line.strip_prefix("policy: ")).unwrap_or_default().to_owned()
}

async fn begin(
    maker: &Maker,
    desk: &Desk<'_>,
    one: &Told,
    title: &str,
    program: &str,
    body: &Body,
) -> Result<PolicyId> {
    let source = program.lines().find_map(|line| line.strip_prefix("source: ")).unwrap_or_default();
    let new = NewPolicy {
        title: Text2::both(title, &one.en),
        issuer: one.issuer.clone(),
        level: Level::from_code(&one.level).unwrap_or(Level::District),
        topic: one.topic.clone(),
        source: source.to_owned(),
        note: Text2::both(&one.note_zh, &one.note_en),
    };
    let app = &maker.app;
    let mut tx = app.db.begin().await?;
    let id = edit::insert(app, &mut tx, desk.officer, desk.owner, Role::DistrictOfficer, &new).await?;
    tx.commit().await?;
    edit::keep(app, desk.officer, id, 0, program, body).await?;
    Ok(id)
}

fn typed(step: &str, doing: Doing, opinion: &str) -> Typed {
    Typed {
        step: step.to_owned(),
        doing,
        opinion: opinion.to_owned(),
        seen: None,
        review: None,
        issue: None,
        interpretation: None,
    }
}

async fn act(maker: &Maker, by: &Actor, id: PolicyId, typed: Typed) -> Result<()> {
    life::act(&maker.app, by, id, typed).await.map(drop)
}

/// From the end of the comments to the library.
async fn review(maker: &Maker, desk: &Desk<'_>, id: PolicyId, one: &Told) -> Result<()> {
    let words = &maker.data.people.reviewer;
    maker.stand(one.days + 6, 40)?;
    act(maker, desk.officer, id, typed(step::SUMMARY, Doing::Done, &words.summary)).await?;
    let fairness = TypedReview { basis: words.basis.clone(), result: "clean".into(), ..TypedReview::default() };
    let mut reviewed = typed(step::FAIRNESS, Doing::Done, &words.clean);
    reviewed.review = Some(fairness);
    act(maker, &desk.second, id, reviewed).await?;
    act(maker, &desk.second, id, typed(step::LEGALITY, Doing::Done, &words.lawful)).await?;
    maker.stand(one.days + 1, 60)?;
    let ballot = Ballot { entitled: 9, present: 8, for_it: 7, against: 0, abstained: 1 };
    act(maker, desk.officer, id, typed(step::DECISION, Doing::Vote(ballot), "")).await?;
    maker.stand(one.days, 60)?;
    let today = maker.app.clock.today();
    let mut issued = typed(step::ISSUE, Doing::Done, "");
    // A document whose number is not known keeps the number it has here.
    let doc_no = match one.doc_no.as_str() {
        "" => library::read(&maker.app, desk.officer, id).await?.policy.number,
        known => known.to_owned(),
    };
    issued.issue = Some(TypedIssue {
        doc_no,
        on: today.to_string(),
        from: today.to_string(),
        to: jinmen_core::Date::new(today.year() + 3, 12, 31).map(|day| day.to_string()).unwrap_or_default(),
        disclosure: "published".into(),
    });
    act(maker, desk.officer, id, issued).await?;
    act(maker, desk.officer, id, typed(step::PUBLISH, Doing::Done, "")).await?;
    let mut interpreted = typed(step::INTERPRET, Doing::Done, "");
    interpreted.interpretation = Some(words.interpretation.clone());
    act(maker, desk.officer, id, interpreted).await
}

/// What the firm answered, and the share of high-tech income that its file did not hold.
async fn answers(maker: &Maker, firm: &Actor, begun: &[(&Told, PolicyId)]) -> Result<()> {
    maker.stand(20, 90)?;
    let listed = maker.ago(600)?.to_string();
    let said: [(&str, &[(&str, &str)]); 4] = [
        ("manufacturing", &[("completed", "false")]),
        ("hnte_award", &[("hte_event", "renew")]),
        ("srdi", &[("listed_on", &listed)]),
        (
            "hnte",
            &[("field_listed", "true"), ("rd_domestic_share", "1"), ("innovation_score", "78"), ("accidents", "0")],
        ),
    ];
    for (file, answers) in said {
        let Some((_, id)) = begun.iter().find(|(one, _)| one.file == file) else { continue };
        let answers: Vec<(String, String)> =
            answers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        answer::answer(&maker.app, firm, *id, &answers).await?;
    }
    let Some(own) = firm.organization() else { return Ok(()) };
    let mut sheet = Sheet::new(maker.today, registry::model::Source::SelfDeclared, "");
    sheet.typed("high_tech_income_ratio", "59.83", year(maker.years_ago(1))?)?;
    record_facts::record_facts(&maker.app, firm, &own.into(), sheet.facts()).await?;
    Ok(())
}

/// Those whose comments are over, one that the public is asked about, and one whose words have a red line.
async fn waiting(maker: &Maker, desk: &Desk<'_>, told: &[Told]) -> Result<()> {
    let Some(rent) = told.first() else { return Ok(()) };
    let program = PROGRAMS[0].1;
    let words = &maker.data.people.reviewer;
    maker.stand(40, 30)?;
    for title in &words.commented {
        let id = begin(maker, desk, rent, title, program, &body(rent)).await?;
        act(maker, desk.officer, id, typed(step::DRAFT, Doing::Done, "")).await?;
        act(maker, desk.officer, id, typed(step::COMMENT, Doing::Begin(None), "")).await?;
    }
    maker.stand(9, 30)?;
    life::end_comments(&maker.app).await?;
    let amended = program
        .replace("yuan(30)}]", "yuan(35)}]")
        .replace("amount: 72000", "amount: 84000")
        .replace("30元×12", "35元×12");
    let id = begin(maker, desk, rent, &words.amended, &amended, &body(rent)).await?;
    act(maker, desk.officer, id, typed(step::DRAFT, Doing::Done, "")).await?;
    act(maker, desk.officer, id, typed(step::COMMENT, Doing::Begin(None), "")).await?;
    maker.stand(2, 45)?;
    let mut marked = body(rent);
    if let Some(clause) = marked.clauses.first_mut() {
        clause.zh.clone_from(&words.red_line);
        clause.en.clear();
    }
    begin(maker, desk, rent, &words.drafted, program, &marked).await.map(drop)
}
