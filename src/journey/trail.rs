//! The log line a transaction leaves: what happened and why, and nothing personal. Where not all recipients are answered the same
//! (LMTP), it leaves a line for each answer, and each tells for how many recipients.

use std::fmt;

use tokio::time::Instant;

use crate::incident::IncidentId;
use crate::inspect::Inspection;
use crate::mail::Transaction;
use crate::metrics::catalogue::{ANSWER_TIME, ANSWERS};
use crate::pattern::PackVersion;
use crate::policy::Verdict;
use crate::smtp::Reply;

/// What is told of a transaction when it ends.
#[derive(Clone)]
pub(super) struct Trail<'a> {
    transaction: &'a Transaction,
    size: u64,
    begun: Instant,
    disposition: &'static str,
    rules: String,
    findings: usize,
    persons: usize,
    gaps: usize,
    defects: usize,
    packs: Option<PackVersion>,
    incident: Option<IncidentId>,
    error: Option<String>,
}

impl<'a> Trail<'a> {
    /// Begins at the final dot.
    pub(super) fn begin(transaction: &'a Transaction, size: u64) -> Self {
        Self {
            transaction,
            size,
            begun: Instant::now(),
            disposition: "none",
            rules: String::new(),
            findings: 0,
            persons: 0,
            gaps: 0,
            defects: 0,
            packs: None,
            incident: None,
            error: None,
        }
    }

    /// What was found, and what policy says of it.
    pub(super) fn judged(&self, inspection: &Inspection, verdict: &Verdict) -> Self {
        let rules: Vec<&str> = verdict
            .lacked()
            .map(|matched| matched.rule.as_str())
            .collect();
        Self {
            disposition: verdict.disposition.as_str(),
            rules: rules.join(" "),
            findings: inspection.findings.len(),
            persons: inspection.persons(),
            gaps: inspection.gaps.len(),
            defects: inspection.defects.len(),
            packs: inspection.packs,
            ..self.clone()
        }
    }

    /// The incident it made, if it made one.
    pub(super) fn recorded(&mut self, incident: Option<IncidentId>) {
        self.incident = incident;
    }

    /// Trouble, ours or a next hop's, and the reply to it. Its words are fixed, but for what a next hop said, which is masked.
    pub(super) fn trouble(&mut self, error: &dyn fmt::Display, reply: Reply) -> Reply {
        self.error = Some(error.to_string());
        reply
    }

    /// Writes the line about so many recipients.
    pub(super) fn end(&self, reply: &Reply, recipients: usize) {
        let line = |outcome: &'static str| {
            tracing::info!(
                transaction.id = %self.transaction.id,
                client.ident = self.transaction.client.ident.as_deref(),
                recipients,
                size_bytes = self.size,
                disposition = self.disposition,
                rules = self.rules,
                finding.count = self.findings,
                person.count = self.persons,
                gap.count = self.gaps,
                defect.count = self.defects,
                packs = self.packs.map(|version| version.to_string()),
                incident.id = self.incident.map(|id| id.to_string()),
                reply = %reply.for_log(),
                error = self.error,
                duration_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
                "{outcome}"
            );
        };
        let outcome = match reply.code() {
            _ if *reply == Reply::ALREADY_RELAYED => {
                line("already passed on at an earlier attempt");
                "already"
            }
            200..300 => {
                line("passed on");
                "passed_on"
            }
            500..600 => {
                line("refused");
                "refused"
            }
            _ => {
                line("deferred");
                "deferred"
            }
        };
        ANSWERS.count([self.disposition, outcome]);
        ANSWER_TIME.took([outcome], self.begun.elapsed());
    }
}
