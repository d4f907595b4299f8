//! A policy opens its call: whoever meets a clause applies, and what is paid counts as received under it.

use calls::model::{Basis, CallId};
use calls::ops::edit::{Under, begin_under};
use jinmen_core::{Actor, Error, Result, Text2};
use module::App;

use super::{object, of_office, program};
use crate::model::{Policy, PolicyId, Status};
use crate::{permissions, sql};

/// Whether a call can be opened under a policy: it has its number and holds today.
pub fn can_be_called(app: &App, policy: &Policy) -> bool {
    matches!(policy.status, Status::Issued | Status::Published) && policy.holds(app.clock.today())
}

/// Begins a call under a clause of a policy of the actor's office. It is a draft until the office publishes it.
///
/// # Errors
/// `policy.call_state` for a policy that does not hold today; `policy.call_clause` for a clause it does not have.
pub async fn open_call(app: &App, actor: &Actor, id: PolicyId, clause: &str) -> Result<CallId> {
    let policy = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if !can_be_called(app, &policy) {
        return Err(Error::conflict("policy.call_state"));
    }
    let version = sql::policy::version(&app.db, id, policy.version).await?;
    let rules = program::known(&version.text)?;
    let known = rules.clauses.iter().find(|one| one.id == clause);
    let title = &known.ok_or_else(|| Error::conflict("policy.call_clause"))?.title;
    let sentence = version.body.clauses.iter().find(|one| one.id == clause);
    let guide = version.body.guide;
    let under = Under {
        basis: Basis {
            object: object(id),
            title: policy.title,
            number: policy.doc_no,
            link: format!("/policies/{id}"),
        },
        rule: version.text,
        clause: clause.to_owned(),
        clause_title: if title.is_empty() { clause.to_owned() } else { title.clone() },
        sentences: sentence
            .map(|one| Text2::new(one.zh.clone(), Some(one.en.clone()).filter(|text| !text.is_empty())))
            .unwrap_or_default(),
        office: [guide.office, guide.address, guide.telephone],
    };
    begin_under(app, actor, under).await
}
