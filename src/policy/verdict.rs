//! What policy says, and why.

use std::sync::Arc;

/// The ladder of protection: each rung holds what the one below it does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing is known to protect it.
    #[default]
    None,
    /// TLS whose certificate was verified, on every hop that we know of.
    Transport,
    /// Encrypted end to end, or handed to a secure gateway.
    Sealed,
    /// It never leaves the organization.
    Inside,
}

impl Level {
    /// The word for it in policies, reports and `scan --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Transport => "transport",
            Self::Sealed => "sealed",
            Self::Inside => "inside",
        }
    }
}

/// The name of a route, as `sluse.toml` gives it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize)]
#[serde(transparent)]
pub struct RouteName(Arc<str>);

impl RouteName {
    /// A name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a rule, as `policy.toml` gives it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// A name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is to be done with a message, as one: over SMTP there is one reply, so the strictest holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// Passed on by the normal route.
    Relay,
    /// Sent by a secure route.
    Secure(RouteName),
    /// Refused (550 5.7.1); custody was never taken.
    Refuse,
}

impl Disposition {
    /// The word for it in reports and `scan --json`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Secure(_) => "secure",
            Self::Refuse => "refuse",
        }
    }
}

/// What a rule says is done for a recipient who has less than is needed. Ordered from mild to strict.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Action {
    /// Nothing: the message leaves, and what would have been done is recorded.
    Observe,
    /// By the named secure route.
    Secure(RouteName),
    /// Not at all.
    Refuse,
}

/// Policy's answer about one message.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What is to be done.
    pub disposition: Disposition,
    /// The strongest need of any rule that matched.
    pub need: Level,
    /// Each recipient in the order of the envelope.
    pub recipients: Vec<Judged>,
    /// Whether an external recipient had less than was needed: then there is an incident, whatever was done.
    pub lacking: bool,
}

/// One recipient's part in the verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The protection this recipient has on the normal route.
    pub have: Level,
    /// The rules that asked for more, strongest first, with what each says is done.
    pub lacks: Vec<(RuleId, Action)>,
}
