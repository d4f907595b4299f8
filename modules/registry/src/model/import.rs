//! Imports: a table on its way into the registry.

use jinmen_core::{Fault, Instant, OrganizationId, id};
use jobs::JobId;

use crate::import::Mapping;

id!(
    /// An import.
    ImportId
);
store::arg_id!(ImportId);

/// How an import stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Handed in; the columns are mapped.
    Mapped,
    /// Being checked without writing.
    Checking,
    /// Checked; can be run.
    Checked,
    /// Being written.
    Running,
    /// Written.
    Done,
    /// Being undone.
    Undoing,
    /// Undone as a whole.
    Undone,
    /// The table cannot be read to its end; nothing was written.
    Failed,
}

impl ImportState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Mapped,
        Self::Checking,
        Self::Checked,
        Self::Running,
        Self::Done,
        Self::Undoing,
        Self::Undone,
        Self::Failed,
    ];

    /// The word in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// An import as it is read.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its identifier.
    pub id: ImportId,
    /// The organisation that will keep the files.
    pub keeper: Option<OrganizationId>,
    /// The table handed in.
    pub file: String,
    /// Its name.
    pub file_name: String,
    /// How its columns are read.
    pub mapping: Mapping,
    /// How it stands.
    pub state: ImportState,
    /// The work under way or done last.
    pub job: Option<JobId>,
    /// Rows of data in the table.
    pub rows: i64,
    /// Rows taken, or that would be taken.
    pub accepted: i64,
    /// Rows about somebody who is there already, here or earlier in the table.
    pub duplicates: i64,
    /// Rows refused.
    pub faulty: i64,
    /// The last row that is written.
    pub last_row: i64,
    /// Why the table cannot be read.
    pub problem: Option<Fault>,
    /// Who handed it in.
    pub created_name: String,
    /// When.
    pub created_at: Instant,
    /// When it was written or undone.
    pub finished_at: Option<Instant>,
}

/// Up to so many rows an import is one transaction; above, a job in steps that can resume.
pub const ONE_TRANSACTION_ROWS: i64 = 5_000;
