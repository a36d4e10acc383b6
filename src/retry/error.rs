//! Why the retry journal could not be opened or written.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the retry journal is of no use. At a start the administrator mends it; later mail goes on, and a retry may be a duplicate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// It cannot be opened, made or written.
    #[error("the retry journal {path} cannot be used: {cause}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system or SQLite said. It names tables and columns, never values.
        cause: String,
    },
    /// It is damaged, or of another program or version.
    #[error(
        "{0} is no retry journal of this Sluse, or is damaged; put it aside, and a new one is begun: what it knew may then be \
         sent twice"
    )]
    Foreign(PathBuf),
    /// Another process has it open.
    #[error(
        "the retry journal {0} is that of another Sluse, which runs or still finishes its messages; wait until it has ended, or name \
         another file"
    )]
    Taken(PathBuf),
    /// The file was taken away while it was in use.
    #[error(
        "the retry journal {0} was removed or replaced while in use; restart to begin a new one"
    )]
    Vanished(PathBuf),
    /// It did not answer within `journal.patience`.
    #[error("the retry journal did not answer in time; its disk is too slow")]
    TimedOut,
    /// The thread that writes it is gone.
    #[error("the retry journal is closed")]
    Closed,
}

impl JournalError {
    pub(super) fn of(error: &rusqlite::Error, path: &Path) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Foreign(path),
            _ => Self::Unusable {
                path,
                cause: error.to_string(),
            },
        }
    }
}
