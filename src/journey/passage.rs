//! One connection's way through the gate.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::accept::{Answer, Arrived, Journey};
use crate::act::Leg;
use crate::inspect::{Closed, Inspection};
use crate::journey::attempt::{Attempt, Elsewhere, Unheard};
use crate::journey::counted::counted;
use crate::journey::lot::{Load, Lot, Unrecorded};
use crate::journey::not_begun::{Why, deferred};
use crate::journey::reading::read;
use crate::journey::together::together;
use crate::journey::trail::Trail;
use crate::journey::{Gate, Gates, RouteConflict};
use crate::mail::{Client, Parameters, Recipient, ReversePath, Transaction, TransactionId};
use crate::metrics::catalogue::NOT_BEGUN;
use crate::policy::{Case, Level, Part, have, judge, judge_each};
use crate::smtp::{Protocol, Reply, Severity, Xforward};

/// One connection's way through the gate, used again for each of its transactions.
#[derive(Debug)]
pub struct Passage {
    gates: Gates,
    /// The connection to the normal next hop: in lockstep while a transaction runs, kept between two.
    normal: Option<Leg>,
    /// What XFORWARD told, to be told again on another route.
    xforward: Xforward,
    /// What the client speaks: whether each recipient is answered alone.
    protocol: Protocol,
    /// What protects the first recipient of the transaction.
    first: Option<Level>,
    /// What the client was answered last and may not have heard, as the retry journal has it.
    unheard: Option<Unheard>,
}

impl Passage {
    /// A passage with no connection yet.
    pub(super) fn new(gates: Gates, protocol: Protocol) -> Self {
        Self {
            gates,
            normal: None,
            xforward: Xforward::default(),
            protocol,
            first: None,
            unheard: None,
        }
    }

    /// What protects a recipient, where that must be the same for all recipients of a transaction.
    fn shared(&self, recipient: &Recipient) -> Option<Level> {
        let gate = self.gates.in_force();
        match (self.protocol, gate.conflict) {
            (Protocol::Smtp, RouteConflict::Defer) => {
                Some(have(&gate.policy, &gate.routes, &recipient.address))
            }
            (Protocol::Smtp, RouteConflict::Strictest) | (Protocol::Lmtp, _) => None,
        }
    }
}

impl Journey for Passage {
    async fn begin(
        &mut self,
        id: TransactionId,
        client: &Client,
        xforward: &Xforward,
        reverse_path: &ReversePath,
        parameters: &Parameters,
    ) -> Reply {
        self.xforward = xforward.clone();
        self.first = None;
        let ident = client.ident.as_deref();
        if self.gates.in_force().door.occupancy().is_full() {
            // The message would be sent in vain.
            deferred(Why::Overloaded, id, client, &Closed::Overloaded);
            return Reply::OVERLOADED;
        }
        let way = Arc::clone(&self.gates.in_force().normal);
        match way.begin(xforward, reverse_path, parameters).await {
            Ok((leg, reply)) if reply.is_positive() => {
                self.normal = Some(leg);
                reply
            }
            Ok((leg, reply)) => {
                leg.release().await;
                let told = reply.for_log();
                if reply.severity() == Severity::Permanent {
                    NOT_BEGUN.count(["refused"]);
                    tracing::info!(transaction.id = %id, client.ident = ident, reply = %told, "refused at MAIL by the next hop");
                } else {
                    NOT_BEGUN.count(["deferred"]);
                    tracing::info!(transaction.id = %id, client.ident = ident, reply = %told, "deferred at MAIL by the next hop");
                }
                reply
            }
            Err(trouble) => {
                let reply = trouble.reply();
                if reply.severity() == Severity::Permanent {
                    // Its sender gets it back: each is told.
                    NOT_BEGUN.count(["refused"]);
                    tracing::warn!(transaction.id = %id, client.ident = ident, %trouble, "refused at MAIL");
                } else {
                    deferred(Why::NoNextHop, id, client, &trouble);
                }
                reply
            }
        }
    }

    async fn recipient(&mut self, recipient: &Recipient) -> Reply {
        let shared = self.shared(recipient);
        if let (Some(first), Some(shared)) = (self.first, shared)
            && first != shared
        {
            return Reply::OTHER_PROTECTION;
        }
        let Some(leg) = &mut self.normal else {
            return Reply::NEXT_HOP_LOST;
        };
        match leg.recipient(recipient).await {
            Ok(reply) => {
                if reply.is_positive() {
                    self.first = shared;
                }
                reply
            }
            Err(trouble) => {
                self.normal = None;
                tracing::warn!(%trouble, "deferred at RCPT");
                trouble.reply()
            }
        }
    }

    async fn message(&mut self, transaction: &Transaction, arrived: Arrived) -> Answer {
        let gate = self.gates.in_force();
        let xforward = self.xforward.clone();
        let load = Load {
            gate: &gate,
            transaction,
            spooled: &arrived.message,
            as_it_came: arrived.as_it_came.as_ref(),
            xforward: &xforward,
            protocol: self.protocol,
            attempt: None,
            latest: Instant::now() + gate.verdict,
        };
        let answer = self.offer(load).await;
        if let Some(leg) = self.normal.take() {
            // The client is not to wait for what a next hop says to RSET.
            tokio::spawn(leg.release());
        }
        answer
    }

    async fn abandon(&mut self) {
        if let Some(leg) = self.normal.take() {
            leg.release().await;
        }
    }

    fn heard(&mut self) {
        if let Some(unheard) = self.unheard.take() {
            unheard.heard();
        }
    }
}

impl Passage {
    /// What was taken at an earlier attempt is not sent again, whatever policy would say of it now: it is where it is. What another
    /// attempt is sending is not sent at the same time.
    async fn offer(&mut self, load: Load<'_>) -> Answer {
        let recipients = load.transaction.envelope.recipients.len();
        let mut attempt = match Attempt::of(load) {
            Ok(Some(attempt)) => attempt,
            Ok(None) => return self.carry(load).await,
            Err(error) => {
                let mut trail = Trail::begin(load.transaction, load.spooled.len());
                let reply = trail.trouble(&error, Reply::SPOOL_FAILED);
                trail.end(&reply, recipients);
                return reply.into();
            }
        };
        let Elsewhere { taken, pending } = attempt.begin(self.protocol, &load.gate.incidents).await;
        if !taken.is_empty() {
            let trail = Trail::begin(load.transaction, load.spooled.len());
            trail.end(&Reply::ALREADY_RELAYED, taken.len());
        }
        if !pending.is_empty() {
            let mut trail = Trail::begin(load.transaction, load.spooled.len());
            let other = "an earlier attempt to send this message has not come to its end";
            let reply = trail.trouble(&other, Reply::STILL_BEING_SENT);
            trail.end(&reply, pending.len());
        }
        let is_left = |place: &usize| !taken.contains(place) && !pending.contains(place);
        let rest: Vec<usize> = (0..recipients).filter(is_left).collect();
        let answer = if rest.len() == recipients {
            self.carry(Load {
                attempt: Some(&attempt),
                ..load
            })
            .await
        } else {
            let mut answers = vec![
                (taken, Reply::ALREADY_RELAYED.into()),
                (pending, Reply::STILL_BEING_SENT.into()),
            ];
            answers.retain(|(places, _)| !places.is_empty());
            if !rest.is_empty() {
                // They stand in the envelope that was told to the next hop, which must not have the message for them again.
                if let Some(leg) = self.normal.take() {
                    tokio::spawn(leg.release());
                }
                let transaction = of_some(load.transaction, &rest);
                let load = Load {
                    transaction: &transaction,
                    attempt: Some(&attempt),
                    ..load
                };
                answers.push((rest, self.carry(load).await));
            }
            match (self.protocol, answers.pop()) {
                // What it came to for them is said to all: yes is true of the others too, and for a no they are known next time.
                (Protocol::Smtp, Some((_, Answer::All(reply)))) => {
                    if !reply.is_positive() {
                        attempt.is_untold();
                    }
                    reply.into()
                }
                (_, last) => united(answers.into_iter().chain(last).collect(), recipients),
            }
        };
        // Of a client that sends the next message before it hears the answer to this one, there is an older one.
        let unheard = attempt.into_unheard(load.transaction);
        self.unheard = match (self.unheard.take(), unheard) {
            (Some(older), Some(newer)) => Some(older.and(newer)),
            (older, newer) => older.or(newer),
        };
        answer
    }

    /// The steps, in order: read, judge, record, act.
    async fn carry(&mut self, load: Load<'_>) -> Answer {
        let gate = Arc::clone(load.gate);
        let recipients = load.transaction.envelope.recipients.len();
        let mut trail = Trail::begin(load.transaction, load.spooled.len());
        let inspection = match read(load).await {
            Ok(inspection) => inspection,
            Err((error, reply)) => {
                let reply = trail.trouble(&error, reply);
                trail.end(&reply, recipients);
                return reply.into();
            }
        };
        counted(&inspection);
        let known = self.that_knows(gate, &inspection, load.latest).await;
        let Some(gate) = known else {
            let exchanged = "the configuration was exchanged while the message was read";
            let reply = trail.trouble(&exchanged, Reply::NOT_INSPECTED);
            trail.end(&reply, recipients);
            return reply.into();
        };
        let load = Load {
            gate: &gate,
            ..load
        };
        let parts = judged(load, &inspection).into_iter();
        let mut lots: Vec<_> = parts
            .map(|part| Lot::new(load, &inspection, part, &trail))
            .collect();
        if let Err(error) = record(&mut lots, &inspection).await {
            together(lots.into_iter().map(|lot| lot.defer(&error))).await;
            return error.reply().into();
        }
        // One next hop must not keep another waiting: whoever is answered late is sent to twice more easily.
        let mut normal = self.normal.take();
        let (relayed, others): (Vec<_>, Vec<_>) = lots.into_iter().partition(Lot::is_relayed);
        let relayed = async {
            let mut answers = Vec::new();
            for lot in relayed {
                answers.push(lot.act(&mut normal).await);
            }
            answers
        };
        let others = together(
            others
                .into_iter()
                .map(|lot| async { lot.act(&mut None).await }),
        );
        let (mut answers, of_others) = tokio::join!(relayed, others);
        self.normal = normal;
        answers.extend(of_others);
        united(answers, recipients)
    }

    /// The gate whose policy knows what these packs find: the one that was in force at the final dot, or the one that took its
    /// place while the message waited to be read, or is about to.
    async fn that_knows(
        &self,
        gate: Arc<Gate>,
        inspection: &Inspection,
        latest: Instant,
    ) -> Option<Arc<Gate>> {
        let knows = |gate: &Arc<Gate>| inspection.packs.is_none_or(|packs| packs == gate.packs);
        if knows(&gate) {
            return Some(gate);
        }
        let mut gates = self.gates.0.clone();
        let late = latest.min(Instant::now() + EXCHANGE);
        let found = timeout_at(late, gates.wait_for(knows)).await;
        found.ok()?.ok().map(|gate| Arc::clone(&gate))
    }
}

/// How long a gate may come after the inspectors it was made for: nothing is waited for between the two, but a machine may be busy.
const EXCHANGE: Duration = Duration::from_secs(1);

/// The transaction, as if it had only these recipients.
fn of_some(transaction: &Transaction, places: &[usize]) -> Transaction {
    let mut some = transaction.clone();
    let recipients = &transaction.envelope.recipients;
    let recipients = places.iter().filter_map(|at| recipients.get(*at).cloned());
    some.envelope.recipients = recipients.collect();
    some
}

/// What is to be done, and for whom: one thing for everybody where one reply has to be true for all.
fn judged(load: Load<'_>, inspection: &Inspection) -> Vec<Part> {
    let case = Case {
        envelope: &load.transaction.envelope,
        inspection,
        routes: &load.gate.routes,
    };
    match load.protocol {
        Protocol::Lmtp => judge_each(&load.gate.policy, &case),
        Protocol::Smtp => vec![Part {
            recipients: (0..case.envelope.recipients.len()).collect(),
            verdict: judge(&load.gate.policy, &case),
        }],
    }
}

/// Makes the incidents of all lots durable, or says that nothing may be done with any.
async fn record(lots: &mut [Lot<'_>], inspection: &Inspection) -> Result<(), Unrecorded> {
    let recorded = together(lots.iter_mut().map(|lot| lot.record(inspection))).await;
    recorded.into_iter().collect()
}

/// The answers of all lots as one, in the order of the envelope.
fn united(mut answers: Vec<(Vec<usize>, Answer)>, recipients: usize) -> Answer {
    if answers.len() == 1
        && let Some((_, answer)) = answers.pop()
    {
        return answer;
    }
    let mut replies = vec![Reply::NOT_INSPECTED; recipients];
    for (places, answer) in answers {
        for (at, place) in places.into_iter().enumerate() {
            let reply = match &answer {
                Answer::All(reply) => Some(reply),
                Answer::Each(replies) => replies.get(at),
            };
            if let (Some(to), Some(reply)) = (replies.get_mut(place), reply) {
                *to = reply.clone();
            }
        }
    }
    Answer::Each(replies)
}
