//! Turns that are waited for, by so many at once and no more.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit, TryAcquireError};
use tokio::time::{Instant, timeout_at};

use crate::inspect::Closed;

/// Turns, and who waits for one.
#[derive(Debug)]
pub(super) struct Turns {
    free: Semaphore,
    waiting: AtomicUsize,
    /// The most that wait.
    most: usize,
}

/// Whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whose {
    /// A message that was not read yet.
    New,
    /// One that had a turn: what was done with it would be lost if it were not let wait.
    Begun,
}

/// One that waits. Dropped, it waits no more.
struct Waiting<'a>(&'a AtomicUsize);

impl Turns {
    /// So many turns at once, and the most that wait for one.
    pub(super) fn new(turns: usize, most: usize) -> Self {
        Self {
            free: Semaphore::new(turns),
            waiting: AtomicUsize::new(0),
            most,
        }
    }

    /// A turn: the next that is free before `deadline`, in the order of those who wait.
    pub(super) async fn take(
        &self,
        whose: Whose,
        deadline: Instant,
    ) -> Result<SemaphorePermit<'_>, Closed> {
        match self.free.try_acquire() {
            Ok(turn) => return Ok(turn),
            Err(TryAcquireError::Closed) => return Err(Closed::Stopped),
            Err(TryAcquireError::NoPermits) => {}
        }
        let _waiting = self.wait(whose)?;
        match timeout_at(deadline, self.free.acquire()).await {
            Ok(turn) => turn.map_err(|_| Closed::Stopped),
            Err(_) => Err(Closed::Busy),
        }
    }

    /// There are so many more.
    pub(super) fn add(&self, turns: usize) {
        self.free.add_permits(turns);
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The most that may.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    fn wait(&self, whose: Whose) -> Result<Waiting<'_>, Closed> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        // Counted down again where it is one too many.
        let waiting = Waiting(&self.waiting);
        if whose == Whose::New && before >= self.most {
            return Err(Closed::Overloaded);
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn no_more_wait_than_may() {
        let turns = Turns::new(1, 1);
        let late = || Instant::now() + Duration::from_secs(60);
        let first = turns.take(Whose::New, late()).await.unwrap();
        let second = turns.take(Whose::New, late());
        tokio::pin!(second);
        tokio::select! {
            biased;
            _ = &mut second => panic!("there is one turn only"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(turns.waiting(), 1);
        assert!(matches!(
            turns.take(Whose::New, late()).await,
            Err(Closed::Overloaded)
        ));
        // Whoever was begun may wait all the same.
        let soon = Instant::now() + Duration::from_millis(1);
        let begun = turns.take(Whose::Begun, soon).await;
        assert!(matches!(begun, Err(Closed::Busy)));
        drop(first);
        assert!(second.await.is_ok());
        assert_eq!(turns.waiting(), 0);
        let soon = Instant::now() + Duration::from_millis(1);
        let _taken = turns.take(Whose::New, late()).await.unwrap();
        assert!(matches!(
            turns.take(Whose::New, soon).await,
            Err(Closed::Busy)
        ));
        assert_eq!(turns.waiting(), 0);
    }
}
