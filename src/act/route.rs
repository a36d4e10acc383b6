//! Where messages go.

use std::fmt;
use std::path::PathBuf;

use crate::certificate::IdentityFiles;
use crate::limits::{TimeLimits, WireLimits};
use crate::policy::RouteName;

/// A way out: its next hops, how they are reached, and what is added to a message that goes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its name in policies and logs.
    pub name: RouteName,
    /// The hosts it ends at.
    pub next_hops: NextHops,
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

/// The hosts a route ends at, the preferred one first. Each of them can carry any message of the route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHops {
    /// The one that is tried first.
    pub first: NextHop,
    /// Those that are tried when those before them fail, in this order.
    pub others: Vec<NextHop>,
}

impl NextHops {
    /// All of them, in the order they are tried in.
    pub fn iter(&self) -> impl Iterator<Item = &NextHop> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl From<NextHop> for NextHops {
    fn from(first: NextHop) -> Self {
        let others = Vec::new();
        Self { first, others }
    }
}

/// A host a route ends at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHop {
    /// A host name or an address; it is not looked up as a mail domain. Every address of a name is tried.
    pub host: Box<str>,
    /// The port.
    pub port: u16,
}

impl fmt::Display for NextHop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// How a connection to a next hop is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// In the clear.
    Off,
    /// STARTTLS where it is offered, with whatever certificate: keeps out those who only listen. Counts as no protection. The
    /// certificate is our own, shown where it is asked for.
    Opportunistic(Option<IdentityFiles>),
    /// TLS 1.2 or better with a good certificate; otherwise nothing is sent (451 4.7.5).
    Verified(Verified),
}

/// TLS with a next hop that proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The name the certificate of every next hop must carry. `None`: each carries the name of its own host.
    pub name: Option<Box<str>>,
    /// A PEM file of the authorities that are trusted; the system's, where none is given.
    pub authorities: Option<PathBuf>,
    /// When it begins.
    pub begin: Begin,
    /// Our own certificate, shown where it is asked for: Exchange Online knows its customers by it.
    pub identity: Option<IdentityFiles>,
    /// Who we are to the next hop. Said to nobody who is not verified, so it stands here.
    pub login: Option<Login>,
}

/// When TLS begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// At STARTTLS (RFC 3207).
    #[default]
    StartTls,
    /// At the first octet (RFC 8314 section 3).
    Implicit,
}

/// Who we are to a next hop that asks (RFC 4954).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: Box<str>,
    /// A file with the password on its only line. It stands in no configuration, and is not kept here.
    pub password_file: PathBuf,
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
