//! What policy says, and why.

use std::sync::Arc;

use crate::detect::Finding;
use crate::extract::Gap;
use crate::mail::Masked;
use crate::mime::Defect;

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
    /// All levels, from the lowest rung up.
    pub const ALL: [Self; 4] = [Self::None, Self::Transport, Self::Sealed, Self::Inside];

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

impl Action {
    /// The word for it in policies and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Secure(_) => "secure",
            Self::Refuse => "refuse",
        }
    }
}

/// Whether anything left, or would have left, with less protection than it needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Exposure {
    /// Every external recipient has what is needed on the normal route: no incident.
    None,
    /// Some recipient had not, and the disposition keeps it safe: a near miss.
    Averted,
    /// Some recipient has not, and the message goes there all the same, because the rule only observes: a breach
    /// candidate.
    Left,
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
    /// The rules that matched, strongest need first, each with what it matched.
    pub rules: Vec<Matched>,
    /// Whether there is an incident, and of which kind.
    pub exposure: Exposure,
    /// The rule that asked for a secure route and got a refusal, because no route it could take gives every recipient
    /// what the rules need: no encryption covers a subject, for example.
    pub no_route_for: Option<RuleId>,
}

impl Verdict {
    /// Whether an external recipient had less than was needed: then there is an incident, whatever was done.
    pub fn lacking(&self) -> bool {
        self.exposure != Exposure::None
    }

    /// The rules some recipient lacks something of, strongest need first.
    pub fn lacked(&self) -> impl Iterator<Item = &Matched> {
        self.rules.iter().filter(|matched| {
            self.recipients
                .iter()
                .any(|judged| judged.lacks.iter().any(|lack| lack.rule == matched.rule))
        })
    }
}

/// One recipient's part in the verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The recipient, as it may be shown.
    pub recipient: Masked,
    /// The protection this recipient has on the normal route.
    pub have: Level,
    /// The rules that asked for more, strongest first.
    pub lacks: Vec<Lack>,
}

/// What one recipient lacks of what one rule asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lack {
    /// The rule.
    pub rule: RuleId,
    /// The protection that counts for what the rule found: less than [`Judged::have`] where it stands in the subject,
    /// which no encryption covers.
    pub had: Level,
    /// What the rule says is done.
    pub action: Action,
}

/// A rule that matched, and what it matched: the reasons of the verdict.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The rule.
    pub rule: RuleId,
    /// What it asks.
    pub need: Level,
    /// What it says is done where that is missing.
    pub action: Action,
    /// The first [`Matched::SHOWN`] findings it is about.
    pub findings: Vec<Finding>,
    /// How many findings it is about.
    pub found: usize,
    /// How many different people those findings are about.
    pub persons: usize,
    /// The first [`Matched::SHOWN`] gaps it is about.
    pub gaps: Vec<Gap>,
    /// How many gaps it is about.
    pub unread: usize,
    /// The first [`Matched::SHOWN`] defects it is about.
    pub defects: Vec<Defect>,
}

impl Matched {
    /// The most findings, gaps and defects that are told one by one. The rest are counted.
    pub const SHOWN: usize = 20;
}
