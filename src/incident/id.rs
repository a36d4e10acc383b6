//! What identifies an incident.

use std::fmt;
use std::str::FromStr;

/// The identifier of an incident: a ULID, so that it sorts by time. The sender of a refused message gets it as reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct IncidentId(ulid::Ulid);

/// A text that is no identifier of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no identifier of an incident: it has 26 letters and digits, as 01JD7Q3V2W8XKZ5N4M6P9R0STC"
)]
pub struct IncidentIdError;

impl IncidentId {
    /// A new identifier, of the time of day and chance.
    pub fn generate() -> Self {
        Self(ulid::Ulid::generate())
    }
}

impl FromStr for IncidentId {
    type Err = IncidentIdError;

    fn from_str(text: &str) -> Result<Self, IncidentIdError> {
        ulid::Ulid::from_string(text.trim())
            .map(Self)
            .map_err(|_| IncidentIdError)
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
