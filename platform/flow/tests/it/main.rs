//! Cases through their steps, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use flow::{
    Ballot, Days, Deed, Doer, Doing, Flow, Kind, Moved, New, Of, Otherwise, Plan, Share, Stage, State, Step, StepState,
    When,
};
use jinmen_core::codes::working_days::Calendar;
use jinmen_core::{
    AccountId, Actor, Date, Error, GrantId, Hat, Instant, Object, OrganizationId, PageRequest, PersonId, Result, Role,
    SignedIn, Text2,
};
use store::testing::{assert_same_schema, each_db};
use store::{Db, MigrationSet};

const SETS: [MigrationSet; 4] = [record::MIGRATIONS, files::MIGRATIONS, cases::MIGRATIONS, flow::MIGRATIONS];
/// 2021-06-18, a Friday.
const NOW: Instant = Instant(1_623_996_189_000_000);
const DAY: i64 = 86_400;

fn at(now: Instant) -> When<'static> {
    When { now, calendar: Calendar::builtin() }
}

fn person(role: Role, organization: OrganizationId) -> Actor {
    let hat = Hat::new(GrantId::new(), role, Some(organization));
    Actor::Person(Box::new(SignedIn {
        account: AccountId::new(),
        person: Some(PersonId::new()),
        name: "张三".into(),
        locale: None,
        hats: vec![hat.clone()],
        hat: Some(hat),
    }))
}

fn step(key: &str, kind: Kind) -> Step {
    Step::new(key, Text2::both(key, key), kind, Doer::owner(Role::DistrictOfficer))
}

/// Draft, public comment, two opinions side by side, a vote, signature by another than the drafter.
fn plan(other: OrganizationId) -> Plan {
    let vote = Kind::Vote { quorum: Share::TWO_THIRDS, majority: Share::MORE_THAN_HALF, of: Of::Present };
    let mut legality = step("legality", Kind::Opinion).not_by("draft").within(5);
    legality.by = Doer::of(Role::Supervisor, other);
    Plan {
        stages: vec![
            Stage::one(step("draft", Kind::Act).may_reject()),
            Stage::one(step("comment", Kind::Notice { days: 30, count: Days::Calendar })),
            Stage {
                key: "reviews".into(),
                title: Text2::zh("审查"),
                steps: vec![step("fairness", Kind::Opinion).needs_opinion(), legality],
                enough: None,
                otherwise: Otherwise::Return("draft".into()),
            },
            Stage::one(step("vote", vote)),
            Stage::one(step("sign", Kind::Act).not_by("draft").back_to("reviews")),
        ],
    }
}

async fn begin(db: &Db, owner: OrganizationId, other: OrganizationId, actor: &Actor) -> Flow {
    let mut tx = db.begin().await.unwrap();
    let object = Object::new("policy", owner);
    let new = New { name: "test.life", object, owner, title: "办法".into(), link: "/work".into(), plan: plan(other) };
    let flow = flow::start(&mut tx, actor, at(NOW), new).await.unwrap();
    tx.commit().await.unwrap();
    flow
}

async fn act(db: &Db, actor: &Actor, now: Instant, flow: &Flow, deed: Deed<'_>) -> Result<Moved> {
    let mut tx = db.begin().await.unwrap();
    let (_, moved) = flow::act(&mut tx, actor, at(now), flow.id, deed).await?;
    tx.commit().await.unwrap();
    Ok(moved)
}

fn doing(step: &str, doing: Doing) -> Deed<'_> {
    Deed { step, doing, opinion: "意见", seen: None, colleagues: &[] }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result.unwrap_err() {
        Error::Invalid(faults) => faults[0].code.clone(),
        Error::Conflict(fault) => fault.code,
        other => format!("{other:?}"),
    }
}

async fn tasks(db: &Db, flow: &Flow) -> Vec<String> {
    cases::tasks_on(db, &flow.object)
        .await
        .unwrap()
        .into_iter()
        .filter(|task| task.done_at.is_none())
        .map(|task| task.args["step"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&SETS).await;
}

#[tokio::test]
async fn a_case_goes_through_its_stages_and_each_turn_is_a_task() {
    each_db(&SETS, async |db| {
        let (owner, other) = (OrganizationId::new(), OrganizationId::new());
        let (officer, second) = (person(Role::DistrictOfficer, owner), person(Role::DistrictOfficer, owner));
        let lawyer = person(Role::Supervisor, other);
        let case = begin(&db, owner, other, &officer).await;
        assert_eq!(tasks(&db, &case).await, ["draft"]);
        assert_eq!(act(&db, &officer, NOW, &case, Deed::done("draft", "")).await.unwrap(), Moved::On(1));

        assert_eq!(act(&db, &officer, NOW, &case, doing("comment", Doing::Begin(None))).await.unwrap(), Moved::Waits);
        assert!(tasks(&db, &case).await.is_empty(), "a notice that runs waits for nobody");
        let last = NOW.plus_seconds(30 * DAY);
        assert!(flow::notices_over(&db, last, "test.life", 10).await.unwrap().is_empty());
        assert_eq!(code(act(&db, &officer, last, &case, Deed::done("comment", "")).await), "flow.notice_runs");
        let over = NOW.plus_seconds(31 * DAY);
        assert_eq!(flow::notices_over(&db, over, "test.life", 10).await.unwrap(), [(case.id, "comment".to_owned())]);
        assert!(flow::notices_over(&db, over, "other", 10).await.unwrap().is_empty());
        let program = Actor::System("test");
        assert_eq!(act(&db, &program, over, &case, Deed::done("comment", "")).await.unwrap(), Moved::On(2));

        assert_eq!(tasks(&db, &case).await.len(), 2, "side by side");
        assert_eq!(code(act(&db, &officer, over, &case, Deed::done("fairness", " ")).await), "flow.opinion");
        assert_eq!(act(&db, &officer, over, &case, Deed::done("fairness", "无")).await.unwrap(), Moved::Waits);
        assert_eq!(code(act(&db, &officer, over, &case, Deed::done("fairness", "无")).await), "flow.not_open");
        assert_eq!(code(act(&db, &officer, over, &case, Deed::done("legality", "")).await), "flow.not_yours");
        assert_eq!(act(&db, &lawyer, over, &case, Deed::done("legality", "")).await.unwrap(), Moved::On(3));

        let ballot = |present, for_it| {
            Doing::Vote(Ballot { entitled: 9, present, for_it, against: present - for_it, abstained: 0 })
        };
        assert_eq!(act(&db, &officer, over, &case, doing("vote", ballot(5, 5))).await.unwrap(), Moved::Back(3));
        assert_eq!(act(&db, &officer, over, &case, doing("vote", ballot(7, 5))).await.unwrap(), Moved::On(4));
        assert_eq!(code(act(&db, &officer, over, &case, Deed::done("sign", "")).await), "flow.second_person");
        assert_eq!(act(&db, &second, over, &case, Deed::done("sign", "")).await.unwrap(), Moved::Ended(State::Done));

        assert!(flow::running(&db, &case.object, "test.life").await.unwrap().is_none());
        let steps = flow::steps(&db, case.id).await.unwrap();
        assert_eq!(steps.len(), 7);
        assert_eq!(steps[4].ballot().unwrap().present, 5);
        assert_eq!(steps[3].due_on, Date::from_iso("2021-07-26").ok(), "five working days after Monday 19 July");
        assert!(tasks(&db, &case).await.is_empty());
        let entries = record::history(&db, &case.object, &PageRequest::default()).await.unwrap();
        assert_eq!(entries.items[0].action, "flow.ended");
    })
    .await;
}

#[tokio::test]
async fn a_disagreement_sends_the_case_back_once_everybody_was_heard() {
    each_db(&SETS, async |db| {
        let (owner, other) = (OrganizationId::new(), OrganizationId::new());
        let (officer, lawyer) = (person(Role::DistrictOfficer, owner), person(Role::Supervisor, other));
        let case = begin(&db, owner, other, &officer).await;
        let over = NOW.plus_seconds(31 * DAY);
        act(&db, &officer, NOW, &case, Deed::done("draft", "")).await.unwrap();
        act(&db, &officer, NOW, &case, doing("comment", Doing::Begin(None))).await.unwrap();
        act(&db, &Actor::System("test"), over, &case, Deed::done("comment", "")).await.unwrap();
        assert_eq!(act(&db, &lawyer, over, &case, doing("legality", Doing::Disagree)).await.unwrap(), Moved::Waits);
        assert_eq!(act(&db, &officer, over, &case, Deed::done("fairness", "无")).await.unwrap(), Moved::Back(0));
        assert_eq!(tasks(&db, &case).await, ["draft"]);
        let again = flow::running(&db, &case.object, "test.life").await.unwrap().unwrap();
        assert_eq!((again.round, again.stage), (2, 0));
        assert_eq!(
            act(&db, &officer, over, &case, doing("draft", Doing::Reject)).await.unwrap(),
            Moved::Ended(State::Rejected)
        );
    })
    .await;
}

#[tokio::test]
async fn of_two_who_act_on_what_they_saw_the_second_is_told_to_look_again() {
    each_db(&SETS, async |db| {
        let owner = OrganizationId::new();
        let officer = person(Role::DistrictOfficer, owner);
        let case = begin(&db, owner, owner, &officer).await;
        let seen = |seen| Deed { seen: Some(seen), ..Deed::done("draft", "") };
        assert!(matches!(act(&db, &officer, NOW, &case, seen(7)).await, Err(Error::Stale)));
        let both = futures::future::join(
            act(&db, &officer, NOW, &case, seen(case.version)),
            act(&db, &officer, NOW, &case, seen(case.version)),
        );
        let (one, two) = both.await;
        assert_eq!([&one, &two].iter().filter(|result| result.is_ok()).count(), 1, "{one:?} {two:?}");
        let steps = flow::steps(&db, case.id).await.unwrap();
        assert_eq!(steps.iter().filter(|step| step.state == StepState::Done).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_office_of_one_person_does_the_second_persons_step_and_the_step_says_so() {
    each_db(&SETS, async |db| {
        let owner = OrganizationId::new();
        let officer = person(Role::DistrictOfficer, owner);
        let plan =
            Plan { stages: vec![Stage::one(step("a", Kind::Act)), Stage::one(step("b", Kind::Act).not_by("a"))] };
        let object = Object::new("policy", owner);
        let new = New { name: "test.two", object, owner, title: "办法".into(), link: "/work".into(), plan };
        let mut tx = db.begin().await.unwrap();
        let case = flow::start(&mut tx, &officer, at(NOW), new.clone()).await.unwrap();
        assert_eq!(code(flow::start(&mut tx, &officer, at(NOW), new).await), "flow.running");
        tx.commit().await.unwrap();
        act(&db, &officer, NOW, &case, Deed::done("a", "")).await.unwrap();
        let myself = [officer.person().unwrap()];
        let colleagues = [officer.person().unwrap(), PersonId::new()];
        let with = |colleagues| Deed { colleagues, ..Deed::done("b", "") };
        assert_eq!(code(act(&db, &officer, NOW, &case, with(&colleagues)).await), "flow.second_person");
        assert_eq!(act(&db, &officer, NOW, &case, with(&myself)).await.unwrap(), Moved::Ended(State::Done));
        assert!(flow::steps(&db, case.id).await.unwrap()[1].alone);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_case_leaves_no_task_and_takes_no_step() {
    each_db(&SETS, async |db| {
        let owner = OrganizationId::new();
        let officer = person(Role::DistrictOfficer, owner);
        let case = begin(&db, owner, owner, &officer).await;
        let mut tx = db.begin().await.unwrap();
        flow::withdraw(&mut tx, &officer, at(NOW), case.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(tasks(&db, &case).await.is_empty());
        assert_eq!(code(act(&db, &officer, NOW, &case, Deed::done("draft", "")).await), "flow.not_open");
        begin(&db, owner, owner, &officer).await;
    })
    .await;
}

#[test]
fn a_plan_that_cannot_be_gone_through_is_refused_with_every_reason() {
    let owner = OrganizationId::new();
    assert!(plan(owner).check().is_ok());
    let faults = |plan: Plan| match plan.check() {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(faults(Plan { stages: Vec::new() }), ["flow.stages"]);
    let mut wrong = plan(owner);
    wrong.stages[0].steps[0].not_by = vec!["sign".into()];
    wrong.stages[1].steps[0].key = "draft".into();
    wrong.stages[2].otherwise = Otherwise::Return("vote".into());
    wrong.stages[2].enough = Some(3);
    wrong.stages[3].steps.clear();
    wrong.stages[4].steps[0].within = Some(0);
    let found = faults(wrong);
    for code in ["flow.second_later", "flow.step_name", "flow.return_later", "flow.enough", "flow.steps", "flow.bounds"]
    {
        assert!(found.iter().any(|one| one == code), "{code} in {found:?}");
    }
}

#[test]
fn a_plan_survives_being_kept_as_data() {
    let plan = plan(OrganizationId::new());
    let kept = serde_json::to_value(&plan).unwrap();
    assert_eq!(serde_json::from_value::<Plan>(kept).unwrap(), plan);
}
