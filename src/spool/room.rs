//! How much all messages together take: of memory, of the disk.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::spool::SpoolError;

/// Octets of all messages that are kept now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// In memory.
    pub memory: u64,
    /// On the disk.
    pub disk: u64,
}

/// What is kept now.
pub fn kept() -> Kept {
    Kept {
        memory: MEMORY.load(Ordering::Relaxed),
        disk: DISK.load(Ordering::Relaxed),
    }
}

static MEMORY: AtomicU64 = AtomicU64::new(0);
static DISK: AtomicU64 = AtomicU64::new(0);

/// What one message takes. Dropped, it is free again.
#[derive(Debug, Default)]
pub(super) struct Room {
    memory: u64,
    disk: u64,
}

impl Room {
    /// Takes so much more memory, unless all messages together then had more than `total`.
    pub(super) fn grow(&mut self, octets: u64, total: u64) -> Result<(), SpoolError> {
        // Whoever asks at the same time is counted too, so that both may be told no, and never both yes.
        let memory = MEMORY.fetch_add(octets, Ordering::Relaxed);
        let all = memory.saturating_add(octets).saturating_add(kept().disk);
        if all > total {
            MEMORY.fetch_sub(octets, Ordering::Relaxed);
            let full = "all messages together have reached `spool.total`";
            let full = io::Error::new(io::ErrorKind::StorageFull, full);
            return Err(SpoolError::Full(full));
        }
        self.memory = self.memory.saturating_add(octets);
        Ok(())
    }

    /// All of it is on the disk from now on.
    pub(super) fn move_to_disk(&mut self) {
        let octets = std::mem::take(&mut self.memory);
        MEMORY.fetch_sub(octets, Ordering::Relaxed);
        DISK.fetch_add(octets, Ordering::Relaxed);
        self.disk = self.disk.saturating_add(octets);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        MEMORY.fetch_sub(self.memory, Ordering::Relaxed);
        DISK.fetch_sub(self.disk, Ordering::Relaxed);
    }
}
