//! How long a client is waited for.

use std::time::Duration;

use tokio::time::Instant;

use crate::limits::{TimeLimits, WireLimits};

/// When patience with a client ends.
///
/// A command has one deadline, however its octets arrive. A message earns time by arriving: every octet puts
/// the deadline off by what it may take, but never further than one pause. So neither an octet every ten
/// seconds nor a long pause keeps a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// For the next command.
    pub(super) fn command(time: &TimeLimits) -> Self {
        Self(Instant::now() + time.command)
    }

    /// For the first octets of a message.
    pub(super) fn message(time: &TimeLimits) -> Self {
        Self(Instant::now() + time.data)
    }

    /// After `octets` more of a message.
    pub(super) fn put_off(&mut self, octets: usize, time: &TimeLimits, wire: &WireLimits) {
        let octets = u32::try_from(octets).unwrap_or(u32::MAX);
        let earned = Duration::from_secs(1) * octets / wire.data_rate.max(1);
        self.0 = (self.0 + earned).min(Instant::now() + time.data);
    }

    /// The same, or `most` from now if that is sooner.
    pub(super) fn at_most(self, most: Duration) -> Self {
        Self(self.0.min(Instant::now() + most))
    }

    /// When.
    pub(super) fn at(self) -> Instant {
        self.0
    }
}
