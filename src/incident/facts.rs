//! An incident, as it is recorded: everything a person needs to judge it, and nothing in the clear.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::detect::{Confidence, Finding, Fingerprint};
use crate::extract::Gap;
use crate::incident::{RetryKey, Settings};
use crate::inspect::Inspection;
use crate::mail::{FileName, Masked, ReversePath, Transaction};
use crate::mime::Protection;
use crate::pattern::Category;
use crate::policy::{Disposition, Exposure, Judged, Matched, Verdict};

/// An incident to be recorded.
#[derive(Clone, Debug)]
pub struct Incident {
    /// When the message was judged.
    pub at: Timestamp,
    /// What happened.
    pub facts: Facts,
    /// The different people, at most [`Settings::persons`] of them.
    pub persons: Vec<Fingerprint>,
    /// By which another attempt to send the message is known.
    pub retry: RetryKey,
}

/// What is known of an incident. Addresses and file names are masked, evidence shows day and month at most.
///
/// The lists hold at most [`Settings::told`] entries each; the numbers beside them count all. Over LMTP, where each recipient is
/// answered alone, the recipients are those to whom the same was to be done, and the others of the transaction are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is the word it stores; the types say the rest"
)]
pub struct Facts {
    /// The organization that answers for the message.
    pub tenant: String,
    pub kind: Kind,
    pub severity: Severity,
    pub disposition: String,
    pub route: Option<String>,
    pub need: String,
    pub protection: String,
    pub transaction: String,
    /// The queue identifier the mail server gave: what to search its log for.
    pub queue_id: Option<String>,
    /// The mail server that handed us the message.
    pub client: String,
    /// Who answers for the message: the envelope sender. `None` for the null reverse-path of a notice.
    pub sender: Option<String>,
    pub recipients: Vec<RecipientFact>,
    pub recipient_count: usize,
    /// How many recipients lack something.
    pub lacking_count: usize,
    pub rules: Vec<RuleFact>,
    /// The rule whose secure route was none that suffices.
    pub no_route_for: Option<String>,
    pub findings: Vec<FindingFact>,
    pub finding_count: usize,
    pub gaps: Vec<GapFact>,
    pub gap_count: usize,
    pub defects: Vec<String>,
    pub categories: Vec<String>,
    /// How many different people the findings are about.
    pub person_count: usize,
    /// The version of the packs it was searched by: what `sluse patterns list` tells of those in use. `None` where it was not
    /// searched.
    #[serde(default)]
    pub packs: Option<String>,
}

/// What the incident may be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It was secured or refused.
    NearMiss,
    /// It went, or was about to go, with less protection than it needs. A suspicion: the 72 hours of GDPR article 33
    /// begin when a person confirms the breach.
    BreachCandidate,
}

impl Kind {
    /// The word for it in the log and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NearMiss => "near-miss",
            Self::BreachCandidate => "breach-candidate",
        }
    }
}

/// How bad it would be, had it been seen by the wrong person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing was found: something could not be read, or what was found is doubtful.
    Low,
    /// Personal data of a few people.
    Medium,
    /// A category of GDPR article 9 or 10, or ten people or more.
    High,
}

impl Severity {
    /// The word for it in the log and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the word it stores")]
pub struct RecipientFact {
    pub recipient: String,
    pub have: String,
    pub lacks: Vec<LackFact>,
}

/// What one recipient lacked of what one rule asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the word it stores")]
pub struct LackFact {
    pub rule: String,
    pub had: String,
    pub action: String,
}

/// One rule that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the word it stores")]
pub struct RuleFact {
    pub rule: String,
    pub need: String,
    pub action: String,
    pub findings: usize,
    pub persons: usize,
    pub gaps: usize,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the word it stores")]
pub struct FindingFact {
    pub pattern: String,
    pub category: String,
    pub confidence: String,
    pub place: String,
    pub part: String,
    pub origin: String,
    pub evidence: String,
    pub person: Option<String>,
    pub reasons: Vec<String>,
}

/// One gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the word it stores")]
pub struct GapFact {
    pub part: String,
    pub name: Option<String>,
    pub reason: String,
    pub detail: String,
}

impl Incident {
    /// The incident of a message, or `None` where every recipient has what is needed.
    pub fn of(
        settings: &Settings,
        at: Timestamp,
        transaction: &Transaction,
        inspection: &Inspection,
        verdict: &Verdict,
        retry: RetryKey,
    ) -> Option<Self> {
        let kind = match verdict.exposure {
            Exposure::None => return None,
            Exposure::Averted => Kind::NearMiss,
            Exposure::Left => Kind::BreachCandidate,
        };
        let persons: BTreeSet<Fingerprint> = inspection
            .findings
            .iter()
            .filter(|finding| finding.confidence > Confidence::Low)
            .filter_map(|finding| finding.person)
            .collect();
        let categories: BTreeSet<Category> = inspection
            .findings
            .iter()
            .filter(|finding| finding.confidence > Confidence::Low)
            .map(|finding| finding.category)
            .collect();
        let told = settings.told;
        let mut surest: Vec<&Finding> = inspection.findings.iter().collect();
        surest.sort_by_key(|finding| std::cmp::Reverse(finding.confidence));
        let lacking = |judged: &&Judged| !judged.lacks.is_empty();
        let lacking_first = || {
            let (lacking, fine): (Vec<_>, Vec<_>) = verdict.recipients.iter().partition(lacking);
            lacking.into_iter().chain(fine)
        };
        let facts = Facts {
            tenant: settings.tenant.to_string(),
            kind,
            severity: severity(&categories, persons.len()),
            disposition: verdict.disposition.as_str().to_owned(),
            route: match &verdict.disposition {
                Disposition::Secure(route) => Some(route.as_str().to_owned()),
                Disposition::Relay | Disposition::Refuse => None,
            },
            need: verdict.need.as_str().to_owned(),
            protection: match inspection.protection {
                Protection::None => "none",
                Protection::Smime => "smime",
                Protection::Pgp => "pgp",
            }
            .to_owned(),
            transaction: transaction.id.to_string(),
            queue_id: transaction.client.ident.as_deref().map(queue_id),
            client: transaction.client.address.to_string(),
            sender: match &transaction.envelope.reverse_path {
                ReversePath::Null => None,
                ReversePath::Mailbox(address) => Some(address.masked().as_str().to_owned()),
            },
            recipients: lacking_first().take(told).map(recipient_fact).collect(),
            recipient_count: verdict.recipients.len(),
            lacking_count: verdict.recipients.iter().filter(lacking).count(),
            rules: verdict.rules.iter().map(rule_fact).collect(),
            no_route_for: verdict
                .no_route_for
                .as_ref()
                .map(|rule| rule.as_str().to_owned()),
            findings: surest.into_iter().take(told).map(finding_fact).collect(),
            finding_count: inspection.findings.len(),
            gaps: inspection.gaps.iter().take(told).map(gap_fact).collect(),
            gap_count: inspection.gaps.len(),
            defects: inspection
                .defects
                .iter()
                .map(|defect| defect.kind.as_str().to_owned())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            categories: categories
                .iter()
                .map(|category| category.as_str().to_owned())
                .collect(),
            person_count: persons.len(),
            packs: inspection.packs.map(|version| version.to_string()),
        };
        Some(Self {
            at,
            facts,
            persons: persons.into_iter().take(settings.persons).collect(),
            retry,
        })
    }
}

fn severity(categories: &BTreeSet<Category>, persons: usize) -> Severity {
    let of_articles_9_and_10 = categories.iter().any(|category| {
        !matches!(
            category,
            Category::Economy
                | Category::Family
                | Category::Employment
                | Category::Exam
                | Category::NationalId
        )
    });
    if of_articles_9_and_10 || !categories.is_empty() && persons >= 10 {
        Severity::High
    } else if categories.is_empty() {
        Severity::Low
    } else {
        Severity::Medium
    }
}

/// A queue identifier as a mail server makes one, letters among its digits; anything else is masked.
pub(super) fn queue_id(ident: &str) -> String {
    let made = ident.len() <= 40
        && ident.bytes().all(|octet| octet.is_ascii_alphanumeric())
        && ident.bytes().any(|octet| octet.is_ascii_alphabetic());
    if made {
        ident.to_owned()
    } else {
        Masked::new(ident).as_str().to_owned()
    }
}

fn recipient_fact(judged: &Judged) -> RecipientFact {
    RecipientFact {
        recipient: judged.recipient.as_str().to_owned(),
        have: judged.have.as_str().to_owned(),
        lacks: judged
            .lacks
            .iter()
            .map(|lack| LackFact {
                rule: lack.rule.as_str().to_owned(),
                had: lack.had.as_str().to_owned(),
                action: lack.action.as_str().to_owned(),
            })
            .collect(),
    }
}

fn rule_fact(matched: &Matched) -> RuleFact {
    RuleFact {
        rule: matched.rule.as_str().to_owned(),
        need: matched.need.as_str().to_owned(),
        action: matched.action.as_str().to_owned(),
        findings: matched.found,
        persons: matched.persons,
        gaps: matched.unread,
    }
}

fn finding_fact(finding: &Finding) -> FindingFact {
    FindingFact {
        pattern: finding.pattern.as_str().to_owned(),
        category: finding.category.as_str().to_owned(),
        confidence: finding.confidence.as_str().to_owned(),
        place: finding.place.as_str().to_owned(),
        part: finding.part.to_string(),
        origin: finding.origin.as_str().to_owned(),
        evidence: finding.evidence.as_str().to_owned(),
        person: finding.person.map(|person| person.to_string()),
        reasons: finding
            .reasons
            .iter()
            .map(|reason| reason.to_string())
            .collect(),
    }
}

fn gap_fact(gap: &Gap) -> GapFact {
    GapFact {
        part: gap.part.to_string(),
        name: gap
            .name
            .as_ref()
            .map(FileName::masked)
            .map(|name: Masked| name.as_str().to_owned()),
        reason: gap.reason.as_str().to_owned(),
        detail: gap.detail.clone().into_owned(),
    }
}
