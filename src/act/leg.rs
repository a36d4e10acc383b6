//! One transaction with a next hop.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::act::connection::Outgoing;
use crate::act::link::Link;
use crate::act::way::Way;
use crate::act::{Cause, Custody, Phase, Trouble};
use crate::mail::{Envelope, Parameters, Recipient, ReversePath};
use crate::smtp::client::{self, Capabilities, Extension, Transmitter};
use crate::smtp::{Reply, Severity, Xforward};
use crate::spool::Spooled;

/// One transaction with a next hop, in step with the client's or replayed whole.
///
/// Dropped at any moment, also in the middle of a call, it hangs up; without a final dot the next hop has nothing. To keep
/// the connection, [`release`](Self::release) it.
pub struct Leg {
    way: Arc<Way>,
    link: Link,
    state: State,
}

/// How far the conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Between two transactions.
    Ready,
    /// Inside one.
    Open,
    /// In the middle of an exchange, or after trouble: nothing can be said any more.
    Spoiled,
}

impl Leg {
    pub(super) fn new(way: Arc<Way>, link: Link) -> Self {
        Self {
            way,
            link,
            state: State::Ready,
        }
    }

    /// What the next hop offers on this connection.
    pub fn offers(&self) -> &Capabilities {
        &self.link.offers
    }

    /// Whether another transaction can be begun.
    pub fn is_reusable(&self) -> bool {
        self.state == State::Ready && !self.link.connection.is_ahead()
    }

    /// XFORWARD where it is offered, and MAIL, to whose refusal or acceptance the reply is the next hop's own.
    ///
    /// On a connection that was used before, trouble means that it has grown stale. Nothing was sent yet, so the same is said
    /// once more on a new one.
    pub async fn begin(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
    ) -> Result<Reply, Trouble> {
        self.mail(xforward, path, parameters, None).await
    }

    /// RCPT.
    pub async fn recipient(&mut self, recipient: &Recipient) -> Result<Reply, Trouble> {
        self.recipients(std::slice::from_ref(recipient))
            .await?
            .pop()
            .ok_or_else(|| self.trouble(Phase::Rcpt, Cause::Unasked))
    }

    /// DATA, the message with the route's marks, and the end of data. The reply is the next hop's to the message, or its
    /// refusal of DATA, or one it gave before it had the whole: positive only after the final dot.
    ///
    /// At `latest` at latest the last octet is sent; if it cannot be, the connection is cut without a final dot. After it, the reply is
    /// waited for as long as `TimeLimits::final_dot` says.
    pub async fn message(&mut self, message: &Spooled, latest: Instant) -> Result<Reply, Trouble> {
        self.state = State::Spoiled;
        let within = until(latest, self.way.route().time.next_hop)
            .map_err(|cause| self.trouble(Phase::Data, cause))?;
        let reply = self.ask(Phase::Data, b"DATA\r\n", within).await?;
        match reply.severity() {
            Severity::Intermediate if reply.code() == 354 => {}
            Severity::Transient | Severity::Permanent => {
                self.state = State::Open;
                return Ok(reply);
            }
            _ => return Err(self.trouble(Phase::Data, Cause::OutOfStep(reply.code()))),
        }
        self.transmit(message, latest).await
    }

    /// A whole transaction, whose one reply stands for all of it: positive when the next hop took the message for every recipient.
    /// Where it refuses any, no message is sent, and the reply is a temporary refusal if there is one, for then another try may do
    /// better.
    pub async fn replay(
        &mut self,
        xforward: &Xforward,
        envelope: &Envelope,
        message: &Spooled,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let size = message.len() + self.way.marking.len();
        let mailed = self.mail(
            xforward,
            &envelope.reverse_path,
            &envelope.parameters,
            Some(size),
        );
        let reply = mailed.await?;
        if !reply.is_positive() {
            return Ok(reply);
        }
        let replies = self.recipients(&envelope.recipients).await?;
        let refusal = replies
            .into_iter()
            .filter(|reply| !reply.is_positive())
            .min_by_key(|reply| reply.severity() == Severity::Permanent);
        match refusal {
            Some(refusal) => Ok(refusal),
            None => self.message(message, latest).await,
        }
    }

    /// Says NOOP, so that a next hop does not think us gone while the client takes its time over the message.
    pub async fn noop(&mut self) -> Result<(), Trouble> {
        let state = std::mem::replace(&mut self.state, State::Spoiled);
        let within = self.way.route().time.next_hop;
        self.ask(Phase::Data, b"NOOP\r\n", within).await?;
        self.state = state;
        Ok(())
    }

    /// Ends the transaction without a message.
    pub async fn reset(&mut self) -> Result<(), Trouble> {
        if self.state != State::Open {
            return Ok(());
        }
        self.state = State::Spoiled;
        let within = self.way.route().time.next_hop.min(RESET);
        let reply = self.ask(Phase::Reset, b"RSET\r\n", within).await?;
        if !reply.is_positive() {
            return Err(self.trouble(Phase::Reset, Cause::of(reply)));
        }
        self.state = State::Ready;
        Ok(())
    }

    /// Gives the connection back to be used for another transaction, or ends it.
    pub async fn release(mut self) {
        if self.reset().await.is_ok() && self.is_reusable() {
            self.way.keep(self.link);
        }
    }

    /// Ends the connection.
    pub async fn quit(self) {
        if self.state != State::Spoiled {
            self.link.quit().await;
        }
    }

    async fn mail(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
        size: Option<u64>,
    ) -> Result<Reply, Trouble> {
        let was_kept = !self.link.is_fresh;
        match self.try_mail(xforward, path, parameters, size).await {
            Err(stale) if was_kept && !matches!(stale.cause, Cause::Unsendable(_)) => {
                tracing::debug!(trouble = %stale, "a kept connection was stale");
                self.link = self.way.open().await?;
                self.try_mail(xforward, path, parameters, size).await
            }
            other => other,
        }
    }

    async fn try_mail(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
        size: Option<u64>,
    ) -> Result<Reply, Trouble> {
        let mut commands = xforward.commands(|name| self.link.offers.offers_attribute(name));
        let mut mail = Vec::new();
        client::mail(&mut mail, path, parameters, size, &self.link.offers)
            .map_err(|error| self.trouble(Phase::Mail, error.into()))?;
        commands.push(mail);
        self.state = State::Spoiled;
        self.link.transactions += 1;
        self.link.is_fresh = false;
        let mut replies = self.ask_all(Phase::Mail, &commands).await?;
        let reply = replies.pop();
        if let Some(refusal) = replies.iter().find(|reply| !reply.is_positive()) {
            let (route, reply) = (self.way.route().name.as_str(), refusal.for_log());
            tracing::warn!(route, %reply, "the next hop does not take XFORWARD from us");
        }
        let reply = reply.ok_or_else(|| self.trouble(Phase::Mail, Cause::Unasked))?;
        self.state = match reply.severity() {
            Severity::Positive => State::Open,
            Severity::Transient | Severity::Permanent => State::Ready,
            Severity::Intermediate => {
                return Err(self.trouble(Phase::Mail, Cause::OutOfStep(reply.code())));
            }
        };
        Ok(reply)
    }

    /// RCPT for each; one reply for each.
    async fn recipients(&mut self, recipients: &[Recipient]) -> Result<Vec<Reply>, Trouble> {
        let mut commands = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let mut command = Vec::new();
            client::rcpt(&mut command, recipient, &self.link.offers)
                .map_err(|error| self.trouble(Phase::Rcpt, error.into()))?;
            commands.push(command);
        }
        self.state = State::Spoiled;
        let replies = self.ask_all(Phase::Rcpt, &commands).await?;
        let intermediate = |reply: &&Reply| reply.severity() == Severity::Intermediate;
        if let Some(reply) = replies.iter().find(intermediate) {
            return Err(self.trouble(Phase::Rcpt, Cause::OutOfStep(reply.code())));
        }
        self.state = State::Open;
        Ok(replies)
    }

    /// The octets after 354, and the reply to them.
    async fn transmit(&mut self, message: &Spooled, latest: Instant) -> Result<Reply, Trouble> {
        let way = Arc::clone(&self.way);
        let time = &way.route().time;
        let unread = |error| Trouble::kept(&way, Phase::Message, Cause::Spool(error));
        let mut marker = way.marking.marker(message).map_err(unread)?;
        let mut transmitter = Transmitter::default();
        let len = message.len();
        let mut buffer = vec![0; usize::try_from(len.min(CHUNK)).unwrap_or_default()];
        let mut at = 0;
        loop {
            let read = message.read_at(&mut buffer, at).map_err(unread)?;
            if read == 0 && at < len {
                return Err(unread(std::io::ErrorKind::UnexpectedEof.into()));
            }
            at += read as u64;
            let is_last = at >= len;
            let marked = marker.mark(buffer.get(..read).unwrap_or_default());
            let stuffed = transmitter.stuff(&marked);
            let end = if is_last { transmitter.end() } else { b"" };
            let mut outgoing = Outgoing::new(&stuffed, end);
            let poured = match until(latest, time.block) {
                Ok(within) => {
                    self.link
                        .connection
                        .pour_within(&mut outgoing, within)
                        .await
                }
                Err(late) => Err(late),
            };
            if is_last && outgoing.is_sent() {
                return self.final_reply(poured, time.final_dot).await;
            }
            match poured {
                Ok(None) => {}
                Ok(Some(reply)) => return self.refused_early(reply),
                // A block that had less than its time had what was left until `latest`.
                Err(Cause::Timeout) if Instant::now() >= latest => {
                    return Err(self.trouble(Phase::Message, Cause::TooLate));
                }
                Err(cause) => return Err(self.trouble(Phase::Message, cause)),
            }
        }
    }

    /// The reply to the end of data. From here on trouble means that the outcome is not known.
    async fn final_reply(
        &mut self,
        poured: Result<Option<Reply>, Cause>,
        within: Duration,
    ) -> Result<Reply, Trouble> {
        let connection = &mut self.link.connection;
        let reply = match poured {
            Ok(Some(reply)) => Ok(reply),
            // Under TLS the last octets may still be on this side of the socket.
            Ok(None) | Err(Cause::Timeout) => connection.flushed_reply(within).await,
            Err(cause) => Err(cause),
        };
        let (cause, custody) = match reply {
            Ok(reply) if reply.severity() != Severity::Intermediate => {
                self.state = State::Ready;
                return Ok(reply);
            }
            Ok(reply) => (Cause::OutOfStep(reply.code()), Custody::Unknown),
            // 421 is an answer: no.
            Err(cause @ Cause::Refused(_)) => (cause, Custody::Kept),
            Err(cause) => (cause, Custody::Unknown),
        };
        Err(Trouble {
            custody,
            ..self.trouble(Phase::FinalDot, cause)
        })
    }

    /// What is made of a reply that came before the end of data: a refusal is one. The connection is cut, for the next hop may
    /// still be reading.
    fn refused_early(&self, reply: Reply) -> Result<Reply, Trouble> {
        match reply.severity() {
            Severity::Transient | Severity::Permanent => Ok(reply),
            Severity::Positive | Severity::Intermediate => {
                Err(self.trouble(Phase::Message, Cause::Unasked))
            }
        }
    }

    async fn ask(
        &mut self,
        phase: Phase,
        command: &[u8],
        within: Duration,
    ) -> Result<Reply, Trouble> {
        let asked = self.link.connection.exchange(command, 1, within).await;
        let mut replies = asked.map_err(|cause| self.trouble(phase, cause))?;
        replies
            .pop()
            .ok_or_else(|| self.trouble(phase, Cause::Unasked))
    }

    /// Commands in groups where the next hop takes them so, one after the other where it does not.
    async fn ask_all(&mut self, phase: Phase, commands: &[Vec<u8>]) -> Result<Vec<Reply>, Trouble> {
        let within = self.way.route().time.next_hop;
        let most = if self.link.offers.offers(Extension::Pipelining) {
            GROUP
        } else {
            1
        };
        let mut replies = Vec::with_capacity(commands.len());
        for group in commands.chunks(most) {
            let octets = group.concat();
            let connection = &mut self.link.connection;
            let asked = connection.exchange(&octets, group.len(), within).await;
            replies.extend(asked.map_err(|cause| self.trouble(phase, cause))?);
        }
        Ok(replies)
    }

    fn trouble(&self, phase: Phase, cause: Cause) -> Trouble {
        Trouble::kept(&self.way, phase, cause)
    }
}

/// How long something may take that takes at most `limit` and must not last longer than `latest`.
fn until(latest: Instant, limit: Duration) -> Result<Duration, Cause> {
    let left = latest.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Cause::TooLate);
    }
    Ok(limit.min(left))
}

/// Octets of a message read and written at once.
const CHUNK: u64 = 256 << 10;

/// Commands sent at once (RFC 2920): few enough that their replies wait in no full buffer.
const GROUP: usize = 50;

/// How long the reply to RSET is waited for: a connection that takes longer is not worth keeping.
const RESET: Duration = Duration::from_secs(5);

impl std::fmt::Debug for Leg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Leg({}, {:?})",
            self.way.route().name.as_str(),
            self.state
        )
    }
}
