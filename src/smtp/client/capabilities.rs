//! What a next hop says it can do.

use std::collections::BTreeSet;

use crate::smtp::client::Mechanism;
use crate::smtp::{Offers, Reply};

/// An extension of the protocol that matters to a relay.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Extension {
    /// RFC 2920: commands in groups.
    Pipelining,
    /// RFC 1870: the size of the message told in advance.
    Size,
    /// RFC 6152: octets over 127.
    EightBitMime,
    /// RFC 3030: a message by the number of its octets, in BDAT.
    Chunking,
    /// RFC 3030: any octets, in BDAT.
    BinaryMime,
    /// RFC 6531: addresses in UTF-8.
    SmtpUtf8,
    /// RFC 3461: notices of delivery.
    Dsn,
    /// RFC 2034: enhanced status codes in replies.
    EnhancedStatusCodes,
    /// RFC 3207: TLS.
    StartTls,
    /// RFC 8689: TLS on the whole way, or not at all.
    RequireTls,
    /// RFC 4954: authentication.
    Auth,
    /// Postfix's XFORWARD: what is known of the client before.
    Xforward,
}

impl Extension {
    /// The keyword by which EHLO announces it.
    pub fn keyword(self) -> &'static str {
        KEYWORDS
            .iter()
            .find(|(extension, _)| *extension == self)
            .map_or("", |(_, keyword)| keyword)
    }

    fn announced(keyword: &str) -> Option<Self> {
        KEYWORDS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(keyword))
            .map(|(extension, _)| *extension)
    }
}

const KEYWORDS: [(Extension, &str); 12] = [
    (Extension::Pipelining, "PIPELINING"),
    (Extension::Size, "SIZE"),
    (Extension::EightBitMime, "8BITMIME"),
    (Extension::Chunking, "CHUNKING"),
    (Extension::BinaryMime, "BINARYMIME"),
    (Extension::SmtpUtf8, "SMTPUTF8"),
    (Extension::Dsn, "DSN"),
    (Extension::EnhancedStatusCodes, "ENHANCEDSTATUSCODES"),
    (Extension::StartTls, "STARTTLS"),
    (Extension::RequireTls, "REQUIRETLS"),
    (Extension::Auth, "AUTH"),
    (Extension::Xforward, "XFORWARD"),
];

/// The extensions a next hop announced in its reply to EHLO (RFC 5321 section 4.1.1.1).
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Capabilities {
    extensions: BTreeSet<Extension>,
    size: Option<u64>,
    xforward: BTreeSet<Box<str>>,
    auth: BTreeSet<Box<str>>,
}

impl Capabilities {
    /// Reads a positive reply to EHLO. Its first line names the server; what is not known is passed over.
    pub fn read(reply: &Reply) -> Self {
        let mut read = Self::default();
        for line in reply.lines().skip(1) {
            let line = String::from_utf8_lossy(line);
            // `AUTH=LOGIN` is how it was written before RFC 2554.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            let Some(extension) = words.next().and_then(Extension::announced) else {
                continue;
            };
            read.extensions.insert(extension);
            match extension {
                // Zero means that there is no fixed limit (RFC 1870 section 4).
                Extension::Size => {
                    read.size = words
                        .next()
                        .and_then(|size| size.parse().ok())
                        .filter(|&size| size > 0);
                }
                Extension::Xforward => {
                    read.xforward
                        .extend(words.map(|name| name.to_ascii_uppercase().into()));
                }
                Extension::Auth => {
                    read.auth
                        .extend(words.map(|name| name.to_ascii_uppercase().into()));
                }
                _ => {}
            }
        }
        read
    }

    /// Whether the extension was announced.
    pub fn offers(&self, extension: Extension) -> bool {
        self.extensions.contains(&extension)
    }

    /// The largest message it takes, in octets, where it told.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Whether it announced this XFORWARD attribute.
    pub fn offers_attribute(&self, name: &str) -> bool {
        self.xforward.contains(name.to_ascii_uppercase().as_str())
    }

    /// Whether it takes credentials this way.
    pub fn authenticates_by(&self, mechanism: Mechanism) -> bool {
        self.auth.contains(mechanism.keyword())
    }

    /// What we may announce in turn, when every message goes to this next hop.
    pub fn announced(&self) -> Offers {
        Offers {
            size: self.size,
            eightbitmime: self.offers(Extension::EightBitMime),
            smtputf8: self.offers(Extension::SmtpUtf8),
            dsn: self.offers(Extension::Dsn),
            chunking: false,
        }
    }

    /// What both offer: the most that may be promised of a message that can go either way.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        Self {
            extensions: &self.extensions & &other.extensions,
            size: match (self.size, other.size) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
            xforward: &self.xforward & &other.xforward,
            auth: &self.auth & &other.auth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Capabilities {
        let lines = lines.iter().map(|line| line.as_bytes().into()).collect();
        Capabilities::read(&Reply::from_lines(250, lines))
    }

    #[test]
    fn an_ehlo_reply_is_read() {
        let offers = read(&[
            "DSN is only the name here",
            "pipelining",
            "SIZE 1000",
            "AUTH=LOGIN PLAIN",
            "XFORWARD name ADDR",
            "8BITMIMEX",
            "X-UNKNOWN y",
            "",
        ]);
        for extension in [
            Extension::Pipelining,
            Extension::Size,
            Extension::Auth,
            Extension::Xforward,
        ] {
            assert!(offers.offers(extension), "{}", extension.keyword());
        }
        assert!(!offers.offers(Extension::Dsn) && !offers.offers(Extension::EightBitMime));
        assert_eq!(offers.size(), Some(1000));
        assert!(offers.offers_attribute("NAME") && offers.offers_attribute("addr"));
        assert!(!offers.offers_attribute("PORT"));
    }

    #[test]
    fn only_what_both_offer_is_common() {
        let one = read(&["a", "SIZE 1000", "DSN", "8BITMIME", "XFORWARD NAME"]);
        let two = read(&["b", "SIZE 0", "DSN", "XFORWARD NAME ADDR"]);
        let common = one.common(&two);
        assert!(common.offers(Extension::Dsn) && !common.offers(Extension::EightBitMime));
        assert_eq!(common.size(), Some(1000));
        assert!(common.offers_attribute("NAME") && !common.offers_attribute("ADDR"));
        assert_eq!(one.common(&Capabilities::default()).size(), Some(1000));
        assert!(!one.common(&Capabilities::default()).offers(Extension::Dsn));
    }
}
