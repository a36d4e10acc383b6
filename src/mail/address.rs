//! Addresses, kept as they were typed and compared by what they mean.

use std::fmt;

use crate::mail::{Domain, Masked};

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
    ///
    /// Where dots stand in the local part is left to whom it belongs to; that it is at most 64 octets long, and
    /// the whole with its brackets 256, is not (sections 4.5.3.1.1 and 4.5.3.1.3).
    pub fn parse(raw: &str) -> Result<Self, AddressError> {
        if raw.len() + 2 > LONGEST {
            return Err(AddressError);
        }
        if raw.eq_ignore_ascii_case("postmaster") {
            return Ok(Self {
                raw: raw.into(),
                domain: None,
            });
        }
        // An `@` in a quoted local part is no separator, and one in a domain is none at all: the last one is it.
        let (local, domain) = raw.rsplit_once('@').ok_or(AddressError)?;
        if !is_local_part(local) {
            return Err(AddressError);
        }
        Ok(Self {
            raw: raw.into(),
            domain: Some(Domain::parse(domain)?),
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

    /// Whether the local part says how to go on from the domain: `victim%other.example@here.example`,
    /// `other.example!victim@here.example`, `"victim@other.example"@here.example`.
    ///
    /// Mail servers follow that (Postfix: `allow_percent_hack`, `swap_bangpath`, `resolve_dequoted_address`,
    /// all on by default), so such an address does not stay in the domain by which it is judged.
    pub fn routes_onward(&self) -> bool {
        let local = self.raw.rsplit_once('@').map_or("", |(local, _)| local);
        local.contains(['%', '!', '@'])
    }

    /// The address as it may be shown.
    pub fn masked(&self) -> Masked {
        Masked::new(&self.raw)
    }
}

fn is_local_part(local: &str) -> bool {
    if local.is_empty() || local.len() > LOCAL_PART {
        return false;
    }
    match local.strip_prefix('"') {
        Some(quoted) => is_quoted(quoted),
        None => local.chars().all(is_atom),
    }
}

/// RFC 5321 section 4.1.2: what follows the opening quote of a `Quoted-string`, its closing one included.
fn is_quoted(after: &str) -> bool {
    let mut characters = after.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => return characters.next().is_none(),
            '\\' if !matches!(characters.next(), Some(' '..='~')) => return false,
            ' '..='~' => {}
            c if is_foreign(c) => {}
            _ => return false,
        }
    }
    false
}

/// `atext` of RFC 5322 section 3.2.3, the dot between atoms, and what RFC 6531 section 3.3 adds.
fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || is_foreign(c)
}

/// A non-ASCII character that neither ends a line nor looks like nothing.
fn is_foreign(c: char) -> bool {
    !c.is_ascii() && !c.is_control() && !c.is_whitespace()
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.masked())
    }
}

/// The most octets of a path, its brackets included.
const LONGEST: usize = 256;

/// The most octets of a local part.
const LOCAL_PART: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_kept_as_typed() {
        for (raw, domain) in [
            ("Anna.Holm@Example.DK", Some("example.dk")),
            ("\"a b\"@c.dk", Some("c.dk")),
            ("\"a\\\"@x\\\\\"@c.dk", Some("c.dk")),
            ("\"\"@c.dk", Some("c.dk")),
            ("a%b@c.dk", Some("c.dk")),
            ("a@[192.0.2.1]", Some("[192.0.2.1]")),
            ("søren@ærø.dk", Some("xn--r-3fa9c.dk")),
            (".a..b.@c.dk.", Some("c.dk")),
            ("Postmaster", None),
        ] {
            let address = Address::parse(raw).unwrap();
            assert_eq!(address.raw(), raw);
            assert_eq!(address.domain().map(Domain::as_str), domain, "{raw}");
        }
    }

    #[test]
    fn what_is_no_mailbox_is_refused() {
        let long = format!("{}@c.dk", "a".repeat(65));
        let longer = format!("a@{}", vec!["abcdefg"; 32].join("."));
        for raw in [
            "",
            "a",
            "@",
            "a@",
            "@c.dk",
            "a b@c.dk",
            "a@b@c.dk",
            "<a@c.dk",
            "a@c.dk>",
            "a>@c.dk",
            "\"a@c.dk",
            "\"a\"b@c.dk",
            "\"a\\\"@c.dk",
            "a\"b\"@c.dk",
            "\"a\rb\"@c.dk",
            "a\nb@c.dk",
            "a\0@c.dk",
            "a,b@c.dk",
            "a:b@c.dk",
            "a\\b@c.dk",
            "(x)a@c.dk",
            "a(x)@c.dk",
            "a@c.dk (x)",
            "@x:a@c.dk",
            "a\u{2028}b@c.dk",
            "a\u{85}b@c.dk",
            "\"a\u{2029}\"@c.dk",
            &long,
            &longer,
        ] {
            assert!(Address::parse(raw).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn addresses_that_go_on_elsewhere_are_known() {
        for (raw, onward) in [
            ("a%b.dk@c.dk", true),
            ("b.dk!a@c.dk", true),
            ("\"a@b.dk\"@c.dk", true),
            ("\"a b\"@c.dk", false),
            ("a+b=c@c.dk", false),
            ("postmaster", false),
        ] {
            assert_eq!(
                Address::parse(raw).unwrap().routes_onward(),
                onward,
                "{raw}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_address_can_leave_its_brackets(raw in "[\"\\\\<>@a. \r\n\0\u{2028}æ%:,]{0,12}@c") {
            let in_quotes = raw.starts_with('"');
            if let Ok(address) = Address::parse(&raw) {
                let breaks = address.raw().contains(['\r', '\n', '\0', '\u{2028}']);
                let leaves = !in_quotes && address.raw().contains(['<', '>', ' ']);
                prop_assert!(!breaks && !leaves);
            }
        }
    }
}
