//! What protection a message needs, and whether every recipient has it.
//!
//! Everything here is a pure function of a [`Policy`] and a [`Case`]: the same message judged twice gets the same
//! [`Verdict`], and a policy can be tried on yesterday's messages before it is put into force.

mod because;
mod case;
mod domains;
mod explain;
mod judge;
mod notice;
mod rule;
mod verdict;
mod words;

pub use because::because;
pub use case::{Carriage, Case, Routes};
pub use domains::{DomainForm, DomainFormError, DomainSet};
pub use explain::explain;
pub use judge::{Part, have, judge, judge_each};
pub use notice::{About, Notice, NoticeTexts, refusal};
pub use rule::{Rule, RuleWords, Senders, When};
pub use verdict::{
    Action, Disposition, Exposure, Judged, Lack, Level, Matched, RouteName, RuleId, Verdict,
};
pub use words::{
    Language, LanguageError, category_name, confidence_name, level_name, origin_name, place_name,
    reason_name,
};

/// What an organization asks of its outgoing messages, as `policy.toml` says it and `config` read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Domains whose mail never leaves the organization.
    pub inside: DomainSet,
    /// Partner domains that are reached over verified TLS, on a route that enforces it.
    pub transport: DomainSet,
    /// Domains that are a secure gateway, or stand behind one: Digital Post for example.
    pub sealed: DomainSet,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// What a sender is told when a message is refused.
    pub notice: NoticeTexts,
}

impl Policy {
    /// The rule of this name.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == *id)
    }
}
