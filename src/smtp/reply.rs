//! Replies: every sentence we say to a stranger stands on this page.

use std::fmt;

/// A reply (RFC 5321 section 4.2), ours or a next hop's. Its text may come from a stranger and may name an address, so
/// `Debug` tells only the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    lines: Vec<Box<[u8]>>,
}

impl Reply {
    /// A reply of one line, its enhanced status code included: `Reply::new(250, "2.0.0 Ok")`.
    pub fn new(code: u16, text: &str) -> Self {
        Self {
            code,
            lines: vec![text.as_bytes().into()],
        }
    }

    /// The code.
    pub fn code(&self) -> u16 {
        self.code
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({}, {} lines)", self.code, self.lines.len())
    }
}
