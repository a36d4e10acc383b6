//! What the accepting stage hands its transactions to, without knowing what it does with them.

use std::future::Future;

use crate::accept::Arrived;
use crate::mail::{Client, Parameters, Recipient, ReversePath, Transaction, TransactionId};
use crate::smtp::{Offers, Protocol, Reply, Xforward};

/// Where journeys begin.
pub trait Departures: Send + Sync + 'static {
    /// What one connection's transactions are handed to.
    type Journey: Journey;

    /// Begins a journey, for one connection of a client that speaks this protocol.
    fn depart(&self, protocol: Protocol) -> Self::Journey;

    /// What EHLO announces, asked once a connection.
    fn offers(&self) -> Offers;
}

/// The transactions of one connection, one after the other.
///
/// For each: `begin`, `recipient` as often as there are some, then exactly one of `message` and `abandon`. A
/// reply is said to the client as it is; one with the code 421 also ends the connection.
pub trait Journey: Send + 'static {
    /// `MAIL`. Nothing has begun unless the reply is a 2xx.
    fn begin(
        &mut self,
        id: TransactionId,
        client: &Client,
        xforward: &Xforward,
        reverse_path: &ReversePath,
        parameters: &Parameters,
    ) -> impl Future<Output = Reply> + Send;

    /// `RCPT`. Only a 2xx makes it a recipient of the transaction.
    fn recipient(&mut self, recipient: &Recipient) -> impl Future<Output = Reply> + Send;

    /// The final dot. It is waited for even when the client has gone, so that the outcome is known to somebody.
    fn message(
        &mut self,
        transaction: &Transaction,
        arrived: Arrived,
    ) -> impl Future<Output = Answer> + Send;

    /// The client has heard what its last message was answered. It is not told where the connection is lost before.
    fn heard(&mut self) {}

    /// A transaction that was begun has no message: RSET, EHLO, a limit, a failed spool, a client that has gone.
    fn abandon(&mut self) -> impl Future<Output = ()> + Send;
}

/// What a message is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The same for every recipient: over SMTP there is no other answer.
    All(Reply),
    /// One for each recipient, in the order of the envelope. Only LMTP can say it.
    Each(Vec<Reply>),
}

impl Answer {
    /// The replies that are said.
    ///
    /// Should there be too few, we are at fault, and whoever has none is told to try again.
    pub(super) fn said(self, protocol: Protocol, recipients: usize) -> Vec<Reply> {
        let times = match protocol {
            Protocol::Smtp => 1,
            Protocol::Lmtp => recipients,
        };
        match (self, protocol) {
            (Self::All(reply), _) => vec![reply; times],
            (Self::Each(mut replies), Protocol::Lmtp) => {
                replies.resize(times, Reply::NOT_INSPECTED);
                replies
            }
            // One reply has to be true for everybody: a yes only where all are.
            (Self::Each(replies), Protocol::Smtp) => {
                let refusal = replies.iter().find(|reply| !reply.is_positive());
                let reply = refusal.or_else(|| replies.first()).cloned();
                vec![reply.unwrap_or(Reply::NOT_INSPECTED)]
            }
        }
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::All(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_replies_are_said_as_the_protocol_has() {
        let (yes, no) = (|| Reply::OK, || Reply::TOO_LATE);
        let both = || Answer::Each(vec![yes(), no()]);
        for (answer, protocol, recipients, said) in [
            (Answer::All(yes()), Protocol::Smtp, 2, vec![yes()]),
            (Answer::All(yes()), Protocol::Lmtp, 2, vec![yes(), yes()]),
            (both(), Protocol::Lmtp, 2, vec![yes(), no()]),
            (
                both(),
                Protocol::Lmtp,
                3,
                vec![yes(), no(), Reply::NOT_INSPECTED],
            ),
            (both(), Protocol::Smtp, 2, vec![no()]),
        ] {
            assert_eq!(answer.said(protocol, recipients), said);
        }
    }
}
