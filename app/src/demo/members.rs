//! The members' files: taken over from the old list, then filled in by those who claimed them, then
//! compared with papers.

use jinmen_core::{Actor, OrganizationId, Period, Result};
use registry::model::{OrganizationDraft, Source};
use registry::ops::add_contact::ContactDraft;
use registry::ops::relate::NewRelation;
use registry::ops::{add_contact, create_organization, record_facts, relate};
use store::Tx;

use super::bodies::Bodies;
use super::maker::Maker;
use super::plan::{MEMBERS, Plan};
use super::seed::Seed;
use super::sheet::Sheet;

/// Organisations written in one transaction.
const BATCH: usize = 25;
/// The table from which the members were taken over.
const LIST: &str = "会员名录（演示）.xlsx";
/// Where the state of registration is looked up.
const PUBLIC: &str = "信用公示信息比对（演示）";
/// What an office compares figures with.
const PAPERS: &str = "审计报告、完税证明（演示）";
/// Trades that the publishing park is for.
const PUBLISHING: [&str; 4] = ["8621", "8622", "8626", "6572"];

/// A member that is written.
pub struct Member {
    /// What it is.
    pub plan: Plan,
    /// Its file.
    pub id: OrganizationId,
    /// Who acts for it, once somebody claimed the file.
    pub admin: Option<Actor>,
}

/// Opens the members' files as the secretariat takes them over from its list.
pub async fn take_over(maker: &Maker, bodies: &Bodies, by: &Actor, plans: Vec<Plan>) -> Result<Vec<Member>> {
    let mut members = Vec::with_capacity(MEMBERS);
    let mut seed = Seed::of("the old list");
    let mut plans = plans.into_iter();
    loop {
        let batch: Vec<Plan> = plans.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(members);
        }
        maker.stand(400, members.len() as i64 / 2)?;
        let mut tx = maker.app.db.begin().await?;
        for plan in batch {
            let id = open(maker, &mut tx, bodies, by, &plan, &mut seed).await?;
            members.push(Member { plan, id, admin: None });
        }
        tx.commit().await?;
    }
}

async fn open(
    maker: &Maker,
    tx: &mut Tx,
    bodies: &Bodies,
    by: &Actor,
    plan: &Plan,
    seed: &mut Seed,
) -> Result<OrganizationId> {
    let (app, data, alliance) = (&maker.app, &maker.data, bodies.alliance()?);
    let trade = plan.trade(data);
    let draft = OrganizationDraft {
        uscc: plan.uscc.to_string(),
        name_zh: plan.name.zh.clone(),
        name_en: plan.name.en.clone().unwrap_or_default(),
        kind: trade.kind.clone(),
        intro_zh: format!("{}演示用虚构单位。", plan.business(data)),
        intro_en: format!("Works in {}. Invented for the demonstration.", trade.word.1.to_lowercase()),
        ..OrganizationDraft::default()
    };
    // The first agrees to be shown later, by itself.
    let listed = plan.listed && plan.at > 0;
    let id = create_organization::insert(app, tx, by, draft.parse()?, Some(alliance), listed).await?;
    let member = NewRelation {
        kind: "member_of".into(),
        grade: plan.grade.into(),
        number: plan.number.clone(),
        valid_from: Some(plan.joined),
        ..NewRelation::default()
    };
    relate::insert(app, tx, by, id, alliance, &member).await?;
    if let Some(park) = park(maker, plan) {
        let tenant = NewRelation { kind: "tenant_of".into(), note: "演示".into(), ..NewRelation::default() };
        relate::insert(app, tx, by, id, bodies.get(park)?, &tenant).await?;
    }
    let phone = ContactDraft {
        kind: "phone".into(),
        label: "办公室".into(),
        value: format!("022-0000{:04}", 100 + plan.at),
        shown: plan.listed,
    };
    add_contact::insert(app, tx, by, &id.into(), &phone).await?;
    if plan.claimed {
        let site = format!("https://{}.example", plan.latin);
        let site = ContactDraft { kind: "website".into(), label: String::new(), value: site, shown: plan.listed };
        add_contact::insert(app, tx, by, &id.into(), &site).await?;
    }
    if plan.at > 0 {
        let list = Sheet::new(maker.today, Source::Imported, LIST);
        let facts = listed_facts(maker, plan, seed, list)?.facts();
        record_facts::insert(app, tx, by, &id.into(), facts).await?;
    }
    Ok(id)
}

/// The park that a member is in, as the bodies are called.
fn park(maker: &Maker, plan: &Plan) -> Option<&'static str> {
    let publishing = PUBLISHING.contains(&plan.trade(&maker.data).industry.as_str());
    match plan.at {
        0 => Some("xinbadali"),
        _ if publishing && plan.region.0 == "120103" => Some("publishing_park"),
        at if plan.region.0 == "120103" && at.is_multiple_of(6) => Some("xinbadali"),
        _ => None,
    }
}

fn address(maker: &Maker, plan: &Plan, seed: &mut Seed) -> String {
    let road = seed.pick(&maker.data.names.roads);
    format!("天津市{}{road}{}号{}层", plan.region.1, seed.between(1, 188), seed.between(1, 22))
}

/// What the old list says of a member, or a firm that opens its file.
fn listed_facts(maker: &Maker, plan: &Plan, seed: &mut Seed, mut sheet: Sheet) -> Result<Sheet> {
    let always = Period::ALWAYS;
    sheet.typed("founded_on", plan.founded.to_string(), always)?;
    sheet.code("unit_nature", &plan.nature)?;
    sheet.typed("enterprise_type", seed.pick(&maker.data.names.types), always)?;
    sheet.yuan("registered_capital", plan.capital, always)?;
    sheet.typed("registered_address", address(maker, plan, seed), always)?;
    sheet.code("region", &plan.region.0)?;
    if !plan.street.is_empty() {
        sheet.code("street", &plan.street)?;
    }
    sheet.code("industry", &plan.trade(&maker.data).industry)?;
    sheet.typed("main_business", plan.business(&maker.data), always)?;
    if !plan.claimed {
        if seed.chance(45) {
            sheet.typed("tech_fields", &plan.line(&maker.data).fields, always)?;
        }
        // Figures that have grown old, where the list had any.
        if let Some(oldest) = plan.years.first().filter(|_| seed.chance(50)) {
            sheet.number("headcount", oldest.headcount, super::sheet::year(oldest.year)?)?;
        }
    }
    Ok(sheet)
}

/// Those who claimed their file fill it in, some more, some less.
pub async fn declare(maker: &Maker, members: &[Member]) -> Result<()> {
    let mut tx = maker.app.db.begin().await?;
    for member in members {
        if let Some(admin) = &member.admin {
            let facts = declared(maker, &member.plan)?.facts();
            record_facts::insert(&maker.app, &mut tx, admin, &member.id.into(), facts).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Whether the figures of a year are said with the rest of the file; those of last year come after it.
fn early(maker: &Maker, year: i16) -> bool {
    year < maker.years_ago(1)
}

/// What a firm that opens its own file says in it.
pub async fn say_of_itself(maker: &Maker, by: &Actor, id: OrganizationId, plan: &Plan) -> Result<()> {
    let mut seed = Seed::of(&format!("newcomer {}", plan.at));
    let own = Sheet::new(maker.today, Source::SelfDeclared, "");
    let mut sheet = listed_facts(maker, plan, &mut seed, own)?;
    for figures in plan.years.iter().filter(|figures| !early(maker, figures.year)) {
        figures.say(&mut sheet, plan.thorough)?;
    }
    let mut facts = sheet.facts();
    facts.extend(declared(maker, plan)?.facts());
    let mut tx = maker.app.db.begin().await?;
    record_facts::insert(&maker.app, &mut tx, by, &id.into(), facts).await?;
    tx.commit().await?;
    Ok(())
}

/// After the end of a year its figures are added, by those who keep their own files.
pub async fn add_year(maker: &Maker, members: &[Member]) -> Result<()> {
    for batch in members[1..].chunks(BATCH) {
        let mut tx = maker.app.db.begin().await?;
        for member in batch {
            let Some(admin) = &member.admin else { continue };
            let mut sheet = Sheet::new(maker.today, Source::SelfDeclared, "");
            for figures in member.plan.years.iter().filter(|figures| !early(maker, figures.year)) {
                figures.say(&mut sheet, member.plan.thorough)?;
            }
            record_facts::insert(&maker.app, &mut tx, admin, &member.id.into(), sheet.facts()).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

fn declared(maker: &Maker, plan: &Plan) -> Result<Sheet> {
    let mut seed = Seed::of(&format!("declared {}", plan.at));
    let (trade, line) = (plan.trade(&maker.data), plan.line(&maker.data));
    let mut sheet = Sheet::new(maker.today, Source::SelfDeclared, "");
    let always = Period::ALWAYS;
    let care = plan.care;
    let texts = [
        ("digital_economy_class", trade.digital.clone()),
        ("main_products", line.products.clone()),
        ("tech_fields", line.fields.clone()),
        ("needs_summary", line.needs.clone()),
        ("offers_summary", line.offers.clone()),
        ("office_address", address(maker, plan, &mut seed)),
        ("rent_area", seed.between(60, 2_400).to_string()),
        ("park", park(maker, plan).map(|park| named(maker, park)).unwrap_or_default()),
    ];
    for (key, text) in texts {
        if key == "tech_fields" || seed.chance(care) {
            sheet.typed(key, &text, always)?;
        }
    }
    for figures in plan.years.iter().filter(|figures| early(maker, figures.year)) {
        figures.say(&mut sheet, plan.thorough)?;
    }
    if seed.chance(care) {
        standing(maker, plan, &mut seed, &mut sheet)?;
    }
    Ok(sheet)
}

/// Innovation: patents, certificates, titles.
fn standing(maker: &Maker, plan: &Plan, seed: &mut Seed, sheet: &mut Sheet) -> Result<()> {
    let always = Period::ALWAYS;
    let researchers = plan.years.last().map_or(1, |year| year.rd_headcount);
    let inventions = seed.between(0, researchers / 4 + 1);
    sheet.number("patents_invention", inventions, always)?;
    sheet.number("patents_valid", inventions + seed.between(0, researchers / 2 + 2), always)?;
    sheet.number("software_copyrights", seed.between(0, researchers + 4), always)?;
    sheet.yes("is_hnte", plan.high_tech)?;
    if plan.high_tech {
        let since = maker.years_ago(2);
        let (month, until) = (seed.between(9, 12), since + 3);
        let text = format!("GR{since}演示{:04}|{since}-{month:02}-10|{until}-{month:02}-09", plan.at + 100);
        sheet.typed("hnte_certificate", &text, always)?;
    }
    let small = plan.years.last().is_some_and(|year| year.headcount <= 500 && year.revenue <= 200_000_000);
    sheet.yes("is_tech_sme", small && (plan.high_tech || seed.chance(40)))?;
    let grade = match seed.between(1, 100) {
        1..=6 if plan.high_tech => "little_giant",
        7..=30 if plan.high_tech => "srdi",
        31..=55 => "innovative",
        _ => "none",
    };
    sheet.code("srdi_grade", grade)?;
    sheet.yes("little_giant", grade == "little_giant")?;
    let title = match seed.between(1, 100) {
        1..=24 if plan.high_tech => "eaglet",
        25..=34 if plan.high_tech => "gazelle",
        35..=38 if plan.high_tech => "leading_nursed",
        _ => "none",
    };
    sheet.code("growth_title", title)?;
    let board = if seed.chance(8) { "regional" } else { "none" };
    sheet.code("listed_board", board)?;
    if seed.chance(25) {
        sheet.number("standards_led", seed.between(1, 4), always)?;
        sheet.yuan("financing_need", seed.between(1, 12) * 2_500_000, always)?;
    }
    Ok(())
}

/// The district compares the latest figures of some of them with papers.
pub async fn verify(maker: &Maker, members: &[Member], by: &Actor) -> Result<()> {
    let mut tx = maker.app.db.begin().await?;
    for member in members.iter().filter(|member| member.admin.is_some() && member.plan.at % 3 == 1) {
        let mut sheet = Sheet::new(maker.today, Source::Verified, PAPERS);
        if let Some(latest) = member.plan.years.last() {
            latest.verify(&mut sheet)?;
        }
        if member.plan.high_tech {
            sheet.yes("is_hnte", true)?;
        }
        record_facts::insert(&maker.app, &mut tx, by, &member.id.into(), sheet.facts()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The secretariat looks all of them up in the public register, as it does every month.
pub async fn look_up(maker: &Maker, members: &[Member], by: &Actor) -> Result<()> {
    for batch in members.chunks(BATCH) {
        let mut tx = maker.app.db.begin().await?;
        for member in batch {
            let mut sheet = Sheet::new(maker.today, Source::Imported, PUBLIC);
            sheet.code("registration_status", "active")?;
            sheet.yes("dishonest_record", false)?;
            sheet.yes("abnormal_operation", member.plan.at % 67 == 66)?;
            sheet.yes("major_penalty", false)?;
            record_facts::insert(&maker.app, &mut tx, by, &member.id.into(), sheet.facts()).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The Chinese name of a body.
fn named(maker: &Maker, key: &str) -> String {
    maker.data.bodies.iter().find(|body| body.key == key).map(|body| body.zh.clone()).unwrap_or_default()
}
