//! A connection that stands, and what is known of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::act::connection::Connection;
use crate::smtp::Reply;
use crate::smtp::client::Capabilities;

/// A connection whose EHLO is done.
pub(super) struct Link {
    pub(super) connection: Connection,
    /// What the next hop offers on this connection.
    pub(super) offers: Arc<Capabilities>,
    /// When it was opened.
    pub(super) opened: Instant,
    /// Whether it was neither kept nor used yet. One that was may be stale.
    pub(super) is_fresh: bool,
    /// How many transactions were begun on it.
    pub(super) transactions: u32,
}

impl Link {
    /// Whether the other side still answers, between two transactions.
    pub(super) async fn still_stands(&mut self) -> bool {
        let asked = self.connection.exchange(b"RSET\r\n", 1, RESET).await;
        asked.is_ok_and(|replies| replies.iter().all(Reply::is_positive))
    }

    /// Says QUIT, and does not insist on an answer.
    pub(super) async fn quit(mut self) {
        // The connection is closed whatever comes of it.
        let _farewell = self.connection.exchange(b"QUIT\r\n", 1, FAREWELL).await;
    }
}

/// How long the reply to RSET is waited for: a connection that takes longer is not worth keeping.
pub(super) const RESET: Duration = Duration::from_secs(5);

/// How long the reply to QUIT is waited for: nothing depends on it.
const FAREWELL: Duration = Duration::from_secs(2);
