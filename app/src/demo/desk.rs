//! What lies on desks today: tags, comments, documents, tasks and notices.

use cases::{Audience, NewTask, WaitsFor};
use jinmen_core::codes::Uscc;
use jinmen_core::{Actor, Date, Fault, Object, OrganizationId, PersonId, Result, Role};
use notify::{Notice, NoticeKind};
use registry::model::OrganizationFilter;
use registry::ops::{attach_document, imports, read_organization};
use serde_json::json;
use store::Tx;

use super::bodies::Bodies;
use super::circle::EXPERTS;
use super::maker::Maker;
use super::members::Member;
use super::papers;
use super::seed::Seed;

/// A member claimed its file.
const CLAIMED: NoticeKind = NoticeKind::inbox("demo.claimed");
/// A file changed.
const CHANGED: NoticeKind = NoticeKind::inbox("demo.changed");
/// Figures were compared with papers.
const VERIFIED: NoticeKind = NoticeKind::inbox("demo.verified");
/// The alliance asks its members something.
const ASKED: NoticeKind = NoticeKind::inbox("demo.asked");

/// Those whose desks these are.
pub struct Desks<'a> {
    pub secretariat: &'a Actor,
    pub enterprise: &'a Actor,
    pub talent: &'a Actor,
}

/// Fills the desks.
pub async fn fill(maker: &Maker, bodies: &Bodies, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    maker.stand(20, 60)?;
    tags(maker, bodies, members, desks).await?;
    talk(maker, &members[0], desks).await?;
    documents(maker, &members[0], desks).await?;
    maker.stand(3, 20)?;
    table(maker, bodies, &members[5], desks).await?;
    maker.stand(3, 95)?;
    tasks(maker, bodies, members, desks).await?;
    maker.stand(1, 130)?;
    notices(maker, members, desks).await
}

async fn tags(maker: &Maker, bodies: &Bodies, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    let (alliance, desk) = (bodies.alliance()?, &maker.data.desk);
    let mut seed = Seed::of("tags");
    let mut tx = maker.app.db.begin().await?;
    for member in members {
        let drawn: Vec<&String> = match member.plan.at {
            0 => desk.flagship_tags.iter().collect(),
            _ if seed.chance(38) => vec![seed.pick(&desk.tags)],
            _ => Vec::new(),
        };
        for label in drawn {
            cases::add_tag(&mut tx, desks.secretariat, maker.now(), &member.id.into(), alliance, label).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn talk(maker: &Maker, flagship: &Member, desks: &Desks<'_>) -> Result<()> {
    let (object, desk) = (Object::from(flagship.id), &maker.data.desk);
    let mut tx = maker.app.db.begin().await?;
    let said = [
        (desks.enterprise, Audience::Shared, &desk.comment_shared),
        (desks.secretariat, Audience::Internal, &desk.comment_internal),
    ];
    for (actor, audience, text) in said {
        cases::add_comment(&mut tx, actor, maker.now(), &object, audience, text).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn documents(maker: &Maker, flagship: &Member, desks: &Desks<'_>) -> Result<()> {
    for paper in &maker.data.desk.documents {
        let fill = |line: &String| {
            line.replace("{name}", &flagship.plan.name.zh).replace("{uscc}", flagship.plan.uscc.as_str())
        };
        let lines: Vec<String> = paper.lines.iter().map(fill).collect();
        let bytes = papers::pdf(&paper.title, &lines);
        let stored = maker.app.files.blobs().put_bytes(&bytes).await?;
        let object = Object::from(flagship.id);
        attach_document::attach_document(&maker.app, desks.enterprise, &object, &paper.purpose, &paper.name, stored)
            .await?;
    }
    Ok(())
}

/// A table that was handed in and checked; whether it is written waits for the secretariat.
async fn table(maker: &Maker, bodies: &Bodies, member: &Member, desks: &Desks<'_>) -> Result<()> {
    let sent = &maker.data.desk.table;
    let code = |number: u32| {
        Uscc::compose('9', '1', "120199", &format!("MA9Y{number:04}")).map_err(|fault| Fault::of("uscc", &fault))
    };
    let mut text = sent.lines.join("\r\n");
    for number in 1..=5 {
        text = text.replace(&format!("{{code{number}}}"), code(number)?.as_str());
    }
    // One letter of a right code was misread, as happens when it is copied by hand.
    text = text.replace("{wrong}", &code(6)?.as_str().replace("MA9Y", "MA9X"));
    text = text.replace("{member}", &member.plan.name.zh).replace("{member_code}", member.plan.uscc.as_str());
    let stored = maker.app.files.blobs().put_bytes(text.as_bytes()).await?;
    let id = imports::start(&maker.app, desks.secretariat, Some(bodies.alliance()?), &sent.name, stored).await?;
    imports::perform_check(&maker.app, id, &imports::Silent).await?;
    Ok(())
}

/// Where somebody reads about an object.
fn link(maker: &Maker, object: &Object) -> String {
    maker.app.directory().and_then(|directory| directory.link(object)).unwrap_or_default()
}

fn in_days(maker: &Maker, days: i64) -> Result<Option<Date>> {
    Ok(Some(maker.ago(-days)?))
}

async fn tasks(maker: &Maker, bodies: &Bodies, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    let alliance = bodies.alliance()?;
    let thin = OrganizationFilter { below: Some(50), ..OrganizationFilter::default() };
    let thin = read_organization::count(&maker.app, desks.secretariat, &thin).await?.number;
    let mut tx = maker.app.db.begin().await?;
    let secretariat = WaitsFor::Role(Role::Secretariat, alliance);
    let last_year = maker.years_ago(1).to_string();
    for (member, days) in [(&members[1], 0), (&members[4], 1), (&members[12], 2)] {
        let (object, args) = (Object::from(member.id), json!({ "organization": member.plan.name.zh }));
        let task = NewTask::new("demo.member_check", object.clone(), secretariat, link(maker, &object), args);
        open(maker, &mut tx, task.due(in_days(maker, days)?)).await?;
    }
    let flagship = Object::from(members[0].id);
    let (file, name) = (link(maker, &flagship), json!({ "organization": members[0].plan.name.zh }));
    let moved = NewTask::new("demo.address_check", flagship.clone(), secretariat, file.clone(), name.clone());
    open(maker, &mut tx, moved.due(in_days(maker, 1)?)).await?;
    let page = "/work/organizations?below=50";
    let remind = NewTask::new("demo.thin_files", alliance, secretariat, page, json!({ "count": thin }));
    open(maker, &mut tx, remind.due(in_days(maker, 4)?)).await?;
    let page = "/work/people?expert=yes";
    let letters = NewTask::new("demo.expert_letters", alliance, secretariat, page, json!({ "count": EXPERTS }));
    open(maker, &mut tx, letters.due(in_days(maker, 9)?)).await?;

    let own = WaitsFor::Organization(members[0].id);
    let complete = NewTask::new("demo.complete_file", flagship.clone(), own, file.clone(), json!({}));
    open(maker, &mut tx, complete.due(in_days(maker, 6)?)).await?;
    let confirm =
        NewTask::new("demo.confirm_figures", flagship.clone(), own, file.clone(), json!({ "year": last_year }));
    open(maker, &mut tx, confirm.due(in_days(maker, 3)?)).await?;
    let district = WaitsFor::Role(Role::DistrictOfficer, bodies.get("hexi")?);
    let args = json!({ "organization": members[0].plan.name.zh, "year": last_year });
    let verify = NewTask::new("demo.verify_figures", flagship, district, file, args);
    open(maker, &mut tx, verify.due(in_days(maker, 5)?)).await?;
    if let Some(person) = desks.talent.person() {
        let profile = NewTask::new(
            "demo.complete_profile",
            person,
            WaitsFor::Person(person),
            link(maker, &person.into()),
            json!({}),
        );
        open(maker, &mut tx, profile.due(in_days(maker, 10)?)).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn open(maker: &Maker, tx: &mut Tx, task: NewTask) -> Result<()> {
    cases::open_task(tx, maker.now(), task).await.map(drop)
}

async fn notices(maker: &Maker, members: &[Member], desks: &Desks<'_>) -> Result<()> {
    let flagship = &members[0];
    let about = |member: &Member| (member.id, json!({ "organization": member.plan.name.zh }));
    let mut tx = maker.app.db.begin().await?;
    let last_claimed = members.iter().rev().find(|member| member.admin.is_some()).unwrap_or(flagship);
    let (id, args) = about(last_claimed);
    tell(maker, &mut tx, desks.secretariat, CLAIMED, id, args).await?;
    let (id, args) = about(flagship);
    tell(maker, &mut tx, desks.secretariat, CHANGED, id, args).await?;
    let (id, args) = about(&members[4]);
    tell(maker, &mut tx, desks.secretariat, CHANGED, id, args).await?;
    let year = maker.years_ago(1).to_string();
    tell(maker, &mut tx, desks.enterprise, VERIFIED, flagship.id, json!({ "year": year })).await?;
    tell(maker, &mut tx, desks.enterprise, ASKED, flagship.id, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

async fn tell(
    maker: &Maker,
    tx: &mut Tx,
    whom: &Actor,
    kind: NoticeKind,
    about: OrganizationId,
    args: serde_json::Value,
) -> Result<()> {
    let people: Vec<PersonId> = whom.person().into_iter().collect();
    let object = Object::from(about);
    let notice = Notice::new(kind, args).link(link(maker, &object)).about(object);
    notify::send(tx, maker.now(), &people, notice).await
}
