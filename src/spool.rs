//! The message while we read it: memory first, then an unlinked file; bounded, mapped, never copied.

use std::path::PathBuf;

/// Where messages are kept while they are read, and from what size on they go to disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Octets of a message that are kept in memory. Default 1 MiB; beyond it the message goes to an unlinked file.
    pub memory: u64,
    /// The folder of such files. Default the system's folder for temporary files. When it is full, 452 4.3.1.
    pub folder: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            memory: 1 << 20,
            folder: std::env::temp_dir(),
        }
    }
}
