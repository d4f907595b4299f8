//! Robots of group chats: adding them, handing them messages no faster than they take them, trying again, a log.

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{Actor, Error, Fault, Faults, Locale, Object, OrganizationId, Page, PageRequest, Result, Scope};
use jobs::{Context, Handler, NewJob};
use module::App;
use notify::{Posted, Robot, RobotKind};
use serde_json::{Value, json};
use store::Tx;

use super::{deliver, object, of_office};
use crate::model::{CircularId, DeliveryId, DeliveryState, GroupRobot, RobotDelivery, RobotDraft, RobotId};
use crate::{permissions, sql};

/// The kind of work that hands a message to a robot.
pub const KIND: &str = "notices.robot";
/// What a sealed address and a sealed secret are for.
const ADDRESS: &str = "robot_address";
const SECRET: &str = "robot_secret";
/// The longest name.
const NAME_MOST: usize = 40;
/// Tries of one message.
const TRIES: i64 = 6;
/// Looked back on for the limit.
const MINUTE: i64 = 60;

fn office(actor: &Actor) -> Result<OrganizationId> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::ROBOTS, &Scope::owned_by(own))?;
    Ok(own)
}

/// The robots of the actor's office; none for those who have none to do with them.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<GroupRobot>> {
    Ok(sql::robot::of_owner(&app.db, office(actor)?).await?)
}

async fn own(app: &App, actor: &Actor, id: RobotId) -> Result<GroupRobot> {
    let robot = sql::robot::get(&app.db, id).await?;
    actor.may(&permissions::ROBOTS, &Scope::owned_by(robot.owner))?;
    Ok(robot)
}

/// One robot with what was handed to it, newest first.
pub async fn read(
    app: &App,
    actor: &Actor,
    id: RobotId,
    page: &PageRequest,
) -> Result<(GroupRobot, Page<RobotDelivery>)> {
    let robot = own(app, actor, id).await?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::robot::deliveries(&app.db, id, after, page.limit()).await?;
    Ok((robot, Page::from_rows(rows, page.limit(), |one| vec![one.id.text()])))
}

/// Adds a robot.
///
/// # Errors
/// Every fault of the form at once; `notices.robot_name` for a name that another one has.
pub async fn add(app: &App, actor: &Actor, draft: &RobotDraft) -> Result<RobotId> {
    let owner = office(actor)?;
    let mut faults = Faults::new();
    let name = draft.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MOST {
        faults.push(Fault::at("name", "core.required"));
    }
    let kind = RobotKind::from_code(&draft.kind);
    let made = match kind {
        Some(kind) => faults.take(Robot::new(kind, &draft.address, &draft.secret)),
        None => faults.take(Err(Fault::at("kind", "core.required"))),
    };
    faults.check()?;
    let (Some(kind), Some(made)) = (kind, made) else { return Err(Error::NotFound) };
    let now = app.clock.now();
    let robot =
        GroupRobot { id: RobotId::new(), owner, kind, name: name.to_owned(), hint: made.hint(), created_at: now };
    let address = app.vault.seal(ADDRESS, &made.address())?.bytes;
    let secret = match draft.secret.trim() {
        "" => None,
        secret => Some(app.vault.seal(SECRET, secret)?.bytes),
    };
    let mut tx = app.db.begin().await?;
    sql::robot::insert(&mut tx, &robot, address, secret, actor.account()).await.map_err(|error| match error {
        error if error.is_unique("robot_owner_id_name") => Error::field("name", "notices.robot_name"),
        other => other.into(),
    })?;
    let data = json!({ "name": robot.name, "kind": kind.code() });
    record::append(&mut tx, actor, now, "notices.robot.added", Object::from(owner), data).await?;
    tx.commit().await?;
    Ok(robot.id)
}

/// Removes a robot; what was handed to it stays in the record.
pub async fn remove(app: &App, actor: &Actor, id: RobotId) -> Result<()> {
    let robot = own(app, actor, id).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if sql::robot::remove(&mut tx, id, now).await? == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({ "name": robot.name });
    record::append(&mut tx, actor, now, "notices.robot.removed", Object::from(robot.owner), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Hands a message to a robot at once and says what was answered: the test button.
pub async fn test(app: &App, actor: &Actor, id: RobotId) -> Result<RobotDelivery> {
    let robot = own(app, actor, id).await?;
    let office = app.organization_name(robot.owner).await.zh;
    let text = app.words(Locale::ZhCn).with("notices-robot-test-text", &[("office", office.into())]);
    let mut tx = app.db.begin().await?;
    let one = write(&mut tx, app, actor, &robot, None, text).await?;
    tx.commit().await?;
    hand_over(app, one.id).await?;
    Ok(sql::robot::delivery(&app.db, one.id).await?)
}

/// Puts a circular's text into the group of a robot.
pub async fn send(app: &App, actor: &Actor, circular: CircularId, id: RobotId) -> Result<()> {
    let robot = own(app, actor, id).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let known = of_office(&mut tx, actor, &permissions::SEND, circular).await?;
    let office = app.organization_name(known.owner).await.zh;
    let text = deliver::for_group(app, &known, &office, Locale::ZhCn);
    let one = write(&mut tx, app, actor, &robot, Some(circular), text).await?;
    jobs::enqueue(&mut tx, job(one.id, 0), now).await?;
    let data = json!({ "robot": robot.name });
    record::append(&mut tx, actor, now, "notices.circular.to_group", object(circular), data).await?;
    tx.commit().await?;
    Ok(())
}

async fn write(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    robot: &GroupRobot,
    circular: Option<CircularId>,
    text: String,
) -> Result<RobotDelivery> {
    let one = RobotDelivery {
        id: DeliveryId::new(),
        robot: robot.id,
        text,
        state: DeliveryState::Waiting,
        attempts: 0,
        answer: String::new(),
        by: super::name(actor),
        created_at: app.clock.now(),
        tried_at: None,
    };
    sql::robot::insert_delivery(tx, &one, circular).await?;
    Ok(one)
}

fn job(id: DeliveryId, attempt: i64) -> NewJob {
    NewJob::new(KIND, json!({ "delivery": id.text() })).dedup(format!("{id}:{attempt}"))
}

/// The handler of [`KIND`].
pub(crate) fn handler(app: &App) -> Arc<dyn Handler> {
    Arc::new(Courier { app: app.clone() })
}

struct Courier {
    app: App,
}

#[async_trait]
impl Handler for Courier {
    async fn run(&self, _context: &Context, payload: Value) -> Result<Value> {
        let id: DeliveryId = payload["delivery"].as_str().unwrap_or_default().parse()?;
        hand_over(&self.app, id).await
    }
}

/// Hands one message over, or puts it off: where the robot takes no more this minute, or is busy.
async fn hand_over(app: &App, id: DeliveryId) -> Result<Value> {
    let now = app.clock.now();
    let waiting = sql::robot::delivery(&app.db, id).await?;
    if waiting.state != DeliveryState::Waiting {
        return Ok(json!({ "state": waiting.state.code() }));
    }
    let robot = match sql::robot::get(&app.db, waiting.robot).await {
        Ok(robot) => robot,
        Err(_) => return finish(app, id, DeliveryState::Failed, "removed").await,
    };
    let (tried, first) = sql::robot::tried_since(&app.db, robot.id, now.plus_seconds(-MINUTE)).await?;
    if tried >= robot.kind.a_minute() {
        let free = first.map_or(now, jinmen_core::Instant).plus_seconds(MINUTE + 1);
        return put_off(app, &waiting, free).await;
    }
    let mut tx = app.db.begin().await?;
    // Counted before it is handed over: two workers do not send the same try.
    if sql::robot::try_now(&mut tx, id, waiting.attempts, now).await? == 0 {
        return Ok(json!({ "state": "taken" }));
    }
    tx.commit().await?;
    let (address, secret) = sql::robot::sealed(&app.db, robot.id).await?;
    let address = app.vault.open(ADDRESS, &address)?;
    let secret = secret.map(|secret| app.vault.open(SECRET, &secret)).transpose()?.unwrap_or_default();
    let to = Robot::new(robot.kind, &address, &secret).map_err(Error::from)?;
    match app.robots.post(&to, &waiting.text, now).await? {
        Posted::Taken => finish(app, id, DeliveryState::Sent, "").await,
        Posted::Refused(said) => finish(app, id, DeliveryState::Refused, &said).await,
        Posted::Later(said) if waiting.attempts + 1 >= TRIES => finish(app, id, DeliveryState::Failed, &said).await,
        Posted::Later(said) => {
            let mut tx = app.db.begin().await?;
            sql::robot::done(&mut tx, id, DeliveryState::Waiting, &said).await?;
            tx.commit().await?;
            // Half a minute, one, two, four, eight: the limits of all three are by the minute.
            let wait = 30 << waiting.attempts.clamp(0, 8);
            let again = RobotDelivery { attempts: waiting.attempts + 1, ..waiting };
            put_off(app, &again, now.plus_seconds(wait)).await
        }
    }
}

async fn put_off(app: &App, waiting: &RobotDelivery, at: jinmen_core::Instant) -> Result<Value> {
    let mut tx = app.db.begin().await?;
    let key = format!("{}:{}:{}", waiting.id, waiting.attempts, at.0);
    let job = NewJob::new(KIND, json!({ "delivery": waiting.id.text() })).dedup(key).at(at);
    jobs::enqueue(&mut tx, job, app.clock.now()).await?;
    tx.commit().await?;
    Ok(json!({ "state": "put off" }))
}

async fn finish(app: &App, id: DeliveryId, state: DeliveryState, answer: &str) -> Result<Value> {
    let mut tx = app.db.begin().await?;
    sql::robot::done(&mut tx, id, state, answer).await?;
    tx.commit().await?;
    Ok(json!({ "state": state.code() }))
}
