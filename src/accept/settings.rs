//! Where we listen, and for whom.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::accept::Network;
use crate::certificate::IdentityFiles;
use crate::limits::{TimeLimits, WireLimits};
use crate::smtp::{Auth, Protocol, StrayLineEndings};

/// What the accepting stage is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name we greet by. Domain name of this host.
    pub host_name: Box<str>,
    /// Where we listen.
    pub listeners: Vec<Listener>,
    /// Whether a message may come in pieces (`CHUNKING`, RFC 3030). Default yes: Exchange refuses to hand some messages to a server
    /// that does not offer it.
    pub chunking: bool,
    /// What the wire may use.
    pub wire: WireLimits,
    /// How long each step may take.
    pub time: TimeLimits,
}

/// One address we listen on, and whom we take messages from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    address: SocketAddr,
    trusted: Vec<Network>,
    protocol: Protocol,
    tls: Option<Tls>,
    proxies: Vec<Network>,
    users: Option<PathBuf>,
    strays: StrayLineEndings,
}

/// Who may come in at a listener, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The networks of the clients that are trusted. Where it is empty, the loopback networks are; or, where clients are known by
    /// their certificates, every network; or, where there are users, none.
    pub trusted: Vec<Network>,
    /// The TLS that is to be had.
    pub tls: Option<Tls>,
    /// The networks of the proxies in front of us. Where there are any, a connection from elsewhere is refused, and one from there
    /// must begin with a PROXY header, whose client counts from then on.
    pub proxies: Vec<Network>,
    /// A file of the users that are trusted by their passwords, wherever they come from; where clients are known by their certificates,
    /// they must show one besides. Whoever comes from a trusted network needs no password.
    pub users: Option<PathBuf>,
}

/// The TLS of a listener: TLS 1.2 or better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// When it begins.
    pub begin: Begin,
    /// By what we tell clients who we are.
    pub identity: IdentityFiles,
    /// The clients that are trusted. `None`: no certificate is asked of a client.
    pub clients: Option<Clients>,
}

/// When TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At STARTTLS, for whoever wants it.
    Offered,
    /// At STARTTLS, before which no message is taken (530 5.7.0).
    Required,
    /// At the first octet.
    Implicit,
}

/// Clients that are known by their certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clients {
    /// A PEM file of the authorities that their certificates are from.
    pub authorities: PathBuf,
    /// The names, of which a certificate must carry one. Not empty.
    pub names: Vec<Box<str>>,
}

/// Why an address is not listened on: the administrator is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListenerError {
    /// Anybody could send anything to anybody through us.
    #[error(
        "{0} can be reached from other machines, and `trusted_networks` names nobody: that is an open relay"
    )]
    OpenRelay(SocketAddr),
    /// A network that is everybody, or a good part of it.
    #[error("the trusted network {0} is everybody, or far too many: that is an open relay")]
    Everybody(Network),
    /// The same, of the proxies: whoever sends a PROXY header chooses the address of the client.
    #[error(
        "the network of proxies {0} is everybody, or far too many: anybody could claim a trusted address"
    )]
    AnyProxy(Network),
    /// Clients are known by their certificates, and need not show any.
    #[error(
        "{0} knows its clients by their certificates, but TLS is not required there, so none need show one"
    )]
    NoCertificateNeeded(SocketAddr),
    /// Passwords would have to be told in the clear, where none is taken.
    #[error("{0} knows users by their passwords, but there is no TLS there, so none could be told")]
    PasswordsInTheClear(SocketAddr),
}

impl Listener {
    /// A listener without TLS, for clients that connect to it themselves. With no trusted network, one on a loopback address
    /// trusts the loopback networks, and any other is refused, for it would be an open relay.
    pub fn new(address: SocketAddr, trusted: Vec<Network>) -> Result<Self, ListenerError> {
        Self::with(
            address,
            Access {
                trusted,
                ..Access::default()
            },
        )
    }

    /// A listener with all that there is to say of who may come in. As [`Listener::new`], but where clients are known by their
    /// certificates or by passwords it needs no trusted network.
    pub fn with(address: SocketAddr, access: Access) -> Result<Self, ListenerError> {
        let Access {
            mut trusted,
            tls,
            proxies,
            users,
        } = access;
        if let Some(everybody) = trusted.iter().find(|network| network.is_everybody()) {
            return Err(ListenerError::Everybody(everybody.clone()));
        }
        if let Some(everybody) = proxies.iter().find(|network| network.is_everybody()) {
            return Err(ListenerError::AnyProxy(everybody.clone()));
        }
        let knows_clients = tls.as_ref().is_some_and(|tls| tls.clients.is_some());
        if knows_clients && tls.as_ref().is_some_and(|tls| tls.begin == Begin::Offered) {
            return Err(ListenerError::NoCertificateNeeded(address));
        }
        if users.is_some() && tls.is_none() {
            return Err(ListenerError::PasswordsInTheClear(address));
        }
        if trusted.is_empty() && !knows_clients && users.is_none() {
            if !address.ip().is_loopback() {
                return Err(ListenerError::OpenRelay(address));
            }
            trusted = Network::loopback();
        }
        Ok(Self {
            address,
            trusted,
            protocol: Protocol::Smtp,
            tls,
            proxies,
            users,
            strays: StrayLineEndings::default(),
        })
    }

    /// The same, speaking another protocol than SMTP.
    #[must_use]
    pub fn speaking(self, protocol: Protocol) -> Self {
        Self { protocol, ..self }
    }

    /// The same, doing this with messages in which CR or LF stands alone.
    #[must_use]
    pub fn treating(self, strays: StrayLineEndings) -> Self {
        Self { strays, ..self }
    }

    /// What becomes of messages in which CR or LF stands alone.
    pub fn strays(&self) -> StrayLineEndings {
        self.strays
    }

    /// What is spoken there.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The TLS that is to be had.
    pub fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    /// Whether messages are taken from this address without a password, if its certificate is good where one is asked for.
    pub fn trusts(&self, client: IpAddr) -> bool {
        // Empty only where clients are known by their certificates or by passwords.
        let is_anybody = self.trusted.is_empty() && self.users.is_none();
        is_anybody || self.trusted.iter().any(|network| network.contains(client))
    }

    /// Whether this address may connect: it is trusted, or may tell a password.
    pub fn admits(&self, client: IpAddr) -> bool {
        self.users.is_some() || self.trusts(client)
    }

    /// What a client of this address is asked for.
    pub fn auth(&self, client: IpAddr) -> Auth {
        match (&self.users, self.trusts(client)) {
            (None, _) => Auth::Off,
            (Some(_), true) => Auth::Offered,
            (Some(_), false) => Auth::Required,
        }
    }

    /// The file of the users that are known by their passwords.
    pub fn users(&self) -> Option<&Path> {
        self.users.as_deref()
    }

    /// Whether clients must show a certificate.
    pub fn knows_clients(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.clients.is_some())
    }

    /// Whether connections come by a proxy that tells whose they are.
    pub fn is_behind_proxies(&self) -> bool {
        !self.proxies.is_empty()
    }

    /// Whether a connection from `peer` may be `client`'s: its own, or that of a proxy that tells so.
    pub fn believes(&self, peer: IpAddr, client: IpAddr) -> bool {
        if self.is_behind_proxies() {
            self.is_proxy(peer)
        } else {
            peer == client
        }
    }

    /// Whether this is such a proxy.
    pub fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.iter().any(|network| network.contains(peer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_would_be_an_open_relay_is_made() {
        let everywhere: SocketAddr = "0.0.0.0:25".parse().unwrap();
        assert_eq!(
            Listener::new(everywhere, vec![]),
            Err(ListenerError::OpenRelay(everywhere))
        );
        let trusting = |network: &str| Listener::new(everywhere, vec![network.parse().unwrap()]);
        for wide in [
            "0.0.0.0/0",
            "128.0.0.0/1",
            "::/0",
            "2000::/3",
            "::ffff:0.0.0.0/97",
        ] {
            assert!(trusting(wide).is_err(), "{wide}");
        }
        for own in [
            "10.0.0.0/8",
            "fc00::/7",
            "fe80::/10",
            "2001:db8::/32",
            "::1",
        ] {
            assert!(trusting(own).is_ok(), "{own}");
        }
        let local = Listener::new("127.0.0.1:25".parse().unwrap(), vec![]).unwrap();
        assert!(
            local.trusts("127.0.0.1".parse().unwrap())
                && !local.trusts("10.0.0.1".parse().unwrap())
        );
    }

    #[test]
    fn passwords_may_stand_in_for_networks_only_under_tls() {
        let everywhere: SocketAddr = "0.0.0.0:587".parse().unwrap();
        let with = |tls: Option<Begin>, trusted: &[&str]| {
            let trusted = trusted.iter().map(|network| network.parse().unwrap());
            let tls = tls.map(|begin| Tls {
                begin,
                identity: IdentityFiles {
                    certificate: "a.pem".into(),
                    key: "a.key".into(),
                },
                clients: None,
            });
            let access = Access {
                trusted: trusted.collect(),
                tls,
                users: Some("users".into()),
                ..Access::default()
            };
            Listener::with(everywhere, access)
        };
        assert_eq!(
            with(None, &["10.0.0.0/8"]),
            Err(ListenerError::PasswordsInTheClear(everywhere))
        );
        let [near, far] = ["10.0.0.1", "192.0.2.1"].map(|it| it.parse().unwrap());
        for begin in [Begin::Offered, Begin::Required, Begin::Implicit] {
            let listener = with(Some(begin), &[]).unwrap();
            assert_eq!([near, far].map(|it| listener.auth(it)), [Auth::Required; 2]);
            let listener = with(Some(begin), &["10.0.0.0/8"]).unwrap();
            assert_eq!(listener.auth(near), Auth::Offered);
            assert_eq!(listener.auth(far), Auth::Required);
            assert!(listener.admits(far) && !listener.trusts(far));
        }
        let none = Listener::new("127.0.0.1:25".parse().unwrap(), vec![]).unwrap();
        assert_eq!(none.auth("127.0.0.1".parse().unwrap()), Auth::Off);
    }

    #[test]
    fn certificates_may_stand_in_for_networks_only_where_they_must_be_shown() {
        let everywhere: SocketAddr = "0.0.0.0:25".parse().unwrap();
        let with = |begin, proxies: &[&str]| {
            let proxies = proxies.iter().map(|network| network.parse().unwrap());
            let tls = Tls {
                begin,
                identity: IdentityFiles {
                    certificate: "a.pem".into(),
                    key: "a.key".into(),
                },
                clients: Some(Clients {
                    authorities: "b.pem".into(),
                    names: vec!["mail.example".into()],
                }),
            };
            Listener::with(
                everywhere,
                Access {
                    tls: Some(tls),
                    proxies: proxies.collect(),
                    ..Access::default()
                },
            )
        };
        for begin in [Begin::Required, Begin::Implicit] {
            let listener = with(begin, &[]).unwrap();
            assert!(listener.trusts("192.0.2.1".parse().unwrap()));
        }
        assert_eq!(
            with(Begin::Offered, &[]),
            Err(ListenerError::NoCertificateNeeded(everywhere))
        );
        let anybody = with(Begin::Required, &["0.0.0.0/0"]);
        assert!(matches!(anybody, Err(ListenerError::AnyProxy(_))));
        let behind = with(Begin::Required, &["10.0.0.0/24"]).unwrap();
        assert!(behind.is_proxy("10.0.0.9".parse().unwrap()));
        assert!(!behind.is_proxy("10.0.1.9".parse().unwrap()));
    }
}
