//! Addresses, kept as they were typed and compared by what they mean.

use std::fmt;

use crate::mail::Masked;

/// A mailbox of an envelope: the octets that stood between `<` and `>`, and the domain they name.
///
/// Danish users type CPR numbers as recipients, so there is no `Display`, and `Debug` masks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    raw: Box<str>,
    domain: Option<Domain>,
}

/// Why octets are no address: the client is at fault (501 5.1.3 or 5.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mailbox as RFC 5321 section 4.1.2 writes one")]
pub struct AddressError;

impl Address {
    /// Reads what stands between the angle brackets. `postmaster` alone has no domain (RFC 5321
    /// section 4.1.1.3).
    pub fn parse(raw: &str) -> Result<Self, AddressError> {
        let domain = match raw.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() => Some(Domain::parse(domain)?),
            Some(_) => return Err(AddressError),
            None if raw.eq_ignore_ascii_case("postmaster") => None,
            None => return Err(AddressError),
        };
        Ok(Self {
            raw: raw.into(),
            domain,
        })
    }

    /// The address as typed, for the wire only.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The domain, by which policy judges.
    pub fn domain(&self) -> Option<&Domain> {
        self.domain.as_ref()
    }

    /// The address as it may be shown.
    pub fn masked(&self) -> Masked {
        Masked::new(&self.raw)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.masked())
    }
}

/// A domain as policy compares it: lower case, without a trailing dot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Box<str>);

impl Domain {
    /// Reads a domain or an address literal.
    pub fn parse(raw: &str) -> Result<Self, AddressError> {
        let trimmed = raw.strip_suffix('.').unwrap_or(raw);
        if trimmed.is_empty() || trimmed.len() > 255 {
            return Err(AddressError);
        }
        Ok(Self(trimmed.to_lowercase().into()))
    }

    /// The domain in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain as it may be shown.
    pub fn masked(&self) -> Masked {
        Masked::new(&self.0)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({})", self.masked())
    }
}
