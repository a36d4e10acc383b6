//! What was found in messages, counted: words and numbers, and nothing of what it was.

use crate::inspect::Inspection;
use crate::metrics::catalogue::{DEFECTS, FINDINGS, GAPS};

/// Counts what is in a message.
pub(super) fn counted(inspection: &Inspection) {
    for finding in &inspection.findings {
        FINDINGS.count([finding.category.as_str(), finding.confidence.as_str()]);
    }
    for gap in &inspection.gaps {
        GAPS.count([gap.reason.as_str()]);
    }
    for defect in &inspection.defects {
        DEFECTS.count([defect.kind.as_str()]);
    }
}
