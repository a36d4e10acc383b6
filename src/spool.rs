//! The message while we read it: memory first, then an unlinked file; bounded, mapped, never copied.
//!
//! ```text
//! octets of the message     0 ... 64 KiB         ... `memory`        ... `WireLimits::message`
//! kept in                   the heap             a sealed memfd      an unlinked file in `folder`
//! ```
//!
//! Nothing here is durable, and nothing needs to be: until a next hop has the message, its client has it.

mod aside;
mod draft;
mod file;
mod room;
mod spooled;

pub use aside::beside;
pub use draft::Draft;
pub use room::{Kept, kept};
pub use spooled::{Handed, Mapped, Pages, Spooled};

use std::io;
use std::path::PathBuf;

use rustix::io::Errno;

/// Where messages are kept while they are read, and from what size on they go to disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Octets of a message that are kept in memory. Default 1 MiB; beyond it the message goes to an unlinked file.
    pub memory: u64,
    /// The most octets of all messages together, in memory and on disk. Default 10 GiB; beyond it 452 4.3.1.
    pub total: u64,
    /// The folder of such files. Default the system's folder for temporary files. When it is full, 452 4.3.1.
    pub folder: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            memory: 1 << 20,
            total: 10 << 30,
            folder: std::env::temp_dir(),
        }
    }
}

impl Settings {
    /// Whether a message can be kept on the disk: one is, for a moment. May wait for the disk.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn probe(&self) -> Result<(), SpoolError> {
        let mut file = file::unlinked(&self.folder)?;
        Ok(io::Write::write_all(&mut file, &[0; PROBE])?)
    }
}

/// Octets written to see whether there is room. Fixed: 64 KiB, of which even a disk that is nearly full has not each block left.
const PROBE: usize = 64 << 10;

/// Why a message could not be kept: we are at fault, the client is to try again.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The disk, or the quota of our user on it, is full.
    #[error("the folder of the spool is full: {0}")]
    Full(io::Error),
    /// Anything else.
    #[error("the spool failed: {0}")]
    Failed(io::Error),
}

impl From<io::Error> for SpoolError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full(error),
            _ => Self::Failed(error),
        }
    }
}

impl From<Errno> for SpoolError {
    fn from(error: Errno) -> Self {
        io::Error::from(error).into()
    }
}
