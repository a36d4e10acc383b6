//! The message of a transaction, by DATA or by BDAT.

use tokio::time::Instant;

use crate::act::framing::Framing;
use crate::act::leg::{Leg, State};
use crate::act::transmit::{Answer, transmit, until};
use crate::act::{Cause, Phase, Trouble};
use crate::smtp::{Reply, Severity};
use crate::spool::Spooled;

impl Leg {
    /// What [`message`](Self::message) does, but for what is noted of the host.
    pub(super) async fn send(
        &mut self,
        message: &Spooled,
        latest: Instant,
    ) -> Result<Reply, Trouble> {
        self.state = State::Spoiled;
        let framing = Framing::of(message, &self.way.marking, &self.link.offers).await;
        let framing = framing.map_err(|error| self.trouble(Phase::Data, Cause::Spool(error)))?;
        match framing {
            Framing::Dotted => {
                if let Some(refusal) = self.ask_for_data(latest).await? {
                    return Ok(refusal);
                }
            }
            // No reply stands before that of the message by which one too many would be known: what is here already must not be it.
            Framing::Counted(_) => {
                let unasked = self.link.connection.unasked();
                unasked.map_err(|cause| self.trouble(Phase::Data, cause))?;
            }
        }
        let connection = &mut self.link.connection;
        let sent = transmit(
            &self.way,
            connection,
            &self.untried,
            message,
            framing,
            latest,
        );
        match sent.await? {
            Answer::Final(reply) => {
                self.state = match framing {
                    // What a refused BDAT leaves behind is not told (RFC 3030 section 2): RSET is.
                    Framing::Counted(_) if !reply.is_positive() => State::Open,
                    Framing::Counted(_) | Framing::Dotted => State::Ready,
                };
                Ok(reply)
            }
            Answer::Early(reply) => Ok(reply),
        }
    }

    /// DATA; the refusal, if it is refused.
    async fn ask_for_data(&mut self, latest: Instant) -> Result<Option<Reply>, Trouble> {
        let within = until(latest, self.way.route().time.next_hop)
            .map_err(|cause| self.trouble(Phase::Data, cause))?;
        let part = self.untried.part(latest);
        let reply = self.ask(Phase::Data, b"DATA\r\n", within, part).await?;
        match reply.severity() {
            Severity::Intermediate if reply.code() == 354 => Ok(None),
            Severity::Transient | Severity::Permanent => {
                self.state = State::Open;
                Ok(Some(reply))
            }
            _ => Err(self.trouble(Phase::Data, Cause::OutOfStep(reply.code()))),
        }
    }
}
