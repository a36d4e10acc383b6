//! What happened to a message, in the order it happened.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::incident::facts::{Facts, Kind};
use crate::mail::Masked;
use crate::policy::RouteName;

/// One event of a timeline, as it was recorded.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its number in the log.
    pub seq: i64,
    /// When, in UTC.
    pub at: String,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The message was judged for the first time.
    Opened(Box<Facts>),
    /// The same message was offered once more.
    Repeated(Repeated),
    /// What then became of it.
    Outcome(Outcome),
    /// An event whose detail was erased because it may no longer be kept.
    Erased,
}

impl EventKind {
    /// The event a row tells of. `None`: this version does not understand it.
    pub(super) fn read(kind: &str, detail: Option<&str>) -> Option<Self> {
        let Some(detail) = detail else {
            return Some(Self::Erased);
        };
        match kind {
            "opened" => serde_json::from_str(detail).ok().map(Self::Opened),
            "repeated" => serde_json::from_str(detail).ok().map(Self::Repeated),
            "outcome" => serde_json::from_str(detail).ok().map(Self::Outcome),
            _ => None,
        }
    }
}

/// Another attempt to send the same message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeated {
    /// The transaction.
    pub transaction: String,
    /// The queue identifier of the mail server, masked.
    pub queue_id: Option<String>,
    /// What was to be done this time.
    pub disposition: String,
    /// The secure route this time.
    pub route: Option<String>,
    /// Near miss or breach candidate, this time.
    pub kind: Kind,
}

/// What became of a message after it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The next hop of the normal route took it.
    Relayed,
    /// A secure route took it.
    Secured {
        /// The route.
        route: String,
    },
    /// We refused it; nothing was sent.
    Refused,
    /// The next hop refused it.
    Declined {
        /// The code of its reply.
        code: u16,
    },
    /// It was deferred, by the next hop or by us; the client tries again.
    Deferred {
        /// The code of the reply.
        code: u16,
    },
    /// It was sent, and whether it was taken is not known; the client tries again.
    Unknown,
    /// Not the same for each recipient, each of whom was answered alone (LMTP).
    Mixed {
        /// What became of it, and for whom.
        shares: Vec<Share>,
    },
}

/// What became of a message for some of its recipients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The recipients, masked; at most [`Settings::told`](crate::incident::Settings::told) of them.
    pub recipients: Vec<String>,
    /// How many they are.
    pub recipient_count: usize,
    /// What became of it for them; never again [`Outcome::Mixed`].
    pub outcome: Box<Outcome>,
}

impl Outcome {
    /// [`Outcome::Secured`] by this route.
    pub fn secured(route: &RouteName) -> Self {
        Self::Secured {
            route: route.as_str().to_owned(),
        }
    }

    /// What became of a message for each recipient, as one: the lists of recipients hold at most `told` each.
    pub fn of_each(outcomes: impl IntoIterator<Item = (Masked, Self)>, told: usize) -> Self {
        let mut shares: Vec<Share> = Vec::new();
        for (recipient, outcome) in outcomes {
            let known = shares.iter().position(|share| *share.outcome == outcome);
            let at = known.unwrap_or(shares.len());
            if known.is_none() {
                shares.push(Share {
                    recipients: Vec::new(),
                    recipient_count: 0,
                    outcome: Box::new(outcome),
                });
            }
            if let Some(share) = shares.get_mut(at) {
                share.recipient_count += 1;
                if share.recipients.len() < told {
                    share.recipients.push(recipient.as_str().to_owned());
                }
            }
        }
        match shares.pop() {
            Some(only) if shares.is_empty() => *only.outcome,
            last => {
                shares.extend(last);
                Self::Mixed { shares }
            }
        }
    }

    /// The word for it in lists and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Relayed => "relayed",
            Self::Secured { .. } => "secured",
            Self::Refused => "refused",
            Self::Declined { .. } => "declined",
            Self::Deferred { .. } => "deferred",
            Self::Unknown => "unknown",
            Self::Mixed { .. } => "mixed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The time as the log writes it: UTC, microseconds, always of one length.
pub(super) fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
