//! What `sluse scan` prints of one message: for programs, a JSON object whose shape stays; for people, a few lines.

use std::fmt;

use serde::Serialize;

use crate::detect::{Confidence, Finding};
use crate::extract::Reason;
use crate::inspect::Inspection;
use crate::mail::FileName;
use crate::mime::Protection;
use crate::policy::Verdict;

/// One message. The names of the fields are an interface that others build on.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    file: &'a str,
    disposition: &'static str,
    need: &'static str,
    protection: &'static str,
    findings: Vec<Found<'a>>,
    gaps: Vec<Unread<'a>>,
    defects: Vec<Odd>,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    pattern: &'a str,
    category: &'static str,
    confidence: &'static str,
    part: &'a str,
    name: Option<String>,
    origin: &'a str,
    evidence: &'a str,
    person: Option<String>,
    reasons: &'a [Box<str>],
    phrases: &'a [Box<str>],
}

#[derive(Debug, Serialize)]
struct Unread<'a> {
    part: &'a str,
    name: Option<String>,
    reason: &'static str,
    #[serde(skip)]
    detail: &'a str,
}

#[derive(Debug, Serialize)]
struct Odd {
    kind: &'static str,
}

impl<'a> Report<'a> {
    /// The report of one message, its findings of low confidence only where `all` are wanted.
    pub(super) fn new(
        file: &'a str,
        inspection: &'a Inspection,
        verdict: &Verdict,
        all: bool,
    ) -> Self {
        let wanted = |finding: &&Finding| all || finding.confidence > Confidence::Low;
        Self {
            file,
            disposition: verdict.disposition.as_str(),
            need: verdict.need.as_str(),
            protection: match inspection.protection {
                Protection::None => "none",
                Protection::Smime => "smime",
                Protection::Pgp => "pgp",
            },
            findings: inspection
                .findings
                .iter()
                .filter(wanted)
                .map(Found::new)
                .collect(),
            gaps: inspection
                .gaps
                .iter()
                .map(|gap| Unread {
                    part: gap.part.as_str(),
                    name: gap.name.as_ref().map(shown),
                    reason: match gap.reason {
                        // A word of policy, which came after this shape was fixed.
                        Reason::Media => Reason::Unsupported.as_str(),
                        reason => reason.as_str(),
                    },
                    detail: &gap.detail,
                })
                .collect(),
            defects: inspection
                .defects
                .iter()
                .map(|defect| Odd {
                    kind: defect.kind.as_str(),
                })
                .collect(),
        }
    }

    /// Whether there is anything to tell of: a finding, or something that could not be read.
    pub(super) fn found_something(&self) -> bool {
        !self.findings.is_empty() || !self.gaps.is_empty()
    }
}

impl<'a> Found<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            pattern: finding.pattern.as_str(),
            category: finding.category.as_str(),
            confidence: finding.confidence.as_str(),
            part: finding.part.as_str(),
            name: finding.name.as_ref().map(shown),
            origin: finding.origin.as_str(),
            evidence: finding.evidence.as_str(),
            person: finding.person.map(|person| person.to_string()),
            reasons: &finding.reasons,
            phrases: &finding.phrases,
        }
    }
}

fn shown(name: &FileName) -> String {
    name.masked().as_str().to_owned()
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} (needs: {}, has: {})",
            self.file, self.disposition, self.need, self.protection
        )?;
        for found in &self.findings {
            writeln!(
                f,
                "  {} {} in {} ({}): {}",
                found.category,
                found.evidence,
                found.origin,
                found.confidence,
                found.reasons.join("; ")
            )?;
            if !found.phrases.is_empty() {
                writeln!(f, "    by: {}", found.phrases.join(", "))?;
            }
        }
        for unread in &self.gaps {
            let name = unread.name.as_deref().unwrap_or("the message");
            writeln!(
                f,
                "  not read: {name} ({}: {})",
                unread.reason, unread.detail
            )?;
        }
        for odd in &self.defects {
            writeln!(f, "  odd: {}", odd.kind)?;
        }
        Ok(())
    }
}
