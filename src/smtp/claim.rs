//! Who a client says it is, and the password by which it says so.

use std::fmt;

use zeroize::Zeroizing;

/// A user and a password, as a client told them (RFC 4616). Nothing is proved yet; its `Debug` tells nothing.
pub struct Claim {
    user: Claimed,
    password: Zeroizing<Vec<u8>>,
}

/// The name of a user whom nobody has proved to be. It may be anything that a stranger typed, a password too, so no log has it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Claimed(Box<str>);

impl Claim {
    pub(super) fn new(user: Claimed, password: Zeroizing<Vec<u8>>) -> Self {
        Self { user, password }
    }

    /// Whom the client says to be.
    pub fn user(&self) -> &str {
        &self.user.0
    }

    /// Its password, in whatever octets it was told.
    pub fn password(&self) -> &[u8] {
        &self.password
    }

    pub(super) fn claimed(&self) -> Claimed {
        self.user.clone()
    }
}

impl Claimed {
    /// `None` where it is no name at all.
    pub(super) fn read(octets: &[u8]) -> Option<Self> {
        let name = str::from_utf8(octets).ok()?;
        (!name.is_empty()).then(|| Self(name.into()))
    }

    /// The name, once it is proved.
    pub(super) fn proved(self) -> Box<str> {
        self.0
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claim")
    }
}

impl fmt::Debug for Claimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claimed")
    }
}
