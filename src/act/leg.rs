//! One transaction with a next hop.

mod send;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::act::elsewhere::Promised;
use crate::act::host::Host;
use crate::act::link::{Link, RESET};
use crate::act::untried::{Part, Untried};
use crate::act::way::Way;
use crate::act::{Cause, Custody, Phase, Trouble};
use crate::mail::{Envelope, Parameters, Recipient, ReversePath};
use crate::metrics::catalogue::{HOP_MESSAGE_TIME, HOP_MESSAGES};
use crate::smtp::client::{self, Capabilities, Extension};
use crate::smtp::{Reply, Severity, Xforward};
use crate::spool::Spooled;

/// One transaction with a next hop, in step with the client's or replayed whole.
///
/// Dropped at any moment, also in the middle of a call, it hangs up; without a final dot the next hop has nothing. To keep
/// the connection, [`release`](Self::release) it.
pub struct Leg {
    pub(super) way: Arc<Way>,
    /// The host it is with.
    pub(super) host: Arc<Host>,
    /// When that came to its turn: it is not to blame for what those before it took.
    pub(super) turn: Instant,
    /// Those that may be tried when this one fails.
    pub(super) untried: Untried,
    pub(super) link: Link,
    pub(super) state: State,
    /// What the client was told yes to, where another host may have to keep that promise.
    pub(super) promised: Option<Promised>,
}

/// How far the conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// Between two transactions.
    Ready,
    /// Inside one, or after one that was not ended.
    Open,
    /// In the middle of an exchange, or after trouble: nothing can be said any more.
    Spoiled,
}

impl Leg {
    pub(super) fn new(way: Arc<Way>, host: Arc<Host>, untried: Untried, link: Link) -> Self {
        Self {
            way,
            host,
            turn: Instant::now(),
            untried,
            link,
            state: State::Ready,
            promised: None,
        }
    }

    /// What the next hop offers on this connection.
    pub fn offers(&self) -> &Capabilities {
        &self.link.offers
    }

    /// Whether it is a leg of this way.
    pub fn is_on(&self, way: &Arc<Way>) -> bool {
        Arc::ptr_eq(&self.way, way)
    }

    /// Whether another transaction can be begun.
    pub fn is_reusable(&self) -> bool {
        self.state == State::Ready && !self.link.connection.is_ahead()
    }

    /// XFORWARD where it is offered, and MAIL, to whose refusal or acceptance the reply is the next hop's own.
    ///
    /// On a connection that was used before, trouble means that it has grown stale. Nothing was sent yet, so the same is said
    /// once more on a new one. A host that is [ill](super::NextHops) is left for the next. All of it ends at `latest`.
    pub async fn begin(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let begun = Instant::now();
        let mail = self.mail(xforward, path, parameters, None, latest);
        let reply = match timeout_at(latest, mail).await {
            Ok(reply) => reply?,
            Err(_) => return Err(self.out_of_time(Phase::Mail, Cause::Timeout, begun, latest)),
        };
        if reply.is_positive() {
            self.promise(xforward, path, parameters);
        }
        Ok(reply)
    }

    /// RCPT.
    ///
    /// A host that fails here is left for the next, where all that was accepted so far is said again. Where that is not accepted
    /// again, the transaction is deferred: the client was told otherwise. All of it takes at most `TimeLimits::verdict`.
    pub async fn recipient(&mut self, recipient: &Recipient) -> Result<Reply, Trouble> {
        let begun = Instant::now();
        let latest = begun + self.way.route().time.verdict;
        let reply = match timeout_at(latest, self.recipient_before(recipient, latest)).await {
            Ok(reply) => reply?,
            Err(_) => return Err(self.out_of_time(Phase::Rcpt, Cause::Timeout, begun, latest)),
        };
        if let Some(promised) = &mut self.promised
            && reply.is_positive()
        {
            promised.recipients.push(recipient.clone());
        }
        Ok(reply)
    }

    /// DATA, the message with the route's marks, and the end of data; or BDAT, where only that tells it as it is. The reply is the next hop's to the message, or its
    /// refusal of DATA, or one it gave before it had the whole: positive only after the end.
    ///
    /// At `latest` at latest the last octet is sent; if it cannot be, the connection is cut before the end. After it, the reply is
    /// waited for as long as `TimeLimits::final_dot` says, and the call is to be awaited to its end, for whoever drops it then does
    /// not know who has the message.
    pub async fn message(&mut self, message: &Spooled, latest: Instant) -> Result<Reply, Trouble> {
        let begun = Instant::now();
        let answered = self.send(message, latest).await;
        match &answered {
            Ok(_) => self.host.succeeded(),
            // Not to be tried elsewhere any more, but the next message is.
            Err(trouble) if trouble.phase == Phase::FinalDot => {
                self.host.failed(trouble.phase, &trouble.cause);
            }
            Err(trouble) => self.blame(trouble.phase, &trouble.cause, begun, latest),
        }
        let outcome = match &answered {
            Ok(reply) if reply.is_positive() => "taken",
            Ok(reply) if reply.severity() == Severity::Permanent => "refused",
            Ok(_) => "deferred",
            Err(trouble) => match trouble.custody {
                Custody::Kept => "lost",
                Custody::Unknown => "unknown",
            },
        };
        let route = self.way.route().name.as_str();
        HOP_MESSAGES.count([route, outcome]);
        HOP_MESSAGE_TIME.took([route], begun.elapsed());
        answered
    }

    /// XFORWARD, MAIL, and RCPT for each recipient, before `latest` or not at all. A reply for each recipient: where MAIL is
    /// refused, that refusal. The [`message`](Self::message) may follow when any of them is positive, and is then for those.
    pub async fn envelope(
        &mut self,
        xforward: &Xforward,
        envelope: &Envelope,
        message: &Spooled,
        latest: Instant,
    ) -> Result<Vec<Reply>, Trouble> {
        let begun = Instant::now();
        match timeout_at(latest, self.tell(xforward, envelope, message, latest)).await {
            Ok(told) => told,
            Err(_) => Err(self.out_of_time(Phase::Mail, Cause::TooLate, begun, latest)),
        }
    }

    async fn tell(
        &mut self,
        xforward: &Xforward,
        envelope: &Envelope,
        message: &Spooled,
        latest: Instant,
    ) -> Result<Vec<Reply>, Trouble> {
        let size = message.len() + self.way.marking.len();
        let (path, parameters) = (&envelope.reverse_path, &envelope.parameters);
        let mail = self.mail(xforward, path, parameters, Some(size), latest);
        let reply = mail.await?;
        if !reply.is_positive() {
            return Ok(vec![reply; envelope.recipients.len()]);
        }
        self.recipients(&envelope.recipients, latest).await
    }

    /// Says NOOP, so that a next hop does not think us gone while the client takes its time over the message.
    pub async fn noop(&mut self) -> Result<(), Trouble> {
        let state = std::mem::replace(&mut self.state, State::Spoiled);
        let within = self.way.route().time.next_hop;
        self.ask(Phase::Data, b"NOOP\r\n", within, Part::whole())
            .await?;
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
        let reset = self.ask(Phase::Reset, b"RSET\r\n", within, Part::whole());
        let reply = reset.await?;
        if !reply.is_positive() {
            return Err(self.trouble(Phase::Reset, Cause::of(reply)));
        }
        self.state = State::Ready;
        Ok(())
    }

    /// Gives the connection back to be used for another transaction, or ends it.
    pub async fn release(mut self) {
        if self.reset().await.is_ok() && self.is_reusable() {
            self.host.keep(self.link);
        }
    }

    /// Ends the connection.
    pub async fn quit(self) {
        if self.state != State::Spoiled {
            self.link.quit().await;
        }
    }

    pub(super) async fn try_mail(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
        size: Option<u64>,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let mut commands = xforward.commands(|name| self.link.offers.offers_attribute(name));
        let mut mail = Vec::new();
        client::mail(&mut mail, path, parameters, size, &self.link.offers)
            .map_err(|error| self.unsendable(Phase::Mail, error))?;
        commands.push(mail);
        self.state = State::Spoiled;
        self.link.transactions += 1;
        self.link.is_fresh = false;
        let mut replies = self.ask_all(Phase::Mail, &commands, latest).await?;
        let reply = replies.pop();
        if let Some(refusal) = replies.iter().find(|reply| !reply.is_positive()) {
            let (route, reply) = (self.way.route().name.as_str(), refusal.for_log());
            tracing::warn!(route, %reply, "the next hop does not take XFORWARD from us");
        }
        let reply = reply.ok_or_else(|| self.trouble(Phase::Mail, Cause::Unasked))?;
        self.state = match reply.severity() {
            // A refusal may leave behind what XFORWARD told.
            Severity::Positive | Severity::Transient | Severity::Permanent => State::Open,
            Severity::Intermediate => {
                return Err(self.trouble(Phase::Mail, Cause::OutOfStep(reply.code())));
            }
        };
        Ok(reply)
    }

    pub(super) async fn one_recipient(
        &mut self,
        recipient: &Recipient,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        self.recipients(std::slice::from_ref(recipient), latest)
            .await?
            .pop()
            .ok_or_else(|| self.trouble(Phase::Rcpt, Cause::Unasked))
    }

    /// RCPT for each; one reply for each.
    pub(super) async fn recipients(
        &mut self,
        recipients: &[Recipient],
        latest: Instant,
    ) -> Result<Vec<Reply>, Trouble> {
        let mut commands = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let mut command = Vec::new();
            client::rcpt(&mut command, recipient, &self.link.offers)
                .map_err(|error| self.unsendable(Phase::Rcpt, error))?;
            commands.push(command);
        }
        self.state = State::Spoiled;
        let replies = self.ask_all(Phase::Rcpt, &commands, latest).await?;
        let intermediate = |reply: &&Reply| reply.severity() == Severity::Intermediate;
        if let Some(reply) = replies.iter().find(intermediate) {
            return Err(self.trouble(Phase::Rcpt, Cause::OutOfStep(reply.code())));
        }
        self.state = State::Open;
        Ok(replies)
    }

    async fn ask(
        &mut self,
        phase: Phase,
        command: &[u8],
        within: Duration,
        part: Part,
    ) -> Result<Reply, Trouble> {
        let asked = self.link.connection.exchange(command, 1, within);
        let asked = part.bound(asked).await;
        let mut replies = asked.map_err(|cause| self.trouble(phase, cause))?;
        replies
            .pop()
            .ok_or_else(|| self.trouble(phase, Cause::Unasked))
    }

    /// Commands in groups where the next hop takes them so, one after the other where it does not; each group within this host's part
    /// of the time.
    async fn ask_all(
        &mut self,
        phase: Phase,
        commands: &[Vec<u8>],
        latest: Instant,
    ) -> Result<Vec<Reply>, Trouble> {
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
            let part = self.untried.part(latest);
            let asked = part.bound(connection.exchange(&octets, group.len(), within));
            let asked = asked.await;
            replies.extend(asked.map_err(|cause| self.trouble(phase, cause))?);
        }
        Ok(replies)
    }

    pub(super) fn trouble(&self, phase: Phase, cause: Cause) -> Trouble {
        Trouble::kept(&self.way, phase, cause)
    }
}

/// Commands sent at once (RFC 2920): few enough that their replies wait in no full buffer.
const GROUP: usize = 50;

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
