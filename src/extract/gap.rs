//! What could not be read: a value that policy judges, never silence.

use std::borrow::Cow;

use crate::extract::Exhausted;
use crate::mail::FileName;
use crate::mime::PartPath;

/// One thing that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The part it is, or is in.
    pub part: PartPath,
    /// Its name, through all containers, if it has one.
    pub name: Option<FileName>,
    /// Why.
    pub reason: Reason,
    /// What it is and what is wrong with it, in a few fixed words for an administrator: `pdf: no text, only
    /// pictures`. Never words from the message.
    pub detail: Cow<'static, str>,
}

/// Why something could not be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// It needs a key or a password.
    Encrypted,
    /// It is not what its format asks.
    Damaged,
    /// It met a limit of [`crate::limits::ReadLimits`].
    Limit,
    /// Its format is not known.
    Unknown,
    /// Time ran out.
    Timeout,
    /// Its format is known, and this program does not read it, though it may hold text like any other.
    Unsupported,
    /// It is a picture, sound or film: every signature has one, and few of them say anything about anybody.
    Media,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::Encrypted,
        Self::Damaged,
        Self::Limit,
        Self::Unknown,
        Self::Timeout,
        Self::Unsupported,
        Self::Media,
    ];

    /// The word for it in policies and reports. `scan --json`, whose words stay, calls `media` unsupported.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Limit => "limit",
            Self::Unknown => "unknown",
            Self::Timeout => "timeout",
            Self::Unsupported => "unsupported",
            Self::Media => "media",
        }
    }
}

impl From<Exhausted> for Reason {
    fn from(exhausted: Exhausted) -> Self {
        match exhausted {
            Exhausted::Limit(_) => Self::Limit,
            Exhausted::Time => Self::Timeout,
        }
    }
}
