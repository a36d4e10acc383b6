//! A client's socket: octets within a deadline, replies in as few writes as the dialogue allows.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::accept::deadline::Deadline;
use crate::smtp::Reply;

/// The socket, and the replies that were not written yet.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    /// How long writing may take.
    patience: Duration,
    replies: Vec<u8>,
    /// When the first of them was said.
    since: Option<Instant>,
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
}

impl Wire {
    /// Replies are small and waited for, so none is held back by the kernel (TCP_NODELAY).
    pub(super) fn new(stream: TcpStream, patience: Duration) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            patience,
            replies: Vec::new(),
            since: None,
        })
    }

    /// Says a reply, at the latest when the client is next waited for (RFC 2920 section 3.2).
    pub(super) fn say(&mut self, reply: &Reply) {
        self.since.get_or_insert_with(Instant::now);
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
        let written = tokio::time::timeout(self.patience, self.stream.write_all(&self.replies));
        written.await.map_err(|_| Lost::Deaf)??;
        self.replies.clear();
        self.since = None;
        Ok(())
    }

    /// Waits for octets, and tells how many there were.
    pub(super) async fn hear(
        &mut self,
        buffer: &mut [u8],
        deadline: Deadline,
    ) -> Result<usize, Lost> {
        let read = tokio::time::timeout_at(deadline.at(), self.stream.read(buffer));
        match read.await.map_err(|_| Lost::TooSlow)?? {
            0 => Err(Lost::HungUp),
            octets => Ok(octets),
        }
    }
}

/// The longest that a reply waits for others.
const OLDEST: Duration = Duration::from_secs(1);

/// The most octets of replies that wait.
const MOST: usize = 16 << 10;
