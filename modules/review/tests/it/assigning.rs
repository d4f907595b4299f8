//! Who judges what where the engine assigns, and conflicts of many.

use calls::ops::judged::Judged;
use jinmen_core::{OrganizationId, PersonId, Text2};
use payments::Subject;
use registry::ops::posts::Post;
use review::model::ConflictKind;
use review::ops::conflicts::{Candidate, Grounds, found};

use crate::town::{Town, each_town};

async fn proposal(town: &Town, id: &str) -> String {
    town.officer.get(&format!("/work/reviews/{id}/assign")).await.text()
}

#[tokio::test]
async fn a_proposal_is_taken_as_it_was_shown_and_keeps_what_was_decided_by_hand() {
    each_town(async |town| {
        let change = [("giving", "assigned"), ("demand", "2"), ("load_most", "3")];
        let id = town.round("desk", &change).await;
        let early = town.officer.form(&format!("/work/reviews/{id}/open"), &[]).await;
        assert!(early.status == 409 && early.text().contains("P01"), "{}", early.text());
        let seats = town.officer.get(&format!("/api/v1/reviews/{id}")).await.json();
        let seat = |at: usize| seats["judges"][at]["id"].as_str().unwrap().to_owned();
        let (kept, barred) = (seat(0), seat(1));
        town.desk(&id, "pairs", &[("code", "P01"), ("seat", &kept), ("what", "give")]).await;
        town.desk(&id, "pairs", &[("code", "P01"), ("seat", &barred), ("what", "take")]).await;
        let shown = proposal(&town, &id).await;
        assert!(shown.contains("共 8 个评审任务") && shown.contains("手工指定"), "{shown}");
        let digest =
            shown.split("name=\\\"digest\\\" value=\\\"").nth(1).unwrap().split('\\').next().unwrap().to_owned();
        let other = town.officer.form(&format!("/work/reviews/{id}/assign"), &[("digest", "00")]).await;
        assert_eq!(other.status, 422, "{}", other.text());
        town.desk(&id, "assign", &[("digest", &digest)]).await;
        let rows: Vec<(String, String)> = town
            .test
            .app
            .db
            .list(
                "SELECT e.code, p.seat_id FROM review_pair p JOIN review_entry e ON e.id = p.entry_id
                 WHERE p.chosen_by <> 'barred' ORDER BY e.code",
                Vec::new(),
            )
            .await
            .unwrap();
        assert_eq!(rows.len(), 8);
        assert!(rows.contains(&("P01".into(), kept)) && !rows.contains(&("P01".into(), barred)), "{rows:?}");
    })
    .await;
}

#[tokio::test]
async fn a_proposal_that_cannot_be_says_who_is_missing() {
    each_town(async |town| {
        let id = town.round("desk", &[("giving", "assigned"), ("demand", "6")]).await;
        let shown = proposal(&town, &id).await;
        assert!(shown.contains("评委不足") && shown.contains("评委1"), "{shown}");
    })
    .await;
}

fn judged(applicant: Subject, people: Vec<PersonId>) -> Judged {
    let application = calls::model::Application {
        id: calls::model::ApplicationId::new(),
        call: calls::model::CallId::new(),
        owner: OrganizationId::new(),
        number: String::new(),
        applicant,
        applicant_name: String::new(),
        state: calls::model::ApplicationState::Submitted,
        stage: String::new(),
        handler: None,
        handler_name: String::new(),
        track: String::new(),
        group: String::new(),
        form_version: 1,
        version: 1,
        saved_at: jinmen_core::Instant(0),
        submitted_at: None,
        digest: String::new(),
        returned: None,
        reason: String::new(),
        granted: None,
        begun_by: None,
        begun_name: String::new(),
        created_at: jinmen_core::Instant(0),
        updated_at: jinmen_core::Instant(0),
    };
    Judged { application, title: String::new(), people }
}

/// Against looking at every pair by itself.
#[test]
fn conflicts_of_six_thousand_entries_and_three_thousand_judges_are_those_of_every_pair() {
    const ENTRIES: usize = 6_000;
    const JUDGES: usize = 2_800;
    let firms: Vec<OrganizationId> = (0..5_000).map(|_| OrganizationId::new()).collect();
    let schools: Vec<OrganizationId> = (0..300).map(|_| OrganizationId::new()).collect();
    let judges: Vec<Candidate> = (0..JUDGES)
        .map(|at| Candidate {
            person: PersonId::new(),
            institution: Some(schools[at % schools.len()]),
            institution_name: "大学".into(),
        })
        .collect();
    let team: Vec<PersonId> = (0..ENTRIES).map(|_| PersonId::new()).collect();
    let entries: Vec<Judged> = (0..ENTRIES)
        .map(|at| {
            let mut people = vec![team[at]];
            if at % 1_000 == 7 {
                people.push(judges[at % JUDGES].person);
            }
            judged(Subject::Organization(firms[at % firms.len()]), people)
        })
        .collect();
    let post =
        |person: PersonId, organization: OrganizationId| Post { person, organization, name: Text2::zh("单位") };
    let mut posts: Vec<Post> =
        (0..JUDGES).filter(|at| at % 3 == 0).map(|at| post(judges[at].person, firms[at % firms.len()])).collect();
    posts.extend((0..ENTRIES).filter(|at| at % 50 == 0).map(|at| post(team[at], schools[at % schools.len()])));
    let held: Vec<(OrganizationId, OrganizationId)> = (0..100).map(|at| (firms[at], schools[at])).collect();
    let all = found(&judges, &entries, &Grounds { posts: posts.clone(), held: held.clone() });
    let places = |at: usize| -> Vec<OrganizationId> {
        let own = posts.iter().filter(|post| post.person == judges[at].person).map(|post| post.organization);
        own.chain(judges[at].institution).collect()
    };
    let mut expected = 0;
    for at in (0..JUDGES).step_by(97) {
        let mine = places(at);
        for (number, entry) in entries.iter().enumerate() {
            let Subject::Organization(firm) = entry.application.applicant else { unreachable!() };
            let own = entry.people.contains(&judges[at].person);
            let employed = mine.contains(&firm);
            let related =
                held.iter().any(|(a, b)| (mine.contains(a) && *b == firm) || (mine.contains(b) && *a == firm));
            let past = number % 50 == 0 && mine.contains(&schools[number % schools.len()]);
            let kind = [
                (own, ConflictKind::Own),
                (employed, ConflictKind::Organization),
                (related, ConflictKind::Related),
                (past, ConflictKind::Shared),
            ];
            let kind = kind.into_iter().find(|(is, _)| *is).map(|(_, kind)| kind);
            let told = all.iter().find(|(who, entry, ..)| *who == at && *entry == number).map(|(_, _, kind, _)| *kind);
            assert_eq!(told, kind, "judge {at}, entry {number}");
            expected += usize::from(kind.is_some());
        }
    }
    assert!(expected > 40, "{expected}");
}
