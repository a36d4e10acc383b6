//! One connection's way through the gate.

use std::io;
use std::sync::Arc;

use tokio::task::block_in_place;
use tokio::time::Instant;

use crate::accept::Journey;
use crate::act::{Cause, Custody, Leg, Phase, Trouble, Way};
use crate::clock;
use crate::incident::{Incident, IncidentId, Outcome, RetryKey, StoreError};
use crate::inspect::Inspection;
use crate::journey::trail::Trail;
use crate::journey::{Gate, Gates};
use crate::mail::{
    Client, Envelope, Parameters, Recipient, ReversePath, Transaction, TransactionId,
};
use crate::policy::{Case, Disposition, Exposure, Verdict, judge, refusal};
use crate::smtp::client::hazard;
use crate::smtp::{Reply, Severity, Xforward};
use crate::spool::Spooled;

/// One connection's way through the gate, used again for each of its transactions.
#[derive(Debug)]
pub struct Passage {
    gates: Gates,
    /// The connection to the normal next hop: in lockstep while a transaction runs, kept between two.
    normal: Option<Leg>,
    /// What XFORWARD told, to be told again on another route.
    xforward: Xforward,
}

/// Why an incident could not be made durable: we are at fault, and the message is deferred.
#[derive(Debug, thiserror::Error)]
enum Unrecorded {
    #[error(transparent)]
    Spool(#[from] io::Error),
    #[error(transparent)]
    Log(#[from] StoreError),
}

impl Passage {
    /// A passage with no connection yet.
    pub(super) fn new(gates: Gates) -> Self {
        Self {
            gates,
            normal: None,
            xforward: Xforward::default(),
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
        let begun = async {
            let mut leg = self.gates.in_force().normal.leg().await?;
            let reply = leg.begin(xforward, reverse_path, parameters).await?;
            Ok::<_, Trouble>((leg, reply))
        };
        match begun.await {
            Ok((leg, reply)) if reply.is_positive() => {
                self.normal = Some(leg);
                reply
            }
            Ok((leg, reply)) => {
                leg.release().await;
                reply
            }
            Err(trouble) => {
                let ident = client.ident.as_deref();
                tracing::warn!(transaction.id = %id, client.ident = ident, %trouble, "deferred at MAIL");
                trouble.reply()
            }
        }
    }

    async fn recipient(&mut self, recipient: &Recipient) -> Reply {
        let Some(leg) = &mut self.normal else {
            return Reply::NEXT_HOP_LOST;
        };
        match leg.recipient(recipient).await {
            Ok(reply) => reply,
            Err(trouble) => {
                self.normal = None;
                tracing::warn!(%trouble, "deferred at RCPT");
                trouble.reply()
            }
        }
    }

    async fn message(&mut self, transaction: &Transaction, spooled: Spooled) -> Reply {
        let mut trail = Trail::begin(transaction, spooled.len());
        let gate = self.gates.in_force();
        let latest = Instant::now() + gate.verdict;
        let reply = self
            .carry(gate, transaction, &spooled, latest, &mut trail)
            .await;
        trail.end(&reply);
        if let Some(leg) = self.normal.take() {
            // The client is not to wait for what a next hop says to RSET.
            tokio::spawn(leg.release());
        }
        reply
    }

    async fn abandon(&mut self) {
        if let Some(leg) = self.normal.take() {
            leg.release().await;
        }
    }
}

impl Passage {
    /// The steps, in order: read, judge, record, act.
    async fn carry(
        &mut self,
        gate: Arc<Gate>,
        transaction: &Transaction,
        spooled: &Spooled,
        latest: Instant,
        trail: &mut Trail<'_>,
    ) -> Reply {
        match block_in_place(|| spooled.map().map(|map| hazard(&map))) {
            Ok(None) => {}
            Ok(Some(hazard)) => return trail.hazard(&hazard),
            Err(error) => return trail.trouble(&error, Reply::SPOOL_FAILED),
        }
        let inspection = match gate.door.inspect(spooled, latest).await {
            Ok(inspection) => inspection,
            Err(closed) => return trail.trouble(&closed, Reply::NOT_INSPECTED),
        };
        let Some(gate) = self.that_knows(gate, &inspection) else {
            let exchanged = "the configuration was exchanged while the message was read";
            return trail.trouble(&exchanged, Reply::NOT_INSPECTED);
        };
        let case = Case {
            envelope: &transaction.envelope,
            inspection: &inspection,
            routes: &gate.routes,
        };
        let verdict = judge(&gate.policy, &case);
        trail.judged(&inspection, &verdict);

        let recorded = record(&gate, transaction, spooled, &inspection, &verdict).await;
        let incident = match recorded {
            Ok(incident) => incident,
            Err(Unrecorded::Spool(error)) => return trail.trouble(&error, Reply::SPOOL_FAILED),
            Err(Unrecorded::Log(error)) => return trail.trouble(&error, Reply::NOT_RECORDED),
        };
        trail.recorded(incident);
        let (reply, outcome) = self
            .act(
                &gate,
                transaction,
                (spooled, latest),
                &verdict,
                incident,
                trail,
            )
            .await;
        if let Some(id) = incident
            && let Err(error) = gate.incidents.outcome(id, outcome).await
        {
            // The message is where it is, and the reply must not be changed by this.
            tracing::error!(incident.id = %id, %error, "what became of an incident was not recorded");
        }
        reply
    }

    /// The gate whose policy knows what these packs find: the one that was in force at the final dot, or the one that took its
    /// place while the message waited to be read.
    fn that_knows(&self, gate: Arc<Gate>, inspection: &Inspection) -> Option<Arc<Gate>> {
        let knows = |gate: &Arc<Gate>| inspection.packs.is_none_or(|packs| packs == gate.packs);
        let mut gates = [gate, self.gates.in_force()].into_iter();
        gates.find(knows)
    }

    /// Carries out the verdict, and tells what came of it.
    async fn act(
        &mut self,
        gate: &Gate,
        transaction: &Transaction,
        (spooled, latest): (&Spooled, Instant),
        verdict: &Verdict,
        incident: Option<IncidentId>,
        trail: &mut Trail<'_>,
    ) -> (Reply, Outcome) {
        let sent = match &verdict.disposition {
            Disposition::Refuse => {
                let reference = incident.map(|id| id.to_string()).unwrap_or_default();
                let lines = refusal(&gate.policy, verdict, &reference);
                return (Reply::refused(&lines), Outcome::Refused);
            }
            Disposition::Relay => {
                let normal = &gate.normal;
                self.relay(normal, &transaction.envelope, spooled, latest)
                    .await
            }
            Disposition::Secure(route) => match gate.secure.get(route) {
                Some(way) => {
                    self.replay(way, &transaction.envelope, spooled, latest)
                        .await
                }
                None => {
                    // Configuration is checked for this; should it happen, nothing is sent in the clear.
                    let reply = trail.trouble(
                        &"the route of the verdict is not there",
                        Reply::NOT_INSPECTED,
                    );
                    let code = reply.code();
                    return (reply, Outcome::Deferred { code });
                }
            },
        };
        match sent {
            Ok(reply) => {
                let code = reply.code();
                let outcome = match (reply.severity(), &verdict.disposition) {
                    (Severity::Positive, Disposition::Secure(route)) => Outcome::secured(route),
                    (Severity::Positive, _) => Outcome::Relayed,
                    (Severity::Permanent, _) => Outcome::Declined { code },
                    (Severity::Intermediate | Severity::Transient, _) => Outcome::Deferred { code },
                };
                (reply, outcome)
            }
            Err(trouble) => {
                let reply = trail.trouble(&trouble, trouble.reply());
                let outcome = match trouble.custody {
                    Custody::Kept => Outcome::Deferred { code: reply.code() },
                    Custody::Unknown => Outcome::Unknown,
                };
                (reply, outcome)
            }
        }
    }

    /// By the normal route, where the envelope already stands. If that connection was lost while the message was
    /// awaited and read, or the route was exchanged, nothing was sent on it, and the whole is told again on a new one.
    async fn relay(
        &mut self,
        normal: &Arc<Way>,
        envelope: &Envelope,
        spooled: &Spooled,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        if let Some(mut leg) = self.normal.take_if(|leg| leg.is_on(normal)) {
            match leg.message(spooled, latest).await {
                Ok(reply) => {
                    self.normal = Some(leg);
                    return Ok(reply);
                }
                Err(trouble) if went_stale(&trouble) => {
                    tracing::debug!(%trouble, "the next hop did not wait for the message");
                }
                Err(trouble) => return Err(trouble),
            }
        }
        self.replay(normal, envelope, spooled, latest).await
    }

    /// By `way`, from MAIL on.
    async fn replay(
        &self,
        way: &Arc<Way>,
        envelope: &Envelope,
        spooled: &Spooled,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        let mut leg = way.leg_before(latest).await?;
        let reply = leg
            .replay(&self.xforward, envelope, spooled, latest)
            .await?;
        tokio::spawn(leg.release());
        Ok(reply)
    }
}

/// The incident of a message, durable when this returns; `None` where there is none.
async fn record(
    gate: &Gate,
    transaction: &Transaction,
    spooled: &Spooled,
    inspection: &Inspection,
    verdict: &Verdict,
) -> Result<Option<IncidentId>, Unrecorded> {
    if verdict.exposure == Exposure::None {
        return Ok(None);
    }
    let retry = block_in_place(|| {
        let map = spooled.map()?;
        io::Result::Ok(RetryKey::of(&gate.key, &transaction.envelope, &map))
    })?;
    let settings = &gate.incident;
    let incident = Incident::of(
        settings,
        clock::now(),
        transaction,
        inspection,
        verdict,
        retry,
    );
    match incident {
        Some(incident) => Ok(Some(gate.incidents.record(incident).await?)),
        None => Ok(None),
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
