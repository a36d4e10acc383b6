//! A rule: what it looks for, what it then asks, and what is done where that is missing.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::str::FromStr;

use crate::detect::{Confidence, Finding, PatternId};
use crate::extract::{Place, Reason};
use crate::mail::{Envelope, ReversePath};
use crate::mime::{DefectKind, Protection};
use crate::pattern::Category;
use crate::policy::domains::{DomainForm, DomainFormError, DomainSet};
use crate::policy::{Action, Language, Level, RuleId};

/// One rule of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// The messages it is about.
    pub when: When,
    /// The protection it asks for every recipient.
    pub need: Level,
    /// What is done where a recipient has less.
    pub action: Action,
    /// What the sender is told of it.
    pub words: RuleWords,
}

/// What a rule says to the sender of a refused message, in place of the general advice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleWords {
    /// In Danish.
    pub da: Option<Box<str>>,
    /// In English.
    pub en: Option<Box<str>>,
}

impl RuleWords {
    /// The words in one language.
    pub fn in_language(&self, language: Language) -> Option<&str> {
        match language {
            Language::Danish => self.da.as_deref(),
            Language::English => self.en.as_deref(),
        }
    }
}

/// The conditions of a rule. All that are given must hold; an empty one is not given.
///
/// `patterns`, `categories`, `confidence`, `places` and `persons` are about findings: there must be a finding that
/// meets all of them at once, and `persons` counts the different people of such findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// The pattern is one of these.
    pub patterns: BTreeSet<PatternId>,
    /// The category is one of these.
    pub categories: BTreeSet<Category>,
    /// At least this sure.
    pub confidence: Option<Confidence>,
    /// It stands in one of these places.
    pub places: BTreeSet<Place>,
    /// About at least so many different people.
    pub persons: Option<NonZeroUsize>,
    /// Something could not be read, for one of these reasons.
    pub gaps: BTreeSet<Reason>,
    /// The message has one of these defects.
    pub defects: BTreeSet<DefectKind>,
    /// The sender is one of these.
    pub senders: Option<Senders>,
    /// The message itself is protected in one of these ways.
    pub protection: Vec<Protection>,
}

/// Senders a rule is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senders {
    domains: DomainSet,
    null: bool,
}

impl Senders {
    /// Adds a domain as a [`DomainForm`] writes it, or `<>` for the null reverse-path of notices.
    pub fn add(&mut self, text: &str) -> Result<(), DomainFormError> {
        if text == "<>" {
            self.null = true;
        } else {
            self.domains.insert(DomainForm::from_str(text)?);
        }
        Ok(())
    }

    fn holds(&self, envelope: &Envelope) -> bool {
        match &envelope.reverse_path {
            ReversePath::Null => self.null,
            ReversePath::Mailbox(address) => address
                .domain()
                .is_some_and(|domain| self.domains.contains(domain)),
        }
    }
}

impl When {
    /// Whether a finding is asked for.
    pub fn asks_finding(&self) -> bool {
        !self.patterns.is_empty()
            || !self.categories.is_empty()
            || !self.places.is_empty()
            || self.confidence.is_some()
            || self.persons.is_some()
    }

    /// Whether no condition is given at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a finding meets every condition that is about findings, but for the number of people.
    pub(super) fn is_about(&self, finding: &Finding) -> bool {
        allows(&self.patterns, &finding.pattern)
            && allows(&self.categories, &finding.category)
            && allows(&self.places, &finding.place)
            && self
                .confidence
                .is_none_or(|least| finding.confidence >= least)
    }

    /// Whether the conditions that are about the message as a whole hold.
    pub(super) fn is_about_message(&self, envelope: &Envelope, protection: Protection) -> bool {
        self.senders
            .as_ref()
            .is_none_or(|senders| senders.holds(envelope))
            && (self.protection.is_empty() || self.protection.contains(&protection))
    }

    /// Whether these conditions hold wherever `other`'s do.
    pub fn covers(&self, other: &Self) -> bool {
        let gaps =
            self.gaps.is_empty() || !other.gaps.is_empty() && other.gaps.is_subset(&self.gaps);
        let defects = self.defects.is_empty()
            || !other.defects.is_empty() && other.defects.is_subset(&self.defects);
        let protection = self.protection.is_empty()
            || !other.protection.is_empty()
                && other.protection.iter().all(|p| self.protection.contains(p));
        let senders = self.senders.is_none() || self.senders == other.senders;
        let findings = !self.asks_finding()
            || other.asks_finding()
                && wider(&self.patterns, &other.patterns)
                && wider(&self.categories, &other.categories)
                && wider(&self.places, &other.places)
                && self.confidence <= other.confidence
                && self.persons <= other.persons;
        gaps && defects && protection && senders && findings
    }
}

fn allows<T: Ord>(asked: &BTreeSet<T>, found: &T) -> bool {
    asked.is_empty() || asked.contains(found)
}

fn wider<T: Ord>(wide: &BTreeSet<T>, narrow: &BTreeSet<T>) -> bool {
    wide.is_empty() || !narrow.is_empty() && narrow.is_subset(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_covers_a_narrower_one_only() {
        let wide = When {
            categories: [Category::NationalId].into(),
            confidence: Some(Confidence::Low),
            ..When::default()
        };
        let narrow = When {
            places: [Place::Body].into(),
            confidence: Some(Confidence::High),
            ..wide.clone()
        };
        assert!(wide.covers(&narrow) && !narrow.covers(&wide));
        let gaps = When {
            gaps: Reason::ALL.into(),
            ..When::default()
        };
        assert!(!gaps.covers(&wide) && !wide.covers(&gaps));
        assert!(When::default().covers(&gaps));
    }
}
