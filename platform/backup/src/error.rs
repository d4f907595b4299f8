//! Why there is no backup, or no instance from one.

use store::DbError;

/// Why there is no backup, or no instance from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be read or written.
    #[error("{0} cannot be read or written: {1}")]
    Io(String, #[source] std::io::Error),
    /// The file is not whole, or none of ours.
    #[error("{0}")]
    Damaged(String),
    /// Made by a later version of this program.
    #[error("the backup was made by a later version ({0}); restore it with that one")]
    Later(String),
    /// The master key is not the one that the backup belongs to.
    #[error("the master key is not the one that this backup belongs to")]
    Key,
    /// There is something at the target already.
    #[error("the database to restore into is not empty")]
    NotEmpty,
    /// The database refused.
    #[error("the database refused: {0:?}")]
    Database(#[from] DbError),
    /// A platform part refused.
    #[error("{0:?}")]
    Platform(jinmen_core::Error),
}

impl From<jinmen_core::Error> for BackupError {
    fn from(error: jinmen_core::Error) -> Self {
        Self::Platform(error)
    }
}

impl From<zip::result::ZipError> for BackupError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Damaged(format!("the file is cut, or no backup: {error}"))
    }
}

/// Names a file in what goes wrong with it.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> BackupError + '_ {
    move |error| BackupError::Io(path.display().to_string(), error)
}
