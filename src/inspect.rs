//! A message read and searched: open, extract and detect, in order.
//!
//! [`inspect`] is a pure function of the packs, the limits and the octets of the message. Around it is the edge: the gate hands
//! a message through the [`Door`] to an inspector of the pool behind it, a process that can do nothing but read it.

mod door;
mod inspector;
mod pool;
mod sandbox;
mod setup;
mod told;
mod wire;
pub mod worker;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::detect::{self, Confidence, Finding, Unfinished};
use crate::extract::{self, Budget, Gap, Reason};
use crate::limits::{Cancel, ReadLimits};
use crate::mime::{Defect, PartPath, Protection};
use crate::pattern::{PackVersion, Packs};

pub use door::{Closed, Door, Settings as DoorSettings};
pub use inspector::{Death, Unstarted};
pub use sandbox::Walls;

/// Everything policy may know of what a message says.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// What was found.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// What programs read differently.
    pub defects: Vec<Defect>,
    /// What already protects the message from end to end.
    pub protection: Protection,
    /// The packs it was searched by; `None` where it was not searched at all.
    pub packs: Option<PackVersion>,
}

impl Inspection {
    /// How many different persons the findings are about. A finding that tells no person counts as none, and so does one of low
    /// confidence: a number that merely could be one is mostly nobody's.
    pub fn persons(&self) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.confidence > Confidence::Low)
            .filter_map(|finding| finding.person)
            .collect::<BTreeSet<_>>()
            .len()
    }
}

/// Reads a message and everything inside it.
///
/// `bytes` is the message as it is in the spool: no dot-stuffing, no end of data.
pub fn inspect(packs: &Packs, limits: &ReadLimits, bytes: &[u8]) -> Inspection {
    inspect_until(packs, limits, bytes, &Cancel::default())
}

/// [`inspect`], ended early by `cancel`: what was not read by then is a gap.
pub fn inspect_until(
    packs: &Packs,
    limits: &ReadLimits,
    bytes: &[u8],
    cancel: &Cancel,
) -> Inspection {
    let mut budget = Budget::new(limits, cancel.clone());
    let extract = extract::message(bytes, &mut budget);
    let mut gaps = extract.gaps;
    // A panic in detection must cost this message its verdict, not the process its life.
    let detected = catch_unwind(AssertUnwindSafe(|| {
        detect::detect(packs, &extract.texts, cancel)
    }));
    let findings = match detected {
        Ok(Ok(findings)) => findings,
        Ok(Err(Unfinished {
            findings,
            exhausted,
        })) => {
            gaps.push(of_message(
                exhausted.into(),
                "detection: ended before it had seen all",
            ));
            findings
        }
        Err(_) => {
            gaps.push(of_message(Reason::Damaged, "detection failed"));
            Vec::new()
        }
    };
    Inspection {
        findings,
        gaps,
        defects: extract.defects,
        protection: extract.protection,
        packs: Some(packs.version()),
    }
}

/// A gap that is the whole message.
fn of_message(reason: Reason, detail: &'static str) -> Gap {
    Gap {
        part: PartPath::root(),
        name: None,
        reason,
        detail: detail.into(),
    }
}

/// A message of which nothing can be said: one gap, the whole of it.
fn unread(reason: Reason, detail: &'static str) -> Inspection {
    Inspection {
        gaps: vec![of_message(reason, detail)],
        ..Inspection::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::FingerprintKey;

    #[test]
    fn work_that_is_ended_is_never_clean() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let cancel = Cancel::default();
        cancel.cancel();
        let inspection = inspect_until(&packs, &ReadLimits::default(), b"Subject: x\n\ny", &cancel);
        assert!(
            inspection
                .gaps
                .iter()
                .any(|gap| gap.reason == Reason::Timeout)
        );
    }
}
