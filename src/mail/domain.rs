//! Domains, compared by what they mean.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use idna::AsciiDenyList;

use crate::mail::{AddressError, Masked};

/// A domain as policy compares it: lower case, in A-labels (RFC 5890), without a trailing dot. So
/// `Ærø.example.`, `ærø.example` and `xn--r-3fa9c.example` are one domain. An address literal is the address it
/// names, however it was written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Box<str>);

impl Domain {
    /// Reads a domain or an address literal, at most 255 octets (RFC 5321 section 4.5.3.1.2).
    pub fn parse(raw: &str) -> Result<Self, AddressError> {
        if raw.len() > LONGEST {
            return Err(AddressError);
        }
        if let Some(literal) = raw.strip_prefix('[') {
            let inner = literal.strip_suffix(']').ok_or(AddressError)?;
            return address_literal(inner).ok_or(AddressError);
        }
        let labels = if is_plain(raw) {
            Cow::Owned(raw.to_ascii_lowercase())
        } else {
            // UTS 46 also maps the dots and letters that only look different.
            idna::domain_to_ascii_cow(raw.as_bytes(), AsciiDenyList::EMPTY)
                .map_err(|_| AddressError)?
        };
        let name = labels.strip_suffix('.').unwrap_or(&labels);
        let is_name = name.len() <= LONGEST && name.split('.').all(is_label);
        is_name.then(|| Self(name.into())).ok_or(AddressError)
    }

    /// The domain as it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain as it may be shown.
    pub fn masked(&self) -> Masked {
        Masked::new(&self.0)
    }
}

/// Whether lower case is all it takes. A label that says it is an A-label is read as one, so that it equals its
/// U-label however the latter was typed.
fn is_plain(raw: &str) -> bool {
    let is_a_label = |label: &str| {
        label
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
    };
    raw.is_ascii() && !raw.split('.').any(is_a_label)
}

/// What DNS carries (RFC 1035 section 2.3.4), with the underscore that host names have in practice.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
}

/// RFC 5321 section 4.1.3.
fn address_literal(inner: &str) -> Option<Domain> {
    let address = match inner.split_at_checked(5) {
        Some((tag, six)) if tag.eq_ignore_ascii_case("IPv6:") => {
            six.parse::<Ipv6Addr>().ok()?.to_canonical()
        }
        _ => IpAddr::V4(inner.parse::<Ipv4Addr>().ok()?),
    };
    Some(Domain(match address {
        IpAddr::V4(four) => format!("[{four}]").into(),
        IpAddr::V6(six) => format!("[ipv6:{six}]").into(),
    }))
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({})", self.masked())
    }
}

/// The most octets of a domain, before and after it became A-labels.
const LONGEST: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_equal() {
        for same in [
            &["example.dk", "EXAMPLE.dk", "Example.DK."][..],
            &[
                "ærø.example",
                "ÆRØ.example",
                "xn--r-3fa9c.example",
                "XN--R-3FA9C.EXAMPLE.",
            ],
            &["ærø.example", "ærø。example", "a\u{AD}e.example"][..2],
            &["[192.0.2.1]", "[IPv6:::ffff:192.0.2.1]"],
            &["[IPv6:2001:db8::1]", "[ipv6:2001:0DB8:0:0::1]"],
        ] {
            let domains: Vec<Domain> = same.iter().map(|raw| Domain::parse(raw).unwrap()).collect();
            for domain in &domains {
                assert_eq!(*domain, domains[0], "{same:?}");
            }
        }
        for (one, other) in [
            ("example.dk", "sub.example.dk"),
            ("[192.0.2.1]", "192.0.2.1"),
            ("faß.example", "fass.example"),
            ("раураl.example", "paypal.example"),
        ] {
            assert_ne!(Domain::parse(one), Domain::parse(other));
        }
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        let long = format!("{}.dk", "a".repeat(64));
        let longer = vec!["abcdefg"; 33].join(".");
        for raw in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a b",
            "a@b",
            "a/b",
            "a>b",
            "a\u{2028}b",
            "a\0b",
            "[",
            "[]",
            "[300.1.1.1]",
            "[2001:db8::1]",
            "[IPv6:1.2.3.4]",
            "[1.2.3.4",
            "[x:1.2.3.4]",
            "xn--\u{E6}.dk",
            "xn--a-ecp.dk.xn--",
            &long,
            &longer,
        ] {
            assert!(Domain::parse(raw).is_err(), "{raw}");
        }
    }
}
