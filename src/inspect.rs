//! A message read and searched: open, extract and detect, in order.
//!
//! [`inspect`] is a pure function of the packs, the limits and the octets of the message. Around it is the edge: the gate hands
//! a message through the [`Door`] to an inspector of the pool behind it, a process that can do nothing but read it.

mod apart;
mod door;
mod inspector;
mod ocr;
mod pool;
mod sandbox;
mod setup;
mod told;
mod turns;
mod wire;
pub mod worker;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::detect::{self, Confidence, Detector, Finding, Unfinished};
use crate::extract::{self, Budget, Gap, Picture, Place, Reason, Text};
use crate::limits::{Cancel, ReadLimits};
use crate::mime::{Defect, PartPath, Protection};
use crate::pattern::{PackVersion, Packs};

pub use apart::{Care, Useless, compile_apart, pack_worker};
pub use door::{Closed, Door, Occupancy, SEARCHING, Settings as DoorSettings};
pub use inspector::{Death, Unstarted};
pub use ocr::{
    Absent, Found, Lack, Settings as OcrSettings, Turns, confine as ocr_worker, find as find_ocr,
};
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

/// Two readings of one message as one: what either tells is told, and what only one says is protected is not.
impl Inspection {
    /// This reading with another.
    #[must_use]
    pub fn united(mut self, other: Self) -> Self {
        self.findings = detect::united(self.findings, other.findings);
        for gap in other.gaps {
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
        }
        for defect in other.defects {
            if !self.defects.contains(&defect) {
                self.defects.push(defect);
            }
        }
        if self.protection != other.protection {
            self.protection = Protection::None;
        }
        self
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
    let mut detector = Detector::new(packs);
    let budget = Budget::new(limits, cancel.clone());
    let (mut inspection, asking) = inspect_asking(&mut detector, budget, bytes, cancel);
    let spots = asking.pictures.iter().map(|picture| &picture.spot);
    let unread = spots.map(|spot| spot.gap(spot.unread, "picture: not read, for there is no OCR"));
    inspection.gaps.extend(unread);
    inspection
}

/// What is asked to be read before a message can be judged.
#[derive(Debug, Default)]
struct Asking {
    /// The subject of the message, in whose light everything in it is searched; of a long one, its beginning.
    heading: String,
    pictures: Vec<Picture>,
}

/// [`inspect_until`], with the pictures that are neither read nor gaps yet.
fn inspect_asking(
    detector: &mut Detector<'_>,
    mut budget: Budget,
    bytes: &[u8],
    cancel: &Cancel,
) -> (Inspection, Asking) {
    let extract = extract::message(bytes, &mut budget);
    let mut inspection = search(detector, &extract.texts, cancel);
    let mut gaps = extract.gaps;
    gaps.append(&mut inspection.gaps);
    inspection.gaps = gaps;
    inspection.defects = extract.defects;
    inspection.protection = extract.protection;
    let mut asking = Asking {
        heading: String::new(),
        pictures: extract.pictures,
    };
    let subject = extract.texts.iter().find(|it| it.place == Place::Subject);
    if let Some(subject) = subject.filter(|_| !asking.pictures.is_empty()) {
        let end = subject.text.floor_char_boundary(LONGEST_HEADING);
        asking.heading = subject.text.get(..end).unwrap_or_default().to_owned();
    }
    (inspection, asking)
}

/// The octets of a subject in whose light pictures are searched. Fixed: 4096; longer ones say no more.
const LONGEST_HEADING: usize = 4096;

/// Searches what was read in the pictures of a message. The first text is its subject, which was searched before.
fn search_seen(detector: &mut Detector<'_>, texts: &[Text], cancel: &Cancel) -> Inspection {
    let mut inspection = search(detector, texts, cancel);
    let findings = &mut inspection.findings;
    findings.retain(|finding| finding.place != Place::Subject);
    inspection
}

fn search(detector: &mut Detector<'_>, texts: &[Text], cancel: &Cancel) -> Inspection {
    let packs = detector.packs();
    // A panic in detection must cost this message its verdict, not the process its life.
    let detected = catch_unwind(AssertUnwindSafe(|| detector.detect(texts, cancel)));
    let (findings, gaps) = match detected {
        Ok(Ok(findings)) => (findings, Vec::new()),
        Ok(Err(Unfinished {
            findings,
            exhausted,
        })) => {
            let detail = "detection: ended before it had seen all";
            (findings, vec![of_message(exhausted.into(), detail)])
        }
        Err(_) => {
            // What it was about to remember may be half of it.
            *detector = Detector::new(packs);
            let gap = of_message(Reason::Damaged, "detection failed");
            (Vec::new(), vec![gap])
        }
    };
    Inspection {
        findings,
        gaps,
        packs: Some(packs.version()),
        ..Inspection::default()
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
