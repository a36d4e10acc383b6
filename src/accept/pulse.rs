//! Whether connections are still taken: each loop that takes them is asked, and answers only if it turns.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// Asks the loops that take connections.
#[derive(Clone, Debug)]
pub struct Pulse(pub(super) Vec<(SocketAddr, mpsc::Sender<oneshot::Sender<()>>)>);

/// How a loop is asked.
pub(super) type Beats = mpsc::Receiver<oneshot::Sender<()>>;

impl Pulse {
    /// The addresses at which no connection is taken any more: whose loops have ended, or did not answer in time.
    pub async fn silent(&self, within: Duration) -> Vec<SocketAddr> {
        let mut silent = Vec::new();
        for (address, asked) in &self.0 {
            let (answer, answered) = oneshot::channel();
            let turns = async { asked.send(answer).await.is_ok() && answered.await.is_ok() };
            if !timeout(within, turns).await.unwrap_or(false) {
                silent.push(*address);
            }
        }
        silent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accept::{Listener, Listeners, Settings};
    use crate::limits::{TimeLimits, WireLimits};

    /// That loops which turn answer is told by the journey in which a service manager hears its watchdog fed.
    #[tokio::test]
    async fn a_loop_that_does_not_turn_is_silent() {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let settings = Settings {
            host_name: "sluse.example".into(),
            listeners: vec![Listener::new(address, Vec::new()).unwrap()],
            chunking: true,
            wire: WireLimits::default(),
            time: TimeLimits::default(),
        };
        let listeners = Listeners::bind(&settings).await.unwrap();
        let pulse = listeners.pulse();
        let soon = Duration::from_millis(10);
        assert_eq!(pulse.silent(soon).await, [address]);
        drop(listeners);
        assert_eq!(pulse.silent(soon).await, [address]);
    }
}
