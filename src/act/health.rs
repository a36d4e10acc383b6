//! How a host fares: one that failed is tried last for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::act::Phase;
use crate::limits::TimeLimits;

/// Whether a host is ill. Kept in memory: a host is well until it fails.
#[derive(Debug)]
pub(super) struct Health {
    /// How long a host that failed is tried last, at first.
    least: Duration,
    /// And at most.
    most: Duration,
    // A std mutex: it is never held across an await.
    ill: Mutex<Option<Ill>>,
}

#[derive(Clone, Copy, Debug)]
struct Ill {
    /// Until when it is tried last.
    until: Instant,
    /// For how long it is, when it fails again.
    pause: Duration,
    /// Where in the conversation it failed.
    phase: Phase,
}

impl Health {
    pub(super) fn new(time: &TimeLimits) -> Self {
        Self {
            least: time.ill,
            most: time.ill_most.max(time.ill),
            ill: Mutex::default(),
        }
    }

    /// Whether a transaction may try it in its turn: it is well, or its time has come to be tried again. Then the one who asks is
    /// the one who tries; all others go on as if it were ill until he has found out, so that a host that hangs keeps one waiting and
    /// not everybody.
    pub(super) fn lets_in(&self, now: Instant) -> bool {
        match &mut *self.ill() {
            None => true,
            Some(ill) if now < ill.until => false,
            Some(ill) => {
                ill.until = now + ill.pause;
                ill.pause = ill.pause.saturating_mul(2).min(self.most);
                true
            }
        }
    }

    /// It failed. `Some`: it was well before, and is tried last for so long.
    pub(super) fn failed(&self, now: Instant, phase: Phase) -> Option<Duration> {
        let mut ill = self.ill();
        if let Some(ill) = &mut *ill {
            ill.phase = phase;
            return None;
        }
        *ill = Some(Ill {
            until: now + self.least,
            pause: self.least.saturating_mul(2).min(self.most),
            phase,
        });
        Some(self.least)
    }

    /// It did what it is for. Whether it was ill before.
    pub(super) fn is_well(&self) -> bool {
        self.ill().take().is_some()
    }

    /// It let somebody in. Whether it was ill before and is not now: one that fails later in the conversation is not
    /// known to be well by that.
    pub(super) fn opened(&self) -> bool {
        let mut ill = self.ill();
        let was_shut = ill.is_some_and(|ill| ill.phase.is_opening());
        if was_shut {
            *ill = None;
        }
        was_shut
    }

    fn ill(&self) -> MutexGuard<'_, Option<Ill>> {
        self.ill.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_fails_again_and_again_is_asked_ever_more_seldom() {
        let health = Health::new(&TimeLimits::default());
        let mut now = Instant::now();
        assert!(health.lets_in(now));
        let pause = health.failed(now, Phase::Connect);
        assert_eq!(pause, Some(Duration::from_secs(30)));
        for pause in [30, 60, 120, 240, 300, 300] {
            assert!(!health.lets_in(now));
            now += Duration::from_secs(pause);
            assert!(!health.lets_in(now - Duration::from_millis(1)), "{pause}");
            // One is let in to try, and nobody besides until he has told.
            assert!(health.lets_in(now), "{pause}");
            assert!(!health.lets_in(now));
            assert_eq!(health.failed(now, Phase::Connect), None);
        }
        assert!(health.is_well() && health.lets_in(now) && !health.is_well());
        let pause = health.failed(now, Phase::Mail);
        assert_eq!(pause, Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_host_that_lets_in_and_then_fails_is_not_well_by_letting_in() {
        let health = Health::new(&TimeLimits::default());
        let now = Instant::now();
        health.failed(now, Phase::Mail);
        assert!(!health.opened() && !health.lets_in(now));
        health.failed(now, Phase::Greeting);
        assert!(health.opened() && health.lets_in(now));
    }
}
