//! Personal data found in text, with the reasons why it is, or is not, what it looks like.
//!
//! A text is folded to one normal form (`normal`), its digits are walked once (`scan`), every way of writing a number
//! is tried where one may begin (`shape`), and a number that has a birth date in it (`number`) is judged (`judge`) by
//! what stands around it (`context`). Clean text is passed over at the speed of looking for digits.

mod apart;
mod columns;
mod context;
mod date;
mod digits;
mod edge;
mod explain;
mod finding;
mod judge;
mod layout;
mod look;
mod normal;
mod number;
mod prove;
mod scan;
mod shape;
mod stems;
mod subject;
mod unite;
mod weigh;
mod window;

pub use explain::{Explanation, explain};
pub use finding::{Confidence, Evidence, Finding, Fingerprint, PatternId, fingerprints};
pub use prove::prove;
pub use stems::{Case, Stem, stems};

use crate::detect::finding::Fingerprinter;
use crate::detect::normal::{Back, fold};
use crate::detect::scan::{Ended, Judged, Keep, scan};
use crate::detect::subject::{Forms, Heading, Passages};
use crate::extract::{Exhausted, Place, Text, View};
use crate::limits::Cancel;
use crate::pattern::{CprPattern, Packs};

/// The most findings of one message. Default 10,000; beyond it the search ends and says so, and policy judges a message
/// that was searched in part. Nothing that is sent to one person holds so many.
pub const MOST_FINDINGS: usize = 10_000;

/// Finds personal data in the texts of one message after the other.
///
/// From one message to the next it keeps which single words it met and what the packs say of each, some 4 MB at most, because looking
/// a word up for the first time is half the work on a short message. Nothing else is kept, and what is found in a message does not
/// depend on those before it.
pub struct Detector<'p> {
    packs: &'p Packs,
    forms: Forms<'p>,
}

impl<'p> Detector<'p> {
    /// One that has met no words yet.
    pub fn new(packs: &'p Packs) -> Self {
        Self {
            packs,
            forms: Forms::new(packs),
        }
    }

    /// By which packs it searches.
    pub fn packs(&self) -> &'p Packs {
        self.packs
    }

    /// Finds personal data in the texts of one message.
    ///
    /// # Errors
    ///
    /// When `cancel` is set meanwhile, or there are more than [`MOST_FINDINGS`], `Err` has what was found until then: it is
    /// not all there is.
    pub fn detect(&mut self, texts: &[Text], cancel: &Cancel) -> Result<Vec<Finding>, Unfinished> {
        let (packs, forms) = (self.packs, &mut self.forms);
        let mut findings = Vec::new();
        let mut others = Vec::new();
        let heading = texts.iter().find(|text| text.place == Place::Subject);
        let heading = heading.map_or_else(Heading::default, |text| {
            subject::heading(packs, forms, &fold(&text.text))
        });
        for text in texts {
            let folded = fold(&text.text);
            let before = findings.len();
            let found = numbers_in(packs, text, &folded, cancel, &mut findings).and_then(|()| {
                subjects_in(packs, forms, text, &folded, &heading, cancel, &mut findings)
            });
            if let Err(exhausted) = found {
                return Err(Unfinished {
                    findings,
                    exhausted,
                });
            }
            if text.view != View::Main && before < findings.len() {
                others.push(before..findings.len());
            }
        }
        unite::unite(&mut findings, &others);
        if cancel.is_cancelled() {
            return Err(Unfinished {
                findings,
                exhausted: Exhausted::Time,
            });
        }
        Ok(findings)
    }
}

/// [`Detector::detect`], for one message alone.
///
/// # Errors
///
/// As there.
pub fn detect(packs: &Packs, texts: &[Text], cancel: &Cancel) -> Result<Vec<Finding>, Unfinished> {
    Detector::new(packs).detect(texts, cancel)
}

/// What was found in two readings of one message, told once: what the second found besides is added to the first.
pub fn united(mut first: Vec<Finding>, second: Vec<Finding>) -> Vec<Finding> {
    let begin = first.len();
    first.extend(second);
    let others = std::iter::once(begin..first.len());
    unite::unite(&mut first, &others.collect::<Vec<_>>());
    first
}

/// Detection was ended before it had seen everything.
#[derive(Debug, thiserror::Error)]
#[error("detection ended early: {exhausted}")]
pub struct Unfinished {
    /// What was found until then.
    pub findings: Vec<Finding>,
    /// What ran out.
    pub exhausted: Exhausted,
}

fn numbers_in(
    packs: &Packs,
    text: &Text,
    folded: &str,
    cancel: &Cancel,
    findings: &mut Vec<Finding>,
) -> Result<(), Exhausted> {
    for pattern in packs.cpr() {
        let mut finder = Finder {
            pattern,
            id: PatternId::new(&pattern.id),
            persons: Fingerprinter::new(packs.key(), &pattern.id),
            text,
            back: Back::new(&text.text, folded),
        };
        let mut full = false;
        let scanned = scan(pattern, folded, Keep::Sound, cancel, |judged| {
            if let Some(found) = finder.finding(judged) {
                full = findings.len() == MOST_FINDINGS;
                if !full {
                    findings.push(found);
                }
            }
            !full
        });
        if full {
            return Err(Exhausted::Limit("findings"));
        }
        scanned.map_err(|Ended| Exhausted::Time)?;
    }
    Ok(())
}

/// Finds what a text tells of somebody.
fn subjects_in(
    packs: &Packs,
    forms: &mut Forms<'_>,
    text: &Text,
    folded: &str,
    heading: &Heading,
    cancel: &Cancel,
    findings: &mut Vec<Finding>,
) -> Result<(), Exhausted> {
    let none = Heading::default();
    // The subject of the message does not stand above itself.
    let heading = if text.place == Place::Subject {
        &none
    } else {
        heading
    };
    let mut back = Back::new(&text.text, folded);
    let persons = Fingerprinter::new(packs.key(), "name");
    let mut full = false;
    let ended = subject::passages(
        packs,
        forms,
        folded,
        heading,
        Passages::Findings,
        cancel,
        |told| {
            let Some((pattern, confidence)) = packs
                .subjects()
                .get(usize::from(told.subject))
                .zip(told.confidence)
            else {
                return true;
            };
            full = findings.len() == MOST_FINDINGS;
            if !full {
                findings.push(Finding {
                    pattern: PatternId::new(&pattern.id),
                    category: pattern.category,
                    confidence,
                    place: text.place,
                    part: text.part.clone(),
                    name: text.name.clone(),
                    origin: text.origin(back.origin(told.span.start)),
                    evidence: Evidence::of_words(folded.get(told.span).unwrap_or_default()),
                    person: told.name.and_then(|name| persons.of(name.as_bytes())),
                    reasons: told.reasons,
                    phrases: told.phrases,
                });
            }
            !full
        },
    );
    match ended {
        _ if full => Err(Exhausted::Limit("findings")),
        Ok(()) => Ok(()),
        Err(subject::Ended) => Err(Exhausted::Time),
    }
}

/// Makes findings of what one pattern finds in one text.
struct Finder<'a> {
    pattern: &'a CprPattern,
    id: PatternId,
    persons: Fingerprinter,
    text: &'a Text,
    back: Back<'a>,
}

impl Finder<'_> {
    fn finding(&mut self, judged: Judged) -> Option<Finding> {
        let confidence = judged.verdict.confidence?;
        let text = self.text;
        Some(Finding {
            pattern: self.id.clone(),
            category: self.pattern.category,
            confidence,
            place: text.place,
            part: text.part.clone(),
            name: text.name.clone(),
            origin: text.origin(self.back.origin(judged.span.start)),
            evidence: Evidence::of_national_id(&judged.number.day_and_month()),
            person: self.persons.of(judged.number.octets()),
            reasons: judged.verdict.reasons,
            phrases: Vec::new(),
        })
    }
}
