//! Another host, when one fails: only before the final dot, and only where every yes the client was told stays true.
//!
//! A host is *ill* that does not let us in (connecting, greeting, EHLO, TLS, AUTH), says 421, speaks nonsense or falls silent, or
//! refuses MAIL because of its own state. Every other refusal is an answer about the message or somebody in it: another host has no
//! better one, and it is passed on.

use tokio::time::Instant;

use crate::act::leg::{Leg, State};
use crate::act::way::FAIR;
use crate::act::{Cause, Custody, Phase, Trouble};
use crate::mail::{Envelope, Parameters, Recipient, ReversePath};
use crate::smtp::client::Unsendable;
use crate::smtp::{Reply, Severity, Xforward};
use crate::spool::Spooled;

/// What a client was told yes to. Whoever was refused to it is no part of the transaction any more, whatever another host would
/// have said.
pub(super) struct Promised {
    xforward: Xforward,
    path: ReversePath,
    parameters: Parameters,
    pub(super) recipients: Vec<Recipient>,
}

/// What the client knows of the envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Nothing of what this route says: a refusal is its answer.
    Nothing,
    /// That every recipient is accepted on this route: a refusal now is deferred, and the next try tells what is true.
    Yes,
}

impl Leg {
    /// Goes on with the next host, where the trouble is this host's, nothing was handed over, and there is another. Nothing of the
    /// transaction was said to it yet.
    ///
    /// # Errors
    ///
    /// The same trouble, where nobody else can help.
    pub async fn elsewhere(&mut self, trouble: Trouble, latest: Instant) -> Result<(), Trouble> {
        if self.leaves(&trouble, latest) && self.go_on(latest).await {
            return Ok(());
        }
        Err(trouble)
    }

    /// A whole transaction, whose one reply stands for all of it: positive when a next hop took the message for every recipient.
    /// Where it refuses any, no message is sent, and the reply is a temporary refusal if there is one, for then another try may do
    /// better; or it is trouble, where the client was told yes.
    pub async fn replay(
        &mut self,
        xforward: &Xforward,
        envelope: &Envelope,
        message: &Spooled,
        told: Told,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let mut done = self
            .replay_here(xforward, envelope, message, told, latest)
            .await;
        while let Err(trouble) = done {
            self.elsewhere(trouble, latest).await?;
            done = self
                .replay_here(xforward, envelope, message, told, latest)
                .await;
        }
        done
    }

    async fn replay_here(
        &mut self,
        xforward: &Xforward,
        envelope: &Envelope,
        message: &Spooled,
        told: Told,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let replies = self.envelope(xforward, envelope, message, latest).await?;
        let refusal = replies
            .into_iter()
            .filter(|reply| !reply.is_positive())
            .min_by_key(|reply| reply.severity() == Severity::Permanent);
        match (refusal, told) {
            (None, _) => self.message(message, latest).await,
            (Some(refusal), Told::Nothing) => Ok(refusal),
            (Some(refusal), Told::Yes) => Err(self.trouble(Phase::Rcpt, Cause::TakenBack(refusal))),
        }
    }

    /// MAIL, to the first host that is not ill. Where all are, the answer is that of the first.
    pub(super) async fn mail(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
        size: Option<u64>,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let mut first = None;
        loop {
            let said = self.mail_here(xforward, path, parameters, size, latest);
            let said = said.await;
            let leaves = match &said {
                Ok(reply) if !tells_of_host(reply) => return said,
                Ok(reply) => {
                    let cause = Cause::Refused(reply.clone());
                    self.host.failed(Phase::Mail, &cause);
                    true
                }
                Err(trouble) => self.leaves(trouble, latest),
            };
            let said = first.unwrap_or(said);
            if !leaves || !self.go_on(latest).await {
                return said;
            }
            first = Some(said);
        }
    }

    /// MAIL to this host; once more on a new connection, where a kept one has grown stale and there is time left for it.
    async fn mail_here(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
        size: Option<u64>,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let was_kept = !self.link.is_fresh;
        let part = self.untried.part(latest);
        match self
            .try_mail(xforward, path, parameters, size, latest)
            .await
        {
            Err(stale) if was_kept && !stale.cause.is_unsendable() && !part.is_over() => {
                tracing::debug!(trouble = %stale, "a kept connection was stale");
                let link = self.way.open(&self.host, part.until(latest)).await;
                self.link = link.map_err(|(phase, cause)| self.trouble(phase, cause))?;
                self.try_mail(xforward, path, parameters, size, latest)
                    .await
            }
            other => other,
        }
    }

    /// RCPT, to this host or to those after it.
    pub(super) async fn recipient_before(
        &mut self,
        recipient: &Recipient,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let mut reply = self.one_recipient(recipient, latest).await;
        while let Err(trouble) = reply {
            self.elsewhere(trouble, latest).await?;
            reply = match self.keep_promise(latest).await {
                Ok(()) => self.one_recipient(recipient, latest).await,
                Err(trouble) => Err(trouble),
            };
        }
        reply
    }

    /// Keeps in mind what the client is told yes to, if another host may have to keep that promise.
    pub(super) fn promise(
        &mut self,
        xforward: &Xforward,
        path: &ReversePath,
        parameters: &Parameters,
    ) {
        self.promised = (!self.untried.is_empty()).then(|| Promised {
            xforward: xforward.clone(),
            path: path.clone(),
            parameters: parameters.clone(),
            recipients: Vec::new(),
        });
    }

    /// Says again, to another host, what was said to one that failed. It must say yes to all that was promised.
    pub(super) async fn keep_promise(&mut self, latest: Instant) -> Result<(), Trouble> {
        let Some(promised) = self.promised.take() else {
            return Ok(());
        };
        let kept = self.say_again(&promised, latest).await;
        self.promised = Some(promised);
        kept
    }

    async fn say_again(&mut self, promised: &Promised, latest: Instant) -> Result<(), Trouble> {
        let Promised {
            xforward,
            path,
            parameters,
            recipients,
        } = promised;
        let mail = self
            .try_mail(xforward, path, parameters, None, latest)
            .await?;
        let mut replies = vec![mail];
        if replies.iter().all(Reply::is_positive) {
            replies = self.recipients(recipients, latest).await?;
        }
        match replies.into_iter().find(|reply| !reply.is_positive()) {
            None => Ok(()),
            Some(reply) => Err(self.trouble(Phase::Rcpt, Cause::TakenBack(reply))),
        }
    }

    /// Time is up, whichever host was at work.
    pub(super) fn out_of_time(
        &self,
        phase: Phase,
        cause: Cause,
        begun: Instant,
        latest: Instant,
    ) -> Trouble {
        self.blame(phase, &cause, begun, latest);
        self.trouble(phase, cause)
    }

    /// Notes that the host is ill, where time ran out of which it had a fair part. It is the verdict's time that ends what hangs inside
    /// a message, for that of a block is longer; the message is late then.
    pub(super) fn blame(&self, phase: Phase, cause: &Cause, begun: Instant, latest: Instant) {
        let is_over = matches!(cause, Cause::Timeout | Cause::TooLate) && Instant::now() >= latest;
        if is_over && begun.max(self.turn).elapsed() >= FAIR {
            self.host.failed(phase, cause);
        }
    }

    /// The envelope cannot be told to this host: for good, unless another of its route is known to take it.
    pub(super) fn unsendable(&self, phase: Phase, error: Unsendable) -> Trouble {
        let cause = match error {
            Unsendable::Lacking(extension) if self.way.is_offered(extension) => {
                Cause::LackedHere(extension)
            }
            other => other.into(),
        };
        self.trouble(phase, cause)
    }

    /// Whether this host is to be left: it is ill, unless it had hardly any time, or lacks what another has.
    fn leaves(&self, trouble: &Trouble, latest: Instant) -> bool {
        let is_open = trouble.custody == Custody::Kept && trouble.phase != Phase::FinalDot;
        if !is_open || !trouble.cause.is_of_host() || Instant::now() >= latest {
            return false;
        }
        // Of one that could not be connected to was already told.
        if !trouble.phase.is_opening() && trouble.cause.is_illness() {
            self.host.failed(trouble.phase, &trouble.cause);
        }
        true
    }

    /// Whether there is another that lets us in.
    async fn go_on(&mut self, latest: Instant) -> bool {
        let Ok((host, link)) = self.way.link(&mut self.untried, latest).await else {
            return false;
        };
        let left = std::mem::replace(&mut self.link, link);
        if self.state != State::Spoiled {
            tokio::spawn(left.quit());
        }
        self.host = host;
        self.turn = Instant::now();
        self.state = State::Ready;
        true
    }
}

/// Whether a refusal of MAIL is about the state of the host and not about the sender: 4.3.x is the mail system (RFC 3463 section
/// 3.4), and 452 its storage.
fn tells_of_host(reply: &Reply) -> bool {
    reply.severity() == Severity::Transient
        && match reply.enhanced_status() {
            Some(status) => status.starts_with(b"4.3."),
            None => reply.code() == 452,
        }
}
