//! Recipients of one message to whom the same is done, from the verdict to the outcome.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use tokio::time::Instant;

use crate::accept::Answer;
use crate::act::{Cause, Custody, Leg, Phase, Told, Trouble, Way};
use crate::clock;
use crate::incident::{Incident, IncidentId, Outcome, RetryKey, StoreError};
use crate::inspect::Inspection;
use crate::journey::Gate;
use crate::journey::attempt::Attempt;
use crate::journey::reading::sameness;
use crate::journey::trail::Trail;
use crate::mail::{Envelope, Transaction};
use crate::policy::{About, Disposition, Exposure, Part, Verdict, refusal};
use crate::retry::Known;
use crate::smtp::{Protocol, Reply, Severity, Xforward};
use crate::spool::Spooled;

/// What a lot is carried with: the same for all lots of a message.
#[derive(Clone, Copy)]
pub(super) struct Load<'a> {
    pub(super) gate: &'a Arc<Gate>,
    pub(super) transaction: &'a Transaction,
    pub(super) spooled: &'a Spooled,
    /// As it came, where its line endings were changed.
    pub(super) as_it_came: Option<&'a Spooled>,
    /// What XFORWARD told, to be told again where the envelope is.
    pub(super) xforward: &'a Xforward,
    /// Whether the recipients share one reply.
    pub(super) protocol: Protocol,
    /// What the retry journal knows it by, where one is kept.
    pub(super) attempt: Option<&'a Attempt<'a>>,
    /// When the last octet must have left.
    pub(super) latest: Instant,
}

/// Recipients of one message to whom the same is done.
pub(super) struct Lot<'a> {
    load: Load<'a>,
    /// Which they are, by their place in the envelope.
    pub(super) recipients: Vec<usize>,
    verdict: Verdict,
    envelope: Cow<'a, Envelope>,
    incident: Option<IncidentId>,
    trail: Trail<'a>,
}

/// Why an incident could not be made durable: we are at fault, and the message is deferred.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unrecorded {
    #[error(transparent)]
    Spool(#[from] io::Error),
    #[error(transparent)]
    Log(#[from] StoreError),
}

impl Unrecorded {
    /// What the client is told.
    pub(super) fn reply(&self) -> Reply {
        match self {
            Self::Spool(_) => Reply::SPOOL_FAILED,
            Self::Log(_) => Reply::NOT_RECORDED,
        }
    }
}

/// What came of carrying a lot.
struct Carried {
    /// The recipients that the next hop would not have, by their place in the lot, with its words. Only where each is answered alone.
    refused: Vec<(usize, Reply)>,
    /// What came of the message for all others; `None` where there are none.
    others: Option<Result<Reply, Trouble>>,
}

impl<'a> Lot<'a> {
    /// A lot that was judged.
    pub(super) fn new(
        load: Load<'a>,
        inspection: &Inspection,
        part: Part,
        trail: &Trail<'a>,
    ) -> Self {
        let whole = &load.transaction.envelope;
        let envelope = if part.recipients.len() == whole.recipients.len() {
            Cow::Borrowed(whole)
        } else {
            let recipients = part.recipients.iter();
            Cow::Owned(Envelope {
                reverse_path: whole.reverse_path.clone(),
                parameters: whole.parameters.clone(),
                recipients: recipients
                    .filter_map(|at| whole.recipients.get(*at).cloned())
                    .collect(),
            })
        };
        Self {
            load,
            trail: trail.judged(inspection, &part.verdict),
            recipients: part.recipients,
            verdict: part.verdict,
            envelope,
            incident: None,
        }
    }

    /// Whether it goes by the normal route.
    pub(super) fn is_relayed(&self) -> bool {
        self.verdict.disposition == Disposition::Relay
    }

    /// Makes its incident durable, where it has one.
    pub(super) async fn record(&mut self, inspection: &Inspection) -> Result<(), Unrecorded> {
        if self.verdict.exposure == Exposure::None {
            return Ok(());
        }
        let gate = self.load.gate;
        let retry = self.load.spooled.beside(|| {
            let message = sameness(self.load.spooled)?;
            io::Result::Ok(RetryKey::of(&gate.key, &self.envelope, &message))
        })?;
        let (settings, transaction) = (&gate.incident, self.load.transaction);
        let now = clock::now();
        let incident = Incident::of(settings, now, transaction, inspection, &self.verdict, retry);
        if let Some(incident) = incident {
            self.incident = Some(gate.incidents.record(incident).await?);
            self.trail.recorded(self.incident);
        }
        Ok(())
    }

    /// Does nothing with it, for a reason that concerns the whole message. An incident that was recorded says so.
    pub(super) async fn defer(mut self, error: &Unrecorded) {
        let reply = self.trail.trouble(error, error.reply());
        let outcome = Outcome::Deferred { code: reply.code() };
        self.conclude(outcome).await;
        self.trail.end(&reply, self.recipients.len());
    }

    /// Carries out the verdict, and tells what each recipient is answered. `leg` is the connection to the normal next hop, where
    /// the envelope stands with all its recipients.
    pub(super) async fn act(mut self, leg: &mut Option<Leg>) -> (Vec<usize>, Answer) {
        let carried = match &self.verdict.disposition {
            Disposition::Refuse => {
                let reference = self.incident.map(|id| id.to_string()).unwrap_or_default();
                let about = match self.load.protocol {
                    Protocol::Smtp => About::Message,
                    Protocol::Lmtp => About::Recipient,
                };
                let lines = refusal(&self.load.gate.policy, &self.verdict, &reference, about);
                let reply = Reply::refused(&lines);
                self.conclude(Outcome::Refused).await;
                self.trail.end(&reply, self.recipients.len());
                return (self.recipients, reply.into());
            }
            Disposition::Relay => self.relay(leg).await,
            Disposition::Secure(route) => match self.load.gate.secure.get(route) {
                Some(way) => self.replay(way, None, Told::Nothing).await,
                None => {
                    // Configuration is checked for this; should it happen, nothing is sent in the clear.
                    let trouble = "the route of the verdict is not there";
                    let reply = self.trail.trouble(&trouble, Reply::NOT_INSPECTED);
                    let code = reply.code();
                    self.conclude(Outcome::Deferred { code }).await;
                    self.trail.end(&reply, self.recipients.len());
                    return (self.recipients, reply.into());
                }
            },
        };
        let carried = carried.unwrap_or_else(|trouble| Carried {
            refused: Vec::new(),
            others: Some(Err(trouble)),
        });
        self.note(&carried).await;
        self.conclude(self.outcome(&carried)).await;
        self.answer(carried)
    }

    /// Has the retry journal know for whom a next hop took it, before anybody hears of that: from here on a client that does not
    /// hear it sends the message once more.
    async fn note(&mut self, carried: &Carried) {
        let (Some(attempt), Some(Ok(reply))) = (self.load.attempt, &carried.others) else {
            return;
        };
        if !reply.is_positive() {
            return;
        }
        let is_refused = |at: &usize| carried.refused.iter().any(|(refused, _)| refused == at);
        let places = self.recipients.iter().enumerate();
        let places = places.filter(|(at, _)| !is_refused(at));
        let known = Known {
            route: match &self.verdict.disposition {
                Disposition::Secure(route) => Some(route.clone()),
                Disposition::Relay | Disposition::Refuse => None,
            },
            incident: self.incident,
        };
        let noted = attempt.taken(places.map(|(_, place)| *place), &known).await;
        if let Err(error) = noted {
            // To defer it would make the duplicate for certain.
            self.trail.trouble(&error, Reply::OK);
        }
    }

    /// By the normal route, where the envelope already stands if nobody is left out of it. If that connection was lost while the
    /// message was awaited and read, or the route was exchanged, nothing was sent on it, and the whole is told again on a new one; or
    /// to another host, if this one failed.
    async fn relay(&self, kept: &mut Option<Leg>) -> Result<Carried, Trouble> {
        let way = &self.load.gate.normal;
        let Some(mut leg) = kept.take_if(|leg| leg.is_on(way)) else {
            return self.replay(way, None, Told::Yes).await;
        };
        if let Cow::Owned(_) = self.envelope {
            // Those who are left out must not get it: the envelope is told anew.
            let leg = leg.reset().await.is_ok().then_some(leg);
            return self.replay(way, leg, Told::Yes).await;
        }
        match leg.message(self.load.spooled, self.load.latest).await {
            Ok(reply) => {
                *kept = Some(leg);
                Ok(Carried {
                    refused: Vec::new(),
                    others: Some(Ok(reply)),
                })
            }
            Err(trouble) if went_stale(&trouble) => {
                tracing::debug!(%trouble, "the next hop did not wait for the message");
                self.replay(way, None, Told::Yes).await
            }
            Err(trouble) => {
                leg.elsewhere(trouble, self.load.latest).await?;
                self.replay(way, Some(leg), Told::Yes).await
            }
        }
    }

    /// By `way`, from MAIL on, on a connection that is at hand or on another.
    async fn replay(
        &self,
        way: &Arc<Way>,
        leg: Option<Leg>,
        told: Told,
    ) -> Result<Carried, Trouble> {
        let (xforward, message, latest) = (self.load.xforward, self.load.spooled, self.load.latest);
        let mut leg = match leg {
            Some(leg) => leg,
            None => way.leg_before(latest).await?,
        };
        let carried = match self.load.protocol {
            Protocol::Smtp => Carried {
                refused: Vec::new(),
                others: Some(Ok(leg
                    .replay(xforward, &self.envelope, message, told, latest)
                    .await?)),
            },
            Protocol::Lmtp => self.replay_each(&mut leg).await?,
        };
        // The client is not to wait for what a next hop says to RSET.
        tokio::spawn(leg.release());
        Ok(carried)
    }

    /// As [`replay`](Self::replay), where each recipient is answered alone.
    async fn replay_each(&self, leg: &mut Leg) -> Result<Carried, Trouble> {
        let (xforward, message, latest) = (self.load.xforward, self.load.spooled, self.load.latest);
        loop {
            let told = leg.envelope(xforward, &self.envelope, message, latest);
            let refused = match told.await {
                Ok(replies) => replies.into_iter().enumerate(),
                Err(trouble) => {
                    leg.elsewhere(trouble, latest).await?;
                    continue;
                }
            };
            let refused: Vec<_> = refused.filter(|(_, reply)| !reply.is_positive()).collect();
            let is_anybody = refused.len() < self.envelope.recipients.len();
            let mut others = None;
            if is_anybody {
                let sent = match leg.message(message, latest).await {
                    // Nobody was told anything yet, so another host may answer for all.
                    Err(trouble) => match leg.elsewhere(trouble, latest).await {
                        Ok(()) => continue,
                        Err(trouble) => Err(trouble),
                    },
                    sent => sent,
                };
                others = Some(sent);
            }
            return Ok(Carried { refused, others });
        }
    }

    /// What became of it, as the incident log has it.
    fn outcome(&self, carried: &Carried) -> Outcome {
        let of_reply = |reply: &Reply| {
            let code = reply.code();
            match (reply.severity(), &self.verdict.disposition) {
                (Severity::Positive, Disposition::Secure(route)) => Outcome::secured(route),
                (Severity::Positive, _) => Outcome::Relayed,
                (Severity::Permanent, _) => Outcome::Declined { code },
                (Severity::Intermediate | Severity::Transient, _) => Outcome::Deferred { code },
            }
        };
        let of_others = carried.others.as_ref().map(|others| match others {
            Ok(reply) => of_reply(reply),
            Err(trouble) => match trouble.custody {
                Custody::Kept => Outcome::Deferred {
                    code: trouble.reply().code(),
                },
                Custody::Unknown => Outcome::Unknown,
            },
        });
        match of_others {
            Some(outcome) if carried.refused.is_empty() => outcome,
            of_others => {
                let mut refused = carried.refused.iter().peekable();
                let each = self.verdict.recipients.iter().enumerate();
                let each = each.filter_map(|(at, judged)| {
                    let outcome = match refused.next_if(|(refused, _)| *refused == at) {
                        Some((_, reply)) => of_reply(reply),
                        None => of_others.clone()?,
                    };
                    Some((judged.recipient.clone(), outcome))
                });
                Outcome::of_each(each, self.load.gate.incident.told)
            }
        }
    }

    /// Writes the lines of the log, and tells what each recipient is answered.
    fn answer(mut self, carried: Carried) -> (Vec<usize>, Answer) {
        let mut told: Vec<(Reply, usize)> = Vec::new();
        for (_, reply) in &carried.refused {
            match told.iter_mut().find(|(known, _)| known == reply) {
                Some((_, times)) => *times += 1,
                None => told.push((reply.clone(), 1)),
            }
        }
        for (reply, times) in &told {
            self.trail.end(reply, *times);
        }
        let others = carried.others.map(|others| match others {
            Ok(reply) => reply,
            Err(trouble) => self.trail.trouble(&trouble, trouble.reply()),
        });
        if let Some(reply) = &others {
            let times = self.recipients.len().saturating_sub(carried.refused.len());
            self.trail.end(reply, times);
        }
        let others = others.unwrap_or(Reply::NEXT_HOP_LOST);
        if carried.refused.is_empty() {
            return (self.recipients, others.into());
        }
        let mut replies = vec![others; self.recipients.len()];
        for (at, refusal) in carried.refused {
            if let Some(reply) = replies.get_mut(at) {
                *reply = refusal;
            }
        }
        (self.recipients, Answer::Each(replies))
    }

    /// Adds to its incident what became of it.
    async fn conclude(&self, outcome: Outcome) {
        if let Some(id) = self.incident
            && let Err(error) = self.load.gate.incidents.outcome(id, outcome).await
        {
            // The message is where it is, and the reply must not be changed by this.
            tracing::error!(incident.id = %id, %error, "what became of an incident was not recorded");
        }
    }
}

/// Whether a next hop has given up waiting for DATA: it has nothing, and another connection may do better.
fn went_stale(trouble: &Trouble) -> bool {
    trouble.phase == Phase::Data
        && trouble.custody == Custody::Kept
        && matches!(
            trouble.cause,
            Cause::Closed | Cause::Lost(_) | Cause::Refused(_) | Cause::Unasked
        )
}
