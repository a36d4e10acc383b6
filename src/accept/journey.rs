//! What the accepting stage hands its transactions to, without knowing what it does with them.

use std::future::Future;

use crate::mail::{Client, Parameters, Recipient, ReversePath, Transaction, TransactionId};
use crate::smtp::{Offers, Reply, Xforward};
use crate::spool::Spooled;

/// Where journeys begin.
pub trait Departures: Send + Sync + 'static {
    /// What one connection's transactions are handed to.
    type Journey: Journey;

    /// Begins a journey, for one connection.
    fn depart(&self) -> Self::Journey;

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
        spooled: Spooled,
    ) -> impl Future<Output = Reply> + Send;

    /// A transaction that was begun has no message: RSET, EHLO, a limit, a failed spool, a client that has gone.
    fn abandon(&mut self) -> impl Future<Output = ()> + Send;
}
