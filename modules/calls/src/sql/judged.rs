//! Statements on applications that are judged.

use jinmen_core::PersonId;
use serde_json::Value;
use store::{Conn, DbError, Query, args};

use crate::model::{ApplicationId, CallId};

/// Applications of a call that stand at a stage, the first handed in first.
pub(crate) async fn at_stage<'a>(
    conn: impl Into<Conn<'a>>,
    call: CallId,
    stage: &str,
) -> Result<Vec<ApplicationId>, DbError> {
    let rows: Vec<(String,)> = conn
        .into()
        .list(
            "SELECT id FROM call_application WHERE call_id = $1 AND stage = $2 AND state = 'submitted'
             ORDER BY submitted_at, id LIMIT 20000",
            args![call, stage],
        )
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::NoRow)).collect()
}

/// What was answered to one question.
pub(crate) async fn answers<'a>(
    conn: impl Into<Conn<'a>>,
    ids: &[ApplicationId],
    path: &str,
) -> Result<Vec<(ApplicationId, String)>, DbError> {
    let mut query = Query::new("SELECT application_id, typed FROM call_answer WHERE path = ?", args![path]);
    query.within(" AND application_id IN", ids.to_vec(), "");
    let rows: Vec<(String, Value)> = query.list(conn).await?;
    let one = |(id, typed): (String, Value)| {
        let text = typed.as_array().and_then(|list| list.first()).and_then(Value::as_str).unwrap_or_default();
        Ok((id.parse().map_err(|_| DbError::NoRow)?, text.to_owned()))
    };
    rows.into_iter().map(one).collect()
}

/// The people of several teams.
pub(crate) async fn members<'a>(
    conn: impl Into<Conn<'a>>,
    ids: &[ApplicationId],
) -> Result<Vec<(ApplicationId, PersonId)>, DbError> {
    let mut query = Query::new("SELECT application_id, person_id FROM call_member WHERE", args![]);
    query.within(" application_id IN", ids.to_vec(), "ORDER BY application_id, person_id");
    let rows: Vec<(String, String)> = query.list(conn).await?;
    rows.into_iter()
        .map(|(id, person)| Ok((id.parse().map_err(|_| DbError::NoRow)?, person.parse().map_err(|_| DbError::NoRow)?)))
        .collect()
}
