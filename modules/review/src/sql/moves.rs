//! Statements that hand things over when files are joined, and that take back a round.

use jinmen_core::OrganizationId;
use store::{DbError, Query, Tx, args};

use crate::model::RoundId;

/// What was moved: identifiers by table.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Moved {
    pub rounds: Vec<String>,
    pub experts: Vec<String>,
    pub expert_institutions: Vec<String>,
    pub seat_institutions: Vec<String>,
    pub entries: Vec<String>,
}

fn ids(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(id,)| id).collect()
}

/// Hands what one organisation has over to another. An expert whom both pools have stays in the old one.
pub(crate) async fn organization(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Moved, DbError> {
    Ok(Moved {
        rounds: ids(tx
            .list("UPDATE review_round SET owner_id = $2 WHERE owner_id = $1 RETURNING id", args![from, to])
            .await?),
        experts: ids(tx
            .list(
                "UPDATE review_expert SET owner_id = $2 WHERE owner_id = $1 AND NOT EXISTS
                   (SELECT 1 FROM review_expert o WHERE o.owner_id = $2 AND o.person_id = review_expert.person_id)
                 RETURNING id",
                args![from, to],
            )
            .await?),
        expert_institutions: ids(tx
            .list(
                "UPDATE review_expert SET institution_id = $2 WHERE institution_id = $1 RETURNING id",
                args![from, to],
            )
            .await?),
        seat_institutions: ids(tx
            .list("UPDATE review_seat SET institution_id = $2 WHERE institution_id = $1 RETURNING id", args![from, to])
            .await?),
        entries: ids(tx
            .list(
                "UPDATE review_entry SET applicant_id = $2 WHERE applicant_id = $1 AND applicant_kind = 'organization'
                 RETURNING id",
                args![from, to],
            )
            .await?),
    })
}

/// Hands it back.
pub(crate) async fn return_organization(tx: &mut Tx, moved: &Moved, to: OrganizationId) -> Result<(), DbError> {
    let parts = [
        ("UPDATE review_round SET owner_id = ? WHERE", &moved.rounds),
        ("UPDATE review_expert SET owner_id = ? WHERE", &moved.experts),
        ("UPDATE review_expert SET institution_id = ? WHERE", &moved.expert_institutions),
        ("UPDATE review_seat SET institution_id = ? WHERE", &moved.seat_institutions),
        ("UPDATE review_entry SET applicant_id = ? WHERE", &moved.entries),
    ];
    for (head, ids) in parts {
        for some in ids.chunks(1_000) {
            let mut query = Query::new(head, args![to]);
            query.within(" id IN", some.to_vec(), "");
            query.run(tx).await?;
        }
    }
    Ok(())
}

/// Takes back a round that is being prepared, with everything that hangs on it.
pub(crate) async fn discard(tx: &mut Tx, round: RoundId) -> Result<(), DbError> {
    for statement in [
        "DELETE FROM review_pair WHERE round_id = $1",
        "DELETE FROM review_conflict WHERE round_id = $1",
        "DELETE FROM review_draw WHERE round_id = $1",
        "DELETE FROM review_seat WHERE round_id = $1",
        "DELETE FROM review_entry WHERE round_id = $1",
        "DELETE FROM review_panel WHERE round_id = $1",
        "DELETE FROM review_round WHERE id = $1",
    ] {
        tx.run(statement, args![round]).await?;
    }
    Ok(())
}

/// Takes judges off entries with which they have a conflict; scores that were locked before stay.
pub(crate) async fn take_off_barred(tx: &mut Tx, round: RoundId) -> Result<u64, DbError> {
    tx.run(
        "DELETE FROM review_pair WHERE round_id = $1 AND chosen_by <> 'barred'
           AND EXISTS (SELECT 1 FROM review_conflict c JOIN review_entry e ON e.application_id = c.application_id
             JOIN review_seat s ON s.person_id = c.person_id
             WHERE c.round_id = $1 AND e.round_id = $1 AND s.round_id = $1 AND e.id = review_pair.entry_id
               AND s.id = review_pair.seat_id)
           AND NOT EXISTS (SELECT 1 FROM review_score x WHERE x.entry_id = review_pair.entry_id
             AND x.seat_id = review_pair.seat_id AND x.locked)",
        args![round],
    )
    .await
}
