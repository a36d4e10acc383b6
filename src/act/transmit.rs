//! The octets of a message, and the reply to them: the one place where custody can change hands.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

use crate::act::connection::{Connection, Outgoing};
use crate::act::framing::Framing;
use crate::act::untried::Untried;
use crate::act::way::Way;
use crate::act::{Cause, Custody, Phase, Trouble};
use crate::smtp::client::Transmitter;
use crate::smtp::{Reply, Severity};
use crate::spool::Spooled;

/// What a next hop says to a message.
pub(super) enum Answer {
    /// After the end of data.
    Final(Reply),
    /// A refusal before it. The connection is to be cut: the next hop may still be reading.
    Early(Reply),
}

/// Sends the message with the route's marks, and the end of data, where it is told by one, in one write with the last of it. Where there are hosts that were not
/// tried, each block is to be taken within this host's part of the time: one that hangs is left for them, one that is only slow is not.
pub(super) async fn transmit(
    way: &Way,
    connection: &mut Connection,
    untried: &Untried,
    message: &Spooled,
    framing: Framing,
    latest: Instant,
) -> Result<Answer, Trouble> {
    let time = &way.route().time;
    let kept = |cause| Trouble::kept(way, Phase::Message, cause);
    let unread = |error| kept(Cause::Spool(error));
    let mut marker = way.marking.marker(message).map_err(unread)?;
    let mut transmitter = Transmitter::default();
    let mut command = framing.command();
    let len = message.len();
    let mut buffer = vec![0; usize::try_from(len.min(CHUNK)).unwrap_or_default()];
    let mut at = 0;
    loop {
        let read = message.read_beside(&mut buffer, at).map_err(unread)?;
        if read == 0 && at < len {
            return Err(unread(io::ErrorKind::UnexpectedEof.into()));
        }
        at += read as u64;
        let is_last = at >= len;
        let marked = marker.mark(buffer.get(..read).unwrap_or_default());
        let octets = match framing {
            Framing::Dotted => transmitter.stuff(&marked),
            Framing::Counted(_) => marked,
        };
        let end = match framing {
            Framing::Dotted if is_last => transmitter.end(),
            Framing::Dotted | Framing::Counted(_) => b"",
        };
        let begin = std::mem::take(&mut command);
        let mut outgoing = Outgoing::new([&begin, &octets, end]);
        let poured = match until(latest, time.block) {
            Ok(within) => {
                let part = untried.part(latest);
                part.bound(connection.pour_within(&mut outgoing, within))
                    .await
            }
            Err(late) => Err(late),
        };
        if is_last && outgoing.is_sent() {
            return final_reply(way, connection, poured).await;
        }
        match poured {
            Ok(None) => {}
            Ok(Some(reply)) => match reply.severity() {
                Severity::Transient | Severity::Permanent => return Ok(Answer::Early(reply)),
                Severity::Positive | Severity::Intermediate => return Err(kept(Cause::Unasked)),
            },
            // A block that had less than its time had what was left until `latest`.
            Err(Cause::Timeout) if Instant::now() >= latest => return Err(kept(Cause::TooLate)),
            Err(cause) => return Err(kept(cause)),
        }
    }
}

/// How long something may take that takes at most `limit` and must not last longer than `latest`.
pub(super) fn until(latest: Instant, limit: Duration) -> Result<Duration, Cause> {
    let left = latest.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Cause::TooLate);
    }
    Ok(limit.min(left))
}

/// The reply to the end of data. The last octet may have left: from here on trouble means that the outcome is not known.
///
/// A next hop that says yes before it has the end, and so late that all of the message was already on its way, cannot be told from one
/// that says so after: it was sent the end, and its yes is its word.
async fn final_reply(
    way: &Way,
    connection: &mut Connection,
    poured: Result<Option<Reply>, Cause>,
) -> Result<Answer, Trouble> {
    let reply = match poured {
        Ok(Some(reply)) => Ok(reply),
        // Under TLS the last octets may still be on this side of the socket.
        Ok(None) | Err(Cause::Timeout | Cause::Hurried) => {
            connection.flushed_reply(way.route().time.final_dot).await
        }
        Err(cause) => Err(cause),
    };
    let (cause, custody) = match reply {
        Ok(reply) if reply.severity() != Severity::Intermediate => {
            return Ok(Answer::Final(reply));
        }
        Ok(reply) => (Cause::OutOfStep(reply.code()), Custody::Unknown),
        // 421 is an answer: no.
        Err(cause @ Cause::Refused(_)) => (cause, Custody::Kept),
        Err(cause) => (cause, Custody::Unknown),
    };
    Err(Trouble {
        custody,
        ..Trouble::kept(way, Phase::FinalDot, cause)
    })
}

/// Octets of a message read and written at once.
const CHUNK: u64 = 64 << 10;
