//! What spans clauses and applicants, over a register: who is among the best, what limits and budgets leave of what is
//! due. Of each organisation that is due anything a few numbers are kept until all were read.

use std::collections::HashMap;

use codes::Date;
use rules::{Block, Due, Entrant, Fault, Policy, Register};
use serde_json::{Value, json};

/// Applicants of every policy that spans anything, as they are read.
pub struct Cohort<'p> {
    policies: &'p [Policy],
    as_of: Date,
    /// By policy: the places of organisations in the register, and what the steps for all need of them.
    entrants: Vec<(Vec<u64>, Vec<Entrant>)>,
    read: u64,
}

/// What is granted.
pub struct Granted {
    /// By clause of the register: nothing where its policy spans nothing, else by the place of the organisation.
    clauses: Vec<Option<HashMap<u64, Due>>>,
}

impl<'p> Cohort<'p> {
    /// No applicant yet.
    pub fn new(policies: &'p [Policy], as_of: Date) -> Self {
        let entrants = policies.iter().map(|_| (Vec::new(), Vec::new())).collect();
        Self { policies, as_of, entrants, read: 0 }
    }

    /// Whether any policy spans anything.
    pub fn needed(&self) -> bool {
        self.policies.iter().any(Policy::spans)
    }

    /// Adds the organisations of a block; those of which something cannot be evaluated are returned with the policy's
    /// title and left out.
    pub fn add(&mut self, register: &Register<'_>, block: &Block) -> Vec<(usize, String, Fault)> {
        let mut faults = Vec::new();
        for (at, policy) in self.policies.iter().enumerate().filter(|(_, policy)| policy.spans()) {
            for row in 0..block.rows() {
                match policy.entrant(&register.subject(at, block, row), self.as_of) {
                    Ok(None) => {}
                    Ok(Some(entrant)) => {
                        self.entrants[at].0.push(self.read + row as u64);
                        self.entrants[at].1.push(entrant);
                    }
                    Err(fault) => faults.push((row, policy.title.clone(), fault)),
                }
            }
        }
        self.read += block.rows() as u64;
        faults
    }

    /// What everybody is granted, once all were read.
    ///
    /// # Errors
    /// The policy's title and what could not be evaluated.
    pub fn finish(self) -> Result<Granted, (String, Fault)> {
        let mut clauses = Vec::new();
        for (policy, (places, entrants)) in self.policies.iter().zip(self.entrants) {
            if !policy.spans() {
                clauses.extend(policy.clauses.iter().map(|_| None));
                continue;
            }
            let shared = policy.share(&entrants, self.as_of).map_err(|fault| (policy.title.clone(), fault))?;
            for clause in 0..policy.clauses.len() {
                let dues = places.iter().zip(&shared).map(|(place, dues)| (*place, dues[clause]));
                clauses.push(Some(dues.filter(|(_, due)| due.high > 0).collect()));
            }
        }
        Ok(Granted { clauses })
    }
}

impl Granted {
    /// What one organisation is granted for a clause; nothing where the clause's policy spans nothing.
    pub fn due(&self, clause: usize, place: u64) -> Option<Due> {
        self.clauses[clause].as_ref().map(|dues| dues.get(&place).copied().unwrap_or_default())
    }

    /// Whether a clause has a column of its own for what is granted.
    pub fn spans(&self, clause: usize) -> bool {
        self.clauses[clause].is_some()
    }

    /// Adds to a clause's sums how many are granted something for certain, and between which sums.
    pub fn report(&self, clause: usize, sums: &mut Value) {
        let Some(dues) = &self.clauses[clause] else { return };
        let low: i128 = dues.values().map(|due| i128::from(due.low)).sum();
        let bounded = dues.values().all(|due| due.high < i64::MAX);
        let high: i128 = dues.values().map(|due| i128::from(due.high)).sum();
        sums["granted"] = json!(dues.values().filter(|due| due.low > 0).count());
        sums["granted_fen"] = json!(i64::try_from(low).ok());
        sums["granted_max_fen"] = json!(i64::try_from(high).ok().filter(|_| bounded));
    }
}
