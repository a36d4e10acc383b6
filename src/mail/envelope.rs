//! Who sends what to whom, and by which transaction: the envelope, kept as it came.

use std::fmt;
use std::net::IpAddr;

use crate::mail::Address;

/// The identifier of one transaction, in logs and incidents: a ULID, so that it sorts by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TransactionId(ulid::Ulid);

impl TransactionId {
    /// A new identifier, of the time of day and chance.
    pub fn generate() -> Self {
        Self(ulid::Ulid::generate())
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One transaction as it was accepted, when the message itself is in the spool.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// The identifier.
    pub id: TransactionId,
    /// Who handed the message to us.
    pub client: Client,
    /// The envelope.
    pub envelope: Envelope,
}

/// The mail server that hands us messages, and what it told of the client before it (XFORWARD).
#[derive(Clone, Debug)]
pub struct Client {
    /// The address it connected from.
    pub address: IpAddr,
    /// What it called itself in EHLO or HELO.
    pub helo: Box<str>,
    /// The queue identifier it gave by `XFORWARD IDENT`: what an administrator searches its log for.
    pub ident: Option<Box<str>>,
}

/// The reverse-path and the forward-paths, with their raw parameters.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who is to be told if the message cannot be delivered.
    pub reverse_path: ReversePath,
    /// The parameters of MAIL.
    pub parameters: Parameters,
    /// The recipients that were accepted, in order.
    pub recipients: Vec<Recipient>,
}

/// A reverse-path (RFC 5321 section 4.1.2): `<>` for notices, which must never themselves be answered by a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReversePath {
    /// `<>`.
    Null,
    /// A mailbox.
    Mailbox(Address),
}

/// One accepted recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The forward-path.
    pub address: Address,
    /// The parameters of RCPT.
    pub parameters: Parameters,
}

/// The parameters of MAIL or RCPT, octet for octet as they were typed and as they are passed on.
///
/// They may hold an address (`ORCPT`), so `Debug` tells only their length.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Box<[u8]>);

impl Parameters {
    /// Parameters as typed, without the space before the first.
    pub fn new(raw: &[u8]) -> Self {
        Self(raw.into())
    }

    /// The octets, for the wire only.
    pub fn raw(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameters({} octets)", self.0.len())
    }
}
