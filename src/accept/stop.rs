//! The wish to stop.

use tokio::sync::watch;

/// Tells when we are to stop: when `true` was sent, or when nobody is left who could send it.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(super) fn new(stop: watch::Receiver<bool>) -> Self {
        Self(stop)
    }

    /// Whether we are to stop.
    pub(super) fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until we are to stop.
    pub(super) async fn asked(&mut self) {
        drop(self.0.wait_for(|stop| *stop).await);
    }
}
