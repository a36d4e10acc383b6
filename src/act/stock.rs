//! Connections kept for the next transaction.

use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::act::link::Link;

/// How long a connection to a next hop is used again.
///
/// Every limit is kept from our side, so that no next hop ever has to end a connection we still count on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// The most connections kept without work. Default 50; one more is closed after its transaction. 0 keeps none.
    pub connections: usize,
    /// How long one is kept without work. Default 5 s: each occupies a server process of the next hop.
    pub idle: Duration,
    /// How long one is used in all. Default 5 min: next hops end sessions that seem to last for ever.
    pub age: Duration,
    /// How many transactions one is used for. Default 100.
    pub transactions: u32,
    /// One that stood without work for longer is asked first whether it still stands (RSET, answered within 5 s). Default 1 s. Without
    /// asking, a machine that went away unsaid would be found out only when the time for a command is over.
    pub probe: Duration,
}

impl Default for Reuse {
    fn default() -> Self {
        Self {
            connections: 50,
            idle: Duration::from_secs(5),
            age: Duration::from_secs(300),
            transactions: 100,
            probe: Duration::from_secs(1),
        }
    }
}

/// The connections to one host that are kept.
pub(super) struct Stock {
    reuse: Reuse,
    // A std mutex: it is never held across an await.
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    /// The one used last stands last, and is used first: those not needed grow old.
    links: Vec<(Link, Instant)>,
    /// Whether somebody comes by to take away the old.
    is_watched: bool,
}

/// What became of a connection that was put on the shelf.
pub(super) enum Kept {
    /// It is there, and somebody comes by.
    Watched,
    /// It is there, and somebody must see to it that old ones are taken away.
    Unwatched,
    /// It is not to be used again.
    Not(Link),
}

impl Stock {
    pub(super) fn new(reuse: Reuse) -> Self {
        Self {
            reuse,
            shelf: Mutex::default(),
        }
    }

    /// A connection to be used again. It stood a moment ago; whether it still does, its next command tells.
    pub(super) async fn take(&self) -> Option<Link> {
        loop {
            let (mut link, since) = self.shelf().links.pop()?;
            let idle = since.elapsed();
            if idle > self.reuse.idle || link.connection.unasked().is_err() {
                continue;
            }
            if idle < self.reuse.probe || link.still_stands().await {
                return Some(link);
            }
        }
    }

    /// Keeps a connection that is between two transactions.
    pub(super) fn keep(&self, mut link: Link) -> Kept {
        link.is_fresh = false;
        let is_spent = link.transactions >= self.reuse.transactions
            || link.opened.elapsed() >= self.reuse.age
            || link.connection.is_ahead();
        let mut shelf = self.shelf();
        if is_spent || shelf.links.len() >= self.reuse.connections {
            return Kept::Not(link);
        }
        shelf.links.push((link, Instant::now()));
        if std::mem::replace(&mut shelf.is_watched, true) {
            Kept::Watched
        } else {
            Kept::Unwatched
        }
    }

    /// Takes away what has stood too long. `None` when nothing is left: nobody needs to come by until the next is kept.
    fn sweep(&self) -> Option<Vec<Link>> {
        let mut shelf = self.shelf();
        if shelf.links.is_empty() {
            shelf.is_watched = false;
            return None;
        }
        let old = |(_, since): &(Link, Instant)| since.elapsed() > self.reuse.idle;
        let young = shelf.links.iter().position(|link| !old(link));
        let young = young.unwrap_or(shelf.links.len());
        Some(shelf.links.drain(..young).map(|(link, _)| link).collect())
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends connections that have stood too long, until none stands.
pub(super) async fn watch(stock: Weak<Stock>) {
    while let Some(idle) = stock.upgrade().map(|stock| stock.reuse.idle) {
        tokio::time::sleep(idle).await;
        let Some(old) = stock.upgrade().and_then(|stock| stock.sweep()) else {
            return;
        };
        for link in old {
            link.quit().await;
        }
    }
}
