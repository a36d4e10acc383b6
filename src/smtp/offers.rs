//! The extensions that are announced.

use crate::smtp::Xforward;

/// The extensions that are not always announced. Most depend on where messages go: they are announced only when every next hop
/// has them, for nothing is converted and nothing is promised on behalf of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// The longest message the next hop takes, in octets, where it says so (RFC 1870).
    pub size: Option<u64>,
    /// RFC 6152.
    pub eightbitmime: bool,
    /// RFC 6531.
    pub smtputf8: bool,
    /// RFC 3461.
    pub dsn: bool,
    /// RFC 3030, without BINARYMIME. It ends with us, for what came in pieces leaves by DATA, so it depends on no next hop: it is
    /// a matter of configuration.
    pub chunking: bool,
}

impl Offers {
    /// The lines of the reply to EHLO, for a server that itself takes `message` octets.
    pub(super) fn keywords(&self, message: u64) -> Vec<String> {
        let mut keywords = vec!["PIPELINING".to_owned(), format!("SIZE {message}")];
        for (offered, keyword) in [
            (self.eightbitmime, "8BITMIME"),
            (self.smtputf8, "SMTPUTF8"),
            (self.dsn, "DSN"),
            (self.chunking, "CHUNKING"),
            (true, "ENHANCEDSTATUSCODES"),
        ] {
            if offered {
                keywords.push(keyword.to_owned());
            }
        }
        keywords.push(format!("XFORWARD {}", Xforward::NAMES.join(" ")));
        keywords
    }
}
