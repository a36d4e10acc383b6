//! Why the log could not be written or read.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the incident log cannot be used. None is the client's fault: 451 4.3.0, and the client tries again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk is full, or the log has reached `incident.largest`.
    #[error(
        "the incident log {0} cannot grow: its disk is full, or it has reached `incident.largest`"
    )]
    Full(PathBuf),
    /// Another program holds it.
    #[error("the incident log {0} is locked by another program")]
    Locked(PathBuf),
    /// It is damaged, or is no database.
    #[error("the incident log {0} is damaged or is no database; put it aside and restore a copy")]
    Damaged(PathBuf),
    /// It may not be written.
    #[error("the incident log {0} is read-only for the user Sluse runs as")]
    ReadOnly(PathBuf),
    /// It cannot be opened or created.
    #[error("the incident log {path} cannot be opened: {cause}")]
    Unopened {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The file was taken away while it was in use.
    #[error(
        "the incident log {0} was removed or replaced while in use; restore it, or restart to begin a new one"
    )]
    Vanished(PathBuf),
    /// It was made by another version of Sluse, or by another program.
    #[error("the incident log {path} has schema version {found}; this Sluse reads version {known}")]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The database of another program.
    #[error("{0} is a database of another program, not an incident log")]
    Foreign(PathBuf),
    /// The key is not the one its persons were fingerprinted with.
    #[error(
        "the key file is not the one the incident log {0} was begun with, so no person in it would be known again; \
         restore the key, or begin a new log"
    )]
    OtherKey(PathBuf),
    /// The log did not answer within `incident.patience`. What was asked may still be recorded.
    #[error("the incident log did not answer in time; its disk is too slow or its queue too long")]
    TimedOut,
    /// The thread that writes the log is gone.
    #[error("the incident log is closed")]
    Closed,
    /// No incident of this identifier.
    #[error("there is no such incident")]
    NoSuchIncident,
    /// Something else is wrong with the disk or the database.
    #[error("the incident log {path} failed: {cause}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What SQLite said. It names tables and columns, never values.
        cause: String,
    },
}

impl StoreError {
    /// What an error of SQLite means for whoever must mend it.
    pub(super) fn of(error: &rusqlite::Error, path: &Path) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(path),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(path),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly(path),
            Some(ErrorCode::CannotOpen) => Self::Unopened {
                path,
                cause: error.to_string(),
            },
            _ => Self::Failed {
                path,
                cause: error.to_string(),
            },
        }
    }
}
