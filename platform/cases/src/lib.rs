//! What hangs on objects of every kind, one mechanism each: tasks (待办), comments with an audience,
//! tags, readable numbers, drafts of forms, attachments with their entry in the record, decisions that
//! take two people.
//!
//! An object is named by [`jinmen_core::Object`]; this crate knows none of them and checks no
//! permission of its own: the use case that calls it has asked about the object first. What is said
//! here is recorded in the same transaction, without the text of comments.

pub mod attachments;
pub mod comments;
pub mod drafts;
pub mod moves;
pub mod numbers;
pub mod sign_offs;
mod sql;
pub mod tags;
pub mod tasks;

use store::{MigrationSet, migrations};

pub use attachments::{NewAttachment, attach, detach};
pub use comments::{Audience, Comment, CommentId, add_comment, comment, comments, remove_comment};
pub use drafts::{Draft, discard_draft, forget_drafts, load_draft, save_fields};
pub use numbers::next_number;
pub use sign_offs::{Decision, DecisionKind, SignOff, Standing, seen_alone, sign, sign_offs};
pub use tags::{Tag, TagCount, add_tag, remove_tag, tag_counts, tag_many, tagged, tags_of, tags_of_many};
pub use tasks::{
    NewTask, Task, TaskId, WaitsFor, close_task, close_task_of, close_tasks_on, count_for, open_for, open_task,
    open_tasks, tasks_for, tasks_on,
};

/// The tables of signatures, tasks, comments, tags, numbers and drafts.
pub const MIGRATIONS: MigrationSet = migrations!(
    "cases",
    1 "0001_task",
    2 "0002_comment",
    3 "0003_tag",
    4 "0004_number",
    5 "0005_draft",
    6 "0006_sign_off",
);
