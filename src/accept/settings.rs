//! Where we listen, and for whom.

use std::net::{IpAddr, SocketAddr};

use crate::limits::{TimeLimits, WireLimits};
use crate::smtp::Protocol;

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
}

impl Listener {
    /// A listener. With no trusted network, one on a loopback address trusts the loopback networks, and any other is
    /// refused, for it would be an open relay.
    pub fn new(address: SocketAddr, trusted: Vec<Network>) -> Result<Self, ListenerError> {
        if let Some(everybody) = trusted.iter().find(|network| network.is_everybody()) {
            return Err(ListenerError::Everybody(everybody.clone()));
        }
        if !trusted.is_empty() {
            return Ok(Self {
                address,
                trusted,
                protocol: Protocol::Smtp,
            });
        }
        if !address.ip().is_loopback() {
            return Err(ListenerError::OpenRelay(address));
        }
        Ok(Self {
            address,
            trusted: Network::loopback(),
            protocol: Protocol::Smtp,
        })
    }

    /// The same, speaking another protocol than SMTP.
    #[must_use]
    pub fn speaking(self, protocol: Protocol) -> Self {
        Self { protocol, ..self }
    }

    /// What is spoken there.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether messages are taken from this address.
    pub fn trusts(&self, client: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(client))
    }
}

/// A network, as `10.0.0.0/8` writes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// 127.0.0.0/8 and ::1/128.
    pub fn loopback() -> Vec<Self> {
        vec![
            Self {
                address: IpAddr::from([127, 0, 0, 0]),
                prefix: 8,
            },
            Self {
                address: IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
                prefix: 128,
            },
        ]
    }

    /// Whether no organization holds so many addresses: two halves of the Internet are all of it, and 2000::/3 is all of IPv6.
    /// The widest networks in use are 10.0.0.0/8 and, of local addresses, fc00::/7.
    fn is_everybody(&self) -> bool {
        match self.address {
            IpAddr::V4(_) => self.prefix < 8,
            IpAddr::V6(six) if six.is_unique_local() => self.prefix < 7,
            IpAddr::V6(six) if six.is_unicast_link_local() => self.prefix < 10,
            IpAddr::V6(_) => self.prefix < 16,
        }
    }

    /// Whether `client` is in this network. An IPv4 address mapped into IPv6 is taken for the IPv4 address it is.
    pub fn contains(&self, client: IpAddr) -> bool {
        let bits = |address: IpAddr| match address.to_canonical() {
            IpAddr::V4(four) => (u128::from(four.to_bits()) << 96, 32),
            IpAddr::V6(six) => (six.to_bits(), 128),
        };
        let ((network, width), (client, client_width)) = (bits(self.address), bits(client));
        let shift = 128_u32.saturating_sub(u32::from(self.prefix));
        width == client_width && (network ^ client).checked_shr(shift).unwrap_or(0) == 0
    }
}

impl std::str::FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no network; write one as 10.1.0.0/16 or 2001:db8::/32, or a single address"
            )
        };
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u8 = prefix.map_or(Ok(widest), |prefix| prefix.parse().map_err(|_| wrong()))?;
        if prefix > widest {
            return Err(wrong());
        }
        // ::ffff:10.0.0.0/104 is 10.0.0.0/8. What is wider than all of IPv4 there is no network of ours.
        match address.to_canonical() {
            IpAddr::V4(four) if address.is_ipv6() => Ok(Self {
                address: four.into(),
                prefix: prefix.checked_sub(96).ok_or_else(wrong)?,
            }),
            address => Ok(Self { address, prefix }),
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_they_name() {
        for (network, client, inside) in [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.6", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("0.0.0.0/1", "::1", false),
            ("::ffff:10.0.0.0/104", "10.255.1.2", true),
            ("::ffff:10.0.0.0/104", "11.0.0.1", false),
        ] {
            let network: Network = network.parse().unwrap();
            assert_eq!(
                network.contains(client.parse().unwrap()),
                inside,
                "{network} {client}"
            );
        }
        for wrong in [
            "10.0.0.0/33",
            "::ffff:10.0.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/8/8",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

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
}
