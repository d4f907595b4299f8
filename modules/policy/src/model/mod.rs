//! The types of policies; no input or output.

mod draft;
mod guide;
mod life;
mod plan;
mod policy;

pub use draft::{NewPolicy, PolicyDraft, TEXT_MOST, TITLE_MOST};
pub(crate) use draft::{needed, short};
pub use guide::{Body, ClauseText, Guide, Material, Window};
pub use life::{LIFE, Review, ReviewResult, life_plan, step};
pub use plan::{Indicator, IndicatorId, Light, NewPlan, Plan, PlanDraft, PlanId, PlanTask, PlanTaskId, Quarter};
pub use policy::{Disclosure, Level, Policy, PolicyFilter, PolicyId, Reply, Status, TOPICS, Version};
