//! Lists of domains, as an administrator writes them.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::mail::{Address, Domain};

/// A set of domains. `kommune.example` is that domain alone; `.kommune.example` is every domain below it, and not
/// itself, so that neither is granted by accident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainSet {
    exact: BTreeSet<Box<str>>,
    below: BTreeSet<Box<str>>,
}

/// One entry of a [`DomainSet`], in ASCII and lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainForm {
    /// The domain alone.
    Exact(Box<str>),
    /// Every domain below it.
    Below(Box<str>),
}

/// Why a text is no domain: the administrator is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainFormError {
    /// An address stands where a domain is meant.
    #[error("is an address, not a domain")]
    Address,
    /// It has a wildcard.
    #[error("has a `*`")]
    Wildcard,
    /// It is an address literal: anybody may hold that address tomorrow.
    #[error("is an address literal")]
    Literal,
    /// It is a top-level domain, or nothing: that would be half the world.
    #[error("has no dot between two names")]
    TooWide,
    /// It is no domain name.
    #[error("is no domain name")]
    Malformed,
}

impl DomainSet {
    /// Adds an entry, and says whether it is new.
    pub fn insert(&mut self, form: DomainForm) -> bool {
        match form {
            DomainForm::Exact(domain) => self.exact.insert(domain),
            DomainForm::Below(domain) => self.below.insert(domain),
        }
    }

    /// Whether no domain is in it.
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.below.is_empty()
    }

    /// Whether the set holds this domain. An address literal is in no set.
    pub fn contains(&self, domain: &Domain) -> bool {
        let Ok(ascii) = ascii(domain.as_str()) else {
            return false;
        };
        self.exact.contains(ascii.as_str())
            || ascii
                .match_indices('.')
                .filter_map(|(dot, _)| ascii.get(dot + 1..))
                .any(|parent| self.below.contains(parent))
    }

    /// Whether mail to this address is surely mail to a domain of the set.
    ///
    /// A local part that may itself be a route is not: mail servers still rewrite `someone%far.example@near.example`
    /// and `far.example!someone@near.example` (Postfix does both by default), and the message goes far.
    pub fn surely_holds(&self, address: &Address) -> bool {
        let local = address
            .raw()
            .rsplit_once('@')
            .map_or("", |(local, _)| local);
        !local.contains(['%', '!', '@'])
            && address.domain().is_some_and(|domain| self.contains(domain))
    }
}

impl FromStr for DomainForm {
    type Err = DomainFormError;

    fn from_str(text: &str) -> Result<Self, DomainFormError> {
        if text.contains('@') {
            return Err(DomainFormError::Address);
        }
        if text.contains('*') {
            return Err(DomainFormError::Wildcard);
        }
        if text.starts_with('[') {
            return Err(DomainFormError::Literal);
        }
        let (below, name) = match text.strip_prefix('.') {
            Some(name) => (true, name),
            None => (false, text),
        };
        let name = ascii(name)?;
        if !name.contains('.') {
            return Err(DomainFormError::TooWide);
        }
        Ok(if below {
            Self::Below(name.into())
        } else {
            Self::Exact(name.into())
        })
    }
}

/// The domain as the wire may write it whoever typed it: `København.dk` and `xn--kbenhavn-54a.dk` are one.
fn ascii(domain: &str) -> Result<String, DomainFormError> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let ascii = idna::domain_to_ascii(domain).map_err(|_| DomainFormError::Malformed)?;
    let is_name = !ascii.is_empty()
        && ascii.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_')
        });
    if is_name {
        Ok(ascii)
    } else {
        Err(DomainFormError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(forms: &[&str]) -> DomainSet {
        let mut set = DomainSet::default();
        for form in forms {
            set.insert(form.parse().unwrap());
        }
        set
    }

    #[test]
    fn a_set_holds_what_was_written_and_nothing_beside_it() {
        let set = set(&["kommune.example", ".skole.example", "København.example"]);
        for (address, held) in [
            ("a@kommune.example", true),
            ("a@KOMMUNE.example.", true),
            ("a@post.kommune.example", false),
            ("a@xkommune.example", false),
            ("a@kommune.example.evil.example", false),
            ("a@nord.skole.example", true),
            ("a@dybt.nord.skole.example", true),
            ("a@skole.example", false),
            ("a@xn--kbenhavn-54a.example", true),
            ("a@københavn.example", true),
            ("a@[192.0.2.1]", false),
            ("a%far.example@kommune.example", false),
            ("far.example!a@kommune.example", false),
            ("\"a@far.example\"@kommune.example", false),
            ("@hop.example:a@kommune.example", false),
            ("postmaster", false),
        ] {
            // What is no address is held by no set.
            let parsed = Address::parse(address);
            assert_eq!(
                parsed.is_ok_and(|it| set.surely_holds(&it)),
                held,
                "{address}"
            );
        }
    }

    #[test]
    fn what_is_no_domain_is_refused_with_its_reason() {
        for (text, error) in [
            ("a@kommune.example", DomainFormError::Address),
            ("*.kommune.example", DomainFormError::Wildcard),
            ("[192.0.2.1]", DomainFormError::Literal),
            ("dk", DomainFormError::TooWide),
            (".dk", DomainFormError::TooWide),
            ("", DomainFormError::Malformed),
            (".", DomainFormError::Malformed),
            ("a b.example", DomainFormError::Malformed),
            ("a..example", DomainFormError::Malformed),
        ] {
            assert_eq!(text.parse::<DomainForm>(), Err(error), "{text}");
        }
    }
}
