//! The hosts that are left for a transaction, and how long each may take.

use std::future::Future;
use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

use crate::act::Cause;
use crate::act::host::Host;
use crate::act::way::FAIR;

/// The hosts of a way that a transaction did not try yet, in the order of preference.
pub(super) struct Untried(Vec<Arc<Host>>);

impl Untried {
    pub(super) fn new(hosts: &[Arc<Host>]) -> Self {
        Self(hosts.to_vec())
    }

    /// The one to be tried next: the first that is not ill, and only when all are, the first of the ill. With until when it may
    /// take, where all of them together have until `latest`.
    pub(super) fn next(&mut self, latest: Instant) -> Option<(Arc<Host>, Instant)> {
        if self.0.is_empty() {
            return None;
        }
        let now = Instant::now();
        let well = self.0.iter().position(|host| host.health.lets_in(now));
        let host = self.0.remove(well.unwrap_or_default());
        Some((host, self.share(latest)))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The part of the time until `latest` that the host at hand may take over what it is told next.
    pub(super) fn part(&self, latest: Instant) -> Part {
        let until = self.share(latest);
        Part {
            begun: Instant::now(),
            until: (!self.0.is_empty()).then_some(until),
        }
    }

    /// Until when one host may take, where those that are left are to have as long.
    fn share(&self, latest: Instant) -> Instant {
        let now = Instant::now();
        let left = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        now + latest.saturating_duration_since(now) / left.saturating_add(1)
    }
}

/// The part of the time that one host has, so that one which hangs leaves time for those after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    begun: Instant,
    /// `None`: nobody comes after it. It has all the time there is, to whose end others look.
    until: Option<Instant>,
}

impl Part {
    /// Of what nobody could do in its place.
    pub(super) fn whole() -> Self {
        Self {
            begun: Instant::now(),
            until: None,
        }
    }

    /// Has something done by the host within its part.
    pub(super) async fn bound<T>(
        self,
        doing: impl Future<Output = Result<T, Cause>>,
    ) -> Result<T, Cause> {
        let Some(until) = self.until else {
            return doing.await;
        };
        let done = timeout_at(until, doing).await;
        done.unwrap_or_else(|_| {
            let had = until.saturating_duration_since(self.begun);
            Err(if had < FAIR {
                Cause::Hurried
            } else {
                Cause::Timeout
            })
        })
    }

    /// Until when it lasts; where it is all there is, until `latest`.
    pub(super) fn until(self, latest: Instant) -> Instant {
        self.until.unwrap_or(latest)
    }

    /// Whether it is used up.
    pub(super) fn is_over(self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}
