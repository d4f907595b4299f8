//! The types of policies; no input or output.

mod draft;
mod guide;
mod life;
mod policy;

pub use draft::{NewPolicy, PolicyDraft, TEXT_MOST, TITLE_MOST};
pub(crate) use draft::{needed, short};
pub use guide::{Body, ClauseText, Guide, Material, Window};
pub use life::{LIFE, Review, ReviewResult, life_plan, step};
pub use policy::{Disclosure, Level, Policy, PolicyFilter, PolicyId, Status, TOPICS, Version};
