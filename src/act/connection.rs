//! A connection to a next hop: commands out, replies in, each within its time.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::act::stream::Stream;
use crate::act::trouble::Cause;
use crate::limits::WireLimits;
use crate::smtp::Reply;
use crate::smtp::client::Replies;

/// A connection to a next hop. After any error it is of no use.
pub(super) struct Connection {
    stream: Stream,
    replies: Replies,
    input: Box<[u8]>,
    /// Where in `input` the octets begin that were received and not read yet.
    begin: usize,
    /// Where they end.
    end: usize,
}

impl Connection {
    pub(super) fn new(stream: Stream, wire: &WireLimits) -> Self {
        Self {
            stream,
            replies: Replies::new(wire),
            input: vec![0; INPUT].into(),
            begin: 0,
            end: 0,
        }
    }

    /// Sends commands as one group and reads the `count` replies they ask for; each step within `within`. A 421 ends the
    /// conversation whatever it stands for (RFC 5321 section 3.8), so it is trouble and not among the replies.
    pub(super) async fn exchange(
        &mut self,
        commands: &[u8],
        count: usize,
        within: Duration,
    ) -> Result<Vec<Reply>, Cause> {
        self.unasked()?;
        let mut replies = Vec::with_capacity(count);
        let mut outgoing = Outgoing::new([commands, &[], &[]]);
        // The first of a long group may be answered while the last is being written.
        while let Some(reply) = self.pour_within(&mut outgoing, within).await? {
            replies.push(reply);
        }
        while replies.len() < count {
            replies.push(self.reply(within).await?);
        }
        if replies.len() > count {
            return Err(Cause::Unasked);
        }
        Ok(replies)
    }

    /// The next reply, whole within `within`; 421 is trouble.
    pub(super) async fn reply(&mut self, within: Duration) -> Result<Reply, Cause> {
        let reply = timeout(within, poll_fn(|cx| self.poll_reply(cx)));
        going_on(reply.await.map_err(|_| Cause::Timeout)??)
    }

    /// Writes, and listens meanwhile: a next hop that refuses and reads no further would else be written to until the
    /// time is up. `Some` is a reply that came, 421 is trouble; `None` says that all was written. Whether the last octet was, `outgoing` tells,
    /// after an error too.
    pub(super) async fn pour_within(
        &mut self,
        outgoing: &mut Outgoing<'_>,
        within: Duration,
    ) -> Result<Option<Reply>, Cause> {
        let poured = timeout(within, poll_fn(|cx| self.poll_pour(cx, outgoing)));
        match poured.await.map_err(|_| Cause::Timeout)?? {
            Some(reply) => going_on(reply).map(Some),
            None => Ok(None),
        }
    }

    /// The next reply after everything written has left; 421 is trouble.
    pub(super) async fn flushed_reply(&mut self, within: Duration) -> Result<Reply, Cause> {
        let nothing = &mut Outgoing::new([&[]; 3]);
        match self.pour_within(nothing, within).await? {
            Some(reply) => Ok(reply),
            None => self.reply(within).await,
        }
    }

    /// Trouble, if the next hop has said something, or hung up, without being asked.
    pub(super) fn unasked(&mut self) -> Result<(), Cause> {
        match self.poll_reply(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(reply) => going_on(reply?).and(Err(Cause::Unasked)),
            Poll::Pending if self.is_ahead() => Err(Cause::Unasked),
            Poll::Pending => Ok(()),
        }
    }

    /// Whether octets were received that belong to no reply that was read.
    pub(super) fn is_ahead(&self) -> bool {
        self.begin < self.end || !self.replies.is_between()
    }

    /// The socket, if it is still in the clear.
    pub(super) fn into_plain(self) -> Option<TcpStream> {
        match self.stream {
            Stream::Plain(stream) => Some(stream),
            Stream::Tls(_) => None,
        }
    }

    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<Reply, Cause>> {
        loop {
            let mut octets = self.input.get(self.begin..self.end).unwrap_or_default();
            let reply = self.replies.take(&mut octets)?;
            self.begin = self.end - octets.len();
            if let Some(reply) = reply {
                return Poll::Ready(Ok(reply));
            }
            let mut buffer = ReadBuf::new(&mut self.input);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer)).map_err(Cause::lost)?;
            (self.begin, self.end) = (0, buffer.filled().len());
            if self.end == 0 {
                return Poll::Ready(Err(Cause::Closed));
            }
        }
    }

    fn poll_pour(
        &mut self,
        cx: &mut Context<'_>,
        outgoing: &mut Outgoing<'_>,
    ) -> Poll<Result<Option<Reply>, Cause>> {
        loop {
            // A next hop that refuses and hangs up at once is heard all the same: its words stand before the end.
            if outgoing.failed.is_some() {
                let reply = ready!(self.poll_reply(cx));
                let failed = outgoing.failed.take().map_or(Cause::Closed, Cause::lost);
                return Poll::Ready(reply.map(Some).map_err(|_| failed));
            }
            match self.poll_reply(cx) {
                Poll::Ready(reply) => return Poll::Ready(reply.map(Some)),
                // What is being said is heard to its end, before more is written that it may be meant to keep from being so.
                Poll::Pending if self.is_ahead() && !outgoing.is_sent() => return Poll::Pending,
                Poll::Pending => {}
            }
            let stream = Pin::new(&mut self.stream);
            if outgoing.is_sent() {
                let flushed = ready!(stream.poll_flush(cx));
                return Poll::Ready(flushed.map(|()| None).map_err(Cause::lost));
            }
            match ready!(stream.poll_write_vectored(cx, &outgoing.slices())) {
                Ok(0) => return Poll::Ready(Err(Cause::Closed)),
                Ok(written) => outgoing.advance(written),
                Err(error) => outgoing.failed = Some(error),
            }
        }
    }
}

/// Octets on their way out.
pub(super) struct Outgoing<'a> {
    pieces: [&'a [u8]; 3],
    /// Why no more can be written.
    failed: Option<io::Error>,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(pieces: [&'a [u8]; 3]) -> Self {
        Self {
            pieces,
            failed: None,
        }
    }

    /// Whether the last octet was given to the socket: it may have left.
    pub(super) fn is_sent(&self) -> bool {
        self.pieces.iter().all(|piece| piece.is_empty())
    }

    fn slices(&self) -> [IoSlice<'_>; 3] {
        self.pieces.map(IoSlice::new)
    }

    fn advance(&mut self, mut written: usize) {
        for piece in &mut self.pieces {
            let (done, rest) = piece.split_at_checked(written).unwrap_or((piece, &[]));
            written -= done.len();
            *piece = rest;
        }
    }
}

/// The reply, unless it is the one that ends the conversation.
fn going_on(reply: Reply) -> Result<Reply, Cause> {
    match reply.code() {
        421 => Err(Cause::Refused(reply)),
        _ => Ok(reply),
    }
}

/// Octets received at once. Replies are short.
const INPUT: usize = 2048;
