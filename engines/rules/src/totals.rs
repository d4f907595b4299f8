//! Means and sums over all applicants.
//!
//! To clauses each is a fact: unknown while one applicant is looked at alone, unless it is given; computed where all
//! applicants are there.

use codes::Date;

use crate::compile::Node;
use crate::evaluate::Context;
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::policy::Policy;
use crate::value::{Kind, Missing, Value};

/// A mean or a sum over all applicants.
#[derive(Clone, Debug)]
pub struct Total {
    /// The fact it is to clauses, by number.
    pub fact: usize,
    /// Whether it is a mean.
    pub mean: bool,
    /// What is added up.
    pub of: Node,
    /// Whom it is over; everybody without.
    pub among: Option<Node>,
}

/// Totals of a policy while applicants are read.
#[derive(Clone, Debug)]
pub struct Totals {
    /// By total: the sum so far and of how many; nothing once it cannot be known.
    sums: Vec<Option<(Range, i128)>>,
}

impl Policy {
    /// Totals over nobody yet.
    pub fn totals(&self) -> Totals {
        Totals { sums: vec![Some((Range::point(Exact::ZERO), 0)); self.totals.len()] }
    }

    /// The same policy with the totals of a cohort. One that cannot be known stays unknown, or between bounds.
    #[must_use]
    pub fn with_totals(&self, totals: &Totals) -> Self {
        let mut policy = self.clone();
        for (total, sum) in self.totals.iter().zip(&totals.sums) {
            let value =
                sum.and_then(
                    |(sum, count)| {
                        if total.mean { sum.divide(Range::point(Exact::whole(count))).ok() } else { Some(sum) }
                    },
                );
            let missing = Missing::from([u16::try_from(total.fact).unwrap_or(u16::MAX - 1)]);
            policy.facts[total.fact].if_absent = value.filter(|range| *range != Range::ANY).map(|range| Value {
                kind: Kind::Number(range),
                missing: if range.value().is_some() { Missing::new() } else { missing },
            });
        }
        policy
    }
}

impl Totals {
    /// Adds one applicant.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation.
    pub fn add(&mut self, policy: &Policy, facts: &[Value], as_of: Date) -> Result<(), Fault> {
        let context = Context { policy, clause: 0, facts, as_of };
        for (total, sum) in policy.totals.iter().zip(&mut self.sums) {
            let among =
                total.among.as_ref().map_or(Ok(Kind::Bool(true)), |node| context.value(node).map(|one| one.kind))?;
            match among {
                Kind::Bool(false) => {}
                Kind::Bool(true) => {
                    let value = context.value(&total.of)?.range().ok_or(Fault::Type)?;
                    if let Some((so_far, count)) = sum {
                        (*so_far, *count) = (so_far.plus(value)?, *count + 1);
                    }
                }
                _ => *sum = None,
            }
        }
        Ok(())
    }
}
