//! Workplace.
