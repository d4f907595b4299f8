//! What rules decided of a subject, with everything it takes to decide it again.

use jinmen_core::{Date, Instant, Object, id};

id!(
    /// A decision of rules.
    DecisionId
);
store::arg_id!(DecisionId);

/// A decision that was kept: re-evaluated later it gives the same answer, byte for byte.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleDecision {
    /// Its identifier.
    pub id: DecisionId,
    /// Of whom.
    pub subject: Object,
    /// For what, such as a policy.
    pub object: Object,
    /// SHA-256 of the policy's text, which is kept once.
    pub rule: String,
    /// The day asked about.
    pub as_of: Date,
    /// When the file was read.
    pub known_at: Instant,
    /// The facts as the policy read them, in the canonical form of JSON (RFC 8785).
    pub facts: String,
    /// The answer with its proof, in the same form.
    pub answer: String,
    /// When it was decided.
    pub decided_at: Instant,
}
