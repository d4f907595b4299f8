//! Tasks.

use cases::tasks::COUNT_CAP;
use cases::{
    NewTask, Task, TaskId, WaitsFor, close_task, close_task_of, close_tasks_on, count_for, open_task, tasks_for,
    tasks_on,
};
use jinmen_core::{Actor, Date, Error, Object, OrganizationId, PageRequest, Role};
use serde_json::json;
use store::Db;
use store::testing::each_db;

use crate::{NOW, SETS, object, person};

async fn open(db: &Db, task: NewTask) -> TaskId {
    let mut tx = db.begin().await.unwrap();
    let id = open_task(&mut tx, NOW, task).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn check(object: &Object, waits_for: WaitsFor) -> NewTask {
    NewTask::new("test.check", object.clone(), waits_for, "/calls/1", json!({ "name": "数聚" }))
}

async fn waiting(db: &Db, actor: &Actor) -> Vec<Task> {
    let page = tasks_for(db, actor, &PageRequest::default()).await.unwrap();
    assert_eq!(count_for(db, actor).await.unwrap(), page.items.len() as i64);
    page.items
}

#[tokio::test]
async fn a_task_waits_for_whom_it_should_and_for_nobody_else() {
    each_db(&SETS, async |db| {
        let (alliance, firm) = (OrganizationId::new(), OrganizationId::new());
        let secretary = person(Role::Secretariat, Some(alliance));
        let other_secretary = person(Role::Secretariat, Some(firm));
        let colleague = person(Role::Supervisor, Some(alliance));
        let admin = person(Role::SystemAdmin, None);
        let bare = match person(Role::Talent, None) {
            Actor::Person(mut signed_in) => {
                signed_in.hat = None;
                Actor::Person(signed_in)
            }
            other => other,
        };
        let everybody = [&secretary, &other_secretary, &colleague, &admin, &bare];
        let cases = [
            (WaitsFor::Role(Role::Secretariat, alliance), vec![&secretary]),
            (WaitsFor::Organization(alliance), vec![&secretary, &colleague]),
            (WaitsFor::AnyOf(Role::Secretariat), vec![&secretary, &other_secretary]),
            (WaitsFor::AnyOf(Role::SystemAdmin), vec![&admin]),
            (WaitsFor::Person(bare.person().unwrap()), vec![&bare]),
            (WaitsFor::Person(colleague.person().unwrap()), vec![&colleague]),
        ];
        for (waits_for, expected) in cases {
            let object = object();
            let id = open(&db, check(&object, waits_for)).await;
            for actor in everybody {
                let ids: Vec<TaskId> = waiting(&db, actor).await.iter().map(|task| task.id).collect();
                assert_eq!(ids.contains(&id), expected.contains(&actor), "{waits_for:?} {actor:?}");
            }
            let on = tasks_on(&db, &object).await.unwrap();
            assert_eq!((on.len(), on[0].waits_for), (1, waits_for));
            let mut tx = db.begin().await.unwrap();
            assert_eq!(close_task(&mut tx, &secretary, NOW, "test.check", &object).await.unwrap(), 1);
            tx.commit().await.unwrap();
        }
        for actor in everybody {
            assert!(waiting(&db, actor).await.is_empty());
        }
        assert!(matches!(tasks_for(&db, &Actor::Nobody, &PageRequest::default()).await, Err(Error::SignIn)));
        assert_eq!(count_for(&db, &Actor::Nobody).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_task_opened_again_is_brought_up_to_date_and_keeps_its_identifier() {
    each_db(&SETS, async |db| {
        let (object, actor) = (object(), person(Role::Judge, None));
        let mine = WaitsFor::Person(actor.person().unwrap());
        let day = Date::new(2021, 6, 30).unwrap();
        let first = open(&db, check(&object, WaitsFor::AnyOf(Role::Secretariat))).await;
        let again = open(&db, check(&object, mine).due(Some(day))).await;
        assert_eq!(first, again);
        let task = &waiting(&db, &actor).await[0];
        assert_eq!((task.id, task.due_on, task.created_at), (first, Some(day), NOW));
        assert_eq!((task.title_key.as_str(), task.args.clone()), ("task-test-check", json!({ "name": "数聚" })));

        let mut tx = db.begin().await.unwrap();
        assert_eq!(close_task(&mut tx, &actor, NOW, "test.check", &object).await.unwrap(), 1);
        assert_eq!(close_task(&mut tx, &actor, NOW, "test.check", &object).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let third = open(&db, check(&object, mine)).await;
        assert_ne!(third, first, "a new turn is a new task");
        assert_eq!(waiting(&db, &actor).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_that_open_a_task_at_once_both_get_the_same() {
    each_db(&SETS, async |db| {
        let object = object();
        let task = || open(&db, check(&object, WaitsFor::AnyOf(Role::Judge)));
        let (a, b, c) = tokio::join!(task(), task(), task());
        assert!(a == b && b == c);
        assert_eq!(tasks_on(&db, &object).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn tasks_of_several_people_on_one_object_close_one_by_one_or_together() {
    each_db(&SETS, async |db| {
        let (object, judges) = (object(), [(); 3].map(|()| person(Role::Judge, None)));
        for judge in &judges {
            let id = judge.person().unwrap();
            open(&db, check(&object, WaitsFor::Person(id)).dedup(id.text())).await;
        }
        open(&db, NewTask { kind: "test.other", ..check(&object, WaitsFor::AnyOf(Role::Judge)) }).await;
        let first = judges[0].person().unwrap().text();
        let mut tx = db.begin().await.unwrap();
        assert!(close_task_of(&mut tx, &judges[0], NOW, "test.check", &object, &first).await.unwrap());
        assert!(!close_task_of(&mut tx, &judges[0], NOW, "test.check", &object, &first).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(waiting(&db, &judges[0]).await.len(), 1);
        assert_eq!(waiting(&db, &judges[1]).await.len(), 2);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(close_tasks_on(&mut tx, &Actor::System("test"), NOW, &object).await.unwrap(), 3);
        tx.commit().await.unwrap();
        assert!(waiting(&db, &judges[1]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_list_pages_by_day_with_the_undated_last_and_counting_stops() {
    each_db(&SETS, async |db| {
        let actor = person(Role::Judge, None);
        let mine = WaitsFor::Person(actor.person().unwrap());
        let mut expected = Vec::new();
        let mut tx = db.begin().await.unwrap();
        for n in 0..130_i64 {
            let day = Date::new(2021, 6, 30).unwrap().add_days(n * 7 % 40).unwrap();
            let due = (n % 10 != 0).then_some(day);
            let id = open_task(&mut tx, NOW, check(&object(), mine).due(due)).await.unwrap();
            expected.push((due.map_or("none".into(), |day| day.to_string()), id));
        }
        tx.commit().await.unwrap();
        expected.sort();
        let (mut seen, mut request) = (Vec::new(), PageRequest { after: None, limit: Some(30) });
        loop {
            let page = tasks_for(&db, &actor, &request).await.unwrap();
            seen.extend(
                page.items.into_iter().map(|task| (task.due_on.map_or("none".into(), |day| day.to_string()), task.id)),
            );
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected);
        assert_eq!(count_for(&db, &actor).await.unwrap(), COUNT_CAP);
        let odd = PageRequest { after: Some("bm90".into()), limit: None };
        assert!(matches!(tasks_for(&db, &actor, &odd).await, Err(Error::Invalid(_))));
    })
    .await;
}
