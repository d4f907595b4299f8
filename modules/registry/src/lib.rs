//! Organisations, people, affiliations and facts: one file per subject.
