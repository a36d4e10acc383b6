//! Where messages go.

use std::path::PathBuf;

use crate::limits::{TimeLimits, WireLimits};
use crate::policy::RouteName;

/// A way out: one next hop, how it is reached, and what is added to a message that goes there.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its name in policies and logs.
    pub name: RouteName,
    /// The next hop.
    pub next_hop: NextHop,
    /// How the connection is protected.
    pub tls: Tls,
    /// What is added to a message. Nothing, unless the route is configured to: a relayed message is byte-exact.
    pub marks: Marks,
    /// The name we give ourselves in EHLO.
    pub helo: Box<str>,
    /// What the wire may use.
    pub wire: WireLimits,
    /// How long each step may take.
    pub time: TimeLimits,
}

/// The host a route ends at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHop {
    /// A host name or an address; it is not looked up as a mail domain.
    pub host: Box<str>,
    /// The port.
    pub port: u16,
}

/// How a connection to a next hop is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// In the clear.
    Off,
    /// STARTTLS where it is offered, with whatever certificate: keeps out those who only listen. Counts as no protection.
    Opportunistic,
    /// STARTTLS, TLS 1.2 or better, a certificate for `name` from a trusted authority; otherwise nothing is sent (451
    /// 4.7.5).
    Verified {
        /// The name the certificate must carry.
        name: Box<str>,
        /// A PEM file of the authorities that are trusted; the system's, where none is given.
        authorities: Option<PathBuf>,
    },
}

/// What a secure route adds to the header of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// A field put before the message.
    pub header: Option<HeaderMark>,
    /// A word put before the text of the subject: `[sikker]`.
    pub subject: Option<Box<str>>,
}

/// A header field to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderMark {
    /// Its name.
    pub name: Box<str>,
    /// Its value.
    pub value: Box<str>,
}
