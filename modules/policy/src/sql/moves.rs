//! Statements that hand over what is kept for an organisation whose file is joined to another's.

use jinmen_core::OrganizationId;
use serde::{Deserialize, Serialize};
use store::{DbError, Query, Tx, args};

/// What was handed over. What both had stays with the one that goes: of two answers to one question that of the file that
/// stays counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Moved {
    /// Policies it drafted.
    policies: Vec<String>,
    /// Plans it keeps.
    plans: Vec<String>,
    /// Policy and name of each answer.
    answers: Vec<String>,
    /// Policies of which it lets amounts be seen.
    authorizations: Vec<String>,
    /// Policies that it was told of.
    told: Vec<String>,
}

/// A table with rows of one organisation.
#[derive(Clone, Copy)]
enum Table {
    Policy,
    Plan,
    Answer,
    Authorization,
    Told,
}

/// Hands over everything.
pub(crate) async fn give(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Moved, DbError> {
    Ok(Moved {
        policies: rows(tx, Table::Policy, from, to).await?,
        plans: rows(tx, Table::Plan, from, to).await?,
        answers: rows(tx, Table::Answer, from, to).await?,
        authorizations: rows(tx, Table::Authorization, from, to).await?,
        told: rows(tx, Table::Told, from, to).await?,
    })
}

/// Hands it back from `from` to `to`.
pub(crate) async fn give_back(
    tx: &mut Tx,
    moved: &Moved,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<(), DbError> {
    rows_back(tx, Table::Policy, &moved.policies, from, to).await?;
    rows_back(tx, Table::Plan, &moved.plans, from, to).await?;
    rows_back(tx, Table::Answer, &moved.answers, from, to).await?;
    rows_back(tx, Table::Authorization, &moved.authorizations, from, to).await?;
    rows_back(tx, Table::Told, &moved.told, from, to).await
}

async fn rows(tx: &mut Tx, table: Table, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>, DbError> {
    let sql = match table {
        Table::Policy => "UPDATE policy SET owner_id = $2 WHERE owner_id = $1 RETURNING id",
        Table::Plan => "UPDATE plan SET owner_id = $2 WHERE owner_id = $1 RETURNING id",
        Table::Answer => {
            "UPDATE policy_answer SET organization_id = $2 WHERE organization_id = $1 AND (policy_id, name) NOT IN
               (SELECT o.policy_id, o.name FROM policy_answer o WHERE o.organization_id = $2)
             RETURNING policy_id || ' ' || name"
        }
        Table::Authorization => {
            "UPDATE policy_authorization SET organization_id = $2 WHERE organization_id = $1 AND policy_id NOT IN
               (SELECT o.policy_id FROM policy_authorization o WHERE o.organization_id = $2)
             RETURNING policy_id"
        }
        Table::Told => {
            "UPDATE policy_told SET organization_id = $2 WHERE organization_id = $1 AND policy_id NOT IN
               (SELECT o.policy_id FROM policy_told o WHERE o.organization_id = $2)
             RETURNING policy_id"
        }
    };
    let rows: Vec<(String,)> = tx.list(sql, args![from, to]).await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

async fn rows_back(
    tx: &mut Tx,
    table: Table,
    keys: &[String],
    from: OrganizationId,
    to: OrganizationId,
) -> Result<(), DbError> {
    let (sql, key) = match table {
        Table::Policy => ("UPDATE policy SET owner_id = ? WHERE owner_id = ?", " AND id IN"),
        Table::Plan => ("UPDATE plan SET owner_id = ? WHERE owner_id = ?", " AND id IN"),
        Table::Answer => (
            "UPDATE policy_answer SET organization_id = ? WHERE organization_id = ?",
            " AND policy_id || ' ' || name IN",
        ),
        Table::Authorization => {
            ("UPDATE policy_authorization SET organization_id = ? WHERE organization_id = ?", " AND policy_id IN")
        }
        Table::Told => ("UPDATE policy_told SET organization_id = ? WHERE organization_id = ?", " AND policy_id IN"),
    };
    for some in keys.chunks(1_000) {
        let mut query = Query::new(sql, args![to, from]);
        query.within(key, some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}
