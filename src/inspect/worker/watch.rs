//! The clock beside a reader, which has none.

use std::process;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::limits::Cancel;

/// The time of the message that is being read.
#[derive(Default)]
pub(super) struct Watch {
    running: Mutex<Option<Running>>,
    begun: Condvar,
}

struct Running {
    until: Instant,
    cancel: Cancel,
}

/// How long a reader may go on after it was told to stop. The gate is less patient, and ends the process; this is for one
/// whose gate is gone.
const ABANDONED: Duration = Duration::from_secs(30);

impl Watch {
    /// A message is begun, and is to be left after `time`.
    pub(super) fn begin(&self, time: Duration, cancel: Cancel) {
        let until = Instant::now() + time;
        *self.running() = Some(Running { until, cancel });
        self.begun.notify_one();
    }

    /// The message was read.
    pub(super) fn end(&self) {
        *self.running() = None;
    }

    /// Watches until the process ends.
    pub(super) fn keep(&self) -> ! {
        let mut running = self.running();
        loop {
            let now = Instant::now();
            let wait = match &*running {
                None => None,
                Some(it) if now < it.until => Some(it.until - now),
                Some(it) if now < it.until + ABANDONED => {
                    it.cancel.cancel();
                    Some(it.until + ABANDONED - now)
                }
                Some(_) => process::exit(1),
            };
            running = match wait {
                None => self.begun.wait(running),
                Some(wait) => match self.begun.wait_timeout(running, wait) {
                    Ok((running, _)) => Ok(running),
                    Err(poisoned) => Err(PoisonError::new(poisoned.into_inner().0)),
                },
            }
            .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
