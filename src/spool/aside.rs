//! What may wait for a disk, done where no other connection waits with it.

use std::time::Duration;
use std::{io, mem};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;
use tokio::task::{block_in_place, spawn_blocking};
use tokio::time::timeout;

use crate::spool::{Draft, SpoolError, Spooled};

impl Draft {
    /// [`write`](Draft::write), by another thread where it may wait for a disk.
    pub async fn take_in(&mut self, octets: &[u8]) -> Result<(), SpoolError> {
        if !self.may_wait_for(octets.len()) {
            return self.write(octets);
        }
        let stand_in = Self::new(self.settings());
        let mut draft = mem::replace(self, stand_in);
        let written = aside(|| {
            // Not before it has its turn: those who wait for theirs hold the octets once.
            let octets = octets.to_vec();
            move || {
                let written = draft.write(&octets);
                (draft, written)
            }
        });
        let (draft, written) = written.await?;
        *self = draft;
        written
    }

    /// [`finish`](Draft::finish), by another thread where it may wait for a disk.
    pub async fn end(self) -> Result<Spooled, SpoolError> {
        match self.is_on_disk() {
            // Nothing is to be prepared.
            true => aside(|| || self.finish()).await?,
            false => self.finish(),
        }
    }
}

impl Spooled {
    /// Does what reads the message, where nobody waits with it if it may wait for a disk.
    pub fn beside<T>(&self, work: impl FnOnce() -> T) -> T {
        match self.is_on_disk() {
            true => beside(work),
            false => work(),
        }
    }

    /// [`read_at`](Spooled::read_at), where nobody waits with it if it has to wait for a disk. It may give fewer octets than there is
    /// room for.
    pub fn read_beside(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        // Nearly always the kernel still has what was written a moment ago.
        match self.read_at_once(buffer, offset) {
            Some(octets) => Ok(octets),
            None => self.beside(|| self.read_at(buffer, offset)),
        }
    }
}

/// Does what may wait for a disk, where nobody waits with it: another thread follows the other connections.
pub fn beside<T>(work: impl FnOnce() -> T) -> T {
    let flavor = Handle::try_current().map(|handle| handle.runtime_flavor());
    match flavor {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(work),
        _ => work(),
    }
}

/// Writes at the same time, to whichever messages. Fixed: 16, as many as a disk that is slow has use for. Where the folder hangs,
/// so many threads hang with it, and those who wait for their turn hold none. (A message that a listener normalizes is written by the
/// thread that reads it, without a turn.)
static TURNS: Semaphore = Semaphore::const_new(16);

/// How long a write may take, from when its turn is wanted on. Fixed: 30 s; then the message cannot be kept, and is deferred.
const PATIENCE: Duration = Duration::from_secs(30);

/// Has it done by a thread that does nothing else. `prepare` makes the work when there is a turn for it.
///
/// A worker that waits in its place would do as well, but for each time it hands over to another thread, and to a new one if none is
/// free: fifty clients with 10 MB each made 400 threads within half a second, most of which never did anything (measured).
#[expect(
    clippy::disallowed_methods,
    reason = "no message is read by it, and there are no more threads than turns"
)]
async fn aside<T: Send + 'static, W: FnOnce() -> T + Send + 'static>(
    prepare: impl FnOnce() -> W,
) -> Result<T, SpoolError> {
    let done = timeout(PATIENCE, async {
        let turn = TURNS.acquire().await;
        let work = prepare();
        // Whoever waits may go; the turn is over when the work is.
        let done = spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await
    });
    let silent = "the folder of the spool does not answer";
    let silent = || io::Error::new(io::ErrorKind::TimedOut, silent);
    let done = done.await.map_err(|_| SpoolError::Failed(silent()))?;
    // A panic was reported where it happened.
    done.map_err(|_| SpoolError::Failed(io::Error::other("it was not written to the end")))
}
