//! A client's socket: octets within a deadline, replies in as few writes as the dialogue allows.

use std::io;
use std::time::{Duration, Instant};

use crate::accept::deadline::Deadline;
use crate::accept::stream::{Look, Stream};
use crate::accept::tls::{Server, Unprotected};
use crate::metrics::catalogue::REPLIES;
use crate::smtp::Reply;

/// The socket, and the replies that were not written yet.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    /// How long writing may take.
    patience: Duration,
    replies: Vec<u8>,
    /// When the first of them was said.
    since: Option<Instant>,
    /// Octets that were read before they were waited for.
    ahead: Vec<u8>,
    /// What stood behind them then.
    unread: Look,
}

/// Why a client is no longer there.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    #[error("the client hung up")]
    HungUp,
    #[error("the client took too long")]
    TooSlow,
    #[error("the client did not take a reply in time")]
    Deaf,
    #[error("the connection failed")]
    Failed(#[from] io::Error),
    #[error(transparent)]
    Unprotected(#[from] Unprotected),
}

/// Counts a reply to a client, however it is said.
pub(super) fn count(reply: &Reply) {
    REPLIES.count([match reply.code() {
        ..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    }]);
}

impl Wire {
    pub(super) fn new(stream: Stream, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            replies: Vec::new(),
            since: None,
            ahead: Vec::new(),
            unread: Look::Nothing,
        }
    }

    /// Writes all replies, and goes on under TLS.
    pub(super) async fn protect(&mut self, tls: &Server, within: Duration) -> Result<(), Lost> {
        self.flush().await?;
        let stream = self.stream.take_plain().ok_or(Lost::HungUp)?;
        let stream = tls.protect(stream, within).await?;
        self.stream = Stream::Tls(Box::new(stream));
        Ok(())
    }

    /// Writes all replies and hangs up. Whether they could be written is told.
    pub(super) async fn end(mut self) -> Result<(), Lost> {
        self.flush().await?;
        drop(tokio::time::timeout(self.patience.min(FAREWELL), self.stream.end()).await);
        Ok(())
    }

    /// Looks, without waiting, what the client has said before it could hear what it is told next, and whether it has hung up behind
    /// that. What it has said is heard in its turn.
    pub(super) fn look_ahead(&mut self) -> Look {
        self.unread = self.stream.look();
        // TLS may have octets that it took from the socket and has not handed over.
        if self.unread == Look::Octets || self.stream.keeps_octets() {
            let mut end = self.ahead.len();
            self.ahead.resize(AHEAD.max(end), 0);
            let mut is_full = true;
            while let Some(room) = self.ahead.get_mut(end..).filter(|room| !room.is_empty()) {
                match self.stream.try_read(room) {
                    None => {
                        is_full = false;
                        break;
                    }
                    Some(Ok(octets @ 1..)) => end += octets,
                    Some(Ok(0) | Err(_)) => {
                        self.ahead.truncate(end);
                        return Look::End;
                    }
                }
            }
            self.ahead.truncate(end);
            self.ahead.shrink_to_fit();
            self.unread = match self.stream.look() {
                // There may be more in it.
                Look::Nothing if is_full && self.stream.keeps_octets() => Look::Octets,
                look => look,
            };
        }
        self.unread
    }

    /// Whether what is heard next was said before the client could hear what it was told last.
    pub(super) fn is_ahead(&self) -> bool {
        !self.ahead.is_empty() || self.unread == Look::Octets
    }

    /// Says a reply, at the latest when the client is next waited for (RFC 2920 section 3.2).
    pub(super) fn say(&mut self, reply: &Reply) {
        self.since.get_or_insert_with(Instant::now);
        count(reply);
        reply.encode(&mut self.replies);
    }

    /// Writes the replies, if they are many or have waited long. A client that sent many commands at once is
    /// told from time to time that we are alive.
    pub(super) async fn flush_if_due(&mut self) -> Result<(), Lost> {
        let old = self.since.is_some_and(|since| since.elapsed() > OLDEST);
        if old || self.replies.len() > MOST {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes all replies.
    pub(super) async fn flush(&mut self) -> Result<(), Lost> {
        if self.replies.is_empty() {
            return Ok(());
        }
        // What was written in part is never begun anew: a client that reads on would take an old reply for a new one.
        let replies = std::mem::take(&mut self.replies);
        self.since = None;
        let written = tokio::time::timeout(self.patience, self.stream.write_all(&replies)).await;
        match written {
            Ok(Ok(())) => {
                self.replies = replies;
                self.replies.clear();
                Ok(())
            }
            failed => {
                self.stream = Stream::Spent;
                Err(match failed {
                    Ok(Err(error)) => error.into(),
                    _ => Lost::Deaf,
                })
            }
        }
    }

    /// Waits for octets, and tells how many there were.
    pub(super) async fn hear(
        &mut self,
        buffer: &mut [u8],
        deadline: Deadline,
    ) -> Result<usize, Lost> {
        if !self.ahead.is_empty() {
            let octets = self.ahead.len().min(buffer.len());
            for (to, octet) in buffer.iter_mut().zip(self.ahead.drain(..octets)) {
                *to = octet;
            }
            if self.ahead.is_empty() {
                self.ahead = Vec::new();
            }
            return Ok(octets);
        }
        let read = tokio::time::timeout_at(deadline.at(), self.stream.read(buffer));
        let read = read.await.map_err(|_| Lost::TooSlow)??;
        self.unread = Look::Nothing;
        match read {
            0 => Err(Lost::HungUp),
            octets => Ok(octets),
        }
    }
}

/// The longest that a reply waits for others.
const OLDEST: Duration = Duration::from_secs(1);

/// The most octets of replies that wait.
const MOST: usize = 16 << 10;

/// The most octets that are read before they are waited for. Of a client that says more than these, and than is read at once after them,
/// before it hears the answer to its message, the rest is taken for what it says after that.
const AHEAD: usize = 16 << 10;

/// The longest that a client is waited for to hear that nothing more comes.
const FAREWELL: Duration = Duration::from_secs(2);
