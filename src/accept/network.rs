//! Networks, as people write them.

use std::net::IpAddr;

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
    pub(super) fn is_everybody(&self) -> bool {
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
}
