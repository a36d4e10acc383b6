//! Where the retry journal is kept, for how long, and how large it may grow.

use std::path::PathBuf;
use std::time::Duration;

/// What the retry journal is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The file, a database; created with mode 0600 where it is missing at start. When it cannot be written, mail goes on and an
    /// error is logged: the next hop has the message already, and to defer it would make the duplicate for certain.
    pub file: PathBuf,
    /// How long a message is known whose client did not hear of it. Default 5 days, as long as mail servers retry by default;
    /// then a retry is sent again.
    pub kept: Duration,
    /// The most entries, one for each recipient of such a message. Default 100,000, about 20 MB of disk and of memory; beyond them the
    /// oldest are let go, and their retries are sent again.
    pub entries: usize,
    /// How long a message that was taken waits for its entry to be durable. Default 2 s; then it is answered without.
    pub patience: Duration,
}

impl Settings {
    /// The defaults, with this file.
    pub fn in_file(file: PathBuf) -> Self {
        Self {
            file,
            kept: Duration::from_secs(5 * 86_400),
            entries: 100_000,
            patience: Duration::from_secs(2),
        }
    }
}
