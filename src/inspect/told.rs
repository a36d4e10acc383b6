//! An inspection on its way from an inspector to the gate.
//!
//! An inspector has read what a stranger wrote, so the gate believes nothing of its answer that it can look at itself: each
//! word must be one of ours, each pattern and phrase one of the packs, evidence must have the form of evidence, and what is
//! shown of foreign texts is masked once more. Serialization is for this socket alone, which is why none of the types themselves can be
//! serialized.

mod at_most;
mod pictures;

pub(super) use pictures::{Asked, decode_seen, encode_seen};

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::detect::{Confidence, Evidence, Finding, Fingerprint, MOST_FINDINGS, PatternId};
use crate::extract::{Gap, Place, Reason};
use crate::inspect::told::at_most::AtMost;
use crate::inspect::told::pictures::PictureTold;
use crate::inspect::{Asking, Inspection, of_message};
use crate::limits::PictureLimits;
use crate::mail::{FileName, Masked};
use crate::mime::{Defect, DefectKind, PartPath, Protection};
use crate::pattern::Catalogue;

/// Why an answer cannot be believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Nonsense {
    #[error("it is no inspection")]
    Shape,
    #[error("it names a pattern that no pack has")]
    Pattern,
    #[error("it names a phrase that the pattern has not")]
    Phrase,
    #[error("it names a part that cannot be")]
    Part,
    #[error("it has evidence that is not masked")]
    Evidence,
    #[error("it asks for more pictures to be read than it may")]
    Pictures,
}

/// Writes an inspection, and which pictures it asks to be read, in at most `most` octets. What has no room is a gap. Tells how
/// many of the pictures had.
pub(super) fn encode(
    inspection: &Inspection,
    asking: &Asking,
    most: usize,
) -> serde_json::Result<(Vec<u8>, usize)> {
    let mut told = Told::of(inspection, asking);
    let gap = of_message(Reason::Limit, "message: more was found than can be told");
    if !told.fits() {
        told.findings.0.truncate(MOST_FINDINGS);
        told.gaps.0.truncate(MOST_GAPS - 1);
        told.defects.0.truncate(MOST_DEFECTS);
        told.pictures.0.truncate(MOST_PICTURES);
        told.gaps.0.push(GapTold::of(&gap));
    }
    let mut octets = serde_json::to_vec(&told)?;
    while octets.len() > most {
        told.findings.0.truncate(told.findings.0.len() / 2);
        told.gaps.0.truncate(told.gaps.0.len() / 2);
        told.defects.0.truncate(told.defects.0.len() / 2);
        told.pictures.0.truncate(told.pictures.0.len() / 2);
        told.heading = "".into();
        told.gaps.0.push(GapTold::of(&gap));
        octets = serde_json::to_vec(&told)?;
    }
    Ok((octets, told.pictures.0.len()))
}

/// [`decode`], of a long answer where no conversation waits for it: 16 MiB take a tenth of a second to be read, and whoever sent a
/// message may bring about that they come.
#[expect(
    clippy::disallowed_methods,
    reason = "no message is read by it, and there is one for each inspector at most"
)]
pub(super) async fn decode_aside(
    octets: Vec<u8>,
    catalogue: &Arc<Catalogue>,
    limits: Option<&PictureLimits>,
) -> Result<(Inspection, Asked), Nonsense> {
    if octets.len() <= SHORT {
        return decode(&octets, catalogue, limits);
    }
    let (catalogue, limits) = (Arc::clone(catalogue), limits.cloned());
    let decoded = spawn_blocking(move || decode(&octets, &catalogue, limits.as_ref()));
    // A panic was reported where it happened.
    decoded.await.unwrap_or(Err(Nonsense::Shape))
}

/// The octets of an answer that is read where it is waited for. Fixed: 64 KiB, read sooner than handed to another thread and back twice.
const SHORT: usize = 64 << 10;

/// Reads an inspection by packs that hold this, and what it asks to be read.
pub(super) fn decode(
    octets: &[u8],
    catalogue: &Catalogue,
    limits: Option<&PictureLimits>,
) -> Result<(Inspection, Asked), Nonsense> {
    let told: Told<'_> = serde_json::from_slice(octets).map_err(|_| Nonsense::Shape)?;
    let findings = told
        .findings
        .0
        .into_iter()
        .map(|told| told.believed(catalogue));
    let gaps = told.gaps.0.into_iter().map(GapTold::believed);
    let defects = told.defects.0.into_iter().map(DefectTold::believed);
    let inspection = Inspection {
        findings: findings.collect::<Result<_, _>>()?,
        gaps: gaps.collect::<Result<_, _>>()?,
        defects: defects.collect::<Result<_, _>>()?,
        protection: told.protection,
        packs: Some(catalogue.version()),
    };
    let asked = pictures::believed(told.heading, told.pictures.0, limits)?;
    Ok((inspection, asked))
}

/// The most gaps that are told. Fixed: 30,000, more than a message may have parts and entries; of more, the rest is one gap.
const MOST_GAPS: usize = 30_000;

/// The most defects that are told. Fixed: 30,000, as of gaps.
const MOST_DEFECTS: usize = 30_000;

/// The most pictures that are asked to be read, whatever the limits say. Fixed: 10,000.
const MOST_PICTURES: usize = 10_000;

/// The most reasons, and the most phrases, of one finding that are told. Fixed: 48. How many more there were is the last reason.
const MOST_WORDS: usize = 48;

/// A reason or a phrase.
#[derive(Serialize, Deserialize)]
struct Word<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Serialize, Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    findings: AtMost<FindingTold<'a>, MOST_FINDINGS>,
    #[serde(borrow)]
    gaps: AtMost<GapTold<'a>, MOST_GAPS>,
    #[serde(borrow)]
    defects: AtMost<DefectTold<'a>, MOST_DEFECTS>,
    #[serde(with = "ProtectionTold")]
    protection: Protection,
    /// The subject of the message, where pictures are asked to be read.
    #[serde(borrow)]
    heading: Cow<'a, str>,
    #[serde(borrow)]
    pictures: AtMost<PictureTold<'a>, MOST_PICTURES>,
}

#[derive(Serialize, Deserialize)]
struct FindingTold<'a> {
    #[serde(borrow)]
    pattern: Cow<'a, str>,
    #[serde(with = "ConfidenceTold")]
    confidence: Confidence,
    #[serde(with = "PlaceTold")]
    place: Place,
    #[serde(borrow)]
    part: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    origin: Cow<'a, str>,
    #[serde(borrow)]
    evidence: Cow<'a, str>,
    person: Option<[u8; 16]>,
    #[serde(borrow)]
    reasons: AtMost<Word<'a>, MOST_WORDS>,
    #[serde(borrow)]
    phrases: AtMost<Word<'a>, MOST_WORDS>,
}

#[derive(Serialize, Deserialize)]
struct GapTold<'a> {
    #[serde(borrow)]
    part: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(with = "ReasonTold")]
    reason: Reason,
    #[serde(borrow)]
    detail: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct DefectTold<'a> {
    #[serde(with = "KindTold")]
    kind: DefectKind,
    #[serde(borrow)]
    part: Cow<'a, str>,
}

impl<'a> Told<'a> {
    fn of(inspection: &'a Inspection, asking: &'a Asking) -> Self {
        let defects = inspection.defects.iter().map(|defect| DefectTold {
            kind: defect.kind,
            part: defect.part.as_str().into(),
        });
        Self {
            findings: AtMost(inspection.findings.iter().map(FindingTold::of).collect()),
            gaps: AtMost(inspection.gaps.iter().map(GapTold::of).collect()),
            defects: AtMost(defects.collect()),
            protection: inspection.protection,
            heading: asking.heading.as_str().into(),
            pictures: AtMost(asking.pictures.iter().map(PictureTold::of).collect()),
        }
    }

    fn fits(&self) -> bool {
        self.findings.0.len() <= MOST_FINDINGS
            && self.gaps.0.len() <= MOST_GAPS
            && self.defects.0.len() <= MOST_DEFECTS
            && self.pictures.0.len() <= MOST_PICTURES
    }
}

impl<'a> FindingTold<'a> {
    fn of(finding: &'a Finding) -> Self {
        let texts = |texts: &'a [Box<str>], most: usize| -> Vec<_> {
            let words = texts.iter().take(most);
            words.map(|it| Word(Cow::from(&**it))).collect()
        };
        let (reasons, phrases) = (finding.reasons.len(), finding.phrases.len());
        let is_more = reasons > MOST_WORDS || phrases > MOST_WORDS;
        let mut told = texts(&finding.reasons, MOST_WORDS - usize::from(is_more));
        if is_more {
            let reasons = reasons - told.len();
            let phrases = phrases.saturating_sub(MOST_WORDS);
            let more = format!("and {reasons} more reasons and {phrases} more phrases");
            told.push(Word(more.into()));
        }
        Self {
            pattern: finding.pattern.as_str().into(),
            confidence: finding.confidence,
            place: finding.place,
            part: finding.part.as_str().into(),
            name: finding.name.as_ref().map(|name| name.exposed().into()),
            origin: finding.origin.as_str().into(),
            evidence: finding.evidence.as_str().into(),
            person: finding.person.map(|person| *person.octets()),
            reasons: AtMost(told),
            phrases: AtMost(texts(&finding.phrases, MOST_WORDS)),
        }
    }

    fn believed(self, catalogue: &Catalogue) -> Result<Finding, Nonsense> {
        let pattern = catalogue.pattern(&self.pattern);
        let pattern = pattern.ok_or(Nonsense::Pattern)?;
        let mut told = self.phrases.0.iter();
        if !told.all(|phrase| catalogue.has(pattern, &phrase.0)) {
            return Err(Nonsense::Phrase);
        }
        let reasons = self.reasons.0.iter();
        let phrases = self.phrases.0.into_iter();
        Ok(Finding {
            pattern: PatternId::new(&pattern.id),
            category: pattern.category,
            confidence: self.confidence,
            place: self.place,
            part: part(&self.part)?,
            name: self.name.as_deref().map(FileName::new),
            origin: Masked::new(&self.origin),
            evidence: Evidence::parse(&self.evidence).ok_or(Nonsense::Evidence)?,
            person: self.person.map(Fingerprint::new),
            reasons: reasons
                .map(|it| Masked::new(&it.0).as_str().into())
                .collect(),
            phrases: phrases.map(|it| it.0.into()).collect(),
        })
    }
}

impl<'a> GapTold<'a> {
    fn of(gap: &'a Gap) -> Self {
        Self {
            part: gap.part.as_str().into(),
            name: gap.name.as_ref().map(|name| name.exposed().into()),
            reason: gap.reason,
            detail: (&*gap.detail).into(),
        }
    }

    fn believed(self) -> Result<Gap, Nonsense> {
        Ok(Gap {
            part: part(&self.part)?,
            name: self.name.as_deref().map(FileName::new),
            reason: self.reason,
            detail: Masked::new(&self.detail).as_str().to_owned().into(),
        })
    }
}

impl DefectTold<'_> {
    fn believed(self) -> Result<Defect, Nonsense> {
        Ok(Defect {
            kind: self.kind,
            part: part(&self.part)?,
        })
    }
}

fn part(path: &str) -> Result<PartPath, Nonsense> {
    PartPath::parse(path).ok_or(Nonsense::Part)
}

// The words of other modules, variant by variant: serde holds each to be the same.

#[derive(Serialize, Deserialize)]
#[serde(remote = "Protection")]
enum ProtectionTold {
    None,
    Smime,
    Pgp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Confidence")]
enum ConfidenceTold {
    Low,
    Medium,
    High,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Place")]
enum PlaceTold {
    Subject,
    Header,
    Body,
    AttachmentName,
    Attachment,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Reason")]
enum ReasonTold {
    Encrypted,
    Damaged,
    Limit,
    Unknown,
    Timeout,
    Unsupported,
    Media,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "DefectKind")]
enum KindTold {
    Encoding,
    Structure,
    DuplicateField,
}

#[cfg(test)]
mod tests;
